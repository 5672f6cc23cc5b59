//! Reading a message borrows the session; nothing can be written through what comes of it.
use sigma_ris::{Incoming, SessionScope, TurnScope};

fn written(incoming: &Incoming<'_>, session: &SessionScope) {
    let turn = TurnScope::read(incoming, session);
    turn.session().set_mode(None);
}

fn main() {}
