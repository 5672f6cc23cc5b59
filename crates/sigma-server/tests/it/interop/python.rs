//! The example in Python, against the real program.

use super::processes::Server;
use std::{path::Path, process::Command};
use tempfile::TempDir;

const PACKAGES: &str = "import cryptography, http_message_signatures, jwt, requests, rfc8785";

/// An interpreter that has the libraries, `SIGMA_PYTHON` first.
fn python() -> Option<String> {
    let named = std::env::var("SIGMA_PYTHON").ok();
    let candidates = named.into_iter().chain(["python3".into(), "python".into()]);
    candidates.into_iter().find(|python| {
        let probe = Command::new(python).args(["-c", PACKAGES]).output();
        probe.is_ok_and(|output| output.status.success())
    })
}

#[test]
fn a_peer_in_python_walks_the_handshake() {
    let Some(python) = python() else {
        println!(
            "SKIPPED: no Python with the packages of docs/examples/requirements.txt (set SIGMA_PYTHON)"
        );
        return;
    };
    let folder = TempDir::new().unwrap();
    let server = Server::start(folder.path());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/examples/handshake.py");
    let output = Command::new(python)
        .arg(script)
        .arg(server.url())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{complained}");
    assert!(said.contains("sealed for good"), "{said}");
}
