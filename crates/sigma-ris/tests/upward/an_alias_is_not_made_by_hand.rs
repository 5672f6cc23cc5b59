//! Aliases are granted by a session.
use sigma_ris::{Alias, Channel};
use sigma_types::{Cycle, Timestamp};

fn main() {
    let _ = Alias {
        name: "Star".into(),
        set_by: "u1".into(),
        at: Timestamp::EPOCH,
        cycle: Cycle(1),
        channel: Channel::Direct,
    };
}
