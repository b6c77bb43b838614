//! Exports: the run, its operations and its trace for other programs, and pictures that stand alone.
//!
//! What is long is written by a clerk of its own, who replays the run: the judges go on meanwhile, and
//! when it is done or given up the clerk's memory is free again.

mod aside;
mod save;
pub mod svg;

pub use save::save;

use crate::clerk::{Clerk, Copy};
use crate::language;
use crate::player::Player;
use crate::words;
use js_sys::{Error, Promise};
use quorumscope_core::export::{Document, Form, Place};
use wasm_bindgen::JsValue;
use web_sys::Blob;

/// What can be exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Export {
    /// The run, as a script.
    Script,
    /// What clients asked and were told, as JSON Lines.
    Operations,
    /// What happened, as JSON Lines.
    Trace,
    /// The same with vector clocks, for ShiViz.
    ShiViz,
    /// The stage, as a picture.
    Stage,
    /// The space-time diagram, as a picture.
    Diagram,
}

impl Export {
    /// All of them: the word for it, what people read, and the name of its file.
    pub const ALL: [(Self, &'static str, &'static str, &'static str); 6] = [
        (Self::Script, "script", "Script", "run.qs"),
        (Self::Operations, "operations", "Operations (JSON Lines)", "operations.jsonl"),
        (Self::Trace, "trace", "Trace (JSON Lines)", "trace.jsonl"),
        (Self::ShiViz, "shiviz", "Trace for ShiViz", "trace.shiviz.txt"),
        (Self::Stage, "stage", "Picture of the stage (SVG)", "stage.svg"),
        (Self::Diagram, "diagram", "Picture of the diagram (SVG)", "diagram.svg"),
    ];

    /// The export of that word.
    ///
    /// # Errors
    /// When there is none; the sentence names those that there are.
    pub fn named(word: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|(_, name, ..)| *name == word);
        found.map(|(export, ..)| export).ok_or_else(|| {
            let names: Vec<_> = Self::ALL.iter().map(|(_, name, ..)| *name).collect();
            format!("there is no export {}, there are {}", words::quoted(word), names.join(", "))
        })
    }

    /// The name of its file.
    #[must_use]
    pub fn file(self) -> &'static str {
        let found = Self::ALL.into_iter().find(|(export, ..)| *export == self);
        found.map_or("export.txt", |(.., file)| file)
    }
}

/// A file that is being made. Who drops it gives it up.
pub struct Making(Clerk);

impl Drop for Making {
    fn drop(&mut self) {
        self.0.dismiss();
    }
}

/// Makes an export of what is on the page, up to the playhead; of the diagram that of one cluster. It is
/// told now and then how much of a hundred is done, and in the end what came of it: nothing where there
/// is no room for it, or nothing to be seen.
pub fn make(
    player: &Player,
    cluster: usize,
    export: Export,
    meanwhile: impl Fn(u8) + 'static,
    done: impl FnOnce(Option<Blob>) + 'static,
) -> Making {
    let making = Making(Clerk::default());
    let document = match export {
        Export::Script => {
            let script = language::print(&player.session().shared_run());
            done(save::text(&script));
            return making;
        }
        Export::Stage => {
            done(svg::stage().and_then(|picture| save::picture(&picture)));
            return making;
        }
        Export::Diagram => {
            diagram(player, cluster, |picture| done(picture.and_then(|p| save::picture(&p))));
            return making;
        }
        Export::Operations => Document::Operations,
        Export::Trace => Document::Trace(Form::JsonLines),
        Export::ShiViz => Document::Trace(Form::ShiViz),
    };
    let session = player.session();
    let Place { steps, now } = Place::of(&session);
    let script = language::print(session.run());
    let copy = Copy { script, steps, now_us: now.as_us(), document };
    making.0.ask_for_copy(copy, meanwhile, done);
    making
}

/// The part of the diagram that is to be seen; where it is not open, what it would show.
fn diagram(player: &Player, cluster: usize, done: impl FnOnce(Option<String>) + 'static) {
    match svg::diagram() {
        Some(picture) => done(Some(picture)),
        None => aside::picture(player, cluster, done),
    }
}

/// Saves the part of the diagram that is to be seen as a file.
pub fn save_diagram() {
    if let Some(picture) = svg::diagram().and_then(|picture| save::picture(&picture)) {
        save::save(&picture, Export::Diagram.file());
    }
}

/// What an export is promised as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Promised {
    /// The text alone.
    Text,
    /// `{text, at, steps}`: with the moment that it belongs to.
    WithMoment,
}

/// The whole text of an export, by a promise. It belongs to the moment of this call, also while the
/// run plays on.
pub fn promised(player: &Player, what: Export, shape: Promised) -> Promise {
    let moment = Place::of(&player.session());
    Promise::new(&mut |resolve, reject| {
        let moment = (shape == Promised::WithMoment).then(|| moment.clone());
        let making = std::rc::Rc::new(std::cell::RefCell::new(None));
        let made = std::rc::Rc::clone(&making);
        let done = move |file: Option<Blob>| {
            let _made = made.take();
            // What is done with the promise is the caller's affair.
            let _ = match file {
                Some(file) => resolve.call1(&JsValue::NULL, &text_of(&file, moment)),
                None => reject.call1(&JsValue::NULL, &Error::new(NOTHING).into()),
            };
        };
        *making.borrow_mut() = Some(make(player, 0, what, |_| {}, done));
    })
}

/// The text of a file, by a promise; with the moment that it belongs to, if that is given.
fn text_of(file: &Blob, moment: Option<Place>) -> Promise {
    let text = file.text();
    let Some(Place { steps, now }) = moment else { return text };
    wasm_bindgen_futures::future_to_promise(async move {
        let text = wasm_bindgen_futures::JsFuture::from(text).await?;
        let object = js_sys::Object::new();
        let steps: js_sys::Array = steps.iter().map(|&steps| JsValue::from(steps as f64)).collect();
        for (name, value) in
            [("text", text), ("at", now.as_ms_f64().into()), ("steps", steps.into())]
        {
            js_sys::Reflect::set(&object, &name.into(), &value)?;
        }
        Ok(object.into())
    })
}

/// What is said where nothing came of an export.
pub const NOTHING: &str = "there is nothing to be saved, or no room for it";
