//! The answer to a question about a file of operations: the sentence, what the file cannot tell,
//! and the moments of the operations that matter, each linked to its bar.

use crate::app::with_terms;
use crate::clerk::Explained;
use crate::icons;
use crate::lanes::Stroke;
use crate::panels::why::step;
use crate::transport::scale;
use quorumscope_core::explain::{self, Entry};
use quorumscope_core::time::Time;
use quorumscope_core::view::FileStep;
use std::rc::Rc;
use yew::prelude::*;

/// The properties of the answer.
#[derive(PartialEq, Properties)]
pub struct ExplainedProps {
    /// The answer of the worker.
    pub explained: Rc<Explained>,
    /// Called with the bar that is to be shown.
    pub on_show: Callback<Stroke>,
    /// Called when the answer is closed.
    pub on_close: Callback<MouseEvent>,
}

/// The answer. Terms are defined inside it, because a popover of the page would lie under the
/// dialog.
#[component]
pub fn ExplainedCard(props: &ExplainedProps) -> Html {
    let ExplainedProps { explained, on_show, on_close } = props;
    let defined = use_state(|| None::<&'static Entry>);
    let chosen = use_state(|| None::<u32>);
    {
        // A new answer has other terms and other moments.
        let (defined, chosen) = (defined.clone(), chosen.clone());
        use_effect_with(Rc::clone(explained), move |_| {
            defined.set(None);
            chosen.set(None);
        });
    }
    let define = {
        let defined = defined.clone();
        Callback::from(move |entry| defined.set(Some(entry)))
    };
    let terms = |text: &str| with_terms(&explain::marked(text), &define);
    let moment = |(told, bar): (&FileStep, &Stroke)| {
        let (on, chosen_now, bar, event) = (on_show.clone(), chosen.clone(), *bar, told.event);
        let go = Callback::from(move |()| {
            chosen_now.set(Some(event));
            on.emit(bar);
        });
        let is_chosen = *chosen == Some(event);
        html! {
            <li key={event} class={classes!("root", is_chosen.then_some("chosen"))}>{ step(&when(told), &told.text, is_chosen, &go, &define) }</li>
        }
    };
    let why = &explained.why;
    html! {
        <section class="why explained" aria-label="Why?">
            <div class="card">
                <div class="asked">
                    <h2 class="mono">{ &why.question }</h2>
                    <button type="button" class="icon" aria-label="Close the answer" onclick={on_close.clone()}>{ icons::stroke(icons::CLOSE) }</button>
                </div>
                <p class="answer" role="status">{ terms(&why.sentence) }</p>
                <ul class="missing" aria-label="What else is to be said">
                    { for why.missing.iter().map(|clause| html! { <li key={clause.clone()}>{ terms(clause) }</li> }) }
                </ul>
                <div>{ for defined.map(|entry| html! {
                    <p class="definition" role="note"><b>{ entry.term }</b>{ " " }{ with_terms(entry.text, &define) }</p>
                }) }</div>
            </div>
            <ol class="chain" aria-label="What happened, oldest first">
                { for why.chain.iter().zip(&explained.bars).map(moment) }
            </ol>
        </section>
    }
}

fn when(step: &FileStep) -> String {
    let at = step.at.map(|ms| scale::moment(Time::from_us((ms * 1_000.0).round() as u64)));
    at.unwrap_or_else(|| format!("event {}", step.event))
}
