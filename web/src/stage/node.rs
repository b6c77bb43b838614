//! A node: role by shape, letter and colour, its log in cells, what it holds.

use super::painter::hue;
use crate::geometry::Point;
use crate::scene::{Cell, NodeScene};
use quorumscope_core::protocol::Role;
use quorumscope_core::world::Status;
use yew::prelude::*;

/// What a node is drawn from.
#[derive(PartialEq, Properties)]
pub struct NodeProps {
    /// What there is to see of it.
    pub node: NodeScene,
    /// Where it stands.
    pub at: Point,
    /// Its radius.
    pub radius: f64,
    /// Whether there is no room for more than its name.
    pub compact: bool,
    /// Whether the panels show it.
    pub chosen: bool,
}

/// Draws one node.
#[component]
pub fn Node(props: &NodeProps) -> Html {
    let NodeProps { node, at, radius, compact, chosen } = props;
    let r = *radius;
    let class = classes!(
        "node",
        "eases",
        format!("t{}", node.term.map_or(0, hue)),
        node.role.map(Role::name),
        node.status.name(),
        chosen.then_some("chosen"),
    );
    let style = format!("transform:translate({:.1}px,{:.1}px);--r:{r:.1}px", at.x, at.y);
    html! {
        <g {class} {style} data-node={node.id.to_string()} role="button" tabindex="0"
            aria-label={node.name()} aria-haspopup="menu">
            <circle class="ground" r={px(r)} />
            { glyph(node, r) }
            { words(node, r, *compact) }
            if !compact {
                { log(node, r) }
            }
            <circle class="halo" r={px(r * 1.16 + 6.0)} />
        </g>
    }
}

fn px(length: f64) -> String {
    format!("{length:.1}")
}

/// The role by shape.
fn glyph(node: &NodeScene, r: f64) -> Html {
    let ring = html! { <circle class="ring" r={px(r)} /> };
    if node.status == Status::Crashed {
        let d = r * 0.72;
        let cross = format!("M{:.1} {:.1}L{d:.1} {d:.1}M{d:.1} {:.1}L{:.1} {d:.1}", -d, -d, -d, -d);
        return html! { <>{ ring }<path class="cross" d={cross} /></> };
    }
    let bars = (node.status == Status::Paused).then(|| {
        let (x, y) = (r * 0.16, r * 0.8);
        let d = format!("M{:.1} {:.1}V{:.1}M{x:.1} {:.1}V{:.1}", -x, -y, -y * 0.5, -y, -y * 0.5);
        html! { <path class="bars" {d} /> }
    });
    let body = match node.role {
        Some(Role::Leader) => html! {
            <><circle class="disc" r={px(r)} /><path class="crown" d={crown(r)} /></>
        },
        Some(Role::Replica) => html! {
            <>{ ring }<circle class="inner" r={px(r * 0.88)} /></>
        },
        _ => ring,
    };
    html! { <>{ body }{ for bars }</> }
}

/// A crown that floats above the disc.
fn crown(r: f64) -> String {
    let (w, h, base) = (r * 0.32, r * 0.32, -r * 1.22);
    format!(
        "M{:.1} {base:.1}L{:.1} {:.1}L{:.1} {:.1}L0 {:.1}L{:.1} {:.1}L{:.1} {:.1}L{w:.1} {base:.1}Z",
        -w,
        -w * 1.3,
        base - h,
        -w * 0.62,
        base - h * 0.45,
        base - h,
        w * 0.62,
        base - h * 0.45,
        w * 1.3,
        base - h,
    )
}

fn words(node: &NodeScene, r: f64, compact: bool) -> Html {
    let name = html! {
        <text class="name" y={px(if compact { r * 0.16 } else { r * 0.02 })}>{ node.id.to_string() }</text>
    };
    if compact {
        return name;
    }
    let role = match (node.status, node.role, node.term) {
        (Status::Crashed, ..) => "crashed".to_owned(),
        (Status::Paused, ..) => "paused".to_owned(),
        (_, Some(role), Some(term)) => format!("{} {term}", role.name()),
        (_, Some(role), None) => role.name().to_owned(),
        (_, None, _) => String::new(),
    };
    html! { <>{ name }<text class="role" y={px(r * 0.42)}>{ role }</text></> }
}

/// The end of the log in cells: filled is committed, dashed is not, colour is the entry's term.
fn log(node: &NodeScene, r: f64) -> Html {
    let (w, h, gap) = (r * 0.36, r * 0.27, r * 0.07);
    let count = node.cells.len() as f64;
    let left = -(count * (w + gap) - gap) / 2.0;
    let y = r * 1.36;
    let cell = |(i, c): (usize, &Cell)| {
        let x = left + i as f64 * (w + gap);
        let committed = c.committed.then_some("committed");
        html! {
            <rect key={c.index} class={classes!("cell", format!("t{}", hue(c.term)), committed)}
                x={px(x)} y={px(y)} width={px(w)} height={px(h)} rx={px(r * 0.06)} />
        }
    };
    let holds_x = if node.cells.is_empty() { 0.0 } else { left + count * (w + gap) + 5.0 };
    let centred = node.cells.is_empty().then_some("text-anchor:middle!important");
    html! {
        <>
            if node.hidden > 0 {
                <text class="hidden-cells" x={px(left - 4.0)} y={px(y + h)}>{ format!("+{}", node.hidden) }</text>
            }
            <g>{ for node.cells.iter().enumerate().map(cell) }</g>
            <text class="held" style={centred} x={px(holds_x)} y={px(y + h)}>{ node.holds.clone() }</text>
        </>
    }
}
