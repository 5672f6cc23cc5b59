//! What must hold for any text, and models from a directory.
#![allow(clippy::unwrap_used)]

mod any_text;
#[cfg(feature = "local")]
mod local_model;
#[cfg(feature = "local")]
mod tiny_models;
