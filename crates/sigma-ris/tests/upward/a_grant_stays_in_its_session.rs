//! The leave to take an alias holds the session that gave it.
use sigma_ris::{AliasGrant, SessionScope};

fn carried(from: &mut SessionScope, grant: AliasGrant<'_>, to: &mut SessionScope) {
    to.naming().adopt(grant);
    from.naming = to.naming.clone();
}

fn main() {}
