//! The printer of conditions.

use super::lexis::is_bare;
use super::{Condition, Duration, Quantity, Sign, State};
use crate::ids::NodeId;
use crate::store::Quoted;
use std::fmt;

/// Words that begin other forms than a key, or have another meaning as a value.
pub(super) const RESERVED: [&str; 7] = ["not", "and", "or", "at", "none", "leader", "violation"];

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Elected => f.write_str("leader elected"),
            Self::Fails => f.write_str("client fails"),
            Self::Violation => f.write_str("violation"),
            Self::Is(node, state) => write!(f, "{node} is {}", state.name()),
            Self::Leads(yes, node) => {
                let who = node.map_or_else(|| "none".to_owned(), |n| n.to_string());
                write!(f, "leader {} {who}", equality(*yes))
            }
            Self::Holds(key, node, yes, value) => {
                let value = value.as_deref().map_or_else(|| "none".to_owned(), word);
                write!(f, "{} at {node} {} {value}", word(key), equality(*yes))
            }
            Self::Count(quantity, sign, number) => write!(f, "{quantity} {sign} {number}"),
            Self::Lasts(Duration::Wait(client), sign, span) => {
                write!(f, "{client} waiting {sign} {span}")
            }
            Self::Lasts(Duration::Run, sign, span) => write!(f, "time {sign} {span}"),
            Self::Not(inner) => write!(f, "not {}", Inside(inner)),
            Self::All(parts) => {
                joined(f, parts, " and ", |part| matches!(part, Self::All(_) | Self::Any(_)))
            }
            Self::Any(parts) => joined(f, parts, " or ", |part| matches!(part, Self::Any(_))),
        }
    }
}

/// A condition after `not`: in parentheses unless it is a single form.
struct Inside<'a>(&'a Condition);

impl fmt::Display for Inside<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(inner) = self;
        match inner {
            Condition::All(_) | Condition::Any(_) => write!(f, "({inner})"),
            _ => inner.fmt(f),
        }
    }
}

fn joined(
    f: &mut fmt::Formatter<'_>,
    parts: &[Condition],
    joint: &str,
    in_parentheses: impl Fn(&Condition) -> bool,
) -> fmt::Result {
    for (i, part) in parts.iter().enumerate() {
        if i > 0 {
            f.write_str(joint)?;
        }
        if in_parentheses(part) { write!(f, "({part})")? } else { write!(f, "{part}")? }
    }
    Ok(())
}

fn equality(yes: bool) -> Sign {
    if yes { Sign::Equal } else { Sign::Unequal }
}

/// A key or value; one that could be mistaken for another word is in quotes.
fn word(word: &str) -> String {
    if RESERVED.contains(&word) || !word.chars().all(is_bare) {
        return format!("\"{}\"", word.replace('\\', "\\\\").replace('"', "\\\""));
    }
    Quoted(word).to_string()
}

impl State {
    /// Its word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Status(status) => status.name(),
            Self::Role(role) => role.name(),
        }
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of = |f: &mut fmt::Formatter<'_>, name, node: Option<NodeId>| match node {
            Some(node) => write!(f, "{name}({node})"),
            None => f.write_str(name),
        };
        match self {
            Self::Term(node) => of(f, "term", *node),
            Self::Commit(node) => of(f, "commit", *node),
            Self::Log(node) => of(f, "log", *node),
            Self::Leaders => f.write_str("leaders"),
            Self::Up => f.write_str("up"),
            Self::Crashed => f.write_str("crashed"),
            Self::Messages => f.write_str("messages"),
            Self::Waiting => f.write_str("waiting"),
        }
    }
}

impl fmt::Display for Sign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Equal => "=",
            Self::Unequal => "!=",
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::More => ">",
            Self::AtLeast => ">=",
        })
    }
}
