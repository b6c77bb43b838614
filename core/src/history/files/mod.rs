//! Files of operations: recognising the format of a file, and reading it portion by portion.
//!
//! Each format has a module: [`operations`] is the format of this program, [`jepsen`] and
//! [`porcupine`] are those of the two best known checkers. [`records`] cuts files, [`datum`] reads
//! values.

mod datum;
mod error;
mod jepsen;
mod operations;
mod porcupine;
mod records;
#[cfg(test)]
mod tests;
mod time;

pub use error::{ParseError, Reason};

use super::{History, MAX_FILE_BYTES};
use datum::{Datum, Parser, Syntax};
use jepsen::Jepsen;
use operations::Operations;
use porcupine::Porcupine;
use records::{NoRecord, Records};

/// The number of bytes that suffice to recognise a log.
const HEAD_BYTES: usize = 4_096;
/// The byte order mark that some editors put before a text.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The supported formats, for sentences.
const KNOWN: &str = "a file of operations has an object of JSON an event, such as {\"process\": 1, \
    \"type\": \"invoke\", \"f\": \"set\", \"key\": \"x\", \"value\": \"1\"}; Jepsen's EDN and log of \
    registers and key-value stores and Porcupine's operations are read too";

/// Whether a file that begins so is a file of operations, and not a script.
#[must_use]
pub fn is_history(head: &[u8]) -> bool {
    !matches!(shape(head), Shape::Other)
}

/// The structure of a file, as far as its beginning shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Records(Syntax),
    Log,
    Other,
}

fn shape(file: &[u8]) -> Shape {
    let head = String::from_utf8_lossy(&file[start(file)..file.len().min(HEAD_BYTES)]);
    let is_tagged = |line: &str| {
        let tag = line.strip_prefix('#').and_then(|rest| rest.split_once('{'));
        tag.is_some_and(|(tag, rest)| !tag.contains(' ') && rest.trim_start().starts_with(':'))
    };
    let is_comment =
        |line: &&str| line.starts_with(['#', ';']) && !is_tagged(line) || line.starts_with("//");
    let lines = || head.lines().map(str::trim_start).filter(|line| !line.is_empty());
    let first = lines().find(|line| !is_comment(line)).unwrap_or_default();
    let inner = first.trim_start_matches(['[', '(', '{', ' ']);
    match first.chars().next() {
        Some('#' | '(') => Shape::Records(Syntax::Edn),
        Some('{' | '[') if inner.starts_with([':', '#']) => Shape::Records(Syntax::Edn),
        Some('[') if inner.is_empty() => {
            Shape::Records(listed(&mut lines().skip_while(|l| *l != first).skip(1)))
        }
        Some('{' | '[') => Shape::Records(Syntax::Json),
        _ if lines().any(|line| line.contains("jepsen.util")) => Shape::Log,
        _ => Shape::Other,
    }
}

/// The syntax of a list whose first line is ambiguous.
fn listed<'a>(lines: &mut impl Iterator<Item = &'a str>) -> Syntax {
    let next = lines.next().unwrap_or_default();
    match next.trim_start_matches(['{', ' ']).starts_with([':', '#']) {
        true => Syntax::Edn,
        false => Syntax::Json,
    }
}

/// The index of the first byte behind a byte order mark.
fn start(file: &[u8]) -> usize {
    if file.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 }
}

/// Reads a file portion by portion, for callers that do other work in between.
#[derive(Debug, Default)]
pub struct Reader {
    /// The operations read so far; for Porcupine's format none until the end.
    pub history: History,
    /// The line of each event.
    pub lines: Vec<usize>,
    format: Option<Format>,
}

/// The format of the file, and the reader's state.
#[derive(Debug)]
enum Format {
    /// Records, none read yet.
    Unknown(Records, Syntax),
    Operations(Records, Operations),
    Jepsen(Records, Syntax, Jepsen),
    JepsenLog {
        at: usize,
        line: usize,
        log: Jepsen,
    },
    Porcupine(Records, Porcupine),
    Done,
}

