//! A writing process is killed at random moments. What it had answered is there; nothing is there by
//! halves.

use crate::support::{Dialogue, verify};
use sigma_core::store::SessionStore;
use sigma_store::SqliteStore;
use std::{
    env,
    hash::{BuildHasher, Hasher, RandomState},
    io::{BufRead, BufReader, Read, Write},
    path::Path,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

const FILE: &str = "SIGMA_STORE_CHILD";
const NAME: &str = "killed";
/// Kills of a process that had answered at least once.
const KILLS: usize = 40;

/// Not a test by itself: the process that is killed. It answers a turn after its commit.
#[test]
fn child() {
    let Ok(path) = env::var(FILE) else { return };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(async {
        let store = SqliteStore::open(&path).unwrap();
        let stored = store.load(&crate::support::id(NAME)).await.unwrap();
        let mut dialogue = Dialogue::after(NAME, stored.map_or(0, |stored| stored.cycle.0));
        loop {
            store.commit(dialogue.next()).await.unwrap();
            let mut out = std::io::stdout().lock();
            writeln!(out, "\nanswered {}", dialogue.cycle).unwrap();
            out.flush().unwrap();
        }
    });
}

fn random(below: u64) -> u64 {
    RandomState::new().build_hasher().finish() % below
}

/// Starts the child, lets it answer `turns` times, kills it a little later, and returns the last turn
/// that it answered.
fn run_and_kill(path: &Path, turns: u64) -> Option<u64> {
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["--exact", "kill::child", "--nocapture", "--test-threads=1"])
        .env(FILE, path)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let answered = |line: &str| {
        line.strip_prefix("answered ")?
            .trim_end()
            .parse::<u64>()
            .ok()
    };
    let mut last = None;
    for _ in 0..turns {
        let mut line = String::new();
        while answered(&line).is_none() {
            line.clear();
            assert_ne!(
                out.read_line(&mut line).unwrap(),
                0,
                "the child ended by itself"
            );
        }
        last = answered(&line);
    }
    thread::sleep(Duration::from_micros(random(if turns == 0 {
        60_000
    } else {
        9_000
    })));
    // SIGKILL: the process has no say in it
    child.kill().unwrap();
    child.wait().unwrap();
    let mut rest = String::new();
    out.read_to_string(&mut rest).unwrap();
    let whole = rest
        .split_inclusive('\n')
        .filter(|line| line.ends_with('\n'));
    whole.filter_map(answered).next_back().or(last)
}

#[test]
fn a_turn_that_was_answered_is_there_and_one_that_was_not_leaves_no_trace() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("sessions.db");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let (mut kills, mut rounds, mut before) = (0, 0, 0);
    while kills < KILLS {
        rounds += 1;
        assert!(rounds < 10 * KILLS, "the child hardly ever answers");
        // every fourth kill falls anywhere, opening and migration included
        let turns = if rounds % 4 == 1 { 0 } else { 1 + random(4) };
        let answered = run_and_kill(&path, turns);
        kills += usize::from(answered.is_some());
        let store = SqliteStore::open(&path).unwrap();
        let stored = runtime.block_on(verify(&store, NAME)).unwrap();
        let promised = answered.unwrap_or(before);
        assert!(
            stored == promised || stored == promised + 1,
            "answered up to {promised}, stored up to {stored}"
        );
        assert_eq!(runtime.block_on(store.check()).unwrap(), []);
        before = stored;
    }
    println!("{kills} kills in {rounds} rounds, {before} cycles");
}
