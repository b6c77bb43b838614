//! Completion of questions for the console: the words that are possible at the cursor.

use super::Question;
use super::case::Case;
use super::node::raft;
use crate::check::Property;
use crate::explain::Scene;
use crate::settings::Preset;
use crate::sorted::SortedSet;
use crate::store::Quoted;
use crate::world::Host;

/// The most operations, entries and keys that are offered, the last first.
const MOST: usize = 8;
/// The most operations that are searched for keys.
const LOOKED_OVER: usize = 500;

/// The words that can replace the last, unfinished word of a line that begins with `why`, in the
/// order of offering. With several clusters a question may name one.
#[must_use]
pub fn complete(scene: &Scene<'_>, clusters: usize, text: &str) -> Vec<String> {
    let start = text.rfind(char::is_whitespace).map_or(0, |i| i + 1);
    let (before, partial) = text.split_at(start);
    let before: Vec<&str> = before.split_whitespace().collect();
    let mut words = match before.split_first() {
        None => vec!["why".to_owned()],
        Some((&"why", rest)) => {
            let mut words = candidates(&Case::of(scene), rest, partial);
            words.extend((clusters > 1).then(|| naming(rest, clusters)).into_iter().flatten());
            words
        }
        Some(_) => Vec::new(),
    };
    words.retain(|w| w.starts_with(partial) && w != partial);
    words
}

/// The words by which a question names one of several clusters.
fn naming(before: &[&str], clusters: usize) -> Vec<String> {
    let is_whole = |words: &[&str]| Question::parse(&words.join(" ")).is_ok();
    match before {
        [question @ .., "in"] if is_whole(question) => vec!["cluster".into()],
        [question @ .., "in", "cluster"] if is_whole(question) => {
            (1..=clusters).map(|n| n.to_string()).collect()
        }
        question if is_whole(question) => vec!["in".into()],
        _ => Vec::new(),
    }
}

fn candidates(case: &Case<'_>, before: &[&str], partial: &str) -> Vec<String> {
    let is_node = |word: &str| nodes(case).iter().any(|n| n == word);
    match before {
        [] => beginnings(case, partial),
        ["op"] => operations(case),
        ["entry"] | [_, "entry"] => entries(case),
        ["key"] | [_, "key"] => keys(case),
        ["event"] => case.end.0.checked_sub(1).map(|last| last.to_string()).into_iter().collect(),
        ["entry" | "key", _] => vec!["at".into()],
        ["entry" | "key", _, "at"] => nodes(case),
        ["lb"] => vec!["suspects".into()],
        [who] if is_node(who) => of_node(case),
        [_, "vote" | "suspects" | "keeps"] => nodes(case),
        _ => Vec::new(),
    }
}

fn beginnings(case: &Case<'_>, partial: &str) -> Vec<String> {
    let world = case.scene.world;
    if let Some((from, _)) = partial.split_once('-').filter(|(from, _)| !from.is_empty()) {
        let others = nodes(case).into_iter().filter(|n| n != from);
        return others.map(|to| format!("{from}-{to}")).collect();
    }
    if partial.starts_with('m') {
        let flying = world.flights().map(|flight| flight.id.to_string());
        return flying.take(MOST).chain(properties()).collect();
    }
    let mut words: Vec<String> = Vec::new();
    if super::node::head(case).is_some() {
        words.push("no-leader".into());
    }
    words.extend(nodes(case));
    words.extend(world.clients().map(|c| c.id().to_string()));
    words.extend(world.balancer().map(|_| "lb".to_owned()));
    words.extend(["op", "key", "event"].map(String::from));
    if matches!(world.preset(), Preset::Raft | Preset::PrimaryBackup) {
        words.push("entry".into());
    }
    words.extend(properties());
    words
}

fn properties() -> impl Iterator<Item = String> {
    Property::ALL.into_iter().map(Property::word)
}

/// The questions about a node.
fn of_node(case: &Case<'_>) -> Vec<String> {
    let words: &[&str] = match case.scene.world.preset() {
        Preset::Raft => &["no-leader", "not-leader", "vote", "entry", "key"],
        Preset::Election => &["no-leader", "not-leader", "suspects"],
        Preset::PrimaryBackup => &["no-leader", "not-leader", "suspects", "entry", "key"],
        Preset::Peers | Preset::Quorum => &["suspects", "keeps", "key"],
        Preset::Ring => &["keeps", "key"],
        Preset::WriteAll | Preset::Chain => &["key"],
    };
    words.iter().map(|w| (*w).to_owned()).collect()
}

fn nodes(case: &Case<'_>) -> Vec<String> {
    case.scene.world.nodes().map(|h| h.id().to_string()).collect()
}

fn operations(case: &Case<'_>) -> Vec<String> {
    let many = case.scene.world.operations().len();
    (1..=many).rev().take(MOST).map(|n| n.to_string()).collect()
}

/// The last entries of the longest log in the cluster.
fn entries(case: &Case<'_>) -> Vec<String> {
    let last = |h: &Host| match raft(case, h.id()) {
        Some(server) => server.log().last_index().0,
        None => h.machine().and_then(|m| m.view(1).log?.last().map(|c| c.index.0)).unwrap_or(0),
    };
    let last = case.scene.world.nodes().map(last).max().unwrap_or(0);
    (1..=last).rev().take(MOST).map(|n| n.to_string()).collect()
}

/// The keys that clients asked about last.
fn keys(case: &Case<'_>) -> Vec<String> {
    let all = case.scene.world.operations();
    let back = (0..all.len()).rev().take(LOOKED_OVER).filter_map(|i| all.get(i));
    let keys: SortedSet<String> = back.map(|op| Quoted(&op.request.key).to_string()).collect();
    keys.into_iter().take(MOST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::parse;
    use crate::session::Session;

    fn offered(script: &str, text: &str) -> Vec<String> {
        let session = Session::new(parse(script).unwrap());
        complete(&Scene::of(&session, 0), session.run().clusters.len(), text)
    }

    #[test]
    fn of_several_clusters_a_question_may_name_one() {
        let two = "cluster raft nodes=3\ncluster quorum nodes=3";
        assert_eq!(offered(two, "why n2 i"), ["in"]);
        assert!(offered(two, "why ").contains(&"in".into()));
        assert_eq!(offered(two, "why n2 in "), ["cluster"]);
        assert_eq!(offered(two, "why n2 vote n3 in cluster "), ["1", "2"]);
        assert_eq!(offered(two, "why in cluster "), ["1", "2"]);
        assert_eq!(offered(two, "why n2 vote in "), [""; 0]);
        assert_eq!(offered(two, "why n2 in cluster 2 "), [""; 0]);
        for text in ["why n2 i", "why n2 in ", "why n2 in cluster "] {
            assert_eq!(offered("cluster raft nodes=3", text), [""; 0], "{text}");
        }
    }
}
