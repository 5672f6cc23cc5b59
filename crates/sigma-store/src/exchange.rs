//! Other runtimes and what came from them, in a SQLite file of its own: it comes from outside, and must
//! not hold the lock under which sessions are written.

use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior, params};
use std::{
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::connect::{self, Options};
use crate::fault::{OpenError, Place, StoreFault};
use crate::schema::Stamp;

const SCHEMA: &str = include_str!("../migrations/exchange_0001.sql");
/// `user_version` of the file.
const VERSION: u32 = 1;
/// `application_id` of the file.
const APPLICATION: i32 = 0x5347_5850;

/// Another runtime as it is kept. What the texts mean is the caller's business.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeerRow {
    /// Its UUID.
    pub runtime_id: String,
    /// The name of its key.
    pub kid: String,
    /// Its public key.
    pub public_key: String,
    /// Where it is reached, if it is.
    pub url: Option<String>,
    /// What it may do.
    pub grants: String,
    /// When it was added, in milliseconds since 1970.
    pub added_at: i64,
    /// What the last handshake came to.
    pub met: Option<String>,
}

/// Something that a peer sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignRow {
    /// Position among all that came.
    pub place: i64,
    /// Who sent it.
    pub runtime_id: String,
    /// When it came, in milliseconds since 1970.
    pub at: i64,
    /// Its checksum.
    pub checksum: String,
    /// Bytes of the body.
    pub bytes: u64,
}

/// Keeps peers and what came from them. Several processes may share the file. Calls block.
///
/// What lies in quarantine is handed out as text, to be looked at: nothing here or above makes a
/// memory of it.
#[derive(Debug)]
pub struct SqliteExchange {
    place: Place,
    connection: Mutex<Connection>,
}

type Outcome<T> = Result<T, StoreFault>;

