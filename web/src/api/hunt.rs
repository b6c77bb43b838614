//! `hunt(options)`: the search for failures, for scripts.

use super::object::{Args, Methods, function};
use super::{Given, object};
use crate::clerk::Found;
use crate::hunting::{Hunting, Opening, Phase, Report, USUAL_MS};
use crate::language;
use crate::player::Player;
use js_sys::{Error, Function, JSON, Promise};
use quorumscope_core::hunt::{FaultKind, Options, Strategy, Weight, usual_faults};
use quorumscope_core::run::Run;
use serde::{Deserialize, Serialize};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsValue;

/// The longest budget, in milliseconds.
const LONGEST_MS: f64 = 86_400_000.0;

/// The options of a hunt as scripts write them. Times are in milliseconds.
#[derive(Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
struct Wanted {
    /// The run; the one on the page by default.
    script: Option<String>,
    cluster: usize,
    /// The virtual time up to which the statements of the run are a fixed beginning.
    from: Option<f64>,
    properties: Vec<String>,
    faults: Vec<String>,
    until: Option<f64>,
    seed: u64,
    runs: Option<u64>,
    strategy: Option<String>,
    because_of: Option<String>,
    keep_setup: bool,
    budget: f64,
    /// Whether a failure becomes a branch of the run on the page.
    open: bool,
}

impl Default for Wanted {
    fn default() -> Self {
        Self {
            script: None,
            cluster: 0,
            from: None,
            properties: Vec::new(),
            faults: Vec::new(),
            until: None,
            seed: 1,
            runs: None,
            strategy: None,
            because_of: None,
            keep_setup: false,
            budget: USUAL_MS,
            open: false,
        }
    }
}

/// The state of a hunt, as scripts see it.
#[derive(Serialize)]
struct HuntRecord<'a> {
    phase: &'static str,
    found: bool,
    runs: u64,
    states: u64,
    ms: f64,
    sentence: Option<&'a str>,
    #[serde(flatten)]
    failure: Option<FailureRecord<'a>>,
}

/// A failure that was found.
#[derive(Serialize)]
struct FailureRecord<'a> {
    script: &'a str,
    property: &'a str,
    kind: &'a str,
    hash: &'a str,
    at: f64,
    statements: usize,
    faults: &'a [String],
}

/// Adds the methods.
pub fn install(methods: &mut Methods, player: &Player) {
    let p = player.clone();
    methods.method("hunt", move |args| hunt(&p, args));
    methods.method("stopHunt", |_| {
        Hunting::here().give_up();
        Ok(JsValue::UNDEFINED)
    });
}

/// Adds a listener of the page's hunt; returns the function that stops it.
pub fn listen(f: Function) -> JsValue {
    let id = Hunting::here().listen(move |report| {
        // An error that a listener throws is its own matter.
        let _ = f.call1(&JsValue::NULL, &record(report).unwrap_or(JsValue::NULL));
    });
    function(move |_| {
        Hunting::here().forget(id);
        Ok(JsValue::UNDEFINED)
    })
}

fn hunt(player: &Player, args: &Args) -> Given {
    let given = args.get(0);
    let wanted = if given.is_undefined() { Wanted::default() } else { read(&given)? };
    let budget = wanted.budget;
    if !(budget > 0.0 && budget <= LONGEST_MS) {
        return Err("the budget of a hunt is a number of milliseconds, at most a day".into());
    }
    let opening = if wanted.open { Opening::Branch } else { Opening::Nothing };
    let options = options(player, wanted)?;
    Hunting::here().start(player, options, budget, opening)?;
    Ok(ended().into())
}

fn read(given: &JsValue) -> Result<Wanted, String> {
    let text = JSON::stringify(given).map(String::from);
    let text = text.map_err(|_| "hunt needs an object of options".to_owned())?;
    serde_json::from_str(&text).map_err(|error| {
        let text = error.to_string();
        let sentence = text.split(" at line").next().unwrap_or_default();
        format!("the options of the hunt: {sentence}")
    })
}

fn options(player: &Player, wanted: Wanted) -> Result<Options, String> {
    let run = match &wanted.script {
        Some(script) => language::run(script)?,
        None => Run { show: None, ..player.session().run().clone() },
    };
    let usual = run.clusters.get(wanted.cluster).map(|c| usual_faults(c.preset));
    let usual = usual.unwrap_or_default();
    let weight = |word: &String| {
        let kind = FaultKind::named(word)?;
        let weight = usual.iter().find(|w| w.kind == kind).map_or(2, |w| w.weight);
        Ok(Weight { kind, weight })
    };
    let us = |ms: Option<f64>| ms.map(|ms| (ms * 1_000.0).round() as u64);
    let strategy = wanted.strategy.as_deref().map(Strategy::named).transpose()?;
    Ok(Options {
        script: wanted.script.clone().unwrap_or_else(|| language::print(&run)),
        cluster: wanted.cluster,
        from_us: us(wanted.from),
        properties: wanted.properties,
        faults: wanted.faults.iter().map(weight).collect::<Result<_, String>>()?,
        until_us: us(wanted.until),
        seed: wanted.seed,
        runs: wanted.runs,
        strategy: strategy.unwrap_or_default(),
        because_of: wanted.because_of,
        keep_setup: wanted.keep_setup,
        ..Options::default()
    })
}

/// A promise of the end of the hunt that has just begun.
fn ended() -> Promise {
    Promise::new(&mut |resolve, reject| {
        let own: Rc<Cell<Option<u32>>> = Rc::default();
        let id = Rc::clone(&own);
        let listener = Hunting::here().listen(move |report| {
            if report.phase.is_running() {
                return;
            }
            if let Some(id) = id.take() {
                Hunting::here().forget(id);
            }
            // A callback of the promise may throw; that is the caller's matter.
            let _ = match (report.was_refused, record(report)) {
                (false, Ok(record)) => resolve.call1(&JsValue::NULL, &record),
                (true, _) => reject.call1(&JsValue::NULL, &error(report.sentence.as_deref())),
                (_, Err(why)) => reject.call1(&JsValue::NULL, &error(Some(&why))),
            };
        });
        own.set(Some(listener));
    })
}

fn error(why: Option<&str>) -> JsValue {
    Error::new(why.unwrap_or_default()).into()
}

fn record(report: &Report) -> Given {
    let failure = |found: &Found| found.at_us as f64 / 1_000.0;
    let found = report.found.as_ref();
    object(&HuntRecord {
        phase: report.phase.word(),
        found: report.phase == Phase::Found,
        runs: report.progress.runs,
        states: report.progress.states,
        ms: report.took_ms.round(),
        sentence: report.sentence.as_deref(),
        failure: found.map(|found| FailureRecord {
            script: &found.script,
            property: &found.property,
            kind: &found.kind,
            hash: &found.state,
            at: failure(found),
            statements: found.statements,
            faults: &found.faults,
        }),
    })
}
