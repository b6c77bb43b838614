//! The page: what is on it, and what becomes of what people do to it.

use crate::compare::{Change, Table};
use crate::crash;
use crate::dom;
use crate::geometry::Anchor;
use crate::header::{Header, Shared};
use crate::icons;
use crate::keys::{self, Key};
use crate::menu::Menu;
use crate::model::{Memory, Model};
use crate::opening;
use crate::panels::console::{self, Console};
use crate::panels::events::Events;
use crate::panels::health::Health;
use crate::panels::inspector::Inspector;
use crate::panels::operations::Operations;
use crate::panels::{Tab, Tabs};
use crate::player::Player;
use crate::share;
use crate::stage::menu::Action;
use crate::stage::{Stage, Target, menu};
use crate::still::still;
use crate::theme;
use crate::transport::Transport;
use gloo_events::{EventListener, EventListenerOptions};
use quorumscope_core::explain::{self, Entry, Headline, Piece};
use quorumscope_core::ids::{EventId, NodeId};
use quorumscope_core::run::MAX_CLUSTERS;
use quorumscope_core::settings::Preset;
use quorumscope_core::time::Time;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use yew::prelude::*;

/// What the page is given.
#[derive(PartialEq, Properties)]
pub struct AppProps {
    /// The player.
    pub player: Player,
    /// What was wrong with the address, if anything.
    pub problem: Option<String>,
    /// Whether only stage and transport are shown.
    pub embedded: bool,
}

/// What comes to the page.
pub enum Msg {
    /// Something changed.
    Changed,
    /// Something on a stage was picked, there on the page.
    Pick(usize, Target, Anchor),
    /// An entry of the menu was chosen.
    Do(Action),
    /// The menu is to be closed.
    CloseMenu,
    /// Statements of one gesture.
    Say(Vec<String>),
    /// Another preset.
    Choose(Preset),
    /// Another cluster beside the others, or one less.
    Compare(Change),
    /// The sentences and panels are to be about another cluster.
    Attend(usize),
    /// Another panel.
    Show(Tab),
    /// Another node in the panel.
    Inspect(NodeId),
    /// To a time.
    Seek(Time),
    /// Share was pressed, or what came of copying.
    Share,
    /// The link was copied, or not.
    Copied(bool),
    /// The box with the link is to be closed.
    CloseShare,
    /// The error is read.
    Dismiss,
    /// Undo.
    Undo,
    /// Redo.
    Redo,
    /// The other theme.
    Theme,
    /// The address changed.
    Address,
    /// A word is to be explained, or no more.
    Define(Option<&'static Entry>),
    /// A key that works everywhere.
    Key(Key),
}

/// A menu that is open.
struct Open {
    cluster: usize,
    target: Target,
    at: Anchor,
}

/// The page.
pub struct App {
    memory: Memory,
    model: Model,
    tab: Tab,
    /// The cluster that the sentences and the panels are about.
    cluster: usize,
    /// The node that the person chose; until then the panel follows the leader.
    chosen: Option<NodeId>,
    menu: Option<Open>,
    message: Option<String>,
    shared: Option<(String, bool)>,
    alert: Option<String>,
    live: Rc<str>,
    announced: EventId,
    /// The revision of the run whose link is kept for the worst case.
    remembered: Option<u64>,
    link: String,
    typed: (u32, String),
    defined: Option<&'static Entry>,
    on: Callbacks,
    _listeners: Vec<EventListener>,
}

/// Made once: a callback that is made anew looks like a change.
struct Callbacks {
    choose: Callback<Preset>,
    compare: Callback<Change>,
    attend: Vec<Callback<MouseEvent>>,
    undo: Callback<()>,
    redo: Callback<()>,
    theme: Callback<()>,
    share: Callback<()>,
    pick: Vec<Callback<(Target, Anchor)>>,
    cut: Callback<Vec<String>>,
    act: Callback<Action>,
    close_menu: Callback<()>,
    tab: Callback<Tab>,
    inspect: Callback<NodeId>,
    seek: Callback<Time>,
    enter: Callback<String, bool>,
    dismiss: Callback<MouseEvent>,
    define: Callback<&'static Entry>,
}

impl Component for App {
    type Message = Msg;
    type Properties = AppProps;

