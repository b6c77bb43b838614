//! Cuts a file into records, each an object or a map: one per line, in a list, or in free layout.
//!
//! Between records there may be space, commas and comments: lines that begin with `#` or `//` in
//! JSON, and with `;` in EDN.

use super::datum::Syntax;
use std::ops::Range;

/// Reads records one after the other.
#[derive(Debug)]
pub struct Records {
    syntax: Syntax,
    at: usize,
    /// The line of that position, counted from 1.
    line: usize,
    stage: Stage,
}

/// Whether the records stand in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Nothing has been read yet.
    Begin,
    /// The records stand by themselves.
    Loose,
    /// The records stand in a list; this byte ends it.
    Listed(u8),
    /// The list has ended.
    Ended,
}

/// A record of a file: its bytes, and the line on which it begins.
pub type Record = (Range<usize>, usize);

/// The reason why there is no next record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoRecord {
    /// This line has other content.
    Other(usize),
    /// The record or list that begins on this line has no end.
    Open(usize),
}

impl Records {
    /// The records from a byte of a file on.
    pub fn new(syntax: Syntax, at: usize) -> Self {
        Self { syntax, at, line: 1, stage: Stage::Begin }
    }

    /// The next record, `None` behind the last.
    pub fn next(&mut self, file: &[u8]) -> Result<Option<Record>, NoRecord> {
        self.skip(file);
        let first = file.get(self.at).copied();
        if self.stage == Stage::Begin {
            self.stage = match first {
                Some(b'[') => Stage::Listed(b']'),
                Some(b'(') if self.syntax == Syntax::Edn => Stage::Listed(b')'),
                _ => Stage::Loose,
            };
            if self.stage != Stage::Loose {
                self.at += 1;
                return self.next(file);
            }
        }
        match (first, self.stage) {
            (None, Stage::Listed(_)) => Err(NoRecord::Open(self.line)),
            (None, _) => Ok(None),
            (Some(byte), Stage::Listed(end)) if byte == end => {
                self.at += 1;
                self.stage = Stage::Ended;
                self.next(file)
            }
            (Some(byte), stage) if stage != Stage::Ended && self.begins(byte) => {
                self.take(file).map(Some)
            }
            _ => Err(NoRecord::Other(self.line)),
        }
    }

    fn begins(&self, byte: u8) -> bool {
        byte == b'{' || byte == b'#' && self.syntax == Syntax::Edn
    }

    /// Reads the record that begins here.
    fn take(&mut self, file: &[u8]) -> Result<Record, NoRecord> {
        let (start, line) = (self.at, self.line);
        let mut depth = 0_u32;
        while let Some(&byte) = file.get(self.at) {
            self.at += 1;
            match byte {
                b'{' | b'[' | b'(' => depth += 1,
                b'}' | b']' | b')' => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return Ok((start..self.at, line));
                    }
                }
                b'"' => self.skip_string(file),
                b';' if self.syntax == Syntax::Edn => self.skip_line(file),
                b'\n' => self.line += 1,
                _ => {}
            }
        }
        Err(NoRecord::Open(line))
    }

    /// Skips to the end of the string whose first quote was read.
    fn skip_string(&mut self, file: &[u8]) {
        while let Some(&byte) = file.get(self.at) {
            self.at += 1;
            match byte {
                b'"' => return,
                b'\\' => self.at += 1,
                b'\n' => self.line += 1,
                _ => {}
            }
        }
    }

    /// Skips space, commas and comments.
    fn skip(&mut self, file: &[u8]) {
        while let Some(&byte) = file.get(self.at) {
            match (byte, self.syntax) {
                (b'\n', _) => {
                    self.line += 1;
                    self.at += 1;
                }
                (b' ' | b'\t' | b'\r' | b'\x0c' | b',', _) => self.at += 1,
                (b'#', Syntax::Json) | (b';', Syntax::Edn) => self.skip_line(file),
                (b'/', Syntax::Json) if file.get(self.at + 1) == Some(&b'/') => {
                    self.skip_line(file);
                }
                _ => return,
            }
        }
    }

    /// Skips to the end of the line.
    fn skip_line(&mut self, file: &[u8]) {
        let rest = file.get(self.at..).unwrap_or_default();
        self.at += rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all(text: &str, syntax: Syntax) -> Result<Vec<(&str, usize)>, NoRecord> {
        let mut records = Records::new(syntax, 0);
        let mut read = Vec::new();
        while let Some((range, line)) = records.next(text.as_bytes())? {
            read.push((&text[range], line));
        }
        Ok(read)
    }

    #[test]
    fn records_lie_in_lines_in_a_list_or_anyhow() {
        let one_a_line = "# a run\n{\"a\":1},\n\n// more\n{\"b\":\"}\\\"{\"}\n";
        let read = all(one_a_line, Syntax::Json).unwrap();
        assert_eq!(read, [("{\"a\":1}", 2), ("{\"b\":\"}\\\"{\"}", 5)]);
        let read = all("[{\"a\":\n[1]},\n {}]\n", Syntax::Json).unwrap();
        assert_eq!(read, [("{\"a\":\n[1]}", 1), ("{}", 3)]);
        let read = all("[{:a 1} ; {\n #op{:b #{2}}]", Syntax::Edn).unwrap();
        assert_eq!(read, [("{:a 1}", 1), ("#op{:b #{2}}", 2)]);
        assert_eq!(all("", Syntax::Json), Ok(Vec::new()));
    }

    #[test]
    fn what_is_no_record_is_told_with_its_line() {
        assert_eq!(all("{}\nhello", Syntax::Json), Err(NoRecord::Other(2)));
        assert_eq!(all("{}\n{\"a\":\n{}\n", Syntax::Json), Err(NoRecord::Open(2)));
        assert_eq!(all("[{}\n", Syntax::Json), Err(NoRecord::Open(2)));
        assert_eq!(all("[{}]\n{}", Syntax::Json), Err(NoRecord::Other(2)));
        assert_eq!(all("{\"a\":\"\\", Syntax::Json), Err(NoRecord::Open(1)));
    }

    proptest! {
        #[test]
        fn nothing_panics(text in "[\\[\\]{}()\"\\\\:;#/, \na1]{0,40}") {
            let _ = all(&text, Syntax::Json);
            let _ = all(&text, Syntax::Edn);
        }
    }
}
