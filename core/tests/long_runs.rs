//! A run that was played so long that most of it was forgotten is the same run: replaying restores
//! exactly the forgotten data.

use quorumscope_core::diagram::Diagram;
use quorumscope_core::figures;
use quorumscope_core::ids::EventId;
use quorumscope_core::ids::NodeId;
use quorumscope_core::run::{NodeFault, Run, Statement};
use quorumscope_core::script;
use quorumscope_core::session::Session;
use quorumscope_core::settings::Preset;
use quorumscope_core::time::Time;
use quorumscope_core::timeline::{Budget, LOOK_BACK};
use quorumscope_core::view;

fn s(seconds: u64) -> Time {
    Time::from_ms(seconds * 1_000)
}

/// Twenty-five busy nodes, with occasional faults.
fn run() -> Run {
    let mut run = figures::crowd(Preset::Raft);
    for (seconds, statement) in
        [(20, "crash n1"), (40, "restart n1"), (150, "isolate n2"), (160, "heal")]
    {
        let text = format!("cluster raft nodes=25\n@{seconds}s {statement}");
        let command = script::parse(&text).expect("the script is right").commands.remove(0);
        run.insert(command);
    }
    run
}

fn forget_all_that_may_be(session: &mut Session) {
    while session.make_room() {}
}

/// Checks that the window around the playhead equals that of a session that forgot nothing.
fn assert_same_here(forgetful: &Session, whole: &Session) {
    assert_eq!(forgetful.now(), whole.now());
    assert_eq!(forgetful.hash(), whole.hash(), "at {}", whole.now());
    let (some, all) = (forgetful.trace(0), whole.trace(0));
    let head = forgetful.timeline(0).next_event();
    assert_eq!(head, whole.timeline(0).next_event());
    let from = EventId(head.0.saturating_sub(LOOK_BACK / 2));
    assert!(some.first() <= from, "{:?} {from:?}", some.first());
    let known = some.iter_from(some.first()).take_while(|(id, _)| *id < head);
    assert!(known.eq(all.iter_from(some.first()).take_while(|(id, _)| *id < head)));
    let turns = |trace: &quorumscope_core::trace::Trace| {
        trace.turns_back(head).map(|(id, event)| (id, *event)).collect::<Vec<_>>()
    };
    assert_eq!(turns(some), turns(all), "turns are never forgotten");
    assert_eq!(forgetful.world(0).operations().len(), whole.world(0).operations().len());
}

#[test]
fn what_is_replayed_is_what_was_forgotten() {
    let (mut whole, mut forgetful) = (Session::new(run()), Session::new(run()));
    let mut diagram = Diagram::default();
    for second in 1..=400 {
        forgetful.seek(s(second));
        forget_all_that_may_be(&mut forgetful);
        diagram.read(forgetful.timeline(0));
    }
    whole.seek(s(400));
    assert!(forgetful.trace(0).kept() < 2 * LOOK_BACK as usize, "{}", forgetful.trace(0).kept());
    assert!(forgetful.trace(0).first().0 > 4 * LOOK_BACK, "{:?}", forgetful.trace(0).first());
    assert!(forgetful.timeline(0).checkpoints() <= 65);
    assert_same_here(&forgetful, &whole);
    for (nth, second) in [30, 29, 200, 390, 0, 155, 400, 1, 401].into_iter().enumerate() {
        whole.seek(s(second));
        // Also in slices, as in a page.
        while !forgetful.seek_some(s(second), &mut Budget::steps(1_000)) {
            if nth % 2 == 0 {
                forgetful.make_room();
            }
        }
        assert_same_here(&forgetful, &whole);
        diagram.read(forgetful.timeline(0));
        let mut fresh = Diagram::default();
        fresh.read(forgetful.timeline(0));
        for lane in quorumscope_core::diagram::lanes(whole.world(0)) {
            let ids = forgetful.trace(0).first().0..forgetful.trace(0).len() as u32;
            let events = |d: &Diagram| d.lane(lane).map(|l| l.events(ids.clone()).to_vec());
            assert_eq!(events(&diagram).unwrap_or_default(), events(&fresh).unwrap_or_default());
        }
        for by in [5, -20, 30] {
            assert_eq!(whole.step(by), forgetful.step(by));
            assert_same_here(&forgetful, &whole);
        }
        if nth % 3 == 0 {
            forget_all_that_may_be(&mut forgetful);
        }
    }
    assert_eq!(view::state(&whole, false), view::state(&forgetful, false));
}

