use super::*;
use crate::protocol::Role;
use crate::script;
use crate::session::Session;
use crate::time::Time;
use crate::trace::Loss;
use crate::world::Status;
use proptest::prelude::*;

const PLAY: &str = "cluster raft nodes=5 clients=2 seed=7\n\
    @0s workload rate=20/s reads=50% keys=2\n@1s crash n1\n@1500ms isolate n2\n@3s show";

fn session(script: &str) -> Session {
    Session::new(script::parse(script).expect("the script is right"))
}

fn diagram(session: &Session) -> Diagram {
    let mut diagram = Diagram::default();
    diagram.read(session.timeline(0));
    diagram
}

fn node(n: u16) -> Addr {
    crate::ids::NodeId(n).into()
}

/// All observable content of a diagram, for comparison.
fn told(diagram: &Diagram) -> String {
    let all = 0..u32::MAX;
    let lanes = (0..Addr::DENSE).map(Addr::at_dense).filter_map(|who| diagram.lane(who));
    let end = Time::from_ms(1_000_000);
    let lanes = lanes.filter(|l| !l.events(all.clone()).is_empty()).map(|l| {
        let events = l.events(all.clone());
        format!("{events:?} {:?} {:?}", l.stands(Time::ZERO, end), l.bars(Time::ZERO, end))
    });
    format!("{:?} {:?}", lanes.collect::<Vec<_>>(), diagram.lost(all.clone()))
}

#[test]
fn every_message_is_a_line_from_its_sending_to_its_landing() {
    let session = session(PLAY);
    let diagram = diagram(&session);
    let len = session.trace(0).len() as u32;
    let mut halves = 0;
    for line in diagram.lines(0..len) {
        let sent = session.trace(0).event(line.sent.0).expect("it is known");
        assert_eq!(sent.what, What::Sent(line.passage));
        assert!(sent.at < line.lands);
        assert!(line.lands.since(sent.at) <= diagram.longest());
        let lost = session.trace(0).event(line.event).expect("it is known").what;
        halves += usize::from(line.end == End::HalfWay);
        assert_eq!(line.end == End::HalfWay, matches!(lost, What::Lost(_, l) if l != Loss::Down));
    }
    assert!(halves > 0, "n2 is cut off: what it sends dies half way");
    assert!(diagram.lines(0..len).count() > 100);
}

#[test]
fn lanes_say_what_nodes_were() {
    let session = session(PLAY);
    let diagram = diagram(&session);
    let lane = diagram.lane(node(1)).expect("n1 has a lane");
    let crashed = lane.stand_at(Time::from_ms(1_200)).expect("it is known");
    assert_eq!((crashed.aspect.status, crashed.from), (Status::Crashed, Time::from_ms(1_000)));
    // Then n2 is cut off, from n1 as well.
    assert_eq!(lane.stand_ends(Time::from_ms(1_200)), Some(Time::from_ms(1_500)));
    assert_eq!(lane.stand_ends(Time::from_ms(1_600)), None);
    let led = |n| {
        let stands =
            diagram.lane(node(n)).map_or(&[][..], |l| l.stands(Time::ZERO, Time::from_ms(3_000)));
        stands.iter().any(|s| s.aspect.role == Some(Role::Leader))
    };
    assert!((1..=5).any(led));
    let order: Vec<String> = lanes(session.world(0)).iter().map(ToString::to_string).collect();
    assert_eq!(order, ["n1", "n2", "n3", "n4", "n5", "c1", "c2"]);
}

#[test]
fn counts_add_up_whatever_the_borders() {
    let session = session(PLAY);
    let diagram = diagram(&session);
    let borders = diagram.borders(Time::ZERO, Span::from_ms(7), 500);
    let lanes = lanes(session.world(0));
    let counted: usize =
        lanes.iter().filter_map(|l| diagram.lane(*l)).flat_map(|l| l.counts(&borders)).sum();
    let statements = session.trace(0).iter_from(EventId(0)).filter(|(_, e)| e.what.who().is_none());
    assert_eq!(counted + statements.count(), session.trace(0).len());
}

