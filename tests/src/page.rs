//! The open page as scripts see it: `window.quorumscope`.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use fantoccini::Client;
use serde_json::{Value, json};

use crate::commands;

/// The longest time to wait for a change of the page.
const PATIENCE: Duration = Duration::from_secs(10);

/// Evaluates an expression, awaits its value, and returns the value or the error.
const EVALUATE: &str = "
    const [source, done] = arguments;
    const told = error => done({ error: String(error?.message ?? error) });
    try {
        Promise.resolve((0, eval)(source)).then(value => done({ value: value ?? null }), told);
    } catch (error) {
        told(error);
    }";

/// A page that is ready.
#[derive(Clone, Debug)]
pub struct Page {
    client: Client,
}

impl Page {
    /// Opens `url` and waits until `window.quorumscope.ready` has resolved.
    ///
    /// # Errors
    /// If it does not resolve.
    pub async fn open(client: Client, url: &str) -> Result<Self> {
        // A change of the fragment alone would not reload the page.
        client.goto("about:blank").await?;
        client.goto(url).await?;
        let page = Self { client };
        page.until("window.quorumscope is there", async || {
            page.is_true("!!window.quorumscope?.ready").await
        })
        .await?;
        page.call("ready").await?;
        Ok(page)
    }

    /// Goes to `url`, and does not wait until anything is ready.
    ///
    /// # Errors
    /// If the browser cannot go there.
    pub async fn visit(client: Client, url: &str) -> Result<Self> {
        client.goto("about:blank").await?;
        client.goto(url).await?;
        Ok(Self { client })
    }

    /// The connection to the browser.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Evaluates a JavaScript expression. A promise is awaited.
    ///
    /// # Errors
    /// The message of the exception that the expression throws.
    pub async fn eval(&self, expression: &str) -> Result<Value> {
        let mut answer = self.client.execute_async(EVALUATE, vec![json!(expression)]).await?;
        match answer.get("error").and_then(Value::as_str) {
            Some(error) => bail!("{error}"),
            None => Ok(answer["value"].take()),
        }
    }

    /// Evaluates `window.quorumscope.CALL`, such as `seek(1000)`.
    ///
    /// # Errors
    /// The sentence that the call throws.
    pub async fn call(&self, call: &str) -> Result<Value> {
        self.eval(&format!("window.quorumscope.{call}")).await
    }

    /// True if an expression evaluates to `true`.
    ///
    /// # Errors
    /// The message of the exception that the expression throws.
    pub async fn is_true(&self, expression: &str) -> Result<bool> {
        Ok(self.eval(expression).await? == Value::Bool(true))
    }

    /// Replaces the run, and pauses it.
    ///
    /// # Errors
    /// The sentence that says what is wrong with the script.
    pub async fn load(&self, script: &str) -> Result<()> {
        self.call("pause()").await?;
        self.call(&format!("load({})", json!(script))).await?;
        self.call("pause()").await?;
        Ok(())
    }

    /// Appends a statement at the playhead.
    ///
    /// # Errors
    /// The sentence that says what is wrong with the statement.
    pub async fn run(&self, statement: &str) -> Result<()> {
        self.call(&format!("run({})", json!(statement))).await?;
        Ok(())
    }

    /// Seeks to a time in milliseconds of virtual time, and waits until the World is there.
    ///
    /// # Errors
    /// If the page refuses the time.
    pub async fn seek(&self, ms: u64) -> Result<()> {
        self.call(&format!("seek({ms})")).await?;
        Ok(())
    }

    /// Waits until the page shows the present World and, if the run is paused, nothing moves.
    ///
    /// # Errors
    /// If the page no longer exists.
    pub async fn settled(&self) -> Result<()> {
        self.call("settled()").await?;
        Ok(())
    }

    /// The time of the playhead, in milliseconds of virtual time.
    ///
    /// # Errors
    /// If the page returns something else than a number.
    pub async fn now(&self) -> Result<f64> {
        self.call("now()").await?.as_f64().context("now() is not a number")
    }

