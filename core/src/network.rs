//! Links: the connections between addresses, and their behaviour.
//!
//! A link is a pair of directions. Each can be cut, and each can have a behaviour of its own;
//! without one the network's holds. Latencies are drawn for each message alone, so that messages
//! may overtake each other.

use crate::ids::Addr;
use crate::rng::{Latency, Ppm, Rng};
use crate::run::{Behaviour, Heal, Link};
use crate::settings::Settings;
use crate::sorted::SortedMap;
use crate::time::Span;
use serde::Serialize;
use std::sync::Arc;

/// The behaviour of messages on one direction of a link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LinkView {
    /// Distribution of the latency.
    pub latency: Latency,
    /// Probability of loss.
    pub loss: Ppm,
    /// Probability of duplication.
    pub duplicate: Ppm,
    /// Probability of a delay by up to four times the latency, which reorders messages.
    pub reorder: Ppm,
    /// Whether a statement set this link's latency: then it holds for messages of every kind.
    pub own_latency: bool,
}

impl LinkView {
    fn change(&mut self, to: &Behaviour) {
        if let Some(latency) = &to.latency {
            self.latency = latency.clone();
        }
        self.loss = to.loss.unwrap_or(self.loss);
        self.duplicate = to.duplicate.unwrap_or(self.duplicate);
        self.reorder = to.reorder.unwrap_or(self.reorder);
    }
}

/// All links of a cluster. Clones share their common parts.
#[derive(Clone, Debug, Serialize)]
pub struct Links {
    usual: LinkView,
    /// Directions that differ from the network's behaviour.
    changed: Arc<SortedMap<(Addr, Addr), LinkView>>,
    /// One bit per direction, by the dense numbers of its ends.
    cut: Arc<Vec<u64>>,
    any_cut: bool,
}

/// The fate of a message: latencies of the original and of its copy, and whether it is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fate {
    /// Its latency.
    pub latency: Span,
    /// The latency of its copy, if it is duplicated.
    pub double: Option<Span>,
    /// Whether chance loses it on the way.
    pub lost: bool,
}

fn bit(from: Addr, to: Addr) -> (usize, u64) {
    let n = from.dense() * Addr::DENSE + to.dense();
    (n / 64, 1 << (n % 64))
}

impl Links {
    /// Links as the settings have them, none cut.
    #[must_use]
    pub fn new(settings: &Settings) -> Self {
        let usual = LinkView {
            latency: settings.latency.clone(),
            loss: settings.loss,
            duplicate: settings.duplicate,
            reorder: settings.reorder,
            own_latency: false,
        };
        let words = (Addr::DENSE * Addr::DENSE).div_ceil(64);
        Self { usual, changed: Arc::default(), cut: Arc::new(vec![0; words]), any_cut: false }
    }

    /// Whether that direction is cut.
    #[must_use]
    pub fn is_cut(&self, from: Addr, to: Addr) -> bool {
        let (word, mask) = bit(from, to);
        self.any_cut && self.cut[word] & mask != 0
    }

    /// Whether any direction of any link is cut.
    #[must_use]
    pub fn any_cut(&self) -> bool {
        self.any_cut
    }

