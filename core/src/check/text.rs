//! Operations in plain words.

use crate::history::{Moment, Operation, Outcome, Request};

/// A client's completed or unanswered operation: `c2 read 1 from x`.
pub fn deed(op: &Operation) -> String {
    let Operation { process, key, .. } = op;
    match (&op.request, op.outcome()) {
        (Request::Get, Outcome::Read(Some(value))) => {
            format!("{process} read {} from {key}", quoted(value))
        }
        (Request::Get, Outcome::Read(None)) => format!("{process} found no {key}"),
        (Request::Get, _) => format!("{process} asked for {key} and was not told"),
        (request, Outcome::Done { applied: true }) => format!("{process} {}", done(request, key)),
        (Request::Cas { expected, .. }, Outcome::Done { applied: false }) => {
            format!("{process} was told that {key} is not {}", quoted(expected))
        }
        (Request::Set(_), Outcome::Done { applied: false }) => {
            format!("{process} was told that {key} is there already")
        }
        (_, Outcome::Done { applied: false }) => {
            format!("{process} was told that there is no {key}")
        }
        (request, Outcome::Failed) => {
            format!("{process} failed to {}", asked(request, key))
        }
        (request, _) => format!("{process} asked to {} and was not answered", asked(request, key)),
    }
}

/// The same, but a get that found a value mentions the key only where `named`: `c2 read 1`.
pub fn deed_named(op: &Operation, named: bool) -> String {
    match op.outcome() {
        Outcome::Read(Some(value)) if !named => format!("{} read {}", op.process, quoted(value)),
        _ => deed(op),
    }
}

fn done(request: &Request, key: &str) -> String {
    match request {
        Request::Get => format!("read {key}"),
        Request::Set(value) => format!("set {key} to {}", quoted(value)),
        Request::Upd(value) => format!("updated {key} to {}", quoted(value)),
        Request::Del => format!("deleted {key}"),
        Request::Cas { expected, new } => {
            format!("changed {key} from {} to {}", quoted(expected), quoted(new))
        }
        Request::Append(text) => format!("appended {} to {key}", quoted(text)),
    }
}

fn asked(request: &Request, key: &str) -> String {
    match request {
        Request::Get => format!("read {key}"),
        Request::Set(value) => format!("set {key} to {}", quoted(value)),
        Request::Upd(value) => format!("update {key} to {}", quoted(value)),
        Request::Del => format!("delete {key}"),
        Request::Cas { expected, new } => {
            format!("change {key} from {} to {}", quoted(expected), quoted(new))
        }
        Request::Append(text) => format!("append {} to {key}", quoted(text)),
    }
}

/// A client's request at the moment of its invocation: `c2 asks to read x`.
pub fn asks(op: &Operation) -> String {
    format!("{} asks to {}", op.process, asked(&op.request, &op.key))
}

/// A write as a noun phrase: `write of 2 to x`.
///
/// The write of a value mentions the key only where `named`: `write of 2`.
pub fn noun_named(op: &Operation, named: bool) -> String {
    match &op.request {
        Request::Set(value) | Request::Upd(value) | Request::Cas { new: value, .. } if !named => {
            format!("write of {}", quoted(value))
        }
        Request::Get => format!("read of {}", op.key),
        Request::Set(value) | Request::Upd(value) | Request::Cas { new: value, .. } => {
            format!("write of {} to {}", quoted(value), op.key)
        }
        Request::Del => format!("deletion of {}", op.key),
        Request::Append(text) => format!("append of {} to {}", quoted(text), op.key),
    }
}

/// The result of a get: a value, or `absence`.
pub fn value_read(op: &Operation) -> String {
    op.value_read().flatten().map_or_else(|| "absence".to_owned(), |value| quoted(value))
}

/// The most characters of a value that a sentence shows.
const SHOWN: usize = 40;

/// A value in quotes. Of a value longer than [`SHOWN`] characters only the end is shown, as texts
/// grow at their end.
pub fn quoted(value: &str) -> String {
    let count = value.chars().count();
    if count <= SHOWN {
        return format!("{value:?}");
    }
    let end: String = value.chars().skip(count - SHOWN).collect();
    format!("a value that ends with {end:?}")
}

/// The time of its return, or of its invocation while it is open: ` at 3.20 s`.
pub fn at(op: &Operation) -> String {
    format!(" at {}", moment(learnt(op).unwrap_or(op.invoked)))
}

/// The times of its invocation and return: `2.90 s to 2.95 s`.
pub fn span(op: &Operation) -> String {
    match learnt(op) {
        Some(returned) => format!("{} to {}", moment(op.invoked), moment(returned)),
        None => format!("from {} on", moment(op.invoked)),
    }
}

fn learnt(op: &Operation) -> Option<Moment> {
    let returned = op.returned.as_ref();
    returned.filter(|(_, outcome)| *outcome != Outcome::Unknown).map(|(at, _)| *at)
}

/// The time of an event; where it is unknown, the event's number, counted from 1.
pub fn moment(moment: Moment) -> String {
    match moment.time_us {
        Some(time_us) => seconds(time_us),
        None => format!("event {}", moment.event + 1),
    }
}

/// A time to the millisecond, with two or three digits after the point: `3.20 s`, `3.201 s`. Finer
/// times are shown by lanes.
pub fn seconds(time_us: u64) -> String {
    let digits = format!("{:03}", time_us % 1_000_000 / 1_000);
    let (always, more) = digits.split_at(2);
    format!("{}.{always}{} s", time_us / 1_000_000, more.trim_end_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_the_digits_they_need() {
        for (time_us, expected) in
            [(0, "0.00 s"), (3_200_000, "3.20 s"), (3_201_500, "3.201 s"), (61_000_001, "61.00 s")]
        {
            assert_eq!(seconds(time_us), expected);
        }
    }

    #[test]
    fn values_are_set_off_from_the_sentence() {
        assert_eq!(quoted("a-1"), "\"a-1\"");
        assert_eq!(quoted(""), "\"\"");
        assert_eq!(quoted("x 1 y"), "\"x 1 y\"");
        let long = quoted(&format!("{}é {}", "a".repeat(50), "b".repeat(38)));
        assert_eq!(long, format!("a value that ends with \"é {}\"", "b".repeat(38)));
    }
}
