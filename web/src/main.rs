//! The page: it draws Worlds, and turns gestures into statements. It contains no protocol logic.
//!
//! Invariant: every action of a user reaches the core as a statement of the language, through
//! [`player::Player::append`]; everything on the screen is read from a World or its trace.

mod api;
mod app;
mod arrival;
mod asked;
mod choice;
mod clerk;
mod clock;
mod compare;
mod crash;
mod diagram;
mod divergence;
mod dom;
mod export;
mod field;
mod focus;
mod frame;
mod geometry;
mod glide;
mod header;
mod hunting;
mod icons;
mod import;
mod judging;
mod kept;
mod keys;
mod known;
mod lanes;
mod language;
mod later;
mod look;
mod memory;
mod menu;
mod model;
mod opening;
mod panels;
mod player;
mod popover;
mod px;
mod scene;
mod second;
mod seldom;
mod selected;
mod share;
mod skip;
mod stage;
mod still;
mod story;
mod theme;
mod transport;
mod words;
mod wrong;

use app::{App, AppProps};
use yew::Callback;

/// Shown while the second module cannot be fetched.
const NO_SECOND: &str =
    "the rest of this page could not be loaded yet, and is asked for again: is there a network?";

fn main() {
    if clerk::serve() {
        second::load(clerk::resign);
        return;
    }
    crash::install();
    theme::restore();
    arrival::remember();
    let ready = api::announce();
    if share::names_a_run() || kept::is_here() {
        // The parser of runs comes with the second module.
        later::when_here(|| drop(start(ready)));
        second::load(|| {});
    } else {
        let problem = start(ready);
        second::load(move || problem.emit(Some(NO_SECOND.to_owned())));
    }
}

/// Shows the page. Returns what is told of problems.
fn start(ready: api::Ready) -> Callback<Option<String>> {
    let (player, problem) = opening::first_player();
    let given = player.clone();
    let embedded = share::is_embedded();
    let props = AppProps { player, problem, embedded };
    let app = yew::Renderer::<App>::with_props(props).render();
    later::when_here(move || ready.give(&given));
    Callback::from(move |why| app.send_message(app::Msg::Problem(why)))
}
