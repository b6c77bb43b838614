//! Measures the main thread's work for the page, by the browser's own account (`TaskDuration`).

use std::time::Duration;

use anyhow::{Context, Result, bail};
use quorumscope_tests::elements::Role;
use quorumscope_tests::page::Page;
use serde_json::{Value, json};

/// The number of samples for each figure, and the length of each.
const SAMPLES: usize = 5;
const WATCH: Duration = Duration::from_secs(4);

/// The time for which the page is left alone before it is measured.
const SETTLE: Duration = Duration::from_secs(3);

/// The number of messages that must be in flight for the figure `crowd`.
const CROWD: usize = 300;

/// Seconds of main thread per second, while the default cluster plays.
pub async fn playing(page: &Page) -> Result<Vec<f64>> {
    watch(page, per_second).await
}

/// The same with the space-time diagram and the operations panel open.
pub async fn playing_open(page: &Page) -> Result<Vec<f64>> {
    if page.elements(".dg").await?.is_empty() {
        page.press_button("Panels under the stage").await?;
    }
    page.control(Role::Tab, "Operations").await?.click().await?;
    page.run("workload rate=20/s").await?;
    page.until("the diagram is open", async || Ok(!page.elements(".dg-tile").await?.is_empty()))
        .await?;
    if !page.is_true("window.quorumscope.state().playing").await? {
        bail!("it does not play");
    }
    watch(page, per_second).await
}

/// Seconds of main thread per second, while the run is paused.
pub async fn paused(page: &Page) -> Result<Vec<f64>> {
    page.seek(3_000).await?;
    page.call("pause()").await?;
    watch(page, per_second).await
}

/// Milliseconds of main thread per frame, with 25 nodes and at least 300 messages in flight.
pub async fn crowd(page: &Page) -> Result<Vec<f64>> {
    load_crowd(page).await?;
    page.eval(
        "window.frames = 0; \
         (function count() { window.frames++; requestAnimationFrame(count); })(); null",
    )
    .await?;
    page.call("play(1)").await?;
    let samples = watch(page, per_frame).await?;
    let in_flight = messages(page).await?;
    if in_flight < CROWD * 9 / 10 {
        bail!("only {in_flight} messages were left in flight");
    }
    Ok(samples)
}

/// Loads twenty-five nodes whose links are slow enough to keep that many messages in flight.
async fn load_crowd(page: &Page) -> Result<()> {
    for latency in (300..=3_000).step_by(150) {
        page.load(&format!(
            "cluster raft nodes=25 seed=1 latency={latency}ms heartbeat=50ms election=9s..12s\n\
             @0s workload rate=20/s reads=50% keys=3\n"
        ))
        .await?;
        page.seek(45_000).await?;
        if messages(page).await? >= CROWD {
            return Ok(());
        }
    }
    bail!("no latency holds {CROWD} messages in flight")
}

async fn messages(page: &Page) -> Result<usize> {
    Ok(page.cluster().await?["messages"].as_array().map_or(0, Vec::len))
}

/// The browser's account at one moment.
struct Account {
    /// Seconds since some fixed moment.
    at: f64,
    /// Seconds that tasks of the main thread have taken, in real time.
    worked: f64,
    /// Seconds of processor time of the main thread. It is less if other programs need the
    /// processor too.
    processor: f64,
    /// The number of frames that were drawn, if they are counted.
    frames: f64,
}

fn per_second(before: &Account, after: &Account) -> f64 {
    (after.worked - before.worked) / (after.at - before.at)
}

fn per_frame(before: &Account, after: &Account) -> f64 {
    1_000.0 * (after.worked - before.worked) / (after.frames - before.frames).max(1.0)
}

async fn watch(page: &Page, cost: fn(&Account, &Account) -> f64) -> Result<Vec<f64>> {
    page.cdp("Performance.enable", json!({})).await?;
    tokio::time::sleep(SETTLE).await;
    let mut samples = Vec::new();
    let mut processor = 0.0;
    for _ in 0..SAMPLES {
        let before = account(page).await?;
        tokio::time::sleep(WATCH).await;
        let after = account(page).await?;
        samples.push(cost(&before, &after));
        processor += (after.processor - before.processor) / (after.at - before.at);
    }
    println!("of this, processor time a second: {:.4} s", processor / SAMPLES as f64);
    Ok(samples)
}

async fn account(page: &Page) -> Result<Account> {
    let frames = page.eval("window.frames ?? 0").await?.as_f64().unwrap_or(0.0);
    let metrics = page.cdp("Performance.getMetrics", json!({})).await?;
    Ok(Account {
        at: metric(&metrics, "Timestamp")?,
        worked: metric(&metrics, "TaskDuration")?,
        processor: metric(&metrics, "ThreadTime")?,
        frames,
    })
}

fn metric(metrics: &Value, name: &str) -> Result<f64> {
    let all = metrics["metrics"].as_array().into_iter().flatten();
    let value =
        all.filter(|metric| metric["name"] == name).find_map(|metric| metric["value"].as_f64());
    value.with_context(|| format!("the browser does not tell {name}"))
}
