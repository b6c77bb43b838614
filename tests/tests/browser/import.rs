//! Files that are dropped on the page: operations are judged and drawn, scripts become the run, and
//! anything else gets one sentence.

use anyhow::Result;
use quorumscope_tests::elements::{Role, strings};
use quorumscope_tests::fixture::with_page;
use quorumscope_tests::gestures::Key;
use quorumscope_tests::page::Page;
use quorumscope_tests::site::workspace;
use serde_json::json;

/// A history of three processes, with a read of a value that was overwritten before the read began.
pub const STALE: &str = r#"{"process":1,"type":"invoke","f":"set","key":"x","value":"1","time":1000}
{"process":1,"type":"ok","f":"set","key":"x","value":"1","time":1200}
{"process":1,"type":"invoke","f":"set","key":"x","value":"2","time":2900}
{"process":1,"type":"ok","f":"set","key":"x","value":"2","time":2950}
{"process":2,"type":"invoke","f":"get","key":"x","value":null,"time":3100}
{"process":3,"type":"invoke","f":"set","key":"x","value":"3","time":3150}
{"process":2,"type":"ok","f":"get","key":"x","value":"1","time":3200}
{"process":3,"type":"info","f":"set","key":"x","value":"3","time":3300}
"#;
const SENTENCE: &str = "Stale read (linearizability of x is broken): c2 read \"1\" at 3.20 s, \
    though c1's write of \"2\" had returned at 2.95 s";

/// Drops a file on the page. `content` is a JavaScript expression.
pub async fn drop_file(page: &Page, name: &str, content: &str) -> Result<()> {
    drop_files(page, &[(name, content)]).await
}

async fn drop_files(page: &Page, files: &[(&str, &str)]) -> Result<()> {
    let added = files
        .iter()
        .map(|(name, content)| format!("data.items.add(new File([{content}], '{name}'));"));
    let added: String = added.collect();
    let script = format!(
        "(() => {{ const data = new DataTransfer(); {added} \
         document.body.dispatchEvent(new DragEvent('drop', {{ dataTransfer: data, bubbles: true, cancelable: true }})); }})()"
    );
    page.eval(&script).await?;
    Ok(())
}

async fn sheet(page: &Page) -> Result<String> {
    let text = page.eval("document.querySelector('dialog')?.innerText ?? ''").await?;
    Ok(text.as_str().unwrap_or_default().to_owned())
}

async fn close(page: &Page) -> Result<()> {
    page.press_button("Close").await?;
    page.until("it is closed", async || Ok(sheet(page).await?.is_empty())).await
}

