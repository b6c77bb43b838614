//! Terms and their meanings, in one or two plain sentences.

/// A term that is explained.
pub struct Entry {
    /// The term.
    pub term: &'static str,
    /// Other forms of it that sentences use.
    pub forms: &'static [&'static str],
    /// Its meaning. Other terms stand in double brackets.
    pub text: &'static str,
}

/// All terms, in alphabetical order.
#[rustfmt::skip]
pub static GLOSSARY: &[Entry] = &[
    Entry { term: "acknowledged", forms: &["acknowledgement", "acknowledgements", "no acknowledged write lost"], text: "A write is acknowledged when the client was told that it is done. What was promised then must not be lost, and with [[linearizability]] every later read shows it." },
    Entry { term: "anti-entropy", forms: &[], text: "Now and then two replicas compare what they hold, by the hashes of a [[Merkle tree]], and copy what one of them lacks. It finds what [[hinted handoff]] and [[read repair]] have missed." },
    Entry { term: "asynchronous replication", forms: &[], text: "The client is answered before the copies have the write. That is fast, and what no copy has yet is lost with the one node that has it. The other way is [[synchronous replication]]." },
    Entry { term: "backup", forms: &["backups"], text: "A copy that follows a [[primary]] and takes over when that one is gone: a [[failover]]." },
    Entry { term: "bully election", forms: &[], text: "Each node asks those with a higher number whether they are there. Who hears of none announces itself as [[coordinator]], so the highest that can be reached wins; it asks for no [[majority]]." },
    Entry { term: "candidate", forms: &["candidates"], text: "A node that asks the others for their [[votes]] because it has heard no [[leader]] for too long. Where there is a [[pre-vote]] it first asks whether it could win." },
    Entry { term: "checkpoint", forms: &["checkpoints"], text: "The whole state, written to disk. A node that starts again reads it and carries out only what its log has after it. Under Raft it is called a [[snapshot]]." },
    Entry { term: "clock skew", forms: &["skew"], text: "Clocks of two machines never quite agree. Where time stamps decide, as in [[last write wins]] or with a [[lease]], that loses writes or makes reads stale." },
    Entry { term: "commit", forms: &["commits", "committed"], text: "An entry is committed when a [[majority]] has it on disk. From then on it stays, whoever leads, and clients may be told. How far that is, each node knows as its [[commit index]]." },
    Entry { term: "commit index", forms: &[], text: "The last place of the log up to which a node knows all [[entries]] to be [[committed]]. Followers learn it from their leader, a little later." },
    Entry { term: "configuration", forms: &["configurations", "members", "member"], text: "Who is a member and who may vote. It stands in the log like a command. To replace several members at once takes [[joint consensus]]; who joins is at first a [[learner]]." },
    Entry { term: "convergence", forms: &["converge", "replicas converge"], text: "When nobody writes any more and every message has arrived, all [[replicas]] of a key are equal. [[Anti-entropy]] and [[read repair]] see to it." },
    Entry { term: "coordinator", forms: &["coordinators"], text: "Whoever asks the others on behalf of all: for one request, and makes one answer of theirs; or, in an election by id, for as long as it is there." },
    Entry { term: "durable", forms: &["durably"], text: "What is durable survives a crash. A write is durable once the disk says so ([[fsync]]); until then it is only in memory." },
    Entry { term: "election", forms: &["elections"], text: "How a leader is found: a [[candidate]] opens a new [[term]], votes for itself and asks the others. With votes from a [[majority]] it leads." },
    Entry { term: "election timer", forms: &["election timeout"], text: "Every follower waits for its leader's next message for a time drawn by lot. If none comes, it stands for election itself; the lot keeps two from doing so at once." },
    Entry { term: "entry", forms: &["entries"], text: "One command in the log, with its place and the [[term]] it was made in." },
    Entry { term: "failover", forms: &[], text: "Another takes over from a [[primary]] that is gone, or that is taken to be gone. If it was not, there are two: a [[split brain]]." },
    Entry { term: "failure detector", forms: &["suspects", "suspicion"], text: "A node that has not been heard of for a time is taken to be dead. From outside a slow node, a lost message and a crash look the same, so it can be wrong." },
    Entry { term: "follower", forms: &["followers"], text: "A node that takes its log from the [[leader]] and sends clients there." },
    Entry { term: "fsync", forms: &[], text: "The call with which a program waits until the disk really has what was written. Without it a crash takes away what seemed to be [[durable]], and may leave a [[torn tail]]." },
    Entry { term: "heartbeat", forms: &["heartbeats"], text: "A message without content by which a node, such as a leader, says that it is still there. A [[failure detector]] waits for it." },
    Entry { term: "hinted handoff", forms: &["hint", "hints"], text: "A version for a replica that does not answer is kept by another node, as a hint, and handed over when it answers again. See [[sloppy quorum]]." },
    Entry { term: "joint consensus", forms: &[], text: "While members change, a decision takes a [[majority]] of the old members and one of the new. So there is no moment at which each half could decide alone." },
    Entry { term: "last write wins", forms: &["newest", "newest version"], text: "Of two versions the one with the later time stamp is kept. A clock that is wrong ([[clock skew]]) makes an older write win. A deletion leaves a [[tombstone]], which has a time stamp too." },
    Entry { term: "leader", forms: &["leads"], text: "The one node that takes commands from clients and decides their order. What must hold is the [[safety of Raft]]. A node can believe that it leads when the others have chosen another; so it asks for a [[read index]], or has a [[lease]], before it answers a read." },
    Entry { term: "learner", forms: &["learners"], text: "A new member that is sent the log and has no [[vote]] yet, so that it does not count before it has caught up." },
    Entry { term: "lease", forms: &["leases"], text: "For some time after a majority has heard of it, a [[leader]] may answer reads alone, since nobody else can be elected so soon. It rests on clocks that run alike: see [[clock skew]]." },
    Entry { term: "linearizability", forms: &["linearizable"], text: "Every operation seems to happen at one moment between question and answer, so that nobody who asks after an answer was given sees anything older. [[Session guarantees]] ask for less." },
    Entry { term: "log", forms: &["logs"], text: "The commands in the order in which all nodes carry them out. If the logs are the same, so are the nodes." },
    Entry { term: "majority", forms: &["majorities"], text: "More than half of the nodes. Any two majorities share a node, so two of them cannot decide against each other. It is the most usual [[quorum]]." },
    Entry { term: "Merkle tree", forms: &["Merkle root"], text: "A tree of hashes over everything that a node holds. Where two have the same root they hold the same; else the branches lead to what differs." },
    Entry { term: "owner", forms: &["owns"], text: "The first node of a key's [[preference list]]: it serves the key and tells the other [[replicas]]." },
    Entry { term: "partition", forms: &["partitions"], text: "The network falls into parts that cannot reach each other. The nodes in each part do not know whether the others are down or only far." },
    Entry { term: "pre-vote", forms: &[], text: "Before it opens a new [[term]], a node asks whether it could win. So a node that was cut off does not disturb the others when it comes back." },
    Entry { term: "preference list", forms: &["preference lists"], text: "The nodes that a key belongs to, in order: the first is its [[owner]], the next hold copies. On a [[ring]] they are those that come behind the key." },
    Entry { term: "primary", forms: &["primaries"], text: "The one copy that serves clients; the others, its [[backups]], are told what it did. Whoever takes over when it is gone has only what it was told." },
    Entry { term: "quorum", forms: &["quorums"], text: "So many nodes that have to answer before a write (W) or a read (R) is done. What matters is whether any two of them must share a node: see [[quorum intersection]]." },
    Entry { term: "quorum intersection", forms: &["quorums overlap", "overlap"], text: "With N copies, whoever asks R of them meets one of the W that took the last write, if R + W is more than N. Otherwise a read can miss it." },
    Entry { term: "read index", forms: &[], text: "Before a [[leader]] answers a read it notes how far its log is [[committed]], and makes sure with a round of [[heartbeats]] that it still leads. So no read is stale." },
    Entry { term: "read repair", forms: &[], text: "A read that finds an older version at some replica brings that one up to date." },
    Entry { term: "replica", forms: &["replicas"], text: "A node that holds a copy of the data. That all copies become equal in the end is called [[convergence]]." },
    Entry { term: "ring", forms: &[], text: "Keys and nodes have places on a circle, by their hashes; a key belongs to the nodes that come behind it. When a node joins or leaves, only its neighbours' keys move. See [[virtual nodes]]." },
    Entry { term: "safety of Raft", forms: &["election safety", "leader append-only", "log matching", "leader completeness", "state machine safety", "persistence"], text: "What must never happen, whatever fails: two leaders in one [[term]] (election safety), a leader that changes its own log (leader append-only), logs that agree on an entry and not on those before (log matching), a leader that lacks what is [[committed]] (leader completeness), two nodes that carry out different commands at one place (state machine safety), or that what was [[durable]] is forgotten (persistence)." },
    Entry { term: "session guarantees", forms: &["session guarantee", "read your writes", "monotonic reads", "monotonic writes", "writes follow reads"], text: "What one client may rely on: it sees its own writes (read your writes), never something older than before (monotonic reads), and writes of others in the order in which they came about (monotonic writes, writes follow reads). [[Linearizability]] asks for more." },
    Entry { term: "sloppy quorum", forms: &["sloppy"], text: "Where the nodes that a key belongs to do not answer, others count in their place, with [[hinted handoff]]. Writes go on, but a read need not meet them." },
    Entry { term: "snapshot", forms: &["snapshots"], text: "The state as it is up to some entry, in the place of the log up to there. A [[follower]] that lags behind its beginning is sent the snapshot. Elsewhere it is called a [[checkpoint]]." },
    Entry { term: "split brain", forms: &[], text: "Two nodes act as [[leader]] at the same time. It does harm only if both can have what they accept [[committed]]." },
    Entry { term: "synchronous replication", forms: &[], text: "The client is answered only when the copies have the write. What was [[acknowledged]] survives the [[primary]], and one slow copy makes everybody wait." },
    Entry { term: "term", forms: &["terms"], text: "Time is cut into numbered terms, each begun by an [[election]] and with one leader at most. A node that hears of a higher term gives up what it believed." },
    Entry { term: "tombstone", forms: &["tombstones"], text: "What is left where a key was deleted: a mark with a time stamp. Without it an older copy would bring the key back; where it is forgotten after a time, a copy that missed it does." },
    Entry { term: "torn tail", forms: &["torn"], text: "The last record on a disk of which only a part was written when the power failed. A check sum shows it, and it is thrown away at the next start." },
    Entry { term: "virtual node", forms: &["virtual nodes"], text: "Each node has several places on the [[ring]], so that the keys are shared evenly, and those of a node that leaves go to many others." },
    Entry { term: "vote", forms: &["votes"], text: "Each node votes once a [[term]], and only for a node whose log is at least as far as its own." },
];

