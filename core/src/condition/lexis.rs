//! The words and signs of a condition.

use crate::script::quotation;
use crate::store::Word;
use std::fmt;

/// An error in a condition: one sentence, and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConditionError {
    /// The column in characters, from 1.
    pub column: usize,
    /// The text found, and the expected one.
    pub sentence: String,
}

impl fmt::Display for ConditionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "column {}: {}", self.column, self.sentence)
    }
}

impl std::error::Error for ConditionError {}

/// A piece of a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// A bare word: letters, digits, `_`, `.`, `-`.
    Bare(&'a str),
    /// A word in quotes, without them.
    Quoted(Word),
    /// A sign: a parenthesis or a comparison.
    Sign(&'a str),
    /// The end of the text.
    End,
}

impl fmt::Display for Token<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bare(text) | Self::Sign(text) => {
                let short: String = text.chars().take(40).collect();
                let more = if short.len() < text.len() { "…" } else { "" };
                write!(f, "\"{short}{more}\"")
            }
            Self::Quoted(_) => f.write_str("a word in quotes"),
            Self::End => f.write_str("the end"),
        }
    }
}

/// The signs; longer ones come before their own prefixes.
const SIGNS: [&str; 8] = ["!=", "<=", ">=", "<", ">", "=", "(", ")"];

/// Whether a letter can stand in a bare word.
pub(super) fn is_bare(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-')
}

/// The pieces of a text, each with the bytes before it, and the end.
pub(super) fn tokens(text: &str) -> Result<Vec<(usize, Token<'_>)>, ConditionError> {
    let mut tokens = Vec::new();
    let mut at = 0;
    loop {
        at += text[at..].len() - text[at..].trim_start().len();
        let rest = &text[at..];
        let Some(first) = rest.chars().next() else { break };
        let (token, length) = if first == '"' {
            quoted(text, at)?
        } else if let Some(sign) = SIGNS.into_iter().find(|s| rest.starts_with(s)) {
            (Token::Sign(&rest[..sign.len()]), sign.len())
        } else if is_bare(first) {
            let length = rest.find(|c| !is_bare(c)).unwrap_or(rest.len());
            (Token::Bare(&rest[..length]), length)
        } else {
            return Err(fault(text, at, format!("found \"{first}\", expected a word or a sign")));
        };
        tokens.push((at, token));
        at += length;
    }
    tokens.push((text.len(), Token::End));
    Ok(tokens)
}

/// A word in quotes, and its length in bytes, quotes included.
fn quoted(text: &str, at: usize) -> Result<(Token<'static>, usize), ConditionError> {
    match quotation::read(&text[at..]) {
        Ok((word, length)) => Ok((Token::Quoted(word.into()), length)),
        Err(wrong) => Err(fault(text, at + wrong.at, wrong.sentence)),
    }
}

/// An error at that byte.
pub(super) fn fault(text: &str, at: usize, sentence: String) -> ConditionError {
    ConditionError { column: text[..at].chars().count() + 1, sentence }
}
