//! The console: statements of the language, typed.

use anyhow::Result;
use quorumscope_tests::fixture::with_page;

#[tokio::test]
async fn what_is_written_at_one_node_is_read_at_another() -> Result<()> {
    with_page("", async |page| {
        page.load(super::RAFT).await?;
        page.seek(2_000).await?;
        page.type_in_console("c1 set x 1").await?;
        page.until("it is in the script", async || {
            Ok(page.script().await?.contains("@2s c1 set x 1"))
        })
        .await?;
        page.seek(3_000).await?;
        let leader = page.leader().await?;
        assert_eq!(page.node_state(&leader).await?["data"]["x"], "1");
        let other = if leader == "n4" { "n5" } else { "n4" };
        page.type_in_console(&format!("c2 get x via {other}")).await?;
        page.until("it is in the script", async || Ok(page.script().await?.contains("c2 get x")))
            .await?;
        page.seek(5_000).await?;
        let history = page.call("history()").await?;
        assert_eq!(history[1]["op"], "get", "{history}");
        assert_eq!(history[1]["read"], "1", "{history}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_wrong_statement_gets_its_sentence_and_changes_nothing() -> Result<()> {
    with_page("", async |page| {
        page.load(super::RAFT).await?;
        page.seek(1_000).await?;
        let (script, hash) = (page.script().await?, page.hash().await?);
        page.type_in_console("crash n9").await?;
        page.until("an alert says what is wrong", async || {
            let alerts = page.alerts().await?;
            Ok(alerts.iter().any(|text| text.contains("there is no node n9 in a cluster of 5")))
        })
        .await?;
        page.type_in_console("crahs n1").await?;
        page.until("an alert says where", async || {
            let alerts = page.alerts().await?;
            Ok(alerts.iter().any(|text| text.contains("crahs")))
        })
        .await?;
        assert_eq!(page.script().await?, script);
        assert_eq!(page.hash().await?, hash);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_alert_goes_when_a_statement_is_right_again() -> Result<()> {
    with_page("", async |page| {
        page.load(super::RAFT).await?;
        page.type_in_console("crash n9").await?;
        page.until("an alert", async || Ok(!page.alerts().await?.is_empty())).await?;
        page.type_in_console("crash n1").await?;
        page.until("none", async || Ok(page.alerts().await?.is_empty())).await
    })
    .await
}
