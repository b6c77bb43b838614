//! Questions and their syntax.
//!
//! A question is no statement: it belongs to no script and changes nothing.
//!
//! ```text
//! why                    the most pressing question now
//! why no-leader          no node leads
//! why n2                 n2 has its role or status: leader, follower, candidate, crashed …
//! why n2 no-leader       n2 knows of no leader
//! why n2 not-leader      n2 does not lead: it stepped down, or did not get enough votes
//! why n2 vote n3         n2 did, or did not, vote for n3
//! why n2 suspects n3     n2, or lb, believes n3 dead
//! why n2 keeps n3        n2 still keeps data for n3: hints, commands, keys
//! why entry 5 at n1      n1 does, or does not, know that entry 5 of its log is committed
//! why key x at n2        n2 has its value of x, or lacks it
//! why key x              the nodes have their values of x, and differ
//! why c1                 c1 is waiting
//! why op 12              the 12th operation ended as it did: stale, lost, failed, unknown
//! why m17                that message was sent, or lost
//! why n1-n2              that link is cut
//! why event 345          it happened
//! why read-your-writes   that property does not hold
//! ```
//!
//! Where several clusters stand side by side, `in cluster 2` at the end names one of them.

use crate::check::Property;
use crate::ids::{Addr, ClientId, EventId, MessageId, NodeId, OperationId};
use crate::protocol::Index;
use crate::script::quotation;
use crate::store::{Quoted, Word};
use std::fmt;
use std::str::FromStr;

/// A fact whose cause is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// The most pressing question now.
    Now,
    /// It happened.
    Event(EventId),
    /// No node leads the cluster.
    NoLeader,
    /// That node knows of no leader.
    LeaderOf(NodeId),
    /// That node has its role or status.
    Node(NodeId),
    /// That node does not lead.
    NotLeader(NodeId),
    /// The first did or did not vote for the second.
    Vote(NodeId, NodeId),
    /// The first believes the second dead.
    Suspects(Addr, NodeId),
    /// The first still keeps data for the second.
    Keeps(NodeId, NodeId),
    /// The entry of that index is committed or not, as far as that node knows; without a node, the
    /// leader.
    Entry(Index, Option<NodeId>),
    /// The value of a key at a node; without a node, at all of them.
    Key(Word, Option<NodeId>),
    /// A client is waiting.
    Client(ClientId),
    /// An operation ended as it did, or has not ended.
    Operation(OperationId),
    /// A message was sent, or lost.
    Message(MessageId),
    /// A link is cut.
    Link(NodeId, NodeId),
    /// A property does not hold.
    Broken(Property),
}

impl Question {
    /// Reads a question, and the number of the cluster that it names, from 0, if it names one.
    ///
    /// # Errors
    /// As [`Question::parse`]; and where the named cluster cannot exist.
    pub fn addressed(text: &str) -> Result<(Option<usize>, Self), String> {
        let Some((question, name)) = text.trim_end().rsplit_once(" in cluster ") else {
            return Ok((None, Self::parse(text)?));
        };
        let wanted = "expected the number of a cluster, from 1, such as in cluster 2";
        let number = name.trim().parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        let number = number.ok_or_else(|| format!("found {}, {wanted}", shown(name.trim())))?;
        Ok((Some(number), Self::parse(question)?))
    }

    /// Reads a question; the word `why` at its beginning may be left out.
    ///
    /// # Errors
    /// One sentence that names the text found and the possible questions.
    pub fn parse(text: &str) -> Result<Self, String> {
        let words = words(text)?;
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let asked = words.strip_prefix(&["why"]).unwrap_or(&words);
        match asked {
            [] => Ok(Self::Now),
            ["no-leader" | "leader"] => Ok(Self::NoLeader),
            ["event", id] => Ok(Self::Event(EventId(number(id, "an event such as event 345")?))),
            ["op", id] => {
                Ok(Self::Operation(OperationId(number(id, "an operation such as op 12")?)))
            }
            ["entry", index] => Ok(Self::Entry(entry(index)?, None)),
            ["entry", index, "at", node] => Ok(Self::Entry(entry(index)?, Some(self::node(node)?))),
            ["key", key] => Ok(Self::Key((*key).into(), None)),
            ["key", key, "at", node] => Ok(Self::Key((*key).into(), Some(self::node(node)?))),
            ["key", ..] => Err("found key, expected a key and a node, such as key x at n2".into()),
            ["lb", "suspects", whom] => Ok(Self::Suspects(Addr::Balancer, self::node(whom)?)),
            ["message", id] => message(id).ok_or_else(|| unknown(id)),
            [one] => single(one).or_else(|| property(one)).ok_or_else(|| unknown(one)),
            [who, rest @ ..] if named::<u16>(who, 'n').is_some() => of_node(node(who)?, rest),
            [who, "waiting" | "waits"] => single(who).ok_or_else(|| unknown(who)),
            [first, ..] => Err(unknown(first)),
        }
    }
}

