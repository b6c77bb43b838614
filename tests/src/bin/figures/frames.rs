//! Measures the number of frames, and the work of the main thread for each.

use std::time::Duration;

use anyhow::{Result, bail};
use quorumscope_tests::browser::Record;
use quorumscope_tests::fixture::with_browser_that;
use quorumscope_tests::page::Page;
use serde_json::Value;

/// The number of messages that must be in flight.
const MESSAGES: usize = 1_000;
/// The number of samples, and the number of frames in each.
const SAMPLES: usize = 3;

/// The time for which the page is left alone, and the time for which its frames are then counted.
const SETTLE: Duration = Duration::from_secs(3);
const WATCH_PICTURES: Duration = Duration::from_secs(6);

/// Frames per second while the default cluster plays, drawn by any thread.
pub async fn pictures() -> Result<Vec<f64>> {
    with_browser_that(Record::Pictures, async |site, browser| {
        let page = browser.open(&site.url()).await?;
        tokio::time::sleep(SETTLE + WATCH_PICTURES).await;
        let drawn = page.pictures().await?;
        let last = drawn.iter().copied().fold(0.0, f64::max);
        let seconds = 1..=WATCH_PICTURES.as_secs();
        let in_second = |ago| drawn.iter().filter(|at| ((last - **at) as u64) + 1 == ago).count();
        Ok(seconds.map(|ago| in_second(ago) as f64).collect())
    })
    .await
}

/// Milliseconds of main thread per frame, 95th percentile, with a hundred nodes and at least a
/// thousand messages in flight.
pub async fn hundred(page: &Page) -> Result<Vec<f64>> {
    page.load(
        "cluster raft nodes=100 clients=4 seed=1 latency=300ms heartbeat=50ms election=9s..12s\n\
         @0s workload rate=20/s reads=50% keys=3\n",
    )
    .await?;
    page.seek(45_000).await?;
    page.eval(WATCH).await?;
    page.call("play(0.5)").await?;
    let mut samples = Vec::new();
    for _ in 0..SAMPLES {
        let mut took: Vec<f64> = page
            .eval("window.watchFrames(240)")
            .await?
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_f64)
            .collect();
        took.sort_by(f64::total_cmp);
        if let Some(p95) = took.get(took.len() * 95 / 100) {
            samples.push(*p95);
        }
        if let (Some(middle), Some(most)) = (took.get(took.len() / 2), took.last()) {
            println!("of these the middle one {middle:.2} ms, the longest {most:.2} ms");
        }
    }
    let state = page.cluster().await?;
    let flying = state["messages"].as_array().map_or(0, Vec::len);
    if flying < MESSAGES {
        bail!("only {flying} messages were in flight");
    }
    println!("with {flying} messages in flight");
    Ok(samples)
}

/// A frame begins with its first callback. A message that is posted from there arrives after
/// callbacks, style, layout and painting.
const WATCH: &str = "(() => {
    const ask = window.requestAnimationFrame.bind(window);
    const done = new MessageChannel();
    let frame = -1, began = 0, took = [], wanted = 0, enough;
    done.port1.onmessage = () => {
        if (took.length < wanted) took.push(performance.now() - began);
        else enough?.(took);
    };
    window.requestAnimationFrame = callback => ask(at => {
        if (at !== frame) {
            frame = at;
            began = performance.now();
            done.port2.postMessage(null);
        }
        callback(at);
    });
    window.watchFrames = count => new Promise(tell => { took = []; wanted = count; enough = tell; });
})()";
