//! The page as it came, before the program: markup that `cargo xtask dist` took from the program itself.
//!
//! The program takes its place at once. The sentences alone it keeps for a moment, since what makes
//! others comes with the second module; and clicks that came before anything could be done about them
//! it finds in a list, and does them.

use crate::dom;
use std::cell::RefCell;
use yew::prelude::*;

/// The sentences of the page as it came.
const SENTENCES: &str = ".say";

thread_local! {
    static CAME: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Remembers the page as it came, before the program takes its place.
pub fn remember() {
    let sentences = dom::document().and_then(|d| d.query_selector(SENTENCES).ok()?);
    CAME.set(sentences.map(|sentences| sentences.outer_html()));
}

/// The sentences that the page came with, if they still hold.
pub fn sentences(they_hold: bool) -> Html {
    let came = CAME.with_borrow(Clone::clone).filter(|_| they_hold);
    match came {
        Some(came) => Html::from_html_unchecked(came.into()),
        None => html! { <div class="say"><p class="big"></p><p class="small"></p></div> },
    }
}
