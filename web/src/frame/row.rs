//! A tab list that scrolls if it is too long. It then fades at the end that goes on, and has two
//! arrow buttons for the pointer; keys and assistive technology do not need them.

use crate::icons;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, ResizeObserver};
use yew::prelude::*;

/// The properties of a tab list.
#[derive(PartialEq, Properties)]
pub struct RowProps {
    /// The name for assistive technology.
    pub name: &'static str,
    /// The id of the selected tab, which is scrolled into view.
    pub chosen: AttrValue,
    /// Called with key presses.
    pub onkeydown: Callback<KeyboardEvent>,
    /// The tabs.
    pub children: Html,
}

/// The hidden width, in pixels, from which the list counts as scrollable.
const SLACK: i32 = 4;
/// The width of the next tab that stays visible beside the selected one, in pixels.
const NEXT: f64 = 24.0;

/// True if the list goes on to the left, and to the right.
type More = (bool, bool);

/// The component of a tab list.
#[component]
pub fn Row(props: &RowProps) -> Html {
    let row = use_node_ref();
    let more = use_state_eq(More::default);
    let look = {
        let (row, more) = (row.clone(), more.setter());
        Callback::from(move |()| {
            if let Some(row) = row.cast::<Element>() {
                more.set(more_of(&row));
            }
        })
    };
    {
        let (row, look) = (row.clone(), look.clone());
        use_effect_with((), move |()| {
            let watched = Closure::<dyn FnMut()>::new(move || look.emit(()));
            let observer = ResizeObserver::new(watched.as_ref().unchecked_ref()).ok();
            if let (Some(observer), Some(row)) = (&observer, row.cast::<Element>()) {
                observer.observe(&row);
            }
            move || {
                if let Some(observer) = observer {
                    observer.disconnect();
                }
                drop(watched);
            }
        });
    }
    {
        let (row, look) = (row.clone(), look.clone());
        use_effect_with(props.chosen.clone(), move |chosen| {
            if let Some(row) = row.cast::<Element>() {
                bring_into_sight(&row, chosen);
            }
            look.emit(());
        });
    }
    let (left, right) = *more;
    let is_long = left || right;
    let edge = |path: &'static str, there: bool, way: i32| {
        let row = row.clone();
        let onclick = move |_: MouseEvent| {
            if let Some(row) = row.cast::<Element>() {
                row.set_scroll_left(row.scroll_left() + way * row.client_width() * 2 / 3);
            }
        };
        // Not a `button`, since the keyboard does not need it. Both arrows keep their places, so
        // that nothing moves under the pointer.
        html! {
            <div class={classes!("edge", (!there).then_some("off"))} hidden={!is_long} aria-hidden="true" {onclick}>{ icons::stroke(path) }</div>
        }
    };
    html! {
        <div class="row">
            <div class={classes!("tabs", left.then_some("before"), right.then_some("after"))} role="tablist" aria-label={props.name} ref={row.clone()}
                onkeydown={props.onkeydown.clone()} onscroll={look.reform(|_: Event| ())}>{ props.children.clone() }</div>
            { edge(icons::BACK, left, -1) }
            { edge(icons::FORWARD, right, 1) }
        </div>
    }
}

fn more_of(row: &Element) -> More {
    let (at, hidden) = (row.scroll_left(), row.scroll_width() - row.client_width());
    (at > SLACK, at < hidden - SLACK)
}

fn bring_into_sight(row: &Element, id: &str) {
    let tab = row.query_selector(&format!("#{id}")).ok().flatten();
    let Some(tab) = tab else { return };
    let (tab, seen) = (tab.get_bounding_client_rect(), row.get_bounding_client_rect());
    let before = tab.left() - seen.left() - NEXT;
    let after = tab.right() - seen.right() + NEXT;
    let by = if before < 0.0 { before } else { after.max(0.0) };
    if by != 0.0 {
        row.set_scroll_left(row.scroll_left() + by as i32);
    }
}
