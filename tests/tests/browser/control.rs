//! Steering a run: breakpoints, the tree of branches, the messages in flight, steps and jumps by
//! kind, exports.

use anyhow::Result;
use quorumscope_tests::elements::Role;
use quorumscope_tests::fixture::with_page;
use quorumscope_tests::gestures::Key;
use quorumscope_tests::page::Page;
use serde_json::Value;

const CRASH: &str = "cluster raft nodes=5 seed=7\n@500ms c1 set x 1\n@2s crash n5\n";

async fn open_tab(page: &Page, name: &str) -> Result<()> {
    Ok(page.control(Role::Tab, name).await?.click().await?)
}

async fn panel(page: &Page) -> Result<String> {
    let text = page.eval("document.querySelector('#panel').innerText").await?;
    Ok(text.as_str().unwrap_or_default().to_owned())
}

async fn choose(page: &Page, list: &str, option: &str) -> Result<()> {
    let choice = format!(
        "(s => {{ s.value = '{option}'; s.dispatchEvent(new Event('change', {{bubbles: true}})); }})\
         (document.querySelector(\"select[aria-label='{list}']\"))"
    );
    page.eval(&choice).await.map(|_| ())
}

#[tokio::test]
async fn a_condition_is_completed_without_a_mouse() -> Result<()> {
    with_page("", async |page| {
        page.load(CRASH).await?;
        open_tab(page, "Breakpoints").await?;
        let line = page.control(Role::TextBox, "Condition").await?;
        assert_eq!(page.role_of("#condition").await?, "combobox");
        line.send_keys("n1 is cr").await?;
        let says = async |what: &str, expression: &str, expected: &str| {
            let found = format!("String({expression})");
            page.until(what, async || Ok(page.eval(&found).await? == expected)).await
        };
        let value = "document.querySelector('#condition').value";
        let offers = "[...document.querySelectorAll('#condition-offers [role=option]')].map(e => e.textContent)";
        let active = "document.getElementById(document.querySelector('#condition').getAttribute('aria-activedescendant'))?.textContent";
        says("what fits is offered", offers, "crashed").await?;
        says("nothing is chosen", active, "undefined").await?;
        page.press(Key::Down).await?;
        says("it is chosen", active, "crashed").await?;
        page.press(Key::Enter).await?;
        says("it is taken, not entered", value, "n1 is crashed ").await?;
        says("what joins is offered", offers, "and,or,then,for").await?;
        page.press(Key::Down).await?;
        page.press(Key::Down).await?;
        says("the second", active, "or").await?;
        page.press(Key::Up).await?;
        page.press(Key::Up).await?;
        says("none again", active, "undefined").await?;
        page.press(Key::Escape).await?;
        says("it is closed", "document.querySelector('#condition').ariaExpanded", "false").await?;
        says("the line stays", value, "n1 is crashed ").await?;
        page.press(Key::Enter).await?;
        page.until("it is entered", async || {
            Ok(page.call("breakpoints()").await?[0]["condition"] == "n1 is crashed")
        })
        .await?;
        page.press(Key::Up).await?;
        says("it is remembered", value, "n1 is crashed").await?;
        page.press(Key::Down).await?;
        says("and left", value, "").await?;
        line.send_keys("violati").await?;
        says("a word", offers, "violation").await?;
        page.press(Key::Tab).await?;
        says("Tab takes it", value, "violation ").await?;
        page.press(Key::Escape).await?;
        page.press(Key::Tab).await?;
        page.until("Tab leads on", async || Ok(page.focused_name().await? == "Stop when")).await
    })
    .await
}

