//! The space-time diagram under the stage.

use anyhow::{Context, Result};
use quorumscope_tests::elements::{Role, strings};
use quorumscope_tests::fixture::with_page;
use quorumscope_tests::gestures::{Key, Point};
use quorumscope_tests::page::Page;

const CRASH: &str =
    "cluster raft nodes=5 clients=2 seed=7\n@1500ms workload rate=20/s\n@2s crash n1\n";

/// Opens the dock under the stage, which is closed on a low screen, and its diagram.
async fn open(page: &Page) -> Result<()> {
    if page.elements(".dg").await?.is_empty() {
        page.press_button("Panels under the stage").await?;
    }
    page.control(Role::Tab, "Diagram").await?.click().await?;
    page.until("there are lanes", async || Ok(!page.elements("[data-lane]").await?.is_empty()))
        .await
}

async fn lanes(page: &Page) -> Result<Vec<String>> {
    let script = "[...document.querySelectorAll('[data-lane]')].map(e => e.textContent.trim())";
    Ok(strings(&page.eval(script).await?))
}

/// The middle of the first visible element that matches a selector, in the diagram's view.
async fn middle_of(page: &Page, css: &str) -> Result<Point> {
    let script = format!(
        "(() => {{ const view = document.querySelector('.dg-view').getBoundingClientRect();
            for (const e of document.querySelectorAll('{css}')) {{
                const b = e.getBoundingClientRect();
                const p = {{ x: b.x + b.width / 2, y: b.y + b.height / 2 }};
                if (p.x > view.left + 4 && p.x < view.right - 4) return p;
            }} return null; }})()"
    );
    let place = page.eval(&script).await?;
    let x = place["x"].as_f64().with_context(|| format!("no {css} is to be seen"))?;
    Ok(Point { x, y: place["y"].as_f64().context("a place has two coordinates")? })
}

async fn click_at(page: &Page, place: Point) -> Result<()> {
    page.drag(place, place).await
}

/// The width of the window in the overview of the run, in pixels.
async fn window_width(page: &Page) -> Result<f64> {
    let script = "document.querySelector('.dg-frame').getBoundingClientRect().width";
    page.eval(script).await?.as_f64().context("the window has a width")
}

#[tokio::test]
async fn lanes_tell_who_is_what_and_a_crash_is_an_interval() -> Result<()> {
    with_page("", async |page| {
        page.load(CRASH).await?;
        page.seek(2_100).await?;
        assert!(page.elements(".dg").await?.is_empty(), "closed it is not there at all");
        open(page).await?;
        let lanes = lanes(page).await?;
        let names: Vec<&str> = lanes.iter().map(|lane| &lane[..2]).collect();
        assert_eq!(names, ["n1", "n2", "n3", "n4", "n5", "c1", "c2"]);
        assert!(lanes[0].ends_with("crashed"), "{lanes:?}");
        assert!(lanes.iter().any(|lane| lane.contains("leader 1")), "{lanes:?}");
        assert!(!page.elements(".dg-tile .dg-down").await?.is_empty());
        middle_of(page, ".dg-crash").await?;
        page.seek(1_900).await?;
        page.until("n1 was up then", async || Ok(!self::lanes(page).await?[0].contains("crashed")))
            .await
    })
    .await
}

#[tokio::test]
async fn a_click_on_an_event_moves_the_playhead_there_and_chooses_it() -> Result<()> {
    with_page("", async |page| {
        page.load(CRASH).await?;
        page.seek(2_100).await?;
        open(page).await?;
        page.control(Role::Tab, "Events").await?.click().await?;
        click_at(page, middle_of(page, ".dg-crash").await?).await?;
        page.until("the playhead is at the crash", async || Ok(page.now().await? == 2_000.0))
            .await?;
        let marked = "document.querySelectorAll('.node[data-lit=self]').length === 1";
        page.until("the stage shows it too", async || page.is_true(marked).await).await?;
        assert!(!page.elements(".dg-lit .dg-self").await?.is_empty());
        page.run("crash n2").await?;
        page.until("n2 is down as well", async || Ok(lanes(page).await?[1].contains("crashed")))
            .await
    })
    .await
}

