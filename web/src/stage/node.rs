//! Draws a node: its role as shape, word and colour, its log as cells, and the values that it
//! holds.

use super::mark::marks;
use crate::geometry::Point;
use crate::look::{AT_FAULT, Figure, being, sign};
use crate::px::{px, text};
use crate::scene::{Cell, Held, NodeScene};
use crate::still::Drawn;
use quorumscope_core::protocol::Mark;
use quorumscope_core::world::Status;
use yew::prelude::*;

/// The input of a node's drawing.
#[derive(PartialEq)]
pub struct Node {
    /// The state of the node.
    pub node: NodeScene,
    /// The centre, in pixels of the stage.
    pub at: Point,
    /// The radius, in pixels.
    pub radius: f64,
    /// True if there is room for its name only.
    pub compact: bool,
    /// True if its name is written.
    pub named: bool,
    /// True if the panels show it.
    pub chosen: bool,
    /// True if it is at fault in a violation.
    pub blamed: bool,
    /// The side on which there is no room for the text under it.
    pub side: Side,
    /// True if it stands so near the right edge that its marks do not fit beside it.
    pub inward: bool,
}

/// A side of the stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The left.
    Left,
    /// Neither.
    Middle,
    /// The right.
    Right,
}

impl Drawn for Node {
    fn draw(&self) -> Html {
        let Self { node, at, radius, compact, named, chosen, blamed, side, inward } = self;
        let r = *radius;
        let figure = node.role.map(Figure::of);
        let class = classes!(
            "node",
            "eases",
            node.tint.class(),
            figure.map(Figure::class),
            node.status.name(),
            chosen.then_some("chosen"),
            blamed.then_some(AT_FAULT),
        );
        let (x, y, length) = (px(at.x), px(at.y), px(r));
        let style = format!("transform:translate({x}px,{y}px);--r:{length}px");
        let written = class.clone();
        html! {
            <>
                <g {class} ~style={style.clone()} data-node={node.id.to_string()} role="button" tabindex="0"
                    aria-label={blameable(node.name(), *blamed)} aria-haspopup="menu">
                    <circle class="ground" r={text(r)} />
                    { glyph(node.status, figure, r) }
                    if *named {
                        { name(node, r, *compact) }
                    }
                    <circle class="halo" r={text(r * 1.16 + 6.0)} />
                    { for blamed.then(|| badge(r * 0.86, -r * 0.86, "!")) }
                </g>
                // The button's name says this in full. Text inside of the button would have to be
                // part of its name, word for word, for people who control the page by voice.
                <g class={classes!("beside", written)} ~style={style} aria-hidden="true">
                    if *named {
                        { role(node, r, *compact) }
                    }
                    if !compact {
                        { log(node, r, *side) }
                    }
                    { marks(node, r, *compact || r < TINY, *inward, usize::from(*blamed)) }
                </g>
            </>
        }
    }
}

/// A name, with a note if a judge found a fault.
pub fn blameable(name: String, blamed: bool) -> String {
    if blamed { name + ", at fault in a violation" } else { name }
}

/// The badge of a node or client at fault in a violation.
pub fn badge(x: f64, y: f64, said: &str) -> Html {
    let half = said.chars().count() as f64 * 3.6 + 7.0;
    html! {
        <g class="badge" transform={format!("translate({} {})", px(x), px(y))} aria-hidden="true">
            <title>{ "At fault in a violation: the verdicts say in which, and why" }</title>
            <rect x={text(-half)} y="-10" width={text(2.0 * half)} height="20" rx="10" /><text y="4.5">{ said }</text>
        </g>
    }
}

/// The shape of a node, by its status and role.
pub fn glyph(status: Status, figure: Option<Figure>, r: f64) -> Html {
    let ring = html! { <circle class="ring" r={text(r)} /> };
    if status == Status::Crashed {
        let (far, near) = (px(r * 0.72), px(-r * 0.72));
        let cross = format!("M{near} {near}L{far} {far}M{far} {near}L{near} {far}");
        return html! { <>{ ring }<path class="cross" d={cross} /></> };
    }
    let bars = (status == Status::Paused).then(|| {
        let (x, left, top, foot) = (px(r * 0.16), px(-r * 0.16), px(-r * 0.84), px(-r * 0.56));
        html! { <path class="bars" d={format!("M{left} {top}V{foot}M{x} {top}V{foot}")} /> }
    });
    let body = match figure {
        Some(Figure::Leads) => html! {
            <><circle class="disc" r={text(r)} /><path class="crown" d={sign::CROWN} transform={format!("scale({})", r / 100.0)} /></>
        },
        Some(Figure::Equal) => html! {
            <>{ ring }<circle class="inner" r={text(r - (r * 0.12).max(3.4))} /></>
        },
        _ => ring,
    };
    html! { <>{ body }{ for bars }</> }
}

