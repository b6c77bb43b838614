//! Measures how long the page does not respond: the longest task of the main thread during long
//! work on a long run.

use anyhow::{Context, Result};
use quorumscope_tests::page::Page;

use super::latency::{EXPORTED, LONG_RUN};

/// Milliseconds of the longest task while a run of a million events is simulated, sought through,
/// judged, and exported.
pub async fn longest(page: &Page) -> Result<Vec<f64>> {
    page.call("pause()").await?;
    page.eval(WATCH).await?;
    page.eval(EXPORTED).await?;
    page.load(LONG_RUN).await?;
    let mut samples = Vec::new();
    for (what, work) in WORK {
        page.eval("new Promise(done => setTimeout(done, 500))").await?;
        let took = page.eval(&format!("watched({work})")).await?;
        let [all, longest] = [0, 1].map(|place| took[place].as_f64());
        let (all, longest) =
            (all.context("it took no time")?, longest.context("nothing was seen")?);
        println!("{what}: {:.2} s, the longest task {longest:.1} ms", all / 1_000.0);
        samples.push(longest);
    }
    // The figure is the worst of them.
    Ok(vec![samples.into_iter().fold(0.0, f64::max)])
}

/// The work that is measured: its name, and a function that does it. The judges follow the
/// playhead; they are done when their worker has had no open request for a while.
const WORK: [(&str, &str); 5] = [
    ("simulated for the first time", "() => quorumscope.seek(END)"),
    ("judged at its end", "() => judged()"),
    (
        "sought through",
        "async () => { for (const part of [0.3, 0.9, 0.1, 0.6, 1]) { await quorumscope.seek(END * part); await new Promise(done => setTimeout(done, 100)); } }",
    ),
    ("exported as JSON Lines", "() => exported('Trace (JSON Lines)')"),
    ("exported for ShiViz", "() => exported('Trace for ShiViz')"),
];

/// The browser reports tasks of 50 ms or more. A browser without that is measured by messages that
/// the page sends to itself, which come back as fast as tasks allow.
const WATCH: &str = "(() => {
    window.END = 840000;
    const ping = new MessageChannel();
    let last = 0, longest = 0, on = false, told = [];
    new PerformanceObserver(list => told.push(...list.getEntries().map(entry => entry.duration)))
        .observe({ type: 'longtask' });
    ping.port1.onmessage = () => {
        const now = performance.now();
        longest = Math.max(longest, now - last);
        last = now;
        if (on) ping.port2.postMessage(null);
    };
    window.watched = async work => {
        const began = performance.now();
        [last, longest, on, told] = [began, 0, true, []];
        ping.port2.postMessage(null);
        await work();
        const took = performance.now() - began;
        await new Promise(done => setTimeout(done, 100));
        on = false;
        return [took, Math.max(...told, Math.min(longest, 50))];
    };
    let asked = 0;
    const post = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (...message) {
        asked++;
        this.addEventListener('message', () => asked = 0, { once: true });
        return post.apply(this, message);
    };
    window.judged = async () => {
        for (let free = 0; free < 6; free = asked ? 0 : free + 1) {
            await new Promise(done => setTimeout(done, 50));
        }
    };
})()";
