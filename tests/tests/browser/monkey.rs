//! A monkey test: clicks, drags, keys and words at random. Whatever it does, nothing panics,
//! nothing is printed to the console, nothing hangs, and the run is not lost.
//!
//! `MONKEY=SEED,SECONDS` runs another seed, for longer. A failure names the seed and prints the
//! run.

use std::env;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, ensure};
use quorumscope_core::script;
use quorumscope_core::session::Session;
use quorumscope_core::time::Time;
use quorumscope_tests::draw::Draw;
use quorumscope_tests::fixture::with_page;
use quorumscope_tests::gestures::{Key, Point};
use quorumscope_tests::page::Page;
use serde_json::json;

/// The usual runs: seed and seconds.
const USUAL: [(u64, u64); 3] = [(1, 8), (2, 8), (3, 8)];
/// The least number of actions in a run, however slow the machine is.
const LEAST_DEEDS: u32 = 40;
/// After each this many actions the run is played natively, and must have the same state.
const REPLAY_EACH: u32 = 20;
/// After each this many actions the page is checked.
const LOOK_EACH: u32 = 10;

const KEYS: [Key; 14] = [
    Key::Tab,
    Key::Enter,
    Key::Enter,
    Key::Escape,
    Key::Left,
    Key::Right,
    Key::Up,
    Key::Down,
    Key::Home,
    Key::End,
    Key::PageUp,
    Key::PageDown,
    Key::Delete,
    Key::Backspace,
];
const LETTERS: [char; 16] =
    [' ', '.', ',', '[', ']', 'l', 'f', 'c', 'v', 'n', 'F', '/', '+', '-', '0', 'z'];
const WORDS: [&str; 40] = [
    "crash",
    "restart",
    "pause",
    "resume",
    "wipe",
    "corrupt",
    "isolate",
    "cut",
    "heal",
    "partition",
    "link",
    "network",
    "drop",
    "deliver",
    "delay",
    "clock",
    "timeout",
    "add",
    "remove",
    "workload",
    "c1",
    "c9",
    "get",
    "set",
    "x",
    "n1",
    "n2",
    "n3",
    "n6",
    "n99",
    "n1-n2",
    "n1>n3",
    "|",
    "m17",
    "50ms",
    "loss=20%",
    "rate=50/s",
    "\"",
    "\\",
    ";",
];
const SCRIPTS: [&str; 5] = [
    "cluster ring nodes=4\n@1s add n5\n",
    "cluster quorum\ncluster raft\n@1s workload rate=30/s\n",
    "cluster election nodes=3\n",
    "nonsense",
    "{\"process\":0,\"type\":\"invoke\",\"f\":\"write\",\"value\":1}",
];
const SIZES: [(u32, u32); 4] = [(1280, 800), (390, 844), (700, 480), (1920, 1080)];
const THINGS: [&str; 9] = [
    "button",
    "button",
    "[role=tab]",
    "[role=menuitem]",
    "[data-node]",
    "[data-message]",
    "[data-link]",
    "summary",
    "input",
];

#[tokio::test]
async fn whatever_careless_people_do_their_runs_are_not_lost() -> Result<()> {
    for (seed, seconds) in sent()? {
        with_page("", async |page| careless(page, seed, seconds).await).await?;
    }
    Ok(())
}

async fn careless(page: &Page, seed: u64, seconds: u64) -> Result<()> {
    let mut draw = Draw::new(seed, 0x6d0_4e79);
    let began = Instant::now();
    let (mut done, mut refused) = (0, 0);
    let mut last = String::new();
    while began.elapsed() < Duration::from_secs(seconds) || done < LEAST_DEEDS {
        let deed = act(page, &mut draw).await;
        done += 1;
        // An action may well be refused.
        refused += u32::from(deed.is_err());
        last = deed.unwrap_or_else(|refused| format!("{refused:#}"));
        if done % LOOK_EACH == 0 {
            look(page).await.with_context(|| format!("seed {seed}, deed {done}: {last}"))?;
        }
        if done % REPLAY_EACH == 0 {
            replays(page).await.with_context(|| format!("seed {seed}, deed {done}: {last}"))?;
        }
    }
    look(page).await.with_context(|| format!("seed {seed}, at the end: {last}"))?;
    replays(page).await.with_context(|| format!("seed {seed}, after {done} deeds"))?;
    let succeeded = done - refused;
    ensure!(
        succeeded * 2 >= done,
        "seed {seed}: of {done} deeds only {succeeded} were not refused; the last: {last}"
    );
    Ok(())
}

/// The runs of this test: seed and seconds.
fn sent() -> Result<Vec<(u64, u64)>> {
    let Ok(wanted) = env::var("MONKEY") else { return Ok(USUAL.to_vec()) };
    let (seed, seconds) = wanted.split_once(',').context("MONKEY is SEED,SECONDS")?;
    Ok(vec![(seed.parse()?, seconds.parse()?)])
}

/// Takes a random action, and returns a description of it.
async fn act(page: &Page, draw: &mut Draw) -> Result<String> {
    match draw.below(12) {
        0..=2 => press_something(page, draw).await,
        3 | 4 => keys(page, draw).await,
        5 => drag(page, draw).await,
        6 | 7 => say(page, draw).await,
        8 => Ok(call(page, draw, &["play()", "play(60)", "pause()", "step(1)", "step(-3)"]).await?),
        9 => {
            let to = draw.below(20_000);
            page.eval(&format!("quorumscope.seek({to})")).await?;
            Ok(format!("seek {to}"))
        }
        10 => choose(page, draw).await,
        _ => seldom(page, draw).await,
    }
}

