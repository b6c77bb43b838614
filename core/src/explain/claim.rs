//! Claims: the page's statements about the present, as data. Each is rendered as a sentence by
//! [`Claim::text`], and each can be checked against the World, which a test does for random runs.

use super::serve::Serves;
use super::words::{be, length, listed, value};
use crate::ids::{Addr, ClientId, NodeId};
use crate::protocol::{Index, Term};
use crate::store::{Quoted, Word};
use crate::time::Span;

/// One statement about the present.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// A truth about the protocol and its settings, in any state.
    General(String),
    /// Number of running nodes, and number of all.
    Run(usize, usize),
    /// No node runs.
    NoneRuns,
    /// These nodes are down, and these paused; all others run.
    Away {
        /// They crashed.
        down: Vec<NodeId>,
        /// They are paused.
        paused: Vec<NodeId>,
    },
    /// The network is split: no node of one side can talk with a node of another.
    Sides(Vec<Vec<NodeId>>),
    /// Nothing gets from the first to the second; with `true`, nor back.
    Cut(Addr, Addr, bool),
    /// Number of links between nodes that are cut.
    Cuts(usize),
    /// A node leads, in a term where there are terms.
    Leads(NodeId, Option<Term>, &'static str),
    /// No running node leads.
    NobodyLeads(&'static str),
    /// A node stands for election in a term; the sentence adds its votes and the number that it
    /// needs.
    Stands(NodeId, Term),
    /// A leader sends a heartbeat in every such period, by its own clock.
    Heartbeats(NodeId, Span),
    /// No other node has a vote.
    Alone(NodeId),
    /// A running node believes that it leads a term, and another leads a later one.
    Believes(NodeId, Term),
    /// A node that the first can talk with knows of a later term than it does.
    KnowsLater(NodeId, NodeId, Term),
    /// A leader reaches too few voters to commit anything: (reached, of, need).
    CannotCommit(NodeId, usize, usize, usize),
    /// A leader reaches no majority of both the old and the new members.
    CannotCommitJointly(NodeId),
    /// Writes of these clients lie uncommitted in the log of that leader.
    WritesWait(NodeId, Vec<ClientId>),
    /// Too few voters run for an election: (up, of, need).
    TooFewRun(usize, usize, usize),
    /// No voter reaches more than `most` voters: (most, of, need).
    TooFewReached(usize, usize, usize),
    /// No node serves clients, or, with `true`, none accepts their writes.
    ClientsWait(bool),
    /// A number of voters have told a leader that they have its last entry on disk: (leader, entry,
    /// (have, of, need)); with `false` they only say so, since fsync is off.
    Counts(NodeId, Index, (usize, usize, usize), bool),
    /// A leader reaches voters: (reached, of, need); the last number of voters may still fail.
    Tolerates(NodeId, (usize, usize, usize), Option<usize>),
    /// These voters run and hear nothing from the leader.
    Deaf(Vec<NodeId>, NodeId),
    /// These voters hear the leader, but it does not hear them.
    Unheard(Vec<NodeId>, NodeId),
    /// Running nodes hold these values of a key, and, where the last list is not empty, these hold
    /// none.
    Holds(Word, Vec<(Word, Vec<NodeId>)>, Vec<NodeId>),
    /// Every read of a quorum meets the last acknowledged write: (R, W, N).
    ReadsMeet(u16, u16, u16),
    /// The keys that sides of the network can read and write.
    Serves(Vec<Serves>),
    /// Several nodes act as primary, or coordinate.
    SeveralLead(Vec<NodeId>, &'static str),
    /// No other node has a copy that the primary can reach.
    OnlyCopy(NodeId),
    /// A primary reaches too few backups for a write: (reached, need).
    TooFewBackups(NodeId, usize, usize),
    /// A primary and these nodes do not hear each other.
    Apart(Vec<NodeId>, NodeId),
    /// These nodes do not hear the primary, which hears them.
    DeafToPrimary(Vec<NodeId>, NodeId),
    /// The primary does not hear these nodes, which hear it.
    PrimaryDeaf(NodeId, Vec<NodeId>),
    /// No key that these nodes own can be written.
    OwnersAway(Vec<NodeId>),
    /// These nodes are the chain, from head to tail, by the newest version.
    Chain(Vec<NodeId>),
    /// These nodes belong to the chain and are not running.
    ChainStalls(Vec<NodeId>),
    /// The node that decides the members of the chain is not running.
    NoConfigurator(NodeId),
    /// These clients or nodes cannot talk with any node.
    CutOff(Vec<Addr>),
}

/// The claims as one line of text.
pub fn line(claims: &[Claim]) -> String {
    claims.iter().map(Claim::text).filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
}

impl Claim {
    /// The claim's sentence. Terms of the glossary stand in double brackets.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::General(text) => text.clone(),
            Self::Run(up, of) => format!("{up} of {of} nodes {}.", runs(*up)),
            Self::NoneRuns => "No node runs: nobody can answer.".into(),
            Self::Away { down, paused } => away(down, paused),
            Self::Sides(sides) => parted(sides),
            Self::Cut(a, b, true) => format!("The link {a}-{b} is cut."),
            Self::Cut(a, b, false) => format!("Nothing gets from {a} to {b}."),
            Self::Cuts(links) => format!("{links} links are cut."),
            Self::CutOff(who) => {
                format!("{} {} cut off from every node.", listed(who), be(who))
            }
            Self::Leads(n, Some(term), verb) => format!("{n} {verb} term {term}."),
            Self::Leads(n, None, verb) => format!("{n} {verb}."),
            Self::NobodyLeads(verb) => format!("Nobody {verb}."),
            Self::Stands(n, term) => format!("{n} stands for election in term {term}."),
            Self::Heartbeats(n, every) => {
                format!("Every {} {n} sends a [[heartbeat]].", length(*every))
            }
            Self::Alone(n) => format!("{n} is alone: it decides by itself."),
            Self::SeveralLead(who, verb) => format!("{} {verb}.", listed(who)),
            Self::Holds(key, values, none) => holds(key, values, none),
            Self::Serves(sides) => {
                sides.iter().map(Serves::phrase).collect::<Vec<_>>().join("; ") + "."
            }
            Self::ReadsMeet(r, w, n) => format!(
                "R + W = {} is more than N = {n}, so the [[quorums overlap]]: every read meets the last write that was [[acknowledged]].",
                r + w
            ),
            Self::Apart(who, primary) => format!(
                "{} and {primary}, the [[primary]], do not hear each other: each will take the other for dead.",
                listed(who)
            ),
            Self::DeafToPrimary(who, n) => {
                let (hear, take) =
                    if who.len() == 1 { ("hears", "takes") } else { ("hear", "take") };
                format!(
                    "{} {hear} nothing from {n}, the [[primary]], and soon {take} it for dead.",
                    listed(who)
                )
            }
            Self::PrimaryDeaf(n, who) => {
                let them = if who.len() == 1 { "it" } else { "them" };
                format!(
                    "{n}, the [[primary]], hears nothing from {}, and soon takes {them} for dead.",
                    listed(who)
                )
            }
            Self::OnlyCopy(n) => {
                format!(
                    "{n} is the only copy within reach: what it accepts now is on no other node."
                )
            }
            Self::TooFewBackups(n, have, need) => {
                format!("A write needs {need} [[backups]] and {n} reaches {have}, so writes wait.")
            }
            Self::Chain(chain) => super::chain::form(chain),
            Self::ChainStalls(away) => format!(
                "{} {} to the chain and {} not run: no new write gets through.",
                listed(away),
                if away.len() == 1 { "belongs" } else { "belong" },
                if away.len() == 1 { "does" } else { "do" }
            ),
            Self::NoConfigurator(n) => format!(
                "{n} decides who belongs to the chain, and does not run: nobody repairs the chain."
            ),
            Self::OwnersAway(owners) => {
                let they = if owners.len() == 1 { "it owns" } else { "they own" };
                format!("What {they} cannot be written meanwhile.")
            }
            _ => self.of_votes(),
        }
    }

    /// The sentences about elections and majorities.
    fn of_votes(&self) -> String {
        match self {
            Self::Believes(n, term) => {
                format!("{n} still believes that it leads [[term]] {term}.")
            }
            Self::KnowsLater(_, by, term) => {
                format!("{by} knows of [[term]] {term}, and answers it.")
            }
            Self::CannotCommit(n, reached, of, need) => format!(
                "{n} needs {need} of {of} for a [[majority]] and reaches {reached}: it can [[commit]] nothing new."
            ),
            Self::CannotCommitJointly(n) => format!(
                "{n} needs a [[majority]] of the old and of the new [[members]], and lacks one: it can [[commit]] nothing new."
            ),
            Self::WritesWait(_, clients) => match &clients[..] {
                [only] => format!("{only}'s write waits in its [[log]]."),
                all => format!("Writes of {} wait in its [[log]].", listed(all)),
            },
            Self::TooFewRun(0, ..) => "No node runs.".into(),
            Self::TooFewRun(up, of, need) => format!(
                "{up} of {of} nodes {}: without a [[majority]] of {need} nobody can be elected.",
                runs(*up)
            ),
            Self::TooFewReached(most, of, need) => format!(
                "No node reaches more than {most} of {of}: without a [[majority]] of {need} nobody can be elected."
            ),
            Self::ClientsWait(false) => "Until one [[leads]], clients wait.".into(),
            Self::ClientsWait(true) => {
                "Until one [[leads]], nothing is written; reads are answered as they stand.".into()
            }
            Self::Counts(n, entry, (have, of, need), durable) => {
                let that = if *durable { "on disk" } else { "in memory at least" };
                format!(
                    "{n} knows that {have} of {of} have [[entry]] {entry} {that}. With {need} it is [[committed]]."
                )
            }
            Self::Tolerates(n, (reached, of, need), more) => {
                let more = match more {
                    None => String::new(),
                    Some(0) => " No other may fail.".into(),
                    Some(1) => " One more may fail.".into(),
                    Some(more) => format!(" {more} more may fail."),
                };
                format!("{n} reaches {reached} of {of}, and {need} make a [[majority]].{more}")
            }
            Self::Deaf(who, leader) => {
                let (hear, them) =
                    if who.len() == 1 { ("hears", "It learns") } else { ("hear", "They learn") };
                format!(
                    "{} {hear} nothing from {leader}. {them} of nothing that the others [[commit]].",
                    listed(who)
                )
            }
            Self::Unheard(who, leader) => {
                let (hear, them) =
                    if who.len() == 1 { ("hears", "its") } else { ("hear", "their") };
                format!(
                    "{} {hear} {leader}, but {them} answers are lost: {leader} cannot count on them.",
                    listed(who)
                )
            }
            other => unreachable!("{other:?} is rendered above"),
        }
    }
}

