//! Why something in a file of operations is as it is: the answer, what the file does not tell, and
//! the moments of the operations that matter, each a way to its bar.

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

/// What is shown, and who is told.
#[derive(PartialEq, Properties)]
pub struct ExplainedProps {
    /// What was found out.
    pub explained: Rc<Explained>,
    /// Told which bar is to be shown.
    pub on_show: Callback<Stroke>,
    /// Told that it is read.
    pub on_close: Callback<MouseEvent>,
}

/// The answer. Its terms are explained under it: what lies over the page lies under the sheet.
#[component]
pub fn ExplainedCard(props: &ExplainedProps) -> Html {
    let ExplainedProps { explained, on_show, on_close } = props;
    let defined = use_state(|| None::<&'static Entry>);
    let chosen = use_state(|| None::<u32>);
    {
        // Another answer has other terms and other moments.
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
