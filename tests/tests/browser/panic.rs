//! Should the program ever panic, the page says so and the run is not lost.

use anyhow::{Context as _, Result};
use quorumscope_core::script::{link, print};
use quorumscope_tests::fixture::with_page;

#[tokio::test]
async fn a_panic_leaves_a_page_that_offers_the_link_of_the_run() -> Result<()> {
    leaves_the_link("panic", "a test asked for a panic").await
}

#[tokio::test]
async fn a_panic_in_the_middle_of_something_does_too() -> Result<()> {
    leaves_the_link("panic-inside", "in the middle of something").await
}

#[tokio::test]
async fn so_does_a_program_that_has_no_memory_left() -> Result<()> {
    leaves_the_link("exhaust", "memory").await
}

/// The program ends in that way, with the focus somewhere and time running, and the page that is left
/// says why and has the link.
async fn leaves_the_link(way: &str, why: &str) -> Result<()> {
    with_page("", async |page| {
        page.load(super::RAFT).await?;
        page.seek(1_500).await?;
        page.run("crash n1").await?;
        page.eval("document.querySelector('[data-node=n2]').focus()").await?;
        page.call("play(1)").await?;
        // Nobody catches it, as in a page.
        page.eval(&format!("(setTimeout(() => window.quorumscope.bench('{way}')), 0)")).await?;
        page.until("the page says so", async || {
            page.is_true("!!document.querySelector('main[role=alert]')").await
        })
        .await?;
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        let shown = page.eval("document.querySelector('main[role=alert]').textContent").await?;
        let shown = shown.as_str().context("a text")?;
        assert!(shown.contains("Quorumscope has stopped") && shown.contains(why), "{shown}");
        assert!(
            page.is_true("document.querySelector('.page').getClientRects().length == 0").await?
        );
        let href = page.eval("document.querySelector('main[role=alert] a').href").await?;
        let run = link::decode(href.as_str().context("a link")?)?.run;
        assert!(print(&run).contains("@1.5s crash n1"), "{}", print(&run));
        Ok(())
    })
    .await
}
