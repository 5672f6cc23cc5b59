//! The integrity ledger: a chain of entries of which none can be changed, left out or moved unseen
//! (`SRIP-06 §8`).
//!
//! An entry's hash is BLAKE3 over the canonical JSON (RFC 8785) of its header: number, cycle, time,
//! kind, hash of its payload, hash of the entry before. The chain itself lives in storage; the state
//! keeps its head.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sigma_types::{CanonicalError, Cycle, Hash256, Timestamp, hash_canonical};

/// What an entry records.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(from = "String", into = "String")]
#[non_exhaustive]
pub enum EntryKind {
    /// A cycle was examined.
    Examined,
    /// A part of the state was isolated.
    Isolated,
    /// A row of the fail-safe envelope was applied.
    FailSafe,
    /// Safe mode was entered, with evidence of its five steps.
    SafeModeEntered,
    /// Safe mode was left because the phase was steady again.
    SafeModeLeft,
    /// An attempt at recovery was forced.
    RecoveryForced,
    /// Recovery failed and the field was given up.
    GivenUp,
    /// A collapsed field was dissolved.
    Dissolved,
    /// What an earlier containment was for holds again.
    ContainmentVerified,
    /// What an earlier containment was for is still broken.
    ContainmentFailed,
    /// An answer was replaced by another before it was returned.
    AnswerDiscarded,
    /// A kind that this version does not know, or that another layer writes.
    Other(String),
}

const KINDS: [(EntryKind, &str); 11] = [
    (EntryKind::Examined, "examined"),
    (EntryKind::Isolated, "isolated"),
    (EntryKind::FailSafe, "fail_safe"),
    (EntryKind::SafeModeEntered, "safe_mode_entered"),
    (EntryKind::SafeModeLeft, "safe_mode_left"),
    (EntryKind::RecoveryForced, "recovery_forced"),
    (EntryKind::GivenUp, "given_up"),
    (EntryKind::Dissolved, "dissolved"),
    (EntryKind::ContainmentVerified, "containment_verified"),
    (EntryKind::ContainmentFailed, "containment_failed"),
    (EntryKind::AnswerDiscarded, "answer_discarded"),
];

impl EntryKind {
    /// The name on the wire.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Other(name) => name,
            known => KINDS
                .iter()
                .find(|(kind, _)| kind == known)
                .map_or("", |(_, name)| name),
        }
    }
}

impl From<String> for EntryKind {
    fn from(name: String) -> Self {
        let known = KINDS.iter().find(|(_, known)| *known == name);
        known.map_or(Self::Other(name), |(kind, _)| kind.clone())
    }
}

impl From<EntryKind> for String {
    fn from(kind: EntryKind) -> Self {
        kind.as_str().to_owned()
    }
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LedgerEntry {
    /// Position in the chain, from 0, without gaps.
    pub seq: u64,
    /// The cycle it belongs to.
    pub cycle: Cycle,
    /// When.
    pub at: Timestamp,
    /// What it records.
    pub kind: EntryKind,
    /// The record itself.
    pub payload: Value,
    /// Hash of the payload's canonical JSON.
    pub payload_hash: Hash256,
    /// Hash of the entry before; the seed of the chain for the first.
    pub prev: Hash256,
    /// Hash of this entry's header.
    pub hash: Hash256,
}

#[derive(Serialize)]
struct Header<'a> {
    seq: u64,
    cycle: Cycle,
    at: Timestamp,
    kind: &'a EntryKind,
    payload_hash: Hash256,
    prev: Hash256,
}

impl LedgerEntry {
    fn header_hash(&self) -> Result<Hash256, CanonicalError> {
        hash_canonical(&Header {
            seq: self.seq,
            cycle: self.cycle,
            at: self.at,
            kind: &self.kind,
            payload_hash: self.payload_hash,
            prev: self.prev,
        })
    }
}

/// The head of a chain: all that has to be kept to lengthen and to verify it.
///
/// ```
/// use sigma_aegida::{EntryKind, Ledger};
/// use sigma_types::{Cycle, Hash256, Timestamp};
/// let mut ledger = Ledger::new(Hash256::of(b"session 7"));
/// let start = ledger;
/// let note = serde_json::json!({"restored": 3});
/// let kind = EntryKind::Other("snapshot_restored".into());
/// let entry = ledger.append(Cycle(1), Timestamp::EPOCH, kind, note)?;
/// assert_eq!(start.verify([&entry])?, ledger);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ledger {
    next: u64,
    head: Hash256,
}

