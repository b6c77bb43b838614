//! The panel of breakpoints: conditions at which playing stops.

use crate::field::Field;
use crate::icons;
use crate::player::Player;
use crate::still::Drawn;
use quorumscope_core::condition::{self, Breakpoint, FORMS, MAX_BYTES};
use yew::prelude::*;

/// The input of the panel's drawing.
#[derive(PartialEq)]
pub struct Breakpoints {
    /// The player.
    pub player: Player,
    /// All breakpoints, oldest first.
    pub list: Vec<Breakpoint>,
    /// The breakpoint that stopped playing, while the playhead stands there.
    pub stopped: Option<u32>,
    /// Called with the sentence about a wrong condition, or with None if it is right.
    pub on_problem: Callback<Option<String>>,
}

impl Drawn for Breakpoints {
    fn draw(&self) -> Html {
        html! {
            <div class="breakpoints">
                <NewBreakpoint player={self.player.clone()} on_problem={self.on_problem.clone()} />
                if self.list.is_empty() {
                    <p class="empty">{ "Playing stops nowhere. Add a condition, and it stops at the event with which that comes to hold." }</p>
                }
                <ul>{ for self.list.iter().map(|b| self.one(b)) }</ul>
            </div>
        }
    }
}

impl Breakpoints {
    fn one(&self, breakpoint: &Breakpoint) -> Html {
        let Breakpoint { id, condition, on } = breakpoint;
        let (id, on) = (*id, *on);
        let text = condition.to_string();
        let (player, problem) = (self.player.clone(), self.on_problem.clone());
        let switch = move |_: Event| problem.emit(player.switch_breakpoint(id, !on).err());
        let (player, problem) = (self.player.clone(), self.on_problem.clone());
        let remove = move |_: MouseEvent| problem.emit(player.remove_breakpoint(id).err());
        let is_here = self.stopped == Some(id);
        html! {
            <li key={id} class={classes!(is_here.then_some("here"), (!on).then_some("off"))}>
                <label>
                    <input type="checkbox" checked={on} onchange={switch} />
                    <span class="mono">{ &text }</span>
                </label>
                if is_here {
                    <span class="tag">{ "stopped here" }</span>
                }
                <button type="button" class="icon" aria-label={format!("Delete {text}")} title="Delete" onclick={remove}>{ icons::stroke(icons::CLOSE) }</button>
            </li>
        }
    }
}

#[derive(PartialEq, Properties)]
struct NewProps {
    player: Player,
    on_problem: Callback<Option<String>>,
}

/// The field for a new condition, with examples.
#[component]
fn NewBreakpoint(props: &NewProps) -> Html {
    let typed = use_state(|| (0, String::new()));
    let complete = use_callback(props.player.clone(), |text: String, player| {
        condition::complete(&text, player.session().run())
    });
    let deps = (props.player.clone(), props.on_problem.clone());
    let on_enter = use_callback(deps, |text: String, (player, problem)| {
        let added = player.add_breakpoint(&text);
        let is_right = added.is_ok();
        problem.emit(added.err());
        is_right
    });
    let form = |(example, meaning): &(&'static str, &'static str)| {
        let (typed, example) = (typed.clone(), *example);
        let onclick = move |_: MouseEvent| typed.set((typed.0 + 1, example.to_owned()));
        html! {
            <li key={example}>
                <button type="button" class="mono" {onclick}>{ example }</button><span>{ *meaning }</span>
            </li>
        }
    };
    html! {
        <div class="card">
            <Field id="condition" label="Condition" placeholder="leader elected" most_bytes={MAX_BYTES} {complete} {on_enter} typed={(*typed).clone()}
                after={html! { <button type="submit" class="add">{ "Stop when" }</button> }} />
            <details class="forms">
                <summary>{ "What can be written" }</summary>
                <ul>{ for FORMS.iter().map(form) }</ul>
            </details>
        </div>
    }
}
