//! Values as JSON and EDN write them: one small reader for both.
//!
//! Of EDN it reads the parts that histories use: nil, booleans, numbers, strings, symbols,
//! keywords, lists, vectors, sets and maps. Tags and comments are skipped.

use super::super::Text;

/// The deepest nesting of values.
const MAX_DEPTH: u32 = 32;

/// The notation of values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// RFC 8259, where a comma may also follow the last element.
    Json,
    /// Extensible Data Notation, the notation of Clojure.
    Edn,
}

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Datum {
    /// `null` or `nil`.
    Nil,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as written in the file.
    Number(Text),
    /// A string.
    Text(Text),
    /// A keyword without its colon, or a symbol.
    Word(Text),
    /// An array, list, vector or set.
    List(Vec<Datum>),
    /// An object or a map, in the order in which it is written.
    Map(Vec<(Text, Datum)>),
}

impl Datum {
    /// The value of that field, if this is a map that has it. The first of two equal fields counts.
    pub fn get(&self, field: &str) -> Option<&Self> {
        let Self::Map(entries) = self else { return None };
        entries.iter().find(|(name, _)| &**name == field).map(|(_, value)| value)
    }

    /// The text of a string, word or number: a value of the store is written as any of these.
    pub fn text(&self) -> Option<Text> {
        match self {
            Self::Text(text) | Self::Word(text) | Self::Number(text) => Some(text.clone()),
            Self::Bool(truth) => Some(if *truth { "true" } else { "false" }.into()),
            Self::Nil | Self::List(_) | Self::Map(_) => None,
        }
    }

    /// A number, if it is whole and not negative.
    pub fn whole<T: std::str::FromStr>(&self) -> Option<T> {
        let Self::Number(digits) = self else { return None };
        digits.parse().ok()
    }

    /// Its beginning in the notation of JSON, for sentences.
    pub fn shown(&self) -> String {
        match self {
            Self::Nil => "null".to_owned(),
            Self::Bool(truth) => truth.to_string(),
            Self::Number(text) | Self::Word(text) => shortened(text),
            Self::Text(text) => format!("{:?}", shortened(text)),
            Self::List(_) => "a list".to_owned(),
            Self::Map(_) => "an object".to_owned(),
        }
    }
}

/// At most 40 letters.
fn shortened(text: &str) -> String {
    const SHOWN: usize = 40;
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}\u{2026}", &text[..end]),
        None => text.to_owned(),
    }
}

/// Reads values one after the other from a text.
pub struct Parser<'a> {
    text: &'a str,
    at: usize,
    syntax: Syntax,
    depth: u32,
}

/// A syntax error: the byte at which reading failed.
pub type Stuck = usize;

impl<'a> Parser<'a> {
    /// A parser at the beginning of a text.
    pub fn new(text: &'a str, syntax: Syntax) -> Self {
        Self { text, at: 0, syntax, depth: 0 }
    }

    /// The only value of the text.
    pub fn only(mut self) -> Result<Datum, Stuck> {
        let datum = self.value()?;
        self.skip_space();
        if self.at < self.text.len() { Err(self.at) } else { Ok(datum) }
    }

    /// All values of the text.
    pub fn all(mut self) -> Result<Vec<Datum>, Stuck> {
        let mut values = Vec::new();
        self.skip_space();
        while self.at < self.text.len() {
            values.push(self.value()?);
            self.skip_space();
        }
        Ok(values)
    }

    fn value(&mut self) -> Result<Datum, Stuck> {
        self.skip_space();
        match (self.peek(), self.syntax) {
            (Some(b'{'), _) => self.nested(Self::map),
            (Some(b'['), _) => self.nested(|p| Ok(Datum::List(p.items(b']')?))),
            (Some(b'('), Syntax::Edn) => self.nested(|p| Ok(Datum::List(p.items(b')')?))),
            (Some(b'#'), Syntax::Edn) => self.nested(Self::dispatch),
            (Some(b'"'), _) => Ok(Datum::Text(self.string()?)),
            (Some(b'-' | b'0'..=b'9'), _) => self.number(),
            (Some(_), _) => self.word(),
            (None, _) => Err(self.at),
        }
    }

    fn nested(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<Datum, Stuck>,
    ) -> Result<Datum, Stuck> {
        if self.depth == MAX_DEPTH {
            return Err(self.at);
        }
        self.depth += 1;
        let read = read(self);
        self.depth -= 1;
        read
    }

