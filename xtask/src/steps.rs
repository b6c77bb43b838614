//! Steps that run one after the other, with their durations and results.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// The results of the steps so far. A failed step does not stop the next, so that one run reports
/// all failures.
#[derive(Default)]
pub struct Steps {
    done: Vec<Done>,
}

struct Done {
    name: &'static str,
    took: Duration,
    passed: bool,
}

impl Steps {
    /// Runs one step and returns whether it passed.
    pub fn run(&mut self, name: &'static str, step: impl FnOnce() -> Result<()>) -> bool {
        println!("\n==> {name}");
        let began = Instant::now();
        let outcome = step();
        if let Err(error) = &outcome {
            eprintln!("{name} failed: {error:#}");
        }
        let passed = outcome.is_ok();
        self.done.push(Done { name, took: began.elapsed(), passed });
        passed
    }

    /// Prints the duration of each step; fails if one of them failed.
    pub fn finish(self) -> Result<()> {
        println!();
        for step in &self.done {
            let verdict = if step.passed { "ok" } else { "FAILED" };
            println!("{:<8} {:>7.1} s  {verdict}", step.name, step.took.as_secs_f64());
        }
        let failed: Vec<&str> =
            self.done.iter().filter(|step| !step.passed).map(|step| step.name).collect();
        if !failed.is_empty() {
            bail!("failed: {}", failed.join(", "));
        }
        Ok(())
    }
}
