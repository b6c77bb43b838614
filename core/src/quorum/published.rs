//! The published cases of etcd's raft, read from a folder of corpora when there is one.

use super::{Joint, Majority, UNBOUNDED, Vote};
use std::collections::BTreeMap;
use std::path::PathBuf;

struct Case {
    directive: String,
    expected: String,
}

/// The values of `name=(a,b,c)` in a directive; `None` if it is not there.
fn argument<'a>(directive: &'a str, name: &str) -> Option<Vec<&'a str>> {
    let start = directive.find(&format!(" {name}="))? + name.len() + 2;
    let rest = &directive[start..];
    if rest.starts_with("zero") {
        return Some(Vec::new());
    }
    let inner = &rest[rest.find('(')? + 1..rest.find(')')?];
    Some(inner.split(',').map(str::trim).filter(|value| !value.is_empty()).collect())
}

fn ids(directive: &str, name: &str) -> Vec<u16> {
    let values = argument(directive, name).unwrap_or_default();
    values.iter().map(|id| id.parse().expect("an id")).collect()
}

/// The value of each node. `values` are listed in the order of both halves, without repeats.
fn known<'a>(halves: &[u16], values: &[&'a str]) -> BTreeMap<u16, &'a str> {
    let mut known = BTreeMap::new();
    let mut values = values.iter();
    for &id in halves {
        known.entry(id).or_insert_with(|| *values.next().expect("a value for each node"));
    }
    known.retain(|_, value| *value != "_");
    known
}

fn answer(directive: &str) -> String {
    let (incoming, outgoing) = (ids(directive, "cfg"), ids(directive, "cfgj"));
    let halves = [&incoming[..], &outgoing[..]].concat();
    let (incoming, outgoing): (Majority<u16>, Majority<u16>) =
        (incoming.into_iter().collect(), outgoing.into_iter().collect());
    let joint = Joint { incoming: &incoming, outgoing: &outgoing };
    let swapped = Joint { incoming: &outgoing, outgoing: &incoming };
    let is_majority = !directive.contains(" cfgj=");
    if directive.starts_with("committed") {
        let known = known(&halves, &argument(directive, "idx").unwrap_or_default());
        let acked = |id| known.get(&id).map(|index| index.parse().expect("an index"));
        let committed = joint.committed(acked);
        assert_eq!(committed, swapped.committed(acked), "{directive}");
        assert!(!is_majority || committed == incoming.committed(acked), "{directive}");
        return if committed == UNBOUNDED { "∞".into() } else { committed.to_string() };
    }
    let known = known(&halves, &argument(directive, "votes").unwrap_or_default());
    let voted = |id| known.get(&id).map(|vote| *vote == "y");
    let vote = joint.vote(voted);
    assert_eq!(vote, swapped.vote(voted), "{directive}");
    assert!(!is_majority || vote == incoming.vote(voted), "{directive}");
    match vote {
        Vote::Won => "VoteWon",
        Vote::Lost => "VoteLost",
        Vote::Pending => "VotePending",
    }
    .into()
}

fn cases(text: &str) -> Vec<Case> {
    let mut cases = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if !line.starts_with("committed") && !line.starts_with("vote") {
            continue;
        }
        assert_eq!(lines.next(), Some("----"));
        let output: Vec<&str> = lines.by_ref().take_while(|line| !line.is_empty()).collect();
        // The picture of an empty configuration is a remark without an end of line.
        let last = output.last().expect("an output");
        let expected = last.trim_start_matches("<empty majority quorum>").to_owned();
        cases.push(Case { directive: line.to_owned(), expected });
    }
    cases
}

#[test]
fn published_cases() {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/corpora");
    let corpora = std::env::var_os("QUORUMSCOPE_CORPORA").map_or(beside.into(), PathBuf::from);
    let folder = corpora.join("etcd-quorum");
    if !folder.exists() {
        return;
    }
    for (file, count) in
        [("majority_commit", 16), ("majority_vote", 22), ("joint_commit", 50), ("joint_vote", 39)]
    {
        let text = std::fs::read_to_string(folder.join(file).with_extension("txt")).expect(file);
        let cases = cases(&text);
        assert_eq!(cases.len(), count, "{file}");
        for case in cases {
            assert_eq!(answer(&case.directive), case.expected, "{file}: {}", case.directive);
        }
    }
}
