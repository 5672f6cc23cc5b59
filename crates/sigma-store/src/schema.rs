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
    let fault = |error: rusqlite::Error| match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => OpenError::NotADatabase {
            path: place.path.clone(),
        },
        _ => OpenError::Database(place.fault(error)),
    };
    let number = |sql| {
        connection
            .query_row(sql, [], |row| row.get::<_, i64>(0))
            .map_err(fault)
    };
    let application = number("PRAGMA application_id")?;
    let version = number("PRAGMA user_version")?;
    let tables = number("SELECT count(*) FROM sqlite_schema")?;
    let path = place.path.clone();
    if application != i64::from(APPLICATION) && (application != 0 || version != 0 || tables != 0) {
        return Err(OpenError::Foreign { path });
    }
    match u32::try_from(version) {
        Ok(version) if version <= SCHEMA_VERSION => Ok(version),
        Ok(found) => Err(OpenError::Newer {
            path,
            found,
            known: SCHEMA_VERSION,
        }),
        Err(_) => Err(OpenError::Foreign { path }),
    }
}