#[tokio::test]
async fn keys_zoom_pan_and_go_from_event_to_event() -> Result<()> {
    with_page("", async |page| {
        page.load(CRASH).await?;
        page.seek(2_100).await?;
        open(page).await?;
        page.tab_to("e.matches('.dg-view')").await?;
        let wide = window_width(page).await?;
        page.press('-').await?;
        page.until("more is shown", async || Ok(window_width(page).await? > 1.3 * wide)).await?;
        page.press('+').await?;
        page.until("as before", async || Ok((window_width(page).await? - wide).abs() < 1.5))
            .await?;
        page.press(Key::Right).await?;
        page.press(Key::Down).await?;
        page.press(Key::Left).await?;
        let said = "document.querySelector('.dg [aria-live]').textContent";
        page.until("it says where it is", async || {
            Ok(page.eval(said).await?.as_str().is_some_and(|text| text.starts_with("n2: ")))
        })
        .await?;
        page.press(Key::Enter).await?;
        page.until("the playhead is there", async || Ok(page.now().await? != 2_100.0)).await?;
        page.press(Key::Home).await?;
        page.until("the beginning is shown", async || {
            page.is_true("document.querySelector('.dg-frame').offsetLeft === 0").await
        })
        .await
    })
    .await
}

#[tokio::test]
async fn a_long_run_is_drawn_with_few_elements_at_every_scale() -> Result<()> {
    with_page("", async |page| {
        page.load("cluster raft nodes=7 clients=5 seed=3\n@0s workload rate=400/s\n").await?;
        page.seek(28_000).await?;
        let events = page.eval("window.quorumscope.events(0).length").await?;
        assert!(events.as_u64() > Some(100_000), "{events} events");
        open(page).await?;
        page.tab_to("e.matches('.dg-view')").await?;
        let count = "document.querySelectorAll('.dg *').length";
        for key in ['-'; 24].into_iter().chain(['+'; 40]) {
            page.press(key).await?;
            let elements = page.eval(count).await?.as_u64().context("a count is a number")?;
            assert!(elements <= 1_500, "{elements} elements after {key}");
        }
        Ok(())
    })
    .await
}

/// A lost message in the trace: the times at which it was sent and lost, in milliseconds, and its
/// ends.
#[derive(Debug)]
struct Death {
    sent: f64,
    died: f64,
    from: String,
    to: String,
}

/// The messages that were lost between two times, in milliseconds.
async fn deaths(page: &Page, from: u64, to: u64) -> Result<Vec<Death>> {
    let script = format!(
        "(() => {{ const all = window.quorumscope.events(0, {to});
            const lost = all.filter(e => e.kind === 'lose' && e.at > {from});
            return lost.map(e => {{ const sent = all.find(s => s.id === e.causes[0]);
                return {{ sent: sent.at, died: e.at, from: sent.node, to: e.node }}; }}); }})()"
    );
    let all = page.eval(&script).await?;
    let one = |v: &serde_json::Value| {
        let name = |key: &str| v[key].as_str().map(str::to_owned).context("between nodes");
        let time = |key: &str| v[key].as_f64().context("a time is a number");
        Ok(Death { sent: time("sent")?, died: time("died")?, from: name("from")?, to: name("to")? })
    };
    all.as_array().into_iter().flatten().map(one).collect()
}

/// The place of the playhead in the diagram at a time.
async fn head_at(page: &Page, ms: f64) -> Result<f64> {
    page.call(&format!("seek({ms})")).await?;
    let script = "document.querySelector('.dg-head').getBoundingClientRect().x";
    Ok(page.eval(script).await?.as_f64().context("the playhead has a place")? + 1.0)
}

/// The middles of the elements that match a selector.
async fn middles(page: &Page, css: &str) -> Result<Vec<(f64, f64)>> {
    let script = format!(
        "[...document.querySelectorAll('{css}')].map(e => {{ const b = e.getBoundingClientRect();
            return [b.x + b.width / 2, b.y + b.height / 2]; }})"
    );
    let all = page.eval(&script).await?;
    let pair = |v: &serde_json::Value| Some((v[0].as_f64()?, v[1].as_f64()?));
    all.as_array().into_iter().flatten().map(|v| pair(v).context("a place")).collect()
}

/// The ends of the lines of lost messages, on the screen.
async fn lost_lines(page: &Page) -> Result<Vec<[f64; 4]>> {
    let script = "[...document.querySelectorAll('.dg-tile .dg-message.lost')].flatMap(path => {
        const m = path.getScreenCTM();
        const lines = path.getAttribute('d').split('M').filter(Boolean);
        return lines.map(line => { const [x, y, z, w] = line.split(/[ L]/).map(Number);
            return [x + m.e, y + m.f, z + m.e, w + m.f]; }); })";
    let all = page.eval(script).await?;
    let line = |v: &serde_json::Value| {
        Some([v[0].as_f64()?, v[1].as_f64()?, v[2].as_f64()?, v[3].as_f64()?])
    };
    all.as_array().into_iter().flatten().map(|v| line(v).context("a line")).collect()
}