#[tokio::test]
async fn operations_are_judged_and_drawn_and_the_run_stays() -> Result<()> {
    with_page("", async |page| {
        page.load(super::RAFT).await?;
        page.seek(1_000).await?;
        let run = page.script().await?;
        drop_file(page, "stale.jsonl", &json!(STALE).to_string()).await?;
        page.until("the verdict", async || Ok(sheet(page).await?.contains(SENTENCE))).await?;
        assert!(sheet(page).await?.contains("stale.jsonl"));
        page.until("the lanes", async || Ok(page.elements("dialog .lane-bar").await?.len() == 4))
            .await?;
        assert_eq!(page.elements("dialog .lane-bar.at-fault").await?.len(), 3);
        assert_eq!(page.elements("dialog .lane-bar.unknown").await?.len(), 1);
        let off = "(() => { const picture = document.querySelector('dialog .lane-picture svg');
            return Math.abs(picture.viewBox.baseVal.width - picture.getBoundingClientRect().width); })()";
        let off = page.eval(off).await?.as_f64();
        assert!(off.is_some_and(|px| px < 1.0), "it is drawn as large as it is: {off:?}");
        // An operation at fault leads to its bar.
        page.eval("document.querySelector('dialog .faults > button:last-of-type').click(); null")
            .await?;
        page.until("its bar has the focus", async || {
            let name = page.eval("document.activeElement.getAttribute('aria-label') ?? ''").await?;
            Ok(name
                .as_str()
                .is_some_and(|name| name.contains("get x, read 1") && name.contains("at fault")))
        })
        .await?;
        close(page).await?;
        assert_eq!(page.script().await?, run);
        assert_eq!(page.now().await?, 1_000.0);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_file_answers_why_from_what_it_holds() -> Result<()> {
    with_page("", async |page| {
        drop_file(page, "stale.jsonl", &json!(STALE).to_string()).await?;
        page.until("the verdict", async || Ok(sheet(page).await?.contains(SENTENCE))).await?;
        page.element("dialog .violated .ask").await?.click().await?;
        let steps = "[...document.querySelectorAll('dialog .chain .what')].map(e => e.textContent)";
        page.until("the answer", async || {
            Ok(strings(&page.eval(steps).await?).iter().any(|step| {
                step == "c2 read \"1\" from x. Only \"2\" or \"3\" would have been right."
            }))
        })
        .await?;
        let answer = page.eval("document.querySelector('dialog .explained').innerText").await?;
        let answer = answer.as_str().unwrap_or_default();
        assert!(answer.contains(SENTENCE) && answer.contains("has no messages"), "{answer}");
        // A step leads to the bar of its operation.
        page.element("dialog .chain li:last-child button.at").await?.click().await?;
        page.until("its bar has the focus", async || {
            let name = page.eval("document.activeElement.getAttribute('aria-label') ?? ''").await?;
            Ok(name.as_str().is_some_and(|name| name.contains("get x, read 1")))
        })
        .await?;
        // A bar asks about its operation.
        page.press(Key::Enter).await?;
        page.until("it is asked about", async || {
            page.is_true(
                "document.querySelector('dialog .explained h2').textContent === 'why op 3'",
            )
            .await
        })
        .await?;
        page.press_button("Close the answer").await?;
        page.until("it is read", async || {
            page.is_true("!document.querySelector('dialog .explained')").await
        })
        .await?;
        close(page).await
    })
    .await
}

#[tokio::test]
async fn scripts_ask_why_of_a_text() -> Result<()> {
    with_page("", async |page| {
        let told = page.call(&format!("why('', {})", json!(STALE))).await?;
        assert_eq!(told["question"], "why linearizable");
        assert_eq!(told["sentence"], format!("{SENTENCE}."));
        let chain = told["chain"].as_array().map_or(&[][..], Vec::as_slice);
        let last = chain.last().expect("a last step");
        assert_eq!(
            last,
            &json!({ "operation": 3, "event": 7, "at": 3_200, "process": "c2",
                "text": "c2 read \"1\" from x. Only \"2\" or \"3\" would have been right." })
        );
        for (question, text, part) in [
            ("n2", json!(STALE), "has no nodes, messages or logs"),
            ("op 9", json!(STALE), "no operation 9"),
            ("what", json!(STALE), "found what"),
            ("op 1", json!("{"), "line 1"),
            ("op 1", json!(""), "no operations"),
        ] {
            let why = page.call(&format!("why({question:?}, {text})")).await.expect_err(question);
            assert!(why.to_string().contains(part), "{question}: {why}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn check_tells_the_verdict_of_a_text() -> Result<()> {
    with_page("", async |page| {
        let told = page.call(&format!("check({})", json!(STALE))).await?;
        assert_eq!(
            told,
            json!({ "linearizable": false, "operations": [1, 2, 3], "text": SENTENCE })
        );
        let fine = STALE.lines().take(4).collect::<Vec<_>>().join("\n");
        assert_eq!(page.call(&format!("check({})", json!(fine))).await?["linearizable"], true);
        for (wrong, part) in [("'{'", "line 1"), ("''", "no operations"), ("5", "text")] {
            let why = page.call(&format!("check({wrong})")).await.expect_err("no history");
            assert!(why.to_string().contains(part), "{wrong}: {why}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_script_becomes_the_run_and_undo_brings_the_old_one_back() -> Result<()> {
    with_page("", async |page| {
        page.load(super::RAFT).await?;
        let before = page.script().await?;
        drop_file(page, "run.qs", "'cluster quorum nodes=3 seed=9\\n@1s crash n1\\n@2s show\\n'")
            .await?;
        page.until("it is the run", async || Ok(page.script().await?.contains("cluster quorum")))
            .await?;
        assert_eq!(page.now().await?, 2_000.0);
        page.press_button("Undo").await?;
        page.until("the old one is back", async || Ok(page.script().await? == before)).await
    })
    .await
}

#[tokio::test]
async fn what_is_neither_is_one_sentence_and_changes_nothing() -> Result<()> {
    with_page("", async |page| {
        page.load(super::RAFT).await?;
        let (run, hash) = (page.script().await?, page.hash().await?);
        let many = "(() => { const lines = []; for (let i = 0; i <= 100000; i++) { \
            lines.push(`{\"process\":1,\"type\":\"invoke\",\"f\":\"get\",\"key\":\"x\"}`, \
                       `{\"process\":1,\"type\":\"ok\",\"f\":\"get\",\"key\":\"x\",\"value\":null}`); } \
            return lines.join('\\n'); })()";
        let twice = "'{\"process\":1,\"type\":\"invoke\",\"f\":\"get\",\"key\":\"x\"}\\n'.repeat(2)";
        let wrong = [
            ("photo.png", "new Uint8Array([137, 80, 78, 71, 13, 10, 26, 10, 0, 0])", "neither"),
            ("bad.jsonl", "'{\"process\":1}'", "line 1: \"type\" is missing"),
            ("twice.jsonl", twice, "line 2: process 1 has an operation open already"),
            ("bad.qs", "'cluster raft nodes=3\\n@1s crash n9'", "line 2"),
            ("empty.txt", "''", "neither"),
            ("many.jsonl", many, "at most 100,000"),
            // Fifty megabytes in one line.
            ("large.jsonl", "'{' + 'a'.repeat(50e6)", "line 1"),
            ("large.txt", "'a'.repeat(50e6)", "neither"),
        ];
        for (name, content, part) in wrong {
            drop_file(page, name, content).await?;
            page.until(name, async || {
                let said = page.alerts().await?;
                Ok(said.iter().any(|why| why.contains(name) && why.contains(part)))
            })
            .await?;
            page.press_button("Dismiss").await?;
        }
        let script = "'cluster quorum nodes=3'";
        drop_files(page, &[("one.qs", script), ("two.qs", script)]).await?;
        page.until("one at a time", async || {
            Ok(page.alerts().await?.iter().any(|why| why.starts_with("2 files were dropped")))
        })
        .await?;
        assert_eq!((page.script().await?, page.hash().await?), (run, hash));
        assert!(sheet(page).await?.is_empty());
        Ok(())
    })
    .await
}

/// The page keeps drawing while a hundred thousand operations are read and judged.
#[tokio::test]
async fn a_hundred_thousand_operations_do_not_stop_the_page() -> Result<()> {
    with_page("", async |page| {
        page.eval(
            "window.worst = 0; (() => { let last = performance.now(); \
             (function frame() { const now = performance.now(); window.worst = Math.max(window.worst, now - last); \
             last = now; requestAnimationFrame(frame); })(); })(); null",
        )
        .await?;
        let content = "(() => { const lines = []; for (let i = 0; i < 100000; i++) { const p = i % 20, k = 'k' + i % 7; \
            lines.push(JSON.stringify({ process: p, type: 'invoke', f: 'set', key: k, value: String(i), time: i }), \
                       JSON.stringify({ process: p, type: 'ok', f: 'set', key: k, value: String(i), time: i + 0.5 })); } \
            return lines.join('\\n'); })()";
        page.eval(&format!("window.content = {content}; window.worst = 0; null")).await?;
        page.eval("new Promise(done => setTimeout(() => { window.worst = 0; done(null); }, 300))").await?;
        drop_file(page, "long.jsonl", "window.content").await?;
        page.until("it is drawn", async || Ok(!page.elements("dialog .lane-bar").await?.is_empty())).await?;
        assert!(sheet(page).await?.contains("100000 operations of 20 processes"));
        let bars = page.elements("dialog .lane-bar").await?.len();
        assert!(bars < 8_000, "{bars} bars are drawn");
        let worst = page.eval("window.worst").await?.as_f64().unwrap_or(f64::MAX);
        assert!(worst < 1_000.0, "a frame took {worst} ms");
        Ok(())
    })
    .await
}

/// Histories of real systems whose linearizability is known.
#[tokio::test]
async fn published_histories_get_their_verdicts() -> Result<()> {
    let Some(folder) = workspace().parent().map(|above| above.join("shared/corpora/histories"))
    else {
        return Ok(());
    };
    let Ok(labels) = std::fs::read_to_string(folder.join("verdicts.csv")) else { return Ok(()) };
    with_page("", async |page| {
        for label in labels.lines().skip(1) {
            let fields: Vec<&str> = label.split(',').collect();
            let text = std::fs::read_to_string(folder.join(format!("{}.jsonl", fields[0])))?;
            let told = page.call(&format!("check({})", json!(text))).await?;
            assert_eq!(told["linearizable"], json!(fields[1] == "true"), "{}: {told}", fields[0]);
            let named = told["operations"].as_array().map_or(0, Vec::len);
            assert_eq!(named > 0, fields[1] == "false", "{}", fields[0]);
        }
        drop_file(
            page,
            "kv_c10-bad.jsonl",
            &json!(std::fs::read_to_string(folder.join("kv_c10-bad.jsonl"))?).to_string(),
        )
        .await?;
        page.until("it is drawn", async || {
            Ok(page.elements("dialog .lane-bar.at-fault").await?.len() > 1)
        })
        .await?;
        assert!(
            strings(&page.eval("[document.querySelector('dialog h1').textContent]").await?)
                == ["kv_c10-bad.jsonl"]
        );
        Ok(())
    })
    .await
}

/// Files as other programs write them, and as people write them by hand.
#[tokio::test]
async fn files_of_other_programs_are_opened() -> Result<()> {
    let edn = "{:process 0, :type :invoke, :f :write, :value 1, :time 1000000}\n\
               {:process :nemesis, :type :info, :f :start-partition, :value nil, :time 1500000}\n\
               {:process 0, :type :ok, :f :write, :value 1, :time 2000000}\n\
               {:process 1, :type :invoke, :f :read, :value nil, :time 3000000}\n\
               {:process 1, :type :ok, :f :read, :value nil, :time 4000000}\n";
    let log =
        "INFO  jepsen.util - 0\t:invoke\t:read\tnil\nINFO  jepsen.util - 0\t:ok\t:read\tnil\n";
    let porcupine = r#"{"clientId":0,"input":{"op":1,"value":"3"},"call":0,"output":"","return":100}
{"clientId":1,"input":{"op":0},"call":25,"output":"3","return":75}"#;
    let listed = format!("\u{feff}# by hand\n[{},]", STALE.trim().replace('\n', ",\n"));
    with_page("", async |page| {
        for (name, text, holds) in [
            ("a.edn", edn, false),
            ("a.log", log, true),
            ("a.jsonl", porcupine, true),
            ("a.json", &listed, false),
        ] {
            let told = page.call(&format!("check({})", json!(text))).await?;
            assert_eq!(told["linearizable"], json!(holds), "{name}: {told}");
            drop_file(page, name, &json!(text).to_string()).await?;
            page.until(name, async || {
                Ok(sheet(page).await?.contains(name)
                    && !page.elements("dialog .lane-bar").await?.is_empty())
            })
            .await?;
            if name == "a.edn" {
                let flag = page.name_of("dialog .lane-flag").await?;
                assert!(flag.starts_with("start-partition at "), "{flag}");
            }
            close(page).await?;
        }
        let nanoseconds = STALE.replace("}\n", "000000}\n");
        let why = page.call(&format!("check({})", json!(nanoseconds))).await.expect_err("a unit");
        assert!(why.to_string().contains("nanoseconds"), "{why}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn lanes_of_a_run_show_what_was_done_to_it() -> Result<()> {
    with_page("", async |page| {
        page.load("cluster raft seed=7\n@1s c1 set x 1\n@2s crash n2\n@3s cut n1-n3\n@4s c1 set x 2\n").await?;
        page.seek(3_500).await?;
        page.control(Role::Tab, "Operations").await?.click().await?;
        let names = "[...document.querySelectorAll('.lane-flag')].map(e => e.getAttribute('aria-label'))";
        page.until("two faults", async || {
            let names = strings(&page.eval(names).await?);
            Ok(matches!(&names[..], [crash, cut] if crash.starts_with("crash n2 at ") && cut.starts_with("cut n1-n3 at ")))
        })
        .await?;
        page.seek(2_500).await?;
        page.until("one of them is to come", async || Ok(strings(&page.eval(names).await?).len() == 1)).await
    })
    .await
}
