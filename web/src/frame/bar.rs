//! The tab list of a dock, and the button that opens and closes the dock.

use super::row::Row;
use super::{Change, Dock};
use crate::dom;
use crate::icons;
use crate::panels::Tab;
use crate::still::{Drawn, still};
use yew::prelude::*;

/// The input of a tab list's drawing.
#[derive(PartialEq)]
pub struct Bar {
    /// The dock.
    pub dock: Dock,
    /// The panels, from left to right.
    pub tabs: Vec<Tab>,
    /// The selected panel, even while the dock is closed.
    pub tab: Option<Tab>,
    /// True if the dock is open.
    pub open: bool,
    /// True if the dock has its button here, and not in the header.
    pub foldable: bool,
    /// Called with the panel that the user selects.
    pub on_tab: Callback<Tab>,
    /// Called to open or close the dock.
    pub on_change: Callback<(Dock, Change)>,
}

impl Drawn for Bar {
    fn draw(&self) -> Html {
        let one = |tab: &Tab| {
            let (tab, selected) = (*tab, self.tab == Some(*tab));
            let on = self.on_tab.clone();
            let id = id(tab);
            let [head, middle, tail] = tab.parts();
            html! {
                <button key={tab.name()} {id} type="button" role="tab" aria-controls={panel_id(self.dock)}
                    aria-selected={selected.to_string()} tabindex={if selected { "0" } else { "-1" }}
                    title={tab.name()} onclick={move |_| on.emit(tab)}>{ head }<span class="spare">{ middle }</span>{ tail }</button>
            }
        };
        let (tabs, now, on) = (self.tabs.clone(), self.tab, self.on_tab.clone());
        let onkeydown = move |e: KeyboardEvent| {
            if let Some(next) = beside(&tabs, now, &e.key()) {
                e.prevent_default();
                on.emit(next);
                dom::focus(&format!("#{}", id(next)));
            }
        };
        html! {
            <div class="bar">
                <Row name={self.dock.name()} chosen={self.tab.map_or_else(String::new, id)} onkeydown={Callback::from(onkeydown)}>{ for self.tabs.iter().map(one) }</Row>
                <div>{ for self.foldable.then(|| still(Toggle { dock: self.dock, lies: true, open: self.open, on_change: self.on_change.clone() })) }</div>
            </div>
        }
    }
}

fn id(tab: Tab) -> String {
    format!("tab-{}", tab.name())
}

/// The id of a dock's panel element.
#[must_use]
pub fn panel_id(dock: Dock) -> &'static str {
    match dock {
        Dock::Side => "panel",
        Dock::Bottom => "lower-panel",
    }
}

/// The tab that a key moves to.
fn beside(tabs: &[Tab], now: Option<Tab>, key: &str) -> Option<Tab> {
    let place = tabs.iter().position(|t| Some(*t) == now).unwrap_or(0);
    let count = tabs.len();
    let next = match key {
        "ArrowRight" => (place + 1) % count.max(1),
        "ArrowLeft" => (place + count.saturating_sub(1)) % count.max(1),
        "Home" => 0,
        "End" => count.saturating_sub(1),
        _ => return None,
    };
    tabs.get(next).copied()
}

/// The button that opens and closes a dock.
#[derive(PartialEq)]
pub struct Toggle {
    /// The dock.
    pub dock: Dock,
    /// True if the dock lies under the stage.
    pub lies: bool,
    /// True if the dock is open.
    pub open: bool,
    /// Called when the button is pressed.
    pub on_change: Callback<(Dock, Change)>,
}

impl Drawn for Toggle {
    fn draw(&self) -> Html {
        let (dock, name) = (self.dock, self.dock.name());
        let title =
            format!("{} {}", if self.open { "Hide" } else { "Show" }, name.to_ascii_lowercase());
        let onclick = self.on_change.reform(move |_: MouseEvent| (dock, Change::Toggle));
        html! {
            <button type="button" class="icon toggle" aria-label={name} {title}
                aria-expanded={self.open.to_string()} aria-controls={dock.id()} {onclick}>{ icons::dock(self.lies, self.open) }</button>
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_name_are_the_name() {
        for (tab, name, _) in Tab::ALL {
            assert_eq!(tab.parts().concat(), *name);
        }
    }

    #[test]
    fn arrows_go_round() {
        let all: Vec<Tab> = Tab::ALL.iter().map(|(tab, ..)| *tab).collect();
        let (first, last) = (all[0], all[all.len() - 1]);
        assert_eq!(beside(&all, Some(first), "ArrowLeft"), Some(last));
        assert_eq!(beside(&all, Some(last), "ArrowRight"), Some(first));
        assert_eq!(beside(&all, Some(first), "End"), Some(last));
        assert_eq!(beside(&all, Some(last), "Home"), Some(first));
        assert_eq!(beside(&all, Some(last), "Enter"), None);
        assert_eq!(beside(&[], None, "ArrowRight"), None);
    }
}
