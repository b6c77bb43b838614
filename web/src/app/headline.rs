//! The headline. Its glossary terms can be clicked.

use crate::look::AT_FAULT;
use crate::wrong::Wrong;
use quorumscope_core::check::naming;
use quorumscope_core::explain::{self, Entry, Headline, Piece};
use yew::prelude::*;

/// Draws the headline, with its subject if there are several clusters. A violation replaces the
/// sentence about the meaning of the present state. `ask` is the button that asks about a problem.
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
    let claim = naming::claim(text);
    // The usual name of the violation, followed by the property. Only the property if it has no
    // such name.
    let name = match text[..text.len() - claim.len()].trim_end() {
        "" => format!("\u{2717} Violated: [[{property}]]."),
        name => {
            let name = name.replace("linearizability", "[[linearizability]]");
            format!("\u{2717} {}", name.replace(&**property, &format!("[[{property}]]")))
        }
    };
    html! {
        <span>
            <b>{ with_terms(&name, define) }</b>{ " " }{ tied(claim) }
        </span>
    }
}

/// Text whose glossary terms are buttons. Punctuation after a term stays on the term's line.
pub fn with_terms(text: &str, define: &Callback<&'static Entry>) -> Html {
    let pieces = explain::pieces(text);
    let piece = |(i, piece): (usize, &Piece<'_>)| match *piece {
        Piece::Text(text) => {
            let behind_term = i > 0 && matches!(pieces[i - 1], Piece::Term(_));
            let text = if behind_term { &text[stop(text).len()..] } else { text };
            html! { <span key={i}>{ tied(text) }</span> }
        }
        Piece::Term(word) => {
            let stop = match pieces.get(i + 1) {
                Some(Piece::Text(text)) => stop(text),
                _ => "",
            };
            html! { <span key={i} class="unbroken">{ term(word, define) }{ stop.to_owned() }</span> }
        }
    };
    html! { <span>{ for pieces.iter().enumerate().map(piece) }</span> }
}

/// The punctuation at the start of a text that belongs to the word before it.
fn stop(text: &str) -> &str {
    let end = text.find(|c: char| !matches!(c, '.' | ',' | ';' | ':' | ')' | '?' | '!'));
    &text[..end.unwrap_or(text.len())]
}

fn term(word: &str, define: &Callback<&'static Entry>) -> Html {
    let Some(entry) = explain::explained(word) else { return html! { word.to_owned() } };
    let define = define.clone();
    let onclick = move |_: MouseEvent| define.emit(entry);
    html! { <button type="button" class="term" title={explain::plain(entry.text)} {onclick}>{ word.to_owned() }</button> }
}

/// Text in which no line breaks between a number and its unit.
fn tied(text: &str) -> Html {
    let piece = |(i, (piece, measure)): (usize, (&str, bool))| {
        html! { <span key={i} class={measure.then_some("unbroken")}>{ piece.to_owned() }</span> }
    };
    html! { <>{ for measures(text).into_iter().enumerate().map(piece) }</> }
}

/// The pieces of a text, and whether each is a number with its unit.
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
        let end = text.len() - rest.len() + stop(rest).len();
        pieces.push((&text[done..from], false));
        pieces.push((&text[from..end], true));
        done = end;
    }
    pieces.push((&text[done..], false));
    pieces
}

/// The units that may follow a number.
const UNITS: [&str; 3] = ["ms", "s", "%"];

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
    fn a_full_stop_stays_with_its_word() {
        assert_eq!(stop(". Whoever"), ".");
        assert_eq!(stop("), and"), "),");
        assert_eq!(stop(" is elected."), "");
        assert_eq!(stop("."), ".");
    }
}
