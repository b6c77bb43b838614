//! The runs on which the project's figures are measured, the same natively and in WebAssembly. The
//! caller measures the time.

use crate::check::raft_safety::RaftSafety;
use crate::history::{self, History, Outcome, Process, Request as Asked};
use crate::ids::ClientId;
use crate::rng::{Concern, Ppm, Rng};
use crate::run::{Command, Run, Statement, Workload};
use crate::settings::Preset;
use crate::store::{Op, Request};
use crate::time::{LATEST, Time};
use crate::timeline::Timeline;
use crate::trace::{Trace, What};
use crate::world::{self, World};
use std::sync::Arc;

/// Duration of [`busy`] where only its speed counts.
pub const BUSY_UNTIL: Time = Time::from_ms(1_800_000);

/// A preset with its default settings under the default workload.
#[must_use]
pub fn busy(preset: Preset) -> Run {
    let mut run = Run::of(preset);
    let statement = Statement::Workload(Some(Workload::default()));
    run.insert(Command { at: Time::from_ms(1_000), statement });
    run
}

/// Five nodes of Raft with the default settings, and one client command every 100 ms for `seconds`
/// virtual seconds.
#[must_use]
pub fn steady(seconds: u64) -> Run {
    let mut run = Run::of(Preset::Raft);
    run.commands = (10..seconds * 10).map(steady_command).collect();
    run
}

fn steady_command(tenth: u64) -> Command {
    let key = Arc::from(format!("k{}", tenth % 10));
    let op = Op::Set(Arc::from(tenth.to_string()));
    let statement =
        Statement::Ask { client: ClientId::at(0), request: Request { key, op }, via: None };
    Command { at: Time::from_ms(tenth * 100), statement }
}

/// Five nodes of Raft as other simulators are measured: election 150 to 300 ms, heartbeat 50 ms,
/// latency 10 to 20 ms, no client, and the given loss. All but the loss are the defaults.
#[must_use]
pub fn quiet(loss: Ppm) -> Run {
    let mut run = Run::of(Preset::Raft);
    Arc::make_mut(&mut run.clusters[0].settings).loss = loss;
    run
}

/// A preset of 25 nodes with default settings otherwise, under the default workload.
#[must_use]
pub fn crowd(preset: Preset) -> Run {
    let mut run = busy(preset);
    Arc::make_mut(&mut run.clusters[0].settings).nodes = 25;
    run
}

/// A history of `operations` operations: 20 clients of a Raft cluster and 20 keys.
#[must_use]
pub fn long_history(operations: usize) -> History {
    let mut run = Run::of(Preset::Raft);
    Arc::make_mut(&mut run.clusters[0].settings).clients = 20;
    let workload = Workload { rate_mhz: 200_000, keys: 20, ..Workload::default() };
    let statement = Statement::Workload(Some(workload));
    run.insert(Command { at: Time::from_ms(1_000), statement });
    let enough = |world: &World| world.operations().len() < operations;
    history::history(&world::watch(&run, LATEST, enough))
}

/// A history of `operations` operations: five clients and one key of a correct store, except the
/// last answer. That returns the one of fifty values that was overwritten the longest ago.
///
/// # Panics
/// Never: a client asks one thing at a time.
#[must_use]
pub fn stale_history(operations: usize) -> History {
    const RIGHT: &str = "a client asks one thing at a time";
    let mut rng = Rng::new(1, Concern::Workload);
    let mut history = History::default();
    let mut open: [Option<(Asked, Option<Outcome>)>; 5] = Default::default();
    let mut values: Vec<history::Text> = Vec::new();
    while history.operations().len() + 1 < operations || open.iter().any(Option::is_some) {
        let client = rng.below(5);
        let open = &mut open[client as usize];
        match open.take() {
            None if history.operations().len() + 1 == operations => {}
            None => {
                let value = rng.below(50).to_string().into();
                let ask = if rng.below(2) == 0 { Asked::Get } else { Asked::Set(value) };
                history.invoke(Process(client.into()), "x".into(), ask.clone(), None).expect(RIGHT);
                *open = Some((ask, None));
            }
            Some((ask, None)) => {
                let done = effect(&ask, &mut values);
                *open = Some((ask, Some(done)));
            }
            Some((_, Some(outcome))) => {
                _ = history.complete(Process(client.into()), outcome, None).expect(RIGHT);
            }
        }
    }
    history.invoke(Process(5), "x".into(), Asked::Get, None).expect(RIGHT);
    let stale = values.first().cloned();
    history.complete(Process(5), Outcome::Read(stale), None).expect(RIGHT);
    history
}

