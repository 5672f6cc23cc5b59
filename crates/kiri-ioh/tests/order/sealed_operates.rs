use kiri_ioh::{handshake::{Handshake, Sealed}, message::Authenticated, wire::Envelope};

fn revive(h: &Handshake<Sealed>, proof: &Authenticated, envelope: &Envelope) {
    let _ = h.operate(proof, envelope);
}

fn main() {}
