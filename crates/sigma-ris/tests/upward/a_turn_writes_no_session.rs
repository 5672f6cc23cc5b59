//! Reading a message borrows the session; nothing of it can be written through that.
use sigma_ris::{Incoming, SessionScope, TurnScope};

fn written(incoming: &Incoming<'_>, session: &SessionScope) {
    let turn = TurnScope::read(incoming, session);
    session.set_mode(None);
    turn.session().set_mode(None);
}

fn main() {}
