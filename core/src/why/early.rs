//! Early answers: a client was answered before any other node had its write, so that one crash can
//! lose it.

use super::case::{Case, moment};
use super::thread::Thread;
use crate::client::Operation;
use crate::ids::NodeId;
use crate::protocol::{Fact, Kind};
use crate::settings::{Preset, Replication};
use crate::trace::What;

/// The node that answered a write before any other node had it, in one clause. None where another
/// had it by then, or where clients collect the answers themselves.
pub fn told(case: &Case<'_>, op: &Operation) -> Option<String> {
    let end = op.end.as_ref()?;
    let thread = Thread::of_operation(case, op);
    let replies = thread.iter().filter_map(|(id, w)| match w {
        What::Sent(p) if p.kind == Kind::Reply && p.to == op.client.into() => {
            Some((id, p.from.node()?))
        }
        _ => None,
    });
    let (answered, n) = replies.filter(|(id, _)| *id < end.event).last()?;
    let takes = |w: What| match w {
        What::Noted(m, Fact::Stored | Fact::Appended(_) | Fact::Replicated(_)) => Some(m),
        What::Delivered(p) if matches!(p.kind, Kind::Command | Kind::Update) => p.to.node(),
        _ => None,
    };
    let mut had = thread.iter().take_while(|(id, _)| *id < answered).filter_map(|(_, w)| takes(w));
    let others = had.any(|m: NodeId| m != n);
    let at = case.event(answered).map(|e| moment(e.at))?;
    // Where it waits for others, they were asked, and had a version that they considered newer.
    let settings = case.scene.world.settings();
    let waits = case.scene.world.preset() == Preset::Quorum && settings.quorum.w > 1;
    (!others && !waits).then(|| format!("{n} answered at {at}, before any {}", who(case)))
}

/// The other nodes that should have had it, and the setting that does not wait for them.
fn who(case: &Case<'_>) -> String {
    let settings = case.scene.world.settings();
    match case.scene.world.preset() {
        Preset::PrimaryBackup if settings.primary_backup.replication == Replication::Async => {
            "backup had it: replication is asynchronous".into()
        }
        Preset::PrimaryBackup => "backup had it: it took all of them for dead".into(),
        Preset::Quorum => "other node had it: W = 1".into(),
        _ => "other node had it".into(),
    }
}
