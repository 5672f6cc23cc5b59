//! An order to rebind comes from a sealed version only.
use sigma_ris::{Rebind, VersionId};
use sigma_types::Hash256;

fn main() {
    let _ = Rebind {
        version: VersionId(Hash256::ZERO),
        name: "Star".into(),
    };
}
