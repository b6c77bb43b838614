//! Sentences for statements: the actions of people.

use super::words::{self, length, percent};
use crate::ids::Addr;
use crate::ids::ranged;
use crate::rng::Ppm;
use crate::run::{Behaviour, Heal, Link, MessageFault, NodeFault, Statement, Workload};
use crate::script::per_second;
use crate::time::Span;

/// The effect of a statement, in one sentence.
pub fn sentence(statement: &Statement) -> String {
    match statement {
        Statement::Node(n, fault) => node_fault(n, *fault),
        Statement::Disk(n, Some(takes)) => {
            format!("A write takes {} on the disk of {n} from now on.", length(*takes))
        }
        Statement::Disk(n, None) => format!("The disk of {n} takes its usual time again."),
        Statement::Isolate(n) => format!("{n} is cut off from everyone."),
        Statement::Cut(link) if link.one_way => {
            format!("Nothing gets from {} to {} any more.", link.from, link.to)
        }
        Statement::Cut(link) => format!("The link {link} is cut."),
        Statement::Heal(what) => heal(*what),
        Statement::Partition(groups) => format!("Partition: {}.", sides(groups)),
        Statement::Link(link, to) => behaviour(&format!("The link {link}"), to),
        Statement::Network(to) => behaviour("Every link", to),
        Statement::Message(m, fault) => match fault {
            MessageFault::Drop => format!("{m} is dropped by hand."),
            MessageFault::Duplicate => format!("{m} is doubled by hand."),
            MessageFault::Deliver => format!("{m} is delivered by hand."),
            MessageFault::Delay(by) => format!("{m} is held back for {}.", length(*by)),
        },
        Statement::ClockJump(who, us) => {
            let way = if *us < 0 { "back" } else { "ahead" };
            format!("{who}'s clock jumps {} {way}.", length(Span::from_us(us.unsigned_abs())))
        }
        Statement::ClockRate(who, rate) => {
            format!("{who}'s clock now runs at {} times the true speed.", Ppm(*rate))
        }
        Statement::Ping(from, to) => format!("{from} is told to ping {to}."),
        Statement::Transfer(from, to) => {
            format!("{from} is told to hand its leadership to {to}.")
        }
        Statement::Add(n) => format!("{n} is to join."),
        Statement::Remove(n) => format!("{n} is to leave."),
        Statement::Ask { client, request, via: None } => {
            format!("{client} is told to ask: {}.", words::request(request))
        }
        Statement::Ask { client, request, via: Some(via) } => {
            format!("{client} is told to ask {via}: {}.", words::request(request))
        }
        Statement::Workload(None) => "Clients no longer ask on their own.".into(),
        Statement::Workload(Some(workload)) => on_their_own(workload),
        Statement::Rule(name, true) => format!("The rule {name} is followed again."),
        Statement::Rule(name, false) => format!("The rule {name} is broken from now on."),
        Statement::Set(change) => {
            format!("From now on {} is {}.", change.name(), change.value())
        }
    }
}

fn node_fault(n: &crate::ids::NodeId, fault: NodeFault) -> String {
    match fault {
        NodeFault::Crash => format!("{n} crashes."),
        NodeFault::Restart => format!("{n} starts again from its disk."),
        NodeFault::Pause => format!("{n} is paused: it exists, but does not run."),
        NodeFault::Resume => format!("{n} runs again."),
        NodeFault::Wipe => format!("{n} crashes and its disk is emptied."),
        NodeFault::Corrupt => format!("The last record on the disk of {n} is torn."),
        NodeFault::Timeout => format!("The election timer of {n} is made to run out."),
    }
}

fn heal(what: Heal) -> String {
    match what {
        Heal::Everything => "Every link works again.".into(),
        Heal::Of(who) => format!("Every link of {who} works again."),
        Heal::Link(Link { from, to, one_way: true }) => {
            format!("Messages get from {from} to {to} again.")
        }
        Heal::Link(link) => format!("The link {link} works again."),
    }
}

/// The behaviour of one link, or of all, from now on.
fn behaviour(which: &str, to: &Behaviour) -> String {
    let share = |part: Option<Ppm>, what: &str| {
        part.map(|part| match part {
            Ppm::NEVER => format!("none {what}"),
            part => format!("{} {what}", percent(part)),
        })
    };
    let takes =
        to.latency.as_ref().map(|latency| format!("messages take {}", words::latency(latency)));
    let changes = [
        takes,
        share(to.loss, "is lost"),
        share(to.duplicate, "arrives twice"),
        share(to.reorder, "is held back"),
    ];
    let changes: Vec<String> = changes.into_iter().flatten().collect();
    format!("{which} changes: {}.", changes.join(", "))
}

/// `n1 n2 | n3 n4 n5`
fn sides(groups: &[Vec<Addr>]) -> String {
    groups.iter().map(|group| ranged(group)).collect::<Vec<_>>().join(" | ")
}

fn on_their_own(workload: &Workload) -> String {
    let rate = per_second(workload.rate_mhz);
    let keys = match workload.keys {
        1 => "1 key".to_owned(),
        keys => format!("{keys} keys"),
    };
    let reads = percent(workload.reads);
    format!("Clients ask on their own: {rate} a second, {reads} reads, {keys}.")
}
