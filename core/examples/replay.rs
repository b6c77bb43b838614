//! Plays a run without a page:
//! `cargo run --release -p quorumscope-core --example replay -- FILE_OR_LINK [--at TIME] [--jsonl | --shiviz | --operations | --headlines | --why QUESTION]`
//!
//! Prints the state at a time as JSON; or the events up to then: with `--jsonl` (or `--events`) one
//! per line, as `window.quorumscope` returns them, with `--shiviz` the same with vector clocks, in
//! the format of ShiViz, with `--operations` the requests of clients and their answers as JSON
//! Lines, with `--headlines` the headlines of the stage, at each change. With `--why "n2
//! no-leader"` it answers the question at that time, for every cluster. The state hash goes to
//! standard error.
//!
//! The argument is a file with a script (`-` for standard input), a link, or the fragment of one,
//! after the `#`. Without `--at` the run is played to its `show`, or else to its last statement.
//!
//! Exit status: 0, or 2 when the run cannot be read or its `show` names another state.

use quorumscope_core::explain::{self, Beats, Scene};
use quorumscope_core::export::{Form, Writer};
use quorumscope_core::run::Run;
use quorumscope_core::session::Session;
use quorumscope_core::time::Time;
use quorumscope_core::why::Question;
use quorumscope_core::{history, script, view};
use std::io::{self, BufWriter, Read, Write};
use std::process::ExitCode;

const USAGE: &str = "usage: replay FILE_OR_LINK [--at TIME] [--jsonl | --shiviz | --operations | --headlines | --why QUESTION]";
/// Number of events that are written at once.
const EVENTS_AT_ONCE: usize = 10_000;

struct Arguments {
    source: String,
    at: Option<Time>,
    wanted: Wanted,
}

/// The output.
enum Wanted {
    State,
    Trace(Form),
    Operations,
    Headlines,
    Answer(Question),
}

fn main() -> ExitCode {
    match arguments(std::env::args().skip(1)).and_then(|arguments| play(&arguments)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::from(2)
        }
    }
}

fn arguments(mut given: impl Iterator<Item = String>) -> Result<Arguments, String> {
    let (mut source, mut at, mut wanted) = (None, None, Wanted::State);
    while let Some(argument) = given.next() {
        match argument.as_str() {
            "--at" => {
                let text = given.next().ok_or("--at needs a time, such as --at 1.5s")?;
                at = Some(script::parse_time(&text).map_err(|e| format!("--at: {}", e.sentence))?);
            }
            "--events" | "--jsonl" => wanted = Wanted::Trace(Form::JsonLines),
            "--shiviz" => wanted = Wanted::Trace(Form::ShiViz),
            "--operations" => wanted = Wanted::Operations,
            "--headlines" => wanted = Wanted::Headlines,
            "--why" => {
                let text = given.next().ok_or("--why needs a question, such as --why no-leader")?;
                let question = Question::parse(&text).map_err(|e| format!("--why: {e}"))?;
                wanted = Wanted::Answer(question);
            }
            other if other.starts_with("--") => return Err(format!("no option {other}; {USAGE}")),
            _ if source.is_some() => return Err(USAGE.into()),
            _ => source = Some(argument),
        }
    }
    Ok(Arguments { source: source.ok_or(USAGE)?, at, wanted })
}

fn play(arguments: &Arguments) -> Result<(), String> {
    let run = read(&arguments.source)?;
    let (show, last) = (run.show, run.commands.last().map(|c| c.at));
    let at = arguments.at.or(show.map(|s| s.at)).or(last).unwrap_or(Time::ZERO);
    let mut session = Session::new(Run { show: None, ..run });
    session.seek(at);
    print(&session, &arguments.wanted)?;
    let hash = session.hash();
    eprintln!("{hash:016x}");
    match show.filter(|s| s.at == at).and_then(|s| s.state) {
        Some(seen) if seen != hash => {
            Err(format!("the sharer of this run saw the state {seen:016x} here"))
        }
        _ => Ok(()),
    }
}

fn read(source: &str) -> Result<Run, String> {
    if source == "-" {
        let mut text = String::new();
        io::stdin().read_to_string(&mut text).map_err(|e| e.to_string())?;
        return script::parse(&text).map_err(|e| e.to_string());
    }
    match std::fs::read_to_string(source) {
        Ok(text) => script::parse(&text).map_err(|e| format!("{source}: {e}")),
        Err(_) if is_link(source) => linked(source),
        Err(error) => Err(format!("{source}: {error}")),
    }
}

fn linked(source: &str) -> Result<Run, String> {
    let opened = script::link::decode(source).map_err(|e| e.to_string())?;
    if let Some(notice) = opened.notice {
        eprintln!("{notice}");
    }
    Ok(opened.run)
}

fn is_link(source: &str) -> bool {
    source.contains('#') || source.starts_with(['v', 'z'])
}

fn print(session: &Session, wanted: &Wanted) -> Result<(), String> {
    let mut out = BufWriter::new(io::stdout().lock());
    match wanted {
        Wanted::State => write_state(&mut out, session).map_err(|e| e.to_string())?,
        Wanted::Trace(form) => {
            write_trace(&mut out, session, *form).map_err(|e| e.to_string())?;
        }
        Wanted::Operations => write_operations(&mut out, session).map_err(|e| e.to_string())?,
        Wanted::Headlines => write_headlines(&mut out, session).map_err(|e| e.to_string())?,
        Wanted::Answer(question) => {
            for cluster in 0..session.run().clusters.len() {
                let answer = view::answer(session, cluster, question)?;
                write!(out, "{answer}").map_err(|e| e.to_string())?;
            }
        }
    }
    out.flush().map_err(|e| e.to_string())
}

fn write_state(out: &mut impl Write, session: &Session) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &view::state(session, false))?;
    writeln!(out)
}

fn write_trace(out: &mut impl Write, session: &Session, form: Form) -> io::Result<()> {
    let mut writer = Writer::new(session, form);
    loop {
        let mut text = String::new();
        let more = writer.write(&mut text, EVENTS_AT_ONCE);
        out.write_all(text.as_bytes())?;
        if !more {
            return Ok(());
        }
    }
}

fn write_operations(out: &mut impl Write, session: &Session) -> io::Result<()> {
    for world in session.worlds() {
        out.write_all(history::history(world).to_json_lines().as_bytes())?;
    }
    Ok(())
}

fn write_headlines(out: &mut impl Write, session: &Session) -> io::Result<()> {
    for cluster in 0..session.run().clusters.len() {
        let (mut story, mut beats, mut told) =
            (Session::new(session.run().clone()), Beats::default(), None);
        while story.now() <= session.now() {
            let scene = Scene::of(&story, cluster);
            beats.read(&scene);
            let headline = explain::headline(&scene, &beats);
            if told.as_ref() != Some(&headline) {
                let at = story.now().as_ms_f64();
                let lines = [&headline.bold, &headline.rest, &headline.small];
                let [bold, rest, small] = lines.map(|line| explain::plain(line));
                writeln!(out, "{at:>9.1} {bold} | {rest} | {small}")?;
                told = Some(headline);
            }
            if story.step(1) == 0 {
                break;
            }
        }
    }
    Ok(())
}
