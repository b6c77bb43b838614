//! The consistent-hash ring of a sharded store, drawn between its nodes: the circle of 64-bit
//! numbers clockwise from the top, the virtual nodes on it, and the keys at their hashes.
//!
//! The arc that leads to a virtual node belongs to it and has its node's colour. Lines to the nodes
//! that hold a key are shown while the key is hovered or focused.

use super::painter::rim;
use crate::geometry::{Point, point};
use crate::look::Hue;
use crate::px::{px, text};
use crate::stage::layout::{Hub, Plan};
use crate::still::Drawn;
use quorumscope_core::hash_ring::{HashRing, position};
use quorumscope_core::ids::NodeId;
use quorumscope_core::protocol::NodeView;
use quorumscope_core::settings::Preset;
use quorumscope_core::store::Word;
use quorumscope_core::world::World;
use std::f64::consts::{FRAC_PI_2, TAU};
use std::fmt::Write;
use std::rc::Rc;
use yew::prelude::*;

/// The largest number of keys on a ring.
const MOST_KEYS: usize = 12;
/// The least radius of a ring that is drawn, in pixels.
const LEAST_RADIUS: f64 = 34.0;
/// On a smaller circle, in pixels, a key's name is shown only while the key is hovered.
const NAMES_FROM: f64 = 74.0;
/// The length of a tick to either side of the circle, in pixels.
const TICK: f64 = 6.0;
/// Names of keys that are nearer to each other, in pixels, stand in two rows.
const LETTERS: f64 = 20.0;

/// The data of a ring's drawing.
#[derive(Clone, Debug, PartialEq)]
pub struct RingScene {
    ring: HashRing,
    /// Sorted by place, clockwise from the top.
    keys: Vec<KeyScene>,
}

/// A key on a ring.
#[derive(Clone, Debug, PartialEq)]
struct KeyScene {
    key: Word,
    at: u64,
    /// The key's owner, then the nodes that hold its copies.
    homes: Vec<NodeId>,
}

impl RingScene {
    /// The ring of the members, and the keys that any node holds. None for systems without a ring.
    #[must_use]
    pub fn of<'a>(world: &World, views: impl Iterator<Item = &'a NodeView>) -> Option<Self> {
        if world.preset() != Preset::Ring {
            return None;
        }
        let settings = world.settings();
        let members = world.members().iter().copied();
        let ring = HashRing::new(members, settings.ring.vnodes);
        let replicas = usize::from(settings.ring.replicas);
        let on_ring = |key: Word| KeyScene {
            at: position(key.as_bytes()),
            homes: ring.preference(&key).take(replicas).collect(),
            key,
        };
        let mut keys: Vec<_> = first_keys(views).into_iter().map(on_ring).collect();
        quorumscope_core::order::by(&mut keys, |a, b| a.at.cmp(&b.at));
        Some(Self { ring, keys })
    }
}

/// The first keys in alphabetical order that any node holds, each once.
fn first_keys<'a>(views: impl Iterator<Item = &'a NodeView>) -> Vec<Word> {
    let mut keys: Vec<Word> = Vec::new();
    for (key, _) in views.flat_map(|view| &view.data) {
        if let Err(place) = keys.binary_search(key)
            && place < MOST_KEYS
        {
            keys.insert(place, key.clone());
            keys.truncate(MOST_KEYS);
        }
    }
    keys
}

/// The circle on a stage.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Circle {
    centre: Point,
    radius: f64,
}

impl Circle {
    /// The largest circle that fits between the nodes.
    fn inside(plan: &Plan, nodes: &[NodeId]) -> Option<Self> {
        let Hub { centre, radius } = plan.hub(nodes);
        let radius = radius - TICK - 4.0;
        (radius >= LEAST_RADIUS).then_some(Self { centre, radius })
    }

    /// The place of a number on the circle, moved `out` pixels outward.
    fn place(&self, at: u64, out: f64) -> Point {
        let (sin, cos) = angle(at).sin_cos();
        let r = self.radius + out;
        point(self.centre.x + r * cos, self.centre.y + r * sin)
    }
}

