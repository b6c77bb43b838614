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
mod rest;
mod stages;
mod tells;

pub use headline::with_terms;
pub use message::Msg;
use rest::Rest;
pub use rest::install;

use crate::arrival;
use crate::asked::Asked;
use crate::crash;
use crate::dom;
use crate::frame::Frame;
use crate::geometry::Anchor;
use crate::header::{Header, Sheet};
use crate::kept::{Keeper, Kept};
use crate::keys::Key;
use crate::later;
use crate::model::{Memory, Model};
use crate::opening;
use crate::panels::console::Said;
use crate::player::Player;
use crate::selected::Selected;
use crate::share;
use crate::skip::Skips;
use crate::stage::Target;
use crate::still::still;
use crate::telling::Told;
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
    /// The dialogue that is open.
    sheet: Option<Sheet>,
    /// True in the presenter view.
    presenting: bool,
    /// The story of the run at the playhead, where it has one.
    telling: Option<Told>,
    /// The settings of the meant cluster that are not as usual.
    chips: Vec<String>,
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
    /// Messages that need the second module, kept until it is there.
    waiting: Vec<Msg>,
    /// Number of highlights before the playhead when the page was opened.
    opened: usize,
    on: Callbacks,
    listeners: Vec<EventListener>,
}

impl Component for App {
    type Message = Msg;
    type Properties = AppProps;

    fn create(ctx: &Context<Self>) -> Self {
        let player = &ctx.props().player;
        let link = ctx.link().clone();
        player.listen(move || link.send_message(Msg::Changed));
        if !later::is_here() {
            let link = ctx.link().clone();
            later::when_here(move || link.send_message(Msg::Arrived));
        }
        let frame = Frame::remembered(ctx.props().embedded);
        let keeper = Keeper::new(player);
        let listeners = listeners::listeners(ctx, &keeper);
        let mut memory = Memory::default();
        let model = memory.model(player, &frame, 0, None, None);
        let opened = model.beats;
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
            sheet: None,
            presenting: false,
            telling: None,
            chips: Vec::new(),
            shared: None,
            exports: Vec::new(),
            alert: player.take_problem().or_else(|| ctx.props().problem.clone()),
            live: "".into(),
            note: None,
            announced: EventId(0),
            quiet_until_ms: 0.0,
            remembered: Some(player.session().revision()),
            keeper,
            last: last_visit(ctx),
            clusters: player.session().run().clusters.clone(),
            link,
            typed: (0, String::new()),
            to_focus: None,
            zoomed: (0, 0),
            defined: None,
            waiting: Vec::new(),
            opened,
            on: Callbacks::new(ctx),
            listeners,
        }
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        let player = &ctx.props().player;
        match msg {
            Msg::Changed => return self.look_again(player),
            Msg::Resized => {
                let changed = self.frame.measure();
                return changed | self.look_again(player);
            }
            Msg::CloseMenu if self.menu.is_none() => return false,
            Msg::ClosePart if self.parting.is_none() => return false,
            Msg::CloseShare if self.shared.is_none() => return false,
            Msg::Define(None) if self.defined.is_none() => return false,
            Msg::LeaveView if !self.presenting => return false,
            Msg::Seek(to) => player.seek(to),
            Msg::Theme => theme::toggle(),
            Msg::Key(Key::Toggle) => player.toggle(),
            Msg::Arrived => self.catch_up(ctx),
            Msg::Problem(why) => self.alert = why,
            msg => match rest::get() {
                Some(rest) => (rest.update)(self, ctx, msg),
                None => self.waiting.push(msg),
            },
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
        let rest = rest::get();
        html! {
            <div class={classes!("page", embedded.then_some("embed"), self.presenting.then_some("presenter"))} ~style={self.frame.style()}>
                if !embedded {
                    { still(Skips) }
                    { self.header() }
                }
                <main class="main">
                    if embedded {
                        <h1 class="unseen">{ "Quorumscope" }</h1>
                    }
                    { self.sentences(rest) }
                    <div class={self.stages_class()} ~style={format!("--count:{}", self.model.scenes.len())}>{ for self.stages(ctx) }</div>
                    { rest.map_or_else(|| html! { <div class="offers"></div> }, |rest| (rest.offers)(self)) }
                    { self.hint() }
                    { rest.map_or_else(|| html! { <div class="compared"></div> }, |rest| (rest.comparison)(self)) }
                    <div class="tells">{ for rest.and_then(|rest| (rest.telling)(self, &ctx.props().player)) }</div>
                </main>
                { self.bottom(ctx) }
                if !embedded {
                    { self.side(ctx) }
                }
                { self.transport(ctx) }
                <div class="overlays" role="region" aria-label="Menus and notices">{ rest.map_or_else(Html::default, |rest| (rest.overlays)(self, &ctx.props().player)) }</div>
                { rest.filter(|_| !embedded).map_or_else(Html::default, |rest| (rest.importer)(self, ctx)) }
                <div class="unseen" role="status" aria-live="polite">{ &*self.live }</div>
            </div>
        }
    }
}

