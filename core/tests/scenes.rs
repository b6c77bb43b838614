//! The scenes of the page (`web/scenes`): the claims of each card hold at the scene's end, and the
//! index that the page loads says of each what its file says.

use quorumscope_core::condition::{self, Happened, Moment, Names};
use quorumscope_core::run::CueKind;
use quorumscope_core::script;
use quorumscope_core::session::Session;
use quorumscope_core::settings::Preset;
use quorumscope_core::view;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The fewest scenes of one system.
const FEWEST: usize = 4;
/// The longest that a scene may play, in real seconds.
const LONGEST_S: f64 = 120.0;

/// A card of the menu, as the index has it.
#[derive(Serialize)]
struct Card {
    /// The name of the file, without `.qs`.
    id: String,
    title: String,
    /// The system, or `comparison`.
    system: String,
    question: String,
    promise: String,
    claims: Vec<String>,
}

struct Scene {
    card: Card,
    text: String,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/scenes")
}

fn scenes() -> Vec<Scene> {
    let entries = std::fs::read_dir(folder()).expect("the folder is there");
    let paths = entries.map(|entry| entry.expect("it can be read").path());
    let mut paths: Vec<PathBuf> =
        paths.filter(|p| p.extension().is_some_and(|e| e == "qs")).collect();
    paths.sort();
    paths.iter().map(|path| scene(path)).collect()
}

fn scene(path: &Path) -> Scene {
    let text = std::fs::read_to_string(path).expect("it can be read");
    let id = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let all = |name: &str| -> Vec<String> {
        let start = format!("# {name}: ");
        text.lines().filter_map(|l| l.strip_prefix(&start)).map(str::to_owned).collect()
    };
    let one = |name: &str| match &all(name)[..] {
        [only] => only.clone(),
        several => panic!("{id}: found {} lines # {name}:, expected one", several.len()),
    };
    let run = script::parse(&text).unwrap_or_else(|e| panic!("{id}: {e}"));
    let system = match &run.clusters[..] {
        [only] => only.preset.name().to_owned(),
        _ => "comparison".to_owned(),
    };
    let (title, question, promise) = (one("title"), one("question"), one("promise"));
    let card = Card { title, system, question, promise, claims: all("claim"), id };
    Scene { card, text }
}

impl Scene {
    /// The scene at its end.
    fn end(&self) -> Session {
        let run = script::parse(&self.text).expect("it was read before");
        assert!(run.show.is_some(), "{}: show says where it ends", self.card.id);
        Session::new(run)
    }

    /// Those of its claims that do not hold at its end. `2: violation` is about the second cluster.
    fn broken(&self) -> Vec<String> {
        let session = self.end();
        let mut verdicts: Option<Vec<view::ClusterVerdict>> = None;
        let mut broken = Vec::new();
        for claim in &self.card.claims {
            let (cluster, text) = match claim.split_once(": ") {
                Some((number, rest)) => (number.parse::<usize>().expect("a cluster") - 1, rest),
                None => (0, claim.as_str()),
            };
            let condition = condition::parse(text, Names::of(session.run()))
                .unwrap_or_else(|e| panic!("{}: {claim}: {e}", self.card.id));
            let violated = condition.needs_judge() && {
                let verdicts = verdicts.get_or_insert_with(|| view::verdict(&session));
                verdicts.iter().any(|v| v.cluster == cluster && v.holds == Some(false))
            };
            let moment = Moment {
                world: session.world(cluster),
                happened: Happened::default(),
                violated,
                broken: quorumscope_core::condition::Breaches::default(),
                done: &session.run().commands,
            };
            if !condition.holds(&moment) {
                broken.push(claim.clone());
            }
        }
        broken
    }

    /// How long it plays at the speeds that it gives, in real seconds.
    fn lasts_s(&self) -> f64 {
        let session = self.end();
        let end = session.now();
        let (mut lasts, mut at, mut speed) = (0.0, 0.0, 1.0 / 30.0);
        for cue in session.run().story.cues() {
            if let CueKind::Speed(pace) = cue.kind {
                lasts += (cue.at.as_ms_f64() - at) / speed;
                (at, speed) = (cue.at.as_ms_f64(), pace.factor());
            }
        }
        (lasts + (end.as_ms_f64() - at) / speed) / 1_000.0
    }
}

#[test]
fn what_a_card_claims_holds_at_the_end_of_its_scene() {
    let mut wrong = String::new();
    for scene in scenes() {
        assert!(!scene.card.claims.is_empty(), "{} claims nothing", scene.card.id);
        let broken = scene.broken();
        if !broken.is_empty() {
            let session = scene.end();
            let told: Vec<_> = view::history(&session)
                .iter()
                .map(|o| {
                    let read = o.read.as_deref().unwrap_or_default();
                    let outcome = o.outcome.unwrap_or("open");
                    format!("    {} {} {} {outcome} {read}\n", o.cluster, o.client, o.op)
                })
                .collect();
            let id = &scene.card.id;
            let found: Vec<_> = view::verdict(&session)
                .iter()
                .filter(|v| v.holds == Some(false))
                .map(|v| format!("    {} {}\n", v.cluster, v.property))
                .collect();
            let nodes: Vec<_> = view::state(&session, false)
                .clusters
                .iter()
                .flat_map(|c| &c.nodes)
                .map(|n| {
                    format!("    {} {:?} {:?} {:?} {:?}\n", n.id, n.status, n.role, n.term, n.data)
                })
                .collect();
            let (told, found, nodes) = (told.concat(), found.concat(), nodes.concat());
            wrong += &format!("{id}: {broken:?}\n{told}{found}{nodes}");
        }
    }
    assert!(wrong.is_empty(), "claims that do not hold:\n{wrong}");
}

#[test]
fn every_system_has_scenes_and_each_tells_a_story() {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for scene in scenes() {
        *counts.entry(scene.card.system.clone()).or_default() += 1;
        let id = &scene.card.id;
        let run = script::parse(&scene.text).expect("it was read before");
        assert!(run.story.notes().count() > 0, "{id} has no note");
        let lasts = scene.lasts_s();
        assert!((4.0..LONGEST_S).contains(&lasts), "{id} plays for {lasts:.0} s");
    }
    for preset in Preset::ALL {
        let count = counts.get(preset.name()).copied().unwrap_or_default();
        assert!(count >= FEWEST, "{preset} has {count} scenes");
    }
    assert!(counts.values().sum::<usize>() >= 36, "{counts:?}");
}

#[test]
fn the_index_says_what_the_scenes_say() {
    let cards: Vec<Card> = scenes().into_iter().map(|scene| scene.card).collect();
    let made = serde_json::to_string_pretty(&cards).expect("it is JSON") + "\n";
    let path = folder().join("index.json");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&path, &made).expect("the index can be written");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == made, "{} is out of date: UPDATE_EXPECT=1 writes it anew", path.display());
}
