//! The interop ledger in a SQLite file of its own: handshakes come from outside, and must not hold the lock
//! under which sessions are written.

mod audit;
mod transaction;

use kiri_ioh::{
    handshake::Stored,
    ids::{BindToken, NegotiationId},
    ledger::{Entry, Head},
    signal::Signal,
    store::{Store, StoreError, Transaction},
};
use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior, params};
use serde::{Serialize, de::DeserializeOwned};
use std::{
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

use crate::connect::{self, Options};
use crate::fault::{OpenError, Place, StoreFault};
use crate::schema::Stamp;
use transaction::Staged;

pub use audit::{Audit, AuditError};

const SCHEMA: &str = include_str!("../migrations/interop_0001.sql");
/// `user_version` of the file.
const VERSION: u32 = 1;
/// `application_id` of the file.
const APPLICATION: i32 = 0x4b49_4f48;

/// Between two tries to empty the log.
const PAUSE: Duration = Duration::from_millis(5);

/// Keeps handshakes and their ledger in one SQLite file, durably: an answered phase survives the loss of
/// power. Several processes may share the file. Calls block.
#[derive(Debug)]
pub struct SqliteLedger {
    place: Place,
    writer: Mutex<Connection>,
    reader: Mutex<Connection>,
}

impl SqliteLedger {
    /// Opens a file, making it if there is none.
    ///
    /// # Errors
    /// [`OpenError`] says what is wrong with the file and how to mend it.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, OpenError> {
        Self::open_with(path, &Options::default())
    }

    /// Opens a file that is a ledger already; one that is not is left as it is.
    ///
    /// # Errors
    /// As [`SqliteLedger::open`], and [`OpenError::Empty`].
    pub fn open_existing(path: impl Into<PathBuf>) -> Result<Self, OpenError> {
        let path = path.into();
        let place = Place {
            path: path.clone(),
            busy_timeout: Options::default().busy_timeout,
        };
        let fault = |error| OpenError::Database(place.fault(error));
        let connection = connect::open(&place).map_err(fault)?;
        match version(&connection, &place)? {
            0 => Err(OpenError::Empty { path }),
            _ => Self::open(path),
        }
    }

    /// As [`SqliteLedger::open`], with options; the number of readers is always one.
    ///
    /// # Errors
    /// As [`SqliteLedger::open`].
    pub fn open_with(path: impl Into<PathBuf>, options: &Options) -> Result<Self, OpenError> {
        let place = Place {
            path: path.into(),
            busy_timeout: options.busy_timeout,
        };
        let writer = Mutex::new(writer(&place)?);
        let reader = Mutex::new(connect::reader(&place)?);
        Ok(Self {
            place,
            writer,
            reader,
        })
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.place.path
    }

    /// Where the ledger ends, as last committed.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn head(&self) -> Result<Head, StoreError> {
        let sql = "SELECT seq, entry_hash FROM entry ORDER BY seq DESC LIMIT 1";
        let last = self.read(|connection| {
            let row =
                |row: &rusqlite::Row<'_>| Ok((row.get::<_, u64>(0)?, row.get::<_, String>(1)?));
            connection
                .prepare_cached(sql)?
                .query_row([], row)
                .optional()
        })?;
        last.map_or(Ok(Head::EMPTY), |(seq, hash)| {
            let last = hash.parse().map_err(|_| StoreError::Damaged)?;
            Ok(Head {
                size: seq + 1,
                last,
            })
        })
    }

    /// An entry by its name, such as `kiri:interop/bnd_…#sealed`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn entry(&self, id: &str) -> Result<Option<Entry>, StoreError> {
        self.read(|connection| {
            connection
                .prepare_cached("SELECT body FROM entry WHERE entry_id = ?1")?
                .query_row([id], |row| json(row, 0))
                .optional()
        })
    }

    /// Empties the write-ahead log: what was erased lies in it until then. Waits for others that read or
    /// write, up to the busy timeout.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] where somebody held the file for too long; call it again then.
    pub fn empty_log(&self) -> Result<(), StoreError> {
        let writer = lock(&self.writer);
        let deadline = Instant::now() + self.place.busy_timeout;
        loop {
            let busy = writer.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| {
                row.get::<_, bool>(0)
            });
            match busy {
                Ok(false) => return Ok(()),
                Ok(true) if Instant::now() < deadline => thread::sleep(PAUSE),
                Ok(true) => {
                    let (path, waited) = (self.place.path.clone(), self.place.busy_timeout);
                    let busy = StoreFault::Busy { path, waited };
                    return Err(StoreError::Unavailable(Box::new(busy)));
                }
                Err(error) => return Err(fault(&self.place, error)),
            }
        }
    }

    fn read<T>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        work(&lock(&self.reader)).map_err(|error| fault(&self.place, error))
    }
}

