//! The tree of branches: names, deletion, and the first difference of two.

use super::undo::Edit;
use super::{Branch, Problem, Session};
use crate::ids::EventId;
use crate::run::{Command, Statement};
use crate::time::Time;
use crate::timeline::{Budget, Timeline};
use crate::trace::{Event, What};

/// The longest name of a branch, in letters.
pub const MAX_NAME_CHARS: usize = 60;
/// An automatic name of a branch is cut after this many letters.
const OWN_NAME_CHARS: usize = 28;

/// The first difference of two branches.
#[derive(Clone, Debug)]
pub struct Difference {
    /// The cluster, from 0.
    pub cluster: usize,
    /// The time of the earlier of the two events.
    pub at: Time,
    /// The differing events of the two; None: that branch has no further event.
    pub sides: [Option<Side>; 2],
}

/// One of two branches at their difference.
#[derive(Clone, Debug)]
pub struct Side {
    /// The event that differs from the other branch's.
    pub event: EventId,
    /// Its time.
    pub at: Time,
    /// The branch's cluster, with the playhead at that event.
    pub timeline: Timeline,
}

impl Session {
    /// Renames a branch. It can be undone.
    ///
    /// # Errors
    /// When there is no such branch, or the name is empty, too long, taken, or has control
    /// characters.
    pub fn rename(&mut self, branch: usize, name: &str) -> Result<(), Problem> {
        let name = name.trim();
        let taken = |(i, b): (usize, &Branch)| i != branch && b.name == name;
        if branch >= self.branches.len() {
            return Err(Problem::NoSuchBranch);
        }
        let is_long = name.chars().count() > MAX_NAME_CHARS;
        if name.is_empty() || is_long || name.contains(char::is_control) {
            return Err(Problem::BadName);
        }
        if self.branches.iter().enumerate().any(taken) {
            return Err(Problem::NameTaken);
        }
        self.remember_branches();
        name.clone_into(&mut self.branches[branch].name);
        self.revision += 1;
        Ok(())
    }

    /// Deletes a branch. Branches made from it move to its parent; if it was selected, its parent
    /// is selected, or else the oldest. It can be undone.
    ///
    /// # Errors
    /// When there is no such branch, or no other.
    pub fn delete(&mut self, branch: usize) -> Result<(), Problem> {
        if branch >= self.branches.len() {
            return Err(Problem::NoSuchBranch);
        }
        if self.branches.len() == 1 {
            return Err(Problem::OnlyBranch);
        }
        self.remember_branches();
        let gone = self.branches.remove(branch);
        let moved = |place: usize| if place > branch { place - 1 } else { place };
        for other in &mut self.branches {
            other.forked = match other.forked {
                Some((from, at)) if from == branch => {
                    gone.forked.map(|(grand, before)| (moved(grand), at.min(before)))
                }
                other => other.map(|(from, at)| (moved(from), at)),
            };
        }
        self.current = if self.current == branch {
            gone.forked.map_or(0, |(from, _)| moved(from))
        } else {
            moved(self.current)
        };
        self.revision += 1;
        Ok(())
    }

    /// Records all branches, so that the next edit can be undone.
    fn remember_branches(&mut self) {
        let (branches, current) = (self.branches.iter().map(Branch::kept).collect(), self.current);
        self.edits.done(Edit::Loaded { branches, current });
    }

    /// The place of the branch of that name.
    #[must_use]
    pub fn branch_named(&self, name: &str) -> Option<usize> {
        self.branches.iter().position(|b| b.name == name)
    }

    /// The first difference of two branches of this run, in the part simulated so far. None when
    /// there is none.
    ///
    /// # Errors
    /// When there is no such branch.
    pub fn difference(&self, one: usize, other: usize) -> Result<Option<Difference>, Problem> {
        let (Some(a), Some(b)) = (self.branches.get(one), self.branches.get(other)) else {
            return Err(Problem::NoSuchBranch);
        };
        let mut first: Option<Difference> = None;
        for cluster in 0..a.timelines.len().min(b.timelines.len()) {
            let found = match is_whole(a, cluster) && is_whole(b, cluster) {
                true => parting(a, b, cluster),
                false => replayed_parting(a, b, cluster)?,
            };
            let sooner = |d: &Difference| first.as_ref().is_none_or(|f| d.at < f.at);
            first = found.filter(sooner).or(first);
        }
        Ok(first)
    }

    /// An unused name for a branch that begins with that statement.
    pub(super) fn name_after(&self, statement: &Statement) -> String {
        let said = statement.to_string();
        let shown = |c: char| if c.is_control() { '\u{fffd}' } else { c };
        let mut name: String = said.chars().take(OWN_NAME_CHARS).map(shown).collect();
        if name.len() < said.len() {
            name.push('…');
        }
        let numbered = (2..).map(|n| format!("{name} ({n})"));
        let mut names = std::iter::once(name.clone()).chain(numbered);
        let free = |name: &String| self.branch_named(name).is_none();
        names.find(free).expect("there are fewer branches than numbers")
    }
}

