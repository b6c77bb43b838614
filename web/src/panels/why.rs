//! The panel of `why`: the answer to a question, what is missing, and the chain of causes, newest
//! first. Each step of the chain leads to its moment.

use crate::app::with_terms;
use crate::asked::Asked;
use crate::still::Drawn;
use crate::transport::scale;
use quorumscope_core::explain::{self, Entry};
use quorumscope_core::ids::EventId;
use quorumscope_core::time::Time;
use quorumscope_core::why::{Link, Question, Step};
use std::rc::Rc;
use yew::prelude::*;

/// The input of the panel's drawing.
#[derive(PartialEq)]
pub struct Why {
    /// The last question and its answer, if there is one.
    pub asked: Option<Rc<Asked>>,
    /// The title of the cluster that the question was about, if there are several.
    pub subject: Option<AttrValue>,
    /// The selected event, and its cluster.
    pub selected: Option<(usize, EventId)>,
    /// True if the playhead has moved since the question.
    pub moved: bool,
    /// Called with the event that the user selects.
    pub on_select: Callback<(usize, EventId)>,
    /// Called with a question.
    pub on_ask: Callback<(Option<usize>, Question)>,
    /// Called with a time to seek to.
    pub on_seek: Callback<Time>,
    /// Called with the term that the user wants defined.
    pub define: Callback<&'static Entry>,
}

impl Drawn for Why {
    fn draw(&self) -> Html {
        let Some(asked) = &self.asked else { return self.nothing() };
        html! {
            <div class="why">
                <div class="card">
                    { self.head(asked) }
                    <p class="answer">{ self.explained(&asked.answer.sentence) }</p>
                    { self.missing(&asked.answer.missing) }
                </div>
                { self.chain(asked) }
            </div>
        }
    }
}

impl Why {
    fn nothing(&self) -> Html {
        let on = self.on_ask.clone();
        html! {
            <div class="why empty">
                <p>{ "Nothing was asked yet. Click a node, a client or a message and choose a question, or type why n2 below." }</p>
                <button type="button" class="ask" onclick={move |_| on.emit((None, Question::Now))}>{ "Why is it as it is now?" }</button>
            </div>
        }
    }

    /// The question, its time, and a button to ask it again.
    fn head(&self, asked: &Asked) -> Html {
        let (question, again) = (asked.answer.question.clone(), self.on_ask.clone());
        let (at, back, cluster) = (asked.at, self.on_seek.clone(), asked.cluster);
        html! {
            <div class="asked">
                <h2 class="mono">{ question.to_string() }</h2>
                { for self.subject.iter().map(|subject| html! { <span class="subject">{ subject }</span> }) }
                <button type="button" class="at mono" title="Go to where it was asked" onclick={move |_| back.emit(at)}>{ format!("at {}", scale::moment(at)) }</button>
                if self.moved {
                    <button type="button" class="ask" onclick={move |_| again.emit((Some(cluster), question.clone()))}>{ "Ask again now" }</button>
                }
            </div>
        }
    }

    /// A sentence whose terms can be clicked.
    fn explained(&self, sentence: &str) -> Html {
        with_terms(&explain::marked(sentence), &self.define)
    }

    fn missing(&self, missing: &[String]) -> Html {
        if missing.is_empty() {
            return html! { <div></div> };
        }
        let one =
            |clause: &String| html! { <li key={clause.clone()}>{ self.explained(clause) }</li> };
        html! {
            <div class="missing">
                <h3 id="missing">{ "What is missing, or in the way" }</h3>
                <ul aria-labelledby="missing">{ for missing.iter().map(one) }</ul>
            </div>
        }
    }

    fn chain(&self, asked: &Asked) -> Html {
        if asked.answer.chain.is_empty() {
            return html! { <div></div> };
        }
        let cluster = asked.cluster;
        let step = |step: &Step| {
            let (key, on) = ((cluster, step.event), self.on_select.clone());
            let chosen = self.selected == Some(key);
            let (class, how) = how(step.link);
            let go = Callback::from(move |()| on.emit(key));
            html! {
                <li key={step.event.0} class={classes!(class, chosen.then_some("chosen"))}>
                    { self::step(&scale::moment(step.at), &step.text, chosen, &go, &self.define) }
                    <span class="how">{ how }</span>
                </li>
            }
        };
        html! {
            <ol class="chain" reversed=true aria-label="What it comes from, newest first">
                { for asked.answer.chain.iter().rev().map(step) }
            </ol>
        }
    }
}

/// A step: a button with its time, and its sentence, whose terms can be clicked. The button covers
/// all of the step except the terms (`why.css`), because buttons cannot be nested.
pub fn step(
    at: &str,
    text: &str,
    chosen: bool,
    go: &Callback<()>,
    define: &Callback<&'static Entry>,
) -> Html {
    let go = go.clone();
    html! {
        <div class="step">
            <button type="button" class="at mono" title="Go to this moment" aria-label={format!("{at} {text}")} aria-current={chosen.then_some("true")} onclick={move |_| go.emit(())}>{ at }</button>
            <span class="what">{ with_terms(&explain::marked(text), define) }</span>
        </div>
    }
}

/// The class and the words for the link between a step and the older one below it.
const fn how(link: Link) -> (&'static str, &'static str) {
    match link {
        Link::Root => ("root", "Here it began."),
        Link::Led => ("led", "because"),
        Link::Kept => ("kept", "what should have come was kept away by"),
        Link::Let => ("let", "the way was made by"),
    }
}
