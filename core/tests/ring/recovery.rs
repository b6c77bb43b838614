//! Durable data survive a crash, and acknowledged writes are not lost while disks live.

use super::audit::disks::Disks;
use super::audit::{Replay, failure, printed};
use super::chaos::{END_MS, random_run};
use super::{data, lost_write, nodes, replay};
use crate::seeds::seeds;
use quorumscope_core::ids::NodeId;
use quorumscope_core::run::{NodeFault, Statement};
use quorumscope_core::time::Time;
use quorumscope_core::world::{World, play, watch};
use std::collections::BTreeMap;
use std::sync::Arc;

type State = BTreeMap<String, String>;

/// The states of a node since all of its log was durable: those to which a crash may return it.
#[derive(Default)]
struct Past {
    states: Vec<State>,
    recovered: u32,
}

impl Past {
    fn look(&mut self, world: &World, node: NodeId, restarted: bool) -> Result<(), String> {
        let Some(state) = data(world, node) else { return Ok(()) };
        if restarted {
            if !self.states.contains(&state) {
                return Err(format!("{node} came back with {state:?}, of {:?}", self.states));
            }
            self.recovered += u32::from(!state.is_empty());
        }
        let disk = world.node(node).expect("it has data").disk();
        if disk.durable() == disk.written() {
            self.states.clear();
        }
        if self.states.last() != Some(&state) {
            self.states.push(state);
        }
        Ok(())
    }
}

#[test]
fn recovery_restores_every_durable_write() {
    let mut recovered = 0;
    for seed in seeds() {
        let run = random_run(seed, false);
        let print = || printed(&run);
        let _replay = Replay::of(seed, &print);
        let mut disks = Disks::default();
        let mut pasts: BTreeMap<NodeId, Past> =
            nodes(&run).into_iter().map(|n| (n, Past::default())).collect();
        let mut done = 0;
        watch(&run, Time::from_ms(END_MS), |world| {
            if let Err(problem) = disks.look(world) {
                panic!("{}", failure(seed, world, problem, ""));
            }
            let command = world.commands_done().checked_sub(1).map(|i| &run.commands[i].statement);
            let fresh =
                std::mem::replace(&mut done, world.commands_done()) != world.commands_done();
            for (&node, past) in &mut pasts {
                let restart = Statement::Node(node, NodeFault::Restart);
                let restarted = fresh && command == Some(&restart);
                if let Err(problem) = past.look(world, node, restarted) {
                    panic!("{}", failure(seed, world, problem, ""));
                }
            }
            true
        });
        recovered += pasts.values().map(|p| p.recovered).sum::<u32>();
    }
    assert!(recovered > 0, "no recovery had anything to recover");
}

#[test]
fn no_acknowledged_write_is_lost_while_disks_live() {
    let mut acknowledged = 0;
    for seed in seeds() {
        let run = random_run(seed, false);
        let world = play(&run, Time::from_ms(END_MS));
        if let Some(problem) = lost_write(&world) {
            panic!("seed {seed}: {problem}\n{}", replay(&run));
        }
        acknowledged += world.operations().iter().filter(|o| o.took().is_some()).count();
    }
    assert!(acknowledged > 0, "no operation was answered");
}

/// The purpose of the barrier; and the test above can fail.
#[test]
fn without_fsync_acknowledged_writes_are_lost() {
    let lost = (0..50).filter(|&seed| {
        let mut run = random_run(seed, false);
        Arc::make_mut(&mut run.clusters[0].settings).fsync = false;
        lost_write(&play(&run, Time::from_ms(END_MS))).is_some()
    });
    assert!(lost.count() > 10);
}
