//! The parts of the page that the second module brings.

use super::{App, Msg, listeners};
use crate::import::Importer;
use crate::kept::{Keeper, Kept};
use crate::later::late;
use crate::panels::console::Line;
use crate::player::Player;
use gloo_events::EventListener;
use yew::html::Scope;
use yew::prelude::*;

/// Functions that are called once the second module is there.
#[derive(Clone, Copy)]
pub struct Rest {
    /// Handles a message.
    pub update: fn(&mut App, &Context<App>, Msg),
    /// Draws what is in the side dock.
    pub side: fn(&App, &Context<App>) -> Html,
    /// Draws what is in the dock under the stage.
    pub bottom: fn(&App, &Context<App>) -> Html,
    /// Keeps the focus near and the run for the next visit, until the listeners are dropped.
    pub listeners: fn(&Context<App>, Keeper) -> Vec<EventListener>,
    /// Stores the run where a reload finds it, if it has changed.
    pub keep: fn(&Keeper, &Player),
    /// The run of an earlier visit, unless a reload has brought it back.
    pub last: fn() -> Option<Kept>,
    /// Draws offers over the stage.
    pub offers: fn(&App) -> Html,
    /// Carries out a line of the console. True if it could be.
    pub enter: fn(&Player, &Scope<App>, Line) -> bool,
    /// Draws the sentences at the top.
    pub sentences: fn(&App) -> Html,
    /// Draws the comparison of clusters.
    pub comparison: fn(&App) -> Html,
    /// Draws menus and notices.
    pub overlays: fn(&App, &Player) -> Html,
    /// Draws the importer, which takes files.
    pub importer: fn(&App, &Context<App>) -> Html,
}

late!(
    Rest = Rest {
        update: App::carry_out,
        side: App::in_side,
        bottom: App::in_bottom,
        listeners: listeners::of_the_rest,
        keep: Keeper::look,
        last,
        offers: App::offers,
        enter: App::enter,
        sentences: App::present,
        comparison: App::comparison,
        overlays: App::overlays,
        importer,
    }
);

fn importer(app: &App, ctx: &Context<App>) -> Html {
    html! { <Importer player={ctx.props().player.clone()} on_outcome={app.on.outcome.clone()} /> }
}

fn last() -> Option<Kept> {
    if Kept::here().is_some() { None } else { Kept::last() }
}
