//! A box over the page that says something more: with a name, and a button that closes it.

use crate::icons;
use web_sys::{Element, MouseEvent};
use yew::prelude::*;

/// How wide the box of the glossary is, and how high it is at most, in CSS pixels.
const GLOSSARY: (f64, f64) = (400.0, 240.0);
/// How near to the edges of the window, and to the word, it comes.
const GAP: f64 = 10.0;

/// Draws one. `class` says where it stands.
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

/// A button that closes what it is in.
pub fn close(on_close: Callback<MouseEvent>) -> Html {
    html! { <button type="button" class="icon close" aria-label="Close" title="Close" onclick={on_close}>{ icons::stroke(icons::CLOSE) }</button> }
}

/// The place of the glossary under a word, or over it where there is no room under it.
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
