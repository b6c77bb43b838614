//! The tokens of statements: words, numbers, quotes, line ends, comments.

use super::error::Fault;
use super::quotation;
use super::scope::Scope;
use crate::store::{MAX_WORD_BYTES, Word};
use winnow::Parser;
use winnow::combinator::{alt, eof, opt, peek, preceded, terminated};
use winnow::stream::{LocatingSlice, Location, Stateful, Stream};
use winnow::token::{one_of, take_while};

/// The text, the place in it, and the names in scope.
pub(super) type Input<'a> = Stateful<LocatingSlice<&'a str>, Scope>;
pub(super) type Parsed<T> = Result<T, Fault>;

/// The most characters of the found text that an error repeats.
const MAX_QUOTED_CHARS: usize = 40;

/// The start of a text; a byte-order mark is no part of it.
pub(super) fn input(text: &str, scope: Scope) -> Input<'_> {
    let mut input = Stateful { input: LocatingSlice::new(text), state: scope };
    if text.starts_with('\u{feff}') {
        input.next_token();
    }
    input
}

/// Number of bytes before the input's place.
pub(super) fn offset(input: &Input<'_>) -> usize {
    input.current_token_start()
}

fn is_blank(c: char) -> bool {
    c != '\n' && c.is_whitespace()
}

/// Whether a character ends any word.
fn is_border(c: char) -> bool {
    c.is_whitespace() || matches!(c, ';' | '#')
}

/// Skips blanks within a line.
pub(super) fn spaces(input: &mut Input<'_>) {
    let skipped: Parsed<&str> = take_while(0.., is_blank).parse_next(input);
    assert!(skipped.is_ok(), "nothing is enough");
}

/// Skips blank lines, comments and `;`. Whether a statement follows.
pub(super) fn next_statement(input: &mut Input<'_>) -> bool {
    loop {
        let skipped: Parsed<&str> =
            take_while(0.., |c: char| c.is_whitespace() || c == ';').parse_next(input);
        assert!(skipped.is_ok(), "nothing is enough");
        if input.peek_token() != Some('#') {
            return input.peek_token().is_some();
        }
        let comment: Parsed<&str> = take_while(1.., |c| c != '\n').parse_next(input);
        assert!(comment.is_ok(), "it begins with #");
    }
}

/// Whether the statement has ended.
pub(super) fn at_end(input: &Input<'_>) -> bool {
    matches!(input.peek_token(), None | Some('\n' | ';' | '#'))
}

/// The end of a statement.
pub(super) fn end(input: &mut Input<'_>) -> Parsed<()> {
    spaces(input);
    if at_end(input) { Ok(()) } else { Err(found(input, "the end of the statement")) }
}

/// The word at the input's place, without reading it: up to a blank, `;` or `#`.
pub(super) fn peek_word<'a>(input: &Input<'a>) -> &'a str {
    let rest: &'a str = input.input.as_ref();
    &rest[..rest.find(is_border).unwrap_or(rest.len())]
}

/// An error at the input's place, with the text found and the expected one.
pub(super) fn found(input: &Input<'_>, expected: &str) -> Fault {
    let found = match input.peek_token() {
        None => "the end".to_owned(),
        Some('\n' | ';' | '#') => "the end of the statement".to_owned(),
        Some(_) => quoted(peek_word(input)),
    };
    Fault { at: offset(input), sentence: format!("found {found}, expected {expected}") }
}

/// The text found, in quotes, cut if it is long.
pub(super) fn quoted(word: &str) -> String {
    if word.chars().count() <= MAX_QUOTED_CHARS {
        return format!("\"{word}\"");
    }
    let start: String = word.chars().take(MAX_QUOTED_CHARS).collect();
    format!("\"{start}…\"")
}

/// A parser whose errors name the expected text, unless an inner parser was more precise.
pub(super) fn expect<'a, O>(
    what: &str,
    mut parser: impl Parser<Input<'a>, O, Fault>,
) -> impl Parser<Input<'a>, O, Fault> {
    move |input: &mut Input<'a>| {
        let start = input.checkpoint();
        parser.parse_next(input).map_err(|fault| {
            if fault.is_said() {
                return fault;
            }
            input.reset(&start);
            found(input, what)
        })
    }
}

/// A parser that must be followed by the end of a word.
pub(super) fn whole<'a, O>(
    parser: impl Parser<Input<'a>, O, Fault>,
) -> impl Parser<Input<'a>, O, Fault> {
    let border = |c: char| is_border(c) || c == '|';
    terminated(parser, peek(alt((eof.void(), one_of(border).void()))))
}

/// A word of the language itself.
pub(super) fn keyword<'a>(input: &mut Input<'a>) -> Parsed<&'a str> {
    take_while(1.., |c: char| c.is_ascii_lowercase() || matches!(c, '-' | '.')).parse_next(input)
}

/// A key or value: a bare word, or one line of text in double quotes.
pub(super) fn text(input: &mut Input<'_>) -> Parsed<Word> {
    let start = offset(input);
    let word = if input.peek_token() == Some('"') { quotes(input)? } else { bare(input)? };
    if word.len() > MAX_WORD_BYTES {
        let sentence =
            format!("found a word of {} bytes, expected at most {MAX_WORD_BYTES}", word.len());
        return Err(Fault { at: start, sentence });
    }
    Ok(word)
}

fn bare(input: &mut Input<'_>) -> Parsed<Word> {
    let letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    let word = whole(take_while(1.., letter));
    let wanted = "a word of letters, digits, _, . and -, or anything else in double quotes";
    Ok(Word::from(expect(wanted, word).parse_next(input)?))
}

fn quotes(input: &mut Input<'_>) -> Parsed<Word> {
    let start = offset(input);
    let rest: &str = input.input.as_ref();
    let (word, length) = quotation::read(rest)
        .map_err(|wrong| Fault { at: start + wrong.at, sentence: wrong.sentence })?;
    input.next_slice(length);
    expect("a blank or the end of the statement behind the quote", whole("")).parse_next(input)?;
    Ok(word.into())
}

/// A number with a fractional part, as digits: `1.5` is 15 and one digit behind the point.
#[derive(Clone, Copy, Debug)]
pub(super) struct Decimal {
    digits: u128,
    behind: u32,
}

impl Decimal {
    /// This number times `unit`, if that is a whole one.
    pub fn times(self, unit: u64) -> Option<u64> {
        let wide = self.digits.checked_mul(u128::from(unit))?;
        let divisor = 10u128.pow(self.behind);
        (wide % divisor == 0).then(|| u64::try_from(wide / divisor).ok()).flatten()
    }
}

/// The most digits on either side of the point: no computation overflows with them.
const MAX_DIGITS: usize = 12;

/// `12`, `1.5`
pub(super) fn decimal(input: &mut Input<'_>) -> Parsed<Decimal> {
    let whole = digits(input)?;
    let behind = opt(preceded('.', digits)).parse_next(input)?.unwrap_or_default();
    let number = format!("{whole}{behind}");
    let digits = number.parse().expect("at most 24 digits fit 128 bits");
    Ok(Decimal { digits, behind: behind.len() as u32 })
}

fn digits<'a>(input: &mut Input<'a>) -> Parsed<&'a str> {
    take_while(1..=MAX_DIGITS, |c: char| c.is_ascii_digit()).parse_next(input)
}

/// A whole number, without a sign.
pub(super) fn integer(input: &mut Input<'_>) -> Parsed<u64> {
    take_while(1.., |c: char| c.is_ascii_digit()).parse_to().parse_next(input)
}
