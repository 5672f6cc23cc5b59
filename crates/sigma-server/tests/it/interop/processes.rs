//! State lives in the ledger only: servers may die and others go on.

use super::world::{Peer, envelope, now};
use sigma_server::interop::{
    KeyFile,
    client::{Client, ClientError},
};
use sigma_store::SqliteLedger;
use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tempfile::TempDir;
use tokio::task::JoinSet;

/// A server as a process of its own; killed, not asked to end, when it goes.
pub(super) struct Server {
    child: Child,
    url: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    pub(super) fn start(folder: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sigma"));
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("SIGMA_")) {
            command.env_remove(name);
        }
        let child = command
            .args(["serve", "--bind", "127.0.0.1:0", "--store", "sigma.db"])
            .env("SIGMA_INTEROP_DANGEROUSLY_ALLOW_LOOPBACK", "true")
            .env("SIGMA_INTEROP_REQUESTS_PER_MINUTE", "0")
            .env("SIGMA_INTEROP_FETCHES_PER_MINUTE", "0")
            .current_dir(folder)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let url = String::new();
        let mut server = Self { child, url };
        let mut stderr = BufReader::new(server.child.stderr.take().unwrap());
        let mut said = String::new();
        while server.url.is_empty() {
            let mut line = String::new();
            assert_ne!(stderr.read_line(&mut line).unwrap(), 0, "it ended: {said}");
            let words = line.split_whitespace();
            let url = words.filter(|word| word.starts_with("http://"));
            server.url = url.filter_map(|word| word.strip_suffix("/v1")).collect();
            said += &line;
        }
        std::thread::spawn(move || io::copy(&mut stderr, &mut io::sink()));
        server
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    fn client(&self) -> Client {
        Client::new(&self.url).unwrap()
    }
}

