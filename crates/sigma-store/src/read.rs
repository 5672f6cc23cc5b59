//! What reads the database. Every row is checked against its digest, every sequence for holes.

use rusqlite::{Connection, OptionalExtension, Row, params};
use sigma_core::store::{
    IdempotencyKey, OperationalEvent, Record, SessionSummary, StoredCycle, StoredSession,
};
use sigma_types::{Cycle, Hash256, SessionId, Timestamp};

use crate::fault::{Damage, Part, Trouble};
use crate::seal::{self, Counts};

/// A session's row.
#[derive(Debug, Clone, Copy)]
struct Head {
    id: i64,
    cycle: Cycle,
    counts: Counts,
}

/// The session as last committed.
pub(crate) fn load(
    connection: &mut Connection,
    session: &SessionId,
) -> Result<Option<StoredSession>, Trouble> {
    // one snapshot for all statements
    let snapshot = connection.transaction()?;
    let Some(head) = head(&snapshot, session)? else {
        return Ok(None);
    };
    let (state, digest): (Vec<u8>, _) = snapshot
        .prepare_cached("SELECT state, digest FROM session WHERE id = ?1")?
        .query_row([head.id], |row| Ok((row.get(0)?, hash(row, 1)?)))?;
    if seal::state(session, head.cycle, head.counts, &state) != digest {
        return Err(Damage::Digest {
            part: Part::State,
            cycle: head.cycle,
        }
        .into());
    }
    let Counts {
        frames, tombstones, ..
    } = head.counts;
    let reader = Records {
        connection: &snapshot,
        session,
        id: head.id,
    };
    Ok(Some(StoredSession {
        cycle: head.cycle,
        state,
        frames: reader.range(Part::Frame, 0, frames)?,
        tombstones: reader.range(Part::Tombstone, 0, tombstones)?,
    }))
}

/// The cycle that a key stands for.
pub(crate) fn find_by_key(
    connection: &mut Connection,
    session: &SessionId,
    key: &IdempotencyKey,
) -> Result<Option<StoredCycle>, Trouble> {
    let snapshot = connection.transaction()?;
    let Some(head) = head(&snapshot, session)? else {
        return Ok(None);
    };
    let cycle: Option<u64> = snapshot
        .prepare_cached("SELECT cycle FROM cycle WHERE session = ?1 AND key = ?2")?
        .query_row(params![head.id, key.as_str()], |row| row.get(0))
        .optional()?;
    let Some(cycle) = cycle else { return Ok(None) };
    Ok(stored(&snapshot, session, head.id, cycle, 1)?.pop())
}

/// Cycles in order.
pub(crate) fn cycles(
    connection: &mut Connection,
    session: &SessionId,
    from: Cycle,
    limit: usize,
) -> Result<Vec<StoredCycle>, Trouble> {
    let snapshot = connection.transaction()?;
    let Some(head) = head(&snapshot, session)? else {
        return Ok(Vec::new());
    };
    let from = from.0.max(1);
    let there = (head.cycle.0 + 1).saturating_sub(from);
    stored(&snapshot, session, head.id, from, there.min(limit as u64))
}

/// Entries of the integrity ledger in order.
pub(crate) fn ledger(
    connection: &mut Connection,
    session: &SessionId,
    from: u64,
    limit: usize,
) -> Result<Vec<Record>, Trouble> {
    let snapshot = connection.transaction()?;
    let Some(head) = head(&snapshot, session)? else {
        return Ok(Vec::new());
    };
    let there = head.counts.ledger.saturating_sub(from).min(limit as u64);
    let reader = Records {
        connection: &snapshot,
        session,
        id: head.id,
    };
    reader.range(Part::LedgerEntry, from, there)
}

/// The newest operational events, oldest first.
pub(crate) fn events(
    connection: &Connection,
    session: &SessionId,
    limit: usize,
) -> Result<Vec<OperationalEvent>, Trouble> {
    let mut statement = connection.prepare_cached(
        "SELECT e.at, e.after_cycle, e.kind FROM event e JOIN session s ON s.id = e.session \
         WHERE s.name = ?1 ORDER BY e.id DESC LIMIT ?2",
    )?;
    let mut rows = statement.query(params![session.as_str(), bounded(limit)])?;
    let mut events = Vec::new();
    while let Some(row) = rows.next()? {
        let kind: String = row.get(2)?;
        events.push(OperationalEvent {
            at: time(row, 0)?,
            after: Cycle(row.get(1)?),
            kind: serde_json::from_str(&kind).map_err(Damage::Event)?,
        });
    }
    events.reverse();
    Ok(events)
}