/// The possible questions, for the end of an error.
const CAN_BE: &str = "expected no-leader, n2, n2 no-leader, n2 not-leader, n2 vote n3, \
                      n2 suspects n3, n2 keeps n3, entry 5 at n1, key x at n2, key x, c1, op 12, \
                      m17, n1-n2, event 345 or a property such as read-your-writes";

fn unknown(word: &str) -> String {
    format!("found {}, {CAN_BE}", shown(word))
}

/// The part of a word that an error repeats, on one line.
fn shown(word: &str) -> String {
    word.chars().take(40).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// `n2`, `c1`, `m17` or `n1-n2`.
fn single(word: &str) -> Option<Question> {
    if let Some((a, b)) = word.split_once('-') {
        return Some(Question::Link(node(a).ok()?, node(b).ok()?));
    }
    let client = || named(word, 'c').map(|n| Question::Client(ClientId(n)));
    node(word).ok().map(Question::Node).or_else(client).or_else(|| message(word))
}

fn property(word: &str) -> Option<Question> {
    Property::ALL.into_iter().find(|p| p.word() == word).map(Question::Broken)
}

fn message(word: &str) -> Option<Question> {
    named(word, 'm').map(|n| Question::Message(MessageId(n)))
}

fn of_node(node: NodeId, rest: &[&str]) -> Result<Question, String> {
    match rest {
        ["no-leader"] => Ok(Question::LeaderOf(node)),
        ["not-leader"] => Ok(Question::NotLeader(node)),
        ["vote" | "votes", whom] => Ok(Question::Vote(node, self::node(whom)?)),
        ["suspects", whom] => Ok(Question::Suspects(node.into(), self::node(whom)?)),
        ["keeps", whom] => Ok(Question::Keeps(node, self::node(whom)?)),
        ["entry", index] => Ok(Question::Entry(entry(index)?, Some(node))),
        ["key", key] => Ok(Question::Key((*key).into(), Some(node))),
        ["leader" | "follower" | "candidate" | "primary" | "backup" | "role" | "term"]
        | ["down" | "crashed" | "paused"] => Ok(Question::Node(node)),
        [first, ..] => Err(unknown(first)),
        [] => Ok(Question::Node(node)),
    }
}

fn node(word: &str) -> Result<NodeId, String> {
    let wanted = || format!("found {}, expected a node such as n1", shown(word));
    named(word, 'n').map(NodeId).ok_or_else(wanted)
}

fn entry(word: &str) -> Result<Index, String> {
    number(word, "an entry such as entry 5").map(Index)
}

/// The number behind a letter, from 1.
fn named<T: FromStr + Default + PartialEq>(word: &str, letter: char) -> Option<T> {
    let digits = word.strip_prefix(letter)?;
    let number = digits.parse().ok().filter(|n| *n != T::default());
    number.filter(|_| digits.bytes().all(|b| b.is_ascii_digit()))
}

fn number(word: &str, wanted: &str) -> Result<u32, String> {
    let digits = word.bytes().all(|b| b.is_ascii_digit());
    let number = word.parse().ok().filter(|_| digits);
    number.ok_or_else(|| format!("found {}, expected {wanted}", shown(word)))
}

/// Words separated by blanks; a text in double quotes is one word.
fn words(text: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let length = if rest.starts_with('"') {
            let (word, length) = quotation::read(rest).map_err(|wrong| wrong.sentence)?;
            words.push(word);
            length
        } else {
            let length = rest.find(char::is_whitespace).unwrap_or(rest.len());
            words.push(rest[..length].to_owned());
            length
        };
        let behind = &rest[length..];
        rest = behind.trim_start();
        if !rest.is_empty() && rest.len() == behind.len() {
            return Err(format!("found {} behind a quote, expected a blank", shown(rest)));
        }
    }
    Ok(words)
}

