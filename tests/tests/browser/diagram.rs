//! The space-time diagram under the stage.

use anyhow::{Context, Result};
use quorumscope_tests::elements::{Role, strings};
use quorumscope_tests::fixture::with_page;
use quorumscope_tests::gestures::{Key, Point};
use quorumscope_tests::page::Page;

const CRASH: &str =
    "cluster raft nodes=5 clients=2 seed=7\n@1500ms workload rate=20/s\n@2s crash n1\n";

/// Opens the dock under the stage, which is closed on a low screen, and its diagram.
async fn open(page: &Page) -> Result<()> {
    if page.elements(".dg").await?.is_empty() {
        page.press_button("Panels under the stage").await?;
    }
    page.control(Role::Tab, "Diagram").await?.click().await?;
    page.until("there are lanes", async || Ok(!page.elements("[data-lane]").await?.is_empty()))
        .await
}

async fn lanes(page: &Page) -> Result<Vec<String>> {
    let script = "[...document.querySelectorAll('[data-lane]')].map(e => e.textContent.trim())";
    Ok(strings(&page.eval(script).await?))
}

/// Where the middle of the first thing is that the selector names, in the window of the diagram.
async fn middle_of(page: &Page, css: &str) -> Result<Point> {
    let script = format!(
        "(() => {{ const view = document.querySelector('.dg-view').getBoundingClientRect();
            for (const e of document.querySelectorAll('{css}')) {{
                const b = e.getBoundingClientRect();
                const p = {{ x: b.x + b.width / 2, y: b.y + b.height / 2 }};
                if (p.x > view.left + 4 && p.x < view.right - 4) return p;
            }} return null; }})()"
    );
    let place = page.eval(&script).await?;
    let x = place["x"].as_f64().with_context(|| format!("no {css} is to be seen"))?;
    Ok(Point { x, y: place["y"].as_f64().context("a place has two coordinates")? })
}

async fn click_at(page: &Page, place: Point) -> Result<()> {
    page.drag(place, place).await
}

/// How wide the window is in the overview of the whole run, in pixels.
async fn window_width(page: &Page) -> Result<f64> {
    let script = "document.querySelector('.dg-frame').getBoundingClientRect().width";
    page.eval(script).await?.as_f64().context("the window has a width")
}

#[tokio::test]
async fn lanes_tell_who_is_what_and_a_crash_is_an_interval() -> Result<()> {
    with_page("", async |page| {
        page.load(CRASH).await?;
        page.seek(2_100).await?;
        assert!(page.elements(".dg").await?.is_empty(), "closed it is not there at all");
        open(page).await?;
        let lanes = lanes(page).await?;
        let names: Vec<&str> = lanes.iter().map(|lane| &lane[..2]).collect();
        assert_eq!(names, ["n1", "n2", "n3", "n4", "n5", "c1", "c2"]);
        assert!(lanes[0].ends_with("crashed"), "{lanes:?}");
        assert!(lanes.iter().any(|lane| lane.contains("leader 1")), "{lanes:?}");
        assert!(!page.elements(".dg-tile .dg-down").await?.is_empty());
        middle_of(page, ".dg-crash").await?;
        page.seek(1_900).await?;
        page.until("n1 was up then", async || Ok(!self::lanes(page).await?[0].contains("crashed")))
            .await
    })
    .await
}

#[tokio::test]
async fn a_click_on_an_event_moves_the_playhead_there_and_chooses_it() -> Result<()> {
    with_page("", async |page| {
        page.load(CRASH).await?;
        page.seek(2_100).await?;
        open(page).await?;
        page.control(Role::Tab, "Events").await?.click().await?;
        click_at(page, middle_of(page, ".dg-crash").await?).await?;
        page.until("the playhead is at the crash", async || Ok(page.now().await? == 2_000.0))
            .await?;
        let marked = "document.querySelectorAll('.node[data-lit=self]').length === 1";
        page.until("the stage shows it too", async || page.is_true(marked).await).await?;
        assert!(!page.elements(".dg-lit .dg-self").await?.is_empty());
        page.run("crash n2").await?;
        page.until("n2 is down as well", async || Ok(lanes(page).await?[1].contains("crashed")))
            .await
    })
    .await
}

#[tokio::test]
async fn keys_zoom_pan_and_go_from_event_to_event() -> Result<()> {
    with_page("", async |page| {
        page.load(CRASH).await?;
        page.seek(2_100).await?;
        open(page).await?;
        page.tab_to("e.matches('.dg-view')").await?;
        let wide = window_width(page).await?;
        page.press('-').await?;
        page.until("more is shown", async || Ok(window_width(page).await? > 1.3 * wide)).await?;
        page.press('+').await?;
        page.until("as before", async || Ok((window_width(page).await? - wide).abs() < 1.5))
            .await?;
        page.press(Key::Right).await?;
        page.press(Key::Down).await?;
        page.press(Key::Left).await?;
        let said = "document.querySelector('.dg [aria-live]').textContent";
        page.until("it says where it is", async || {
            Ok(page.eval(said).await?.as_str().is_some_and(|text| text.starts_with("n2: ")))
        })
        .await?;
        page.press(Key::Enter).await?;
        page.until("the playhead is there", async || Ok(page.now().await? != 2_100.0)).await?;
        page.press(Key::Home).await?;
        page.until("the beginning is shown", async || {
            page.is_true("document.querySelector('.dg-frame').offsetLeft === 0").await
        })
        .await
    })
    .await
}

#[tokio::test]
async fn a_long_run_is_drawn_with_few_elements_at_every_scale() -> Result<()> {
    with_page("", async |page| {
        page.load("cluster raft nodes=7 clients=5 seed=3\n@0s workload rate=400/s\n").await?;
        page.seek(28_000).await?;
        let events = page.eval("window.quorumscope.events(0).length").await?;
        assert!(events.as_u64() > Some(100_000), "{events} events");
        open(page).await?;
        page.tab_to("e.matches('.dg-view')").await?;
        let count = "document.querySelectorAll('.dg *').length";
        for key in ['-'; 24].into_iter().chain(['+'; 40]) {
            page.press(key).await?;
            let elements = page.eval(count).await?.as_u64().context("a count is a number")?;
            assert!(elements <= 1_500, "{elements} elements after {key}");
        }
        Ok(())
    })
    .await
}
