//! Long runs, far seeks, calls inside of others, and input beyond sensible limits.

use anyhow::{Context as _, Result};
use quorumscope_tests::fixture::with_page;
use quorumscope_tests::page::Page;
use serde_json::Value;

/// A run with as many events as possible.
const HEAVY: &str = "cluster raft nodes=25 clients=20 seed=3\n@0s workload rate=1000/s keys=5\n";
/// A link to its state after a day.
const FAR: &str = "#v1+cluster+raft+nodes=5+clients=20;@0s+workload+rate=1000/s;@1440m+show";
/// The most memory that the page may take, in bytes.
const MOST: f64 = 512.0 * 1_048_576.0;

async fn text(page: &Page, expression: &str) -> Result<String> {
    let text = page.eval(expression).await?;
    Ok(text.as_str().context("a text")?.to_owned())
}

async fn memory(page: &Page) -> Result<f64> {
    page.call("bench('memory')").await?.as_f64().context("a number")
}

/// The result of a promise, as text.
async fn ended(page: &Page, promise: &str) -> Result<String> {
    let ended = format!(
        "(async () => {{ try {{ await ({promise}); return 'there' }} catch (e) {{ return e.message }} }})()"
    );
    text(page, &ended).await
}

async fn is_well(page: &Page) -> Result<()> {
    assert!(page.is_true("!document.querySelector('main.crash')").await?, "it has not stopped");
    Ok(())
}

#[tokio::test]
async fn a_link_to_a_far_moment_is_never_blank_and_can_be_stopped() -> Result<()> {
    with_page(FAR, async |page| {
        page.until("the stage is there", async || {
            page.is_true("!!document.querySelector('[data-node=n1]')").await
        })
        .await?;
        page.until("a bar says how far it is", async || {
            page.is_true("!!document.querySelector('.making progress')").await
        })
        .await?;
        // The longest time in two seconds during which nothing else could run.
        let longest = page
            .eval(
                "new Promise(done => { let last = performance.now(), most = 0; const end = last + 2000; \
                 const tick = () => { const now = performance.now(); most = Math.max(most, now - last); \
                 last = now; now < end ? setTimeout(tick) : done(most); }; tick(); })",
            )
            .await?;
        assert!(longest.as_f64().context("a number")? < 1_000.0, "{longest}");
        let before = page.now().await?;
        page.until("it goes on", async || Ok(page.now().await? > before)).await?;
        page.eval(
            "[...document.querySelectorAll('button')].find(b => b.textContent === 'Stop here').click()",
        )
        .await?;
        page.until("the bar is gone", async || {
            page.is_true("!document.querySelector('.making progress')").await
        })
        .await?;
        let stopped = page.now().await?;
        assert!(stopped < 1_440.0 * 60_000.0 && page.state().await?["playing"] == false);
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        assert_eq!(page.now().await?, stopped);
        page.seek(1_000).await?;
        assert_eq!(page.now().await?, 1_000.0);
        is_well(page).await
    })
    .await
}

#[tokio::test]
async fn a_promise_is_kept_only_where_the_playhead_stands_there() -> Result<()> {
    with_page("", async |page| {
        page.load(HEAVY).await?;
        let both = ended(
            page,
            "(async () => { const far = quorumscope.seek(3600000).then(() => 'far', e => e.message); \
             await quorumscope.seek(1000); const now = quorumscope.now(); \
             throw Error(`${now}; ${await far}`); })()",
        )
        .await?;
        assert!(both.starts_with("1000; ") && both.contains("did not get there"), "{both}");
        let step = ended(
            page,
            "(async () => { const far = quorumscope.step(5000000).then(() => 'far', e => e.message); \
             await new Promise(r => setTimeout(r, 600)); \
             const bar = !!document.querySelector('.making progress'); \
             await quorumscope.seek(2000); throw Error(`${bar}; ${await far}`); })()",
        )
        .await?;
        assert!(step.starts_with("true; ") && step.contains("did not get there"), "{step}");
        // There and back again.
        page.seek(2_000).await?;
        let before = (page.now().await?, page.hash().await?);
        page.call("step(30000)").await?;
        let on = page.now().await?;
        page.call("step(-30000)").await?;
        assert!(on > before.0);
        page.call("step(1)").await?;
        page.call("step(-1)").await?;
        page.seek(2_000).await?;
        assert_eq!((page.now().await?, page.hash().await?), before);
        is_well(page).await
    })
    .await
}

