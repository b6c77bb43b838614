//! Accessibility: axe-core finds nothing in any view, and the keyboard reaches everything.

use crate::import;
use anyhow::{Result, bail};
use quorumscope_tests::elements::Role;
use quorumscope_tests::fixture::with_browser;
use quorumscope_tests::gestures::Key;
use quorumscope_tests::page::Page;
use serde_json::{Value, json};

/// A run in which something of every kind has happened by [`LATE`].
const EVENTFUL: &str = "cluster raft nodes=5 seed=7\n\
    @500ms workload rate=20/s reads=50% keys=3\n\
    @2s crash n2\n@3s partition n1 n5 | n3 n4\n@3.5s pause n4\n";
const LATE: u64 = 4_000;
/// A cluster with a balancer, which believes that a node is down.
const RING: &str = "cluster ring nodes=4 balancer=on seed=5\n@1s crash n3\n";

/// The findings by view. All of them are reported at once.
#[derive(Default)]
struct Findings(Vec<String>);

impl Findings {
    async fn look(&mut self, page: &Page, view: &str) -> Result<()> {
        match page.accessible(view).await {
            Err(error) if error.to_string().starts_with(view) => self.0.push(error.to_string()),
            other => return other,
        }
        Ok(())
    }

    fn done(self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { bail!("axe-core finds\n{}", self.0.join("\n")) }
    }
}

async fn theme(page: &Page, name: &str) -> Result<()> {
    let features = json!([{"name": "prefers-color-scheme", "value": name}]);
    page.cdp("Emulation.setEmulatedMedia", json!({ "features": features })).await?;
    Ok(())
}

/// Checks every panel.
async fn panels(page: &Page, found: &mut Findings, view: &str) -> Result<()> {
    let tabs = page.eval("[...document.querySelectorAll('[role=tab]')].map(e => e.id)").await?;
    for id in tabs.as_array().into_iter().flatten().filter_map(Value::as_str) {
        page.eval(&format!("document.getElementById('{id}').click()")).await?;
        let opened = format!("document.getElementById('{id}').ariaSelected === 'true'");
        page.until("the panel opens", async || page.is_true(&opened).await).await?;
        found.look(page, &format!("{view}, {id}")).await?;
    }
    // On a phone the diagram stands in the place of the console, so the first panel is shown again.
    page.eval("document.querySelector('[role=tab]').click()").await?;
    Ok(())
}

/// Checks all menus and popovers.
async fn overlays(page: &Page, found: &mut Findings, view: &str) -> Result<()> {
    for css in ["[data-node=n1]", "[data-link='n1-n3']", "[data-client=c1]", "[data-message]"] {
        menu(page, found, view, css).await?;
    }
    page.eval("document.querySelector('.term').click()").await?;
    shown(page, ".glossary .close").await?;
    found.look(page, &format!("{view}, a word explained")).await?;
    page.press(Key::Escape).await?;
    page.eval("document.querySelector('.legend').open = true").await?;
    found.look(page, &format!("{view}, what means what")).await?;
    page.press(Key::Escape).await?;
    page.press_button("Share").await?;
    page.until("the link is there", async || Ok(page.shared_link().await.is_ok())).await?;
    found.look(page, &format!("{view}, the link")).await?;
    page.press(Key::Escape).await?;
    page.type_in_console("crash n77").await?;
    page.until("an error is told", async || Ok(!page.alerts().await?.is_empty())).await?;
    found.look(page, &format!("{view}, an error")).await
}

async fn shown(page: &Page, css: &str) -> Result<()> {
    page.until(css, async || Ok(!page.elements(css).await?.is_empty())).await
}

/// Checks the menu of an element of the stage.
async fn menu(page: &Page, found: &mut Findings, view: &str, css: &str) -> Result<()> {
    page.eval(&format!("document.querySelector(\"{css}\").focus()")).await?;
    page.press(Key::Enter).await?;
    page.menu_entries().await?;
    found.look(page, &format!("{view}, menu of {css}")).await?;
    page.press(Key::Escape).await
}

