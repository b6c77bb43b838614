//! The prose of a lesson: CommonMark without raw HTML, pictures and tables, as a small tree that a
//! page draws without any markup from outside.

use super::error::{LessonError, Parsed};
use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use std::ops::Range;

/// How deep lists and quotes may nest.
const MAX_DEPTH: usize = 12;

/// A block of prose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// A heading inside a step: level 1 or 3 to 6.
    Heading(u8, Vec<Inline>),
    /// A list: whether it is numbered, and its items.
    List(bool, Vec<Vec<Self>>),
    /// A quotation.
    Quote(Vec<Self>),
    /// Text in a fixed-width font.
    Code(String),
    /// A line across.
    Rule,
}

/// A piece of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inline {
    /// Plain text.
    Text(String),
    /// Code.
    Code(String),
    /// Emphasis.
    Emphasis(Vec<Self>),
    /// Strong emphasis.
    Strong(Vec<Self>),
    /// A link: its address (`https:`, `http:`, `#…`, `?…`, or a relative path), and its text.
    Link(String, Vec<Self>),
    /// The end of a line that the author wants.
    Break,
}

/// A part of a document: a block of prose, a heading of level 2, or a fenced block with a name.
pub(super) enum Part {
    Prose(Block),
    Step(String),
    Fenced { name: String, text: String },
}

/// The parts of a document, each with its first line. `first` is the line on which the text begins.
pub(super) fn parts(text: &str, first: usize) -> Parsed<Vec<(usize, Part)>> {
    let mut reader = Reader::new(text, first);
    let mut parts = Vec::new();
    while let Some((event, range)) = reader.next() {
        let line = reader.line(range.start);
        let part = match event {
            Event::Start(Tag::Heading { level: HeadingLevel::H2, .. }) => {
                Part::Step(plain(&reader.inlines(TagEnd::Heading(HeadingLevel::H2))?))
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info)))
                if !info.trim().is_empty() =>
            {
                let name = info.trim().to_owned();
                Part::Fenced { name, text: reader.code() }
            }
            other => Part::Prose(reader.block(other, range, 0)?),
        };
        parts.push((line, part));
    }
    Ok(parts)
}

/// The prose of a text.
pub(super) fn prose(text: &str, first: usize) -> Parsed<Vec<Block>> {
    let mut reader = Reader::new(text, first);
    reader.blocks(None, 0)
}

/// The plain text of a line.
#[must_use]
pub fn plain(inlines: &[Inline]) -> String {
    let text = |inline: &Inline| match inline {
        Inline::Text(text) | Inline::Code(text) => text.clone(),
        Inline::Emphasis(inner) | Inline::Strong(inner) | Inline::Link(_, inner) => plain(inner),
        Inline::Break => " ".to_owned(),
    };
    inlines.iter().map(text).collect()
}

