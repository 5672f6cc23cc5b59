//! What holds for any dialogue, and what calm and lost answers look like from outside.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::format_collect, reason = "test texts are small")]

mod dialogue;
mod hostile;
mod postures;
