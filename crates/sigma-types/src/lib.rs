#![doc = include_str!("../README.md")]

mod canonical;
mod hash;
mod ids;
mod measured;
mod naming;
mod number;
#[cfg(feature = "schema")]
mod schema;
mod speaker;
mod time;

pub use canonical::{CanonicalError, canonical_json, hash_canonical};
pub use hash::{Hash256, HashParseError};
pub use ids::{AttractorId, Cycle, IdError, SessionId};
pub use measured::{Measured, Missing};
pub use naming::first_term;
pub use number::{NonNegative, OutOfRange, Unit};
pub use speaker::Speaker;
pub use time::{Timestamp, TimestampError};
