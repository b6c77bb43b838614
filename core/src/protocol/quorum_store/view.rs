//! The visible state of a replica.

use super::message::shown;
use super::replica::Replica;
use crate::order;
use crate::protocol::{NodeView, Role, Sign};

impl Replica {
    /// Its role: all are equal.
    #[must_use]
    pub fn sign(&self) -> Sign {
        Sign { role: Role::Replica, term: None, leader: None }
    }

    /// The state to show.
    #[must_use]
    pub fn view(&self) -> NodeView {
        let data = self.answers().into_iter().filter_map(|(key, version)| {
            version.value.as_ref().map(|value| (key.clone(), value.clone()))
        });
        NodeView { sign: self.sign(), data: data.collect(), log: None }
    }

    /// Further details, names and values in display order.
    #[must_use]
    pub fn detail(&self) -> Vec<(&'static str, String)> {
        let mut versions: Vec<_> = self.stock().iter().collect();
        order::by_key(&mut versions, |(key, _)| *key);
        let mut detail = vec![
            ("Merkle root", format!("{:016x}", self.stock().digest(self.id()))),
            ("coordinating", self.coordinates().to_string()),
            ("hints waiting", self.hints().len().to_string()),
        ];
        for (home, key, version) in self.hints().iter() {
            detail.push(("hint", format!("{} for {home}", shown(key, version))));
        }
        detail.extend(versions.into_iter().map(|(k, v)| ("version", shown(k, v))));
        detail
    }
}
