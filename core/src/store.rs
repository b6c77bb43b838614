//! The key-value state: operations, answers, and two kinds of store.

use crate::sorted::SortedMap;
use crate::time::Time;
use serde::Serialize;
use std::fmt;
use std::sync::Arc;

/// The longest key or value, in bytes.
pub const MAX_WORD_BYTES: usize = 1_024;

/// A key, or a value.
pub type Word = Arc<str>;

/// An operation on one key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Op {
    /// Read the value.
    Get,
    /// Write the value, whether the key exists or not.
    Set(Word),
    /// Write the value if the key exists.
    Upd(Word),
    /// Remove the key if it exists.
    Del,
    /// Write the second value if the key holds the first.
    Cas(Word, Word),
    /// Append to the value; an absent key is created.
    Append(Word),
}

impl Op {
    /// The word of the language for this operation.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::Set(_) => "set",
            Self::Upd(_) => "upd",
            Self::Del => "del",
            Self::Cas(..) => "cas",
            Self::Append(_) => "append",
        }
    }

    /// Whether the operation can change the store.
    #[must_use]
    pub const fn writes(&self) -> bool {
        !matches!(self, Self::Get)
    }
}

/// A key and the operation on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Request {
    /// The key.
    pub key: Word,
    /// The operation.
    pub op: Op,
}

/// The request as the language writes it, without the client: `set x 1`.
impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.op.name(), Quoted(&self.key))?;
        match &self.op {
            Op::Get | Op::Del => Ok(()),
            Op::Set(v) | Op::Upd(v) | Op::Append(v) => write!(f, " {}", Quoted(v)),
            Op::Cas(old, new) => write!(f, " {} {}", Quoted(old), Quoted(new)),
        }
    }
}

/// A word as the language writes it: bare where that is possible, else in double quotes.
pub struct Quoted<'a>(pub &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
        if !self.0.is_empty() && self.0.chars().all(bare) {
            return f.write_str(self.0);
        }
        write!(f, "\"{}\"", self.0.replace('\\', "\\\\").replace('"', "\\\""))
    }
}

/// The reason why a condition did not hold. A refusal is an answer, not a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Refusal {
    /// `upd`, `del` or `cas` of an absent key.
    NoSuchKey,
    /// `cas` whose expected value differs from the present one.
    Mismatch,
    /// `set` of a present key, under `peers`.
    KeyExists,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoSuchKey => "no such key",
            Self::Mismatch => "another value is there",
            Self::KeyExists => "key exists",
        })
    }
}

/// The answer of a store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Answer {
    /// The value that a read found; None for an absent key.
    Read(Option<Word>),
    /// The write was applied.
    Done,
    /// The condition did not hold; nothing changed.
    Refused(Refusal),
}

/// The sequential specification of the store: the effect of an operation on the value `now` of its
/// key. Returns the new value where the operation writes, and the answer.
#[must_use]
pub fn evaluate(op: &Op, now: Option<&Word>) -> (Option<Option<Word>>, Answer) {
    let write = |value: Word| (Some(Some(value)), Answer::Done);
    let refuse = |why| (None, Answer::Refused(why));
    match (op, now) {
        (Op::Get, now) => (None, Answer::Read(now.cloned())),
        (Op::Set(v), _) => write(v.clone()),
        (Op::Upd(_) | Op::Del | Op::Cas(..), None) => refuse(Refusal::NoSuchKey),
        (Op::Upd(v), Some(_)) => write(v.clone()),
        (Op::Del, Some(_)) => (Some(None), Answer::Done),
        (Op::Cas(old, new), Some(now)) if old == now => write(new.clone()),
        (Op::Cas(..), Some(_)) => refuse(Refusal::Mismatch),
        (Op::Append(v), now) => write(now.map_or_else(|| v.clone(), |n| joined(n, v))),
    }
}

/// The value after `append`, cut at [`MAX_WORD_BYTES`].
fn joined(now: &str, more: &str) -> Word {
    if now.len() + more.len() > MAX_WORD_BYTES { now.into() } else { format!("{now}{more}").into() }
}

/// A plain store, to which a replicated state machine applies its commands.
///
/// Cloning shares the map until one side writes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Store(Arc<SortedMap<Word, Word>>);

impl Store {
    /// The value of a key.
    #[must_use]
    pub fn value(&self, key: &str) -> Option<&Word> {
        self.0.get(key)
    }

