//! Wires: what is seen of them, and what can be touched of them.

use super::layout::Plan;
use crate::geometry::{Point, point};
use crate::look::Fate;
use crate::px::{px, text};
use crate::scene::{ClientScene, Cut, LinkScene};
use crate::still::{Drawn, keyed};
use quorumscope_core::ids::{Addr, NodeId};
use std::fmt::Write;
use std::rc::Rc;
use yew::prelude::*;

/// What wires are drawn from.
#[derive(PartialEq)]
pub struct Wires {
    /// The links.
    pub links: Vec<LinkScene>,
    /// Where everybody stands.
    pub plan: Rc<Plan>,
}

impl Drawn for Wires {
    fn draw(&self) -> Html {
        let Self { links, plan } = self;
        let (mut whole, mut severed) = (String::new(), String::new());
        for link in links {
            let Some((a, b)) = wire(plan, link.a, link.b) else { continue };
            match link.cut {
                Cut::None => line(&mut whole, a, b),
                Cut::Both => {
                    stub(&mut severed, a, b);
                    stub(&mut severed, b, a);
                }
                Cut::Forth => one_way(&mut severed, &mut whole, a, b),
                Cut::Back => one_way(&mut severed, &mut whole, b, a),
            }
        }
        let note = |l: &LinkScene| {
            let (a, b) = wire(plan, l.a, l.b)?;
            let note = l.note.clone()?;
            let at = clearest(plan, a, b);
            let key = format!("{}-{}", l.a, l.b);
            Some(html! {
                <text {key} class="wire-note" x={text(at.x)} y={text(at.y - 7.0)}>{ note }</text>
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

/// The place along a wire where least is in the way of what is written there.
fn clearest(plan: &Plan, a: Point, b: Point) -> Point {
    let room = |p: Point| {
        // What is written under a node is wide.
        let gap = |q: Point| ((p.x - q.x) * 0.6).hypot(p.y - q.y - plan.radius * 0.5);
        plan.everyone().map(gap).fold(f64::MAX, f64::min)
    };
    let places = [0.5, 0.4, 0.6, 0.3, 0.7].map(|part| a.toward(b, part));
    places.into_iter().fold(places[0], |best, p| if room(p) > room(best) + 4.0 { p } else { best })
}

/// The wires that a drawn line crosses, where they are too many to be elements.
pub fn crossing(crossed: &[(NodeId, NodeId)], plan: &Plan) -> Html {
    let mut d = String::new();
    for (a, b) in crossed.iter().filter_map(|&(a, b)| wire(plan, a, b)) {
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

/// The beginning of a wire that leads nowhere.
fn stub(d: &mut String, from: Point, to: Point) {
    line(d, from, from.toward(to, 0.36));
}

/// A wire that works only towards `from`.
fn one_way(severed: &mut String, whole: &mut String, from: Point, to: Point) {
    let middle = from.toward(to, 0.5);
    line(severed, from, from.toward(to, 0.42));
    line(whole, middle, to);
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    let length = dx.hypot(dy).max(1.0);
    let (nx, ny) = (-dy / length * 8.0, dx / length * 8.0);
    line(whole, point(middle.x + nx, middle.y + ny), point(middle.x - nx, middle.y - ny));
}

/// More wires than that are drawn thinner: they would hide what flies.
const MANY: usize = 66;

/// What the lines from clients to those they talk to are drawn from.
#[derive(PartialEq)]
pub struct Talk {
    /// The clients.
    pub clients: Vec<ClientScene>,
    /// The nodes.
    pub nodes: Vec<NodeId>,
    /// Where everybody stands.
    pub plan: Rc<Plan>,
}

impl Drawn for Talk {
    fn draw(&self) -> Html {
        let plan = &self.plan;
        let mut d = String::new();
        for client in &self.clients {
            // A client that waits for nobody in particular coordinates for itself.
            let waits_for_all = client.fate == Some(Fate::Waiting) && client.with.is_none();
            let all = self.nodes.iter().map(|&n| Addr::from(n)).filter(|_| waits_for_all);
            for who in client.with.into_iter().chain(all) {
                if let Some((from, to)) = super::painter::ends(plan, client.id.into(), who) {
                    let written = if client.asks.is_empty() { 0.0 } else { WRITTEN * plan.scale() };
                    line(&mut d, below(from, to, written), to);
                }
            }
        }
        html! { <path class="wires talk" {d} aria-hidden="true" /> }
    }
}

/// How far what is written under a client reaches down from its rim, and to either side.
const WRITTEN: f64 = 36.0;

/// Where a line to somebody begins to be seen that would run through what is written below `from`.
fn below(from: Point, to: Point, written: f64) -> Point {
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    if dy < written * 1.5 || dx.abs() > dy * 0.8 {
        return from;
    }
    from.toward(to, written / dy)
}

/// What can be touched of a wire.
#[derive(PartialEq)]
pub struct Link {
    /// The link.
    pub link: LinkScene,
    /// Where everybody stands.
    pub plan: Rc<Plan>,
    /// Whether a line is just being drawn across it.
    pub crossed: bool,
}

impl Drawn for Link {
    fn draw(&self) -> Html {
        let Self { link, plan, crossed } = self;
        let Some((a, b)) = wire(plan, link.a, link.b) else { return html! { <g /> } };
        let crossed = crossed.then_some("crossed");
        html! {
            <g class={classes!("link", crossed)} data-link={format!("{}-{}", link.a, link.b)}
                role="button" tabindex="0" aria-label={link.name()} aria-haspopup="menu">
                <line x1={text(a.x)} y1={text(a.y)} x2={text(b.x)} y2={text(b.y)} />
            </g>
        }
    }
}

/// The links that can be touched.
pub fn touchable(links: &[LinkScene], plan: &Rc<Plan>, crossed: &[(NodeId, NodeId)]) -> Html {
    let one = |l: &LinkScene| {
        let key = format!("{}-{}", l.a, l.b);
        let crossed = crossed.contains(&(l.a, l.b));
        keyed(key, Link { link: l.clone(), plan: Rc::clone(plan), crossed })
    };
    html! { <g>{ for links.iter().map(one) }</g> }
}
