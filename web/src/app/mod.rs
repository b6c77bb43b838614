//! The page: its parts, and the effects of users' actions.

mod asking;
mod callbacks;
mod deeds;
mod docks;
mod exports;
mod headline;
mod listeners;
mod message;
mod overlays;
mod stages;

pub use headline::with_terms;
pub use message::Msg;

use crate::asked::Asked;
use crate::crash;
use crate::dom;
use crate::frame::Frame;
use crate::geometry::Anchor;
use crate::header::Header;
use crate::import::Importer;
use crate::kept::{Keeper, Kept};
use crate::model::{Memory, Model};
use crate::opening;
use crate::panels::console::Said;
use crate::player::Player;
use crate::selected::Selected;
use crate::share;
use crate::skip::Skips;
use crate::stage::Target;
use crate::still::still;
use crate::theme;
use crate::transport::Transport;
use callbacks::Callbacks;
use exports::Exporting;
use gloo_events::EventListener;
use quorumscope_core::explain::Entry;
use quorumscope_core::ids::{EventId, NodeId};
use quorumscope_core::run::Setup;
use quorumscope_core::time::Time;
use std::rc::Rc;
use yew::prelude::*;

/// The properties of the page.
#[derive(PartialEq, Properties)]
pub struct AppProps {
    /// The player.
    pub player: Player,
    /// The sentence about a problem with the address, if there is one.
    pub problem: Option<String>,
    /// True if only stage and transport are shown.
    pub embedded: bool,
}

/// An open menu.
struct Open {
    cluster: usize,
    target: Target,
    at: Anchor,
}

/// The place where two branches first differ, in sentences.
struct Parting {
    at: Time,
    lines: [String; 2],
}

/// The component of the page.
pub struct App {
    memory: Memory,
    model: Model,
    frame: Frame,
    /// The cluster that the headline and the panels are about.
    cluster: usize,
    /// The node that the user selected. Until then the panel follows the leader.
    chosen: Option<NodeId>,
    /// The event that the user selected, in whatever view.
    selected: Option<Selected>,
    /// The last question and its answer.
    asked: Option<Rc<Asked>>,
    /// The answers that the console repeats, oldest first.
    told: Vec<Said>,
    menu: Option<Open>,
    parting: Option<Parting>,
    shared: Option<(String, bool)>,
    exports: Vec<Exporting>,
    alert: Option<String>,
    live: Rc<str>,
    /// The note about a jump without a target, while the playhead stays.
    note: Option<(Time, Rc<str>)>,
    announced: EventId,
    /// The time until which no further event is announced, by the page's clock, in milliseconds.
    quiet_until_ms: f64,
    /// The revision of the run whose link is stored for the crash page.
    remembered: Option<u64>,
    keeper: Keeper,
    /// The run that an earlier visit left, until it is opened or removed.
    last: Option<Kept>,
    /// The clusters that announcements are about.
    clusters: Vec<Setup>,
    link: String,
    typed: (u32, String),
    /// The selector of the element that takes the focus after the next render.
    to_focus: Option<&'static str>,
    /// The last zoom step of a key, with a counter that tells two equal steps apart.
    zoomed: (u32, i8),
    /// The term in the glossary, and the style with its place.
    defined: Option<(&'static Entry, String)>,
    on: Callbacks,
    _listeners: Vec<EventListener>,
}

impl Component for App {
    type Message = Msg;
    type Properties = AppProps;

