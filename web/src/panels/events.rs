//! The panel with the list of events in plain sentences.

use crate::still::Drawn;
use crate::transport::scale;
use quorumscope_core::ids::EventId;
use quorumscope_core::time::Time;
use quorumscope_core::why::Question;
use std::rc::Rc;
use yew::prelude::*;

/// A line of the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Its cluster and its event.
    pub key: (usize, EventId),
    /// The time of the event.
    pub at: Time,
    /// The sentence.
    pub text: Rc<str>,
    /// True for faults.
    pub bad: bool,
}

/// The input of the panel's drawing.
#[derive(PartialEq)]
pub struct Events {
    /// The lines, oldest first.
    pub lines: Vec<Line>,
    /// The selected event, wherever it was selected.
    pub selected: Option<(usize, EventId)>,
    /// Called with the event that the user selects.
    pub on_select: Callback<(usize, EventId)>,
    /// Called with a question and its cluster.
    pub on_ask: Callback<(Option<usize>, Question)>,
}

impl Drawn for Events {
    fn draw(&self) -> Html {
        if self.lines.is_empty() {
            return html! { <p class="empty">{ "Nothing worth a sentence has happened yet." }</p> };
        }
        let last = self.lines.last().map(|l| l.key);
        let line = |l: &Line| {
            let (key, on) = (l.key, self.on_select.clone());
            let ask = self.on_ask.clone();
            let why = move |_| ask.emit((Some(key.0), Question::Event(key.1)));
            let chosen = self.selected == Some(key);
            let class = classes!(
                (Some(l.key) == last).then_some("now"),
                l.bad.then_some("bad"),
                chosen.then_some("chosen")
            );
            html! {
                <li key={format!("{}-{}", l.key.0, l.key.1.0)} {class}>
                    <button type="button" title="Go to this moment" aria-current={chosen.then_some("true")} onclick={move |_| on.emit(key)}>
                        <span class="at mono">{ scale::moment(l.at) }</span><span>{ &*l.text }</span>
                    </button>
                    <button type="button" class="ask" aria-label={format!("Why? {}", l.text)} onclick={why}>{ "Why?" }</button>
                </li>
            }
        };
        html! { <ol class="events" reversed=true>{ for self.lines.iter().rev().map(line) }</ol> }
    }
}