/// The y of a node's name and of its role, in pixels from its centre.
fn lines(r: f64, compact: bool) -> (f64, f64) {
    // Where letters cannot be smaller, lines are farther apart.
    match r {
        _ if compact || r < TINY => (r * 0.16, 0.0),
        r if r < SMALL => (r * -0.06, r * 0.44),
        _ => (r * 0.02, r * 0.42),
    }
}

fn name(node: &NodeScene, r: f64, compact: bool) -> Html {
    html! { <text class="name" y={text(lines(r, compact).0)}>{ node.id.to_string() }</text> }
}

fn role(node: &NodeScene, r: f64, compact: bool) -> Html {
    if compact || r < TINY {
        return html! {};
    }
    let term = node.term.filter(|_| r >= SMALL);
    let role = being(node.status, node.role, term);
    html! { <text class="role" y={text(lines(r, compact).1)}>{ role }</text> }
}

/// A node with a smaller radius, in pixels, has no room for its term, and shows less of its log.
const SMALL: f64 = 36.0;
/// A node with a smaller radius, in pixels, has room for its name only.
const TINY: f64 = 24.0;
/// The number of log entries that a small node shows.
const FEW: usize = 3;
/// A node with a smaller radius, in pixels, shows one key, and not two.
pub const CLOSE: f64 = 40.0;
/// The font size of text under a node, as a fraction of its radius, and its least size in pixels.
const TYPE: f64 = 0.28;
const LEAST_TYPE: f64 = 13.0;
/// The average width of a letter and of a digit, as fractions of the font size.
const LETTER: f64 = 0.51;
const DIGIT: f64 = 0.64;
/// The reach of text under a node on the side without room, as a multiple of the node's radius.
pub const OUT: f64 = 1.25;

/// The last entries of the log as cells: filled if committed, dashed if not, in the colour of the
/// entry's term. The values that the node holds stand beside them.
fn log(node: &NodeScene, r: f64, side: Side) -> Html {
    let (w, h, gap) = (r * 0.34, r * 0.27, r * 0.06);
    let excess = if r < SMALL { node.cells.len().saturating_sub(FEW) } else { 0 };
    let (shown, hidden) = (&node.cells[excess..], node.hidden + excess as u32);
    // The number of hidden entries is shown where there is room.
    let earlier = if r < SMALL { "\u{2026}".to_owned() } else { format!("+{hidden}") };
    let cells = shown.len() as f64 * (w + gap);
    let size = (r * TYPE).max(LEAST_TYPE);
    let before = match hidden {
        0 => 0.0,
        _ if r < SMALL => 14.0,
        _ => earlier.chars().count() as f64 * size * DIGIT + size * 0.5,
    };
    let snapshot = node.marks.iter().any(|mark| matches!(mark, Mark::Snapshot(_)));
    let letters = |held: &Held| held.text.chars().count() + 1 + usize::from(held.disputed);
    // Disputed keys come first. Where nodes stand close together, one of them is enough.
    let keys = &node.holds[..node.holds.len().min(if r < CLOSE { 1 } else { usize::MAX })];
    let holds = keys.iter().map(letters).sum::<usize>() as f64 * size * LETTER;
    let whole = before + cells + holds;
    let left = match side {
        Side::Left => (-whole / 2.0).max(-r * OUT),
        Side::Middle => -whole / 2.0,
        Side::Right => (-whole / 2.0).min(r * OUT - whole),
    };
    // The bounding box stays centred on the disc, whichever side the text reaches out to: programs
    // that click on an element click on the centre of its box.
    let reach = (-left).max(left + whole) + r * 0.3;
    let (y, foot) = (r * 1.36, r * 1.36 + h * 0.9);
    let cell = |(i, c): (usize, &Cell)| {
        let x = left + before + i as f64 * (w + gap);
        let committed = c.committed.then_some("committed");
        html! {
            <rect key={c.index} class={classes!("cell", c.hue.class(), committed)}
                x={text(x)} y={text(y)} width={text(w)} height={text(h)} rx={text(r * 0.06)} />
        }
    };
    html! {
        <>
            <path class="reach" d={format!("M{} {}H{}", px(-reach), px(y), px(reach))} />
            if snapshot {
                <rect class="snapshot" x={text(left - 3.0)} y={text(y - 1.0)} width={text(before)} height={text(h + 2.0)} rx="3" />
            }
            if hidden > 0 {
                <text class="held" x={text(left)} y={text(foot)}>{ earlier }</text>
            }
            <g>{ for shown.iter().enumerate().map(cell) }</g>
            <text class="held" x={text(left + before + cells + 3.0)} y={text(foot)}>{ for keys.iter().enumerate().map(held) }</text>
        </>
    }
}

/// A key and its value. A value that differs from another node's is marked.
pub fn held((i, held): (usize, &Held)) -> Html {
    let (mark, class) = if held.disputed { ("≠", "disputed") } else { ("", "agreed") };
    html! { <tspan key={i} {class} dx={if i > 0 { "6" } else { "0" }}>{ format!("{mark}{}", held.text) }</tspan> }
}
