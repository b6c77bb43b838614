//! The versions of the chain: its members, their order and their ages.

use super::super::Role;
use crate::ids::NodeId;
use serde::Serialize;
use std::sync::Arc;

/// A node of the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Member {
    /// The node.
    pub node: NodeId,
    /// The version with which it joined. A node that was spliced out and comes back has another, by
    /// which it can tell that its data are obsolete.
    pub since: u32,
}

/// A version of the chain, as decided by the configurator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Config {
    /// Counts up from 1.
    pub version: u32,
    /// The members from head to tail; never empty.
    pub chain: Vec<Member>,
}

impl Config {
    /// The first version: all nodes except the configurator, or the configurator if there is no
    /// other.
    #[must_use]
    pub fn first(members: &[NodeId], configurator: NodeId) -> Arc<Self> {
        let member = |&node: &NodeId| Member { node, since: 1 };
        let others = members.iter().filter(|&&n| n != configurator || members.len() == 1);
        Arc::new(Self { version: 1, chain: others.map(member).collect() })
    }

    /// Its place in the chain, from 0.
    #[must_use]
    pub fn place(&self, node: NodeId) -> Option<usize> {
        self.chain.iter().position(|m| m.node == node)
    }

    /// The version with which a member joined.
    #[must_use]
    pub fn since(&self, node: NodeId) -> Option<u32> {
        self.chain.iter().find(|m| m.node == node).map(|m| m.since)
    }

    /// The first member.
    #[must_use]
    pub fn head(&self) -> Option<NodeId> {
        self.chain.first().map(|m| m.node)
    }

    /// The last member.
    #[must_use]
    pub fn tail(&self) -> Option<NodeId> {
        self.chain.last().map(|m| m.node)
    }

    /// The member before it.
    #[must_use]
    pub fn predecessor(&self, node: NodeId) -> Option<Member> {
        self.place(node)?.checked_sub(1).and_then(|place| self.chain.get(place).copied())
    }

    /// The member behind it.
    #[must_use]
    pub fn successor(&self, node: NodeId) -> Option<Member> {
        self.chain.get(self.place(node)? + 1).copied()
    }

    /// The role of a node, if it is a member.
    #[must_use]
    pub fn role(&self, node: NodeId) -> Option<Role> {
        let place = self.place(node)?;
        Some(if place + 1 == self.chain.len() {
            Role::Tail
        } else if place == 0 {
            Role::Head
        } else {
            Role::Middle
        })
    }
}
