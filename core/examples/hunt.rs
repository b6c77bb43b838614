//! Searches for a run that breaks a property, and shrinks it:
//! `cargo run --release -p quorumscope-core --example hunt -- SCRIPT_OR_PRESET [--property P] [--budget 30s] [--seed N] [--strategy S] [--bounds …]`
//!
//! The first argument is a file with a script (`-` for standard input), a script in one argument,
//! or the name of a preset. The hunt uses the set-up of a script: the cluster line, and its
//! statements at 0 s about rules, settings, the network and the workload; with `--from TIME` all
//! statements up to then are a fixed beginning.
//!
//! - `--property P`: a property (`linearizable`, `lost-writes`, `election-safety`) or a condition
//!   (`"leaders > 1"`); may be repeated. Without it: all judged properties.
//! - `--budget 30s` (time) or `--budget 5000` (runs).
//! - `--faults crash,cut=3,wipe`: the kinds of faults, with weights; `--operations get,set`.
//! - `--most-faults 10`, `--most-operations 12`, `--keys 2`, `--until 5s`, `--workload rate=20/s`.
//! - `--nodes n1,n2`, `--links n1-n2`, `--clients c1`: the objects of faults, and the active
//!   clients.
//! - `--because-of RULE`: only failures that do not happen with that rule followed.
//! - `--strategy mixed|swarm|causes|mutation|systematic`; the last with
//!   `--bounds steps=8,crashes=1,isolations=1,timeouts=2,operations=2,drops=0,delays=0,step=50ms`.
//! - `--all`: continues with other failures until the budget is spent. `--keep-setup`: the cluster
//!   line is not shrunk. `--json`: findings as JSON, one per line.
//!
//! Progress goes to standard error, the shrunk script to standard output. Exit status: 0 if a
//! failure was found, 1 if none was, 2 if the input is wrong.

use quorumscope_core::hunt::{
    Bounds, FaultKind, Finding, Hunt, OperationKind, Options, Step, Strategy, Weight,
};
use quorumscope_core::script;
use quorumscope_core::settings::Preset;
use std::io::Read;
use std::process::ExitCode;
use std::time::Duration;

/// The core has virtual time only; this tool around it measures real time.
#[expect(clippy::disallowed_types, reason = "the budget is one of real time")]
type Clock = std::time::Instant;

const USAGE: &str = "usage: hunt SCRIPT_OR_PRESET [--property P] [--budget 30s] [--seed N] [--strategy S] [--bounds …]";
/// The default budget.
const USUAL_BUDGET: Duration = Duration::from_secs(30);
/// Time between two reports of progress.
const TELL_EVERY: Duration = Duration::from_secs(1);

struct Arguments {
    options: Options,
    budget: Option<Duration>,
    all: bool,
    json: bool,
}

fn main() -> ExitCode {
    let arguments = match arguments(std::env::args().skip(1)) {
        Ok(arguments) => arguments,
        Err(sentence) => return refuse(&sentence),
    };
    match Hunt::new(&arguments.options) {
        Ok(hunt) => run(hunt, &arguments),
        Err(sentence) => refuse(&sentence),
    }
}

fn refuse(sentence: &str) -> ExitCode {
    eprintln!("{sentence}");
    ExitCode::from(2)
}

fn run(mut hunt: Hunt, arguments: &Arguments) -> ExitCode {
    let (began, mut told) = (Clock::now(), Duration::ZERO);
    let mut is_shrinking_since = None;
    loop {
        let elapsed = began.elapsed();
        match hunt.step() {
            Step::Found(finding) => {
                tell(&finding, arguments.json, began.elapsed());
                is_shrinking_since = None;
                if !arguments.all {
                    return ExitCode::SUCCESS;
                }
            }
            Step::Over => break,
            Step::Shrinking => {
                is_shrinking_since.get_or_insert(elapsed);
            }
            Step::Searching => {
                is_shrinking_since = None;
                if arguments.budget.is_some_and(|budget| elapsed >= budget) {
                    break;
                }
            }
        }
        if elapsed >= told + TELL_EVERY {
            told = elapsed;
            eprintln!("{}", progress(&hunt, elapsed));
        }
    }
    if !hunt.findings().is_empty() {
        return ExitCode::SUCCESS;
    }
    eprintln!("{}", hunt.progress().sentence(Some(began.elapsed().as_secs())));
    ExitCode::from(1)
}

fn progress(hunt: &Hunt, elapsed: Duration) -> String {
    let progress = hunt.progress();
    let rate = progress.runs as f64 / elapsed.as_secs_f64();
    let shrinking = progress.best.map(|best| {
        format!("; shrinking: {best} statements left, {} versions tried", progress.tries)
    });
    format!(
        "{:.0} s: {} runs ({rate:.0}/s), {} states{}",
        elapsed.as_secs_f64(),
        progress.runs,
        progress.states,
        shrinking.unwrap_or_default()
    )
}

