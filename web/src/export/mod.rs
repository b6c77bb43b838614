//! Exports: the run, its operations and its trace for other programs, and pictures that stand
//! alone.
//!
//! Long exports are written by a worker of their own, which replays the run. The judges go on
//! meanwhile, and the worker's memory is free again when the export is done or cancelled.

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

/// An export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Export {
    /// The run, as a script.
    Script,
    /// The operations of clients, as JSON Lines.
    Operations,
    /// The trace of events, as JSON Lines.
    Trace,
    /// The trace with vector clocks, for ShiViz.
    ShiViz,
    /// The stage, as a picture.
    Stage,
    /// The space-time diagram, as a picture.
    Diagram,
}

impl Export {
    /// All exports: the word in the API, the label, and the name of the file.
    pub const ALL: [(Self, &'static str, &'static str, &'static str); 6] = [
        (Self::Script, "script", "Script", "run.qs"),
        (Self::Operations, "operations", "Operations (JSON Lines)", "operations.jsonl"),
        (Self::Trace, "trace", "Trace (JSON Lines)", "trace.jsonl"),
        (Self::ShiViz, "shiviz", "Trace for ShiViz", "trace.shiviz.txt"),
        (Self::Stage, "stage", "Picture of the stage (SVG)", "stage.svg"),
        (Self::Diagram, "diagram", "Picture of the diagram (SVG)", "diagram.svg"),
    ];

    /// The export with this word in the API.
    ///
    /// # Errors
    /// If there is no such export; the sentence names all that exist.
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

/// An export in progress. Dropping it cancels it.
pub struct Making(Clerk);

impl Drop for Making {
    fn drop(&mut self) {
        self.0.dismiss();
    }
}

/// Makes an export of the run up to the playhead; a diagram shows one cluster. `meanwhile` is
/// called with the progress in percent (0 to 100), and `done` with the file, or with None if there
/// is nothing to show or no memory for it.
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

/// The visible part of the diagram; if the diagram is not open, what it would show.
fn diagram(player: &Player, cluster: usize, done: impl FnOnce(Option<String>) + 'static) {
    match svg::diagram() {
        Some(picture) => done(Some(picture)),
        None => aside::picture(player, cluster, done),
    }
}

/// Saves the visible part of the diagram as a file.
pub fn save_diagram() {
    if let Some(picture) = svg::diagram().and_then(|picture| save::picture(&picture)) {
        save::save(&picture, Export::Diagram.file());
    }
}

/// The shape of the value that an export's promise resolves to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Promised {
    /// The text.
    Text,
    /// `{text, at, steps}`: the text, with the moment that it belongs to.
    WithMoment,
}

/// A promise of an export's text. It belongs to the moment of this call, even if the run plays on.
pub fn promised(player: &Player, what: Export, shape: Promised) -> Promise {
    let moment = Place::of(&player.session());
    Promise::new(&mut |resolve, reject| {
        let moment = (shape == Promised::WithMoment).then(|| moment.clone());
        let making = std::rc::Rc::new(std::cell::RefCell::new(None));
        let made = std::rc::Rc::clone(&making);
        let done = move |file: Option<Blob>| {
            let _made = made.take();
            // A callback of the promise may throw; that is the caller's matter.
            let _ = match file {
                Some(file) => resolve.call1(&JsValue::NULL, &text_of(&file, moment)),
                None => reject.call1(&JsValue::NULL, &Error::new(NOTHING).into()),
            };
        };
        *making.borrow_mut() = Some(make(player, 0, what, |_| {}, done));
    })
}

/// A promise of a file's text, with its moment if one is given.
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

/// The sentence about an export that could not be made.
pub const NOTHING: &str = "there is nothing to be saved, or no room for it";
