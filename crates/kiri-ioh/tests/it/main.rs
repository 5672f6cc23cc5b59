//! The handshake as its users meet it.
#![allow(clippy::unwrap_used)]

mod guard;
mod ledger;
mod model;
mod order;
mod peer;
mod phases;
mod treaties;
