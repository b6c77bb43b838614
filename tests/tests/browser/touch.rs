//! Touch gestures on the diagram and on the stage.

use anyhow::{Context, Result};
use quorumscope_tests::elements::Role;
use quorumscope_tests::fixture::with_page;
use quorumscope_tests::gestures::Point;
use quorumscope_tests::page::Page;
use serde_json::json;

const RUN: &str = "cluster raft nodes=5 clients=2 seed=7\n@1s workload rate=20/s\n";

async fn begin(page: &Page) -> Result<()> {
    page.cdp("Emulation.setTouchEmulationEnabled", json!({"enabled": true, "maxTouchPoints": 2}))
        .await?;
    page.load(RUN).await?;
    page.seek(6_000).await?;
    page.seek(3_000).await
}

/// The left edge and the width of an element, in pixels.
async fn extent(page: &Page, css: &str) -> Result<(f64, f64)> {
    let script = format!(
        "(b => [b.left, b.width])(document.querySelector('{css}').getBoundingClientRect())"
    );
    let both = page.eval(&script).await?;
    Ok((both[0].as_f64().context("a left edge")?, both[1].as_f64().context("a width")?))
}

async fn middle(page: &Page, css: &str) -> Result<Point> {
    let script = format!(
        "(b => ({{x: b.x + b.width / 2, y: b.y + b.height / 2}}))\
         (document.querySelector('{css}').getBoundingClientRect())"
    );
    let place = page.eval(&script).await?;
    Ok(Point { x: place["x"].as_f64().context("x")?, y: place["y"].as_f64().context("y")? })
}

#[tokio::test]
async fn fingers_pinch_and_drag_the_diagram() -> Result<()> {
    with_page("", async |page| {
        begin(page).await?;
        if page.elements(".dg").await?.is_empty() {
            page.press_button("Panels under the stage").await?;
        }
        page.control(Role::Tab, "Diagram").await?.click().await?;
        page.until("there are lanes", async || Ok(!page.elements("[data-lane]").await?.is_empty()))
            .await?;
        let at = middle(page, ".dg-view").await?;
        // The window in the overview is proportional to the visible time.
        let (_, wide) = extent(page, ".dg-frame").await?;
        page.pinch(at, 40.0, 160.0).await?;
        page.until("a quarter of the time is shown", async || {
            Ok((extent(page, ".dg-frame").await?.1 - wide / 4.0).abs() < 3.0)
        })
        .await?;
        page.pinch(at, 160.0, 40.0).await?;
        page.until("as much as before", async || {
            Ok((extent(page, ".dg-frame").await?.1 - wide).abs() < 3.0)
        })
        .await?;
        let (left, _) = extent(page, ".dg-frame").await?;
        page.touch(&[(at, Point { x: at.x + 300.0, y: at.y })]).await?;
        page.until("what was earlier is shown", async || {
            Ok(extent(page, ".dg-frame").await?.0 < left - 5.0)
        })
        .await?;
        assert_eq!(page.now().await?, 3_000.0, "nothing was clicked");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn two_fingers_look_nearer_at_the_stage_and_one_cuts() -> Result<()> {
    with_page("", async |page| {
        begin(page).await?;
        let script = page.script().await?;
        let at = middle(page, ".stage").await?;
        let (_, wide) = extent(page, "[data-node=n1]").await?;
        page.pinch(at, 50.0, 125.0).await?;
        page.until("n1 is larger", async || {
            Ok(extent(page, "[data-node=n1]").await?.1 > 1.5 * wide)
        })
        .await?;
        // Nodes move to their places with an animation.
        page.settled().await?;
        let (left, _) = extent(page, "[data-node=n1]").await?;
        let beside = |at: Point, x: f64| Point { x: at.x + x, y: at.y };
        page.touch(&[(beside(at, -40.0), beside(at, 60.0)), (beside(at, 40.0), beside(at, 140.0))])
            .await?;
        page.until("it went along", async || {
            Ok((extent(page, "[data-node=n1]").await?.0 - left - 100.0).abs() < 6.0)
        })
        .await?;
        page.pinch(at, 200.0, 20.0).await?;
        page.until("the whole stage", async || {
            Ok((extent(page, "[data-node=n1]").await?.1 - wide).abs() < 2.0)
        })
        .await?;
        assert_eq!(page.script().await?, script, "two fingers cut nothing");
        let top = Point { x: at.x + 10.0, y: at.y - 60.0 };
        page.touch(&[(top, Point { x: top.x, y: at.y + 100.0 })]).await?;
        page.until("one finger does", async || Ok(page.script().await?.contains("cut n"))).await
    })
    .await
}
