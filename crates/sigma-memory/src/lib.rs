#![doc = include_str!("../README.md")]

pub mod invariants;
pub mod rules;

mod compose;
mod echo;
mod field;
mod frame;
mod index;
mod intent;
mod layers;
mod load;
mod memory;

mod pil;
mod recall;
mod recovery;
mod snapshot;
mod speakers;
mod spoken;
mod store;
mod summary;
mod terms;
mod times;
mod tombstone;
mod trail;
mod vector;

pub use compose::ComposeError;
pub use field::{AttractorDelta, CycleRecord, Field, Measures};
pub use frame::{Frame, FrameBody, FrameId, StoredVector, genesis};
pub use intent::{Intent, intent};
pub use invariants::Invariants;
pub use layers::{Episode, MemoryLayer, PilInvariants, SemanticMap, SymbolicMotifs};
pub use load::{LoadError, LoadReport};
pub use memory::{AppendError, Appended, Footprint, Memory};
pub use pil::{AnchorError, AnchoredFact, IdentityVector, Pil};
pub use recall::{Evidence, FieldSnapshot, Provenance, Query, Reason, Recalled, Recollection};
pub use recovery::{
    Recovery, RecoveryCause, RecoveryError, RecoveryPermit, RecoveryPlan, StableAgain,
};
pub use rules::{Rules, SRIP_04};
pub use sigma_attractor::Lifecycle;
pub use snapshot::{Snapshot, SnapshotError};
pub use spoken::Spoken;
pub use store::{InMemoryFrames, MemoryStore, StoreRefusal, Stored};
pub use summary::{Summary, SummaryOf, simhash, summarise, summary_hash};
pub use times::{DaySpan, TimeAnchor, time_anchors};
pub use tombstone::{Noise, Pruned, Tombstone};
pub use vector::{Codes, CodesError, EmbedderTag};
