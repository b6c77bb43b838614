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

/// Quiet, without a GPU, and speaking to nobody but the page's own server.
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

/// The size of the page in CSS pixels, unless a test chooses another.
pub const VIEWPORT: (u32, u32) = (1280, 800);

/// How long a script in the page, or the loading of one, may take.
const LIMIT: Duration = Duration::from_secs(300);

/// A running browser whose profile is new and is thrown away.
#[derive(Debug)]
pub struct Browser {
    client: Client,
    _driver: Driver,
    _profile: TempDir,
}

/// What a browser writes down of itself beside its console.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Record {
    /// Nothing.
    Nothing,
    /// Each picture that it draws.
    Pictures,
}

impl Browser {
    /// Starts one with a page of [`VIEWPORT`].
    ///
    /// # Errors
    /// If ChromeDriver or Chromium do not start.
    pub async fn launch(record: Record) -> Result<Self> {
        // On a busy machine Chromium now and then fails to come up in the time ChromeDriver gives it.
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

    /// Opens `url` in it and waits until the page is ready.
    ///
    /// # Errors
    /// If the page does not become ready.
    pub async fn open(&self, url: &str) -> Result<Page> {
        Page::open(self.client.clone(), url).await
    }

    /// Goes to `url` in it, and does not wait until the page is ready.
    ///
    /// # Errors
    /// If the browser cannot go there.
    pub async fn visit(&self, url: &str) -> Result<Page> {
        Page::visit(self.client.clone(), url).await
    }

    /// Gives the page another size, in CSS pixels.
    ///
    /// # Errors
    /// If the browser refuses.
    pub async fn set_viewport(&self, width: u32, height: u32) -> Result<()> {
        let size =
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        commands::cdp(&self.client, "Emulation.setDeviceMetricsOverride", size).await?;
        Ok(())
    }

    /// Ends it.
    ///
    /// # Errors
    /// If the browser has gone already.
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
