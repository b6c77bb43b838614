//! API methods for breakpoints, branches, steps and jumps by kind, and exports.

use super::object::{Args, Methods};
use super::{Given, object, text};
use crate::export::{self, Export, Promised, svg};
use crate::player::Player;
use crate::story::Interest;
use crate::words;
use quorumscope_core::protocol::Kind;
use quorumscope_core::view;
use serde::Serialize;
use wasm_bindgen::JsValue;

/// A breakpoint in the API.
#[derive(Serialize)]
struct BreakpointRecord {
    id: u32,
    condition: String,
    on: bool,
}

/// The place where playing was stopped.
#[derive(Serialize)]
struct StopRecord {
    breakpoint: u32,
    condition: String,
    cluster: usize,
    at: f64,
}

/// Adds the methods.
pub fn install(methods: &mut Methods, player: &Player) {
    breakpoints(methods, player);
    branches(methods, player);
    exports(methods, player);
    let p = player.clone();
    methods.method("jump", move |args| {
        let word = text(args, 0, "jump needs what to jump to, such as \"leader\"")?;
        let known = Interest::ALL.into_iter().find(|(_, name, _)| name.to_lowercase() == word);
        let Some((interest, ..)) = known else {
            return Err("one can jump to anything, leader, fault, failure and violation".into());
        };
        let back = args.get(1).as_f64().is_some_and(|by| by < 0.0);
        Ok(p.jump(interest, !back).into())
    });
}

fn breakpoints(methods: &mut Methods, player: &Player) {
    let p = player.clone();
    methods.method("breakpoints", move |_| {
        let record = |b: &quorumscope_core::condition::Breakpoint| BreakpointRecord {
            id: b.id,
            condition: b.condition.to_string(),
            on: b.on,
        };
        object(&p.breakpoints().iter().map(record).collect::<Vec<_>>())
    });
    let p = player.clone();
    methods.method("addBreakpoint", move |args| {
        let id = p.add_breakpoint(&text(args, 0, "addBreakpoint needs a condition")?)?;
        Ok(id.into())
    });
    let p = player.clone();
    methods.method("switchBreakpoint", move |args| {
        let on =
            args.get(1).as_bool().ok_or("switchBreakpoint needs a number, and true or false")?;
        p.switch_breakpoint(number(args, 0, "switchBreakpoint")?, on)?;
        Ok(JsValue::UNDEFINED)
    });
    let p = player.clone();
    methods.method("removeBreakpoint", move |args| {
        p.remove_breakpoint(number(args, 0, "removeBreakpoint")?)?;
        Ok(JsValue::UNDEFINED)
    });
    let p = player.clone();
    methods.method("stopped", move |_| {
        let record = p.stop().map(|(stop, condition)| StopRecord {
            breakpoint: stop.breakpoint,
            condition,
            cluster: stop.cluster,
            at: stop.at.as_ms_f64(),
        });
        object(&record)
    });
}

fn branches(methods: &mut Methods, player: &Player) {
    let p = player.clone();
    methods.method("branches", move |_| object(&view::branches(&p.session())));
    let p = player.clone();
    methods.method("branch", move |args| {
        p.switch(branch(&p, args, 0)?)?;
        Ok(JsValue::UNDEFINED)
    });
    let p = player.clone();
    methods.method("renameBranch", move |args| {
        let name = text(args, 1, "renameBranch needs a branch and its new name")?;
        p.rename_branch(branch(&p, args, 0)?, &name)?;
        Ok(JsValue::UNDEFINED)
    });
    let p = player.clone();
    methods.method("deleteBranch", move |args| {
        p.delete_branch(branch(&p, args, 0)?)?;
        Ok(JsValue::UNDEFINED)
    });
    let p = player.clone();
    methods.method("compareBranches", move |args| {
        let (one, other) = (branch(&p, args, 0)?, branch(&p, args, 1)?);
        object(&view::difference(&p.session(), one, other).map_err(|e| e.to_string())?)
    });
}

fn exports(methods: &mut Methods, player: &Player) {
    let p = player.clone();
    methods.method("export", move |args| {
        let what = Export::named(&text(args, 0, "export needs a word, such as \"trace\"")?)?;
        let shape = match js_sys::Reflect::get(&args.get(1), &"moment".into()) {
            Ok(wanted) if wanted.is_truthy() => Promised::WithMoment,
            _ => Promised::Text,
        };
        Ok(export::promised(&p, what, shape).into())
    });
    methods.method("svg", move |args| {
        let word = args.get(0).as_string().unwrap_or_else(|| "stage".to_owned());
        match word.as_str() {
            "stage" => svg::stage().map(JsValue::from).ok_or("there is no stage to be seen".into()),
            "diagram" => svg::diagram().map(JsValue::from).ok_or("the diagram is not open".into()),
            _ => Err(format!(
                "there is no picture {}, there are stage and diagram",
                words::quoted(&word)
            )),
        }
    });
}

/// The kind of message with this name.
pub fn kind(player: &Player, name: &str) -> Result<Kind, String> {
    let known = player.kinds();
    known.iter().copied().find(|k| k.name() == name).ok_or_else(|| {
        let names: Vec<_> = known.iter().map(|k| k.name()).collect();
        let name = words::quoted(name);
        format!("no {name} was delivered yet, there were {}", names.join(", "))
    })
}

/// The branch with this name or number.
fn branch(player: &Player, args: &Args, place: usize) -> Result<usize, String> {
    let given = args.get(place);
    let session = player.session();
    let found = match (given.as_string(), given.as_f64()) {
        (Some(name), _) => session.branch_named(&name),
        (None, Some(id)) if id >= 0.0 && id.fract() == 0.0 => Some(id as usize),
        _ => None,
    };
    found.filter(|&b| b < session.branches().len()).ok_or_else(|| "there is no such branch".into())
}

fn number(args: &Args, place: usize, method: &str) -> Result<u32, String> {
    let given = args.get(place).as_f64().filter(|n| n.fract() == 0.0 && (0.0..1e9).contains(n));
    given.map(|n| n as u32).ok_or_else(|| format!("{method} needs the number of a breakpoint"))
}

/// Steps by events, or by messages of a kind.
pub fn step(player: &Player, args: &Args, by: i64) -> Given {
    if let Some(name) = args.get(1).as_string() {
        player.step_to(kind(player, &name)?, by)?;
        return Ok(js_sys::Promise::resolve(&JsValue::UNDEFINED).into());
    }
    let player = player.clone();
    Ok(super::promised(move |done| player.step_then(by, done)))
}
