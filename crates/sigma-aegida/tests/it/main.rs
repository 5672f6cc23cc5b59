//! The safety kernel as a runtime sees it.
#![allow(clippy::unwrap_used)]

mod boundaries;
mod collapse;
mod disclosure;
mod isolation;
mod ledger;
mod properties;
mod safe_mode;
mod support;
