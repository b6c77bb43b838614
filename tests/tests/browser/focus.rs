//! The place of the focus after its element has disappeared.

use anyhow::Result;
use quorumscope_tests::elements::Role;
use quorumscope_tests::fixture::{with_browser, with_page};
use quorumscope_tests::gestures::Key;
use quorumscope_tests::page::Page;

const BRANCHED: &str = "cluster raft nodes=5 seed=7\n@500ms c1 set x 1\n@2s crash n5\n";

async fn focus(page: &Page, css: &str) -> Result<()> {
    page.element(css).await?;
    page.eval(&format!("document.querySelector('{css}').focus()")).await.map(|_| ())
}

/// Waits until the accessible name of the focused element begins with `name`.
async fn until_on(page: &Page, name: &str) -> Result<()> {
    page.until(&format!("the focus is on {name}"), async || {
        Ok(page.focused_name().await?.starts_with(name))
    })
    .await
}

async fn branched(page: &Page) -> Result<()> {
    page.load(BRANCHED).await?;
    page.seek(4_000).await?;
    page.seek(1_500).await?;
    page.run("crash n1").await
}

#[tokio::test]
async fn it_stays_in_the_list_of_messages_as_they_arrive() -> Result<()> {
    with_page("", async |page| {
        page.load("cluster raft nodes=3 seed=7 latency=100ms\n@3s c1 set x 1\n").await?;
        page.seek(3_010).await?;
        page.control(Role::Tab, "Messages").await?.click().await?;
        focus(page, ".head-line").await?;
        page.press(Key::Enter).await?;
        page.element(".detail").await?;
        let on_a_line = "document.activeElement.matches('.head-line')";
        assert!(page.is_true(on_a_line).await?, "opening it takes the focus from it");
        // The soonest come first, so each step removes a line that has the focus.
        for _ in 0..6 {
            page.press('.').await?;
            page.until("it is on a line", async || page.is_true(on_a_line).await).await?;
        }
        page.press(Key::Tab).await?;
        assert!(page.is_true("document.activeElement.closest('.messages') !== null").await?);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn it_stays_on_the_stage_when_a_message_is_delivered() -> Result<()> {
    with_page("", async |page| {
        page.load("cluster raft nodes=5 seed=7 latency=100ms\n").await?;
        page.seek(3_010).await?;
        focus(page, "[data-message]").await?;
        page.press(Key::Enter).await?;
        page.press_until(Key::Down, "e.textContent === 'Deliver now'", 20).await?;
        page.press(Key::Enter).await?;
        for _ in 0..3 {
            page.press('.').await?;
            page.until("it is on a message", async || {
                page.is_true("document.activeElement.dataset.message !== undefined").await
            })
            .await?;
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn it_stays_in_the_tree_and_a_name_is_taken_when_one_goes_on() -> Result<()> {
    with_page("", async |page| {
        branched(page).await?;
        let rename = async |typed: &str, end: Key| {
            focus(page, "[aria-label^=Rename]").await?;
            page.press(Key::Enter).await?;
            page.control(Role::TextBox, "Name of the branch").await?;
            for letter in typed.chars() {
                page.press(letter).await?;
            }
            page.press(end).await
        };
        rename("one", Key::Enter).await?;
        until_on(page, "one").await?;
        rename("two", Key::Tab).await?;
        page.control(Role::Button, "two").await?;
        rename("three", Key::Escape).await?;
        until_on(page, "two").await?;
        assert!(!page.call("branches()").await?.to_string().contains("three"));
        focus(page, "[aria-label^=Where]").await?;
        page.press(Key::Enter).await?;
        until_on(page, "Go there").await?;
        page.press(Key::Escape).await?;
        until_on(page, "Where crash n1 differs")
            .await
            .or(until_on(page, "Where two differs").await)?;
        focus(page, "[aria-label^=Delete]").await?;
        page.press(Key::Enter).await?;
        page.until("the tree is gone", async || Ok(page.elements(".branches").await?.is_empty()))
            .await?;
        assert!(page.is_true("document.activeElement !== document.body").await?);
        Ok(())
    })
    .await
}

/// On a phone its button is hidden together with the lists of the transport bar.
#[tokio::test]
async fn the_key_of_the_legend_opens_it_on_a_phone_too() -> Result<()> {
    with_browser(async |site, browser| {
        let page = browser.open(&site.url()).await?;
        browser.set_viewport(390, 844).await?;
        page.load(super::RAFT).await?;
        focus(&page, "#tab-Node").await?;
        page.press('?').await?;
        page.until("it is in the legend", async || {
            page.is_true("document.activeElement.matches('.legend .popover')").await
        })
        .await?;
        let (x, y, wide, high) = page.element(".legend .popover").await?.rectangle().await?;
        assert!(x >= 0.0 && x + wide <= 390.0 && y >= 0.0 && high > 300.0, "{x} {y} {wide} {high}");
        page.press(Key::Escape).await?;
        page.until("the focus is back", async || {
            page.is_true("document.activeElement.id === 'tab-Node'").await
        })
        .await
    })
    .await
}

/// Content of a closed `details` element is in the document, and takes no focus.
#[tokio::test]
async fn it_goes_to_nothing_that_is_folded_away() -> Result<()> {
    with_page("", async |page| {
        page.load(super::RAFT).await?;
        page.control(Role::Tab, "Breakpoints").await?.click().await?;
        page.eval("quorumscope.addBreakpoint('violation')").await?;
        focus(page, "[aria-label^=Delete]").await?;
        page.press(Key::Enter).await?;
        until_on(page, "What can be written").await?;
        focus(page, ".legend summary").await?;
        page.press(' ').await?;
        page.press(Key::Tab).await?;
        page.until("it is in the legend", async || {
            page.is_true("document.activeElement.matches('.legend .popover')").await
        })
        .await?;
        page.press(Key::Escape).await?;
        until_on(page, "What means what").await?;
        assert!(page.is_true("document.activeElement.matches('summary')").await?);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn undo_keeps_it_when_there_is_nothing_more_to_undo() -> Result<()> {
    with_page("", async |page| {
        branched(page).await?;
        focus(page, "[aria-label=Undo]").await?;
        for _ in 0..3 {
            page.press(Key::Enter).await?;
        }
        page.until("all is undone", async || {
            page.is_true("document.querySelector('[aria-label=Undo]').ariaDisabled === 'true'")
                .await
        })
        .await?;
        assert_eq!(page.focused_name().await?, "Undo");
        page.press(Key::Tab).await?;
        assert_eq!(page.focused_name().await?, "Redo", "and it goes on from there");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_lies_over_the_page_takes_it_and_gives_it_back() -> Result<()> {
    with_page("", async |page| {
        page.load(super::RAFT).await?;
        focus(page, ".cta").await?;
        page.press(Key::Enter).await?;
        until_on(page, "Link").await?;
        page.press(Key::Tab).await?;
        assert!(page.is_true("document.activeElement.closest('.exports') !== null").await?);
        page.press(Key::Escape).await?;
        until_on(page, "Share").await?;
        focus(page, ".say .term").await?;
        let term = page.focused_name().await?;
        page.press(Key::Enter).await?;
        until_on(page, "Close").await?;
        let near = "(() => { const box = document.querySelector('.glossary').getBoundingClientRect(), \
            word = document.querySelector('.say .term').getBoundingClientRect(); \
            return box.top > word.bottom && box.top < word.bottom + 20 && box.left <= word.left + 1; })()";
        assert!(page.is_true(near).await?, "it is explained where it stands");
        page.press(Key::Enter).await?;
        until_on(page, &term).await?;
        page.type_in_console("crash n9").await?;
        focus(page, ".alert button").await?;
        page.press(Key::Enter).await?;
        until_on(page, "Console").await?;
        focus(page, ".legend summary").await?;
        page.press(' ').await?;
        page.until("Space unfolds it", async || {
            page.is_true("document.querySelector('.legend').open").await
        })
        .await?;
        assert_eq!(page.state().await?["playing"], false);
        page.press(Key::Escape).await?;
        page.until("Escape folds it", async || {
            page.is_true("!document.querySelector('.legend').open").await
        })
        .await?;
        assert!(page.is_true("document.activeElement.matches('summary')").await?);
        focus(page, ".play").await?;
        page.press('?').await?;
        until_on(page, "What means what").await?;
        assert!(page.is_true("document.querySelector('.legend').open").await?);
        page.press(Key::Escape).await?;
        page.until("the focus is where it was", async || {
            page.is_true("document.activeElement.matches('.play')").await
        })
        .await?;
        page.press('?').await?;
        page.press('?').await?;
        page.until("the key shuts it too", async || {
            page.is_true("!document.querySelector('.legend').open").await
        })
        .await?;
        Ok(())
    })
    .await
}
