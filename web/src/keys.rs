//! Keys that work everywhere on the page.

use crate::story::Interest;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

/// What a key asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// Play or pause.
    Toggle,
    /// So many events forward, or back.
    Step(i64),
    /// Undo.
    Undo,
    /// Redo.
    Redo,
    /// To the next moment of a kind, or the last before; None: the kind that is chosen.
    Jump(Option<Interest>, bool),
    /// To the console.
    Console,
    /// The stage one step nearer (1), further (-1), or as a whole (0).
    Zoom(i8),
    /// What means what, and these keys.
    Legend,
}

/// The keys and what they do, for the legend. The letters that jump stand there beside their marks.
pub const SAID: [(&str, &str); 9] = [
    ("Space", "plays or pauses"),
    (". ,", "one step forward, back, of what the list Step says"),
    ("] [", "to the next, the last moment of what the list Jump says"),
    ("n N", "to the next, the last moment of any kind that has a letter above"),
    ("/", "to the console"),
    ("+ - 0", "the stage nearer, further, as a whole"),
    ("Ctrl+Z Ctrl+Y", "undo, redo"),
    ("?", "this"),
    ("Esc", "closes what lies over the page"),
];

/// What a key press asks for, if the element that has the focus does not want it for itself.
#[must_use]
pub fn meant(e: &KeyboardEvent) -> Option<Key> {
    let on = e.target().and_then(|t| t.dyn_into::<Element>().ok());
    let is = |css: &str| on.as_ref().is_some_and(|el| el.closest(css).is_ok_and(|m| m.is_some()));
    if e.default_prevented() || is("input:not([type=range]),textarea") {
        return None;
    }
    let control = e.ctrl_key() || e.meta_key();
    match (e.key().as_str(), control) {
        ("z" | "Z", true) if e.shift_key() => Some(Key::Redo),
        ("z", true) => Some(Key::Undo),
        ("y", true) => Some(Key::Redo),
        (_, true) => None,
        // Space presses what it stands on.
        (" ", _) if !is("button,select,summary,a,[role=button],[role=menuitem],[role=tab]") => {
            Some(Key::Toggle)
        }
        (".", _) => Some(Key::Step(1)),
        (",", _) => Some(Key::Step(-1)),
        ("/", _) => Some(Key::Console),
        ("?", _) => Some(Key::Legend),
        ("+" | "=", _) => Some(Key::Zoom(1)),
        ("-", _) => Some(Key::Zoom(-1)),
        ("0", _) => Some(Key::Zoom(0)),
        ("]", _) => Some(Key::Jump(None, true)),
        ("[", _) => Some(Key::Jump(None, false)),
        // A letter chooses in a list.
        (key, _) if !is("select,[role=menu]") && !e.alt_key() => jump(key),
        _ => None,
    }
}

/// A letter jumps to the next moment of a kind; a capital to the last before.
fn jump(key: &str) -> Option<Key> {
    let small = key.to_ascii_lowercase();
    let (interest, ..) = Interest::ALL.into_iter().find(|(.., letter)| *letter == small)?;
    Some(Key::Jump(Some(interest), small == key))
}
