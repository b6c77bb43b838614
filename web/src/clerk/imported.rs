//! Reads, judges and keeps a file of operations.

use super::request::{Explained, Imported};
use crate::lanes::{Bar, Flag, Stroke, View, gather};
use crate::look::Fate;
use quorumscope_core::check::linearizability::{Axis, Changed, Judge, Report};
use quorumscope_core::check::sessions;
use quorumscope_core::history::{
    History, Mark, Operation, OperationId, Outcome, Process, Reader, Request,
};
use quorumscope_core::order;
use quorumscope_core::view::{self, ClusterVerdict};
use std::rc::Rc;

/// The largest number of operations in a file.
const MOST_OPERATIONS: usize = 100_000;
/// The number of lines that one portion reads.
const LINES_AT_ONCE: usize = 4_000;

/// A file that is being read, and then judged key by key.
pub struct Import {
    file: Vec<u8>,
    reader: Reader,
    judge: Judge,
    left: Option<Changed>,
}

impl Import {
    /// A file that has not been read yet.
    pub fn new(file: Vec<u8>, patience: u64) -> Self {
        Self { file, reader: Reader::default(), judge: Judge::new(patience), left: None }
    }

    /// Does a portion of the work. Returns the result when all is done.
    pub fn work(&mut self) -> Option<Result<Kept, String>> {
        let Some(left) = &mut self.left else {
            match self.reader.read(&self.file, LINES_AT_ONCE) {
                Err(why) => return Some(Err(format!("this is no file of operations: {why}"))),
                Ok(_) if self.reader.history.operations().len() > MOST_OPERATIONS => {
                    return Some(Err(
                        "a file of operations may have at most 100,000 of them".into()
                    ));
                }
                Ok(true) if self.reader.history.operations().is_empty() => {
                    return Some(Err("there are no operations in this file".into()));
                }
                Ok(true) => {
                    self.file = Vec::new();
                    self.left = Some(self.judge.changed(&self.reader.history));
                }
                Ok(false) => {}
            }
            return None;
        };
        if self.judge.check_next(&self.reader.history, left) {
            return None;
        }
        let history = std::mem::take(&mut self.reader.history);
        Some(Ok(Kept::new(history, &self.judge)))
    }
}

/// A file that was judged.
pub struct Kept {
    /// The part of it that the page gets.
    pub imported: Imported,
    history: History,
    report: Report,
    axis: Axis,
    /// The moments at which operations take effect, by operation.
    places: Vec<(OperationId, u64)>,
    /// The processes, sorted.
    lanes: Vec<Process>,
}

impl Kept {
    fn new(history: History, judge: &Judge) -> Self {
        let axis = Axis::of(&history);
        let report = judge.report();
        let mut verdicts = vec![report.verdict(&history)];
        verdicts.extend(sessions::check(&history));
        let verdicts: Vec<_> = verdicts.into_iter().map(|v| ClusterVerdict::of(0, v)).collect();
        let mut lanes: Vec<Process> = Vec::new();
        for op in history.operations() {
            if let Err(place) = lanes.binary_search(&op.process) {
                lanes.insert(place, op.process);
            }
        }
        let imported = Imported {
            operations: history.operations().len() as u32,
            lanes: lanes.iter().map(ToString::to_string).collect(),
            span: (axis.at(0), axis.end()),
            is_timed: axis.is_timed(),
            verdicts,
            faults: Vec::new(),
            flags: Rc::new(flags(&history, &axis)),
        };
        let places = report.places(&axis);
        let report = report.clone();
        let mut kept = Self { imported, history, report, axis, places, lanes };
        kept.imported.faults =
            kept.at_fault().into_iter().map(|id| kept.bar(kept.stroke(id), 1)).collect();
        kept
    }

    /// The operations at fault, sorted, each once.
    fn at_fault(&self) -> Vec<OperationId> {
        let broken = self.imported.verdicts.iter().filter(|v| v.holds == Some(false));
        let numbers = broken.flat_map(|v| &v.operations);
        let mut ids: Vec<OperationId> = numbers.map(|number| OperationId(number - 1)).collect();
        order::sort(&mut ids);
        ids.dedup();
        ids
    }