    fn create(ctx: &Context<Self>) -> Self {
        let player = &ctx.props().player;
        let link = ctx.link().clone();
        player.listen(move || link.send_message(Msg::Changed));
        let mut memory = Memory::default();
        let model = memory.model(player, Tab::Node, 0, None);
        let link = share::link(player);
        crash::remember(link.clone());
        Self {
            memory,
            model,
            tab: Tab::Node,
            cluster: 0,
            chosen: None,
            menu: None,
            message: None,
            shared: None,
            alert: ctx.props().problem.clone(),
            live: "".into(),
            announced: EventId(0),
            remembered: Some(player.session().revision()),
            link,
            typed: (0, String::new()),
            defined: None,
            on: Callbacks::new(ctx),
            _listeners: listeners(ctx),
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
            Msg::Choose(preset) => {
                opening::open(player, preset);
                self.alert = None;
            }
            Msg::Compare(change) => self.compare(player, change),
            Msg::Attend(cluster) => self.attend(player, cluster),
            Msg::Show(tab) => {
                self.tab = tab;
                self.look_again(player);
            }
            Msg::Inspect(node) => self.inspect(player, node),
            Msg::Seek(to) => player.seek(to),
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
            Msg::Address => self.follow_address(player),
            Msg::Define(entry) => self.defined = entry,
            Msg::Key(key) => Self::key(player, key),
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let embedded = ctx.props().embedded;
        html! {
            <div class={classes!("page", embedded.then_some("embed"))}>
                if !embedded {
                    { self.header() }
                }
                <main class="main">
                    { say(self.subject(), &self.model.headline, &self.on.define) }
                    <div class={self.stages_class()} style={format!("--count:{}", self.model.scenes.len())}>{ for self.stages(ctx) }</div>
                    { self.hint() }
                    { self.comparison() }
                </main>
                if !embedded {
                    { self.side(ctx) }
                }
                { self.transport(ctx) }
                <div class="overlays">{ self.overlays() }</div>
                <div class="unseen" role="status" aria-live="polite">{ &*self.live }</div>
            </div>
        }
    }
}

impl App {
    /// Makes the model again. True if it is another.
    fn look_again(&mut self, player: &Player) -> bool {
        let model = self.memory.model(player, self.tab, self.cluster, self.chosen);
        let mut changed = model != self.model;
        self.model = model;
        if self.cluster != self.model.cluster {
            (self.cluster, self.announced) = (self.model.cluster, EventId(u32::MAX));
        }
        let revision = player.session().revision();
        if self.remembered != Some(revision) {
            self.remembered = Some(revision);
            self.link = share::link(player);
            crash::remember(self.link.clone());
        }
        changed |= self.announce(player);
        // A menu about what is gone is closed.
        if let Some(open) = &self.menu {
            let gone = open.cluster >= self.model.scenes.len();
            changed |= gone;
            if gone {
                self.menu = None;
            }
        }
        changed
    }

    /// Says the last notable event that the playhead has passed since it last did.
    fn announce(&mut self, player: &Player) -> bool {
        let session = player.session();
        let cluster = self.cluster;
        let head = session.timeline(cluster).next_event();
        let since = std::mem::replace(&mut self.announced, head);
        if head <= since {
            return false;
        }
        let last = player.beats(cluster).before(head).last().copied().filter(|&id| id >= since);
        let said = last.and_then(|id| self.memory.sentence(&session, cluster, id));
        said.is_some_and(|text| {
            let changed = self.live != text;
            self.live = text;
            changed
        })
    }

    fn pick(&mut self, player: &Player, cluster: usize, target: Target, at: Anchor) {
        self.attend(player, cluster);
        if let Target::Node(node) = target {
            self.chosen = Some(node);
            self.look_again(player);
        }
        self.menu = Some(Open { cluster, target, at });
    }

