//! What can go wrong, whose fault it is and how to mend it.

use rusqlite::{Error as SqlError, ErrorCode};
use sigma_core::store::StoreError;
use sigma_types::{Cycle, SessionId};
use std::{fmt, io, path::PathBuf, time::Duration};

/// A database file could not be opened as a session store.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The operating system refused.
    #[error("cannot open {path}: does its directory exist, and may this user write there?", path = path.display())]
    Refused {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The file is something else.
    #[error("{path} is not a SQLite database: give the path of another file", path = path.display())]
    NotADatabase {
        /// The file.
        path: PathBuf,
    },
    /// The file is a database of another application.
    #[error("{path} is a database of another application: give the path of another file", path = path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// The file holds nothing yet.
    #[error("{path} is empty: give the path of a ledger", path = path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// A newer version of this software wrote the file.
    #[error(
        "{path} has schema {found} and this version knows schemas up to {known}: use the newer version that wrote it",
        path = path.display()
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Schema of the file.
        found: u32,
        /// The newest schema that is known.
        known: u32,
    },
    /// The database itself failed.
    #[error(transparent)]
    Database(#[from] StoreFault),
    /// No thread could be started.
    #[error("cannot start a thread for the session store")]
    Thread(#[source] io::Error),
}

/// Why a store that was opened could not do what was asked; the source of [`StoreError::Backend`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreFault {
    /// Somebody else held the file for too long.
    #[error(
        "another process has kept {path} locked for more than {waited:?}: stop it, or try again later",
        path = path.display()
    )]
    Busy {
        /// The file.
        path: PathBuf,
        /// How long the store waited.
        waited: Duration,
    },
    /// The file is damaged.
    #[error(
        "the database file {path} is damaged: stop everything that uses it, then put a backup in its place, or save what can be read with `sqlite3 {path} .recover | sqlite3 mended.db` and use mended.db",
        path = path.display()
    )]
    Corrupt {
        /// The file.
        path: PathBuf,
        /// What was found.
        #[source]
        source: SqlError,
    },
    /// The disk is full.
    #[error("no space is left for {path}: free some and try again", path = path.display())]
    Full {
        /// The file.
        path: PathBuf,
    },
    /// The file may not be written.
    #[error("{path} may only be read: change its permissions or those of its directory", path = path.display())]
    ReadOnly {
        /// The file.
        path: PathBuf,
    },
    /// Records have to follow upon one another without gaps.
    #[error("record {found} was given where record {expected} follows")]
    Gap {
        /// The number that follows.
        expected: u64,
        /// The number given.
        found: u64,
    },
    /// A copy could not be begun.
    #[error("cannot make {path}: a copy is only written to a new file in a directory that exists", path = path.display())]
    BackUp {
        /// The file that was to be made.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Another has the name already.
    #[error("the key belongs to {by} already: remove that peer first, or use another key")]
    Taken {
        /// Who has it.
        by: String,
    },
    /// The store is shutting down.
    #[error("the session store has stopped")]
    Stopped,
    /// Anything else that the database reports.
    #[error("the database {path} failed", path = path.display())]
    Database {
        /// The file.
        path: PathBuf,
        /// What was reported.
        #[source]
        source: SqlError,
    },
}

/// What is wrong with stored data; the source of [`StoreError::Damaged`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Damage {
    /// A body is not the one that was written.
    #[error(
        "the {part} of cycle {cycle} is not what was written: restore the database from a backup"
    )]
    Digest {
        /// Which body.
        part: Part,
        /// Its cycle.
        cycle: Cycle,
    },
    /// A sequence has a hole.
    #[error("{part} number {expected} is missing: restore the database from a backup")]
    Missing {
        /// Which sequence.
        part: Part,
        /// The number that is missing.
        expected: u64,
    },
    /// A value is not of the kind that was written.
    #[error("a stored value cannot be read: restore the database from a backup")]
    Value(#[source] SqlError),
    /// An operational event of a kind that this version does not know.
    #[error("a stored event is of an unknown kind: use the newer version that wrote it")]
    Event(#[source] serde_json::Error),
}

/// A part of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Part {
    /// The bounded state.
    State,
    /// The report of a cycle.
    Report,
    /// A memory frame.
    Frame,
    /// A tombstone.
    Tombstone,
    /// An entry of the integrity ledger.
    LedgerEntry,
}

impl Part {
    /// The table of a sequence.
    pub(crate) const fn table(self) -> &'static str {
        match self {
            Self::State => "session",
            Self::Report => "cycle",
            Self::Frame => "frame",
            Self::Tombstone => "tombstone",
            Self::LedgerEntry => "ledger",
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::State => "state",
            Self::Report => "report",
            Self::Frame => "frame",
            Self::Tombstone => "tombstone",
            Self::LedgerEntry => "ledger entry",
        })
    }
}

/// Trouble as it arises, before file and session are known.
#[derive(Debug)]
pub(crate) enum Trouble {
    Sql(SqlError),
    Refused(StoreError),
    Fault(StoreFault),
    Damaged(Damage),
}

impl From<SqlError> for Trouble {
    fn from(error: SqlError) -> Self {
        let unreadable = matches!(
            error,
            SqlError::FromSqlConversionFailure(..)
                | SqlError::IntegralValueOutOfRange(..)
                | SqlError::InvalidColumnType(..)
                | SqlError::Utf8Error(..)
        );
        if unreadable {
            Self::Damaged(Damage::Value(error))
        } else {
            Self::Sql(error)
        }
    }
}

impl From<Damage> for Trouble {
    fn from(damage: Damage) -> Self {
        Self::Damaged(damage)
    }
}

/// The file that a store works on, for error messages.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) path: PathBuf,
    pub(crate) busy_timeout: Duration,
}

impl Place {
    /// Sorts an error of the database.
    pub(crate) fn fault(&self, error: SqlError) -> StoreFault {
        let path = self.path.clone();
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreFault::Busy {
                path,
                waited: self.busy_timeout,
            },
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => StoreFault::Corrupt {
                path,
                source: error,
            },
            Some(ErrorCode::DiskFull) => StoreFault::Full { path },
            Some(ErrorCode::ReadOnly) => StoreFault::ReadOnly { path },
            _ => StoreFault::Database {
                path,
                source: error,
            },
        }
    }

    /// Turns trouble into what callers of the trait see.
    pub(crate) fn error(&self, trouble: Trouble, session: Option<&SessionId>) -> StoreError {
        match (trouble, session) {
            (Trouble::Sql(error), _) => StoreError::Backend(Box::new(self.fault(error))),
            (Trouble::Refused(error), _) => error,
            (Trouble::Fault(fault), _) => StoreError::Backend(Box::new(fault)),
            (Trouble::Damaged(damage), Some(session)) => StoreError::Damaged {
                session: session.clone(),
                source: Box::new(damage),
            },
            (Trouble::Damaged(damage), None) => StoreError::Backend(Box::new(damage)),
        }
    }
}