    /// The run, as a script.
    ///
    /// # Errors
    /// If the page returns something else than a string.
    pub async fn script(&self) -> Result<String> {
        self.text("script()").await
    }

    /// The state hash at the playhead, 16 hex digits.
    ///
    /// # Errors
    /// If the page returns something else than a string.
    pub async fn hash(&self) -> Result<String> {
        self.text("hash()").await
    }

    /// The link to this run at this playhead.
    ///
    /// # Errors
    /// If the page returns something else than a string.
    pub async fn link(&self) -> Result<String> {
        self.text("link()").await
    }

    async fn text(&self, call: &str) -> Result<String> {
        let value = self.call(call).await?;
        let text = value.as_str().with_context(|| format!("{call} gave {value}, not a text"))?;
        Ok(text.to_owned())
    }

    /// The World at the playhead: the result of `state()`.
    ///
    /// # Errors
    /// If the call fails.
    pub async fn state(&self) -> Result<Value> {
        self.call("state()").await
    }

    /// The first cluster of [`Page::state`].
    ///
    /// # Errors
    /// If there is none.
    pub async fn cluster(&self) -> Result<Value> {
        let mut state = self.state().await?;
        let cluster = state.pointer_mut("/clusters/0").context("the state has no cluster")?;
        Ok(cluster.take())
    }

    /// A node of the first cluster, as in [`Page::state`].
    ///
    /// # Errors
    /// If there is no such node.
    pub async fn node_state(&self, id: &str) -> Result<Value> {
        let cluster = self.cluster().await?;
        let nodes = cluster["nodes"].as_array().context("a cluster has nodes")?;
        let node = nodes.iter().find(|node| node["id"] == id);
        node.cloned().with_context(|| format!("there is no {id} in {cluster}"))
    }

    /// The leader of the first cluster, such as `n1`.
    ///
    /// # Errors
    /// If there is no leader at the playhead.
    pub async fn leader(&self) -> Result<String> {
        let cluster = self.cluster().await?;
        let leader = cluster["leader"].as_str();
        Ok(leader.context("there is no leader at the playhead")?.to_owned())
    }

    /// The entries of the console since the last call.
    ///
    /// # Errors
    /// If the browser keeps no log.
    pub async fn console_log(&self) -> Result<Vec<String>> {
        commands::console_log(&self.client).await
    }

    /// The times of the page's frames, in seconds, in a browser that logs them.
    ///
    /// # Errors
    /// If the browser keeps no log.
    pub async fn pictures(&self) -> Result<Vec<f64>> {
        commands::pictures(&self.client).await
    }

    /// Sends a command of the Chrome DevTools Protocol.
    ///
    /// # Errors
    /// If the browser refuses the command.
    pub async fn cdp(&self, name: &str, parameters: Value) -> Result<Value> {
        commands::cdp(&self.client, name, parameters).await
    }

    /// Waits until `holds` returns true, asking repeatedly. An error counts as "not yet": an
    /// element may disappear between two commands.
    ///
    /// # Errors
    /// If it is not true after ten seconds; `what` says what was waited for.
    pub async fn until(&self, what: &str, holds: impl AsyncFn() -> Result<bool>) -> Result<()> {
        self.patiently(async || {
            ensure!(holds().await?, "it does not hold");
            Ok(())
        })
        .await
        .with_context(|| format!("waited in vain: {what}"))
    }

    /// Repeats `ask` until it succeeds. The page is drawn a moment after the World has moved, and
    /// elements that are drawn anew cannot be asked at that moment.
    ///
    /// # Errors
    /// The last error, if there is no success after ten seconds.
    pub async fn patiently<T>(&self, ask: impl AsyncFn() -> Result<T>) -> Result<T> {
        let began = Instant::now();
        loop {
            match ask().await {
                Ok(answer) => return Ok(answer),
                Err(error) if began.elapsed() > PATIENCE => return Err(error),
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
    }
}
