//! Whether a ledger's file is whole: every entry by its hash, place and signature, and every row beside
//! the ledger by what the ledger says.

use kiri_ioh::{
    digest::Digest,
    handshake::Stored,
    ids::BindToken,
    json,
    keys::PublicKey,
    ledger::{
        Apart, Broken, Entry, Erasure, Fault, Head, Payload, PrivateText, Projection, Verifier,
    },
    signal::Signal,
    store::Message,
};
use rusqlite::{Connection, Row};
use serde::{Serialize, de::DeserializeOwned};
use std::collections::{BTreeMap, BTreeSet};

use super::{SCHEMA, SqliteLedger, lock};
use crate::fault::StoreFault;

/// What was found in a ledger that is whole.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Audit {
    /// Where it ends.
    pub head: Head,
    /// Every handshake, as the ledger tells it.
    pub projection: Projection,
}

/// The first thing that is broken.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AuditError {
    /// An entry of the ledger.
    #[error("{0}")]
    Entry(#[from] Broken),
    /// A row that lies beside the ledger.
    #[error("{table} {row}: {what}")]
    Row {
        /// What kind of row.
        table: &'static str,
        /// Its name.
        row: String,
        /// What is wrong with it.
        what: &'static str,
    },
    /// The file itself.
    #[error("the file: {0}")]
    File(String),
    /// The file could not be read.
    #[error(transparent)]
    Fault(#[from] StoreFault),
}

/// What the ledger says about the rows beside it.
#[derive(Default)]
struct Expected {
    texts: BTreeSet<Digest>,
    messages: BTreeMap<(BindToken, String), Message>,
    signals: BTreeMap<String, Signal>,
}

impl SqliteLedger {
    /// Looks at everything that the file holds, as one moment of it, trusting `key`.
    ///
    /// # Errors
    /// [`AuditError`]: the first thing that is broken, by name.
    pub fn audit(&self, key: &PublicKey) -> Result<Audit, AuditError> {
        let connection = lock(&self.reader);
        let fault = |error| AuditError::Fault(self.place.fault(error));
        let moment = connection.unchecked_transaction().map_err(fault)?;
        let found = check_file(&moment)
            .and_then(|()| audit(&moment, key))
            .map_err(|error| match error {
                Found::Audit(error) => error,
                Found::Sql(error) => fault(error),
            });
        drop(moment);
        found
    }
}

enum Found {
    Audit(AuditError),
    Sql(rusqlite::Error),
}

impl From<rusqlite::Error> for Found {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

impl From<AuditError> for Found {
    fn from(error: AuditError) -> Self {
        Self::Audit(error)
    }
}

/// Pages, indexes, and the tables and triggers themselves.
fn check_file(connection: &Connection) -> Result<(), Found> {
    let mut check = connection.prepare("PRAGMA integrity_check(1)")?;
    let said: String = check.query_row([], |row| row.get(0))?;
    if said != "ok" {
        return Err(AuditError::File(said).into());
    }
    let own = Connection::open_in_memory()?;
    own.execute_batch(SCHEMA)?;
    if schema(&own)? != schema(connection)? {
        let what = "its tables or triggers are not those that were made";
        return Err(AuditError::File(what.into()).into());
    }
    Ok(())
}

fn schema(connection: &Connection) -> rusqlite::Result<Vec<[Option<String>; 4]>> {
    connection
        .prepare("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name")?
        .query_map([], |row| {
            Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?])
        })?
        .collect()
}

fn audit(connection: &Connection, key: &PublicKey) -> Result<Audit, Found> {
    let mut verifier = Verifier::new(key);
    let mut expected = Expected::default();
    let sql = "SELECT seq, entry_hash, entry_id, body FROM entry ORDER BY seq";
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let broken = || Broken {
            seq: verifier.head().size,
            entry_id: text(row, 2).ok(),
            fault: Fault::Form,
        };
        let entry: Entry = exact(row, 3).ok_or_else(|| AuditError::Entry(broken()))?;
        let record = &entry.record;
        let columns = row.get::<_, u64>(0).ok() == Some(record.seq)
            && text(row, 1).ok() == Some(record.entry_hash.to_string())
            && text(row, 2).ok().as_ref() == Some(&record.entry_id);
        if !columns {
            return Err(AuditError::Entry(broken()).into());
        }
        verifier.next(&entry).map_err(AuditError::Entry)?;
        expected.learn(&entry);
    }
    let projection = verifier.projection().clone();
    check_handshakes(connection, &projection)?;
    check_texts(connection, &expected.texts)?;
    check_messages(connection, &expected.messages)?;
    check_outbox(connection, &expected.signals)?;
    Ok(Audit {
        head: verifier.head(),
        projection,
    })
}

