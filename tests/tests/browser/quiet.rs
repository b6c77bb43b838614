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
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        page.press_button("Share").await?;
        tokio::time::sleep(std::time::Duration::from_secs(4)).await;
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
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
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
