//! The tree of branches, and the place where two of them diverge.

use crate::explain::{self, Scene};
use crate::session::{Problem, Session, Side};
use serde::Serialize;

/// One branch of the run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BranchRecord {
    /// Its place among the branches, from 0: it changes when one before it is deleted.
    pub id: usize,
    /// Its name, which no other has.
    pub name: String,
    /// The branch from which it was made; null for the first.
    pub from: Option<usize>,
    /// The time at which it diverges from that branch, in milliseconds.
    pub at: Option<f64>,
    /// The time up to which it has been simulated.
    pub until: f64,
    /// Number of its statements.
    pub statements: usize,
    /// Whether it is the selected branch.
    pub current: bool,
}

/// All branches, oldest first.
#[must_use]
pub fn branches(session: &Session) -> Vec<BranchRecord> {
    let record = |(id, branch): (usize, &crate::session::Branch)| BranchRecord {
        id,
        name: branch.name.clone(),
        from: branch.forked.map(|(from, _)| from),
        at: branch.forked.map(|(_, at)| at.as_ms_f64()),
        until: branch.frontier().as_ms_f64(),
        statements: branch.run.commands.len(),
        current: id == session.current(),
    };
    session.branches().iter().enumerate().map(record).collect()
}

/// The first difference of two branches.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BranchDifference {
    /// The cluster, from 0.
    pub cluster: usize,
    /// The time of the earlier of the two events.
    pub at: f64,
    /// The two differing events, in the order asked for; null: that branch has no further event.
    pub events: [Option<Parting>; 2],
}

/// The event of one of two branches at which they diverge.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Parting {
    /// The event's number.
    pub id: u32,
    /// When it happens.
    pub at: f64,
    /// One plain sentence.
    pub text: String,
}

/// The first difference of two branches in the part simulated so far; None when there is none.
///
/// # Errors
/// When there is no such branch.
pub fn difference(
    session: &Session,
    one: usize,
    other: usize,
) -> Result<Option<BranchDifference>, Problem> {
    let Some(found) = session.difference(one, other)? else { return Ok(None) };
    let told = |side: &Option<Side>, branch: usize| {
        let Side { event, at, timeline } = side.as_ref()?;
        let commands = &session.branches()[branch].run.commands[..];
        let scene = Scene { world: timeline.world(), trace: timeline.trace(), commands };
        let text = explain::sentence(&scene, *event)?;
        Some(Parting { id: event.0, at: at.as_ms_f64(), text })
    };
    let events = [told(&found.sides[0], one), told(&found.sides[1], other)];
    Ok(Some(BranchDifference { cluster: found.cluster, at: found.at.as_ms_f64(), events }))
}
