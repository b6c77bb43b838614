use crate::ids::NodeId;
use crate::protocol::Outcome;
use crate::run::Run;
use crate::script;
use crate::session::Session;
use crate::store::Answer;
use crate::time::{Span, Time};
use crate::trace::What;

fn played(script: &str) -> Session {
    let run: Run = script::parse(script).expect("the script is right");
    Session::new(run)
}

/// The times at which writes of a node became durable.
fn durable_at(session: &Session, node: NodeId) -> Vec<Time> {
    let trace = session.trace(0);
    let events = trace.iter_from(crate::ids::EventId(0)).map(|(_, event)| event);
    let durable = events.filter(|e| matches!(e.what, What::Durable(n, _) if n == node));
    durable.map(|e| e.at).collect()
}

/// A disk that was writing when its process crashed does not complete the writes of the next
/// process.
#[test]
fn a_write_takes_its_time_also_after_a_crash_in_the_middle_of_another() {
    let session = played(
        "cluster raft nodes=1 disk=10ms seed=3\n\
         @1s     c1 set x 1\n\
         @1.02s  crash n1\n\
         @1.021s restart n1\n\
         @1.022s timeout n1\n\
         @2s     show",
    );
    let started = Time::from_us(1_022_000);
    let first = durable_at(&session, NodeId(1)).into_iter().find(|&at| at > started);
    assert!(first.expect("it votes for itself") >= started + Span::from_ms(10));
}

/// A queued operation is asked of the same nodes as one that begins at once.
#[test]
fn an_operation_that_waited_for_its_turn_is_asked_of_everybody() {
    let mut session = played("cluster write-all seed=3\n@1s c1 set x 1\n@1s c1 get x");
    session.seek(Time::from_ms(1_200));
    let read = &session.world(0).operations()[1];
    let told = read.end.as_ref().map(|end| &end.outcome);
    assert_eq!(told, Some(&Outcome::Ok(Answer::Read(Some("1".into())))));
}

/// A hunt found that the place of a message that was dropped there was given to another, which the
/// node then took for the one that waited.
#[test]
fn a_message_that_is_dropped_at_the_door_of_a_paused_node_waits_no_longer() {
    let script = "cluster peers seed=3 latency=10ms\n@1s pause n2\n@1.1s ping n1 n2";
    let mut session = played(script);
    session.seek(Time::from_ms(1_200));
    let waiting = session.world(0).flights().find(|f| f.to == NodeId(2).into());
    let waiting = waiting.expect("the ping waits").id;
    let script = format!(
        "{script}\n@1.3s drop {waiting}\n@1.4s ping n1 n3\n@1.405s ping n3 n1\n@1.406s crash n3\n@1.406s resume n2"
    );
    let mut session = played(&script);
    session.seek(Time::from_ms(2_000));
    let arrived = session.trace(0).iter_from(crate::ids::EventId(0));
    let arrived = arrived.filter_map(|(_, e)| match e.what {
        What::Delivered(p) => Some(p.message),
        _ => None,
    });
    assert!(!arrived.into_iter().any(|message| message == waiting));
}
