//! Violations by their common names: lost write, stale read, split brain. The violated property
//! follows the name.

use super::raft_safety::SafetyProperty;
use super::{Property, Verdict, stale};
use crate::history::{History, Operation, Outcome, Request};

/// A violation by its common name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name {
    /// An acknowledged write is gone.
    LostWrite,
    /// An answer is older than an operation that was over before the question.
    StaleRead,
    /// Two nodes served at once without knowing of each other.
    SplitBrain,
    /// A request was executed more than once.
    AppliedTwice,
    /// A read shows a write that failed.
    DirtyRead,
    /// Writes are seen in another order than that of their invocations.
    OutOfOrder,
    /// Answers that are each possible alone contradict each other.
    Contradiction,
    /// Replicas hold different values.
    Diverged,
    /// A committed entry is not where it must be.
    LostEntry,
    /// Logs or states that must be equal differ.
    DivergedLogs,
}

impl Name {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::LostWrite,
        Self::StaleRead,
        Self::SplitBrain,
        Self::AppliedTwice,
        Self::DirtyRead,
        Self::OutOfOrder,
        Self::Contradiction,
        Self::Diverged,
        Self::LostEntry,
        Self::DivergedLogs,
    ];

    /// One word for it: `lost-write`.
    #[must_use]
    pub fn word(self) -> String {
        self.words().to_lowercase().replace(' ', "-")
    }

    /// Whether a violation has this name.
    #[must_use]
    pub fn is_of(self, verdict: &Verdict) -> bool {
        let rest = verdict.text.strip_prefix(self.words());
        verdict.holds == Some(false) && rest.is_some_and(|rest| rest.starts_with([' ', ':']))
    }

    const fn words(self) -> &'static str {
        match self {
            Self::LostWrite => "Lost write",
            Self::StaleRead => "Stale read",
            Self::SplitBrain => "Split brain",
            Self::AppliedTwice => "Applied twice",
            Self::DirtyRead => "Dirty read",
            Self::OutOfOrder => "Writes out of order",
            Self::Contradiction => "Contradictory answers",
            Self::Diverged => "Replicas differ",
            Self::LostEntry => "Lost entry",
            Self::DivergedLogs => "Logs differ",
        }
    }
}

/// The words between the violated property and the claim.
const BROKEN: &str = " is broken): ";

/// A violation with its name before it; any other verdict as it is.
#[must_use]
pub fn named(history: &History, verdict: Verdict) -> Verdict {
    let name = of(history, &verdict);
    renamed(history, verdict, name)
}

/// A violation with another name, where the cause is known better than the answers show it.
#[must_use]
pub fn renamed(history: &History, verdict: Verdict, name: Name) -> Verdict {
    if verdict.holds != Some(false) {
        return verdict;
    }
    let (words, claim) = (name.words(), claim(&verdict.text));
    let text = match verdict.property {
        Property::NoLostWrites => format!("{words}: {claim}"),
        property => format!("{words} ({}{BROKEN}{claim}", broken(history, property, &verdict)),
    };
    Verdict { text, ..verdict }
}

/// The claim of a verdict, without the name and the property before it.
#[must_use]
pub fn claim(text: &str) -> &str {
    let lost = format!("{}: ", Name::LostWrite.words());
    text.strip_prefix(&lost)
        .or_else(|| text.split_once(BROKEN).map(|(_, claim)| claim))
        .unwrap_or(text)
}

/// The property as the subject of a sentence.
fn broken(history: &History, property: Property, verdict: &Verdict) -> String {
    match (property, verdict.operations.first()) {
        (Property::Linearizability, Some(&id)) => {
            format!("linearizability of {}", history.operation(id).key)
        }
        (Property::Linearizability, None) => "linearizability".into(),
        (Property::Convergence, _) => "convergence".into(),
        (other, _) => other.to_string(),
    }
}

/// The common name of a violation.
#[must_use]
pub fn of(history: &History, verdict: &Verdict) -> Name {
    match verdict.property {
        Property::Linearizability => of_answers(history, verdict),
        Property::ReadYourWrites | Property::MonotonicReads => Name::StaleRead,
        Property::MonotonicWrites | Property::WritesFollowReads => Name::OutOfOrder,
        Property::NoLostWrites => Name::LostWrite,
        Property::Convergence => Name::Diverged,
        Property::Raft(SafetyProperty::ElectionSafety) => Name::SplitBrain,
        Property::Raft(SafetyProperty::LeaderCompleteness | SafetyProperty::Persistence) => {
            Name::LostEntry
        }
        Property::Raft(_) => Name::DivergedLogs,
    }
}