/// Sessions, the last changed first.
pub(crate) fn sessions(
    connection: &Connection,
    limit: usize,
) -> Result<Vec<SessionSummary>, Trouble> {
    let mut statement = connection.prepare_cached(
        "SELECT name, cycle, updated_at FROM session WHERE cycle > 0 \
         ORDER BY updated_at DESC, name LIMIT ?1",
    )?;
    let mut rows = statement.query([bounded(limit)])?;
    let mut sessions = Vec::new();
    while let Some(row) = rows.next()? {
        let name: String = row.get(0)?;
        sessions.push(SessionSummary {
            session: SessionId::new(name).map_err(|error| unreadable(0, error))?,
            cycle: Cycle(row.get(1)?),
            updated_at: time(row, 2)?,
        });
    }
    Ok(sessions)
}

/// The row of a session that has committed a cycle.
fn head(connection: &Connection, session: &SessionId) -> rusqlite::Result<Option<Head>> {
    connection
        .prepare_cached(
            "SELECT id, cycle, frames, tombstones, ledger FROM session \
             WHERE name = ?1 AND cycle > 0",
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
        .optional()
}

/// `count` cycles from `from` on, all of which have to be there.
fn stored(
    connection: &Connection,
    session: &SessionId,
    id: i64,
    from: u64,
    count: u64,
) -> Result<Vec<StoredCycle>, Trouble> {
    let mut statement = connection.prepare_cached(
        "SELECT cycle, at, report, digest, key, request FROM cycle \
         WHERE session = ?1 AND cycle >= ?2 ORDER BY cycle LIMIT ?3",
    )?;
    let mut cycles = Vec::new();
    if count == 0 {
        return Ok(cycles);
    }
    let mut rows = statement.query(params![id, from, count])?;
    for expected in from..from.saturating_add(count) {
        let found = rows.next()?.map(|row| cycle(row, session)).transpose()?;
        match found {
            Some(stored) if stored.cycle == Cycle(expected) => cycles.push(stored),
            _ => {
                return Err(Damage::Missing {
                    part: Part::Report,
                    expected,
                }
                .into());
            }
        }
    }
    Ok(cycles)
}

fn cycle(row: &Row<'_>, session: &SessionId) -> Result<StoredCycle, Trouble> {
    let (cycle, at) = (Cycle(row.get(0)?), time(row, 1)?);
    let report: Vec<u8> = row.get(2)?;
    let key: Option<String> = row.get(4)?;
    let request = row.get::<_, Option<[u8; 32]>>(5)?.map(Hash256::from_bytes);
    let asked = key.as_deref().zip(request);
    if seal::report(session, cycle, at, asked, &report) != hash(row, 3)? {
        return Err(Damage::Digest {
            part: Part::Report,
            cycle,
        }
        .into());
    }
    Ok(StoredCycle {
        cycle,
        at,
        report,
        request,
    })
}

#[derive(Debug, Clone, Copy)]
struct Records<'a> {
    connection: &'a Connection,
    session: &'a SessionId,
    id: i64,
}

impl Records<'_> {
    /// `count` records from `from` on, all of which have to be there.
    fn range(self, part: Part, from: u64, count: u64) -> Result<Vec<Record>, Trouble> {
        if count == 0 {
            return Ok(Vec::new());
        }
        let sql = format!(
            "SELECT seq, cycle, hash, body, digest FROM {} \
             WHERE session = ?1 AND seq >= ?2 ORDER BY seq LIMIT ?3",
            part.table()
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query(params![self.id, from, count])?;
        let mut records = Vec::new();
        for expected in from..from.saturating_add(count) {
            let found = rows
                .next()?
                .map(|row| record(row, part, self.session))
                .transpose()?;
            match found {
                Some(record) if record.seq == expected => records.push(record),
                _ => return Err(Damage::Missing { part, expected }.into()),
            }
        }
        Ok(records)
    }
}

fn record(row: &Row<'_>, part: Part, session: &SessionId) -> Result<Record, Trouble> {
    let record = Record {
        seq: row.get(0)?,
        cycle: Cycle(row.get(1)?),
        hash: hash(row, 2)?,
        body: row.get(3)?,
    };
    let Record { seq, cycle, .. } = record;
    if seal::record(part, session, seq, cycle, record.hash, &record.body) != hash(row, 4)? {
        return Err(Damage::Digest { part, cycle }.into());
    }
    Ok(record)
}

fn hash(row: &Row<'_>, column: usize) -> rusqlite::Result<Hash256> {
    row.get(column).map(Hash256::from_bytes)
}

fn time(row: &Row<'_>, column: usize) -> rusqlite::Result<Timestamp> {
    Timestamp::from_millis(row.get(column)?).map_err(|error| unreadable(column, error))
}

fn unreadable(
    column: usize,
    error: impl std::error::Error + Send + Sync + 'static,
) -> rusqlite::Error {
    let kind = rusqlite::types::Type::Null;
    rusqlite::Error::FromSqlConversionFailure(column, kind, Box::new(error))
}

/// SQLite counts in signed numbers.
fn bounded(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
