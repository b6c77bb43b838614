//! The names and values that scripts rely on.

use super::*;
use crate::script::parse;
use crate::time::Time;
use serde_json::{Value, json};

fn played(script: &str, to_ms: u64) -> Session {
    let mut session = Session::new(parse(script).unwrap());
    session.seek(Time::from_ms(to_ms));
    session
}

fn as_json(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap()
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn the_state_has_the_names_of_the_contract() {
    let session = played("cluster raft\n@1s cut n1>n2\n@1.1s c1 set x 1", 1_105);
    let state = as_json(&state(&session, false));
    assert_eq!(keys(&state), ["clusters", "hash", "playing", "time"]);
    let cluster = &state["clusters"][0];
    let names =
        ["clients", "leader", "links", "messages", "modified", "nodes", "preset", "settings"];
    assert_eq!(keys(cluster), names);
    let names = ["clock_ms", "data", "detail", "disk", "id", "log", "role", "status", "term"];
    assert_eq!(keys(&cluster["nodes"][0]), names);
    assert_eq!(keys(&cluster["nodes"][0]["log"][0]), ["committed", "index", "op", "term"]);
    assert_eq!(keys(&cluster["messages"][0]), ["arrives", "from", "id", "kind", "sent", "to"]);
    assert_eq!(cluster["links"].as_array().unwrap().len(), 10);
    let cut = json!({"a": "n1", "b": "n2", "cut": "a>b", "latency": "10ms..20ms", "loss": 0.0});
    assert_eq!(cluster["links"][0], cut);
    let waiting = json!({"id": "c1", "operation": "set x 1", "waiting_for": "n1"});
    assert_eq!(cluster["clients"][0], waiting);
    assert_eq!(cluster["settings"]["election"], "150ms..300ms");
    assert_eq!(cluster["settings"]["heartbeat"], 50.0);
    assert_eq!(state["hash"].as_str().unwrap().len(), 16);
}

#[test]
fn a_node_that_is_down_has_no_role_and_keeps_its_disk() {
    let session = played("cluster raft\n@1s crash n1", 1_500);
    let node = &as_json(&state(&session, true))["clusters"][0]["nodes"][0];
    assert_eq!(node["status"], "crashed");
    assert_eq!((&node["role"], &node["log"]), (&Value::Null, &Value::Null));
    assert!(node["disk"]["records"].as_u64().unwrap() > 0);
}

#[test]
fn the_history_tells_what_was_asked_and_answered() {
    let script = "cluster raft\n@1s c1 set x 1\n@1.2s c1 cas x 2 3\n@1.4s c2 get x via n2\n\
        @2s crash n1; crash n2; crash n3"
        .replace("; ", "\n@2s ")
        + "\n@2.1s c1 set x 4";
    let session = played(&script, 2_200);
    let history = as_json(&history(&session));
    let names = [
        "applied", "client", "cluster", "expected", "id", "invoked", "key", "op", "outcome",
        "read", "returned", "value", "via",
    ];
    assert_eq!(keys(&history[0]), names);
    let told = |i: usize| {
        ["op", "outcome", "read", "applied", "via"].map(|name| history[i][name].to_string())
    };
    assert_eq!(told(0), [r#""set""#, r#""ok""#, "null", "true", "null"]);
    assert_eq!(told(1), [r#""cas""#, r#""ok""#, "null", "false", "null"]);
    assert_eq!(told(2), [r#""get""#, r#""ok""#, r#""1""#, "null", r#""n2""#]);
    assert_eq!(told(3), [r#""set""#, "null", "null", "null", "null"]);
    assert_eq!(history[3]["returned"], Value::Null);
}

#[test]
fn events_are_told_in_their_span_of_time() {
    let session = played("cluster raft\n@1s crash n2\n@1.2s c1 get x", 2_000);
    let all = events(&session, Time::ZERO, Time::from_ms(2_000));
    assert_eq!(all.len(), session.trace(0).len());
    let some = events(&session, Time::from_ms(1_000), Time::from_ms(1_000));
    assert!(some.iter().all(|e| e.at == 1_000.0));
    let crash = some.iter().find(|e| e.kind == "crash").unwrap();
    let names = ["at", "causes", "cluster", "id", "kind", "message", "node", "text"];
    assert_eq!(keys(&as_json(crash)), names);
    assert_eq!(crash.node.as_deref(), Some("n2"));
    let cause = event(&session, 0, crate::ids::EventId(crash.causes[0])).unwrap();
    assert_eq!((cause.kind, cause.text.as_str()), ("command", "n2 crashes."));
}

#[test]
fn a_stale_read_is_found_and_its_client_named() {
    // The writer receives success although two replicas never received the write; then the one that
    // has it is gone.
    let script = "cluster write-all\n@0.1s c1 set x 1\n@0.5s partition n1 c1 | n2 n3 c2\n\
        @0.6s c1 set x 2\n@2s c2 get x";
    let session = played(script, 4_000);
    let verdicts = verdict(&session);
    assert_eq!(verdicts.len(), crate::check::Property::ALL.len());
    assert_eq!((verdicts[0].cluster, verdicts[0].holds), (0, Some(false)));
    assert!(verdicts[0].operations.contains(&3), "{verdicts:?}");
    assert!(
        verdicts[0]
            .text
            .starts_with("Stale read (linearizability of x is broken): c2 read \"1\" at "),
        "{verdicts:?}"
    );
    assert!(
        verdicts[0].text.contains(", though c1's write of \"2\" had returned at "),
        "{verdicts:?}"
    );
    let before = played(script, 1_900);
    assert_eq!(verdict(&before)[0].holds, Some(true));
}

#[test]
fn a_client_goes_on_after_an_answer_that_it_never_had() {
    let script = "cluster raft clients=1 timeout=100ms retries=1\n@1s isolate n1\n\
        @1s c1 set x 1 via n1\n@2s heal\n@3s c1 get x";
    let session = played(script, 5_000);
    let outcomes: Vec<_> = history(&session).iter().map(|o| o.outcome).collect();
    assert_eq!(outcomes.len(), 2);
    assert_eq!(outcomes[1], Some("ok"));
    assert_eq!(verdict(&session)[0].holds, Some(true));
}
