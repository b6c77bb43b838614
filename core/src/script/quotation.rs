//! Words in double quotes in scripts, conditions and questions: one reader for all three.

use crate::store::MAX_WORD_BYTES;

/// An error in a quotation, and its distance from the first quote in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Misquoted {
    pub at: usize,
    pub sentence: String,
}

/// Reads the quotation at the beginning of a text: the word, and its length in bytes, quotes
/// included.
pub(crate) fn read(text: &str) -> Result<(String, usize), Misquoted> {
    let wrong = |at, sentence: String| Err(Misquoted { at, sentence });
    let mut word = String::new();
    let mut rest = text.char_indices().skip(1);
    while let Some((place, c)) = rest.next() {
        match c {
            '"' if word.len() > MAX_WORD_BYTES => {
                let bytes = word.len();
                return wrong(
                    0,
                    format!("found a word of {bytes} bytes, expected at most {MAX_WORD_BYTES}"),
                );
            }
            '"' => return Ok((word, place + 1)),
            '\\' => match rest.next() {
                Some((_, c @ ('"' | '\\'))) => word.push(c),
                Some((_, c)) if !c.is_control() => {
                    return wrong(
                        place,
                        format!(
                            "found \\{c} in quotes, expected \\\" or \\\\, the two that can be escaped"
                        ),
                    );
                }
                _ => break,
            },
            '\n' | '\r' => break,
            c => word.push(c),
        }
    }
    wrong(0, "found a quote that does not end on its line, expected \" behind it".into())
}

/// A text in double quotes, as [`read`] reads it.
pub(crate) fn write(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_ends_where_its_quote_ends() {
        assert_eq!(read(r#""a \"b\" \\" c"#), Ok(("a \"b\" \\".into(), 12)));
        assert_eq!(read("\"\""), Ok((String::new(), 2)));
    }
}
