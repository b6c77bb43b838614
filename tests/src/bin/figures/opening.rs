//! Measures the time until the first picture, here and on a slow network.

use anyhow::{Context, Result};
use quorumscope_tests::browser::{Browser, Record};
use quorumscope_tests::page::Page;
use quorumscope_tests::site::Site;
use serde_json::json;

/// The number of times that the page is opened.
const SAMPLES: usize = 5;

/// Seconds from opening the page, with an empty cache, until the browser first paints: the markup of
/// `index.html`, which the program then replaces.
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

/// A network, and how much slower than this machine the processor is.
#[derive(Clone, Copy, Debug)]
pub struct Slow {
    bits_per_second: f64,
    latency_ms: u32,
}

/// A telephone in the country.
pub const SLOW: Slow = Slow { bits_per_second: 1_600_000.0, latency_ms: 150 };
/// A bad day.
pub const SLOWER: Slow = Slow { bits_per_second: 400_000.0, latency_ms: 400 };

/// How much slower the processor is made.
const PROCESSOR: u32 = 4;
/// How often the page is opened on a slow network.
const FEW: usize = 3;

/// Writes down when the stage of the running program first shows something else than at first.
const MOVES: &str = "(() => {
    let first;
    (function look() {
        const arc = document.querySelector('.page:not(.came) .motion .arc');
        const now = arc && getComputedStyle(arc).strokeDashoffset + arc.getAttribute('stroke-dashoffset');
        first ??= now || undefined;
        if (first && now !== first) window.movedAt = performance.now();
        else requestAnimationFrame(look);
    })();
})()";

/// Seconds from opening the page, with nothing of it cached, until the browser first shows something,
/// and until the stage moves: from a server that packs what it sends, on a slow network and a processor
/// that is four times slower.
pub async fn on_slow_network(slow: Slow) -> Result<(Vec<f64>, Vec<f64>)> {
    let site = Site::start_packed().await?;
    let (mut painted, mut moved) = (Vec::new(), Vec::new());
    for _ in 0..FEW {
        let browser = Browser::launch(Record::Nothing).await?;
        let page = browser.visit("about:blank").await?;
        page.cdp("Network.enable", json!({})).await?;
        page.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": MOVES })).await?;
        page.cdp("Emulation.setCPUThrottlingRate", json!({ "rate": PROCESSOR })).await?;
        let bytes = slow.bits_per_second / 8.0;
        let network = json!({
            "offline": false,
            "latency": slow.latency_ms,
            "downloadThroughput": bytes,
            "uploadThroughput": bytes,
        });
        page.cdp("Network.emulateNetworkConditions", network).await?;
        let page = browser.visit(&site.url()).await?;
        let times = page.eval(TIMES).await?;
        painted.push(times[0].as_f64().context("nothing was shown")? / 1_000.0);
        moved.push(times[1].as_f64().context("nothing moved")? / 1_000.0);
        browser.close().await?;
    }
    Ok((painted, moved))
}

/// Milliseconds until something was shown, and until the stage moved.
const TIMES: &str = "new Promise((done, failed) => {
    setTimeout(() => failed(new Error('nothing moves')), 60000);
    (function look() {
        const [first] = performance.getEntriesByName('first-contentful-paint');
        if (first && window.movedAt) done([first.startTime, window.movedAt]);
        else setTimeout(look, 50);
    })();
})";
