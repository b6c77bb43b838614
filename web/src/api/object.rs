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
    /// An object without methods yet, about that player.
    #[must_use]
    pub fn new(player: &Player) -> Self {
        Self { object: Object::new(), player: player.clone() }
    }

    /// Adds a value.
    pub fn value(&mut self, name: &str, value: &JsValue) {
        // A fresh object takes every property.
        let _ = Reflect::set(&self.object, &name.into(), value);
    }

    /// Adds a method. It lives as long as the page. Before it runs, the playhead catches up with
    /// time.
    pub fn method(&mut self, name: &str, f: impl Fn(&Args) -> Given + 'static) {
        let player = self.player.clone();
        let method = function(move |args| {
            player.catch_up();
            f(args)
        });
        self.value(name, &method);
    }

    /// Makes it a property of the window.
    pub fn publish(self, name: &str) {
        if let Some(window) = web_sys::window() {
            let _ = Reflect::set(&window, &name.into(), &self.object);
        }
    }
}

/// A JavaScript function of up to two arguments, which throws errors.
pub fn function(f: impl Fn(&Args) -> Given + 'static) -> JsValue {
    let function = Closure::<dyn Fn(JsValue, JsValue) -> Result<JsValue, JsValue>>::new(
        move |first, second| f(&Args([first, second])).map_err(|why| Error::new(&why).into()),
    );
    function.into_js_value()
}
