//! A reload, leaving the page and coming back lose nothing of a run.

use anyhow::Result;
use quorumscope_tests::fixture::{with_browser, with_page};
use quorumscope_tests::page::Page;

const RUN: &str = "cluster raft seed=7\n@1s crash n1\n@2s c1 set x 1\n";

/// Waits until the page is ready after a reload.
async fn ready(page: &Page) -> Result<()> {
    page.until("the page is there again", async || {
        page.is_true(
            "!!window.quorumscope?.ready && document.querySelector('[data-node]') !== null",
        )
        .await
    })
    .await?;
    page.call("ready").await?;
    Ok(())
}

async fn kept(page: &Page) -> Result<()> {
    let now = page.now().await?;
    let is_kept =
        format!("JSON.parse(history.state?.['quorumscope-run'] ?? '{{}}').now_us === {now} * 1000");
    page.until("it is kept", async || page.is_true(&is_kept).await).await
}

#[tokio::test]
async fn a_reload_brings_the_run_its_branches_and_the_moment_back() -> Result<()> {
    with_page("", async |page| {
        page.load(RUN).await?;
        page.seek(5_000).await?;
        page.seek(2_500).await?;
        page.run("restart n1").await?;
        page.seek(3_250).await?;
        let (script, hash, branches) =
            (page.script().await?, page.hash().await?, page.call("branches()").await?);
        kept(page).await?;
        page.client().refresh().await?;
        ready(page).await?;
        assert_eq!(page.now().await?, 3_250.0);
        assert_eq!(page.hash().await?, hash);
        let statements = |s: &str| {
            s.lines().filter(|l| !l.contains(" show")).map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(statements(&page.script().await?), statements(&script));
        let names = |b: &serde_json::Value| -> Vec<String> {
            b.as_array().into_iter().flatten().map(|b| b["name"].to_string()).collect()
        };
        assert_eq!(names(&page.call("branches()").await?), names(&branches));
        page.call("branch(0)").await?;
        page.seek(5_000).await?;
        assert!(!page.script().await?.contains("restart"));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn going_back_and_coming_again_lose_nothing() -> Result<()> {
    with_browser(async |site, browser| {
        let page = browser.open(&format!("{}#v1+cluster+raft+seed=3", site.url())).await?;
        page.load(RUN).await?;
        page.seek(4_000).await?;
        let hash = page.hash().await?;
        kept(&page).await?;
        page.client().goto("about:blank").await?;
        page.client().back().await?;
        ready(&page).await?;
        assert_eq!((page.now().await?, page.hash().await?), (4_000.0, hash.clone()));

        // A new visit starts anew, and offers the run of the last one.
        let page = browser.open(&site.url()).await?;
        page.call("pause()").await?;
        page.press_button("Open the run you left").await?;
        page.until("it is there", async || Ok(page.hash().await? == hash)).await?;
        assert_eq!(page.now().await?, 4_000.0);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_is_left_can_be_forgotten() -> Result<()> {
    with_browser(async |site, browser| {
        let page = browser.open(&site.url()).await?;
        page.load(RUN).await?;
        page.seek(4_000).await?;
        kept(&page).await?;
        let page = browser.open(&site.url()).await?;
        page.press_button("Forget the run you left").await?;
        let page = browser.open(&site.url()).await?;
        let offers = "document.querySelector('.offers').textContent";
        assert_eq!(page.eval(offers).await?, "");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_link_that_shows_a_moment_plays_from_the_start_in_one_press() -> Result<()> {
    for search in ["", "?embed"] {
        let link = format!("{search}#v1+cluster+raft+seed=7;@1s+crash+n1;@2s+show");
        with_page(&link, async |page| {
            assert_eq!(page.now().await?, 2_000.0);
            page.press_button("Play from the start").await?;
            assert!(page.now().await? < 2_000.0);
            assert_eq!(page.state().await?["playing"], true);
            page.until("it plays", async || Ok(page.now().await? > 100.0)).await?;
            page.call("pause()").await?;
            assert_eq!(page.eval("document.querySelector('.offers').textContent").await?, "");
            Ok(())
        })
        .await?;
    }
    Ok(())
}
