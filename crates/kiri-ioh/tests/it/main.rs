//! The handshake as its users meet it.
#![allow(clippy::unwrap_used)]

mod ledger;
mod model;
mod order;
mod peer;
mod phases;
