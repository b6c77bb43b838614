//! Links: the same run for everyone who opens them, and a sentence about damaged ones.

use anyhow::Result;
use quorumscope_tests::browser::{Browser, Record};
use quorumscope_tests::fixture::{with_browser, with_page};

/// A run to share: an election, faults, clients, and a partition that is still there at the end.
const STORY: &str = "cluster raft nodes=5 seed=11 loss=2%
@500ms workload rate=10/s reads=50% keys=3
@1.5s crash n1
@2s partition n2 n3 | n4 n5
@2.2s c1 set \"two words\" \"a; b # c\"
@3s restart n1
@4s heal
";

#[tokio::test]
async fn a_shared_link_is_the_same_run_in_a_fresh_profile() -> Result<()> {
    with_browser(async |site, browser| {
        let page = browser.open(&site.url()).await?;
        page.load(STORY).await?;
        page.seek(3_500).await?;
        page.press_button("Share").await?;
        page.until("the link is there", async || Ok(!page.shared_link().await?.is_empty())).await?;
        let link = page.shared_link().await?;
        assert_eq!(link, page.link().await?);

        let elsewhere = Browser::launch(Record::Nothing).await?;
        let opened = elsewhere.open(&link).await?;
        opened.call("pause()").await?;
        opened.seek(3_500).await?;
        assert_eq!(opened.hash().await?, page.hash().await?);
        assert_eq!(opened.state().await?["clusters"], page.state().await?["clusters"]);
        for later in [5_000, 9_000] {
            opened.seek(later).await?;
            page.seek(later).await?;
            assert_eq!(opened.hash().await?, page.hash().await?, "at {later} ms");
        }
        elsewhere.close().await
    })
    .await
}

#[tokio::test]
async fn a_link_opens_where_its_playhead_stood() -> Result<()> {
    with_browser(async |site, browser| {
        let page = browser.open(&site.url()).await?;
        page.load(STORY).await?;
        page.seek(2_600).await?;
        let (link, script, hash) = (page.link().await?, page.script().await?, page.hash().await?);
        let opened = browser.open(&link).await?;
        assert_eq!(opened.alerts().await?, Vec::<String>::new());
        assert!(opened.now().await? >= 2_600.0);
        opened.call("pause()").await?;
        opened.seek(2_600).await?;
        assert_eq!(opened.hash().await?, hash);
        let statements = |text: &str| -> Vec<String> {
            text.lines().filter(|line| !line.contains(" show")).map(str::to_owned).collect()
        };
        assert_eq!(statements(&opened.script().await?), statements(&script));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_long_run_still_fits_a_link() -> Result<()> {
    with_browser(async |site, browser| {
        let page = browser.open(&site.url()).await?;
        let mut script = String::from(super::RAFT);
        for step in 1..300 {
            script += &format!("@{}ms c1 set key{} value{step}\n", 1_000 + step * 20, step % 7);
        }
        page.load(&script).await?;
        page.seek(8_000).await?;
        let (link, hash) = (page.link().await?, page.hash().await?);
        assert!(
            link.contains("#z2."),
            "a long script is deflated: {}",
            &link[..60.min(link.len())]
        );
        let opened = browser.open(&link).await?;
        opened.call("pause()").await?;
        opened.seek(8_000).await?;
        assert_eq!(opened.hash().await?, hash);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_damaged_link_shows_its_error_and_the_default_cluster() -> Result<()> {
    with_browser(async |site, browser| {
        let damaged = [
            "#v2+cluster+raft+nodes=",
            "#v2+cluster+raft;@1s+crash+n9",
            "#v2+cluster+nonsense",
            "#v9+cluster+raft",
            "#v2+cluster+raft;%ff%fe",
            "#z2.@@@@",
            "#z2.AAAA",
            "#nothing-of-ours",
        ];
        for fragment in damaged {
            let page = browser.open(&format!("{}{fragment}", site.url())).await?;
            page.until("an alert says what is wrong", async || {
                Ok(!page.alerts().await?.is_empty())
            })
            .await?;
            let cluster = page.cluster().await?;
            assert_eq!(cluster["preset"], "raft", "{fragment}");
            assert_eq!(cluster["nodes"].as_array().map(Vec::len), Some(5), "{fragment}");
        }
        let page = browser.open(&format!("{}#v2+cluster+raft;@1s+crash+n9", site.url())).await?;
        let alerts = page.alerts().await?;
        assert!(alerts.iter().any(|text| text.contains("there is no node n9")), "{alerts:?}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_link_written_by_hand_plays() -> Result<()> {
    with_page("#v2+cluster+raft+nodes=3+seed=42;@1.2s+crash+n1;@5s+show", async |page| {
        assert!(page.now().await? >= 5_000.0);
        assert_eq!(page.cluster().await?["nodes"].as_array().map(Vec::len), Some(3));
        assert_eq!(page.node_state("n1").await?["status"], "crashed");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_link_whose_state_differs_says_so() -> Result<()> {
    let link = "#v2+cluster+raft+nodes=3+seed=42;@1s+show+state=0123456789abcdef";
    with_page(link, async |page| {
        page.until("an alert says that it plays differently", async || {
            Ok(!page.alerts().await?.is_empty())
        })
        .await
    })
    .await
}

#[tokio::test]
async fn a_link_of_an_earlier_version_opens_and_says_so() -> Result<()> {
    with_page("#v1+cluster+raft+nodes=3+seed=42;@1.2s+crash+n1;@5s+show", async |page| {
        page.until("an alert says who made it", async || {
            let alerts = page.alerts().await?;
            Ok(alerts.iter().any(|text| text.contains("made by an earlier version")))
        })
        .await?;
        assert!(page.now().await? >= 5_000.0);
        assert_eq!(page.node_state("n1").await?["status"], "crashed");
        assert!(page.link().await?.contains("#v2+cluster+raft+nodes=3+seed=42"));
        Ok(())
    })
    .await
}
