//! Canonical identity is sealed.
use sigma_ris::{AgentVersion, CanonicalIdentity};

fn main() {
    let mut version = AgentVersion::seal(CanonicalIdentity::default()).unwrap();
    version.canonical.name = "Star".into();
}