/// Clicks on something that can be pressed.
async fn press_something(page: &Page, draw: &mut Draw) -> Result<String> {
    let (css, which) = (draw.of(&THINGS), draw.below(1_000));
    let place = page
        .eval(&format!(
            "(all => {{ if (!all.length) return null; const b = all[{which} % all.length].getBoundingClientRect();
                return {{x: b.x + b.width / 2, y: b.y + b.height / 2}}; }})\
             ([...document.querySelectorAll({})].filter(e => e.checkVisibility() && e.type !== 'file'))",
            json!(css)
        ))
        .await?;
    let at = Point {
        x: place["x"].as_f64().with_context(|| format!("no {css}"))?,
        y: place["y"].as_f64().context("a place has two coordinates")?,
    };
    page.drag(at, at).await?;
    Ok(format!("{css} at {at:?}"))
}

async fn keys(page: &Page, draw: &mut Draw) -> Result<String> {
    let times = 1 + draw.below(4);
    let key = if draw.one_in(2) { char::from(draw.of(&KEYS)) } else { draw.of(&LETTERS) };
    let held: &[Key] = draw.of(&[&[], &[], &[], &[Key::Control], &[Key::Shift]]);
    for _ in 0..times {
        page.chord(held, key).await?;
    }
    Ok(format!("{times} times {key:?} with {held:?}"))
}

async fn drag(page: &Page, draw: &mut Draw) -> Result<String> {
    let mut place = || Point { x: f64::from(draw.below(1_280)), y: f64::from(draw.below(800)) };
    let (from, to) = (place(), place());
    page.drag(from, to).await?;
    Ok(format!("drag {from:?} {to:?}"))
}

/// Enters words in the console that may form a statement.
async fn say(page: &Page, draw: &mut Draw) -> Result<String> {
    let count = 1 + draw.below(4);
    let words: Vec<&str> = (0..count).map(|_| draw.of(&WORDS)).collect();
    let line = words.join(" ");
    page.press('/').await?;
    page.eval("document.querySelector('#console').focus()").await?;
    for letter in line.chars() {
        page.press(letter).await?;
    }
    page.press(draw.of(&[Key::Enter, Key::Enter, Key::Tab, Key::Escape])).await?;
    Ok(line)
}

async fn call(page: &Page, draw: &mut Draw, calls: &[&str]) -> Result<String> {
    let call = draw.of(calls);
    page.eval(&format!("quorumscope.{call}, 0")).await?;
    Ok(call.to_owned())
}

/// Chooses an entry of one of the lists: cluster, comparison, speed, step or jump target.
async fn choose(page: &Page, draw: &mut Draw) -> Result<String> {
    let (list, entry) = (draw.below(100), draw.below(100));
    let chosen = page
        .eval(&format!(
            "(all => {{ const s = all[{list} % all.length]; s.value = s.options[{entry} % s.options.length].value;
                s.dispatchEvent(new Event('change', {{bubbles: true}})); return s.ariaLabel + ' ' + s.value; }})\
             ([...document.querySelectorAll('select')])"
        ))
        .await?;
    Ok(chosen.to_string())
}

async fn seldom(page: &Page, draw: &mut Draw) -> Result<String> {
    match draw.below(4) {
        0 => {
            let text = draw.of(&SCRIPTS);
            page.eval(&format!(
                "(d => {{ d.items.add(new File([{}], 'file.txt'));
                    document.dispatchEvent(new DragEvent('drop', {{dataTransfer: d, bubbles: true, cancelable: true}})); }})\
                 (new DataTransfer())",
                json!(text)
            ))
            .await?;
            Ok(format!("drop {text:?}"))
        }
        1 => {
            let (width, height) = draw.of(&SIZES);
            let size =
                json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
            page.cdp("Emulation.setDeviceMetricsOverride", size).await?;
            Ok(format!("{width} x {height}"))
        }
        2 => {
            let conditions = ["leader elected", "messages > 2", "n1 is crashed", "(( and"];
            let condition = draw.of(&conditions);
            page.eval(&format!("quorumscope.addBreakpoint({})", json!(condition))).await?;
            Ok(condition.to_owned())
        }
        _ => {
            let branch = draw.below(4);
            let deeds = ["branch", "deleteBranch"];
            page.eval(&format!("quorumscope.{}({branch})", draw.of(&deeds))).await?;
            Ok(format!("branch {branch}"))
        }
    }
}

/// Checks that the page is there, answers, and has printed nothing.
async fn look(page: &Page) -> Result<()> {
    let is_there =
        page.is_true("!!document.querySelector('.page') && quorumscope.script().length > 0");
    ensure!(
        is_there.await?,
        "the page is gone; the run was {}",
        page.link().await.unwrap_or_default()
    );
    let printed = page.console_log().await?;
    ensure!(printed.is_empty(), "it printed {printed:?}; the run is\n{}", page.script().await?);
    Ok(())
}

/// Checks that the page's script gives the same state natively, and again in the page.
async fn replays(page: &Page) -> Result<()> {
    page.call("pause()").await?;
    // After all events of this moment.
    let now = page.now().await?;
    page.eval(&format!("quorumscope.seek({now})")).await?;
    let (script, hash) = (page.script().await?, page.hash().await?);
    let run = script::parse(&script).map_err(|error| anyhow!("{error}\n{script}"))?;
    let mut session = Session::new(run);
    session.seek(Time::from_us((now * 1_000.0).round() as u64));
    let here = format!("{:016x}", session.hash());
    ensure!(here == hash, "page {hash}, native {here} at {now} ms:\n{script}");
    page.load(&script).await?;
    page.eval(&format!("quorumscope.seek({now})")).await?;
    ensure!(
        page.hash().await? == hash,
        "loaded again it comes to another state at {now} ms:\n{script}"
    );
    Ok(())
}
