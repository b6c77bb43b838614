//! After a panic, the page says so, and the run is not lost.

use anyhow::{Context as _, Result};
use quorumscope_core::script::{link, print};
use quorumscope_tests::fixture::with_page;

/// Breaks the page's document from outside, as browser extensions do: the next insertion of an
/// element fails once, which the program cannot survive.
const BROKEN: &str = "(() => {
    const insert = Node.prototype.insertBefore;
    Node.prototype.insertBefore = function () {
        Node.prototype.insertBefore = insert;
        throw new Error('it was put in its way');
    };
    document.querySelector('[data-node=n2]').dispatchEvent(new MouseEvent('click', { bubbles: true }));
    try { quorumscope.run('crash n2'); } catch (e) { }
})()";

/// Ends the program as the browser does when there is no memory left.
const ENDED: &str = "(() => { const error = new WebAssembly.RuntimeError('unreachable'); \
    dispatchEvent(new ErrorEvent('error', { error, message: error.message })); })()";

#[tokio::test]
async fn a_panic_leaves_a_page_that_offers_the_link_of_the_run() -> Result<()> {
    leaves_the_link(BROKEN, "panicked").await
}

#[tokio::test]
async fn a_program_that_the_browser_ends_does_too() -> Result<()> {
    leaves_the_link(ENDED, "no memory left").await
}

/// The program ends in some way while an element has the focus and time runs. The page that remains
/// says why, and has the link.
async fn leaves_the_link(way: &str, why: &str) -> Result<()> {
    with_page("", async |page| {
        page.load(super::RAFT).await?;
        page.seek(1_500).await?;
        page.run("crash n1").await?;
        page.eval("document.querySelector('[data-node=n3]').focus()").await?;
        page.call("play(0.1)").await?;
        page.eval(way).await?;
        page.until("the page has stopped", async || {
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