    fn create(ctx: &Context<Self>) -> Self {
        let player = &ctx.props().player;
        let link = ctx.link().clone();
        player.listen(move || link.send_message(Msg::Changed));
        let frame = Frame::remembered(ctx.props().embedded);
        let here = Kept::here().is_some();
        let keeper = Keeper::new(player);
        let listeners = listeners::listeners(ctx, keeper.clone());
        let mut memory = Memory::default();
        let model = memory.model(player, &frame, 0, None, None);
        let link = share::link(player);
        crash::remember(link.clone());
        Self {
            memory,
            model,
            frame,
            cluster: 0,
            chosen: None,
            selected: None,
            asked: None,
            told: Vec::new(),
            menu: None,
            parting: None,
            shared: None,
            exports: Vec::new(),
            alert: player.take_problem().or_else(|| ctx.props().problem.clone()),
            live: "".into(),
            note: None,
            announced: EventId(0),
            quiet_until_ms: 0.0,
            remembered: Some(player.session().revision()),
            keeper,
            last: if ctx.props().embedded || here { None } else { Kept::last() },
            clusters: player.session().run().clusters.clone(),
            link,
            typed: (0, String::new()),
            to_focus: None,
            zoomed: (0, 0),
            defined: None,
            on: Callbacks::new(ctx),
            _listeners: listeners,
        }
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        let player = &ctx.props().player;
        match msg {
            Msg::Changed => return self.look_again(player),
            Msg::Pick(cluster, target, at) => self.pick(player, cluster, target, at),
            Msg::Do(action) => self.act(player, action),
            Msg::CloseMenu => self.close_menu(),
            Msg::Say(statements) => self.say(player, &statements.join("; ")),
            Msg::Problem(why) => self.alert = why,
            Msg::Part(one, other) => self.part(player, one, other),
            Msg::ClosePart => self.parting = None,
            Msg::SelectMessage(message) => player.select_message(message),
            Msg::MoreMessages => {
                self.memory.list_more();
                self.look_again(player);
            }
            Msg::Export(what) => self.export(ctx, what),
            Msg::Written(what, percent) => self.written(what, percent),
            Msg::Exported(what, file) => self.exported(what, file),
            Msg::GiveUp(what) => self.give_up(what),
            Msg::StopHere => player.stop_here(),
            Msg::Choose(preset) => {
                opening::open(player, preset);
                self.alert = None;
            }
            Msg::Compare(change) => self.compare(player, change),
            Msg::Attend(cluster) => self.attend(player, cluster),
            Msg::Show(tab) => self.show(player, tab),
            Msg::Dock(dock, change) => {
                self.frame.change(dock, change);
                self.look_again(player);
            }
            Msg::Resized => {
                let changed = self.frame.measure();
                return changed | self.look_again(player);
            }
            Msg::Inspect(node) => self.inspect(player, node),
            Msg::Ask(cluster, question) => self.ask(player, cluster, &question),
            Msg::Refuse(why) => self.alert = Some(why),
            Msg::Seek(to) => player.seek(to),
            Msg::Select(cluster, event) => self.select(player, cluster, event),
            Msg::Share => self.share(ctx),
            Msg::Copied(done) => {
                if let Some((_, copied)) = &mut self.shared {
                    *copied = done;
                }
            }
            Msg::CloseShare => self.shared = None,
            Msg::Dismiss => self.alert = None,
            Msg::Undo => player.undo(),
            Msg::Redo => player.redo(),
            Msg::Theme => theme::toggle(),
            Msg::FromTheStart => Self::play_from_the_start(player),
            Msg::Last(wanted) => self.open_last(player, wanted),
            Msg::Address => self.follow_address(player),
            Msg::Define(entry) => self.define(entry),
            Msg::Key(key) => self.key(player, key),
        }
        true
    }

    fn rendered(&mut self, _ctx: &Context<Self>, _first: bool) {
        if let Some(css) = self.to_focus.take() {
            dom::focus(css);
        }
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let embedded = ctx.props().embedded;
        html! {
            <div class={classes!("page", embedded.then_some("embed"))} ~style={self.frame.style()}>
                if !embedded {
                    { still(Skips) }
                    { self.header() }
                }
                <main class="main">
                    if embedded {
                        <h1 class="unseen">{ "Quorumscope" }</h1>
                    }
                    { headline::say(self.subject(), &self.model.headline, self.model.wrong.as_ref(), self.ask_about(), &self.on.define) }
                    <div class={self.stages_class()} ~style={format!("--count:{}", self.model.scenes.len())}>{ for self.stages(ctx) }</div>
                    { self.offers() }
                    { self.hint() }
                    { self.comparison() }
                </main>
                { self.bottom(ctx) }
                if !embedded {
                    { self.side(ctx) }
                }
                { self.transport(ctx) }
                <div class="overlays" role="region" aria-label="Menus and notices">{ self.overlays(&ctx.props().player) }</div>
                if !embedded {
                    <Importer player={ctx.props().player.clone()} on_outcome={self.on.outcome.clone()} />
                }
                <div class="unseen" role="status" aria-live="polite">{ &*self.live }</div>
            </div>
        }
    }
}

impl App {
    fn header(&self) -> Html {
        let (model, on) = (&self.model, &self.on);
        still(Header {
            preset: model.preset,
            titles: model.titles.clone(),
            what: model.what.clone().into(),
            can_undo: model.can_undo,
            can_redo: model.can_redo,
            on_choose: on.choose.clone(),
            on_compare: on.compare.clone(),
            on_undo: on.undo.clone(),
            on_redo: on.redo.clone(),
            on_theme: on.theme.clone(),
            on_share: on.share.clone(),
            docks: self.docks_beside(),
            on_dock: on.dock.clone(),
        })
    }

    fn transport(&self, ctx: &Context<Self>) -> Html {
        let model = &self.model;
        let embedded = ctx.props().embedded;
        let full_page = embedded.then(|| AttrValue::from(self.link.clone()));
        html! {
            <Transport player={ctx.props().player.clone()} playing={model.playing} speed={model.speed}
                strip={Rc::clone(&model.strip)} kind={model.steps.0} kinds={model.steps.1.clone()} interest={model.interest}
                twigs={model.twigs.clone()} current={model.current} on_part={self.on.part.clone()}
                on_problem={self.on.problem.clone()} on_key={self.on.key.clone()} {full_page} />
        }
    }
}
