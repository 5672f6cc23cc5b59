//! Who answers in these tests, and how a turn begins.

use sigma_core::{Identity, TurnInput};
use sigma_types::SessionId;

pub(crate) const IDENTITY: &str = "You are Mara, a plain-spoken harbour clerk who answers briefly.";

pub(crate) fn id(text: &str) -> SessionId {
    SessionId::new(text).unwrap()
}

pub(crate) fn turn(session: &str, user: &str) -> TurnInput {
    let mut input = TurnInput::new(id(session), user);
    input.identity = Some(Identity::new(IDENTITY));
    input
}
