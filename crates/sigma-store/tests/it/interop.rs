//! The interop ledger in a file: the handshake goes on wherever a process stopped.

use kiri_ioh::{
    ack,
    descriptor::Fetched,
    gateway::{Denied, Gateway, Settings},
    ids::{BindToken, Entropy, NegotiationId},
    keys::PublicKey,
    ledger::{Apart, LedgerKey, verify_entries},
    message::{self, Request},
    moment::Moment,
    store::{Store, StoreError},
    translation::{Row, Translations},
    treaty::NoGovernance,
    wire::{self, AnnounceRequest, BindRequest, NegotiateRequest},
};
use rusqlite::Connection;
use serde_json::json;
use sigma_store::{OpenError, Options, SqliteLedger, SqliteStore};
use std::{path::Path, time::Duration};
use tempfile::TempDir;

const SEED: [u8; 32] = [2; 32];

pub(crate) fn now() -> Moment {
    "2026-11-20T10:00:00Z".parse().unwrap()
}

fn entropy(n: u64) -> Entropy {
    let mut bytes = [0; 20];
    bytes[..8].copy_from_slice(&n.to_be_bytes());
    bytes
}

pub(crate) fn key() -> LedgerKey {
    LedgerKey::from_seed("runtime-1", &[1; 32]).unwrap()
}

/// Another process every time.
pub(crate) fn open(path: &Path) -> Gateway<SqliteLedger, NoGovernance> {
    let rows = vec![Row {
        from: "ext:*".into(),
        to: "kiri:agent.v1".parse().unwrap(),
    }];
    let settings = Settings {
        translations: Translations::new(rows),
        ..Settings::default()
    };
    Gateway::new(
        SqliteLedger::open(path).unwrap(),
        NoGovernance,
        settings,
        key(),
    )
}

fn announcement() -> AnnounceRequest {
    wire::announce_request(
        br#"{"schema_id": "ext:foo/v2", "namespace_uri": "https://foo.example/ns", "version": "2",
            "contact": "ops@foo.example"}"#,
    )
    .unwrap()
}

fn fetched() -> Fetched {
    let public = ed25519_dalek::SigningKey::from_bytes(&SEED).verifying_key();
    let public = PublicKey::ed25519("k", public.as_bytes()).unwrap();
    let descriptor =
        json!({"@context": "x", "@id": "ext:foo/v2", "version": "2", "jwks": {"keys": [public]}});
    Fetched {
        status: 200,
        content_type: Some("application/json".into()),
        body: descriptor.to_string().into_bytes(),
    }
}

fn request<'a>(headers: &'a [(String, String)], body: &'a [u8]) -> Request<'a> {
    Request {
        method: "POST",
        scheme: "https",
        authority: "kiri.example",
        path: "/",
        query: None,
        headers,
        body,
    }
}

