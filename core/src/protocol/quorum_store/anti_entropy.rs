//! Anti-entropy: replicas compare their data, and exchange the differences.
//!
//! ```text
//!   a ── MerkleRoots ──▶ b     for every range that both are home to
//!   a ◀─ MerkleHashes ── b     for each root that differs: b's next level
//!   a ── MerkleHashes ─▶ b     for each hash that differs: a's next level
//!   a ◀─ MerkleLeaf ──── b     for each leaf that differs: the stamps of b's versions
//!   a ── Sync ─────────▶ b     a's newer versions, and the keys with newer ones at b
//!   a ◀─ Sync ────────── b     those
//! ```
//!
//! The receiver of a level compares it with its own and answers with the next. So neither replica
//! needs to remember the comparison, and every message may be lost (DeCandia et al., *Dynamo*,
//! 2007, section 4.7).

use super::merkle::{Child, FAN_OUT, Hashes, Inner, LeafId, Tree};
use super::message::{Entry, Message};
use super::placement::RangeId;
use super::stock::Stock;
use crate::ids::NodeId;
use crate::sorted::SortedMap;
use crate::store::{Stamp, VersionedStore, Word};
use std::sync::Arc;

/// The beginning of a comparison: the roots of the ranges that belong to both.
#[must_use]
pub fn roots(stock: &Stock, me: NodeId, partner: NodeId) -> Message {
    let shared = stock.placement().shared(me, partner);
    Message::MerkleRoots { roots: shared.map(|r| (r, stock.root(r))).collect() }
}

/// The answers to another's roots: the next level of each differing one.
pub fn compare_roots(stock: &Stock, roots: &[(RangeId, u64)]) -> Vec<Message> {
    let differing = roots.iter().filter(|&&(range, root)| stock.root(range) != root);
    differing.map(|&(range, _)| level(stock, range, Inner::Root)).collect()
}

/// The answers to another's level: the next of each differing place, or the leaf.
pub fn compare_level(stock: &Stock, range: RangeId, place: Inner, hashes: &Hashes) -> Vec<Message> {
    let own = with_tree(stock, range, |tree| tree.children(place));
    let differing = (0..FAN_OUT).filter(|&i| own[i] != hashes[i]);
    let answer = |i| match place.child(i) {
        Child::Inner(inner) => level(stock, range, inner),
        Child::Leaf(leaf) => stamps(stock, range, leaf),
    };
    differing.map(answer).collect()
}

fn level(stock: &Stock, range: RangeId, place: Inner) -> Message {
    let hashes = with_tree(stock, range, |tree| tree.children(place));
    Message::MerkleHashes { range, place, hashes }
}

fn stamps(stock: &Stock, range: RangeId, leaf: LeafId) -> Message {
    let of = |tree: &Tree| tree.leaf(leaf).iter().map(|(k, v)| (k.clone(), v.stamp)).collect();
    Message::MerkleLeaf { range, leaf, stamps: with_tree(stock, range, of) }
}

/// Calls `use_it` with the tree of a range; a range without writes has an empty tree.
fn with_tree<T>(stock: &Stock, range: RangeId, use_it: impl FnOnce(&Tree) -> T) -> T {
    match stock.tree(range) {
        Some(tree) => use_it(tree),
        None => use_it(&Tree::default()),
    }
}

/// The answer to the content of another's leaf: the versions that are newer here, and the keys that
/// are newer there. Versions with equal stamps are sent, since their values may differ.
#[must_use]
pub fn compare_leaf(
    stock: &Stock,
    range: RangeId,
    leaf: LeafId,
    theirs: &[(Word, Stamp)],
) -> Message {
    let own = with_tree(stock, range, |tree| tree.leaf(leaf).clone());
    let theirs: SortedMap<&Word, Stamp> = theirs.iter().map(|(k, s)| (k, *s)).collect();
    let entries = own.iter().filter(|(k, v)| theirs.get(k).is_none_or(|&s| v.stamp >= s));
    let wanted = theirs.iter().filter(|&(key, &stamp)| is_wanted(&own, key, stamp));
    Message::Sync {
        entries: entries.map(|(k, v)| (k.clone(), v.clone())).collect(),
        wanted: wanted.map(|(&key, _)| key.clone()).collect(),
    }
}

fn is_wanted(own: &VersionedStore, key: &str, stamp: Stamp) -> bool {
    own.version(key).is_none_or(|v| v.stamp <= stamp)
}

/// The versions of those keys.
#[must_use]
pub fn wanted(stock: &Stock, keys: &[Word]) -> Arc<[Entry]> {
    let held = keys.iter().filter_map(|k| stock.version(k).map(|v| (k.clone(), v.clone())));
    held.collect()
}
