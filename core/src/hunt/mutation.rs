//! Mutation: a plan to do what another run did, with a few changes.

use super::act;
use super::arena::Arena;
use super::chance::Chance;
use super::corpus::{Corpus, Entry};
use super::finding::fault_word;
use super::plan::{Item, Plan};
use crate::run::{Command, Statement};
use crate::time::{Span, Time};

/// The most changes.
const MOST: usize = 4;
/// Statements are moved by so much, in milliseconds.
const MOVES: [u64; 9] = [1, 5, 10, 20, 50, 100, 200, 500, 1_000];

/// The plan of a run with some changes.
#[must_use]
pub fn plan(arena: &Arena, entry: &Entry, corpus: &mut Corpus, chance: &mut Chance) -> Plan {
    let mut commands = done(arena, entry);
    let mut plan = Plan::empty(arena, chance);
    let mut more = (0, 0);
    for _ in 0..=chance.below(MOST) {
        match chance.below(8) {
            0 | 1 => remove(&mut commands, chance),
            2 => shift(arena, &mut commands, chance),
            3 => shift_tail(arena, &mut commands, chance),
            4 => repeat(arena, &mut commands, chance),
            5 => splice(arena, &mut commands, corpus, chance),
            6 => more.0 += 1 + chance.below(2) as u32,
            _ => more.1 += 1 + chance.below(2) as u32,
        }
    }
    plan.seed = entry.seed;
    plan.follow(commands);
    let more = (more.0.min(arena.most_faults), more.1.min(arena.most_operations));
    plan.add_random(arena, more, chance);
    if arena.targets.judges_rest {
        plan.add(arena.calm, Item::Recover);
    }
    plan
}

/// The statements of a run behind the common beginning.
fn done(arena: &Arena, entry: &Entry) -> Vec<Command> {
    entry.commands[arena.beginning.len().min(entry.commands.len())..].to_vec()
}

fn remove(commands: &mut Vec<Command>, chance: &mut Chance) {
    if !commands.is_empty() {
        commands.remove(chance.below(commands.len()));
    }
}

fn within(arena: &Arena, at: Time) -> Time {
    at.max(arena.from).min(arena.until)
}

fn moved(arena: &Arena, at: Time, later: bool, by: Span) -> Time {
    within(arena, if later { at + by } else { at - by })
}

fn shift(arena: &Arena, commands: &mut [Command], chance: &mut Chance) {
    let (place, later) = (chance.below(commands.len()), chance.percent(50));
    let by = chance.span_ms(&MOVES, 1);
    if let Some(command) = commands.get_mut(place) {
        command.at = moved(arena, command.at, later, by);
    }
}

fn shift_tail(arena: &Arena, commands: &mut [Command], chance: &mut Chance) {
    let (place, later) = (chance.below(commands.len()), chance.percent(50));
    let by = chance.span_ms(&MOVES, 1);
    for command in commands.iter_mut().skip(place) {
        command.at = moved(arena, command.at, later, by);
    }
}

/// Something is done again at another time, perhaps to another.
fn repeat(arena: &Arena, commands: &mut Vec<Command>, chance: &mut Chance) {
    let Some(command) = commands.get(chance.below(commands.len())).cloned() else { return };
    let at = Time::from_us(chance.between(arena.from.as_us(), arena.calm.as_us()) / 1_000 * 1_000);
    let statement = match (command.statement, chance.one_of(&arena.nodes)) {
        (Statement::Node(_, fault), Some(n)) => Statement::Node(n, fault),
        (Statement::Isolate(_), Some(n)) => Statement::Isolate(n),
        (Statement::Ask { client, request, .. }, Some(n)) => {
            Statement::Ask { client, request, via: Some(n.into()) }
        }
        (same, _) => same,
    };
    commands.push(Command { at, statement });
}

/// From a time on another run is followed.
fn splice(arena: &Arena, commands: &mut Vec<Command>, corpus: &mut Corpus, chance: &mut Chance) {
    let Some(other) = corpus.choose(chance) else { return };
    let at = Time::from_us(chance.between(arena.from.as_us(), arena.calm.as_us()));
    commands.retain(|c| c.at <= at);
    commands.extend(done(arena, &other).into_iter().filter(|c| c.at > at));
    let faults = |c: &&Command| fault_word(&c.statement).is_some();
    let too_many = commands.iter().filter(faults).count() as i64 - i64::from(arena.most_faults);
    (0..too_many).for_each(|_| remove(commands, chance));
}

/// A statement to be done again. A message that is named by its number would be another one here.
#[must_use]
pub fn item(statement: Statement) -> Item {
    match act::kind_of_message_fault(&statement) {
        Some(kind) => Item::Fault(kind),
        None => Item::Exactly(statement),
    }
}