/// A message that a partition loses ends half way between the lanes, and one to a node that is down
/// ends at that lane. Each line ends at the time in the trace, and begins where the message was
/// sent.
#[tokio::test]
async fn a_lost_message_ends_where_and_when_it_died() -> Result<()> {
    with_page("", async |page| {
        let script = "cluster raft nodes=5 clients=1 seed=7\n\
                      @1s partition n1 n2 | n3 n4 n5\n@2s heal\n@2.5s crash n1\n@3s show\n";
        page.load(script).await?;
        page.seek(3_000).await?;
        open(page).await?;
        page.tab_to("e.matches('.dg-view')").await?;
        for (from, to, part) in [(1_000, 1_900, 0.5), (2_520, 2_900, 1.0)] {
            let deaths = deaths(page, from, to).await?;
            assert!(deaths.len() > 2, "{deaths:?}");
            for death in deaths.iter().rev().take(3) {
                // Zoomed in until there are shapes. The playhead stands where the message was lost,
                // or sent.
                let x = head_at(page, death.died).await?;
                page.press('+').await?;
                page.press('+').await?;
                let begun = head_at(page, death.sent).await?;
                let ended = head_at(page, death.died).await?;
                let lane = async |who: &str| {
                    let all = middles(page, &format!("[data-lane={who}]")).await?;
                    all.first().map(|(_, y)| *y).context("it has a lane")
                };
                let (a, b) = (lane(&death.from).await?, lane(&death.to).await?);
                let y = a + (b - a) * part;
                let near = |p: f64, q: f64| (p - q).abs() < 1.6;
                page.until("its shape is there, crossed", async || {
                    let shapes = middles(page, ".dg-tile .dg-died").await?;
                    Ok(shapes.iter().any(|at| near(at.0, ended) && near(at.1, y)))
                })
                .await
                .with_context(|| format!("{death:?}, {ended} {y}"))?;
                let lines = lost_lines(page).await?;
                let is_it = |l: &[f64; 4]| {
                    near(l[0], begun) && near(l[1], a) && near(l[2], ended) && near(l[3], y)
                };
                assert!(lines.iter().any(is_it), "{death:?} {lines:?}");
                assert!(x > 0.0 && begun < ended);
                page.press('-').await?;
                page.press('-').await?;
            }
        }
        Ok(())
    })
    .await
}

/// In the middle of something long, its caption stands at the left edge.
#[tokio::test]
async fn what_began_before_the_window_is_named_at_its_edge() -> Result<()> {
    with_page("", async |page| {
        page.load("cluster raft nodes=3 clients=1 seed=7\n@1s crash n1\n@6s show\n").await?;
        page.seek(6_000).await?;
        open(page).await?;
        let named = "[...document.querySelectorAll('.dg-pinned text')].map(e => e.textContent)";
        page.until("n1 is crashed there", async || {
            Ok(strings(&page.eval(named).await?).contains(&"crashed".to_owned()))
        })
        .await?;
        let left = "document.querySelector('.dg-view').getBoundingClientRect().left + 2 <
            Math.min(...[...document.querySelectorAll('.dg-pinned text')].map(e => e.getBoundingClientRect().left))";
        assert!(page.is_true(left).await?, "nothing is cut off at the edge");
        page.tab_to("e.matches('.dg-view')").await?;
        page.press(Key::Home).await?;
        page.until("the beginning is shown, and n1 is up", async || {
            Ok(!strings(&page.eval(named).await?).contains(&"crashed".to_owned()))
        })
        .await
    })
    .await
}

/// At a slow speed there are long times without events, and the lanes must still reach the
/// playhead.
#[tokio::test]
async fn lanes_go_on_while_nothing_happens() -> Result<()> {
    with_page("", async |page| {
        page.load("cluster raft nodes=1 clients=1 seed=1\n").await?;
        page.seek(2_000).await?;
        open(page).await?;
        page.call("play(0.0005)").await?;
        // Further than the part that was drawn ahead at the start.
        page.until("the film has gone far", async || Ok(page.now().await? > 2_003.8)).await?;
        let drawn = "(() => {
            const needle = document.querySelector('.dg-needle').getBoundingClientRect().left;
            return [...document.querySelectorAll('.dg-tile')].some(tile => {
                const { left, right } = tile.getBoundingClientRect();
                return tile.childElementCount > 0 && left <= needle && needle <= right;
            });
        })()";
        assert!(page.is_true(drawn).await?, "the lanes break off before the playhead");
        Ok(())
    })
    .await
}
