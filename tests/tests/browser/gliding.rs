//! Animations while time runs: elements are where the World says, the page seldom wakes for them,
//! and no animation is left when time stands still.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use quorumscope_tests::fixture::with_page;
use quorumscope_tests::page::Page;
use serde_json::json;

/// Nodes that send all the time, over slow links, so that some messages are always in flight.
const TALK: &str = "cluster raft nodes=5 seed=7 latency=15ms..25ms heartbeat=20ms\n\
    @0s workload rate=20/s reads=50% keys=3\n";

/// The distance of messages between nodes from their places in the World, in pixels, at a speed:
/// the greatest distance, and the number of messages. Animations follow the document's timeline,
/// which stands still between two frames; the World follows the page's clock, and on a busy machine
/// the time between the two is not known exactly. A new animation starts by the page's clock, so
/// the way that a message goes while the timeline lags behind is allowed, and a frame's way more.
/// While nodes move to new places there is no result.
const ASTRAY: &str = "(speed => {
    const asked = performance.now();
    const { time, clusters } = window.quorumscope.state();
    const told = performance.now();
    const moves = a => a instanceof CSSTransition && a.effect.target.closest('.stage');
    if (told - asked > 5 || document.getAnimations().some(moves)) return { astray: 0, seen: 0 };
    // It catches up before it tells.
    const lag = asked - document.timeline.currentTime;
    const now = time - lag * speed;
    const middle = e => {
        const b = e.getBoundingClientRect();
        return { x: b.x + b.width / 2, y: b.y + b.height / 2 };
    };
    const ground = id => document.querySelector(`[data-node=${id}] .ground`);
    let astray = 0, seen = 0;
    for (const m of clusters[0].messages) {
        const e = document.querySelector(`.stage [data-message='${m.id}'] .hit`);
        if (!e || !m.from.startsWith('n') || !m.to.startsWith('n')) continue;
        const a = middle(ground(m.from)), b = middle(ground(m.to)), here = middle(e);
        const rim = ground(m.from).getBoundingClientRect().width / 2 * 1.16 + 4;
        const length = Math.hypot(b.x - a.x, b.y - a.y);
        const part = Math.min(Math.max((now - m.sent) / (m.arrives - m.sent), 0), 1);
        const gone = rim + part * (length - 2 * rim);
        const x = a.x + (b.x - a.x) * gone / length, y = a.y + (b.y - a.y) * gone / length;
        const allowed = (lag + 17) * speed / (m.arrives - m.sent) * (length - 2 * rim);
        astray = Math.max(astray, Math.hypot(here.x - x, here.y - y) - allowed);
        seen++;
    }
    return { astray, seen };
})";

/// For messages that are well between two nodes: the greatest distance of the nearest shape in the
/// exported picture from the message's place in the World, the least distance from the place where
/// it was sent, and the number of messages. The clocks are those of [`ASTRAY`].
const EXPORTED: &str = "(speed => {
    const moves = a => a instanceof CSSTransition && a.effect.target.closest('.stage');
    if (document.getAnimations().some(moves)) return { off: 0, from_start: Infinity, seen: 0 };
    const lag = performance.now() - document.timeline.currentTime;
    const { time, clusters } = window.quorumscope.state();
    const text = window.quorumscope.svg('stage');
    const picture = new DOMParser().parseFromString(text, 'image/svg+xml');
    const places = [...picture.querySelectorAll('path[transform]')].map(e => {
        const m = e.getAttribute('transform').match(/matrix\\((.*)\\)/)[1].split(' ').map(Number);
        return { x: m[4], y: m[5] };
    });
    const page = document.querySelector('.stages').getBoundingClientRect();
    const middle = id => {
        const b = document.querySelector(`[data-node=${id}] .ground`).getBoundingClientRect();
        return { x: b.x + b.width / 2 - page.x, y: b.y + b.height / 2 - page.y, r: b.width / 2 * 1.16 + 4 };
    };
    const nearest = p => Math.min(...places.map(q => Math.hypot(p.x - q.x, p.y - q.y)));
    const on = (a, b, way) => ({ x: a.x + (b.x - a.x) * way, y: a.y + (b.y - a.y) * way });
    let off = 0, from_start = Infinity, seen = 0;
    for (const m of clusters[0].messages) {
        if (!m.from.startsWith('n') || !m.to.startsWith('n')) continue;
        const part = (time - lag * speed - m.sent) / (m.arrives - m.sent);
        if (part < 0.35 || part > 0.65) continue;
        const a = middle(m.from), b = middle(m.to), length = Math.hypot(b.x - a.x, b.y - a.y);
        off = Math.max(off, nearest(on(a, b, (a.r + part * (length - 2 * a.r)) / length)));
        from_start = Math.min(from_start, nearest(on(a, b, a.r / length)));
        seen++;
    }
    return { off, from_start, seen };
})";

