//! The fenced blocks of a lesson, one by one.

use super::error::{LessonError, Parsed};
use super::model::{Addition, Allow, Claim, Prediction, Start};
use super::parse::{MAX_CLAIMS, quoted};
use crate::condition::{self, Deed, Names};
use crate::ids::ClientId;
use crate::run::Run;
use crate::script::{self, ScriptError};
use crate::time::Time;

/// The latest virtual time of a run in a lesson.
pub const LATEST: Time = Time::from_ms(600_000);
/// The most nodes of a cluster in a lesson.
const MAX_NODES: u16 = 25;
/// The most statements of a run in a lesson.
pub const MAX_STATEMENTS: usize = 500;

/// Reads a script whose first line is that line of the lesson.
fn read(text: &str, line: usize) -> Parsed<Run> {
    let run = script::parse(text).map_err(|error| moved(&error, line))?;
    let limit = |sentence: String| Err(LessonError::new(line, 1, sentence));
    if run.clusters.len() > 1 {
        return limit("found more than one cluster, expected one in a lesson".into());
    }
    if run.clusters[0].settings.nodes > MAX_NODES {
        return limit(format!("found more than {MAX_NODES} nodes"));
    }
    if run.statements() > MAX_STATEMENTS {
        return limit(format!("found more than {MAX_STATEMENTS} statements"));
    }
    let last = run.commands.last().map_or(Time::ZERO, |command| command.at);
    if last.max(run.show.map_or(Time::ZERO, |show| show.at)) > LATEST {
        return limit("found a run of more than 10 minutes of virtual time".into());
    }
    Ok(run)
}

fn moved(error: &ScriptError, line: usize) -> LessonError {
    LessonError::new(line + error.line - 1, error.column, error.sentence.clone())
}

/// A whole run, with rules that are switched off at its beginning.
pub(super) fn run(text: &str, line: usize, rules: &[(usize, String)]) -> Parsed<Run> {
    let mut run = read(text, line)?;
    let mut broken = Vec::new();
    for (at, rule) in rules {
        let head = script::print(&Run { commands: Vec::new(), show: None, ..run.clone() });
        let head = head.trim_end().replace('\n', ";");
        let one = script::parse(&format!("{head}\n@0s rule {rule} off"))
            .map_err(|error| LessonError::new(*at, 1, error.sentence))?;
        broken.extend(one.commands);
    }
    broken.append(&mut run.commands);
    run.commands = broken;
    Ok(run)
}

/// The words of a text, each with its line.
pub(super) fn words(text: &str, first: usize) -> Vec<(usize, String)> {
    let lines = (first..).zip(text.lines());
    lines.flat_map(|(n, line)| line.split_whitespace().map(move |w| (n, w.to_owned()))).collect()
}

/// The lines of a text that are not blank, each with its number.
fn lines((first, text): &(usize, String)) -> Vec<(usize, &str)> {
    let all = (*first..).zip(text.lines());
    all.filter(|(_, line)| !line.trim().is_empty()).collect()
}

/// Scripts that continue a start.
pub(super) struct Scripts<'a> {
    pub start: &'a Start,
}

impl Scripts<'_> {
    /// Statements that are added to the start.
    pub fn addition(&self, (line, text): &(usize, String), name: &str) -> Parsed<Addition> {
        let mut run = continued(self.start, text).map_err(|error| moved(&error, *line))?;
        let wrong = |sentence: String| Err(LessonError::new(*line, 1, sentence));
        let last = run.commands.last().map_or(Time::ZERO, |command| command.at);
        let Some(show) = run.show else {
            return wrong(format!("found a {name} without show, expected the moment to play to"));
        };
        let Some(added) = self.start.added(&run) else {
            let at = self.start.at;
            return wrong(format!("found a statement before {at}, where this step starts"));
        };
        let added = added.to_vec();
        if show.at < last || show.at < self.start.at {
            return wrong(format!("found show at {}, expected it behind all statements", show.at));
        }
        if added.len() > MAX_STATEMENTS || show.at > LATEST {
            return wrong(format!(
                "found a run of more than {MAX_STATEMENTS} statements or 10 minutes"
            ));
        }
        run.show = Some(crate::run::Show { at: show.at, state: None });
        Ok(Addition { line: *line, text: text.clone(), added, run, until: show.at })
    }
}

/// A start with statements behind it.
pub(super) fn continued(start: &Start, text: &str) -> Result<Run, ScriptError> {
    let head = script::print(&Run { show: None, ..start.run.clone() });
    let head = head.trim_end().replace('\n', ";");
    // The statements begin on a line of their own, so that their columns stay.
    let mut run = script::parse(&format!("{head}\n{text}"))
        .map_err(|error| ScriptError { line: error.line.saturating_sub(1).max(1), ..error })?;
    run.clusters.clone_from(&start.run.clusters);
    Ok(run)
}

/// The place of the first (or last) colon that stands in no quotes.
fn colon(line: &str, last: bool) -> Option<usize> {
    let (mut in_quotes, mut escaped, mut found) = (false, false, None);
    for (at, c) in line.char_indices() {
        match c {
            '\\' if in_quotes => escaped = !escaped,
            '"' if !escaped => in_quotes = !in_quotes,
            ':' if !in_quotes => {
                found = Some(at);
                if !last {
                    break;
                }
            }
            _ => escaped = false,
        }
    }
    found
}

