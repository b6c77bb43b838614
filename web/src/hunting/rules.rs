//! The panel of rules: each with its promise, its reason, its source and a switch, and a hunt that
//! shows the purpose of it.

use super::finder::STOP;
use super::{Hunting, Opening, USUAL_MS, script};
use crate::dom;
use crate::panels::capital;
use crate::player::Player;
use crate::still::Drawn;
use quorumscope_core::view::RuleState;
use yew::prelude::*;

/// The input of the panel's drawing.
#[derive(PartialEq)]
pub struct Rules {
    /// The player.
    pub player: Player,
    /// The index of the cluster.
    pub cluster: usize,
    /// The rules of its protocol at the playhead.
    pub rules: Vec<RuleState>,
    /// Called with a sentence about a problem, or None.
    pub on_problem: Callback<Option<String>>,
}

impl Drawn for Rules {
    fn draw(&self) -> Html {
        html! {
            <div class="rules">
                if self.rules.is_empty() {
                    <p class="empty">{ "This system has no rules that can be switched off." }</p>
                }
                <ul>{ for self.rules.iter().map(|rule| self.one(rule)) }</ul>
            </div>
        }
    }
}

impl Rules {
    fn one(&self, rule: &RuleState) -> Html {
        let (name, on, breaks, cluster) = (rule.name, rule.on, rule.breaks, self.cluster);
        let (player, problem) = (self.player.clone(), self.on_problem.clone());
        let switch = move |_: Event| {
            let word = if on { "off" } else { "on" };
            problem.emit(player.append(&format!("rule {name} {word}")).err());
        };
        let (player, problem) = (self.player.clone(), self.on_problem.clone());
        let show = move |_: MouseEvent| {
            let options = script::without_rule(&player, cluster, name, breaks);
            let begun = Hunting::here().start(&player, options, USUAL_MS, Opening::Play);
            if begun.is_ok() {
                // The hunt goes on above the rules.
                dom::unfold(".hunting", STOP);
            }
            problem.emit(begun.err());
        };
        html! {
            <li key={name} class={(!on).then_some("off")}>
                <label>
                    <input type="checkbox" checked={on} onchange={switch} />
                    <b class="mono">{ name }</b>
                </label>
                <p>{ format!("{}.", capital(rule.promise)) }</p>
                <p>{ rule.why }</p>
                <p class="soft">{ format!("Without it: {}", rule.without) }</p>
                <p class="soft">{ format!("Source: {}", rule.source) }</p>
                if breaks.is_some() {
                    <button type="button" class="add" onclick={show} aria-label={format!("Show me why this rule is there: {name}")}>{ "Show me why this rule is there" }</button>
                }
            </li>
        }
    }
}
