//! Where frames, tombstones and snapshots are kept: a small trait, and one in memory for tests.

use std::collections::BTreeMap;

use sigma_types::SessionId;

use crate::{Frame, Snapshot, Tombstone};

/// Keeps what a session's memory is rebuilt from.
///
/// Frames and tombstones are append-only: an implementation never changes or removes one. Adapters
/// that write asynchronously wrap this.
pub trait MemoryStore {
    /// What can go wrong on the medium.
    type Error: std::error::Error;

    /// Appends what one cycle or one recovery adds, whole or not at all. What is there already, with
    /// the same hash, is skipped.
    ///
    /// # Errors
    /// The adapter's; nothing of it is stored then.
    fn append(&mut self, session: &SessionId, new: Stored) -> Result<(), Self::Error>;

    /// All that is stored of a session, in the order in which it came; the newest snapshot only.
    ///
    /// # Errors
    /// The adapter's.
    fn read(&self, session: &SessionId) -> Result<Stored, Self::Error>;
}

/// Records of one session.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Stored {
    /// Frames in order.
    pub frames: Vec<Frame>,
    /// Tombstones in order.
    pub tombstones: Vec<Tombstone>,
    /// The newest snapshot.
    pub snapshot: Option<Snapshot>,
}

/// Why a store did not take records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoreRefusal {
    /// A frame or tombstone does not follow the last one.
    #[error("record {given} does not follow: the next one is {next}")]
    NotNext {
        /// Its position.
        given: u64,
        /// The position that is to come.
        next: u64,
    },
    /// Another record stands at its place.
    #[error("another record stands at {0} already")]
    Occupied(u64),
}

/// Keeps everything until it is dropped.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct InMemoryFrames(BTreeMap<SessionId, Stored>);

impl MemoryStore for InMemoryFrames {
    type Error = StoreRefusal;

    fn append(&mut self, session: &SessionId, new: Stored) -> Result<(), StoreRefusal> {
        let held = self.0.entry(session.clone()).or_default();
        let frames = fresh(&held.frames, new.frames, |f| (f.id.0, f.hash()))?;
        let tombstones = fresh(&held.tombstones, new.tombstones, |t| (t.seq, t.hash))?;
        held.frames.extend(frames);
        held.tombstones.extend(tombstones);
        held.snapshot = new.snapshot.or(held.snapshot.take());
        Ok(())
    }

    fn read(&self, session: &SessionId) -> Result<Stored, StoreRefusal> {
        Ok(self.0.get(session).cloned().unwrap_or_default())
    }
}

/// Those of `new` that are not held yet.
fn fresh<T>(
    held: &[T],
    new: Vec<T>,
    key: impl Fn(&T) -> (u64, sigma_types::Hash256),
) -> Result<Vec<T>, StoreRefusal> {
    let mut next = held.len() as u64;
    let mut kept = Vec::new();
    for record in new {
        let (seq, hash) = key(&record);
        if seq == next {
            next += 1;
            kept.push(record);
        } else if seq > next {
            return Err(StoreRefusal::NotNext { given: seq, next });
        } else if held.get(seq as usize).map(|h| key(h).1) != Some(hash) {
            return Err(StoreRefusal::Occupied(seq));
        }
    }
    Ok(kept)
}
