//! The console: a field for statements and questions, with history, completion and the last
//! results.

use crate::field::Field;
use crate::language;
use crate::player::Player;
use crate::transport::scale;
use quorumscope_core::explain::Scene;
use quorumscope_core::run::MAX_SCRIPT_BYTES;
use quorumscope_core::time::Time;
use quorumscope_core::why;
use web_sys::Element;
use yew::prelude::*;

/// The id of the field.
const ID: &str = "console";
/// The CSS selector of the field.
pub const FIELD: &str = "#console";

/// A statement that was run, or an answer to a question.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// The index of a statement in the run; for an answer, the index of the statement that came
    /// after it.
    pub place: usize,
    /// The number of an answer; None for a statement.
    answer: Option<usize>,
    /// The time of the playhead at that moment.
    pub at: Time,
    /// The text.
    pub text: String,
}

impl Said {
    /// A statement.
    #[must_use]
    pub fn statement(place: usize, at: Time, text: String) -> Self {
        Self { place, answer: None, at, text }
    }

    /// An answer that came before the statement with index `place`.
    #[must_use]
    pub fn answer(place: usize, number: usize, at: Time, text: String) -> Self {
        Self { place, answer: Some(number), at, text }
    }

    /// The sort key: answers come before the statement that followed them.
    #[must_use]
    pub fn order(&self) -> (usize, usize) {
        (self.place, self.answer.unwrap_or(usize::MAX))
    }
}

/// The properties of the console.
#[derive(PartialEq, Properties)]
pub struct ConsoleProps {
    /// The player, for completion.
    pub player: Player,
    /// The last statements of the run, and the last answers, oldest first.
    pub said: Vec<Said>,
    /// The cluster that questions are about.
    pub cluster: usize,
    /// Text that was put into the field from elsewhere, with a counter that tells two equal texts
    /// apart.
    pub typed: (u32, String),
    /// Called with a line that was entered. Returns true if the line was run.
    pub on_enter: Callback<Line, bool>,
}

/// A line that was entered.
pub struct Line {
    /// Its text.
    pub text: String,
    /// The cluster in view.
    pub cluster: usize,
}

/// The console. Its role for assistive technology is `textbox`, which the documented interface
/// promises.
#[component]
pub fn Console(props: &ConsoleProps) -> Html {
    let list = use_node_ref();
    {
        let list = list.clone();
        // The newest line is scrolled into view.
        use_effect_with(props.said.last().cloned(), move |_| {
            // The browser knows its height with the next frame. To ask now would cost a second
            // layout.
            let scrolls = list.cast::<Element>().map(|list| {
                gloo_render::request_animation_frame(move |_| {
                    list.set_scroll_top(list.scroll_height());
                })
            });
            move || drop(scrolls)
        });
    }
    let complete =
        use_callback((props.player.clone(), props.cluster), |text: String, (player, cluster)| {
            completions(player, *cluster, &text)
        });
    let on_enter =
        use_callback((props.on_enter.clone(), props.cluster), |text: String, (enter, cluster)| {
            enter.emit(Line { text, cluster: *cluster })
        });
    html! {
        <div class="console mono">
            { said(&props.said, &list) }
            <Field id={ID} label="Console" is_combobox=false placeholder="crash n1" most_bytes={MAX_SCRIPT_BYTES} {complete}
                {on_enter} typed={props.typed.clone()} before={html! { <b aria-hidden="true">{ "›" }</b> }} />
        </div>
    }
}

/// The completions of a text: statements first, then questions.
fn completions(player: &Player, cluster: usize, text: &str) -> Vec<String> {
    let session = player.session();
    let clusters = session.run().clusters.len();
    let cluster = cluster.min(clusters - 1);
    let mut words = language::complete(text, session.run());
    words.extend(why::complete(&Scene::of(&session, cluster), clusters, text));
    words
}

fn said(said: &[Said], list: &NodeRef) -> Html {
    let line = |s: &Said| {
        html! {
            <li key={format!("{:?}", s.order())} class={s.answer.map(|_| "answer")}><span class="at">{ scale::moment(s.at) }</span><span>{ &s.text }</span></li>
        }
    };
    html! { <ol aria-label="Statements and answers" tabindex={(!said.is_empty()).then_some("0")} ref={list.clone()}>{ for said.iter().map(line) }</ol> }
}
