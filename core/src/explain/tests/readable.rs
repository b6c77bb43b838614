//! What a teacher would mark: sentences that are false, stale, too long, or gone before they are read.

use super::*;
use crate::time::Span;

/// Presets, who leads or is the first, and another.
const CLUSTERS: [(&str, &str, &str); 8] = [
    ("raft nodes=5 seed=266", "n2", "n1"),
    ("raft nodes=3 seed=31 prevote=off", "n3", "n1"),
    ("peers nodes=3 seed=1", "n1", "n2"),
    ("quorum nodes=5 seed=3", "n1", "n2"),
    ("ring nodes=5 seed=2", "n1", "n2"),
    ("primary-backup nodes=3 seed=10", "n3", "n1"),
    ("election nodes=5 seed=6", "n5", "n1"),
    ("write-all nodes=3 seed=1", "n1", "n2"),
];

/// What is done to them; `L` leads, `F` does not.
const STORIES: [&str; 12] = [
    "",
    "@0.2s workload rate=20/s reads=50% keys=3",
    "@1s c1 set x 1\n@1.5s crash L\n@1.6s c1 set x 2\n@4s restart L",
    "@1.5s partition L c1 | F c2\n@1.7s c1 set x 2\n@4s heal",
    "@1.5s cut L>F\n@2.5s cut F>L\n@4s heal",
    "@1.5s pause L\n@1.7s c1 set x 2\n@3.5s resume L",
    "@1.5s restart F\n@2.5s restart L\n@4s wipe F\n@4.5s restart F",
    "@1s clock L +5s\n@2s clock F x1.5",
    "@1s set fsync=off\n@1.3s crash L\n@1.35s crash F\n@1.6s corrupt F\n@2s restart L\n@2.2s restart F",
    "@1s network loss=30% duplicate=20%\n@1.2s c1 set x 1\n@3s link L-F latency=200ms\n@5s network loss=0%",
    "@1s isolate F\n@3s heal F",
    "@1s ping L F\n@1.5s timeout F\n@2s drop m3\n@3s set heartbeat=40ms\n@4s workload off",
];

fn runs() -> impl Iterator<Item = String> {
    CLUSTERS.into_iter().flat_map(|(cluster, l, f)| {
        STORIES.into_iter().map(move |story| {
            let link = if l < f { format!("{l}-{f}") } else { format!("{f}-{l}") };
            let told = story.replace("L-F", &link).replace('L', l).replace('F', f);
            format!("cluster {cluster}\n{told}")
        })
    })
}

/// So often it is looked at what stands at the top.
const GLANCE: Span = Span::from_ms(5);

/// The headlines of a run and since when each stood there.
fn headlines(script: &str, to_ms: u64) -> Vec<(Time, Headline)> {
    let mut session = played(script, to_ms);
    let beats = beats(&session);
    let mut told: Vec<(Time, Headline)> = Vec::new();
    let mut at = Time::ZERO;
    while at <= Time::from_ms(to_ms) {
        session.seek(at);
        let headline = headline(&Scene::of(&session, 0), &beats);
        if told.last().is_none_or(|(_, last)| *last != headline) {
            told.push((at, headline));
        }
        at += GLANCE;
    }
    told
}

/// The most letters of a line that can be taken in at a glance.
const MOST_LETTERS: usize = 120;
/// At the usual speed a second is some thirty milliseconds of virtual time.
const READ: Span = Span::from_ms(30);

