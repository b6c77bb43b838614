//! Collection of tombstones: those old enough to be forgotten, and the time of the next.
//!
//! A tombstone's age follows from its stamp and the replica's own clock, as in Cassandra, where
//! `gc_grace_seconds` is the same setting. No one checks whether every home has it.

use super::hints::Hints;
use super::message::Entry;
use super::stock::Stock;
use crate::order;
use crate::store::{Version, Word};
use crate::time::{Span, Time};

/// The time at which a tombstone must be forgotten; None for a value.
#[must_use]
pub fn due(version: &Version, after: Span) -> Option<Time> {
    version.value.is_none().then(|| version.stamp.time + after)
}

/// The earliest time at which a tombstone must be forgotten, including those kept for other nodes.
#[must_use]
pub fn next(stock: &Stock, hints: &Hints, after: Span) -> Option<Time> {
    all(stock, hints).filter_map(|(_, version)| due(version, after)).min()
}

/// The tombstones that must be forgotten by now, each once, by key.
#[must_use]
pub fn ripe(stock: &Stock, hints: &Hints, after: Span, now: Time) -> Vec<Entry> {
    let is_ripe = |version: &Version| due(version, after).is_some_and(|due| due <= now);
    let ripe = all(stock, hints).filter(|(_, version)| is_ripe(version));
    let mut ripe: Vec<Entry> = ripe.map(|(k, v)| (k.clone(), v.clone())).collect();
    order::by_key(&mut ripe, |(key, version)| (key.clone(), version.stamp));
    ripe.dedup();
    ripe
}

fn all<'a>(stock: &'a Stock, hints: &'a Hints) -> impl Iterator<Item = (&'a Word, &'a Version)> {
    stock.iter().chain(hints.iter().map(|(_, key, version)| (key, version)))
}
