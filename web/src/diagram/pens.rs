//! Markup of pictures as text: what looks the same is one path, however much of it there is.

use crate::px::px;
use std::fmt::Write;

/// One path for each look.
#[derive(Default)]
pub struct Pens(Vec<(String, String)>);

impl Pens {
    /// The path that looks like that: a list of classes.
    pub fn at(&mut self, class: &str) -> &mut String {
        // There are some twenty looks at most.
        let place = self.0.iter().position(|(known, _)| known == class).unwrap_or_else(|| {
            self.0.push((class.to_owned(), String::new()));
            self.0.len() - 1
        });
        &mut self.0[place].1
    }

    /// A line from one point to another.
    pub fn line(&mut self, class: &str, from: (f64, f64), to: (f64, f64)) {
        let ((a, b), (c, d)) = (from, to);
        // A string takes whatever is written.
        let _ = write!(self.at(class), "M{} {}L{} {}", px(a), px(b), px(c), px(d));
    }

    /// A box: its left and right edge, its middle, its height.
    pub fn bar(&mut self, class: &str, (from, to): (f64, f64), y: f64, height: f64) {
        let (x, top, w, h) = (px(from), px(y - height / 2.0), px(to - from), px(height));
        let _ = write!(self.at(class), "M{x} {top}h{w}v{h}h-{w}Z");
    }

    /// All paths, as markup.
    pub fn write(&self, out: &mut String) {
        for (class, d) in &self.0 {
            let _ = write!(out, "<path class=\"{class}\" d=\"{d}\"/>");
        }
    }
}

/// A picture of its own, moved to a place and made so large.
pub fn glyph(out: &mut String, class: &str, d: &str, at: (f64, f64), percent: u32) {
    let (x, y) = (px(at.0), px(at.1));
    let _ = write!(
        out,
        "<path class=\"{class}\" transform=\"translate({x} {y})scale({}.{:02})\" d=\"{d}\"/>",
        percent / 100,
        percent % 100
    );
}

/// A text at a place.
pub fn text(out: &mut String, class: &str, at: (f64, f64), text: &str) {
    let (x, y) = (px(at.0), px(at.1));
    let _ = write!(out, "<text class=\"{class}\" x=\"{x}\" y=\"{y}\">");
    escape(out, text);
    out.push_str("</text>");
}

/// Writes what people typed so that it is no markup.
pub fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(shown(c)),
        }
    }
}

/// A character as it may stand in XML, which has no place for most control characters, not even
/// escaped: those are shown by their pictures.
fn shown(c: char) -> char {
    match c {
        '\t' | '\n' | '\r' => c,
        '\0'..='\u{1f}' => {
            char::from_u32(0x2400 + u32::from(c)).unwrap_or(char::REPLACEMENT_CHARACTER)
        }
        '\u{7f}' => '\u{2421}',
        '\u{80}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => char::REPLACEMENT_CHARACTER,
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_the_same_is_one_path() {
        let mut pens = Pens::default();
        pens.line("a", (0.0, 1.0), (2.5, 3.0));
        pens.bar("b", (1.0, 4.0), 10.0, 6.0);
        pens.line("a", (1.0, 1.0), (1.0, 2.0));
        let mut out = String::new();
        pens.write(&mut out);
        let (a, b) = ("M0 1L2.5 3M1 1L1 2", "M1 7h3v6h-3Z");
        assert_eq!(out, format!("<path class=\"a\" d=\"{a}\"/><path class=\"b\" d=\"{b}\"/>"));
    }

    #[test]
    fn every_character_is_one_of_xml() {
        let mut out = String::new();
        let all: String = (0..0x1_0000).filter_map(char::from_u32).collect();
        escape(&mut out, &all);
        let is_char = |c: char| matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}');
        assert!(out.chars().all(is_char));
        let mut told = String::new();
        escape(&mut told, "a\u{0}b\u{1b}c\u{7f}");
        assert_eq!(told, "a\u{2400}b\u{241b}c\u{2421}");
    }

    #[test]
    fn nothing_that_is_typed_is_markup() {
        let mut out = String::new();
        text(&mut out, "t", (0.0, 0.0), "set x \"<b>&\"");
        assert!(out.contains("set x &quot;&lt;b&gt;&amp;&quot;"), "{out}");
    }
}
