//! The theme: light or dark, as the system has it unless the user chose.

use crate::dom;

/// The key of the choice in local storage.
const KEY: &str = "quorumscope-theme";

fn root() -> Option<web_sys::Element> {
    web_sys::window()?.document()?.document_element()
}

/// Applies the stored choice.
pub fn restore() {
    let chosen = dom::remembered(KEY);
    if let (Some(root), Some(theme)) = (root(), chosen.filter(|t| t == "light" || t == "dark")) {
        let _ = root.set_attribute("data-theme", &theme);
    }
}

/// Changes to the other theme, and stores that.
pub fn toggle() {
    let theme = if is_dark() { "light" } else { "dark" };
    if let Some(root) = root() {
        let _ = root.set_attribute("data-theme", theme);
    }
    dom::remember(KEY, theme);
}

fn is_dark() -> bool {
    let chosen = root().and_then(|r| r.get_attribute("data-theme"));
    chosen.map_or_else(|| dom::prefers("(prefers-color-scheme: dark)"), |t| t == "dark")
}
