//! `why?`: from everywhere on the page to the chain of causes, and along it.

use anyhow::Result;
use quorumscope_tests::fixture::with_page;
use quorumscope_tests::gestures::Key;
use quorumscope_tests::page::Page;

/// A leader in the minority, a client that waits for it, and a leader of the majority.
const SPLIT: &str = "cluster raft seed=266\n@1s c1 set x 1\n@1.8s partition n1 n2 c1 | n3 n4 n5\n\
                     @1.9s c1 set x 2\n";

/// The answer in the panel, once it contains `sentence`.
async fn answered(page: &Page, sentence: &str) -> Result<String> {
    page.until("the panel answers", async || {
        let said = page.eval("document.querySelector('.why .answer')?.textContent ?? ''").await?;
        Ok(said.as_str().is_some_and(|said| said.contains(sentence)))
    })
    .await?;
    let text = page.eval("document.querySelector('.why').textContent").await?;
    Ok(text.as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn scripts_are_answered_with_a_chain_of_events() -> Result<()> {
    with_page("", async |page| {
        page.load(SPLIT).await?;
        page.seek(2_500).await?;
        let why = page.call("why('n3')").await?;
        assert_eq!(why["question"], "why n3");
        assert_eq!(why["sentence"], "n3 is leader of term 2 since 2.02 s.");
        assert_eq!(why["chain"][0]["text"], "Partition: n1 n2 c1 | n3 n4 n5.");
        assert_eq!(why["chain"][0]["at"], 1_800.0);
        let entry = page.call("why('why entry 3 at n2')").await?;
        let missing = entry["missing"][0].as_str();
        assert_eq!(missing, Some("that of n2 is of term 1, the committed one of term 2"));
        assert_eq!(entry["missing"][3], "n3, n4 and n5 cannot be reached since 1.80 s");
        // Every step is an event of the trace.
        let same = "(() => { const events = window.quorumscope.events(0, 2500);
            return window.quorumscope.why('n3').chain.every(step =>
                events.some(e => e.id === step.event && e.at === step.at && e.node === step.node)); })()";
        assert!(page.is_true(same).await?);
        for (question, sentence) in [
            ("n9", "there is no node n9 in a cluster of 5"),
            ("not", "found not, expected no-leader"),
            ("op 77", "there is no operation 77 among the 2 up to now"),
        ] {
            let error = page.call(&format!("why('{question}')")).await.unwrap_err().to_string();
            assert!(error.contains(sentence), "{error}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_menu_asks_and_a_step_leads_to_its_moment() -> Result<()> {
    with_page("", async |page| {
        page.load(SPLIT).await?;
        page.seek(2_500).await?;
        let hash = page.hash().await?;
        page.node("n3").await?.click().await?;
        page.menu("Why does it lead?").await?;
        let text = answered(page, "n3 is leader of term 2").await?;
        assert!(text.contains("for n2 was last heard to lead at 1.78 s"), "{text}");
        assert_eq!(page.hash().await?, hash, "a question changes nothing");
        assert!(page.live().await?.iter().any(|said| said.contains("n3 is leader of term 2")));
        page.element(".chain li:last-child button.at").await?.click().await?;
        page.until("the playhead is at the root", async || Ok(page.now().await? == 1_800.0))
            .await?;
        page.until("the step is marked", async || {
            page.is_true(
                "document.querySelector('.chain li:last-child button.at').ariaCurrent === 'true'",
            )
            .await
        })
        .await?;
        // The answer stays, and can be updated.
        answered(page, "n3 is leader of term 2").await?;
        page.press_button("Ask again now").await?;
        answered(page, "n3 takes n2 for its leader").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_headline_offers_to_ask_where_something_is_wrong() -> Result<()> {
    with_page("", async |page| {
        page.load(SPLIT).await?;
        page.seek(1_500).await?;
        page.until("nothing is wrong", async || {
            page.is_true("!document.querySelector('.say .ask')").await
        })
        .await?;
        page.seek(2_500).await?;
        page.tab_to("e.matches('.say .ask')").await?;
        assert!(page.focused_name().await?.starts_with("Why?"));
        page.press(Key::Enter).await?;
        let text = answered(page, "c1 has waited 600 ms for an answer to set x 2").await?;
        assert!(text.contains("n2 has it as entry 3 of its log, "), "{text}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_console_understands_why() -> Result<()> {
    with_page("", async |page| {
        page.load(SPLIT).await?;
        page.seek(2_500).await?;
        let script = page.script().await?;
        page.type_in_console("why entry 3 at n1").await?;
        answered(page, "Entry 3 of n1 can never be committed").await?;
        page.type_in_console("why n12").await?;
        page.until("an alert says what is wrong", async || {
            let alerts = page.alerts().await?;
            Ok(alerts.iter().any(|text| text.contains("there is no node n12 in a cluster of 5")))
        })
        .await?;
        page.type_in_console("why").await?;
        answered(page, "c1 has waited").await?;
        assert!(page.alerts().await?.is_empty());
        // The console repeats the question, with its answer.
        let lines = "[...document.querySelectorAll('.console li.answer')].map(e => e.textContent)";
        let told = page.eval(lines).await?;
        let told: Vec<&str> =
            told.as_array().into_iter().flatten().filter_map(|l| l.as_str()).collect();
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(told[0].contains("why entry 3 at n1: Entry 3 of n1 can never"), "{told:?}");
        assert!(told[1].contains("why c1: c1 has waited 600 ms"), "{told:?}");
        assert_eq!(page.script().await?, script, "a question is no statement");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn in_a_comparison_a_question_goes_to_the_cluster_that_can_answer_it() -> Result<()> {
    with_page("", async |page| {
        page.load("cluster raft nodes=3 seed=4\ncluster quorum nodes=5 seed=4\n@1s crash n2\n")
            .await?;
        page.seek(2_000).await?;
        // Only the second cluster has a fifth node.
        page.type_in_console("why n5").await?;
        let text = answered(page, "n5 ").await?;
        assert!(text.contains("Quorum"), "it is said of whom: {text}");
        page.type_in_console("why n1 in cluster 1").await?;
        let text = answered(page, "n1 takes n3 for its leader").await?;
        assert!(text.contains("Raft"), "{text}");
        page.type_in_console("why n9").await?;
        page.until("an alert says what is wrong", async || {
            let alerts = page.alerts().await?;
            Ok(alerts.iter().any(|text| text.contains("nor can it be asked of any other cluster")))
        })
        .await?;
        assert_eq!(page.call("why('n5 in cluster 2')").await?["cluster"], 1);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_terms_of_a_step_are_explained_and_the_rest_of_it_leads_to_its_moment() -> Result<()> {
    with_page("", async |page| {
        page.load(SPLIT).await?;
        page.seek(2_500).await?;
        page.type_in_console("why n3").await?;
        answered(page, "n3 is leader").await?;
        page.element(".chain .what .term").await?.click().await?;
        page.until("the term is explained", async || {
            page.is_true("!!document.querySelector('.popover.glossary p')?.textContent").await
        })
        .await?;
        assert_eq!(page.now().await?, 2_500.0, "a term leads nowhere");
        page.press(Key::Escape).await?;
        page.until("the explanation is gone", async || {
            page.is_true("!document.querySelector('.popover.glossary')").await
        })
        .await?;
        // A step is one large button, except for its terms.
        let lies_over = "(() => { const what = document.querySelector('.chain li:last-child .what'); \
            what.scrollIntoView(); \
            const b = what.getBoundingClientRect(); \
            return document.elementFromPoint(b.right - 3, b.bottom - 3).matches('.chain button.at'); })()";
        assert!(page.is_true(lies_over).await?);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_console_offers_what_there_is_to_ask_about() -> Result<()> {
    with_page("", async |page| {
        page.load(SPLIT).await?;
        page.seek(2_500).await?;
        for (typed, offered) in [
            ("wh", "why"),
            ("why n", "no-leader n1 n2 n3 n4 n5"),
            ("why op ", "2 1"),
            ("why entry ", "3 2 1"),
            ("why key ", "x"),
            ("why n2 vote ", "n1 n2 n3 n4 n5"),
            ("why mono", "monotonic-reads monotonic-writes"),
        ] {
            page.eval(&format!(
                "(() => {{ const e = document.querySelector('#console'); e.focus(); e.value = {typed:?};
                    e.dispatchEvent(new InputEvent('input', {{ bubbles: true }})); }})()"
            ))
            .await?;
            page.until(&format!("{offered} are offered for {typed:?}"), async || {
                let all = "[...document.querySelectorAll('.completions [role=option]')].map(e => e.textContent).join(' ')";
                Ok(page.eval(all).await?.as_str() == Some(offered))
            })
            .await?;
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_property_that_does_not_hold_can_be_asked_about() -> Result<()> {
    with_page("", async |page| {
        page.load(
            "cluster quorum nodes=3 n=3 r=1 w=1 read-repair=off hints=off seed=3\n\
             @1s c1 set x 1 via n1\n@2s isolate n3\n@2.1s heal c1-n3\n@2.2s c1 set x 2 via n1\n\
             @2.6s c1 get x via n3\n",
        )
        .await?;
        page.seek(3_000).await?;
        page.element("#tab-Operations").await?.click().await?;
        let ask = ".violated .ask[aria-label*='read your writes']";
        page.until("it is violated", async || Ok(!page.elements(ask).await?.is_empty())).await?;
        page.element(ask).await?.click().await?;
        let text = answered(page, "though its own write of \"2\" had returned").await?;
        assert!(text.contains("Write from n1 to n3 is lost: the link is cut"), "{text}");
        assert!(text.contains("why read-your-writes"), "{text}");
        // Terms lead to the glossary from here, too.
        page.element(".why .answer .term, .why .missing .term").await?.click().await?;
        page.until("the term is explained", async || {
            page.is_true("!!document.querySelector('.popover.glossary p')?.textContent").await
        })
        .await
    })
    .await
}

#[tokio::test]
async fn operations_entries_keys_and_events_can_be_asked_about() -> Result<()> {
    with_page("", async |page| {
        page.load(SPLIT).await?;
        page.seek(2_500).await?;
        let asks = async |tab: &str, css: &str, sentence: &str| {
            page.element(&format!("#tab-{tab}")).await?.click().await?;
            page.until("it can be asked about", async || Ok(!page.elements(css).await?.is_empty()))
                .await?;
            page.element(css).await?.click().await?;
            answered(page, sentence).await
        };
        asks("Operations", ".ops li:last-child .ask", "c1 is told: set x 1 is done.").await?;
        asks("Node", ".log li:last-child .entry", "n3 knows since").await?;
        asks("Node", ".facts .pair", "n3 holds x = 1.").await?;
        asks("Events", ".events li:first-child .ask", "n3 wins with n3, n4 and n5").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_answer_goes_with_its_run() -> Result<()> {
    with_page("", async |page| {
        page.load(SPLIT).await?;
        page.seek(2_500).await?;
        page.type_in_console("why n3").await?;
        answered(page, "n3 is leader").await?;
        page.load("cluster quorum seed=9\n").await?;
        page.until("nothing is asked", async || {
            page.is_true("!document.querySelector('.why .answer')").await
        })
        .await?;
        page.press_button("Why is it as it is now?").await?;
        page.until("there is an answer", async || {
            page.is_true("document.querySelector('.why .answer') !== null").await
        })
        .await
    })
    .await
}
