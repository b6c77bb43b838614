//! WebDriver commands that are not in the standard, or that the client library does not offer.

use anyhow::Result;
use fantoccini::Client;
use fantoccini::elements::Element;
use fantoccini::wd::WebDriverCompatibleCommand;
use http::Method;
use serde_json::{Value, json};
use url::{ParseError, Url};

/// A command, with its path below that of the session.
#[derive(Debug)]
struct Command {
    path: String,
    body: Option<Value>,
}

impl WebDriverCompatibleCommand for Command {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        match &self.body {
            Some(body) => (Method::POST, Some(body.to_string())),
            None => (Method::GET, None),
        }
    }
}

async fn issue(client: &Client, path: String, body: Option<Value>) -> Result<Value> {
    Ok(client.issue_cmd(Command { path, body }).await?)
}

/// Sends a command of the Chrome DevTools Protocol and returns its result.
///
/// # Errors
/// If the browser does not know the command, or refuses its parameters.
pub async fn cdp(client: &Client, name: &str, parameters: Value) -> Result<Value> {
    let body = json!({"cmd": name, "params": parameters});
    issue(client, "goog/cdp/execute".to_owned(), Some(body)).await
}

/// The entries of the console since the last call, as strings.
///
/// # Errors
/// If the browser keeps no log.
pub async fn console_log(client: &Client) -> Result<Vec<String>> {
    let entries = log(client, "browser").await?;
    Ok(entries.iter().map(|entry| format!("{} {}", entry["level"], entry["message"])).collect())
}

/// The times of the frames since the last call, in seconds, if the browser logs them.
///
/// # Errors
/// If the browser keeps no log.
pub async fn pictures(client: &Client) -> Result<Vec<f64>> {
    let drawn = |entry: &Value| {
        let told: Value = serde_json::from_str(entry["message"].as_str()?).ok()?;
        let event = &told["message"]["params"];
        (event["name"] == "Display::DrawAndSwap").then(|| Some(event["ts"].as_f64()? / 1e6))?
    };
    Ok(log(client, "performance").await?.iter().filter_map(drawn).collect())
}

async fn log(client: &Client, kind: &str) -> Result<Vec<Value>> {
    let entries = issue(client, "se/log".to_owned(), Some(json!({"type": kind}))).await?;
    Ok(entries.as_array().cloned().unwrap_or_default())
}

/// The accessible name of an element, as the browser computes it.
///
/// # Errors
/// If the element no longer exists.
pub async fn accessible_name(client: &Client, element: &Element) -> Result<String> {
    computed(client, element, "computedlabel").await
}

/// The role of an element for assistive technology, as the browser computes it.
///
/// # Errors
/// If the element no longer exists.
pub async fn accessible_role(client: &Client, element: &Element) -> Result<String> {
    computed(client, element, "computedrole").await
}

async fn computed(client: &Client, element: &Element, what: &str) -> Result<String> {
    let path = format!("element/{}/{what}", element.element_id().as_ref());
    let answer = issue(client, path, None).await?;
    Ok(answer.as_str().unwrap_or_default().to_owned())
}
