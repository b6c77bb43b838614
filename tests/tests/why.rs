//! `why?` on random runs of every preset: every answer must consist of events that happened.

use std::collections::BTreeSet;

use quorumscope_core::check::Property;
use quorumscope_core::explain::Scene;
use quorumscope_core::ids::{EventId, MessageId, OperationId};
use quorumscope_core::protocol::{Index, Timer};
use quorumscope_core::script;
use quorumscope_core::session::Session;
use quorumscope_core::time::Time;
use quorumscope_core::trace::{Trace, What};
use quorumscope_core::why::{self, Answer, Link, Question};
use quorumscope_tests::random_run::{self, LENGTH_MS};

/// The number of random runs.
const RUNS: u64 = 400;

/// All questions that can be asked of a cluster now, and some that cannot.
fn questions(scene: &Scene<'_>) -> Vec<Question> {
    let world = scene.world;
    let mut all = vec![Question::Now, Question::NoLeader];
    all.extend(Property::ALL.map(Question::Broken));
    all.extend(["x", "y", "nowhere"].map(|key| Question::Key(key.into(), None)));
    for host in world.nodes() {
        let n = host.id();
        all.extend([Question::Node(n), Question::LeaderOf(n), Question::NotLeader(n)]);
        all.push(Question::Key("x".into(), Some(n)));
        all.extend((0..6).map(|i| Question::Entry(Index(i * i), Some(n))));
        for other in world.nodes() {
            let other = other.id();
            all.extend([Question::Suspects(n.into(), other), Question::Link(n, other)]);
            all.extend([Question::Vote(n, other), Question::Keeps(n, other)]);
            all.extend(why::of_link(world, n, other).into_iter().map(|(_, question)| question));
        }
        all.extend(why::of_node(scene, n).into_iter().map(|(_, question)| question));
    }
    for client in world.clients() {
        all.push(Question::Client(client.id()));
        all.extend(why::of_client(world, client.id()).into_iter().map(|(_, question)| question));
    }
    all.extend(why::of_balancer(scene).into_iter().map(|(_, question)| question));
    let operations = world.operations().len() as u32;
    all.extend((0..operations + 2).step_by(7).map(|id| Question::Operation(OperationId(id))));
    all.extend((0..world.events() + 500).step_by(173).map(|id| Question::Event(EventId(id))));
    all.extend((0..400).step_by(31).map(|id| Question::Message(MessageId(id))));
    all.extend(world.flights().map(|flight| Question::Message(flight.id)));
    all
}

/// True if one event led to another, by the causes in the trace.
fn led(trace: &Trace, from: EventId, to: EventId) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![to];
    while let Some(id) = open.pop() {
        if id == from {
            return true;
        }
        let causes = trace.event(id).into_iter().flat_map(|e| e.causes.iter());
        open.extend(causes.filter(|&cause| cause >= from && seen.insert(cause)));
    }
    false
}

/// True for an event that needs no cause: a person, the workload or a clock made it.
fn begins(trace: &Trace, id: EventId) -> bool {
    let event = trace.event(id).expect("steps are events");
    let by_itself =
        |timer| matches!(timer, Timer::Heartbeat | Timer::AntiEntropy | Timer::Checkpoint);
    match event.what {
        What::Fired(_, timer) | What::BalancerFired(timer) if by_itself(timer) => true,
        _ => event.causes.first().is_none(),
    }
}

