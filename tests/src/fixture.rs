//! What each test begins and ends with: a served page in a browser of its own.

use std::panic::{AssertUnwindSafe, resume_unwind};

use anyhow::Result;
use futures_util::FutureExt;

use crate::browser::{Browser, Record};
use crate::page::Page;
use crate::site::Site;

/// Runs `test` with a served page and a fresh browser, which is closed however the test ends.
///
/// # Errors
/// Those of the test, and of starting what it needs.
pub async fn with_browser<T>(test: impl AsyncFnOnce(&Site, &Browser) -> Result<T>) -> Result<T> {
    with_browser_that(Record::Nothing, test).await
}

/// The same with a browser that writes something down.
///
/// # Errors
/// Those of the test, and of starting what it needs.
pub async fn with_browser_that<T>(
    record: Record,
    test: impl AsyncFnOnce(&Site, &Browser) -> Result<T>,
) -> Result<T> {
    let site = Site::start().await?;
    let browser = Browser::launch(record).await?;
    let outcome = AssertUnwindSafe(test(&site, &browser)).catch_unwind().await;
    let closed = browser.close().await;
    match outcome {
        Ok(result) => result.and_then(|value| closed.map(|()| value)),
        Err(panic) => resume_unwind(panic),
    }
}

/// Runs `test` on the page at its root, opened with `fragment` behind the address (`#…`, or
/// nothing).
///
/// # Errors
/// Those of the test, and of starting what it needs.
pub async fn with_page<T>(fragment: &str, test: impl AsyncFnOnce(&Page) -> Result<T>) -> Result<T> {
    with_browser(async |site, browser| {
        let page = browser.open(&format!("{}{fragment}", site.url())).await?;
        test(&page).await
    })
    .await
}