impl Expected {
    fn learn(&mut self, entry: &Entry) {
        match &entry.payload {
            Payload::Announced(opening) => _ = self.texts.insert(opening.contact),
            Payload::Sealed(sealing) => _ = self.texts.insert(sealing.reason),
            Payload::Erased(Erasure {
                what: Apart::Contact | Apart::Reason,
                commitment,
            }) => {
                self.texts.remove(commitment);
            }
            Payload::Operated(delivery) => {
                if let Some(token) = &entry.record.bind_token {
                    let message = Message {
                        body: delivery.body,
                        number: delivery.number,
                        accepted_at: entry.record.at,
                    };
                    let name = (token.clone(), delivery.id.clone());
                    self.messages.insert(name, message);
                }
            }
            _ => {}
        }
        if let Some(signal) = Signal::of(entry) {
            self.signals.insert(signal.id.clone(), signal);
        }
    }
}

const UNTRUE: &str = "it is not what the ledger says";
const MISSING: &str = "the ledger speaks of it, and it is not there";

fn check_handshakes(connection: &Connection, ledger: &Projection) -> Result<(), Found> {
    let sql = "SELECT negotiation_id, bind_token, revision, body FROM handshake";
    let mut found = BTreeSet::new();
    each(connection, sql, "handshake", |row, name| {
        let stored: Stored = exact(row, 3)?;
        let passed = [
            stored.terms.is_some(),
            stored.binding.is_some(),
            stored.sealing.is_some(),
        ];
        let revision = 1 + passed.iter().filter(|passed| **passed).count() as u64;
        let token = stored.bind_token().map(BindToken::to_string);
        let fits = stored.opening.negotiation_id.as_str() == name
            && row.get::<_, Option<String>>(1).ok()? == token
            && row.get::<_, u64>(2).ok()? == revision
            && ledger.handshakes().get(&stored.opening.negotiation_id) == Some(&stored);
        found.insert(stored.opening.negotiation_id);
        fits.then_some(())
    })?;
    let missing = ledger.handshakes().keys().find(|id| !found.contains(id));
    gone("handshake", missing)
}

fn check_texts(connection: &Connection, expected: &BTreeSet<Digest>) -> Result<(), Found> {
    let mut found = BTreeSet::new();
    each(
        connection,
        "SELECT commitment, body FROM private_text",
        "private text",
        |row, name| {
            let body: PrivateText = exact(row, 1)?;
            let commitment = body.commitment().ok()?;
            found.insert(commitment);
            (commitment.to_string() == name && expected.contains(&commitment)).then_some(())
        },
    )?;
    gone(
        "private text",
        expected.iter().find(|text| !found.contains(text)),
    )
}

fn check_messages(
    connection: &Connection,
    expected: &BTreeMap<(BindToken, String), Message>,
) -> Result<(), Found> {
    let sql = "SELECT bind_token || ' ' || id, bind_token, id, number, body FROM message";
    let mut count = 0;
    each(connection, sql, "message", |row, _| {
        let token: BindToken = text(row, 1).ok()?.parse().ok()?;
        let message: Message = exact(row, 4)?;
        count += 1;
        let fits = expected.get(&(token, text(row, 2).ok()?)) == Some(&message)
            && row.get::<_, u64>(3).ok()? == message.number;
        fits.then_some(())
    })?;
    let some = expected.keys().next().filter(|_| count != expected.len());
    gone("message of", some.map(|(token, _)| token))
}

fn check_outbox(connection: &Connection, expected: &BTreeMap<String, Signal>) -> Result<(), Found> {
    each(
        connection,
        "SELECT id, body FROM outbox",
        "signal",
        |row, name| {
            let signal: Signal = exact(row, 1)?;
            (expected.get(name) == Some(&signal)).then_some(())
        },
    )
}

/// Checks every row of a table; the first column names it.
fn each(
    connection: &Connection,
    sql: &str,
    table: &'static str,
    mut check: impl FnMut(&Row<'_>, &str) -> Option<()>,
) -> Result<(), Found> {
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let name = text(row, 0);
        let fits = name.as_ref().is_ok_and(|name| check(row, name).is_some());
        if !fits {
            let row = name.unwrap_or_default();
            return Err(AuditError::Row {
                table,
                row,
                what: UNTRUE,
            }
            .into());
        }
    }
    Ok(())
}

fn gone(table: &'static str, row: Option<impl ToString>) -> Result<(), Found> {
    row.map_or(Ok(()), |row| {
        let row = row.to_string();
        Err(AuditError::Row {
            table,
            row,
            what: MISSING,
        }
        .into())
    })
}

fn text(row: &Row<'_>, column: usize) -> rusqlite::Result<String> {
    row.get(column)
}

/// A column of JSON that is written just as this crate writes it.
fn exact<T: Serialize + DeserializeOwned>(row: &Row<'_>, column: usize) -> Option<T> {
    let text = text(row, column).ok()?;
    let value: T = json::parse_as(text.as_bytes()).ok()?;
    (serde_json::to_string(&value).ok()? == text).then_some(value)
}
