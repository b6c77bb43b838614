//! Keys that move when nodes join or leave.

use super::HashRing;
use crate::ids::NodeId;

/// A key whose owner has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move<'a> {
    /// The key.
    pub key: &'a str,
    /// Its old owner; None when the ring was empty.
    pub from: Option<NodeId>,
    /// Its new owner; None when the ring is empty.
    pub to: Option<NodeId>,
}

/// The `keys` whose owners in `old` and `new` differ, in the order given.
pub fn moved<'a>(
    old: &HashRing,
    new: &HashRing,
    keys: impl IntoIterator<Item = &'a str>,
) -> impl Iterator<Item = Move<'a>> {
    keys.into_iter()
        .map(|key| Move { key, from: old.owner(key), to: new.owner(key) })
        .filter(|m| m.from != m.to)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const KEYS: usize = 500;

    fn keys() -> Vec<String> {
        (0..KEYS).map(|i| format!("k{i}")).collect()
    }

    proptest! {
        #[test]
        fn keys_move_only_from_who_leaves_and_only_to_who_joins(
            nodes in 1u16..15, vnodes in 1u16..20, which in 0u16..15,
        ) {
            let keys = keys();
            let keys = || keys.iter().map(String::as_str);
            let all = HashRing::new((1..=nodes).map(NodeId), vnodes);
            let which = NodeId(which % nodes + 1);
            let rest = all.without(which);
            for m in moved(&all, &rest, keys()) {
                prop_assert_eq!(m.from, Some(which));
            }
            for m in moved(&rest, &all, keys()) {
                prop_assert_eq!(m.to, Some(which));
            }
            let owned = keys().filter(|k| all.owner(k) == Some(which)).count();
            prop_assert_eq!(moved(&all, &rest, keys()).count(), owned);
            prop_assert_eq!(moved(&rest, &all, keys()).count(), owned);
        }
    }

    /// The textbook's comparison: where `hash mod n` moves most keys, the ring moves about 1/n.
    #[test]
    fn a_sixth_node_takes_about_a_sixth() {
        let keys = keys();
        let five = HashRing::new((1..=5).map(NodeId), 64);
        let count = moved(&five, &five.with(NodeId(6)), keys.iter().map(String::as_str)).count();
        assert!((KEYS / 12..KEYS / 3).contains(&count), "{count} of {KEYS}");
    }
}