/// The first entry of a chain that is not what it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the integrity ledger is broken at entry {seq}: {fault}")]
pub struct BrokenLedger {
    /// The number that the entry should have.
    pub seq: u64,
    /// What is wrong.
    pub fault: Fault,
}

/// What is wrong with an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// An entry is missing, doubled or moved.
    #[error("it carries the number {found}")]
    Sequence {
        /// The number found.
        found: u64,
    },
    /// It does not follow the entry before it.
    #[error("it follows another entry than the one before it")]
    Parent,
    /// Its payload was changed.
    #[error("its payload does not have the recorded hash")]
    Payload,
    /// Its header was changed.
    #[error("its header does not have the recorded hash")]
    Header,
    /// The chain ends before the head that was expected.
    #[error("it is missing")]
    Truncated,
    /// The chain is whole in itself, but not the chain of this head.
    #[error("the chain ends in another entry than expected")]
    OtherChain,
}

impl Ledger {
    /// An empty chain. The seed stands in for the entry before the first and tells chains apart.
    pub const fn new(seed: Hash256) -> Self {
        Self {
            next: 0,
            head: seed,
        }
    }

    /// Number of the next entry.
    pub const fn next_seq(&self) -> u64 {
        self.next
    }

    /// Hash of the last entry, or the seed.
    pub const fn head(&self) -> Hash256 {
        self.head
    }

    /// Makes the next entry. Storing it is the caller's part.
    ///
    /// # Errors
    /// [`CanonicalError`] when the payload has no canonical form; the chain is then as it was.
    pub fn append(
        &mut self,
        cycle: Cycle,
        at: Timestamp,
        kind: EntryKind,
        payload: Value,
    ) -> Result<LedgerEntry, CanonicalError> {
        let payload_hash = hash_canonical(&payload)?;
        let mut entry = LedgerEntry {
            seq: self.next,
            cycle,
            at,
            kind,
            payload,
            payload_hash,
            prev: self.head,
            hash: Hash256::ZERO,
        };
        entry.hash = entry.header_hash()?;
        *self = Self {
            next: self.next + 1,
            head: entry.hash,
        };
        Ok(entry)
    }

