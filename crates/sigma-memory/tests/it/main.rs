//! What memory promises, tried from outside.
#![allow(missing_docs, clippy::unwrap_used)]

mod chain;
mod common;
mod echoes;
mod recall;
mod recovery;
