//! The parser of lessons: a header, prose, and fenced blocks.

use super::blocks::{self, Scripts};
use super::error::{LessonError, Parsed};
use super::model::{Allow, Lesson, Part, Start, Step};
use super::prose;
use crate::run::Run;

/// The longest text of a lesson, in bytes.
pub const MAX_BYTES: usize = 256 * 1024;
/// The most steps of a lesson.
pub const MAX_STEPS: usize = 40;
/// The most lines of a `goal` or `never`, and the most hints.
pub(super) const MAX_CLAIMS: usize = 20;

const HEADER: &str = "id, title, chapter, minutes or after";
const BLOCKS: &str = "run, predict, goal, never, allow, hint, solution, rules, notes or remember";

/// Reads a lesson.
///
/// # Errors
/// The first error, with its line and column.
pub fn parse(text: &str) -> Result<Lesson, LessonError> {
    if text.len() > MAX_BYTES {
        let sentence = format!("the lesson has {} bytes, expected at most {MAX_BYTES}", text.len());
        return Err(LessonError::new(1, 1, sentence));
    }
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n");
    let (mut lesson, body, first) = header(&text)?;
    let mut draft: Option<Draft> = None;
    for (line, part) in prose::parts(body, first)? {
        match part {
            prose::Part::Step(title) => {
                finish(draft.take(), &mut lesson)?;
                draft = Some(Draft { title, line, ..Draft::default() });
            }
            prose::Part::Prose(block) => match &mut draft {
                Some(draft) => draft.body.push(Part::Prose(block)),
                None => lesson.intro.push(block),
            },
            prose::Part::Fenced { name, text } if name == "remember" => {
                if lesson.remember.is_some() {
                    return Err(LessonError::new(line, 1, "found a second remember, expected one"));
                }
                lesson.remember = Some(sentence(&text, line)?);
            }
            prose::Part::Fenced { name, text } => {
                let draft = draft.get_or_insert_with(|| Draft { line, ..Draft::default() });
                draft.put(&name, text, line)?;
            }
        }
    }
    let end = text.lines().count();
    finish(draft, &mut lesson)?;
    if lesson.steps.is_empty() {
        let sentence = "found no step, expected a heading of level 2, as in ## Try it";
        return Err(LessonError::new(end.max(1), 1, sentence));
    }
    lesson.text = text;
    Ok(lesson)
}

/// The text of a block that is one sentence.
fn sentence(text: &str, line: usize) -> Parsed<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.is_empty() {
        return Err(LessonError::new(line + 1, 1, "found nothing, expected a sentence"));
    }
    Ok(words.join(" "))
}

/// The header, the text behind it, and the line on which that begins.
fn header(text: &str) -> Parsed<(Lesson, &str, usize)> {
    let mut lesson = Lesson {
        id: String::new(),
        title: String::new(),
        chapter: None,
        minutes: None,
        after: Vec::new(),
        intro: Vec::new(),
        steps: Vec::new(),
        remember: None,
        text: String::new(),
    };
    let mut rest = text;
    let mut number = 0;
    let mut next = || {
        if rest.is_empty() {
            return None;
        }
        number += 1;
        let (line, behind) = rest.split_once('\n').unwrap_or((rest, ""));
        rest = behind;
        Some((number, line, behind))
    };
    if next().is_none_or(|(_, line, _)| line.trim_end() != "---") {
        return Err(LessonError::new(1, 1, "expected --- and the header, as in id: my-lesson"));
    }
    let mut seen = Vec::new();
    while let Some((number, line, behind)) = next() {
        if line.trim_end() == "---" {
            if lesson.id.is_empty() || lesson.title.is_empty() {
                let sentence = "the header ends here, expected an id and a title before";
                return Err(LessonError::new(number, 1, sentence));
            }
            return Ok((lesson, behind, number + 1));
        }
        let Some((key, value)) = line.split_once(':') else {
            let sentence = format!("found {}, expected {HEADER} and a colon", quoted(line));
            return Err(LessonError::new(number, 1, sentence));
        };
        if seen.contains(&key) {
            let sentence = format!("found a second {key}, expected one");
            return Err(LessonError::new(number, 1, sentence));
        }
        seen.push(key);
        field(&mut lesson, key.trim(), value.trim(), number, key.chars().count() + 3)?;
    }
    Err(LessonError::new(number + 1, 1, "found the end, expected --- behind the header"))
}

