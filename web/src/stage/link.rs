//! Wires: what is seen of them, and what can be touched of them.

use super::layout::Plan;
use super::painter::rim;
use crate::geometry::Point;
use crate::scene::{ClientScene, Cut, LinkScene, Scene};
use quorumscope_core::ids::NodeId;
use std::fmt::Write;
use std::rc::Rc;
use yew::prelude::*;

/// What wires are drawn from.
#[derive(PartialEq, Properties)]
pub struct WiresProps {
    /// The links.
    pub links: Vec<LinkScene>,
    /// Where everybody stands.
    pub plan: Rc<Plan>,
}

/// All wires between nodes: three paths and a few notes. Those that are cut end before they arrive.
#[component]
pub fn Wires(props: &WiresProps) -> Html {
    let WiresProps { links, plan } = props;
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
        let text = l.note.clone()?;
        let at = a.toward(b, 0.5);
        let key = format!("{}-{}", l.a, l.b);
        Some(html! {
            <text {key} class="wire-note" x={at.x.to_string()} y={(at.y - 7.0).to_string()}>{ text }</text>
        })
    };
    html! {
        <g aria-hidden="true">
            <path class="wires" d={whole} />
            <path class="wires severed" d={severed} />
            <g>{ for links.iter().filter_map(note) }</g>
        </g>
    }
}

/// The ends of a wire at the rims of its nodes.
fn wire(plan: &Plan, a: NodeId, b: NodeId) -> Option<(Point, Point)> {
    super::painter::ends(plan, a.into(), b.into())
}

fn line(d: &mut String, a: Point, b: Point) {
    let _ = write!(d, "M{:.1} {:.1}L{:.1} {:.1}", a.x, a.y, b.x, b.y);
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
    let _ = write!(
        whole,
        "M{:.1} {:.1}L{:.1} {:.1}",
        middle.x + nx,
        middle.y + ny,
        middle.x - nx,
        middle.y - ny
    );
}

/// What the lines from clients to those they talk to are drawn from.
#[derive(PartialEq, Properties)]
pub struct TalkProps {
    /// The clients.
    pub clients: Vec<ClientScene>,
    /// Where everybody stands.
    pub plan: Rc<Plan>,
}

/// The lines from clients to those they talk to.
#[component]
pub fn Talk(props: &TalkProps) -> Html {
    let plan = &props.plan;
    let mut d = String::new();
    for client in &props.clients {
        let with = client.with.and_then(|w| Some((w, plan.place(w)?)));
        if let (Some(from), Some((who, to))) = (plan.place(client.id.into()), with) {
            line(&mut d, from.step(to, 30.0), to.step(from, rim(plan, who)));
        }
    }
    html! { <path class="wires talk" {d} aria-hidden="true" /> }
}

/// What can be touched of a wire.
#[derive(PartialEq, Properties)]
pub struct LinkProps {
    /// The link.
    pub link: LinkScene,
    /// Where everybody stands.
    pub plan: Rc<Plan>,
    /// Whether a line is just being drawn across it.
    pub crossed: bool,
}

/// A wire to click and to reach by the keyboard. It lies above the nodes, but not on them.
#[component]
pub fn Link(props: &LinkProps) -> Html {
    let LinkProps { link, plan, crossed } = props;
    let Some((a, b)) = wire(plan, link.a, link.b) else { return html! { <g /> } };
    let crossed = crossed.then_some("crossed");
    html! {
        <g class={classes!("link", crossed)} data-link={format!("{}-{}", link.a, link.b)}
            role="button" tabindex="0" aria-label={link.name()} aria-haspopup="menu">
            <line x1={px(a.x)} y1={px(a.y)} x2={px(b.x)} y2={px(b.y)} />
        </g>
    }
}

fn px(length: f64) -> String {
    format!("{length:.1}")
}

/// The links of a scene that can be touched.
#[must_use]
pub fn touchable(scene: &Scene, plan: &Rc<Plan>, crossed: &[(NodeId, NodeId)]) -> Html {
    let one = |l: &LinkScene| {
        let key = format!("{}-{}", l.a, l.b);
        let crossed = crossed.contains(&(l.a, l.b));
        html! { <Link {key} link={l.clone()} plan={Rc::clone(plan)} {crossed} /> }
    };
    html! { <g>{ for scene.links.iter().map(one) }</g> }
}
