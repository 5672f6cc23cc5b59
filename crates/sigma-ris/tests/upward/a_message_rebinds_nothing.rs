//! Only a version orders a rebind; what a message asks for is another type.
use sigma_ris::{RenameAttempt, SessionScope};
use sigma_types::Cycle;

fn rebound(session: &mut SessionScope, asked: RenameAttempt) {
    session.rebind(asked, Cycle(1));
}

fn main() {}