/// Checks parts of panels that appear after an action: conditions, completions, an answer.
async fn things_done(page: &Page, found: &mut Findings, view: &str) -> Result<()> {
    let open =
        async |tab: &str| page.eval(&format!("document.getElementById('tab-{tab}').click()")).await;
    open("Operations").await?;
    shown(page, ".hunting").await?;
    page.eval("document.querySelectorAll('.hunting, .hunting-rules').forEach(d => d.open = true)")
        .await?;
    found.look(page, &format!("{view}, the hunt and the rules")).await?;
    open("Breakpoints").await?;
    page.eval(
        "quorumscope.addBreakpoint('n1 is crashed'); document.querySelector('.forms').open = true",
    )
    .await?;
    page.element("#condition").await?.send_keys("n").await?;
    shown(page, "#condition-offers").await?;
    page.press(Key::Down).await?;
    found.look(page, &format!("{view}, a condition is written")).await?;
    // The wrong condition still stood there, to be corrected.
    page.element("#console").await?.clear().await?;
    page.element("#console").await?.send_keys("c").await?;
    shown(page, "#console-offers").await?;
    page.press(Key::Down).await?;
    found.look(page, &format!("{view}, a statement is written")).await?;
    page.element("#console").await?.clear().await?;
    page.type_in_console("why no-leader").await?;
    shown(page, ".why .answer").await?;
    found.look(page, &format!("{view}, an answer")).await?;
    Ok(())
}

/// Checks parts that open inside of a view: the fields of a message in flight, the tree of branches
/// and the place where two of them differ, a file and its answer.
async fn things_opened(page: &Page, found: &mut Findings, view: &str) -> Result<()> {
    page.eval("document.getElementById('tab-Messages').click()").await?;
    shown(page, ".messages .head-line").await?;
    // They are open already if the message was selected on the stage.
    page.eval("document.querySelector('.messages:not(:has(.detail)) .head-line')?.click()").await?;
    shown(page, ".messages .detail").await?;
    found.look(page, &format!("{view}, the fields of a message")).await?;
    page.seek(LATE - 500).await?;
    page.run("crash n1").await?;
    shown(page, ".branches li").await?;
    page.press_button("Where main differs").await?;
    page.control(Role::Button, "Go there").await?;
    found.look(page, &format!("{view}, the tree of branches")).await?;
    import::drop_file(page, "stale.jsonl", &json!(import::STALE).to_string()).await?;
    shown(page, "dialog .violated .ask").await?;
    found.look(page, &format!("{view}, a file")).await?;
    page.element("dialog .violated .ask").await?.click().await?;
    shown(page, "dialog .explained .chain").await?;
    found.look(page, &format!("{view}, the answer of a file")).await?;
    page.press_button("Close").await?;
    page.until("it is closed", async || Ok(page.elements("dialog[open]").await?.is_empty())).await
}

async fn finds_nothing(scheme: &str) -> Result<()> {
    with_browser(async |site, browser| {
        let mut found = Findings::default();
        let page = browser.open(&site.url()).await?;
        theme(&page, scheme).await?;
        page.load(EVENTFUL).await?;
        page.seek(LATE).await?;
        panels(&page, &mut found, "at a desk").await?;
        overlays(&page, &mut found, "at a desk").await?;
        things_done(&page, &mut found, "at a desk").await?;
        things_opened(&page, &mut found, "at a desk").await?;
        page.load(RING).await?;
        page.seek(3_000).await?;
        menu(&page, &mut found, "at a desk", "[data-balancer]").await?;
        page.load(&format!("cluster quorum nodes=5\n{EVENTFUL}")).await?;
        page.seek(LATE).await?;
        panels(&page, &mut found, "two clusters").await?;
        page.load("cluster raft nodes=100 clients=4 seed=7\n@2s crash n26\n").await?;
        page.seek(2_100).await?;
        found.look(&page, "a hundred nodes").await?;
        browser.set_viewport(390, 844).await?;
        found.look(&page, "a hundred nodes on a phone").await?;
        page.load(EVENTFUL).await?;
        page.seek(LATE).await?;
        panels(&page, &mut found, "on a phone").await?;
        overlays(&page, &mut found, "on a phone").await?;
        things_done(&page, &mut found, "on a phone").await?;
        things_opened(&page, &mut found, "on a phone").await?;
        browser.set_viewport(1280, 800).await?;
        let page = browser.open(&format!("{}?embed", site.url())).await?;
        page.call("pause()").await?;
        found.look(&page, "embedded").await?;
        found.done()
    })
    .await
}

#[tokio::test]
async fn axe_finds_nothing_by_day() -> Result<()> {
    finds_nothing("light").await
}

