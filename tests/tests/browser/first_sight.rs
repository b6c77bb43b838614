//! The page as a person sees it who opens it for the first time.

use anyhow::Result;
use quorumscope_tests::elements::Role;
use quorumscope_tests::fixture::{with_browser, with_page};
use serde_json::json;

#[tokio::test]
async fn a_five_node_raft_cluster_is_running() -> Result<()> {
    with_page("", async |page| {
        let state = page.state().await?;
        assert_eq!(state["playing"], true);
        assert_eq!(state["clusters"].as_array().map(Vec::len), Some(1));
        assert_eq!(state["clusters"][0]["preset"], "raft");
        assert_eq!(page.elements("[data-node]").await?.len(), 5);
        assert_eq!(page.elements("[data-link]").await?.len(), 10);
        let before = page.now().await?;
        page.until("virtual time goes on", async || Ok(page.now().await? > before)).await
    })
    .await
}

#[tokio::test]
async fn it_elects_a_leader_and_a_sentence_says_so() -> Result<()> {
    with_page("", async |page| {
        page.until("a leader is elected", async || Ok(page.leader().await.is_ok())).await?;
        let leader = page.leader().await?;
        page.until("a sentence names the leader", async || {
            let sentences = page.live().await?;
            Ok(sentences.iter().any(|text| text.contains(&leader) && text.contains("lead")))
        })
        .await?;
        let name = page.name_of(&format!("[data-node={leader}]")).await?;
        assert!(name.starts_with(&format!("{leader}, leader, term ")), "{name}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn stage_sentence_and_transport_fit_without_scrolling() -> Result<()> {
    with_browser(async |site, browser| {
        browser.set_viewport(1280, 720).await?;
        let page = browser.open(&site.url()).await?;
        page.load(super::RAFT).await?;
        page.seek(2_000).await?;
        let mut shown = page.elements("[data-node]").await?;
        shown.push(page.control(Role::Button, "Play").await?);
        shown.push(page.control(Role::Button, "Step forward").await?);
        shown.push(page.control(Role::Button, "Step back").await?);
        shown.push(page.control(Role::Slider, "Time").await?);
        for element in shown {
            let (x, y, width, height) = element.rectangle().await?;
            let inside = x >= 0.0 && y >= 0.0 && x + width <= 1280.0 && y + height <= 720.0;
            assert!(inside, "at {x}, {y}, {width} wide and {height} high");
        }
        let sentences = page.live().await?;
        assert!(sentences.iter().any(|text| !text.is_empty()), "{sentences:?}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn nothing_is_wider_than_a_small_phone() -> Result<()> {
    with_browser(async |site, browser| {
        browser.set_viewport(360, 740).await?;
        let page = browser.open(&site.url()).await?;
        let wide = page.eval("document.scrollingElement.scrollWidth").await?;
        assert!(wide.as_f64() <= Some(360.0), "{wide} pixels wide");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn it_works_under_any_path() -> Result<()> {
    with_browser(async |site, browser| {
        let page = browser.open(&site.url_below()).await?;
        page.load(super::RAFT).await?;
        page.seek(1_000).await?;
        assert_eq!(page.elements("[data-node]").await?.len(), 5);
        assert!(page.link().await?.starts_with(&format!("{}#", site.url_below())));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn everything_on_the_stage_has_a_role_and_a_name() -> Result<()> {
    with_page("", async |page| {
        page.load(super::RAFT).await?;
        page.seek(2_000).await?;
        assert_eq!(page.role_of("[data-node=n1]").await?, "button");
        assert_eq!(page.role_of("[data-link='n1-n2']").await?, "button");
        assert_eq!(page.name_of("[data-link='n1-n2']").await?, "link n1-n2, connected");
        for css in ["[data-node]", "[data-link]"] {
            for element in page.elements(css).await? {
                assert_eq!(element.attr("tabindex").await?.as_deref(), Some("0"), "{css}");
            }
        }
        let cluster = page.cluster().await?;
        for client in cluster["clients"].as_array().into_iter().flatten() {
            let css = format!("[data-client={}]", client["id"]);
            let name = page.name_of(&css).await?;
            assert!(name.starts_with(client["id"].as_str().unwrap_or("?")), "{name}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_message_in_flight_is_named_by_kind_and_ends() -> Result<()> {
    with_page("", async |page| {
        page.load("cluster raft nodes=3 seed=7 latency=50ms\n").await?;
        page.seek(2_000).await?;
        // A leader keeps sending, so within a heartbeat there is a message in flight.
        page.until("a message is in flight", async || {
            page.call("step(1)").await?;
            Ok(page.cluster().await?["messages"].as_array().is_some_and(|all| !all.is_empty()))
        })
        .await?;
        let message = page.cluster().await?["messages"][0].clone();
        let css = format!("[data-message={}]", message["id"]);
        page.until("it is drawn", async || Ok(!page.elements(&css).await?.is_empty())).await?;
        let wanted = json!(format!(
            "{} from {} to {}",
            message["kind"].as_str().unwrap_or("?"),
            message["from"].as_str().unwrap_or("?"),
            message["to"].as_str().unwrap_or("?")
        ));
        assert_eq!(json!(page.name_of(&css).await?), wanted);
        Ok(())
    })
    .await
}
