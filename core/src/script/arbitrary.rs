//! Arbitrary runs for property tests: all that can be written.

use super::statement::changeable;
use crate::ids::{Addr, ClientId, MessageId, NodeId};
use crate::rng::{Component, Latency, Ppm, Shape};
use crate::run::{
    Behaviour, Command, Cue, CueKind, Heal, Link, MAX_CUE_CHARS, MessageFault, NodeFault, Pace,
    Run, Setup, Show, Statement, Story, Workload,
};
use crate::settings::{Change, Kind, Preset, Setting, Settings, SpanRange, Value};
use crate::store::{Op, Request, Word};
use crate::time::{LATEST, Span, Time};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use std::sync::Arc;

/// A whole run, with commands in the order of their times.
pub(crate) fn run() -> impl Strategy<Value = Run> {
    vec(setup(), 1..=4).prop_flat_map(|mut clusters| {
        let seed = clusters[0].settings.seed;
        for setup in &mut clusters {
            Arc::make_mut(&mut setup.settings).seed = seed;
        }
        let commands = vec(command(&clusters), 0..30);
        let show = option::of((time(), option::of(any::<u64>())));
        let cues = vec((time(), cue()).prop_map(|(at, kind)| Cue { at, kind }), 0..6);
        let parts = (Just(clusters), commands, cues, show);
        parts.prop_map(|(clusters, mut commands, cues, show)| {
            commands.sort_by_key(|c| c.at);
            let show = show.map(|(at, state)| Show { at, state });
            Run { clusters, commands, story: Story::new(cues), show }
        })
    })
}

fn setup() -> impl Strategy<Value = Setup> {
    (select(Preset::ALL.to_vec()), 1u16..=100).prop_flat_map(|(preset, nodes)| {
        let rows: Vec<_> = Setting::of(preset).collect();
        let values: Vec<_> = rows.iter().map(|s| option::of(value(s.kind))).collect();
        values.prop_map(move |values| {
            let mut settings = Settings::sized(preset, nodes);
            for (setting, value) in rows.iter().zip(values) {
                let before = settings.clone();
                if let Some(value) = value.filter(|_| setting.name != "nodes") {
                    setting.write(&mut settings, &value);
                }
                if settings.contradiction(preset).is_some() {
                    settings = before;
                }
            }
            Setup { preset, settings: Arc::new(settings) }
        })
    })
}

/// A value of that kind, within its limits.
fn value(kind: Kind) -> BoxedStrategy<Value> {
    match kind {
        Kind::Count(low, high) => (low..=high).prop_map(Value::Count).boxed(),
        Kind::Switch => any::<bool>().prop_map(Value::Switch).boxed(),
        Kind::Fraction => ppm().prop_map(Value::Fraction).boxed(),
        Kind::Span(low, high) => within(low, high).prop_map(Value::Span).boxed(),
        Kind::Range(low, high) => (within(low, high), within(low, high))
            .prop_map(|(a, b)| Value::Range(SpanRange { low: a.min(b), high: a.max(b) }))
            .boxed(),
        Kind::Latency => latency().prop_map(Value::Latency).boxed(),
        Kind::Period(low, high) => option::of(within(low, high)).prop_map(Value::Period).boxed(),
        Kind::Choice(words) => select(words).prop_map(Value::Choice).boxed(),
    }
}

/// Round times as people write them, and arbitrary microseconds.
fn within(low: Span, high: Span) -> BoxedStrategy<Span> {
    let (low, high) = (low.as_us(), high.as_us());
    let round = (low.div_ceil(1_000)..=high / 1_000).prop_map(|ms| ms * 1_000);
    prop_oneof![low..=high, round].prop_map(Span::from_us).boxed()
}

fn time() -> impl Strategy<Value = Time> {
    within(Span::ZERO, Span::from_us(LATEST.as_us())).prop_map(|s| Time::ZERO + s)
}

fn ppm() -> impl Strategy<Value = Ppm> {
    prop_oneof![0u32..=1_000_000, (0u32..=100).prop_map(|percent| percent * 10_000)].prop_map(Ppm)
}

fn latency() -> impl Strategy<Value = Latency> {
    let mixture = (vec(part(), 2..5), 0u32..=1_000_000).prop_map(|(shapes, first)| {
        let mut parts: Vec<_> =
            shapes.into_iter().map(|part| Component { weight: Ppm(0), ..part }).collect();
        parts[0].weight = Ppm(first);
        parts[1].weight = Ppm(1_000_000 - first);
        Latency::mixture(&parts).expect("the weights sum to one")
    });
    let single = part().prop_map(|part| Latency::mixture(&[part]).expect("it is the only one"));
    prop_oneof![3 => single, 1 => mixture]
}

