//! The contract of the trait, side by side with the store in memory.

use crate::support::{Dialogue, at, bare, id, record, verify};
use proptest::prelude::*;
use sigma_core::store::{
    Amendment, CycleCommit, Idempotency, IdempotencyKey, InMemoryStore, OperationalEvent,
    OperationalKind, SessionStore, StoreError,
};
use sigma_store::{SqliteStore, StoreFault};
use sigma_types::{Cycle, Hash256};
use std::error::Error;

fn temporary() -> (tempfile::TempDir, SqliteStore) {
    let directory = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(directory.path().join("sessions.db")).unwrap();
    (directory, store)
}

#[tokio::test]
async fn a_dialogue_is_there_again_after_reopening() {
    let (directory, store) = temporary();
    let mut dialogue = Dialogue::new("a");
    for _ in 0..40 {
        store.commit(dialogue.next()).await.unwrap();
    }
    assert_eq!(verify(&store, "a").await.unwrap(), 40);
    let path = store.path().to_owned();
    drop(store);
    let store = SqliteStore::open(path).unwrap();
    assert_eq!(verify(&store, "a").await.unwrap(), 40);
    assert_eq!(store.check().await.unwrap(), []);
    drop(directory);
}

#[tokio::test]
async fn cycles_follow_upon_one_another() {
    let (_directory, store) = temporary();
    let session = id("s");
    assert!(store.load(&session).await.unwrap().is_none());
    let refused = async |given: u64| match store.commit(bare(&session, given)).await {
        Err(StoreError::OutOfOrder { given, found }) => Some((given.0, found.0)),
        _ => None,
    };
    for given in [0, 2, 1 << 20] {
        assert_eq!(refused(given).await, Some((given, 0)));
    }
    store.commit(bare(&session, 1)).await.unwrap();
    let beyond = CycleCommit {
        cycle: Cycle(u64::MAX),
        ..bare(&session, 2)
    };
    assert!(matches!(
        store.commit(beyond).await,
        Err(StoreError::OutOfOrder { .. })
    ));
    for given in [0, 1, 3] {
        assert_eq!(refused(given).await, Some((given, 1)));
    }
    assert_eq!(
        store.load(&session).await.unwrap().unwrap().state,
        b"state 1"
    );
}

#[tokio::test]
async fn a_change_between_two_cycles_takes_state_and_ledger_and_nothing_else() {
    let (directory, store) = temporary();
    let stores: [&dyn SessionStore; 2] = [&store, &InMemoryStore::new()];
    let session = id("s");
    let amended = |cycle, seq| Amendment {
        session: session.clone(),
        cycle: Cycle(cycle),
        at: at(9),
        state: b"amended".to_vec(),
        ledger: vec![record(seq, cycle, b"why".to_vec())],
    };
    for store in stores {
        assert!(store.amend(amended(0, 0)).await.is_err(), "no session yet");
        store.commit(bare(&session, 1)).await.unwrap();
        for (cycle, seq) in [(0, 0), (2, 0), (1, 1)] {
            assert!(store.amend(amended(cycle, seq)).await.is_err());
            let stored = store.load(&session).await.unwrap().unwrap();
            assert_eq!(stored.state, b"state 1");
        }
        store.amend(amended(1, 0)).await.unwrap();
        let stored = store.load(&session).await.unwrap().unwrap();
        assert_eq!(
            (stored.cycle, stored.state),
            (Cycle(1), b"amended".to_vec())
        );
        assert_eq!(store.ledger(&session, 0, 9).await.unwrap().len(), 1);
        assert_eq!(store.sessions(9).await.unwrap()[0].updated_at, at(9));
        store.commit(bare(&session, 2)).await.unwrap();
    }
    assert_eq!(store.check().await.unwrap(), []);
    drop(directory);
}

