//! Verdicts in words, on the lanes, on the stage and on the scrubber, wherever the playhead goes.
//! The judges run in a worker.

use anyhow::Result;
use quorumscope_tests::elements::{Role, strings};
use quorumscope_tests::fixture::{with_browser, with_page};
use quorumscope_tests::page::Page;
use serde_json::{Value, json};

/// A write is acknowledged although two replicas never got it. Then the replica that has it becomes
/// unreachable.
const STALE: &str = "cluster write-all\n@0.1s c1 set x 1\n@0.5s partition n1 c1 | n2 n3 c2\n\
                     @0.6s c1 set x 2\n@2s c2 get x\n";

async fn show(page: &Page) -> Result<()> {
    Ok(page.control(Role::Tab, "Operations").await?.click().await?)
}

async fn count(page: &Page, css: &str) -> Result<usize> {
    Ok(page.elements(css).await?.len())
}

async fn verdict(page: &Page, property: &str) -> Result<Value> {
    let all = page.call("verdict()").await?;
    let one = all.as_array().into_iter().flatten().find(|v| v["property"] == property);
    Ok(one.cloned().unwrap_or_default())
}

#[tokio::test]
async fn a_stale_read_is_named_everywhere_and_only_after_it_happened() -> Result<()> {
    with_page("", async |page| {
        page.load(STALE).await?;
        page.seek(3_000).await?;
        show(page).await?;
        let sentence = "Stale read (linearizability of x is broken): c2 read \"1\" at 2.50 s, \
            though c1's write of \"2\" had returned at 1.10 s";
        page.until("the sentence stands there", async || {
            let text = page.eval("document.querySelector('.violated')?.innerText ?? ''").await?;
            Ok(text.as_str().is_some_and(|text| text.contains(sentence)))
        })
        .await?;
        let linearizable = verdict(page, "linearizable").await?;
        assert_eq!(
            (&linearizable["holds"], &linearizable["text"]),
            (&json!(false), &json!(sentence))
        );
        assert_eq!(linearizable["at"].as_f64().map(f64::round), Some(2_500.0));
        assert_eq!(count(page, ".lane-bar.at-fault").await?, 3, "on the lanes");
        assert_eq!(count(page, "[data-client].at-fault").await?, 2, "on the stage");
        assert!(page.name_of("[data-client=c2]").await?.contains("at fault"));
        assert_eq!(count(page, ".scrubber .at-fault").await?, 1, "on the scrubber");
        let headline = page.eval("document.querySelector('.say .at-fault').innerText").await?;
        assert_eq!(headline, format!("\u{2717} {sentence}. Why?"));
        assert!(
            page.element(".say .ask")
                .await?
                .attr("aria-label")
                .await?
                .is_some_and(|name| name.ends_with("why op 3"))
        );

        // Before it happened nothing was wrong. The scrubber shows it all the same.
        page.seek(1_900).await?;
        page.until("nothing is wrong", async || {
            Ok(count(page, ".violated").await? == 0
                && count(page, "[data-client].at-fault").await? == 0)
        })
        .await?;
        assert_eq!(verdict(page, "linearizable").await?["holds"], true);
        assert_eq!(count(page, ".scrubber .at-fault").await?, 1);
        assert_eq!(count(page, ".say .at-fault").await?, 0, "at the top");

        // On a branch in which it does not happen, it is not shown.
        page.run("heal").await?;
        page.seek(2_600).await?;
        page.until("nothing is wrong on the branch", async || {
            Ok(count(page, ".violated").await? == 0
                && count(page, ".scrubber .at-fault").await? == 0)
        })
        .await
    })
    .await
}

