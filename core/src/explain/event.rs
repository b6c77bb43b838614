//! A plain sentence for every event.

use super::{Scene, command, words};
use crate::hash_ring::position;
use crate::ids::{Addr, ClientId, EventId, NodeId, OperationId};
use crate::protocol::{Fact, Kind, Outcome, OwnFact, Term, Timer};
use crate::run::{MessageFault, NodeFault, Statement};
use crate::settings::Preset;
use crate::sorted::SortedSet;
use crate::store::{Answer, Op, Quoted, Request};
use crate::time::Time;
use crate::trace::{Loss, Passage, What};

/// The most events that an election is searched backwards.
const LOOK_BACK: usize = 20_000;

/// The event in one plain sentence; None when there is no such event.
#[must_use]
pub fn sentence(scene: &Scene<'_>, id: EventId) -> Option<String> {
    let event = scene.trace.event(id)?;
    Some(match event.what {
        What::Commanded(place) => commanded(scene, id, place),
        What::Started(n) if event.at == Time::ZERO => format!("{n} starts."),
        What::Started(n) if has_no_disk(scene.world.preset()) => format!("{n} starts anew."),
        What::Started(n) => format!("{n} starts from what its disk holds."),
        What::Crashed(n) => format!("The process of {n} dies, and with it what was in memory."),
        What::Paused(n) => format!("{n} stops running."),
        What::Resumed(n) => format!("{n} goes on, and takes up what waited for it."),
        What::Wiped(n) => format!("The disk of {n} is empty."),
        What::Torn(n) => format!("The last record on the disk of {n} is torn."),
        What::Sent(p) => format!("{} sends {} to {}.", p.from, p.kind.name(), p.to),
        What::Delivered(p) => format!("{} from {} arrives at {}.", p.kind.name(), p.from, p.to),
        What::Lost(p, why) => lost(p, why),
        What::Fired(n, Timer::Attempt(_)) => format!("{n} has waited long enough."),
        What::Fired(n, timer) => format!("The {} timer of {n} runs out.", timer.name()),
        What::ClientFired(c, Timer::Attempt(_)) => format!("{c} has waited long enough."),
        What::ClientFired(c, Timer::Retry) => format!("{c} tries again."),
        What::ClientFired(c, timer) => format!("The {} timer of {c} runs out.", timer.name()),
        What::Durable(n, _) => format!("What {n} wrote is durable."),
        What::Prompted(c) => format!("The workload makes {c} ask."),
        What::Invoked(c, operation) => invoked(scene, id, c, operation),
        What::Returned(c, operation) => returned(scene, c, operation),
        What::Noted(n, fact) => noted(scene, id, n, fact),
        What::ClientNoted(c, fact) => told(&c.to_string(), fact),
        What::Left(n) => format!("{n} has left the cluster."),
        What::BalancerStarted => "The balancer starts.".into(),
        What::BalancerFired(Timer::Attempt(_)) => "lb has waited long enough.".into(),
        What::BalancerFired(timer) => format!("The {} timer of lb runs out.", timer.name()),
        What::BalancerNoted(fact) => told("lb", fact),
    })
}

fn commanded(scene: &Scene<'_>, id: EventId, place: u32) -> String {
    let Some(command) = scene.commands.get(place as usize) else { return String::new() };
    let statement = &command.statement;
    match statement {
        Statement::Node(n, NodeFault::Restart)
            if has_no_disk(scene.world.preset()) && has_effect(scene, id, statement) =>
        {
            format!("{n} starts again.")
        }
        _ if has_effect(scene, id, statement) => command::sentence(statement),
        Statement::Message(m, _) => format!("{statement}: no {m} is in flight."),
        _ => format!("{statement}: nothing changes."),
    }
}

/// Whether the nodes of a preset keep everything in memory.
pub(super) const fn has_no_disk(preset: Preset) -> bool {
    !preset.keeps_disk()
}

/// Whether a statement had an effect. The next event reports it, except for a message that arrives
/// later, and for links and settings, whose changes are no events.
pub(super) fn has_effect(scene: &Scene<'_>, id: EventId, statement: &Statement) -> bool {
    let next = scene.trace.event(EventId(id.0 + 1));
    let is_next = next.is_some_and(|e| e.causes.iter().any(|cause| cause == id));
    match statement {
        Statement::Node(..) => is_next,
        Statement::Message(_, MessageFault::Drop | MessageFault::Deliver) => is_next,
        _ => true,
    }
}

