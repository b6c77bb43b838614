//! A lesson as the fragment of a link: `l1.` and its text, deflated.

use super::model::Lesson;
use super::{pack, parse};

const MARK: &str = "l1.";

/// The fragment of a link to a lesson, without the `#`.
#[must_use]
pub fn encode(text: &str) -> String {
    format!("{MARK}{}", pack::pack(text.as_bytes()))
}

/// Whether a fragment or an address carries a lesson.
#[must_use]
pub fn is_lesson(link: &str) -> bool {
    pack::behind(link, MARK).is_some()
}

/// The text of the lesson that a link carries, which may have errors.
///
/// # Errors
/// One sentence with the reason why it cannot be read.
pub fn text(link: &str) -> Result<String, String> {
    let packed =
        pack::behind(link, MARK).ok_or("the link carries no lesson: expected l1. behind its #")?;
    let bytes = pack::unpack(packed).map_err(|how| format!("the link is damaged: {how}"))?;
    String::from_utf8(bytes).map_err(|_| "the link is damaged: it is not UTF-8 text".into())
}

/// The lesson that a link carries.
///
/// # Errors
/// One sentence with the reason why it cannot be read.
pub fn decode(link: &str) -> Result<Lesson, String> {
    parse(&text(link)?).map_err(|error| format!("the lesson has an error: {error}"))
}