#[tokio::test]
async fn every_property_has_a_verdict() -> Result<()> {
    with_page("", async |page| {
        page.load("cluster raft nodes=5 seed=7\n@1s c1 set x 1\n@2s c2 get x\n").await?;
        page.seek(4_000).await?;
        let properties = [
            "linearizable",
            "read your writes",
            "monotonic reads",
            "monotonic writes",
            "writes follow reads",
            "no acknowledged write lost",
            "replicas converge",
            "election safety",
            "leader append-only",
            "log matching",
            "leader completeness",
            "state machine safety",
            "persistence",
        ];
        for property in properties {
            assert_eq!(verdict(page, property).await?["holds"], true, "{property}");
        }
        page.run("crash n3").await?;
        page.seek(5_000).await?;
        let open = verdict(page, "replicas converge").await?;
        assert_eq!(
            (&open["holds"], &open["text"]),
            (&Value::Null, &json!("not judged while n3 is crashed"))
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_violation_is_told_to_listeners() -> Result<()> {
    with_page("", async |page| {
        page.load(STALE).await?;
        page.eval(
            "window.heard = []; \
             window.quorumscope.on('violation', v => window.heard.push(v.property)); null",
        )
        .await?;
        page.seek(3_000).await?;
        page.until("it is told", async || {
            Ok(page.eval("window.heard").await? == json!(["linearizable"]))
        })
        .await
    })
    .await
}

#[tokio::test]
async fn lanes_are_operable_by_keyboard_and_lead_to_their_moment() -> Result<()> {
    with_page("", async |page| {
        page.load("cluster raft nodes=3 seed=7\n@1s c1 set x 1\n@1.5s c2 get x\n@2s c1 get x\n").await?;
        page.seek(3_000).await?;
        show(page).await?;
        page.until("three bars with points", async || {
            Ok(count(page, ".lane-bar").await? == 3 && count(page, ".lane-bar .point").await? == 3)
        })
        .await?;
        let press = |key: &str| {
            format!("document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {{ key: '{key}', bubbles: true, cancelable: true }})); null")
        };
        let focused = "document.activeElement.getAttribute('aria-label') ?? ''";
        page.eval("document.querySelector(\".lane-bar[tabindex='0']\").focus(); null").await?;
        assert_eq!(count(page, ".lane-bar[tabindex='0']").await?, 1);
        for (key, expected) in [("ArrowLeft", "c1: set x 1, done"), ("ArrowDown", "c2: get x, read 1")] {
            page.eval(&press(key)).await?;
            page.until(key, async || {
                Ok(page.eval(focused).await?.as_str().is_some_and(|name| name.starts_with(expected)))
            })
            .await?;
        }
        page.eval(&press("Enter")).await?;
        let history = page.call("history()").await?;
        let returned = history[1]["returned"].as_f64();
        page.until("the playhead is at its return", async || Ok(Some(page.now().await?) == returned))
            .await
    })
    .await
}

#[tokio::test]
async fn the_judges_sit_in_a_worker_under_any_path() -> Result<()> {
    with_browser(async |site, browser| {
        let page = browser.open(&site.url_below()).await?;
        page.load(STALE).await?;
        page.seek(3_000).await?;
        page.until("it is marked", async || Ok(count(&page, "[data-client].at-fault").await? == 2))
            .await?;
        let targets = page.cdp("Target.getTargets", json!({})).await?;
        let targets = targets["targetInfos"].as_array().cloned().unwrap_or_default();
        let workers = targets.iter().filter(|t| t["type"] == "worker").count();
        assert_eq!(workers, 1, "{targets:?}");
        // Its modules were not fetched anew.
        let fetched = "performance.getEntriesByType('resource').map(e => e.name) \
                       .filter(name => name.endsWith('.wasm')).sort()";
        let fetched = strings(&page.eval(fetched).await?);
        assert!(fetched.windows(2).all(|pair| pair[0] != pair[1]), "{fetched:?}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn without_workers_the_same_is_said() -> Result<()> {
    with_browser(async |site, browser| {
        let page = browser.open(&site.url()).await?;
        // The worker is started when it is first needed.
        page.eval("window.Worker = undefined; null").await?;
        page.load(STALE).await?;
        page.seek(3_000).await?;
        page.until("it is marked", async || Ok(count(&page, "[data-client].at-fault").await? == 2))
            .await?;
        page.seek(1_900).await?;
        page.until("it is not yet", async || Ok(count(&page, "[data-client].at-fault").await? == 0))
            .await
    })
    .await
}

/// Before the first request there is nothing to judge. A violation that was found later stays
/// known.
#[tokio::test]
async fn a_violation_that_was_found_stays_known() -> Result<()> {
    with_page("", async |page| {
        page.load(STALE).await?;
        page.seek(3_000).await?;
        page.until("it is seen", async || Ok(count(page, ".scrubber .at-fault").await? == 1)).await?;
        page.seek(10).await?;
        page.until("it is judged", async || page.is_true("(async () => (await window.quorumscope.verdict()).every(v => v.holds !== false))()").await).await?;
        tokio::time::sleep(std::time::Duration::from_millis(400)).await;
        assert_eq!(count(page, ".scrubber .at-fault").await?, 1);
        page.press('v').await?;
        page.until("the key leads to it", async || Ok(page.now().await? > 10.0)).await?;
        assert_eq!(page.live().await?.iter().filter(|l| l.contains("No violation")).count(), 0);
        Ok(())
    })
    .await
}
