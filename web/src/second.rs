//! The second module: everything that the first picture does not need.
//!
//! `cargo xtask dist` builds with the feature `split` and cuts the program in two at the function `bring`:
//! code that is reachable from there alone becomes a module of its own, which [`load`] fetches.
//! In every other build there is one module, and [`load`] finds everything in its place.

use crate::{api, app, clerk, language, later, model, opening, player, transport, words};

/// Milliseconds after which a failed download is tried again.
#[cfg(feature = "split")]
const AGAIN_MS: u32 = 3_000;

/// Fetches the second module, and calls those that wait for it. `failed` is called whenever it could not
/// be fetched; it is tried again until it could.
#[cfg(feature = "split")]
pub fn load(failed: impl Fn() + 'static) {
    wasm_bindgen_futures::spawn_local(async move {
        while module::bring().await.is_err() {
            failed();
            gloo_timers::future::TimeoutFuture::new(AGAIN_MS).await;
        }
        later::arrived();
    });
}

/// There is one module: its functions are in their places already, and are put there once more.
#[cfg(not(feature = "split"))]
pub fn load(_failed: impl Fn() + 'static) {
    install();
    later::arrived();
}

/// Puts the functions of the second module in their places.
fn install() {
    quorumscope_core::protocol::install();
    language::install();
    words::install();
    model::install();
    clerk::install();
    app::install();
    api::install();
    opening::install();
    player::stops::install();
    transport::legend::install();
}

#[cfg(feature = "split")]
#[allow(unsafe_code, reason = "the entry of a module that is loaded later is a foreign function")]
mod module {
    use wasm_split_helpers::{SplitLoaderError, wasm_split};

    /// The entry of the second module. The cut is made here.
    #[wasm_split(late, fallible)]
    pub fn bring() -> Result<(), SplitLoaderError> {
        super::install();
        Ok(())
    }
}
