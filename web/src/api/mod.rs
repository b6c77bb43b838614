//! `window.quorumscope`: the page's API for scripts, as PAGE.md defines it.
//!
//! Errors are thrown as an `Error` with the sentence that the page would show.

mod bench;
mod control;
mod events;
mod hunt;
mod object;
mod settled;

use crate::clerk::Imported;
use crate::import;
use crate::language;
use crate::player::{Player, Speed};
use crate::share;
use events::Ears;
use js_sys::{Error, Function, JSON, JsString, Promise};
use object::{Args, Methods};
use quorumscope_core::run::LANGUAGE_VERSION;
use quorumscope_core::time::{LATEST, Time};
use quorumscope_core::view::{self, ClusterVerdict};
use serde::Serialize;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

/// What a method gives back, or the sentence why it does not.
type Given = Result<JsValue, String>;

/// `window.quorumscope` without methods yet: `version`, and the promise `ready`.
pub struct Ready {
    object: js_sys::Object,
    resolve: Option<Function>,
}

/// Puts `window.quorumscope` in its place. Its methods come with the second module.
pub fn announce() -> Ready {
    let mut resolve = None;
    let ready = Promise::new(&mut |done, _| resolve = Some(done));
    let version = format!("{}, language {LANGUAGE_VERSION}", env!("CARGO_PKG_VERSION"));
    let object = js_sys::Object::new();
    object::set(&object, "version", &version.into());
    object::set(&object, "ready", &ready);
    object::publish(&object, "quorumscope");
    Ready { object, resolve }
}

impl Ready {
    /// The page is there: the object gets its methods, and `ready` is resolved.
    pub fn give(self, player: &Player) {
        let Some(fill) = table::get() else { return };
        fill(&self.object, player);
        if let Some(resolve) = self.resolve {
            // A promise takes whatever it is resolved with.
            let _ = resolve.call0(&JsValue::NULL);
        }
    }
}

type Fill = fn(&js_sys::Object, &Player);

mod table {
    use super::{Fill, fill};

    crate::later::late!(Fill = fill as Fill);
}

pub use table::install;

/// Adds all methods.
fn fill(object: &js_sys::Object, player: &Player) {
    let mut methods = Methods::new(object, player);
    runs(&mut methods, player);
    time(&mut methods, player);
    views(&mut methods, player);
    control::install(&mut methods, player);
    hunt::install(&mut methods, player);
    methods.method("bench", bench::bench);
}

/// Adds the methods for the run and for statements.
fn runs(methods: &mut Methods, player: &Player) {
    let p = player.clone();
    methods.method("load", move |args| {
        let run = language::run(&text(args, 0, "load needs a script")?)?;
        p.pause();
        let p = p.clone();
        Ok(promised(move |done| p.load_then(run, done)))
    });
    let p = player.clone();
    methods.method("script", move |_| Ok(language::print(p.session().run()).into()));
    let p = player.clone();
    methods.method("run", move |args| {
        p.append(&text(args, 0, "run needs a statement")?)?;
        Ok(JsValue::UNDEFINED)
    });
    let p = player.clone();
    methods.method("link", move |_| Ok(share::link(&p).into()));
}

/// Adds the methods for the playhead.
fn time(methods: &mut Methods, player: &Player) {
    let p = player.clone();
    methods.method("seek", move |args| {
        let to = moment(&args.get(0), "seek needs a time in milliseconds")?;
        let p = p.clone();
        Ok(promised(move |done| p.seek_then(to, done)))
    });
    let p = player.clone();
    methods.method("step", move |args| {
        let by = args.get(0);
        let by = if by.is_undefined() { Some(1.0) } else { by.as_f64() };
        let by = by.filter(|n| n.fract() == 0.0 && n.abs() < 1e9);
        control::step(&p, args, by.ok_or("step needs a whole number of events")? as i64)
    });
    let p = player.clone();
    methods.method("play", move |args| {
        let speed = args.get(0);
        if !speed.is_undefined() {
            p.set_speed(Speed::of(speed.as_f64().unwrap_or(f64::NAN))?);
        }
        p.play();
        Ok(JsValue::UNDEFINED)
    });
    let p = player.clone();
    methods.method("pause", move |_| {
        p.pause();
        Ok(JsValue::UNDEFINED)
    });
    let p = player.clone();
    methods.method("settled", move |_| Ok(settled::promised(&p).into()));
    let p = player.clone();
    methods.method("now", move |_| Ok(p.session().now().as_ms_f64().into()));
}

