//! Faults of single messages. A message is named by its number, and every message before it counts:
//! where something else is left out, the same message has another number.

use super::super::case::Court;
use super::Case;
use crate::ids::{Addr, MessageId};
use crate::protocol::Kind;
use crate::run::{Command, Statement};
use crate::world::Next;

/// A message that a statement names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Described {
    id: MessageId,
    from: Addr,
    to: Addr,
    kind: Kind,
}

/// The messages that the statements of a case name, as they are in flight then.
pub fn describe(court: &Court, case: &Case) -> Vec<Described> {
    let mut described = Vec::new();
    if names_any(case) {
        follow(court, case, |commands, place, world| {
            if let Statement::Message(id, _) = commands[place].statement
                && let Some(f) = world.flight(id)
            {
                let kind = f.message.kind();
                described.push(Described { id, from: f.from, to: f.to, kind });
            }
        });
    }
    described
}

/// The case with each message that it names replaced by the like one that is in flight then. None
/// where nothing changes.
pub fn retargeted(court: &Court, case: &Case, described: &[Described]) -> Option<Case> {
    if !names_any(case) {
        return None;
    }
    let commands = follow(court, case, |commands, place, world| {
        let Statement::Message(id, fault) = commands[place].statement else { return };
        let Some(wanted) = described.iter().find(|d| d.id == id) else { return };
        let is_like = |f: &&crate::world::Flight| {
            (f.from, f.to, f.message.kind()) == (wanted.from, wanted.to, wanted.kind)
        };
        if world.flight(id).as_ref().is_some_and(is_like) {
            return;
        }
        if let Some(like) = world.flights().filter(is_like).map(|f| f.id).min() {
            commands[place].statement = Statement::Message(like, fault);
        }
    });
    (commands != case.commands).then(|| Case { commands, ..case.clone() })
}

fn names_any(case: &Case) -> bool {
    case.commands.iter().any(|c| matches!(c.statement, Statement::Message(..)))
}

/// Plays a case and shows each statement before it is carried out. Returns the statements as they
/// were carried out.
fn follow(
    court: &Court,
    case: &Case,
    mut look: impl FnMut(&mut Vec<Command>, usize, &crate::world::World),
) -> Vec<Command> {
    let mut simulation = court.begin(&case.setup, &case.commands);
    let world = &mut simulation.world;
    let commands = &mut simulation.commands;
    while let Some(next) = world.next(commands).filter(|next| next.at() <= case.until) {
        if matches!(next, Next::Command(_)) {
            look(commands, world.commands_done(), world);
        }
        world.take(next, commands);
    }
    std::mem::take(commands)
}
