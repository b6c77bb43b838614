//! Should the program ever panic, the page says so and the run is not lost.

use anyhow::{Context as _, Result};
use quorumscope_core::script::{link, print};
use quorumscope_tests::fixture::with_page;

/// Something beside the page has broken its document, as extensions of browsers do: the next element
/// that is put in is refused, once, which the program cannot go on from.
const BROKEN: &str = "(() => {
    const insert = Node.prototype.insertBefore;
    Node.prototype.insertBefore = function () {
        Node.prototype.insertBefore = insert;
        throw new Error('it was put in its way');
    };
    document.querySelector('[data-node=n2]').dispatchEvent(new MouseEvent('click', { bubbles: true }));
    try { quorumscope.run('crash n2'); } catch (e) { }
})()";

#[tokio::test]
async fn a_panic_leaves_a_page_that_offers_the_link_of_the_run() -> Result<()> {
    with_page("", async |page| {
        page.load(super::RAFT).await?;
        page.seek(1_500).await?;
        page.run("crash n1").await?;
        page.eval(BROKEN).await?;
        page.until("the page has stopped", async || {
            page.is_true("!!document.querySelector('main[role=alert]')").await
        })
        .await?;
        let shown = page.eval("document.querySelector('main[role=alert]').textContent").await?;
        assert!(shown.as_str().context("a text")?.contains("Quorumscope has stopped"), "{shown}");
        let href = page.eval("document.querySelector('main[role=alert] a').href").await?;
        let run = link::decode(href.as_str().context("a link")?)?.run;
        assert!(print(&run).contains("@1.5s crash n1"), "{}", print(&run));
        Ok(())
    })
    .await
}
