//! One coordinator and three replicas, with messages delivered by hand.

use super::{Coordinator, Message, Replica};
use crate::ids::{Addr, ClientId, NodeId, OperationId};
use crate::protocol::{Cx, Effect, Input, Message as Any, Outcome, Timer};
use crate::rng::{Concern, Rng};
use crate::settings::{Preset, Settings};
use crate::store::{Answer, Op, Refusal, Request, Word};
use crate::time::Time;
use std::sync::Arc;

struct Cluster {
    settings: Settings,
    /// The clients' clock.
    clock: Time,
    replicas: [Replica; 3],
    /// Whether each of them is down.
    down: [bool; 3],
    operations: u32,
}

impl Cluster {
    fn new(strict: bool) -> Self {
        let mut settings = Settings::of(Preset::WriteAll);
        settings.write_all.strict = strict;
        let (clock, replicas) = (Time::from_ms(1_000), Default::default());
        Self { settings, clock, replicas, down: [false; 3], operations: 0 }
    }

    fn step(&self, me: Addr, f: impl FnOnce(&mut Cx<'_>)) -> Vec<Effect> {
        let mut effects = Vec::new();
        f(&mut Cx {
            me,
            clock: self.clock,
            rng: &mut Rng::new(1, Concern::Client(1)),
            settings: &self.settings,
            written: crate::disk::WriteId(0),
            effects: &mut effects,
        });
        effects
    }

    /// A whole operation: messages arrive in order; when none is left, time runs out.
    fn ask(&mut self, op: Op) -> Outcome {
        self.operations += 1;
        let client = Addr::Client(ClientId(1));
        let request = Arc::new(Request { key: "x".into(), op });
        let nodes = [1, 2, 3].map(|n| Addr::Node(NodeId(n)));
        let mut begun = None;
        let operation = OperationId(self.operations);
        let mut effects = self.step(client, |cx| {
            begun = Some(Coordinator::begin(operation, request, &nodes, cx));
        });
        let mut coordinator = begun.expect("it was begun");
        loop {
            let mut inputs = Vec::new();
            let mut timer = None;
            for effect in effects.drain(..) {
                match effect {
                    Effect::Send(Addr::Node(n), m) => inputs.extend(self.serve(n, m)),
                    Effect::SetTimer(t, _) => timer = Some(t),
                    Effect::Finish(outcome) => return outcome,
                    _ => {}
                }
            }
            inputs.extend(timer.map(Input::Timer));
            assert!(!inputs.is_empty(), "it ends when its timer runs out");
            for input in inputs {
                effects.extend(self.step(client, |cx| coordinator.step(input, cx)));
            }
        }
    }

    fn serve(&mut self, n: NodeId, m: Any) -> Option<Input> {
        if self.down[n.index()] {
            return None;
        }
        let mut replica = self.replicas[n.index()].clone();
        let input = Input::Message(Addr::Client(ClientId(1)), m);
        let effects = self.step(Addr::Node(n), |cx| replica.step(input, cx));
        self.replicas[n.index()] = replica;
        effects.into_iter().find_map(|e| match e {
            Effect::Send(_, m) => Some(Input::Message(Addr::Node(n), m)),
            _ => None,
        })
    }

    fn value(&self, n: usize) -> Option<Word> {
        self.replicas[n - 1].view().data.first().map(|(_, v)| v.clone())
    }
}

fn read(value: &str) -> Outcome {
    Outcome::Ok(Answer::Read(Some(value.into())))
}

const DONE: Outcome = Outcome::Ok(Answer::Done);

#[test]
fn a_dead_node_costs_nothing_but_its_copy() {
    let mut cluster = Cluster::new(false);
    cluster.down[2] = true;
    assert_eq!(cluster.ask(Op::Set("1".into())), DONE);
    assert_eq!(cluster.ask(Op::Get), read("1"));
    assert_eq!([1, 2, 3].map(|n| cluster.value(n).is_some()), [true, true, false]);
}

#[test]
fn it_succeeds_when_nobody_answered() {
    let mut cluster = Cluster::new(false);
    cluster.down = [true; 3];
    assert_eq!(cluster.ask(Op::Set("1".into())), DONE);
    assert_eq!(cluster.ask(Op::Get), Outcome::Ok(Answer::Read(None)));
}

#[test]
fn strict_counts_answers() {
    let mut cluster = Cluster::new(true);
    assert_eq!(cluster.ask(Op::Set("1".into())), DONE);
    cluster.down[0] = true;
    assert_eq!(cluster.ask(Op::Set("2".into())), Outcome::Unknown);
    assert_eq!(cluster.ask(Op::Get), read("1"), "no later stamp, no win");
    cluster.down[1] = true;
    assert_eq!(cluster.ask(Op::Get), Outcome::Failed);
    assert_eq!(cluster.ask(Op::Append("3".into())), Outcome::Failed);
}

#[test]
fn the_newest_stamp_wins_and_a_clock_that_is_behind_loses_silently() {
    let mut cluster = Cluster::new(false);
    assert_eq!(cluster.ask(Op::Set("1".into())), DONE);
    cluster.clock = Time::from_ms(999);
    assert_eq!(cluster.ask(Op::Set("lost".into())), DONE);
    assert_eq!(cluster.ask(Op::Get), read("1"));
    cluster.clock = Time::from_ms(1_001);
    cluster.down[1] = true;
    assert_eq!(cluster.ask(Op::Set("2".into())), DONE);
    cluster.down[1] = false;
    assert_eq!(cluster.ask(Op::Get), read("2"), "n2 still holds 1");
}

#[test]
fn conditions_are_read_then_written() {
    let mut cluster = Cluster::new(false);
    let mut later = |op| {
        cluster.clock += crate::time::Span::from_ms(1);
        cluster.ask(op)
    };
    let absent = Outcome::Ok(Answer::Refused(Refusal::NoSuchKey));
    assert_eq!(later(Op::Upd("1".into())), absent);
    assert_eq!(later(Op::Append("a".into())), DONE);
    assert_eq!(later(Op::Append("b".into())), DONE);
    assert_eq!(later(Op::Cas("ab".into(), "c".into())), DONE);
    assert_eq!(later(Op::Get), read("c"));
    assert_eq!(later(Op::Del), DONE);
    assert_eq!(later(Op::Get), Outcome::Ok(Answer::Read(None)));
    assert_eq!(later(Op::Del), absent);
}

#[test]
fn an_answer_counts_once_and_for_its_own_operation() {
    let cluster = Cluster::new(true);
    let client = Addr::Client(ClientId(1));
    let nodes = [1, 2, 3].map(|n| Addr::Node(NodeId(n)));
    let request = Arc::new(Request { key: "x".into(), op: Op::Set("1".into()) });
    let mut begun = None;
    cluster.step(client, |cx| {
        begun = Some(Coordinator::begin(OperationId(2), request, &nodes, cx));
    });
    let mut coordinator = begun.expect("it was begun");
    let mut reply = |n, operation| {
        let m = Any::WriteAll(Message::WriteReply { operation: OperationId(operation) });
        let input = Input::Message(Addr::Node(NodeId(n)), m);
        cluster.step(client, |cx| coordinator.step(input, cx)).len()
    };
    assert_eq!([reply(1, 1), reply(1, 2), reply(1, 2), reply(2, 2)], [0, 1, 0, 1]);
    let end = cluster.step(client, |cx| coordinator.step(Input::Timer(Timer::Attempt(2)), cx));
    assert!(matches!(end.last(), Some(Effect::Finish(Outcome::Unknown))), "{end:?}");
}
