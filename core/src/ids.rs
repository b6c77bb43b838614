//! Names as people write them: `n1`, `c2`, `lb`, `m17`.

use serde::{Serialize, Serializer};
use std::fmt;

/// The most nodes a cluster may have.
pub const MAX_NODES: u16 = 100;
/// The most clients a cluster may have.
pub const MAX_CLIENTS: u16 = 50;
/// Least number of consecutive names that are abbreviated to their ends.
const RANGE: usize = 5;

/// A node, counted from 1: `n1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct NodeId(pub u16);

/// A client, counted from 1: `c1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ClientId(pub u16);

/// A message; ids count up in the order of sending, from 1: `m1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct MessageId(pub u64);

/// A client operation; ids count up in the order of asking, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct OperationId(pub u32);

/// An event of the trace; ids count up in the order of happening, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct EventId(pub u32);

/// A sender or receiver of messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Addr {
    /// A node of the cluster.
    Node(NodeId),
    /// A client.
    Client(ClientId),
    /// The load balancer.
    Balancer,
}

impl NodeId {
    /// The node's index in a vector of nodes, from 0.
    #[must_use]
    pub fn index(self) -> usize {
        debug_assert!(self.0 > 0);
        usize::from(self.0) - 1
    }

    /// The node at that place.
    #[must_use]
    pub fn at(index: usize) -> Self {
        Self(u16::try_from(index + 1).expect("clusters have at most MAX_NODES nodes"))
    }
}

impl ClientId {
    /// The client's index in a vector of clients, from 0.
    #[must_use]
    pub fn index(self) -> usize {
        debug_assert!(self.0 > 0);
        usize::from(self.0) - 1
    }

    /// The client at that place.
    #[must_use]
    pub fn at(index: usize) -> Self {
        Self(u16::try_from(index + 1).expect("clusters have at most MAX_CLIENTS clients"))
    }
}

impl Addr {
    /// Number of different values of [`Addr::dense`].
    pub const DENSE: usize = MAX_NODES as usize + MAX_CLIENTS as usize + 1;

    /// A small number, different for every address.
    #[must_use]
    pub fn dense(self) -> usize {
        match self {
            Self::Node(n) => n.index(),
            Self::Client(c) => usize::from(MAX_NODES) + c.index(),
            Self::Balancer => Self::DENSE - 1,
        }
    }

    /// The address with that small number: the inverse of [`Addr::dense`].
    #[must_use]
    pub fn at_dense(dense: usize) -> Self {
        debug_assert!(dense < Self::DENSE);
        match dense.checked_sub(usize::from(MAX_NODES)) {
            None => Self::Node(NodeId::at(dense)),
            Some(client) if client < usize::from(MAX_CLIENTS) => Self::Client(ClientId::at(client)),
            Some(_) => Self::Balancer,
        }
    }

    /// The node, if it is one.
    #[must_use]
    pub fn node(self) -> Option<NodeId> {
        match self {
            Self::Node(n) => Some(n),
            Self::Client(_) | Self::Balancer => None,
        }
    }

    /// The client, if it is one.
    #[must_use]
    pub fn client(self) -> Option<ClientId> {
        match self {
            Self::Client(c) => Some(c),
            Self::Node(_) | Self::Balancer => None,
        }
    }
}

impl From<NodeId> for Addr {
    fn from(n: NodeId) -> Self {
        Self::Node(n)
    }
}

impl From<ClientId> for Addr {
    fn from(c: ClientId) -> Self {
        Self::Client(c)
    }
}

impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "n{}", self.0)
    }
}

impl fmt::Display for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "c{}", self.0)
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "m{}", self.0)
    }
}

impl fmt::Display for Addr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Node(n) => n.fmt(f),
            Self::Client(c) => c.fmt(f),
            Self::Balancer => write!(f, "lb"),
        }
    }
}

/// The names in one line; consecutive ones become a range: `n1 n2`, `n1–n50 n52`.
#[must_use]
pub fn ranged<T: fmt::Display>(things: &[T]) -> String {
    runs(things).into_iter().map(|(part, _)| part).collect::<Vec<_>>().join(" ")
}

/// Names, or ranges of them, each with the number of names that it covers.
#[must_use]
pub fn runs<T: fmt::Display>(things: &[T]) -> Vec<(String, usize)> {
    let names: Vec<String> = things.iter().map(ToString::to_string).collect();
    let mut parts = Vec::new();
    let mut rest = &names[..];
    while let [first, ..] = rest {
        let run = 1 + rest.windows(2).take_while(|pair| follows(&pair[0], &pair[1])).count();
        if run < RANGE {
            parts.extend(rest[..run].iter().map(|name| (name.clone(), 1)));
        } else {
            parts.push((format!("{first}–{}", rest[run - 1]), run));
        }
        rest = &rest[run..];
    }
    parts
}

/// Whether one name is the next after another: `n9`, `n10`.
fn follows(a: &str, b: &str) -> bool {
    let numbered = |name: &str| {
        let word = name.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned();
        let number: u32 = name[word.len()..].parse().ok()?;
        Some((word, number))
    };
    matches!((numbered(a), numbered(b)), (Some((v, m)), Some((w, n))) if v == w && m.checked_add(1) == Some(n))
}

/// Serialises a value as people write it, for views: `#[serde(serialize_with = "ids::shown")]`.
///
/// # Errors
/// Errors of the serialiser.
pub fn shown<T: fmt::Display, S: Serializer>(value: &T, s: S) -> Result<S::Ok, S::Error> {
    s.collect_str(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dense_places_are_distinct_and_in_range() {
        let mut seen = [false; Addr::DENSE];
        let nodes = (1..=MAX_NODES).map(|n| Addr::Node(NodeId(n)));
        let clients = (1..=MAX_CLIENTS).map(|c| Addr::Client(ClientId(c)));
        for addr in nodes.chain(clients).chain([Addr::Balancer]) {
            assert!(!std::mem::replace(&mut seen[addr.dense()], true), "{addr}");
            assert_eq!(Addr::at_dense(addr.dense()), addr);
        }
        assert!(seen.iter().all(|&s| s));
    }

    #[test]
    fn names_that_follow_each_other_are_a_range() {
        let nodes = |ids: &[u16]| ids.iter().map(|&n| NodeId(n)).collect::<Vec<_>>();
        assert_eq!(ranged(&nodes(&[1, 2, 3])), "n1 n2 n3");
        assert_eq!(ranged(&nodes(&[8, 9, 10, 11, 12, 99])), "n8–n12 n99");
        let mixed = [Addr::Node(NodeId(1)), Addr::Client(ClientId(2)), Addr::Balancer];
        assert_eq!(ranged(&mixed), "n1 c2 lb", "only what has the same letter follows");
    }
}