#[test]
fn what_lies_under_the_pointer_is_found() {
    let session = session(PLAY);
    let diagram = diagram(&session);
    let lanes = lanes(session.world(0));
    let plane = Plane { lanes: &lanes, pitch: 30, tile: Span::from_ms(100) };
    let crash = diagram.lane(node(1)).and_then(|l| {
        let trace = session.trace(0);
        let is_crash = |id: &&EventId| matches!(trace.event(**id), Some(e) if matches!(e.what, What::Crashed(_)));
        l.events(0..u32::MAX).iter().find(is_crash).copied()
    });
    let y = plane.y(node(1)).expect("n1 has a lane");
    assert_eq!(diagram.pick(&plane, Time::from_us(1_000_500), y, true), crash);
    // A message's line is hit where it passes from one lane to the next.
    let apart = |l: &Line| Some(l.passage.from.node()?.0.abs_diff(l.passage.to.node()?.0));
    let line = diagram
        .lines(0..session.trace(0).len() as u32)
        .find(|l| apart(l) == Some(1) && l.end == End::Arrived)
        .expect("they talk");
    let middle = Time::from_us(line.sent.1.as_us().midpoint(line.lands.as_us()));
    let between = plane.y(line.passage.from).zip(plane.y(line.passage.to));
    let between = between.map(|(a, b)| a.midpoint(b)).expect("both have lanes");
    let found = diagram.pick(&plane, middle, between, true).and_then(|id| diagram.line(id));
    let far = found.map(|f| f.sent.1.as_us().abs_diff(line.sent.1.as_us()));
    assert!(far.is_some_and(|us| us < 5_000), "{found:?} is not near {line:?}");
    assert_eq!(diagram.pick(&plane, middle, -40, true), None);
}

#[test]
fn causes_lead_back_and_effects_forward() {
    let session = session(PLAY);
    let diagram = diagram(&session);
    let line = diagram
        .lines(200..session.trace(0).len() as u32)
        .find(|l| l.end == End::Arrived)
        .expect("messages arrive");
    let related = diagram.related(line.event);
    assert_eq!(related.causes[0], (line.sent.0, line.event));
    assert!(related.causes.iter().all(|(cause, effect)| cause < effect));
    let sending = diagram.related(line.sent.0);
    assert!(sending.effects.contains(&(line.sent.0, line.event)));
    for (cause, effect) in sending.effects {
        let causes = session.trace(0).event(effect).expect("it is known").causes;
        assert!(causes.iter().any(|c| c == cause));
    }
}

#[test]
fn beside_goes_from_event_to_event_and_no_further() {
    let session = session(PLAY);
    let diagram = diagram(&session);
    let lane = diagram.lane(node(4)).expect("n4 has a lane");
    let all = lane.events(0..u32::MAX);
    assert_eq!(lane.beside(all[3], true), Some(all[4]));
    assert_eq!(lane.beside(all[3], false), Some(all[2]));
    assert_eq!(lane.beside(all[0], false), None);
    assert_eq!(lane.beside(all[all.len() - 1], true), None);
    assert_eq!(diagram.nearest(node(4), Time::ZERO), Some(all[0]));
}

/// One action of a person on a run.
#[derive(Clone, Debug)]
enum Act {
    Seek(u64),
    Say(usize),
    Undo,
    Redo,
    Switch(usize),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        (0u64..4_000).prop_map(Act::Seek),
        (0usize..5).prop_map(Act::Say),
        Just(Act::Undo),
        Just(Act::Redo),
        (0usize..4).prop_map(Act::Switch),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// A diagram that followed every change of a run equals one that is read once at the end.
    #[test]
    fn reading_on_is_reading_anew(acts in prop::collection::vec(act(), 1..14)) {
        let said = ["crash n1", "restart n1", "partition n1 n2 | n3", "heal", "c1 set x 1"];
        let mut session = session("cluster raft nodes=3 clients=1 seed=5\n@0s workload rate=30/s");
        let mut read = Diagram::default();
        for act in acts {
            match act {
                Act::Seek(ms) => session.seek(Time::from_ms(ms)),
                Act::Say(which) => {
                    let line = format!("cluster raft nodes=3 clients=1\n@0s {}", said[which]);
                    let run = script::parse(&line).expect("the statement is right");
                    let _ = session.append(run.commands[0].statement.clone());
                }
                Act::Undo => _ = session.undo(),
                Act::Redo => _ = session.redo(),
                Act::Switch(branch) => _ = session.switch(branch % session.branches().len()),
            }
            read.read(session.timeline(0));
            prop_assert_eq!(told(&read), told(&diagram(&session)));
        }
    }
}
