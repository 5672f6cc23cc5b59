#![doc = include_str!("../README.md")]

mod connect;
mod exchange;
mod fault;
mod interop;
mod read;
mod schema;
mod seal;
mod store;
mod upkeep;
mod worker;
mod write;

pub use connect::Options;
pub use exchange::{ForeignRow, PeerRow, SqliteExchange};
pub use fault::{Damage, OpenError, Part, StoreFault};
pub use interop::{Audit, AuditError, SqliteLedger};
pub use schema::SCHEMA_VERSION;
pub use store::SqliteStore;
pub use upkeep::Finding;
