//! Everything that the page shows of a session at one moment, as values that compare: what did not
//! change is not drawn again.

use crate::language;
use crate::panels::Tab;
use crate::panels::console::Said;
use crate::panels::events::Line;
use crate::panels::inspector::Report;
use crate::panels::operations::{self, Row};
use crate::player::{Player, Speed};
use crate::scene::Scene;
use crate::story::{Beat, BeatKind};
use crate::transport::strip::Strip;
use crate::words::{self, Headline};
use quorumscope_core::ids::{EventId, NodeId};
use quorumscope_core::run::Run;
use quorumscope_core::session::Session;
use quorumscope_core::settings::Preset;
use quorumscope_core::time::Time;
use std::collections::BTreeMap;
use std::rc::Rc;

/// The most lines in the list of events.
const MOST_LINES: usize = 120;
/// How many statements stand above the console's line.
const MOST_SAID: usize = 3;

/// What is shown.
#[derive(Clone, PartialEq)]
pub struct Model {
    /// A scene for each cluster.
    pub scenes: Vec<Rc<Scene>>,
    /// The sentences at the top.
    pub headline: Headline,
    /// What is painted on the scrubber.
    pub strip: Rc<Strip>,
    /// The list of events, where it is shown.
    pub lines: Vec<Line>,
    /// What clients asked, where it is shown.
    pub rows: Vec<Row>,
    /// The node that is looked at, where it is shown.
    pub report: Option<Report>,
    /// The last statements.
    pub said: Vec<Said>,
    /// Whether time runs.
    pub playing: bool,
    /// How fast.
    pub speed: Speed,
    /// Whether there is anything to undo.
    pub can_undo: bool,
    /// Whether there is anything to redo.
    pub can_redo: bool,
    /// The names of the branches.
    pub branches: Vec<String>,
    /// The place of the one that is looked at.
    pub current: usize,
    /// The preset of the first cluster.
    pub preset: Preset,
    /// The cluster in words.
    pub what: String,
    /// The playhead, in steps of a twentieth of a second.
    pub now: Time,
    /// Whether nobody has done anything yet.
    pub untouched: bool,
}

/// What is kept from one model to the next, so that it is made once.
#[derive(Default)]
pub struct Memory {
    scenes: Vec<Rc<Scene>>,
    strip: Rc<Strip>,
    sentences: BTreeMap<(usize, EventId), Rc<str>>,
    revision: u64,
}

impl Memory {
    /// What is to be shown now.
    pub fn model(&mut self, player: &Player, tab: Tab, chosen: NodeId) -> Model {
        let session = player.session();
        if self.revision != session.revision() {
            self.revision = session.revision();
            self.sentences.clear();
        }
        let run = session.run();
        Model {
            scenes: self.scenes(&session),
            headline: words::headline(&session, 0),
            strip: self.strip(player, &session),
            lines: if tab == Tab::Events { self.lines(player, &session) } else { Vec::new() },
            rows: rows(&session, tab),
            report: (tab == Tab::Node).then(|| Report::of(session.world(0), chosen)).flatten(),
            said: said(&session),
            playing: player.is_playing(),
            speed: player.speed(),
            can_undo: session.can_undo(),
            can_redo: session.can_redo(),
            branches: session.branches().iter().map(|b| b.name.clone()).collect(),
            current: session.current(),
            preset: run.clusters[0].preset,
            what: what(run),
            now: Time::from_us(session.now().as_us() / 50_000 * 50_000),
            untouched: run.commands.is_empty() && session.branches().len() == 1,
        }
    }

    /// An event as a sentence, made once.
    pub fn sentence(&mut self, session: &Session, cluster: usize, id: EventId) -> Option<Rc<str>> {
        if let Some(known) = self.sentences.get(&(cluster, id)) {
            return Some(Rc::clone(known));
        }
        let text: Rc<str> = words::sentence(session, cluster, id)?.into();
        self.sentences.insert((cluster, id), Rc::clone(&text));
        Some(text)
    }

    fn scenes(&mut self, session: &Session) -> Vec<Rc<Scene>> {
        let mut scenes = Vec::with_capacity(self.scenes.len());
        for (i, world) in session.worlds().enumerate() {
            let scene = Scene::of(world);
            let same = self.scenes.get(i).filter(|old| ***old == scene).cloned();
            scenes.push(same.unwrap_or_else(|| Rc::new(scene)));
        }
        self.scenes.clone_from(&scenes);
        scenes
    }

    fn strip(&mut self, player: &Player, session: &Session) -> Rc<Strip> {
        let frontier = session.frontier();
        let strip = Strip::of(&player.story(0), &session.run().commands, frontier);
        if strip != *self.strip {
            self.strip = Rc::new(strip);
        }
        Rc::clone(&self.strip)
    }

    fn lines(&mut self, player: &Player, session: &Session) -> Vec<Line> {
        let mut beats: Vec<(usize, Beat)> = Vec::new();
        for cluster in 0..session.run().clusters.len() {
            let story = player.story(cluster);
            let before = story.beats_before(session.timeline(cluster).next_event());
            let last = &before[before.len().saturating_sub(MOST_LINES)..];
            beats.extend(last.iter().map(|b| (cluster, *b)));
        }
        beats.sort_by_key(|(cluster, b)| (b.at, *cluster, b.event));
        let skip = beats.len().saturating_sub(MOST_LINES);
        let line = |(cluster, beat): (usize, Beat)| {
            let text = self.sentence(session, cluster, beat.event)?;
            let bad = matches!(beat.kind, BeatKind::Fault(_));
            Some(Line { key: (cluster, beat.event), at: beat.at, text, bad })
        };
        beats.into_iter().skip(skip).filter_map(line).collect()
    }
}

fn rows(session: &Session, tab: Tab) -> Vec<Row> {
    if tab == Tab::Operations { operations::rows(session.world(0)) } else { Vec::new() }
}

fn said(session: &Session) -> Vec<Said> {
    let commands = &session.run().commands;
    let now = session.now();
    let told = commands.partition_point(|c| c.at <= now);
    let first = told.saturating_sub(MOST_SAID);
    let said = |(i, c): (usize, &quorumscope_core::run::Command)| Said {
        place: first + i,
        at: c.at,
        text: language::print_statement(&c.statement),
    };
    commands[first..told].iter().enumerate().map(said).collect()
}

fn what(run: &Run) -> String {
    let count = |n: u16, one: &str| format!("{n} {one}{}", if n == 1 { "" } else { "s" });
    let settings = &run.clusters[0].settings;
    let mut text = format!("{}, {}", count(settings.nodes, "node"), count(settings.clients, "client"));
    if run.clusters.len() > 1 {
        text.push_str(&format!(", {} clusters", run.clusters.len()));
    }
    text
}
