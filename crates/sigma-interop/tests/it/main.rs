//! The crate from outside.
#![allow(clippy::unwrap_used)]

mod documents;
mod proofs;
mod sealing;
mod standing;
mod support;
mod text;