/// The question in the form in which it is read.
impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Now => write!(f, "why"),
            Self::Event(id) => write!(f, "why event {}", id.0),
            Self::NoLeader => write!(f, "why no-leader"),
            Self::LeaderOf(n) => write!(f, "why {n} no-leader"),
            Self::Node(n) => write!(f, "why {n}"),
            Self::NotLeader(n) => write!(f, "why {n} not-leader"),
            Self::Vote(n, whom) => write!(f, "why {n} vote {whom}"),
            Self::Suspects(who, whom) => write!(f, "why {who} suspects {whom}"),
            Self::Keeps(n, whom) => write!(f, "why {n} keeps {whom}"),
            Self::Entry(index, None) => write!(f, "why entry {index}"),
            Self::Entry(index, Some(n)) => write!(f, "why entry {index} at {n}"),
            Self::Key(key, Some(n)) => write!(f, "why key {} at {n}", Quoted(key)),
            Self::Key(key, None) => write!(f, "why key {}", Quoted(key)),
            Self::Client(c) => write!(f, "why {c}"),
            Self::Operation(id) => write!(f, "why op {}", id.0),
            Self::Message(id) => write!(f, "why {id}"),
            Self::Link(a, b) => write!(f, "why {a}-{b}"),
            Self::Broken(property) => write!(f, "why {}", property.word()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_is_read_again() {
        let (n, m) = (NodeId(2), NodeId(3));
        let all = [
            Question::Now,
            Question::Event(EventId(345)),
            Question::NoLeader,
            Question::LeaderOf(n),
            Question::Node(n),
            Question::NotLeader(n),
            Question::Vote(n, m),
            Question::Suspects(n.into(), m),
            Question::Suspects(Addr::Balancer, m),
            Question::Keeps(n, m),
            Question::Entry(Index(5), None),
            Question::Entry(Index(5), Some(n)),
            Question::Key("x".into(), Some(n)),
            Question::Key("a \"b\" \\ é".into(), Some(n)),
            Question::Key("".into(), Some(n)),
            Question::Key("at".into(), None),
            Question::Client(ClientId(1)),
            Question::Operation(OperationId(12)),
            Question::Message(MessageId(17)),
            Question::Link(n, m),
        ];
        let broken = Property::ALL.map(Question::Broken);
        for question in all.into_iter().chain(broken) {
            assert_eq!(Question::parse(&question.to_string()), Ok(question));
        }
    }

    #[test]
    fn other_ways_to_write_it() {
        assert_eq!(Question::parse(" n2 "), Ok(Question::Node(NodeId(2))));
        assert_eq!(Question::parse("why c1 waiting"), Ok(Question::Client(ClientId(1))));
        let entry = Question::Entry(Index(5), Some(NodeId(1)));
        assert_eq!(Question::parse("why n1 entry 5"), Ok(entry));
    }

    #[test]
    fn what_cannot_be_asked_is_refused_in_one_sentence() {
        for text in ["why not", "n0", "n-1", "why entry x", "op -3", "key", "key \"x", "n1 n2", "é"]
        {
            let sentence = Question::parse(text).unwrap_err();
            assert!(sentence.starts_with("found ") && !sentence.contains('\n'), "{sentence}");
        }
    }

    /// All three languages refuse the same texts, in the same words.
    #[test]
    fn all_languages_read_quotes_alike() {
        for (word, fault) in [
            (r#""a\qb""#, r#"found \q in quotes, expected \" or \\, the two that can be escaped"#),
            (r#""ab"#, "found a quote that does not end on its line"),
        ] {
            let script = format!("cluster raft\n@1s c1 get {word}");
            let script = crate::script::parse(&script).unwrap_err().to_string();
            let names = crate::condition::Names { nodes: 3, clients: 2 };
            let condition = crate::condition::parse(&format!("x at n1 = {word}"), names);
            let condition = condition.unwrap_err().to_string();
            let question = Question::parse(&format!("why key {word} at n1")).unwrap_err();
            for said in [script, condition, question] {
                assert!(said.contains(fault), "{said}");
            }
        }
    }
}
