//! The transport bar, the scrubber, and statements at an earlier time.

use anyhow::Result;
use quorumscope_tests::elements::Role;
use quorumscope_tests::fixture::{with_browser, with_page};
use quorumscope_tests::gestures::{Key, Point};

#[tokio::test]
async fn play_and_pause_are_one_press_away() -> Result<()> {
    with_page("", async |page| {
        page.load(super::RAFT).await?;
        let held = page.now().await?;
        page.press_button("Play").await?;
        page.until("time goes on", async || Ok(page.now().await? > held + 50.0)).await?;
        page.press_button("Pause").await?;
        page.until("it stops", async || Ok(page.state().await?["playing"] == false)).await?;
        let stopped = page.now().await?;
        page.settled().await?;
        assert_eq!(page.now().await?, stopped);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_step_back_undoes_a_step_forward() -> Result<()> {
    with_page("", async |page| {
        page.load(super::RAFT).await?;
        page.seek(1_000).await?;
        page.call("step(1)").await?;
        let (time, hash) = (page.now().await?, page.hash().await?);
        page.press_button("Step forward").await?;
        page.until("one event on", async || Ok(page.hash().await? != hash)).await?;
        assert!(page.now().await? >= time);
        page.press_button("Step back").await?;
        page.until("back where it was", async || Ok(page.hash().await? == hash)).await?;
        assert_eq!(page.now().await?, time);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_same_time_is_the_same_world_from_both_sides() -> Result<()> {
    with_page("", async |page| {
        page.load(
            "cluster raft nodes=5 seed=3\n@1s workload rate=20/s reads=50% keys=3\n@3s crash n1\n",
        )
        .await?;
        page.seek(2_500).await?;
        let on_the_way = page.hash().await?;
        page.seek(9_000).await?;
        let far = page.hash().await?;
        page.seek(2_500).await?;
        assert_eq!(page.hash().await?, on_the_way);
        page.seek(9_000).await?;
        assert_eq!(page.hash().await?, far);
        assert_ne!(far, on_the_way);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn scrubbing_back_brings_a_crashed_node_to_life() -> Result<()> {
    with_page("", async |page| {
        page.load("cluster raft nodes=5 seed=7\n@2s crash n1\n").await?;
        page.seek(4_000).await?;
        assert_eq!(page.name_of("[data-node=n1]").await?, "n1, crashed");
        let slider = page.control(Role::Slider, "Time").await?;
        page.client().execute("arguments[0].focus()", vec![serde_json::to_value(&slider)?]).await?;
        page.press(Key::Home).await?;
        page.until("it is at the beginning", async || Ok(page.now().await? < 2_000.0)).await?;
        page.until("n1 is up", async || {
            Ok(page.name_of("[data-node=n1]").await?.ends_with(", up"))
        })
        .await?;
        assert!(page.script().await?.contains("@2s crash n1"), "looking back changes nothing");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_scrubber_can_be_dragged() -> Result<()> {
    with_page("", async |page| {
        page.load("cluster raft nodes=5 seed=7\n@8s crash n1\n").await?;
        page.seek(8_000).await?;
        let slider = page.control(Role::Slider, "Time").await?;
        let (x, y, width, height) = slider.rectangle().await?;
        let at = |share: f64| quorumscope_tests::gestures::Point {
            x: x + width * share,
            y: y + height / 2.0,
        };
        page.drag(at(0.9), at(0.1)).await?;
        page.until("it is near the beginning", async || Ok(page.now().await? < 4_000.0)).await?;
        let early = page.now().await?;
        page.drag(at(0.1), at(0.5)).await?;
        page.until("it is later", async || Ok(page.now().await? > early)).await
    })
    .await
}

#[tokio::test]
async fn a_command_in_the_past_makes_a_branch_and_keeps_the_other() -> Result<()> {
    with_page("", async |page| {
        page.load("cluster raft nodes=5 seed=7\n@2s crash n1\n").await?;
        page.seek(4_000).await?;
        let (first, first_hash) = (page.script().await?, page.hash().await?);
        page.seek(1_500).await?;
        page.run("crash n2").await?;
        let branch = page.script().await?;
        assert!(branch.contains("crash n2"), "{branch}");
        assert!(
            !branch.contains("crash n1"),
            "what was to come belongs to the other run: {branch}"
        );
        page.seek(4_000).await?;
        assert_eq!(page.node_state("n1").await?["status"], "up");
        assert_eq!(page.node_state("n2").await?["status"], "crashed");
        page.chord(&[Key::Control], 'z').await?;
        page.until("the other run is back", async || Ok(page.script().await? == first)).await?;
        page.seek(4_000).await?;
        assert_eq!(page.hash().await?, first_hash);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn there_is_a_control_for_speed() -> Result<()> {
    with_page("", async |page| {
        let slider = page.control_now(Role::Slider, "Speed").await;
        let list = page.control_now(Role::ListBox, "Speed").await;
        assert!(slider.is_ok() || list.is_ok(), "neither a slider nor a list is named Speed");
        Ok(())
    })
    .await
}

/// The needle, the slider and the track agree, even in a low bar and on an embedded page.
#[tokio::test]
async fn taps_on_the_scrubber_are_on_its_track() -> Result<()> {
    with_browser(async |site, browser| {
        for (width, height, search) in [
            (360, 740, ""),
            (390, 844, ""),
            (560, 800, ""),
            (740, 420, ""),
            (761, 600, ""),
            (1280, 800, ""),
            (390, 420, "?embed"),
            (700, 400, "?embed"),
            (900, 500, "?embed"),
        ] {
            browser.set_viewport(width, height).await?;
            let page = browser.open(&format!("{}{search}#v1+cluster+raft+seed=7;@4s+show", site.url())).await?;
            let place = "(() => { const box = css => document.querySelector(css).getBoundingClientRect(); \
                const track = box('.scrubber .track'), needle = box('.needle'), ticks = [...document.querySelectorAll('.scrubber .tick')]; \
                return { left: track.left, width: track.width, y: track.top + track.height / 2, needle: needle.left + needle.width / 2, \
                    end: Number(document.querySelector('.scrubber input').max), foot: Math.max(...ticks.map(t => t.getBoundingClientRect().bottom)), bar: box('.time').bottom }; })()";
            for part in [0.0, 0.25, 0.5, 0.9] {
                let at = page.eval(place).await?;
                let number = |name: &str| at[name].as_f64().unwrap_or(f64::NAN);
                let x = (number("left") + number("width") * part).round();
                page.click_at(Point { x, y: number("y") }).await?;
                let wanted = (x - number("left")) / number("width") * number("end");
                let pixel = number("end") / number("width");
                page.until(&format!("{width} px {search}: {part} is {wanted} ms"), async || {
                    Ok((page.now().await? - wanted).abs() <= 2.0 * pixel)
                })
                .await?;
                page.until(&format!("{width} px {search}: the needle is there"), async || {
                    let at = page.eval(place).await?;
                    Ok(at["end"] == number("end") && (at["needle"].as_f64().unwrap_or(f64::NAN) - x).abs() <= 2.0)
                })
                .await?;
                assert!(number("foot") <= number("bar"), "the ticks are seen at {width} px");
            }
        }
        Ok(())
    })
    .await
}
