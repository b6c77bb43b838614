//! Plays a run natively, without a browser.

use anyhow::{Result, anyhow};
use quorumscope_core::script;
use quorumscope_core::session::Session;
use quorumscope_core::time::Time;

/// The state hashes of a script at some times, in milliseconds, as the page would write them.
///
/// # Errors
/// The sentence that says what is wrong with the script.
pub fn hashes(script: &str, times_ms: &[u32]) -> Result<Vec<String>> {
    let run = script::parse(script).map_err(|error| anyhow!("{error}\n{script}"))?;
    let mut session = Session::new(run);
    let hash_at = |time_ms: &u32| {
        session.seek(Time::from_ms(u64::from(*time_ms)));
        format!("{:016x}", session.hash())
    };
    Ok(times_ms.iter().map(hash_at).collect())
}
