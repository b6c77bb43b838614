//! Well-known scenarios, told in sentences.

mod claims;
mod readable;

use super::*;
use crate::ids::EventId;
use crate::script::parse;
use crate::time::Time;
use expect_test::{Expect, expect};

fn played(script: &str, to_ms: u64) -> Session {
    let mut session = Session::new(parse(script).unwrap());
    session.seek(Time::from_ms(to_ms));
    session
}

fn beats(session: &Session) -> Beats {
    let mut beats = Beats::default();
    beats.read(&Scene::of(session, 0));
    beats
}

/// Checks the list of events at the end, then the headline at each of these times.
fn tells(script: &str, times_ms: &[u64], expected: &Expect) {
    let mut session = played(script, *times_ms.iter().max().unwrap());
    let beats = beats(&session);
    let mut told = String::new();
    let scene = Scene::of(&session, 0);
    for &id in beats.before(EventId(u32::MAX)) {
        let at = scene.trace.event(id).unwrap().at.as_us() / 1_000;
        told += &format!("{at:>5} {}\n", sentence(&scene, id).unwrap());
    }
    for &ms in times_ms {
        session.seek(Time::from_ms(ms));
        let Headline { bold, rest, small, .. } = headline(&Scene::of(&session, 0), &beats);
        let top = format!("{ms} *{bold}* {rest}");
        told += &format!("\n{}\n    {small}\n", top.trim_end());
    }
    expected.assert_eq(&told);
}