/// The effect of a request on a correct store. `values` are in the order in which they were
/// written.
fn effect(ask: &Asked, values: &mut Vec<history::Text>) -> Outcome {
    let Asked::Set(value) = ask else { return Outcome::Read(values.last().cloned()) };
    values.retain(|other| other != value);
    values.push(value.clone());
    Outcome::Done { applied: true }
}

/// Simulates that many steps of the first cluster of a run as a page does: with the trace, and with
/// the checkpoints for going back. Returns the timeline.
#[must_use]
pub fn travel(run: &Run, steps: u64) -> Timeline {
    let mut timeline = Timeline::new(&run.clusters[0]);
    while timeline.frontier().steps < steps && timeline.step(&run.commands) {}
    timeline
}

/// Plays the first cluster of a run without a trace. Returns the number of its steps: deliveries,
/// timers, disk completions, commands.
#[must_use]
pub fn play(run: &Run, until: Time) -> u64 {
    world::play(run, until).steps()
}

/// Plays the first cluster of a run, keeps its trace, and checks Raft's safety after every event.
/// Returns the number of its steps.
///
/// # Panics
/// If a safety property is violated.
#[must_use]
pub fn play_checked(run: &Run, until: Time) -> u64 {
    let mut world = World::new(&run.clusters[0]);
    let mut trace = Trace::default();
    let mut safety = RaftSafety::new();
    while world.advance(&run.commands, until) {
        world.take_events().for_each(|event| trace.push(event));
        safety.observe(&world);
    }
    assert!(safety.violation().is_none(), "Raft is safe: {:?}", safety.violation());
    world.steps()
}

/// Counts of a run, for comparison with other simulators.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Messages that arrived.
    pub delivered: u64,
    /// Timers of nodes that ran out.
    pub fired: u64,
}

/// Plays the first cluster of a run and counts its events.
#[must_use]
pub fn count(run: &Run, until: Time) -> Counts {
    let mut world = World::new(&run.clusters[0]);
    let mut counts = Counts::default();
    while world.advance(&run.commands, until) {
        for event in world.take_events() {
            match event.what {
                What::Delivered(_) => counts.delivered += 1,
                What::Fired(..) => counts.fired += 1,
                _ => {}
            }
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::{busy, count, play, play_checked, quiet, stale_history, steady};
    use crate::check::linearizability::{check, is_linearizable};
    use crate::rng::Ppm;
    use crate::settings::Preset;
    use crate::time::Time;

    const TEN_SECONDS: Time = Time::from_ms(10_000);

    #[test]
    fn commands_are_played_as_they_are_by_a_session() {
        let mut session = crate::session::Session::new(steady(10));
        session.seek(TEN_SECONDS);
        assert_eq!(play(&steady(10), TEN_SECONDS), session.world(0).steps());
        assert_eq!(session.world(0).commands_done(), 90);
    }

    #[test]
    fn checking_changes_nothing() {
        assert_eq!(
            play_checked(&busy(Preset::Raft), TEN_SECONDS),
            play(&busy(Preset::Raft), TEN_SECONDS)
        );
    }

    #[test]
    fn what_is_at_fault_is_named_also_where_values_come_again_and_again() {
        let history = stale_history(8_000);
        let report = check(&history);
        let (_, violation) = report.first_violation().expect("the last read is stale");
        assert_eq!(violation.prefix_events, history.events() - 1);
        assert!(violation.is_singled_out && violation.operations.len() < 6, "{violation:?}");
        let text = report.verdict(&history).text;
        assert!(text.contains("c5 read \"4\" ") && text.contains("contradicts that"), "{text}");
        // Without the last answer nothing is wrong.
        let before = history.until(history.events() - 1);
        assert_eq!(is_linearizable(&before, 2_000_000), Some(true));
    }

    #[test]
    fn a_workload_makes_more_of_it_happen() {
        assert!(play(&busy(Preset::Raft), TEN_SECONDS) > play(&quiet(Ppm::NEVER), TEN_SECONDS));
    }

    #[test]
    fn what_is_lost_does_not_arrive() {
        let all = count(&quiet(Ppm::NEVER), TEN_SECONDS);
        let none = count(&quiet(Ppm::ALWAYS), TEN_SECONDS);
        assert!(all.delivered > 0 && none.delivered == 0, "{all:?} {none:?}");
    }
}
