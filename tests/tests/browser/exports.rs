//! Exports: the files equal those of the native program for the same run, whoever writes them.

use anyhow::{Context, Result, anyhow};
use quorumscope_core::export::{Form, Place, Writer};
use quorumscope_core::history;
use quorumscope_core::script;
use quorumscope_core::session::Session;
use quorumscope_core::time::Time;
use quorumscope_tests::fixture::{with_browser, with_page};
use quorumscope_tests::gestures::Key;
use quorumscope_tests::page::Page;
use serde_json::Value;

const BUSY: &str = "cluster raft nodes=5 seed=7 loss=1%\n\
    @500ms workload rate=50/s reads=50% keys=3\n@2s crash n5\n@3s restart n5\n";
/// A run with more than a million events until [`LONG_MS`].
const LONG: &str = "cluster raft nodes=5 seed=1\n@1s workload rate=200/s reads=50% keys=3\n";
const LONG_MS: u64 = 840_000;

/// Records saved files: their names, and the files themselves.
const CATCH: &str = "window.saved = []; \
    URL.createObjectURL = (make => file => { window.file = file; return make.call(URL, file); })(URL.createObjectURL); \
    HTMLAnchorElement.prototype.click = function () { window.saved.push([this.download, window.file]); }; null";

async fn exported(page: &Page, kind: &str) -> Result<String> {
    let text = page.call(&format!("export('{kind}')")).await?;
    Ok(text.as_str().context("an export is a text")?.to_owned())
}

/// The run of the page, played natively up to a time.
async fn played_here(page: &Page, us: u64) -> Result<Session> {
    let run = script::parse(&page.script().await?).map_err(|error| anyhow!("{error}"))?;
    let mut session = Session::new(run);
    session.seek(Time::from_us(us));
    Ok(session)
}

