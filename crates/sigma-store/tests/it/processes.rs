//! Several processes, or several stores, on one file.

use crate::support::{Dialogue, bare, id, verify};
use sigma_core::store::{SessionStore, StoreError};
use sigma_store::{Options, SqliteStore, StoreFault};
use std::{
    env,
    error::Error,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

const FILE: &str = "SIGMA_STORE_WRITER";
const NAME: &str = "SIGMA_STORE_SESSION";
const CYCLES: u64 = 25;

/// Not a test by itself: a process that writes a session and, where somebody else got there first,
/// goes on from what it finds.
#[test]
fn writer() {
    let (Ok(path), Ok(name)) = (env::var(FILE), env::var(NAME)) else {
        return;
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(async {
        let store = SqliteStore::open_with(&path, &patient()).unwrap();
        let mut dialogue = Dialogue::new(&name);
        while dialogue.cycle < CYCLES {
            let mut ahead = dialogue.clone();
            match store.commit(ahead.next()).await {
                Ok(()) => dialogue = ahead,
                Err(StoreError::OutOfOrder { found, .. }) => {
                    dialogue = Dialogue::after(&name, found.0);
                }
                Err(StoreError::KeyReused { .. }) => {
                    let found = store.load(&id(&name)).await.unwrap().unwrap().cycle;
                    dialogue = Dialogue::after(&name, found.0);
                }
                Err(error) => panic!("{error:?}"),
            }
        }
    });
}

fn patient() -> Options {
    Options {
        busy_timeout: Duration::from_secs(120),
        ..Options::default()
    }
}

fn spawn(path: &Path, name: &str) -> Child {
    Command::new(env::current_exe().unwrap())
        .args(["--exact", "processes::writer", "--test-threads=1"])
        .env(FILE, path)
        .env(NAME, name)
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

fn run(names: &[&str]) -> (tempfile::TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("sessions.db");
    let children: Vec<Child> = names.iter().map(|name| spawn(&path, name)).collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    (directory, path)
}

#[tokio::test]
async fn two_processes_write_two_sessions_of_one_new_file() {
    let (_directory, path) = run(&["a", "b"]);
    let store = SqliteStore::open(path).unwrap();
    for name in ["a", "b"] {
        assert_eq!(verify(&store, name).await.unwrap(), CYCLES);
    }
    assert_eq!(store.check().await.unwrap(), []);
}

#[tokio::test]
async fn two_processes_never_both_write_one_cycle_of_one_session() {
    let (_directory, path) = run(&["same", "same"]);
    let store = SqliteStore::open(path).unwrap();
    assert_eq!(verify(&store, "same").await.unwrap(), CYCLES);
}

#[tokio::test]
async fn a_second_writer_waits_and_then_says_who_is_to_blame() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("sessions.db");
    let options = Options {
        busy_timeout: Duration::from_millis(50),
        ..Options::default()
    };
    let store = SqliteStore::open_with(&path, &options).unwrap();
    let holder = rusqlite::Connection::open(&path).unwrap();
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();

    let error = store.commit(bare(&id("s"), 1)).await.unwrap_err();
    let fault = error
        .source()
        .unwrap()
        .downcast_ref::<StoreFault>()
        .unwrap();
    assert!(matches!(fault, StoreFault::Busy { .. }), "{fault:?}");
    let message = fault.to_string();
    assert!(
        message.contains("sessions.db") && message.contains("another process"),
        "{message}"
    );
    assert!(
        store.load(&id("s")).await.unwrap().is_none(),
        "reading goes on meanwhile"
    );

    holder.execute_batch("ROLLBACK").unwrap();
    store.commit(bare(&id("s"), 1)).await.unwrap();
}

#[tokio::test]
async fn a_writer_that_waits_gets_its_turn() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("sessions.db");
    let store = SqliteStore::open_with(&path, &patient()).unwrap();
    let holder = rusqlite::Connection::open(&path).unwrap();
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    let release = thread::spawn(move || {
        thread::sleep(Duration::from_millis(100));
        holder.execute_batch("ROLLBACK").unwrap();
    });
    store.commit(bare(&id("s"), 1)).await.unwrap();
    release.join().unwrap();
}

#[test]
fn many_may_open_a_new_file_at_once() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("sessions.db");
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| SqliteStore::open_with(&path, &patient()).unwrap());
        }
    });
}
