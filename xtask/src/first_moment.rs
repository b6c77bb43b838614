//! The page at its first moment, as markup: drawn by the program itself in a browser without a window.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use xshell::Shell;

use crate::server::{self, Answer, Request};
use crate::{browser, project};

/// Width and height at which it is drawn, in CSS pixels: a window on a desk, and a telephone.
const SIZES: [(&str, u16, u16); 2] = [("wide", 1280, 800), ("narrow", 390, 844)];
/// How long the browser may take.
const PATIENCE: Duration = Duration::from_secs(90);

/// Draws the page that lies in `folder`. None where there is no browser; that is said.
pub fn draw(sh: &Shell, folder: &Path) -> Result<Option<String>> {
    let Some(program) = browser::find(sh) else {
        println!(
            "no Chromium to draw the first moment with: the page is empty until the program runs"
        );
        return Ok(None);
    };
    let mut drawn = String::new();
    for (name, width, height) in SIZES {
        let page = draw_one(&program, folder, (width, height))?;
        // Each is shown where there is room for it alone.
        drawn.push_str(&page.replacen(
            "class=\"page came\"",
            &format!("class=\"page came {name}\""),
            1,
        ));
    }
    Ok(Some(drawn))
}

/// Draws it at one size.
fn draw_one(program: &str, folder: &Path, (width, height): (u16, u16)) -> Result<String> {
    let script = fs::read_to_string(project::root().join("web/boot/first_moment.js"))?;
    let around = format!(
        "<!doctype html><iframe width=\"{width}\" height=\"{height}\" style=\"border:0\" src=\"/?paused\"></iframe>\
         <script>{script}{DRIVER}</script>"
    );
    let (sender, drawn) = mpsc::channel();
    let answer = move |request: &Request| match (request.method.as_str(), request.path.as_str()) {
        ("GET", "/around.html") => {
            Some(Answer { kind: "text/html", body: around.clone().into_bytes() })
        }
        ("POST", "/drawn") => {
            // Whoever waits for it may have lost patience.
            let _ = sender.send(request.body.clone());
            Some(Answer { kind: "text/plain", body: Vec::new() })
        }
        _ => None,
    };
    let port = server::serve(folder, 0, Arc::new(answer))?;
    let profile = std::env::temp_dir()
        .join(format!("quorumscope-first-moment-{}-{width}", std::process::id()));
    let running = Running(
        Command::new(program)
            .args(["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run"])
            .arg(format!("--user-data-dir={}", profile.display()))
            .arg(format!("http://127.0.0.1:{port}/around.html"))
            .args(["--window-size=1400,1000"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("{program} does not start"))?,
    );
    let drawn = drawn.recv_timeout(PATIENCE);
    drop(running);
    // What is left of it is in the folder for such things.
    let _ = fs::remove_dir_all(profile);
    let Ok(drawn) = drawn else { bail!("the page did not draw its first moment in {PATIENCE:?}") };
    Ok(String::from_utf8(drawn)?)
}

/// Waits until the page stands still, and sends what it has drawn.
const DRIVER: &str = "
    const frame = document.querySelector('iframe');
    const pause = ms => new Promise(done => setTimeout(done, ms));
    (async () => {
        while (!frame.contentWindow.quorumscope) await pause(20);
        await frame.contentWindow.quorumscope.ready;
        let before, now;
        do { before = now; await pause(400); now = firstMoment(frame.contentDocument); } while (now !== before);
        await fetch('/drawn', { method: 'POST', body: now });
    })();";

/// A browser that ends when this is dropped.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // One that has ended already is no matter.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
