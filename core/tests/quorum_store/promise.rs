//! The guarantee, under random faults: with R + W > N, strict quorums, agreeing clocks, disks that
//! keep their data and requests that are executed once, a read never misses a write that was over
//! before it began.

use crate::audit::disks::Disks;
use crate::audit::quorum;
use crate::audit::{Replay, failure};
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

/// The random parameters of a run, besides its faults.
struct Quorums {
    nodes: u32,
    n: u32,
    r: u32,
    w: u32,
}

impl Quorums {
    /// Arbitrary quorums that overlap.
    fn meeting(rng: &mut Rng) -> Self {
        let nodes = 2 + rng.below(5);
        let n = 1 + rng.below(nodes);
        let w = 1 + rng.below(n);
        Self { nodes, n, r: rng.between((n + 1 - w).into(), n.into()) as u32, w }
    }

    /// Arbitrary quorums that need not overlap.
    fn missing(rng: &mut Rng) -> Self {
        let nodes = 2 + rng.below(5);
        let n = rng.between(2, nodes.into()) as u32;
        let w = 1 + rng.below(n - 1);
        Self { nodes, n, r: 1 + rng.below(n - w), w }
    }
}

/// Clients at work for five seconds, on a bad network, with crashes, pauses, partitions and cuts;
/// then everything heals, and there is quiet.
fn troubles(seed: u64, quorums: impl FnOnce(&mut Rng) -> Quorums, more: &str) -> String {
    let mut rng = Rng::new(seed, Concern::Script);
    let Quorums { nodes, n, r, w } = quorums(&mut rng);
    let switch = |rng: &mut Rng| if rng.chance(Ppm(500_000)) { "on" } else { "off" };
    let (repair, hints) = (switch(&mut rng), switch(&mut rng));
    let entropy = ["off", "150ms", "1s"][rng.below(3) as usize];
    let loss = rng.below(8);
    let disk = ["1ms", "15ms"][rng.below(2) as usize];
    let mut script = format!(
        "cluster quorum nodes={nodes} clients=4 seed={seed} loss={loss}% reorder=10% timeout=200ms \
         n={n} r={r} w={w} read-repair={repair} hints={hints} anti-entropy={entropy} disk={disk} {more}\n\
         @0s workload rate=60/s reads=60% keys=3\n"
    );
    for _ in 0..3 + rng.below(15) {
        let at = rng.below(5_000);
        writeln!(script, "@{at}ms {}", fault(&mut rng, nodes)).unwrap();
    }
    script += "@4.9s workload off\n@5s heal; @5s network loss=0% reorder=0%\n";
    for n in 1..=nodes {
        writeln!(script, "@5s restart n{n}").unwrap();
    }
    for (i, key) in ["x", "y", "z"].into_iter().enumerate() {
        writeln!(script, "@{}ms c{} get {key}", 6_000 + 200 * i, 1 + i).unwrap();
        writeln!(script, "@{}ms c{} get {key}", 6_100 + 200 * i, 2 + i).unwrap();
    }
    script + "@15s show"
}

fn fault(rng: &mut Rng, nodes: u32) -> String {
    let (n, m) = (1 + rng.below(nodes), 1 + rng.below(nodes));
    match rng.below(10) {
        0 => format!("crash n{n}"),
        1 => format!("restart n{n}"),
        2 => format!("pause n{n}"),
        3 => format!("resume n{n}"),
        4 => format!("isolate n{n}"),
        5 if n != m => format!("cut n{n}>n{m}"),
        6 if n != m => format!("link n{n}>n{m} latency=exp(60ms)"),
        // Between nodes only: a duplicated client's request would be executed twice.
        7 | 8 if n != m => format!("link n{n}-n{m} duplicate=60%"),
        _ => "heal".into(),
    }
}

/// Plays a random run, and checks that its disks keep their data.
fn watched(seed: u64, script: &str) -> World {
    let print = || script.to_owned();
    let _replay = Replay::of(seed, &print);
    let run = quorumscope_core::script::parse(script).unwrap_or_else(|e| panic!("{e}"));
    let mut disks = Disks::default();
    let until = run.show.expect("it says when it is over").at;
    quorumscope_core::world::watch(&run, until, |world| {
        let strict = !world.settings().quorum.sloppy && world.settings().fsync;
        let audited = if strict { quorum::look(world) } else { Ok(()) };
        if let Err(problem) = audited.and_then(|()| disks.look(world)) {
            panic!("{}", failure(seed, world, problem, ""));
        }
        true
    })
}

const RETRIES: &str = "retries=0";

#[test]
fn no_read_misses_a_write_that_was_over() {
    let mut answered = 0;
    for seed in seeds() {
        let script = troubles(seed, Quorums::meeting, RETRIES);
        let told = history(&watched(seed, &script));
        if let Some(stale) = first_stale_read(&told) {
            panic!(
                "seed {seed}: a read misses a write: {stale}\nthis script replays it:\n{script}"
            );
        }
        let reads = told.operations().iter().filter_map(|o| o.returned.as_ref());
        answered += reads.filter(|(_, o)| matches!(o, Outcome::Read(Some(_)))).count();
    }
    assert!(answered > 0, "no read was answered with a value");
}

/// The judge is not blind: where quorums need not overlap, the same faults make reads stale.
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

/// State outside the state hash follows from the state in it: going back and forth leads to the
/// same.
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

/// Once all is healed, replicas that compare agree, for any quorums, coordinators and clocks.
#[test]
fn replicas_that_compare_agree_in_the_end() {
    for seed in 1..=60 {
        let more = ["coordinator=client", "sloppy=on", "duplicate=5%"][seed as usize % 3];
        let script = troubles(seed, Quorums::missing, more);
        let script = script.replace("@0s workload", "@0s set anti-entropy=100ms\n@0s workload");
        let script = script.replace("@5s heal", "@2s clock n1 -700ms\n@5s heal");
        let session = play(&script);
        for key in ["x", "y"] {
            let versions = versions_at_home(session.world(0), key);
            let agree = versions.windows(2).all(|pair| pair[0] == pair[1]);
            assert!(agree, "{key}: {versions:?}\n{script}");
        }
    }
}

/// The versions of a key at its homes.
fn versions_at_home(world: &World, key: &str) -> Vec<Option<Version>> {
    let replica = |node| match world.node(node).and_then(Host::machine) {
        Some(Machine::Quorum(replica)) => replica,
        _ => panic!("{node} runs the quorum store"),
    };
    let placement = Placement::of(world.settings());
    let homes = placement.homes(placement.spot(key).range);
    homes.map(|home| replica(home).stock().version(key).cloned()).collect()
}