    /// A set, or a tag with its value.
    fn dispatch(&mut self) -> Result<Datum, Stuck> {
        self.at += 1;
        if self.peek() == Some(b'{') {
            return Ok(Datum::List(self.items(b'}')?));
        }
        self.bare();
        self.value()
    }

    fn items(&mut self, end: u8) -> Result<Vec<Datum>, Stuck> {
        self.at += 1;
        let mut items = Vec::new();
        while !self.ends(end) {
            items.push(self.value()?);
            self.separate(end)?;
        }
        Ok(items)
    }

    fn map(&mut self) -> Result<Datum, Stuck> {
        self.at += 1;
        let mut entries = Vec::new();
        while !self.ends(b'}') {
            let name = match (self.value()?, self.syntax) {
                (Datum::Text(name), _) => name,
                (name, Syntax::Edn) => name.text().unwrap_or_default(),
                (_, Syntax::Json) => return Err(self.at),
            };
            if self.syntax == Syntax::Json {
                self.skip_space();
                self.expect(b':')?;
            }
            entries.push((name, self.value()?));
            self.separate(b'}')?;
        }
        Ok(Datum::Map(entries))
    }

    /// Reads the end of a list, if it is next.
    fn ends(&mut self, end: u8) -> bool {
        self.skip_space();
        let ends = self.peek() == Some(end);
        self.at += usize::from(ends);
        ends
    }

    /// Reads the separator of two elements: in JSON a comma, unless the end comes.
    fn separate(&mut self, end: u8) -> Result<(), Stuck> {
        self.skip_space();
        match (self.syntax, self.peek()) {
            (Syntax::Json, Some(next)) if next == end => Ok(()),
            (Syntax::Json, _) => self.expect(b','),
            (Syntax::Edn, _) => Ok(()),
        }
    }

    fn expect(&mut self, byte: u8) -> Result<(), Stuck> {
        if self.peek() != Some(byte) {
            return Err(self.at);
        }
        self.at += 1;
        Ok(())
    }

    fn string(&mut self) -> Result<Text, Stuck> {
        self.at += 1;
        let start = self.at;
        let bytes = self.text.as_bytes();
        let plain = bytes[start..].iter().position(|&byte| byte == b'"' || byte == b'\\');
        let plain = start + plain.ok_or(self.text.len())?;
        if bytes[plain] == b'"' {
            self.at = plain + 1;
            return Ok(self.text[start..plain].into());
        }
        let mut read = String::new();
        loop {
            let rest = &self.text[self.at..];
            let special = rest.find(['"', '\\']).ok_or(self.text.len())?;
            read.push_str(&rest[..special]);
            self.at += special + 1;
            if rest.as_bytes()[special] == b'"' {
                return Ok(read.into());
            }
            read.push(self.escaped()?);
        }
    }

    /// The letter behind a backslash.
    fn escaped(&mut self) -> Result<char, Stuck> {
        let stuck = self.at;
        let letter = self.peek().ok_or(stuck)?;
        self.at += 1;
        Ok(match letter {
            b'n' => '\n',
            b't' => '\t',
            b'r' => '\r',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'"' | b'\\' | b'/' => char::from(letter),
            b'u' => {
                let first = self.hex()?;
                let code = match first {
                    // A surrogate pair stands for one character beyond the first 65,536.
                    0xd800..0xdc00 if self.text[self.at..].starts_with("\\u") => {
                        self.at += 2;
                        let low = self.hex()?.checked_sub(0xdc00).filter(|low| *low < 0x400);
                        0x1_0000 + ((first - 0xd800) << 10) + low.ok_or(stuck)?
                    }
                    code => code,
                };
                char::from_u32(code).ok_or(stuck)?
            }
            _ => return Err(stuck),
        })
    }

    fn hex(&mut self) -> Result<u32, Stuck> {
        let digits = self.text.get(self.at..self.at + 4).ok_or(self.at)?;
        let is_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        let code = u32::from_str_radix(digits, 16).ok().filter(|_| is_hex).ok_or(self.at)?;
        self.at += 4;
        Ok(code)
    }