/// The run of an earlier visit, where it is offered: the second module reads it.
fn last_visit(ctx: &Context<App>) -> Option<Kept> {
    rest::get().filter(|_| !ctx.props().embedded).and_then(|rest| (rest.last)())
}

impl App {
    /// Handles a message that needs the second module.
    fn carry_out(&mut self, ctx: &Context<Self>, msg: Msg) {
        let player = &ctx.props().player;
        match msg {
            Msg::Pick(cluster, target, at) => self.pick(player, cluster, target, at),
            Msg::Do(action) => self.act(player, action),
            Msg::CloseMenu => self.close_menu(),
            Msg::Say(statements) => self.say(player, &statements.join("; ")),
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
            Msg::Inspect(node) => self.inspect(player, node),
            Msg::Ask(cluster, question) => self.ask(player, cluster, &question),
            Msg::Refuse(why) => self.alert = Some(why),
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
            Msg::FromTheStart => Self::play_from_the_start(player),
            Msg::Last(wanted) => self.open_last(player, wanted),
            Msg::Address => self.follow_address(player),
            Msg::Define(entry) => self.define(entry),
            Msg::LeaveView => self.presenting = false,
            Msg::Sheet(sheet) => self.sheet = sheet,
            Msg::Key(key) => self.key(player, key),
            // Those that need no second module are handled before it is asked for.
            Msg::Changed
            | Msg::Resized
            | Msg::Arrived
            | Msg::Problem(_)
            | Msg::Seek(_)
            | Msg::Theme => {}
        }
    }

    /// The second module is there: what was done meanwhile is carried out.
    fn catch_up(&mut self, ctx: &Context<Self>) {
        self.remembered = None;
        self.listeners.extend(listeners::late(ctx, &self.keeper));
        self.last = last_visit(ctx);
        // First, since looking keeps the run, as if a reload had brought it back.
        if let Some(rest) = rest::get() {
            (rest.open_scene)(self, &ctx.props().player);
        }
        self.look_again(&ctx.props().player);
        for msg in std::mem::take(&mut self.waiting) {
            Component::update(self, ctx, msg);
        }
    }

    /// The sentences at the top. Before the second module is there those that the page came with, as long
    /// as nothing has happened that is worth another.
    fn sentences(&self, rest: Option<Rest>) -> Html {
        match rest {
            Some(rest) => (rest.sentences)(self),
            None => arrival::sentences(self.model.beats == self.opened),
        }
    }

    /// The sentences about the present state.
    fn present(&self) -> Html {
        let model = &self.model;
        headline::say(
            self.subject(),
            &model.headline,
            model.wrong.as_ref(),
            self.ask_about(),
            &self.on.define,
        )
    }

    fn header(&self) -> Html {
        let (model, on) = (&self.model, &self.on);
        still(Header {
            preset: model.preset,
            chips: self.chips.clone(),
            on_sheet: on.sheet.clone(),
            on_present: on.present.clone(),
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
