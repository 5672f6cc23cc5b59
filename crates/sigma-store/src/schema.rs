//! The schema and its migrations, one numbered file each.

use rusqlite::{Connection, ErrorCode, TransactionBehavior};

use crate::fault::{OpenError, Place};

const MIGRATIONS: [&str; 1] = [include_str!("../migrations/0001_sessions.sql")];

/// The schema that this version writes: `user_version` of the database.
pub const SCHEMA_VERSION: u32 = MIGRATIONS.len() as u32;

/// `application_id` of the database.
const APPLICATION: i32 = 0x5347_4d41;

/// Brings a database to the newest schema.
pub(crate) fn migrate(connection: &mut Connection, place: &Place) -> Result<(), OpenError> {
    let fault = |error| OpenError::Database(place.fault(error));
    if version(connection, place)? == SCHEMA_VERSION {
        return Ok(());
    }
    // another process may be doing the same: whoever gets the lock second finds nothing to do
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(fault)?;
    let found = version(&transaction, place)?;
    for (migration, number) in MIGRATIONS.iter().zip(1..).skip(found as usize) {
        transaction.execute_batch(migration).map_err(fault)?;
        transaction
            .pragma_update(None, "user_version", number)
            .map_err(fault)?;
    }
    transaction
        .pragma_update(None, "application_id", APPLICATION)
        .map_err(fault)?;
    transaction.commit().map_err(fault)
}

/// The schema that a database has, 0 if it is empty.
pub(crate) fn version(connection: &Connection, place: &Place) -> Result<u32, OpenError> {
    Stamp::of(connection, place)?.version(APPLICATION, SCHEMA_VERSION, place)
}

/// What a database says of itself, read at one moment: another process may be making the same file.
pub(crate) struct Stamp {
    application: i64,
    version: i64,
    empty: bool,
}

impl Stamp {
    pub(crate) fn of(connection: &Connection, place: &Place) -> Result<Self, OpenError> {
        let fault = |error: rusqlite::Error| match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => OpenError::NotADatabase {
                path: place.path.clone(),
            },
            _ => OpenError::Database(place.fault(error)),
        };
        // one snapshot for the three questions, the caller's if it holds one
        let _snapshot = connection
            .is_autocommit()
            .then(|| connection.unchecked_transaction())
            .transpose()
            .map_err(fault)?;
        let number = |sql| {
            connection
                .query_row(sql, [], |row| row.get(0))
                .map_err(fault)
        };
        Ok(Self {
            empty: number("SELECT count(*) FROM sqlite_schema")? == 0,
            application: number("PRAGMA application_id")?,
            version: number("PRAGMA user_version")?,
        })
    }

    /// The schema of `application`, 0 if the database is empty.
    pub(crate) fn version(
        &self,
        application: i32,
        known: u32,
        place: &Place,
    ) -> Result<u32, OpenError> {
        let path = || place.path.clone();
        if self.application == 0 && self.version == 0 && self.empty {
            return Ok(0);
        }
        match u32::try_from(self.version) {
            _ if self.application != i64::from(application) => {
                Err(OpenError::Foreign { path: path() })
            }
            Ok(version) if version <= known => Ok(version),
            Ok(found) => Err(OpenError::Newer {
                path: path(),
                found,
                known,
            }),
            Err(_) => Err(OpenError::Foreign { path: path() }),
        }
    }
}
