//! The promise, over random faults: with R + W > N, strict quorums, agreeing clocks, disks that
//! keep what they were given and requests that are carried out once, a read never misses a write
//! that was over before it began.

use crate::play::play;
use crate::register::first_stale_read;
use crate::seeds::seeds;
use quorumscope_core::history::{Outcome, history};
use quorumscope_core::protocol::Machine;
use quorumscope_core::protocol::quorum_store::Placement;
use quorumscope_core::rng::{Concern, Ppm, Rng};
use quorumscope_core::store::Version;
use quorumscope_core::time::Time;
use quorumscope_core::world::{Host, World};
use std::fmt::Write;

/// What is random about a run, besides its faults.
struct Quorums {
    nodes: u32,
    n: u32,
    r: u32,
    w: u32,
}

impl Quorums {
    /// Any that meet.
    fn meeting(rng: &mut Rng) -> Self {
        let nodes = 2 + rng.below(5);
        let n = 1 + rng.below(nodes);
        let w = 1 + rng.below(n);
        Self { nodes, n, r: rng.between((n + 1 - w).into(), n.into()) as u32, w }
    }

    /// Any that need not.
    fn missing(rng: &mut Rng) -> Self {
        let nodes = 2 + rng.below(5);
        let n = rng.between(2, nodes.into()) as u32;
        let w = 1 + rng.below(n - 1);
        Self { nodes, n, r: 1 + rng.below(n - w), w }
    }
}

/// Clients at work for five seconds, on a bad network, among crashes, pauses, partitions and cuts;
/// then everything heals, and there is quiet.
fn troubles(seed: u64, quorums: impl FnOnce(&mut Rng) -> Quorums, more: &str) -> String {
    let mut rng = Rng::new(seed, Concern::Script);
    let Quorums { nodes, n, r, w } = quorums(&mut rng);
    let switch = |rng: &mut Rng| if rng.chance(Ppm(500_000)) { "on" } else { "off" };
    let (repair, hints) = (switch(&mut rng), switch(&mut rng));
    let entropy = ["off", "150ms", "1s"][rng.below(3) as usize];
    let loss = rng.below(8);
    let mut script = format!(
        "cluster quorum nodes={nodes} clients=4 seed={seed} loss={loss}% reorder=10% timeout=200ms \
         n={n} r={r} w={w} read-repair={repair} hints={hints} anti-entropy={entropy} {more}\n\
         @0s workload rate=60/s reads=60% keys=2\n"
    );
    for _ in 0..3 + rng.below(15) {
        let at = rng.below(5_000);
        writeln!(script, "@{at}ms {}", fault(&mut rng, nodes)).unwrap();
    }
    script += "@5s heal; @5s network loss=0% reorder=0%\n";
    for n in 1..=nodes {
        writeln!(script, "@5s restart n{n}").unwrap();
    }
    script + "@6s workload off\n@15s show"
}

fn fault(rng: &mut Rng, nodes: u32) -> String {
    let (n, m) = (1 + rng.below(nodes), 1 + rng.below(nodes));
    match rng.below(8) {
        0 => format!("crash n{n}"),
        1 => format!("restart n{n}"),
        2 => format!("pause n{n}"),
        3 => format!("resume n{n}"),
        4 => format!("isolate n{n}"),
        5 if n != m => format!("cut n{n}>n{m}"),
        6 if n != m => format!("link n{n}>n{m} latency=exp(60ms)"),
        _ => "heal".into(),
    }
}

const RETRIES: &str = "retries=0";

#[test]
fn no_read_misses_a_write_that_was_over() {
    let mut answered = 0;
    for seed in seeds() {
        let script = troubles(seed, Quorums::meeting, RETRIES);
        let told = history(play(&script).world(0));
        if let Some(stale) = first_stale_read(&told) {
            panic!("{stale}\nthis script replays it:\n{script}");
        }
        let reads = told.operations().iter().filter_map(|o| o.returned.as_ref());
        answered += reads.filter(|(_, o)| matches!(o, Outcome::Read(Some(_)))).count();
    }
    assert!(answered > 0, "no read was answered with a value");
}

/// The judge is not blind: where quorums need not meet, the same faults make reads stale.
#[test]
fn where_quorums_need_not_meet_some_read_does() {
    let stale = (1..=50).filter(|&seed| {
        let script = troubles(seed, Quorums::missing, RETRIES);
        first_stale_read(&history(play(&script).world(0))).is_some()
    });
    assert!(stale.count() > 0);
}

/// The same for sloppy quorums.
#[test]
fn where_quorums_are_sloppy_some_read_does() {
    let stale = (1..=100).filter(|&seed| {
        let script = troubles(seed, Quorums::meeting, "retries=0 sloppy=on");
        first_stale_read(&history(play(&script).world(0))).is_some()
    });
    assert!(stale.count() > 0);
}

/// The same for disks that forget what they acknowledged.
#[test]
fn where_disks_forget_some_read_does() {
    let stale = (1..=100).filter(|&seed| {
        let script = troubles(seed, Quorums::meeting, "retries=0 fsync=off");
        first_stale_read(&history(play(&script).world(0))).is_some()
    });
    assert!(stale.count() > 0);
}

/// What is not part of the state hash follows from what is: going back and forth leads to the same.
#[test]
fn going_back_and_forth_leads_to_the_same() {
    for seed in 1..=10 {
        let more = ["coordinator=client", "sloppy=on"][seed as usize % 2];
        let mut session = play(&troubles(seed, Quorums::meeting, more));
        let (end, hash) = (session.now(), session.hash());
        session.seek(Time::from_ms(3_210));
        session.seek(end);
        assert_eq!(session.hash(), hash, "seed {seed}");
    }
}

/// Once all is healed, replicas that compare agree, whatever quorums there were, who coordinated,
/// and what the clocks said.
#[test]
fn replicas_that_compare_agree_in_the_end() {
    for seed in 1..=60 {
        let more = ["coordinator=client", "sloppy=on", "duplicate=5%"][seed as usize % 3];
        let script = troubles(seed, Quorums::missing, more);
        let script = script.replace("@0s workload", "@0s set anti-entropy=100ms\n@0s workload");
        let script = script.replace("@6s", "@2s clock n1 -700ms\n@6s");
        let session = play(&script);
        for key in ["x", "y"] {
            let versions = versions_at_home(session.world(0), key);
            let agree = versions.windows(2).all(|pair| pair[0] == pair[1]);
            assert!(agree, "{key}: {versions:?}\n{script}");
        }
    }
}

/// The versions that the homes of a key hold.
fn versions_at_home(world: &World, key: &str) -> Vec<Option<Version>> {
    let replica = |node| match world.node(node).and_then(Host::machine) {
        Some(Machine::Quorum(replica)) => replica,
        _ => panic!("{node} runs the quorum store"),
    };
    let placement = Placement::of(world.settings());
    let homes = placement.homes(placement.spot(key).range);
    homes.map(|home| replica(home).stock().version(key).cloned()).collect()
}