    /// The bars of a view.
    pub fn bars(&self, view: &View) -> Vec<Bar> {
        let faults = self.at_fault();
        let strokes = self.history.iter().map(|(id, _)| Stroke {
            at_fault: faults.binary_search(&id).is_ok(),
            ..self.stroke(id)
        });
        gather(strokes, view).into_iter().map(|(stroke, count)| self.bar(stroke, count)).collect()
    }

    /// Answers a question about the file.
    pub fn why(&self, question: &str) -> Result<Explained, String> {
        let why = view::why_of_file(&self.history, &self.report, question)?;
        let bar = |step: &view::FileStep| self.stroke(OperationId(step.operation - 1));
        Ok(Explained { bars: why.chain.iter().map(bar).collect(), why })
    }

    fn stroke(&self, id: OperationId) -> Stroke {
        let op = self.history.operation(id);
        let returned = op.returned.as_ref().map(|(at, _)| self.axis.at(at.event));
        let lane = self.lanes.binary_search(&op.process).unwrap_or(0) as u32;
        let from = self.axis.at(op.invoked.event);
        // An operation without an answer may still take effect, so its bar reaches to the end.
        let to = returned.unwrap_or(self.axis.end());
        Stroke { number: id.0 + 1, lane, from, to, fate: fate(op), at_fault: true }
    }

    fn bar(&self, stroke: Stroke, count: u32) -> Bar {
        let id = OperationId(stroke.number - 1);
        let op = self.history.operation(id);
        let place = self.places.binary_search_by(|(other, _)| other.cmp(&id));
        let point = place.ok().filter(|_| count == 1).map(|place| self.places[place].1);
        Bar { stroke, count, point, asks: asks(op), gets: gets(op) }
    }
}

/// The marks of a history on its axis: at their time if it is known, else before the event that
/// follows.
fn flags(history: &History, axis: &Axis) -> Vec<Flag> {
    let place = |event: u32, time_us: Option<u64>| {
        let (before, after) = (axis.at(event.saturating_sub(1)), axis.at(event));
        let time = time_us.filter(|_| axis.is_timed());
        time.map_or((before + after) / 2, |at| at.clamp(axis.at(0), axis.end()))
    };
    let flag =
        |mark: &Mark| Flag { at: place(mark.event, mark.time_us), text: mark.text.to_string() };
    history.marks().iter().map(flag).collect()
}

fn fate(op: &Operation) -> Fate {
    match op.outcome() {
        Outcome::Read(_) | Outcome::Done { .. } => Fate::Answered,
        Outcome::Failed => Fate::Failed,
        Outcome::Unknown => Fate::Unknown,
    }
}

fn asks(op: &Operation) -> String {
    let (word, key) = (op.request.word(), &op.key);
    match &op.request {
        Request::Get | Request::Del => format!("{word} {key}"),
        Request::Set(value) | Request::Upd(value) | Request::Append(value) => {
            format!("{word} {key} {}", short(value))
        }
        Request::Cas { expected, new } => {
            format!("{word} {key} {} {}", short(expected), short(new))
        }
    }
}

fn gets(op: &Operation) -> String {
    match op.outcome() {
        Outcome::Read(value) => Fate::read(value.as_deref().map(short).as_deref()),
        Outcome::Done { applied: true } => Fate::DONE.to_owned(),
        Outcome::Done { applied: false } => "refused".to_owned(),
        Outcome::Failed => Fate::FAILED.to_owned(),
        Outcome::Unknown => Fate::UNKNOWN.to_owned(),
    }
}

/// The end of a long value. Values of appends grow at their end.
fn short(value: &str) -> String {
    const SHOWN: usize = 24;
    match value.char_indices().rev().nth(SHOWN - 1) {
        Some((at, _)) if at > 0 => format!("…{}", &value[at..]),
        _ => value.to_owned(),
    }
}
