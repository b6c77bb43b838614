//! Keyboard shortcuts that work everywhere on the page.

use crate::story::Interest;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

/// The command of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// Play or pause.
    Toggle,
    /// Step a number of events forward, or back if negative.
    Step(i64),
    /// Undo.
    Undo,
    /// Redo.
    Redo,
    /// Jump to the next event of interest (true), or to the last one before (false). None for the
    /// kind in the list.
    Jump(Option<Interest>, bool),
    /// To the next chapter of the story, or the last before.
    Chapter(bool),
    /// Focus the console.
    Console,
    /// Zoom the stage in (1) or out (-1), or show all of it (0).
    Zoom(i8),
    /// Open the legend.
    Legend,
}

/// The keys and their effects, for the legend. Letters that jump are listed there beside their
/// marks.
pub const SAID: [(&str, &str); 10] = [
    ("Space", "plays or pauses"),
    (". ,", "one step forward, back, of what the list Step says"),
    ("] [", "to the next, the last moment of what the list Jump says"),
    ("n N", "to the next, the last moment of any kind that has a letter above"),
    ("Page Down Page Up", "to the next, the last chapter of a story"),
    ("/", "to the console"),
    ("+ - 0", "the stage nearer, further, as a whole"),
    ("Ctrl+Z Ctrl+Y", "undo, redo"),
    ("?", "this"),
    ("Esc", "closes what lies over the page"),
];

/// The command of a key press, unless the focused element needs the key itself.
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
        // Space presses the focused button.
        (" ", _) if !is("button,select,summary,a,[role=button],[role=menuitem],[role=tab]") => {
            Some(Key::Toggle)
        }
        (".", _) => Some(Key::Step(1)),
        (",", _) => Some(Key::Step(-1)),
        ("PageDown", _) => Some(Key::Chapter(true)),
        ("PageUp", _) => Some(Key::Chapter(false)),
        ("/", _) => Some(Key::Console),
        ("?", _) => Some(Key::Legend),
        ("+" | "=", _) => Some(Key::Zoom(1)),
        ("-", _) => Some(Key::Zoom(-1)),
        ("0", _) => Some(Key::Zoom(0)),
        ("]", _) => Some(Key::Jump(None, true)),
        ("[", _) => Some(Key::Jump(None, false)),
        // A letter selects an entry of a list.
        (key, _) if !is("select,[role=menu]") && !e.alt_key() => jump(key),
        _ => None,
    }
}

/// A letter jumps to the next event of its kind; a capital to the last one before. The violations
/// that were found, each with its run. A violation depends only on what happened before it. So it
/// holds in every run with the same beginning, and is ignored in runs that begin differently.
fn jump(key: &str) -> Option<Key> {
    let small = key.to_ascii_lowercase();
    let (interest, ..) = Interest::ALL.into_iter().find(|(.., letter)| *letter == small)?;
    Some(Key::Jump(Some(interest), small == key))
}