#[tokio::test]
async fn axe_finds_nothing_by_night() -> Result<()> {
    finds_nothing("dark").await
}

/// The elements that can be operated now: visible, enabled, and in the tab order.
const CONTROLS: &str = "[...document.querySelectorAll(\
    'button, select, input, a[href], [role=button], [role=separator], [role=tab], [tabindex]')]\
    .filter(e => e.tabIndex >= 0 && !e.disabled && e.checkVisibility({ visibilityProperty: true }))";

/// Compares the look of the focused element, its descendants and its ancestors with and without the
/// focus. Returns the element's name if nothing differs.
const UNSEEN: &str = "(() => {
    const e = document.activeElement;
    if (e === document.body) return null;
    const about = ['outlineStyle', 'outlineWidth', 'boxShadow', 'backgroundColor', 'borderColor',
        'stroke', 'strokeOpacity', 'fill', 'fillOpacity', 'visibility'];
    const look = () => [e, e.parentElement, e.parentElement.parentElement, ...e.querySelectorAll('*')]
        .map(x => about.map(p => getComputedStyle(x)[p]).join()).join('|');
    const focused = look();
    e.blur();
    const without = look();
    e.focus();
    e.dataset.visited = 'yes';
    return focused === without ? e.outerHTML.slice(0, 160) : null;
})()";

async fn by_tab_alone(page: &Page, view: &str) -> Result<()> {
    let count = page.eval(&format!("{CONTROLS}.length")).await?.as_u64().unwrap_or(0);
    assert!(count > 20, "{view}: {count} controls");
    for _ in 0..count + 4 {
        page.press(Key::Tab).await?;
        let unseen = page.eval(UNSEEN).await?;
        assert!(unseen.is_null(), "{view}: the focus is not seen on {unseen}");
    }
    let missed =
        format!("{CONTROLS}.filter(e => !e.dataset.visited).map(e => e.outerHTML.slice(0, 160))");
    let missed = page.eval(&missed).await?;
    assert_eq!(missed, json!([]), "{view}: Tab does not lead there");
    // An element outside of the tab order belongs to a group in which arrow keys move.
    let apart = page
        .eval(
            "[...document.querySelectorAll('button, select, input, a[href]')]\
             .filter(e => e.tabIndex < 0 && e.checkVisibility() && !e.closest('[role=tablist], [role=menu], [role=listbox]'))\
             .map(e => e.outerHTML.slice(0, 160))",
        )
        .await?;
    assert_eq!(apart, json!([]), "{view}: no key leads there");
    Ok(())
}

#[tokio::test]
async fn tab_leads_to_every_control_and_the_focus_is_seen() -> Result<()> {
    with_browser(async |site, browser| {
        let page = browser.open(&site.url()).await?;
        page.load(EVENTFUL).await?;
        page.seek(LATE).await?;
        by_tab_alone(&page, "at a desk").await?;
        for tab in ["Operations", "Health", "Events"] {
            page.control(Role::Tab, tab).await?.click().await?;
            page.eval("document.activeElement?.blur()").await?;
            by_tab_alone(&page, tab).await?;
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn escape_closes_what_is_open_and_the_focus_returns() -> Result<()> {
    with_browser(async |site, browser| {
        let page = browser.open(&site.url()).await?;
        page.load(EVENTFUL).await?;
        page.seek(LATE).await?;
        for css in ["[data-node=n3]", "[data-link='n1-n3']", "[data-client=c1]"] {
            page.eval(&format!("document.querySelector(\"{css}\").focus()")).await?;
            page.press(Key::Enter).await?;
            page.menu_entries().await?;
            page.press(Key::Escape).await?;
            page.until("the menu is closed", async || {
                Ok(page.elements("[role=menu]").await?.is_empty())
            })
            .await?;
            let back = format!("document.activeElement === document.querySelector(\"{css}\")");
            page.until("the focus is back", async || page.is_true(&back).await).await?;
        }
        page.tab_to("e.matches('.cta')").await?;
        page.press(Key::Enter).await?;
        page.until("the link is there", async || Ok(page.shared_link().await.is_ok())).await?;
        page.press(Key::Escape).await?;
        page.until("it is gone", async || Ok(page.elements("#link").await?.is_empty())).await?;
        page.until("the focus is on Share", async || Ok(page.focused_name().await? == "Share"))
            .await
    })
    .await
}
