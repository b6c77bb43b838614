//! `cargo xtask serve`: the page, built again and reloaded whenever a file changes.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use anyhow::Result;
use xshell::Shell;

use crate::html::{self, Parts};
use crate::page::{self, Build};
use crate::server::{self, Answer, Request};
use crate::{project, tools};

/// The port.
const PORT: u16 = 8080;
/// Files and folders whose changes make the page another one.
const WATCHED: [&str; 5] = ["index.html", "web", "core/src", "core/Cargo.toml", "Cargo.toml"];
/// How often they are looked at.
const EVERY: Duration = Duration::from_millis(400);
/// Reloads the page when it was built again.
const RELOADER: &str = "<script>(async () => {
    const built = async () => (await fetch('/built')).text();
    const first = await built();
    for (;;) {
        await new Promise(done => setTimeout(done, 700));
        if (await built().catch(() => first) !== first) location.reload();
    }
})()</script>";

/// Serves the page on 127.0.0.1:8080 until it is interrupted. Its files go to `target/serve`, so
/// that `dist` keeps the build for hosting.
pub fn serve(sh: &Shell, build: Build) -> Result<()> {
    tools::ensure_beside(sh, build)?;
    let folder = sh.current_dir().join("target/serve");
    sh.create_dir(&folder)?;
    let mut seen = newest();
    make(sh, build, &folder)?;
    let builds = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&builds);
    let answer = move |request: &Request| {
        let body = count.load(Ordering::Relaxed).to_string().into_bytes();
        (request.path == "/built").then_some(Answer { kind: "text/plain", body })
    };
    let port = server::serve(&folder, PORT, Arc::new(answer))?;
    println!("the page is on http://127.0.0.1:{port}/ and is built again when a file changes");
    loop {
        thread::sleep(EVERY);
        let now = newest();
        if now == seen {
            continue;
        }
        seen = now;
        // What is wrong the compiler has said; the next change may be right.
        if make(sh, build, &folder).is_ok() {
            builds.fetch_add(1, Ordering::Relaxed);
        }
    }
}

fn make(sh: &Shell, build: Build, folder: &Path) -> Result<()> {
    let began = Instant::now();
    let program = folder.join("p");
    page::build(sh, build, &program)?;
    html::write_beside(&program, "")?;
    let parts = Parts { program: "./p", first_moment: "", head: RELOADER };
    fs::write(folder.join("index.html"), html::page(&parts)?)?;
    println!("built in {:.1} s", began.elapsed().as_secs_f64());
    Ok(())
}

/// When any of the watched files was changed last, and how many there are.
fn newest() -> (Option<SystemTime>, usize) {
    let mut open: Vec<PathBuf> = WATCHED.iter().map(|path| project::root().join(path)).collect();
    let (mut last, mut count) = (None, 0);
    while let Some(path) = open.pop() {
        if let Ok(inside) = fs::read_dir(&path) {
            open.extend(inside.flatten().map(|entry| entry.path()));
        } else if let Ok(changed) = path.metadata().and_then(|file| file.modified()) {
            last = last.max(Some(changed));
            count += 1;
        }
    }
    (last, count)
}
