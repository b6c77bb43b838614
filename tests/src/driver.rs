//! ChromeDriver, the program through which tests control the browser.

use std::env;
use std::process::Stdio;

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

/// A running ChromeDriver. It ends when this is dropped.
#[derive(Debug)]
pub struct Driver {
    port: u16,
    _process: Child,
    _output: Lines<BufReader<ChildStdout>>,
}

impl Driver {
    /// Starts ChromeDriver at a free port: the program in the variable `CHROMEDRIVER`, or
    /// `chromedriver`.
    ///
    /// # Errors
    /// If there is no such program, or it does not start. `cargo xtask test` installs it.
    pub async fn start() -> Result<Self> {
        let program = env::var("CHROMEDRIVER").unwrap_or_else(|_| "chromedriver".to_owned());
        let mut process = Command::new(&program)
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| {
                format!("`{program}` does not start; `cargo xtask test` installs it")
            })?;
        let output = process.stdout.take().context("its output is piped")?;
        let mut output = BufReader::new(output).lines();
        let port = port(&mut output).await?;
        Ok(Self { port, _process: process, _output: output })
    }

    /// The address at which it listens.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

/// Reads its output until it prints its port.
async fn port(output: &mut Lines<BufReader<ChildStdout>>) -> Result<u16> {
    while let Some(line) = output.next_line().await? {
        if let Some((_, said)) = line.split_once("started successfully on port ") {
            return Ok(said.trim_end_matches('.').parse()?);
        }
    }
    bail!("ChromeDriver ended before it listened")
}
