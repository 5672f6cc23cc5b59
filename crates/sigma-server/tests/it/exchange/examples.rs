//! The examples in Python and Node, against the real program.

use super::world::{ENOUGH, Recorded, Runtime};
use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

const PACKAGES: &str = "import blake3, cryptography, jsonschema, jwt, requests, rfc8785";

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/examples")
}

/// An interpreter that has the libraries, `SIGMA_PYTHON` first.
fn python() -> Option<Command> {
    let named = std::env::var("SIGMA_PYTHON").ok();
    let candidates = named.into_iter().chain(["python3".into(), "python".into()]);
    let found = candidates.into_iter().find(|python| {
        let probe = Command::new(python).args(["-c", PACKAGES]).output();
        probe.is_ok_and(|output| output.status.success())
    });
    let mut command = Command::new(found?);
    command.arg(examples().join("exchange.py"));
    Some(command)
}

/// Node, and a copy of the script beside the libraries in `SIGMA_NODE_MODULES` where it names them.
fn node(folder: &Path) -> Option<Command> {
    let version = Command::new("node").arg("--version").output().ok()?;
    let major = String::from_utf8(version.stdout).ok()?;
    let major: u32 = major
        .trim()
        .strip_prefix('v')?
        .split('.')
        .next()?
        .parse()
        .ok()?;
    let named = std::env::var_os("SIGMA_NODE_MODULES").map(PathBuf::from);
    let modules = named.unwrap_or_else(|| examples().join("node_modules"));
    if major < 20 || !modules.join("canonicalize").is_dir() {
        return None;
    }
    // libraries are looked for beside the script
    let docs = folder.join("docs/examples");
    std::fs::create_dir_all(&docs).unwrap();
    std::fs::copy(examples().join("exchange.mjs"), docs.join("exchange.mjs")).unwrap();
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(modules, docs.join("node_modules")).unwrap();
        let schemas = examples().join("../../schemas");
        std::os::unix::fs::symlink(schemas, folder.join("schemas")).unwrap();
    }
    let mut command = Command::new("node");
    command.arg(docs.join("exchange.mjs"));
    Some(command)
}

async fn walked(command: impl Fn() -> Command, key: &Path) {
    let server = Runtime::start();
    server.take_in("s", &Recorded::harbour(), ENOUGH).await;
    let run = |argument: &str| -> Output {
        let mut command = command();
        command.arg(argument).env("SIGMA_EXAMPLE_KEY", key);
        command.output().unwrap()
    };
    let id = String::from_utf8(run("id").stdout).unwrap();
    let mut args = vec!["peer", "add"];
    args.extend(id.split_whitespace());
    args.extend(["--grant", "state,memory"]);
    server.told(&args);
    let url = server.url.clone();
    let output = run(&url);
    let said = String::from_utf8_lossy(&output.stdout);
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{complained}");
    for step in [
        "1  the runtime",
        "2  settled: full",
        "3  a packet",
        "4  a packet of ours",
        "5  a memory",
        "6  a frame",
    ] {
        assert!(said.contains(step), "{step}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_runtime_in_python_takes_part() {
    if python().is_none() {
        println!(
            "SKIPPED: no Python with the packages of docs/examples/requirements.txt (set SIGMA_PYTHON)"
        );
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    walked(|| python().unwrap(), &folder.path().join("key.json")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_runtime_in_node_takes_part() {
    let folder = tempfile::tempdir().unwrap();
    if node(folder.path()).is_none() {
        println!(
            "SKIPPED: no Node 20 with the packages of docs/examples/package.json (set SIGMA_NODE_MODULES)"
        );
        return;
    }
    let script = folder.path().join("docs/examples/exchange.mjs");
    let command = || {
        let mut command = Command::new("node");
        command.arg(&script);
        command
    };
    walked(command, &folder.path().join("key.json")).await;
}
