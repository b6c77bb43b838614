//! Writes SVG markup. Shapes of the same look share one path, however many there are.

use crate::px::px;
use std::fmt::Write;

/// One path for each look: its classes and its path data.
#[derive(Default)]
pub struct Pens(Vec<(String, String)>);

impl Pens {
    /// The path data of a look, given by a list of classes.
    pub fn at(&mut self, class: &str) -> &mut String {
        // There are about twenty looks at most.
        let place = self.0.iter().position(|(known, _)| known == class).unwrap_or_else(|| {
            self.0.push((class.to_owned(), String::new()));
            self.0.len() - 1
        });
        &mut self.0[place].1
    }

    /// Adds a line between two points.
    pub fn line(&mut self, class: &str, from: (f64, f64), to: (f64, f64)) {
        let ((a, b), (c, d)) = (from, to);
        // Writing to a string cannot fail.
        let _ = write!(self.at(class), "M{} {}L{} {}", px(a), px(b), px(c), px(d));
    }

    /// Adds a rectangle: its left and right edges, the middle of its height, its height.
    pub fn bar(&mut self, class: &str, (from, to): (f64, f64), y: f64, height: f64) {
        let (x, top, w, h) = (px(from), px(y - height / 2.0), px(to - from), px(height));
        let _ = write!(self.at(class), "M{x} {top}h{w}v{h}h-{w}Z");
    }

    /// Appends all paths, as markup.
    pub fn write(&self, out: &mut String) {
        for (class, d) in &self.0 {
            let _ = write!(out, "<path class=\"{class}\" d=\"{d}\"/>");
        }
    }
}

/// Adds a path of its own, moved to a point and scaled, in percent.
pub fn glyph(out: &mut String, class: &str, d: &str, at: (f64, f64), percent: u32) {
    let (x, y) = (px(at.0), px(at.1));
    let _ = write!(
        out,
        "<path class=\"{class}\" transform=\"translate({x} {y})scale({}.{:02})\" d=\"{d}\"/>",
        percent / 100,
        percent % 100
    );
}

/// Adds a text at a point.
pub fn text(out: &mut String, class: &str, at: (f64, f64), text: &str) {
    let (x, y) = (px(at.0), px(at.1));
    let _ = write!(out, "<text class=\"{class}\" x=\"{x}\" y=\"{y}\">");
    escape(out, text);
    out.push_str("</text>");
}

/// Appends text with the special characters of XML escaped.
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

/// The character that stands for `c` in XML, which forbids most control characters even if escaped.
/// Those become their visible symbols (U+2400 and up).
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
