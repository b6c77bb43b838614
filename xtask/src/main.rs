//! The tasks of this project: `cargo xtask serve | test | bench | dist`.
//!
//! A task installs missing tools where it may, and reports that; where it may not, it names the
//! command that would, and fails.

mod axe;
mod bench;
mod browser;
mod dist;
mod first_moment;
mod html;
mod licences;
mod npm;
mod offline;
mod outside;
mod page;
mod project;
mod serve;
mod server;
mod single;
mod sizes;
mod steps;
mod test;
mod tools;
mod wasm_opt;

use std::process::ExitCode;

use anyhow::{Result, bail};

const USAGE: &str = "\
cargo xtask TASK

  serve [--release]   build the page, serve it on 127.0.0.1:8080, reload it when a file changes
  test [STEP ...]     everything that must hold, or the named steps of it
  bench [PART ...]    the figures as a table, or the named parts of it
  dist                make the folder dist/, to be hosted by any static server, under any path
  dist --single-file  make dist/quorumscope.html, one file that works from a disk";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<()> {
    let Some((task, rest)) = arguments.split_first() else {
        bail!("no task was named\n\n{USAGE}");
    };
    let sh = project::shell()?;
    match (task.as_str(), rest) {
        ("serve", []) => serve::serve(&sh, page::Build::Quick),
        ("serve", [flag]) if flag == "--release" => serve::serve(&sh, page::Build::Release),
        ("test", steps) => test::test(&sh, steps),
        ("bench", parts) => bench::bench(&sh, parts),
        ("dist", []) => dist::dist(&sh),
        ("dist", [flag]) if flag == "--single-file" => dist::single_file(&sh),
        ("help" | "--help" | "-h", _) => {
            println!("{USAGE}");
            Ok(())
        }
        _ => bail!("`{}` is not a task\n\n{USAGE}", arguments.join(" ")),
    }
}
