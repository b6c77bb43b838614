//! Terms and what they mean, in one or two plain sentences.

/// A term that is explained.
pub struct Entry {
    /// The term.
    pub term: &'static str,
    /// Other forms of it that sentences use.
    pub forms: &'static [&'static str],
    /// What it means.
    pub text: &'static str,
}

/// All terms, in alphabetical order.
#[rustfmt::skip]
pub static GLOSSARY: &[Entry] = &[
    Entry { term: "acknowledged", forms: &["acknowledgement"], text: "A write is acknowledged when the client was told that it is done. What was promised then must not be lost." },
    Entry { term: "bully election", forms: &[], text: "Each node asks those with a higher number whether they are there. Who hears of none announces itself as coordinator, so the highest that can be reached wins; it asks for no majority." },
    Entry { term: "candidate", forms: &["candidates"], text: "A node that asks the others for their votes because it has heard no leader for too long." },
    Entry { term: "commit", forms: &["commits", "committed"], text: "An entry is committed when a majority has it on disk. From then on it stays, whoever leads, and clients may be told." },
    Entry { term: "coordinator", forms: &[], text: "Whoever asks the others on behalf of all: for one request, and makes one answer of theirs; or, in an election by id, for as long as it is there." },
    Entry { term: "durable", forms: &[], text: "What is durable survives a crash. A write is durable once the disk says so; until then it is only in memory." },
    Entry { term: "election", forms: &["elections"], text: "How a leader is found: a node opens a new term, votes for itself and asks the others. With votes from a majority it leads." },
    Entry { term: "election timer", forms: &["election timeout"], text: "Every follower waits for its leader's next message for a time drawn by lot. If none comes, it stands for election itself; the lot keeps two from doing so at once." },
    Entry { term: "entry", forms: &["entries"], text: "One command in the log, with its place and the term it was made in." },
    Entry { term: "follower", forms: &["followers"], text: "A node that takes its log from the leader and sends clients there." },
    Entry { term: "heartbeat", forms: &["heartbeats"], text: "A message without content by which a leader says that it is still there." },
    Entry { term: "last write wins", forms: &["newest", "newest version"], text: "Of two versions the one with the later time stamp is kept. A clock that is wrong makes an older write win." },
    Entry { term: "leader", forms: &["leads"], text: "The one node that takes commands from clients and decides their order. A node can believe that it leads when the others have chosen another." },
    Entry { term: "log", forms: &["logs"], text: "The commands in the order in which all nodes carry them out. If the logs are the same, so are the nodes." },
    Entry { term: "majority", forms: &["majorities"], text: "More than half of the nodes. Any two majorities share a node, so two of them cannot decide against each other." },
    Entry { term: "partition", forms: &[], text: "The network falls into parts that cannot reach each other. The nodes in each part do not know whether the others are down or only far." },
    Entry { term: "pre-vote", forms: &[], text: "Before it opens a new term, a node asks whether it could win. So a node that was cut off does not disturb the others when it comes back." },
    Entry { term: "primary", forms: &[], text: "The one copy that serves clients; the others, its backups, are told what it did. Whoever takes over when it is gone has only what it was told." },
    Entry { term: "replica", forms: &["replicas"], text: "A node that holds a copy of the data." },
    Entry { term: "split brain", forms: &[], text: "Two nodes act as leader at the same time. It does harm only if both can have what they accept committed." },
    Entry { term: "term", forms: &["terms"], text: "Time is cut into numbered terms, each begun by an election and with one leader at most. A node that hears of a higher term gives up what it believed." },
    Entry { term: "vote", forms: &["votes"], text: "Each node votes once a term, and only for a node whose log is at least as far as its own." },
];

/// The entry that explains a word of a sentence.
#[must_use]
pub fn explained(word: &str) -> Option<&'static Entry> {
    GLOSSARY.iter().find(|e| e.term == word || e.forms.contains(&word))
}

/// A part of a headline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Plain text.
    Text(&'a str),
    /// A word that the glossary explains.
    Term(&'a str),
}

/// Takes a text with `[[terms]]` apart.
#[must_use]
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, (term, after))) =
        rest.split_once("[[").and_then(|(before, from)| Some((before, from.split_once("]]")?)))
    {
        if !before.is_empty() {
            pieces.push(Piece::Text(before));
        }
        pieces.push(Piece::Term(term));
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    pieces
}

/// The same text without the brackets.
#[must_use]
pub fn plain(text: &str) -> String {
    let words = |piece| match piece {
        Piece::Text(text) | Piece::Term(text) => text,
    };
    pieces(text).into_iter().map(words).collect()
}
