//! Shaken versions: without a statement or two, and with other random latencies or slightly other
//! times. Where the failure is a matter of luck, fewer statements suffice with another draw.

use super::super::chance::Chance;
use super::Case;
use super::statements::in_order;
use crate::rng::{Latency, Shape};
use crate::run::Statement;
use crate::time::{Span, Time};
use std::sync::Arc;

/// Number of versions that are tried for each statement.
const VERSIONS: usize = 40;
/// The most versions in all.
const MOST: usize = 800;
/// Seeds to choose from.
const SEEDS: u64 = 30;

/// Shaken versions. The same case is always shaken in the same ways.
pub fn shaken(case: &Case, fixed: usize) -> Vec<Case> {
    let many = case.commands.len() - fixed;
    let mut chance = Chance::new(many as u64, case.until.as_us());
    let versions = (VERSIONS * many).min(MOST);
    (0..versions).map(|number| version(case, fixed, number, &mut chance)).collect()
}

fn version(case: &Case, fixed: usize, number: usize, chance: &mut Chance) -> Case {
    let mut version = case.clone();
    let many = version.commands.len() - fixed;
    version.commands.remove(fixed + number % many);
    if chance.percent(30) && many > 2 {
        version.commands.remove(fixed + chance.below(many - 1));
    }
    let settings = Arc::make_mut(&mut version.setup.settings);
    match chance.below(6) {
        0 | 1 => settings.seed = chance.between(1, SEEDS),
        2 => {
            settings.latency = Latency::of(Shape::Constant(Span::from_ms(10)));
        }
        _ => {}
    }
    if chance.percent(70) {
        move_some(&mut version, fixed, chance);
    }
    if chance.percent(30) {
        version.until += Span::from_ms(chance.one_of(&[100, 500, 1_000]).unwrap_or(0));
    }
    in_order(version, fixed)
}

/// Moves some statements a little, or to the time of another.
fn move_some(version: &mut Case, fixed: usize, chance: &mut Chance) {
    let times: Vec<Time> = version.commands.iter().map(|c| c.at).collect();
    let earliest = fixed.checked_sub(1).map_or(Time::ZERO, |last| times[last]);
    for command in &mut version.commands[fixed..] {
        if matches!(command.statement, Statement::Rule(..)) || !chance.percent(35) {
            continue;
        }
        let by = Span::from_ms(chance.one_of(&[1, 2, 5, 10, 20, 50, 100, 200, 500]).unwrap_or(1));
        let at = match chance.below(3) {
            0 => chance.one_of(&times).unwrap_or(command.at),
            1 => command.at + by,
            _ => command.at - by,
        };
        command.at = at.max(earliest).min(version.until);
    }
}
