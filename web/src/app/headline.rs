//! The sentences at the top. Words that the glossary explains can be asked about.

use crate::look::AT_FAULT;
use crate::wrong::Wrong;
use quorumscope_core::explain::{self, Entry, Headline, Piece};
use yew::prelude::*;

/// The sentences, and what they are about where that has to be said. What clients were told wrong
/// takes the place of what the present state means. `ask` asks why, where something is wrong.
pub fn say(
    subject: Option<&str>,
    headline: &Headline,
    wrong: Option<&Wrong>,
    ask: Option<Html>,
    define: &Callback<&'static Entry>,
) -> Html {
    html! {
        <div class="say">
            <p class="big">{ for subject.map(|s| html! { <span class="subject">{ s }{ ": " }</span> }) }<b>{ with_terms(&headline.bold, define) }</b>{ " " }{ with_terms(&headline.rest, define) }</p>
            <p class={classes!("small", wrong.map(|_| AT_FAULT))}>{ small(headline, wrong, define) }{ " " }<span>{ for ask }</span></p>
        </div>
    }
}

fn small(headline: &Headline, wrong: Option<&Wrong>, define: &Callback<&'static Entry>) -> Html {
    let Some(Wrong { property, text, .. }) = wrong else {
        return with_terms(&headline.small, define);
    };
    html! {
        <span>
            <b>{ with_terms(&format!("\u{2717} Violated: [[{property}]]."), define) }</b>
            { " " }{ tied(text) }
        </span>
    }
}

/// A text, whose terms can be asked about. What ends a clause behind a term stays on its line.
pub fn with_terms(text: &str, define: &Callback<&'static Entry>) -> Html {
    let mut pieces = explain::pieces(text).into_iter().peekable();
    let mut said = Vec::new();
    let mut behind = "";
    while let Some(piece) = pieces.next() {
        match piece {
            Piece::Text(text) => {
                let text = text.strip_prefix(behind).unwrap_or(text);
                said.push(html! { <span key={said.len()}>{ tied(text) }</span> });
                behind = "";
            }
            Piece::Term(word) => {
                behind = match pieces.peek() {
                    Some(Piece::Text(text)) => punctuation(text),
                    _ => "",
                };
                let term = term(word, define);
                said.push(html! { <span key={said.len()} class="unbroken">{ term }{ behind.to_owned() }</span> });
            }
        }
    }
    html! { <span>{ for said }</span> }
}

fn term(word: &str, define: &Callback<&'static Entry>) -> Html {
    let Some(entry) = explain::explained(word) else { return html! { word.to_owned() } };
    let define = define.clone();
    let onclick = move |_: MouseEvent| define.emit(entry);
    html! { <button type="button" class="term" title={explain::plain(entry.text)} {onclick}>{ word.to_owned() }</button> }
}

/// A text, of which no line ends between a number and its unit.
fn tied(text: &str) -> Html {
    let piece = |(i, (piece, measure)): (usize, (&str, bool))| {
        html! { <span key={i} class={measure.then_some("unbroken")}>{ piece.to_owned() }</span> }
    };
    html! { <>{ for measures(text).into_iter().enumerate().map(piece) }</> }
}

/// The pieces of a text, and which of them are a number with its unit.
fn measures(text: &str) -> Vec<(&str, bool)> {
    let mut pieces = Vec::new();
    let mut done = 0;
    for (space, _) in text.match_indices(' ') {
        let (before, after) = (&text[..space], &text[space + 1..]);
        let unit = UNITS.iter().find(|&&unit| {
            let rest = after.strip_prefix(unit);
            rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()))
        });
        let Some(unit) = unit.filter(|_| before.ends_with(|c: char| c.is_ascii_digit())) else {
            continue;
        };
        let from = before.rfind(' ').map_or(0, |at| at + 1);
        let rest = &after[unit.len()..];
        let end = text.len() - rest.len() + punctuation(rest).len();
        pieces.push((&text[done..from], false));
        pieces.push((&text[from..end], true));
        done = end;
    }
    pieces.push((&text[done..], false));
    pieces
}

/// What stands behind a number, and belongs to it.
const UNITS: [&str; 3] = ["ms", "s", "%"];

/// What a text begins with that belongs to the word before it: `.`, `),`.
fn punctuation(text: &str) -> &str {
    let rest = text.trim_start_matches(['.', ',', ':', ';', '?', '!', ')']);
    &text[..text.len() - rest.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_keeps_its_unit() {
        let said = measures("read 1 at 3.10 s, though 50 % had 1 sister in 20 ms");
        let tied: Vec<_> = said.iter().filter(|piece| piece.1).map(|piece| piece.0).collect();
        assert_eq!(tied, ["3.10 s,", "50 %", "20 ms"]);
        let whole: String = said.iter().map(|piece| piece.0).collect();
        assert_eq!(whole, "read 1 at 3.10 s, though 50 % had 1 sister in 20 ms");
        assert_eq!(measures("nothing to measure"), [("nothing to measure", false)]);
    }

    #[test]
    fn what_ends_a_clause_belongs_to_the_word_before() {
        assert_eq!(["). So", ", and", " and", "s: it"].map(punctuation), [").", ",", "", ""]);
    }
}
