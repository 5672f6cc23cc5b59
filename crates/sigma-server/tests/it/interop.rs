//! IOH-01 over real sockets: the phases, the guard, the ledger, and what must never happen.

mod fetching;
mod guarding;
mod many;
mod phases;
mod processes;
mod python;
mod signals;
mod treaties;
mod world;
