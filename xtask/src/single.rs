//! `cargo xtask dist --single-file`: the page as one file that works from a disk.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use xshell::{Shell, cmd};

use crate::html;
use crate::page::{GLUE, MAIN};

/// The file's name.
pub const FILE: &str = "quorumscope.html";

/// Starts the program from what is in the file. The glue becomes an address of its own, from which
/// the worker starts as well; the program is unpacked and compiled without holding up the page.
const START: &str = r#"
const text = (id) => document.getElementById(id).textContent;
const glue = URL.createObjectURL(new Blob([text("glue")], { type: "text/javascript" }));
const preload = Object.assign(document.createElement("link"), { rel: "modulepreload", href: glue });
document.head.append(preload);
const packed = await (await fetch("data:application/gzip;base64," + text("program"))).blob();
const program = await new Response(packed.stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
const { default: init } = await import(glue);
await init({ module_or_path: program }).catch((error) => {
  document.getElementById("start-says").textContent = `Quorumscope cannot start: ${error?.message ?? error}.`;
});
"#;

/// The one file, of a program that lies in a folder.
pub fn page(program: &Path) -> Result<String> {
    let glue = fs::read_to_string(program.join(GLUE))?;
    let module = program.join(MAIN);
    let sh = Shell::new()?;
    let packed = cmd!(sh, "gzip -9 -n -c {module}").quiet().output()?.stdout;
    let template = fs::read_to_string(crate::project::root().join("index.html"))?;
    let head = format!("<style>{}</style>", html::style()?);
    let body = format!(
        "<script type=\"text/plain\" id=\"glue\">{}</script>\
         <script type=\"text/plain\" id=\"program\">{}</script>\
         <script type=\"module\">{START}</script>",
        inline(&glue)?,
        base64(&packed),
    );
    html::filled(&template, &head, &body)
}

/// A script that can stand in a page: nothing in it ends its element.
fn inline(script: &str) -> Result<&str> {
    let ends = script.to_ascii_lowercase().contains("</script");
    (!ends).then_some(script).context("the glue has the end of a script in it")
}

/// Bytes as base64 (RFC 4648).
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let byte = |at: usize| u32::from(three.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for letter in 0..4 {
            let six = (bits >> (18 - 6 * letter)) as usize & 63;
            text.push(if letter <= three.len() { char::from(LETTERS[six]) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::base64;

    #[test]
    fn base64_is_that_of_the_rfc() {
        let all =
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")];
        for (plain, coded) in all {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }
}
