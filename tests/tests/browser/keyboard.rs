//! Everything without a mouse.

use anyhow::Result;
use quorumscope_tests::fixture::with_page;
use quorumscope_tests::gestures::Key;

#[tokio::test]
async fn a_node_is_crashed_and_the_run_shared_by_keyboard_alone() -> Result<()> {
    with_page("", async |page| {
        page.load(super::RAFT).await?;
        page.seek(2_000).await?;
        page.tab_to("e.dataset.node === 'n2'").await?;
        assert!(page.focused_name().await?.starts_with("n2, "));
        page.press(Key::Enter).await?;
        page.menu_entries().await?;
        page.press_until(Key::Down, "e.getAttribute('role') === 'menuitem' && e.textContent.includes('Crash')", 20)
            .await?;
        page.press(Key::Enter).await?;
        page.until("n2 is down", async || Ok(page.node_state("n2").await?["status"] == "crashed")).await?;
        page.tab_to("e.matches('button, [role=button]') && (e.ariaLabel ?? e.textContent).trim() === 'Share'").await?;
        assert_eq!(page.focused_name().await?, "Share");
        page.press(Key::Enter).await?;
        page.until("the link is there", async || Ok(page.shared_link().await.is_ok_and(|link| !link.is_empty())))
            .await?;
        assert!(page.shared_link().await?.contains("crash+n2"));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn escape_closes_a_menu_and_the_focus_returns_to_its_node() -> Result<()> {
    with_page("", async |page| {
        page.load(super::RAFT).await?;
        page.tab_to("e.dataset.node === 'n1'").await?;
        page.press(Key::Enter).await?;
        page.menu_entries().await?;
        page.press(Key::Escape).await?;
        page.until("the menu is closed", async || {
            Ok(page.elements("[role=menu] [role=menuitem]").await?.is_empty())
        })
        .await?;
        page.until("the focus is back", async || {
            page.is_true("document.activeElement?.dataset.node === 'n1'").await
        })
        .await
    })
    .await
}

#[tokio::test]
async fn space_plays_and_full_stop_and_comma_step() -> Result<()> {
    with_page("", async |page| {
        page.load(super::RAFT).await?;
        page.seek(1_000).await?;
        page.call("step(1)").await?;
        page.eval("document.activeElement?.blur()").await?;
        let here = page.hash().await?;
        page.press('.').await?;
        page.until("one event on", async || Ok(page.hash().await? != here)).await?;
        page.press(',').await?;
        page.until("one event back", async || Ok(page.hash().await? == here)).await?;
        page.press(' ').await?;
        page.until("it plays", async || Ok(page.state().await?["playing"] == true)).await?;
        page.press(' ').await?;
        page.until("it pauses", async || Ok(page.state().await?["playing"] == false)).await
    })
    .await
}

#[tokio::test]
async fn keys_typed_into_the_console_are_text() -> Result<()> {
    with_page("", async |page| {
        page.load(super::RAFT).await?;
        page.seek(1_000).await?;
        page.type_in_console("c1 set a.b \"1, 5\"").await?;
        page.until("it is in the script", async || Ok(page.script().await?.contains("c1 set a.b")))
            .await?;
        assert_eq!(page.state().await?["playing"], false);
        assert_eq!(page.now().await?, 1_000.0);
        Ok(())
    })
    .await
}

/// Skip links: Tab takes many stops from the header past the stage.
#[tokio::test]
async fn the_first_stops_lead_past_everything_else() -> Result<()> {
    with_page("", async |page| {
        page.load(super::RAFT).await?;
        page.press_until(Key::Tab, "e.matches('.skips button')", 2).await?;
        let places = [
            ("Skip to the stage", "e.dataset.node === 'n1'"),
            ("Skip to the diagram", "e.matches('.dg-view, .toggle[aria-controls=bottom]')"),
            ("Skip to the panels", "e.id === 'tab-Node'"),
            ("Skip to playing", "e.matches('.round.play')"),
        ];
        for (name, reached) in places {
            page.eval(&format!("[...document.querySelectorAll('.skips button')].find(e => e.textContent === '{name}').focus()")).await?;
            let (_, _, wide, high) = page.element(".skips button:focus").await?.rectangle().await?;
            assert!(wide > 90.0 && high >= 24.0, "{name} is seen: {wide} {high}");
            page.press(Key::Enter).await?;
            page.until(name, async || {
                page.is_true(&format!("(e => {reached})(document.activeElement)")).await
            })
            .await?;
        }
        Ok(())
    })
    .await
}
