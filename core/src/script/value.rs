//! Values: times, fractions, latencies, and other values of settings.

use super::error::Fault;
use super::lexis::{
    Decimal, Input, Parsed, decimal, expect, integer, offset, peek_word, quoted, whole,
};
use crate::rng::{Component, Latency, Ppm, Shape};
use crate::settings::{Kind, SpanRange, Value};
use crate::time::{LATEST, Span, Time};
use winnow::Parser;
use winnow::combinator::{alt, delimited, opt, peek, preceded, separated, terminated};
use winnow::token::literal;

const A_TIME: &str = "a time such as 250us, 12ms, 1.5s or 2m";
const A_FRACTION: &str = "a fraction from 0 to 1, such as 0.05 or 5%";
const A_LATENCY: &str = "a latency such as 10ms, 10ms..20ms, exp(5ms), 75ms+exp(5ms), pareto(1ms,1.5) or 0.9*1ms+0.1*exp(5ms)";
/// The most parts of a mixture.
const MAX_PARTS: usize = 16;
/// The longest latency.
const HOUR: Span = Span::from_ms(3_600_000);
/// The steepest and the flattest Pareto distribution, in millionths.
const ALPHA: std::ops::RangeInclusive<u64> = 10_000..=1_000_000_000;

/// The time of a statement.
pub(super) fn moment(input: &mut Input<'_>) -> Parsed<Time> {
    let wanted = "a time such as 1.2s behind the @";
    expect(wanted, whole(bare_span)).map(|s| Time::ZERO + s).parse_next(input)
}

/// A length of time of at most a day.
pub(super) fn span(input: &mut Input<'_>) -> Parsed<Span> {
    expect(A_TIME, whole(bare_span)).parse_next(input)
}

/// A length of time that other characters may follow directly.
fn bare_span(input: &mut Input<'_>) -> Parsed<Span> {
    let start = offset(input);
    let unit = alt(("us".value(1), "ms".value(1_000), 's'.value(1_000_000), 'm'.value(60_000_000)));
    let ((number, unit), text) = (decimal, unit).with_taken().parse_next(input)?;
    let text = text.to_owned();
    let fault = |sentence| Err(Fault { at: start, sentence });
    match number.times(unit) {
        None => fault(format!("found {text}, expected a whole number of microseconds")),
        Some(us) if us > LATEST.as_us() => {
            fault(format!("found {text}, expected a time of at most 24 hours (1440m)"))
        }
        Some(us) => Ok(Span::from_us(us)),
    }
}

/// `5%` or `0.05`.
pub(super) fn fraction(input: &mut Input<'_>) -> Parsed<Ppm> {
    expect(A_FRACTION, whole(bare_fraction)).parse_next(input)
}

fn bare_fraction(input: &mut Input<'_>) -> Parsed<Ppm> {
    let start = offset(input);
    let ((number, percent), text) = (decimal, opt('%')).with_taken().parse_next(input)?;
    let text = text.to_owned();
    let unit = if percent.is_some() { 10_000 } else { 1_000_000 };
    let fault = |sentence| Err(Fault { at: start, sentence });
    match number.times(unit).map(u32::try_from) {
        None => fault(format!("found {text}, expected a whole number of millionths")),
        Some(Ok(ppm)) if ppm <= Ppm::ALWAYS.0 => Ok(Ppm(ppm)),
        Some(_) => fault(format!("found {text}, expected {A_FRACTION}")),
    }
}

/// A number in millionths, within limits.
pub(super) fn millionths<'a>(
    limits: std::ops::RangeInclusive<u64>,
    wanted: &'static str,
) -> impl Parser<Input<'a>, u32, Fault> {
    let within = move |n: Decimal| {
        n.times(1_000_000).filter(|n| limits.contains(n)).and_then(|n| u32::try_from(n).ok())
    };
    expect(wanted, decimal.verify_map(within))
}

/// `on` or `off`.
pub(super) fn switch(input: &mut Input<'_>) -> Parsed<bool> {
    expect("on or off", whole(alt(("on".value(true), "off".value(false))))).parse_next(input)
}

/// `10ms..15ms`, or one time for both ends.
fn range(input: &mut Input<'_>) -> Parsed<SpanRange> {
    let start = offset(input);
    let (low, high) = (bare_span, opt(preceded("..", bare_span))).parse_next(input)?;
    let high = high.unwrap_or(low);
    if low > high {
        let sentence = format!("found {low}..{high}, expected a range that goes up");
        return Err(Fault { at: start, sentence });
    }
    Ok(SpanRange { low, high })
}

/// A distribution of latencies, or a mixture of several.
pub(super) fn latency(input: &mut Input<'_>) -> Parsed<Latency> {
    let start = offset(input);
    let parts: Vec<Component> =
        expect(A_LATENCY, whole(separated(1.., component, '+'))).parse_next(input)?;
    if parts.len() > MAX_PARTS {
        let sentence = format!("found {} parts, expected at most {MAX_PARTS}", parts.len());
        return Err(Fault { at: start, sentence });
    }
    Latency::mixture(&parts).ok_or_else(|| {
        let sentence =
            "found weights that do not sum to 1, expected a mixture such as 0.9*1ms+0.1*exp(5ms)";
        Fault { at: start, sentence: sentence.into() }
    })
}