const fn runs(n: usize) -> &'static str {
    if n == 1 { "runs" } else { "run" }
}

/// `n1 and n2 are down, n3 is paused.`
fn away(down: &[NodeId], paused: &[NodeId]) -> String {
    let are = |who: &[NodeId], how: &str| format!("{} {} {how}", listed(who), be(who));
    let parts = [(down, "down"), (paused, "paused")].into_iter();
    let said = parts.filter(|(who, _)| !who.is_empty()).map(|(who, how)| are(who, how));
    said.collect::<Vec<_>>().join(", ") + "."
}

/// `n3 is cut off from the others.`, `n1 and n2 are cut off from n3, n4 and n5.`
fn parted(sides: &[Vec<NodeId>]) -> String {
    match sides {
        [a, b] => {
            let (few, many) = if a.len() <= b.len() { (a, b) } else { (b, a) };
            format!("{} {} cut off from {}.", listed(few), be(few), listed(many))
        }
        all => {
            let parts: Vec<String> = all.iter().map(|side| crate::ids::ranged(side)).collect();
            format!("The network is in {} parts: {}.", all.len(), parts.join(" | "))
        }
    }
}

/// `n1 and n2 hold x = 2, n3 holds x = 1, n4 none.`
fn holds(key: &Word, values: &[(Word, Vec<NodeId>)], none: &[NodeId]) -> String {
    let one = |(held, nodes): &(Word, Vec<NodeId>)| {
        let verb = if nodes.len() == 1 { "holds" } else { "hold" };
        format!("{} {verb} {} = {}", listed(nodes), Quoted(key), value(held))
    };
    let mut said = values.iter().map(one).collect::<Vec<_>>().join(", ");
    if !none.is_empty() {
        said.push_str(&format!(", {} none", listed(none)));
    }
    said + "."
}