#[tokio::test]
async fn listeners_may_call_whatever_there_is() -> Result<()> {
    with_page("", async |page| {
        let two = "cluster raft nodes=3 seed=1\\ncluster raft nodes=5 seed=1\\n@1s crash n1";
        for call in [
            "q.load('cluster raft nodes=3 seed=5')",
            "q.seek(10)",
            "q.play(10)",
            "q.run('crash n2')",
            "q.step(-1)",
            "q.load('cluster quorum seed=5\\n@2s show')",
        ] {
            page.call("pause()").await?;
            let said = text(
                page,
                &format!(
                    "(async () => {{ const q = quorumscope; await q.load('{two}'); q.pause(); \
                     let said = 'nothing', once = true; \
                     const stop = q.on('event', () => {{ if (once) {{ once = false; \
                       try {{ {call}; said = 'done' }} catch (e) {{ said = e.message }} }} }}); \
                     await q.seek(1500).catch(() => {{}}); stop(); q.pause(); return said; }})()"
                ),
            )
            .await?;
            assert_eq!(said, "done", "{call}");
            is_well(page).await?;
            assert!(page.state().await?["clusters"].is_array(), "{call}");
        }
        // A listener that makes a change for each change does not block the page.
        page.eval(
            "(window.told = 0, window.stop = quorumscope.on('change', () => \
             { window.told++; quorumscope.load('cluster raft nodes=3') }), quorumscope.run('crash n1'))",
        )
        .await?;
        page.until("it is told again", async || page.is_true("window.told > 3").await).await?;
        page.eval("(window.stop(), 0)").await?;
        is_well(page).await
    })
    .await
}

#[tokio::test]
async fn no_error_repeats_a_megabyte() -> Result<()> {
    with_page("", async |page| {
        for call in ["export('x'.repeat(1e6))", "svg('x'.repeat(1e6))", "step(1, 'x'.repeat(1e6))"]
        {
            let said = ended(page, &format!("(async () => quorumscope.{call})()")).await?;
            assert!(said.len() < 400 && said.contains("xxx"), "{}", said.len());
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_can_be_undone_is_kept_within_the_budget() -> Result<()> {
    with_page("", async |page| {
        let mut hashes: Vec<Value> = Vec::new();
        for seed in 1..=14 {
            let script = format!("{}@20s show\n", HEAVY.replace("seed=3", &format!("seed={seed}")));
            page.load(&script).await?;
            assert_eq!(page.now().await?, 20_000.0);
            hashes.push(page.hash().await?.into());
            let taken = memory(page).await?;
            assert!(taken < MOST, "{taken} after {seed}");
        }
        let last = page.hash().await?;
        page.press_button("Undo").await?;
        let before = hashes[12].as_str().context("a hash")?.to_owned();
        page.until("the one before is there again", async || {
            Ok(page.now().await? == 20_000.0 && page.hash().await? == before)
        })
        .await?;
        page.press_button("Redo").await?;
        page.until("and the last", async || Ok(page.hash().await? == last)).await?;
        is_well(page).await
    })
    .await
}

#[tokio::test]
async fn a_run_that_goes_on_keeps_within_the_budget_and_stays_the_same_run() -> Result<()> {
    with_page("", async |page| {
        page.load(HEAVY).await?;
        page.seek(10_000).await?;
        let early = page.hash().await?;
        for minute in [2, 5, 8] {
            page.seek(minute * 60_000).await?;
            let taken = memory(page).await?;
            assert!(taken < MOST, "{taken} after {minute} minutes");
        }
        page.seek(10_000).await?;
        assert_eq!(page.hash().await?, early);
        let told = page.call("events(9990, 10000).length").await?;
        assert!(told.as_u64().context("a number")? > 0);
        page.call("play(1)").await?;
        let from = page.now().await?;
        page.until("it plays on", async || Ok(page.now().await? > from + 200.0)).await?;
        is_well(page).await
    })
    .await
}
