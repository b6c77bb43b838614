//! The callbacks of the page's components. They are created once, because a new callback counts as
//! a changed property.

use super::{App, Msg, rest};
use crate::compare;
use crate::export::Export;
use crate::frame;
use crate::geometry::Anchor;
use crate::keys::Key;
use crate::panels::Tab;
use crate::panels::console::Line;
use crate::stage::Target;
use crate::stage::menu::Action;
use quorumscope_core::explain::Entry;
use quorumscope_core::ids::{EventId, MessageId, NodeId};
use quorumscope_core::run::MAX_CLUSTERS;
use quorumscope_core::settings::Preset;
use quorumscope_core::time::Time;
use quorumscope_core::why::Question;
use yew::prelude::*;

/// A callback for each action.
pub struct Callbacks {
    pub choose: Callback<Preset>,
    pub compare: Callback<compare::Change>,
    pub attend: Vec<Callback<MouseEvent>>,
    pub undo: Callback<()>,
    pub redo: Callback<()>,
    pub theme: Callback<()>,
    pub share: Callback<()>,
    pub from_the_start: Callback<MouseEvent>,
    pub last: [Callback<MouseEvent>; 2],
    pub pick: Vec<Callback<(Target, Anchor)>>,
    pub cut: Callback<Vec<String>>,
    pub problem: Callback<String>,
    pub key: Callback<Key>,
    pub outcome: Callback<Option<String>>,
    pub part: Callback<(usize, usize)>,
    pub select_message: Callback<Option<(usize, MessageId)>>,
    pub more: Callback<MouseEvent>,
    pub export: Callback<Export>,
    pub give_up: Callback<Export>,
    pub stop_here: Callback<()>,
    pub act: Callback<Action>,
    pub close_menu: Callback<()>,
    pub tab: Callback<Tab>,
    pub dock: Callback<(frame::Dock, frame::Change)>,
    pub inspect: Callback<NodeId>,
    pub ask: Callback<(Option<usize>, Question)>,
    pub seek: Callback<Time>,
    pub select: Callback<(usize, EventId)>,
    pub enter: Callback<Line, bool>,
    pub dismiss: Callback<MouseEvent>,
    pub define: Callback<&'static Entry>,
    pub close_glossary: Callback<MouseEvent>,
    pub close_share: Callback<MouseEvent>,
    pub close_part: Callback<MouseEvent>,
}

impl Callbacks {
    /// The callbacks that send messages to the page.
    pub fn new(ctx: &Context<App>) -> Self {
        let link = ctx.link();
        let player = ctx.props().player.clone();
        let alert = link.clone();
        let enter = Callback::from(move |line: Line| {
            rest::get().is_some_and(|rest| (rest.enter)(&player, &alert, line))
        });
        let pick = |cluster| link.callback(move |(target, at)| Msg::Pick(cluster, target, at));
        let attend = |cluster| link.callback(move |_| Msg::Attend(cluster));
        Self {
            choose: link.callback(Msg::Choose),
            compare: link.callback(Msg::Compare),
            attend: (0..MAX_CLUSTERS).map(attend).collect(),
            undo: link.callback(|()| Msg::Undo),
            redo: link.callback(|()| Msg::Redo),
            theme: link.callback(|()| Msg::Theme),
            share: link.callback(|()| Msg::Share),
            from_the_start: link.callback(|_| Msg::FromTheStart),
            last: [true, false].map(|wanted| link.callback(move |_| Msg::Last(wanted))),
            pick: (0..MAX_CLUSTERS).map(pick).collect(),
            cut: link.callback(Msg::Say),
            problem: link.callback(|why| Msg::Problem(Some(why))),
            key: link.callback(Msg::Key),
            outcome: link.callback(Msg::Problem),
            part: link.callback(|(one, other)| Msg::Part(one, other)),
            select_message: link.callback(Msg::SelectMessage),
            more: link.callback(|_| Msg::MoreMessages),
            export: link.callback(Msg::Export),
            give_up: link.callback(Msg::GiveUp),
            stop_here: link.callback(|()| Msg::StopHere),
            act: link.callback(Msg::Do),
            close_menu: link.callback(|()| Msg::CloseMenu),
            tab: link.callback(Msg::Show),
            dock: link.callback(|(dock, change)| Msg::Dock(dock, change)),
            inspect: link.callback(Msg::Inspect),
            ask: link.callback(|(cluster, question)| Msg::Ask(cluster, question)),
            seek: link.callback(Msg::Seek),
            select: link.callback(|(cluster, event)| Msg::Select(cluster, event)),
            enter,
            dismiss: link.callback(|_| Msg::Dismiss),
            define: link.callback(|entry| Msg::Define(Some(entry))),
            close_glossary: link.callback(|_| Msg::Define(None)),
            close_share: link.callback(|_| Msg::CloseShare),
            close_part: link.callback(|_| Msg::ClosePart),
        }
    }
}
