//! Kinds of statements, by the word that `did(…)` and the `allow` of a lesson name them with.

use crate::run::Statement;
use crate::script::FORMS;
use crate::store::Op;

/// A kind of statement: `crash`, `partition`; of a client `get`, `set` and so on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deed(&'static str);

/// The words for the requests of clients.
const REQUESTS: [&str; 6] = ["get", "set", "upd", "del", "cas", "append"];
/// Statements that change nothing in the World.
const TOLD: [&str; 4] = ["note", "chapter", "speed", "show"];

impl Deed {
    /// Every kind.
    pub fn all() -> impl Iterator<Item = Self> {
        let words = FORMS.iter().map(|form| form.word);
        let done = words.filter(|word| !TOLD.contains(word) && !REQUESTS.contains(word));
        done.chain(REQUESTS).map(Self)
    }

    /// The kind of that word, if there is one.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::all().find(|deed| deed.0 == word)
    }

    /// Its word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        self.0
    }

    /// Whether a statement is of this kind. `set` is both a request and a setting.
    #[must_use]
    pub fn is(self, statement: &Statement) -> bool {
        self.0 == word(statement)
    }
}

fn word(statement: &Statement) -> &'static str {
    match statement {
        Statement::Node(_, fault) => fault.word(),
        Statement::Disk(..) => "disk",
        Statement::Isolate(_) => "isolate",
        Statement::Cut(_) => "cut",
        Statement::Heal(_) => "heal",
        Statement::Partition(_) => "partition",
        Statement::Link(..) => "link",
        Statement::Network(_) => "network",
        Statement::Message(_, fault) => fault.word(),
        Statement::ClockJump(..) | Statement::ClockRate(..) => "clock",
        Statement::Ping(..) => "ping",
        Statement::Transfer(..) => "transfer",
        Statement::Add(_) => "add",
        Statement::Remove(_) => "remove",
        Statement::Workload(_) => "workload",
        Statement::Rule(..) => "rule",
        Statement::Set(_) => "set",
        Statement::Ask { request, .. } => Op::name(&request.op),
    }
}
