//! Playing until a breakpoint: event by event, so that the World stops right behind the event with
//! which a condition begins to hold.

use super::Session;
use crate::condition::{Breakpoints, Stop};
use crate::time::{LATEST, Time};
use crate::timeline::Budget;

/// The result of playing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Played {
    /// The playhead has reached the target.
    Arrived,
    /// The budget ran out on the way; another call continues.
    Unfinished,
    /// A breakpoint stopped it; the playhead stands there.
    Stopped(Stop),
}

impl Session {
    /// Plays on to a time, and stops at the first breakpoint on the way. A condition that already
    /// holds at the playhead does not stop it.
    pub fn play(&mut self, to: Time, budget: &mut Budget, breakpoints: &mut Breakpoints) -> Played {
        let to = to.min(LATEST);
        if !breakpoints.any_on() {
            let arrived = self.seek_some(to, budget);
            return if arrived { Played::Arrived } else { Played::Unfinished };
        }
        let revision = self.revision;
        let branch = self.branch_mut();
        if !breakpoints.settle(&branch.run, revision, &branch.timelines, budget) {
            return Played::Unfinished;
        }
        while let Some(cluster) = branch.next_cluster(to) {
            if !budget.spend() {
                return Played::Unfinished;
            }
            let from = branch.timelines[cluster].next_event();
            branch.step_cluster(cluster);
            if let Some(stop) =
                breakpoints.look(cluster, (&branch.timelines[cluster], &branch.run.commands), from)
            {
                return Played::Stopped(stop);
            }
        }
        // No step is left before that time: only the clock moves on.
        let arrived = branch.seek(to, budget);
        if arrived { Played::Arrived } else { Played::Unfinished }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::condition::{Names, parse};
    use crate::script;

    fn session(text: &str) -> Session {
        Session::new(script::parse(text).expect("the script is right"))
    }

    fn breakpoints(session: &Session, texts: &[&str]) -> Breakpoints {
        let mut all = Breakpoints::default();
        for text in texts {
            let condition = parse(text, Names::of(session.run())).expect("the condition is right");
            all.add(condition).expect("there is room");
        }
        all
    }

    /// The steps at which a condition on the World alone begins to hold, found by stepping.
    fn by_stepping(text: &str, until: Time, holds: impl Fn(&Session) -> bool) -> Vec<(Time, u64)> {
        let mut session = session(text);
        let mut held = holds(&session);
        let mut found = Vec::new();
        while session.step(1) == 1 && session.now() <= until {
            let now = holds(&session);
            if now && !held {
                found.push((session.now(), session.hash()));
            }
            held = now;
        }
        found
    }

    /// The same steps, found by playing in slices of a few steps.
    fn by_playing(text: &str, until: Time, condition: &str) -> Vec<(Time, u64)> {
        let mut session = session(text);
        let mut all = breakpoints(&session, &[condition]);
        let mut found = Vec::new();
        loop {
            match session.play(until, &mut Budget::steps(7), &mut all) {
                Played::Arrived => return found,
                Played::Unfinished => {}
                Played::Stopped(stop) => {
                    assert_eq!(stop.at, session.now());
                    found.push((session.now(), session.hash()));
                }
            }
        }
    }

    const BUSY: &str = "cluster raft nodes=5 seed=7 prevote=off timeout=300ms retries=1\n\
        @500ms workload rate=200/s reads=50% keys=2\n\
        @2s timeout n2; @3s timeout n3; @4s crash n3; @4s crash n1; @6s restart n1\n\
        @7s partition n1 n4 | n2 n3 n5";
    const UNTIL: Time = Time::from_ms(8_000);

    #[test]
    fn it_stops_where_stepping_would_find_it() {
        let leaders = |s: &Session| {
            let leads = |h: &crate::world::Host| h.machine().is_some_and(|m| m.sign().role.leads());
            s.world(0).nodes().filter(|h| leads(h)).count()
        };
        let played = by_playing(BUSY, UNTIL, "leaders = 1");
        assert!(played.len() >= 2, "{played:?}");
        assert_eq!(played, by_stepping(BUSY, UNTIL, |s| leaders(s) == 1));
        let many = |s: &Session| s.world(0).flight_count() > 7;
        let played = by_playing(BUSY, UNTIL, "messages > 7");
        assert!(played.len() > 5, "{}", played.len());
        assert_eq!(played, by_stepping(BUSY, UNTIL, many));
    }

    #[test]
    fn moments_stop_every_time() {
        let run = "cluster raft nodes=3 seed=7 prevote=off\n@1s timeout n2; @2s timeout n3; @3s timeout n2";
        let elected = by_playing(run, Time::from_ms(4_000), "leader elected");
        let mut session = session(run);
        session.seek(Time::from_ms(4_000));
        let trace = session.trace(0);
        let led = trace.iter_from(crate::ids::EventId(0)).filter_map(|(_, e)| match e.what {
            crate::trace::What::Noted(_, crate::protocol::Fact::Led(_)) => Some(e.at),
            _ => None,
        });
        let stops: Vec<Time> = elected.iter().map(|(at, _)| *at).collect();
        assert!(stops.len() >= 3, "{stops:?}");
        assert_eq!(stops, led.collect::<Vec<_>>());
    }

    #[test]
    fn going_over_known_ground_stops_at_the_same_places() {
        let mut session = session(BUSY);
        let mut all = breakpoints(&session, &["client fails", "commit(n4) > 5"]);
        let mut stops = |session: &mut Session| {
            let mut found = Vec::new();
            while let Played::Stopped(stop) =
                session.play(UNTIL, &mut Budget::UNLIMITED.clone(), &mut all)
            {
                found.push((stop, session.hash()));
            }
            found
        };
        let first = stops(&mut session);
        assert!(first.len() > 1, "{first:?}");
        session.seek(Time::ZERO);
        assert_eq!(stops(&mut session), first);
    }

    #[test]
    fn a_violation_stops_at_the_answer_that_makes_it_one() {
        let mut session = session(
            "cluster peers seed=4\n@1s c1 set x left via n1\n@1s c2 set x right via n2\n\
             @5s c1 get x via n1\n@6s c1 get x via n2",
        );
        let mut all = breakpoints(&session, &["violation"]);
        let played = session.play(Time::from_ms(9_000), &mut Budget::UNLIMITED.clone(), &mut all);
        let Played::Stopped(stop) = played else { panic!("{played:?}") };
        assert!(stop.at > Time::from_ms(6_000) && stop.at < Time::from_ms(6_100), "{stop:?}");
        let verdict = &crate::view::verdict(&session)[0];
        assert_eq!(verdict.holds, Some(false));
        session.step(-1);
        assert_ne!(crate::view::verdict(&session)[0].holds, Some(false));
    }

    /// The judge works ahead; it must handle each step, and a run that is changed.
    #[test]
    fn a_violation_is_found_where_judging_every_step_finds_it() {
        let run = "cluster quorum n=3 r=1 w=1 coordinator=client clients=4 seed=4 latency=5ms..80ms\n\
            @0s workload rate=100/s reads=60% keys=2";
        let violated = |s: &Session| crate::view::verdict(s)[0].holds == Some(false);
        let until = Time::from_ms(4_000);
        let played = by_playing(run, until, "violation");
        let stepped = by_stepping(run, until, violated);
        assert_eq!(played.len(), 1, "it is violated: {stepped:?}");
        assert_eq!(played, stepped);
    }

    #[test]
    fn a_gesture_is_judged_that_the_judge_did_not_foresee() {
        let mut session = session("cluster peers seed=4\n@1s c1 set x left via n1");
        let mut all = breakpoints(&session, &["violation"]);
        let mut play = |session: &mut Session, ms| {
            session.play(Time::from_ms(ms), &mut Budget::UNLIMITED.clone(), &mut all)
        };
        assert_eq!(play(&mut session, 900), Played::Arrived);
        for (ms, client, ask) in [
            (1_000, 2, "set x right via n2"),
            (5_000, 1, "get x via n1"),
            (6_000, 1, "get x via n2"),
        ] {
            assert_eq!(play(&mut session, ms), Played::Arrived);
            let entry = script::parse(&format!("cluster peers\n@{ms}ms c{client} {ask}"));
            let entry = entry.expect("it is right").commands.remove(0);
            session.append(entry.statement).expect("it can be done");
        }
        let played = play(&mut session, 9_000);
        assert!(
            matches!(played, Played::Stopped(stop) if stop.at > Time::from_ms(6_000)),
            "{played:?}"
        );
    }

    #[test]
    fn what_is_switched_off_stops_nothing() {
        let mut session = session(BUSY);
        let mut all = breakpoints(&session, &["leader elected"]);
        assert!(all.switch(1, false) && !all.any_on() && !all.switch(2, false));
        let played = session.play(UNTIL, &mut Budget::UNLIMITED.clone(), &mut all);
        assert_eq!(played, Played::Arrived);
        assert!(all.remove(1) && all.list().is_empty());
    }

    #[test]
    fn of_several_clusters_the_one_is_named() {
        let mut session = session("cluster quorum\ncluster raft seed=7");
        let mut all = breakpoints(&session, &["leader elected"]);
        let played = session.play(UNTIL, &mut Budget::UNLIMITED.clone(), &mut all);
        let Played::Stopped(stop) = played else { panic!("{played:?}") };
        assert_eq!(stop.cluster, 1);
        assert_eq!(session.world(0).now(), session.world(1).now());
    }
}
