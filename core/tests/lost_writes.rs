//! A write that the judge calls lost while the run goes on is never seen again, whatever is healed
//! and started; and where no fault takes data away, none is called lost.

mod anything;
mod seeds;

use anything::{READ_MS, script};
use quorumscope_core::check::lost;
use quorumscope_core::history::{History, OperationId, Outcome, history};
use quorumscope_core::script::parse;
use quorumscope_core::settings::Preset;
use quorumscope_core::time::Time;
use quorumscope_core::world::World;
use std::collections::BTreeMap;

/// The writes that were called lost, each with its text and its first moment.
fn called_lost(script: &str) -> (BTreeMap<OperationId, (u64, String)>, World) {
    let run = parse(script).unwrap_or_else(|e| panic!("{e}\n{script}"));
    let mut world = World::new(&run.clusters[0]);
    let mut called = BTreeMap::new();
    let end = Time::from_ms(anything::END_MS);
    while world.advance(&run.commands, end) {
        if !world.steps().is_multiple_of(7) || world.now() >= Time::from_ms(READ_MS) {
            continue;
        }
        let so_far = history(&world);
        for missing in lost::check(&world, &so_far).into_iter().filter(lost::Missing::is_lost) {
            let text = written(&so_far, missing.operation);
            called.entry(missing.operation).or_insert((world.now().as_us(), text));
        }
    }
    (called, world)
}

fn written(history: &History, id: OperationId) -> String {
    use quorumscope_core::history::Request;
    match &history.operation(id).request {
        Request::Set(text) | Request::Upd(text) | Request::Append(text) => text.to_string(),
        Request::Cas { new, .. } => new.to_string(),
        Request::Get | Request::Del => panic!("nobody can miss what leaves nothing"),
    }
}

#[test]
fn what_is_called_lost_is_never_read_again() {
    let (mut runs, mut with_losses) = (0, BTreeMap::new());
    for seed in seeds::seeds().take(400) {
        let (preset, script) = script(seed);
        let (called, world) = called_lost(&script);
        runs += 1;
        let history = history(&world);
        for (id, (since_us, text)) in &called {
            *with_losses.entry(preset).or_insert(0) += 1;
            let later = history
                .iter()
                .filter(|(_, op)| op.invoked.time_us.is_some_and(|at| at > *since_us));
            for (_, op) in later {
                if let Outcome::Read(Some(value)) = op.outcome() {
                    assert!(
                        !value.contains(text.as_str()),
                        "seed {seed}: {:?} was called lost at {since_us} us, and {op:?} shows it\n{script}",
                        history.operation(*id)
                    );
                }
            }
        }
    }
    // Without losses the test would be meaningless.
    assert!(runs < 100 || with_losses.values().sum::<usize>() > 20, "{with_losses:?}");
}

#[test]
fn nothing_is_called_lost_where_disks_keep_what_they_promise() {
    for seed in seeds::seeds().take(400) {
        let (preset, script) = script(seed);
        let keeps = matches!(preset, Preset::Raft) && !script.contains("fsync=off");
        if !keeps || script.contains("wipe") {
            continue;
        }
        let (called, _) = called_lost(&script);
        assert!(called.is_empty(), "seed {seed}: {called:?}\n{script}");
    }
}
