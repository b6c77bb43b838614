//! The list of clusters.

use anyhow::Result;
use quorumscope_tests::fixture::with_page;

#[tokio::test]
async fn write_all_from_the_list_has_three_nodes_and_no_leader() -> Result<()> {
    with_page("", async |page| {
        page.choose_preset("write-all").await?;
        page.until("the cluster is replaced", async || {
            Ok(page.cluster().await?["preset"] == "write-all")
        })
        .await?;
        let cluster = page.cluster().await?;
        assert!(cluster["leader"].is_null());
        assert_eq!(cluster["nodes"].as_array().map(Vec::len), Some(3));
        for node in cluster["nodes"].as_array().into_iter().flatten() {
            assert!(node["term"].is_null() && node["log"].is_null(), "{node}");
        }
        page.until("three nodes are drawn", async || {
            Ok(page.elements("[data-node]").await?.len() == 3)
        })
        .await
    })
    .await
}

#[tokio::test]
async fn under_write_all_the_newest_of_two_answers_wins() -> Result<()> {
    with_page("", async |page| {
        // n3 misses the second write. c2 then reads, and still gets the newest value.
        let script = "cluster write-all nodes=3 seed=5\n\
            @100ms c1 set x old\n@1s isolate n3\n@1.1s c1 set x new\n@3s heal\n@3.5s c2 get x\n";
        page.load(script).await?;
        page.seek(6_000).await?;
        assert_eq!(page.node_state("n3").await?["data"]["x"], "old");
        let history = page.call("history()").await?;
        let read =
            history.as_array().into_iter().flatten().find(|operation| operation["op"] == "get");
        assert_eq!(read.map(|operation| &operation["read"]), Some(&"new".into()), "{history}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn raft_comes_back_from_the_list() -> Result<()> {
    with_page("", async |page| {
        page.choose_preset("write-all").await?;
        page.until("write-all", async || Ok(page.cluster().await?["preset"] == "write-all"))
            .await?;
        page.choose_preset("raft").await?;
        page.until("raft", async || Ok(page.cluster().await?["preset"] == "raft")).await?;
        assert_eq!(page.cluster().await?["nodes"].as_array().map(Vec::len), Some(5));
        Ok(())
    })
    .await
}