/// The entry that explains a word, also one with a capital letter at the beginning of a sentence.
#[must_use]
pub fn explained(word: &str) -> Option<&'static Entry> {
    GLOSSARY.iter().find(|e| e.words().any(|w| w.eq_ignore_ascii_case(word)))
}

impl Entry {
    /// The term and its forms.
    fn words(&self) -> impl Iterator<Item = &'static str> {
        [self.term].into_iter().chain(self.forms.iter().copied())
    }

    /// Length of the longest of its words with which a text begins.
    fn longest_at(&self, text: &str) -> Option<usize> {
        let begins = |word: &&str| {
            let there = text.get(..word.len()).is_some_and(|t| t.eq_ignore_ascii_case(word));
            there && !text[word.len()..].starts_with(is_in_word)
        };
        self.words().filter(begins).map(str::len).max()
    }
}

/// Marks the terms of a plain sentence with double brackets, each entry once, at its first place;
/// of two that begin at one place the longer.
#[must_use]
pub fn marked(text: &str) -> String {
    let mut used: Vec<&str> = Vec::new();
    let (mut told, mut done) = (String::new(), 0);
    for (from, _) in text.char_indices() {
        if from < done || text[..from].ends_with(is_in_word) {
            continue;
        }
        let here = GLOSSARY.iter().filter(|entry| !used.contains(&entry.term));
        let here = here.filter_map(|entry| Some((entry.longest_at(&text[from..])?, entry.term)));
        if let Some((length, term)) = here.max_by_key(|(length, _)| *length) {
            told.push_str(&format!("{}[[{}]]", &text[done..from], &text[from..from + length]));
            used.push(term);
            done = from + length;
        }
    }
    told + &text[done..]
}

fn is_in_word(c: char) -> bool {
    c.is_alphanumeric() || c == '-'
}

/// A part of a headline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Plain text.
    Text(&'a str),
    /// A word that the glossary explains.
    Term(&'a str),
}

/// Splits a text with `[[terms]]` into pieces.
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

/// The text without the brackets.
#[must_use]
pub fn plain(text: &str) -> String {
    let words = |piece| match piece {
        Piece::Text(text) | Piece::Term(text) => text,
    };
    pieces(text).into_iter().map(words).collect()
}
