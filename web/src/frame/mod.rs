//! The frame: the open panels, their docks, and the sizes of the docks.
//!
//! The side dock is beside the stage, the bottom dock under it. A narrow page has one sheet with
//! all panels instead. The user's choices are stored for the next visit.

mod bar;
mod kept;
mod row;
mod splitter;

pub use bar::{Bar, Toggle, panel_id};
pub use splitter::Splitter;

use crate::dom;
use crate::panels::Tab;
use kept::Kept;
use std::fmt::Write;

/// The key of the choices in local storage.
const KEY: &str = "quorumscope-frame";
/// Up to this width, in CSS pixels, there is one sheet under the stage. The style sheets have the
/// same number.
const NARROW: u16 = 760;
/// Up to this height a page is low: a phone on its side, an embed, a page at 200 %.
const LOW: u16 = 480;
/// From this height on, in CSS pixels, the bottom dock is open by default.
const TALL: u16 = 900;
/// The height of header and transport, in CSS pixels.
const HEAD_AND_FOOT: u16 = 156;
/// The same on a narrow page.
const NARROW_HEAD_AND_FOOT: u16 = 174;
/// The least width and height of the headline and the stage, in CSS pixels.
const LEAST_STAGE: (u16, u16) = (360, 320);
/// The distance that an arrow key moves a splitter, in CSS pixels.
const KEY_STEP: i32 = 24;

/// A place for panels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dock {
    /// Beside the stage; on a narrow page, the sheet under it.
    Side,
    /// Under the stage.
    Bottom,
}

impl Dock {
    /// Both docks.
    pub const ALL: [Self; 2] = [Self::Side, Self::Bottom];

    /// The id of its element.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Side => "side",
            Self::Bottom => "bottom",
        }
    }

    /// The name for assistive technology.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Side => "Panels",
            Self::Bottom => "Panels under the stage",
        }
    }
}

/// A change of a dock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Open it, or close it.
    Toggle,
    /// Set its size, in pixels.
    To(i32),
    /// Enlarge it by a number of key steps.
    By(i32),
    /// Set its default size.
    Reset,
}

/// The size of a dock and its bounds, in CSS pixels: its width beside the stage, its height under
/// it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// The present size.
    pub now: u16,
    /// The least size.
    pub least: u16,
    /// The greatest size.
    pub most: u16,
}

/// The open panels and the sizes of the docks.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    /// The width and height of the window, in CSS pixels.
    window: (u16, u16),
    /// True if several clusters stand side by side. The docks then leave more room to them.
    several: bool,
    /// True if the page is embedded, without panels.
    embedded: bool,
    /// The docks that were opened on a low page. They are not remembered: elsewhere there is room.
    open_when_low: [bool; 2],
    kept: Kept,
    side: Tab,
    bottom: Option<Tab>,
}

impl Frame {
    /// The frame as the user left it.
    #[must_use]
    pub fn remembered(embedded: bool) -> Self {
        let kept = dom::remembered(KEY).map(|text| Kept::read(&text)).unwrap_or_default();
        let (side, bottom) = (Tab::default(), Tab::of(Dock::Bottom).next());
        let window = dom::window_size();
        Self { window, several: false, embedded, open_when_low: [false; 2], kept, side, bottom }
    }

    const fn is_low(&self) -> bool {
        self.window.1 <= LOW
    }

    /// Measures the window. True if its size changed.
    pub fn measure(&mut self) -> bool {
        std::mem::replace(&mut self.window, dom::window_size()) != self.window
    }

    /// Sets whether several clusters stand side by side.
    pub fn set_several(&mut self, several: bool) {
        self.several = several;
    }

    /// True if there is one sheet for all panels.
    #[must_use]
    pub const fn is_narrow(&self) -> bool {
        self.window.0 <= NARROW
    }

    /// True if a dock exists, open or closed.
    #[must_use]
    pub fn has(&self, dock: Dock) -> bool {
        !self.embedded && self.tabs(dock).next().is_some()
    }

