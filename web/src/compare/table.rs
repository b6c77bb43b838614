//! The table under the stages: one column a cluster.

use super::figures::Column;
use crate::scene::short;
use crate::still::Drawn;
use quorumscope_core::time::Span;
use std::rc::Rc;
use yew::prelude::*;

/// What the table is drawn from.
#[derive(PartialEq)]
pub struct Table {
    /// A column for each cluster.
    pub columns: Rc<Vec<Column>>,
}

/// A figure as it is written, and its class.
type Cell = (String, &'static str);

/// What stands in a row of a column.
type Read = fn(&Column) -> Cell;

/// The rows: what each is called, what that means, and what stands in it.
const ROWS: [(&str, &str, Read); 6] = [
    ("Availability", "Answered of the operations that ended in the last 10 s", available),
    ("Answered", "Operations answered in the last 10 s, and those that failed", answered),
    ("Waiting", "Operations that wait now, and how long the first of them does", waiting),
    ("Latency p50, p99", "How long half of them took at most, and 99 of 100", latency),
    ("Messages per op", "Messages sent for each answered operation", messages),
    ("Linearizable", "Whether all answers so far fit one order of the operations", verdict),
];

impl Drawn for Table {
    fn draw(&self) -> Html {
        let columns = &self.columns;
        let heading = |c: &Column| html! { <th scope="col">{ &c.title }</th> };
        let cell = |c: &Column, read: Read| {
            let (text, class) = read(c);
            html! { <td {class}>{ text }</td> }
        };
        let row = |(name, title, read): (&'static str, &'static str, Read)| {
            html! {
                <tr key={name}>
                    <th scope="row" {title}>{ name }</th>
                    { for columns.iter().map(|c| cell(c, read)) }
                </tr>
            }
        };
        html! {
            <table class="comparison" aria-label="Comparison">
                <thead><tr><th></th>{ for columns.iter().map(heading) }</tr></thead>
                <tbody>{ for ROWS.into_iter().map(row) }</tbody>
            </table>
        }
    }
}

fn available(c: &Column) -> Cell {
    let percent = c.clients.availability_percent();
    (percent.map_or_else(nothing, |p| format!("{p} %")), "")
}

fn answered(c: &Column) -> Cell {
    let mut text = c.clients.answered.to_string();
    if c.clients.failed > 0 {
        text.push_str(&format!(", {} failed", c.clients.failed));
    }
    (text, "")
}

fn waiting(c: &Column) -> Cell {
    let text = |span| format!("{} for {}", c.clients.open, short(span));
    (c.waiting.map_or_else(|| "0".into(), text), "")
}

fn latency(c: &Column) -> Cell {
    match (c.clients.p50, c.clients.p99) {
        (Some(p50), Some(p99)) => (format!("{}, {} ms", ms(p50), ms(p99)), ""),
        _ => (nothing(), ""),
    }
}

fn ms(span: Span) -> u64 {
    span.as_us().div_ceil(1_000)
}

fn messages(c: &Column) -> Cell {
    let hundredths = c.clients.messages_per_operation_x100();
    let tenths = hundredths.map(|h| (h + 5) / 10);
    (tenths.map_or_else(nothing, |t| format!("{}.{}", t / 10, t % 10)), "")
}

fn verdict(c: &Column) -> Cell {
    match c.verdict.as_ref().map(|v| v.holds) {
        Some(Some(true)) => ("yes".into(), "answered"),
        Some(Some(false)) => ("no".into(), "failed"),
        Some(None) => ("undecided".into(), "waiting"),
        None => (nothing(), ""),
    }
}

/// What stands where there is nothing to count yet.
fn nothing() -> String {
    "\u{2013}".into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use quorumscope_core::metrics::ClientHealth;

    fn column(clients: ClientHealth) -> Column {
        let waiting = Some(Span::from_ms(1_430));
        Column { title: "Raft".into(), clients, waiting, verdict: None }
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
        let written: Vec<_> = ROWS.iter().map(|row| row.2(&column(clients.clone())).0).collect();
        let expected = ["80 %", "8, 2 failed", "1 for 1.43 s", "42, 530 ms", "12.5", "\u{2013}"];
        assert_eq!(written, expected);
    }
}
