//! Draws wires, and the elements that make them clickable.

use super::layout::Plan;
use crate::geometry::{Patch, Point, point};
use crate::px::{px, text};
use crate::scene::{BalancerScene, ClientScene, Cut, LinkScene};
use crate::still::{Drawn, keyed};
use quorumscope_core::ids::{Addr, NodeId};
use std::fmt::Write;
use std::rc::Rc;
use yew::prelude::*;

/// The input of the wires' drawing.
#[derive(PartialEq)]
pub struct Wires {
    /// The links.
    pub links: Rc<Vec<LinkScene>>,
    /// The places of the nodes.
    pub ground: Rc<Plan>,
}

impl Drawn for Wires {
    fn draw(&self) -> Html {
        let Self { links, ground: plan } = self;
        let mut paths = Paths::default();
        for link in links.iter() {
            if let Some((a, b)) = wire(plan, link.a, link.b) {
                paths.draw(link.cut, a, b);
            }
        }
        let Paths { whole, severed } = paths;
        let letter = letter();
        let note = |l: &LinkScene| {
            let (a, b) = wire(plan, l.a, l.b)?;
            let note = l.note.clone()?;
            let at = clearest(plan, a, b, note.chars().count() as f64 * letter / 2.0);
            let key = format!("{}-{}", l.a, l.b);
            Some(html! {
                <text {key} class="wire-note" x={text(at.x)} y={text(at.y)}>{ note }</text>
            })
        };
        html! {
            <g aria-hidden="true">
                <path class={classes!("wires", (links.len() > MANY).then_some("many"))} d={whole} />
                <path class="wires severed" d={severed} />
                <g>{ for links.iter().filter_map(note) }</g>
            </g>
        }
    }
}

/// The average width of a letter of a note, in pixels. Letters are larger on a wide page, by the
/// same rule as in the style sheet.
fn letter() -> f64 {
    let projected = crate::dom::prefers("(min-width: 1600px)");
    if projected { 10.2 } else { 7.6 }
}

/// The place of a note of half width `half`: above the wire, or beside it where nodes or the text
/// under them would be in the way.
fn clearest(plan: &Plan, a: Point, b: Point, half: f64) -> Point {
    let room = |p: Point| {
        let note = Patch::around(point(p.x, p.y - 4.0), half, 9.0);
        let edge = (p.x - half).min(plan.size.w - half - p.x) - plan.edge();
        plan.nodes().map(|q| plan.clear_of(note, q)).fold(CLEAR.min(edge), f64::min)
    };
    let along = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74].map(|part| a.toward(b, part));
    let above = along.map(|p| point(p.x, p.y - 7.0));
    let beside = |far: f64| {
        let at = move |p: Point| [1.0, -1.0].map(|s| point(p.x + s * (half + far), p.y + 4.0));
        along.into_iter().flat_map(at)
    };
    let all = above.into_iter().chain(BESIDE.into_iter().flat_map(beside));
    all.fold(above[0], |best, p| if room(p) > room(best) + 2.0 { p } else { best })
}

/// The distances from the wire at which notes beside it are tried, in pixels.
const BESIDE: [f64; 4] = [8.0, 32.0, 56.0, 80.0];
/// Beyond this distance from obstacles, in pixels, all places are equally good.
const CLEAR: f64 = 12.0;

/// Highlights the wires under a drawn line that have no elements of their own.
pub fn crossing(crossed: &[super::gesture::Wire], plan: &Plan) -> Html {
    let mut d = String::new();
    for (a, b) in crossed.iter().filter_map(|w| super::painter::ends(plan, w.a, w.b)) {
        line(&mut d, a, b);
    }
    html! { <path class="wires severed" {d} aria-hidden="true" /> }
}

/// The ends of a wire at the rims of its nodes.
fn wire(plan: &Plan, a: NodeId, b: NodeId) -> Option<(Point, Point)> {
    super::painter::ends(plan, a.into(), b.into())
}

fn line(d: &mut String, a: Point, b: Point) {
    let _ = write!(d, "M{} {}L{} {}", px(a.x), px(a.y), px(b.x), px(b.y));
}

/// The first part of a wire that is cut.
fn stub(d: &mut String, from: Point, to: Point) {
    line(d, from, from.toward(to, 0.36));
}

/// A wire that works only in the direction towards `from`.
fn one_way(severed: &mut String, whole: &mut String, from: Point, to: Point) {
    let middle = from.toward(to, 0.5);
    line(severed, from, from.toward(to, 0.42));
    line(whole, middle, to);
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    let length = dx.hypot(dy).max(1.0);
    let (nx, ny) = (-dy / length * 8.0, dx / length * 8.0);
    line(whole, point(middle.x + nx, middle.y + ny), point(middle.x - nx, middle.y - ny));
}

/// With more wires than this they are drawn thinner, because they would hide messages.
const MANY: usize = 66;

