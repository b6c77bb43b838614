//! Breakpoints: conditions at which playing stops.

use crate::icons;
use crate::player::Player;
use crate::still::Drawn;
use quorumscope_core::condition::{Breakpoint, FORMS, MAX_BYTES};
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// What the panel is drawn from.
#[derive(PartialEq)]
pub struct Breakpoints {
    /// The player.
    pub player: Player,
    /// All of them, oldest first.
    pub list: Vec<Breakpoint>,
    /// The one that playing was stopped by, while it stands there.
    pub stopped: Option<u32>,
    /// Told what is wrong with a condition; None: nothing.
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

/// The line in which a condition is written, and what can be written there.
#[component]
fn NewBreakpoint(props: &NewProps) -> Html {
    let input = use_node_ref();
    let onsubmit = {
        let (player, problem, input) =
            (props.player.clone(), props.on_problem.clone(), input.clone());
        move |e: SubmitEvent| {
            e.prevent_default();
            let Some(input) = input.cast::<HtmlInputElement>() else { return };
            let added = player.add_breakpoint(&input.value());
            if added.is_ok() {
                input.set_value("");
            }
            problem.emit(added.err());
        }
    };
    let form = |(example, meaning): &(&'static str, &'static str)| {
        let (input, example) = (input.clone(), *example);
        let onclick = move |_: MouseEvent| {
            if let Some(input) = input.cast::<HtmlInputElement>() {
                input.set_value(example);
                let _ = input.focus();
            }
        };
        html! {
            <li key={example}>
                <button type="button" class="mono" {onclick}>{ example }</button><span>{ *meaning }</span>
            </li>
        }
    };
    html! {
        <div class="card">
            <form class="line" {onsubmit}>
                <input type="text" aria-label="Condition" placeholder="leader elected" ref={input.clone()}
                    class="mono" maxlength={MAX_BYTES.to_string()} autocomplete="off" autocapitalize="off" spellcheck="false" />
                <button type="submit" class="add">{ "Stop when" }</button>
            </form>
            <details class="forms">
                <summary>{ "What can be written" }</summary>
                <ul>{ for FORMS.iter().map(form) }</ul>
            </details>
        </div>
    }
}
