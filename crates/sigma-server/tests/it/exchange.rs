//! Runtimes that exchange state: each a server of its own.

mod commands;
mod drifting;
mod examples;
mod federating;
mod limits;
mod listening;
mod meeting;
mod refusing;
mod world;

use sigma_core::clock::{Clock as _, SystemClock};
use sigma_interop::{Header, Message, Payload, RuntimeId, Sealed};
use sigma_server::exchange::{Identity, word_of_the_operator};
use sigma_types::Timestamp;

fn now() -> Timestamp {
    SystemClock::default().now()
}

/// A sealed signal of somebody.
fn signal<P: Payload>(own: &Identity, target: RuntimeId, payload: P) -> Sealed<Message<P>> {
    let header = Header::new(own.runtime_id(), target, now());
    let cleared = word_of_the_operator(Message::new(header, payload)).unwrap();
    own.sealer().seal(cleared).unwrap()
}