fn lost(p: Passage, why: Loss) -> String {
    let because = match why {
        Loss::Chance => "by chance".into(),
        Loss::Cut => "the link is cut".into(),
        Loss::Down => format!("{} is down", p.to),
        Loss::Dropped => "dropped by hand".into(),
        Loss::Overflow => "too many messages are in flight".into(),
    };
    format!("{} from {} to {} is lost: {because}.", p.kind.name(), p.from, p.to)
}

/// `c1 asks n1: set x 2.`
fn invoked(scene: &Scene<'_>, id: EventId, client: ClientId, operation: OperationId) -> String {
    let whom = asked(scene, id, client);
    match request(scene, id, operation) {
        Some(request) => {
            format!("{client} asks {}: {}.", words::listed(&whom), words::request(request))
        }
        None => format!("{client} asks {}.", words::listed(&whom)),
    }
}

/// The receivers of a client's request: the messages that it sent at its invocation.
fn asked(scene: &Scene<'_>, id: EventId, client: ClientId) -> Vec<Addr> {
    let after = scene.trace.iter_from(EventId(id.0 + 1));
    let at_once = after.take_while(|(_, e)| e.causes.first() == Some(id));
    let to = |what: What| what.passage().filter(|p| p.from == client.into()).map(|p| p.to);
    let whom: SortedSet<Addr> = at_once.filter_map(|(_, e)| to(e.what)).collect();
    whom.into_iter().collect()
}

/// The request of an operation. The World knows it, unless it lies beyond the playhead; then the
/// causing statement may name it.
fn request<'a>(scene: &'a Scene<'_>, id: EventId, operation: OperationId) -> Option<&'a Request> {
    if let Some(operation) = scene.world.operation(operation) {
        return Some(&operation.request);
    }
    let cause = scene.trace.event(id)?.causes.first()?;
    let What::Commanded(place) = scene.trace.event(cause)?.what else { return None };
    match &scene.commands.get(place as usize)?.statement {
        Statement::Ask { request, .. } => Some(request),
        _ => None,
    }
}

/// The answer that a client received in the end.
fn returned(scene: &Scene<'_>, client: ClientId, operation: OperationId) -> String {
    let operation = scene.world.operation(operation);
    let end = operation.and_then(|o| Some((&o.request, o.end.as_ref()?)));
    let Some((request, end)) = end else { return format!("{client} has its answer.") };
    let key = Quoted(&request.key);
    match &end.outcome {
        Outcome::Ok(Answer::Read(Some(value))) => {
            format!("{client} reads {key} = {}.", words::value(value))
        }
        Outcome::Ok(Answer::Read(None)) => format!("{client} finds no {key}."),
        Outcome::Ok(Answer::Done) => format!("{client} is told: {} is done.", deed(request)),
        Outcome::Ok(Answer::Refused(why)) => {
            format!("{client} is told that {} cannot be: {why}.", words::request(request))
        }
        Outcome::Failed => format!("{client} gives up: {} was not done.", words::request(request)),
        Outcome::Unknown => {
            format!(
                "{client} gives up and cannot know whether {} was done.",
                words::request(request)
            )
        }
    }
}

/// A request, without `get`: `set x 1`.
fn deed(request: &Request) -> String {
    assert!(request.op != Op::Get, "a get is answered with what it read");
    words::request(request)
}

fn noted(scene: &Scene<'_>, id: EventId, n: NodeId, fact: Fact) -> String {
    let otherwise = match scene.world.preset() {
        Preset::Election => told_of_coordinators(n, fact),
        Preset::PrimaryBackup => told_of_primaries(n, fact),
        Preset::Chain => super::chain::told(n, fact),
        Preset::Peers if fact == Fact::Stored => Some(format!("{n} carries the command out.")),
        _ => None,
    };
    if let Some(told) = otherwise {
        return told;
    }
    match fact {
        Fact::Own(own) => own_fact(scene.world.preset(), n, own),
        Fact::Led(term) => {
            format!("{n} wins with {} and leads term {term}.", words::listed(&voters(scene, id, n)))
        }
        Fact::Deemed(whom, standing) if whom == n => format!("{n} is {} now.", standing.name()),
        Fact::SteppedDown(term) if was_removed(scene, id, n, term) => {
            format!("{n} is no member any more, and gives up leading term {term}.")
        }
        Fact::Counted(have, need) if is_canvassing(scene, id, n) => {
            format!("{n} could have {have} of the {need} votes it needs.")
        }
        Fact::Forgot(place) => match deleted(scene, place) {
            Some(key) => format!("{n} forgets that {} was deleted.", Quoted(key)),
            None => told(&n.to_string(), fact),
        },
        other => told(&n.to_string(), other),
    }
}