#[test]
fn a_partition_with_the_leader_in_the_minority() {
    let script = "cluster raft seed=1\n@1s c1 set x 1\n@1.8s partition n1 n2 c1 | n3 n4 n5\n\
        @1.9s c1 set x 2\n@3s heal\n@4s crash n3\n@5s crash n5\n@5.1s crash n4\n@6s restart n4";
    let times =
        [100, 200, 500, 1_070, 1_850, 2_030, 2_500, 3_060, 3_300, 4_050, 4_500, 5_150, 7_000];
    tells(
        script,
        &times,
        &expect![[r#"
              180 n2 starts an election for term 1.
              213 n2 wins with n2, n3 and n4 and leads term 1.
             1000 c1 asks n1: set x 1.
             1095 c1 is told: set x 1 is done.
             1800 Partition: n1 n2 c1 | n3 n4 n5.
             1900 c1 asks n2: set x 2.
             2042 n3 starts an election for term 2.
             2072 n3 wins with n3, n4 and n5 and leads term 2.
             3000 Every link works again.
             3034 n2 learns of term 2 and steps down.
             3067 n2 removes its entries from 3 on: its leader has others there.
             3073 n1 removes its entries from 3 on: its leader has others there.
             3485 c1 is told: set x 2 is done.
             4000 n3 crashes.
             4193 n4 starts an election for term 3.
             4220 n4 wins with n2, n4 and n5 and leads term 3.
             5000 n5 crashes.
             5100 n4 crashes.
             6000 n4 starts again from its disk.
             6074 n1 starts an election for term 4.
             6105 n1 wins with n1, n2 and n4 and leads term 4.

            100 *Five nodes have started.* None of them leads: the first whose [[election timer]] runs out will ask for [[votes]].
                Until one [[leads]], clients wait. Whoever hears of no [[leader]] for 150 ms to 300 ms stands for [[election]].

            200 *n2 stands for election in term 1.* It has heard of no [[leader]] for too long. It has 1 of the 3 [[votes]] it needs.
                Until one [[leads]], clients wait. Whoever hears of no [[leader]] for 150 ms to 300 ms stands for [[election]].

            500 *n2 leads term 1.* Its [[election timer]] ran out first, and a [[majority]] voted for it.
                Every 50 ms n2 sends a [[heartbeat]]. Whoever hears none for 150 ms to 300 ms stands for [[election]].

            1070 *c1 asks n1: set x 1.* It waits for an answer.
                n2 knows that 1 of 5 have [[entry]] 2 on disk. With 3 it is [[committed]].

            1850 *Partition: n1 n2 c1 | n3 n4 n5.* What is in flight there is lost, and nobody is told.
                n2 needs 3 of 5 for a [[majority]] and reaches 2: it can [[commit]] nothing new.

            2030 *c1 asks n2: set x 2.* It waits for an answer.
                n2 needs 3 of 5 for a [[majority]] and reaches 2: it can [[commit]] nothing new. c1's write waits in its [[log]].

            2500 *n3 leads term 2.* It was cut off from n2, so the [[majority]] chose again.
                n2 still believes that it leads [[term]] 1. n2 needs 3 of 5 for a [[majority]] and reaches 2: it can [[commit]] nothing new. c1's write waits in its [[log]].

            3060 *n2 steps down.* It learnt of [[term]] 2, in which n3 leads.
                Every 50 ms n3 sends a [[heartbeat]]. Whoever hears none for 150 ms to 300 ms stands for [[election]].

            3300 *n2 takes over its leader's [[log]].* Its own [[entries]] from 3 on were not [[committed]], as far as it knew.
                Every 50 ms n3 sends a [[heartbeat]]. Whoever hears none for 150 ms to 300 ms stands for [[election]].

            4050 *n3 crashes.* It led [[term]] 2: the others notice when its [[heartbeats]] stay away.
                Until one [[leads]], clients wait. Whoever hears of no [[leader]] for 150 ms to 300 ms stands for [[election]].

            4500 *n4 leads term 3.* n3 crashed, so the others chose again.
                n3 is down. n4 reaches 4 of 5, and 3 make a [[majority]]. One more may fail.

            5150 *n4 crashes.* It led [[term]] 3: the others notice when its [[heartbeats]] stay away.
                2 of 5 nodes run: without a [[majority]] of 3 nobody can be elected. Until one [[leads]], clients wait.

            7000 *n1 leads term 4.* n4 had crashed, and with it its knowledge that it led.
                n3 and n5 are down. n1 reaches 3 of 5, and 3 make a [[majority]]. No other may fail.
        "#]],
    );
}

#[test]
fn replicas_that_hold_different_values() {
    let script = "cluster write-all\n@0.1s c1 set x 1\n@0.5s isolate n3\n@0.6s c1 set x 2\n\
        @2s heal\n@3s c2 get x\n@3.5s crash n1";
    tells(
        script,
        &[0, 300, 550, 700, 1_500, 3_100, 4_000],
        &expect![[r#"
              100 c1 asks n1, n2 and n3: set x 1.
              132 c1 is told: set x 1 is done.
              500 n3 is cut off from everyone.
              600 c1 asks n1, n2 and n3: set x 2.
             1100 c1 waits no longer: it has 2 answers.
             1100 c1 is told: set x 2 is done.
             2000 Every link works again.
             3000 c2 asks n1, n2 and n3: get x.
             3035 c2 reads x = 2.
             3500 n1 crashes.

            0 *Three nodes have started.* They do not talk to each other.
                Each client is its own [[coordinator]]: it writes to all 3 [[replicas]], and a read takes the [[newest]] answer.

            300 *c1 is told: set x 1 is done.* It took 32 ms.
                Each client is its own [[coordinator]]: it writes to all 3 [[replicas]], and a read takes the [[newest]] answer.

            550 *n3 is cut off from everyone.* What is in flight there is lost, and nobody is told.
                Each client is its own [[coordinator]]: it writes to all 3 [[replicas]], and a read takes the [[newest]] answer.

            700 *c1 asks n1, n2 and n3: set x 2.* It waits for an answer.
                n1 and n2 hold x = 2, n3 holds x = 1. A read takes the [[newest]] of the answers that it gets.

            1500 *c1 is told: set x 2 is done.* It took 500 ms.
                n1 and n2 hold x = 2, n3 holds x = 1. A read takes the [[newest]] of the answers that it gets.

            3100 *c2 reads x = 2.* It took 35 ms.
                n1 and n2 hold x = 2, n3 holds x = 1. A read takes the [[newest]] of the answers that it gets.

            4000 *n1 crashes.* Messages to it are lost.
                n2 holds x = 2, n3 holds x = 1. A read takes the [[newest]] of the answers that it gets.
        "#]],
    );
}

#[test]
fn two_coordinators_by_id() {
    let script = "cluster election\n@2s crash n5\n@4s partition n1 n2 | n3 n4\n@6s heal";
    tells(
        script,
        &[0, 1_000, 2_100, 3_500, 5_500, 8_000],
        &expect![[r#"
                0 n1 calls election 1.
                0 n2 calls election 1.
                0 n3 calls election 1.
                0 n4 calls election 1.
                0 n5 calls election 1.
                0 n5 wins election 1 and coordinates.
               15 n4 calls election 2.
               19 n3 calls election 2.
               38 n4 calls election 2.
             2000 n5 crashes.
             2311 n4 suspects n5: nothing came from it in time.
             2311 n4 calls election 2.
             2316 n1 suspects n5: nothing came from it in time.
             2316 n1 calls election 2.
             2317 n3 suspects n5: nothing came from it in time.
             2317 n3 calls election 2.
             2317 n2 suspects n5: nothing came from it in time.
             2317 n2 calls election 2.
             2611 n4 wins election 2 and coordinates.
             4000 Partition: n1 n2 | n3 n4.
             4222 n1 suspects n4: nothing came from it in time.
             4222 n1 calls election 3.
             4229 n2 suspects n4: nothing came from it in time.
             4229 n2 calls election 3.
             4239 n4 suspects n1: nothing came from it in time.
             4246 n4 suspects n2: nothing came from it in time.
             4529 n2 wins election 3 and coordinates.
             4829 n2 suspects n3: nothing came from it in time.
             6000 Every link works again.
             6026 n2 hears from n4 again.
             6028 n1 hears from n4 again.
             6042 n4 hears from n1 again.
             6042 n4 learns of election 3, later than its own, and no longer coordinates.
             6042 n4 calls election 4.
             6043 n4 hears from n2 again.
             6047 n3 calls election 4.
             6059 n2 hears from n3 again.
             6342 n4 wins election 4 and coordinates.

            0 *n5 wins election 1 and coordinates.* It started, and no other is higher.
                Every 100 ms n5 sends a [[heartbeat]]. Whoever hears none for 300 ms starts a [[bully election]].

            1000 *n5 wins election 1 and coordinates.* It started, and no other is higher.
                Every 100 ms n5 sends a [[heartbeat]]. Whoever hears none for 300 ms starts a [[bully election]].

            2100 *n5 crashes.* It coordinated: the others notice when its [[heartbeats]] stay away.
                Nobody coordinates. Whoever hears no [[heartbeat]] for 300 ms starts a [[bully election]].

            3500 *n4 wins election 2 and coordinates.* It heard from none that is higher: n5.
                Every 100 ms n4 sends a [[heartbeat]]. Whoever hears none for 300 ms starts a [[bully election]].

            5500 *n2 wins election 3 and coordinates.* It heard from none that is higher: n3, n4 and n5.
                n2 and n4 both coordinate. A [[bully election]] asks no [[majority]], so each side of a [[partition]] can have one.

            8000 *n4 wins election 4 and coordinates.* It heard from none that is higher: n5.
                Every 100 ms n4 sends a [[heartbeat]]. Whoever hears none for 300 ms starts a [[bully election]].
        "#]],
    );
}

#[test]
fn a_quorum_that_does_not_overlap() {
    let script = "cluster quorum r=1 w=1 read-repair=off hints=off\n@0.1s c1 set x 1\n\
        @1s crash n2\n@1.5s c1 set x 2\n@3s restart n2\n@4s c2 get x";
    tells(
        script,
        &[0, 500, 1_200, 2_500, 3_500, 4_600],
        &expect![[r#"
              100 c1 asks n1: set x 1.
              131 c1 is told: set x 1 is done.
             1000 n2 crashes.
             1500 c1 asks n1: set x 2.
             1533 c1 is told: set x 2 is done.
             3000 n2 starts again from its disk.
             4000 c2 asks n1: get x.
             4035 c2 reads x = 2.

            0 *Five nodes have started.* None of them leads: each can be [[coordinator]].
                R + W = 2 is not more than N = 3, so the [[quorums]] need not [[overlap]]: a read can miss the last write.

            500 *c1 is told: set x 1 is done.* It took 31 ms.
                R + W = 2 is not more than N = 3, so the [[quorums]] need not [[overlap]]: a read can miss the last write.

            1200 *n2 crashes.* Messages to it are lost.
                n2 is down. n1, n3, n4 and n5 can read and write every key.

            2500 *n2 is down.* Messages to it are lost.
                n1, n3, n4 and n5 can read and write every key.

            3500 *n2 starts again from its disk.* It forgets nothing: all that it wrote was [[durable]].
                n1 and n3 hold x = 2, n2 holds x = 1. A read takes the [[newest]] of the answers that it gets.

            4600 *Five nodes run.* None of them leads: each can be [[coordinator]].
                n1 and n3 hold x = 2, n2 holds x = 1. A read takes the [[newest]] of the answers that it gets.
        "#]],
    );
}

#[test]
fn a_primary_that_is_cut_off() {
    let script = "cluster primary-backup seed=2 replication=async\n@1s c1 set x 1\n\
        @2s partition n3 c1 | n1 n2 c2\n@2.01s c1 set x 2\n@4s heal";
    tells(
        script,
        &[0, 500, 1_500, 2_050, 3_900, 6_000],
        &expect![[r#"
              450 n1 calls election 1.
              450 n2 calls election 1.
              450 n3 calls election 1.
              450 n3 is primary from election 1 on.
              467 n2 calls election 2.
             1000 c1 asks n1: set x 1.
             1065 c1 is told: set x 1 is done.
             2000 Partition: n3 c1 | n1 n2 c2.
             2010 c1 asks n3: set x 2.
             2035 c1 is told: set x 2 is done.
             2112 n1 suspects n3: nothing came from it in time.
             2112 n1 calls election 2.
             2119 n2 suspects n3: nothing came from it in time.
             2119 n2 calls election 2.
             2129 n3 suspects n1: nothing came from it in time.
             2136 n3 suspects n2: nothing came from it in time.
             2269 n2 is primary from election 2 on.
             2285 n1 takes its primary's whole state, up to update 1.
             4000 Every link works again.
             4032 n3 hears from n2 again.
             4045 n2 hears from n3 again.
             4062 n3 takes its primary's whole state, up to update 1.

            0 *Three nodes have started.* One of them will be [[primary]] and serve every client.
                Nobody is [[primary]]. So clients wait. Whoever hears nothing for 150 ms starts a [[bully election]].

            500 *n3 is primary from election 1 on.* No other is higher.
                The [[primary]] answers at once ([[asynchronous replication]]): what its [[backups]] lack is lost if it dies now.

            1500 *c1 is told: set x 1 is done.* It took 65 ms.
                The [[primary]] answers at once ([[asynchronous replication]]): what its [[backups]] lack is lost if it dies now.

            2050 *c1 is told: set x 2 is done.* It took 25 ms.
                n1 and n2 hold x = 1, n3 holds x = 2. Clients are answered by the [[primary]], n3.

            3900 *n2 is primary from election 2 on.* It heard from none that is higher: n3.
                n2 and n3 each act as [[primary]]. [[Split brain]]: what n3 accepts alone is lost when it learns of n2.

            6000 *n2 is primary from election 2 on.* It heard from none that is higher: n3.
                The [[primary]] answers at once ([[asynchronous replication]]): what its [[backups]] lack is lost if it dies now.
        "#]],
    );
}

#[test]
fn peers_that_differ_for_ever() {
    let script = "cluster peers heartbeat=500ms timeout.heartbeat=300ms\n@1s c1 set x 1 via n1\n\
        @1s c2 set x 2 via n2\n@2s crash n3\n@3s c1 set y 1 via n1\n@4s restart n3";
    tells(
        script,
        &[0, 1_500, 3_500, 6_000],
        &expect![[r#"
               28 n3 is ACTIVE now.
               33 n2 is ACTIVE now.
               38 n1 is ACTIVE now.
             1000 c1 asks n1: set x 1.
             1000 c2 asks n2: set x 2.
             1029 c1 is told: set x 1 is done.
             1029 n2 refuses a command that n1 had accepted.
             1031 c2 is told: set x 2 is done.
             1034 n1 refuses a command that n2 had accepted.
             1034 n3 refuses a command that n2 had accepted.
             2000 n3 crashes.
             2800 n1 takes n3 to be DEAD.
             2800 n2 takes n3 to be DEAD.
             3000 c1 asks n1: set y 1.
             3028 c1 is told: set y 1 is done.
             4000 n3 starts again.
             4011 n1 takes n3 to be RECOVER.
             4014 n2 takes n3 to be RECOVER.
             4024 n3 has carried out 1 command that n1 kept for it.
             4026 n3 is RECOVERED now.
             4044 n1 takes n3 to be RECOVERED.
             4044 n2 takes n3 to be RECOVERED.
             4071 n2 takes n3 to be ACTIVE.
             4074 n1 takes n3 to be ACTIVE.
             4500 n3 is ACTIVE now.

            0 *Three nodes have started.* None of them leads: each serves whoever asks it.
                Any of them accepts everything: it answers first, and tells the others afterwards.

            1500 *n3 refuses a command that n2 had accepted.* The two differ now, and nothing here will make them equal again.
                n1 and n3 hold x = 1, n2 holds x = 2. Each answers by what it holds itself.

            3500 *c1 is told: set y 1 is done.* It took 28 ms.
                n1 holds x = 1, n2 holds x = 2. Each answers by what it holds itself.

            6000 *Three nodes run.* None of them leads: each serves whoever asks it.
                n1 holds x = 1, n2 holds x = 2, n3 none. Each answers by what it holds itself.
        "#]],
    );
}

#[test]
fn what_the_workload_asks_is_no_beat() {
    let session = played("cluster raft\n@1s workload rate=50/s\n@2s c1 set x 1", 4_000);
    let scene = Scene::of(&session, 0);
    let told = beats(&session);
    let of_clients = told.before(EventId(u32::MAX)).iter().filter(|id| {
        let what = scene.trace.event(**id).unwrap().what;
        matches!(what, crate::trace::What::Invoked(..) | crate::trace::What::Returned(..))
    });
    assert_eq!(of_clients.count(), 2, "asked once by hand, and answered once");
    assert!(session.world(0).operations().len() > 50);
}

#[test]
fn beats_read_on_and_rewind() {
    let script = "cluster raft\n@1s c1 set x 1\n@1.5s crash n1\n@3s restart n1\n@4s c2 get x";
    let session = played(script, 5_000);
    let scene = Scene::of(&session, 0);
    let whole = beats(&session);
    let all = whole.before(EventId(u32::MAX)).to_vec();
    for cut in (0..scene.trace.len() as u32).step_by(97) {
        let mut cut_short = whole.clone();
        cut_short.rewind(&scene, EventId(cut));
        assert_eq!(cut_short.before(EventId(u32::MAX)), whole.before(EventId(cut)));
        cut_short.read(&scene);
        assert_eq!(cut_short.before(EventId(u32::MAX)), all, "cut at {cut}");
    }
}

#[test]
fn every_event_of_a_wild_run_has_a_sentence() {
    let script = "cluster raft loss=10% duplicate=5%\n@0s workload rate=20/s\n@1s crash n1; \
        @1.2s isolate n2; @2s pause n3; @2.5s resume n3; @3s restart n1; @3.1s heal; \
        @4s crash n1; @4.1s crash n1; @5s ping n2 n3; @6s clock n4 x2; @7s workload off";
    let session = played(script, 8_000);
    let scene = Scene::of(&session, 0);
    for (id, event) in scene.trace.iter_from(EventId(0)) {
        let told = sentence(&scene, id).unwrap();
        assert!(told.ends_with('.') && !told.contains("[["), "{told:?} for {event:?}");
    }
    assert_eq!(sentence(&scene, EventId(u32::MAX)), None);
}

#[test]
fn terms_in_brackets_are_explained() {
    let text = "Who [[leads]] can [[commit]]";
    let taken: Vec<_> = pieces(text).into_iter().collect();
    assert_eq!(
        taken,
        [Piece::Text("Who "), Piece::Term("leads"), Piece::Text(" can "), Piece::Term("commit")]
    );
    assert_eq!(plain(text), "Who leads can commit");
    assert_eq!(plain("[[open"), "[[open");
    assert_eq!(explained("leads").map(|e| e.term), Some("leader"));
    assert_eq!(explained("Entry").map(|e| e.term), Some("entry"));
    assert!(GLOSSARY.is_sorted_by_key(|e| e.term.to_lowercase()));
}

#[test]
fn terms_of_a_plain_sentence_are_marked_once() {
    let told =
        "Entry 5 needs 3 acknowledgements: the entry is in no log, the backlog or pre-voted.";
    let expected = "[[Entry]] 5 needs 3 [[acknowledgements]]: the entry is in no [[log]], the backlog or pre-voted.";
    assert_eq!(marked(told), expected);
    let longest = "The election timer runs out; a sloppy quorum answers, a quorum does not.";
    assert_eq!(
        marked(longest),
        "The [[election timer]] runs out; a [[sloppy quorum]] answers, a [[quorum]] does not."
    );
    assert_eq!(plain(&marked("c1 reads é = \"term\".")), "c1 reads é = \"term\".");
}

/// The terms that the sources of this room mark with brackets.
fn used() -> Vec<String> {
    let sources = [
        include_str!("headline.rs"),
        include_str!("beat.rs"),
        include_str!("state.rs"),
        include_str!("claim.rs"),
        include_str!("background.rs"),
        include_str!("meaning/copies.rs"),
        include_str!("meaning/primary.rs"),
        include_str!("meaning/quorum.rs"),
        include_str!("meaning/raft.rs"),
    ];
    let told = sources.iter().flat_map(|s| s.lines()).filter(|l| !l.trim().starts_with("//"));
    told.flat_map(terms).collect()
}

/// The terms in a text.
fn terms(text: &str) -> Vec<String> {
    let term = |piece| match piece {
        Piece::Term(term) => Some(term.to_owned()),
        Piece::Text(_) => None,
    };
    pieces(text).into_iter().filter_map(term).collect()
}

#[test]
fn every_term_that_is_used_has_an_entry() {
    let used = used();
    let of_entries = GLOSSARY.iter().flat_map(|e| terms(e.text));
    for term in used.iter().cloned().chain(of_entries) {
        assert!(explained(&term).is_some(), "{term} is not explained");
    }
    assert!(used.len() > 50, "only {} terms were found", used.len());
}

#[test]
fn every_property_has_an_entry() {
    for property in crate::check::Property::ALL {
        assert!(explained(&property.to_string()).is_some(), "{property} is not explained");
    }
}

/// All entries can be reached from the sentences, and from one entry to the next.
#[test]
fn every_entry_can_be_reached() {
    let mut open = used();
    let mut reached = std::collections::BTreeSet::new();
    while let Some(term) = open.pop() {
        let Some(entry) = explained(&term) else { continue };
        if reached.insert(entry.term) {
            open.extend(terms(entry.text));
        }
    }
    let lost: Vec<_> = GLOSSARY.iter().map(|e| e.term).filter(|t| !reached.contains(t)).collect();
    assert!(lost.is_empty(), "nothing leads to {lost:?}");
}