#[tokio::test]
async fn a_record_out_of_its_place_undoes_the_whole_cycle() {
    let (_directory, store) = temporary();
    let session = id("s");
    let commit = CycleCommit {
        frames: vec![
            record(0, 1, b"first".to_vec()),
            record(2, 1, b"third".to_vec()),
        ],
        ..bare(&session, 1)
    };
    let error = store.commit(commit).await.unwrap_err();
    let fault = error
        .source()
        .unwrap()
        .downcast_ref::<StoreFault>()
        .unwrap();
    assert!(
        matches!(
            fault,
            StoreFault::Gap {
                expected: 1,
                found: 2
            }
        ),
        "{fault}"
    );
    assert!(store.load(&session).await.unwrap().is_none());
    assert!(
        store
            .cycles(&session, Cycle(0), 9)
            .await
            .unwrap()
            .is_empty()
    );
    assert!(store.sessions(9).await.unwrap().is_empty());
    store.commit(bare(&session, 1)).await.unwrap();
}

#[tokio::test]
async fn a_key_stands_for_one_request_of_one_session() {
    let (_directory, store) = temporary();
    let asked = |n: u8| {
        let key = IdempotencyKey::new("again").unwrap();
        Some(Idempotency {
            key,
            request: Hash256::of(&[n]),
        })
    };
    let (a, b) = (id("a"), id("b"));
    store
        .commit(CycleCommit {
            idempotency: asked(1),
            ..bare(&a, 1)
        })
        .await
        .unwrap();
    store
        .commit(CycleCommit {
            idempotency: asked(2),
            ..bare(&b, 1)
        })
        .await
        .unwrap();
    let error = store
        .commit(CycleCommit {
            idempotency: asked(1),
            ..bare(&a, 2)
        })
        .await;
    assert!(matches!(
        error,
        Err(StoreError::KeyReused { cycle: Cycle(1) })
    ));
    let key = IdempotencyKey::new("again").unwrap();
    let found = store.find_by_key(&b, &key).await.unwrap().unwrap();
    assert_eq!(found.request, Some(Hash256::of(&[2])));
}

#[tokio::test]
async fn an_erased_session_is_gone_and_others_stay() {
    let (_directory, store) = temporary();
    for name in ["a", "b"] {
        let mut dialogue = Dialogue::new(name);
        for _ in 0..6 {
            store.commit(dialogue.next()).await.unwrap();
        }
    }
    assert!(store.erase(&id("a")).await.unwrap());
    assert!(!store.erase(&id("a")).await.unwrap());
    assert_eq!(verify(&store, "a").await.unwrap(), 0);
    assert_eq!(verify(&store, "b").await.unwrap(), 6);
    assert_eq!(store.check().await.unwrap(), []);
    store.commit(Dialogue::new("a").next()).await.unwrap();
}

#[tokio::test]
async fn what_was_written_cannot_be_changed_from_outside() {
    let (_directory, store) = temporary();
    let mut dialogue = Dialogue::new("a");
    for _ in 0..6 {
        store.commit(dialogue.next()).await.unwrap();
    }
    let raw = rusqlite::Connection::open(store.path()).unwrap();
    for table in ["cycle", "frame", "tombstone", "ledger"] {
        for sql in [
            format!("UPDATE {table} SET cycle = 9"),
            format!("DELETE FROM {table}"),
        ] {
            let error = raw.execute(&sql, []).unwrap_err();
            assert!(error.to_string().contains("append-only"), "{sql}: {error}");
        }
    }
    assert_eq!(verify(&store, "a").await.unwrap(), 6);
}

#[tokio::test]
async fn a_backup_is_whole_and_never_overwrites() {
    let (directory, store) = temporary();
    let mut dialogue = Dialogue::new("a");
    for _ in 0..6 {
        store.commit(dialogue.next()).await.unwrap();
    }
    let copy = directory.path().join("copy.db");
    store.back_up(&copy).await.unwrap();
    assert!(store.back_up(&copy).await.is_err());
    let copy = SqliteStore::open(copy).unwrap();
    assert_eq!(verify(&copy, "a").await.unwrap(), 6);
}