fn field(lesson: &mut Lesson, key: &str, value: &str, line: usize, column: usize) -> Parsed<()> {
    let wrong = |wanted: &str| {
        let sentence = format!("found {}, expected {wanted}", quoted(value));
        Err(LessonError::new(line, column, sentence))
    };
    match key {
        "id" if is_id(value) => value.clone_into(&mut lesson.id),
        "id" => return wrong("an id: at most 60 lower-case letters, digits and -"),
        "title" | "chapter" if value.is_empty() || value.chars().count() > 120 => {
            return wrong("a text of at most 120 characters");
        }
        "title" => value.clone_into(&mut lesson.title),
        "chapter" => lesson.chapter = Some(value.to_owned()),
        "minutes" => match value.parse() {
            Ok(minutes @ 1..=240) => lesson.minutes = Some(minutes),
            _ => return wrong("a number of minutes from 1 to 240"),
        },
        "after" => {
            let ids: Vec<&str> = value.split(',').map(str::trim).collect();
            if ids.len() > 20 || !ids.iter().all(|id| is_id(id)) {
                return wrong("the ids of lessons, with a comma between them");
            }
            lesson.after = ids.into_iter().map(str::to_owned).collect();
        }
        _ => {
            let sentence = format!("found {}, expected {HEADER}", quoted(key));
            return Err(LessonError::new(line, 1, sentence));
        }
    }
    Ok(())
}

fn is_id(text: &str) -> bool {
    let is = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (1..=60).contains(&text.len()) && text.chars().all(is)
}

/// A text as errors quote it: its beginning.
pub(super) fn quoted(text: &str) -> String {
    let short: String = text.chars().take(40).collect();
    let more = if short.len() < text.len() { "…" } else { "" };
    if text.trim().is_empty() { "nothing".into() } else { format!("\"{short}{more}\"") }
}

/// A fenced block: the line of its first line of text, and the text.
type Fenced = (usize, String);

/// A step, before its blocks are read.
#[derive(Default)]
struct Draft {
    title: String,
    line: usize,
    body: Vec<Part>,
    run: Option<Fenced>,
    predict: Option<Fenced>,
    goal: Option<Fenced>,
    never: Option<Fenced>,
    allow: Option<Fenced>,
    solution: Option<Fenced>,
    rules: Option<Fenced>,
    notes: Option<Fenced>,
    hints: Vec<Fenced>,
}

impl Draft {
    fn put(&mut self, name: &str, text: String, line: usize) -> Parsed<()> {
        let place = match name {
            "hint" if self.hints.len() < MAX_CLAIMS => {
                self.hints.push((line + 1, text));
                return Ok(());
            }
            "run" => &mut self.run,
            "predict" => &mut self.predict,
            "goal" => &mut self.goal,
            "never" => &mut self.never,
            "allow" => &mut self.allow,
            "solution" => &mut self.solution,
            "rules" => &mut self.rules,
            "notes" => &mut self.notes,
            "program" => {
                let sentence = "found a program: programs are not supported yet";
                return Err(LessonError::new(line, 4, sentence));
            }
            _ => {
                let sentence = format!("found the block {}, expected {BLOCKS}", quoted(name));
                return Err(LessonError::new(line, 4, sentence));
            }
        };
        if place.is_some() {
            let sentence = format!("found a second {name} in this step, expected one");
            return Err(LessonError::new(line, 4, sentence));
        }
        *place = Some((line + 1, text));
        match name {
            "predict" => self.body.push(Part::Predict),
            "goal" => self.body.push(Part::Goal),
            _ => {}
        }
        Ok(())
    }
}

