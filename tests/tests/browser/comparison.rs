//! Clusters side by side: one run, several stages, a table.

use anyhow::Result;
use fantoccini::Locator;
use quorumscope_tests::elements::Role;
use quorumscope_tests::fixture::with_page;
use quorumscope_tests::gestures::Key;
use quorumscope_tests::page::Page;

/// The contents of the table: one list for each row, with the row's name first.
async fn table(page: &Page) -> Result<Vec<Vec<String>>> {
    let rows = "[...document.querySelectorAll('[aria-label=Comparison] tr')]\
        .map(row => [...row.children].map(cell => cell.textContent))";
    Ok(serde_json::from_value(page.eval(rows).await?)?)
}

/// Adds a preset to the comparison, by the list.
async fn compare(page: &Page, preset: &str) -> Result<()> {
    let list = page.control(Role::ListBox, "Compare").await?;
    list.click().await?;
    Ok(list.find(Locator::Css(&format!("option[value={preset}]"))).await?.click().await?)
}

#[tokio::test]
async fn raft_beside_quorum_under_one_partition() -> Result<()> {
    with_page("", async |page| {
        let script = "cluster raft nodes=5 seed=7\n\
            @500ms workload rate=20/s reads=50% keys=3\n@3s partition n1 n5 | n2 n3 n4\n";
        page.load(script).await?;
        let alone = page.script().await?;
        page.seek(2_000).await?;
        assert!(table(page).await?.is_empty(), "one cluster is compared with nothing");

        compare(page, "quorum").await?;
        page.until("two clusters", async || {
            Ok(page.state().await?["clusters"].as_array().map(Vec::len) == Some(2))
        })
        .await?;
        page.until("the playhead is back", async || Ok(page.now().await? == 2_000.0)).await?;
        page.until("two stages", async || {
            let stages = ["[data-cluster='0'] [data-node]", "[data-cluster='1'] [data-node]"];
            Ok(page.elements(stages[0]).await?.len() == 5
                && page.elements(stages[1]).await?.len() == 5)
        })
        .await?;

        // A gesture on the second stage is one statement, and both clusters run it.
        let n4 = "[data-cluster='1'] [data-node=n4]";
        page.until("the new stage is laid out", async || Ok(page.point_on(n4).await.is_ok()))
            .await?;
        // Nodes move to their places with an animation.
        page.settled().await?;
        page.click_on(n4).await?;
        page.menu("Crash").await?;
        page.until("it is down in both", async || {
            let state = page.state().await?;
            let down = |i: usize| state["clusters"][i]["nodes"][3]["status"] == "crashed";
            Ok(down(0) && down(1))
        })
        .await?;
        assert_eq!(page.script().await?.matches("crash n4").count(), 1);

        page.seek(5_000).await?;
        page.until("figures of both", async || {
            let rows = table(page).await?;
            let filled = |row: &Vec<String>| row.len() == 3 && row[1..].iter().all(|c| c != "–");
            Ok(rows.len() == 9
                && rows[0][1..] == ["Raft", "Quorum N=3 R=2 W=2"]
                && rows.iter().all(filled))
        })
        .await?;
        let rows = table(page).await?;
        let per_operation = |i: usize| rows[5][i].parse::<f64>();
        assert!(per_operation(1)? > per_operation(2)?, "heartbeats cost messages: {rows:?}");

        page.chord(&[Key::Control], 'z').await?;
        page.chord(&[Key::Control], 'z').await?;
        page.until("alone again", async || Ok(page.script().await? == alone)).await?;
        page.until("no table", async || Ok(table(page).await?.is_empty())).await
    })
    .await
}

#[tokio::test]
async fn what_does_not_fit_the_other_preset_is_named_and_changes_nothing() -> Result<()> {
    with_page("", async |page| {
        let growing = "cluster raft nodes=3 seed=7\n@1s add n4\n";
        page.load(growing).await?;
        let before = page.script().await?;
        compare(page, "quorum").await?;
        page.until("an alert says why", async || {
            let said = page.alerts().await?;
            Ok(said.iter().any(|why| why.contains("no node joins or leaves a quorum cluster")))
        })
        .await?;
        assert_eq!(page.script().await?, before);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_menu_of_a_message_says_what_its_number_means_elsewhere() -> Result<()> {
    with_page("", async |page| {
        let both = "cluster raft nodes=3 seed=7 latency=100ms\ncluster peers nodes=3 seed=7\n";
        page.load(both).await?;
        page.seek(2_000).await?;
        let message = "[data-cluster='0'] [data-message]";
        page.until("messages fly", async || Ok(!page.elements(message).await?.is_empty())).await?;
        page.eval(&format!("document.querySelector(\"{message}\").focus()")).await?;
        page.press(Key::Enter).await?;
        page.menu_entries().await?;
        let about = page.eval("document.querySelector('[role=menu] p').textContent").await?;
        let about = about.as_str().unwrap_or_default();
        assert!(about.starts_with("Acts in every cluster: in Peers "), "{about}");
        Ok(())
    })
    .await
}
