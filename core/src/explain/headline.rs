//! The sentence at the top: what has just happened and why, and what it means.

use super::words::{count, length, listed};
use super::{Beats, Scene, background, event, meaning};
use crate::client::Operation;
use crate::ids::{EventId, NodeId};
use crate::protocol::{Fact, Outcome, Role, Term};
use crate::run::{Heal, NodeFault, Statement};
use crate::settings::{Preset, Rule, Setting};
use crate::time::Span;
use crate::trace::What;
use crate::world::{Host, Status};

/// What stands at the top of the stage. Terms of the glossary stand in double brackets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headline {
    /// What has just happened.
    pub bold: String,
    /// Why, or how.
    pub rest: String,
    /// What it means now.
    pub small: String,
}

/// For so long what a client did, or a node came to believe, is more interesting than who leads.
const FLEETING: Span = Span::from_ms(500);

/// The headline at the playhead. `beats` must have read the scene's trace.
#[must_use]
pub fn headline(scene: &Scene<'_>, beats: &Beats) -> Headline {
    let told = beats.before(EventId(scene.world.events()));
    let (bold, rest) = match current(scene, told) {
        Some(place) => beat(scene, &told[..place], told[place]),
        None => beginning(scene),
    };
    Headline { bold, rest, small: meaning::meaning(scene) }
}

/// The place of the beat to tell of: the last one, unless that has passed.
fn current(scene: &Scene<'_>, told: &[EventId]) -> Option<usize> {
    let since = scene.world.now() - FLEETING;
    told.iter().rposition(|&id| {
        let Some(event) = scene.trace.event(id) else { return false };
        match event.what {
            What::Invoked(..) | What::Returned(..) | What::ClientNoted(..) => event.at >= since,
            What::Noted(_, fact) if is_fleeting(fact) => event.at >= since,
            // Once it stands no more, there is more to tell than that it did.
            What::Noted(n, Fact::Stood(_)) => role(scene, n) == Some(Role::Candidate),
            _ => true,
        }
    })
}

/// What a node came to believe or to hold: soon others tell of it better.
const fn is_fleeting(fact: Fact) -> bool {
    matches!(
        fact,
        Fact::Suspected(_)
            | Fact::Trusted(_)
            | Fact::HandedOver(..)
            | Fact::Restored(_)
            | Fact::Deemed(..)
            | Fact::CaughtUp(..)
    )
}

fn role(scene: &Scene<'_>, n: NodeId) -> Option<Role> {
    Some(scene.world.node(n)?.machine()?.sign().role)
}

/// Nothing has happened yet that is worth a sentence.
fn beginning(scene: &Scene<'_>) -> (String, String) {
    let nodes = scene.world.nodes().count();
    let plural = if nodes == 1 { "node has" } else { "nodes have" };
    let rest = match scene.world.preset() {
        Preset::Raft => {
            "None of them leads: the first whose [[election timer]] runs out will ask for [[votes]]."
        }
        Preset::WriteAll => "They do not talk to each other.",
        Preset::Quorum => "None of them leads: each can be [[coordinator]].",
        Preset::Election => "The highest of them that is there will be their [[coordinator]].",
        Preset::PrimaryBackup => "One of them will be [[primary]] and serve every client.",
        Preset::Peers => "None of them leads: each serves whoever asks it.",
        Preset::Ring => "Each of them owns a part of the keys.",
    };
    (format!("{} {plural} started.", count(nodes)), rest.into())
}

/// Bold and rest for one beat; `earlier` are those before it.
fn beat(scene: &Scene<'_>, earlier: &[EventId], id: EventId) -> (String, String) {
    let bold = event::sentence(scene, id).unwrap_or_default();
    let Some(event) = scene.trace.event(id) else { return (bold, String::new()) };
    if event::elects_by_id(scene.world.preset())
        && let What::Noted(n, fact) = event.what
    {
        let why = why_by_id(scene, earlier, n, fact);
        if !why.is_empty() {
            return (bold, why);
        }
    }
    match event.what {
        What::Noted(n, Fact::Led(term)) => {
            (format!("{n} leads term {term}."), why_it_leads(scene, earlier, n))
        }
        What::Noted(n, Fact::Stood(term)) => (
            format!("{n} stands for election in term {term}."),
            why_it_stands(scene, earlier, n, term),
        ),
        What::Noted(n, Fact::SteppedDown(term)) if event::was_removed(scene, id, n, term) => {
            (bold, "Who is no [[member]] any more must not lead.".into())
        }
        What::Noted(n, Fact::SteppedDown(term)) => (
            format!("{n} steps down."),
            format!("It learnt of [[term]] {term}{}.", led_by(scene, n)),
        ),
        What::Commanded(place) => {
            let statement = scene.commands.get(place as usize).map(|c| &c.statement);
            (bold, statement.map(|s| consequence(scene, earlier, s)).unwrap_or_default())
        }
        What::Noted(n, Fact::Truncated(index)) => (
            format!("{n} takes over its leader's [[log]]."),
            format!(
                "Its own [[entries]] from {index} on were not [[committed]], as far as it knew."
            ),
        ),
        What::Noted(n, fact) => (bold, background::of(scene, n, fact)),
        What::Invoked(_, operation) => (bold, waits(scene.world.operation(operation))),
        What::Returned(_, operation) => (bold, took(scene.world.operation(operation))),
        _ => (bold, String::new()),
    }
}