/// A condition in a line, of which `before` is the text before it.
fn condition(text: &str, before: &str, line: usize, names: Names) -> Parsed<condition::Condition> {
    let blank = text.chars().take_while(|c| c.is_whitespace()).count();
    condition::parse(text.trim(), names).map_err(|error| {
        let column = before.chars().count() + blank + error.column;
        LessonError::new(line, column, error.sentence)
    })
}

/// The conditions of a `goal` or `never`: `leaders > 1: two servers believe that they lead`.
pub(super) fn claims(fenced: &(usize, String), names: Names) -> Parsed<Vec<Claim>> {
    let mut claims = Vec::new();
    for (line, text) in lines(fenced) {
        let at = colon(text, false).unwrap_or(text.len());
        let condition = condition(&text[..at], "", line, names)?;
        let sentence = text.get(at + 1..).unwrap_or_default().trim().to_owned();
        if sentence.is_empty() {
            let wanted = "found no sentence, expected a colon and a sentence behind the condition";
            return Err(LessonError::new(line, text.chars().count() + 1, wanted));
        }
        claims.push(Claim { line, condition, sentence });
    }
    let line = fenced.0;
    match claims.len() {
        0 => Err(LessonError::new(line, 1, "found nothing, expected a condition and its sentence")),
        1..=MAX_CLAIMS => Ok(claims),
        _ => Err(LessonError::new(line, 1, format!("found more than {MAX_CLAIMS} conditions"))),
    }
}

/// A question, its options, and what is played then.
pub(super) fn predict(fenced: &(usize, String), scripts: &Scripts<'_>) -> Parsed<Prediction> {
    let (first, text) = fenced;
    let mut question = Vec::new();
    let mut options = Vec::new();
    let mut reveal = None;
    let mut offset = 0;
    for (line, text_line) in (*first..).zip(text.split_inclusive('\n')) {
        offset += text_line.len();
        let shown = text_line.trim_end();
        if shown.trim() == "reveal" {
            reveal = Some((line + 1, text[offset..].to_owned()));
            break;
        }
        match shown.strip_prefix("- ") {
            Some(option) => options.push((line, option)),
            None if shown.trim().is_empty() => {}
            None if options.is_empty() => question.push(shown.trim()),
            None => {
                let sentence = format!("found {}, expected - or reveal", quoted(shown));
                return Err(LessonError::new(line, 1, sentence));
            }
        }
    }
    let wrong = |sentence: &str| LessonError::new(*first, 1, sentence);
    if question.is_empty() {
        return Err(wrong("found no question, expected one before the options"));
    }
    let Some(reveal) = reveal else {
        return Err(wrong("found no reveal, expected it behind the options"));
    };
    let reveal = scripts.addition(&reveal, "reveal")?;
    if !(2..=8).contains(&options.len()) {
        let sentence = format!("found {} options, expected 2 to 8", options.len());
        return Err(wrong(&sentence));
    }
    let names = Names::of(&reveal.run);
    let options = options.into_iter().map(|(line, text)| option(line, text, names));
    let options = options.collect::<Parsed<_>>()?;
    Ok(Prediction { line: *first, question: question.join(" "), options, reveal })
}

/// `at once: c1 waiting < 50ms`
fn option(line: usize, text: &str, names: Names) -> Parsed<Claim> {
    let Some(at) = colon(text, true) else {
        let sentence = "found no colon, expected an answer, a colon and a condition";
        return Err(LessonError::new(line, text.chars().count() + 3, sentence));
    };
    let before = format!("- {}:", &text[..at]);
    let condition = condition(&text[at + 1..], &before, line, names)?;
    let sentence = text[..at].trim().to_owned();
    if sentence.is_empty() {
        return Err(LessonError::new(line, 3, "found no answer before the colon"));
    }
    Ok(Claim { line, condition, sentence })
}

/// The statements that count: `partition cut c1`, `at most 4 statements`, `within 10s`.
pub(super) fn allow(fenced: &(usize, String), names: Names) -> Parsed<Allow> {
    let mut allow = Allow::default();
    for (line, text) in lines(fenced) {
        let words: Vec<&str> = text.split_whitespace().collect();
        match words[..] {
            ["at", "most", number, "statements" | "statement"] => match number.parse() {
                Ok(number @ 1..=MAX_STATEMENTS) => allow.statements = Some(number),
                _ => {
                    let sentence = format!("found {}, expected a number", quoted(number));
                    return Err(LessonError::new(line, 9, sentence));
                }
            },
            ["within", time] => {
                let time = script::parse_time(time)
                    .map_err(|error| LessonError::new(line, 7 + error.column, error.sentence))?;
                allow.within = Some(time);
            }
            _ => {
                for word in words {
                    permit(&mut allow, word, text, line, names)?;
                }
            }
        }
    }
    Ok(allow)
}

fn permit(allow: &mut Allow, word: &str, text: &str, line: usize, names: Names) -> Parsed<()> {
    let client = word.strip_prefix('c').and_then(|n| n.parse::<u16>().ok());
    let client = client.filter(|n| (1..=names.clients).contains(n));
    match (client, Deed::named(word)) {
        (Some(number), _) => allow.clients.push(ClientId(number)),
        (None, Some(deed)) => allow.deeds.push(deed),
        (None, None) => {
            let at = text.find(word).unwrap_or(0);
            let sentence = format!(
                "found {}, expected words of statements, clients, at most 4 statements, or within 10s",
                quoted(word)
            );
            return Err(LessonError::new(line, text[..at].chars().count() + 1, sentence));
        }
    }
    Ok(())
}
