//! Measures the time that people wait for the page.

use anyhow::{Context, Result, ensure};
use quorumscope_tests::page::Page;
use serde_json::Value;

/// A busy cluster.
pub const LONG_RUN: &str =
    "cluster raft nodes=5 seed=1\n@1s workload rate=200/s reads=50% keys=3\n";
/// The least number of events in the long run.
const LONG_RUN_EVENTS: f64 = 1_000_000.0;

/// Simulated events per second in WebAssembly, by the page's own hook for this program.
///
/// `window.quorumscope.bench("kernel-bare")` plays the same run as the native figure `kernel-bare`,
/// and returns events per second.
pub async fn kernel(page: &Page) -> Result<Vec<f64>> {
    page.call("pause()").await?;
    let mut samples = Vec::new();
    for _ in 0..5 {
        let rate = page.call("bench('kernel-bare')").await?.as_f64();
        samples.push(rate.context("bench tells no number")?);
    }
    Ok(samples)
}

/// Milliseconds of a seek to a random time of a long run, 95th percentile.
pub async fn seek(page: &Page) -> Result<Vec<f64>> {
    let end_ms = load_long_run(page).await?;
    let mut samples = Vec::new();
    for round in 0..3 {
        let took = page.eval(&format!("{SEEK}({round}, {end_ms})")).await?;
        let mut took: Vec<f64> =
            took.as_array().into_iter().flatten().filter_map(Value::as_f64).collect();
        ensure!(took.len() == 200, "200 seeks were measured");
        took.sort_by(f64::total_cmp);
        samples.push(took[189]);
    }
    Ok(samples)
}

/// Makes two hundred seeks to times from a simple generator, so that every measurement has the
/// same.
const SEEK: &str = "(async (round, end) => {
    let state = 12345 + round;
    const took = [];
    for (let i = 0; i < 200; i++) {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        const to = Math.floor(end * state / 4294967296);
        const began = performance.now();
        await window.quorumscope.seek(to);
        took.push(performance.now() - began);
        await new Promise(done => setTimeout(done));
    }
    return took;
})";

/// Loads a busy cluster, plays a million of its events, and returns its length in milliseconds.
async fn load_long_run(page: &Page) -> Result<u64> {
    page.load(LONG_RUN).await?;
    page.seek(20_000).await?;
    let counted = page.call("events(10000, 20000).length").await?.as_f64().unwrap_or(0.0);
    ensure!(counted > 0.0, "the run has no events");
    let end_ms = (LONG_RUN_EVENTS / counted * 10_000.0).ceil() as u64;
    page.seek(end_ms).await?;
    Ok(end_ms)
}

/// Milliseconds of the slowest of some questions at the end of a long run. Some need the last
/// moments only, others the whole run.
pub async fn why(page: &Page) -> Result<Vec<f64>> {
    load_long_run(page).await?;
    let questions = [
        "",
        "no-leader",
        "n1",
        "n2",
        "n3",
        "n4",
        "n5",
        "n1 suspects n2",
        "entry 1 at n3",
        "key x at n2",
        "c1",
        "op 1",
        "op 9000",
        "event 5",
        "event 900000",
        "m7",
        "n1-n2",
    ];
    let mut samples = Vec::new();
    for _ in 0..5 {
        let asked = serde_json::to_string(&questions)?;
        let took = page.eval(&format!("{WHY}({asked})")).await?;
        samples.push(took.as_f64().context("nothing was answered")?);
    }
    Ok(samples)
}

const WHY: &str = "(questions => Math.max(...questions.map(question => {
    const began = performance.now();
    window.quorumscope.why(question);
    return performance.now() - began;
})))";

/// Milliseconds from the click on `Crash` until the node is drawn as crashed, at the end of a run
/// of ten minutes.
pub async fn crash(page: &Page) -> Result<Vec<f64>> {
    page.load("cluster raft nodes=5 seed=1\n@1s workload rate=20/s reads=50% keys=3\n").await?;
    let mut samples = Vec::new();
    for node in ["n1", "n2", "n3", "n4", "n5", "n1", "n2", "n3", "n4"] {
        page.seek(600_000).await?;
        page.click_on(&format!("[data-node={node}]")).await?;
        page.menu_entries().await?;
        let took = page.eval(&format!("{CRASH}('{node}')")).await?;
        samples.push(took.as_f64().context("the click did nothing")?);
        page.load("cluster raft nodes=5 seed=1\n@1s workload rate=20/s reads=50% keys=3\n").await?;
    }
    Ok(samples)
}

