//! Whatever is changed in a ledger's file behind its back is found, and named.

use kiri_ioh::{ids::NegotiationId, ledger::Apart};
use rusqlite::{Connection, types::Value};
use sigma_store::{AuditError, SqliteLedger};
use std::{fs, path::Path};
use tempfile::TempDir;

use crate::interop::{key, now, open, walk};

/// A ledger with one handshake that ended, one that is bound, and a contact that was erased; all in one
/// file, without a log beside it.
fn ledger(folder: &Path) -> NegotiationId {
    let path = folder.join("interop.db");
    let id = walk(&path, 0, true);
    walk(&path, 100, false);
    open(&path).erase(&id, Apart::Contact, now()).unwrap();
    let connection = Connection::open(&path).unwrap();
    let checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)";
    connection.query_row(checkpoint, [], |_| Ok(())).unwrap();
    connection
        .pragma_update(None, "journal_mode", "DELETE")
        .unwrap();
    id
}

fn audit(path: &Path) -> Result<(), String> {
    let ledger = SqliteLedger::open(path).map_err(|error| error.to_string())?;
    let audit = ledger
        .audit(key().public())
        .map_err(|error| error.to_string())?;
    assert_eq!(audit.head.size, 10);
    Ok(())
}

/// Everything that the file holds, or nothing where it cannot be read.
fn contents(path: &Path) -> Option<Vec<Vec<Value>>> {
    let connection = Connection::open(path).ok()?;
    let mut all = Vec::new();
    for table in [
        "sqlite_schema",
        "entry",
        "handshake",
        "private_text",
        "message",
        "outbox",
    ] {
        let columns = if table == "sqlite_schema" {
            "type, name, tbl_name, sql"
        } else {
            "*"
        };
        let mut statement = connection
            .prepare(&format!("SELECT {columns} FROM {table}"))
            .ok()?;
        let width = statement.column_count();
        let mut rows = statement.query([]).ok()?;
        while let Some(row) = rows.next().ok()? {
            all.push(
                (0..width)
                    .map(|n| row.get(n))
                    .collect::<rusqlite::Result<_>>()
                    .ok()?,
            );
        }
    }
    Some(all)
}

#[test]
fn no_flipped_bit_of_the_file_that_changes_what_it_holds_goes_unnoticed() {
    let folder = TempDir::new().unwrap();
    ledger(folder.path());
    let path = folder.path().join("interop.db");
    audit(&path).unwrap();
    let whole = fs::read(&path).unwrap();
    let held = contents(&path).unwrap();
    let copy = folder.path().join("copy.db");
    let mut found = 0;
    // a step that is prime to the size of a page visits every part of one
    for (n, place) in (0..whole.len()).step_by(127).enumerate() {
        let mut flipped = whole.clone();
        flipped[place] ^= 1 << (n % 8);
        for suffix in ["", "-wal", "-shm", "-journal"] {
            let _ = fs::remove_file(folder.path().join(format!("copy.db{suffix}")));
        }
        fs::write(&copy, &flipped).unwrap();
        let changed = contents(&copy).as_ref() != Some(&held);
        match audit(&copy) {
            Ok(()) => {
                assert!(
                    !changed,
                    "bit {} of byte {place} changed the ledger unnoticed",
                    n % 8
                );
            }
            Err(_) => found += 1,
        }
    }
    // most pages of so small a ledger are free space, which holds nothing
    assert!(found > 50, "{found} found");
}

#[test]
fn each_change_is_found_and_the_row_is_named() {
    let folder = TempDir::new().unwrap();
    let id = ledger(folder.path());
    let path = folder.path().join("interop.db");
    let whole = fs::read(&path).unwrap();
    let named = |sql: &str| {
        fs::write(&path, &whole).unwrap();
        let connection = Connection::open(&path).unwrap();
        let triggers = "CREATE TRIGGER entry_stays BEFORE UPDATE ON entry\n\
                        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;\n\
                        CREATE TRIGGER entry_remains BEFORE DELETE ON entry\n\
                        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;";
        let drop = "DROP TRIGGER entry_stays; DROP TRIGGER entry_remains;";
        connection
            .execute_batch(&format!("{drop} {sql}; {triggers}"))
            .unwrap();
        connection
    };
    let audited = || {
        let ledger = SqliteLedger::open(&path).unwrap();
        ledger.audit(key().public()).unwrap_err()
    };
    for (sql, said) in [
        (
            "UPDATE entry SET body = replace(body, 'ext:foo', 'ext:fop') WHERE seq = 2",
            "entry 2 (kiri:interop/bnd_",
        ),
        (
            "UPDATE entry SET body = body || ' ' WHERE seq = 3",
            "entry 3 (kiri:interop/bnd_",
        ),
        (
            "UPDATE entry SET entry_id = 'x' WHERE seq = 4",
            "entry 4 (x)",
        ),
        ("DELETE FROM entry WHERE seq = 1", "entry 1"),
        (
            "UPDATE handshake SET revision = revision + 1",
            "handshake ng_",
        ),
        (
            "UPDATE handshake SET body = replace(body, 'foo.example', 'fop.example')",
            "handshake ng_",
        ),
        ("DELETE FROM handshake", "handshake ng_"),
        (
            "UPDATE private_text SET body = replace(body, 'ops@', 'Ops@')",
            "private text sha256:",
        ),
        ("DELETE FROM private_text", "private text sha256:"),
        ("UPDATE message SET number = 7", "message bnd_"),
        ("DELETE FROM message", "message of bnd_"),
        (
            "UPDATE outbox SET body = replace(body, 'opened', 'closed')",
            "signal kiri:interop/ng_",
        ),
    ] {
        drop(named(sql));
        let error = audited().to_string();
        assert!(error.starts_with(said), "{sql}: {error}");
    }
    drop(named("UPDATE entry SET seq = 99 WHERE seq = 9"));
    assert!(matches!(audited(), AuditError::Entry(_)));
    named("SELECT 1")
        .execute_batch("DROP TRIGGER entry_stays")
        .unwrap();
    assert!(matches!(audited(), AuditError::File(_)));
    fs::write(&path, &whole).unwrap();
    let other = kiri_ioh::ledger::LedgerKey::from_seed("runtime-1", &[7; 32]).unwrap();
    let error = SqliteLedger::open(&path)
        .unwrap()
        .audit(other.public())
        .unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with(&format!("entry 0 (kiri:interop/{id})")),
        "{error}"
    );
}
