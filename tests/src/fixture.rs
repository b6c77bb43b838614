//! Set-up and tear-down of a test: a served page, and a browser of its own.

use std::panic::{AssertUnwindSafe, resume_unwind};

use anyhow::Result;
use futures_util::FutureExt;

use crate::browser::{Browser, Record};
use crate::page::Page;
use crate::site::Site;

/// Runs `test` with a served page and a new browser, which is closed at the end in any case.
///
/// # Errors
/// Those of the test, and of the set-up.
pub async fn with_browser<T>(test: impl AsyncFnOnce(&Site, &Browser) -> Result<T>) -> Result<T> {
    with_browser_that(Record::Nothing, test).await
}

/// The same with a browser that keeps a further log.
///
/// # Errors
/// Those of the test, and of the set-up.
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

/// Runs `test` on the page, opened with `fragment` after its address (`#…`, or nothing).
///
/// # Errors
/// Those of the test, and of the set-up.
pub async fn with_page<T>(fragment: &str, test: impl AsyncFnOnce(&Page) -> Result<T>) -> Result<T> {
    with_browser(async |site, browser| {
        let page = browser.open(&format!("{}{fragment}", site.url())).await?;
        test(&page).await
    })
    .await
}
