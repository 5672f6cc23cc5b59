//! Asking other runtimes: as a server, of addresses that peers have; and as an operator at the command
//! line, of whatever address is typed.

mod error;
mod operator;
mod outgoing;

pub use error::ClientError;
pub use operator::{Answer, Client};
pub(crate) use outgoing::Outgoing;
