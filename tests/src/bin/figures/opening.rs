//! Measures the time until the first picture.

use anyhow::{Context, Result};
use quorumscope_tests::page::Page;
use serde_json::json;

/// The number of times that the page is opened.
const SAMPLES: usize = 5;

/// Seconds from opening the page, with an empty cache, until the browser first paints. The page is
/// empty until the running cluster is drawn on it.
pub async fn first_picture(page: &Page) -> Result<Vec<f64>> {
    let url = page.client().current_url().await?.to_string();
    let mut samples = Vec::new();
    for _ in 0..SAMPLES {
        page.cdp("Network.enable", json!({})).await?;
        page.cdp("Network.clearBrowserCache", json!({})).await?;
        let again = Page::open(page.client().clone(), &url).await?;
        let shown = again.eval(SHOWN).await?.as_f64();
        samples.push(shown.context("nothing was shown")? / 1_000.0);
    }
    Ok(samples)
}

/// The first contentful paint in milliseconds since navigation. Fails if that paint has no stage.
const SHOWN: &str = "new Promise((done, failed) => {
    setTimeout(() => failed(new Error('nothing is shown')), 20000);
    (function look() {
        const [first] = performance.getEntriesByName('first-contentful-paint');
        if (first && document.querySelector('[data-node]')) done(first.startTime);
        else setTimeout(look, 20);
    })();
})";
