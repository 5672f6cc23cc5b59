//! Integration tests, one binary.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod matrix;
mod release;
mod scopes;
mod upward;
mod validator;
