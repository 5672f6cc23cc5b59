//! Controlled recovery: the only place where memory is pruned (`SRIP-04 §3.3`, `§9`, Rule 9.1).

use serde::{Deserialize, Serialize};
use sigma_types::{Cycle, Hash256, Timestamp};

use crate::{
    FrameId, Invariants, Lifecycle, Memory, Noise, Pruned, Snapshot, SnapshotError, Tombstone,
    invariants::er,
};

/// What allows a recovery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RecoveryCause {
    /// ER lies over its limit (Rule 9.1).
    Entropy,
    /// The attractor's lifecycle demands it (`SRIP-02 §6.3`).
    Lifecycle(Lifecycle),
    /// The safety layer contained the session; the hash of its evidence (`SRIP-06 §7`).
    Containment(Hash256),
}

/// Proof that a recovery may take place. Only the checks below make one, and one recovery uses it up.
#[derive(Debug, PartialEq, Eq)]
pub struct RecoveryPermit {
    cycle: Cycle,
    cause: RecoveryCause,
}

impl RecoveryPermit {
    /// Permitted by ER over its limit (Rule 9.1).
    pub fn by_entropy(memory: &Memory, invariants: &Invariants) -> Option<Self> {
        invariants
            .demands_recovery(&memory.rules.invariants)
            .then(|| Self {
                cycle: memory.cycle(),
                cause: RecoveryCause::Entropy,
            })
    }

    /// Permitted by a lifecycle phase in which structure is being restored or dissolved.
    pub fn by_lifecycle(memory: &Memory, phase: Lifecycle) -> Option<Self> {
        matches!(phase, Lifecycle::Recovery | Lifecycle::Fragmenting).then(|| Self {
            cycle: memory.cycle(),
            cause: RecoveryCause::Lifecycle(phase),
        })
    }

    /// Permitted by the safety layer, whose ledger entry stands as evidence. A zero hash is none.
    pub fn by_containment(memory: &Memory, evidence: Hash256) -> Option<Self> {
        (evidence != Hash256::ZERO).then(|| Self {
            cycle: memory.cycle(),
            cause: RecoveryCause::Containment(evidence),
        })
    }
}

/// A recovery that was thought through and changed nothing yet: store its tombstone, then carry it
/// out.
#[derive(Debug, PartialEq)]
pub struct RecoveryPlan {
    tombstone: Tombstone,
    snapshot: Snapshot,
    head: Hash256,
}

impl RecoveryPlan {
    /// What is to be stored.
    pub fn tombstone(&self) -> &Tombstone {
        &self.tombstone
    }
}

/// A recovery did not take place; nothing changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RecoveryError {
    /// The snapshot will not do.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
    /// A cycle was committed since the permit or the plan was made.
    #[error("memory has moved on since")]
    MovedOn,
}

/// How a recovery ended.
#[derive(Debug, PartialEq)]
pub struct Recovery {
    /// The invariants before.
    pub before: Invariants,
    /// The invariants as re-evaluated after restoring.
    pub after: Invariants,
    /// Frames pruned.
    pub pruned: Vec<Pruned>,
    stable: Option<StableAgain>,
}

/// Proof that the snapshot was restored and that the invariants, re-evaluated, let stable operation
/// resume (Rule 9.1).
#[derive(Debug, PartialEq, Eq)]
pub struct StableAgain {
    cycle: Cycle,
}

impl StableAgain {
    /// The cycle after which stable operation may resume.
    pub const fn cycle(&self) -> Cycle {
        self.cycle
    }
}

impl Recovery {
    /// The proof that stable operation may resume, if it may.
    pub fn stable(self) -> Option<StableAgain> {
        self.stable
    }
}

impl Memory {
    /// Plans a recovery: noise is pruned, volatile state goes back to `snapshot`, identity invariants
    /// stay.
    ///
    /// # Errors
    /// [`RecoveryError`].
    #[expect(clippy::needless_pass_by_value, reason = "a permit is used up")]
    pub fn plan_recovery(
        &self,
        permit: RecoveryPermit,
        snapshot: Snapshot,
        at: Timestamp,
    ) -> Result<RecoveryPlan, RecoveryError> {
        let RecoveryPermit { cycle, cause } = permit;
        if cycle != self.cycle() {
            return Err(RecoveryError::MovedOn);
        }
        self.check(&snapshot)?;
        let pruned = er::noise(self)
            .map(|(frame, noise)| self.pruned(frame, noise))
            .collect();
        let same_model = snapshot.embedder == self.embedder;
        let tombstone = Tombstone {
            seq: self.tombstones,
            cycle,
            at,
            cause,
            pruned,
            state: snapshot.state.clone().filter(|_| same_model),
            snapshot: snapshot.hash,
            parent: self.tombstone_head,
            hash: Hash256::ZERO,
        };
        Ok(RecoveryPlan {
            tombstone: tombstone.sealed(),
            snapshot,
            head: self.head,
        })
    }

    fn pruned(&self, frame: u32, noise: Noise) -> Pruned {
        Pruned {
            frame: FrameId(frame.into()),
            hash: self.bodies.body(frame).hash,
            noise,
        }
    }

    /// Carries out a recovery whose tombstone is stored, then re-evaluates.
    ///
    /// # Errors
    /// [`RecoveryError::MovedOn`] if memory changed since the plan was made.
    pub fn recover(&mut self, plan: RecoveryPlan) -> Result<Recovery, RecoveryError> {
        if plan.head != self.head {
            return Err(RecoveryError::MovedOn);
        }
        let before = self.invariants();
        if !self.bury(&plan.tombstone) {
            return Err(RecoveryError::MovedOn);
        }
        self.pil.union(&plan.snapshot.pil);
        let after = self.invariants();
        let stable = (!after.demands_recovery(&self.rules.invariants)).then(|| StableAgain {
            cycle: self.cycle(),
        });
        Ok(Recovery {
            before,
            after,
            pruned: plan.tombstone.pruned,
            stable,
        })
    }
}
