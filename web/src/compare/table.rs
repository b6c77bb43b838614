//! The table under the stages: one column for each cluster.

use super::figures::Column;
use crate::judging::Latest;
use crate::look::Fate;
use crate::scene::short;
use crate::still::Drawn;
use quorumscope_core::time::Span;
use quorumscope_core::view::ClusterVerdict;
use std::ops::Range;
use std::rc::Rc;
use yew::prelude::*;

/// The input of the table's drawing.
#[derive(PartialEq)]
pub struct Table {
    /// A column for each cluster.
    pub columns: Rc<Vec<Column>>,
    /// The latest verdicts of the judges.
    pub judged: Rc<Latest>,
}

/// The text of a cell, and its class.
type Cell = (String, &'static str);

/// A function that computes the cell of a row.
type Read = fn(&Column, &[&ClusterVerdict]) -> Cell;

/// The rows: name, explanation, and function.
const ROWS: [(&str, &str, Read); 8] = [
    ("Availability", "Answered of the operations that ended in the last 10 s", available),
    ("Answered", "Operations answered in the last 10 s, and those that failed", answered),
    ("Waiting", "Operations that wait now, and how long the first of them does", waiting),
    ("Latency p50, p99", "How long half of them took at most, and 99 of 100", latency),
    ("Messages per op", "Messages sent for each answered operation", messages),
    ("Linearizable", "Whether all answers so far fit one order of the operations", |_, v| {
        judged(v, 0..1)
    }),
    ("Sessions", "Read your writes, monotonic reads and writes, writes follow reads", |_, v| {
        judged(v, 1..5)
    }),
    ("In the end", "Once healed and quiet: no acknowledged write lost, replicas equal", |_, v| {
        judged(v, 5..7)
    }),
];

impl Drawn for Table {
    fn draw(&self) -> Html {
        let columns = &self.columns;
        let titles: Vec<String> = columns.iter().map(|c| c.title.clone()).collect();
        let heading = |c: &Column| {
            let (name, rest) = super::parts(&c.title, &titles);
            html! { <th scope="col">{ name }<span class="rest">{ rest }</span></th> }
        };
        let cell = |(place, c): (usize, &Column), read: Read| {
            let (text, class) = read(c, &self.judged.of(place).collect::<Vec<_>>());
            html! { <td {class}>{ text }</td> }
        };
        let row = |(name, title, read): (&'static str, &'static str, Read)| {
            html! {
                <tr key={name}>
                    <th scope="row" {title}>{ name }</th>
                    { for columns.iter().enumerate().map(|c| cell(c, read)) }
                </tr>
            }
        };
        html! {
            // It scrolls where the stages need the room.
            <div class="comparing" role="region" aria-label="Comparison" tabindex="0">
                <table class="comparison" aria-label="Comparison">
                    <thead><tr><td></td>{ for columns.iter().map(heading) }</tr></thead>
                    <tbody>{ for ROWS.into_iter().map(row) }</tbody>
                </table>
            </div>
        }
    }
}

fn available(c: &Column, _: &[&ClusterVerdict]) -> Cell {
    let percent = c.clients.availability_percent();
    (percent.map_or_else(nothing, |p| format!("{p} %")), "")
}

fn answered(c: &Column, _: &[&ClusterVerdict]) -> Cell {
    let mut text = c.clients.answered.to_string();
    if c.clients.failed > 0 {
        text.push_str(&format!(", {} failed", c.clients.failed));
    }
    (text, "")
}

fn waiting(c: &Column, _: &[&ClusterVerdict]) -> Cell {
    let text = |span| format!("{} for {}", c.clients.open, short(span));
    (c.waiting.map_or_else(|| "0".into(), text), "")
}

fn latency(c: &Column, _: &[&ClusterVerdict]) -> Cell {
    match (c.clients.p50, c.clients.p99) {
        (Some(p50), Some(p99)) => (format!("{}, {} ms", ms(p50), ms(p99)), ""),
        _ => (nothing(), ""),
    }
}

fn ms(span: Span) -> u64 {
    span.as_us().div_ceil(1_000)
}

fn messages(c: &Column, _: &[&ClusterVerdict]) -> Cell {
    let hundredths = c.clients.messages_per_operation_x100();
    let tenths = hundredths.map(|h| (h + 5) / 10);
    (tenths.map_or_else(nothing, |t| format!("{}.{}", t / 10, t % 10)), "")
}

/// The verdict on a range of the properties in `check::Property::ALL`: no if any is broken, yes if
/// all hold.
fn judged(verdicts: &[&ClusterVerdict], which: Range<usize>) -> Cell {
    let Some(which) = verdicts.get(which) else { return (nothing(), "") };
    if let Some(broken) = which.iter().find(|v| v.holds == Some(false)) {
        let text = if which.len() > 1 { format!("no: {}", broken.property) } else { "no".into() };
        return (text, Fate::Failed.class());
    }
    match which.iter().all(|v| v.holds == Some(true)) {
        true => ("yes".into(), Fate::Answered.class()),
        false => ("not known yet".into(), "open"),
    }
}

/// The text where there is nothing to count yet.
fn nothing() -> String {
    "\u{2013}".into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use quorumscope_core::metrics::ClientHealth;

    fn column(clients: ClientHealth) -> Column {
        let waiting = Some(Span::from_ms(1_430));
        Column { title: "Raft".into(), clients, waiting }
    }

    #[test]
    fn figures_are_written_with_their_units() {
        let clients = ClientHealth {
            answered: 8,
            failed: 2,
            open: 1,
            p50: Some(Span::from_us(41_200)),
            p99: Some(Span::from_ms(530)),
            messages: 100,
            ..ClientHealth::default()
        };
        let written: Vec<_> =
            ROWS.iter().map(|row| row.2(&column(clients.clone()), &[]).0).collect();
        let expected = [
            "80 %",
            "8, 2 failed",
            "1 for 1.43 s",
            "42, 530 ms",
            "12.5",
            "\u{2013}",
            "\u{2013}",
            "\u{2013}",
        ];
        assert_eq!(written, expected);
    }
}