/// Reads the blocks of a step and adds it to its lesson.
fn finish(draft: Option<Draft>, lesson: &mut Lesson) -> Parsed<()> {
    let Some(draft) = draft else { return Ok(()) };
    if lesson.steps.len() == MAX_STEPS {
        let sentence = format!("found one more step, expected at most {MAX_STEPS}");
        return Err(LessonError::new(draft.line, 1, sentence));
    }
    let rules =
        draft.rules.as_ref().map_or_else(Vec::new, |(line, text)| blocks::words(text, *line));
    let (start, goes_on) = start(&draft, &rules, lesson)?;
    let scripts = Scripts { start: &start };
    let solution = match &draft.solution {
        Some(fenced) => Some(scripts.addition(fenced, "solution")?),
        None => None,
    };
    let mut names = crate::condition::Names::of(&start.run);
    if let Some(solution) = &solution {
        names = crate::condition::Names::of(&solution.run);
    }
    let claims = |fenced: &Option<Fenced>| match fenced {
        Some(fenced) => blocks::claims(fenced, names),
        None => Ok(Vec::new()),
    };
    let (goals, never) = (claims(&draft.goal)?, claims(&draft.never)?);
    let predict = match &draft.predict {
        Some(fenced) => Some(blocks::predict(fenced, &scripts)?),
        None => None,
    };
    let allow = match &draft.allow {
        Some(fenced) => blocks::allow(fenced, names)?,
        None => Allow::default(),
    };
    let misplaced =
        [(&draft.never, "never"), (&draft.allow, "allow"), (&draft.solution, "solution")];
    if let (true, Some((line, name))) = (
        goals.is_empty(),
        misplaced.iter().find_map(|(f, name)| f.as_ref().map(|(line, _)| (*line, *name))),
    ) {
        let sentence = format!("found {name} in a step without a goal");
        return Err(LessonError::new(line - 1, 4, sentence));
    }
    if solution.is_none() && !goals.is_empty() {
        let sentence = "found a goal without a solution, expected statements that reach it";
        return Err(LessonError::new(goals[0].line, 1, sentence));
    }
    let prose = |(line, text): &Fenced| prose::prose(text, *line);
    lesson.steps.push(Step {
        title: draft.title,
        line: draft.line,
        body: draft.body,
        start,
        goes_on,
        predict,
        goals,
        never,
        allow,
        hints: draft.hints.iter().map(prose).collect::<Parsed<_>>()?,
        solution,
        rules: rules.into_iter().map(|(_, word)| word).collect(),
        notes: draft.notes.as_ref().map_or(Ok(Vec::new()), prose)?,
    });
    Ok(())
}

/// The start of a step, and whether it goes on from what a learner did.
fn start(draft: &Draft, rules: &[(usize, String)], lesson: &Lesson) -> Parsed<(Start, bool)> {
    if let Some((line, text)) = &draft.run {
        return Ok((Start::of(blocks::run(text, *line, rules)?), false));
    }
    if let Some((line, _)) = rules.first() {
        let sentence = "found rules in a step without a run, which is where they are switched off";
        return Err(LessonError::new(*line, 1, sentence));
    }
    let Some(last) = lesson.steps.last() else {
        let sentence = "found no run, expected one in the first step that has other blocks";
        // A step of prose alone needs none.
        if draft.predict.is_none() && draft.goal.is_none() {
            return Ok((Start::of(Run::of(crate::settings::Preset::Raft)), false));
        }
        return Err(LessonError::new(draft.line, 1, sentence));
    };
    Ok(match &last.solution {
        Some(solution) => (Start::of(solution.run.clone()), true),
        None => (last.start.clone(), last.goes_on),
    })
}
