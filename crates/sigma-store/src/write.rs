//! What changes the database: one transaction for each cycle.

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use sigma_core::store::{Amendment, CycleCommit, OperationalEvent, Record, StoreError};
use sigma_types::{Cycle, SessionId, Timestamp};

use crate::fault::{Damage, Part, StoreFault, Trouble};
use crate::seal::{self, Counts};

/// A session's row without its state.
#[derive(Debug, Clone, Copy)]
struct Head {
    id: i64,
    cycle: Cycle,
    counts: Counts,
}

/// Writes a cycle whole or not at all.
pub(crate) fn commit(connection: &mut Connection, commit: &CycleCommit) -> Result<(), Trouble> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let head = head(&transaction, &commit.session)?;
    check(&transaction, head, commit)?;
    let asked = commit
        .idempotency
        .as_ref()
        .map(|asked| (asked.key.as_str(), asked.request));
    let CycleCommit {
        session,
        cycle,
        at,
        report,
        ..
    } = commit;
    transaction
        .prepare_cached(
            "INSERT INTO cycle (session, cycle, at, report, digest, key, request) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            head.id,
            cycle.0,
            at.millis(),
            report,
            seal::report(session, *cycle, *at, asked, report).as_bytes(),
            asked.map(|(key, _)| key),
            asked.as_ref().map(|(_, request)| request.as_bytes()),
        ])?;
    let Counts {
        frames,
        tombstones,
        ledger,
    } = head.counts;
    let append = Append {
        transaction: &transaction,
        head,
        session,
    };
    let counts = Counts {
        frames: append.records(Part::Frame, frames, &commit.frames)?,
        tombstones: append.records(Part::Tombstone, tombstones, &commit.tombstones)?,
        ledger: append.records(Part::LedgerEntry, ledger, &commit.ledger)?,
    };
    append.state(counts, *cycle, *at, &commit.state)?;
    Ok(transaction.commit()?)
}

/// Writes a change between two cycles whole or not at all.
pub(crate) fn amend(connection: &mut Connection, amendment: &Amendment) -> Result<(), Trouble> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let head = head(&transaction, &amendment.session)?;
    let (given, found) = (amendment.cycle, head.cycle);
    if given != found || found == Cycle(0) {
        return Err(Trouble::Refused(StoreError::OutOfOrder { given, found }));
    }
    let append = Append {
        transaction: &transaction,
        head,
        session: &amendment.session,
    };
    let counts = Counts {
        ledger: append.records(Part::LedgerEntry, head.counts.ledger, &amendment.ledger)?,
        ..head.counts
    };
    append.state(counts, given, amendment.at, &amendment.state)?;
    Ok(transaction.commit()?)
}

/// Adds an operational event.
pub(crate) fn note(
    connection: &mut Connection,
    session: &SessionId,
    event: &OperationalEvent,
) -> Result<(), Trouble> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let head = head(&transaction, session)?;
    let kind = serde_json::to_string(&event.kind).map_err(Damage::Event)?;
    transaction
        .prepare_cached(
            "INSERT INTO event (session, at, after_cycle, kind) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute(params![head.id, event.at.millis(), event.after.0, kind])?;
    Ok(transaction.commit()?)
}

/// Erases a session with all that belongs to it; whether there was one.
pub(crate) fn erase(connection: &mut Connection, session: &SessionId) -> Result<bool, Trouble> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let erased = transaction.execute("DELETE FROM session WHERE name = ?1", [session.as_str()])?;
    transaction.commit()?;
    Ok(erased > 0)
}

/// The row of a session, which is made if there is none.
fn head(transaction: &Transaction<'_>, session: &SessionId) -> Result<Head, Trouble> {
    let found = transaction
        .prepare_cached(
            "SELECT id, cycle, frames, tombstones, ledger FROM session WHERE name = ?1",
        )?
        .query_row([session.as_str()], |row| {
            let counts = Counts {
                frames: row.get(2)?,
                tombstones: row.get(3)?,
                ledger: row.get(4)?,
            };
            Ok(Head {
                id: row.get(0)?,
                cycle: Cycle(row.get(1)?),
                counts,
            })
        })
        .optional()?;
    if let Some(found) = found {
        return Ok(found);
    }
    transaction
        .prepare_cached("INSERT INTO session (name) VALUES (?1)")?
        .execute([session.as_str()])?;
    let id = transaction.last_insert_rowid();
    Ok(Head {
        id,
        cycle: Cycle(0),
        counts: Counts::default(),
    })
}

fn check(transaction: &Transaction<'_>, head: Head, commit: &CycleCommit) -> Result<(), Trouble> {
    if let Some(asked) = &commit.idempotency {
        let taken = transaction
            .prepare_cached("SELECT cycle FROM cycle WHERE session = ?1 AND key = ?2")?
            .query_row(params![head.id, asked.key.as_str()], |row| row.get(0))
            .optional()?;
        if let Some(cycle) = taken {
            return Err(Trouble::Refused(StoreError::KeyReused {
                cycle: Cycle(cycle),
            }));
        }
    }
    if commit.cycle != head.cycle.next() {
        let (given, found) = (commit.cycle, head.cycle);
        return Err(Trouble::Refused(StoreError::OutOfOrder { given, found }));
    }
    Ok(())
}

#[derive(Debug, Clone, Copy)]
struct Append<'a> {
    transaction: &'a Transaction<'a>,
    head: Head,
    session: &'a SessionId,
}

impl Append<'_> {
    /// Puts a session's state and what belongs to it into its row.
    fn state(
        self,
        counts: Counts,
        cycle: Cycle,
        at: Timestamp,
        state: &[u8],
    ) -> Result<(), Trouble> {
        self.transaction
            .prepare_cached(
                "UPDATE session SET cycle = ?2, updated_at = ?3, frames = ?4, tombstones = ?5, \
                 ledger = ?6, state = ?7, digest = ?8 WHERE id = ?1",
            )?
            .execute(params![
                self.head.id,
                cycle.0,
                at.millis(),
                counts.frames,
                counts.tombstones,
                counts.ledger,
                state,
                seal::state(self.session, cycle, counts, state).as_bytes(),
            ])?;
        Ok(())
    }

    /// Adds records of one kind and tells how many there are now.
    fn records(self, part: Part, before: u64, records: &[Record]) -> Result<u64, Trouble> {
        if records.is_empty() {
            return Ok(before);
        }
        let sql = format!(
            "INSERT INTO {} (session, seq, cycle, hash, body, digest) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            part.table()
        );
        let mut insert = self.transaction.prepare_cached(&sql)?;
        for (
            Record {
                seq,
                cycle,
                hash,
                body,
            },
            expected,
        ) in records.iter().zip(before..)
        {
            if *seq != expected {
                return Err(Trouble::Fault(StoreFault::Gap {
                    expected,
                    found: *seq,
                }));
            }
            let digest = seal::record(part, self.session, *seq, *cycle, *hash, body);
            insert.execute(params![
                self.head.id,
                seq,
                cycle.0,
                hash.as_bytes(),
                body,
                digest.as_bytes(),
            ])?;
        }
        Ok(before + records.len() as u64)
    }
}
