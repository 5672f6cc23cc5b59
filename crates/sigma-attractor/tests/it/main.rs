//! The crate from outside.

mod dialogue;
mod hindsight;
mod registry;
