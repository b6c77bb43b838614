//! Clicks and drags on the stage, and the statements that they append.

use anyhow::Result;
use quorumscope_tests::elements::Role;
use quorumscope_tests::fixture::with_page;
use quorumscope_tests::gestures::{Key, Point};
use quorumscope_tests::page::Page;

/// Loads a Raft cluster, seeks to two seconds, and returns its leader.
async fn leader_at_two_seconds(page: &Page) -> Result<String> {
    page.load(super::RAFT).await?;
    page.seek(2_000).await?;
    page.leader().await
}

#[tokio::test]
async fn a_click_crashes_the_leader_and_another_is_elected() -> Result<()> {
    with_page("", async |page| {
        let leader = leader_at_two_seconds(page).await?;
        page.node(&leader).await?.click().await?;
        let entries = page.menu_entries().await?;
        for expected in ["Crash", "Pause", "Isolate", "Wipe disk", "Inspect"] {
            assert!(entries.iter().any(|entry| entry == expected), "{expected} in {entries:?}");
        }
        page.menu("Crash").await?;
        page.until("it is down", async || {
            Ok(page.node_state(&leader).await?["status"] == "crashed")
        })
        .await?;
        let css = format!("[data-node={leader}]");
        page.until("its name says so", async || {
            Ok(page.name_of(&css).await? == format!("{leader}, crashed"))
        })
        .await?;
        let script = page.script().await?;
        assert!(script.contains(&format!("@2s crash {leader}")), "{script}");
        page.seek(5_000).await?;
        assert_ne!(page.leader().await?, leader);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_menu_of_a_crashed_node_restarts_it() -> Result<()> {
    with_page("", async |page| {
        let leader = leader_at_two_seconds(page).await?;
        page.run(&format!("crash {leader}")).await?;
        page.seek(4_000).await?;
        page.node(&leader).await?.click().await?;
        page.menu("Restart").await?;
        page.until("it is up", async || Ok(page.node_state(&leader).await?["status"] == "up"))
            .await?;
        let script = page.script().await?;
        assert!(script.contains(&format!("@4s restart {leader}")), "{script}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn pause_isolate_and_wipe_are_in_the_menu_and_do_what_they_say() -> Result<()> {
    with_page("", async |page| {
        leader_at_two_seconds(page).await?;
        for (node, entry, statement) in [
            ("n1", "Pause", "pause n1"),
            ("n2", "Isolate", "isolate n2"),
            ("n3", "Wipe disk", "wipe n3"),
        ] {
            page.node(node).await?.click().await?;
            page.menu(entry).await?;
            page.until(statement, async || Ok(page.script().await?.contains(statement))).await?;
        }
        assert_eq!(page.node_state("n1").await?["status"], "paused");
        assert_eq!(page.node_state("n3").await?["status"], "crashed");
        for (node, entry, statement) in
            [("n1", "Resume", "resume n1"), ("n2", "Reconnect", "heal n2")]
        {
            page.node(node).await?.click().await?;
            page.menu(entry).await?;
            page.until(statement, async || Ok(page.script().await?.contains(statement))).await?;
        }
        assert_eq!(page.node_state("n1").await?["status"], "up");
        assert_eq!(page.name_of("[data-link='n1-n2']").await?, "link n1-n2, connected");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_drag_across_the_wires_partitions_what_it_crosses() -> Result<()> {
    with_page("", async |page| {
        leader_at_two_seconds(page).await?;
        let around = page.nodes_around().await?;
        let side = [around[0].as_str(), around[1].as_str()];
        page.drag_cut(&side).await?;
        page.until("a partition is in the script", async || {
            Ok(page.script().await?.contains("@2s partition "))
        })
        .await?;
        let cluster = page.cluster().await?;
        for link in cluster["links"].as_array().into_iter().flatten() {
            let (Some(a), Some(b)) = (link["a"].as_str(), link["b"].as_str()) else {
                panic!("a link without ends: {link}");
            };
            if a.starts_with('n') && b.starts_with('n') {
                let expected = if side.contains(&a) == side.contains(&b) { "none" } else { "both" };
                assert_eq!(link["cut"], expected, "{a} and {b}, cut off: {side:?}");
            }
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_leader_in_the_minority_keeps_believing_and_its_client_waits() -> Result<()> {
    with_page("", async |page| {
        let leader = leader_at_two_seconds(page).await?;
        let mut around = page.nodes_around().await?;
        let place = around.iter().position(|node| *node == leader).unwrap_or(0);
        around.rotate_left(place);
        page.drag_cut(&[&around[0], &around[1]]).await?;
        page.until("a partition", async || Ok(page.script().await?.contains("partition "))).await?;
        page.run(&format!("c1 set x 1 via {leader}")).await?;
        page.seek(2_400).await?;
        assert_eq!(page.node_state(&leader).await?["role"], "leader");
        let history = page.call("history()").await?;
        assert!(history[0]["returned"].is_null(), "{history}");
        let waiting = page.name_of("[data-client=c1]").await?;
        assert!(waiting.starts_with(&format!("c1, waiting for {leader}")), "{waiting}");
        Ok(())
    })
    .await
}

/// Programs that click on an element click at its middle.
#[tokio::test]
async fn the_middle_of_a_node_is_the_node_whatever_is_written_at_it() -> Result<()> {
    with_page("", async |page| {
        let missed = "[...document.querySelectorAll('.stage [data-node]')].filter(e => { \
            const b = e.getBoundingClientRect(); \
            const at = document.elementFromPoint(b.x + b.width / 2, b.y + b.height / 2); \
            return at?.closest('[data-node]') !== e; }).map(e => e.dataset.node).join(' ')";
        for preset in ["raft", "write-all", "peers", "ring", "primary-backup", "quorum", "election"]
        {
            let fault = "@2s partition n1 n2 c1 | n3 n4 n5 c2";
            let workload = "@1s workload rate=20/s reads=50% keys=3";
            page.load(&format!("cluster {preset} nodes=5 seed=1\n{workload}\n{fault}\n")).await?;
            for at_ms in [1_900, 6_000, 60_000] {
                page.seek(at_ms).await?;
                page.until(&format!("no node of {preset} is missed at {at_ms}"), async || {
                    Ok(page.eval(missed).await?.as_str() == Some(""))
                })
                .await?;
            }
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_click_on_a_link_cuts_it() -> Result<()> {
    with_page("", async |page| {
        leader_at_two_seconds(page).await?;
        let around = page.nodes_around().await?;
        let (mut a, mut b) = (&around[0], &around[1]);
        if a > b {
            (a, b) = (b, a);
        }
        let css = format!("[data-link='{a}-{b}']");
        page.click_on(&css).await?;
        let entries = page.menu_entries().await?;
        let cut = entries.iter().find(|entry| entry.to_lowercase().starts_with("cut"));
        page.menu(cut.expect("a link can be cut")).await?;
        page.until("its name says so", async || Ok(page.name_of(&css).await?.ends_with(", cut")))
            .await?;
        let script = page.script().await?;
        assert!(script.contains(&format!("@2s cut {a}-{b}")), "{script}");
        page.run(&format!("heal {a}-{b}")).await?;
        page.run(&format!("cut {a}>{b}")).await?;
        page.until("one way", async || {
            Ok(page.name_of(&css).await?.contains(&format!("{a} to {b} cut")))
        })
        .await
    })
    .await
}

#[tokio::test]
async fn a_gesture_can_be_undone_and_redone() -> Result<()> {
    with_page("", async |page| {
        let leader = leader_at_two_seconds(page).await?;
        let before = page.script().await?;
        page.node(&leader).await?.click().await?;
        page.menu("Crash").await?;
        page.until("it is in the script", async || Ok(page.script().await?.contains("crash")))
            .await?;
        let after = page.script().await?;
        page.chord(&[Key::Control], 'z').await?;
        page.until("it is undone", async || Ok(page.script().await? == before)).await?;
        assert_eq!(page.node_state(&leader).await?["status"], "up");
        page.chord(&[Key::Control, Key::Shift], 'z').await?;
        page.until("it is redone", async || Ok(page.script().await? == after)).await
    })
    .await
}

#[tokio::test]
async fn inspect_shows_the_state_of_the_node() -> Result<()> {
    with_page("", async |page| {
        page.load("cluster raft nodes=5 seed=7\n@1s c1 set colour teal\n").await?;
        page.seek(3_000).await?;
        let leader = page.leader().await?;
        page.node(&leader).await?.click().await?;
        page.menu("Inspect").await?;
        page.until("key and value are shown", async || {
            page.is_true(
                "(t => t.includes('colour') && t.includes('teal'))(document.body.innerText)",
            )
            .await
        })
        .await?;
        page.control(Role::TextBox, "Console").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_balancer_is_asked_cut_off_and_asked_about() -> Result<()> {
    with_page("", async |page| {
        page.load("cluster ring nodes=4 balancer=on latency=10ms seed=5\n@1s crash n3\n").await?;
        page.seek(3_000).await?;
        let lb = "[data-balancer]";
        assert_eq!(page.role_of(lb).await?, "button");
        assert_eq!(page.name_of(lb).await?, "lb, load balancer, takes n3 for dead");
        page.tab_to("e.dataset.balancer === 'lb'").await?;
        page.press(Key::Enter).await?;
        let entries = page.menu_entries().await?;
        let expected =
            ["Ask for x", "Set x", "Cut from all nodes", "Cut from…", "Why is n3 dead to it?"];
        assert_eq!(entries, expected);
        page.menu("Why is n3 dead to it?").await?;
        page.until("it is answered", async || {
            page.is_true("document.querySelector('.why .answer')?.textContent.startsWith('lb takes n3 for dead') === true").await
        })
        .await?;
        page.click_on(lb).await?;
        page.menu("Cut from all nodes").await?;
        page.until("its name says so", async || {
            Ok(page.name_of(lb).await?.ends_with(", cut from n1 and n2 and n3 and n4"))
        })
        .await?;
        assert!(page.script().await?.contains("@3s partition lb | n1 n2 n3 n4"));
        page.click_on(lb).await?;
        page.menu("Reconnect").await?;
        page.until("its name says so", async || Ok(!page.name_of(lb).await?.contains("cut from")))
            .await?;
        page.click_on(lb).await?;
        page.menu("Set x").await?;
        page.until("it is in the script", async || {
            Ok(page.script().await?.contains("c1 set x 1 via lb"))
        })
        .await
    })
    .await
}

/// If clients coordinate, a line between nodes also cuts the links between clients and nodes.
#[tokio::test]
async fn a_drawn_cut_includes_clients() -> Result<()> {
    with_page("", async |page| {
        page.load("cluster write-all seed=3\n").await?;
        page.seek(500).await?;
        let (wire, box_of) = (
            "document.querySelectorAll('.stage .wires.talk')[0].getAttribute('d').length",
            |css: &str| format!("(b => [b.x + b.width / 2, b.y + b.height / 2])(document.querySelector(\"{css}\").getBoundingClientRect())"),
        );
        page.until("clients are seen to talk to all", async || Ok(page.eval(wire).await?.as_f64() > Some(40.0))).await?;
        // Around c1: from above it to below it, between it and the nodes.
        let client = page.eval(&box_of("[data-client=c1] rect")).await?;
        let (x, y) = (client[0].as_f64().unwrap_or(0.0), client[1].as_f64().unwrap_or(0.0));
        let middle = page.eval(&box_of(".stages")).await?[0].as_f64().unwrap_or(0.0);
        let aside = if x < middle { 62.0 } else { -62.0 };
        let stage = page.eval("(b => [b.top, b.bottom])(document.querySelector('.stage').getBoundingClientRect())").await?;
        let (top, foot) = (stage[0].as_f64().unwrap_or(0.0) + 4.0, stage[1].as_f64().unwrap_or(0.0) - 4.0);
        let at = |x: f64, y: f64| Point { x, y };
        page.drag(at(x + aside, (y - 200.0).max(top)), at(x + aside, (y + 200.0).min(foot))).await?;
        page.until("c1 is cut off", async || {
            let script = page.script().await?;
            Ok(script.contains("partition") && script.contains("| c1"))
        })
        .await?;
        page.run("c1 set x 1").await?;
        page.seek(900).await?;
        assert_eq!(page.cluster().await?["nodes"][0]["data"], serde_json::json!({}), "nothing got through");
        assert!(page.name_of("[data-client=c1]").await?.contains("cut from n1"));
        Ok(())
    })
    .await
}