/// The input of the lines from clients and balancer to the nodes that they talk to.
#[derive(PartialEq)]
pub struct Talk {
    /// The clients.
    pub clients: Vec<ClientScene>,
    /// The balancer, if there is one.
    pub balancer: Option<BalancerScene>,
    /// The nodes.
    pub nodes: Vec<NodeId>,
    /// The layout of the stage.
    pub plan: Rc<Plan>,
}

impl Drawn for Talk {
    fn draw(&self) -> Html {
        let mut paths = Paths::default();
        for client in &self.clients {
            let written = if client.asks.is_empty() { 0.0 } else { WRITTEN * self.plan.scale() };
            let all = self.nodes.iter().map(|&n| Addr::from(n)).chain([Addr::Balancer]);
            for who in all.filter(|&who| client.talks_to(who)) {
                if let Some((from, to)) = super::painter::ends(&self.plan, client.id.into(), who) {
                    paths.draw(client.cut_from(who), below(from, to, written), to);
                }
            }
        }
        if let Some(balancer) = &self.balancer {
            for &node in &self.nodes {
                let ends = super::painter::ends(&self.plan, Addr::Balancer, node.into());
                let cut = if balancer.cut.contains(&node) { Cut::Both } else { Cut::None };
                ends.into_iter().for_each(|(from, to)| paths.draw(cut, from, to));
            }
        }
        html! {
            <g aria-hidden="true">
                <path class="wires talk" d={paths.whole} />
                <path class="wires severed" d={paths.severed} />
            </g>
        }
    }
}

/// The path data of wires that work and of wires that do not.
#[derive(Default)]
struct Paths {
    whole: String,
    severed: String,
}

impl Paths {
    /// Adds a wire. `Cut::Forth` is the direction from `a` to `b`.
    fn draw(&mut self, cut: Cut, a: Point, b: Point) {
        match cut {
            Cut::None => line(&mut self.whole, a, b),
            Cut::Both => {
                stub(&mut self.severed, a, b);
                stub(&mut self.severed, b, a);
            }
            Cut::Forth => one_way(&mut self.severed, &mut self.whole, a, b),
            Cut::Back => one_way(&mut self.severed, &mut self.whole, b, a),
        }
    }
}

/// The input of the clickable elements of all wires.
#[derive(PartialEq)]
pub struct Touchable {
    /// The links.
    pub links: Rc<Vec<LinkScene>>,
    /// The places of the nodes.
    pub ground: Rc<Plan>,
    /// The links that the line under the pointer crosses.
    pub crossed: Vec<(NodeId, NodeId)>,
}

impl Drawn for Touchable {
    fn draw(&self) -> Html {
        let one = |link: &LinkScene| {
            let ends = wire(&self.ground, link.a, link.b)?;
            let crossed = self.crossed.contains(&(link.a, link.b));
            let key = format!("{}-{}", link.a, link.b);
            Some(keyed(key, Link { link: link.clone(), ends, crossed }))
        };
        html! { <g>{ for self.links.iter().filter_map(one) }</g> }
    }
}

/// The height of the text under a client, below its rim, in pixels.
const WRITTEN: f64 = 36.0;

/// The start of a line from `from` to `to`, moved down if the line would run through the text below
/// `from`.
fn below(from: Point, to: Point, written: f64) -> Point {
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    if dy < written * 1.5 || dx.abs() > dy * 0.8 {
        return from;
    }
    from.toward(to, written / dy)
}

/// The clickable element of a wire.
#[derive(PartialEq)]
struct Link {
    link: LinkScene,
    ends: (Point, Point),
    /// True if the line under the pointer crosses it.
    crossed: bool,
}

impl Drawn for Link {
    fn draw(&self) -> Html {
        let Self { link, ends: (a, b), crossed } = self;
        let crossed = crossed.then_some("crossed");
        html! {
            <g class={classes!("link", crossed)} data-link={format!("{}-{}", link.a, link.b)}
                role="button" tabindex="0" aria-label={link.name()} aria-haspopup="menu">
                <line x1={text(a.x)} y1={text(a.y)} x2={text(b.x)} y2={text(b.y)} />
            </g>
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Size;
    use crate::stage::layout::Cast;

    /// Nodes that stand close together, one of them below the text under another.
    #[test]
    fn a_note_lies_on_nothing_that_is_written() {
        let nodes = (1..=9).map(NodeId).collect();
        let plan = Plan::new(Size { w: 1372.0, h: 490.0 }, &Cast { nodes, ..Cast::default() });
        for pair in [(3, 4), (7, 8)] {
            let (a, b) = wire(&plan, NodeId(pair.0), NodeId(pair.1)).expect("both stand there");
            let at = clearest(&plan, a, b, 76.0);
            let note = Patch::around(point(at.x, at.y - 4.0), 76.0, 9.0);
            for node in plan.nodes() {
                assert!(plan.clear_of(note, node) > 0.0, "{pair:?}: {at:?}");
            }
        }
    }
}