    fn number(&mut self) -> Result<Datum, Stuck> {
        let start = self.at;
        let digits = self.bare();
        // Clojure marks numbers of arbitrary length with a suffix.
        let digits = match self.syntax {
            Syntax::Edn => digits.strip_suffix(['N', 'M']).unwrap_or(digits),
            Syntax::Json => digits,
        };
        let is_number = digits.parse::<f64>().is_ok_and(f64::is_finite);
        let looks = digits.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b));
        if is_number && looks { Ok(Datum::Number(digits.into())) } else { Err(start) }
    }

    fn word(&mut self) -> Result<Datum, Stuck> {
        let start = self.at;
        let word = self.bare();
        match (word, self.syntax) {
            ("null", Syntax::Json) | ("nil", Syntax::Edn) => Ok(Datum::Nil),
            ("true", _) => Ok(Datum::Bool(true)),
            ("false", _) => Ok(Datum::Bool(false)),
            ("", _) | (_, Syntax::Json) => Err(start),
            (word, Syntax::Edn) => Ok(Datum::Word(word.strip_prefix(':').unwrap_or(word).into())),
        }
    }

    /// All bytes up to the end of a number or a word.
    fn bare(&mut self) -> &'a str {
        let rest = &self.text[self.at..];
        let ends = |c: char| c.is_whitespace() || ",:[]{}()\";".contains(c);
        // The colon of a keyword belongs to it.
        let first = usize::from(self.syntax == Syntax::Edn && rest.starts_with(':'));
        let end = rest[first..].find(ends).map_or(rest.len(), |end| end + first);
        self.at += end;
        &rest[..end]
    }

    fn skip_space(&mut self) {
        loop {
            let rest = &self.text[self.at..];
            let is_edn = self.syntax == Syntax::Edn;
            let space = |c: char| c.is_whitespace() || is_edn && c == ',';
            self.at += rest.len() - rest.trim_start_matches(space).len();
            if !is_edn || self.peek() != Some(b';') {
                return;
            }
            let rest = &self.text[self.at..];
            self.at += rest.find('\n').unwrap_or(rest.len());
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str, syntax: Syntax) -> Result<Datum, Stuck> {
        Parser::new(text, syntax).only()
    }

    fn number(digits: &str) -> Datum {
        Datum::Number(digits.into())
    }

    #[test]
    fn json_is_read_as_it_is_meant() {
        let read = |text| read(text, Syntax::Json);
        assert_eq!(read(" null ").unwrap(), Datum::Nil);
        assert_eq!(read("-1.5e3").unwrap(), number("-1.5e3"));
        let text = read(r#""a\"\\\u00e9\ud83d\ude00\n""#).unwrap();
        assert_eq!(text, Datum::Text("a\"\\\u{e9}\u{1f600}\n".into()));
        let map = read(r#"{"a": [1, "b",], "c": {}}"#).unwrap();
        assert_eq!(map.get("a"), Some(&Datum::List(vec![number("1"), Datum::Text("b".into())])));
        assert_eq!(map.get("c"), Some(&Datum::Map(Vec::new())));
        for wrong in
            ["", "{", "[1 2]", "{\"a\" 1}", "nil", "word", "\"\\x\"", "\"\\ud800\"", "1 2", "+1"]
        {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn edn_is_read_as_it_is_meant() {
        let read = |text| read(text, Syntax::Edn);
        let op = read("#jepsen.history.Op{:process 0, :f :cas ; a comment\n :value [1 nil] :n 5N}");
        let op = op.unwrap();
        assert_eq!(op.get("f"), Some(&Datum::Word("cas".into())));
        assert_eq!(op.get("value"), Some(&Datum::List(vec![number("1"), Datum::Nil])));
        assert_eq!(op.get("n"), Some(&number("5")));
        assert_eq!(read("#{1 2}").unwrap(), Datum::List(vec![number("1"), number("2")]));
        assert_eq!(read("(:a)").unwrap(), Datum::List(vec![Datum::Word("a".into())]));
        for wrong in ["", "{:a", "}", "\"a", "#"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_nested_too_deep_is_refused() {
        for syntax in [Syntax::Json, Syntax::Edn] {
            assert!(read(&"[".repeat(100_000), syntax).is_err());
        }
        assert!(read(&"#a ".repeat(100_000), Syntax::Edn).is_err());
    }

    proptest! {
        #[test]
        fn nothing_panics(text in "[\\[\\]{}()\"\\\\:;#,a0-9.eu\u{e9} \n-]{0,40}") {
            let _ = Parser::new(&text, Syntax::Json).all();
            let _ = Parser::new(&text, Syntax::Edn).all();
        }
    }
}