#[test]
fn every_headline_can_be_taken_in_at_a_glance_before_it_goes() {
    let (mut short, mut all) = (0, 0);
    for script in runs() {
        let headlines = headlines(&script, 5_000);
        let mut bold: Vec<(Time, &str)> = Vec::new();
        for (at, Headline { bold: told, rest, small }) in &headlines {
            for line in [format!("{told} {rest}"), small.clone()] {
                let line = plain(line.trim());
                let letters = line.chars().count();
                assert!(letters <= MOST_LETTERS, "{script}\n{at:?}: {letters} letters: {line}");
                assert!(!line.contains("..") && !line.contains("  "), "{script}: {line}");
            }
            assert!(told.ends_with('.') && told.len() > 1, "{script}\n{at:?}: {told:?}");
            if bold.last().is_none_or(|(_, last)| last != told) {
                bold.push((*at, told));
            }
        }
        let brief = bold.windows(2).filter(|pair| pair[1].0.since(pair[0].0) < READ);
        let brief: Vec<_> = brief.map(|pair| (pair[0].0.as_us() / 1_000, pair[0].1)).collect();
        assert!(brief.len() <= 6, "{script}\n{brief:#?}");
        short += brief.len();
        all += bold.len();
    }
    // Some elections take less than a second at the usual speed; what else is so short is rare.
    assert!(short * 8 < all, "{short} of {all} headlines are gone before they are read");
}

fn bold_at(script: &str, times_ms: &[u64]) -> Vec<String> {
    let mut session = played(script, *times_ms.last().unwrap());
    let beats = beats(&session);
    let told = |ms: &u64| {
        session.seek(Time::from_ms(*ms));
        let Headline { bold, rest, .. } = headline(&Scene::of(&session, 0), &beats);
        plain(format!("{bold} {rest}").trim())
    };
    times_ms.iter().map(told).collect()
}

#[test]
fn what_is_over_gives_way_to_what_is_so() {
    let script = "cluster raft seed=13\n@1.5s partition n1 n2 | n3 n4 n5\n@4s heal\n@6s pause n1";
    assert_eq!(
        bold_at(script, &[3_900, 4_020, 4_500, 5_900, 9_000]),
        [
            "n3 leads term 2. It was cut off from n2, so the majority chose again.",
            "Every link works again. Whoever was apart now learns what the others decided.",
            "n2 steps down. It learnt of term 2, in which n3 leads.",
            "n3 leads term 2. It had heard nothing from n2 for too long.",
            // That lasts.
            "n1 is paused: it exists, but does not run. Messages to it wait, and time goes on.",
        ]
    );
    let script = "cluster quorum nodes=3\n@1s isolate n3\n@2s heal";
    assert_eq!(
        bold_at(script, &[1_990, 4_000]),
        [
            "n3 is cut off from everyone. What is in flight there is lost, and nobody is told.",
            "Three nodes run. None of them leads: each can be coordinator.",
        ]
    );
}

#[test]
fn leadership_that_is_handed_over_was_not_taken_from_anybody() {
    let script = "cluster raft nodes=5 seed=266\n@1s transfer n2 n1";
    assert_eq!(
        bold_at(script, &[1_020, 2_500]),
        [
            "n1 stands for election in term 2. n2 told it to take over at once. It has 1 of the 3 votes it needs.",
            "n1 leads term 2. n2 handed its leadership over, and a majority voted for n1.",
        ]
    );
    // A timer that was made to run out has nothing to do with an election long after.
    let script = "cluster raft nodes=3 seed=16\n@1s timeout n1\n@3s isolate n3";
    assert_eq!(
        bold_at(script, &[1_100, 5_000]),
        [
            "The election timer of n1 is made to run out. It asks whether it could win: who still hears a leader says no.",
            "n1 leads term 4. It was cut off from n3, so the majority chose again.",
        ]
    );
}

#[test]
fn a_change_of_members_is_told_once_and_by_name() {
    let script = "cluster raft nodes=3 seed=2\n@1.5s add n4\n@3s remove n1";
    assert_eq!(
        bold_at(script, &[1_520, 1_580, 3_020]),
        [
            "n4 joins as a learner. It is sent the log, and has no vote until it has caught up.",
            "The members are n1, n2, n3 and n4 now. They count as soon as they are in the log, committed or not.",
            "The members are n2, n3 and n4 now. They count as soon as they are in the log, committed or not.",
        ]
    );
}

