//! Files that are not what they should be.

use crate::support::{Dialogue, verify};
use sigma_core::store::SessionStore;
use sigma_store::{OpenError, SCHEMA_VERSION, SqliteStore};
use std::{fs, path::PathBuf};

fn file(name: &str) -> (tempfile::TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join(name);
    (directory, path)
}

#[test]
fn a_directory_that_is_not_there() {
    let (_directory, path) = file("nowhere/sessions.db");
    let error = SqliteStore::open(&path).unwrap_err();
    assert!(matches!(error, OpenError::Refused { .. }), "{error:?}");
    assert!(error.to_string().contains("nowhere/sessions.db"), "{error}");
}

#[test]
fn a_directory_in_place_of_a_file() {
    let (_directory, path) = file("folder");
    fs::create_dir(&path).unwrap();
    assert!(matches!(
        SqliteStore::open(&path).unwrap_err(),
        OpenError::Refused { .. }
    ));
}

#[test]
fn a_file_that_is_no_database_is_left_alone() {
    let (_directory, path) = file("notes.txt");
    let notes = "Buy bread.\n".repeat(1_000);
    fs::write(&path, &notes).unwrap();
    let error = SqliteStore::open(&path).unwrap_err();
    assert!(matches!(error, OpenError::NotADatabase { .. }), "{error:?}");
    assert!(error.to_string().contains("notes.txt"), "{error}");
    assert_eq!(fs::read_to_string(&path).unwrap(), notes);
}

#[test]
fn a_database_of_another_application_is_left_alone() {
    let (_directory, path) = file("browser.db");
    let raw = rusqlite::Connection::open(&path).unwrap();
    raw.execute_batch("CREATE TABLE visit (url TEXT); INSERT INTO visit VALUES ('x')")
        .unwrap();
    drop(raw);
    let before = fs::read(&path).unwrap();
    let error = SqliteStore::open(&path).unwrap_err();
    assert!(matches!(error, OpenError::Foreign { .. }), "{error:?}");
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[tokio::test]
async fn a_newer_schema_is_refused_and_left_alone() {
    let (_directory, path) = file("sessions.db");
    let store = SqliteStore::open(&path).unwrap();
    store.commit(Dialogue::new("a").next()).await.unwrap();
    drop(store);
    let raw = rusqlite::Connection::open(&path).unwrap();
    raw.pragma_update(None, "user_version", SCHEMA_VERSION + 1)
        .unwrap();
    drop(raw);
    let error = SqliteStore::open(&path).unwrap_err();
    assert!(
        matches!(error, OpenError::Newer { found, known, .. }
            if found == SCHEMA_VERSION + 1 && known == SCHEMA_VERSION),
        "{error:?}"
    );
    assert!(
        error.to_string().contains("use the newer version"),
        "{error}"
    );
    let raw = rusqlite::Connection::open(&path).unwrap();
    raw.pragma_update(None, "user_version", SCHEMA_VERSION)
        .unwrap();
    drop(raw);
    let store = SqliteStore::open(&path).unwrap();
    assert_eq!(verify(&store, "a").await.unwrap(), 1);
}

#[test]
fn an_empty_file_becomes_a_store() {
    let (_directory, path) = file("sessions.db");
    fs::write(&path, "").unwrap();
    SqliteStore::open(&path).unwrap();
    let raw = rusqlite::Connection::open(&path).unwrap();
    let version = raw.query_row("PRAGMA user_version", [], |row| row.get(0));
    assert_eq!(version, Ok(SCHEMA_VERSION));
    let mode: String = raw
        .query_row("PRAGMA journal_mode", [], |row| row.get(0))
        .unwrap();
    assert_eq!(mode, "wal");
}

#[cfg(unix)]
#[test]
fn a_new_file_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let (_directory, path) = file("sessions.db");
    let store = SqliteStore::open(&path).unwrap();
    for file in fs::read_dir(path.parent().unwrap()).unwrap() {
        let mode = file.unwrap().metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{mode:o}");
    }
    drop(store);
}