    /// True if a dock is open.
    #[must_use]
    pub fn is_open(&self, dock: Dock) -> bool {
        let tall = self.window.1 >= TALL;
        self.has(dock)
            && match dock {
                _ if self.is_low() => self.open_when_low[dock as usize],
                Dock::Side => self.kept.side_open.unwrap_or(true),
                // Stages that stand side by side need its room.
                Dock::Bottom => self.kept.bottom_open.unwrap_or(tall && !self.several),
            }
    }

    /// The panels of a dock, from left to right.
    pub fn tabs(&self, dock: Dock) -> impl Iterator<Item = Tab> + use<> {
        let narrow = self.is_narrow();
        let all = Tab::ALL.iter().map(|(tab, ..)| *tab);
        all.filter(move |tab| if narrow { dock == Dock::Side } else { tab.dock() == dock })
    }

    /// The panel that a dock shows, or would show if it were open.
    #[must_use]
    pub fn chosen(&self, dock: Dock) -> Option<Tab> {
        let wanted = if dock == Dock::Side { Some(self.side) } else { self.bottom };
        let is_here = |tab: &Tab| self.tabs(dock).any(|t| t == *tab);
        wanted.filter(is_here).or_else(|| self.tabs(dock).next())
    }

    /// The panel that an open dock shows.
    #[must_use]
    pub fn shown(&self, dock: Dock) -> Option<Tab> {
        self.chosen(dock).filter(|_| self.is_open(dock))
    }

    /// True if the sheet shows a panel that belongs to the bottom dock. It needs more room.
    #[must_use]
    pub fn is_picture(&self) -> bool {
        self.is_narrow() && self.chosen(Dock::Side).is_some_and(|tab| tab.dock() == Dock::Bottom)
    }

    /// True if a panel is visible. Panels that are not visible are not computed.
    #[must_use]
    pub fn shows(&self, tab: Tab) -> bool {
        Dock::ALL.iter().any(|&dock| self.shown(dock) == Some(tab))
    }

    /// Selects a panel, and opens its dock.
    pub fn show(&mut self, tab: Tab) {
        if !self.is_narrow() && tab.dock() == Dock::Bottom {
            self.bottom = Some(tab);
            self.open(Dock::Bottom, true);
        } else {
            self.side = tab;
            self.open(Dock::Side, true);
        }
    }

    /// Makes the console visible. It stands at the foot of the side dock, except under the diagram
    /// on a narrow page.
    pub fn show_console(&mut self) {
        if self.is_picture() {
            self.side = Tab::default();
        }
        self.open(Dock::Side, true);
    }

    /// Opens or closes a dock.
    pub fn open(&mut self, dock: Dock, open: bool) {
        if self.is_open(dock) != open {
            match dock {
                _ if self.is_low() => return self.open_when_low[dock as usize] = open,
                Dock::Side => self.kept.side_open = Some(open),
                Dock::Bottom => self.kept.bottom_open = Some(open),
            }
            self.keep();
        }
    }

    /// Changes a dock.
    pub fn change(&mut self, dock: Dock, change: Change) {
        let Extent { now, least, most } = self.extent(dock);
        let within = |px: i32| Some(px.clamp(least.into(), most.into()) as u16);
        let size = match change {
            Change::Toggle => return self.open(dock, !self.is_open(dock)),
            Change::To(px) => within(px),
            Change::By(steps) => within(i32::from(now) + steps * KEY_STEP),
            Change::Reset => None,
        };
        match (dock, self.is_narrow()) {
            (Dock::Side, true) => self.kept.sheet = size,
            (Dock::Side, false) => self.kept.side = size,
            (Dock::Bottom, _) => self.kept.bottom = size,
        }
        self.keep();
    }

