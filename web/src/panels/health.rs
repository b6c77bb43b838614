//! The panel of health: nodes, clients and messages of the last seconds, in figures and as small
//! plots over virtual time.

use crate::divergence::disputed;
use crate::look::{self, FAULT, Fate, Hue};
use crate::panels::capital;
use crate::panels::plot::{Bars, Plot};
use crate::still::Drawn;
use crate::transport::scale;
use quorumscope_core::metrics::{
    Bin, ClientHealth, Health as Figures, NodeHealth, Series, WINDOW, health,
};
use quorumscope_core::protocol::NodeView;
use quorumscope_core::session::Session;
use quorumscope_core::time::{Span, Time};
use quorumscope_core::world::{Host, World};
use std::rc::Rc;
use yew::prelude::*;

/// The number of bins in a plot.
const BINS: u32 = 50;
/// The largest number of disputed keys that are named.
const KEYS: usize = 6;
/// The health of one cluster at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// True if nodes have colours of their own.
    own_hues: bool,
    now: Time,
    figures: Figures,
    series: Series,
    /// The keys for which running nodes hold different values.
    disputed: Vec<String>,
}

impl Report {
    /// The health of one cluster of a session at its playhead.
    #[must_use]
    pub fn of(session: &Session, cluster: usize) -> Self {
        let (world, trace) = (session.world(cluster), session.trace(cluster));
        Self {
            own_hues: Hue::are_own(world),
            now: world.now(),
            figures: health(world, trace, WINDOW),
            series: Series::of(world, trace, WINDOW, BINS),
            disputed: disputes(world),
        }
    }

    /// The time axis of the plots: a whole window, even while the run is younger than that.
    fn span(&self) -> (Time, Time) {
        (self.series.from, self.series.from + WINDOW)
    }

    fn total(&self, of: impl Fn(&Bin) -> u32) -> u32 {
        self.series.bins.iter().map(of).sum()
    }
}

fn disputes(world: &World) -> Vec<String> {
    let views: Vec<NodeView> = world.nodes().filter_map(Host::machine).map(|m| m.view(1)).collect();
    disputed(views.iter()).iter().map(ToString::to_string).collect()
}

/// The health of all clusters at the playhead.
#[must_use]
pub fn reports(session: &Session) -> Vec<Report> {
    let clusters = 0..session.run().clusters.len();
    clusters.map(|i| Report::of(session, i)).collect()
}

/// The input of the panel's drawing.
#[derive(PartialEq)]
pub struct Health {
    /// A report for each cluster.
    pub reports: Rc<Vec<Report>>,
    /// The titles of the clusters.
    pub titles: Vec<String>,
}

impl Drawn for Health {
    fn draw(&self) -> Html {
        let several = self.reports.len() > 1;
        let one = |(i, report): (usize, &Report)| {
            let name = self.titles.get(i).filter(|_| several).map(|title| format!("{title}: "));
            html! { <section key={i} class="health">{ cluster(report, &name.unwrap_or_default()) }{ nodes(report) }</section> }
        };
        html! { <div>{ for self.reports.iter().enumerate().map(one) }</div> }
    }
}

/// The experience of the clients in figures, and the plots.
fn cluster(report: &Report, name: &str) -> Html {
    let clients = &report.figures.clients;
    let fact = |(name, value): (&'static str, String)| {
        html! { <div key={name}><dt>{ name }</dt><dd>{ value }</dd></div> }
    };
    let (from, to) = report.span();
    html! {
        <div class="card">
            <h2>{ capital(&format!("{name}last {} s", tenths(clients.window.as_us() / 100_000))) }</h2>
            <dl class="figures">{ for facts(clients).into_iter().map(fact) }</dl>
            { answers(report).draw() }
            { slowest(report).draw() }
            { messages(report).draw() }
            <p class="span"><span>{ scale::moment(from) }</span><span>{ scale::moment(to) }</span></p>
        </div>
    }
}

