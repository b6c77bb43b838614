//! Builds a JavaScript object from Rust functions.

use super::Given;
use crate::player::Player;
use js_sys::{Error, Object, Reflect};
use wasm_bindgen::prelude::*;

/// The arguments of a call. Missing arguments are `undefined`.
pub struct Args([JsValue; 2]);

impl Args {
    /// The argument at an index.
    #[must_use]
    pub fn get(&self, place: usize) -> JsValue {
        self.0.get(place).cloned().unwrap_or(JsValue::UNDEFINED)
    }
}

/// An object that is being built.
pub struct Methods {
    object: Object,
    player: Player,
}

impl Methods {
    /// Methods for that object, about that player.
    #[must_use]
    pub fn new(object: &Object, player: &Player) -> Self {
        Self { object: object.clone(), player: player.clone() }
    }

    /// Adds a method. It lives as long as the page. Before it runs, the playhead catches up with
    /// time.
    pub fn method(&mut self, name: &str, f: impl Fn(&Args) -> Given + 'static) {
        let player = self.player.clone();
        let method = function(move |args| {
            player.catch_up();
            f(args)
        });
        set(&self.object, name, &method);
    }
}

/// Gives an object a property.
pub fn set(object: &Object, name: &str, value: &JsValue) {
    // A plain object takes every property.
    let _ = Reflect::set(object, &name.into(), value);
}

/// Makes an object a property of the window.
pub fn publish(object: &Object, name: &str) {
    if let Some(window) = web_sys::window() {
        let _ = Reflect::set(&window, &name.into(), object);
    }
}

/// A JavaScript function of up to two arguments, which throws errors.
pub fn function(f: impl Fn(&Args) -> Given + 'static) -> JsValue {
    let function = Closure::<dyn Fn(JsValue, JsValue) -> Result<JsValue, JsValue>>::new(
        move |first, second| f(&Args([first, second])).map_err(|why| Error::new(&why).into()),
    );
    function.into_js_value()
}
