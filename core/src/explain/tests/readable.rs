//! Readability of sentences: none is false, stale, too long, or gone before it is read.

use super::*;
use crate::time::Span;

/// Presets, each with its leader or first node, and another node.
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

/// Statements for them; `L` leads, `F` does not.
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

/// Time between two looks at the headline.
const GLANCE: Span = Span::from_ms(5);

/// The headlines of a run, each with its beginning.
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

/// The most letters of a line that can be read at a glance.
const MOST_LETTERS: usize = 120;
/// At the usual speed a second is some thirty milliseconds of virtual time.
const READ: Span = Span::from_ms(30);

#[test]
fn every_headline_can_be_taken_in_at_a_glance_before_it_goes() {
    let (mut short, mut all) = (0, 0);
    for script in runs() {
        let headlines = headlines(&script, 5_000);
        let mut bold: Vec<(Time, &str)> = Vec::new();
        for (at, Headline { bold: told, rest, small, .. }) in &headlines {
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
    // Some elections take less than a second at the usual speed; other headlines so short are rare.
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
            "n3 leads term 2. It was cut off from n2, so the majority chose again.",
            // The pause lasts.
            "n1 is paused. Messages to it wait, and time goes on.",
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
    // A timer that a statement made run out has nothing to do with an election long after.
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
            "n2 starts again. It keeps nothing on a disk, and had nothing to forget.",
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
            "n2 starts again. It keeps nothing on a disk, and had nothing to forget.",
            "Every link works again. What a node missed is not sent again: a read takes the newest answer.",
            "n2 starts again. It keeps nothing on a disk, and had nothing to forget.",
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

/// The whole headline, at some moments.
fn whole(script: &str, times_ms: &[u64]) -> Vec<String> {
    let mut session = played(script, *times_ms.last().unwrap());
    let beats = beats(&session);
    let told = |ms: &u64| {
        session.seek(Time::from_ms(*ms));
        let Headline { bold, rest, small, .. } = headline(&Scene::of(&session, 0), &beats);
        plain(format!("{bold} {rest} {small}").trim())
    };
    times_ms.iter().map(told).collect()
}

#[test]
fn an_old_headline_does_not_come_back() {
    let script = "cluster ring\n@100ms c1 set x 1\n@1s crash n1\n@3s c1 set x 2";
    let told = bold_at(script, &[1_100, 2_500, 3_100, 8_000]);
    assert_eq!(told[0], "n1 crashes. Messages to it are lost.");
    assert!(told[2].starts_with("c1 "), "{}", told[2]);
    assert_eq!([&told[1], &told[3]], ["n1 is down. Messages to it are lost."; 2]);
}

#[test]
fn everybody_who_is_down_and_every_cut_is_named() {
    let script = "cluster quorum nodes=5\n@1s crash n1\n@2s crash n3\n@2.1s pause n2\n@4s restart n1\n\
        @4.1s restart n3\n@4.2s resume n2\n@5s cut n1-n2\n@5.1s cut n3>n4\n@8s isolate n5";
    assert_eq!(
        bold_at(script, &[3_500, 7_000, 9_500]),
        [
            "n1 and n3 are down, n2 is paused. Messages to who is down are lost; to who is paused they wait.",
            "The link n1-n2 is cut. Nothing gets from n3 to n4. Messages across are lost, and nobody is told.",
            "n5 is cut off from n1, n2, n3 and n4. The link n1-n2 is cut. Nothing gets from n3 to n4. Messages across are lost, and nobody is told.",
        ]
    );
}

#[test]
fn one_is_said_of_one() {
    let told = whole("cluster raft nodes=1\n@0.1s crash n1", &[50, 3_000]);
    assert!(told[0].starts_with("One node has started. It does not lead"), "{}", told[0]);
    assert!(told[1].starts_with("n1 is down."), "{}", told[1]);
    let told = whole("cluster ring nodes=3 replicas=1", &[100]);
    assert!(
        told[0].ends_with(
            "Each key lives on one node only, its owner: if that is gone, so is the key."
        )
    );
    let script = "cluster primary-backup nodes=3 seed=2\n@2s crash n1\n@2.1s crash n2";
    let told = whole(script, &[4_000]);
    assert!(told[0].contains("the only copy within reach"), "{}", told[0]);
    assert!(!told[0].contains("goes on without"), "{}", told[0]);
}

#[test]
fn a_crash_names_what_it_took() {
    let script =
        "cluster quorum nodes=3 fsync=off\n@1s c1 set x done\n@1.2s crash n1\n@2s restart n1";
    assert_eq!(
        bold_at(script, &[2_010]),
        ["n1 starts again from its disk. It forgets x = \"done\": that was not durable."]
    );
    let script = "cluster peers\n@1s c1 set x 5 via n1\n@2s crash n1\n@2.1s restart n1";
    assert_eq!(
        bold_at(script, &[2_101]),
        ["n1 starts again. It keeps nothing on a disk, and forgets x = 5."]
    );
    let script = "cluster quorum nodes=3\n@1s c1 set x done\n@2s crash n1\n@3s restart n1";
    assert_eq!(
        bold_at(script, &[3_010]),
        ["n1 starts again from its disk. It forgets nothing: all that it wrote was durable."]
    );
    let script = "cluster raft nodes=3\n@50ms timeout n1\n@2.9s set disk=300ms\n@3s c1 set x 5 via n1\n@3.1s crash n1\n@3.2s restart n1";
    let told = bold_at(script, &[3_210]);
    assert!(told[0].contains("It forgets entry 2, x = 5: that was not durable."), "{told:?}");
}

/// The claim that reads meet writes is not made after a statement that breaks it.
#[test]
fn reads_that_may_miss_a_write_are_not_said_to_meet_it() {
    let promise = "every read meets the last write";
    let at = |what: &str| {
        let script = format!("cluster quorum nodes=3\n@1s c1 set x 1\n{what}");
        whole(&script, &[900, 7_000])
    };
    for what in [
        "@2s clock n1 +2s",
        "@2s wipe n1\n@2.1s wipe n2\n@2.5s restart n1\n@2.6s restart n2",
        "@0.95s set fsync=off\n@2s crash n1\n@2.5s restart n1",
        "@2s set r=1\n@3s set r=2",
    ] {
        let told = at(what);
        assert!(told[0].contains(promise), "{what}: {}", told[0]);
        assert!(!told[1].contains(promise), "{what}: {}", told[1]);
    }
    assert!(at("@2s crash n1\n@2.5s restart n1")[1].contains(promise));
}

/// A leader that is cut off names the client whose write lies in its log, and not the one that it
/// cannot hear.
#[test]
fn the_client_is_named_whose_write_waits() {
    let script = "cluster raft nodes=3 latency=10ms\n@50ms timeout n1\n@1s partition n1 c1 | n2 | n3 c2\n\
        @1.1s c1 set x 1 via n1\n@1.2s c2 get x via n3";
    let told = whole(script, &[1_150, 6_000]).pop().unwrap();
    let right = "n1 needs 2 of 3 for a majority and reaches 1: it can commit nothing new. c1's write waits in its log.";
    assert!(told.ends_with(right), "{told}");
}

/// The headline does not claim that a leader will learn of an entry that no disk has.
#[test]
fn an_entry_that_no_disk_has_is_not_as_good_as_committed() {
    let script = "cluster raft nodes=3 latency=10ms check-quorum=on\n@50ms timeout n1\n@1s set disk=20s\n\
        @1.2s c1 set x 1 via n1";
    let told = whole(script, &[1_500, 4_000]);
    let right = "n1 knows that 0 of 3 have entry 2 on disk. With 2 it is committed.";
    assert!(told[0].ends_with(right), "{told:?}");
    let wrong = told.iter().any(|t| t.contains("about to learn"));
    assert!(!wrong, "{told:?}");
}

/// The side of a split that can still serve a key is named with its keys.
#[test]
fn sides_are_told_by_what_they_can_serve() {
    let script = "cluster quorum nodes=5\n@1s c1 set x 1\n@3s partition n1 n2 n3 c1 | n4 n5 c2";
    let told = whole(script, &[5_000]).pop().unwrap();
    assert!(told.contains("can read") && told.contains("n4 and n5"), "{told}");
}

#[test]
fn no_promise_is_repeated_after_a_rule_was_broken() {
    for (preset, rule) in [("quorum", "newest-wins"), ("chain", "tail-commits")] {
        let script = format!("cluster {preset}\n@1s rule {rule} off\n@2s rule {rule} on");
        let [before, after, later] = whole(&script, &[900, 1_500, 3_000]).try_into().unwrap();
        let modified = format!(
            "The rule {rule} was broken: what the protocol promises need not hold any more."
        );
        assert!(!before.contains(&modified), "{before}");
        assert!(after.ends_with(&modified) && later.ends_with(&modified), "{after}\n{later}");
    }
}
