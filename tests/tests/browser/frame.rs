//! The frame: docks that can be resized and hidden, and that are remembered.

use anyhow::{Context, Result};
use quorumscope_tests::elements::Role;
use quorumscope_tests::fixture::with_browser;
use quorumscope_tests::gestures::Key;
use quorumscope_tests::page::Page;

async fn width(page: &Page, css: &str) -> Result<f64> {
    Ok(page.element(css).await?.rectangle().await?.2)
}

async fn splitter(page: &Page, what: &str) -> Result<i64> {
    let script = format!(
        "document.querySelector('[role=separator][aria-controls=side]').getAttribute('{what}')"
    );
    let value = page.eval(&script).await?;
    value.as_str().and_then(|text| text.parse().ok()).with_context(|| format!("no {what}"))
}

#[tokio::test]
async fn a_splitter_moves_by_keys_within_its_limits_and_comes_back() -> Result<()> {
    with_browser(async |site, browser| {
        let page = browser.open(&site.url()).await?;
        page.call("pause()").await?;
        let before = width(&page, "#side").await?;
        assert_eq!(splitter(&page, "aria-valuenow").await?, before as i64);
        page.tab_to("e.matches('[role=separator][aria-controls=side]')").await?;
        page.press(Key::Left).await?;
        page.until("it is wider", async || Ok(width(&page, "#side").await? > before)).await?;
        page.press(Key::End).await?;
        let most = splitter(&page, "aria-valuemax").await?;
        page.until("it is as wide as can be", async || {
            Ok(splitter(&page, "aria-valuenow").await? == most)
        })
        .await?;
        assert!(width(&page, ".stage").await? >= 300.0, "the stage keeps its place");
        page.press(Key::Home).await?;
        let least = splitter(&page, "aria-valuemin").await?;
        page.until("it is as narrow as can be", async || {
            Ok(width(&page, "#side").await? as i64 == least)
        })
        .await?;
        page.press(Key::Enter).await?;
        page.until("it is as it was", async || Ok(width(&page, "#side").await? == before)).await
    })
    .await
}

