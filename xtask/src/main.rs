//! Everything that is done with this project.

fn main() {}