fn tell(finding: &Finding, json: bool, elapsed: Duration) {
    eprintln!(
        "Found in {:.2} s after {} runs, shrunk with {} more to {} statements. {} ({})",
        elapsed.as_secs_f64(),
        finding.runs,
        finding.shrink_runs,
        finding.statements,
        finding.sentence,
        finding.property
    );
    if json {
        println!("{}", serde_json::to_string(finding).expect("a finding is plain data"));
    } else {
        print!("{}", finding.script);
    }
}

fn arguments(mut given: impl Iterator<Item = String>) -> Result<Arguments, String> {
    let mut options = Options::default();
    let (mut source, mut budget, mut all, mut json) = (None, None, false, false);
    while let Some(argument) = given.next() {
        let name = argument.as_str();
        let mut value = || given.next().ok_or_else(|| format!("{name} needs a value; {USAGE}"));
        match name {
            "--property" => options.properties.push(value()?),
            "--budget" => budget = Some(value()?),
            "--seed" => options.seed = number(name, &value()?)?,
            "--strategy" => options.strategy = Strategy::named(&value()?)?,
            "--bounds" => options.bounds = bounds(&value()?)?,
            "--from" => options.from_us = Some(time(name, &value()?)?),
            "--until" => options.until_us = Some(time(name, &value()?)?),
            "--faults" => options.faults = weights(&value()?, FaultKind::named)?,
            "--operations" => options.operations = weights(&value()?, OperationKind::named)?,
            "--most-faults" => options.most_faults = number(name, &value()?)?,
            "--most-operations" => options.most_operations = number(name, &value()?)?,
            "--keys" => options.keys = number(name, &value()?)?,
            "--workload" => options.workload = Some(value()?),
            "--nodes" => options.nodes = list(&value()?),
            "--links" => options.links = list(&value()?),
            "--clients" => options.clients = list(&value()?),
            "--because-of" => options.because_of = Some(value()?),
            "--keep-setup" => options.keep_setup = true,
            "--all" => all = true,
            "--json" => json = true,
            other if other.starts_with("--") => return Err(format!("no option {other}; {USAGE}")),
            _ if source.is_some() => return Err(USAGE.into()),
            _ => source = Some(argument),
        }
    }
    options.script = read(&source.ok_or(USAGE)?)?;
    let budget = match budget {
        None => Some(USUAL_BUDGET),
        Some(text) if text.bytes().all(|b| b.is_ascii_digit()) => {
            options.runs = Some(number("--budget", &text)?);
            None
        }
        Some(text) => Some(Duration::from_micros(time("--budget", &text)?)),
    };
    Ok(Arguments { options, budget, all, json })
}

fn read(source: &str) -> Result<String, String> {
    if source == "-" {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map_err(|e| e.to_string())?;
        return Ok(text);
    }
    if Preset::named(source).is_some() {
        return Ok(format!("cluster {source}"));
    }
    if source.starts_with("cluster ") {
        return Ok(source.to_owned());
    }
    std::fs::read_to_string(source).map_err(|error| format!("{source}: {error}"))
}

fn list(text: &str) -> Vec<String> {
    text.split(',').map(|part| part.trim().to_owned()).collect()
}

fn number<T: std::str::FromStr>(name: &str, text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("{name}: {text} is no whole number in range"))
}

fn time(name: &str, text: &str) -> Result<u64, String> {
    let time = script::parse_time(text).map_err(|e| format!("{name}: {}", e.sentence))?;
    Ok(time.as_us())
}

/// `crash,cut=3`
fn weights<T>(
    text: &str,
    named: impl Fn(&str) -> Result<T, String>,
) -> Result<Vec<Weight<T>>, String> {
    let weight = |part: &str| {
        let (word, weight) = part.split_once('=').unwrap_or((part, "1"));
        Ok(Weight { kind: named(word.trim())?, weight: number(word, weight)? })
    };
    text.split(',').map(weight).collect()
}

/// `steps=8,crashes=1,step=50ms`
fn bounds(text: &str) -> Result<Bounds, String> {
    let mut bounds = Bounds::default();
    for part in text.split([',', ' ']).filter(|part| !part.is_empty()) {
        let (name, value) = part
            .split_once('=')
            .ok_or_else(|| format!("--bounds: {part} is no bound, expected one such as steps=8"))?;
        let bound = match name {
            "steps" => &mut bounds.steps,
            "crashes" => &mut bounds.crashes,
            "drops" => &mut bounds.drops,
            "delays" => &mut bounds.delays,
            "isolations" => &mut bounds.isolations,
            "timeouts" => &mut bounds.timeouts,
            "operations" => &mut bounds.operations,
            "step" => {
                bounds.step_us = time("--bounds: step", value)?;
                continue;
            }
            _ => {
                return Err(format!(
                    "--bounds: there is no bound {name}, expected steps, step, crashes, drops, delays, isolations, timeouts or operations"
                ));
            }
        };
        *bound = number("--bounds", value)?;
    }
    Ok(bounds)
}