/// Whatever a panic interrupted was rolled back with its transaction.
fn lock(connection: &Mutex<Connection>) -> MutexGuard<'_, Connection> {
    connection.lock().unwrap_or_else(PoisonError::into_inner)
}

fn writer(place: &Place) -> Result<Connection, OpenError> {
    connect::touch(&place.path).map_err(|source| OpenError::Refused {
        path: place.path.clone(),
        source,
    })?;
    let fault = |error| OpenError::Database(place.fault(error));
    let mut connection = connect::open(place).map_err(fault)?;
    version(&connection, place)?;
    connect::wal(&connection, place).map_err(fault)?;
    migrate(&mut connection, place)?;
    for (name, value) in [("synchronous", "FULL"), ("secure_delete", "ON")] {
        connection.pragma_update(None, name, value).map_err(fault)?;
    }
    Ok(connection)
}

fn migrate(connection: &mut Connection, place: &Place) -> Result<(), OpenError> {
    let fault = |error| OpenError::Database(place.fault(error));
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(fault)?;
    if version(&transaction, place)? == VERSION {
        return Ok(());
    }
    transaction.execute_batch(SCHEMA).map_err(fault)?;
    let numbers = [
        ("user_version", i64::from(VERSION)),
        ("application_id", i64::from(APPLICATION)),
    ];
    for (name, value) in numbers {
        transaction
            .pragma_update(None, name, value)
            .map_err(fault)?;
    }
    transaction.commit().map_err(fault)
}

/// The schema that a file has, 0 if it is empty.
fn version(connection: &Connection, place: &Place) -> Result<u32, OpenError> {
    Stamp::of(connection, place)?.version(APPLICATION, VERSION, place)
}

/// Sorts an error of the database into what the handshake knows.
fn fault(place: &Place, error: rusqlite::Error) -> StoreError {
    match error {
        rusqlite::Error::FromSqlConversionFailure(..) | rusqlite::Error::InvalidColumnType(..) => {
            StoreError::Damaged
        }
        error if error.sqlite_error_code() == Some(rusqlite::ErrorCode::ConstraintViolation) => {
            StoreError::Conflict
        }
        error => StoreError::Unavailable(Box::new(place.fault(error))),
    }
}

/// A column of JSON.
fn json<T: DeserializeOwned>(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<T> {
    let text = row.get_ref(column)?.as_str()?;
    serde_json::from_str(text).map_err(|error| {
        let kind = rusqlite::types::Type::Text;
        rusqlite::Error::FromSqlConversionFailure(column, kind, Box::new(error))
    })
}

fn written(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Unavailable(Box::new(error)))
}

impl Store for SqliteLedger {
    fn transact<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&mut dyn Transaction) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut connection = lock(&self.writer);
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(|error| fault(&self.place, error))?;
        let done = work(&mut Staged {
            transaction: &transaction,
            place: &self.place,
        })?;
        transaction
            .commit()
            .map_err(|error| fault(&self.place, error))?;
        Ok(done)
    }

    fn handshake(&self, id: &NegotiationId) -> Result<Option<Stored>, StoreError> {
        self.read(|connection| {
            connection
                .prepare_cached("SELECT body FROM handshake WHERE negotiation_id = ?1")?
                .query_row([id.as_str()], |row| json(row, 0))
                .optional()
        })
    }

    fn handshake_of(&self, token: &BindToken) -> Result<Option<Stored>, StoreError> {
        self.read(|connection| {
            connection
                .prepare_cached("SELECT body FROM handshake WHERE bind_token = ?1")?
                .query_row([token.as_str()], |row| json(row, 0))
                .optional()
        })
    }

    fn entries(&self, from: u64, limit: usize) -> Result<Vec<Entry>, StoreError> {
        let from = i64::try_from(from).unwrap_or(i64::MAX);
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.read(|connection| {
            connection
                .prepare_cached("SELECT body FROM entry WHERE seq >= ?1 ORDER BY seq LIMIT ?2")?
                .query_map(params![from, limit], |row| json(row, 0))?
                .collect()
        })
    }

    fn outbox(&self, limit: usize) -> Result<Vec<Signal>, StoreError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.read(|connection| {
            connection
                .prepare_cached("SELECT body FROM outbox ORDER BY place LIMIT ?1")?
                .query_map([limit], |row| json(row, 0))?
                .collect()
        })
    }

    fn delivered(&self, signal_id: &str) -> Result<(), StoreError> {
        lock(&self.writer)
            .execute("DELETE FROM outbox WHERE id = ?1", [signal_id])
            .map(drop)
            .map_err(|error| fault(&self.place, error))
    }
}
