//! Tests `window.quorumscope` completely: each call, its result and its errors.

use anyhow::Result;
use quorumscope_tests::fixture::with_page;
use quorumscope_tests::page::Page;
use serde_json::{Value, json};

/// A run with something of every kind: elections, a fault, operations that end, and one that
/// cannot.
const RUN: &str = "cluster raft nodes=5 seed=7\n@1s c1 set x 1\n@2s c2 get x\n@3s crash n1\n";

async fn loaded(page: &Page) -> Result<()> {
    page.load(RUN).await?;
    page.seek(4_000).await
}

/// The items of a value that must be an array.
fn items(value: &Value) -> &[Value] {
    value.as_array().unwrap_or_else(|| panic!("not an array: {value}"))
}

/// Checks that each named member exists and satisfies `is`.
fn has(object: &Value, names: &[&str], is: fn(&Value) -> bool) {
    for name in names {
        let member = object.get(name).unwrap_or_else(|| panic!("{name} is missing in {object}"));
        assert!(is(member), "{name} is {member} in {object}");
    }
}

fn is_text_or_null(value: &Value) -> bool {
    value.is_string() || value.is_null()
}

fn is_number_or_null(value: &Value) -> bool {
    value.is_number() || value.is_null()
}

#[tokio::test]
async fn it_says_which_version_it_is() -> Result<()> {
    with_page("", async |page| {
        let version = page.call("version").await?;
        assert!(!version.is_null(), "the version of the program and of the language");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn load_replaces_the_run_and_script_prints_it() -> Result<()> {
    with_page("", async |page| {
        page.load(RUN).await?;
        assert_eq!(page.now().await?, 0.0);
        let printed = page.script().await?;
        for statement in
            ["cluster raft", "seed=7", "@1s c1 set x 1", "@2s c2 get x", "@3s crash n1"]
        {
            assert!(printed.contains(statement), "{statement} in {printed}");
        }
        page.load(&printed).await?;
        assert_eq!(page.script().await?, printed, "what was printed prints the same again");
        page.load("cluster raft nodes=3\n@2.5s show\n").await?;
        assert_eq!(page.now().await?, 2_500.0, "`show` says where the playhead goes");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_playhead_goes_where_it_is_sent() -> Result<()> {
    with_page("", async |page| {
        page.load(RUN).await?;
        page.seek(1_234).await?;
        assert_eq!(page.now().await?, 1_234.0);
        page.call("step(5)").await?;
        let (time, hash) = (page.now().await?, page.hash().await?);
        assert!(time >= 1_234.0);
        page.call("step(3)").await?;
        page.call("step(-3)").await?;
        assert_eq!((page.now().await?, page.hash().await?), (time, hash));
        assert_eq!(page.state().await?["playing"], false);
        page.call("play(2)").await?;
        assert_eq!(page.state().await?["playing"], true);
        page.until("it plays", async || Ok(page.now().await? > time)).await?;
        page.call("pause()").await?;
        assert_eq!(page.state().await?["playing"], false);
        assert!(page.is_true("window.quorumscope.seek(10) instanceof Promise").await?);
        assert!(page.is_true("window.quorumscope.step(1) instanceof Promise").await?);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_state_has_the_promised_shape() -> Result<()> {
    with_page("", async |page| {
        loaded(page).await?;
        let state = page.state().await?;
        assert_eq!(state["time"].as_f64(), Some(page.now().await?));
        assert_eq!(state["hash"], json!(page.hash().await?));
        has(&state, &["playing"], Value::is_boolean);
        for cluster in items(&state["clusters"]) {
            has(cluster, &["preset"], Value::is_string);
            has(cluster, &["settings"], Value::is_object);
            has(cluster, &["modified"], |_| true);
            has(cluster, &["leader"], is_text_or_null);
            has(cluster, &["nodes", "links", "messages", "clients"], Value::is_array);
            items(&cluster["nodes"]).iter().for_each(check_node);
            items(&cluster["links"]).iter().for_each(check_link);
            items(&cluster["messages"]).iter().for_each(check_message);
            items(&cluster["clients"]).iter().for_each(check_client);
        }
        assert_eq!(items(&state["clusters"][0]["nodes"]).len(), 5);
        Ok(())
    })
    .await
}

fn check_node(node: &Value) {
    has(node, &["id", "status"], Value::is_string);
    assert!(["up", "crashed", "paused"].iter().any(|status| node["status"] == *status), "{node}");
    has(node, &["role"], is_text_or_null);
    has(node, &["term", "clock_ms"], is_number_or_null);
    has(node, &["data"], Value::is_object);
    has(node, &["disk", "detail"], |_| true);
    has(node, &["log"], |log| log.is_array() || log.is_null());
    for entry in node["log"].as_array().into_iter().flatten() {
        has(entry, &["index", "term"], Value::is_u64);
        has(entry, &["op"], |_| true);
        has(entry, &["committed"], Value::is_boolean);
    }
}

fn check_link(link: &Value) {
    has(link, &["a", "b"], Value::is_string);
    let (a, b) = (&link["a"], &link["b"]);
    let one_way = |from: &Value, to: &Value| {
        json!(format!("{}>{}", from.as_str().unwrap_or("?"), to.as_str().unwrap_or("?")))
    };
    // One-way cuts may be spelt with the letters a and b, or with the names of the ends.
    let known =
        [json!("none"), json!("both"), json!("a>b"), json!("b>a"), one_way(a, b), one_way(b, a)];
    assert!(known.contains(&link["cut"]), "{link}");
    has(link, &["latency", "loss"], |_| true);
}

fn check_message(message: &Value) {
    has(message, &["id", "from", "to", "kind"], Value::is_string);
    has(message, &["sent", "arrives"], Value::is_number);
    assert!(message["sent"].as_f64() <= message["arrives"].as_f64(), "{message}");
}

fn check_client(client: &Value) {
    has(client, &["id"], Value::is_string);
    has(client, &["waiting_for"], is_text_or_null);
    has(client, &["operation"], |_| true);
}

#[tokio::test]
async fn the_history_tells_what_clients_asked_and_were_told() -> Result<()> {
    with_page("", async |page| {
        loaded(page).await?;
        let history = page.call("history()").await?;
        assert_eq!(items(&history).len(), 2, "{history}");
        for operation in items(&history) {
            has(
                operation,
                &["cluster", "id", "client", "op", "key", "value", "expected", "via"],
                |_| true,
            );
            has(operation, &["invoked"], Value::is_number);
            has(operation, &["returned"], is_number_or_null);
            has(operation, &["outcome"], is_text_or_null);
            has(operation, &["read"], is_text_or_null);
        }
        let (set, get) = (&history[0], &history[1]);
        assert_eq!(
            [&set["client"], &set["op"], &set["key"], &set["value"]],
            ["c1", "set", "x", "1"]
        );
        assert_eq!(
            [&get["client"], &get["op"], &get["key"], &get["read"]],
            ["c2", "get", "x", "1"]
        );
        assert_eq!((&set["outcome"], &get["outcome"]), (&json!("ok"), &json!("ok")));
        assert_eq!(
            (set["invoked"].as_f64(), get["invoked"].as_f64()),
            (Some(1_000.0), Some(2_000.0))
        );
        assert!(
            set["returned"].as_f64() > Some(1_000.0) && set["returned"].as_f64() < Some(2_000.0)
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_verdict_is_one_entry_per_property() -> Result<()> {
    with_page("", async |page| {
        loaded(page).await?;
        let verdict = page.call("verdict()").await?;
        for entry in items(&verdict) {
            has(entry, &["cluster"], |_| true);
            has(entry, &["property", "text"], Value::is_string);
            has(entry, &["holds"], |holds| holds.is_boolean() || holds.is_null());
            has(entry, &["operations"], Value::is_array);
            assert_ne!(entry["holds"], false, "a run of Raft that breaks nothing: {entry}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn events_know_their_causes() -> Result<()> {
    with_page("", async |page| {
        loaded(page).await?;
        let events = page.call("events(0, 4000)").await?;
        let mut caused = 0;
        for event in items(&events) {
            has(event, &["id", "cluster", "node", "message"], |_| true);
            has(event, &["at"], Value::is_number);
            has(event, &["kind", "text"], Value::is_string);
            has(event, &["causes"], Value::is_array);
            let causes = items(&event["causes"]);
            caused += usize::from(!causes.is_empty());
            for cause in causes {
                assert!(cause.as_f64() < event["id"].as_f64() || !cause.is_number(), "{event}");
            }
        }
        assert!(caused * 2 > items(&events).len(), "most events have a cause");
        let some = page.call("events(1000, 2000)").await?;
        assert!(!items(&some).is_empty() && items(&some).len() < items(&events).len());
        let inside =
            |event: &Value| (Some(1_000.0)..=Some(2_000.0)).contains(&event["at"].as_f64());
        assert!(items(&some).iter().all(inside), "{some}");
        let told = |part: &str| {
            items(&events).iter().any(|e| e["text"].as_str().is_some_and(|t| t.contains(part)))
        };
        assert!(told("n1"), "some sentence names n1");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_hash_is_sixteen_digits_and_a_link_opens_this_page() -> Result<()> {
    with_page("", async |page| {
        loaded(page).await?;
        let hash = page.hash().await?;
        assert!(
            hash.len() == 16 && hash.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f')),
            "{hash}"
        );
        let link = page.link().await?;
        assert!(
            link.starts_with("http://127.0.0.1:") && link.contains("#v2+cluster+raft"),
            "{link}"
        );
        assert!(link.contains("@3s+crash+n1") && link.contains("show"), "{link}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn listeners_are_called_until_they_are_stopped() -> Result<()> {
    with_page("", async |page| {
        page.load(RUN).await?;
        page.eval(
            "window.heard = { event: 0, change: 0 }; \
             window.stops = ['event', 'change'].map(name => window.quorumscope.on(name, () => window.heard[name]++)); \
             window.quorumscope.on('violation', () => {}); null",
        )
        .await?;
        page.call("play(4)").await?;
        page.until("events are told", async || page.is_true("window.heard.event > 0").await).await?;
        page.run("crash n3").await?;
        page.until("the change is told", async || page.is_true("window.heard.change > 0").await).await?;
        page.call("pause()").await?;
        page.eval("window.stops.forEach(stop => stop()); null").await?;
        let heard = page.eval("window.heard").await?;
        page.seek(3_500).await?;
        page.run("crash n2").await?;
        page.call("step(20)").await?;
        assert_eq!(page.eval("window.heard").await?, heard);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_goes_wrong_throws_its_sentence_and_changes_nothing() -> Result<()> {
    with_page("", async |page| {
        loaded(page).await?;
        let (script, hash, now) = (page.script().await?, page.hash().await?, page.now().await?);
        let wrong = [
            (r#"run("crash n9")"#, "there is no node n9 in a cluster of 5"),
            (r#"run("crahs n1")"#, "crahs"),
            (r#"run("c1 set x")"#, "column"),
            (r#"load("cluster raft\n@1s partition n1 |\n@1s crash n77")"#, "line 2"),
            (r#"load("cluster nonsense")"#, "nonsense"),
            (r#"load("")"#, "cluster"),
            ("load(42)", ""),
            ("run()", ""),
            ("seek(-1)", ""),
            ("seek(NaN)", ""),
            ("seek(25 * 3600 * 1000)", ""),
            ("seek('soon')", ""),
            ("play(-1)", ""),
            ("step(0.5)", ""),
            ("on('nothing', () => {})", ""),
            ("on('event', 5)", ""),
        ];
        for (call, part) in wrong {
            let sentence = match page.call(call).await {
                Ok(value) => panic!("{call} gave {value}"),
                Err(error) => error.to_string(),
            };
            assert!(sentence.contains(part) && !sentence.is_empty(), "{call}: {sentence}");
            let is_error = format!(
                "(async () => {{ try {{ await window.quorumscope.{call} }} catch (e) {{ return e instanceof Error }} }})()"
            );
            assert!(page.is_true(&is_error).await?, "{call} throws an Error");
        }
        assert_eq!((page.script().await?, page.hash().await?, page.now().await?), (script, hash, now));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn run_appends_at_the_playhead() -> Result<()> {
    with_page("", async |page| {
        page.load(super::RAFT).await?;
        page.seek(1_250).await?;
        page.run("isolate n3").await?;
        let script = page.script().await?;
        assert!(
            script.contains("@1250ms isolate n3") || script.contains("@1.25s isolate n3"),
            "{script}"
        );
        let cluster = page.cluster().await?;
        let cut = items(&cluster["links"]).iter().filter(|link| link["cut"] == "both").count();
        assert!(cut >= 4, "{cluster}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn several_clusters_stand_side_by_side() -> Result<()> {
    with_page("", async |page| {
        page.load(
            "cluster raft nodes=3 seed=7\ncluster write-all nodes=3 seed=7\n@1s c1 set x 1\n",
        )
        .await?;
        page.seek(2_000).await?;
        let state = page.state().await?;
        let presets: Vec<&Value> =
            items(&state["clusters"]).iter().map(|cluster| &cluster["preset"]).collect();
        assert_eq!(presets, ["raft", "write-all"]);
        let history = page.call("history()").await?;
        assert_eq!(items(&history).len(), 2, "each cluster has the operation: {history}");
        Ok(())
    })
    .await
}