/// On a busy machine few answers come fast enough to be useful, so the test may take this long.
const LONG_ENOUGH: Duration = Duration::from_secs(60);

/// The tolerance for rounded places, in pixels.
const NEAR_PX: f64 = 1.0;

/// Measures at a speed until enough messages were visible on the stage. None may be in a wrong
/// place.
async fn nobody_is_astray(page: &Page, speed: f64) -> Result<()> {
    let mut seen = 0;
    let began = Instant::now();
    while began.elapsed() < LONG_ENOUGH {
        let found = page.eval(&format!("{ASTRAY}({speed})")).await?;
        let astray = found["astray"].as_f64().context("a length")?;
        ensure!(astray <= NEAR_PX, "at {speed} a message is {astray} pixels off");
        seen += found["seen"].as_u64().context("a number")?;
        if seen >= 20 {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    bail!("at {speed} hardly a message was seen")
}

/// While time stands still, some messages are visible, and all are in their places.
async fn all_stand_where_they_are(page: &Page) -> Result<()> {
    page.until("all are where they are", async || {
        let found = page.eval(&format!("{ASTRAY}(0)")).await?;
        Ok(found["astray"].as_f64() < Some(NEAR_PX) && found["seen"].as_u64() >= Some(3))
    })
    .await
}

async fn messages_seen(page: &Page) -> Result<u64> {
    page.eval(&format!("{ASTRAY}(0)")).await?["seen"].as_u64().context("a number")
}

async fn animations(page: &Page) -> Result<u64> {
    page.eval("document.getAnimations().length").await?.as_u64().context("a number")
}

#[tokio::test]
async fn a_message_is_where_the_world_says_while_it_flies_and_when_time_stands_still() -> Result<()>
{
    with_page("", async |page| {
        page.load(TALK).await?;
        page.seek(2_000).await?;
        all_stand_where_they_are(page).await?;
        for speed in [0.033, 0.01, 0.05] {
            page.call(&format!("play({speed})")).await?;
            nobody_is_astray(page, speed).await?;
        }
        page.seek(1_500).await?;
        nobody_is_astray(page, 0.05).await?;
        page.run("crash n2").await?;
        nobody_is_astray(page, 0.05).await?;
        page.call("play(0.002)").await?;
        page.until("messages are under way", async || Ok(messages_seen(page).await? >= 3)).await?;
        page.call("pause()").await?;
        all_stand_where_they_are(page).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_breakpoint_holds_every_message_where_it_is() -> Result<()> {
    with_page("", async |page| {
        page.load(TALK).await?;
        page.call("addBreakpoint('leader elected')").await?;
        page.call("play(0.06)").await?;
        page.until("it stops", async || Ok(!page.call("stopped()").await?.is_null())).await?;
        all_stand_where_they_are(page).await
    })
    .await
}

#[tokio::test]
async fn a_click_on_a_flying_message_opens_its_menu() -> Result<()> {
    with_page("", async |page| {
        page.load(TALK).await?;
        page.seek(2_000).await?;
        page.call("play(0.002)").await?;
        page.until("messages are under way", async || Ok(messages_seen(page).await? >= 3)).await?;
        page.patiently(async || page.click_on(".stage [data-message] .hit").await).await?;
        let entries = page.menu_entries().await?;
        assert!(entries.iter().any(|entry| entry == "Drop"), "{entries:?}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_page_wakes_seldom_and_leaves_nothing_behind() -> Result<()> {
    with_page("", async |page| {
        page.until("time runs", async || Ok(page.now().await? > 100.0)).await?;
        page.eval(
            "window.frames_asked = 0; const ask = window.requestAnimationFrame; \
             window.requestAnimationFrame = f => { window.frames_asked++; return ask.call(window, f); }; null",
        )
        .await?;
        let before = page.now().await?;
        page.eval("window.began = performance.now(); null").await?;
        page.until("four seconds pass", async || Ok(page.now().await? > before + 130.0)).await?;
        // Related values are read in one call, because the page may wake between two calls.
        let asked = page.eval("[frames_asked, (performance.now() - began) / 1_000]").await?;
        let (frames, seconds) = (asked[0].as_f64(), asked[1].as_f64());
        let (frames, seconds) = (frames.context("a number")?, seconds.context("a number")?);
        assert!(frames < seconds * 30.0, "it asked for {frames} frames in {seconds} s");
        let running = "[document.getAnimations().length, \
                        document.querySelectorAll('.stage .message').length]";
        let mut most = 0;
        for _ in 0..20 {
            let counts = page.eval(running).await?;
            let (running, slots) = (counts[0].as_u64(), counts[1].as_u64());
            let (running, slots) = (running.context("a number")?, slots.context("a number")?);
            // The messages, and the playhead.
            assert!(running <= slots + 8, "{running} animations for {slots} messages");
            most = most.max(running);
        }
        assert!(most > 0, "the browser moves what moves");
        page.call("pause()").await?;
        page.settled().await?;
        assert_eq!(animations(page).await?, 0);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn who_asks_for_the_time_between_two_wakes_is_told_the_time() -> Result<()> {
    with_page("", async |page| {
        page.load("cluster raft nodes=1 clients=1 seed=1\n").await?;
        page.call("play(0.01)").await?;
        let script = "(async () => {
            const times = [];
            for (let i = 0; i < 12; i++) {
                times.push([performance.now(), window.quorumscope.now()]);
                await new Promise(done => setTimeout(done, 7));
            }
            return times;
        })()";
        let times = page.eval(script).await?;
        let times: Vec<(f64, f64)> = serde_json::from_value(times)?;
        let mut longest = 0.0_f64;
        for pair in times.windows(2) {
            let (real, told) = (pair[1].0 - pair[0].0, pair[1].1 - pair[0].1);
            longest = longest.max(real);
            // A frame may have a time stamp slightly before the last call. A page that the machine
            // holds up for a tenth of a second does not catch up on that.
            assert!(told <= real * 0.01 + 0.2, "{told} ms told in {real}: {times:?}");
            assert!(told >= real.min(100.0) * 0.01 - 0.2, "{told} ms told in {real}: {times:?}");
            assert!(told >= 0.0);
        }
        let (real, told) = (times[11].0 - times[0].0, times[11].1 - times[0].1);
        let is_held_up = longest > 100.0;
        let off = (told - real * 0.01).abs();
        assert!(is_held_up || off < 0.2, "{told} ms told in {real}: {times:?}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_picture_that_is_exported_while_time_runs_shows_messages_where_they_are() -> Result<()> {
    with_page("", async |page| {
        page.load("cluster raft nodes=3 seed=7 latency=20ms heartbeat=30ms\n").await?;
        page.seek(2_000).await?;
        page.call("play(0.005)").await?;
        let mut seen = 0;
        for _ in 0..200 {
            let found = page.eval(&format!("{EXPORTED}(0.005)")).await?;
            let many = found["seen"].as_u64().context("a number")?;
            if many > 0 {
                let off = found["off"].as_f64().context("a length")?;
                ensure!(off < 3.0, "a message is drawn {off} pixels off: {found}");
                // The shape there is the message, and not the node that sent it.
                let start = found["from_start"].as_f64().context("a length")?;
                ensure!(start > 6.0, "something is drawn where it set out: {found}");
            }
            seen += many;
            if seen >= 12 {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        bail!("hardly a message was seen: {seen}")
    })
    .await
}

#[tokio::test]
async fn a_page_that_was_hidden_shows_everything_where_it_is_when_it_comes_back() -> Result<()> {
    with_page("", async |page| {
        page.load(TALK).await?;
        page.seek(2_000).await?;
        page.call("play(0.005)").await?;
        page.until("messages are under way", async || Ok(messages_seen(page).await? >= 3)).await?;
        let other = page.cdp("Target.createTarget", json!({ "url": "about:blank" })).await?;
        page.until("it is hidden", async || page.is_true("document.hidden").await).await?;
        let left = page.now().await?;
        tokio::time::sleep(Duration::from_secs(3)).await;
        page.cdp("Page.bringToFront", json!({})).await?;
        page.until("it is back", async || page.is_true("!document.hidden").await).await?;
        nobody_is_astray(page, 0.005).await?;
        page.until("time goes on", async || Ok(page.now().await? > left + 5.0)).await?;
        page.call("pause()").await?;
        all_stand_where_they_are(page).await?;
        assert_eq!(animations(page).await?, 0);
        page.cdp("Target.closeTarget", json!({ "targetId": other["targetId"] })).await?;
        Ok(())
    })
    .await
}

/// The greatest distance of messages between nodes from half way, and the number of messages.
const HALF_WAY: &str = "(() => {
    const middle = e => {
        const b = e.getBoundingClientRect();
        return { x: b.x + b.width / 2, y: b.y + b.height / 2 };
    };
    let off = 0, seen = 0;
    for (const m of window.quorumscope.state().clusters[0].messages) {
        const e = document.querySelector(`.stage [data-message='${m.id}'] .hit`);
        if (!e || !m.from.startsWith('n') || !m.to.startsWith('n')) continue;
        const [a, b] = [m.from, m.to].map(id => middle(document.querySelector(`[data-node=${id}] .ground`)));
        const here = middle(e);
        off = Math.max(off, Math.hypot(here.x - (a.x + b.x) / 2, here.y - (a.y + b.y) / 2));
        seen++;
    }
    const gliding = document.getAnimations().filter(a => a.effect?.target?.closest('.stage .message, [data-message]'));
    return { off, seen, gliding: gliding.length };
})()";

#[tokio::test]
async fn who_asks_for_less_motion_while_messages_glide_sees_them_stand_half_way() -> Result<()> {
    with_page("", async |page| {
        page.load(TALK).await?;
        page.seek(2_000).await?;
        page.call("play(0.01)").await?;
        page.until("messages are under way", async || Ok(messages_seen(page).await? >= 3)).await?;
        let asks_for = async |value: &str| {
            let feature = json!({ "name": "prefers-reduced-motion", "value": value });
            page.cdp("Emulation.setEmulatedMedia", json!({ "features": [feature] })).await
        };
        asks_for("reduce").await?;
        page.until("they stand half way", async || {
            let found = page.eval(HALF_WAY).await?;
            let off = found["off"].as_f64().context("a length")?;
            Ok(off <= NEAR_PX && found["gliding"] == 0 && found["seen"].as_u64() >= Some(3))
        })
        .await?;
        assert!(page.is_true("window.quorumscope.state().playing").await?);
        asks_for("no-preference").await?;
        page.until("they glide again", async || {
            Ok(page.eval(HALF_WAY).await?["gliding"].as_u64() > Some(0))
        })
        .await?;
        nobody_is_astray(page, 0.01).await
    })
    .await
}
