//! A run as a script: the shortest that reads back as the same run.

use super::Entry;
use super::quotation;
use super::statement::{BEHAVIOUR, Knob, WORKLOAD};
use crate::ids::Addr;
use crate::run::{CueKind, Heal, Link, MessageFault, NodeFault, Run, Setup, Statement};
use crate::settings::{Setting, Settings};
use crate::time::Span;
use std::fmt::{self, Write};

/// A whole run, one statement per line. Settings with their default values are left out.
#[must_use]
pub fn print(run: &Run) -> String {
    let mut script = String::new();
    let written = write_run(&mut script, run);
    assert!(written.is_ok(), "a string takes whatever is written");
    script
}

/// One statement, without its time.
#[must_use]
pub fn print_statement(statement: &Statement) -> String {
    statement.to_string()
}

/// A line of the console.
#[must_use]
pub fn print_entry(entry: &Entry) -> String {
    match entry {
        Entry::Do(statement) => print_statement(statement),
        Entry::Tell(cue) => cue.to_string(),
        Entry::Show(None) => "show".into(),
        Entry::Show(Some(state)) => format!("show state={state:016x}"),
    }
}

fn write_run(out: &mut String, run: &Run) -> fmt::Result {
    for (i, setup) in run.clusters.iter().enumerate() {
        write_cluster(out, setup, i == 0)?;
    }
    let mut cues = run.story.cues().iter().peekable();
    for command in &run.commands {
        // The cues of a moment come before its statements.
        while let Some(cue) = cues.next_if(|cue| cue.at <= command.at) {
            writeln!(out, "@{} {}", cue.at, cue.kind)?;
        }
        writeln!(out, "@{} {}", command.at, command.statement)?;
    }
    for cue in cues {
        writeln!(out, "@{} {}", cue.at, cue.kind)?;
    }
    if let Some(show) = &run.show {
        writeln!(out, "@{} {}", show.at, print_entry(&Entry::Show(show.state)))?;
    }
    Ok(())
}

/// Writes a cluster line. All clusters share the seed, so only the first line has it.
fn write_cluster(out: &mut String, setup: &Setup, is_first: bool) -> fmt::Result {
    let preset = setup.preset;
    write!(out, "cluster {preset}")?;
    let usual = Settings::of(preset);
    let sized = Settings::sized(preset, setup.settings.nodes);
    for setting in Setting::of(preset) {
        let default = if setting.name == "nodes" { &usual } else { &sized };
        let value = setting.read(&setup.settings);
        if value == setting.read(default) || (setting.name == "seed" && !is_first) {
            continue;
        }
        if let Some(value) = value {
            write!(out, " {}={value}", setting.name)?;
        }
    }
    writeln!(out)
}

impl NodeFault {
    /// Its word in the language.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Crash => "crash",
            Self::Restart => "restart",
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::Wipe => "wipe",
            Self::Corrupt => "corrupt",
            Self::Timeout => "timeout",
        }
    }
}

impl MessageFault {
    /// Its word in the language.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Drop => "drop",
            Self::Duplicate => "duplicate",
            Self::Deliver => "deliver",
            Self::Delay(_) => "delay",
        }
    }
}

/// The statement as the language writes it, without its time.
impl fmt::Display for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Node(node, fault) => write!(f, "{} {node}", fault.word()),
            Self::Disk(node, Some(takes)) => write!(f, "disk {node} {takes}"),
            Self::Disk(node, None) => write!(f, "disk {node} usual"),
            Self::Isolate(node) => write!(f, "isolate {node}"),
            Self::Cut(link) => write!(f, "cut {link}"),
            Self::Heal(Heal::Everything) => write!(f, "heal"),
            Self::Heal(Heal::Of(addr)) => write!(f, "heal {addr}"),
            Self::Heal(Heal::Link(link)) => write!(f, "heal {link}"),
            Self::Partition(groups) => write_groups(f, groups),
            Self::Link(link, behaviour) => {
                write!(f, "link {link}")?;
                write_knobs(f, &BEHAVIOUR, behaviour)
            }
            Self::Network(behaviour) => {
                write!(f, "network")?;
                write_knobs(f, &BEHAVIOUR, behaviour)
            }
            Self::Message(message, fault) => {
                write!(f, "{} {message}", fault.word())?;
                if let MessageFault::Delay(span) = fault { write!(f, " {span}") } else { Ok(()) }
            }
            Self::ClockJump(who, us) => {
                let sign = if *us < 0 { '-' } else { '+' };
                write!(f, "clock {who} {sign}{}", Span::from_us(us.unsigned_abs()))
            }
            Self::ClockRate(who, millionths) => {
                write!(f, "clock {who} x{}", crate::rng::Ppm(*millionths))
            }
            Self::Ping(from, to) => write!(f, "ping {from} {to}"),
            Self::Transfer(from, to) => write!(f, "transfer {from} {to}"),
            Self::Add(node) => write!(f, "add {node}"),
            Self::Remove(node) => write!(f, "remove {node}"),
            Self::Ask { client, request, via } => {
                write!(f, "{client} {request}")?;
                via.map_or(Ok(()), |via| write!(f, " via {via}"))
            }
            Self::Workload(None) => write!(f, "workload off"),
            Self::Workload(Some(workload)) => {
                write!(f, "workload")?;
                write_knobs(f, &WORKLOAD, workload)
            }
            Self::Rule(name, on) => write!(f, "rule {name} {}", if *on { "on" } else { "off" }),
            Self::Set(change) => write!(f, "set {}={}", change.name(), change.value()),
        }
    }
}

/// As the language writes it, without its time.
impl fmt::Display for CueKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Note(text) => write!(f, "note {}", quotation::write(text)),
            Self::Chapter(title) => write!(f, "chapter {}", quotation::write(title)),
            Self::Speed(pace) => write!(f, "speed {pace}"),
        }
    }
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}{}", self.from, if self.one_way { '>' } else { '-' }, self.to)
    }
}

fn write_groups(f: &mut fmt::Formatter<'_>, groups: &[Vec<Addr>]) -> fmt::Result {
    write!(f, "partition")?;
    for (i, group) in groups.iter().enumerate() {
        if i > 0 {
            write!(f, " |")?;
        }
        for addr in group {
            write!(f, " {addr}")?;
        }
    }
    Ok(())
}

fn write_knobs<T>(f: &mut fmt::Formatter<'_>, knobs: &[Knob<T>], value: &T) -> fmt::Result {
    for knob in knobs {
        if let Some(printed) = (knob.print)(value) {
            write!(f, " {}={printed}", knob.name)?;
        }
    }
    Ok(())
}
