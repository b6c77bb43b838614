use super::*;
use crate::ids::NodeId;
use crate::run::{NodeFault, Workload};
use crate::script;
use crate::settings::Preset;
use crate::world::Status;

fn ms(ms: u64) -> Time {
    Time::from_ms(ms)
}

fn crash(n: u16) -> Statement {
    Statement::Node(NodeId(n), NodeFault::Crash)
}

/// A busy cluster in the middle of its run.
fn busy() -> Session {
    let mut session = Session::new(Run::of(Preset::Raft));
    session.append(Statement::Workload(Some(Workload::default()))).unwrap();
    session.seek(ms(3_000));
    session
}

#[test]
fn the_world_is_a_function_of_run_and_time() {
    let mut there_and_back = busy();
    let at = |s: &mut Session, t| {
        s.seek(ms(t));
        s.hash()
    };
    let hashes: Vec<_> = (0..30).map(|i| at(&mut there_and_back, i * 100)).collect();
    for i in (0..30).rev() {
        assert_eq!(at(&mut there_and_back, i * 100), hashes[i as usize], "back at {}", i * 100);
    }
    let mut fresh = Session::new(there_and_back.run().clone());
    assert_eq!(at(&mut fresh, 2_000), hashes[20]);
}

#[test]
fn steps_go_back_the_way_they_came() {
    let mut session = busy();
    session.seek(ms(1_000));
    let mut seen = vec![(session.now(), session.hash())];
    for _ in 0..50 {
        assert_eq!(session.step(1), 1);
        seen.push((session.now(), session.hash()));
    }
    let (_, first) = seen[0];
    for &(at, hash) in seen[1..50].iter().rev() {
        assert_eq!(session.step(-1), -1);
        assert_eq!((session.now(), session.hash()), (at, hash));
    }
    session.step(-1);
    assert_eq!(session.hash(), first);
}

#[test]
fn a_statement_in_the_past_makes_a_branch_and_keeps_the_other() {
    let mut session = busy();
    let before = session.hash();
    session.append(crash(1)).unwrap();
    assert_eq!(session.branches().len(), 1, "at the edge of what is known there is no branch");
    assert_ne!(session.hash(), before);
    session.seek(ms(2_000));
    session.append(crash(2)).unwrap();
    assert_eq!((session.branches().len(), session.current()), (2, 1));
    assert_eq!(session.run().commands.len(), 2, "the crash of n1 lies in the other's future");
    assert_eq!(session.world(0).node(NodeId(2)).unwrap().status(), Status::Crashed);
    session.switch(0).unwrap();
    session.seek(ms(3_000));
    assert_eq!(session.world(0).node(NodeId(1)).unwrap().status(), Status::Crashed);
    assert_eq!(session.world(0).node(NodeId(2)).unwrap().status(), Status::Up);
}

#[test]
fn undo_and_redo_lead_where_they_say() {
    let mut session = busy();
    let before = session.hash();
    session.append(crash(1)).unwrap();
    let after = session.hash();
    session.seek(ms(3_500));
    let later = session.hash();
    assert!(session.undo());
    assert_eq!(session.now(), ms(3_500));
    session.seek(ms(3_000));
    assert_eq!(session.hash(), before);
    assert!(session.redo());
    assert_eq!(session.hash(), after);
    session.seek(ms(3_500));
    assert_eq!(session.hash(), later);
    session.seek(ms(1_000));
    session.append(crash(3)).unwrap();
    assert!(session.undo());
    assert_eq!((session.branches().len(), session.run().commands.len()), (1, 2));
    assert!(session.redo());
    assert_eq!((session.branches().len(), session.run().commands.len()), (2, 2));
}

#[test]
fn what_is_loaded_can_be_undone() {
    let mut session = busy();
    let hash = session.hash();
    session.load(Run::of(Preset::WriteAll));
    assert_eq!(session.now(), Time::ZERO);
    assert!(session.undo());
    assert_eq!(session.hash(), hash);
    assert!(session.redo());
    assert_eq!(session.world(0).preset(), Preset::WriteAll);
}

#[test]
fn an_acted_run_replays_to_the_same_state() {
    let mut session = busy();
    session.append(crash(1)).unwrap();
    session.seek(ms(3_007));
    session.step(3);
    session.append(Statement::Node(NodeId(1), NodeFault::Restart)).unwrap();
    session.append(Statement::Isolate(NodeId(2))).unwrap();
    session.seek(ms(4_000));
    let mut replayed = Session::new(session.run().clone());
    replayed.seek(ms(4_000));
    assert_eq!(replayed.hash(), session.hash());
    let events = |s: &Session| {
        let trace = s.trace(0);
        trace.iter_from(crate::ids::EventId(0)).map(|(_, e)| *e).collect::<Vec<_>>()
    };
    assert_eq!(events(&replayed), events(&session));
}

