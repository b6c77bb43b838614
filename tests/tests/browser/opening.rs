//! How the page comes: first its markup, then the program for the first picture, then everything else;
//! without a network; and as one file from a disk.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};
use fantoccini::Locator;
use quorumscope_tests::browser::Browser;
use quorumscope_tests::fixture::with_browser;
use quorumscope_tests::page::Page;
use quorumscope_tests::site::{Site, dist, workspace};
use serde_json::json;

/// The sizes at which the markup is compared: a window on a desk, and a telephone.
const SIZES: [(&str, u32, u32); 2] = [("wide", 1280, 800), ("narrow", 390, 844)];
/// The second module, as the browser is told not to fetch it.
const SECOND: &str = "*split_late.wasm";

/// The page as markup, written by the same script that writes it into `index.html`.
async fn drawn(page: &Page) -> Result<String> {
    let script = fs::read_to_string(workspace().join("web/boot/first_moment.js"))?;
    let drawn = page.eval(&format!("{script}; firstMoment(document)")).await?;
    Ok(drawn.as_str().context("it is a text")?.to_owned())
}

/// Waits until the page draws what `index.html` carries at that size.
async fn draws_what_came(page: &Page, size: &str) -> Result<()> {
    let index = fs::read_to_string(dist().join("index.html"))?;
    let came = format!("class=\"page came {size}\"");
    let result = page
        .until("the page draws its first moment", async || {
            let now = drawn(page).await?;
            Ok(index.contains(&now.replacen("class=\"page came\"", &came, 1)))
        })
        .await;
    let now = drawn(page).await?;
    result.with_context(|| format!("index.html does not carry {now}"))
}

#[tokio::test]
async fn the_markup_is_what_the_program_draws() -> Result<()> {
    with_browser(async |site, browser| {
        for (size, width, height) in SIZES {
            browser.set_viewport(width, height).await?;
            let page = browser.open(&format!("{}?paused", site.url())).await?;
            draws_what_came(&page, size).await?;
        }
        Ok(())
    })
    .await
}

async fn without_second(browser: &Browser, url: &str) -> Result<Page> {
    let page = browser.visit("about:blank").await?;
    page.cdp("Network.enable", json!({})).await?;
    page.cdp("Network.setBlockedURLs", json!({"urls": [SECOND]})).await?;
    let page = browser.visit(url).await?;
    page.until("the first module draws", async || {
        page.is_true("!!document.querySelector('.page:not(.came) [data-node=n5]')").await
    })
    .await?;
    Ok(page)
}

#[tokio::test]
async fn the_first_module_alone_draws_the_same() -> Result<()> {
    with_browser(async |site, browser| {
        let page = without_second(browser, &format!("{}?paused", site.url())).await?;
        draws_what_came(&page, "wide").await
    })
    .await
}

#[tokio::test]
async fn a_click_waits_visibly_for_the_second_module_and_then_happens() -> Result<()> {
    with_browser(async |site, browser| {
        let page = without_second(browser, &site.url()).await?;
        page.client().find(Locator::Css("[data-node=n2]")).await?.click().await?;
        page.until("the page says that it waits", async || {
            page.is_true("/still loading/.test(document.querySelector('.hint').textContent)").await
        })
        .await?;
        assert!(page.elements("[role=menu]").await?.is_empty());
        page.cdp("Network.setBlockedURLs", json!({"urls": []})).await?;
        page.call("ready").await?;
        page.until("the menu of the node opens", async || {
            Ok(!page.elements("[role=menu]").await?.is_empty())
        })
        .await
    })
    .await
}

/// Clicks a node as soon as its markup is there.
const CLICK: &str = "const looks = setInterval(() => {
    const node = document.querySelector('.came.wide [data-node=n2]');
    if (!node) return;
    clearInterval(looks);
    node.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }));
    window.waited = document.documentElement.classList.contains('waits');
}, 5)";

#[tokio::test]
async fn a_click_before_the_program_is_there_happens() -> Result<()> {
    with_browser(async |site, browser| {
        let page = browser.visit("about:blank").await?;
        page.cdp("Network.enable", json!({})).await?;
        let slow = json!({"offline": false, "latency": 1_500, "downloadThroughput": -1, "uploadThroughput": -1});
        page.cdp("Network.emulateNetworkConditions", slow).await?;
        page.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": CLICK })).await?;
        let page = browser.open(&site.url()).await?;
        assert!(page.is_true("window.waited").await?, "the page says that it waits");
        page.until("the menu of the node opens", async || {
            Ok(!page.elements("[role=menu]").await?.is_empty())
        })
        .await
    })
    .await
}

#[tokio::test]
async fn a_link_names_its_preset_before_the_program_is_there() -> Result<()> {
    with_browser(async |site, browser| {
        let page = browser.visit("about:blank").await?;
        page.cdp("Network.enable", json!({})).await?;
        page.cdp("Network.setBlockedURLs", json!({"urls": ["*page_bg.wasm"]})).await?;
        let page = browser.visit(&format!("{}#v2+cluster+quorum+nodes=3;@1s+crash+n1", site.url())).await?;
        page.until("the preset's name and the first line are there", async || {
            page.is_true("document.querySelector('.came.wide .big').textContent === 'Quorums. cluster quorum nodes=3'").await
        })
        .await
    })
    .await
}

#[tokio::test]
async fn it_opens_without_a_network() -> Result<()> {
    with_browser(async |_, browser| {
        let site = Site::start().await?;
        let page = browser.open(&site.url()).await?;
        page.until("the page is kept", async || {
            page.is_true("navigator.serviceWorker.getRegistration().then(all => !!all?.active)")
                .await
        })
        .await?;
        let url = site.url();
        // The server has gone, and with it the network.
        drop(site);
        tokio::time::sleep(Duration::from_millis(200)).await;
        let page = browser.open(&url).await?;
        page.load(super::RAFT).await?;
        page.seek(1_000).await?;
        assert_eq!(page.elements("[data-node]").await?.len(), 5);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn one_file_works_from_a_disk() -> Result<()> {
    let file: PathBuf = dist().join("quorumscope.html");
    let there = "`cargo xtask dist --single-file` makes the file";
    assert!(file.is_file(), "{there}");
    with_browser(async |_, browser| {
        let page = browser.open(&format!("file://{}", file.display())).await?;
        page.load(super::RAFT).await?;
        page.seek(2_000).await?;
        assert_eq!(page.elements("[data-node]").await?.len(), 5);
        assert!(!page.leader().await?.is_empty());
        // By a worker, or by the page itself where the browser allows none to a file.
        let checked = page.call(&format!("check({})", json!(super::import::STALE))).await?;
        assert_eq!(checked["linearizable"], false);
        Ok(())
    })
    .await
}
