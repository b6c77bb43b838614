//! The promise `settled`: the page shows the present state of the World, and while the run is
//! paused, nothing moves any more.

use crate::player::Player;
use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, future_to_promise};

/// Promises that the page settles. A page that is not visible settles when it is visible again.
pub fn promised(player: &Player) -> Promise {
    let player = player.clone();
    future_to_promise(async move {
        // Changes before this call are drawn with the next frame. Animations of that frame begin
        // with the one after it.
        next_picture().await?;
        next_picture().await?;
        while !player.is_playing() && (player.is_awake() || is_moving()) {
            next_picture().await?;
        }
        Ok(JsValue::UNDEFINED)
    })
}

async fn next_picture() -> Result<JsValue, JsValue> {
    let shown = Promise::new(&mut |resolve, _| {
        let window = web_sys::window();
        // Without a window there is no frame to wait for.
        let asked = window.and_then(|window| window.request_animation_frame(&resolve).ok());
        if asked.is_none() {
            let _ = resolve.call0(&JsValue::NULL);
        }
    });
    JsFuture::from(shown).await
}

/// True if an element is moving. Endless animations do not count.
fn is_moving() -> bool {
    let moving = || -> Option<bool> {
        let document = crate::dom::document()?;
        let ask: Function =
            Reflect::get(&document, &"getAnimations".into()).ok()?.dyn_into().ok()?;
        let animations: Array = ask.call0(&document).ok()?.dyn_into().ok()?;
        Some(animations.iter().any(|animation| ends(&animation) == Some(true)))
    };
    moving().unwrap_or(false)
}

/// True for a running animation that will end.
fn ends(animation: &JsValue) -> Option<bool> {
    let state = Reflect::get(animation, &"playState".into()).ok()?;
    if state.as_string()? != "running" {
        return Some(false);
    }
    let effect = Reflect::get(animation, &"effect".into()).ok()?;
    let timing: Function =
        Reflect::get(&effect, &"getComputedTiming".into()).ok()?.dyn_into().ok()?;
    let timing = timing.call0(&effect).ok()?;
    let end = Reflect::get(&timing, &"endTime".into()).ok()?;
    Some(end.as_f64()?.is_finite())
}