/// The key at a position of the hash ring that a client asked to delete.
fn deleted<'a>(scene: &Scene<'a>, place: u64) -> Option<&'a str> {
    let deletions = scene.world.operations().iter().filter(|op| op.request.op == Op::Del);
    deletions.map(|op| &*op.request.key).find(|key| position(key.as_bytes()) == place)
}

/// The sentence of an event that only one protocol has.
fn own_fact(preset: Preset, n: NodeId, own: OwnFact) -> String {
    let form = preset.traits().facts.get(usize::from(own.form));
    let sentence = form.map_or("{n} goes on.", |form| form.sentence);
    let who = own.who.map_or_else(String::new, |who| who.to_string());
    sentence
        .replace("{n}", &n.to_string())
        .replace("{who}", &who)
        .replace("{number}", &own.number.to_string())
}

/// Whether a preset elects by id and not by votes.
pub(super) const fn elects_by_id(preset: Preset) -> bool {
    matches!(preset, Preset::Election | Preset::PrimaryBackup)
}

/// Facts with other words where a coordinator is elected.
fn told_of_coordinators(n: NodeId, fact: Fact) -> Option<String> {
    Some(match fact {
        Fact::Stood(number) => format!("{n} calls election {number}."),
        Fact::Led(number) => format!("{n} wins election {number} and coordinates."),
        Fact::Followed(leader, _) => format!("{n} takes {leader} for its coordinator."),
        Fact::SteppedDown(number) => {
            format!(
                "{n} learns of election {number}, later than its own, and no longer coordinates."
            )
        }
        _ => return None,
    })
}

/// Facts with other words where there is a primary.
fn told_of_primaries(n: NodeId, fact: Fact) -> Option<String> {
    Some(match fact {
        Fact::Stood(number) => format!("{n} calls election {number}."),
        Fact::Led(number) => format!("{n} is primary from election {number} on."),
        Fact::Followed(leader, _) => format!("{n} takes {leader} for its primary."),
        Fact::SteppedDown(_) => {
            format!("{n} learns of a later primary, and no longer is one itself.")
        }
        Fact::Appended(index) => format!("{n} carries out update {index}."),
        Fact::Replicated(index) => format!("{n} has its primary's updates up to {index}."),
        Fact::Committed(index) => format!("{n} has heard enough backups for update {index}."),
        _ => return None,
    })
}

/// Whether a node gave up leading that term because it is no member any more, and not because it
/// heard of a later one.
pub(super) fn was_removed(scene: &Scene<'_>, id: EventId, n: NodeId, term: Term) -> bool {
    let led = |what| matches!(what, What::Noted(m, Fact::Led(_)) if m == n);
    let last = scene.trace.turns_back(id).find(|(_, e)| led(e.what));
    last.is_some_and(|(_, e)| e.what == What::Noted(n, Fact::Led(term)))
}

/// Whether a node that counts answers only asked whether it could win.
fn is_canvassing(scene: &Scene<'_>, id: EventId, node: NodeId) -> bool {
    let asked = |what| match what {
        What::Noted(n, Fact::Canvassed(_)) if n == node => Some(true),
        What::Noted(n, Fact::Stood(_)) if n == node => Some(false),
        _ => None,
    };
    let mut back = scene.trace.iter_back(id).take(LOOK_BACK);
    back.find_map(|(_, e)| asked(e.what)).unwrap_or(false)
}

/// The nodes that voted for the winner of an election.
pub(super) fn voters(scene: &Scene<'_>, won: EventId, winner: NodeId) -> Vec<NodeId> {
    let mut voters = SortedSet::from([winner]);
    for (_, event) in scene.trace.iter_back(won).take(LOOK_BACK) {
        match event.what {
            What::Noted(n, Fact::Stood(_)) if n == winner => break,
            What::Noted(n, Fact::Counted(..)) if n == winner => {
                let cause = event.causes.first().and_then(|c| scene.trace.event(c));
                if let Some(What::Delivered(Passage { kind: Kind::Vote, from, .. })) =
                    cause.map(|e| e.what)
                {
                    voters.extend(from.node());
                }
            }
            _ => {}
        }
    }
    voters.into_iter().collect()
}

