//! The page's model of a session at one moment. Its values can be compared, so that unchanged parts
//! are not drawn again.

use crate::compare::{self, Column};
use crate::frame::Frame;
use crate::judging::Latest;
use crate::lanes::{self, Bar};
use crate::language;
use crate::later::late;
use crate::panels::Tab;
use crate::panels::console::Said;
use crate::panels::events::Line;
use crate::panels::health;
use crate::panels::inspector::Report;
use crate::panels::messages;
use crate::panels::operations::{self, Row};
use crate::player::{Player, Progress, Speed};
use crate::scene::{Blamed, Recall, Scene};
use crate::seldom::Seldom;
use crate::story::{Interest, is_fault};
use crate::transport::scale;
use crate::transport::strip::Strip;
use crate::transport::tree::{self, Twig};
use crate::words;
use crate::wrong::Wrong;
use quorumscope_core::condition::Breakpoint;
use quorumscope_core::explain::{self, Headline};
use quorumscope_core::ids::{EventId, NodeId};
use quorumscope_core::order;
use quorumscope_core::protocol::Kind;
use quorumscope_core::run::{Run, Statement};
use quorumscope_core::session::Session;
use quorumscope_core::settings::Preset;
use quorumscope_core::time::Time;
use quorumscope_core::why::{self, Question};
use std::rc::Rc;

/// The largest number of lines in the list of events.
const MOST_LINES: usize = 120;
/// The number of statements above the console's field.
const MOST_SAID: usize = 3;

/// The content of the page.
#[derive(Clone, PartialEq)]
pub struct Model {
    /// A scene for each cluster.
    pub scenes: Vec<Rc<Scene>>,
    /// The title of each cluster.
    pub titles: Vec<String>,
    /// The cluster that the headline and the panels are about.
    pub cluster: usize,
    /// The sentences at the top.
    pub headline: Headline,
    /// What clients were just told that is wrong.
    pub wrong: Option<Wrong>,
    /// The content of the scrubber.
    pub strip: Rc<Strip>,
    /// The event that the person chose, and its cluster.
    pub selected: Option<(usize, EventId)>,
    /// The latest verdicts of the judges.
    pub judged: Rc<Latest>,
    /// Who is at fault in each cluster.
    pub blamed: Vec<Rc<Blamed>>,
    /// Whether time runs.
    pub playing: bool,
    /// The progress of a long seek.
    pub progress: Option<Progress>,
    /// The speed.
    pub speed: Speed,
    /// True if there is anything to undo.
    pub can_undo: bool,
    /// True if there is anything to redo.
    pub can_redo: bool,
    /// The message kind of the step buttons, and the kinds that they can be set to.
    pub steps: (Option<Kind>, Vec<Kind>),
    /// The target of the jump buttons.
    pub interest: Interest,
    /// The breakpoint that stopped playing, while the playhead stands there, and a sentence about
    /// it.
    pub stop: Option<(u32, Rc<str>)>,
    /// The branches, where there are several.
    pub twigs: Vec<Twig>,
    /// The index of the current branch.
    pub current: usize,
    /// The preset of the first cluster.
    pub preset: Preset,
    /// The numbers of nodes and clients, in words.
    pub what: String,
    /// The time of the playhead, in steps of 50 ms.
    pub now: Time,
    /// True until the user has done something.
    pub untouched: bool,
    /// The number of events worth a sentence before the playhead.
    pub beats: usize,
    /// Whether it stands still where the run says that it opens, behind its beginning.
    pub at_show: bool,
    /// The contents of panels and menus.
    pub panels: Panels,
}

/// The contents of panels and menus: none before the second module is there.
#[derive(Clone, Default, PartialEq)]
pub struct Panels {
    /// How they do, where there are several.
    pub columns: Rc<Vec<Column>>,
    /// The present problem, if any, as a question to ask.
    pub problem: Option<Question>,
    /// The list of events, where it is shown.
    pub lines: Vec<Line>,
    /// The operations of clients, where they are shown.
    pub rows: Vec<Row>,
    /// The operations at fault in the cluster that panels are about.
    pub faults: Rc<Vec<Bar>>,
    /// The node that is looked at, where it is shown.
    pub report: Option<Report>,
    /// How the clusters are doing, where it is shown.
    pub health: Rc<Vec<health::Report>>,
    /// The last statements.
    pub said: Vec<Said>,
    /// The breakpoints, where they are shown.
    pub breakpoints: Vec<Breakpoint>,
    /// The messages in flight, where they are shown.
    pub messages: messages::List,
}

type Fill = fn(&mut Memory, &mut Model, &Player, &Frame, Option<NodeId>);

mod table {
    use super::{Fill, Memory};

    super::late!(Fill = Memory::fill as Fill);
}

pub use table::install;

