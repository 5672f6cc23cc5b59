//! Opening a database file.

use rusqlite::{Connection, ErrorCode, OpenFlags};
use std::{
    fs, io,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use crate::fault::{OpenError, Place};
use crate::schema;

/// How a store behaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// How long to wait for another process that writes. Default: five seconds.
    pub busy_timeout: Duration,
    /// Threads that read, at least one. Default: two.
    pub readers: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            busy_timeout: Duration::from_secs(5),
            readers: 2,
        }
    }
}

/// Opens the connection that writes, makes the file if there is none, and migrates it.
pub(crate) fn writer(place: &Place) -> Result<Connection, OpenError> {
    touch(&place.path).map_err(|source| OpenError::Refused {
        path: place.path.clone(),
        source,
    })?;
    let fault = |error| OpenError::Database(place.fault(error));
    let mut connection = open(place).map_err(fault)?;
    // before anything is written: the file may belong to somebody else
    schema::version(&connection, place)?;
    wal(&connection, place).map_err(fault)?;
    schema::migrate(&mut connection, place)?;
    // a turn that was answered survives the loss of power, not only that of the process
    connection
        .pragma_update(None, "synchronous", "FULL")
        .map_err(fault)?;
    connection
        .pragma_update(None, "journal_size_limit", 64 << 20)
        .map_err(fault)?;
    Ok(connection)
}

/// Opens a connection that only reads.
pub(crate) fn reader(place: &Place) -> Result<Connection, OpenError> {
    let fault = |error| OpenError::Database(place.fault(error));
    let connection = open(place).map_err(fault)?;
    connection
        .pragma_update(None, "query_only", true)
        .map_err(fault)?;
    Ok(connection)
}

/// Makes the file if there is none.
pub(crate) fn touch(path: &Path) -> io::Result<()> {
    private().create(true).open(path).map(drop)
}

/// Makes a file that must not be there yet.
pub(crate) fn create(path: &Path) -> io::Result<()> {
    private().create_new(true).open(path).map(drop)
}

/// For the owner only: these files hold what people said.
fn private() -> fs::OpenOptions {
    let mut options = fs::OpenOptions::new();
    options.read(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

pub(crate) fn open(place: &Place) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(&place.path, flags)?;
    connection.busy_timeout(place.busy_timeout)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// Switches to write-ahead logging. SQLite does not wait by itself for others that open the same file
/// at the same time.
pub(crate) fn wal(connection: &Connection, place: &Place) -> rusqlite::Result<()> {
    let deadline = Instant::now() + place.busy_timeout;
    loop {
        match connection.pragma_update(None, "journal_mode", "WAL") {
            Err(error)
                if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
                    && Instant::now() < deadline =>
            {
                thread::sleep(Duration::from_millis(5));
            }
            done => return done,
        }
    }
}
