//! The hunt for failures on the page, and for scripts.

use anyhow::Result;
use quorumscope_tests::elements::Role;
use quorumscope_tests::fixture::with_page;
use quorumscope_tests::page::Page;

/// A backup takes over without the writes that only the primary has.
const LOSES: &str = "cluster primary-backup replication=async\n";

async fn text(page: &Page, css: &str) -> Result<String> {
    let text = page.eval(&format!("document.querySelector('{css}')?.innerText ?? ''")).await?;
    Ok(text.as_str().unwrap_or_default().to_owned())
}

async fn open(page: &Page) -> Result<()> {
    page.control(Role::Tab, "Operations").await?.click().await?;
    let unfold =
        "['.hunting', '.hunting-rules'].forEach(css => document.querySelector(css).open = true)";
    page.eval(unfold).await?;
    Ok(())
}

#[tokio::test]
async fn a_hunt_opens_a_branch_that_plays_to_the_violation() -> Result<()> {
    with_page("", async |page| {
        page.load(LOSES).await?;
        open(page).await?;
        let choose = "(s => { s.value = 'lost-writes'; \
            s.dispatchEvent(new Event('change', { bubbles: true })) })(document.querySelector('.finder select'))";
        page.eval(choose).await?;
        page.control(Role::Button, "Start searching").await?.click().await?;
        page.until("something was found", async || {
            Ok(!text(page, ".finder .violated h2").await?.is_empty())
        })
        .await?;
        let branches = page.call("branches()").await?;
        assert_eq!(branches.as_array().map(Vec::len), Some(2), "{branches}");
        page.control(Role::Button, "Go to the violation").await?.click().await?;
        page.until("the judges see it", async || {
            let verdicts = page.call("verdict()").await?;
            let lost = |v: &serde_json::Value| {
                v["property"] == "no acknowledged write lost" && v["holds"] == false
            };
            Ok(verdicts.as_array().is_some_and(|all| all.iter().any(lost)))
        })
        .await
    })
    .await
}

#[tokio::test]
async fn a_hunt_can_be_given_up() -> Result<()> {
    with_page("", async |page| {
        page.load("cluster raft nodes=3\n").await?;
        open(page).await?;
        page.control(Role::Button, "Start searching").await?.click().await?;
        page.until("it is searching", async || {
            Ok(text(page, ".finder .progress").await?.contains("runs"))
        })
        .await?;
        page.control(Role::Button, "Give up").await?.click().await?;
        page.until("it says what it has done", async || {
            Ok(text(page, ".finder .nothing").await?.contains("That is no proof."))
        })
        .await
    })
    .await
}

#[tokio::test]
async fn scripts_hunt_too() -> Result<()> {
    with_page("", async |page| {
        let found = page
            .eval(&format!(
                "(async () => {{ let heard = 0; const q = window.quorumscope; \
                 const stop = q.on('hunt', () => heard++); \
                 const r = await q.hunt({{ script: {LOSES:?}, properties: ['lost-writes'], budget: 60000 }}); \
                 stop(); return {{ ...r, heard }} }})()"
            ))
            .await?;
        assert_eq!((&found["found"], &found["property"]), (&true.into(), &"lost-writes".into()));
        let script = found["script"].as_str().unwrap_or_default();
        assert!(script.starts_with("cluster primary-backup"), "{found}");
        assert!(found["sentence"].as_str().is_some_and(|s| s.ends_with('.')), "{found}");
        assert!(found["heard"].as_u64().is_some_and(|n| n > 0), "{found}");
        page.load(script).await?;
        let hash = page.call("hash()").await?;
        assert_eq!(hash.as_str(), found["hash"].as_str(), "the state of the finding");
        let wrong = page
            .eval("window.quorumscope.hunt({ properties: ['luck'] }).catch(e => e.message)")
            .await?;
        assert!(wrong.as_str().is_some_and(|s| s.starts_with("there is no property luck")));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_rule_is_switched_and_its_purpose_shown() -> Result<()> {
    with_page("", async |page| {
        page.load("cluster quorum nodes=3\n").await?;
        open(page).await?;
        page.eval("document.querySelector('.rules input').click()").await?;
        page.until("the rule is broken", async || {
            Ok(page.call("rules()").await?[0]["rules"][0]["on"] == false)
        })
        .await?;
        page.call("pause()").await?;
        page.press_button("Show me why this rule is there: read-quorum").await?;
        page.until("a branch has opened", async || {
            Ok(page.call("branches()").await?.as_array().is_some_and(|all| all.len() > 1))
        })
        .await?;
        let script = page.call("script()").await?;
        assert!(script.as_str().is_some_and(|s| s.contains("rule read-quorum off")), "{script}");
        Ok(())
    })
    .await
}
