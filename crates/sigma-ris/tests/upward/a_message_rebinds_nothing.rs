//! Only a version orders a rebind; what a message asks for is another type.
use sigma_ris::{Rebind, RenameAttempt};

fn ordered(asked: RenameAttempt) -> Rebind {
    asked.rebind()
}

fn main() {}
