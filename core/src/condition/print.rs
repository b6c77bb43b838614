//! The printer of conditions.

use super::lexis::is_bare;
use super::{Condition, Duration, Quantity, Sign, State};
use crate::ids::{ClientId, NodeId};
use crate::store::Quoted;
use std::fmt;

/// Words that begin other forms than a key, or have another meaning as a value.
pub(super) const RESERVED: [&str; 9] =
    ["not", "and", "or", "at", "none", "leader", "violation", "then", "for"];

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
            Self::Violated(breach) => write!(f, "violated({})", breach.word()),
            Self::Read(client, key, yes, value) => {
                let value = value.as_deref().map_or_else(|| "none".to_owned(), word);
                write!(f, "{client} read {} {} {value}", word(key), equality(*yes))
            }
            Self::Answered(client) => write!(f, "answered({client})"),
            Self::Failed(client) => write!(f, "failed({client})"),
            Self::Did(deed) => write!(f, "did({})", deed.word()),
            Self::Then(first, second) => {
                let second = Parted(second, matches!(**second, Self::Then(..)));
                write!(f, "{first} then {second}")
            }
            Self::For(inner, span) => {
                let is_joint = |part: &Self| {
                    matches!(part, Self::Not(_) | Self::For(..)) || Inside::is_joint(part)
                };
                write!(f, "{} for {span}", Parted(inner, is_joint(inner)))
            }
            Self::Not(inner) => write!(f, "not {}", Inside(inner)),
            Self::All(parts) => joined(f, parts, " and ", Inside::is_joint),
            Self::Any(parts) => {
                joined(f, parts, " or ", |part| matches!(part, Self::Any(_) | Self::Then(..)))
            }
        }
    }
}

/// A condition after `not`: in parentheses unless it is a single form.
struct Inside<'a>(&'a Condition);

impl Inside<'_> {
    /// Whether a condition is of parts with a word between them.
    fn is_joint(part: &Condition) -> bool {
        matches!(part, Condition::All(_) | Condition::Any(_) | Condition::Then(..))
    }
}

impl fmt::Display for Inside<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Parted(self.0, Self::is_joint(self.0)).fmt(f)
    }
}

/// A condition in parentheses or without.
struct Parted<'a>(&'a Condition, bool);

impl fmt::Display for Parted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(inner, parted) = self;
        if *parted { write!(f, "({inner})") } else { inner.fmt(f) }
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
            Self::Answered(client) => of_client(f, "answered", *client),
            Self::Failed(client) => of_client(f, "failed", *client),
            Self::Did(deed) => write!(f, "did({})", deed.word()),
            Self::Statements => f.write_str("statements"),
        }
    }
}

fn of_client(f: &mut fmt::Formatter<'_>, name: &str, client: Option<ClientId>) -> fmt::Result {
    match client {
        Some(client) => write!(f, "{name}({client})"),
        None => f.write_str(name),
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
