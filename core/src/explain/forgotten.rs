//! The losses of a crash in words: the entries, updates and values that a node has forgotten.

use super::words::{listed, value};
use crate::ids::NodeId;
use crate::protocol::raft::{Entry, Payload};
use crate::protocol::{Record, chain, primary_backup, quorum_store, raft, ring};
use crate::store::{Op, Quoted, Request, Version, Word};
use crate::world::{Forgotten, World};

/// The most losses that are named.
const MOST_NAMED: usize = 2;

/// The losses of a node's last crash, in one sentence. `no_disk`: its preset keeps everything in
/// memory.
pub fn sentence(world: &World, n: NodeId, no_disk: bool) -> String {
    let Some(forgotten) = world.node(n).map(crate::world::Host::forgotten) else {
        return String::new();
    };
    if no_disk {
        return of_memory(forgotten);
    }
    if forgotten.wiped {
        return "Its disk is empty: it has forgotten everything.".into();
    }
    let names = names(forgotten);
    match (&names[..], forgotten.writes, forgotten.torn) {
        ([], 0, true) => "It throws away the [[torn tail]] of its disk.".into(),
        ([], 0, false) => "It forgets nothing: all that it wrote was [[durable]].".into(),
        ([], ..) => "It forgets no data: the rest was [[durable]].".into(),
        (names, ..) => format!("It forgets {}: that was not [[durable]].", some(names)),
    }
}

fn of_memory(forgotten: &Forgotten) -> String {
    let held: Vec<String> = forgotten.data.iter().map(|(k, v)| pair(k, v)).collect();
    match &held[..] {
        [] => "It keeps nothing on a disk, and had nothing to forget.".into(),
        held => format!("It keeps nothing on a disk, and forgets {}.", some(held)),
    }
}

fn some(names: &[String]) -> String {
    if names.len() <= MOST_NAMED {
        return listed(names);
    }
    format!("{} and {} more", names[..MOST_NAMED].join(", "), names.len() - MOST_NAMED)
}

/// The lost data, item by item, without bookkeeping records.
fn names(forgotten: &Forgotten) -> Vec<String> {
    forgotten.records.iter().flat_map(of_record).collect()
}

fn of_record(record: &Record) -> Vec<String> {
    match record {
        Record::Raft(raft::Record::Vote(term, Some(whom))) => {
            vec![format!("its [[vote]] for {whom} in term {term}")]
        }
        Record::Raft(raft::Record::Vote(_, None)) => Vec::new(),
        Record::Raft(raft::Record::Entries { after, entries }) => {
            let numbered = entries.iter().zip(after.0 + 1..);
            numbered.map(|(entry, index)| of_entry(index, entry)).collect()
        }
        Record::PrimaryBackup(primary_backup::Record::TookOver(term)) => {
            vec![format!("that it became [[primary]] by election {term}")]
        }
        Record::PrimaryBackup(primary_backup::Record::Update(update)) => {
            vec![format!("update {}, {}", update.index, effect(&update.request))]
        }
        Record::Quorum(quorum_store::Record::Version(entry)) => {
            vec![version(&entry.0, &entry.1)]
        }
        Record::Quorum(quorum_store::Record::Hint(home, entry)) => {
            vec![format!("the [[hint]] {} for {home}", version(&entry.0, &entry.1))]
        }
        Record::Quorum(quorum_store::Record::HandedOver(..) | quorum_store::Record::Forgot(_)) => {
            Vec::new()
        }
        Record::Ring(ring::Record::Put(key, put)) => vec![version(key, put)],
        Record::Chain(chain::Record::Entry(entry)) => {
            vec![format!("write {}, {}", entry.index, effect(&entry.request))]
        }
        Record::Chain(_)
        | Record::Ring(_)
        | Record::WriteAll(_)
        | Record::Peers(_)
        | Record::Election(_) => Vec::new(),
    }
}

fn of_entry(index: u32, entry: &Entry) -> String {
    match &entry.payload {
        Payload::Command(command) => format!("[[entry]] {index}, {}", effect(&command.request)),
        Payload::Noop | Payload::Members(_) => format!("[[entry]] {index}"),
    }
}

fn effect(request: &Request) -> String {
    match &request.op {
        Op::Set(v) | Op::Upd(v) => pair(&request.key, v),
        _ => super::words::request(request),
    }
}

fn version(key: &Word, version: &Version) -> String {
    version
        .value
        .as_ref()
        .map_or_else(|| format!("the deletion of {}", Quoted(key)), |held| pair(key, held))
}

fn pair(key: &str, held: &str) -> String {
    format!("{} = {}", Quoted(key), value(held))
}
