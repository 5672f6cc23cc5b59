use kiri_ioh::{descriptor::ResolvedNamespace, handshake::{Bound, Handshake}, moment::Moment};

fn back(h: Handshake<Bound>, proof: &ResolvedNamespace, now: Moment) {
    let _ = h.negotiate(proof, Vec::new(), "", now);
}

fn main() {}
