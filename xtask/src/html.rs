//! `index.html` as it is served: the template at the root of the project with style sheets, scripts and
//! the first moment of the page written into it.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::page::{GLUE, MAIN};
use crate::project;

/// The template.
const TEMPLATE: &str = "index.html";
/// Begins the line of a style sheet in the template.
const SHEET: &str = "<link data-trunk rel=\"css\" data-integrity=\"none\" href=\"";

/// The style sheet's name, beside the program.
pub const STYLE: &str = "page.css";
/// Makes a rule weigh more than those of the style sheets, as `style` does in markup.
const STRONG: &str = "[data-style][data-style]";
/// The scripts beside the program.
const SCRIPTS: [&str; 3] = ["web/boot/early.js", "web/start.js", "web/boot/arrived.js"];

/// The parts that fill the template.
#[derive(Debug, Default)]
pub struct Parts<'a> {
    /// Where the program lies, as a path from the page: `./p-0123`.
    pub program: &'a str,
    /// The page at its first moment.
    pub first_moment: &'a str,
    /// More at the end of the head.
    pub head: &'a str,
}

/// The style sheets of the template, in their order, without comments and indentation.
pub fn style() -> Result<String> {
    let template = template()?;
    let mut style = String::new();
    for line in template.lines().filter_map(|line| line.trim().strip_prefix(SHEET)) {
        let path = line.split('"').next().unwrap_or_default();
        let sheet = fs::read_to_string(project::root().join(path))
            .with_context(|| format!("{TEMPLATE} names {path}, which cannot be read"))?;
        style.push_str(&small(&sheet));
    }
    Ok(style)
}

/// The page, which names its style sheet and its scripts. No style or script stands in it, so that a
/// strict Content-Security-Policy allows it.
pub fn page(parts: &Parts<'_>) -> Result<String> {
    let Parts { program, first_moment, head } = parts;
    let mut added = String::new();
    write!(added, "<link rel=\"stylesheet\" href=\"{program}/{STYLE}\">")?;
    write!(added, "<script src=\"{program}/early.js\"></script>")?;
    write!(
        added,
        "<script defer src=\"{program}/start.js\" data-js=\"{GLUE}\" data-wasm=\"{MAIN}\" data-then=\"arrived.js\"></script>"
    )?;
    write!(
        added,
        "<link rel=\"preload\" href=\"{program}/{MAIN}\" as=\"fetch\" type=\"application/wasm\" crossorigin>"
    )?;
    write!(added, "<link rel=\"modulepreload\" href=\"{program}/{GLUE}\">")?;
    added.push_str(head);
    filled(&template()?, &added, first_moment)
}

/// Writes the style sheet and the scripts of the page beside the program.
pub fn write_beside(program: &Path, first_moment: &str) -> Result<()> {
    let style = style()? + &rules(first_moment);
    fs::write(program.join(STYLE), style)?;
    for script in SCRIPTS {
        let text = fs::read_to_string(project::root().join(script))
            .with_context(|| format!("{script} cannot be read"))?;
        let name = Path::new(script).file_name().unwrap_or_default();
        fs::write(program.join(name), small_script(&text))?;
    }
    Ok(())
}

/// Rules for the values of `data-style` in markup, which replaces `style` there.
fn rules(markup: &str) -> String {
    let values = markup.split("data-style=\"").skip(1);
    let all: BTreeSet<&str> = values.filter_map(|rest| rest.split('"').next()).collect();
    let rule = |value: &&str| format!("[data-style=\"{value}\"]{STRONG}{{{value}}}\n");
    all.iter().filter(|value| !value.is_empty()).map(rule).collect()
}

/// The template without its links for trunk, with `head` at the end of its head and `body` at the
/// beginning of its body.
pub fn filled(template: &str, head: &str, body: &str) -> Result<String> {
    let mut kept = String::new();
    let mut rest = template;
    while let Some(at) = rest.find("<link data-trunk") {
        kept.push_str(&rest[..at]);
        let end = rest[at..].find('>').context("a link ends")? + at + 1;
        rest = &rest[end..];
    }
    kept.push_str(rest);
    let page = without_comments(&kept);
    let lines = page.lines().map(str::trim).filter(|line| !line.is_empty());
    let page = lines.collect::<Vec<_>>().join("\n");
    let (before, after) = page.split_once("</head>").context("the template has a head")?;
    let (between, inside) = after.split_once("<body>").context("the template has a body")?;
    Ok(format!("{before}{head}</head>{between}<body>{body}{inside}\n"))
}

fn template() -> Result<String> {
    Ok(fs::read_to_string(project::root().join(TEMPLATE))?)
}

fn without_comments(html: &str) -> String {
    let mut pieces = html.split("<!--");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |kept, piece| kept + piece.split_once("-->").map_or("", |(_, rest)| rest))
}

/// A style sheet without comments, and each line without its indentation.
pub fn small(css: &str) -> String {
    let mut pieces = css.split("/*");
    let first = pieces.next().unwrap_or_default().to_owned();
    let bare = pieces
        .fold(first, |kept, piece| kept + piece.split_once("*/").map_or("", |(_, rest)| rest));
    let lines = bare.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n") + "\n"
}

/// A script without lines that are comments.
fn small_script(script: &str) -> String {
    let lines = script.lines().map(str::trim);
    let kept = lines.filter(|line| !line.is_empty() && !line.starts_with("//"));
    kept.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_is_filled() {
        let template = "<head>\n  <link data-trunk\n rel=\"css\"\n />\n <!-- a > b -->\n <title>T</title>\n</head>\n<body>\n</body>";
        let page = filled(template, "<style></style>", "<p></p>").expect("it has both");
        assert_eq!(
            page,
            "<head>\n<title>T</title>\n<style></style></head>\n<body><p></p>\n</body>\n"
        );
    }

    #[test]
    fn each_style_in_markup_has_a_rule() {
        let markup =
            "<p data-style=\"left: 1px;\"><b data-style=\"\"><i data-style=\"left: 1px;\">";
        assert_eq!(
            rules(markup),
            "[data-style=\"left: 1px;\"][data-style][data-style]{left: 1px;}\n"
        );
    }

    #[test]
    fn style_loses_its_comments_alone() {
        assert_eq!(small("/* a\n b */\n  a { b: c }\n\n/* d */b{}"), "a { b: c }\nb{}\n");
    }
}