#[tokio::test]
async fn huge_and_odd_content_comes_back_as_it_was() {
    let (_directory, store) = temporary();
    let session = id(&"x".repeat(128));
    let key = IdempotencyKey::new("\u{0}\u{202e}🙂'; DROP TABLE cycle; --").unwrap();
    let body = [b"\x00\xff'\"".repeat(1_000_000), vec![]].concat();
    let commit = CycleCommit {
        state: body.clone(),
        report: vec![],
        frames: vec![record(0, 1, body.clone()), record(1, 1, vec![])],
        idempotency: Some(Idempotency {
            key: key.clone(),
            request: Hash256::ZERO,
        }),
        ..bare(&session, 1)
    };
    store.commit(commit.clone()).await.unwrap();
    let stored = store.load(&session).await.unwrap().unwrap();
    assert!(stored.state == body && stored.frames == commit.frames);
    let found = store.find_by_key(&session, &key).await.unwrap().unwrap();
    assert_eq!(found.cycle, Cycle(1));
}

#[derive(Debug, Clone)]
enum Op {
    Commit {
        session: u8,
        ahead: u64,
        key: Option<u8>,
        frames: u64,
    },
    Note {
        session: u8,
        after: u64,
    },
}

fn op() -> impl Strategy<Value = Op> {
    let commit = (
        0u8..3,
        prop_oneof![9 => Just(1u64), 1 => 0u64..4],
        any::<Option<u8>>(),
        0u64..3,
    )
        .prop_map(|(session, ahead, key, frames)| Op::Commit {
            session,
            ahead,
            key: key.map(|key| key % 8),
            frames,
        });
    prop_oneof![5 => commit, 1 => (0u8..3, 0u64..9).prop_map(|(session, after)| Op::Note {
        session,
        after,
    })]
}

/// Does the same to both stores and compares all that they answer.
async fn alike(sqlite: &SqliteStore, memory: &InMemoryStore, ops: &[Op]) {
    for op in ops {
        let (one, other) = match op {
            Op::Note { session, after } => {
                let session = id(&session.to_string());
                let kind = OperationalKind::ProviderTimeout;
                let event = OperationalEvent {
                    at: at(*after),
                    after: Cycle(*after),
                    kind,
                };
                (
                    sqlite.note(&session, event.clone()).await,
                    memory.note(&session, event).await,
                )
            }
            Op::Commit {
                session,
                ahead,
                key,
                frames,
            } => {
                let session = id(&session.to_string());
                let loaded = memory.load(&session).await.unwrap();
                let (cycle, next) = loaded.map_or((0, 0), |stored| {
                    (stored.cycle.0, stored.frames.len() as u64)
                });
                let cycle = cycle + ahead;
                let commit = CycleCommit {
                    frames: (next..next + frames)
                        .map(|n| record(n, cycle, vec![7]))
                        .collect(),
                    idempotency: key.map(|key| Idempotency {
                        key: IdempotencyKey::new(key.to_string()).unwrap(),
                        request: Hash256::of(&[key]),
                    }),
                    ..bare(&session, cycle)
                };
                (
                    sqlite.commit(commit.clone()).await,
                    memory.commit(commit).await,
                )
            }
        };
        assert_eq!(format!("{one:?}"), format!("{other:?}"));
    }
    assert_eq!(
        sqlite.sessions(2).await.unwrap(),
        memory.sessions(2).await.unwrap()
    );
    for session in 0..3u8 {
        let session = id(&session.to_string());
        assert_eq!(
            sqlite.load(&session).await.unwrap(),
            memory.load(&session).await.unwrap()
        );
        for (from, limit) in [(0, 0), (0, 3), (2, 2), (1, usize::MAX), (u64::MAX, 9)] {
            let one = sqlite.cycles(&session, Cycle(from), limit).await.unwrap();
            assert_eq!(
                one,
                memory.cycles(&session, Cycle(from), limit).await.unwrap()
            );
        }
        for key in 0..8u8 {
            let key = IdempotencyKey::new(key.to_string()).unwrap();
            let one = sqlite.find_by_key(&session, &key).await.unwrap();
            assert_eq!(one, memory.find_by_key(&session, &key).await.unwrap());
        }
        let one = sqlite.events(&session, 3).await.unwrap();
        assert_eq!(one, memory.events(&session, 3).await.unwrap());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn it_answers_as_the_store_in_memory_does(ops in proptest::collection::vec(op(), 0..30)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let (_directory, sqlite) = temporary();
            alike(&sqlite, &InMemoryStore::new(), &ops).await;
        });
    }
}