    /// The size of a dock and its bounds.
    #[must_use]
    pub fn extent(&self, dock: Dock) -> Extent {
        let (w, h) = self.window;
        let (least, own, wanted, room) = match (dock, self.is_narrow()) {
            (Dock::Side, false) => {
                let own = (u32::from(w) * 285 / 1000).clamp(320, 560) as u16;
                (260, own, self.kept.side, w.saturating_sub(LEAST_STAGE.0))
            }
            (Dock::Side, true) => {
                let own = match (self.is_picture(), self.several) {
                    (true, _) => (h / 8 * 3).max(150),
                    (false, true) => 168,
                    (false, false) => (h / 25 * 7).max(150),
                };
                let taken = NARROW_HEAD_AND_FOOT + LEAST_STAGE.1;
                (150, own, self.kept.sheet, h.saturating_sub(taken))
            }
            (Dock::Bottom, _) => {
                let taken = HEAD_AND_FOOT + LEAST_STAGE.1;
                (110, (h / 10 * 3).max(180), self.kept.bottom, h.saturating_sub(taken))
            }
        };
        let most = room.max(least);
        Extent { now: wanted.unwrap_or(own).clamp(least, most), least, most }
    }

    /// The sizes as CSS custom properties.
    #[must_use]
    pub fn style(&self) -> String {
        let mut style = String::new();
        for dock in Dock::ALL {
            // Writing to a string cannot fail.
            let _ = write!(style, "--{}:{}px;", dock.id(), self.extent(dock).now);
        }
        style
    }

    fn keep(&self) {
        dom::remember(KEY, &self.kept.to_string());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(w: u16, h: u16) -> Frame {
        let (kept, side) = (Kept::default(), Tab::default());
        let bottom = Tab::of(Dock::Bottom).next();
        Frame {
            window: (w, h),
            several: false,
            embedded: false,
            open_when_low: [false; 2],
            kept,
            side,
            bottom,
        }
    }

    #[test]
    fn the_stage_keeps_its_place_however_the_docks_are_pulled() {
        for (w, h) in [(1280, 720), (1920, 1080), (800, 600), (360, 740), (761, 500)] {
            let mut frame = frame(w, h);
            for dock in Dock::ALL {
                frame.kept.side = Some(u16::MAX);
                frame.kept.sheet = Some(u16::MAX);
                let Extent { now, least, most } = frame.extent(dock);
                assert!(least <= now && now <= most, "{w} {h} {dock:?}");
            }
            if w > NARROW {
                assert!(frame.extent(Dock::Side).now + LEAST_STAGE.0 <= w, "{w} {h}");
            }
        }
    }

    #[test]
    fn a_narrow_page_has_one_dock_with_all_panels() {
        let frame = frame(390, 844);
        assert_eq!(frame.tabs(Dock::Side).count(), Tab::ALL.len());
        assert!(!frame.has(Dock::Bottom));
    }

    #[test]
    fn a_hidden_panel_is_not_shown() {
        let mut frame = frame(1280, 720);
        assert!(frame.shows(Tab::Node));
        frame.kept.side_open = Some(false);
        assert!(!frame.shows(Tab::Node));
        assert_eq!(frame.chosen(Dock::Side), Some(Tab::Node));
    }

    #[test]
    fn several_stages_have_the_room_under_them_until_somebody_says_otherwise() {
        let mut frame = frame(1920, 1080);
        assert!(frame.is_open(Dock::Bottom));
        frame.set_several(true);
        assert!(!frame.is_open(Dock::Bottom));
        frame.kept.bottom_open = Some(true);
        assert!(frame.is_open(Dock::Bottom));
    }

    #[test]
    fn a_low_page_shows_its_panels_only_when_they_are_asked_for() {
        let mut frame = frame(740, 360);
        frame.kept.side_open = Some(true);
        assert!(!frame.is_open(Dock::Side));
        frame.change(Dock::Side, Change::Toggle);
        assert!(frame.is_open(Dock::Side));
        frame.window = (390, 844);
        frame.kept.side_open = Some(false);
        assert!(!frame.is_open(Dock::Side), "elsewhere it is as it was left");
    }

    #[test]
    fn an_embedded_page_has_no_panels() {
        let mut frame = frame(1280, 720);
        frame.embedded = true;
        assert!(Dock::ALL.iter().all(|&dock| !frame.has(dock) && !frame.is_open(dock)));
    }
}
