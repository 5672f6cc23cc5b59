//! The store as a runtime, an operator and an accident see it.
#![allow(clippy::unwrap_used)]

mod audit;
mod contract;
mod damage;
mod interop;
mod kill;
mod open;
mod processes;
mod support;