/// The angle of a number, clockwise from the right, in radians. The number 0 is at the top.
fn angle(at: u64) -> f64 {
    at as f64 / 2f64.powi(64) * TAU - FRAC_PI_2
}

/// The input of the circle's drawing, with its virtual nodes.
#[derive(PartialEq)]
pub struct Band {
    /// The ring.
    pub ring: Rc<RingScene>,
    /// The layout of the stage.
    pub plan: Rc<Plan>,
    /// The node whose places stand out.
    pub chosen: Option<NodeId>,
}

impl Drawn for Band {
    fn draw(&self) -> Html {
        let members = self.ring.ring.members();
        let Some(circle) = Circle::inside(&self.plan, members) else { return html! { <g /> } };
        let one = |&node: &NodeId| {
            let (arcs, ticks) = places(&self.ring.ring, node, circle);
            let chosen = (self.chosen == Some(node)).then_some("chosen");
            html! {
                <g key={node.0} class={classes!("places", Hue::own(node).class(), chosen)}>
                    <path class="arcs" d={arcs} /><path class="ticks" d={ticks} />
                </g>
            }
        };
        html! {
            <g class="hash-ring" role="img" aria-label={self.name()}>
                <circle cx={text(circle.centre.x)} cy={text(circle.centre.y)} r={text(circle.radius)} />
                { for members.iter().map(one) }
            </g>
        }
    }
}

impl Band {
    fn name(&self) -> String {
        let ring = &self.ring.ring;
        let (nodes, each) = (ring.members().len(), ring.vnodes());
        format!("consistent-hash ring of {nodes} nodes, {each} virtual nodes each")
    }
}

/// The arcs that belong to one node, and the ticks of its virtual nodes, as path data.
fn places(ring: &HashRing, node: NodeId, circle: Circle) -> (String, String) {
    let (mut arcs, mut ticks) = (String::new(), String::new());
    let all = ring.places();
    let before = all.iter().cycle().skip(all.len().saturating_sub(1));
    for (&(from, _), &(to, _)) in before.zip(all).filter(|(_, (_, owner))| *owner == node) {
        arc(&mut arcs, circle, from, to);
        let (near, far) = (circle.place(to, -TICK), circle.place(to, TICK));
        // Writing to a string cannot fail.
        let _ = write!(ticks, "M{} {}L{} {}", px(near.x), px(near.y), px(far.x), px(far.y));
    }
    (arcs, ticks)
}

/// The arc clockwise from one number to another.
fn arc(d: &mut String, circle: Circle, from: u64, to: u64) {
    let (a, b) = (circle.place(from, 0.0), circle.place(to, 0.0));
    let large = u8::from(to.wrapping_sub(from) > u64::MAX / 2);
    let r = px(circle.radius);
    let _ = write!(d, "M{} {}A{r} {r} 0 {large} 1 {} {}", px(a.x), px(a.y), px(b.x), px(b.y));
}

/// The input of the keys' drawing.
#[derive(PartialEq)]
pub struct Keys {
    /// The ring.
    pub ring: Rc<RingScene>,
    /// The layout of the stage.
    pub plan: Rc<Plan>,
}

impl Drawn for Keys {
    fn draw(&self) -> Html {
        let members = self.ring.ring.members();
        let Some(circle) = Circle::inside(&self.plan, members) else { return html! { <g /> } };
        let mut last: Option<(Point, f64)> = None;
        let one = |key: &KeyScene| {
            let at = circle.place(key.at, 0.0);
            // Names that would overlap alternate between two rows.
            let close = last.is_some_and(|(p, row)| row > -20.0 && p.distance(at) < LETTERS);
            let row = if close { -28.0 } else { -15.0 };
            last = Some((at, row));
            self.key(key, circle, row)
        };
        let small = (circle.radius < NAMES_FROM).then_some("small");
        html! { <g class={classes!("ring-keys", small)} role="group" aria-label="Keys on the ring">{ for self.ring.keys.iter().map(one) }</g> }
    }
}