fn of_answers(history: &History, verdict: &Verdict) -> Name {
    let operations = || verdict.operations.iter().map(|&id| (id, history.operation(id)));
    if operations().any(|(_, op)| shows_twice(history, op)) {
        Name::AppliedTwice
    } else if operations().any(|(_, op)| shows_failed(history, op)) {
        Name::DirtyRead
    } else if operations().any(|(id, _)| stale::of(history, id).is_some()) {
        Name::StaleRead
    } else {
        Name::Contradiction
    }
}

fn value_of(op: &Operation) -> Option<&str> {
    match op.outcome() {
        Outcome::Read(Some(value)) => Some(value),
        _ => None,
    }
}

/// The text that a write puts into a value.
fn text_of(op: &Operation) -> Option<&str> {
    match &op.request {
        Request::Append(text) | Request::Set(text) | Request::Upd(text) => Some(text),
        Request::Cas { new, .. } => Some(new),
        Request::Get | Request::Del => None,
    }
}

/// Whether a read shows a text more often than it was appended.
fn shows_twice(history: &History, read: &Operation) -> bool {
    let Some(value) = value_of(read) else { return false };
    let of_key = || history.iter().map(|(_, op)| op).filter(|op| op.key == read.key);
    let appended = of_key().filter_map(|op| match &op.request {
        Request::Append(text) if !text.is_empty() => Some(&**text),
        _ => None,
    });
    let mut texts: Vec<&str> = appended.filter(|text| value.contains(text)).collect();
    texts.dedup();
    texts.into_iter().any(|text| {
        let asked: usize = of_key().filter_map(text_of).map(|t| t.matches(text).count()).sum();
        value.matches(text).count() > asked
    })
}

/// Whether a read shows a value that only a failed write can have left.
fn shows_failed(history: &History, read: &Operation) -> bool {
    let Some(value) = value_of(read) else { return false };
    let writers = history.iter().map(|(_, op)| op).filter(|op| {
        let sets = !matches!(op.request, Request::Append(_));
        op.key == read.key && sets && text_of(op) == Some(value)
    });
    let outcomes: Vec<&Outcome> = writers.map(Operation::outcome).collect();
    !outcomes.is_empty() && outcomes.into_iter().all(|outcome| *outcome == Outcome::Failed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::linearizability;
    use crate::history::Process;
    use expect_test::{Expect, expect};

    fn check(requests: &[(u64, Request, Outcome)], expected: &Expect) {
        let mut history = History::default();
        for ((process, request, outcome), at) in requests.iter().zip((0..).step_by(1_000_000)) {
            let process = Process(*process);
            history.invoke(process, "x".into(), request.clone(), Some(at)).unwrap();
            history.complete(process, outcome.clone(), Some(at + 20_000)).unwrap();
        }
        let verdict = linearizability::check(&history).verdict(&history);
        assert_eq!(claim(&verdict.text), claim(claim(&verdict.text)));
        expected.assert_eq(&verdict.text);
    }

    fn read(value: &str) -> Outcome {
        Outcome::Read(Some(value.into()))
    }

    #[test]
    fn violations_have_the_names_that_people_know() {
        let set = |value: &str| Request::Set(value.into());
        let done = || Outcome::Done { applied: true };
        let append = |text: &str| Request::Append(text.into());
        check(
            &[(1, set("1"), done()), (1, set("2"), done()), (2, Request::Get, read("1"))],
            &expect![[
                r#"Stale read (linearizability of x is broken): c2 read "1" at 2.02 s, though c1's write of "2" had returned at 1.02 s"#
            ]],
        );
        check(
            &[(1, append("b"), done()), (2, Request::Get, read("bb"))],
            &expect![[
                r#"Applied twice (linearizability of x is broken): c2 read "bb" from x at 1.02 s, which nothing that was asked by then explains"#
            ]],
        );
        check(
            &[(1, set("1"), Outcome::Failed), (2, Request::Get, read("1"))],
            &expect![[
                r#"Dirty read (linearizability of x is broken): c2 read "1" from x at 1.02 s, which contradicts that c1 failed to set x to "1" (0.00 s to 0.02 s)"#
            ]],
        );
    }
}
