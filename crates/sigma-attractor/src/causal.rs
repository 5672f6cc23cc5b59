//! The causal chain: every formation, change and end of an attractor, linked by hash
//! (`SRIP-01 §7`, `SRIP-02 §6.5-§6.6`).

use serde::{Deserialize, Serialize};
use sigma_types::{AttractorId, Cycle, Hash256, Timestamp, hash_canonical};

use crate::{Lifecycle, Trigger};

/// Why an attractor was dissolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DissolutionCause {
    /// It kept fragmenting.
    Fragmented,
    /// The field was reset.
    FieldReset,
    /// The registry was full and this subject had been away longest.
    Capacity,
}

/// What happened to an attractor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "change", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Change {
    /// A subject was taken up for the first time.
    Formed,
    /// A left subject was found again.
    Returned {
        /// The cycle that had left it.
        from_cycle: Cycle,
    },
    /// Its beginning was moved to an earlier utterance.
    DatedBack {
        /// By how many utterances.
        utterances: u64,
    },
    /// The attractor it came from turned out to be another.
    Reparented,
    /// It turned out, while forming, to belong to the subject before.
    Withdrawn,
    /// Its lifecycle state changed.
    Moved {
        /// Before.
        from: Lifecycle,
        /// After.
        to: Lifecycle,
        /// Why.
        triggers: Vec<Trigger>,
    },
    /// It became part of another.
    Merged {
        /// The one that goes on.
        into: AttractorId,
    },
    /// It ended.
    Dissolved {
        /// Why.
        cause: DissolutionCause,
        /// Keys of its motifs that identity invariants protect: they were kept.
        kept: Vec<String>,
    },
}

/// A link of the causal chain. Only a registry makes one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct CausalRecord {
    /// Its number in the chain, from zero.
    pub index: u64,
    /// When, in cycles.
    pub cycle: Cycle,
    /// When.
    pub at: Timestamp,
    /// What it is about.
    pub attractor: AttractorId,
    /// The attractor that it came from.
    pub parent: Option<AttractorId>,
    /// What happened.
    #[serde(flatten)]
    pub change: Change,
    /// Hash of the record before; all zero for the first.
    pub previous: Hash256,
    /// Hash of all the fields above in canonical JSON.
    pub hash: Hash256,
}

/// A record does not continue the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ChainError {
    /// Its number is not the next one.
    #[error("record {found} stands where record {expected} belongs")]
    Index {
        /// The number that belongs here.
        expected: u64,
        /// The number that stands here.
        found: u64,
    },
    /// It points at another predecessor.
    #[error("record {0} does not point at the record before it")]
    Link(u64),
    /// Its content is not what was hashed.
    #[error("record {0} was altered")]
    Altered(u64),
}

/// The open end of a causal chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CausalChain {
    next: u64,
    head: Hash256,
}

impl Default for CausalChain {
    fn default() -> Self {
        Self {
            next: 0,
            head: Hash256::ZERO,
        }
    }
}

impl CausalChain {
    /// Records so far.
    pub const fn len(&self) -> u64 {
        self.next
    }

    /// Whether nothing happened yet.
    pub const fn is_empty(&self) -> bool {
        self.next == 0
    }

    /// Hash of the last record; all zero at the start.
    pub const fn head(&self) -> Hash256 {
        self.head
    }

    pub(crate) fn record(
        &mut self,
        cycle: Cycle,
        at: Timestamp,
        attractor: AttractorId,
        parent: Option<AttractorId>,
        change: Change,
    ) -> CausalRecord {
        let mut record = CausalRecord {
            index: self.next,
            cycle,
            at,
            attractor,
            parent,
            change,
            previous: self.head,
            hash: Hash256::ZERO,
        };
        record.hash = digest(&record);
        self.next += 1;
        self.head = record.hash;
        record
    }

    /// Checks that records continue the chain and moves its end behind them.
    ///
    /// # Errors
    /// [`ChainError`] names the first record that does not fit; the chain is then unchanged.
    pub fn follow(&mut self, records: &[CausalRecord]) -> Result<(), ChainError> {
        let mut end = *self;
        for record in records {
            if record.index != end.next {
                return Err(ChainError::Index {
                    expected: end.next,
                    found: record.index,
                });
            }
            if record.previous != end.head {
                return Err(ChainError::Link(record.index));
            }
            if digest(record) != record.hash {
                return Err(ChainError::Altered(record.index));
            }
            end = Self {
                next: end.next + 1,
                head: record.hash,
            };
        }
        *self = end;
        Ok(())
    }
}

fn digest(record: &CausalRecord) -> Hash256 {
    let open = CausalRecord {
        hash: Hash256::ZERO,
        ..record.clone()
    };
    hash_canonical(&open).expect("keys are text and there are no floats")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain() -> (CausalChain, Vec<CausalRecord>) {
        let mut chain = CausalChain::default();
        let id = AttractorId::derive(Hash256::ZERO, Cycle(1), 0);
        let records = [
            Change::Formed,
            Change::Returned {
                from_cycle: Cycle(2),
            },
            Change::Withdrawn,
        ]
        .map(|change| chain.record(Cycle(3), Timestamp::EPOCH, id, None, change));
        (chain, records.to_vec())
    }

    #[test]
    fn a_whole_chain_is_followed_to_its_head() {
        let (chain, records) = chain();
        let mut check = CausalChain::default();
        check.follow(&records).unwrap();
        assert_eq!(check, chain);
        let text = serde_json::to_string(&records).unwrap();
        assert_eq!(
            serde_json::from_str::<Vec<CausalRecord>>(&text).unwrap(),
            records
        );
    }

    #[test]
    fn a_gap_a_swap_and_a_change_are_found() {
        let (_, mut records) = chain();
        let follow = |records: &[CausalRecord]| CausalChain::default().follow(records);
        assert_eq!(
            follow(&records[1..]),
            Err(ChainError::Index {
                expected: 0,
                found: 1
            })
        );
        records[1].cycle = Cycle(9);
        assert_eq!(follow(&records), Err(ChainError::Altered(1)));
        records[1].hash = digest(&records[1]);
        assert_eq!(follow(&records), Err(ChainError::Link(2)));
    }
}
