//! The product from outside: see `tests/`.
