//! A page on which the program cannot run says so. The page also runs under a strict content
//! security policy of its host.

use anyhow::Result;
use quorumscope_tests::browser::{Browser, Record};
use quorumscope_tests::site::{Site, workspace};

/// The policy that README.md names.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; manifest-src 'self'; base-uri 'none'; \
    form-action 'none'";

#[test]
fn the_readme_names_the_policy() -> Result<()> {
    let readme = std::fs::read_to_string(workspace().join("README.md"))?;
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words(&readme).contains(&words(POLICY)));
    Ok(())
}

/// The text of the page before the program runs, once it contains `wanted`.
async fn said(browser: &Browser, url: &str, wanted: &str) -> Result<String> {
    browser.client().goto(url).await?;
    let script =
        "return document.getElementById('start-says')?.textContent ?? document.body.textContent";
    let mut said = String::new();
    for _ in 0..250 {
        let text = browser.client().execute(script, Vec::new()).await?;
        said = text.as_str().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
        if said.contains(wanted) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(40)).await;
    }
    assert!(said.contains(wanted), "{url} says: {said}");
    Ok(said)
}

#[tokio::test]
async fn the_page_runs_under_a_strict_policy() -> Result<()> {
    let site = Site::start_with_policy(POLICY).await?;
    let browser = Browser::launch(Record::Nothing).await?;
    let page = browser.open(&site.url()).await?;
    page.eval("window.violations = []").await?;
    page.eval("void document.addEventListener('securitypolicyviolation', e => violations.push(e.violatedDirective + ' ' + e.blockedURI))").await?;
    page.load(
        "cluster raft seed=7\n@1s c1 set x 1\n@2s partition n1 n2 c1 | n3 n4 n5 c2\n@3s c2 get x\n",
    )
    .await?;
    page.seek(6_000).await?;
    // Drawings of painters, beside the stage and over it, and the work of a worker.
    for tab in ["Health", "Operations", "Messages", "Diagram"] {
        let press = format!(
            "document.querySelector('[role=tab][aria-controls]') && [...document.querySelectorAll('[role=tab]')].find(t => t.textContent.includes('{tab}'))?.click()"
        );
        page.eval(&press).await?;
    }
    let exported = page.call("export('operations')").await?;
    assert!(!exported.is_null());
    page.press_button("Share").await?;
    page.node("n1").await?.click().await?;
    page.until("a menu", async || Ok(!page.menu_entries().await?.is_empty())).await?;
    let left = "getComputedStyle(document.querySelector('.menu')).left";
    assert_ne!(page.eval(left).await?, "auto", "a menu has its place");
    assert_eq!(page.eval("violations").await?, serde_json::json!([]));
    assert_eq!(page.console_log().await?, Vec::<String>::new());
    browser.close().await
}

#[tokio::test]
async fn where_a_policy_forbids_the_program_the_page_says_so() -> Result<()> {
    let browser = Browser::launch(Record::Nothing).await?;
    for policy in [
        "script-src 'self'; style-src 'self'; worker-src 'self' blob:",
        "script-src 'self' 'wasm-unsafe-eval'; connect-src 'none'; style-src 'self'",
    ] {
        let site = Site::start_with_policy(policy).await?;
        said(&browser, &site.url(), "a Content-Security-Policy blocks it").await?;
    }
    // Where no script runs at all, the static text of the page says what is wrong.
    let site = Site::start_with_policy("default-src 'none'").await?;
    said(&browser, &site.url(), "is not running yet").await?;
    browser.close().await
}

#[tokio::test]
async fn a_file_says_that_it_needs_a_server() -> Result<()> {
    let browser = Browser::launch(Record::Nothing).await?;
    let file = workspace().join("dist/index.html");
    said(&browser, &format!("file://{}", file.display()), "cannot start from a file").await?;
    browser.close().await
}

#[tokio::test]
async fn a_frame_that_forbids_scripts_shows_a_sentence() -> Result<()> {
    let site = Site::start().await?;
    let browser = Browser::launch(Record::Nothing).await?;
    for (sandbox, wanted) in
        [("", "Scripts are switched off here"), ("allow-scripts", "the sandbox of this frame")]
    {
        browser.client().goto(&format!("{}nothing-here", site.url())).await?;
        let script = format!(
            "const f = document.createElement('iframe'); f.sandbox = '{sandbox}'; f.id = 'framed'; \
             f.src = '{}'; f.width = 700; f.height = 500; document.body.replaceChildren(f);",
            site.url()
        );
        browser.client().execute(&script, Vec::new()).await?;
        let frame = browser.client().find(fantoccini::Locator::Css("#framed")).await?;
        frame.enter_frame().await?;
        let mut text = String::new();
        for _ in 0..250 {
            let body = browser.client().find(fantoccini::Locator::Css("body")).await;
            if let Ok(body) = body {
                text = body.text().await.unwrap_or_default();
            }
            if text.contains(wanted) {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(40)).await;
        }
        assert!(text.contains(wanted), "sandbox={sandbox:?} says: {text}");
        browser.client().clone().enter_parent_frame().await?;
    }
    browser.close().await
}
