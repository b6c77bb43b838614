//! The form of a cluster's settings, and the chips that show which of them are not as usual.
//!
//! The form has a field for each row of the table of settings. A setting that can change while the
//! cluster runs becomes a statement of the console (`set …`); any other one begins the run anew with
//! another `cluster` line.

mod change;

pub use change::{Scope, chips, rows, submit};

use crate::icons;
use crate::player::Player;
use change::Row;
use quorumscope_core::settings::Kind;
use web_sys::{HtmlDialogElement, HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// Latencies that can be chosen at once: the name, and how the language writes them.
const LATENCIES: [(&str, &str); 3] =
    [("One rack", "0.2ms..0.6ms"), ("One region", "1ms..4ms"), ("Across the world", "60ms..140ms")];

/// The properties of the form.
#[derive(PartialEq, Properties)]
pub struct SettingsProps {
    /// The player.
    pub player: Player,
    /// Called when the form is to be closed.
    pub on_close: Callback<()>,
}

/// The form. It keeps the focus, and Escape closes it.
#[component]
pub fn Settings(props: &SettingsProps) -> Html {
    let dialog = use_node_ref();
    {
        let dialog = dialog.clone();
        use_effect_with((), move |()| {
            if let Some(dialog) = dialog.cast::<HtmlDialogElement>() {
                // The dialog was not open before, so this cannot fail.
                let _ = dialog.show_modal();
            }
        });
    }
    let scope = use_state(|| Scope::All);
    // The setting that was changed last, and the sentence that says what came of it.
    let outcome = use_state(|| None::<(String, Result<String, String>)>);
    let on_change = {
        let (player, outcome, scope) = (props.player.clone(), outcome.clone(), scope.clone());
        Callback::from(move |(name, value): (String, String)| {
            let told = submit(&player, *scope, &name, &value);
            outcome.set(Some((name, told)));
        })
    };
    let on_close = &props.on_close;
    // Keyboard shortcuts of the page have no effect while the dialog is open.
    let onkeydown = |e: KeyboardEvent| e.stop_propagation();
    let session = props.player.session();
    let titles: Vec<_> =
        session.run().clusters.iter().map(|c| c.preset.traits().title.to_owned()).collect();
    let rows = rows(session.run(), *scope);
    drop(session);
    let (live, fixed): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.live);
    let field = |row: &Row| draw(row, outcome.as_ref(), &on_change);
    html! {
        <dialog class="sheet settings" ref={dialog} aria-label="Settings" onclose={on_close.reform(|_: Event| ())} {onkeydown}>
            <header>
                <h1>{ "Settings" }</h1>
                { scopes(&titles, &scope) }
                <span class="grow"></span>
                <button type="button" class="icon" aria-label="Close" title="Back to the run" onclick={on_close.reform(|_: MouseEvent| ())}>{ icons::stroke(icons::CLOSE) }</button>
            </header>
            <p role="status" class="soft">{ match outcome.as_ref() {
                Some((_, Ok(said))) => said.clone(),
                _ => "Enter takes a value. Each change is a statement, and can be undone.".to_owned(),
            } }</p>
            <h2>{ "Can change while it runs" }</h2>
            <div class="fields">{ for live.iter().map(field) }</div>
            <h2>{ "Begins the run anew" }</h2>
            <p class="latencies">{ "Latency: " }{ for LATENCIES.iter().map(|(name, value)| {
                let onclick = on_change.reform(move |_: MouseEvent| ("latency".to_owned(), (*value).to_owned()));
                html! { <button key={*name} type="button" title={*value} {onclick}>{ *name }</button> }
            }) }</p>
            <div class="fields">{ for fixed.iter().map(field) }</div>
        </dialog>
    }
}

/// Which cluster of several is meant.
fn scopes(titles: &[String], scope: &UseStateHandle<Scope>) -> Html {
    if titles.len() < 2 {
        return Html::default();
    }
    let options = std::iter::once((Scope::All, "all clusters".to_owned()));
    let each = titles.iter().enumerate().map(|(i, t)| (Scope::One(i), t.clone()));
    html! {
        <div role="group" aria-label="Cluster of the settings">{ for options.chain(each).enumerate().map(|(i, (which, name))| {
            let handle = scope.clone();
            let onclick = move |_: MouseEvent| handle.set(which);
            html! { <button key={i} type="button" aria-pressed={(**scope == which).to_string()} {onclick}>{ name }</button> }
        }) }</div>
    }
}

fn draw(
    row: &Row,
    outcome: Option<&(String, Result<String, String>)>,
    on_change: &Callback<(String, String)>,
) -> Html {
    let id = format!("setting-{}", row.name);
    let note = format!("{id}-note");
    let wrong =
        outcome.filter(|(name, _)| name == row.name).and_then(|(_, told)| told.as_ref().err());
    let name = row.name.to_owned();
    let choices: Option<Vec<&str>> = match row.kind {
        Kind::Switch => Some(vec!["on", "off"]),
        Kind::Choice(words) => Some(words.to_vec()),
        _ => None,
    };
    let control = match choices {
        Some(words) => {
            let onchange = on_change.reform(move |e: Event| {
                let select: HtmlSelectElement = e.target_unchecked_into();
                (name.clone(), select.value())
            });
            html! {
                <select id={id.clone()} aria-describedby={note.clone()} {onchange}>{ for words.into_iter().map(|word| html! {
                    <option key={word} value={word} selected={word == row.value}>{ word }</option>
                }) }</select>
            }
        }
        None => {
            let onchange = on_change.reform(move |e: Event| {
                let input: HtmlInputElement = e.target_unchecked_into();
                (name.clone(), input.value())
            });
            html! {
                <input id={id.clone()} type="text" autocomplete="off" spellcheck="false" value={row.value.clone()}
                    aria-describedby={note.clone()} aria-invalid={wrong.is_some().to_string()} {onchange} />
            }
        }
    };
    html! {
        <div key={row.name} class={classes!("field", (!row.is_usual).then_some("changed"))}>
            <label for={id}>{ row.name }</label>
            { control }
            <small id={note}>{ format!("{}; {}.", row.doc, row.range) }
                { for wrong.map(|why| html! { <strong role="alert">{ why }</strong> }) }
            </small>
        </div>
    }
}
