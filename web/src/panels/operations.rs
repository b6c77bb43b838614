//! What clients asked and what they were told: lanes along time, and a list.

use crate::panels::capital;
use crate::px::{px, text};
use crate::scene::{Mood, ended};
use crate::still::Drawn;
use crate::transport::scale;
use quorumscope_core::client::Operation;
use quorumscope_core::ids::{ClientId, OperationId};
use quorumscope_core::time::{Span, Time};
use quorumscope_core::view::ClusterVerdict;
use quorumscope_core::why::Question;
use quorumscope_core::world::World;
use std::rc::Rc;
use yew::prelude::*;

/// The most operations in the list.
const LISTED: usize = 60;
/// The most operations in a lane.
const DRAWN: usize = 200;
/// The width of the lanes in their own measure, and the height of one.
const LANE: (f64, f64) = (330.0, 26.0);
/// Room for the names of the clients.
const NAMES: f64 = 28.0;

/// An operation as the panel shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    id: u32,
    client: ClientId,
    asks: String,
    gets: String,
    mood: Mood,
    from: Time,
    to: Option<Time>,
}

impl Row {
    fn of(op: &Operation) -> Self {
        let (gets, mood) = ended(op);
        Self {
            id: op.id.0,
            client: op.client,
            asks: op.request.to_string(),
            gets,
            mood,
            from: op.invoked,
            to: op.end.as_ref().map(|e| e.at),
        }
    }
}

/// What clients asked so far, the last of it, oldest first.
#[must_use]
pub fn rows(world: &World) -> Vec<Row> {
    let all = world.operations();
    all.iter().skip(all.len().saturating_sub(DRAWN)).map(Row::of).collect()
}

/// What the panel is drawn from.
#[derive(PartialEq)]
pub struct Operations {
    /// The operations, oldest first.
    pub rows: Vec<Row>,
    /// Of which cluster they are.
    pub cluster: usize,
    /// What the judges say of all clusters.
    pub verdicts: Rc<Vec<ClusterVerdict>>,
    /// The clients.
    pub clients: Vec<ClientId>,
    /// The playhead, in steps of a twentieth of a second.
    pub now: Time,
    /// Told to which time to go.
    pub on_seek: Callback<Time>,
    /// Told what is asked.
    pub on_ask: Callback<(Option<usize>, Question)>,
}

impl Drawn for Operations {
    fn draw(&self) -> Html {
        if self.rows.is_empty() {
            let how =
                "No client has asked for anything yet. Click a client, or type c1 set x 1 below.";
            return html! { <p class="empty">{ how }</p> };
        }
        html! {
            <div>
                <div class="lanes">{ lanes(self) }</div>
                <div>{ for self.verdicts.iter().filter(|v| v.cluster == self.cluster).map(judged) }</div>
                <ol class="ops">{ for self.rows.iter().rev().take(LISTED).map(|row| listed(row, self)) }</ol>
            </div>
        }
    }
}

/// What was judged, and whether it holds.
fn judged(verdict: &ClusterVerdict) -> Html {
    let (class, holds) = match verdict.holds {
        Some(true) => ("answered", "holds"),
        Some(false) => ("failed", "is violated"),
        None => ("waiting", "could not be decided"),
    };
    html! {
        <div key={verdict.property.clone()} class="card verdict-card">
            <h2>{ capital(&verdict.property) }<span {class}>{ holds }</span></h2>
            <p>{ &verdict.text }</p>
        </div>
    }
}

fn class(mood: Mood) -> &'static str {
    match mood {
        Mood::Idle => "",
        Mood::Waiting => "waiting",
        Mood::Answered => "answered",
        Mood::Failed => "failed",
    }
}

fn listed(row: &Row, props: &Operations) -> Html {
    let (on, question) = (props.on_ask.clone(), Question::Operation(OperationId(row.id)));
    let cluster = Some(props.cluster);
    let name = format!("Why? {}: {}, {}", row.client, row.asks, row.gets);
    let took = row.to.map_or_else(String::new, |to| {
        let ms = to.since(row.from).as_us() / 1_000;
        format!("{ms} ms")
    });
    html! {
        <li key={row.id}>
            <span class="who">{ row.client.to_string() }</span>
            <span class="mono">{ &row.asks }<small>{ scale::moment(row.from) }</small></span>
            <span class={classes!("verdict", class(row.mood))}>{ &row.gets }<small>{ took }</small></span>
            <button type="button" class="ask" aria-label={name} onclick={move |_| on.emit((cluster, question.clone()))}>{ "Why?" }</button>
        </li>
    }
}

/// One lane a client, over the time in which the rows lie.
fn lanes(props: &Operations) -> Html {
    let first = props.rows.first().map_or(Time::ZERO, |r| r.from);
    let whole = props.now.since(first).max(Span::from_ms(100)).as_us() as f64;
    let (width, pitch) = LANE;
    let x = |t: Time| NAMES + t.since(first).as_us() as f64 / whole * (width - NAMES - 4.0);
    let lane = |(i, client): (usize, &ClientId)| {
        let y = i as f64 * pitch;
        let bars = props.rows.iter().filter(|r| r.client == *client).map(|r| bar(r, y, &x, props));
        html! {
            <g key={client.0}>
                <text class="name" x="0" y={text(y + 17.0)}>{ client.to_string() }</text>
                <path d={format!("M{} {}H{}", px(NAMES), px(y + 13.0), px(width))} stroke="var(--line)" />
                { for bars }
            </g>
        }
    };
    let height = props.clients.len() as f64 * pitch + 2.0;
    html! {
        <svg viewBox={format!("0 0 {} {}", px(width), px(height))} role="img" aria-label="Operations of the clients along time">
            { for props.clients.iter().enumerate().map(lane) }
        </svg>
    }
}

fn bar(row: &Row, y: f64, x: &impl Fn(Time) -> f64, props: &Operations) -> Html {
    let (from, to) = (x(row.from), x(row.to.unwrap_or(props.now)));
    let (at, on) = (row.from, props.on_seek.clone());
    let fill = match row.mood {
        Mood::Answered => "var(--good)",
        Mood::Failed => "var(--bad)",
        Mood::Waiting | Mood::Idle => "var(--warn)",
    };
    html! {
        <rect key={row.id} x={text(from)} y={text(y + 6.0)} width={text((to - from).max(3.0))}
            height="14" rx="3" {fill} fill-opacity="0.8" style="cursor:pointer" onclick={move |_| on.emit(at)}>
            <title>{ format!("{}: {}, {}", row.client, row.asks, row.gets) }</title>
        </rect>
    }
}