    /// From now on the sentences and the panels are about that cluster.
    fn attend(&mut self, player: &Player, cluster: usize) {
        if self.cluster != cluster {
            // What happened there before is not news.
            self.announced = EventId(u32::MAX);
            (self.cluster, self.chosen, self.message) = (cluster, None, None);
            self.look_again(player);
        }
    }

    /// Another cluster joins or one goes; the playhead stays where it is.
    fn compare(&mut self, player: &Player, change: Change) {
        let (changed, now) = {
            let session = player.session();
            (change.of(session.run()), session.now())
        };
        match changed {
            Ok(run) => {
                self.alert = None;
                player.load(run);
                player.seek(now);
            }
            Err(why) => self.alert = Some(why),
        }
    }

    /// Closes the menu; the focus goes back to where it came from.
    fn close_menu(&mut self) {
        if let Some(open) = self.menu.take() {
            dom::focus(&open.target.selector(open.cluster));
        }
    }

    fn act(&mut self, player: &Player, action: Action) {
        let target = self.menu.as_ref().map(|open| (open.cluster, open.target));
        self.close_menu();
        match (action, target) {
            (Action::Say(statement), _) => self.say(player, &statement),
            (Action::Type(beginning), _) => self.typed = (self.typed.0 + 1, beginning),
            (Action::Inspect, Some((_, Target::Node(node)))) => self.inspect(player, node),
            (Action::Inspect, Some((cluster, Target::Message(id)))) => {
                let session = player.session();
                let flight = session.world(cluster).flight(id);
                self.message = flight.map(crate::words::message);
            }
            (Action::Inspect, _) => {}
        }
    }

    fn say(&mut self, player: &Player, statements: &str) {
        self.alert = player.append(statements).err();
    }

    fn inspect(&mut self, player: &Player, node: NodeId) {
        (self.chosen, self.tab) = (Some(node), Tab::Node);
        self.look_again(player);
    }

    fn share(&mut self, ctx: &Context<Self>) {
        let link = share::link(&ctx.props().player);
        self.shared = Some((link.clone(), false));
        ctx.link().send_future(async move { Msg::Copied(share::copy(link).await) });
    }

    fn follow_address(&mut self, player: &Player) {
        match share::from_address() {
            Ok(Some(run)) => {
                self.alert = opening::load(player, run);
            }
            Ok(None) => {}
            Err(why) => self.alert = Some(why),
        }
    }