#[tokio::test]
async fn playing_stops_where_a_condition_comes_to_hold() -> Result<()> {
    with_page("", async |page| {
        page.load(CRASH).await?;
        open_tab(page, "Breakpoints").await?;
        let line = page.control(Role::TextBox, "Condition").await?;
        line.click().await?;
        line.send_keys("leader = n9").await?;
        page.press_button("Stop when").await?;
        page.until("it says what is wrong, and where", async || {
            let alerts = page.alerts().await?.join(" ");
            Ok(alerts.contains("column 10: there is no node n9 in a cluster of 5"))
        })
        .await?;
        line.clear().await?;
        line.send_keys("leader elected and time > 1s").await?;
        page.press_button("Stop when").await?;
        page.until("it is in the list", async || {
            Ok(panel(page).await?.contains("leader elected and time > 1s"))
        })
        .await?;
        page.eval("quorumscope.play(60)").await?;
        page.until("it stops", async || Ok(page.call("stopped()").await? != Value::Null)).await?;
        let stop = page.call("stopped()").await?;
        assert_eq!(stop["at"].as_f64(), Some(page.now().await?));
        assert_eq!(page.state().await?["playing"], false);
        page.until("it is said", async || {
            Ok(page.live().await?.join(" ").contains("leader elected and time > 1s"))
        })
        .await?;
        let (now, hash) = (page.now().await?, page.hash().await?);
        let leads = page.call(&format!("events({now}, {now})")).await?.to_string();
        assert!(leads.contains("\"kind\":\"lead\""), "{leads}");
        page.call("step(-1)").await?;
        page.call("step(1)").await?;
        assert_eq!(page.hash().await?, hash, "it stands right behind that event");
        page.eval("quorumscope.play(60)").await?;
        page.until("it plays on", async || Ok(page.now().await? > now + 1_000.0)).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn breakpoints_are_switched_and_deleted_and_no_part_of_the_run() -> Result<()> {
    with_page("", async |page| {
        page.load(CRASH).await?;
        let script = page.script().await?;
        page.eval("quorumscope.addBreakpoint('messages > 1'), 0").await?;
        page.eval("quorumscope.addBreakpoint('not n5 is up'), 0").await?;
        assert_eq!(page.script().await?, script);
        open_tab(page, "Breakpoints").await?;
        let first = "#panel input[type=checkbox]";
        page.element(first).await?.click().await?;
        page.until("the first is off", async || {
            Ok(page.call("breakpoints()").await?[0]["on"] == false)
        })
        .await?;
        page.eval("quorumscope.play(60)").await?;
        page.until("the second stops it", async || {
            Ok(page.call("stopped()").await?["breakpoint"] == 2)
        })
        .await?;
        assert_eq!(page.now().await?, 2_000.0);
        page.press_button("Delete messages > 1").await?;
        page.until("one is left", async || {
            Ok(page.call("breakpoints()").await?.as_array().map(Vec::len) == Some(1))
        })
        .await
    })
    .await
}

#[tokio::test]
async fn every_branch_is_in_the_tree() -> Result<()> {
    with_page("", async |page| {
        page.load(CRASH).await?;
        page.seek(4_000).await?;
        assert!(page.elements(".branches li").await?.is_empty(), "one branch is no tree");
        page.seek(1_500).await?;
        page.run("crash n1").await?;
        page.control(Role::Button, "crash n1").await?;
        page.press_button("Where main differs").await?;
        page.until("it says where", async || {
            let said = page.eval("document.body.innerText").await?;
            Ok(said.as_str().unwrap_or_default().contains("The two first differ at 1.500 s"))
        })
        .await?;
        page.press_button("Go there").await?;
        page.until("it is there", async || Ok(page.now().await? == 1_500.0)).await?;
        page.press_button("Rename crash n1").await?;
        page.control(Role::TextBox, "Name of the branch").await?;
        // The field has the focus, and its text is selected, so typing replaces it.
        for letter in "without n1".chars() {
            page.press(letter).await?;
        }
        page.press(Key::Enter).await?;
        page.control(Role::Button, "without n1").await?;
        page.press_button("main").await?;
        page.until("the other run is looked at", async || {
            Ok(!page.script().await?.contains("crash n1"))
        })
        .await?;
        page.eval("quorumscope.branch('without n1')").await?;
        assert!(page.script().await?.contains("crash n1"));
        page.press_button("Delete without n1").await?;
        page.until("no tree is left", async || Ok(page.elements(".branches li").await?.is_empty()))
            .await?;
        assert!(!page.script().await?.contains("crash n1"));
        page.chord(&[Key::Control], 'z').await?;
        page.control(Role::Button, "without n1").await?;
        let all = page.call("branches()").await?;
        assert_eq!((&all[1]["name"], &all[1]["from"]), (&"without n1".into(), &0.into()));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_message_can_be_handled_without_a_mouse() -> Result<()> {
    with_page("", async |page| {
        page.load("cluster raft nodes=3 seed=7 latency=100ms\n@3s c1 set x 1\n").await?;
        page.seek(3_010).await?;
        open_tab(page, "Messages").await?;
        page.until("messages are listed", async || {
            Ok(panel(page).await?.contains("in flight, soonest first"))
        })
        .await?;
        let request = "[...document.querySelectorAll('.head-line')].find(b => b.innerText.includes('Request'))";
        page.eval(&format!("{request}.focus()")).await?;
        page.press(Key::Enter).await?;
        page.until("it says what it carries, and why it was sent", async || {
            let text = panel(page).await?;
            Ok(text.contains("set x 1") && text.contains("Because at 3.000 s"))
        })
        .await?;
        page.element(".message-halo").await?;
        let id = page.cluster().await?["messages"]
            .as_array()
            .and_then(|all| all.iter().find(|m| m["kind"] == "Request").cloned())
            .map(|m| m["id"].clone());
        let id = id.and_then(|id| id.as_str().map(str::to_owned)).unwrap_or_default();
        page.press_button("Deliver now").await?;
        let told = format!("deliver {id}");
        page.until("the statement is in the run", async || {
            Ok(page.script().await?.contains(&told))
        })
        .await?;
        page.call("step(1)").await?;
        page.until("it has arrived", async || {
            Ok(!page.cluster().await?["messages"].to_string().contains(&format!("\"{id}\"")))
        })
        .await
    })
    .await
}

#[tokio::test]
async fn the_list_is_bounded_with_a_thousand_messages() -> Result<()> {
    with_page("", async |page| {
        page.load("cluster raft nodes=100 seed=7 latency=20s election=30s..60s heartbeat=1s\n")
            .await?;
        page.seek(120_000).await?;
        let many = page.cluster().await?["messages"].as_array().map_or(0, Vec::len);
        assert!(many > 1_000, "{many}");
        open_tab(page, "Messages").await?;
        page.until("fifty are listed", async || Ok(page.elements(".head-line").await?.len() == 50))
            .await?;
        page.press_button("Show 50 more").await?;
        page.until("a hundred are", async || Ok(page.elements(".head-line").await?.len() == 100))
            .await
    })
    .await
}

#[tokio::test]
async fn steps_and_jumps_go_by_kind() -> Result<()> {
    with_page("", async |page| {
        page.load(CRASH).await?;
        page.seek(6_000).await?;
        page.seek(1_000).await?;
        choose(page, "Step to", "RequestVote").await?;
        page.press_button("Step forward").await?;
        page.until("a vote is asked for", async || Ok(page.now().await? > 2_000.0)).await?;
        let now = page.now().await?;
        let events = page.call(&format!("events({now}, {now})")).await?.to_string();
        assert!(events.contains("RequestVote from"), "{events}");
        assert!(page.eval("quorumscope.step(1, 'Poetry')").await.is_err());
        page.seek(0).await?;
        choose(page, "Jump to", "Fault").await?;
        page.press_button("Next event of interest").await?;
        page.until("n5 crashes", async || Ok(page.now().await? == 2_000.0)).await?;
        page.press('l').await?;
        page.until("another leads", async || Ok(page.now().await? > 2_000.0)).await?;
        let led = page.now().await?;
        let events = page.call(&format!("events({led}, {led})")).await?.to_string();
        assert!(events.contains("\"kind\":\"lead\""), "{events}");
        page.press('F').await?;
        page.until("back at the crash", async || Ok(page.now().await? == 2_000.0)).await?;
        assert_eq!(page.call("jump('violation')").await?, false);
        Ok(())
    })
    .await
}

async fn exported(page: &Page, kind: &str) -> Result<String> {
    let text = page.call(&format!("export('{kind}')")).await?;
    Ok(text.as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn everything_can_be_exported() -> Result<()> {
    with_page("", async |page| {
        page.load(CRASH).await?;
        page.seek(3_000).await?;
        let script = exported(page, "script").await?;
        assert!(script.contains("@2s crash n5") && script.contains("@3s show state="), "{script}");
        let operations = exported(page, "operations").await?;
        assert!(operations.contains("\"f\":\"set\"") || operations.contains("\"f\": \"set\""));
        let trace = exported(page, "trace").await?;
        let events = page.call("events(0, 3000)").await?.as_array().map_or(0, Vec::len);
        assert_eq!(trace.lines().count(), events);
        assert!(trace.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()));
        let shiviz = exported(page, "shiviz").await?;
        assert!(shiviz.starts_with("(?<host>\\S*) (?<clock>{.*})\\n(?<event>.*)\n\nn1 {\"n1\":1}\n"));
        assert!(page.eval("quorumscope.export('poem')").await.is_err());
        // The headline above it may still change its height.
        page.until("the stage is drawn the same twice", async || {
            Ok(page.call("svg('stage')").await?.as_str() == Some(exported(page, "stage").await?.as_str()))
        })
        .await?;
        let svg = exported(page, "stage").await?;
        assert!(svg.contains(">n5<") && !svg.contains("class="), "styles are in it");
        let drawn = format!(
            "new Promise(done => {{ const i = new Image(); i.onload = () => done(i.naturalWidth); \
             i.onerror = () => done(0); i.src = 'data:image/svg+xml,' + encodeURIComponent({}); }})",
            serde_json::to_string(&svg)?
        );
        let width = page.eval(&drawn).await?.as_f64().unwrap_or(0.0);
        assert!(width > 300.0, "it is a picture by itself: {width}");
        page.press_button("Share").await?;
        page.control(Role::Button, "Trace for ShiViz").await?;
        Ok(())
    })
    .await
}
