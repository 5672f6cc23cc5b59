//! Damaged files: whatever a store still answers is what was written, and the rest is an error.

use crate::support::{Dialogue, verify};
use proptest::prelude::*;
use sigma_core::store::{SessionStore, StoreError};
use sigma_store::SqliteStore;
use std::{error::Error, fs, path::Path, sync::OnceLock};

const CYCLES: u64 = 12;

/// A sound database of a few cycles.
fn sound() -> &'static [u8] {
    static FILE: OnceLock<Vec<u8>> = OnceLock::new();
    FILE.get_or_init(|| {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("sessions.db");
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        runtime.block_on(async {
            let store = SqliteStore::open(&path).unwrap();
            let mut dialogue = Dialogue::new("a");
            for _ in 0..CYCLES {
                store.commit(dialogue.next()).await.unwrap();
            }
        });
        fs::read(&path).unwrap()
    })
}

/// Everything that an error says, down to its root.
fn told(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text = format!("{text}: {error}");
        source = error.source();
    }
    text
}

/// Opens and reads all. Either all is as it was written, or the error is told.
fn examine(path: &Path) -> Result<u64, String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(async {
        let store = SqliteStore::open(path).map_err(|error| told(&error))?;
        verify(&store, "a").await.map_err(|error| told(&error))
    })
}

#[test]
fn a_page_of_rubbish_is_told_with_the_file_and_the_way_to_mend_it() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("sessions.db");
    let mut bytes = sound().to_vec();
    assert!(bytes.len() > 20 * 4096, "the file has pages to damage");
    for byte in &mut bytes[3 * 4096..] {
        *byte = 0xa5;
    }
    fs::write(&path, &bytes).unwrap();
    let error = examine(&path).unwrap_err();
    assert!(error.contains("sessions.db"), "{error}");
    assert!(error.contains("put a backup in its place"), "{error}");
}

#[test]
fn a_file_that_is_cut_off_is_told() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("sessions.db");
    fs::write(&path, &sound()[..sound().len() / 2]).unwrap();
    let error = examine(&path).unwrap_err();
    assert!(
        error.contains("sessions.db") && error.contains("backup"),
        "{error}"
    );
}

#[test]
fn a_body_that_was_changed_names_its_session_part_and_cycle() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("sessions.db");
    let mut bytes = sound().to_vec();
    let needle = b"frame 3 of 3 ";
    let at = bytes
        .windows(needle.len())
        .position(|window| window == needle)
        .unwrap();
    bytes[at] = b'F';
    fs::write(&path, &bytes).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(async {
        let store = SqliteStore::open(&path).unwrap();
        assert_eq!(
            store.check().await.unwrap(),
            [],
            "the database itself sees nothing"
        );
        let error = store.load(&crate::support::id("a")).await.unwrap_err();
        assert!(matches!(error, StoreError::Damaged { .. }), "{error:?}");
        let text = told(&error);
        assert!(
            text.contains("session a") && text.contains("frame of cycle 3"),
            "{text}"
        );
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn flipped_bits_never_change_an_answer(
        flips in proptest::collection::vec((any::<prop::sample::Index>(), 0u8..8), 1..6),
    ) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("sessions.db");
        let mut bytes = sound().to_vec();
        for (at, bit) in flips {
            let at = at.index(bytes.len());
            bytes[at] ^= 1 << bit;
        }
        fs::write(&path, &bytes).unwrap();
        match examine(&path) {
            // a flip in the name makes another session of it; all others are read or told
            Ok(cycle) => prop_assert!(cycle == CYCLES || cycle == 0, "{}", cycle),
            Err(error) => prop_assert!(!error.is_empty()),
        }
    }
}