/// What is kept from one model to the next, so that it is made once.
#[derive(Default)]
pub struct Memory {
    recalls: Vec<Recall>,
    scenes: Vec<Rc<Scene>>,
    strip: Rc<Strip>,
    /// Cached sentences, by cluster and event, the newest last.
    sentences: Vec<((usize, EventId), Rc<str>)>,
    revision: u64,
    health: Seldom<Vec<health::Report>>,
    columns: Seldom<Vec<Column>>,
    /// The number of further messages to list.
    listed: usize,
}

impl Memory {
    /// Makes the model of the present state, for the panels that are visible. Headline and panels
    /// are about `cluster`, or about the first one if there is no such cluster.
    pub fn model(
        &mut self,
        player: &Player,
        frame: &Frame,
        cluster: usize,
        chosen: Option<NodeId>,
        selected: Option<(usize, EventId)>,
    ) -> Model {
        let session = player.session();
        let cluster = if cluster < session.run().clusters.len() { cluster } else { 0 };
        if self.revision != session.revision() {
            self.revision = session.revision();
            self.sentences.clear();
        }
        let run = session.run();
        let judged = player.judging().latest();
        let mut model = Model {
            scenes: self.scenes(&session),
            titles: compare::titles(run),
            cluster,
            headline: words::headline(player, &session, cluster),
            wrong: Wrong::of(judged.violated(cluster), session.now()),
            strip: self.strip(player, cluster),
            selected,
            blamed: session
                .worlds()
                .enumerate()
                .map(|(i, world)| Rc::new(Blamed::of(world, &judged, i)))
                .collect(),
            judged,
            playing: player.is_playing(),
            progress: player.progress(),
            speed: player.speed(),
            can_undo: session.can_undo(),
            can_redo: session.can_redo(),
            steps: (player.step_kind(), player.kinds()),
            interest: player.interest(),
            stop: None,
            twigs: tree::twigs(&session),
            current: session.current(),
            preset: run.clusters[0].preset,
            what: what(&session),
            now: Time::from_us(session.now().as_us() / 50_000 * 50_000),
            at_show: !player.is_playing()
                && run.show.is_some_and(|show| show.at == session.now() && show.at > Time::ZERO),
            untouched: run.commands.is_empty() && session.branches().len() == 1,
            beats: player.beats(cluster).before(session.timeline(cluster).next_event()).len(),
            panels: Panels::default(),
        };
        if let Some(fill) = table::get() {
            fill(self, &mut model, player, frame, chosen);
        }
        model
    }

    /// Adds what the panels show that are open, and what only they need.
    fn fill(&mut self, model: &mut Model, player: &Player, frame: &Frame, chosen: Option<NodeId>) {
        let session = player.session();
        let cluster = model.cluster;
        model.stop = stop(player, session.run());
        model.panels = Panels {
            columns: self.columns(&session, player.is_playing()),
            problem: why::problem(&explain::Scene::of(&session, cluster)),
            lines: if frame.shows(Tab::Events) { self.lines(player, &session) } else { Vec::new() },
            rows: rows(&session, frame, cluster),
            faults: Rc::new(lanes::at_fault(session.world(cluster), &model.judged, cluster)),
            report: if frame.shows(Tab::Node) { report(&session, cluster, chosen) } else { None },
            health: self.health(&session, frame, player.is_playing()),
            said: said(&session),
            breakpoints: if frame.shows(Tab::Breakpoints) {
                player.breakpoints()
            } else {
                Vec::new()
            },
            messages: self.messages(player, &session, frame, cluster),
        };
    }

    /// Lists more messages from now on.
    pub fn list_more(&mut self) {
        self.listed += messages::LISTED;
    }

    /// The list of messages, if its panel is visible.
    fn messages(
        &mut self,
        player: &Player,
        session: &Session,
        frame: &Frame,
        cluster: usize,
    ) -> messages::List {
        if !frame.shows(Tab::Messages) {
            self.listed = 0;
            return messages::List::default();
        }
        let open = player.selected_message().filter(|(c, _)| *c == cluster).map(|(_, id)| id);
        messages::List::of(session, cluster, messages::LISTED + self.listed, open)
    }

    /// The sentence of an event, from the cache if possible.
    pub fn sentence(&mut self, session: &Session, cluster: usize, id: EventId) -> Option<Rc<str>> {
        let known = self.sentences.iter().rev().find(|(key, _)| *key == (cluster, id));
        if let Some((_, text)) = known {
            return Some(Rc::clone(text));
        }
        let text: Rc<str> = words::sentence(session, cluster, id)?.into();
        if self.sentences.len() > 4 * MOST_LINES {
            self.sentences.drain(..2 * MOST_LINES);
        }
        self.sentences.push(((cluster, id), Rc::clone(&text)));
        Some(text)
    }

