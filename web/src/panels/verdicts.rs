//! Draws the verdicts in words: first the violations with their operations, then everything that
//! holds, then everything that is not known, with the reason.

use crate::lanes::Bar;
use crate::look::{AT_FAULT, Fate};
use crate::panels::capital;
use crate::transport::scale;
use quorumscope_core::check::Property;
use quorumscope_core::time::Time;
use quorumscope_core::view::ClusterVerdict;
use quorumscope_core::why::Question;
use yew::prelude::*;

/// The input of the drawing.
pub struct Verdicts<'a> {
    /// The verdicts on one cluster, or on a file.
    pub verdicts: Vec<&'a ClusterVerdict>,
    /// The operations at fault.
    pub faults: &'a [Bar],
    /// The names of the lanes.
    pub names: &'a [String],
    /// True if the properties of Raft are included.
    pub is_raft: bool,
    /// Called with the operation at fault that the user picks.
    pub on_pick: Callback<Bar>,
    /// Called with a question about a violated property. None if nobody can answer.
    pub on_ask: Option<Callback<Question>>,
}

/// The largest number of operations at fault in the list.
const MOST_FAULTS: usize = 12;

impl Verdicts<'_> {
    /// Draws the verdicts.
    pub fn draw(&self) -> Html {
        let told: Vec<&ClusterVerdict> =
            self.verdicts.iter().copied().filter(|v| self.is_raft || !is_of_raft(v)).collect();
        let with = |holds: Option<bool>| told.iter().copied().filter(move |v| v.holds == holds);
        let mut kept: Vec<String> = with(Some(true)).map(|v| capital(&v.property)).collect();
        let of_raft = with(Some(true)).filter(|v| is_of_raft(v)).count();
        if of_raft == all_of_raft() {
            kept.truncate(kept.len() - of_raft);
            kept.push("Raft\u{2019}s safety".into());
        }
        html! {
            <div class="verdicts">
                { for with(Some(false)).map(|v| self.violated(v)) }
                <ul>{ for kept.into_iter().map(|name| html! {
                    <li key={name.clone()} class={Fate::Answered.class()}><b aria-label="holds">{ "\u{2713}" }</b>{ name }</li>
                }) }</ul>
                { for unknown(with(None)) }
            </div>
        }
    }

    fn violated(&self, verdict: &ClusterVerdict) -> Html {
        let faults =
            self.faults.iter().filter(|bar| verdict.operations.contains(&bar.stroke.number));
        let fault = |bar: &Bar| {
            let (on, chosen) = (self.on_pick.clone(), bar.clone());
            let onclick = move |_: MouseEvent| on.emit(chosen.clone());
            let who = self.names.get(bar.stroke.lane as usize).map_or("", String::as_str);
            html! { <button key={bar.stroke.number} type="button" {onclick}><small>{ scale::moment(Time::from_us(bar.stroke.from)) }</small>{ format!("{who}: {} \u{2192} {}", bar.asks, bar.gets) }</button> }
        };
        let ask = self.on_ask.clone().zip(verdict.verdict()).map(|(on, told)| {
            let onclick = move |_: MouseEvent| on.emit(Question::Broken(told.property));
            let name = format!("Why? {} is violated", verdict.property);
            html! { <button type="button" class="ask" aria-label={name} {onclick}>{ "Why?" }</button> }
        });
        html! {
            <section key={verdict.property.clone()} class="violated">
                <h2><b aria-hidden="true">{ "\u{2717}" }</b>{ capital(&verdict.property) }<span class={AT_FAULT}>{ "violated" }</span></h2>
                <p>{ format!("{}.", verdict.text) }</p>
                <div class="faults">{ for faults.take(MOST_FAULTS).map(fault) }<span>{ for ask }</span></div>
            </section>
        }
    }
}

fn is_of_raft(verdict: &ClusterVerdict) -> bool {
    let properties = Property::ALL.iter().filter(|p| matches!(p, Property::Raft(_)));
    properties.into_iter().any(|p| p.to_string() == verdict.property)
}

fn all_of_raft() -> usize {
    Property::ALL.iter().filter(|p| matches!(p, Property::Raft(_))).count()
}

/// The unknown properties: one line for each reason.
fn unknown<'a>(verdicts: impl Iterator<Item = &'a ClusterVerdict>) -> Vec<Html> {
    let mut reasons: Vec<(&str, String)> = Vec::new();
    for verdict in verdicts {
        match reasons.iter_mut().find(|(text, _)| *text == verdict.text) {
            Some((_, names)) => names.push_str(&format!(", {}", verdict.property)),
            None => reasons.push((&verdict.text, capital(&verdict.property))),
        }
    }
    let line = |(text, names): (&str, String)| {
        html! { <p key={text.to_owned()} class="open"><b aria-hidden="true">{ "\u{2013}" }</b>{ format!("{names}: {text}.") }</p> }
    };
    reasons.into_iter().map(line).collect()
}
