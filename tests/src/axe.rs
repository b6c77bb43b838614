//! Runs axe-core on the page, to find barriers for people with disabilities.

use std::fmt::Write;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::page::Page;

/// The file that `cargo xtask test` installs.
const FILE: &str = "../target/tools/npm/node_modules/axe-core/axe.min.js";

/// Runs all rules except the experimental ones, on the whole page. Each finding has its impact, its
/// rule, and up to three of the elements.
const ASK: &str = "axe.run(document, { resultTypes: ['violations'] }).then(found => \
    found.violations.map(v => [v.impact, v.id, v.help, v.nodes.slice(0, 3).map(n => \
        n.target.join(' ') + ' ' + n.html.slice(0, 160) + ' ' + n.any.map(a => a.message).join('; '))]))";

impl Page {
    /// Fails with every finding of axe-core, of any impact. `view` names what is shown, for the
    /// message.
    ///
    /// # Errors
    /// If axe-core finds anything, or is not installed.
    pub async fn accessible(&self, view: &str) -> Result<()> {
        if !self.is_true("!!window.axe").await? {
            let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
            let source = std::fs::read_to_string(&file)
                .context("axe-core is not there: `cargo xtask test browser` installs it")?;
            self.client().execute(&source, Vec::new()).await?;
        }
        let found = self.eval(ASK).await?;
        let mut text = String::new();
        for finding in found.as_array().into_iter().flatten() {
            let word = |i: usize| finding[i].as_str().unwrap_or_default();
            writeln!(text, "  {} ({}): {}", word(1), word(0), word(2))?;
            let elements = finding[3].as_array().into_iter().flatten().filter_map(Value::as_str);
            for element in elements {
                writeln!(text, "    {element}")?;
            }
        }
        if text.is_empty() {
            return Ok(());
        }
        bail!("{view}:\n{text}")
    }
}