    fn key(player: &Player, key: Key) {
        match key {
            Key::Toggle => player.toggle(),
            Key::Step(by) => player.step(by),
            Key::Undo => player.undo(),
            Key::Redo => player.redo(),
            Key::Console => console::focus(),
        }
    }

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
        })
    }

    fn stages(&self, ctx: &Context<Self>) -> Vec<Html> {
        let on = &self.on;
        let several = self.model.scenes.len() > 1;
        let one = |(cluster, scene): (usize, &Rc<crate::scene::Scene>)| {
            let meant = cluster == self.cluster;
            let chosen = self.chosen.filter(|_| meant && self.tab == Tab::Node);
            let title = &self.model.titles[cluster];
            html! {
                <section key={cluster} class={classes!("cluster", meant.then_some("meant"))} data-cluster={cluster.to_string()} aria-label={title.clone()}>
                    if several {
                        <h2><button type="button" aria-pressed={meant.to_string()} onclick={on.attend[cluster].clone()}>{ title }</button></h2>
                    }
                    <Stage {cluster} player={ctx.props().player.clone()} scene={Rc::clone(scene)} {chosen}
                        on_pick={on.pick[cluster].clone()} on_cut={on.cut.clone()} />
                </section>
            }
        };
        self.model.scenes.iter().enumerate().map(one).collect()
    }

    fn stages_class(&self) -> Classes {
        classes!("stages", (self.model.scenes.len() > 1).then_some("several"))
    }

    /// The cluster that the sentences are about, where that has to be said.
    fn subject(&self) -> Option<&str> {
        let several = self.model.titles.len() > 1;
        self.model.titles.get(self.cluster).filter(|_| several).map(String::as_str)
    }

    /// How the clusters do, where there are several.
    fn comparison(&self) -> Html {
        let columns = Rc::clone(&self.model.columns);
        html! { <div>{ for (!columns.is_empty()).then(|| still(Table { columns })) }</div> }
    }

    /// One obvious thing to do, until somebody does something.
    fn hint(&self) -> Html {
        if !self.model.untouched || self.model.scenes.len() > 1 {
            return html! { <p class="hint"></p> };
        }
        html! { <p class="hint">{ "Click a node to crash it. Draw a line across the wires to cut the network." }</p> }
    }

    fn side(&self, ctx: &Context<Self>) -> Html {
        let on = &self.on;
        html! {
            <aside class="side" aria-label="Panels">
                { still(Tabs { tab: self.tab, on_tab: on.tab.clone() }) }
                <div class="panel" id="panel" role="tabpanel" tabindex="0" aria-label={self.tab.name()}>
                    { self.message_card() }
                    <div>{ self.panel() }</div>
                </div>
                <Console player={ctx.props().player.clone()} said={self.model.said.clone()}
                    typed={self.typed.clone()} on_enter={on.enter.clone()} />
            </aside>
        }
    }

    fn message_card(&self) -> Html {
        html! { <div>{ for self.message.iter().map(|m| html! { <div class="card"><p>{ m }</p></div> }) }</div> }
    }

    fn panel(&self) -> Html {
        let (model, on) = (&self.model, &self.on);
        let Some(scene) = model.scenes.get(model.cluster) else { return html! { <p></p> } };
        match self.tab {
            Tab::Node => {
                let nodes: Vec<NodeId> = scene.nodes.iter().map(|n| n.id).collect();
                let (report, on_inspect) = (model.report.clone(), on.inspect.clone());
                still(Inspector { nodes, report, on_inspect })
            }
            Tab::Operations => {
                let clients: Vec<_> = scene.clients.iter().map(|c| c.id).collect();
                let (rows, now, on_seek) = (model.rows.clone(), model.now, on.seek.clone());
                let verdicts = Rc::clone(&model.verdicts);
                let cluster = model.cluster;
                still(Operations { rows, cluster, verdicts, clients, now, on_seek })
            }
            Tab::Events => still(Events { lines: model.lines.clone(), on_seek: on.seek.clone() }),
            Tab::Health => still(Health { reports: Rc::clone(&model.health) }),
        }
    }

    fn transport(&self, ctx: &Context<Self>) -> Html {
        let model = &self.model;
        let embedded = ctx.props().embedded;
        let full_page = embedded.then(|| AttrValue::from(self.link.clone()));
        html! {
            <Transport player={ctx.props().player.clone()} playing={model.playing} speed={model.speed}
                strip={Rc::clone(&model.strip)} branches={model.branches.clone()} current={model.current} {full_page} />
        }
    }

    fn overlays(&self) -> Html {
        let on = &self.on;
        html! {
            <>
                <div class="alert" role="alert">
                    { for self.alert.iter().map(|why| html! { <span>{ why }</span> }) }
                    { for self.alert.iter().map(|_| html! {
                        <button type="button" class="icon" aria-label="Dismiss" onclick={on.dismiss.clone()}>{ icons::stroke(icons::CLOSE) }</button>
                    }) }
                </div>
                <div>{ for self.open_menu() }</div>
                <div>{ for self.defined.map(|entry| html! {
                    <div class="popover glossary" role="note">
                        <b>{ entry.term }</b><p>{ entry.text }</p>
                    </div>
                }) }</div>
                <div>{ for self.shared.iter().map(|(link, copied)| {
                    still(Shared { link: link.clone().into(), copied: *copied })
                }) }</div>
            </>
        }
    }

    fn open_menu(&self) -> Option<Html> {
        let open = self.menu.as_ref()?;
        let (title, items) = menu::menu(self.model.scenes.get(open.cluster)?, open.target);
        Some(html! {
            <Menu {title} {items} at={open.at} on_choose={self.on.act.clone()} on_close={self.on.close_menu.clone()} />
        })
    }
}

