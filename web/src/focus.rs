//! Keeps the focus near when its element disappears: a row of a list, a message that arrives, a
//! button. Without this the focus would fall to the page, and keyboard users would have to start
//! again.
//!
//! An overlay that closes returns the focus to the element that had it before.

use crate::dom;
use gloo_events::{EventListener, EventListenerOptions};
use std::cell::RefCell;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, EventTarget, FocusEvent, HtmlElement, KeyboardEvent};

/// The elements that Tab reaches.
const TABBABLE: &str = "a[href],button:not(:disabled),input:not(:disabled),select,summary,[tabindex]:not([tabindex=\"-1\"])";
/// The overlays of the page.
const OVER: &str = ".overlays,dialog,.legend .popover";

/// Content of closed `details` elements: it has a place on the page, and takes no focus.
const FOLDED: &str = "details:not([open])>:not(summary)";

/// An element that had the focus, and its place: its parents, and the index of the child in each,
/// from the inside out.
#[derive(Clone)]
struct Held {
    element: Element,
    within: Vec<(Element, u32)>,
    over: bool,
}

#[derive(Default)]
struct Memory {
    last: Option<Held>,
    /// The last focused element that was not in an overlay.
    under: Option<Held>,
}

thread_local! {
    static MEMORY: RefCell<Memory> = RefCell::default();
}

/// Keeps the focus until the listeners are dropped.
pub fn keep() -> Vec<EventListener> {
    let Some(document) = dom::document() else { return Vec::new() };
    let on = |name: &'static str, act: fn(&Event)| {
        let options = EventListenerOptions::run_in_capture_phase();
        EventListener::new_with_options(&document, name, options, act)
    };
    vec![
        on("focusin", |e| MEMORY.with_borrow_mut(|memory| memory.came_to(e.target()))),
        on("focusout", |e| {
            let goes_on = e.dyn_ref::<FocusEvent>().is_some_and(|e| e.related_target().is_some());
            if !goes_on {
                // The page is still being rendered when the focused element is removed.
                wasm_bindgen_futures::spawn_local(async { rescue() });
            }
        }),
        // Not every browser reports the removal of a focused element.
        on("keydown", |e| {
            rescue();
            // Tab on the last control leads out of the page, and must not be reversed.
            if e.dyn_ref::<KeyboardEvent>().is_some_and(|e| e.key() == "Tab") {
                let_go();
            }
        }),
        // A press elsewhere drops the focus on purpose.
        on("pointerdown", |_| let_go()),
    ]
}

/// Removes the focus from an element, on purpose.
pub fn leave(element: &HtmlElement) {
    let_go();
    // An element without focus cannot lose it.
    let _ = element.blur();
}

fn let_go() {
    MEMORY.with_borrow_mut(|memory| memory.last = None);
}

impl Memory {
    fn came_to(&mut self, target: Option<EventTarget>) {
        let Some(element) = target.and_then(|t| t.dyn_into::<Element>().ok()) else { return };
        let held = Held::of(element);
        if !held.over {
            self.under = Some(held.clone());
        }
        self.last = Some(held);
    }
}

/// Moves the focus to the nearest element if its own element disappeared.
fn rescue() {
    let nowhere = dom::document().is_some_and(|d| {
        let active = d.active_element();
        active.is_none_or(|active| d.body().is_some_and(|body| *body == active))
    });
    if !nowhere {
        return;
    }
    let found = MEMORY.with_borrow(|memory| {
        let last = memory.last.as_ref()?;
        // A row that was moved still exists, and has lost the focus all the same.
        last.nearest_in_place().or_else(|| memory.under.as_ref().filter(|_| last.over)?.nearest())
    });
    // The memory learns of the new focus by its own listener.
    if let Some(element) = found {
        let _ = element.unchecked_ref::<HtmlElement>().focus();
    }
}

impl Held {
    fn of(element: Element) -> Self {
        let over = element.closest(OVER).is_ok_and(|found| found.is_some());
        let mut within = Vec::new();
        let mut inner = element.clone();
        while let Some(parent) = inner.parent_element() {
            let children = parent.children();
            let place = (0..children.length()).find(|&i| children.item(i).as_ref() == Some(&inner));
            within.push((parent.clone(), place.unwrap_or(0)));
            inner = parent;
        }
        Self { element, within, over }
    }

    /// The nearest element. For an overlay only the element itself: its place is empty after it
    /// closes.
    fn nearest_in_place(&self) -> Option<Element> {
        if self.over { Some(self.element.clone()).filter(is_usable) } else { self.nearest() }
    }

    /// The element itself; else the one that took its place, or the one before, in the innermost
    /// parent that has a focusable element.
    fn nearest(&self) -> Option<Element> {
        if is_usable(&self.element) {
            return Some(self.element.clone());
        }
        let parents = self.within.iter().filter(|(parent, _)| is_usable(parent));
        parents.into_iter().find_map(|(parent, place)| {
            let children = parent.children();
            let after = (*place..children.length()).filter_map(|i| first(&children.item(i)?));
            let before = (0..*place).rev().filter_map(|i| last(&children.item(i)?));
            let itself = parent.has_attribute("tabindex").then(|| parent.clone());
            after.chain(before).next().or(itself)
        })
    }
}

/// True if the element exists, is visible, and takes the focus.
fn is_usable(element: &Element) -> bool {
    element.is_connected()
        && element.get_client_rects().length() > 0
        && is_visible(element)
        && !element.matches(":disabled").unwrap_or(false)
        && element.closest(FOLDED).is_ok_and(|folded| folded.is_none())
}

/// True unless the element is hidden in its place, as the element of a message that has arrived.
fn is_visible(element: &Element) -> bool {
    let style = web_sys::window().and_then(|w| w.get_computed_style(element).ok()?);
    style.is_some_and(|s| s.get_property_value("visibility").is_ok_and(|v| v == "visible"))
}

fn first(within: &Element) -> Option<Element> {
    tabbable(within).next()
}

fn last(within: &Element) -> Option<Element> {
    tabbable(within).last()
}

/// The elements that Tab reaches inside an element, itself included.
fn tabbable(within: &Element) -> impl Iterator<Item = Element> + use<> {
    let itself = within.matches(TABBABLE).unwrap_or(false).then(|| within.clone());
    let inner = within.query_selector_all(TABBABLE).ok();
    let count = inner.as_ref().map_or(0, web_sys::NodeList::length);
    let inner = (0..count).filter_map(move |i| inner.as_ref()?.get(i)?.dyn_into().ok());
    itself.into_iter().chain(inner).filter(is_usable)
}