fn facts(clients: &ClientHealth) -> [(&'static str, String); 6] {
    let none = || "–".to_owned();
    let percent = clients.availability_percent();
    let each = clients.messages_per_operation_x100();
    [
        ("Availability", percent.map_or_else(none, |p| format!("{p} %"))),
        ("Answered", format!("{} /s", tenths(clients.rate_mhz() / 100))),
        ("Waiting", clients.open.to_string()),
        ("p50, p99", clients.p50.zip(clients.p99).map_or_else(none, both)),
        ("Messages/op", each.map_or_else(none, |x100| tenths(u64::from(x100) / 10))),
        ("Bytes/op", clients.bytes_per_operation().map_or_else(none, |b| b.to_string())),
    ]
}

fn answers(report: &Report) -> Plot {
    let clients = &report.figures.clients;
    Plot {
        title: "Answers",
        says: format!("{} answered, {} failed", clients.answered, clients.failed),
        up: bars(report, Fate::Answered.class(), |b| b.answered),
        down: bars(report, Fate::Failed.class(), |b| b.failed),
    }
}

fn slowest(report: &Report) -> Plot {
    let most = report.series.bins.iter().map(|b| b.slowest).max().unwrap_or_default();
    Plot {
        title: "Slowest answer",
        says: if most == Span::ZERO {
            "none".to_owned()
        } else {
            format!("up to {}", length(most))
        },
        up: bars(report, Fate::Waiting.class(), |b| {
            u32::try_from(b.slowest.as_us()).unwrap_or(u32::MAX)
        }),
        down: None,
    }
}

fn messages(report: &Report) -> Plot {
    let (sent, lost) = (report.total(|b| b.messages), report.total(|b| b.lost));
    Plot {
        title: "Messages",
        says: format!("{sent} sent, {lost} lost"),
        up: bars(report, Hue::NONE.class(), |b| b.messages),
        down: bars(report, FAULT, |b| b.lost),
    }
}

fn bars(report: &Report, class: &'static str, of: impl Fn(&Bin) -> u32) -> Option<Bars> {
    Some(Bars { class, values: report.series.bins.iter().map(of).collect() })
}

fn nodes(report: &Report) -> Html {
    let row = |node: &NodeHealth| row(node, report.now, report.own_hues);
    html! {
        <div class="card">
            <table class="nodes">
                <thead><tr>
                    <th scope="col">{ "Node" }</th><th scope="col">{ "Last heard" }</th>
                    <th scope="col">{ "Behind" }</th><th scope="col">{ "Disk" }</th>
                </tr></thead>
                <tbody>{ for report.figures.nodes.iter().map(row) }</tbody>
            </table>
            <p class="agreement">{ agreement(&report.disputed) }</p>
        </div>
    }
}

fn row(node: &NodeHealth, now: Time, own: bool) -> Html {
    let (role, term) = (node.role.map(|(role, _)| role), node.role.and_then(|(_, term)| term));
    let class = classes!("tag", look::plate(node.status, Hue::of_node(node.id, term, own)));
    let tag = look::tag(node.status, role, term);
    let since = look::since(node.status, &scale::moment(node.since));
    let heard = node.last_heard.map(|(by, at)| (format!("by {by}"), ago(now.since(at))));
    let (by, ago) = heard.unwrap_or_else(|| ("not lately".to_owned(), String::new()));
    let behind = node.lag.map_or_else(|| "–".to_owned(), |lag| lag.to_string());
    let volatile = match node.volatile {
        0 => String::new(),
        n => format!("{n} not durable"),
    };
    html! {
        <tr key={node.id.0}>
            <th scope="row">{ node.id.to_string() }<span {class}>{ tag }</span><small>{ since }</small></th>
            <td>{ by }<small>{ ago }</small></td>
            <td>{ behind }</td>
            <td>{ node.records }<small>{ volatile }</small></td>
        </tr>
    }
}

fn agreement(disputed: &[String]) -> String {
    if disputed.is_empty() {
        return "No two running nodes hold different values for a key.".to_owned();
    }
    let mut keys = disputed[..disputed.len().min(KEYS)].join(", ");
    if disputed.len() > KEYS {
        keys.push_str(&format!(" and {} more", disputed.len() - KEYS));
    }
    format!("Nodes hold different values for {keys}.")
}

fn ago(span: Span) -> String {
    format!("{} ago", length(span))
}

/// A span with two to four digits and its unit.
fn length(span: Span) -> String {
    match span.as_us() {
        us @ 0..10_000 => format!("{} ms", tenths(us / 100)),
        us @ 10_000..1_000_000 => format!("{} ms", us / 1_000),
        us => format!("{}.{:02} s", us / 1_000_000, us / 10_000 % 100),
    }
}

/// Two spans. The unit is written once if both are in milliseconds.
fn both((one, other): (Span, Span)) -> String {
    let (one, other) = (length(one), length(other));
    match one.strip_suffix(" ms").filter(|_| other.ends_with(" ms")) {
        Some(number) => format!("{number}, {other}"),
        None => format!("{one}, {other}"),
    }
}

/// A number of tenths as a decimal number.
fn tenths(n: u64) -> String {
    if n.is_multiple_of(10) { (n / 10).to_string() } else { format!("{}.{}", n / 10, n % 10) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_have_about_three_digits() {
        let us = [0, 400, 9_990, 45_678, 1_234_567].map(|us| length(Span::from_us(us)));
        assert_eq!(us, ["0 ms", "0.4 ms", "9.9 ms", "45 ms", "1.23 s"]);
    }

    #[test]
    fn a_unit_stands_once_where_it_is_the_same() {
        let both = |one, other| both((Span::from_us(one), Span::from_us(other)));
        assert_eq!(both(45_000, 101_000), "45, 101 ms");
        assert_eq!(both(45_000, 1_234_567), "45 ms, 1.23 s");
        assert_eq!(both(1_200_000, 1_234_567), "1.20 s, 1.23 s");
    }

    #[test]
    fn keys_in_dispute_are_named_up_to_a_limit() {
        assert!(agreement(&[]).starts_with("No two"));
        let keys: Vec<_> = (0..8).map(|k| format!("k{k}")).collect();
        assert_eq!(agreement(&keys[..2]), "Nodes hold different values for k0, k1.");
        assert!(agreement(&keys).ends_with("k5 and 2 more."));
    }
}
