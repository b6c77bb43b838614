//! Tests the product from outside: they serve it, open it in a real browser, and use it there as
//! people, assistive technology and scripts do.
//!
//! The tests themselves are in `tests/`. They rely only on what the page offers to everyone: names
//! of elements, roles, accessible names and `window.quorumscope`. No test looks inside.

pub mod axe;
pub mod browser;
pub mod commands;
pub mod draw;
pub mod driver;
pub mod elements;
pub mod fixture;
pub mod gestures;
pub mod page;
pub mod random_run;
pub mod replay;
pub mod rooms;
pub mod site;