/// Each export of a run, written natively.
fn written_here(session: &Session) -> [(&'static str, String); 3] {
    let operations = session.worlds().map(|world| history::history(world).to_json_lines());
    [
        ("operations", operations.collect()),
        ("trace", Writer::new(session, Form::JsonLines).all()),
        ("shiviz", Writer::new(session, Form::ShiViz).all()),
    ]
}

async fn compare(page: &Page, session: &Session) -> Result<()> {
    for (kind, text) in written_here(session) {
        assert!(text.len() > 1_000, "there is something in it");
        assert!(exported(page, kind).await? == text, "{kind}");
    }
    Ok(())
}

#[tokio::test]
async fn exports_are_what_the_native_program_writes() -> Result<()> {
    with_page("", async |page| {
        page.load(BUSY).await?;
        page.seek(4_000).await?;
        compare(page, &played_here(page, 4_000_000).await?).await?;
        // Between two events of the same moment.
        page.call("step(-7)").await?;
        let mut session = played_here(page, 4_000_000).await?;
        session.step(-7);
        compare(page, &session).await?;
        // On another branch.
        page.seek(1_500).await?;
        page.run("crash n2").await?;
        page.seek(2_500).await?;
        let session = played_here(page, 2_500_000).await?;
        assert!(session.run().commands.len() == 2, "nothing of the other branch");
        compare(page, &session).await
    })
    .await
}

#[tokio::test]
async fn what_is_exported_while_it_plays_ends_where_the_playhead_was() -> Result<()> {
    with_page("", async |page| {
        page.load(BUSY).await?;
        page.seek(1_000).await?;
        page.call("play(0.5)").await?;
        let exported = page.call("export('trace', { moment: true })").await?;
        let at = exported["at"].as_f64().context("a time")?;
        page.until("it plays on", async || Ok(page.now().await? > at)).await?;
        let mut session = played_here(page, (at * 1_000.0).round() as u64).await?;
        // A page that lags may stand between two events of the same moment.
        let here = Place::of(&session).steps[0] as i64;
        let there = exported["steps"][0].as_i64().context("a number of events")?;
        assert!(there <= here, "{there} events by {at} ms, and here {here}");
        session.step(there - here);
        assert!(there > 100 && exported["text"] == Writer::new(&session, Form::JsonLines).all());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn without_workers_the_page_writes_by_itself() -> Result<()> {
    with_page("", async |page| {
        page.eval("window.Worker = undefined; null").await?;
        page.load(BUSY).await?;
        page.seek(4_000).await?;
        compare(page, &played_here(page, 4_000_000).await?).await
    })
    .await
}

#[tokio::test]
async fn the_list_saves_each_export_under_its_name() -> Result<()> {
    with_page("", async |page| {
        page.load(BUSY).await?;
        page.seek(2_500).await?;
        page.eval(CATCH).await?;
        let here = written_here(&played_here(page, 2_500_000).await?);
        page.press_button("Share").await?;
        let files = [
            ("Script", "run.qs", None),
            ("Operations (JSON Lines)", "operations.jsonl", Some(&here[0].1)),
            ("Trace (JSON Lines)", "trace.jsonl", Some(&here[1].1)),
            ("Trace for ShiViz", "trace.shiviz.txt", Some(&here[2].1)),
            ("Picture of the stage (SVG)", "stage.svg", None),
            ("Picture of the diagram (SVG)", "diagram.svg", None),
        ];
        for (place, (button, name, text)) in files.into_iter().enumerate() {
            page.press_button(button).await?;
            page.until(name, async || {
                page.is_true(&format!("saved.length === {}", place + 1)).await
            })
            .await?;
            assert_eq!(page.eval(&format!("saved[{place}][0]")).await?, name);
            let saved = page.eval(&format!("saved[{place}][1].text()")).await?;
            let saved = saved.as_str().context("a file has a text")?;
            assert!(saved.len() > 100 && text.is_none_or(|text| text == saved), "{name}");
        }
        Ok(())
    })
    .await
}

/// The diagram can be exported even while it is closed, and then stays closed.
#[tokio::test]
async fn the_diagram_is_drawn_for_its_picture() -> Result<()> {
    with_page("", async |page| {
        page.load(BUSY).await?;
        page.seek(2_500).await?;
        if !page.elements(".dg").await?.is_empty() {
            page.press_button("Panels under the stage").await?;
        }
        page.until("it is closed", async || Ok(page.elements(".dg").await?.is_empty())).await?;
        let svg = exported(page, "diagram").await?;
        assert!(page.elements(".dg, .dg-aside").await?.is_empty(), "nothing of it is left");
        for lane in ["n1", "n5", "c1"] {
            assert!(svg.contains(&format!(">{lane}<")), "{lane}");
        }
        assert!(svg.matches("<path").count() > 30 && !svg.contains("class="), "{}", svg.len());
        page.press_button("Panels under the stage").await?;
        page.until("it is open", async || Ok(!page.elements(".dg-tile").await?.is_empty())).await?;
        page.until("it is drawn the same", async || {
            Ok(page.call("svg('diagram')").await?.as_str()
                == Some(&*exported(page, "diagram").await?))
        })
        .await
    })
    .await
}

/// An export of a million events: the page responds meanwhile, and a cancelled export leaves
/// nothing behind.
#[tokio::test]
async fn a_long_export_can_be_watched_and_given_up() -> Result<()> {
    with_page("", async |page| {
        page.load(LONG).await?;
        page.seek(LONG_MS).await?;
        page.eval(CATCH).await?;
        page.press_button("Share").await?;
        page.press_button("Trace (JSON Lines)").await?;
        page.until("it is under way", async || {
            page.is_true("document.querySelector('.making progress')?.value > 5").await
        })
        .await?;
        assert_eq!(page.eval("saved.length").await?, 0);
        page.press_button("Cancel trace.jsonl").await?;
        page.until("it is given up", async || Ok(page.elements(".making").await?.is_empty()))
            .await?;
        // It does not hinder another export or the judges.
        page.seek(2_000).await?;
        let session = played_here(page, 2_000_000).await?;
        compare(page, &session).await?;
        assert_eq!(page.eval("saved.length").await?, 0, "nothing was saved");
        Ok(())
    })
    .await
}

/// On a phone, notices stand between the stage and the sheet, and cover neither.
#[tokio::test]
async fn notices_cover_no_panel_on_a_phone() -> Result<()> {
    with_browser(async |site, browser| {
        browser.set_viewport(390, 844).await?;
        let page = browser.open(&site.url()).await?;
        page.load(LONG).await?;
        page.seek(LONG_MS).await?;
        page.press_button("Share").await?;
        page.press_button("Trace (JSON Lines)").await?;
        page.press(Key::Escape).await?;
        page.run("crash n1").await?;
        page.type_in_console("crash n9").await?;
        page.until("both are told", async || {
            page.is_true(
                "document.querySelector('.exporting')?.offsetHeight > 44 && document.querySelector('.alert')?.offsetHeight > 20",
            )
            .await
        })
        .await?;
        let apart = "(() => { \
            const box = css => document.querySelector(css).getBoundingClientRect(); \
            const under = (a, b) => a.bottom <= b.top + 0.5; \
            const told = [box('.alert'), box('.exporting')]; \
            return told.every(t => under(box('.stage'), t) && under(t, box('.tabs')) && t.left === 0 && t.width === 390); })()";
        page.until("they lie on nothing", async || page.is_true(apart).await).await?;
        page.press_button("Cancel trace.jsonl").await?;
        page.press_button("Dismiss").await?;
        page.until("the stage has its room back", async || {
            page.is_true("document.querySelector('.overlays').offsetHeight === 0").await
        })
        .await
    })
    .await
}

/// Checks the beginning, the end and the number of lines of a long run's file.
#[tokio::test]
async fn a_million_events_are_written_to_the_last() -> Result<()> {
    with_page("", async |page| {
        page.load(LONG).await?;
        page.seek(LONG_MS).await?;
        let look = "(async () => { \
            const text = await quorumscope.export('trace'), lines = text.split('\\n'); \
            return [lines.length, lines[0], lines[lines.length - 2]]; })()";
        let looked = page.eval(look).await?;
        let session = played_here(page, LONG_MS * 1_000).await?;
        let events = u64::from(session.timeline(0).next_event().0);
        assert!(events > 1_000_000, "{events}");
        assert_eq!(looked[0], events + 1);
        let last = session.timeline(0).trace().iter_from(session.timeline(0).next_event());
        assert_eq!(last.count(), 0);
        let line = |text: &Value| -> Value {
            serde_json::from_str(text.as_str().unwrap_or_default()).unwrap_or_default()
        };
        assert_eq!(line(&looked[1])["id"], 0);
        assert_eq!(line(&looked[2])["id"], events - 1);
        Ok(())
    })
    .await
}
