//! The panel of one node in full detail.

use crate::choice::Choice;
use crate::look::{self, Hue};
use crate::panels::capital;
use crate::scene::short;
use crate::still::Drawn;
use crate::transport::scale;
use quorumscope_core::ids::NodeId;
use quorumscope_core::protocol::{LogCell, Machine, NodeView};
use quorumscope_core::store::Word;
use quorumscope_core::why::Question;
use quorumscope_core::world::{Host, Status, World};
use yew::prelude::*;

/// Up to this number of nodes, each has a button.
const MOST_BUTTONS: usize = 21;
/// The number of log entries that are shown, from the end.
const ENTRIES: usize = 16;
/// The largest number of keys that are shown.
const KEYS: usize = 40;

/// The contents of the panel: values that can be compared.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    id: NodeId,
    status: Status,
    hue: Hue,
    since: String,
    view: Option<NodeView>,
    detail: Vec<(&'static str, String)>,
    disk: String,
    clock: String,
    timers: Vec<(&'static str, String)>,
    waiting: Option<String>,
}

impl Report {
    /// The report on a node. None if there is no such node.
    #[must_use]
    pub fn of(world: &World, id: NodeId) -> Option<Self> {
        let host = world.node(id)?;
        // In steps of 10 ms, because a number that changes on every frame cannot be read.
        let due = |s: &quorumscope_core::world::Set| {
            let left = s.due.since(world.now());
            let ms = left.as_us() / 10_000 * 10;
            let left = if ms < 1_000 { format!("{ms} ms") } else { short(left) };
            (s.timer.name(), format!("in {left}"))
        };
        Some(Self {
            id,
            status: host.status(),
            hue: Hue::of_node(id, host.machine().and_then(|m| m.sign().term), Hue::are_own(world)),
            since: scale::moment(host.since()),
            view: host.machine().map(|m| m.view(ENTRIES)),
            detail: host.machine().map_or_else(Vec::new, Machine::detail),
            disk: disk(host),
            clock: clock(world, host),
            timers: host.timers().map(due).collect(),
            waiting: waiting(host),
        })
    }
}

fn disk(host: &Host) -> String {
    let disk = host.disk();
    let records = disk.log_len();
    let volatile = disk.written().0.saturating_sub(disk.durable().0);
    let mut text = match records {
        0 => "empty".to_owned(),
        1 => "1 record".to_owned(),
        n => format!("{n} records"),
    };
    if records > 0 {
        match volatile {
            0 => text.push_str(", all durable"),
            n => text.push_str(&format!(", the last {n} not durable yet")),
        }
    }
    if disk.has_checkpoint() {
        text.push_str(", behind a checkpoint");
    }
    if disk.is_torn() {
        text.push_str(", the last one torn");
    }
    if let Some(takes) = host.own_disk_time() {
        text.push_str(&format!("; a write takes {takes}"));
    }
    text
}

fn clock(world: &World, host: &Host) -> String {
    let now = world.now();
    let mut text = short(host.clock().reading(now).since(quorumscope_core::time::Time::ZERO));
    let off_us = host.clock().offset_us(now);
    if off_us != 0 {
        let way = if off_us > 0 { "ahead" } else { "behind" };
        text.push_str(&format!(", {} ms {way}", off_us.abs() / 1_000));
    }
    text
}

fn waiting(host: &Host) -> Option<String> {
    match (host.held(), host.backlog()) {
        (0, 0) => None,
        (held, 0) => Some(format!("{held} messages wait for the disk")),
        (_, backlog) => Some(format!("{backlog} messages wait for it to resume")),
    }
}

/// The input of the panel's drawing.
#[derive(PartialEq)]
pub struct Inspector {
    /// The nodes that can be selected.
    pub nodes: Vec<NodeId>,
    /// The report on the selected node.
    pub report: Option<Report>,
    /// Called with the node that the user selects.
    pub on_inspect: Callback<NodeId>,
    /// Called with a question.
    pub on_ask: Callback<(Option<usize>, Question)>,
}

impl Drawn for Inspector {
    fn draw(&self) -> Html {
        let Some(report) = &self.report else {
            return html! { <p class="empty">{ "There is no such node." }</p> };
        };
        let pick = |id: &NodeId| {
            let (id, on) = (*id, self.on_inspect.clone());
            let pressed = id == report.id;
            html! {
                <button key={id.0} type="button" aria-pressed={pressed.to_string()} onclick={move |_| on.emit(id)}>{ id.to_string() }</button>
            }
        };
        html! {
            <div>
                if self.nodes.len() > MOST_BUTTONS {
                    { self.list(report.id) }
                } else {
                    <div class="pickers" role="group" aria-label="Node">{ for self.nodes.iter().map(pick) }</div>
                }
                <div class="card">{ head(report) }{ body(report, &self.on_ask) }</div>
            </div>
        }
    }
}

impl Inspector {
    /// A list box, for very many nodes.
    fn list(&self, shown: NodeId) -> Html {
        let (on, nodes) = (self.on_inspect.clone(), self.nodes.clone());
        let on_choose = move |wanted: String| {
            if let Some(&node) = nodes.iter().find(|n| n.to_string() == wanted) {
                on.emit(node);
            }
        };
        let name = |n: &NodeId| (n.to_string(), n.to_string());
        let options: Vec<_> = self.nodes.iter().map(name).collect();
        html! {
            <div class="pickers"><div class="pick"><Choice name="Node" {options} value={shown.to_string()} {on_choose} /></div></div>
        }
    }
}

fn head(report: &Report) -> Html {
    let sign = report.view.as_ref().map(|v| v.sign);
    let (role, term) = (sign.map(|s| s.role), sign.and_then(|s| s.term));
    let class = classes!("tag", look::plate(report.status, report.hue));
    let status = capital(&look::since(report.status, &report.since));
    html! {
        <>
            <h2>{ report.id.to_string() }<span {class}>{ look::tag(report.status, role, term) }</span></h2>
            <p>{ status }</p>
        </>
    }
}

/// Called with a question and the cluster that it is about.
type Ask = Callback<(Option<usize>, Question)>;

fn body(report: &Report, on_ask: &Ask) -> Html {
    let fact = |name: &str, value: Html| html! { <><dt>{ name }</dt><dd>{ value }</dd></> };
    let text = |t: &str| html! { <span>{ t }</span> };
    let view = report.view.as_ref();
    let timers = report.timers.iter().map(|(n, due)| format!("{n} {due}")).collect::<Vec<_>>();
    html! {
        <>
            { for view.and_then(|v| v.log.as_ref()).map(|l| log(report, l, on_ask)) }
            <dl class="facts">
                { for view.map(|v| fact("Store", store(report.id, v, on_ask))) }
                { fact("Disk", text(&report.disk)) }
                { for report.detail.iter().map(|(name, value)| detail(name, value)) }
                if !timers.is_empty() {
                    { fact("Timers", text(&timers.join(", "))) }
                }
                { fact("Clock", text(&report.clock)) }
                { for report.waiting.iter().map(|w| fact("Waiting", text(w))) }
            </dl>
        </>
    }
}

/// A detail with a line for each node, such as the followers', needs the whole width.
fn detail(name: &str, value: &str) -> Html {
    let wide = value.contains('\n').then_some("wide");
    html! { <><dt class={classes!(wide)}>{ capital(name) }</dt><dd class={classes!("mono", wide)}>{ value }</dd></> }
}

fn log(report: &Report, cells: &[LogCell], on_ask: &Ask) -> Html {
    if cells.is_empty() {
        return html! { <p>{ "Its log is empty." }</p> };
    }
    let entry = |c: &LogCell| {
        let committed = c.committed.then_some("committed");
        let state = if c.committed { "committed" } else { "not committed" };
        let title = format!("entry {}: {}, term {}, {state}", c.index, c.op, c.term);
        let class = classes!("entry", Hue::of(Some(c.term)).class(), committed);
        let (question, on) = (Question::Entry(c.index, Some(report.id)), on_ask.clone());
        html! {
            <li key={c.index.0}>
                <button type="button" {class} aria-label={format!("Why? {title}")} {title} onclick={move |_| on.emit((None, question.clone()))}>
                    <i>{ c.index.to_string() }</i>{ " " }{ &c.op }
                </button>
            </li>
        }
    };
    let name = match cells {
        [first, .., last] if first.index.0 > 1 => {
            format!("Log, entries {} to {}", first.index, last.index)
        }
        _ => "Log".to_owned(),
    };
    html! {
        <>
            <h3>{ &name }</h3>
            <ol class="log mono" aria-label={name.clone()}>{ for cells.iter().map(entry) }</ol>
        </>
    }
}

fn store(n: NodeId, view: &NodeView, on_ask: &Ask) -> Html {
    if view.data.is_empty() {
        return html! { <span>{ "empty" }</span> };
    }
    let pair = |(key, value): &(Word, Word)| {
        let (question, on) = (Question::Key(key.clone(), Some(n)), on_ask.clone());
        let text = format!("{key} = {value}");
        html! {
            <button key={&**key} type="button" class="pair mono" aria-label={format!("Why? {n} holds {text}")} onclick={move |_| on.emit((None, question.clone()))}>{ text }</button>
        }
    };
    let more = view.data.len().saturating_sub(KEYS);
    html! {
        <>
            { for view.data.iter().take(KEYS).map(pair) }
            <span>{ if more > 0 { format!("and {more} more") } else { String::new() } }</span>
        </>
    }
}
