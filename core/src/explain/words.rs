//! Small parts of sentences.

use crate::ids::runs;
use crate::rng::{Latency, Ppm, Shape};
use crate::store::{Op, Request};
use crate::time::Span;
use std::fmt::Display;

/// The most parts that are listed in full; of more only `SAID` are, with the number of others.
const MOST: usize = 8;
const SAID: usize = 6;

/// `n1`, `n1 and n2`, `n1, n2 and n3`, `n1–n50 and n52`.
pub fn listed<T: Display>(things: &[T]) -> String {
    let mut parts = runs(things);
    if parts.len() > MOST {
        let others: usize = parts.drain(SAID..).map(|(_, count)| count).sum();
        parts.push((format!("{others} others"), others));
    }
    let mut said: Vec<String> = parts.into_iter().map(|(part, _)| part).collect();
    match said.pop() {
        None => "nobody".into(),
        Some(only) if said.is_empty() => only,
        Some(last) => format!("{} and {last}", said.join(", ")),
    }
}

/// A value within a sentence: in quotes where it could be read as a word of the sentence, `5`,
/// `"done"`.
pub fn value(value: &str) -> String {
    let is_number = !value.is_empty()
        && value.starts_with(|c: char| c.is_ascii_digit() || c == '-')
        && value.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-'));
    if is_number {
        value.into()
    } else {
        format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
    }
}

/// A request within a sentence: as the language writes it, with quoted values.
pub fn request(request: &Request) -> String {
    let key = crate::store::Quoted(&request.key);
    let (name, op) = (request.op.name(), &request.op);
    match op {
        Op::Get | Op::Del => format!("{name} {key}"),
        Op::Set(v) | Op::Upd(v) | Op::Append(v) => format!("{name} {key} {}", value(v)),
        Op::Cas(old, new) => format!("{name} {key} {} {}", value(old), value(new)),
    }
}

/// The text with a capital letter at its beginning.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// `is` or `are`.
pub fn be<T>(things: &[T]) -> &'static str {
    if things.len() == 1 { "is" } else { "are" }
}

/// A length of time for people: `3.2 ms`, `213 ms`, `1.24 s`.
pub fn length(span: Span) -> String {
    let us = span.as_us();
    match us {
        0..10_000 => format!("{}.{} ms", us / 1_000, us % 1_000 / 100),
        10_000..1_000_000 => format!("{} ms", us / 1_000),
        _ => format!("{}.{:02} s", us / 1_000_000, us % 1_000_000 / 10_000),
    }
}

/// A fraction for people: `20 %`, `0.5 %`.
#[must_use]
pub fn percent(Ppm(ppm): Ppm) -> String {
    format!("{} %", Ppm(ppm.saturating_mul(100)))
}

/// A latency for people: `80 ms`, `40 ms to 60 ms`; other distributions as the language writes
/// them.
#[must_use]
pub fn latency(latency: &Latency) -> String {
    match latency.parts() {
        [only] => match only.shape {
            _ if only.offset != Span::ZERO => latency.to_string(),
            Shape::Constant(span) => length(span),
            Shape::Uniform(low, high) => format!("{} to {}", length(low), length(high)),
            Shape::Exp(_) | Shape::Pareto(..) => latency.to_string(),
        },
        _ => latency.to_string(),
    }
}

/// A number at the beginning of a sentence: small ones as a word.
pub fn count(n: usize) -> String {
    const WORDS: [&str; 10] =
        ["No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine"];
    WORDS.get(n).map_or_else(|| n.to_string(), |w| (*w).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::NodeId;

    #[test]
    fn lists_and_lengths() {
        assert_eq!(listed(&["a"]), "a");
        assert_eq!(listed(&["a", "b", "c"]), "a, b and c");
        assert_eq!(listed::<&str>(&[]), "nobody");
        let lengths = [1_234, 213_999, 1_249_000].map(|us| length(Span::from_us(us)));
        assert_eq!(lengths, ["1.2 ms", "213 ms", "1.24 s"]);
    }

    #[test]
    fn long_lists_are_said_as_ranges_and_scattered_ones_by_their_beginning() {
        let nodes = |ids: &[u16]| ids.iter().map(|&n| NodeId(n)).collect::<Vec<_>>();
        let upto = |n: u16| (1..=n).collect::<Vec<_>>();
        assert_eq!(listed(&nodes(&upto(4))), "n1, n2, n3 and n4");
        assert_eq!(listed(&nodes(&upto(100))), "n1–n100");
        assert_eq!(listed(&nodes(&[1, 3, 4, 5, 6, 7, 9])), "n1, n3–n7 and n9");
        let odd: Vec<u16> = (1..=100).step_by(2).collect();
        assert_eq!(listed(&nodes(&odd)), "n1, n3, n5, n7, n9, n11 and 44 others");
    }

    #[test]
    fn fractions_and_latencies_are_said_in_words() {
        assert_eq!(
            [200_000, 5_000, 1_000_000].map(|p| percent(Ppm(p))),
            ["20 %", "0.5 %", "100 %"]
        );
        let ms = Span::from_ms;
        let said = |shape| latency(&Latency::of(shape));
        assert_eq!(said(Shape::Constant(ms(80))), "80 ms");
        assert_eq!(said(Shape::Uniform(ms(40), ms(60))), "40 ms to 60 ms");
        assert_eq!(said(Shape::Exp(ms(5))), "exp(5ms)");
    }
}
