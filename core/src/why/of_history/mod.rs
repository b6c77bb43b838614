//! Explanations for a file of operations, which has only requests and answers. There are no
//! messages to trace and no nodes to examine. An explanation gives the order of the operations, the
//! possible answers of each, and the contradictions.

mod moments;
#[cfg(test)]
mod tests;

pub use moments::Moment;

use super::Question;
use crate::check::linearizability::{Judgement, Report, Violation};
use crate::check::text::{at, deed};
use crate::check::{Property, Verdict, sessions, stale};
use crate::history::{History, Operation, OperationId, Outcome, Request};
use crate::ids::ClientId;

/// The answer to a question about a file of operations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The question; for `why` alone, the first fault.
    pub question: Question,
    /// The answer in one sentence.
    pub sentence: String,
    /// Further remarks, each in one clause: broken guarantees, information that the file lacks.
    pub notes: Vec<String>,
    /// The invocations and returns of the operations that matter, oldest first.
    pub moments: Vec<Moment>,
}

/// Answers a question about a history and its report.
///
/// # Errors
/// One sentence, when the question is about something that the file does not have.
pub fn of_history(
    history: &History,
    report: &Report,
    question: &Question,
) -> Result<Account, String> {
    let file = File { history, report };
    let question = match question {
        Question::Now => match report.first_violation() {
            Some(_) => Question::Broken(Property::Linearizability),
            None => return Ok(file.as_a_whole(Question::Now)),
        },
        asked => asked.clone(),
    };
    match question {
        Question::Broken(property) => file.broken(property, question),
        Question::Operation(id) => Ok(file.operation(file.known(id)?, question)),
        Question::Client(c) => Ok(file.operation(file.last_of(c)?, question)),
        Question::Key(ref key, None) => {
            let found = report.keys.get_key_value(&**key);
            let (_, judgement) = found.ok_or_else(|| format!("nobody asks about {key}"))?;
            Ok(file.key(judgement, question))
        }
        _ => Err("a file of operations has no nodes, messages or logs to ask about: ask why, \
                  why op 3, why c1, why key x or why linearizable"
            .into()),
    }
}

struct File<'a> {
    history: &'a History,
    report: &'a Report,
}