/// Why, in an election that goes by id.
fn why_by_id(scene: &Scene<'_>, earlier: &[EventId], n: NodeId, fact: Fact) -> String {
    let higher: Vec<NodeId> = scene.world.nodes().map(Host::id).filter(|&id| id > n).collect();
    match fact {
        Fact::Stood(_) if higher.is_empty() => "No other is higher.".into(),
        Fact::Stood(_) if higher.len() == 1 => {
            format!("It asks {} whether it is there.", higher[0])
        }
        Fact::Stood(_) => format!("It asks {} whether they are there.", listed(&higher)),
        Fact::Led(_) if was_made_to_stand(scene, earlier, n) => "It was told to take over.".into(),
        Fact::Led(_) if higher.is_empty() => "No other is higher.".into(),
        Fact::Led(_) => format!("It heard from none that is higher: {}.", listed(&higher)),
        _ => String::new(),
    }
}

fn waits(operation: Option<&Operation>) -> String {
    let is_open = operation.is_some_and(|o| o.end.is_none());
    if is_open { "It waits for an answer.".into() } else { String::new() }
}

fn took(operation: Option<&Operation>) -> String {
    let Some((operation, end)) = operation.and_then(|o| Some((o, o.end.as_ref()?))) else {
        return String::new();
    };
    let took = length(end.at.since(operation.invoked));
    match end.outcome {
        Outcome::Ok(_) => format!("It took {took}."),
        Outcome::Failed | Outcome::Unknown => format!("It had waited for {took}."),
    }
}

/// `, in which n3 leads`, if that is so.
fn led_by(scene: &Scene<'_>, but: NodeId) -> String {
    let leader = scene.world.leader().filter(|&l| l != but);
    leader.map(|l| format!(", in which {l} leads")).unwrap_or_default()
}

/// Who led last, as far as beats tell.
fn former(scene: &Scene<'_>, earlier: &[EventId]) -> Option<(NodeId, Term)> {
    earlier.iter().rev().find_map(|&id| match scene.trace.event(id)?.what {
        What::Noted(n, Fact::Led(term)) => Some((n, term)),
        _ => None,
    })
}

fn why_it_leads(scene: &Scene<'_>, earlier: &[EventId], n: NodeId) -> String {
    if was_made_to_stand(scene, earlier, n) {
        return "Its [[election timer]] was made to run out.".into();
    }
    let Some((former, term)) = former(scene, earlier) else {
        return "Its [[election timer]] ran out first, and a [[majority]] voted for it.".into();
    };
    if former == n {
        return format!("It led [[term]] {term} too.");
    }
    match scene.world.node(former).map(Host::status) {
        Some(Status::Crashed) => format!("{former} crashed, so the others chose again."),
        Some(Status::Paused) => format!("{former} is paused, so the others chose again."),
        Some(Status::Left) => format!("{former} left the cluster, so the others chose again."),
        _ if is_cut_off(scene, former, n) => {
            format!("It was cut off from {former}, so the [[majority]] chose again.")
        }
        _ if has_crashed(scene, earlier, former) => {
            format!("{former} had crashed, and with it its knowledge that it led.")
        }
        _ => format!("It had heard nothing from {former} for too long."),
    }
}

fn why_it_stands(scene: &Scene<'_>, earlier: &[EventId], n: NodeId, term: Term) -> String {
    let votes = votes(scene, n, term);
    if was_made_to_stand(scene, earlier, n) {
        return format!("Its [[election timer]] was made to run out.{votes}");
    }
    let heard = former(scene, earlier).filter(|(former, _)| *former != n);
    heard.map_or_else(
        || format!("It has heard of no [[leader]] for too long.{votes}"),
        |(former, _)| format!("It has heard nothing from {former} for too long.{votes}"),
    )
}