impl Reader {
    /// Reads up to `records` more records of the file; true when the end is reached.
    ///
    /// # Errors
    /// As [`History::parse`]; reading cannot continue then.
    pub fn read(&mut self, file: &[u8], records: usize) -> Result<bool, ParseError> {
        if file.len() > MAX_FILE_BYTES {
            return Err(ParseError { line: 1, reason: Reason::TooLarge });
        }
        if self.format.is_none() {
            self.format = Some(first_format(file)?);
        }
        for _ in 0..records {
            if !self.read_one(file)? {
                self.finish()?;
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Reads one record; false if there is none.
    fn read_one(&mut self, file: &[u8]) -> Result<bool, ParseError> {
        let format = self.format.as_mut().expect("it was found out");
        if let Format::JepsenLog { at, line, log } = format {
            let Some(rest) = file.get(*at..).filter(|rest| !rest.is_empty()) else {
                return Ok(false);
            };
            let length = rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len());
            let text = String::from_utf8_lossy(&rest[..length]);
            let taken = log.take_line(&mut self.history, text.trim_end());
            let this = std::mem::replace(line, *line + 1);
            *at += length + 1;
            taken.map_err(|reason| ParseError { line: this, reason })?;
            self.lines.resize(self.history.events() as usize, this);
            return Ok(true);
        }
        let (records, syntax) = match format {
            Format::Unknown(records, syntax) | Format::Jepsen(records, syntax, _) => {
                (records, *syntax)
            }
            Format::Operations(records, _) | Format::Porcupine(records, _) => {
                (records, Syntax::Json)
            }
            Format::JepsenLog { .. } | Format::Done => return Ok(false),
        };
        let Some((range, line)) = records.next(file).map_err(|none| no_record(none, syntax))?
        else {
            return Ok(false);
        };
        let object = value(&file[range], syntax).map_err(|reason| ParseError { line, reason })?;
        self.take(&object, line).map_err(|reason| ParseError { line, reason })?;
        self.lines.resize(self.history.events() as usize, line);
        Ok(true)
    }

    fn take(&mut self, object: &Datum, line: usize) -> Result<(), Reason> {
        self.format = self.format.take().map(|format| match format {
            Format::Unknown(records, syntax) => known_by(object, records, syntax),
            known => known,
        });
        match self.format.as_mut() {
            Some(Format::Operations(_, reader)) => reader.take(&mut self.history, object),
            Some(Format::Jepsen(_, _, reader)) => reader.take(&mut self.history, object),
            Some(Format::Porcupine(_, reader)) => reader.take(object, line),
            _ => Ok(()),
        }
    }

    fn finish(&mut self) -> Result<(), ParseError> {
        let format = self.format.replace(Format::Done);
        let line = self.lines.first().copied().unwrap_or(1);
        match format {
            Some(Format::Operations(_, reader)) => {
                reader.finish().map_err(|reason| ParseError { line, reason })
            }
            Some(Format::Jepsen(_, _, reader) | Format::JepsenLog { log: reader, .. }) => {
                reader.finish(&mut self.history);
                Ok(())
            }
            Some(Format::Porcupine(_, reader)) => {
                (self.history, self.lines) = reader.history()?;
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

fn first_format(file: &[u8]) -> Result<Format, ParseError> {
    let at = start(file);
    match shape(file) {
        Shape::Records(syntax) => Ok(Format::Unknown(Records::new(syntax, at), syntax)),
        Shape::Log => Ok(Format::JepsenLog { at, line: 1, log: Jepsen::default() }),
        // An empty file is no mistake.
        Shape::Other if file.trim_ascii().len() <= at => Ok(Format::Done),
        Shape::Other => {
            let found = guess(&file[at..]);
            let reason = Reason::wrong(format!("this is {found}; {KNOWN}"));
            Err(ParseError { line: 1, reason })
        }
    }
}

/// The name of an unsupported format, for the sentence of refusal.
fn guess(file: &[u8]) -> &'static str {
    let head = &file[..file.len().min(HEAD_BYTES)];
    let first = head.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let count = |byte: u8| first.iter().filter(|&&other| other == byte).count();
    if head.contains(&0) {
        "a binary file"
    } else if first.trim_ascii().starts_with(b"<") {
        "markup, such as HTML or XML"
    } else if count(b',') > 1 || count(b';') > 1 {
        "a table (CSV)"
    } else if count(b'\t') > 1 {
        "a table (TSV)"
    } else {
        "text"
    }
}

/// The format of the first record.
fn known_by(object: &Datum, records: Records, syntax: Syntax) -> Format {
    if syntax == Syntax::Edn || is_of_jepsen(object) {
        Format::Jepsen(records, syntax, Jepsen::default())
    } else if porcupine::is_operation(object) {
        Format::Porcupine(records, Porcupine::default())
    } else {
        Format::Operations(records, Operations::default())
    }
}

/// Whether a JSON object is an event of Jepsen: it has Jepsen's words, and no key.
fn is_of_jepsen(object: &Datum) -> bool {
    let f = object.get("f").and_then(Datum::text).unwrap_or_default();
    matches!(&*f, "read" | "write") && object.get("key").is_none()
}

fn value(record: &[u8], syntax: Syntax) -> Result<Datum, Reason> {
    let text = std::str::from_utf8(record);
    let text = text.map_err(|_| Reason::wrong("these bytes are no text in UTF-8"))?;
    Parser::new(text, syntax).only().map_err(|at| {
        let name = match syntax {
            Syntax::Json => "JSON",
            Syntax::Edn => "EDN",
        };
        let column = text[..at].rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        let line = text[..at].matches('\n').count();
        let below = if line == 0 { String::new() } else { format!(" {line} lines below") };
        Reason::wrong(format!("this is no {name} from its column {column}{below} on"))
    })
}

fn no_record(none: NoRecord, syntax: Syntax) -> ParseError {
    let (format, example) = match syntax {
        Syntax::Json => ("JSON", "{\"process\": 1, …}"),
        Syntax::Edn => ("Jepsen's EDN", "{:process 1, …}"),
    };
    let (line, sentence) = match none {
        NoRecord::Other(line) => {
            (line, format!("this is no object of {format}, such as {example}"))
        }
        NoRecord::Open(line) => (
            line,
            format!(
                "what begins here as {format} has no end: a brace, a bracket or a quotation mark is missing"
            ),
        ),
    };
    ParseError { line, reason: Reason::wrong(sentence) }
}

impl History {
    /// Reads a file of operations in any of the known formats.
    ///
    /// # Errors
    /// With the first line that has no known format, lacks a field, or contradicts the lines
    /// before.
    pub fn parse(file: &[u8]) -> Result<Self, ParseError> {
        let mut reader = Reader::default();
        while !reader.read(file, usize::MAX)? {}
        Ok(reader.history)
    }
}