#[test]
fn a_leader_hands_over_to_whom_it_is_told() {
    let mut session = Session::new(Run::of(Preset::Raft));
    session.seek(ms(1_000));
    let leader = session.world(0).leader().expect("somebody leads");
    let heir = NodeId(if leader.0 == 1 { 2 } else { 1 });
    // A node that does not lead has no leadership to hand over.
    session.append(Statement::Transfer(heir, leader)).unwrap();
    session.seek(ms(1_500));
    assert_eq!(session.world(0).leader(), Some(leader));
    session.append(Statement::Transfer(leader, heir)).unwrap();
    session.seek(ms(2_000));
    assert_eq!(session.world(0).leader(), Some(heir));
}

#[test]
fn a_message_that_is_not_there_cannot_be_dropped() {
    let mut session = busy();
    let gone = crate::ids::MessageId(1);
    let drop = Statement::Message(gone, crate::run::MessageFault::Drop);
    assert_eq!(session.append(drop), Err(Problem::NoSuchMessage(gone)));
    assert_eq!(session.run().commands.len(), 1);
}

#[test]
fn what_happens_next_is_known_before_it_does() {
    let mut run = script::parse("cluster raft seed=7\ncluster quorum\n@1s crash n1").unwrap();
    run.show = None;
    let mut session = Session::new(run);
    session.seek(ms(990));
    let mut crashed = false;
    for _ in 0..200 {
        let next = session.next_at().expect("heartbeats never end");
        assert!(next >= session.now());
        let steps = |s: &Session| s.worlds().map(World::steps).sum::<u64>();
        let before = steps(&session);
        if next > session.now() {
            session.seek(Time::from_us(next.as_us() - 1));
            assert_eq!(steps(&session), before, "nothing happens until then");
        }
        session.seek(next);
        assert!(steps(&session) > before, "something happens then");
        crashed |= next == ms(1_000);
    }
    assert!(crashed, "a statement is something that happens");
}

/// A story accompanies a World, and is no part of it.
#[test]
fn a_story_changes_nothing_in_the_world() {
    let plain = "cluster raft nodes=5 seed=42 loss=5%\n@500ms c1 set x 1\n@1s crash n1\n\
        @1s workload rate=50/s\n@2s partition n2 n3 | n4 n5\n@4s heal";
    let told = "@0s chapter \"Five servers\"\n@300ms note \"One leads\"\n@1s note \"It dies\"\n\
        @1s speed 1/10x\n@2s chapter \"The cut\"\n@2100001us note \"\"";
    let read = |text: &str| Session::new(script::parse(text).expect("the script is right"));
    let (mut bare, mut with) = (read(plain), read(&format!("{plain}\n{told}")));
    for ms in (0..=6_000).step_by(250) {
        let to = Time::from_ms(ms);
        bare.seek(to);
        with.seek(to);
        assert_eq!((bare.hash(), bare.now()), (with.hash(), with.now()), "at {to}");
    }
    let steps = |s: &Session| s.world(0).steps();
    assert_eq!((steps(&bare), bare.trace(0).len()), (steps(&with), with.trace(0).len()));
}

#[test]
fn a_story_is_told_undone_and_told_again() {
    let note = |text: &str| crate::run::CueKind::Note(text.into());
    let mut session = Session::new(script::parse("cluster raft").expect("it is right"));
    session.seek(Time::from_ms(2_000));
    let hash = session.hash();
    session.seek(Time::from_ms(1_000));
    session.tell(note("here")).expect("there is room");
    assert_eq!(session.branches().len(), 1, "it makes no branch");
    session.tell(note("there")).expect("there is room");
    assert_eq!(session.run().story.note_at(session.now()), Some("there"));
    assert!(session.undo());
    assert_eq!(session.run().story.note_at(session.now()), Some("here"));
    assert!(session.redo());
    assert_eq!(crate::view::story(&session).note.as_deref(), Some("there"));
    assert!(session.undo() && session.undo() && !session.can_undo());
    assert!(session.redo() && session.redo());
    session.seek(Time::from_ms(2_000));
    assert_eq!(session.hash(), hash);
}