/// A signed request, and what is done with it.
fn signed<T>(
    token: &BindToken,
    body: &serde_json::Value,
    work: impl FnOnce(&Request<'_>) -> T,
) -> T {
    let body = body.to_string().into_bytes();
    let mut headers = vec![
        (message::BIND_HEADER.to_owned(), token.to_string()),
        ("content-digest".to_owned(), message::content_digest(&body)),
    ];
    let (input, signature) =
        message::sign(&request(&headers, &body), &[], ("k", &SEED), now(), "n").unwrap();
    headers.push(("signature-input".to_owned(), input));
    headers.push(("signature".to_owned(), signature));
    work(&request(&headers, &body))
}

fn negotiate(path: &Path, n: u64) -> BindRequest {
    let announced = open(path)
        .announce(&announcement(), now(), &entropy(n), &entropy(n + 1))
        .unwrap();
    let negotiation_id = announced.negotiation_id;
    let request = NegotiateRequest {
        negotiation_id: negotiation_id.clone(),
    };
    let offered = open(path)
        .negotiate(&request, Ok(&fetched()), now())
        .unwrap();
    let ack_signature = ack::acknowledge(&offered.binding_offer_hash, "k", &SEED);
    BindRequest {
        negotiation_id,
        ack_signature,
    }
}

/// Walks up to OPERATE, or to the end.
pub(crate) fn walk(path: &Path, n: u64, to_the_end: bool) -> NegotiationId {
    let request = negotiate(path, n);
    let bound = open(path).bind(&request, Ok(&fetched()), now(), &entropy(n + 3));
    let token = bound.unwrap().bind_token;
    let message = json!({"schema_id": "ext:foo/v2", "version": "2", "id": "m", "payload": {}});
    signed(&token, &message, |r| open(path).operate(r, now())).unwrap();
    if to_the_end {
        let end = json!({"bind_token": token, "reason": "they left"});
        let salt = entropy(n + 4);
        signed(&token, &end, |r| open(path).dissolve(r, now(), &salt)).unwrap();
    }
    request.negotiation_id
}

#[test]
fn each_phase_may_meet_another_process() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("interop.db");
    let request = negotiate(&path, 0);
    let token = open(&path)
        .bind(&request, Ok(&fetched()), now(), &entropy(3))
        .unwrap()
        .bind_token;
    let message = json!({"schema_id": "ext:foo/v2", "version": "2", "id": "m", "payload": {}});
    let first = signed(&token, &message, |r| open(&path).operate(r, now())).unwrap();
    let retry = signed(&token, &message, |r| open(&path).operate(r, now().after(5))).unwrap();
    assert_eq!(
        (first.response, retry.repeated),
        (retry.response.clone(), true)
    );
    let end = json!({"bind_token": token, "reason": "they left"});
    signed(&token, &end, |r| {
        open(&path).dissolve(r, now(), &entropy(4))
    })
    .unwrap();
    let again = signed(&token, &message, |r| open(&path).operate(r, now()));
    assert!(matches!(again, Err(Denied::Refused(_))));

    let gateway = open(&path);
    let entries = gateway.store().entries(0, 100).unwrap();
    assert_eq!(entries.len(), 5);
    let projection = verify_entries(&entries, key().public()).unwrap();
    let id = &request.negotiation_id;
    assert_eq!(
        projection.handshakes()[id],
        gateway.store().handshake(id).unwrap().unwrap()
    );
    let signals = gateway.store().outbox(10).unwrap();
    assert_eq!(signals.len(), 2);
    gateway.store().delivered(&signals[0].id).unwrap();
    assert_eq!(gateway.store().outbox(10).unwrap(), signals[1..]);
}

#[test]
fn an_erased_text_is_gone_from_the_file_and_the_chain_is_whole() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("interop.db");
    let request = negotiate(&path, 0);
    let server = open(&path);
    assert!(lies_in(&path, "ops@foo.example"));
    let gateway = open(&path);
    gateway
        .erase(&request.negotiation_id, Apart::Contact, now())
        .unwrap();
    gateway.store().empty_log().unwrap();
    assert!(
        !lies_in(&path, "ops@foo.example"),
        "the contact is still in the files"
    );
    verify_entries(&server.store().entries(0, 100).unwrap(), key().public()).unwrap();
}

/// Whether a text stands in the file or in its write-ahead log.
fn lies_in(path: &Path, text: &str) -> bool {
    let log = path.with_extension("db-wal");
    assert!(log.exists(), "somebody holds the file open");
    [path, &log].iter().any(|file| {
        let bytes = std::fs::read(file).unwrap();
        bytes
            .windows(text.len())
            .any(|found| found == text.as_bytes())
    })
}

#[test]
fn a_log_that_is_in_use_is_not_said_to_be_empty() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("interop.db");
    negotiate(&path, 0);
    let options = Options {
        busy_timeout: Duration::from_millis(20),
        ..Options::default()
    };
    let ledger = SqliteLedger::open_with(&path, &options).unwrap();
    negotiate(&path, 10);
    let other = Connection::open(&path).unwrap();
    let reading = other.unchecked_transaction().unwrap();
    let read = |sql| reading.query_row(sql, [], |row| row.get::<_, u64>(0));
    assert_eq!(read("SELECT count(*) FROM entry").unwrap(), 4);
    assert!(matches!(
        ledger.empty_log(),
        Err(StoreError::Unavailable(_))
    ));
    drop(reading);
    ledger.empty_log().unwrap();
}