#[tokio::test]
async fn what_was_dragged_and_hidden_is_remembered() -> Result<()> {
    with_browser(async |site, browser| {
        let page = browser.open(&site.url()).await?;
        page.call("pause()").await?;
        let before = width(&page, "#side").await?;
        let line = page.point_on("[role=separator][aria-controls=side]").await?;
        let mut to = line;
        to.x -= 100.0;
        page.drag(line, to).await?;
        page.until("it follows", async || {
            Ok((width(&page, "#side").await? - before - 100.0).abs() < 12.0)
        })
        .await?;
        let dragged = width(&page, "#side").await?;
        let page = browser.open(&site.url()).await?;
        page.call("pause()").await?;
        assert_eq!(width(&page, "#side").await?, dragged);
        page.press_button("Panels").await?;
        page.until("the stage has the whole width", async || {
            Ok(width(&page, ".stage").await? == 1280.0)
        })
        .await?;
        let page = browser.open(&site.url()).await?;
        page.call("pause()").await?;
        assert_eq!(width(&page, ".stage").await?, 1280.0);
        // The key of the console opens the dock that the console is in.
        page.press('/').await?;
        page.until("the console has the focus", async || {
            Ok(page.focused_name().await? == "Console")
        })
        .await?;
        assert!(width(&page, "#side").await? > 0.0);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn nonsense_in_the_storage_is_ignored() -> Result<()> {
    with_browser(async |site, browser| {
        let page = browser.open(&site.url()).await?;
        let before = width(&page, "#side").await?;
        page.eval("localStorage.setItem('quorumscope-frame', 'side=99999999 sheet=} bottom-open')")
            .await?;
        let page = browser.open(&site.url()).await?;
        assert_eq!(width(&page, "#side").await?, before);
        page.eval(
            "localStorage.setItem('quorumscope-frame', 'side=65000 bottom=65000 bottom-open=1')",
        )
        .await?;
        let page = browser.open(&site.url()).await?;
        assert!(width(&page, ".stage").await? >= 300.0);
        let (.., height) = page.element(".stage").await?.rectangle().await?;
        assert!(height > 100.0, "{height}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_phone_has_one_sheet_with_all_panels_that_folds() -> Result<()> {
    with_browser(async |site, browser| {
        let page = browser.open(&site.url()).await?;
        let all = page.elements("[role=tab]").await?.len();
        browser.set_viewport(360, 740).await?;
        page.call("pause()").await?;
        page.until("one row of tabs", async || {
            page.is_true(&format!("document.querySelectorAll('[role=tab]').length >= {all} && document.querySelectorAll('[role=tablist]').length === 1")).await
        })
        .await?;
        let (.., open) = page.element(".stage").await?.rectangle().await?;
        page.press_button("Panels").await?;
        page.until("the stage is taller", async || {
            Ok(page.element(".stage").await?.rectangle().await?.3 > open + 50.0)
        })
        .await?;
        page.control(Role::Tab, "Events").await?.click().await?;
        page.until("the sheet is open again", async || {
            page.is_true("document.querySelector('#panel')?.ariaLabel === 'Events'").await
        })
        .await?;
        let wide = page.eval("document.scrollingElement.scrollWidth").await?;
        assert!(wide.as_f64() <= Some(360.0), "{wide} pixels wide");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn arrows_lead_from_tab_to_tab() -> Result<()> {
    with_browser(async |site, browser| {
        let page = browser.open(&site.url()).await?;
        page.call("pause()").await?;
        page.tab_to("e.id === 'tab-Node'").await?;
        page.press(Key::Right).await?;
        page.until("the next one has the focus", async || {
            Ok(page.focused_name().await? == "Operations")
        })
        .await?;
        page.press(Key::Home).await?;
        page.until("the first one has it", async || Ok(page.focused_name().await? == "Node"))
            .await?;
        assert!(page.is_true("document.querySelector('#panel').ariaLabel === 'Node'").await?);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn all_tabs_are_to_be_seen_at_a_desk_and_where_the_page_is_projected() -> Result<()> {
    with_browser(async |site, browser| {
        let page = browser.open(&site.url()).await?;
        page.call("pause()").await?;
        let hidden =
            "(row => row.scrollWidth - row.clientWidth)(document.querySelector('.side .tabs'))";
        for (width, height) in [(1280, 720), (1280, 800), (1920, 1080)] {
            browser.set_viewport(width, height).await?;
            for tab in ["Breakpoints", "Operations"] {
                page.control(Role::Tab, tab).await?.click().await?;
                page.until(&format!("they fit on {width} pixels"), async || {
                    Ok(page.eval(hidden).await?.as_f64() == Some(0.0))
                })
                .await?;
            }
        }
        Ok(())
    })
    .await
}

/// A phone on its side, embeds, and 1280 x 720 at 200 %.
#[tokio::test]
async fn on_a_low_page_the_stage_has_half_of_the_height() -> Result<()> {
    const RUN: &str = "cluster raft seed=42\n@500ms c1 set x 1\n@1s crash n1\n@2s show\n";
    with_browser(async |site, browser| {
        for (width, height, search) in [
            (740, 360, ""),
            (844, 390, ""),
            (640, 360, ""),
            (640, 400, "?embed"),
            (400, 300, "?embed"),
        ] {
            browser.set_viewport(width, height).await?;
            let page = browser.open(&format!("{}{search}", site.url())).await?;
            page.load(RUN).await?;
            let share = "document.querySelector('.stage').getBoundingClientRect().height / innerHeight";
            page.until(&format!("half of {width} x {height} is the stage's"), async || {
                Ok(page.eval(share).await?.as_f64().is_some_and(|share| share >= 0.5))
            })
            .await?;
            let small = "[...document.querySelectorAll('.presses button, .unfold')].filter(b => b.offsetWidth > 0 \
                && Math.min(b.offsetWidth, b.offsetHeight) < 44).length";
            assert_eq!(page.eval(small).await?.as_f64(), Some(0.0), "{width} x {height}: fingers reach");
        }
        Ok(())
    })
    .await
}
