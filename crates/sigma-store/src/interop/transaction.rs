//! One transaction of the interop ledger.

use kiri_ioh::{
    digest::Digest,
    handshake::Stored,
    ids::{BindToken, NegotiationId},
    ledger::{Entry, Head, PrivateText},
    signal::Signal,
    store::{Kept, Message, StoreError, Transaction},
};
use rusqlite::{OptionalExtension as _, Params, Row, params};

use super::{fault, json, written};
use crate::fault::Place;

pub(super) struct Staged<'a> {
    pub(super) transaction: &'a rusqlite::Transaction<'a>,
    pub(super) place: &'a Place,
}

impl Staged<'_> {
    fn one<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, StoreError> {
        self.transaction
            .prepare_cached(sql)
            .and_then(|mut statement| statement.query_row(params, read).optional())
            .map_err(|error| fault(self.place, error))
    }

    /// The number of rows that were written.
    fn write(&self, sql: &str, params: impl Params) -> Result<usize, StoreError> {
        self.transaction
            .prepare_cached(sql)
            .and_then(|mut statement| statement.execute(params))
            .map_err(|error| fault(self.place, error))
    }
}

fn kept(row: &Row<'_>) -> rusqlite::Result<Kept> {
    Ok(Kept {
        revision: row.get(0)?,
        stored: json(row, 1)?,
    })
}

impl Transaction for Staged<'_> {
    fn handshake(&mut self, id: &NegotiationId) -> Result<Option<Kept>, StoreError> {
        let sql = "SELECT revision, body FROM handshake WHERE negotiation_id = ?1";
        self.one(sql, [id.as_str()], kept)
    }

    fn handshake_of(&mut self, token: &BindToken) -> Result<Option<Kept>, StoreError> {
        let sql = "SELECT revision, body FROM handshake WHERE bind_token = ?1";
        self.one(sql, [token.as_str()], kept)
    }

    fn put(&mut self, expected: Option<u64>, stored: &Stored) -> Result<(), StoreError> {
        let id = stored.opening.negotiation_id.as_str();
        let token = stored.bind_token().map(BindToken::as_str);
        let body = written(stored)?;
        let done = match expected {
            None => self.write(
                "INSERT INTO handshake (negotiation_id, bind_token, revision, body) VALUES (?1, ?2, 1, ?3)",
                params![id, token, body],
            ),
            Some(revision) => self.write(
                "UPDATE handshake SET bind_token = ?2, revision = revision + 1, body = ?3
                 WHERE negotiation_id = ?1 AND revision = ?4",
                params![id, token, body, revision],
            ),
        };
        (done? == 1).then_some(()).ok_or(StoreError::Conflict)
    }

    fn head(&mut self) -> Result<Head, StoreError> {
        let sql = "SELECT seq, entry_hash FROM entry ORDER BY seq DESC LIMIT 1";
        let last = self.one(sql, [], |row| {
            Ok((row.get::<_, u64>(0)?, row.get::<_, String>(1)?))
        })?;
        let Some((seq, hash)) = last else {
            return Ok(Head::EMPTY);
        };
        let last = hash.parse().map_err(|_| StoreError::Damaged)?;
        Ok(Head {
            size: seq + 1,
            last,
        })
    }

    fn append(&mut self, entry: &Entry) -> Result<(), StoreError> {
        let head = self.head()?;
        let record = &entry.record;
        if (record.seq, record.prev_hash) != (head.size, head.last) {
            return Err(StoreError::Conflict);
        }
        let sql = "INSERT INTO entry (seq, entry_hash, entry_id, body) VALUES (?1, ?2, ?3, ?4)";
        let hash = record.entry_hash.to_string();
        self.write(
            sql,
            params![record.seq, hash, record.entry_id, written(entry)?],
        )
        .map(drop)
    }

    fn keep_text(&mut self, commitment: &Digest, text: &PrivateText) -> Result<(), StoreError> {
        let sql = "INSERT INTO private_text (commitment, body) VALUES (?1, ?2)";
        self.write(sql, params![commitment.to_string(), written(text)?])
            .map(drop)
    }

    fn text(&mut self, commitment: &Digest) -> Result<Option<PrivateText>, StoreError> {
        let sql = "SELECT body FROM private_text WHERE commitment = ?1";
        self.one(sql, [commitment.to_string()], |row| json(row, 0))
    }

    fn erase_text(&mut self, commitment: &Digest) -> Result<bool, StoreError> {
        let sql = "DELETE FROM private_text WHERE commitment = ?1";
        self.write(sql, [commitment.to_string()])
            .map(|rows| rows > 0)
    }

    fn message(&mut self, token: &BindToken, id: &str) -> Result<Option<Message>, StoreError> {
        let sql = "SELECT body FROM message WHERE bind_token = ?1 AND id = ?2";
        self.one(sql, [token.as_str(), id], |row| json(row, 0))
    }

    fn messages(&mut self, token: &BindToken) -> Result<u64, StoreError> {
        let sql = "SELECT coalesce(max(number), 0) FROM message WHERE bind_token = ?1";
        let count = self.one(sql, [token.as_str()], |row| row.get(0))?;
        Ok(count.unwrap_or_default())
    }

    fn put_message(
        &mut self,
        token: &BindToken,
        id: &str,
        message: &Message,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO message (bind_token, id, number, body) VALUES (?1, ?2, ?3, ?4)";
        self.write(
            sql,
            params![token.as_str(), id, message.number, written(message)?],
        )
        .map(drop)
    }

    fn emit(&mut self, signal: &Signal) -> Result<(), StoreError> {
        let sql = "INSERT INTO outbox (id, body) VALUES (?1, ?2)";
        self.write(sql, params![signal.id, written(signal)?])
            .map(drop)
    }
}