/// A shape; one with a tail may have an offset.
fn part() -> impl Strategy<Value = Component> {
    let offset = within(Span::ZERO, Span::from_ms(3_600_000));
    (shape(), option::of(offset)).prop_map(|(shape, offset)| {
        let has_tail = matches!(shape, Shape::Exp(_) | Shape::Pareto(..));
        let offset = offset.filter(|_| has_tail).unwrap_or(Span::ZERO);
        Component { offset, ..Component::new(Ppm::ALWAYS, shape) }
    })
}

fn shape() -> impl Strategy<Value = Shape> {
    let hour = Span::from_ms(3_600_000);
    let (any, some) = (|| within(Span::ZERO, hour), || within(Span::from_us(1), hour));
    prop_oneof![
        any().prop_map(Shape::Constant),
        (any(), any()).prop_map(|(a, b)| Shape::Uniform(a.min(b), a.max(b))),
        some().prop_map(Shape::Exp),
        (some(), 10_000u32..=1_000_000_000).prop_map(|(least, alpha)| Shape::Pareto(least, alpha)),
    ]
}

/// Bare words, and words with all characters that must be quoted or escaped.
fn word() -> impl Strategy<Value = Word> {
    prop_oneof![
        3 => "[a-zA-Z0-9_.-]{1,8}",
        1 => "[ \"\\\\;#+%|a\u{e9}\u{1f980}]{0,8}",
        1 => any::<String>().prop_map(|s| s.replace(['\n', '\r'], "")),
    ]
    .prop_map(Word::from)
}

/// A text for people: one line of any characters, also of those that must be escaped.
fn caption() -> impl Strategy<Value = Word> {
    prop_oneof!["[ \"\\\\;#+%|a\u{e9}\u{1f980}]{0,20}", any::<String>()].prop_map(|text| {
        let shown = text.chars().filter(|c| !c.is_control());
        Word::from(shown.take(MAX_CUE_CHARS).collect::<String>())
    })
}

fn cue() -> impl Strategy<Value = CueKind> {
    let pace = (1..=Pace::FASTEST, 1..=Pace::SLOWEST);
    prop_oneof![
        caption().prop_map(CueKind::Note),
        caption()
            .prop_filter("a chapter has a title", |title| !title.is_empty())
            .prop_map(CueKind::Chapter),
        pace.prop_map(|(n, d)| CueKind::Speed(Pace::new(n, d).expect("it is within limits"))),
    ]
}

fn command(clusters: &[Setup]) -> impl Strategy<Value = Command> + use<> {
    (time(), statement(clusters)).prop_map(|(at, statement)| Command { at, statement })
}

