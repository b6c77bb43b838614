//! Completion for conditions: the words that are possible at the cursor.
//!
//! The grammar is not duplicated: of all words, those fit after which the parser finds no error in
//! the text but an early end.

use super::parse::{self, Names};
use super::{Breach, Deed};
use crate::ids::{ClientId, NodeId};
use crate::run::Run;
use crate::script;

/// The words that can replace the last, unfinished word of `text` (which may be empty), in the
/// order of offering.
#[must_use]
pub fn complete(text: &str, run: &Run) -> Vec<String> {
    let start = text.rfind(char::is_whitespace).map_or(0, |i| i + 1);
    // A sign needs no space around it: the text before it stays.
    let kept = text.rfind(['(', ')', '=', '<', '>']).map_or(0, |i| i + 1).max(start);
    let (before, partial) = text.split_at(kept);
    let names = Names::of(run);
    let fits = |word: &String| {
        word.starts_with(partial)
            && word != partial
            && parse::may_begin(&format!("{before}{word}"), names)
    };
    let mut words: Vec<String> = Vec::new();
    for word in vocabulary(run, names).into_iter().filter(fits) {
        let word = format!("{}{word}", &text[start..kept]);
        // The state of a node can also be a quantity.
        if !words.contains(&word) {
            words.push(word);
        }
    }
    // Every word can be a key: keys are offered only where nothing else fits.
    if words.is_empty() && fits(&"at".to_owned()) {
        words.push("at".into());
    }
    words
}

/// All words of the language, the most frequent first.
fn vocabulary(run: &Run, names: Names) -> Vec<String> {
    let fixed = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>();
    let mut words = fixed(&["leader elected", "client fails", "violation", "elected", "fails"]);
    words.extend(parse::states().map(str::to_owned));
    words.extend(fixed(&["is", "and", "or"]));
    words.extend(parse::signs());
    words.extend((1..=names.nodes).map(|n| NodeId(n).to_string()));
    words.push("none".into());
    words.extend(fixed(&["read", "answered", "failed", "did", "violated"]));
    words.extend((1..=names.clients).map(|c| ClientId(c).to_string()));
    words.extend(parse::quantities().map(str::to_owned));
    words.push("time".into());
    // A key alone is no beginning: the next word distinguishes it from other words.
    words.extend(script::known_keys(run).into_iter().map(|key| format!("{key} at")));
    words.extend(fixed(&["not", "(", ")", "then", "for"]));
    words.extend(Breach::all().map(Breach::word));
    words.extend(Deed::all().map(|deed| deed.word().to_owned()));
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::condition::parse as read;
    use crate::settings::Preset;

    fn offered(text: &str) -> Vec<String> {
        complete(text, &Run::of(Preset::Raft))
    }

    #[test]
    fn what_is_offered_begins_as_what_was_typed() {
        assert_eq!(offered("le"), ["leader elected", "leader", "leaders"]);
        assert_eq!(offered("leader "), ["elected", "=", "!="]);
        assert_eq!(offered("leader = n"), ["n1", "n2", "n3", "n4", "n5", "none"]);
        assert_eq!(offered("n1 "), ["is"]);
        assert_eq!(offered("n1 is p"), ["paused", "pre-candidate", "primary"]);
        assert_eq!(offered("n1 is crashed a"), ["and"]);
        assert_eq!(offered("c2 "), ["read", "waiting"]);
        assert_eq!(offered("term "), ["=", "!=", "<", "<=", ">", ">=", "("]);
        assert_eq!(offered("x"), ["x at"]);
        assert_eq!(offered("name.of.a-key "), ["at"]);
        assert_eq!(offered("x at n2 !"), ["!="]);
        assert_eq!(offered("violation "), ["and", "or", "then", "for"]);
    }

    #[test]
    fn signs_need_no_space() {
        assert_eq!(offered("not (vi"), ["(violation", "(violated"]);
        assert_eq!(offered("leader=n5"), Vec::<String>::new());
        assert_eq!(offered("leader=no"), ["leader=none"]);
        assert_eq!(offered("commit(n4"), Vec::<String>::new());
        assert_eq!(offered("(violation "), ["and", "or", ")", "then", "for"]);
    }

    #[test]
    fn nothing_is_offered_where_nothing_fits() {
        for text in [
            "nonsense x",
            "n77 i",
            "term >= ",
            "c1 waiting > ",
            "\"an open quote ",
            "x at n1 = \"",
            "( ) ",
        ] {
            assert_eq!(offered(text), Vec::<String>::new(), "{text}");
        }
        assert!(offered("").len() > 12);
    }

    /// Accepting offered words, with a number or a value where none is offered, ends in a
    /// condition.
    #[test]
    fn taking_what_is_offered_leads_to_a_condition() {
        let run = Run::of(Preset::Raft);
        let names = Names::of(&run);
        let mut rng = crate::rng::Rng::new(7, crate::rng::Concern::Workload);
        let mut whole = 0;
        for _ in 0..400 {
            let mut text = String::new();
            let mut is_whole = false;
            for _ in 0..9 {
                let offers = complete(&text, &run);
                match offers.len() as u32 {
                    0 => text.push('2'),
                    many => {
                        let start = text.rfind(char::is_whitespace).map_or(0, |i| i + 1);
                        text.truncate(start);
                        text.push_str(&offers[rng.below(many) as usize]);
                    }
                }
                assert!(parse::may_begin(&text, names) || text.ends_with('2'), "{text}");
                is_whole |= read(&text, names).is_ok();
                text.push(' ');
            }
            whole += usize::from(is_whole);
        }
        assert!(whole > 100, "{whole} of 400");
    }
}
