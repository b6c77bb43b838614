//! A popover with a title and a button that closes it.

use crate::icons;
use web_sys::{Element, MouseEvent};
use yew::prelude::*;

/// The width of the glossary's popover, and its greatest height, in CSS pixels.
const GLOSSARY: (f64, f64) = (400.0, 240.0);
/// Its least distance from the edges of the window and from the word, in CSS pixels.
const GAP: f64 = 10.0;

/// Draws a popover. `class` sets its place.
pub fn popover(
    class: &'static str,
    name: &'static str,
    title: &str,
    on_close: Callback<MouseEvent>,
    content: Html,
) -> Html {
    html! {
        <div class={classes!("popover", class)} role="dialog" aria-label={name}>
            <div class="popover-head"><b>{ title.to_owned() }</b>{ close(on_close) }</div>
            { content }
        </div>
    }
}

/// The button that closes a popover.
pub fn close(on_close: Callback<MouseEvent>) -> Html {
    html! { <button type="button" class="icon close" aria-label="Close" title="Close" onclick={on_close}>{ icons::stroke(icons::CLOSE) }</button> }
}

/// The style that puts the glossary under a word, or above it where there is no room below.
#[must_use]
pub fn beside(word: &Element, (width, height): (u16, u16)) -> String {
    let rect = word.get_bounding_client_rect();
    let (width, height) = (f64::from(width), f64::from(height));
    let left = rect.left().min(width - GLOSSARY.0 - GAP).max(GAP);
    let (side, off) = match rect.bottom() + GAP + GLOSSARY.1 < height {
        true => ("top", rect.bottom()),
        false => ("bottom", height - rect.top()),
    };
    format!("left:{left:.0}px;{side}:{:.0}px", off + GAP)
}
