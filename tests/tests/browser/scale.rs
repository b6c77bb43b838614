//! A hundred nodes, a thousand messages, a million events.

use anyhow::Result;
use quorumscope_tests::elements::Role;
use quorumscope_tests::fixture::with_page;
use quorumscope_tests::gestures::Key;

const HUNDRED: &str = "cluster raft nodes=100 clients=4 seed=7\n";

#[tokio::test]
async fn a_hundred_nodes_stand_apart_inside_the_stage() -> Result<()> {
    with_page("", async |page| {
        page.load(HUNDRED).await?;
        page.seek(2_000).await?;
        let worst = "(() => {
            const stage = document.querySelector('.stage').getBoundingClientRect();
            const discs = [...document.querySelectorAll('[data-node] .ground')].map(e => e.getBoundingClientRect());
            if (discs.length !== 100) return 'there are ' + discs.length;
            if (discs.some(r => r.left < stage.left || r.right > stage.right || r.top < stage.top || r.bottom > stage.bottom)) return 'outside';
            const middle = r => [r.x + r.width / 2, r.y + r.height / 2];
            for (const a of discs) for (const b of discs) {
                const [x, y] = middle(a), [v, w] = middle(b);
                if (a !== b && Math.hypot(x - v, y - w) < a.width) return 'on each other';
            }
            return 'apart';
        })()";
        page.until("they stand", async || Ok(page.eval(worst).await? == "apart")).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn only_the_wires_that_matter_are_elements() -> Result<()> {
    with_page("", async |page| {
        page.load(&format!("{HUNDRED}@1s cut n40-n60\n")).await?;
        page.seek(2_000).await?;
        page.until("the cut is there", async || Ok(page.link_element("n40-n60").await.is_ok()))
            .await?;
        let links = page.elements("[data-link]").await?.len();
        assert!(links <= 100, "{links} links can be touched");
        page.eval("document.querySelector('[data-node=n7]').focus()").await?;
        page.until("the wires of n7 are there", async || {
            Ok(page.link_element("n7-n8").await.is_ok())
        })
        .await?;
        assert_eq!(page.name_of("[data-link='n7-n8']").await?, "link n7-n8, connected");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_stage_is_seen_nearer_by_keys_wheel_and_buttons() -> Result<()> {
    with_page("", async |page| {
        page.load(HUNDRED).await?;
        page.seek(2_000).await?;
        let size = async || Ok::<f64, anyhow::Error>(page.element("[data-node=n50] .ground").await?.rectangle().await?.2);
        let whole = size().await?;
        page.press('+').await?;
        page.until("it is nearer", async || Ok(size().await? > whole * 1.3)).await?;
        page.press('0').await?;
        page.until("the whole is back", async || Ok((size().await? - whole).abs() < 0.5)).await?;
        page.eval(
            "document.querySelector('.stage').dispatchEvent(new WheelEvent('wheel', \
             { deltaY: -300, ctrlKey: true, clientX: 400, clientY: 300, bubbles: true, cancelable: true }))",
        )
        .await?;
        page.until("the wheel leads nearer", async || Ok(size().await? > whole * 1.5)).await?;
        page.control(Role::Button, "Show the whole stage").await?.click().await?;
        page.until("the whole is back", async || Ok((size().await? - whole).abs() < 0.5)).await?;
        for _ in 0..4 {
            page.press('+').await?;
        }
        // A focused node is scrolled into view.
        page.tab_to("e.dataset.node === 'n100'").await?;
        let seen = "(() => { const s = document.querySelector('.stage').getBoundingClientRect(), \
            n = document.querySelector('[data-node=n100] .ground').getBoundingClientRect(); \
            return n.left >= s.left && n.right <= s.right + 1 && n.top >= s.top && n.bottom <= s.bottom + 1; })()";
        page.until("n100 is in sight", async || page.is_true(seen).await).await?;
        page.press(Key::Enter).await?;
        page.menu("Crash").await?;
        page.until("n100 is down", async || Ok(page.node_state("n100").await?["status"] == "crashed")).await
    })
    .await
}

#[tokio::test]
async fn the_page_answers_while_a_million_events_are_sought() -> Result<()> {
    with_page("", async |page| {
        page.load("cluster raft nodes=5 seed=1\n@1s workload rate=200/s reads=50% keys=3\n")
            .await?;
        let longest = "(async () => {
            let last = performance.now(), longest = 0, sought = false;
            const watch = () => {
                const now = performance.now();
                longest = Math.max(longest, now - last);
                last = now;
                if (!sought) setTimeout(watch);
            };
            setTimeout(watch);
            await window.quorumscope.seek(840000);
            sought = true;
            return longest;
        })()";
        let longest = page.eval(longest).await?.as_f64().unwrap_or(f64::MAX);
        let events = page.call("events(100000, 101000).length").await?.as_f64().unwrap_or(0.0);
        assert!(events * 840.0 > 1_000_000.0, "{events} events in a second");
        assert!(longest < 500.0, "the page did not answer for {longest} ms");
        Ok(())
    })
    .await
}
