//! The health panel: figures of the last seconds before the playhead.

use anyhow::Result;
use quorumscope_tests::elements::Role;
use quorumscope_tests::fixture::with_page;
use quorumscope_tests::page::Page;

/// A run with an operation that is answered, a node that crashes, and an operation that cannot be
/// answered.
const RUN: &str = "cluster raft nodes=3 seed=7\n@1s c1 set x 1\n@2s crash n2\n@3s crash n3\n\
                   @4s c1 set x 2\n";

async fn panel(page: &Page) -> Result<String> {
    let text = page.eval("document.querySelector('#panel').innerText").await?;
    Ok(text.as_str().unwrap_or_default().to_owned())
}

async fn says(page: &Page, what: &str) -> Result<()> {
    page.until(what, async || Ok(panel(page).await?.contains(what))).await
}

#[tokio::test]
async fn it_tells_nodes_and_answers_and_rewinds() -> Result<()> {
    with_page("", async |page| {
        page.load(RUN).await?;
        page.seek(2_500).await?;
        page.control(Role::Tab, "Health").await?.click().await?;
        says(page, "1 answered, 0 failed").await?;
        says(page, "crashed at 2.000 s").await?;
        page.seek(60_000).await?;
        says(page, "crashed at 3.000 s").await?;
        page.until("the answer is too long ago", async || {
            Ok(!panel(page).await?.contains("1 answered"))
        })
        .await?;
        page.seek(500).await?;
        says(page, "0 answered, 0 failed").await?;
        assert!(!panel(page).await?.contains("crashed at"), "both run again");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn plots_say_in_words_what_they_show() -> Result<()> {
    with_page("", async |page| {
        page.load(RUN).await?;
        page.seek(2_500).await?;
        page.control(Role::Tab, "Health").await?.click().await?;
        says(page, "Availability").await?;
        let plots = page.elements("#panel svg[role=img]").await?;
        assert_eq!(plots.len(), 3);
        let name = page.name_of("#panel svg[role=img]").await?;
        assert_eq!(name, "Answers over time: 1 answered, 0 failed");
        Ok(())
    })
    .await
}

/// Two sides of a partition that both accept writes look different.
#[tokio::test]
async fn values_that_differ_are_marked_and_named() -> Result<()> {
    with_page("", async |page| {
        page.load("cluster peers nodes=3 seed=7\n@1s c1 set x 1\n@2s partition n1 | n2 n3\n@2.1s c1 upd x 5 via n1\n@2.1s c2 upd x 7 via n2\n").await?;
        page.seek(1_900).await?;
        page.control(Role::Tab, "Health").await?.click().await?;
        says(page, "No two running nodes hold different values").await?;
        assert!(page.elements(".stage .node .disputed").await?.is_empty());
        page.seek(2_900).await?;
        says(page, "Nodes hold different values for x.").await?;
        assert_eq!(page.elements(".stage .node .disputed").await?.len(), 3);
        Ok(())
    })
    .await
}
