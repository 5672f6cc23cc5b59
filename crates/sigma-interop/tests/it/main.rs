//! The crate from outside.

mod documents;
mod proofs;
mod sealing;
mod standing;
mod support;
mod text;
