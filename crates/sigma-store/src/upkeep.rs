//! Looking after a database: checking it and copying it while it is in use.

use rusqlite::{Connection, Error as SqlError};
use sigma_core::store::StoreError;
use std::{
    fmt,
    path::{Path, PathBuf},
};

use crate::connect;
use crate::fault::{Place, StoreFault, Trouble};
use crate::store::SqliteStore;

/// Something that a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding(String);

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl SqliteStore {
    /// Reads the whole file and reports what is wrong with it: nothing, as a rule. Bodies are checked
    /// against their digests whenever they are read, not here.
    ///
    /// # Errors
    /// [`StoreError::Backend`].
    pub async fn check(&self) -> Result<Vec<Finding>, StoreError> {
        self.read(None, |connection| Ok(check(connection)?)).await
    }

    /// Writes a copy of the database as it stands to a new file, while it is in use.
    ///
    /// # Errors
    /// [`StoreError::Backend`], also when the file exists already.
    pub async fn back_up(&self, to: impl Into<PathBuf> + Send) -> Result<(), StoreError> {
        let to = to.into();
        let source = self.place().clone();
        self.read(None, move |_| back_up(&source, &to).map_err(Trouble::Fault))
            .await
    }
}

/// Copies from a connection of its own: those that read may not write, not even elsewhere.
fn back_up(source: &Place, to: &Path) -> Result<(), StoreFault> {
    let fault = |source| StoreFault::Database {
        path: to.to_owned(),
        source,
    };
    let name = to
        .to_str()
        .ok_or_else(|| fault(SqlError::InvalidPath(to.to_owned())))?;
    connect::create(to).map_err(|source| StoreFault::BackUp {
        path: to.to_owned(),
        source,
    })?;
    let connection = connect::open(source).map_err(|error| source.fault(error))?;
    connection
        .execute("VACUUM INTO ?1", [name])
        .map_err(fault)?;
    Ok(())
}

fn check(connection: &Connection) -> rusqlite::Result<Vec<Finding>> {
    let mut findings = Vec::new();
    let mut statement = connection.prepare("PRAGMA integrity_check")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let line: String = row.get(0)?;
        if line != "ok" {
            findings.push(Finding(line));
        }
    }
    let mut statement = connection.prepare("PRAGMA foreign_key_check")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let table: String = row.get(0)?;
        findings.push(Finding(format!("a row of {table} belongs to no session")));
    }
    Ok(findings)
}