impl File<'_> {
    fn known(&self, id: crate::ids::OperationId) -> Result<OperationId, String> {
        let many = self.history.operations().len();
        let place = id.0.checked_sub(1).filter(|place| (*place as usize) < many);
        place.map(OperationId).ok_or_else(|| {
            format!("there is no operation {} in a file of {many}; the first is op 1", id.0)
        })
    }

    fn last_of(&self, client: ClientId) -> Result<OperationId, String> {
        let name = client.to_string();
        let mut back = self.history.iter().rev();
        let last = back.find(|(_, op)| op.process.to_string() == name);
        last.map(|(id, _)| id).ok_or_else(|| format!("no operation of the file is of {name}"))
    }

    /// No fault is known.
    fn as_a_whole(&self, question: Question) -> Account {
        let sentence = match self.report.is_linearizable() {
            Some(_) => "Nothing is wrong: one order of all operations explains every answer.",
            None => "That is not known: the search for an order was given up as too long.",
        };
        told(question, sentence.into(), Vec::new(), Vec::new())
    }

    fn broken(&self, property: Property, question: Question) -> Result<Account, String> {
        if property == Property::Linearizability {
            return Ok(match self.report.first_violation() {
                Some((_, violation)) => self.violated(violation, question),
                None => self.as_a_whole(question),
            });
        }
        let verdict = sessions::check(self.history).into_iter().find(|v| v.property == property);
        let Some(verdict) = verdict else {
            return Err(format!("a file of operations does not tell of that: {property}"));
        };
        Ok(match verdict.holds {
            Some(false) => self.session(&verdict, question),
            _ => {
                let sentence = format!("Nothing in the file breaks it: {property}.");
                told(question, sentence, Vec::new(), Vec::new())
            }
        })
    }

    fn key(&self, judgement: &Judgement, question: Question) -> Account {
        let sentence = match judgement {
            Judgement::Violated(violation) => return self.violated(violation, question),
            Judgement::Linearizable(_) => {
                "Nothing is wrong with it: one order of its operations explains every answer."
            }
            Judgement::Undecided => {
                "That is not known: the search for an order of its operations was given up as too \
                 long."
            }
        };
        told(question, sentence.into(), Vec::new(), Vec::new())
    }

    /// The operations that no order explains.
    fn violated(&self, violation: &Violation, question: Question) -> Account {
        let verdict = violation.verdict(self.history);
        let mut notes = vec!["all that was answered before this can be explained".to_owned()];
        notes.extend(self.broken_besides(violation.culprit, &verdict.text));
        self.at_fault(&verdict, violation.culprit, notes, question)
    }

    /// The operations that break a guarantee of a session.
    fn session(&self, verdict: &Verdict, question: Question) -> Account {
        let answered = |id: &&OperationId| self.history.operation(**id).answered();
        let last = verdict.operations.iter().max_by_key(|id| answered(id).map(|at| at.event));
        let last = last.copied().unwrap_or(OperationId(0));
        self.at_fault(verdict, last, Vec::new(), question)
    }

    fn at_fault(
        &self,
        verdict: &Verdict,
        culprit: OperationId,
        mut notes: Vec<String>,
        question: Question,
    ) -> Account {
        notes.push(NO_MESSAGES.into());
        let mut operations = verdict.operations.clone();
        let sources = verdict.operations.iter().filter_map(|id| stale::source(self.history, *id));
        operations.extend(sources.take(MOST_SOURCES));
        let moments = moments::of(self.history, operations, Some(culprit));
        told(question, format!("{}.", verdict.text), notes, moments)
    }

    /// Further guarantees that an answer breaks, with clauses that differ from `said`.
    fn broken_besides(&self, id: OperationId, said: &str) -> Vec<String> {
        let broken = sessions::of(self.history, id).into_iter().filter(|v| v.holds == Some(false));
        let clause = |v: Verdict| match v.text == said {
            true => format!("this breaks {} as well", v.property),
            false => format!("this breaks {} as well: {}", v.property, v.text),
        };
        broken.map(clause).collect()
    }

    /// An operation, at fault or not.
    fn operation(&self, id: OperationId, question: Question) -> Account {
        let op = self.history.operation(id);
        if let Some(Judgement::Violated(violation)) = self.report.keys.get(&op.key)
            && violation.operations.contains(&id)
        {
            return self.violated(violation, question);
        }
        if let Some(stale) = stale::of(self.history, id) {
            let operations = vec![stale.newer.min(id), stale.newer.max(id)];
            let verdict = Verdict::violated(Property::Linearizability, operations, stale.text);
            let notes = self.broken_besides(id, &verdict.text);
            return self.at_fault(&verdict, id, notes, question);
        }
        let mut operations = vec![id];
        operations.extend(stale::source(self.history, id));
        let mut notes = vec![self.standing(op)];
        if *op.outcome() == Outcome::Unknown && op.request != Request::Get {
            let reader = stale::reader(self.history, id);
            notes.push(match reader.map(|reader| self.history.operation(reader)) {
                Some(reader) => format!("it did take effect: {}{}", deed(reader), at(reader)),
                None => "no answer shows for certain that it took effect".to_owned(),
            });
            operations.extend(reader);
        }
        notes.push(NO_MESSAGES.into());
        let moments = moments::of(self.history, operations, None);
        let when = if *op.outcome() == Outcome::Unknown { String::new() } else { at(op) };
        told(question, format!("{}{when}.", deed(op)), notes, moments)
    }

    /// The judges' view of an operation that is not at fault.
    fn standing(&self, op: &Operation) -> String {
        let key = &op.key;
        match self.report.keys.get(key) {
            Some(Judgement::Violated(violation)) => {
                let answered = op.answered().map(|at| at.event);
                match answered.is_some_and(|event| event < violation.prefix_events) {
                    true => "one order explains this and all that was answered before".to_owned(),
                    false => format!(
                        "an answer about {key} before this cannot be explained: ask why key {key}"
                    ),
                }
            }
            Some(Judgement::Linearizable(_)) => {
                format!("nothing is wrong with it: one order explains every answer about {key}")
            }
            Some(Judgement::Undecided) | None => {
                format!("whether one order explains all answers about {key} is not known")
            }
        }
    }
}

/// The most operations at fault whose source is named.
const MOST_SOURCES: usize = 4;
/// The information that a file of operations cannot give.
const NO_MESSAGES: &str = "a file of operations has no messages: which nodes took part, and what \
                           passed between them, cannot be traced";

const fn told(
    question: Question,
    sentence: String,
    notes: Vec<String>,
    moments: Vec<Moment>,
) -> Account {
    Account { question, sentence, notes, moments }
}

/// The account for people: the answer, the remarks, and the moments.
impl std::fmt::Display for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{}", self.sentence)?;
        for note in &self.notes {
            writeln!(f, "  - {note}")?;
        }
        for moment in &self.moments {
            let at = moment.time_us.map_or_else(
                || format!("event {}", moment.event + 1),
                |us| format!("{:.3} s", us as f64 / 1e6),
            );
            writeln!(f, "  {at:>9} {}", moment.text)?;
        }
        Ok(())
    }
}
