//! `bench(name)`: figures that are measured from inside, for the harness.

use super::Given;
use super::object::Args;

/// Measures the figure of that name.
pub fn bench(args: &Args) -> Given {
    let name = args.get(0).as_string().unwrap_or_default();
    Err(format!("there is no figure named {name}"))
}
