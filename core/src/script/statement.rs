//! The statements: one table that parser, printer and completion share.

use super::Entry;
use super::error::Fault;
use super::lexis::{
    Input, Parsed, at_end, decimal, expect, found, integer, keyword, offset, peek_word, quoted,
    spaces, text, whole,
};
use super::names::{addr, client, clocked, groups, is_link, link, message, new_node, node, server};
use super::setup::{name, pairs};
use super::value::{fraction, latency, listed, millionths, span, switch, value};
use crate::ids::{Addr, NodeId};
use crate::run::{
    Behaviour, CueKind, Heal, MAX_CUE_CHARS, MessageFault, NodeFault, Pace, Statement, Workload,
};
use crate::settings::{Change, Preset, Setting};
use crate::store::{Op, Request};
use crate::time::Span;
use std::sync::Arc;
use winnow::Parser;
use winnow::combinator::{alt, opt, preceded};
use winnow::token::take_while;

/// A statement of the language.
pub struct Form {
    /// Its first word.
    pub word: &'static str,
    /// An example of its syntax.
    pub usage: &'static str,
    /// Its effect, in one line.
    pub doc: &'static str,
    /// The arguments behind the word, in order; the last may be repeated.
    pub slots: &'static [Slot],
    read: fn(&mut Input<'_>) -> Parsed<Entry>,
}

/// The kind of an argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// A node.
    Node,
    /// A node that joins.
    NewNode,
    /// A node or a client.
    Clocked,
    /// A link.
    Link,
    /// A link, or a node or client.
    Healed,
    /// Nodes and clients, with `|` between groups.
    Groups,
    /// A message in flight.
    Message,
    /// A length of time.
    Span,
    /// A length of time, or `usual`.
    DiskTime,
    /// `+50ms`, `-50ms` or `x1.05`.
    Clock,
    /// `latency=…` and the other parts of a link's behaviour.
    Behaviour,
    /// `rate=…` and the other parts of a workload.
    Workload,
    /// A setting that can change while running, and its value.
    Change,
    /// The name of a rule.
    Rule,
    /// `on` or `off`.
    Switch,
    /// `state=…`
    State,
    /// A text in double quotes.
    Text,
    /// `1/10x`
    Pace,
}

/// The longest that a durable write may take, as in the setting `disk`.
const SLOWEST_DISK: Span = Span::from_ms(3_600_000);