#[test]
fn events_that_were_forgotten_are_told_all_the_same() {
    let (mut whole, mut forgetful) = (Session::new(run()), Session::new(run()));
    for session in [&mut whole, &mut forgetful] {
        session.seek(s(300));
    }
    forget_all_that_may_be(&mut forgetful);
    for (from, to) in [(0, 1), (30, 31), (20, 20), (299, 300), (299, 400), (150, 151)] {
        let told = view::some_events(&forgetful, s(from), s(to)).expect("they are few");
        assert_eq!(told, view::events(&whole, s(from), s(to)), "{from} to {to}");
        assert!(!told.is_empty());
    }
    forgetful.seek(s(10));
    forget_all_that_may_be(&mut forgetful);
    assert!(forgetful.timeline(0).is_shortened());
    let told = view::some_events(&forgetful, s(9), s(11)).expect("they are few");
    assert_eq!(told, view::events(&whole, s(9), s(11)));
    assert!(view::some_events(&forgetful, s(0), s(300)).is_err());
    // A forgotten event is reported as forgotten, not as absent.
    forgetful.seek(s(300));
    let mut known = whole.trace(0).iter_from(EventId(600));
    let (id, _) = known.find(|(_, event)| !event.what.is_turn()).expect("messages are sent");
    let question = quorumscope_core::why::Question::Event(id);
    let refused = view::answer(&forgetful, 0, &question).expect_err("it is forgotten");
    assert!(refused.contains("kept no longer"), "{refused}");
}

#[test]
fn a_statement_in_a_run_that_was_forgotten_makes_the_same_branch() {
    let (mut whole, mut forgetful) = (Session::new(run()), Session::new(run()));
    for session in [&mut whole, &mut forgetful] {
        session.seek(s(300));
    }
    forget_all_that_may_be(&mut forgetful);
    let branches: Vec<_> = [&mut whole, &mut forgetful]
        .map(|session| {
            session.seek(s(30));
            session.append(Statement::Node(NodeId(3), NodeFault::Crash)).expect("it fits");
            session.seek(s(200));
            session.switch(0).expect("it is there");
            session.seek(s(250));
            session.switch(1).expect("it is there");
            session.make_room();
            session.undo();
            let there = (session.now(), session.hash(), session.current());
            session.redo();
            let difference = view::difference(session, 0, 1).expect("they are there");
            (there, session.now(), session.hash(), difference)
        })
        .into();
    assert_eq!(branches[0], branches[1]);
    assert!(branches[0].3.is_some());
}

#[test]
fn undo_replays_what_was_loaded_over() {
    let mut session = Session::new(run());
    session.seek(s(12));
    session.step(7);
    let mut places = vec![(session.now(), session.hash())];
    for seed in 1..14 {
        let text =
            format!("cluster raft nodes=5 clients=3 seed={seed}\n@1s workload rate=50/s\n@9s show");
        session.load(script::parse(&text).expect("the script is right"));
        session.step(seed);
        places.push((session.now(), session.hash()));
    }
    forget_all_that_may_be(&mut session);
    for place in places.iter().rev().skip(1) {
        assert!(session.undo());
        assert_eq!((session.now(), session.hash()), *place);
    }
    assert!(!session.can_undo());
    for place in &places[1..] {
        assert!(session.redo());
        assert_eq!((session.now(), session.hash()), *place);
    }
}

#[test]
fn many_events_forward_and_back_are_taken_in_slices() {
    let mut session = Session::new(run());
    session.seek(s(20));
    let before = (session.now(), session.hash());
    let mut slices = 0;
    let mut left = 70_000;
    while left > 0 {
        left = session.step_some(left, &mut Budget::steps(1_000));
        slices += 1;
    }
    assert_eq!(slices, 70);
    let mut whole = Session::new(run());
    whole.seek(s(20));
    assert_eq!(whole.step(70_000), 70_000);
    assert_eq!((session.now(), session.hash()), (whole.now(), whole.hash()));
    session.step(-1);
    assert!(session.aim_back(69_999) && session.is_away());
    while !session.return_some(&mut Budget::steps(300)) {}
    let there = (session.now(), session.hash());
    session.seek(before.0);
    assert_eq!((session.now(), session.hash()), before);
    assert_eq!(there.1, before.1);
}
