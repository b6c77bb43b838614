//! Playing scripts, and the visible results as short lines.

#![allow(dead_code, reason = "no test file uses all of it")]

use quorumscope_core::ids::{EventId, NodeId};
use quorumscope_core::protocol::{Machine, NodeView, Role};
use quorumscope_core::script;
use quorumscope_core::session::Session;
use quorumscope_core::time::Time;
use quorumscope_core::trace::What;
use quorumscope_core::world::{Host, World};
use std::fmt::Write;

/// Plays a script up to its `show`.
pub fn play(text: &str) -> Session {
    let run = script::parse(text).unwrap_or_else(|e| panic!("{e}\n{text}"));
    let show = run.show.expect("a script for a test says with show where to look");
    let mut session = Session::new(run);
    session.seek(show.at);
    session
}

/// The events inside nodes, the statements, and the requests of clients with their answers.
pub fn story(session: &Session) -> String {
    let (trace, world) = (session.trace(0), session.world(0));
    let mut lines = String::new();
    for (_, event) in trace.iter_from(EventId(0)) {
        let line = match event.what {
            What::Noted(node, fact) => format!("{node} {fact:?}"),
            What::Commanded(place) => {
                let statement = &session.run().commands[place as usize].statement;
                format!("> {}", script::print_statement(statement))
            }
            What::Returned(client, operation) => {
                let operation = world.operation(operation).expect("it returned");
                let outcome = &operation.end.as_ref().expect("it returned").outcome;
                format!("{client} {}: {outcome:?}", operation.request)
            }
            _ => continue,
        };
        writeln!(lines, "{} {line}", at(event.at)).expect("a String takes everything");
    }
    lines
}

fn at(time: Time) -> String {
    format!("{:<8.2}", time.as_ms_f64())
}

/// Each node's role, term and leader.
pub fn roles(world: &World) -> String {
    let line = |host: &Host| {
        let sign = host.machine().map(|m| m.sign());
        let shown = sign.map_or(host.status().name().into(), |s| {
            let term = s.term.map(|t| format!(" {t}")).unwrap_or_default();
            let leader = s.leader.map(|l| format!(" of {l}")).unwrap_or_default();
            format!("{}{term}{leader}", s.role.name())
        });
        format!("{} {shown}\n", host.id())
    };
    world.nodes().map(line).collect()
}

fn machine(world: &World, node: u16) -> &Machine {
    let host = world.node(NodeId(node)).expect("there is such a node");
    host.machine().expect("it runs")
}

/// The visible state of one running node.
pub fn view(world: &World, node: u16) -> NodeView {
    machine(world, node).view(100)
}

/// The data of a node: `x=1 y=2`.
pub fn data(world: &World, node: u16) -> String {
    let pairs: Vec<_> = view(world, node).data.iter().map(|(k, v)| format!("{k}={v}")).collect();
    pairs.join(" ")
}

/// A detail of a node, by name.
pub fn detail(world: &World, node: u16, name: &str) -> String {
    let details = machine(world, node).detail();
    let found = details.into_iter().find(|(n, _)| *n == name);
    found.unwrap_or_else(|| panic!("n{node} says nothing of {name}")).1
}

/// The running nodes with that role.
pub fn those(world: &World, role: Role) -> Vec<NodeId> {
    let has = |h: &&Host| h.machine().is_some_and(|m| m.sign().role == role);
    world.nodes().filter(has).map(Host::id).collect()
}

/// Whether the answers to clients can come from one store.
pub fn is_linearizable(world: &World) -> bool {
    let history = quorumscope_core::history::history(world);
    let report = quorumscope_core::check::linearizability::check(&history);
    report.is_linearizable().expect("the search comes to an end")
}

/// The answers to clients, one operation per line.
pub fn answers(world: &World) -> String {
    let told = |o: &quorumscope_core::client::Operation| {
        let outcome = o.end.as_ref().map(|e| format!("{:?}", e.outcome));
        format!("{} {}: {}\n", o.client, o.request, outcome.unwrap_or_else(|| "open".into()))
    };
    world.operations().iter().map(told).collect()
}