    /// Checks entries that follow this head and returns the head after them.
    ///
    /// # Errors
    /// [`BrokenLedger`] names the first entry that is not what it should be.
    pub fn verify<'a>(
        self,
        entries: impl IntoIterator<Item = &'a LedgerEntry>,
    ) -> Result<Self, BrokenLedger> {
        let mut ledger = self;
        for entry in entries {
            let broken = |fault| BrokenLedger {
                seq: ledger.next,
                fault,
            };
            if entry.seq != ledger.next {
                return Err(broken(Fault::Sequence { found: entry.seq }));
            }
            if entry.prev != ledger.head {
                return Err(broken(Fault::Parent));
            }
            if hash_canonical(&entry.payload).ok() != Some(entry.payload_hash) {
                return Err(broken(Fault::Payload));
            }
            if entry.header_hash().ok() != Some(entry.hash) {
                return Err(broken(Fault::Header));
            }
            ledger = Self {
                next: entry.seq.saturating_add(1),
                head: entry.hash,
            };
        }
        Ok(ledger)
    }

    /// Checks entries from this head up to a known one, so that a cut-off end is found too.
    ///
    /// # Errors
    /// As [`Ledger::verify`], and [`Fault::Truncated`] or [`Fault::OtherChain`] at the end.
    pub fn verify_to<'a>(
        self,
        entries: impl IntoIterator<Item = &'a LedgerEntry>,
        expected: Self,
    ) -> Result<(), BrokenLedger> {
        let reached = self.verify(entries)?;
        if reached == expected {
            Ok(())
        } else if reached.next < expected.next {
            Err(BrokenLedger {
                seq: reached.next,
                fault: Fault::Truncated,
            })
        } else {
            Err(BrokenLedger {
                seq: expected.next,
                fault: Fault::OtherChain,
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn chain(length: u64) -> (Ledger, Vec<LedgerEntry>, Ledger) {
        let start = Ledger::new(Hash256::of(b"seed"));
        let mut ledger = start;
        let entries = (0..length)
            .map(|n| {
                let payload = serde_json::json!({"n": n, "share": 0.1 * n as f64});
                ledger
                    .append(Cycle(n), Timestamp::EPOCH, EntryKind::Examined, payload)
                    .unwrap()
            })
            .collect();
        (start, entries, ledger)
    }

    #[test]
    fn every_field_of_an_entry_is_bound() {
        let (start, entries, _) = chain(5);
        type Tampering = fn(&mut LedgerEntry);
        let tamper: [(&str, Tampering, Fault); 8] = [
            ("seq", |e| e.seq = 9, Fault::Sequence { found: 9 }),
            ("cycle", |e| e.cycle = Cycle(77), Fault::Header),
            (
                "at",
                |e| e.at = Timestamp::from_millis(1).unwrap(),
                Fault::Header,
            ),
            ("kind", |e| e.kind = EntryKind::GivenUp, Fault::Header),
            ("payload", |e| e.payload = Value::Null, Fault::Payload),
            (
                "payload hash",
                |e| e.payload_hash = Hash256::ZERO,
                Fault::Payload,
            ),
            ("prev", |e| e.prev = Hash256::ZERO, Fault::Parent),
            ("hash", |e| e.hash = Hash256::ZERO, Fault::Header),
        ];
        for (field, change, fault) in tamper {
            let mut copy = entries.clone();
            change(&mut copy[2]);
            assert_eq!(
                start.verify(&copy),
                Err(BrokenLedger { seq: 2, fault }),
                "{field}"
            );
        }
    }

    #[test]
    fn a_payload_and_its_hash_changed_together_are_still_found() {
        let (start, mut entries, _) = chain(3);
        entries[1].payload = serde_json::json!({"n": 100});
        entries[1].payload_hash = hash_canonical(&entries[1].payload).unwrap();
        let fault = start.verify(&entries).unwrap_err();
        assert_eq!(
            fault,
            BrokenLedger {
                seq: 1,
                fault: Fault::Header
            }
        );
        entries[1].hash = entries[1].header_hash().unwrap();
        let fault = start.verify(&entries).unwrap_err();
        assert_eq!(
            fault,
            BrokenLedger {
                seq: 2,
                fault: Fault::Parent
            }
        );
    }

    #[test]
    fn a_cut_off_end_and_another_chain_are_found() {
        let (start, entries, end) = chain(4);
        assert_eq!(start.verify_to(&entries, end), Ok(()));
        let cut = start.verify_to(&entries[..3], end);
        assert_eq!(
            cut,
            Err(BrokenLedger {
                seq: 3,
                fault: Fault::Truncated
            })
        );
        let other = Ledger {
            next: 4,
            head: Hash256::ZERO,
        };
        let fault = start.verify_to(&entries, other).unwrap_err().fault;
        assert_eq!(fault, Fault::OtherChain);
        assert!(
            Ledger::new(Hash256::ZERO).verify(&entries).is_err(),
            "another seed"
        );
    }

    #[test]
    fn kinds_that_are_not_known_survive() {
        let kind = EntryKind::from("from_the_future".to_owned());
        assert_eq!(serde_json::to_string(&kind).unwrap(), "\"from_the_future\"");
        for (kind, name) in KINDS {
            assert_eq!(EntryKind::from(name.to_owned()), kind);
        }
    }

    proptest! {
        #[test]
        fn a_chain_verifies_after_json_and_in_parts(length in 0u64..30, cut in 0usize..30) {
            let (start, entries, end) = chain(length);
            let text = serde_json::to_string(&entries).unwrap();
            let entries: Vec<LedgerEntry> = serde_json::from_str(&text).unwrap();
            let (first, second) = entries.split_at(cut.min(entries.len()));
            prop_assert_eq!(start.verify(first).and_then(|l| l.verify(second)), Ok(end));
        }

        #[test]
        fn dropping_swapping_or_doubling_names_the_first_bad_entry(
            length in 2u64..30, at in any::<prop::sample::Index>(), how in 0u8..3,
        ) {
            let (start, mut entries, end) = chain(length);
            let at = at.index(entries.len() - 1);
            match how {
                0 => drop(entries.remove(at)),
                1 => entries.swap(at, at + 1),
                _ => entries.insert(at + 1, entries[at].clone()),
            }
            let expected = if how == 2 { at + 1 } else { at } as u64;
            prop_assert_eq!(start.verify_to(&entries, end).unwrap_err().seq, expected);
        }

        #[test]
        fn any_float_in_a_payload_verifies_after_json(x in any::<f64>().prop_filter("finite", |x| x.is_finite())) {
            let start = Ledger::new(Hash256::ZERO);
            let mut ledger = start;
            let entry = ledger
                .append(Cycle(1), Timestamp::EPOCH, EntryKind::Examined, serde_json::json!({"x": x}))
                .unwrap();
            let text = serde_json::to_string(&entry).unwrap();
            let read: LedgerEntry = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(start.verify([&read]), Ok(ledger));
        }
    }
}