fn statement(clusters: &[Setup]) -> BoxedStrategy<Statement> {
    let fewest = |count: fn(&Settings) -> u16| {
        clusters.iter().map(|s| count(&s.settings)).min().expect("there is a cluster")
    };
    let (nodes, clients) = (fewest(|s| s.nodes), fewest(|s| s.clients));
    let node = move || (1..=nodes).prop_map(NodeId);
    let client = move || (1..=clients).prop_map(ClientId);
    let party =
        move || prop_oneof![3 => node().prop_map(Addr::Node), 1 => client().prop_map(Addr::Client)];
    let link = move || {
        (party(), party(), any::<bool>())
            .prop_map(|(from, to, one_way)| Link { from, to, one_way })
            .prop_filter("a link has two ends, one of them a node", |l| {
                l.from != l.to && (l.from.node().is_some() || l.to.node().is_some())
            })
    };
    let links = nodes + clients > 2;
    let everybody: Vec<_> = (1..=nodes)
        .map(NodeId)
        .map(Addr::Node)
        .chain((1..=clients).map(ClientId).map(Addr::Client))
        .collect();
    let groups = subsequence(everybody.clone(), 2..=everybody.len().min(8)).prop_map(|named| {
        let (a, b) = named.split_at(named.len() / 2);
        vec![a.to_vec(), b.to_vec()]
    });
    let mut kinds = vec![
        (node(), node_fault()).prop_map(|(n, f)| Statement::Node(n, f)).boxed(),
        node().prop_map(Statement::Isolate).boxed(),
        (node(), option::of(within(Span::ZERO, Span::from_ms(3_600_000))))
            .prop_map(|(n, takes)| Statement::Disk(n, takes))
            .boxed(),
        Just(Statement::Heal(Heal::Everything)).boxed(),
        party().prop_map(|a| Statement::Heal(Heal::Of(a))).boxed(),
        groups.prop_map(Statement::Partition).boxed(),
        behaviour().prop_map(Statement::Network).boxed(),
        (1..=u64::MAX, message_fault())
            .prop_map(|(m, f)| Statement::Message(MessageId(m), f))
            .boxed(),
        (party(), -86_400_000_000i64..=86_400_000_000)
            .prop_map(|(a, us)| Statement::ClockJump(a, us))
            .boxed(),
        (party(), 1_000u32..=1_000_000_000).prop_map(|(a, r)| Statement::ClockRate(a, r)).boxed(),
        (client(), request(), option::of(node().prop_map(Addr::Node)))
            .prop_map(|(client, request, via)| Statement::Ask { client, request, via })
            .boxed(),
        workload().prop_map(Statement::Workload).boxed(),
        change(clusters),
    ];
    if clusters.iter().all(|s| s.preset.has_membership()) {
        // A present node may be added again after it has left; new ones only in turn.
        kinds.push(node().prop_map(Statement::Add).boxed());
        kinds.push(node().prop_map(Statement::Remove).boxed());
    }
    if clusters.iter().all(|s| s.preset == Preset::Ring && s.settings.ring.balancer) {
        let via = Some(Addr::Balancer);
        let ask = (client(), request());
        let ask = ask.prop_map(move |(client, request)| Statement::Ask { client, request, via });
        kinds.push(ask.boxed());
    }
    if nodes > 1 {
        let pair = (node(), node()).prop_filter("a ping needs two", |(a, b)| a != b);
        kinds.push(pair.clone().prop_map(|(a, b)| Statement::Ping(a, b)).boxed());
        if clusters.iter().all(|s| s.preset == Preset::Raft) {
            let rule = (select(Preset::Raft.rules().to_vec()), any::<bool>());
            let rule = rule.prop_map(|(r, on)| Statement::Rule(r.name.into(), on));
            kinds.push(rule.boxed());
            kinds.push(pair.prop_map(|(a, b)| Statement::Transfer(a, b)).boxed());
        }
    }
    if links {
        kinds.push(link().prop_map(Statement::Cut).boxed());
        kinds.push(link().prop_map(|l| Statement::Heal(Heal::Link(l))).boxed());
        kinds.push((link(), behaviour()).prop_map(|(l, b)| Statement::Link(l, b)).boxed());
    }
    proptest::strategy::Union::new(kinds).boxed()
}

fn node_fault() -> impl Strategy<Value = NodeFault> {
    use NodeFault::{Corrupt, Crash, Pause, Restart, Resume, Timeout, Wipe};
    select(vec![Crash, Restart, Pause, Resume, Wipe, Corrupt, Timeout])
}

fn message_fault() -> impl Strategy<Value = MessageFault> {
    let delay = within(Span::ZERO, Span::from_us(LATEST.as_us())).prop_map(MessageFault::Delay);
    let others = vec![MessageFault::Drop, MessageFault::Duplicate, MessageFault::Deliver];
    prop_oneof![select(others), delay]
}

fn behaviour() -> impl Strategy<Value = Behaviour> {
    let parts = (option::of(latency()), option::of(ppm()), option::of(ppm()), option::of(ppm()));
    parts
        .prop_map(|(latency, loss, duplicate, reorder)| Behaviour {
            latency,
            loss,
            duplicate,
            reorder,
        })
        .prop_filter("it says something", |b| *b != Behaviour::default())
}

fn request() -> impl Strategy<Value = Request> {
    let op = prop_oneof![
        Just(Op::Get),
        Just(Op::Del),
        word().prop_map(Op::Set),
        word().prop_map(Op::Upd),
        word().prop_map(Op::Append),
        (word(), word()).prop_map(|(old, new)| Op::Cas(old, new)),
    ];
    (word(), op).prop_map(|(key, op)| Request { key, op })
}

fn workload() -> impl Strategy<Value = Option<Workload>> {
    let parts = (1u32..=100_000_000, ppm(), 1u16..=1_000);
    option::of(parts.prop_map(|(rate_mhz, reads, keys)| Workload { rate_mhz, reads, keys }))
}

/// A change that leaves the settings of every cluster valid.
fn change(clusters: &[Setup]) -> BoxedStrategy<Statement> {
    let clusters = clusters.to_vec();
    select(changeable(&clusters))
        .prop_flat_map(|setting| value(setting.kind).prop_map(move |v| Change::new(setting, v)))
        .prop_map(move |change| {
            let change = change.expect("only live ones are offered");
            let holds = |setup: &Setup| {
                let mut after = (*setup.settings).clone();
                change.apply(setup.preset, &mut after);
                after.contradiction(setup.preset).is_none()
            };
            if clusters.iter().all(holds) {
                Statement::Set(change)
            } else {
                Statement::Heal(Heal::Everything)
            }
        })
        .boxed()
}
