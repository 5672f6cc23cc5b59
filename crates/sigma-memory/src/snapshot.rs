//! The bounded, PIL-safe backup snapshot (`SRIP-04 §9`).

use serde::{Deserialize, Serialize};
use sigma_types::{Cycle, Hash256, SessionId, Timestamp, hash_canonical};

use crate::{Codes, EmbedderTag, Memory, Pil};

/// What a recovery restores from. Its size has a bound that does not depend on the dialogue, and it
/// holds all identity invariants.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The rule set.
    pub schema: String,
    /// Whose.
    pub session: SessionId,
    /// The last cycle in it.
    pub cycle: Cycle,
    /// When it was taken.
    pub at: Timestamp,
    /// Frames up to here.
    pub frames: u64,
    /// Hash of the last of them.
    pub head: Hash256,
    /// The identity invariants.
    pub pil: Pil,
    /// The model of the state vector.
    pub embedder: Option<EmbedderTag>,
    /// The field state vector.
    pub state: Option<Codes>,
    /// Keys of the core motifs of the moment.
    pub motifs: Vec<String>,
    /// Hash of all the above.
    pub hash: Hash256,
}

/// A snapshot cannot be restored from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SnapshotError {
    /// Its hash is not that of its content.
    #[error("the snapshot is damaged: its hash is not that of its content")]
    Damaged,
    /// It belongs to another session.
    #[error("the snapshot belongs to another session")]
    OtherSession,
    /// It lies ahead of what memory holds, or on another branch.
    #[error("the snapshot is not from this session's past")]
    NotOurPast,
}

impl Memory {
    /// Takes a snapshot. Take it while the invariants hold: it is what a recovery goes back to.
    pub fn snapshot(&self, at: Timestamp) -> Snapshot {
        let bare = Snapshot {
            schema: self.rules.schema.to_owned(),
            session: self.session.clone(),
            cycle: self.cycle(),
            at,
            frames: self.len() as u64,
            head: self.head,
            pil: self.pil.clone(),
            embedder: self.embedder.clone(),
            state: self.trail.state().cloned(),
            motifs: self
                .trail
                .last()
                .map(|p| p.motifs.clone())
                .unwrap_or_default(),
            hash: Hash256::ZERO,
        };
        Snapshot {
            hash: bare.content_hash(),
            ..bare
        }
    }

    pub(crate) fn check(&self, snapshot: &Snapshot) -> Result<(), SnapshotError> {
        if snapshot.content_hash() != snapshot.hash {
            return Err(SnapshotError::Damaged);
        }
        if snapshot.session != self.session {
            return Err(SnapshotError::OtherSession);
        }
        let head = match snapshot.frames.checked_sub(1) {
            None => crate::genesis(&self.session),
            Some(last) if last < self.len() as u64 => self.bodies.body(last as u32).hash,
            Some(_) => return Err(SnapshotError::NotOurPast),
        };
        if head == snapshot.head {
            Ok(())
        } else {
            Err(SnapshotError::NotOurPast)
        }
    }
}

impl Snapshot {
    fn content_hash(&self) -> Hash256 {
        let bare = Self {
            hash: Hash256::ZERO,
            ..self.clone()
        };
        hash_canonical(&bare).unwrap_or(Hash256::ZERO)
    }
}