impl Side {
    fn event(&self) -> Option<&Event> {
        self.timeline.trace().event(self.event)
    }
}

/// The most steps that are replayed to find the first difference of two branches.
const MOST_REPLAYED: u64 = 2_000_000;

/// Whether all simulated events of a cluster are kept.
fn is_whole(branch: &Branch, cluster: usize) -> bool {
    branch.stood.is_none() && branch.timelines[cluster].trace().first() == EventId(0)
}

/// Like [`parting`], where events were forgotten: both are replayed from the first difference of
/// their statements.
fn replayed_parting(a: &Branch, b: &Branch, cluster: usize) -> Result<Option<Difference>, Problem> {
    let branches = [a, b];
    let (mine, other) = (&a.run.commands, &b.run.commands);
    let same = mine.iter().zip(other).take_while(|(x, y)| x == y).count();
    let next = [mine.get(same), other.get(same)];
    let Some(at) = next.iter().flatten().map(|c| c.at).min() else { return Ok(None) };
    let before = Time::from_us(at.as_us().saturating_sub(1));
    let mut sides = Vec::new();
    for branch in branches {
        let mut timeline = branch.timelines[cluster].clone();
        if !timeline.seek(&branch.run.commands, before, &mut Budget::steps(MOST_REPLAYED)) {
            return Err(Problem::Forgotten);
        }
        sides.push(timeline);
    }
    let mut place = sides[0].next_event();
    loop {
        let mut found = [None, None];
        for (side, found) in found.iter_mut().enumerate() {
            let (timeline, commands) = (&mut sides[side], &branches[side].run.commands);
            while timeline.next_event() <= place && timeline.step(commands) {}
            *found = timeline.trace().event(place).map(|e| (*e, told(e, commands).cloned()));
        }
        if found[0].is_none() && found[1].is_none() {
            return Ok(None);
        }
        if found[0] == found[1] {
            place = EventId(place.0 + 1);
            continue;
        }
        let at_side = |side: usize| {
            let at = found[side].as_ref()?.0.at;
            Some(Side { event: place, at, timeline: sides[side].clone() })
        };
        let sides = [at_side(0), at_side(1)];
        let at = sides.iter().flatten().map(|side| side.at).min().unwrap_or(at);
        return Ok(Some(Difference { cluster, at, sides }));
    }
}

/// The first difference of one cluster in two branches.
fn parting(a: &Branch, b: &Branch, cluster: usize) -> Option<Difference> {
    let (first, second) = (&a.timelines[cluster], &b.timelines[cluster]);
    let same =
        |(x, y): &(&Event, &Event)| x == y && told(x, &a.run.commands) == told(y, &b.run.commands);
    let pairs = events(first).zip(events(second));
    let place = EventId(pairs.take_while(same).count() as u32);
    let sides = [side(first, &a.run.commands, place), side(second, &b.run.commands, place)];
    if let [Some(x), Some(y)] = &sides
        && let Some(pair) = x.event().zip(y.event())
        && same(&pair)
    {
        return None;
    }
    let at = sides.iter().flatten().map(|side| side.at).min()?;
    Some(Difference { cluster, at, sides })
}

fn events(timeline: &Timeline) -> impl Iterator<Item = &Event> {
    timeline.trace().iter_from(EventId(0)).map(|(_, event)| event)
}

/// The executed statement: that of the same place may be another in another branch.
fn told<'a>(event: &Event, commands: &'a [Command]) -> Option<&'a Command> {
    match event.what {
        What::Commanded(place) => commands.get(place as usize),
        _ => None,
    }
}

