//! The leave to take an alias holds the session that gave it; no other can take it.
use sigma_ris::{AliasGrant, SessionScope};

fn carried(grant: AliasGrant<'_>, to: &mut SessionScope) {
    to.adopt(grant);
}

fn main() {}
