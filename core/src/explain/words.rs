//! Small parts of sentences.

use crate::time::Span;
use std::fmt::Display;

/// `n1`, `n1 and n2`, `n1, n2 and n3`.
pub fn listed<T: Display>(things: &[T]) -> String {
    match things {
        [] => "nobody".into(),
        [only] => only.to_string(),
        [most @ .., last] => {
            let most: Vec<String> = most.iter().map(ToString::to_string).collect();
            format!("{} and {last}", most.join(", "))
        }
    }
}

/// The same with a capital letter at its beginning.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// `is` or `are`.
pub fn be<T>(things: &[T]) -> &'static str {
    if things.len() == 1 { "is" } else { "are" }
}

/// A time as people read it: `3.2 ms`, `213 ms`, `1.24 s`.
pub fn length(span: Span) -> String {
    let us = span.as_us();
    match us {
        0..10_000 => format!("{}.{} ms", us / 1_000, us % 1_000 / 100),
        10_000..1_000_000 => format!("{} ms", us / 1_000),
        _ => format!("{}.{:02} s", us / 1_000_000, us % 1_000_000 / 10_000),
    }
}

/// A number as a word where people would write one; for the beginning of a sentence.
pub fn count(n: usize) -> String {
    const WORDS: [&str; 10] =
        ["No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine"];
    WORDS.get(n).map_or_else(|| n.to_string(), |w| (*w).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_lengths() {
        assert_eq!(listed(&["a"]), "a");
        assert_eq!(listed(&["a", "b", "c"]), "a, b and c");
        let lengths = [1_234, 213_999, 1_249_000].map(|us| length(Span::from_us(us)));
        assert_eq!(lengths, ["1.2 ms", "213 ms", "1.24 s"]);
    }
}