impl Keys {
    fn key(&self, key: &KeyScene, circle: Circle, row: f64) -> Html {
        let (at, label) = (circle.place(key.at, 0.0), circle.place(key.at, row));
        let tip = point(circle.centre.x, circle.centre.y + circle.radius * 0.62);
        let hue = key.homes.first().map_or(Hue::NONE, |&owner| Hue::own(owner));
        html! {
            <g key={&*key.key} class={classes!("ring-key", hue.class())} role="img" tabindex="0"
                aria-label={format!("key {}", said(key))}>
                { for key.homes.iter().enumerate().map(|(i, &home)| self.home(at, home, i == 0)) }
                <circle class="hit" cx={text(at.x)} cy={text(at.y)} r="13" />
                <circle class="dot" cx={text(at.x)} cy={text(at.y)} r="4.5" />
                <text class="letters" x={text(label.x)} y={text(label.y + 4.0)}>{ &*key.key }</text>
                <text class="tip" x={text(tip.x)} y={text(tip.y)}>{ said(key) }</text>
            </g>
        }
    }

    /// The line from a key to one of its nodes.
    fn home(&self, from: Point, node: NodeId, owner: bool) -> Html {
        let Some(at) = self.plan.place(node.into()) else { return html! { <path key={node.0} /> } };
        let to = at.step(from, rim(&self.plan, node.into()));
        let d = format!("M{} {}L{} {}", px(from.x), px(from.y), px(to.x), px(to.y));
        let class = if owner { "home owner" } else { "home copy" };
        html! { <path key={node.0} {class} {d} /> }
    }
}

/// `x: owner n3, copies n1 n4`.
fn said(key: &KeyScene) -> String {
    let name = &key.key;
    let Some((owner, copies)) = key.homes.split_first() else { return name.to_string() };
    let mut text = format!("{name}: owner {owner}");
    if !copies.is_empty() {
        let names: Vec<_> = copies.iter().map(ToString::to_string).collect();
        let _ = write!(text, ", copies {}", names.join(" "));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Size;
    use crate::stage::layout::Cast;

    const CIRCLE: Circle = Circle { centre: Point { x: 100.0, y: 100.0 }, radius: 50.0 };

    #[test]
    fn numbers_go_clockwise_from_the_top() {
        let near = |p: Point, x, y| p.distance(point(x, y)) < 1e-6;
        assert!(near(CIRCLE.place(0, 0.0), 100.0, 50.0));
        assert!(near(CIRCLE.place(1 << 62, 0.0), 150.0, 100.0));
        assert!(near(CIRCLE.place(1 << 63, 10.0), 100.0, 160.0));
    }

    #[test]
    fn every_virtual_node_has_its_way_and_its_tick() {
        let ring = HashRing::new((1..=3).map(NodeId), 4);
        for node in (1..=3).map(NodeId) {
            let (arcs, ticks) = places(&ring, node, CIRCLE);
            assert_eq!((arcs.matches('A').count(), ticks.matches('L').count()), (4, 4));
        }
        let alone = HashRing::new([NodeId(1)], 1);
        assert_eq!(places(&alone, NodeId(1), CIRCLE).1.matches('L').count(), 1);
    }

    #[test]
    fn the_circle_keeps_off_the_nodes() {
        for nodes in [2, 3, 5, 9] {
            let nodes: Vec<_> = (1..=nodes).map(NodeId).collect();
            let cast = Cast { nodes: nodes.clone(), ..Cast::default() };
            let plan = Plan::new(Size { w: 916.0, h: 560.0 }, &cast);
            let circle = Circle::inside(&plan, &nodes).expect("there is room");
            for place in plan.places(&nodes) {
                assert!(place.distance(circle.centre) > circle.radius + plan.radius, "{circle:?}");
            }
        }
    }

    #[test]
    fn a_key_says_where_it_lives() {
        let homes = vec![NodeId(3), NodeId(1), NodeId(4)];
        let key = KeyScene { key: "x".into(), at: 0, homes };
        assert_eq!(said(&key), "x: owner n3, copies n1 n4");
    }
}
