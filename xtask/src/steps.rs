//! Steps that run one after the other, with what each took and whether it passed.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// What came of the steps so far. A step that fails does not keep the next from running, so that
/// one run tells everything that is wrong.
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
    /// Runs one step and says whether it passed.
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

    /// Prints what each step took; an error if one of them failed.
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
