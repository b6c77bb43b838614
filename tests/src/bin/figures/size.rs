//! Measures the bytes that are fetched before the first picture.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, ensure};
use quorumscope_tests::elements::strings;
use quorumscope_tests::page::Page;
use quorumscope_tests::site;

/// The bytes of all files that the page fetched until it was ready, each as `gzip -9` makes it.
pub async fn before_first_picture(page: &Page) -> Result<Vec<f64>> {
    let script = "['index.html', ...performance.getEntriesByType('resource') \
                  .filter(entry => entry.name.startsWith(location.origin)) \
                  .map(entry => new URL(entry.name).pathname.slice(1))]";
    let mut names = strings(&page.eval(script).await?);
    names.sort();
    names.dedup();
    let sizes = names.iter().map(|name| compressed(&site::dist().join(name)));
    let bytes = sizes.sum::<Result<usize>>()?;
    Ok(vec![bytes as f64])
}

fn compressed(file: &Path) -> Result<usize> {
    let packed = Command::new("gzip").args(["-9", "--stdout", "--no-name"]).arg(file).output()?;
    ensure!(packed.status.success(), "gzip cannot read {}", file.display());
    Ok(packed.stdout.len())
}
