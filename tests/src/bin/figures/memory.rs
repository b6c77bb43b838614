//! Measures the memory of the page.

use std::time::Duration;

use anyhow::{Context, Result};
use quorumscope_tests::page::Page;
use serde_json::json;

/// The virtual time of thirty minutes at the default speed of 1/30, in milliseconds.
const VIRTUAL_MS: f64 = 60_000.0;

/// The growth of the heap in megabytes, while the default cluster plays the virtual time of thirty
/// minutes at the default speed: the program's own memory, and JavaScript's after garbage
/// collection. It plays thirty times as fast, so that it takes one minute. That does not change the
/// result: memory depends on the events, and garbage of frames is collected in either case.
pub async fn long_play(page: &Page) -> Result<Vec<f64>> {
    tokio::time::sleep(Duration::from_secs(2)).await;
    let before = heap(page).await?;
    let end = page.now().await? + VIRTUAL_MS;
    page.call("play(1)").await?;
    while page.now().await? < end {
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    Ok(vec![(heap(page).await? - before) / 1e6])
}

async fn heap(page: &Page) -> Result<f64> {
    page.cdp("HeapProfiler.collectGarbage", json!({})).await?;
    let usage = page.cdp("Runtime.getHeapUsage", json!({})).await?;
    let own = page.call("bench('memory')").await?.as_f64();
    let javascript = usage["usedSize"].as_f64();
    Ok(own.context("no memory is told")? + javascript.context("no heap is told")?)
}
