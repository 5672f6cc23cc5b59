#![doc = include_str!("../README.md")]

pub mod rules;
pub mod seal;
pub mod wire;

mod capabilities;
mod command;
mod federation;
mod gate;
mod ids;
mod message;
mod negotiate;
mod packet;
#[cfg(feature = "schema")]
mod schema;
mod snapshot;
mod stream;
mod telemetry;
mod version;

pub use capabilities::{
    Capabilities, CapabilityLimits, ENDPOINTS, Exchange, FEWEST_ENDPOINTS, PublishedKey,
};
pub use command::{
    CommandBody, CommandKind, CommandLog, CommandRefusal, Effect, Lapse, PhaseCommand,
};
pub use federation::{
    Aggregate, Due, Federation, HeardAs, PhaseSyncEvent, SyncEvent, misalignment,
};
pub use gate::{Claims, Cleared, Decision, Gate, Misstated, Passage, Reading, Reason, Withheld};
pub use ids::{CauseId, KeyId, Label, Moment, NameError, Open, RuntimeId};
pub use message::{Discloses, Header, Message, Misfit, Payload, ReadError, Unverified};
pub use negotiate::{
    Handshake, HandshakeAnswer, HandshakeReply, HandshakeRequest, Mismatch, Negotiation,
    NegotiationRecord, Nonce, Outcome, negotiate,
};
pub use packet::{
    AttractorState, DriftMetrics, FieldState, MemoryReference, MinimalExchange, MinimalState,
    SafetyFlags, SigmaPacket, Unmeasured, measured,
};
pub use seal::{
    ChecksumAlgorithm, Fault, Keyring, PeerKey, PublicKey, ReplayCache, Sealed, Sealer,
    SharedSecret, TokenAlgorithm, Verified, Verifier, VerifyError,
};
pub use snapshot::{MemoryShare, MemorySnapshot, Quarantined};
pub use stream::{Event, EventDecoder, StreamError};
pub use telemetry::{PhaseFrame, PhaseReport};
pub use version::{ProtocolVersion, VersionError};
pub use wire::Format;