/// Adds the methods that read state, history, verdicts and events.
fn views(methods: &mut Methods, player: &Player) {
    let p = player.clone();
    methods.method("state", move |_| object(&view::state(&p.session(), p.is_playing())));
    let p = player.clone();
    methods.method("rules", move |_| object(&view::rules(&p.session())));
    let p = player.clone();
    methods.method("story", move |_| object(&view::story(&p.session())));
    let p = player.clone();
    methods.method("history", move |_| object(&view::history(&p.session())));
    let p = player.clone();
    methods.method("verdict", move |_| {
        let session = p.session();
        match p.judging().verdicts_at(&session).filter(|verdicts| !verdicts.is_empty()) {
            Some(known) => object(&*known),
            None => object(&view::verdict(&session)),
        }
    });
    let p = player.clone();
    methods.method("check", {
        let p = player.clone();
        move |args| {
            let text = args.get(0).dyn_into::<JsString>();
            let text = text.map_err(|_| "check needs the text of a file of operations")?;
            let clerk = p.judging().clerk().clone();
            Ok(future_to_promise(async move { checked(import::check(clerk, text).await) }).into())
        }
    });
    methods.method("events", move |args| {
        let from = optional_moment(&args.get(0), Time::ZERO)?;
        let to = optional_moment(&args.get(1), LATEST)?;
        object(&view::some_events(&p.session(), from, to)?)
    });
    let p = player.clone();
    methods.method("why", move |args| {
        let question = text(args, 0, "why needs a question, such as n2 no-leader")?;
        if let Ok(file) = args.get(1).dyn_into::<JsString>() {
            let clerk = p.judging().clerk().clone();
            let told = async move {
                let explained = import::why(clerk, file, question).await;
                let told = explained.and_then(|explained| object(&explained.why));
                told.map_err(|why| Error::new(&why).into())
            };
            return Ok(future_to_promise(told).into());
        }
        let cluster = args.get(1).as_f64().filter(|n| n.fract() == 0.0 && *n >= 0.0);
        object(&view::why(&p.session(), cluster.unwrap_or(0.0) as usize, &question)?)
    });
    let p = player.clone();
    methods.method("hash", move |_| Ok(view::hash(&p.session()).into()));
    let ears = Rc::new(RefCell::new(Ears::new(player)));
    events::follow(&ears, player);
    methods.method("on", move |args| {
        let f: Function = args.get(1).dyn_into().map_err(|_| "on needs a name and a function")?;
        events::add(&ears, &text(args, 0, "on needs a name and a function")?, f)
    });
}

/// Called at the end of an operation that takes time.
type Done = Box<dyn FnOnce(Result<(), String>)>;

/// A promise of an operation that takes time. A rejection that nobody handles is not reported as an
/// error.
fn promised(begin: impl FnOnce(Done)) -> JsValue {
    let mut begin = Some(begin);
    let promise = Promise::new(&mut |resolve: Function, reject: Function| {
        let done: Done = Box::new(move |ended| {
            // A promise accepts any value.
            let _ = match ended {
                Ok(()) => resolve.call0(&JsValue::NULL),
                Err(why) => reject.call1(&JsValue::NULL, &Error::new(&why).into()),
            };
        });
        if let Some(begin) = begin.take() {
            begin(done);
        }
    });
    let nothing = Closure::once_into_js(|_: JsValue| ());
    let unheard: Result<Function, _> =
        js_sys::Reflect::get(&promise, &"catch".into()).and_then(|catch| catch.dyn_into());
    _ = unheard.and_then(|catch| catch.call1(&promise, &nothing));
    promise.into()
}

/// The result of `check`.
fn checked(imported: Result<Imported, String>) -> Result<JsValue, JsValue> {
    let told = imported.and_then(|imported| {
        let verdict = imported.verdicts.into_iter().next().ok_or("nobody judged it")?;
        let ClusterVerdict { holds: linearizable, operations, text, .. } = verdict;
        object(&Checked { linearizable, operations, text })
    });
    told.map_err(|why| Error::new(&why).into())
}

#[derive(Serialize)]
struct Checked {
    linearizable: Option<bool>,
    operations: Vec<u32>,
    text: String,
}

/// A value as a JavaScript object.
fn object(value: &impl Serialize) -> Given {
    let json = serde_json::to_string(value).map_err(|e| e.to_string())?;
    JSON::parse(&json).map_err(|_| "the page wrote JSON that is none".to_owned())
}

fn text(args: &Args, place: usize, why: &str) -> Result<String, String> {
    args.get(place).as_string().ok_or_else(|| why.to_owned())
}

/// A time from a number of milliseconds.
fn moment(value: &JsValue, why: &str) -> Result<Time, String> {
    let ms = value.as_f64().filter(|ms| ms.is_finite() && *ms >= 0.0).ok_or(why)?;
    if ms > LATEST.as_ms_f64() {
        return Err("a run lasts at most 24 hours of virtual time".into());
    }
    Ok(Time::from_us((ms * 1_000.0).round() as u64))
}

fn optional_moment(value: &JsValue, default: Time) -> Result<Time, String> {
    if value.is_undefined() || value.as_f64() == Some(f64::INFINITY) {
        return Ok(default);
    }
    moment(value, "events needs two times in milliseconds")
}
