//! The same run is the same World natively and in WebAssembly, to the last bit.

use anyhow::Result;
use quorumscope_tests::elements::strings;
use quorumscope_tests::fixture::with_page;
use quorumscope_tests::page::Page;
use quorumscope_tests::random_run::{self, LENGTH_MS};
use quorumscope_tests::replay;
use serde_json::json;

/// The number of scripts.
const SCRIPTS: u64 = 240;

/// The number of scripts that are sent to the page at a time.
const BATCH: u64 = 20;

/// The times of the comparison, in milliseconds: on the way, at the end, and back again.
const TIMES: [u32; 4] = [900, LENGTH_MS / 2, LENGTH_MS + 2_000, 2_345];

/// Plays each script in the page. Returns a list of hashes, or an error, for each.
const PLAY: &str = "(async (scripts, times) => {
    const played = [];
    for (const script of scripts) {
        const hashes = [];
        try {
            await window.quorumscope.load(script);
            window.quorumscope.pause();
            for (const time of times) {
                await window.quorumscope.seek(time);
                hashes.push(window.quorumscope.hash());
            }
        } catch (error) {
            hashes.push(String(error.message));
        }
        played.push(hashes);
    }
    return played;
})";

async fn in_the_page(page: &Page, scripts: &[String]) -> Result<Vec<Vec<String>>> {
    let played = page.eval(&format!("{PLAY}({}, {})", json!(scripts), json!(TIMES))).await?;
    Ok(played.as_array().into_iter().flatten().map(strings).collect())
}

#[tokio::test]
async fn random_runs_have_the_same_hashes_natively_and_in_the_page() -> Result<()> {
    with_page("", async |page| {
        for first in (0..SCRIPTS).step_by(BATCH as usize) {
            let scripts: Vec<String> = (first..first + BATCH).map(random_run::script).collect();
            let played = in_the_page(page, &scripts).await?;
            assert_eq!(played.len(), scripts.len());
            for (script, page_hashes) in scripts.iter().zip(played) {
                let native = replay::hashes(script, &TIMES)?;
                assert_eq!(page_hashes, native, "at {TIMES:?} ms, page and native, of\n{script}");
            }
        }
        Ok(())
    })
    .await
}
