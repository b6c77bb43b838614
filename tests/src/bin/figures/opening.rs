//! How long a person waits for the first picture.

use anyhow::{Context, Result};
use quorumscope_tests::page::Page;
use serde_json::json;

/// How often the page is opened.
const SAMPLES: usize = 5;

/// Seconds from opening the page, with nothing of it cached, until the browser first shows something:
/// the page is empty until the running cluster is drawn on it.
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

/// Milliseconds since the navigation began; the stage must be what was shown.
const SHOWN: &str = "new Promise((done, failed) => {
    setTimeout(() => failed(new Error('nothing is shown')), 20000);
    (function look() {
        const [first] = performance.getEntriesByName('first-contentful-paint');
        if (first && document.querySelector('[data-node]')) done(first.startTime);
        else setTimeout(look, 20);
    })();
})";