const fn form(
    word: &'static str,
    usage: &'static str,
    slots: &'static [Slot],
    doc: &'static str,
    read: fn(&mut Input<'_>) -> Parsed<Entry>,
) -> Form {
    Form { word, usage, doc, slots, read }
}

/// Every statement except a client's, in the order of the help.
#[rustfmt::skip]
pub static FORMS: &[Form] = &[
    form("crash", "crash n1", &[Slot::Node], "the process dies; what was durable on its disk stays", |i| fault(i, NodeFault::Crash)),
    form("restart", "restart n1", &[Slot::Node], "it starts again from its disk", |i| fault(i, NodeFault::Restart)),
    form("pause", "pause n1", &[Slot::Node], "it stops running but not existing: messages wait, clocks go on", |i| fault(i, NodeFault::Pause)),
    form("resume", "resume n1", &[Slot::Node], "it runs again", |i| fault(i, NodeFault::Resume)),
    form("wipe", "wipe n1", &[Slot::Node], "it crashes and its disk is emptied", |i| fault(i, NodeFault::Wipe)),
    form("corrupt", "corrupt n1", &[Slot::Node], "the last record of its log is torn", |i| fault(i, NodeFault::Corrupt)),
    form("disk", "disk n1 20s", &[Slot::Node, Slot::DiskTime], "how long a durable write takes on that node, or usual", disk),
    form("timeout", "timeout n1", &[Slot::Node], "its election timer fires now", |i| fault(i, NodeFault::Timeout)),
    form("isolate", "isolate n1", &[Slot::Node], "every link of it is cut, both ways", |i| node(i).map(Statement::Isolate).map(Entry::Do)),
    form("cut", "cut n1-n2", &[Slot::Link], "a link is cut; what is in flight on it is lost", |i| link(i).map(Statement::Cut).map(Entry::Do)),
    form("heal", "heal [n1-n2 | n1]", &[Slot::Healed], "a link, every link of one, or everything works again", heal),
    form("partition", "partition n1 n2 | n3 n4 n5", &[Slot::Groups], "links between groups are cut", |i| groups(i).map(Statement::Partition).map(Entry::Do)),
    form("link", "link n1-n2 latency=80ms loss=20%", &[Slot::Link, Slot::Behaviour], "how a link behaves from now on", link_behaviour),
    form("network", "network latency=80ms loss=20%", &[Slot::Behaviour], "how every link behaves from now on", |i| behaviour(i).map(Statement::Network).map(Entry::Do)),
    form("drop", "drop m17", &[Slot::Message], "a message in flight is lost", |i| in_flight(i, MessageFault::Drop)),
    form("duplicate", "duplicate m17", &[Slot::Message], "a message in flight is doubled", |i| in_flight(i, MessageFault::Duplicate)),
    form("deliver", "deliver m17", &[Slot::Message], "a message in flight arrives now", |i| in_flight(i, MessageFault::Deliver)),
    form("delay", "delay m17 50ms", &[Slot::Message, Slot::Span], "a message in flight arrives later", delay),
    form("clock", "clock n1 +50ms", &[Slot::Clocked, Slot::Clock], "a clock jumps, or runs faster (x1.05)", clock),
    form("ping", "ping n1 n2", &[Slot::Node, Slot::Node], "the first sends the second a message by hand", ping),
    form("transfer", "transfer n1 n2", &[Slot::Node, Slot::Node], "the first, if it leads, hands its leadership to the second", transfer),
    form("add", "add n6", &[Slot::NewNode], "a node joins", add),
    form("remove", "remove n3", &[Slot::Node], "a node leaves", remove),
    form("workload", "workload rate=20/s reads=50% keys=3", &[Slot::Workload], "clients ask on their own, until workload off", workload),
    form("rule", "rule vote-once off", &[Slot::Rule, Slot::Switch], "a rule of the protocol is broken, or followed again", rule),
    form("set", "set timeout=1s", &[Slot::Change], "a setting changes", set),
    form("note", "note \"c1 waits\"", &[Slot::Text], "a caption from here on; note \"\" takes it away", note),
    form("chapter", "chapter \"The cut\"", &[Slot::Text], "a stop with a title: playing pauses here", chapter),
    form("speed", "speed 1/10x", &[Slot::Pace], "how fast it plays from here on", |i| pace(i).map(CueKind::Speed).map(Entry::Tell)),
    form("show", "show", &[Slot::State], "where the playhead stands when a link is opened", show),
];

/// Reads the values of an operation.
type ReadOp = fn(&mut Input<'_>) -> Parsed<Op>;

/// The operations of a client: the word, the number of values behind the key, and their reader.
#[rustfmt::skip]
pub(super) const OPS: [(&str, usize, ReadOp); 6] = [
    ("get", 0, |_| Ok(Op::Get)),
    ("set", 1, |i| text(i).map(Op::Set)),
    ("upd", 1, |i| text(i).map(Op::Upd)),
    ("del", 0, |_| Ok(Op::Del)),
    ("cas", 2, |i| { let old = text(i)?; spaces(i); text(i).map(|new| Op::Cas(old, new)) }),
    ("append", 1, |i| text(i).map(Op::Append)),
];

/// A statement, without its time.
pub(super) fn entry(input: &mut Input<'_>) -> Parsed<Entry> {
    let word = peek_word(input);
    if is_client(word) {
        return ask(input).map(Entry::Do);
    }
    let Some(form) = FORMS.iter().find(|f| f.word == word) else {
        let words: Vec<_> = FORMS.iter().map(|f| f.word).collect();
        let wanted = format!("a statement: a client such as c1, {}", listed(&words, "or"));
        return Err(found(input, &wanted));
    };
    keyword(input)?;
    spaces(input);
    (form.read)(input)
}

/// `c1`, `c2`, …: whether a client's statement begins here.
fn is_client(word: &str) -> bool {
    word.strip_prefix('c').is_some_and(|n| n.starts_with(|c: char| c.is_ascii_digit()))
}

fn fault(input: &mut Input<'_>, fault: NodeFault) -> Parsed<Entry> {
    Ok(Entry::Do(Statement::Node(node(input)?, fault)))
}

fn in_flight(input: &mut Input<'_>, fault: MessageFault) -> Parsed<Entry> {
    Ok(Entry::Do(Statement::Message(message(input)?, fault)))
}

fn delay(input: &mut Input<'_>) -> Parsed<Entry> {
    let message = message(input)?;
    spaces(input);
    Ok(Entry::Do(Statement::Message(message, MessageFault::Delay(span(input)?))))
}

/// `disk n1 20s`, `disk n1 usual`
fn disk(input: &mut Input<'_>) -> Parsed<Entry> {
    let node = node(input)?;
    spaces(input);
    if peek_word(input) == "usual" {
        keyword(input)?;
        return Ok(Entry::Do(Statement::Disk(node, None)));
    }
    let start = offset(input);
    let takes = span(input).map_err(|fault| match fault.is_said() {
        true => fault,
        false => found(input, "a time such as 20s, or usual"),
    })?;
    if takes > SLOWEST_DISK {
        let sentence = format!("found {takes}, expected a time of at most {SLOWEST_DISK}");
        return Err(Fault { at: start, sentence });
    }
    Ok(Entry::Do(Statement::Disk(node, Some(takes))))
}

fn heal(input: &mut Input<'_>) -> Parsed<Entry> {
    let heal = match peek_word(input) {
        _ if at_end(input) => Heal::Everything,
        word if is_link(word) => Heal::Link(link(input)?),
        _ => Heal::Of(addr(input)?),
    };
    Ok(Entry::Do(Statement::Heal(heal)))
}

fn link_behaviour(input: &mut Input<'_>) -> Parsed<Entry> {
    let link = link(input)?;
    spaces(input);
    Ok(Entry::Do(Statement::Link(link, behaviour(input)?)))
}

/// A parameter of a statement, `name=value`, with its reader and its printer.
pub(super) struct Knob<T> {
    pub name: &'static str,
    read: fn(&mut Input<'_>, &mut T) -> Parsed<()>,
    pub print: fn(&T) -> Option<String>,
}

/// The parameters of a link's behaviour.
#[rustfmt::skip]
pub(super) const BEHAVIOUR: [Knob<Behaviour>; 4] = [
    Knob { name: "latency", read: |i, b| { b.latency = Some(latency(i)?); Ok(()) }, print: |b| b.latency.as_ref().map(ToString::to_string) },
    Knob { name: "loss", read: |i, b| { b.loss = Some(fraction(i)?); Ok(()) }, print: |b| b.loss.map(|p| p.to_string()) },
    Knob { name: "duplicate", read: |i, b| { b.duplicate = Some(fraction(i)?); Ok(()) }, print: |b| b.duplicate.map(|p| p.to_string()) },
    Knob { name: "reorder", read: |i, b| { b.reorder = Some(fraction(i)?); Ok(()) }, print: |b| b.reorder.map(|p| p.to_string()) },
];

/// The parameters of a workload.
#[rustfmt::skip]
pub(super) const WORKLOAD: [Knob<Workload>; 3] = [
    Knob { name: "rate", read: |i, w| { w.rate_mhz = rate(i)?; Ok(()) }, print: |w| Some(format!("{}/s", per_second(w.rate_mhz))) },
    Knob { name: "reads", read: |i, w| { w.reads = fraction(i)?; Ok(()) }, print: |w| Some(w.reads.to_string()) },
    Knob { name: "keys", read: |i, w| { w.keys = keys(i)?; Ok(()) }, print: |w| Some(w.keys.to_string()) },
];

/// Reads `name=value …` into `target`. Returns the number of pairs.
fn turn<T>(input: &mut Input<'_>, owner: &str, knobs: &[Knob<T>], target: &mut T) -> Parsed<usize> {
    let names: Vec<_> = knobs.iter().map(|k| k.name).collect();
    pairs(input, owner, &names, |input, which, _| (knobs[which].read)(input, target))
}

fn behaviour(input: &mut Input<'_>) -> Parsed<Behaviour> {
    let mut behaviour = Behaviour::default();
    if turn(input, "a link", &BEHAVIOUR, &mut behaviour)? == 0 {
        return Err(found(input, "how it behaves, as in latency=80ms loss=20%"));
    }
    Ok(behaviour)
}

fn workload(input: &mut Input<'_>) -> Parsed<Entry> {
    if peek_word(input) == "off" {
        keyword(input)?;
        return Ok(Entry::Do(Statement::Workload(None)));
    }
    let mut workload = Workload::default();
    turn(input, "a workload", &WORKLOAD, &mut workload)?;
    Ok(Entry::Do(Statement::Workload(Some(workload))))
}

/// The fastest workload, in operations a second.
const MAX_RATE: u64 = 100_000;
/// The most keys of a workload.
const MAX_KEYS: u64 = 1_000;

/// `20/s`, in thousandths of an operation a second.
fn rate(input: &mut Input<'_>) -> Parsed<u32> {
    let limits = 1..=MAX_RATE * 1_000;
    let rate = (decimal, "/s").verify_map(|(n, _)| n.times(1_000).filter(|r| limits.contains(r)));
    let wanted = format!("a rate such as 20/s, from 0.001/s to {MAX_RATE}/s");
    let rate = expect(&wanted, whole(rate)).parse_next(input)?;
    Ok(u32::try_from(rate).expect("MAX_RATE is in range"))
}

/// A rate in operations per second, from operations per thousand seconds: `20`, `0.5`.
pub(crate) fn per_second(rate_mhz: u32) -> String {
    let (whole, rest) = (rate_mhz / 1_000, rate_mhz % 1_000);
    format!("{whole}.{rest:03}").trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn keys(input: &mut Input<'_>) -> Parsed<u16> {
    match value(input, crate::settings::Kind::Count(1, MAX_KEYS))? {
        crate::settings::Value::Count(n) => Ok(u16::try_from(n).expect("MAX_KEYS is in range")),
        other => unreachable!("{other} is no count"),
    }
}

/// `+50ms`, `-50ms` or `x1.05`.
fn clock(input: &mut Input<'_>) -> Parsed<Entry> {
    let who = clocked(input)?;
    spaces(input);
    let wanted = "a jump such as +50ms or -50ms, or a rate such as x1.05";
    let rate = preceded('x', millionths(1_000..=1_000_000_000, "a rate from 0.001 to 1000"));
    let rate = whole(rate).map(|rate| Statement::ClockRate(who, rate));
    let jump = (alt(('+'.value(1), '-'.value(-1))), span);
    let jump = jump.map(|(sign, span)| {
        let us = i64::try_from(span.as_us()).expect("a day fits");
        Statement::ClockJump(who, sign * us)
    });
    expect(wanted, alt((rate, jump))).map(Entry::Do).parse_next(input)
}

fn ping(input: &mut Input<'_>) -> Parsed<Entry> {
    two_nodes(input).map(|(from, to)| Entry::Do(Statement::Ping(from, to)))
}

fn transfer(input: &mut Input<'_>) -> Parsed<Entry> {
    if let Some(sentence) = input.state.fixed_leader() {
        return Err(Fault { at: offset(input), sentence });
    }
    two_nodes(input).map(|(from, to)| Entry::Do(Statement::Transfer(from, to)))
}

fn two_nodes(input: &mut Input<'_>) -> Parsed<(NodeId, NodeId)> {
    let from = node(input)?;
    spaces(input);
    let start = offset(input);
    let to = node(input)?;
    if from == to {
        let sentence = format!("found {to} twice, expected another node than {from}");
        return Err(Fault { at: start, sentence });
    }
    Ok((from, to))
}

fn add(input: &mut Input<'_>) -> Parsed<Entry> {
    changing_members(input)?;
    let start = offset(input);
    let node = new_node(input)?;
    input.state.add(node, start);
    Ok(Entry::Do(Statement::Add(node)))
}

fn remove(input: &mut Input<'_>) -> Parsed<Entry> {
    changing_members(input)?;
    node(input).map(Statement::Remove).map(Entry::Do)
}

/// Checks that nodes can join and leave in every cluster.
fn changing_members(input: &Input<'_>) -> Parsed<()> {
    match input.state.fixed_members() {
        Some(sentence) => Err(Fault { at: offset(input), sentence }),
        None => Ok(()),
    }
}

/// The names of the rules that some cluster has.
pub(super) fn rules(setups: &[crate::run::Setup]) -> Vec<&'static str> {
    let mut names: Vec<&str> = Vec::new();
    for rule in setups.iter().flat_map(|setup| setup.preset.rules()) {
        if !names.contains(&rule.name) {
            names.push(rule.name);
        }
    }
    names
}

/// The sentence that names the presets with rules, where no cluster has one of them.
fn without_rules(setups: &[crate::run::Setup]) -> String {
    let mut here: Vec<&str> = setups.iter().map(|setup| setup.preset.name()).collect();
    here.dedup();
    let with = Preset::ALL.into_iter().filter(|preset| !preset.rules().is_empty());
    let with: Vec<&str> = with.map(Preset::name).collect();
    format!(
        "{} has no rule that can be broken: rule is for {}",
        listed(&here, "and"),
        listed(&with, "and")
    )
}

fn rule(input: &mut Input<'_>) -> Parsed<Entry> {
    let names = rules(&input.state.setups);
    let word = peek_word(input);
    let Some(name) = names.iter().find(|name| **name == word) else {
        let sentence = match &names[..] {
            [] => without_rules(&input.state.setups),
            _ if at_end(input) => {
                format!("found no rule, expected one such as {} and on or off", names[0])
            }
            [first, second, _, ..] => format!(
                "found {}, expected one of the {} rules, such as {first} or {second}",
                quoted(word),
                names.len()
            ),
            _ => format!("found {}, expected a rule: {}", quoted(word), listed(&names, "or")),
        };
        return Err(Fault { at: offset(input), sentence });
    };
    let name = Arc::from(*name);
    keyword(input)?;
    spaces(input);
    Ok(Entry::Do(Statement::Rule(name, switch(input)?)))
}

/// The settings that every cluster has and that can change while running.
pub(super) fn changeable(setups: &[crate::run::Setup]) -> Vec<&'static Setting> {
    let Some((first, others)) = setups.split_first() else { return Vec::new() };
    let shared = |s: &&Setting| others.iter().all(|o| Setting::named(o.preset, s.name).is_some());
    Setting::of(first.preset).filter(|s| s.live).filter(shared).collect()
}

fn set(input: &mut Input<'_>) -> Parsed<Entry> {
    let start = offset(input);
    let settings = changeable(&input.state.setups);
    let names: Vec<_> = settings.iter().map(|s| s.name).collect();
    fixed(input)?;
    shared(input, &names)?;
    let owner = match &input.state.setups[..] {
        [only] => format!("{}, while it runs,", only.preset),
        _ => "what the clusters share".into(),
    };
    let setting = settings[name(input, &owner, &names)?];
    let value = value(input, setting.kind)?;
    let change = Change::new(setting, value).expect("only live ones are offered");
    for setup in &input.state.setups {
        let mut after = (*setup.settings).clone();
        change.apply(setup.preset, &mut after);
        if let Some((_, sentence)) = after.contradiction(setup.preset) {
            return Err(Fault { at: start, sentence });
        }
    }
    Ok(Entry::Do(Statement::Set(change)))
}

/// Gives a setting that only some of the clusters have its own sentence, and a missing one too.
fn shared(input: &Input<'_>, names: &[&str]) -> Parsed<()> {
    let fault = |sentence| Err(Fault { at: offset(input), sentence });
    if at_end(input) {
        return fault(format!(
            "found no setting, expected {} with = and a value",
            listed(names, "or")
        ));
    }
    let word = peek_word(input);
    let name = word.split('=').next().unwrap_or(word);
    let setups = input.state.setups.iter();
    let (with, without): (Vec<_>, Vec<_>) =
        setups.partition(|setup| Setting::named(setup.preset, name).is_some());
    let named = |setups: &[&crate::run::Setup]| {
        let mut names: Vec<&str> = setups.iter().map(|setup| setup.preset.name()).collect();
        names.dedup();
        listed(&names, "and")
    };
    if with.is_empty() || without.is_empty() {
        return Ok(());
    }
    let (with, without) = (named(&with), named(&without));
    fault(format!(
        "{name} is a setting of {with} and not of {without}, and set changes every cluster: \
         expected {}",
        listed(names, "or")
    ))
}

/// Gives a setting that cannot change while running its own sentence.
fn fixed(input: &Input<'_>) -> Parsed<()> {
    let word = peek_word(input);
    let name = word.split('=').next().unwrap_or(word);
    let of = |setup: &crate::run::Setup| Setting::named(setup.preset, name);
    let Some(setting) = input.state.setups.iter().find_map(of).filter(|s| !s.live) else {
        return Ok(());
    };
    let elsewhere = if BEHAVIOUR.iter().any(|k| k.name == setting.name) {
        format!("network {}=… instead", setting.name)
    } else {
        "it in the cluster line".into()
    };
    let sentence =
        format!("found {}, which cannot change while running, expected {elsewhere}", quoted(word));
    Err(Fault { at: offset(input), sentence })
}

fn show(input: &mut Input<'_>) -> Parsed<Entry> {
    let digits = take_while(1..=16, |c: char| c.is_ascii_hexdigit());
    let hash = digits.verify_map(|hex| u64::from_str_radix(hex, 16).ok());
    let hash = preceded("state=", expect("a state hash of 1 to 16 hex digits", whole(hash)));
    if at_end(input) {
        return Ok(Entry::Show(None));
    }
    expect("state= and a state hash, or the end of the statement", hash)
        .map(|hash| Entry::Show(Some(hash)))
        .parse_next(input)
}

/// `note "c1 waits"`
fn note(input: &mut Input<'_>) -> Parsed<Entry> {
    caption(input, "a text in double quotes, as in note \"c1 waits\"")
        .map(CueKind::Note)
        .map(Entry::Tell)
}

/// `chapter "The cut"`
fn chapter(input: &mut Input<'_>) -> Parsed<Entry> {
    let wanted = "a title in double quotes, as in chapter \"The cut\"";
    let start = offset(input);
    let title = caption(input, wanted)?;
    if title.is_empty() {
        return Err(Fault { at: start, sentence: format!("found no title, expected {wanted}") });
    }
    Ok(Entry::Tell(CueKind::Chapter(title)))
}

/// A text in double quotes, or one bare word, that people read.
fn caption(input: &mut Input<'_>, wanted: &str) -> Parsed<Arc<str>> {
    let start = offset(input);
    if at_end(input) {
        return Err(found(input, wanted));
    }
    let text = text(input)?;
    let fault = |sentence| Err(Fault { at: start, sentence });
    let chars = text.chars().count();
    if chars > MAX_CUE_CHARS {
        return fault(format!("found {chars} letters, expected at most {MAX_CUE_CHARS}"));
    }
    if text.contains(char::is_control) {
        return fault("found a control character, expected a text to read".into());
    }
    Ok(text)
}

/// `1/10x`, `2x`
fn pace(input: &mut Input<'_>) -> Parsed<Pace> {
    let number = || integer.verify_map(|number| u32::try_from(number).ok());
    let fraction = (number(), opt(preceded('/', number())), 'x');
    let pace = fraction.verify_map(|(n, d, _)| Pace::new(n, d.unwrap_or(1)));
    let wanted =
        format!("a speed such as 1/10x, 1x or 2x, from 1/{}x to {}x", Pace::SLOWEST, Pace::FASTEST);
    expect(&wanted, whole(pace)).parse_next(input)
}

/// `c1 set x 1 via n2`
fn ask(input: &mut Input<'_>) -> Parsed<Statement> {
    let client = client(input)?;
    spaces(input);
    let word = peek_word(input);
    let Some((_, _, read)) = OPS.iter().find(|(name, ..)| *name == word) else {
        let names: Vec<_> = OPS.iter().map(|(name, ..)| *name).collect();
        return Err(found(input, &format!("what the client asks: {}", listed(&names, "or"))));
    };
    keyword(input)?;
    spaces(input);
    if at_end(input) {
        return Err(found(input, "a key, as in c1 get x"));
    }
    let key = text(input)?;
    spaces(input);
    let request = Request { key, op: read(input)? };
    spaces(input);
    Ok(Statement::Ask { client, request, via: via(input)? })
}

fn via(input: &mut Input<'_>) -> Parsed<Option<Addr>> {
    if at_end(input) {
        return Ok(None);
    }
    expect("via and a node, or the end of the statement", whole("via")).parse_next(input)?;
    spaces(input);
    server(input).map(Some)
}