/// ` It has 2 of the 3 votes it needs.`, while it stands.
fn votes(scene: &Scene<'_>, n: NodeId, term: Term) -> String {
    let sign = scene.world.node(n).and_then(Host::machine).map(crate::protocol::Machine::sign);
    if sign.is_none_or(|s| s.role != Role::Candidate || s.term != Some(term)) {
        return String::new();
    }
    let mut back = scene.trace.iter_back(EventId(scene.world.events())).take(10_000);
    let counted = back.find_map(|(_, e)| match e.what {
        What::Noted(who, Fact::Counted(have, need)) if who == n => Some((have, need)),
        _ => None,
    });
    counted
        .map(|(have, need)| format!(" It has {have} of the {need} [[votes]] it needs."))
        .unwrap_or_default()
}

/// Whether the last statement before an election was one that made this node stand.
fn was_made_to_stand(scene: &Scene<'_>, earlier: &[EventId], n: NodeId) -> bool {
    let commanded = |id: &EventId| match scene.trace.event(*id)?.what {
        What::Commanded(place) => scene.commands.get(place as usize),
        _ => None,
    };
    let last = earlier.iter().rev().find_map(commanded);
    last.is_some_and(|c| c.statement == Statement::Node(n, NodeFault::Timeout))
}

/// Whether a node crashed, by statement, since it was last elected.
fn has_crashed(scene: &Scene<'_>, earlier: &[EventId], node: NodeId) -> bool {
    let crashed = |id: &EventId| match scene.trace.event(*id)?.what {
        What::Noted(n, Fact::Led(_)) if n == node => Some(false),
        What::Commanded(place) => match scene.commands.get(place as usize)?.statement {
            Statement::Node(n, NodeFault::Crash | NodeFault::Wipe | NodeFault::Restart)
                if n == node =>
            {
                Some(true)
            }
            _ => None,
        },
        _ => None,
    };
    earlier.iter().rev().find_map(crashed).unwrap_or(false)
}

/// Whether one of the two cannot talk with the other.
pub fn is_cut_off(scene: &Scene<'_>, a: NodeId, b: NodeId) -> bool {
    let links = scene.world.links();
    links.is_cut(a.into(), b.into()) || links.is_cut(b.into(), a.into())
}

/// What follows from a statement.
fn consequence(scene: &Scene<'_>, earlier: &[EventId], statement: &Statement) -> String {
    let led = former(scene, earlier);
    match statement {
        Statement::Node(n, NodeFault::Crash | NodeFault::Wipe | NodeFault::Pause) => match led {
            Some((leader, term)) if leader == *n => {
                // A coordinator by id has no term that people were told of.
                let led = if event::elects_by_id(scene.world.preset()) {
                    "It coordinated".into()
                } else {
                    format!("It led [[term]] {term}")
                };
                format!("{led}: the others notice when its [[heartbeats]] stay away.")
            }
            _ if matches!(statement, Statement::Node(_, NodeFault::Pause)) => {
                "Messages to it wait, and time goes on.".into()
            }
            _ => "Messages to it are lost.".into(),
        },
        Statement::Node(_, NodeFault::Restart) => {
            "What was not [[durable]] on its disk is forgotten.".into()
        }
        Statement::Node(_, NodeFault::Resume) => {
            "What waited for it arrives at once, and it cannot tell that time has passed.".into()
        }
        Statement::Node(_, NodeFault::Corrupt) => {
            "It finds the [[torn tail]] when it starts again, and throws it away.".into()
        }
        Statement::Transfer(from, _) if led.is_none_or(|(leader, _)| leader != *from) => {
            format!("{from} does not lead, so nothing comes of it.")
        }
        Statement::Link(..) | Statement::Network(_) => {
            "Who waits cannot tell a late or lost message from a dead node.".into()
        }
        Statement::Set(change) => Setting::named(scene.world.preset(), change.name())
            .map_or_else(String::new, |setting| format!("It sets {}.", setting.doc)),
        Statement::Rule(name, _) => {
            let rule = Rule::of(scene.world.preset()).find(|rule| *rule.name == **name);
            rule.map_or_else(String::new, |rule| format!("It says that {}.", rule.doc))
        }
        Statement::Isolate(_) | Statement::Cut(_) | Statement::Partition(_) => {
            "What is in flight there is lost, and nobody is told.".into()
        }
        Statement::Heal(Heal::Everything | Heal::Of(_) | Heal::Link(_)) => {
            "Whoever was apart now learns what the others decided.".into()
        }
        Statement::ClockJump(..) | Statement::ClockRate(..) => {
            "It cannot tell: its own clock is all it has.".into()
        }
        _ => String::new(),
    }
}