    /// Applies one request.
    pub fn apply(&mut self, request: &Request) -> Answer {
        let (write, answer) = evaluate(&request.op, self.value(&request.key));
        match write {
            Some(Some(value)) => {
                Arc::make_mut(&mut self.0).insert(request.key.clone(), value);
            }
            Some(None) => {
                Arc::make_mut(&mut self.0).remove(&request.key);
            }
            None => {}
        }
        answer
    }

    /// Keys and values, by key.
    pub fn iter(&self) -> impl Iterator<Item = (&Word, &Word)> {
        self.0.iter()
    }
}

/// Time and writer of a version, compared by last-write-wins. The writer breaks ties of time, so
/// that replicas agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Stamp {
    /// The writer's clock.
    pub time: Time,
    /// The writer, by [`crate::ids::Addr::dense`].
    pub writer: u16,
}

/// A value with its stamp; a value of None is a tombstone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Version {
    /// The value, None where the key was deleted.
    pub value: Option<Word>,
    /// Time and writer of the write.
    pub stamp: Stamp,
}

impl Version {
    /// Whether this version wins over another: it is newer. A clock that jumps back can make two
    /// versions with one stamp; then the greater value wins, so that replicas agree in any order of
    /// arrival.
    #[must_use]
    pub fn supersedes(&self, other: &Self) -> bool {
        (self.stamp, &self.value) > (other.stamp, &other.value)
    }
}

/// A store of versions under last-write-wins.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct VersionedStore(Arc<SortedMap<Word, Version>>);

impl VersionedStore {
    /// The version of a key, tombstones included.
    #[must_use]
    pub fn version(&self, key: &str) -> Option<&Version> {
        self.0.get(key)
    }

    /// Keeps the newer of the present and the given version; on equal stamps the present one stays.
    /// True if the given one won.
    pub fn merge(&mut self, key: &Word, version: &Version) -> bool {
        self.replace_if(key, version, |old| version.stamp > old.stamp)
    }

    /// Merges in the total order of [`Version::supersedes`], which leaves no ties.
    pub fn merge_total(&mut self, key: &Word, version: &Version) -> bool {
        self.replace_if(key, version, |old| version.supersedes(old))
    }

    fn replace_if(&mut self, key: &Word, new: &Version, wins: impl Fn(&Version) -> bool) -> bool {
        if self.version(key).is_some_and(|old| !wins(old)) {
            return false;
        }
        Arc::make_mut(&mut self.0).insert(key.clone(), new.clone());
        true
    }

    /// Forgets a key, as if it had never been written.
    pub fn remove(&mut self, key: &str) {
        Arc::make_mut(&mut self.0).remove(key);
    }

    /// Keys and versions, by key, tombstones included.
    pub fn iter(&self) -> impl Iterator<Item = (&Word, &Version)> {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(store: &mut Store, key: &str, op: Op) -> Answer {
        store.apply(&Request { key: key.into(), op })
    }

    #[test]
    fn conditions_answer_and_change_nothing() {
        let mut s = Store::default();
        let no = |why| Answer::Refused(why);
        assert_eq!(ask(&mut s, "x", Op::Upd("1".into())), no(Refusal::NoSuchKey));
        assert_eq!(ask(&mut s, "x", Op::Del), no(Refusal::NoSuchKey));
        assert_eq!(ask(&mut s, "x", Op::Append("a".into())), Answer::Done);
        assert_eq!(ask(&mut s, "x", Op::Append("b".into())), Answer::Done);
        assert_eq!(ask(&mut s, "x", Op::Cas("a".into(), "c".into())), no(Refusal::Mismatch));
        assert_eq!(ask(&mut s, "x", Op::Get), Answer::Read(Some("ab".into())));
        assert_eq!(ask(&mut s, "x", Op::Del), Answer::Done);
        assert_eq!(ask(&mut s, "x", Op::Get), Answer::Read(None));
    }

    #[test]
    fn the_newer_stamp_wins_whatever_the_order() {
        let version = |value: &str, us, writer| Version {
            value: Some(value.into()),
            stamp: Stamp { time: Time::from_us(us), writer },
        };
        let (a, b) = (version("a", 5, 1), version("b", 5, 2));
        for order in [[&a, &b], [&b, &a]] {
            let mut s = VersionedStore::default();
            for v in order {
                s.merge(&"x".into(), v);
            }
            assert_eq!(s.version("x"), Some(&b));
        }
    }

    #[test]
    fn words_are_quoted_when_they_must_be() {
        assert_eq!(Quoted("a_b.c-1").to_string(), "a_b.c-1");
        assert_eq!(Quoted("a b\"\\").to_string(), "\"a b\\\"\\\\\"");
        assert_eq!(Quoted("").to_string(), "\"\"");
    }
}
