//! A context menu.

use crate::dom;
use crate::geometry::Anchor;
use crate::px::px;
use crate::stage::menu::{Action, Item};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

/// Id of the element that describes the entries (`aria-describedby`).
const ABOUT: &str = "menu-about";

/// The properties of a menu.
#[derive(PartialEq, Properties)]
pub struct MenuProps {
    /// The title.
    pub title: AttrValue,
    /// A description of the entries, if they need one.
    pub about: Option<AttrValue>,
    /// The entries.
    pub items: Vec<ItemProps>,
    /// The anchor on the page.
    pub at: Anchor,
    /// Called with the action of the chosen entry.
    pub on_choose: Callback<Action>,
    /// Called to close the menu.
    pub on_close: Callback<()>,
}

/// An entry.
pub type ItemProps = Item;

/// A menu: arrow keys move, Enter chooses, Escape closes.
#[component]
pub fn Menu(props: &MenuProps) -> Html {
    let frame = use_node_ref();
    let placed = use_state(|| (props.at, String::from("position:fixed;opacity:0")));
    {
        let (frame, placed, at) = (frame.clone(), placed.clone(), props.at);
        use_effect_with((props.at, props.items.len()), move |_| {
            if let Some(menu) = frame.cast::<Element>() {
                placed.set((at, style(&menu, at)));
                focus(&menu, Some(0));
            }
        });
    }
    let onkeydown = {
        let (frame, close) = (frame.clone(), props.on_close.clone());
        move |e: KeyboardEvent| {
            if let Some(menu) = frame.cast::<Element>() {
                key(&menu, &e, &close);
            }
        }
    };
    let first_question = props.items.iter().position(|item| matches!(item.action, Action::Ask(_)));
    let item = |(place, item): (usize, &Item)| {
        let begins = (place > 0 && first_question == Some(place)).then_some("questions");
        let (choose, action) = (props.on_choose.clone(), item.action.clone());
        let onclick = move |_: MouseEvent| choose.emit(action.clone());
        html! {
            <button key={item.name.to_string()} class={begins} type="button" role="menuitem" tabindex="-1" {onclick}>{ item.name.to_string() }</button>
        }
    };
    html! {
        <div class="menu" role="menu" aria-label={props.title.clone()} aria-describedby={props.about.as_ref().map(|_| ABOUT)} ref={frame} ~style={placed.1.clone()} {onkeydown}>
            <h2 role="presentation">{ &props.title }</h2>
            if let Some(about) = &props.about {
                <p id={ABOUT} role="presentation">{ about }</p>
            }
            { for props.items.iter().enumerate().map(item) }
        </div>
    }
}

/// The style that puts the menu beside its anchor, inside the window.
fn style(menu: &Element, anchor: Anchor) -> String {
    let Anchor { at, reach } = anchor;
    let (width, height) = dom::window_size();
    let (width, height) = (f64::from(width), f64::from(height));
    let rect = menu.get_bounding_client_rect();
    let (w, h) = (rect.width(), rect.height());
    let gap = reach + 8.0;
    let beside = at.x + gap;
    let left = if beside + w > width - 8.0 { at.x - gap - w } else { beside };
    let left = left.clamp(8.0, (width - w - 8.0).max(8.0));
    let top = (at.y - 60.0).clamp(8.0, (height - h - 8.0).max(8.0));
    format!("position:fixed;left:{}px;top:{}px", px(left), px(top))
}

fn entries(menu: &Element) -> Vec<HtmlElement> {
    let Ok(all) = menu.query_selector_all("[role=menuitem]") else { return Vec::new() };
    (0..all.length()).filter_map(|i| all.get(i)?.dyn_into().ok()).collect()
}

fn focus(menu: &Element, place: Option<usize>) {
    let entries = entries(menu);
    if let Some(entry) = entries.get(place.unwrap_or(entries.len().saturating_sub(1))) {
        let _ = entry.focus();
    }
}

fn key(menu: &Element, e: &KeyboardEvent, close: &Callback<()>) {
    let entries = entries(menu);
    let active = web_sys::window().and_then(|w| w.document()?.active_element());
    let now = entries.iter().position(|el| active.as_ref().is_some_and(|a| a == el.as_ref()));
    let count = entries.len().max(1);
    match e.key().as_str() {
        "ArrowDown" => focus(menu, Some(now.map_or(0, |i| (i + 1) % count))),
        "ArrowUp" => focus(menu, Some(now.map_or(0, |i| (i + count - 1) % count))),
        "Home" => focus(menu, Some(0)),
        "End" => focus(menu, None),
        "Escape" | "Tab" => close.emit(()),
        _ => return,
    }
    e.prevent_default();
    e.stop_propagation();
}
