//! Digests over whole rows.

use sigma_types::{Cycle, Hash256, SessionId, Timestamp};

use crate::fault::Part;

/// How many records of each kind a session has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) frames: u64,
    pub(crate) tombstones: u64,
    pub(crate) ledger: u64,
}

/// BLAKE3 over what a row says. Every field but the last has a fixed length or is preceded by it.
#[derive(Debug)]
struct Seal(Vec<u8>);

impl Seal {
    fn new(part: Part, session: &SessionId) -> Self {
        Self(vec![part as u8]).text(session.as_str())
    }

    fn number(mut self, number: u64) -> Self {
        self.0.extend_from_slice(&number.to_be_bytes());
        self
    }

    fn text(self, text: &str) -> Self {
        let mut seal = self.number(text.len() as u64);
        seal.0.extend_from_slice(text.as_bytes());
        seal
    }

    fn hash(mut self, hash: Hash256) -> Self {
        self.0.extend_from_slice(hash.as_bytes());
        self
    }

    fn over(self, body: &[u8]) -> Hash256 {
        Hash256::of(self.hash(Hash256::of(body)).0.as_slice())
    }
}

/// The digest of a session's row.
pub(crate) fn state(session: &SessionId, cycle: Cycle, counts: Counts, body: &[u8]) -> Hash256 {
    Seal::new(Part::State, session)
        .number(cycle.0)
        .number(counts.frames)
        .number(counts.tombstones)
        .number(counts.ledger)
        .over(body)
}

/// The digest of a cycle's row.
pub(crate) fn report(
    session: &SessionId,
    cycle: Cycle,
    at: Timestamp,
    asked: Option<(&str, Hash256)>,
    body: &[u8],
) -> Hash256 {
    let seal = Seal::new(Part::Report, session)
        .number(cycle.0)
        .number(at.millis().cast_unsigned());
    match asked {
        None => seal.over(body),
        Some((key, request)) => seal.text(key).hash(request).over(body),
    }
}

/// The digest of a record's row.
pub(crate) fn record(
    part: Part,
    session: &SessionId,
    seq: u64,
    cycle: Cycle,
    hash: Hash256,
    body: &[u8],
) -> Hash256 {
    Seal::new(part, session)
        .number(seq)
        .number(cycle.0)
        .hash(hash)
        .over(body)
}