/// The sentence of a fact: an action or an observation of a node or client.
fn told(who: &str, fact: Fact) -> String {
    match fact {
        Fact::Canvassed(term) => {
            format!("{who} asks whether it could win an election for term {term}.")
        }
        Fact::Stood(term) => format!("{who} starts an election for term {term}."),
        Fact::Voted(whom, term) => format!("{who} votes for {whom} in term {term}."),
        Fact::Counted(have, need) => format!("{who} has {have} of the {need} votes it needs."),
        Fact::Led(term) => format!("{who} leads term {term}."),
        Fact::Followed(leader, term) => format!("{who} follows {leader} in term {term}."),
        Fact::SteppedDown(term) => format!("{who} learns of term {term} and steps down."),
        Fact::Appended(index) => format!("{who} puts entry {index} into its log."),
        Fact::Replicated(index) => format!("{who} has its leader's log up to entry {index}."),
        Fact::Truncated(index) => {
            format!("{who} removes its entries from {index} on: its leader has others there.")
        }
        Fact::Committed(index) => format!("{who} knows that entry {index} is committed."),
        Fact::Confirmed(index) => {
            format!(
                "{who} has made sure that it still leads, and may answer reads as of entry {index}."
            )
        }
        Fact::Contradicted(index) => format!(
            "{who} refuses its leader's entries from {index} on: it knows others to be committed there."
        ),
        Fact::Abandoned(term) => {
            format!("{who} has heard of no majority for too long and no longer leads term {term}.")
        }
        Fact::Snapshotted(index) => {
            format!("{who} makes a snapshot up to entry {index} and drops the log before it.")
        }
        Fact::Installed(index) => format!("{who} takes its leader's snapshot up to entry {index}."),
        Fact::Reconfigured(index) => {
            format!("{who} goes by the members that entry {index} names.")
        }
        Fact::Yielded(to) => format!("{who} hands its leadership to {to}."),
        Fact::Redirected(Some(leader)) => format!("{who} sends the client on to {leader}."),
        Fact::Redirected(None) => format!("{who} turns the client away: it knows of no leader."),
        Fact::Repeated => format!("{who} has done this already, and only answers again."),
        Fact::Stored => format!("{who} stores the version: it had none that is newer."),
        Fact::Superseded => {
            format!("{who} keeps what it has: it is newer than the version that came.")
        }
        Fact::Answered(have, of) => format!("{who} has {have} of {of} answers."),
        Fact::Suspected(peer) => format!("{who} suspects {peer}: nothing came from it in time."),
        Fact::Trusted(peer) => format!("{who} hears from {peer} again."),
        Fact::Outranked(peer) => {
            format!("{who} leaves the election to {peer}, which is higher and has answered.")
        }
        Fact::Hinted(home) => format!("{who} keeps a version for {home}, to hand it over later."),
        Fact::HandedOver(to, 0) => format!("{who} has nothing to hand over to {to}."),
        Fact::HandedOver(to, 1) => format!("{who} hands a version over to {to}."),
        Fact::HandedOver(to, many) => format!("{who} hands {many} versions over to {to}."),
        Fact::Repaired(home) => {
            format!("{who} saw that {home} held something older, and repairs it.")
        }
        Fact::GaveUp(answers) => {
            format!("{who} waits no longer: it has {}.", many(answers.into(), "answer"))
        }
        Fact::Restored(index) => {
            format!("{who} takes its primary's whole state, up to update {index}.")
        }
        Fact::Deemed(whom, standing) => {
            format!("{who} takes {whom} to be {}.", standing.name())
        }
        Fact::Queued(whom) => {
            format!("{who} keeps the command for {whom}, which it does not believe to be active.")
        }
        Fact::CaughtUp(from, 0) => format!("{who} hears from {from} that it missed nothing there."),
        Fact::CaughtUp(from, count) => {
            format!("{who} has carried out {} that {from} kept for it.", many(count, "command"))
        }
        Fact::Declined(from) => {
            format!("{who} refuses a command that {from} had accepted.")
        }
        Fact::FellBack(from, Some(to)) => {
            format!("{who} had no answer from {from} in time, and asks {to} instead.")
        }
        Fact::FellBack(from, None) => {
            format!("{who} had no answer from {from} in time, and nobody else is left to ask.")
        }
        Fact::Replayed(count) => {
            format!("{who} carries out {} of its log once more.", many(count, "record"))
        }
        Fact::Saved(keys) => format!("{who} saves a checkpoint of {}.", many(keys, "key")),
        Fact::Settled => format!("{who} waits for no more data from others."),
        Fact::Forgot(_) => format!("{who} forgets a deletion."),
        Fact::Own(_) => format!("{who} goes on."),
    }
}

/// `1 key`, `2 keys`
fn many(count: u32, what: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{count} {what}{s}")
}
