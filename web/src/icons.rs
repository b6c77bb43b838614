//! The icons on buttons.

use yew::prelude::*;

/// An icon of 20 by 20 units, drawn by strokes.
pub fn stroke(d: &'static str) -> Html {
    html! { <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true"><path {d} /></svg> }
}

/// The same, filled.
pub fn solid(d: &'static str) -> Html {
    html! {
        <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true"><path class="solid" {d} /></svg>
    }
}

/// Undo.
pub const UNDO: &str = "M7 4 3.5 7.5 7 11M4 7.5h8a4.2 4.2 0 0 1 0 8.4H9";
/// Redo.
pub const REDO: &str = "M13 4l3.5 3.5L13 11M16 7.5H8a4.2 4.2 0 0 0 0 8.4h3";
/// Step one event back.
pub const BACK: &str = "M12.5 4.5 7 10l5.5 5.5";
/// Step one event forward.
pub const FORWARD: &str = "M7.5 4.5 13 10l-5.5 5.5";
/// Jump to the last moment of interest.
pub const LAST: &str = "M5 4v12M15.5 4.5 7 10l8.5 5.5z";
/// Jump to the next moment of interest.
pub const NEXT: &str = "M15 4v12M4.5 4.5 13 10l-8.5 5.5z";
/// Play.
pub const PLAY: &str = "M6.5 4 15.5 10l-9 6z";
/// Pause.
pub const PAUSE: &str = "M6.5 4v12M13.5 4v12";
/// Rename.
pub const PEN: &str = "M4 16l.8-3.4L13.2 4.2l2.6 2.6L7.4 15.2z";
/// A branch point.
pub const PART: &str = "M3 10h5l7-5M8 10l7 5M12.5 4.5l2.8.3-1 2.6M14.3 12.6l1 2.6-2.8.3";
/// Close.
pub const CLOSE: &str = "M5 5l10 10M15 5 5 15";

/// Open a file.
pub const OPEN: &str = "M3 15.5V5h5l1.5 2H17v8.5zM3 9.5h14";
/// Zoom in.
pub const PLUS: &str = "M10 4.5v11M4.5 10h11";
/// Zoom out.
pub const MINUS: &str = "M4.5 10h11";
/// More entries.
pub const MORE: &str = "M4 10h.01M10 10h.01M16 10h.01";
/// Up.
pub const UP: &str = "M4.5 12.5 10 7l5.5 5.5";
/// Down.
pub const DOWN: &str = "M4.5 7.5 10 13l5.5-5.5";

/// The logo of the page.
pub fn logo() -> Html {
    html! {
        <svg width="24" height="24" viewBox="0 0 24 24" fill="none" stroke="var(--ink)" stroke-width="1.6" aria-hidden="true">
            <path d="M10.5 7.4 6.3 14.7M13.5 7.4l4.2 7.3" />
            <path d="M9 19.4l6-4" stroke="var(--bad)" />
            <circle cx="12" cy="4.5" r="3.4" fill="var(--accent)" stroke="none" />
            <circle cx="4.8" cy="17.5" r="3.2" />
            <circle cx="19.2" cy="17.5" r="3.2" />
        </svg>
    }
}

/// The icon of light and dark.
pub fn theme() -> Html {
    html! {
        <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">
            <circle cx="10" cy="10" r="6.8" /><path class="solid" d="M10 3.2a6.8 6.8 0 0 1 0 13.6z" />
        </svg>
    }
}

/// The icon of a dock: beside the stage, or under it if `lies`; filled if open.
pub fn dock(lies: bool, open: bool) -> Html {
    let d = if lies { "M3 11.5v4.5h14v-4.5z" } else { "M12.5 4v12h4.5v-12z" };
    html! {
        <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">
            <rect x="3" y="4" width="14" height="12" rx="2" /><path class={open.then_some("solid")} {d} />
        </svg>
    }
}
