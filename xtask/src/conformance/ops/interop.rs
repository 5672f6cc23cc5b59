//! The exchange between runtimes.

mod phase;
mod sealing;
mod standing;

pub(super) use phase::{commands, federation, stream};
pub(super) use sealing::{read, seal, verify};
pub(super) use standing::{gate, negotiation, version};