#[test]
fn what_a_primary_had_alone_is_said_to_be_lost() {
    let script = "cluster primary-backup nodes=3 seed=2\n@1s c1 set x 1\n\
        @1.5s partition n3 c1 | n1 n2 c2\n@1.7s c1 set x 2\n@4s heal";
    assert_eq!(
        bold_at(script, &[1_790, 4_100]),
        [
            "n1 takes its primary's whole state, up to update 1. From here on it gets every update.",
            "n3 takes its primary's whole state, up to update 1. \
             What it had carried out beyond that as primary is lost.",
        ]
    );
}

#[test]
fn what_did_nothing_is_said_to_have_done_nothing() {
    let script = "cluster peers\n@1s drop m1\n@2s corrupt n2\n@3s wipe n2\n@4s restart n2";
    assert_eq!(
        bold_at(script, &[1_100, 2_100, 3_100, 4_010]),
        [
            "drop m1: no m1 is in flight.",
            "corrupt n2: nothing changes.",
            "n2 crashes and its disk is emptied. Messages to it are lost.",
            "n2 starts again. It keeps nothing on a disk: all that it had is forgotten.",
        ]
    );
}

#[test]
fn what_comes_back_is_as_the_system_has_it() {
    let after = |cluster: &str| {
        let script =
            format!("cluster {cluster}\n@1s wipe n2\n@2s restart n2\n@4s isolate n3\n@5s heal");
        bold_at(&script, &[2_001, 5_001])
    };
    assert_eq!(
        [after("write-all"), after("peers"), after("ring nodes=4")].concat(),
        [
            "n2 starts again. It keeps nothing on a disk: all that it had is forgotten.",
            "Every link works again. What a node missed is not sent again: a read takes the newest answer.",
            "n2 starts again. It keeps nothing on a disk: all that it had is forgotten.",
            "Every link works again. Who was taken for dead is sent what was kept for it; what was lost before is lost.",
            "n2 starts again from its disk. Its disk is empty: it has forgotten everything.",
            "Every link works again. What was lost on its way to a replica is not sent again.",
        ]
    );
    let quorum = "quorum nodes=3 hints=off anti-entropy=off";
    assert_eq!(
        [after(quorum)[1].clone(), after(&format!("{quorum} read-repair=off"))[1].clone()],
        [
            "Every link works again. What a replica missed comes to it by read repair.",
            "Every link works again. Nothing here brings a replica what it missed.",
        ]
    );
}

#[test]
fn peers_that_become_something_at_once_are_all_named() {
    assert_eq!(
        bold_at("cluster peers seed=4", &[30, 100]),
        [
            "n1 is ACTIVE now. It takes part, and every command is forwarded to it.",
            "n1, n2 and n3 are ACTIVE now. They take part, and every command is forwarded to them.",
        ]
    );
}

#[test]
fn who_hears_the_leader_learns_what_is_committed() {
    let small = |script: &str, ms| {
        let session = played(script, ms);
        plain(&headline(&Scene::of(&session, 0), &beats(&session)).small)
    };
    let head = "cluster raft nodes=5 seed=266\n";
    assert_eq!(
        small(&format!("{head}@1s cut n2>n1"), 1_100),
        "n1 hears nothing from n2. It learns of nothing that the others commit."
    );
    assert_eq!(
        small(&format!("{head}@1s cut n1>n2"), 1_100),
        "n1 hears n2, but its answers are lost: n2 cannot count on them."
    );
}

#[test]
fn settings_are_told_in_words() {
    let script = "cluster raft\n@1s network loss=30% duplicate=0.5% latency=5ms..9ms\n\
        @2s set fsync=off\n@3s workload rate=20/s reads=50% keys=1\n@4s link n1-n2 loss=0%";
    assert_eq!(
        bold_at(script, &[1_100, 2_100, 3_100, 4_100]),
        [
            "Every link changes: messages take 5.0 ms to 9.0 ms, 30 % is lost, 0.5 % arrives twice. Who waits cannot tell a lost message from a dead node.",
            "From now on fsync is off. Nodes promise what their disks do not have yet: a crash can take it away.",
            "Clients ask on their own: 20 a second, 50 % reads, 1 key.",
            "The link n1-n2 changes: none is lost. Who waits cannot tell a lost message from a dead node.",
        ]
    );
}