fn audit(folder: &Path) -> sigma_store::Audit {
    let key = KeyFile::open(&folder.join("sigma.interop.key.json")).unwrap();
    let ledger = SqliteLedger::open(folder.join("sigma.interop.db")).unwrap();
    ledger.audit(&key.public().unwrap()).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_killed_between_any_two_phases_is_replaced_by_another() {
    let folder = TempDir::new().unwrap();
    let (path, peer) = (folder.path(), Peer::new().await);
    // each statement starts a server, and kills it at its end
    let opened = Server::start(path)
        .client()
        .announce(&peer.announcement)
        .await
        .unwrap()
        .answer;
    let id = opened.negotiation_id;
    let offered = Server::start(path)
        .client()
        .negotiate(&id)
        .await
        .unwrap()
        .answer;
    let offer = offered.binding_offer_hash;
    let bound = Server::start(path)
        .client()
        .bind(&id, &offer, &peer.key)
        .await
        .unwrap()
        .answer;
    let token = bound.bind_token;
    let message = Server::start(path)
        .client()
        .operate(&token, &envelope("m"), &peer.key, now())
        .await;
    message.unwrap();
    let last = Server::start(path);
    last.client()
        .dissolve(&token, "done", &peer.key, now())
        .await
        .unwrap();
    let refused = last
        .client()
        .operate(&token, &envelope("n"), &peer.key, now())
        .await;
    assert!(refused.unwrap_err().to_string().contains("binding_sealed"));
    drop(last);
    assert_eq!(audit(path).head.size, 5);
}

/// Repeats a call until some server answers it, as a peer does whose server went away.
macro_rules! until_answered {
    ($url:expr, |$client:ident| $call:expr) => {
        loop {
            let url = $url.lock().unwrap().clone();
            // while there is none, nobody is asked: its port may be another's by now
            if let Ok($client) = Client::new(&url) {
                match $call.await {
                    Ok(answered) => break answered.answer,
                    Err(ClientError::Call(_)) => {}
                    Err(other) => panic!("{other}"),
                }
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn servers_killed_in_the_middle_of_their_work_lose_and_double_nothing() {
    const PEERS: usize = 24;
    const STEPS_A_LIFE: usize = 20;
    let folder = TempDir::new().unwrap();
    let (path, peer) = (folder.path(), Arc::new(Peer::new().await));
    let mut server = Server::start(path);
    let url = Arc::new(Mutex::new(server.url.clone()));
    let steps = Arc::new(AtomicUsize::new(0));
    let mut walking = JoinSet::new();
    for _ in 0..PEERS {
        let (peer, url, steps) = (Arc::clone(&peer), Arc::clone(&url), Arc::clone(&steps));
        walking.spawn(async move {
            let step = || steps.fetch_add(1, Ordering::SeqCst);
            let id = until_answered!(url, |c| c.announce(&peer.announcement)).negotiation_id;
            step();
            let offer = until_answered!(url, |c| c.negotiate(&id)).binding_offer_hash;
            step();
            let token = until_answered!(url, |c| c.bind(&id, &offer, &peer.key)).bind_token;
            step();
            until_answered!(url, |c| c.operate(&token, &envelope("m"), &peer.key, now()));
            step();
            until_answered!(url, |c| c.dissolve(&token, "done", &peer.key, now()));
            step();
            (id, token)
        });
    }
    for life in 1..=(5 * PEERS / STEPS_A_LIFE) {
        while steps.load(Ordering::SeqCst) < life * STEPS_A_LIFE {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        url.lock().unwrap().clear();
        drop(server);
        server = Server::start(path);
        url.lock().unwrap().clone_from(&server.url);
    }
    let ended: BTreeMap<_, _> = walking.join_all().await.into_iter().collect();
    drop(server);
    let audit = audit(path);
    // an announcement whose answer was lost is made anew: it is there, and came to nothing
    let bound = audit.projection.handshakes().iter();
    let bound: BTreeMap<_, _> = bound
        .filter_map(|(id, stored)| Some((id.clone(), stored.bind_token()?.clone())))
        .collect();
    assert_eq!((bound.len(), &bound), (PEERS, &ended));
    for (id, token) in &ended {
        assert!(audit.projection.handshakes()[id].sealing.is_some());
        assert_eq!(audit.projection.messages(token), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_on_one_store_make_one_binding_of_one_negotiation() {
    let folder = TempDir::new().unwrap();
    let (path, peer) = (folder.path(), Peer::new().await);
    let servers = [Server::start(path), Server::start(path)];
    let clients = servers.each_ref().map(Server::client);
    let (id, offer) = peer.negotiated(&clients[0]).await;
    let calls = (0..12).map(|n| clients[n % 2].bind(&id, &offer, &peer.key));
    let bound = futures_util::future::join_all(calls).await;
    let tokens: BTreeSet<_> = bound
        .into_iter()
        .map(|bound| bound.unwrap().answer.bind_token)
        .collect();
    assert_eq!(tokens.len(), 1);
    let audit = audit(path);
    assert_eq!(
        (audit.head.size, audit.projection.handshakes().len()),
        (3, 1)
    );
}

#[test]
fn a_walk_that_fails_leaves_no_binding_behind() {
    let folder = TempDir::new().unwrap();
    let server = Server::start(folder.path());
    let bind = |args: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_sigma"))
            .args(["bind", server.url()])
            .args(args)
            .current_dir(&folder)
            .output();
        let output = output.unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(said).unwrap())
    };
    for args in [&["--stay"][..], &["--message", r#"{"a":1,"a":2}"#]] {
        let (code, said) = bind(args);
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains(args[0]), "{said}");
    }
    assert_eq!(audit(folder.path()).head.size, 0, "nothing was begun");
    let long = format!("\"{}\"", "x".repeat(70_000));
    let (code, said) = bind(&["--message", &long]);
    assert_ne!(code, Some(0), "{said}");
    assert!(said.contains("is dissolved"), "{said}");
    let audit = audit(folder.path());
    let mut handshakes = audit.projection.handshakes().values();
    assert!(handshakes.all(|stored| stored.sealing.is_some()));
    assert_eq!(audit.head.size, 4);
}

#[test]
fn the_ledgers_key_is_the_owners_alone_and_is_not_replaced() {
    let folder = TempDir::new().unwrap();
    let path = folder.path();
    drop(Server::start(path));
    let key = path.join("sigma.interop.key.json");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(&key).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let sigma = |args: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_sigma"))
            .args(args)
            .current_dir(path)
            .output();
        let output = output.unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(said).unwrap())
    };
    let server = Server::start(path);
    let (code, said) = sigma(&["bind", server.url()]);
    assert_eq!(code, Some(0), "{said}");
    for step in [
        "1  ANNOUNCE",
        "2  NEGOTIATE",
        "3  BIND",
        "4  OPERATE",
        "5  DISSOLVE",
        "inclusion proved",
    ] {
        assert!(said.contains(step), "{step}: {said}");
    }
    drop(server);
    let (code, said) = sigma(&["ledger", "verify"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.starts_with("whole: 5 entries of 1 handshakes"),
        "{said}"
    );
    let (_, list) = sigma(&["ledger", "show"]);
    assert_eq!(list.lines().count(), 5, "{list}");
    let id = list
        .split_whitespace()
        .find_map(|word| word.strip_prefix("kiri:interop/ng_"));
    let id = format!("ng_{}", id.unwrap());
    let ledger = path.join("sigma.interop.db");
    let held = SqliteLedger::open(&ledger).unwrap();
    let (code, said) = sigma(&["ledger", "erase", &id, "contact"]);
    assert_eq!(code, Some(0), "{said}");
    for file in [ledger.clone(), ledger.with_extension("db-wal")] {
        let bytes = std::fs::read(&file).unwrap();
        let found = bytes.windows(15).any(|part| part == b"ops@foo.example");
        assert!(!found, "the contact is still in {}", file.display());
    }
    drop(held);
    let (code, said) = sigma(&["ledger", "verify"]);
    assert!(code == Some(0) && said.contains("6 entries"), "{said}");

    let (code, said) = sigma(&["ledger", "verify", "sigma.interop.db"]);
    assert!(code == Some(0) && said.contains("6 entries"), "{said}");
    std::fs::write(path.join("empty.db"), "").unwrap();
    let (code, said) = sigma(&["ledger", "verify", "--ledger", "empty.db"]);
    assert!(
        code == Some(74) && said.contains("empty.db is empty"),
        "{said}"
    );
    assert!(std::fs::read(path.join("empty.db")).unwrap().is_empty());
    std::fs::write(path.join("notes.txt"), "nothing\n").unwrap();
    let (code, said) = sigma(&["ledger", "verify", "notes.txt"]);
    assert!(
        code == Some(65) && said.contains("notes.txt: not an exported ledger"),
        "{said}"
    );

    std::fs::remove_file(&key).unwrap();
    let (code, said) = sigma(&["ledger", "verify"]);
    assert!(
        code == Some(2) && said.contains("name it with --key"),
        "{said}"
    );
    KeyFile::open_or_make(&key, "runtime").unwrap();
    let (code, said) = sigma(&["serve", "--bind", "127.0.0.1:0"]);
    assert_eq!(code, Some(78), "{said}");
    assert!(said.contains("signed with another key"), "{said}");
    let (code, said) = sigma(&["ledger", "verify"]);
    assert_eq!(code, Some(65), "{said}");
    assert!(said.contains("entry 0"), "{said}");

    std::fs::remove_file(&ledger).unwrap();
    // it ends at the address, after the ledger was looked at
    let (_, said) = sigma(&["serve", "--bind", "nowhere"]);
    assert!(said.contains("sigma.interop.db IS EMPTY"), "{said}");
}