    /// The health of the clusters, if its panel is visible.
    fn health(
        &mut self,
        session: &Session,
        frame: &Frame,
        playing: bool,
    ) -> Rc<Vec<health::Report>> {
        match frame.shows(Tab::Health) {
            true => self.health.count(session, playing, || health::reports(session)),
            false => self.health.forget(),
        }
    }

    /// The figures of the comparison. Empty for a single cluster.
    fn columns(&mut self, session: &Session, playing: bool) -> Rc<Vec<Column>> {
        match session.run().clusters.len() {
            0 | 1 => self.columns.forget(),
            _ => self.columns.count(session, playing, || compare::columns(session)),
        }
    }

    fn scenes(&mut self, session: &Session) -> Vec<Rc<Scene>> {
        let mut scenes = Vec::with_capacity(self.scenes.len());
        self.recalls.resize_with(session.run().clusters.len(), Recall::default);
        for (i, (world, recall)) in session.worlds().zip(&mut self.recalls).enumerate() {
            let scene = Scene::after(world, recall);
            let same = self.scenes.get(i).filter(|old| ***old == scene).cloned();
            scenes.push(same.unwrap_or_else(|| Rc::new(scene)));
        }
        self.scenes.clone_from(&scenes);
        scenes
    }

    fn strip(&mut self, player: &Player, cluster: usize) -> Rc<Strip> {
        let strip = Strip::of_player(player, cluster);
        if strip != *self.strip {
            self.strip = Rc::new(strip);
        }
        Rc::clone(&self.strip)
    }

    fn lines(&mut self, player: &Player, session: &Session) -> Vec<Line> {
        let mut lines = Vec::new();
        let titles = compare::titles(session.run());
        for cluster in 0..session.run().clusters.len() {
            let beats = player.beats(cluster);
            let before = beats.before(session.timeline(cluster).next_event());
            for &id in &before[before.len().saturating_sub(MOST_LINES)..] {
                lines.extend(self.line(session, &titles, cluster, id));
            }
        }
        order::by(&mut lines, |a, b| (a.at, a.key).cmp(&(b.at, b.key)));
        lines.drain(..lines.len().saturating_sub(MOST_LINES));
        lines
    }

    fn line(
        &mut self,
        session: &Session,
        titles: &[String],
        cluster: usize,
        id: EventId,
    ) -> Option<Line> {
        let event = session.trace(cluster).event(id)?;
        let bad = is_fault(event.what, &session.run().commands);
        let sentence = self.sentence(session, cluster, id)?;
        let text = match titles {
            [_] => sentence,
            several => format!("{}: {sentence}", several[cluster]).into(),
        };
        Some(Line { key: (cluster, id), at: event.at, text, bad })
    }
}

/// The breakpoint that stopped playing, and a sentence about it.
fn stop(player: &Player, run: &Run) -> Option<(u32, Rc<str>)> {
    let (stop, condition) = player.stop()?;
    let at = scale::moment(stop.at);
    let whose = match &compare::titles(run)[..] {
        [_] => String::new(),
        several => format!(" in {}", several[stop.cluster]),
    };
    Some((stop.breakpoint, format!("Stopped at {at}{whose}: {condition}").into()))
}

/// The report on the selected node, else on the leader, else on the first node.
fn report(session: &Session, cluster: usize, chosen: Option<NodeId>) -> Option<Report> {
    let world = session.world(cluster);
    let shown = chosen.filter(|&n| world.node(n).is_some());
    let first = || world.nodes().next().map(quorumscope_core::world::Host::id);
    Report::of(world, shown.or_else(|| world.leader()).or_else(first)?)
}

fn rows(session: &Session, frame: &Frame, cluster: usize) -> Vec<Row> {
    if frame.shows(Tab::Operations) { operations::rows(session.world(cluster)) } else { Vec::new() }
}

fn said(session: &Session) -> Vec<Said> {
    let commands = &session.run().commands;
    let now = session.now();
    let told = commands.partition_point(|c| c.at <= now);
    let first = told.saturating_sub(MOST_SAID);
    let said = |(i, c): (usize, &quorumscope_core::run::Command)| {
        Said::statement(first + i, c.at, language::print_statement(&c.statement))
    };
    commands[first..told].iter().enumerate().map(said).collect()
}

fn what(session: &Session) -> String {
    let run = session.run();
    let count = |n: usize, one: &str| format!("{n} {one}{}", if n == 1 { "" } else { "s" });
    // Nodes join and leave, so the present members are counted.
    let world = session.world(0);
    let (members, clients) = (world.members().len(), world.clients().count());
    let mut text = match run.clusters.len() {
        1 => format!("{}, {}", count(members, "node"), count(clients, "client")),
        several => format!("{several} clusters, one run"),
    };
    if run.commands.iter().any(|c| matches!(c.statement, Statement::Rule(_, false))) {
        text.push_str(", with a rule broken");
    }
    text
}
