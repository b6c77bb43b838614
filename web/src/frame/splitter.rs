//! The splitter between the stage and a dock.

use super::{Change, Dock, Extent};
use crate::dom;
use crate::still::Drawn;
use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

/// A line that sets the size of a dock.
#[derive(PartialEq)]
pub struct Splitter {
    /// The dock.
    pub dock: Dock,
    /// True if the dock lies under the stage, so that the line is dragged up and down.
    pub lies: bool,
    /// The size of the dock and its bounds.
    pub extent: Extent,
    /// Called with a change of the dock.
    pub on_change: Callback<(Dock, Change)>,
}

impl Drawn for Splitter {
    fn draw(&self) -> Html {
        let Self { dock, lies, extent, .. } = *self;
        let on = self.on_change.clone();
        let onpointermove = move |e: PointerEvent| {
            if let Some(px) = dragged(&e, dock, lies) {
                on.emit((dock, Change::To(px)));
            }
        };
        let on = self.on_change.clone();
        let onkeydown = move |e: KeyboardEvent| {
            if let Some(change) = key(&e.key(), lies, extent) {
                e.prevent_default();
                e.stop_propagation();
                on.emit((dock, change));
            }
        };
        let ondblclick = self.on_change.reform(move |_: MouseEvent| (dock, Change::Reset));
        let onpointerdown = |e: PointerEvent| {
            if let Some(line) = of(&e).filter(|_| e.button() == 0) {
                // Without capture a drag ends where the pointer leaves the line.
                let _ = line.set_pointer_capture(e.pointer_id());
            }
        };
        let (name, way) = if lies { ("Height", "horizontal") } else { ("Width", "vertical") };
        html! {
            <div class={classes!("splitter", way)} role="separator" tabindex="0" aria-orientation={way} aria-controls={dock.id()}
                aria-label={format!("{name} of {}", dock.name().to_ascii_lowercase())}
                aria-valuenow={extent.now.to_string()} aria-valuemin={extent.least.to_string()} aria-valuemax={extent.most.to_string()}
                aria-valuetext={format!("{} pixels", extent.now)}
                title="Drag, or arrow keys; a double click or Enter: as it was"
                {onpointerdown} {onpointermove} {onkeydown} {ondblclick}></div>
        }
    }
}

fn of(e: &PointerEvent) -> Option<Element> {
    e.target()?.dyn_into().ok()
}

/// The size that a drag gives the dock: the distance from the pointer to the dock's far side.
fn dragged(e: &PointerEvent, dock: Dock, lies: bool) -> Option<i32> {
    of(e).filter(|line| line.has_pointer_capture(e.pointer_id()))?;
    let rect = dom::document()?.get_element_by_id(dock.id())?.get_bounding_client_rect();
    let far = if lies { rect.bottom() } else { rect.right() };
    Some(far as i32 - if lies { e.client_y() } else { e.client_x() })
}

/// The change of a key. Arrows point in the direction in which the line moves.
fn key(key: &str, lies: bool, extent: Extent) -> Option<Change> {
    match (key, lies) {
        ("ArrowLeft", false) | ("ArrowUp", true) => Some(Change::By(1)),
        ("ArrowRight", false) | ("ArrowDown", true) => Some(Change::By(-1)),
        ("Home", _) => Some(Change::To(extent.least.into())),
        ("End", _) => Some(Change::To(extent.most.into())),
        ("Enter", _) => Some(Change::Reset),
        _ => None,
    }
}
