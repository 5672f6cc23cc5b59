//! Asking other runtimes: as a server, of addresses that peers have; and as an operator at the command
//! line, of whatever address is typed.

mod operator;
mod outgoing;

pub use operator::{Answer, Client, ClientError};
pub(crate) use outgoing::Outgoing;
