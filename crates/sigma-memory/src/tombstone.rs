//! Tombstones: how frames are pruned without a frame being changed (`SRIP-04 §3.2`, `§3.3`).

use serde::{Deserialize, Serialize};
use sigma_types::{Cycle, Hash256, Timestamp, hash_canonical};

use crate::{Codes, FrameId, Memory, RecoveryCause, index::Live};

/// Why a frame is noise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Noise {
    /// It repeats a frame that is kept.
    Duplicate,
    /// It only repeats a memory insert.
    Echo,
    /// Its lineage could not be verified.
    Orphan,
    /// It was not recalled for long and has nothing to do with the field.
    Dead,
}

/// One pruned frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pruned {
    /// The frame.
    pub frame: FrameId,
    /// Its hash.
    pub hash: Hash256,
    /// Why.
    pub noise: Noise,
}

/// What one recovery pruned and restored. The frames stay where they are stored; they are not
/// recalled any more. Removing them bodily is for a compaction outside any cycle.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tombstone {
    /// Position among the session's tombstones, from 0.
    pub seq: u64,
    /// The cycle of the recovery.
    pub cycle: Cycle,
    /// When.
    pub at: Timestamp,
    /// What allowed it.
    pub cause: RecoveryCause,
    /// The pruned frames.
    pub pruned: Vec<Pruned>,
    /// The field state vector that was restored.
    pub state: Option<Codes>,
    /// Hash of the snapshot that it was restored from.
    pub snapshot: Hash256,
    /// Hash of the tombstone before.
    pub parent: Hash256,
    /// Hash of all the above.
    pub hash: Hash256,
}

impl Tombstone {
    /// What the first tombstone of a session names as its parent.
    pub(crate) fn genesis(session: Hash256) -> Hash256 {
        Hash256::of(format!("sigma-memory tombstones\n{session}").as_bytes())
    }

    pub(crate) fn sealed(mut self) -> Self {
        self.hash = self.content_hash();
        self
    }

    /// True if the hash is that of the content.
    pub fn is_intact(&self) -> bool {
        self.content_hash() == self.hash
    }

    fn content_hash(&self) -> Hash256 {
        let bare = Self {
            hash: Hash256::ZERO,
            ..self.clone()
        };
        hash_canonical(&bare).unwrap_or(Hash256::ZERO)
    }
}

impl Memory {
    /// Applies a tombstone; false, and nothing changed, if it does not fit the chain.
    pub(crate) fn bury(&mut self, tombstone: &Tombstone) -> bool {
        let fits = tombstone.seq == self.tombstones
            && tombstone.parent == self.tombstone_head
            && tombstone.is_intact();
        if !fits {
            return false;
        }
        for pruned in &tombstone.pruned {
            let Ok(frame) = u32::try_from(pruned.frame.0) else {
                continue;
            };
            let Some(mark) = self.marks.mark_mut(frame) else {
                continue;
            };
            if mark.live != Live::Pruned {
                self.tally.count(mark, false);
                mark.live = Live::Pruned;
            }
        }
        if tombstone.cycle >= self.cycle() {
            self.trail.restore(tombstone.state.clone());
        }
        self.tombstones += 1;
        self.tombstone_head = tombstone.hash;
        true
    }
}
