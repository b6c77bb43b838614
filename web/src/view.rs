//! What scripts see, as JSON.

use quorumscope_core::ids::EventId;
use quorumscope_core::session::Session;
use quorumscope_core::time::Time;

/// `state()`
#[must_use]
pub fn state(session: &Session, playing: bool) -> String {
    let time = session.now().as_ms_f64();
    format!("{{\"time\":{time},\"hash\":\"{:016x}\",\"playing\":{playing},\"clusters\":[]}}", session.hash())
}

/// `history()`
#[must_use]
pub fn history(_session: &Session) -> String {
    "[]".into()
}

/// `verdict()`
#[must_use]
pub fn verdict(_session: &Session) -> String {
    "[]".into()
}

/// The verdicts that do not hold.
#[must_use]
pub fn violations(_session: &Session) -> String {
    "[]".into()
}

/// `events(from, to)`
#[must_use]
pub fn events(_session: &Session, _from: Time, _to: Time) -> String {
    "[]".into()
}

/// One event.
#[must_use]
pub fn event(_session: &Session, _cluster: usize, _id: EventId) -> String {
    "null".into()
}
