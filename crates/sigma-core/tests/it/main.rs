//! The loop from outside.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod commands;
mod common;
mod context;
mod cycles;
#[cfg(feature = "openai")]
mod openai;
mod relation;
mod vanishing;
