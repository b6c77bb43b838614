use super::*;
use crate::script::parse;
use crate::session::Session;

const STEPS: u64 = 1_000_000;

/// The state hash of a World after a call of `next_due`, which a session has made too.
fn hash(referee: &Referee) -> u64 {
    let mut world = referee.world().clone();
    let _ = world.next_due();
    world.hash()
}

/// The verdicts on a script's first cluster at its end: those that do not hold or are unknown.
fn told(script: &str, at_ms: u64) -> Vec<String> {
    let mut session = Session::new(parse(script).unwrap());
    session.seek(Time::from_ms(at_ms));
    let run = session.run();
    let mut referee = Referee::new(&run.clusters[0], &run.commands, STEPS);
    assert!(referee.go_to(session.world(0).steps(), &mut Budget::UNLIMITED.clone()));
    assert_eq!(hash(&referee), session.world(0).hash(), "the same World");
    let history = referee.history();
    let verdicts = referee.verdicts(&history, session.now());
    let properties: Vec<Property> = verdicts.iter().map(|v| v.property).collect();
    assert_eq!(properties, Property::ALL);
    let wrong = verdicts.iter().filter(|v| v.holds != Some(true));
    let wrong = wrong.filter(|v| !matches!(v.property, Property::Raft(_)) || v.holds.is_some());
    wrong.map(|v| format!("{}: {:?}: {}", v.property, v.holds, v.text)).collect()
}

#[test]
fn raft_that_nothing_disturbs_keeps_every_promise() {
    let script = "cluster raft seed=7\n@1s c1 set x 1\n@1.5s c2 get x\n@2s c1 del x";
    assert_eq!(told(script, 4_000), [""; 0]);
}

#[test]
fn the_end_is_not_judged_before_it_is_the_end() {
    let down = "cluster raft seed=7\n@1s c1 set x 1\n@2s crash n3";
    let why = "None: not judged while n3 is crashed";
    let expected = ["no acknowledged write lost", "replicas converge"];
    assert_eq!(told(down, 4_000), expected.map(|property| format!("{property}: {why}")));
    let asking = "cluster raft seed=7\n@1s workload rate=20/s reads=50% keys=3";
    assert!(told(asking, 4_000).iter().all(|told| told.contains("not judged while")));
}

#[test]
fn a_write_that_reached_one_replica_is_a_stale_read_and_a_difference() {
    // No repair reaches the node that missed the write, and a read asks two of three.
    let script = "cluster write-all nodes=3 seed=3\n\
        @1s c1 set x 1\n\
        @2s isolate n1; isolate n2\n\
        @2.1s c1 set x 2\n\
        @6s heal\n\
        @12s show"
        .replace("; ", "\n@2s ");
    let told = told(&script, 12_000);
    let expected = "replicas converge: Some(false): Replicas differ (convergence is broken): n1 and n3 \
                    differ on x: n1 has \"1\" of c1's write at 1.035 s, and n3 \"2\" of c1's write at \
                    2.60 s";
    assert_eq!(told, [expected]);
}

#[test]
fn asynchronous_failover_loses_a_write() {
    let script = "cluster primary-backup nodes=3 seed=3 replication=async\n\
        @1s c1 set x 1\n\
        @2s cut n3-n1\n\
        @2s cut n3-n2\n\
        @2.1s c1 set x 2 via n3\n\
        @2.3s crash n3\n\
        @3s heal\n\
        @7s restart n3";
    let told = told(script, 20_000);
    let lost = told.iter().find(|text| text.contains("no acknowledged write lost"));
    assert!(
        lost.is_some_and(|text| text.contains("Lost write: c1's write of \"2\" to x")),
        "{told:?}"
    );
}

/// A leader without fsync forgets its promises.
const FORGETFUL: &str = "cluster raft nodes=3 seed=5 fsync=off\n\
    @1s c1 set x 1\n@1.2s c1 set x 2\n@1.4s c1 set x 3\n\
    @1.5s wipe n1\n@1.5s wipe n2\n@1.5s restart n1\n@1.5s restart n2\n@1.5s crash n3\n@4s show";

#[test]
fn what_is_judged_anywhere_is_what_a_new_referee_says_there() {
    let mut session = Session::new(parse(FORGETFUL).unwrap());
    let mut referee = {
        let run = session.run();
        Referee::new(&run.clusters[0], &run.commands, STEPS)
    };
    let mut seen_lost = false;
    for at_ms in [4_000, 1_300, 1_450, 3_900, 900, 2_500, 4_000] {
        session.seek(Time::from_ms(at_ms));
        let (run, steps) = (session.run(), session.world(0).steps());
        let mut fresh = Referee::new(&run.clusters[0], &run.commands, STEPS);
        let say = |referee: &mut Referee| {
            // In small portions, as in a page that does other work in between.
            while !referee.go_to(steps, &mut Budget::steps(100)) {}
            let history = referee.history();
            referee.verdicts(&history, session.now())
        };
        let verdicts = say(&mut referee);
        assert_eq!(verdicts, say(&mut fresh), "at {at_ms} ms");
        let violated =
            |v: &Verdict| matches!(v.property, Property::Raft(_)) && v.holds == Some(false);
        let is_violated = verdicts.iter().any(violated);
        assert!(!is_violated || at_ms > 1_500);
        seen_lost |= is_violated;
    }
    assert!(seen_lost, "two of three forgot what was committed");
}

#[test]
fn another_end_is_judged_from_the_common_beginning() {
    let run = |end: &str| parse(&format!("{FORGETFUL}{end}").replace("@4s show", "")).unwrap();
    let one = run("@3s c2 get x");
    let other = run("@2s c2 get y\n@3s c1 set y 1");
    let mut referee = Referee::new(&one.clusters[0], &one.commands, STEPS);
    referee.go_to(1_000, &mut Budget::UNLIMITED.clone());
    for run in [&other, &one, &other] {
        assert!(referee.follow(&run.clusters[0], &run.commands));
        let mut session = Session::new(run.clone());
        session.seek(Time::from_ms(4_000));
        let steps = session.world(0).steps();
        referee.go_to(steps, &mut Budget::UNLIMITED.clone());
        assert_eq!(hash(&referee), session.world(0).hash());
        let history = referee.history();
        let mut fresh = Referee::new(&run.clusters[0], &run.commands, STEPS);
        fresh.go_to(steps, &mut Budget::UNLIMITED.clone());
        let now = session.now();
        assert_eq!(referee.verdicts(&history, now), fresh.verdicts(&history, now));
    }
    assert!(!referee.follow(&parse("cluster quorum").unwrap().clusters[0], &[]));
}
