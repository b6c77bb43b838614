//! Where the page gets its sentences from.

use crate::language;
use quorumscope_core::ids::EventId;
use quorumscope_core::protocol::{Fact, Role};
use quorumscope_core::session::Session;
use quorumscope_core::trace::What;

/// What stands above the stage.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Headline {
    /// What is the case.
    pub bold: String,
    /// What led to it.
    pub rest: String,
    /// What it means.
    pub small: String,
}

/// What is the case in one cluster at the playhead, and why.
#[must_use]
pub fn headline(session: &Session, cluster: usize) -> Headline {
    let world = session.world(cluster);
    let bold = match world.leader() {
        Some(n) => {
            let term = world.node(n).and_then(|h| h.machine()?.sign().term);
            term.map_or_else(|| format!("{n} leads."), |t| format!("{n} leads term {t}."))
        }
        None if world.nodes().any(|h| {
            h.machine().is_some_and(|m| m.sign().role != Role::Replica)
        }) =>
        {
            "Nobody leads.".into()
        }
        None => "Every node takes reads and writes.".into(),
    };
    Headline { bold, ..Headline::default() }
}

/// An event as a sentence; None for those that are not worth one.
#[must_use]
pub fn sentence(session: &Session, cluster: usize, id: EventId) -> Option<String> {
    let event = session.trace(cluster).event(id)?;
    Some(match event.what {
        What::Commanded(place) => {
            language::print_statement(&session.run().commands.get(place as usize)?.statement)
        }
        What::Noted(n, Fact::Stood(t)) => format!("{n} starts an election for term {t}"),
        What::Noted(n, Fact::Led(t)) => format!("{n} leads term {t}"),
        What::Noted(n, Fact::SteppedDown(t)) => format!("{n} learns of term {t} and steps down"),
        What::Noted(n, Fact::Truncated(i)) => format!("{n} removes its entries from {i} on"),
        What::Noted(n, Fact::Repeated) => format!("{n} finds that it has applied this already"),
        What::ClientNoted(c, Fact::GaveUp(n)) => format!("{c} stops waiting, with {n} answers"),
        What::Invoked(c, op) => {
            let op = session.world(cluster).operation(op)?;
            format!("{c} asks: {}", op.request)
        }
        What::Returned(c, op) => {
            let op = session.world(cluster).operation(op)?;
            format!("{c}: {}, {}", op.request, crate::scene::ended(op).0)
        }
        What::Started(n) => format!("{n} starts from its disk"),
        _ => return None,
    })
}

/// A message in flight as a sentence, with what it says.
#[must_use]
pub fn message(flight: &quorumscope_core::world::Flight) -> String {
    let kind = flight.message.kind().name();
    let mut text = format!("{}: {kind} from {} to {}", flight.id, flight.from, flight.to);
    for (name, value) in flight.message.fields() {
        text.push_str(&format!(", {name} {value}"));
    }
    text
}
