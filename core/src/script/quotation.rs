//! Words in double quotes, as scripts, conditions and questions write them: one reader for all three.

use crate::store::MAX_WORD_BYTES;

/// What is wrong with a quotation, and that many bytes behind its first quote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Misquoted {
    pub at: usize,
    pub sentence: String,
}

/// Reads the quotation that a text begins with: the word, and how many bytes it takes with its quotes.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_ends_where_its_quote_ends() {
        assert_eq!(read(r#""a \"b\" \\" c"#), Ok(("a \"b\" \\".into(), 12)));
        assert_eq!(read("\"\""), Ok((String::new(), 2)));
    }
}