impl Callbacks {
    fn new(ctx: &Context<App>) -> Self {
        let link = ctx.link();
        let player = ctx.props().player.clone();
        let alert = link.clone();
        let enter = Callback::from(move |line: String| match player.append(&line) {
            Ok(()) => {
                alert.send_message(Msg::Dismiss);
                true
            }
            Err(_) => {
                // Said again so that the page shows why.
                alert.send_message(Msg::Say(vec![line]));
                false
            }
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
            pick: (0..MAX_CLUSTERS).map(pick).collect(),
            cut: link.callback(Msg::Say),
            act: link.callback(Msg::Do),
            close_menu: link.callback(|()| Msg::CloseMenu),
            tab: link.callback(Msg::Show),
            inspect: link.callback(Msg::Inspect),
            seek: link.callback(Msg::Seek),
            enter,
            dismiss: link.callback(|_| Msg::Dismiss),
            define: link.callback(|entry| Msg::Define(Some(entry))),
        }
    }
}

/// Keys, clicks beside a menu, and the address.
fn listeners(ctx: &Context<App>) -> Vec<EventListener> {
    let (Some(window), Some(document)) = (web_sys::window(), dom::document()) else {
        return Vec::new();
    };
    let link = ctx.link().clone();
    let options = EventListenerOptions::enable_prevent_default();
    let keys = EventListener::new_with_options(&document, "keydown", options, move |e| {
        let Some(e) = e.dyn_ref::<web_sys::KeyboardEvent>() else { return };
        if e.key() == "Escape" {
            link.send_message(Msg::CloseShare);
            link.send_message(Msg::Define(None));
        }
        if let Some(key) = keys::meant(e) {
            e.prevent_default();
            link.send_message(Msg::Key(key));
        }
    });
    let link = ctx.link().clone();
    let beside = EventListener::new(&document, "pointerdown", move |e| {
        let on = e.target().and_then(|t| t.dyn_into::<web_sys::Element>().ok());
        let inside = |css| on.as_ref().is_some_and(|el| el.closest(css).is_ok_and(|m| m.is_some()));
        if !inside(".menu") {
            link.send_message(Msg::CloseMenu);
        }
        if !inside(".popover,.cta,.term") {
            link.send_message(Msg::CloseShare);
            link.send_message(Msg::Define(None));
        }
    });
    let link = ctx.link().clone();
    let address =
        EventListener::new(&window, "hashchange", move |_| link.send_message(Msg::Address));
    vec![keys, beside, address]
}

/// The sentences at the top. Words that the glossary explains can be asked about.
fn say(subject: Option<&str>, headline: &Headline, define: &Callback<&'static Entry>) -> Html {
    html! {
        <div class="say">
            <p class="big">{ for subject.map(|s| html! { <span class="subject">{ s }{ ": " }</span> }) }<b>{ with_terms(&headline.bold, define) }</b>{ " " }{ with_terms(&headline.rest, define) }</p>
            <p class="small">{ with_terms(&headline.small, define) }</p>
        </div>
    }
}

fn with_terms(text: &str, define: &Callback<&'static Entry>) -> Html {
    let piece = |(i, piece): (usize, Piece<'_>)| match piece {
        Piece::Text(text) => html! { <span key={i}>{ text.to_owned() }</span> },
        Piece::Term(word) => match explain::explained(word) {
            Some(entry) => {
                let define = define.clone();
                let onclick = move |_: MouseEvent| define.emit(entry);
                html! { <button key={i} type="button" class="term" title={entry.text} {onclick}>{ word.to_owned() }</button> }
            }
            None => html! { <span key={i}>{ word.to_owned() }</span> },
        },
    };
    html! { <span>{ for explain::pieces(text).into_iter().enumerate().map(piece) }</span> }
}
