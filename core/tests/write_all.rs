//! The mock replicated store: the guarantees of its strict form, under random faults, which its
//! original form lacks.

mod play;
mod register;
mod seeds;

use play::play;
use quorumscope_core::history::history;
use quorumscope_core::rng::{Concern, Rng};
use register::first_stale_read;
use seeds::seeds;

/// Three clients at work for four seconds, on a bad network, with pauses, partitions and cuts. No
/// crashes: the store is in memory only.
fn troubles(seed: u64, strict: &str) -> String {
    let mut rng = Rng::new(seed, Concern::Script);
    let loss = rng.below(10);
    let mut script = format!(
        "cluster write-all clients=3 seed={seed} loss={loss}% reorder=10% timeout=200ms \
         strict={strict}\n@0s workload rate=60/s reads=60% keys=2\n"
    );
    for _ in 0..4 + rng.below(12) {
        let (at, n, c) = (rng.below(4_000), 1 + rng.below(3), 1 + rng.below(3));
        let fault = match rng.below(6) {
            0 => format!("pause n{n}"),
            1 => format!("resume n{n}"),
            2 => format!("isolate n{n}"),
            3 => format!("partition n{n} c{c} | n{} c{}", n % 3 + 1, c % 3 + 1),
            4 => format!("link n{n}>c{c} latency=exp(60ms)"),
            _ => "heal".into(),
        };
        script += &format!("@{at}ms {fault}\n");
    }
    script + "@4s heal; @4s resume n1; @4s resume n2; @4s resume n3; @5s workload off\n@8s show"
}

/// Every write is at all three replicas, every read asks two of them, and clocks agree: a read sees
/// every write that was over before it began.
#[test]
fn strict_reads_never_miss_a_write_that_was_over() {
    let mut answered = 0;
    for seed in seeds() {
        let script = troubles(seed, "on");
        let told = history(play(&script).world(0));
        if let Some(stale) = first_stale_read(&told) {
            panic!("{stale}\nthis script replays it:\n{script}");
        }
        answered += told.operations().iter().filter(|o| o.returned.is_some()).count();
    }
    assert!(answered > 0, "something was answered");
}

/// The original accepts any number of answers.
#[test]
fn without_strictness_some_read_does() {
    let stale = |seed| first_stale_read(&history(play(&troubles(seed, "off")).world(0))).is_some();
    assert!((1..=50).any(stale));
}
