//! The memory of the program, and how much of it may be kept for what replaying brings back.
//!
//! WebAssembly's memory never shrinks, and grows only when nothing that is free in it is large enough.
//! So it is looked at whenever something was simulated: where it has grown beyond the budget,
//! something is forgotten, and what comes next finds room in that.

/// Beyond so many bytes the page forgets what replaying brings back.
pub const BUDGET: u32 = 256 << 20;
/// Beyond so many bytes, with nothing left to be forgotten, a run goes on no further. A page never
/// takes more than 512 MB: what is drawn and said of a run needs the rest.
pub const MOST: u32 = 400 << 20;

/// The size of the program's memory, in bytes.
#[must_use]
pub fn size() -> u32 {
    #[cfg(target_arch = "wasm32")]
    {
        use wasm_bindgen::JsCast;
        let memory: js_sys::WebAssembly::Memory = wasm_bindgen::memory().unchecked_into();
        let buffer: js_sys::ArrayBuffer = memory.buffer().unchecked_into();
        buffer.byte_length()
    }
    #[cfg(not(target_arch = "wasm32"))]
    0
}

/// What was seen of the memory when it was looked at last.
#[derive(Clone, Copy, Debug, Default)]
pub struct Watch {
    seen: u32,
}

/// What there is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// Nothing.
    Enough,
    /// Something is to be forgotten.
    Wanted,
    /// If nothing can be forgotten the run cannot go on.
    Needed,
}

impl Watch {
    /// Looks at the memory, which has that many bytes now.
    pub fn look(&mut self, size: u32) -> Room {
        let before = std::mem::replace(&mut self.seen, size);
        match size {
            _ if size <= before => Room::Enough,
            ..=BUDGET => Room::Enough,
            ..=MOST => Room::Wanted,
            _ => Room::Needed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_growth_beyond_the_budget_wants_room() {
        let mut watch = Watch::default();
        assert_eq!(watch.look(BUDGET), Room::Enough);
        assert_eq!(watch.look(BUDGET + 1), Room::Wanted);
        assert_eq!(watch.look(BUDGET + 1), Room::Enough, "it never shrinks");
        assert_eq!(watch.look(MOST + 1), Room::Needed);
        assert_eq!(watch.look(MOST + 1), Room::Enough);
    }
}
