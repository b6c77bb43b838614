//! Should the program ever panic: a page that says so, and the link of the run.

use crate::kept;
use std::cell::{Cell, RefCell};

thread_local! {
    static LINK: RefCell<String> = const { RefCell::new(String::new()) };
    static SHOWN: Cell<bool> = const { Cell::new(false) };
}

/// Remembers the link of the run as it is now.
pub fn remember(link: String) {
    LINK.with_borrow_mut(|l| *l = link);
}

/// From now on a panic shows its page. Yew sets a hook of its own unless it is told of another.
pub fn install() {
    yew::set_custom_panic_hook(Box::new(|info| {
        kept::forget_here();
        if !SHOWN.replace(true) {
            show(&info.to_string());
        }
    }));
}

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
    body.set_inner_html("");
    for part in parts.into_iter().flatten() {
        let _ = page.append_child(&part);
    }
    let _ = page.set_attribute("role", "alert");
    let _ = body.append_child(&page);
}
