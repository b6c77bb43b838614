//! Code that is loaded after the first picture: a second module of the program.
//!
//! A room whose code is not needed for the first picture keeps it behind a table of function pointers,
//! declared with [`late!`]. In a build with the feature `split` the table is empty until the second
//! module has come and fills it; in every other build it is always there, and nothing waits.

/// Declares the table of a room, once in a module: `get` gives it when it is there, and `install`,
/// which the second module calls, puts it there. Whoever calls `install` alone refers to the functions;
/// so the linker's output can be cut between the two.
macro_rules! late {
    ($table:ty = $functions:expr) => {
        thread_local! {
            static TABLE: std::cell::Cell<Option<$table>> = const { std::cell::Cell::new(None) };
        }

        /// The functions, when they are there.
        pub fn get() -> Option<$table> {
            if cfg!(feature = "split") { TABLE.get() } else { Some($functions) }
        }

        /// Puts the functions in their place.
        pub fn install() {
            // The compiler must not see that no other table is ever put there: it would call the
            // functions by name, and the cut would find them needed from the beginning.
            TABLE.set(Some(std::hint::black_box($functions)));
        }
    };
}

pub(crate) use late;

use std::cell::{Cell, RefCell};

type Waiting = Box<dyn FnOnce()>;

thread_local! {
    static HERE: Cell<bool> = const { Cell::new(!cfg!(feature = "split")) };
    static WAITING: RefCell<Vec<Waiting>> = const { RefCell::new(Vec::new()) };
}

/// Whether the second module is there.
#[must_use]
pub fn is_here() -> bool {
    HERE.get()
}

/// Calls `f` as soon as the second module is there: now, or after those that wait already.
pub fn when_here(f: impl FnOnce() + 'static) {
    if is_here() {
        f();
    } else {
        WAITING.with_borrow_mut(|waiting| waiting.push(Box::new(f)));
    }
}

/// The second module is there: those that wait are called.
pub fn arrived() {
    HERE.set(true);
    WAITING.take().into_iter().for_each(|f| f());
}
