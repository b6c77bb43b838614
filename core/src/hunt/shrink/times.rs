//! Shorter runs, and rounder times.

use super::Case;
use super::statements::in_order;
use crate::time::{Span, Time};

/// Times are rounded to multiples of these, in milliseconds: the first success counts.
const GRAINS: [u64; 8] = [1_000, 500, 200, 100, 50, 20, 10, 1];

/// Versions with an earlier judgement, or with shorter gaps between statements.
pub fn shorter(case: &Case, fixed: usize) -> Vec<Case> {
    let mut versions = Vec::new();
    let last = case.commands.last().map_or(Time::ZERO, |c| c.at);
    for span in
        [0, 10, 50, 100, 200, 500, 1_000, 1_500, 2_000, 3_000, 5_000, 10_000].map(Span::from_ms)
    {
        if last + span < case.until {
            versions.push(Case { until: last + span, ..case.clone() });
        }
    }
    for place in fixed..case.commands.len() {
        let before = place.checked_sub(1).map_or(Time::ZERO, |p| case.commands[p].at);
        let gap = case.commands[place].at.since(before);
        for part in [0, 1, 2, 3] {
            let shorter = gap.scaled(part, 4);
            let less = Span::from_us(gap.as_us() - shorter.as_us());
            if less >= Span::from_ms(20) {
                versions.push(earlier(case, place, less));
            }
        }
    }
    versions
}

/// The statements from a place on, and the end, that much earlier.
fn earlier(case: &Case, place: usize, by: Span) -> Case {
    let mut version = case.clone();
    for command in &mut version.commands[place..] {
        command.at = command.at - by;
    }
    version.until = version.until - by;
    version
}

/// Versions with one time after the other made as round as possible, the end last.
pub fn rounder(case: &Case, fixed: usize) -> Vec<Case> {
    let mut versions = Vec::new();
    for place in fixed..case.commands.len() {
        let before = place.checked_sub(1).filter(|p| *p >= fixed).map(|p| case.commands[p].at);
        if let Some(before) = before.filter(|b| *b != case.commands[place].at) {
            versions.extend(Some(at(case, place, before, fixed)));
        }
        for time in rounded(case.commands[place].at) {
            versions.push(at(case, place, time, fixed));
        }
    }
    for until in rounded(case.until).into_iter().filter(|t| *t >= case.until) {
        versions.push(Case { until, ..case.clone() });
    }
    versions
}

fn at(case: &Case, place: usize, at: Time, fixed: usize) -> Case {
    let mut version = case.clone();
    version.commands[place].at = at;
    in_order(version, fixed)
}

/// Rounder times near one, the roundest first: each both down and up, while it is near.
fn rounded(time: Time) -> Vec<Time> {
    let us = time.as_us();
    let mut times = Vec::new();
    for grain in GRAINS.map(|ms| ms * 1_000) {
        if us.is_multiple_of(grain) {
            break;
        }
        times.push(Time::from_us(us / grain * grain));
        times.push(Time::from_us(us.div_ceil(grain) * grain));
    }
    times
}
