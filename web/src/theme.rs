//! Light and dark: as the system has it, unless the person chose.

/// Where the choice is kept.
const KEY: &str = "quorumscope-theme";

fn root() -> Option<web_sys::Element> {
    web_sys::window()?.document()?.document_element()
}

fn storage() -> Option<web_sys::Storage> {
    // A page whose storage is forbidden has none.
    web_sys::window()?.local_storage().ok()?
}

/// Shows the page as it was chosen earlier.
pub fn restore() {
    let chosen = storage().and_then(|s| s.get_item(KEY).ok()?);
    if let (Some(root), Some(theme)) = (root(), chosen.filter(|t| t == "light" || t == "dark")) {
        let _ = root.set_attribute("data-theme", &theme);
    }
}

/// Shows the page the other way round, and remembers that.
pub fn toggle() {
    let theme = if is_dark() { "light" } else { "dark" };
    if let Some(root) = root() {
        let _ = root.set_attribute("data-theme", theme);
    }
    if let Some(storage) = storage() {
        let _ = storage.set_item(KEY, theme);
    }
}

fn is_dark() -> bool {
    let chosen = root().and_then(|r| r.get_attribute("data-theme"));
    chosen.map_or_else(|| crate::dom::prefers("(prefers-color-scheme: dark)"), |t| t == "dark")
}
