//! The console: one line of the language, with history and completion, and what was said last.

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

/// The id of the text box.
const ID: &str = "console";
/// What finds it.
pub const FIELD: &str = "#console";

/// A statement that was carried out, or an answer that was given.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// Its place in the run; of an answer, before which statement it was given.
    pub place: usize,
    /// Which of the answers it is, if it is one.
    answer: Option<usize>,
    /// When.
    pub at: Time,
    /// What.
    pub text: String,
}

impl Said {
    /// A statement.
    #[must_use]
    pub fn statement(place: usize, at: Time, text: String) -> Self {
        Self { place, answer: None, at, text }
    }

    /// An answer, given before the statement at that place.
    #[must_use]
    pub fn answer(place: usize, number: usize, at: Time, text: String) -> Self {
        Self { place, answer: Some(number), at, text }
    }

    /// In which order they are shown: answers before the statement that came after them.
    #[must_use]
    pub fn order(&self) -> (usize, usize) {
        (self.place, self.answer.unwrap_or(usize::MAX))
    }
}

/// What the console shows and whom it tells.
#[derive(PartialEq, Properties)]
pub struct ConsoleProps {
    /// The player, for what the cluster has.
    pub player: Player,
    /// The last statements of the run, and the last answers, oldest first.
    pub said: Vec<Said>,
    /// The cluster that questions are asked of.
    pub cluster: usize,
    /// A beginning that was put into it from elsewhere, with a number that counts up.
    pub typed: (u32, String),
    /// Told what was entered; true if it was carried out.
    pub on_enter: Callback<Line, bool>,
}

/// A line that was entered.
pub struct Line {
    /// What it says.
    pub text: String,
    /// The cluster that people look at.
    pub cluster: usize,
}

/// The console. To assistive technology it is a text box, as everybody is promised.
#[component]
pub fn Console(props: &ConsoleProps) -> Html {
    let list = use_node_ref();
    {
        let list = list.clone();
        // The newest line is the one that was waited for.
        use_effect_with(props.said.last().cloned(), move |_| {
            // How tall it is the browser knows with the next frame; asked now, it would have to lay out
            // the page twice.
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

/// Statements first, then questions.
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
