//! The crate from outside.

mod proofs;
mod sealing;
mod support;
mod text;