/// Seconds from the request for the trace of a million events until the file is there.
pub async fn export(page: &Page) -> Result<Vec<f64>> {
    load_long_run(page).await?;
    page.eval(EXPORTED).await?;
    let mut samples = Vec::new();
    for _ in 0..3 {
        let took = page.eval("exported('Trace (JSON Lines)')").await?;
        samples.push(took[0].as_f64().context("nothing was exported")?);
        println!("{:.0} MB", took[1].as_f64().unwrap_or_default());
    }
    Ok(samples)
}

/// A function that chooses an entry in the list of exports. It returns the seconds until the file
/// is there, and the size of the file in megabytes.
pub const EXPORTED: &str = "(() => {
    HTMLAnchorElement.prototype.click = () => {};
    window.exported = name => new Promise((done, failed) => {
        setTimeout(() => failed(new Error('nothing is saved')), 60000);
        const began = performance.now(), make = URL.createObjectURL;
        URL.createObjectURL = file => {
            if (file.size < 1e6) return make.call(URL, file);
            URL.createObjectURL = make;
            done([(performance.now() - began) / 1000, file.size / 1e6]);
            return 'about:blank';
        };
        const button = (css, text) => [...document.querySelectorAll(css)].find(b => b.textContent === text);
        if (!document.querySelector('.exports')) button('button', 'Share').click();
        (function press() {
            const entry = button('.exports button', name);
            entry ? entry.click() : setTimeout(press);
        })();
    });
})()";

/// Milliseconds from the drop of a file with 20,000 operations of a Raft run until its verdict and
/// its lanes are drawn.
pub async fn import(page: &Page) -> Result<Vec<f64>> {
    page.call("pause()").await?;
    let file = quorumscope_core::figures::long_history(20_000).to_json_lines();
    page.eval(&format!("window.dropped = {}; null", serde_json::json!(file))).await?;
    let mut samples = Vec::new();
    for _ in 0..5 {
        let took = page.eval(IMPORT).await?;
        samples.push(took.as_f64().context("the file is not drawn")?);
        page.eval("document.querySelector('dialog [aria-label=Close]').click(); null").await?;
        page.until("it is closed", async || {
            page.is_true("!document.querySelector('dialog')").await
        })
        .await?;
    }
    Ok(samples)
}

/// Drops the file, waits for bars and a verdict in the dialog, and lets the browser lay them out.
const IMPORT: &str = "(() => new Promise((done, failed) => {
    const data = new DataTransfer();
    data.items.add(new File([window.dropped], 'run.jsonl'));
    setTimeout(() => failed(new Error('the file is not drawn')), 20000);
    const began = performance.now();
    const watch = new MutationObserver(look);
    function look() {
        if (!document.querySelector('dialog .lane-bar') || !document.querySelector('dialog .verdicts li')) return;
        watch.disconnect();
        document.body.getBoundingClientRect();
        done(performance.now() - began);
    }
    watch.observe(document.body, { subtree: true, childList: true });
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
}))()";

/// Clicks, waits until the node's accessible name says that it is down, and lets the browser lay
/// out the change.
const CRASH: &str = "(node => new Promise((done, failed) => {
    const shown = document.querySelector(`[data-node=${node}]`);
    const isDown = () => (shown.isConnected ? shown : document.querySelector(`[data-node=${node}]`))
        ?.getAttribute('aria-label')?.includes('crashed');
    const entry = [...document.querySelectorAll('[role=menuitem]')]
        .find(e => (e.ariaLabel ?? e.textContent).trim() === 'Crash');
    if (!entry) return failed(new Error('the menu has no entry Crash'));
    setTimeout(() => failed(new Error('the node is not drawn as crashed')), 20000);
    const began = performance.now();
    const watch = new MutationObserver(look);
    function look() {
        if (!isDown()) return;
        watch.disconnect();
        document.body.getBoundingClientRect();
        done(performance.now() - began);
    }
    watch.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
    entry.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }));
}))";
