//! Exports: the run, its operations and its trace for other programs, and pictures that stand alone.
//!
//! A long trace is written in slices, so that the page goes on meanwhile.

mod save;
pub mod svg;

use crate::language;
use crate::player::Player;
use gloo_timers::callback::Timeout;
use quorumscope_core::export::{Form, Writer};
use quorumscope_core::history;
use std::rc::Rc;
use wasm_bindgen::JsValue;

/// How many events are written at one go.
const EVENTS_PER_SLICE: usize = 4_000;

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
}

impl Export {
    /// All of them: the word for it, what people read, and the name of its file.
    pub const ALL: [(Self, &'static str, &'static str, &'static str); 5] = [
        (Self::Script, "script", "Script", "run.qs"),
        (Self::Operations, "operations", "Operations (JSON Lines)", "operations.jsonl"),
        (Self::Trace, "trace", "Trace (JSON Lines)", "trace.jsonl"),
        (Self::ShiViz, "shiviz", "Trace for ShiViz", "trace.shiviz.txt"),
        (Self::Stage, "stage", "Picture of the stage (SVG)", "stage.svg"),
    ];

    /// The export of that word.
    ///
    /// # Errors
    /// When there is none; the sentence names those that there are.
    pub fn named(word: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|(_, name, ..)| *name == word);
        found.map(|(export, ..)| export).ok_or_else(|| {
            let names: Vec<_> = Self::ALL.iter().map(|(_, name, ..)| *name).collect();
            format!("there is no export {word}, there are {}", names.join(", "))
        })
    }

    fn file(self) -> &'static str {
        let found = Self::ALL.into_iter().find(|(export, ..)| *export == self);
        found.map_or("export.txt", |(.., file)| file)
    }
}

/// What is done with an export: it is told the pieces of the text.
type Done = Box<dyn FnOnce(&js_sys::Array)>;

/// Makes an export of what is on the page, up to the playhead, and hands its pieces over.
pub fn export(player: &Player, export: Export, done: impl FnOnce(&js_sys::Array) + 'static) {
    let pieces = js_sys::Array::new();
    let whole = |text: String| pieces.push(&text.into());
    match export {
        Export::Script => _ = whole(language::print(&player.session().shared_run())),
        Export::Operations => _ = whole(operations(player)),
        Export::Stage => _ = whole(svg::stage().unwrap_or_default()),
        Export::Trace | Export::ShiViz => {
            let form = if export == Export::Trace { Form::JsonLines } else { Form::ShiViz };
            let writer = Writer::new(&player.session(), form);
            return write_on(writer, pieces, Box::new(done));
        }
    }
    done(&pieces);
}

/// Saves an export as a file.
pub fn save(player: &Player, what: Export) {
    export(player, what, move |pieces| save::save(pieces, what.file()));
}

/// Saves the part of the diagram that is to be seen as a file.
pub fn save_diagram() {
    if let Some(picture) = svg::diagram() {
        save::save(&js_sys::Array::of1(&picture.into()), "diagram.svg");
    }
}

/// The operations of all clusters, one cluster behind the other.
fn operations(player: &Player) -> String {
    player.session().worlds().map(|world| history::history(world).to_json_lines()).collect()
}

/// Writes the next slice; the page has its turn between two.
fn write_on(mut writer: Writer, pieces: js_sys::Array, done: Done) {
    let mut text = String::new();
    let more = writer.write(&mut text, EVENTS_PER_SLICE);
    pieces.push(&JsValue::from(text));
    if more {
        Timeout::new(0, move || write_on(writer, pieces, done)).forget();
    } else {
        done(&pieces);
    }
}

/// The whole text of an export, by a promise.
pub fn promised(player: &Player, what: Export) -> js_sys::Promise {
    let player = Rc::new(player.clone());
    js_sys::Promise::new(&mut |resolve, _| {
        export(&player, what, move |pieces| {
            // What is done with the promise is the caller's affair.
            let _ = resolve.call1(&JsValue::NULL, &pieces.join("").into());
        });
    })
}
