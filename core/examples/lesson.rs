//! Checks lessons and grades proofs, as the page does.
//!
//! `cargo run --release -p quorumscope-core --example lesson -- check FILE…` proves of every step that
//! it parses, that it is not done before the learner acts, that its solution reaches its goals as it
//! allows, and that exactly one option of its question holds. One line a step: file, step, what was
//! proved; separated by tabs. A lesson must take less than a second.
//!
//! `… --example lesson -- grade FILE` judges proof links, one a line, also in a column of a CSV file
//! with names beside them; the lessons that are not in the links are read from `web/lessons`, or from
//! the folder behind `--lessons`. One line a proof: name, lesson, whether it holds, goals, predictions,
//! statements against par, the lines of proofs with the same runs, and a sentence.
//!
//! Exit status: 0 if every step is right, or every proof holds; 1 if not; 2 if a file cannot be read.

use quorumscope_core::lesson::{self, Judgement, Lesson, Proof};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

/// The core has virtual time only; this is a tool around it, and measures.
#[expect(clippy::disallowed_types, reason = "the time taken is measured")]
type Clock = std::time::Instant;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let status = match arguments.split_first() {
        Some((verb, files)) if verb == "check" && !files.is_empty() => {
            files.iter().map(|file| check(file)).max().unwrap_or(0)
        }
        Some((verb, rest)) if verb == "grade" => match rest {
            [file] => grade(file, "web/lessons"),
            [flag, folder, file] if flag == "--lessons" => grade(file, folder),
            _ => usage(),
        },
        _ => usage(),
    };
    ExitCode::from(status)
}

fn usage() -> u8 {
    eprintln!("usage: lesson check FILE… | lesson grade [--lessons FOLDER] FILE");
    2
}

fn read(file: &str) -> Option<String> {
    std::fs::read_to_string(file).map_err(|error| eprintln!("{file}: {error}")).ok()
}

fn check(file: &str) -> u8 {
    let Some(text) = read(file) else { return 2 };
    let start = Clock::now();
    let parsed = match lesson::parse(&text) {
        Ok(parsed) => parsed,
        Err(error) => {
            eprintln!("{file}: {error}");
            return 1;
        }
    };
    let mut status = 0;
    for finding in lesson::check(&parsed) {
        let title = &parsed.steps[finding.step].title;
        let step = finding.step + 1;
        match finding.result {
            Ok(proved) => println!("{file}\tstep {step}: {title}\tok\t{proved}"),
            Err(error) => {
                println!("{file}\tstep {step}: {title}\twrong\t{error}");
                eprintln!("{file}: {error}");
                status = 1;
            }
        }
    }
    let took = start.elapsed();
    if took.as_millis() >= 1_000 {
        eprintln!("{file}: line 1, column 1: the check took {took:.1?}, expected less than 1s");
        status = 1;
    }
    status
}

/// All lessons of a folder, by id.
fn lessons(folder: &Path) -> BTreeMap<String, Lesson> {
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let texts = files
        .filter(|file| file.path().extension().is_some_and(|e| e == "md"))
        .filter_map(|file| std::fs::read_to_string(file.path()).ok());
    let lessons = texts.filter_map(|text| lesson::parse(&text).ok());
    lessons.map(|lesson| (lesson.id.clone(), lesson)).collect()
}

/// The name and the link of a line.
fn cells(line: &str) -> (String, &str) {
    let cells: Vec<&str> =
        line.split([',', ';', '\t']).map(|c| c.trim().trim_matches('"')).collect();
    let link = cells.iter().copied().find(|cell| Proof::is_proof(cell)).unwrap_or(line.trim());
    let names = cells.iter().copied().filter(|cell| *cell != link && !cell.is_empty());
    (names.collect::<Vec<_>>().join(" "), link)
}

fn grade(file: &str, folder: &str) -> u8 {
    let Some(text) = read(file) else { return 2 };
    let known = lessons(Path::new(folder));
    let lines: Vec<(usize, &str)> =
        (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()).collect();
    let proofs: Vec<(usize, String, Result<Proof, String>)> = lines
        .into_iter()
        .map(|(number, line)| {
            let (name, link) = cells(line);
            (number, name, Proof::decode(link))
        })
        // A heading of a table is no proof that fails.
        .filter(|(number, _, proof)| *number > 1 || proof.is_ok() || !text.contains(','))
        .collect();
    let mut status = 0;
    println!("line\tname\tlesson\tholds\tgoals\tpredictions\tstatements\tpar\tsame as\tsentence");
    for (number, name, proof) in &proofs {
        let judged = proof
            .as_ref()
            .map_err(Clone::clone)
            .and_then(|proof| lesson::verify(proof, |id| known.get(id)));
        let like = |other: &&(usize, String, Result<Proof, String>)| {
            let pair = (other.2.as_ref(), proof.as_ref());
            other.0 != *number && matches!(pair, (Ok(a), Ok(b)) if a.likeness() == b.likeness())
        };
        let same: Vec<String> = proofs.iter().filter(like).map(|p| p.0.to_string()).collect();
        match judged {
            Ok(judged) => {
                status |= u8::from(!judged.holds());
                row(*number, name, &judged, &same.join(" "));
            }
            Err(sentence) => {
                status = 1;
                println!("{number}\t{name}\t\tno\t\t\t\t\t{}\t{sentence}", same.join(" "));
            }
        }
    }
    status
}

fn row(number: usize, name: &str, judged: &Judgement, same: &str) {
    let of = |(part, whole): (usize, usize)| format!("{part} of {whole}");
    let (done, par) = judged.statements();
    let name = if judged.name.is_empty() { name } else { &judged.name };
    let holds = if judged.holds() { "yes" } else { "no" };
    println!(
        "{number}\t{name}\t{}\t{holds}\t{}\t{}\t{done}\t{par}\t{same}\t{}",
        judged.lesson,
        of(judged.goals()),
        of(judged.predictions()),
        judged.sentence(),
    );
}