struct Reader<'a> {
    text: &'a str,
    first: usize,
    events: std::vec::IntoIter<(Event<'a>, Range<usize>)>,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str, first: usize) -> Self {
        let events: Vec<_> = Parser::new_ext(text, Options::empty()).into_offset_iter().collect();
        Self { text, first, events: events.into_iter() }
    }

    fn next(&mut self) -> Option<(Event<'a>, Range<usize>)> {
        self.events.next()
    }

    fn line(&self, at: usize) -> usize {
        self.first + self.text.as_bytes()[..at].iter().filter(|b| **b == b'\n').count()
    }

    fn refuse(&self, at: usize, found: &str) -> LessonError {
        let wanted = "paragraphs, emphasis, lists, quotations, code and links";
        LessonError::new(self.line(at), 1, format!("found {found}, expected {wanted}"))
    }

    fn blocks(&mut self, end: Option<TagEnd>, depth: usize) -> Parsed<Vec<Block>> {
        let mut blocks = Vec::new();
        // The lines of a tight list stand in it without paragraphs.
        let mut line: Vec<Inline> = Vec::new();
        while let Some((event, range)) = self.next() {
            match event {
                Event::End(tag) if Some(tag) == end => break,
                event if is_inline(&event) => self.inline(event, range, &mut line, 0)?,
                event => {
                    if !line.is_empty() {
                        blocks.push(Block::Paragraph(std::mem::take(&mut line)));
                    }
                    blocks.push(self.block(event, range, depth)?);
                }
            }
        }
        if !line.is_empty() {
            blocks.push(Block::Paragraph(line));
        }
        Ok(blocks)
    }

    fn block(&mut self, event: Event<'a>, range: Range<usize>, depth: usize) -> Parsed<Block> {
        if depth > MAX_DEPTH {
            let found = format!("lists and quotations more than {MAX_DEPTH} deep");
            return Err(self.refuse(range.start, &found));
        }
        Ok(match event {
            Event::Start(Tag::Paragraph) => Block::Paragraph(self.inlines(TagEnd::Paragraph)?),
            Event::Start(Tag::Heading { level, .. }) => {
                Block::Heading(level as u8, self.inlines(TagEnd::Heading(level))?)
            }
            Event::Start(Tag::List(start)) => {
                let mut items = Vec::new();
                while let Some((Event::Start(Tag::Item), _)) = self.next() {
                    items.push(self.blocks(Some(TagEnd::Item), depth + 1)?);
                }
                Block::List(start.is_some(), items)
            }
            Event::Start(Tag::BlockQuote(kind)) => {
                Block::Quote(self.blocks(Some(TagEnd::BlockQuote(kind)), depth + 1)?)
            }
            Event::Start(Tag::CodeBlock(kind)) => {
                if depth > 0 && matches!(&kind, CodeBlockKind::Fenced(info) if !info.is_empty()) {
                    let found = "a block of the lesson inside a list or a quotation";
                    return Err(self.refuse(range.start, found));
                }
                Block::Code(self.code())
            }
            Event::Rule => Block::Rule,
            Event::Start(Tag::HtmlBlock) | Event::Html(_) => {
                return Err(self.refuse(range.start, "raw HTML"));
            }
            _ => return Err(self.refuse(range.start, "something else")),
        })
    }

    /// The text of a code block, up to its end.
    fn code(&mut self) -> String {
        let mut text = String::new();
        for (event, _) in self.events.by_ref() {
            match event {
                Event::Text(piece) => text.push_str(&piece),
                Event::End(TagEnd::CodeBlock) => break,
                _ => {}
            }
        }
        text
    }

    fn inlines(&mut self, end: TagEnd) -> Parsed<Vec<Inline>> {
        self.inlines_within(end, 0)
    }

    fn inlines_within(&mut self, end: TagEnd, depth: usize) -> Parsed<Vec<Inline>> {
        let mut line = Vec::new();
        while let Some((event, range)) = self.next() {
            if event == Event::End(end) {
                break;
            }
            self.inline(event, range, &mut line, depth)?;
        }
        Ok(line)
    }

    fn inline(
        &mut self,
        event: Event<'a>,
        range: Range<usize>,
        line: &mut Vec<Inline>,
        depth: usize,
    ) -> Parsed<()> {
        if depth > MAX_DEPTH {
            return Err(self.refuse(range.start, "emphasis in emphasis, too deep"));
        }
        let piece = match event {
            Event::Text(text) => {
                if let Some(Inline::Text(last)) = line.last_mut() {
                    last.push_str(&text);
                    return Ok(());
                }
                Inline::Text(text.into_string())
            }
            Event::Code(text) => Inline::Code(text.into_string()),
            Event::SoftBreak => {
                if let Some(Inline::Text(last)) = line.last_mut() {
                    last.push(' ');
                    return Ok(());
                }
                Inline::Text(" ".into())
            }
            Event::HardBreak => Inline::Break,
            Event::Start(Tag::Emphasis) => {
                Inline::Emphasis(self.inlines_within(TagEnd::Emphasis, depth + 1)?)
            }
            Event::Start(Tag::Strong) => {
                Inline::Strong(self.inlines_within(TagEnd::Strong, depth + 1)?)
            }
            Event::Start(Tag::Link { dest_url, .. }) => {
                let to = dest_url.into_string();
                if !is_safe(&to) {
                    return Err(self.refuse(range.start, "a link that is not of the web"));
                }
                Inline::Link(to, self.inlines_within(TagEnd::Link, depth + 1)?)
            }
            Event::InlineHtml(_) | Event::Html(_) => {
                return Err(self.refuse(range.start, "raw HTML"));
            }
            Event::Start(Tag::Image { .. }) => return Err(self.refuse(range.start, "a picture")),
            _ => return Err(self.refuse(range.start, "something else")),
        };
        line.push(piece);
        Ok(())
    }
}

fn is_inline(event: &Event<'_>) -> bool {
    matches!(
        event,
        Event::Text(_)
            | Event::Code(_)
            | Event::SoftBreak
            | Event::HardBreak
            | Event::InlineHtml(_)
            | Event::Start(Tag::Emphasis | Tag::Strong | Tag::Link { .. } | Tag::Image { .. })
    )
}

/// Whether an address leads to the web or within the page: `javascript:` and the like do not.
fn is_safe(address: &str) -> bool {
    let scheme = address.split(['/', '?', '#']).next().unwrap_or_default();
    match scheme.split_once(':') {
        Some((scheme, _)) => matches!(scheme.to_ascii_lowercase().as_str(), "http" | "https"),
        None => !address.chars().any(|c| c.is_control() || c == '\\'),
    }
}
