//! A Chromium with a profile of its own.

use std::env;
use std::time::Duration;

use anyhow::{Context, Result};
use fantoccini::wd::TimeoutConfiguration;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Map, Value, json};
use tempfile::TempDir;

use crate::commands;
use crate::driver::Driver;
use crate::page::Page;

/// Headless, without a GPU, and without any network access except to the page's own server.
const FLAGS: [&str; 9] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

/// The size of the page in CSS pixels, unless a test sets another.
pub const VIEWPORT: (u32, u32) = (1280, 800);

/// The time limit for a script in the page, and for loading a page.
const LIMIT: Duration = Duration::from_secs(300);

/// A running browser. Its new profile is deleted at the end.
#[derive(Debug)]
pub struct Browser {
    client: Client,
    _driver: Driver,
    _profile: TempDir,
}

/// The further log that a browser keeps, beside its console.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Record {
    /// None.
    Nothing,
    /// A log of each frame that it draws.
    Pictures,
}

impl Browser {
    /// Starts a browser with a page of [`VIEWPORT`].
    ///
    /// # Errors
    /// If ChromeDriver or Chromium does not start.
    pub async fn launch(record: Record) -> Result<Self> {
        // On a busy machine Chromium sometimes does not start within the time that ChromeDriver
        // allows.
        match Self::launch_once(record).await {
            Ok(browser) => Ok(browser),
            Err(first) => {
                Self::launch_once(record).await.context(format!("{first:#}; and once more"))
            }
        }
    }

    async fn launch_once(record: Record) -> Result<Self> {
        let driver = Driver::start().await?;
        let profile = TempDir::with_prefix("quorumscope-profile-")?;
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities(&profile, record))
            .connect(&driver.url())
            .await
            .context("Chromium does not start")?;
        let limits = TimeoutConfiguration::new(Some(LIMIT), Some(LIMIT), Some(Duration::ZERO));
        client.update_timeouts(limits).await?;
        let browser = Self { client, _driver: driver, _profile: profile };
        browser.set_viewport(VIEWPORT.0, VIEWPORT.1).await?;
        Ok(browser)
    }

    /// Opens `url` and waits until the page is ready.
    ///
    /// # Errors
    /// If the page does not become ready.
    pub async fn open(&self, url: &str) -> Result<Page> {
        Page::open(self.client.clone(), url).await
    }

    /// Goes to `url` in it, without waiting until the page is ready.
    ///
    /// # Errors
    /// If the browser cannot go there.
    pub async fn visit(&self, url: &str) -> Result<Page> {
        Page::visit(self.client.clone(), url).await
    }

    /// The connection to the browser, for pages that do not become ready.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Sets the size of the page, in CSS pixels.
    ///
    /// # Errors
    /// If the browser refuses.
    pub async fn set_viewport(&self, width: u32, height: u32) -> Result<()> {
        let size =
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        commands::cdp(&self.client, "Emulation.setDeviceMetricsOverride", size).await?;
        Ok(())
    }

    /// Closes the browser.
    ///
    /// # Errors
    /// If the browser has already ended.
    pub async fn close(self) -> Result<()> {
        Ok(self.client.close().await?)
    }
}

fn capabilities(profile: &TempDir, record: Record) -> Map<String, Value> {
    let mut flags: Vec<String> = FLAGS.map(str::to_owned).to_vec();
    flags.push(format!("--user-data-dir={}", profile.path().display()));
    let mut options = json!({ "args": flags });
    if let Ok(binary) = env::var("CHROME") {
        options["binary"] = Value::from(binary);
    }
    let mut logs = json!({"browser": "ALL"});
    if record == Record::Pictures {
        logs["performance"] = Value::from("ALL");
        options["perfLoggingPrefs"] =
            json!({"enableNetwork": false, "enablePage": false, "traceCategories": "viz"});
    }
    let mut capabilities = Map::new();
    capabilities.insert("goog:chromeOptions".to_owned(), options);
    capabilities.insert("goog:loggingPrefs".to_owned(), logs);
    capabilities
}
