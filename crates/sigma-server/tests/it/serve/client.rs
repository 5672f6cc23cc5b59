//! The official OpenAI client for Python against the real program.

use super::provider::Provider;
use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

/// The server as a process of its own, ended with the test.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts the program on a free port and returns its base URL.
fn start(args: &[&str]) -> (Server, String) {
    let folder = std::env::temp_dir();
    let mut child = Command::new(env!("CARGO_BIN_EXE_sigma"))
        .args(["serve", "--bind", "127.0.0.1:0", "--store", "memory"])
        .args(args)
        .current_dir(folder)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stderr.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let server = Server(child);
    let url = line
        .split_whitespace()
        .find(|word| word.starts_with("http://"));
    (
        server,
        url.unwrap_or_else(|| panic!("no address in {line:?}"))
            .into(),
    )
}

/// An interpreter that has the client, `SIGMA_PYTHON` first.
fn python() -> Option<String> {
    let named = std::env::var("SIGMA_PYTHON").ok();
    let candidates = named.into_iter().chain(["python3".into(), "python".into()]);
    candidates.into_iter().find(|python| {
        let probe = Command::new(python).args(["-c", "import openai"]).output();
        probe.is_ok_and(|output| output.status.success())
    })
}

fn check(url: &str, mode: &str) {
    let Some(python) = python() else {
        println!("SKIPPED: no Python with the openai package (set SIGMA_PYTHON)");
        return;
    };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/openai_client/check.py");
    let output = Command::new(python)
        .arg(script)
        .args([url, mode])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{complained}");
}

#[test]
fn the_official_client_talks_to_the_offline_responder() {
    let (_server, url) = start(&[]);
    check(&url, "offline");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_official_client_talks_to_a_provider() {
    let provider = Provider::start().await;
    let upstream = provider.url().to_owned();
    let checked = tokio::task::spawn_blocking(move || {
        let (_server, url) = start(&["--model", &upstream, "--name", "mock-1"]);
        check(&url, "upstream");
    });
    checked.await.unwrap();
}