/// An event, and the cluster at it; if it is not simulated yet, the next step is.
fn side(timeline: &Timeline, commands: &[Command], event: EventId) -> Option<Side> {
    let mut timeline = timeline.clone();
    let mut unlimited = Budget::UNLIMITED;
    if event.0 as usize >= timeline.trace().len() {
        let frontier = timeline.frontier().time;
        timeline.seek(commands, frontier, &mut unlimited);
        while event.0 as usize >= timeline.trace().len() && timeline.step(commands) {}
    }
    let at = timeline.trace().event(event)?.at;
    if timeline.world().now() < at {
        timeline.seek(commands, at, &mut unlimited);
    }
    Some(Side { event, at, timeline })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script;

    fn session() -> Session {
        let run = script::parse("cluster raft nodes=5 seed=7\n@2s crash n1\n@4s heal");
        let mut session = Session::new(run.expect("the script is right"));
        session.seek(Time::from_ms(4_000));
        session
    }

    fn act(session: &mut Session, at_ms: u64, text: &str) {
        session.seek(Time::from_ms(at_ms));
        let entries = script::parse_statement(text, session.run()).unwrap();
        for entry in entries {
            let script::Entry::Do(statement) = entry else { panic!("{entry:?}") };
            session.append(statement).unwrap();
        }
    }

    fn names(session: &Session) -> Vec<&str> {
        session.branches().iter().map(|b| b.name.as_str()).collect()
    }

    #[test]
    fn branches_are_named_after_what_began_them() {
        let mut session = session();
        act(&mut session, 1_000, "crash n2");
        session.switch(0).unwrap();
        act(&mut session, 1_000, "crash n2");
        act(&mut session, 500, "partition n1 n2 | n3 n4 n5; heal");
        assert_eq!(names(&session)[..3], ["main", "crash n2", "crash n2 (2)"]);
        assert_eq!(names(&session)[3], "partition n1 n2 | n3 n4 n5");
        assert_eq!(session.branches().len(), 4, "the second statement goes where the first went");
    }

    #[test]
    fn deleting_and_renaming_can_be_undone() {
        let mut session = session();
        act(&mut session, 1_000, "crash n2");
        act(&mut session, 3_000, "crash n3");
        act(&mut session, 2_000, "crash n4");
        assert_eq!(names(&session), ["main", "crash n2", "crash n4"]);
        assert_eq!(session.branches()[2].forked, Some((1, Time::from_ms(2_000))));
        let (hash, now) = (session.hash(), session.now());
        session.rename(2, "  four  ").unwrap();
        session.delete(1).unwrap();
        assert_eq!(names(&session), ["main", "four"]);
        assert_eq!(session.branches()[1].forked, Some((0, Time::from_ms(1_000))));
        assert_eq!((session.hash(), session.now()), (hash, now), "what is looked at stays");
        assert!(session.undo() && session.undo());
        assert_eq!(names(&session), ["main", "crash n2", "crash n4"]);
        assert_eq!(session.branches()[2].forked, Some((1, Time::from_ms(2_000))));
        assert!(session.undo());
        assert_eq!((session.current(), session.run().commands.len()), (1, 2));
        assert!(session.redo() && session.redo() && session.redo());
        assert_eq!(names(&session), ["main", "four"]);
        assert_eq!(session.hash(), hash);
    }

    #[test]
    fn the_run_itself_cannot_be_lost() {
        let mut session = session();
        let run = session.run().clone();
        assert_eq!(session.delete(0), Err(Problem::OnlyBranch));
        assert_eq!(session.delete(7), Err(Problem::NoSuchBranch));
        act(&mut session, 1_000, "crash n2");
        assert_eq!(session.rename(1, "main"), Err(Problem::NameTaken));
        assert_eq!(session.rename(1, "  "), Err(Problem::BadName));
        assert_eq!(session.rename(1, &"x".repeat(61)), Err(Problem::BadName));
        assert_eq!(session.rename(1, "\0"), Err(Problem::BadName));
        assert_eq!(session.rename(1, "a\u{7f}b"), Err(Problem::BadName));
        session.delete(0).unwrap();
        assert_eq!((session.current(), session.branches().len()), (0, 1));
        assert_eq!(session.branches()[0].forked, None);
        assert!(session.undo() && session.undo());
        assert_eq!(session.run(), &run);
    }

    #[test]
    fn two_branches_part_at_the_statement_that_only_one_has() {
        let mut session = session();
        act(&mut session, 2_000, "crash n2");
        // The same place among the statements, and another statement.
        let difference = session.difference(0, 1).unwrap().expect("they differ");
        assert_eq!((difference.cluster, difference.at), (0, Time::from_ms(2_000)));
        let ids: Vec<_> = difference.sides.iter().flatten().map(|s| s.event).collect();
        assert!(ids.len() == 2 && ids[0] == ids[1], "{ids:?}");
        assert!(session.difference(0, 0).unwrap().is_none(), "they are the same");
        assert_eq!(session.difference(0, 2).unwrap_err(), Problem::NoSuchBranch);
    }

    #[test]
    fn a_future_that_nobody_has_seen_is_looked_at() {
        let run = script::parse("cluster raft nodes=3 seed=7\n@4s heal").unwrap();
        let mut session = Session::new(run);
        act(&mut session, 1_000, "crash n2");
        let difference = session.difference(0, 1).unwrap().expect("they differ");
        let [Some(main), Some(branch)] = difference.sides else { panic!("both go on") };
        assert_eq!(branch.at, Time::from_ms(1_000));
        assert!(main.at > branch.at, "what comes next there");
    }
}
