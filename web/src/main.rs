//! The page: it draws Worlds, and turns gestures into statements. It contains no protocol logic.
//!
//! Invariant: every action of a user reaches the core as a statement of the language, through
//! [`player::Player::append`]; everything on the screen is read from a World or its trace.

mod api;
mod app;
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
mod scenes;
mod seldom;
mod selected;
mod settings_form;
mod share;
mod skip;
mod stage;
mod still;
mod story;
mod telling;
mod theme;
mod transport;
mod words;
mod wrong;

use app::{App, AppProps};
use kept::Kept;
use player::Player;
use quorumscope_core::settings::Preset;

fn main() {
    if clerk::serve() {
        return;
    }
    crash::install();
    theme::restore();
    let (player, problem) = first_player();
    api::install(&player);
    let embedded = share::is_embedded();
    let scene_player = player.clone();
    let props = AppProps { player, problem, embedded };
    yew::Renderer::<App>::with_props(props).render();
    open_scene(&scene_player);
    api::ready();
}

/// Opens the scene that the address names, unless a reload has brought a run back.
fn open_scene(player: &Player) {
    if let Some(id) = share::scene().filter(|_| Kept::here().is_none()) {
        let complain = player.clone();
        scenes::open(player, id, yew::Callback::from(move |why| complain.complain(why)));
    }
}

/// The run that was on the page before a reload, else the one in the address, else a Raft cluster.
fn first_player() -> (Player, Option<String>) {
    if let Some(kept) = Kept::here() {
        let player = Player::new(quorumscope_core::run::Run::of(Preset::Raft));
        if kept.open(&player) {
            return (player, None);
        }
    }
    match share::from_address() {
        Ok(None) => (opening::fresh(Preset::Raft), None),
        Ok(Some(opened)) => {
            let player = Player::new(quorumscope_core::run::Run::of(Preset::Raft));
            let problem = opening::follow(&player, opened);
            (player, problem)
        }
        Err(why) => (opening::fresh(Preset::Raft), Some(why)),
    }
}
