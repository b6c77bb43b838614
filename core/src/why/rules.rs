//! Broken rules of a protocol, and their consequences.

use super::answerers::path;
use super::case::Case;
use super::orders;
use crate::check::Property;
use crate::ids::EventId;
use crate::protocol::{Fact, Kind};
use crate::settings::Rule;
use crate::trace::What;

/// The rules that were broken at an event, as clauses.
pub fn told(case: &Case<'_>, before: EventId) -> Vec<String> {
    let broken = case
        .scene
        .world
        .preset()
        .rules()
        .iter()
        .filter_map(|rule| orders::broken(case, rule.name, before));
    broken.map(|order| order.told(case)).collect()
}

/// The last statement before an event that broke a rule for which a property can fall: of Raft's
/// own properties any, of others one that is known for it.
pub fn at_fault(case: &Case<'_>, property: Property, before: EventId) -> Option<EventId> {
    let known = |rule: &&Rule| {
        matches!(property, Property::Raft(_)) || rule.breaks == Some(&*property.word())
    };
    let rules = case.scene.world.preset().rules().iter().filter(known);
    rules.filter_map(|rule| orders::broken(case, rule.name, before)).map(|o| o.event).max()
}

/// The statement that let a server, asked with that event, vote a second time in one term.
pub fn second_vote(case: &Case<'_>, asked: EventId) -> Option<EventId> {
    let order = orders::broken(case, "vote-once", asked)?;
    let after = case.between(EventId(asked.0 + 1), case.end);
    let mut at_once = after.take_while(|(_, e)| e.causes.first() == Some(asked));
    let (voter, whom, term) = at_once.find_map(|(_, e)| match e.what {
        What::Noted(voter, Fact::Voted(whom, term)) => Some((voter, whom, term)),
        _ => None,
    })?;
    let gave = |w: What| match w {
        What::Noted(n, Fact::Voted(other, t)) => n == voter && t == term && other != whom,
        What::Noted(n, Fact::Stood(t)) => n == voter && t == term,
        _ => false,
    };
    case.last_before(asked, &gave).map(|_| order.event)
}

/// The event with which a server was asked for a vote that elected a leader without all committed
/// entries, and the statement that allowed this vote. None where a disk may have forgotten an
/// entry.
pub fn blind_vote(case: &Case<'_>, led: EventId) -> Option<(EventId, EventId)> {
    let order = orders::broken(case, "up-to-date", led)?;
    let wrecks = |w: What| matches!(w, What::Wiped(_) | What::Torn(_));
    let forgets = !case.scene.world.settings().fsync || case.last_turn(led, &wrecks).is_some();
    let asks = |id: &EventId| {
        let what = case.event(*id).map(|e| e.what);
        matches!(what, Some(What::Delivered(p)) if p.kind == Kind::RequestVote)
    };
    let asked = path(case, led).into_iter().find(asks).filter(|_| !forgets)?;
    Some((asked, order.event))
}
