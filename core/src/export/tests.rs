use super::clocks::{Clocks, Stamp, host_of};
use super::*;
use crate::ids::NodeId;
use crate::run::{NodeFault, Statement};
use crate::script;
use crate::trace::{Event, Trace};
use std::collections::{BTreeMap, BTreeSet};

fn session(text: &str, ms: u64) -> Session {
    let mut session = Session::new(script::parse(text).expect("the script is right"));
    session.seek(Time::from_ms(ms));
    session
}

/// Runs of every system, with faults of every kind.
const RUNS: [&str; 6] = [
    "cluster raft nodes=3 seed=1 loss=5% duplicate=5%\n@100ms workload rate=30/s\n\
     @300ms crash n1; @500ms restart n1; @600ms pause n2; @620ms ping n2 n3; @700ms resume n2",
    "cluster peers seed=1\n@100ms workload rate=30/s\n@300ms isolate n1; @400ms heal",
    "cluster ring seed=3\n@100ms workload rate=30/s\n@200ms add n6; @500ms remove n2",
    "cluster primary-backup seed=4\n@100ms workload rate=30/s\n@300ms crash n1",
    "cluster quorum seed=5 coordinator=client\n@100ms workload rate=30/s\n@200ms wipe n1; @400ms restart n1",
    "cluster write-all seed=6\n@100ms workload rate=30/s\n@300ms clock n1 +50ms",
];

/// For each event all events that happened before it: the previous ones of its host, its causes,
/// and all before those. Computed from the trace alone.
fn before(trace: &Trace) -> BTreeMap<EventId, BTreeSet<EventId>> {
    let mut last: BTreeMap<usize, EventId> = BTreeMap::new();
    let mut all: BTreeMap<EventId, BTreeSet<EventId>> = BTreeMap::new();
    for (id, event) in trace.iter_from(EventId(0)).filter(|(_, e)| !is_on_the_way(e.what)) {
        let previous = last.insert(host_of(event.what), id);
        let mut earlier = BTreeSet::new();
        for direct in event.causes.iter().chain(previous) {
            earlier.insert(direct);
            earlier.extend(&all[&direct]);
        }
        all.insert(id, earlier);
    }
    all
}

fn stamps(trace: &Trace) -> BTreeMap<EventId, Stamp> {
    let mut clocks = Clocks::default();
    let stamp = |(id, e): (EventId, &Event)| Some((id, clocks.stamp(id, e)?));
    trace.iter_from(EventId(0)).filter_map(stamp).collect()
}

#[test]
fn one_event_happens_before_another_just_where_its_clock_says_so() {
    for run in RUNS {
        let session = session(run, 1_500);
        let trace = session.trace(0);
        let (before, stamps) = (before(trace), stamps(trace));
        assert_eq!(before.len(), stamps.len());
        assert!(stamps.len() > 250, "{run}: {}", stamps.len());
        let some: Vec<_> = stamps.iter().step_by(stamps.len() / 200).collect();
        let mut pairs = [0, 0];
        for (a, x) in &some {
            for (b, y) in &some {
                let follows = before[b].contains(a);
                assert_eq!(x.is_before(y), follows, "{run}: {a:?} and {b:?}");
                pairs[usize::from(follows)] += 1;
            }
        }
        assert!(pairs.iter().all(|&n| n > 500), "{pairs:?}: both are seen");
    }
}

#[test]
fn every_host_counts_its_own_events_from_one() {
    for run in RUNS {
        let session = session(run, 1_500);
        let mut counts: BTreeMap<usize, u32> = BTreeMap::new();
        for stamp in stamps(session.trace(0)).values() {
            let count = counts.entry(stamp.host).or_default();
            *count += 1;
            let own = stamp.clock().find(|(host, _)| *host == stamp.host).map(|(_, n)| n);
            assert_eq!(own, Some(*count), "{run}");
        }
    }
}

#[test]
fn shiviz_text_is_what_its_first_line_says() {
    let session = session(RUNS[0], 400);
    let text = Writer::new(&session, Form::ShiViz).all();
    let body = text.strip_prefix(SHIVIZ_PARSER).expect("it begins with how to read it");
    let lines: Vec<_> = body.lines().collect();
    assert!(lines.len() > 200 && lines.len().is_multiple_of(2));
    for pair in lines.chunks(2) {
        let (host, clock) = pair[0].split_once(' ').expect("a host and its clock");
        let clock: BTreeMap<String, u32> = serde_json::from_str(clock).expect("JSON");
        assert!(clock[host] > 0 && !pair[1].is_empty());
    }
    assert!(body.starts_with("n1 {\"n1\":1}\n0s n1 starts.\n"), "{}", &body[..80]);
    assert!(body.contains("operator {\"operator\":1}\n100ms "), "statements are the operator's");
}

#[test]
fn pieces_of_any_size_make_the_same_text() {
    let session = session("cluster raft seed=1\ncluster quorum\n@100ms workload rate=30/s", 300);
    for form in [Form::JsonLines, Form::ShiViz] {
        let whole = Writer::new(&session, form).all();
        let (mut pieces, mut writer) = (String::new(), Writer::new(&session, form));
        while writer.write(&mut pieces, 7) {}
        assert_eq!(pieces, whole);
        let (done, of) = writer.progress();
        assert_eq!(done, of);
    }
}

#[test]
fn json_lines_are_the_events_up_to_the_playhead() {
    let mut session = session(RUNS[0], 800);
    session.seek(Time::from_ms(400));
    let text = Writer::new(&session, Form::JsonLines).all();
    let events = view::events(&session, Time::ZERO, Time::from_ms(400));
    assert_eq!(text.lines().count(), events.len());
    for (line, event) in text.lines().zip(events) {
        assert_eq!(line, serde_json::to_string(&event).expect("it can be written"));
    }
}

/// The export of a session's run, and the values of its progress on the way.
fn copied(session: &Session, document: Document) -> (String, Vec<f64>) {
    let (mut out, mut told) = (String::new(), Vec::new());
    let mut copyist = Copyist::new(session.shared_run(), Place::of(session), document);
    while copyist.write(&mut out) {
        told.push(copyist.progress());
    }
    (out, told)
}

#[test]
fn a_copyist_writes_what_has_happened_up_to_the_playhead() {
    for run in RUNS {
        // Between two events of one moment as well as between two moments.
        let mut session = session(run, 900);
        for _ in 0..4 {
            session.step(-3);
            for form in [Form::JsonLines, Form::ShiViz] {
                let (text, told) = copied(&session, Document::Trace(form));
                assert!(text == Writer::new(&session, form).all(), "{run}");
                assert!(told.is_sorted() && told.iter().all(|part| (0.0..=1.0).contains(part)));
            }
            let operations = crate::history::history(session.world(0)).to_json_lines();
            assert_eq!(copied(&session, Document::Operations).0, operations);
        }
    }
}

#[test]
fn a_copyist_writes_of_all_clusters_and_only_of_the_branch() {
    let mut session =
        session("cluster raft seed=1\ncluster quorum\n@100ms workload rate=30/s", 700);
    session.seek(Time::from_ms(500));
    session.append(Statement::Node(NodeId(1), NodeFault::Crash)).expect("it can be done");
    session.seek(Time::from_ms(600));
    let whole = Writer::new(&session, Form::JsonLines).all();
    assert!(whole.contains("\"cluster\":1") && whole.contains("\"kind\":\"crash\""));
    assert!(copied(&session, Document::Trace(Form::JsonLines)).0 == whole);
    let operations = copied(&session, Document::Operations).0;
    assert_eq!(operations.matches("{\"initial\"").count(), 2);
}
