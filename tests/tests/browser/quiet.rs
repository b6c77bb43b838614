//! The page prints nothing to the console in normal use, and does nothing while it is paused.

use anyhow::Result;
use quorumscope_tests::fixture::with_page;
use serde_json::json;

#[tokio::test]
async fn nothing_is_printed_in_normal_use() -> Result<()> {
    with_page("", async |page| {
        page.until("a leader is elected", async || Ok(page.leader().await.is_ok())).await?;
        page.call("pause()").await?;
        let leader = page.leader().await?;
        page.node(&leader).await?.click().await?;
        page.menu("Crash").await?;
        page.type_in_console("c1 set x 1").await?;
        page.type_in_console("crash n99").await?;
        page.seek(10_000).await?;
        page.seek(500).await?;
        page.choose_preset("write-all").await?;
        page.call("play()").await?;
        page.until("time goes on", async || Ok(page.now().await? > 30.0)).await?;
        page.press_button("Share").await?;
        page.until("time goes on", async || Ok(page.now().await? > 130.0)).await?;
        page.call("pause()").await?;
        page.settled().await?;
        assert_eq!(page.console_log().await?, Vec::<String>::new());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn paused_means_that_nothing_runs() -> Result<()> {
    with_page("", async |page| {
        page.load(super::RAFT).await?;
        page.seek(2_000).await?;
        page.settled().await?;
        page.eval(
            "window.frames_asked = 0; const ask = window.requestAnimationFrame; \
             window.requestAnimationFrame = f => { window.frames_asked++; return ask.call(window, f); }; null",
        )
        .await?;
        let hash = page.hash().await?;
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        assert_eq!(page.eval("window.frames_asked").await?, json!(0));
        assert_eq!(page.hash().await?, hash);
        Ok(())
    })
    .await
}

/// Something worth a sentence happens every 200 ms. Screen readers get some of the sentences, and
/// at the end the last.
#[tokio::test]
async fn who_listens_is_not_told_more_than_can_be_heard() -> Result<()> {
    with_page("", async |page| {
        // No two consecutive sentences are equal, because an unchanged text is not announced.
        let node = |i: u32| (i - 1) / 2 % 5 + 1;
        let mut script = "cluster write-all nodes=5 seed=7\n".to_owned();
        for i in 1..200 {
            let what = if i % 2 == 1 { "crash" } else { "restart" };
            script.push_str(&format!("@{}ms {what} n{}\n", 1_000 + i * 200, node(i)));
        }
        page.load(&script).await?;
        page.seek(900).await?;
        page.eval(
            "window.told = []; for (const region of document.querySelectorAll('[aria-live], [role=status], [role=alert]')) \
             new MutationObserver(() => told.push(region.textContent)).observe(region, { childList: true, characterData: true, subtree: true }); null",
        )
        .await?;
        page.call("play(1)").await?;
        page.eval("window.began = performance.now(); null").await?;
        page.until("time goes on", async || Ok(page.now().await? > 5_500.0)).await?;
        // Both values are read in one call, so that they are of the same moment.
        let heard = page.eval("[told, (performance.now() - began) / 1_000]").await?;
        let many = heard[0].as_array().map_or(0, Vec::len) as f64;
        let seconds = heard[1].as_f64().unwrap_or_default();
        assert!(many >= 2.0 && many <= seconds / 3.0 + 2.0, "in {seconds} s: {}", heard[0]);
        page.call("pause()").await?;
        let now = page.now().await?;
        assert!(now > 4_000.0, "{now}");
        let i = ((now - 1_000.0) / 200.0) as u32;
        let last = format!("n{} {}", node(i), if i % 2 == 1 { "crashes" } else { "starts" });
        page.until("standing still, the last of it is told", async || {
            Ok(page.live().await?.iter().any(|text| text.contains(&last)))
        })
        .await
    })
    .await
}
