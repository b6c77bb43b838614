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
            { " " }{ text.clone() }
        </span>
    }
}

/// A text, whose terms can be asked about.
pub fn with_terms(text: &str, define: &Callback<&'static Entry>) -> Html {
    let pieces = explain::pieces(text);
    let piece = |(i, piece): (usize, &Piece<'_>)| match *piece {
        Piece::Text(text) => {
            let behind_term = i > 0 && matches!(pieces[i - 1], Piece::Term(_));
            let text = if behind_term { &text[stop(text).len()..] } else { text };
            html! { <span key={i}>{ text.to_owned() }</span> }
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

/// What stands at the beginning of a text and belongs to the word before it: no line begins with it.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_stop_stays_with_its_word() {
        assert_eq!(stop(". Whoever"), ".");
        assert_eq!(stop("), and"), "),");
        assert_eq!(stop(" is elected."), "");
        assert_eq!(stop("."), ".");
    }
}