/// A shape, with its weight where it is one of several.
fn component(input: &mut Input<'_>) -> Parsed<Component> {
    let weight = opt(terminated(bare_fraction, '*')).map(|w| w.unwrap_or(Ppm::ALWAYS));
    let shape = alt((offset_shape, shape.map(|shape| (Span::ZERO, shape))));
    (weight, shape)
        .map(|(weight, (offset, shape))| Component { weight, offset, shape })
        .parse_next(input)
}

/// `75ms+exp(5ms)`: a fixed time in front of a shape with a tail.
fn offset_shape(input: &mut Input<'_>) -> Parsed<(Span, Shape)> {
    let start = offset(input);
    let behind = preceded('+', preceded(peek(alt(("exp(", "pareto("))), shape));
    let (fixed, shape) = (bare_span, behind).parse_next(input)?;
    if fixed > HOUR {
        let sentence = format!("found an offset of {fixed}, expected at most {HOUR}");
        return Err(Fault { at: start, sentence });
    }
    Ok((fixed, shape))
}

fn shape(input: &mut Input<'_>) -> Parsed<Shape> {
    let start = offset(input);
    let alpha = || millionths(ALPHA, "the shape of a Pareto distribution, 0.01 to 1000");
    let exp = delimited("exp(", bare_span, ')').map(Shape::Exp);
    let pareto = delimited("pareto(", (terminated(bare_span, ','), alpha()), ')')
        .map(|(least, alpha)| Shape::Pareto(least, alpha));
    let shape = alt((exp, pareto, uniform)).parse_next(input)?;
    let fault = |sentence: String| Err(Fault { at: start, sentence });
    match shape {
        Shape::Exp(Span::ZERO) | Shape::Pareto(Span::ZERO, _) => {
            fault("found a distribution of no time, expected more than 0s".into())
        }
        Shape::Constant(s) | Shape::Uniform(_, s) | Shape::Exp(s) | Shape::Pareto(s, _)
            if s > HOUR =>
        {
            fault(format!("found a latency of {s}, expected at most {HOUR}"))
        }
        shape => Ok(shape),
    }
}

/// `10ms..15ms` as a distribution; `10ms` is a constant.
fn uniform(input: &mut Input<'_>) -> Parsed<Shape> {
    let (range, text) = range.with_taken().parse_next(input)?;
    if text.contains("..") {
        return Ok(Shape::Uniform(range.low, range.high));
    }
    Ok(Shape::Constant(range.low))
}

/// A value of that kind, within its limits.
pub(super) fn value(input: &mut Input<'_>, kind: Kind) -> Parsed<Value> {
    let start = offset(input);
    let word = peek_word(input);
    let limited = |inside, value, limits: String| {
        if inside {
            return Ok(value);
        }
        let sentence = format!("found {}, expected {limits}", quoted(word));
        Err(Fault { at: start, sentence })
    };
    match kind {
        Kind::Count(low, high) => {
            let limits = || format!("a whole number from {low} to {high}");
            let n = expect(&limits(), whole(integer)).parse_next(input)?;
            limited((low..=high).contains(&n), Value::Count(n), limits())
        }
        Kind::Span(low, high) => {
            let s = span(input)?;
            let inside = (low..=high).contains(&s);
            limited(inside, Value::Span(s), format!("a time from {low} to {high}"))
        }
        Kind::Range(low, high) => {
            let wanted = "a range of time such as 150ms..300ms";
            let r = expect(wanted, whole(range)).parse_next(input)?;
            let inside = low <= r.low && r.high <= high;
            limited(inside, Value::Range(r), format!("times from {low} to {high}"))
        }
        Kind::Period(low, high) => {
            let period = alt(("off".value(None), bare_span.map(Some)));
            let p = expect("a time such as 5s, or off", whole(period)).parse_next(input)?;
            let inside = p.is_none_or(|p| (low..=high).contains(&p));
            limited(inside, Value::Period(p), format!("a time from {low} to {high}, or off"))
        }
        Kind::Switch => switch(input).map(Value::Switch),
        Kind::Fraction => fraction(input).map(Value::Fraction),
        Kind::Latency => latency(input).map(Value::Latency),
        Kind::Choice(words) => match words.iter().find(|w| **w == word) {
            Some(&choice) => literal(choice).value(Value::Choice(choice)).parse_next(input),
            None => limited(false, Value::Choice(words[0]), listed(words, "or")),
        },
    }
}

/// `a, b or c`
pub(super) fn listed(words: &[&str], joint: &str) -> String {
    match words {
        [] => "nothing".into(),
        [only] => (*only).into(),
        [most @ .., last] => format!("{} {joint} {last}", most.join(", ")),
    }
}