impl SqliteExchange {
    /// Opens a file, making it if there is none.
    ///
    /// # Errors
    /// [`OpenError`] says what is wrong with the file and how to mend it.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, OpenError> {
        let place = Place {
            path: path.into(),
            busy_timeout: Options::default().busy_timeout,
        };
        let connection = Mutex::new(prepared(&place)?);
        Ok(Self { place, connection })
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.place.path
    }

    /// Adds a peer, or puts another key, address or other grants in the place of those it had.
    /// What the peer told stays only under the same key.
    ///
    /// # Errors
    /// [`StoreFault`]; [`StoreFault::Taken`] where another peer has the key.
    pub fn put_peer(&self, peer: &PeerRow) -> Outcome<()> {
        self.transact(|tx| {
            let taken: Option<String> = tx
                .prepare_cached("SELECT runtime_id FROM peer WHERE kid = ?1 AND runtime_id <> ?2")?
                .query_row(params![peer.kid, peer.runtime_id], |row| row.get(0))
                .optional()?;
            if let Some(by) = taken {
                return Ok(Some(by));
            }
            let same = tx
                .prepare_cached("SELECT 1 FROM peer WHERE runtime_id = ?1 AND public_key = ?2")?
                .exists(params![peer.runtime_id, peer.public_key])?;
            if !same {
                tx.execute("DELETE FROM peer WHERE runtime_id = ?1", [&peer.runtime_id])?;
            }
            tx.execute(
                "INSERT INTO peer (runtime_id, kid, public_key, url, grants, added_at, met) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (runtime_id) DO UPDATE SET \
                 kid = ?2, public_key = ?3, url = ?4, grants = ?5, met = coalesce(?7, met)",
                params![
                    peer.runtime_id,
                    peer.kid,
                    peer.public_key,
                    peer.url,
                    peer.grants,
                    peer.added_at,
                    peer.met
                ],
            )?;
            Ok(None)
        })?
        .map_or(Ok(()), |by| Err(StoreFault::Taken { by }))
    }

    /// Removes a peer and all that came from it, and tells whether there was one.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub fn remove_peer(&self, runtime_id: &str) -> Outcome<bool> {
        self.transact(|tx| {
            let removed = tx.execute("DELETE FROM peer WHERE runtime_id = ?1", [runtime_id])?;
            Ok(removed > 0)
        })
    }

    /// A peer by its UUID.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub fn peer(&self, runtime_id: &str) -> Outcome<Option<PeerRow>> {
        self.read(|connection| {
            let sql = format!("SELECT {PEER} FROM peer WHERE runtime_id = ?1");
            connection
                .prepare_cached(&sql)?
                .query_row([runtime_id], peer)
                .optional()
        })
    }

    /// All peers.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub fn peers(&self) -> Outcome<Vec<PeerRow>> {
        self.read(|connection| {
            let sql = format!("SELECT {PEER} FROM peer ORDER BY added_at, runtime_id");
            connection
                .prepare_cached(&sql)?
                .query_map([], peer)?
                .collect()
        })
    }

    /// Notes what a handshake with a peer came to.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub fn met(&self, runtime_id: &str, met: &str) -> Outcome<()> {
        self.transact(|tx| {
            tx.prepare_cached("UPDATE peer SET met = ?2 WHERE runtime_id = ?1")?
                .execute([runtime_id, met])
                .map(drop)
        })
    }

    /// Keeps what a peer told in the place of what it told before. One that is no peer tells nothing.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub fn tell(&self, runtime_id: &str, kind: &str, at: i64, body: &str) -> Outcome<bool> {
        self.transact(|tx| {
            let kept = tx
                .prepare_cached(
                    "INSERT INTO told (runtime_id, kind, at, body) \
                     SELECT runtime_id, ?2, ?3, ?4 FROM peer WHERE runtime_id = ?1 \
                     ON CONFLICT (runtime_id, kind) DO UPDATE SET at = ?3, body = ?4",
                )?
                .execute(params![runtime_id, kind, at, body])?;
            Ok(kept > 0)
        })
    }

    /// What a peer told last, and when.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub fn told(&self, runtime_id: &str, kind: &str) -> Outcome<Option<(i64, String)>> {
        self.read(|connection| {
            connection
                .prepare_cached("SELECT at, body FROM told WHERE runtime_id = ?1 AND kind = ?2")?
                .query_row([runtime_id, kind], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()
        })
    }

    /// Puts a foreign memory into quarantine; the oldest of the same peer beyond `most` go. Whether it
    /// is there now: one that is no peer leaves nothing.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub fn quarantine(
        &self,
        runtime_id: &str,
        at: i64,
        (checksum, body): (&str, &str),
        most: usize,
    ) -> Outcome<bool> {
        self.transact(|tx| {
            let kept = tx.execute(
                "INSERT INTO quarantine (runtime_id, at, checksum, body) \
                 SELECT runtime_id, ?2, ?3, ?4 FROM peer WHERE runtime_id = ?1 \
                 ON CONFLICT (runtime_id, checksum) DO UPDATE SET at = ?2",
                params![runtime_id, at, checksum, body],
            )?;
            tx.execute(
                "DELETE FROM quarantine WHERE runtime_id = ?1 AND place NOT IN \
                 (SELECT place FROM quarantine WHERE runtime_id = ?1 ORDER BY at DESC, place DESC LIMIT ?2)",
                params![runtime_id, i64::try_from(most).unwrap_or(i64::MAX)],
            )?;
            Ok(kept > 0)
        })
    }

    /// What lies in quarantine, the newest first, without the bodies.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub fn quarantined(&self) -> Outcome<Vec<ForeignRow>> {
        self.read(|connection| {
            connection
                .prepare_cached(
                    "SELECT place, runtime_id, at, checksum, octet_length(body) FROM quarantine \
                     ORDER BY place DESC",
                )?
                .query_map([], |row| {
                    Ok(ForeignRow {
                        place: row.get(0)?,
                        runtime_id: row.get(1)?,
                        at: row.get(2)?,
                        checksum: row.get(3)?,
                        bytes: row.get(4)?,
                    })
                })?
                .collect()
        })
    }

    /// One body that lies in quarantine, to be looked at.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub fn quarantined_body(&self, place: i64) -> Outcome<Option<String>> {
        self.read(|connection| {
            connection
                .prepare_cached("SELECT body FROM quarantine WHERE place = ?1")?
                .query_row([place], |row| row.get(0))
                .optional()
        })
    }

    /// The log of the commands that a session followed.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub fn command_log(&self, session: &str) -> Outcome<Option<String>> {
        self.read(|connection| {
            connection
                .prepare_cached("SELECT body FROM command_log WHERE session = ?1")?
                .query_row([session], |row| row.get(0))
                .optional()
        })
    }

    /// Puts a session's log in the place of the one before.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub fn put_command_log(&self, session: &str, body: &str) -> Outcome<()> {
        self.transact(|tx| {
            tx.prepare_cached("INSERT OR REPLACE INTO command_log (session, body) VALUES (?1, ?2)")?
                .execute([session, body])
                .map(drop)
        })
    }

    fn read<T>(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Outcome<T> {
        work(&self.lock()).map_err(|error| self.place.fault(error))
    }

    fn transact<T>(
        &self,
        work: impl FnOnce(&rusqlite::Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Outcome<T> {
        let done = |connection: &mut Connection| {
            let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let done = work(&tx)?;
            tx.commit()?;
            Ok(done)
        };
        done(&mut self.lock()).map_err(|error| self.place.fault(error))
    }

    /// Whatever a panic interrupted was rolled back with its transaction.
    fn lock(&self) -> MutexGuard<'_, Connection> {
        self.connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

const PEER: &str = "runtime_id, kid, public_key, url, grants, added_at, met";

fn peer(row: &rusqlite::Row<'_>) -> rusqlite::Result<PeerRow> {
    Ok(PeerRow {
        runtime_id: row.get(0)?,
        kid: row.get(1)?,
        public_key: row.get(2)?,
        url: row.get(3)?,
        grants: row.get(4)?,
        added_at: row.get(5)?,
        met: row.get(6)?,
    })
}

fn prepared(place: &Place) -> Result<Connection, OpenError> {
    connect::touch(&place.path).map_err(|source| OpenError::Refused {
        path: place.path.clone(),
        source,
    })?;
    let fault = |error| OpenError::Database(place.fault(error));
    let mut connection = connect::open(place).map_err(fault)?;
    Stamp::of(&connection, place)?.version(APPLICATION, VERSION, place)?;
    connect::wal(&connection, place).map_err(fault)?;
    let tx = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(fault)?;
    if Stamp::of(&tx, place)?.version(APPLICATION, VERSION, place)? != VERSION {
        tx.execute_batch(SCHEMA).map_err(fault)?;
        tx.pragma_update(None, "user_version", VERSION)
            .map_err(fault)?;
        tx.pragma_update(None, "application_id", APPLICATION)
            .map_err(fault)?;
    }
    tx.commit().map_err(fault)?;
    // a peer that was removed leaves nothing behind
    connection
        .pragma_update(None, "secure_delete", true)
        .map_err(fault)?;
    Ok(connection)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn opened() -> (tempfile::TempDir, SqliteExchange) {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteExchange::open(folder.path().join("x.db")).unwrap();
        (folder, store)
    }

    fn known(id: &str, kid: &str) -> PeerRow {
        PeerRow {
            runtime_id: id.into(),
            kid: kid.into(),
            public_key: format!("key of {kid}"),
            url: None,
            grants: "[]".into(),
            added_at: 1,
            met: None,
        }
    }

    #[test]
    fn a_peer_stays_until_it_is_removed_with_all_that_came_from_it() {
        let (folder, store) = opened();
        store.put_peer(&known("a", "k1")).unwrap();
        assert!(store.tell("a", "state", 5, "told").unwrap());
        assert!(store.quarantine("a", 6, ("sum", "body"), 4).unwrap());
        drop(store);
        let store = SqliteExchange::open(folder.path().join("x.db")).unwrap();
        assert_eq!(store.peer("a").unwrap(), Some(known("a", "k1")));
        assert_eq!(store.told("a", "state").unwrap(), Some((5, "told".into())));
        let taken = store.put_peer(&known("b", "k1")).unwrap_err();
        assert!(matches!(taken, StoreFault::Taken { by } if by == "a"));
        let place = store.quarantined().unwrap()[0].place;
        assert_eq!(store.quarantined_body(place).unwrap().unwrap(), "body");
        assert!(store.remove_peer("a").unwrap() && !store.remove_peer("a").unwrap());
        assert!(store.quarantined().unwrap().is_empty());
        assert_eq!(store.told("a", "state").unwrap(), None);
    }

    #[test]
    fn another_key_is_another_peer() {
        let (_folder, store) = opened();
        store.put_peer(&known("a", "k1")).unwrap();
        store.met("a", "met").unwrap();
        store.tell("a", "state", 5, "told").unwrap();
        let elsewhere = PeerRow {
            url: Some("http://x".into()),
            ..known("a", "k1")
        };
        store.put_peer(&elsewhere).unwrap();
        let kept = store.peer("a").unwrap().unwrap();
        assert_eq!((kept.url, kept.met), (elsewhere.url, Some("met".into())));
        assert!(store.told("a", "state").unwrap().is_some());
        store.put_peer(&known("a", "k2")).unwrap();
        assert_eq!(store.peer("a").unwrap(), Some(known("a", "k2")));
        assert_eq!(store.told("a", "state").unwrap(), None);
    }

    #[test]
    fn whoever_is_no_peer_leaves_nothing() {
        let (_folder, store) = opened();
        assert!(!store.tell("x", "state", 5, "told").unwrap());
        assert!(!store.quarantine("x", 6, ("sum", "body"), 4).unwrap());
        assert!(store.quarantined().unwrap().is_empty());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(16))]
        #[test]
        fn quarantine_is_bounded_and_keeps_the_newest(
            sums in prop::collection::vec(0u8..20, 1..40), most in 1usize..6,
        ) {
            let (_folder, store) = opened();
            store.put_peer(&known("a", "k1")).unwrap();
            for (at, sum) in sums.iter().enumerate() {
                store.quarantine("a", at as i64, (&sum.to_string(), "b"), most).unwrap();
            }
            let rows = store.quarantined().unwrap();
            prop_assert!(rows.len() <= most);
            let last = sums.last().unwrap().to_string();
            prop_assert!(rows.iter().any(|row| row.checksum == last));
        }
    }
}
