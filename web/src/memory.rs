//! The memory of the program, and the part of it that may hold data which replaying restores.
//!
//! WebAssembly's memory never shrinks, and grows only if no free block is large enough. Its size is
//! checked after every simulation. If it has grown beyond the budget, data is dropped, and new data
//! finds room there.

/// Beyond this size, in bytes, the page drops data that replaying restores.
pub const BUDGET: u32 = 256 << 20;
/// Beyond this size, in bytes, with nothing left to drop, a run cannot go on. A page never takes
/// more than 512 MB; drawing and explaining a run need the rest.
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

/// The size of the memory at the last check.
#[derive(Clone, Copy, Debug, Default)]
pub struct Watch {
    seen: u32,
}

/// The result of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// There is enough memory.
    Enough,
    /// Data should be dropped.
    Wanted,
    /// Data must be dropped, or the run cannot go on.
    Needed,
}

impl Watch {
    /// Checks the memory, whose present size is `size` bytes.
    pub fn look(&mut self, size: u32) -> Room {
        let before = std::mem::replace(&mut self.seen, size);
        if size <= before.max(BUDGET) {
            Room::Enough
        } else if size <= MOST {
            Room::Wanted
        } else {
            Room::Needed
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
