//! The guarantees of Raft to its clients, and their limits.

mod audit;
mod common;
mod seeds;

use common::{Chaos, random_run, replay};
use quorumscope_core::check::linearizability;
use quorumscope_core::history::history;
use quorumscope_core::script;
use quorumscope_core::settings::Reads;
use quorumscope_core::time::Time;
use quorumscope_core::world::play;
use seeds::seeds;

const UNTIL: Time = Time::from_ms(12_000);

/// The reason why the history of that run is not linearizable, if it is not.
fn fault(seed: u64, chaos: Chaos) -> Option<String> {
    let run = random_run(seed, chaos);
    let print = || audit::printed(&run);
    let _replay = audit::Replay::of(seed, &print);
    let history = history(&play(&run, UNTIL));
    let report = linearizability::check(&history);
    let holds = report.is_linearizable().expect("the histories are short");
    (!holds).then(|| format!("seed {seed}: {}\n{}", report.verdict(&history).text, replay(&run)))
}

#[test]
fn operations_are_linearizable_over_random_faults() {
    for seed in seeds() {
        if let Some(why) = fault(seed, Chaos::default()) {
            panic!("{why}");
        }
    }
}

/// Local reads return the applied state of the asked server, which may be stale.
#[test]
fn local_reads_are_stale_somewhere() {
    let chaos = Chaos { reads: Reads::Local, ..Chaos::default() };
    assert!((1..50).any(|seed| fault(seed, chaos).is_some()));
}

/// While clocks run alike, leases are as safe as rounds of heartbeats.
#[test]
fn leases_hold_where_clocks_run_alike() {
    let chaos = Chaos { reads: Reads::Lease, clocks: false, ..Chaos::default() };
    for seed in seeds() {
        if let Some(why) = fault(seed, chaos) {
            panic!("{why}");
        }
    }
}

/// A leader that is cut off, together with a client. The others elect another and accept a write.
fn cut_off(reads: Reads, clock: &str) -> Option<bool> {
    let text = |leader: u16, others: [u16; 2]| {
        let [a, b] = others;
        format!(
            "cluster raft nodes=3 seed=3 reads={}
             @1s c1 set x 1 via n{leader}
             @1.5s {clock}
             @1.5s partition n{leader} c1 | n{a} n{b} c2
             @4s c2 set x 2 via n{a}
             @6s c1 get x via n{leader}
             @8s heal",
            if reads == Reads::Lease { "lease" } else { "index" },
        )
        .replace("LEADER", &leader.to_string())
    };
    let first = script::parse(&text(1, [2, 3])).expect("it is well-formed");
    let leader = play(&first, Time::from_ms(900)).leader().expect("one was elected").0;
    let others: Vec<u16> = (1..=3).filter(|n| *n != leader).collect();
    let run = script::parse(&text(leader, [others[0], others[1]])).expect("it is well-formed");
    let history = history(&play(&run, UNTIL));
    assert_eq!(history.operations().len(), 3);
    linearizability::is_linearizable(&history, u64::MAX)
}

/// Section 6.4.1: a lease trusts clocks. A leader with a slow clock believes in its lease long
/// after another was elected.
#[test]
fn a_slow_clock_breaks_a_lease() {
    let slow = "clock nLEADER x0.01";
    assert_eq!(cut_off(Reads::Lease, slow), Some(false));
    assert_eq!(cut_off(Reads::Lease, "timeout n1"), Some(true));
    assert_eq!(cut_off(Reads::Index, slow), Some(true));
}
