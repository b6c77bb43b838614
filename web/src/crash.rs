//! The page after a panic: it says so, and shows the link of the run.

use crate::kept;
use gloo_events::EventListener;
use js_sys::Reflect;
use std::cell::{Cell, RefCell};

thread_local! {
    static LINK: RefCell<String> = const { RefCell::new(String::new()) };
    static SHOWN: Cell<bool> = const { Cell::new(false) };
}

/// Stores the link of the present run.
pub fn remember(link: String) {
    LINK.with_borrow_mut(|l| *l = link);
}

/// Shows the page after a panic, and after any other end of the program, such as a lack of memory.
/// Yew sets a panic hook of its own unless it gets another.
pub fn install() {
    yew::set_custom_panic_hook(Box::new(|info| show_once(&info.to_string())));
    let Some(window) = web_sys::window() else { return };
    // The listener lives as long as the page.
    EventListener::new(&window, "error", |event| {
        let error = Reflect::get(event, &"error".into()).unwrap_or_default();
        let name = Reflect::get(&error, &"name".into()).ok().and_then(|name| name.as_string());
        if name.as_deref() == Some("RuntimeError") {
            let message = Reflect::get(&error, &"message".into()).ok().and_then(|m| m.as_string());
            let why = message.unwrap_or_default();
            show_once(&format!("{why} (there may have been no memory left)"));
        }
    })
    .forget();
}

fn show_once(what: &str) {
    if !SHOWN.replace(true) {
        kept::forget_here();
        show(what);
    }
}

/// Shows the page. The program must not be called any more, because it ended in the middle of
/// something. Old elements are therefore hidden and not removed, which would call it.
fn show(what: &str) {
    let link = LINK.try_with(|l| l.try_borrow().map(|l| l.clone()).unwrap_or_default());
    let link = link.unwrap_or_default();
    let Some(document) = web_sys::window().and_then(|w| w.document()) else { return };
    let make = |name: &str, text: &str| {
        let element = document.create_element(name).ok()?;
        element.set_text_content(Some(text));
        Some(element)
    };
    let (Some(body), Some(page)) = (document.body(), make("main", "")) else { return };
    page.set_class_name("crash");
    let anchor = make("a", &link);
    if let Some(anchor) = &anchor {
        let _ = anchor.set_attribute("href", &link);
    }
    let sorry = "This is an error in Quorumscope. The run that led to it is not lost: here is its \
                 link. Please report it together with the lines below.";
    let parts =
        [make("h1", "Quorumscope has stopped"), make("p", sorry), anchor, make("pre", what)];
    for part in parts.into_iter().flatten() {
        let _ = page.append_child(&part);
    }
    let _ = page.set_attribute("role", "alert");
    let old = body.children();
    for element in (0..old.length()).filter_map(|i| old.item(i)) {
        let _ = element.set_attribute("hidden", "");
        let _ = element.set_attribute("inert", "");
        let _ = element.set_attribute("style", "display:none");
    }
    let _ = body.append_child(&page);
}