#[test]
fn several_connections_make_one_binding_of_one_negotiation() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("interop.db");
    let request = negotiate(&path, 0);
    let tokens: Vec<_> = std::thread::scope(|scope| {
        let one = |n: u64| {
            let (path, request) = (&path, &request);
            scope.spawn(move || {
                open(path)
                    .bind(request, Ok(&fetched()), now(), &entropy(100 + n))
                    .unwrap()
                    .bind_token
            })
        };
        let running: Vec<_> = (0..6).map(one).collect();
        running
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    assert!(tokens.iter().all(|token| *token == tokens[0]));
    let entries = open(&path).store().entries(0, 100).unwrap();
    assert_eq!(entries.len(), 3);
}

#[test]
fn a_transaction_that_fails_leaves_nothing() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("interop.db");
    let request = negotiate(&path, 0);
    let ledger = SqliteLedger::open(&path).unwrap();
    let before = ledger.entries(0, 100).unwrap();
    let stored = ledger.handshake(&request.negotiation_id).unwrap().unwrap();
    let failed: Result<(), StoreError> = ledger.transact(|tx| {
        tx.put(Some(2), &stored)?;
        tx.put(Some(2), &stored)
    });
    assert!(matches!(failed, Err(StoreError::Conflict)));
    let still: Result<(), StoreError> = ledger.transact(|tx| tx.put(Some(2), &stored));
    still.unwrap();
    let new: Result<(), StoreError> = ledger.transact(|tx| tx.put(None, &stored));
    assert!(matches!(new, Err(StoreError::Conflict)));
    let twice: Result<(), StoreError> = ledger.transact(|tx| tx.append(&before[1]));
    assert!(matches!(twice, Err(StoreError::Conflict)));
    assert_eq!(ledger.entries(0, 100).unwrap(), before);
}

#[test]
fn the_file_itself_refuses_to_change_the_ledger() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("interop.db");
    negotiate(&path, 0);
    let connection = Connection::open(&path).unwrap();
    for sql in [
        "DELETE FROM entry",
        "UPDATE entry SET body = '' WHERE seq = 0",
    ] {
        assert!(connection.execute(sql, []).is_err(), "{sql}");
    }
}

#[test]
fn files_of_others_are_left_alone() {
    let folder = TempDir::new().unwrap();
    let sessions = folder.path().join("sigma.db");
    drop(SqliteStore::open(&sessions).unwrap());
    assert!(matches!(
        SqliteLedger::open(&sessions),
        Err(OpenError::Foreign { .. })
    ));
    assert!(matches!(
        SqliteLedger::open_existing(&sessions),
        Err(OpenError::Foreign { .. })
    ));
    let empty = folder.path().join("empty.db");
    std::fs::write(&empty, "").unwrap();
    assert!(matches!(
        SqliteLedger::open_existing(&empty),
        Err(OpenError::Empty { .. })
    ));
    assert_eq!(std::fs::read(&empty).unwrap(), b"", "it is left as it was");
    let absent = folder.path().join("absent.db");
    assert!(SqliteLedger::open_existing(&absent).is_err());
    assert!(!absent.exists());
    drop(SqliteLedger::open(&absent).unwrap());
    SqliteLedger::open_existing(&absent).unwrap();
    let text = folder.path().join("notes.txt");
    std::fs::write(
        &text,
        "not a database, but quite long enough to be looked at".repeat(40),
    )
    .unwrap();
    assert!(matches!(
        SqliteLedger::open(&text),
        Err(OpenError::NotADatabase { .. })
    ));
    let unknown = NegotiationId::from_entropy(&entropy(9));
    let ledger = SqliteLedger::open(folder.path().join("new.db")).unwrap();
    assert_eq!(ledger.handshake(&unknown).unwrap(), None);
}
