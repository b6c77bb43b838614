//! Should the program ever panic, the page says so and the run is not lost.

use anyhow::{Context as _, Result};
use quorumscope_core::script::{link, print};
use quorumscope_tests::fixture::with_page;

#[tokio::test]
async fn a_panic_leaves_a_page_that_offers_the_link_of_the_run() -> Result<()> {
    with_page("", async |page| {
        page.load(super::RAFT).await?;
        page.seek(1_500).await?;
        page.run("crash n1").await?;
        page.eval("(() => { try { window.quorumscope.bench('panic') } catch (e) { } })()").await?;
        let shown = page.eval("document.querySelector('main[role=alert]').textContent").await?;
        assert!(shown.as_str().context("a text")?.contains("Quorumscope has stopped"), "{shown}");
        let href = page.eval("document.querySelector('main[role=alert] a').href").await?;
        let run = link::decode(href.as_str().context("a link")?)?.run;
        assert!(print(&run).contains("@1.5s crash n1"), "{}", print(&run));
        Ok(())
    })
    .await
}