fn check(scene: &Scene<'_>, answer: &Answer) -> Result<(), String> {
    let (trace, now) = (scene.trace, scene.world.now());
    if !answer.sentence.ends_with('.') || answer.sentence.contains("..") {
        return Err("the sentence does not end as sentences do".into());
    }
    let once: BTreeSet<&String> = answer.missing.iter().collect();
    if once.len() < answer.missing.len() || answer.missing.iter().any(|c| c.trim().is_empty()) {
        return Err("what is missing is said twice, or is nothing".into());
    }
    let Some(first) = answer.chain.first() else { return Ok(()) };
    if first.link != Link::Root || !begins(trace, first.event) {
        return Err(format!("it begins at {first:?}, which is no beginning"));
    }
    for step in &answer.chain {
        let event = trace.event(step.event).ok_or("a step is no event")?;
        if event.at != step.at || step.at > now || step.event.0 >= scene.world.events() {
            return Err(format!("{step:?} has not happened, or not then"));
        }
        if step.text.len() < 5 || !step.text.ends_with('.') {
            return Err(format!("{step:?} is no sentence"));
        }
    }
    for pair in answer.chain.windows(2) {
        let (older, newer) = (&pair[0], &pair[1]);
        let is_right = match newer.link {
            Link::Root => false,
            Link::Led => led(trace, older.event, newer.event),
            Link::Kept | Link::Let => older.event < newer.event,
        };
        if !is_right {
            return Err(format!("{older:?} did not bring about {newer:?}"));
        }
    }
    Ok(())
}

/// The presets that random scripts do not have.
const OTHERS: [&str; 5] = ["quorum", "peers", "ring", "primary-backup", "election"];

/// A random script. Two of three get another preset, and keep the statements that it has.
fn of_any_preset(number: u64) -> String {
    let text = random_run::script(number);
    if number.is_multiple_of(3) {
        return text;
    }
    let preset = OTHERS[(number / 3) as usize % OTHERS.len()];
    let nodes = 3 + number % 4;
    let rest = ["", " loss=10%", " fsync=off", " retries=1"][(number / 7) as usize % 4];
    let more = match preset {
        "quorum" => ["", " r=1 w=1", " sloppy=on", " hints=off read-repair=off"],
        "primary-backup" => ["", " replication=async", " failover=manual", " acks=1"],
        "ring" => ["", " balancer=off", " replicas=2", " vnodes=4"],
        _ => [""; 4],
    }[(number / 5) as usize % 4];
    let mut script = format!("cluster {preset} nodes={nodes} seed={number}{rest}{more}\n");
    for line in text.lines().filter(|line| !line.starts_with("cluster")) {
        let longer = format!("{script}{line}\n");
        if script::parse(&longer).is_ok() {
            script = longer;
        }
    }
    script
}

/// A replay of the run gives the same answers, even after a seek back from a later time.
#[test]
fn answers_are_the_same_on_every_replay() {
    for number in 0..RUNS / 10 {
        let run = script::parse(&of_any_preset(number)).expect("random scripts are right");
        let at = Time::from_ms(2_000 + number * 61 % 5_000);
        let answers = |session: &Session| {
            let scene = Scene::of(session, 0);
            let all = questions(&scene).into_iter();
            all.map(|question| why::why(&scene, &question)).collect::<Vec<_>>()
        };
        let mut straight = Session::new(run.clone());
        straight.seek(at);
        let mut back = Session::new(run);
        back.seek(Time::from_ms(u64::from(LENGTH_MS)));
        back.seek(at);
        assert_eq!(answers(&straight), answers(&back), "run {number}");
    }
}

#[test]
fn every_answer_is_made_of_what_happened() {
    let (mut answered, mut chained) = (0, 0);
    for number in 0..RUNS {
        let text = of_any_preset(number);
        let run = script::parse(&text).expect("random scripts are right");
        let mut session = Session::new(run);
        for at_ms in [u64::from(LENGTH_MS), 1_000 + number * 29 % 6_000] {
            session.seek(Time::from_ms(at_ms));
            for cluster in 0..session.run().clusters.len() {
                let scene = Scene::of(&session, cluster);
                for question in questions(&scene) {
                    match why::why(&scene, &question) {
                        Err(sentence) => assert!(!sentence.is_empty() && !sentence.contains('\n')),
                        Ok(answer) => {
                            answered += 1;
                            chained += u32::from(answer.chain.len() > 1);
                            let again = why::why(&scene, &question).as_ref() == Ok(&answer);
                            assert!(again, "run {number}, {question}: answered otherwise");
                            if let Err(wrong) = check(&scene, &answer) {
                                panic!(
                                    "run {number}, {at_ms} ms, {question}: {wrong}\n{answer}\n{text}"
                                );
                            }
                        }
                    }
                }
            }
        }
    }
    assert!(chained * 4 > answered, "{chained} of {answered} answers have a chain");
}