    /// Whether both are certainly equal: cuts and behaviours of single links are unchanged since
    /// one was cloned from the other.
    #[must_use]
    pub fn is_shared_with(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.cut, &other.cut) && Arc::ptr_eq(&self.changed, &other.changed)
    }

    /// The behaviour of one direction.
    #[must_use]
    pub fn behaviour(&self, from: Addr, to: Addr) -> &LinkView {
        if self.changed.is_empty() {
            return &self.usual;
        }
        self.changed.get(&(from, to)).unwrap_or(&self.usual)
    }

    /// Whether that direction behaves differently from the network.
    #[must_use]
    pub fn is_changed(&self, from: Addr, to: Addr) -> bool {
        self.changed.contains_key(&(from, to))
    }

    /// Draws the fate of a message. `own` is the latency of messages of its kind, where a setting
    /// gives one; a latency that a statement set for the link takes precedence.
    pub fn fate(&self, from: Addr, to: Addr, own: Option<&Latency>, rng: &mut Rng) -> Fate {
        let link = self.behaviour(from, to);
        let takes = own.filter(|_| !link.own_latency).unwrap_or(&link.latency);
        let mut latency = takes.draw(rng);
        if rng.chance(link.reorder) {
            latency = latency + Span::from_us(rng.between(0, 4 * latency.as_us()));
        }
        let lost = rng.chance(link.loss);
        let double = rng.chance(link.duplicate).then(|| takes.draw(rng));
        Fate { latency, double, lost }
    }

    /// Cuts one direction. False if it was cut already.
    fn cut_direction(&mut self, from: Addr, to: Addr) -> bool {
        let (word, mask) = bit(from, to);
        let fresh = self.cut[word] & mask == 0;
        if fresh {
            Arc::make_mut(&mut self.cut)[word] |= mask;
            self.any_cut = true;
        }
        fresh
    }

    /// Cuts a link, or one direction of it.
    pub fn cut(&mut self, link: Link) {
        self.cut_direction(link.from, link.to);
        if !link.one_way {
            self.cut_direction(link.to, link.from);
        }
    }

    /// Cuts every link of one end, both ways.
    pub fn isolate(&mut self, addr: Addr, others: impl Iterator<Item = Addr>) {
        for other in others.filter(|&o| o != addr) {
            self.cut(Link { from: addr, to: other, one_way: false });
        }
    }

    /// Cuts the links between groups.
    pub fn partition(&mut self, groups: &[Vec<Addr>]) {
        for (i, group) in groups.iter().enumerate() {
            for &from in group {
                for &to in groups[i + 1..].iter().flatten() {
                    self.cut(Link { from, to, one_way: false });
                }
            }
        }
    }

    /// Restores links, with the behaviour of the network.
    pub fn heal(&mut self, what: Heal) {
        match what {
            Heal::Everything => {
                self.changed = Arc::default();
                Arc::make_mut(&mut self.cut).fill(0);
            }
            Heal::Of(addr) => self.heal_where(|from, to| from == addr || to == addr),
            Heal::Link(l) => self.heal_where(|from, to| {
                (from, to) == (l.from, l.to) || !l.one_way && (to, from) == (l.from, l.to)
            }),
        }
        self.any_cut = self.cut.iter().any(|&w| w != 0);
    }

    fn heal_where(&mut self, healed: impl Fn(Addr, Addr) -> bool) {
        Arc::make_mut(&mut self.changed).retain(|&(from, to), _| !healed(from, to));
        let cut = Arc::make_mut(&mut self.cut);
        for (from, to) in directions() {
            if healed(from, to) {
                let (word, mask) = bit(from, to);
                cut[word] &= !mask;
            }
        }
    }

    /// Changes the behaviour of one link, or of one direction of it.
    pub fn change(&mut self, link: Link, to: &Behaviour) {
        let mut directions = vec![(link.from, link.to)];
        if !link.one_way {
            directions.push((link.to, link.from));
        }
        let changed = Arc::make_mut(&mut self.changed);
        for direction in directions {
            let view = changed.or_insert_with(direction, || self.usual.clone());
            view.change(to);
            view.own_latency |= to.latency.is_some();
        }
    }

    /// Changes the behaviour of every link.
    pub fn change_all(&mut self, to: &Behaviour) {
        self.usual.change(to);
        for view in Arc::make_mut(&mut self.changed).values_mut() {
            view.change(to);
        }
    }
}

/// Every direction between two addresses.
fn directions() -> impl Iterator<Item = (Addr, Addr)> {
    everyone().flat_map(|from| everyone().map(move |to| (from, to)))
}

fn everyone() -> impl Iterator<Item = Addr> {
    use crate::ids::{ClientId, MAX_CLIENTS, MAX_NODES, NodeId};
    let nodes = (1..=MAX_NODES).map(|n| Addr::Node(NodeId(n)));
    nodes.chain((1..=MAX_CLIENTS).map(|c| Addr::Client(ClientId(c)))).chain([Addr::Balancer])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::NodeId;
    use crate::settings::Preset;

    fn n(id: u16) -> Addr {
        NodeId(id).into()
    }

    #[test]
    fn a_partition_cuts_between_groups_only() {
        let mut links = Links::new(&Settings::of(Preset::Raft));
        links.partition(&[vec![n(1), n(2)], vec![n(3)]]);
        assert!(links.is_cut(n(1), n(3)) && links.is_cut(n(3), n(2)));
        assert!(!links.is_cut(n(1), n(2)) && !links.is_cut(n(4), n(1)));
        links.heal(Heal::Of(n(1)));
        assert!(!links.is_cut(n(1), n(3)) && links.is_cut(n(3), n(2)));
        links.heal(Heal::Link(Link { from: n(2), to: n(3), one_way: true }));
        assert!(!links.is_cut(n(2), n(3)) && links.is_cut(n(3), n(2)));
        links.heal(Heal::Everything);
        assert!(!links.any_cut());
    }

    #[test]
    fn a_changed_link_follows_the_network_in_what_the_network_changes() {
        let mut links = Links::new(&Settings::of(Preset::Raft));
        let loss = |ppm| Behaviour { loss: Some(Ppm(ppm)), ..Behaviour::default() };
        links.change(Link { from: n(1), to: n(2), one_way: true }, &loss(7));
        assert_eq!(links.behaviour(n(1), n(2)).loss, Ppm(7));
        assert_eq!(links.behaviour(n(2), n(1)).loss, Ppm(0));
        links.change_all(&loss(9));
        assert_eq!(links.behaviour(n(1), n(2)).loss, Ppm(9));
        assert_eq!(links.behaviour(n(4), n(5)).loss, Ppm(9));
    }
}
