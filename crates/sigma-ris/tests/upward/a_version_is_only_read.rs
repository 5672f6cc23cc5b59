//! What is read of a version cannot be written.
use sigma_ris::AgentVersion;

fn renamed(version: &mut AgentVersion) {
    version.canonical().name = "Star".into();
}

fn main() {}
