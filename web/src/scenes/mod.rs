//! The menu of scenes: runs that tell a story, one card each, loaded when the menu opens.
//!
//! Scenes lie beside the program (`scenes/index.json` and a script each), so that they cost nothing
//! before anybody wants one.

mod card;
mod files;

pub use card::Card;

use crate::choice::Choice;
use crate::icons;
use crate::language;
use crate::player::Player;
use quorumscope_core::run::Run;
use quorumscope_core::settings::Preset;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlDialogElement, HtmlInputElement};
use yew::prelude::*;

/// Loads the list of scenes.
///
/// # Errors
/// One sentence where the list cannot be fetched.
pub async fn list() -> Result<Vec<Card>, String> {
    let text = files::text("scenes/index.json").await?;
    serde_json::from_str(&text).map_err(|_| "the list of scenes cannot be read".to_owned())
}

/// Loads a scene.
///
/// # Errors
/// One sentence where there is none of that name, or it cannot be fetched.
pub async fn run(id: &str) -> Result<Run, String> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if id.is_empty() || !id.chars().all(is_name) {
        return Err(format!("there is no scene {id}"));
    }
    let text = files::text(&format!("scenes/{id}.qs")).await;
    language::run(&text.map_err(|why| format!("the scene {id} cannot be opened: {why}"))?)
}

/// Opens a scene and plays it from its beginning. `failed` is told why it could not be opened.
pub fn open(player: &Player, id: String, failed: Callback<String>) {
    let player = player.clone();
    spawn_local(async move {
        match run(&id).await {
            Ok(run) => player.present(run),
            Err(why) => failed.emit(why),
        }
    });
}

/// The properties of the menu.
#[derive(PartialEq, Properties)]
pub struct ScenesProps {
    /// The player.
    pub player: Player,
    /// Called when the menu is to be closed.
    pub on_close: Callback<()>,
    /// Told what went wrong.
    pub on_problem: Callback<String>,
}

type Listed = Result<Rc<Vec<Card>>, String>;

/// The menu. It keeps the focus, and Escape closes it.
#[component]
pub fn Scenes(props: &ScenesProps) -> Html {
    let dialog = use_node_ref();
    let listed = use_state(|| None::<Listed>);
    {
        let (dialog, listed) = (dialog.clone(), listed.clone());
        use_effect_with((), move |()| {
            if let Some(dialog) = dialog.cast::<HtmlDialogElement>() {
                // The dialog was not open before, so this cannot fail.
                let _ = dialog.show_modal();
            }
            spawn_local(async move { listed.set(Some(list().await.map(Rc::new))) });
        });
    }
    let (query, system) = (use_state(String::new), use_state(String::new));
    let oninput = {
        let query = query.clone();
        move |e: InputEvent| {
            let input: HtmlInputElement = e.target_unchecked_into();
            query.set(input.value());
        }
    };
    let on_choose = {
        let system = system.clone();
        Callback::from(move |chosen: String| system.set(chosen))
    };
    let on_open = {
        let (player, close) = (props.player.clone(), props.on_close.clone());
        let failed = props.on_problem.clone();
        Callback::from(move |id: String| {
            close.emit(());
            open(&player, id, failed.clone());
        })
    };
    let on_close = &props.on_close;
    // Keyboard shortcuts of the page have no effect while the dialog is open.
    let onkeydown = |e: KeyboardEvent| e.stop_propagation();
    html! {
        <dialog class="sheet scenes" ref={dialog} aria-label="Scenes" onclose={on_close.reform(|_: Event| ())} {onkeydown}>
            <header>
                <h1>{ "Scenes" }</h1>
                <input type="search" aria-label="Search scenes" placeholder="lost write, split brain, lease …" value={(*query).clone()} {oninput} />
                <div class="pick"><Choice name="System" options={systems()} value={(*system).clone()} {on_choose} /></div>
                <span class="grow"></span>
                <button type="button" class="icon" aria-label="Close" title="Back to the run" onclick={on_close.reform(|_: MouseEvent| ())}>{ icons::stroke(icons::CLOSE) }</button>
            </header>
            { match &*listed {
                None => html! { <p class="soft">{ "The list is on its way." }</p> },
                Some(Err(why)) => html! { <p class="soft">{ format!("The scenes cannot be shown: {why}.") }</p> },
                Some(Ok(all)) => cards(all, &query, &system, &on_open),
            } }
        </dialog>
    }
}

/// The choices of the list of systems.
fn systems() -> Vec<(String, String)> {
    let all = [(String::new(), "All systems".to_owned())];
    let named = Preset::ALL.map(|p| (p.name().to_owned(), p.traits().title.to_owned()));
    let several = [("comparison".to_owned(), "Comparisons".to_owned())];
    all.into_iter().chain(named).chain(several).collect()
}

fn cards(all: &[Card], query: &str, system: &str, on_open: &Callback<String>) -> Html {
    let shown: Vec<&Card> = all.iter().filter(|c| c.is_of(system) && c.matches(query)).collect();
    let count = match shown.len() {
        0 => "No scene has all these words.".to_owned(),
        1 => "1 scene".to_owned(),
        n => format!("{n} scenes"),
    };
    html! {
        <>
            <p class="soft" role="status">{ count }</p>
            <ul class="cards">{ for shown.into_iter().map(|card| card.draw(on_open)) }</ul>
        </>
    }
}
