use kiri_ioh::{
    ack::VerifiedAck, descriptor::ResolvedNamespace, handshake::{Consent, Handshake, Negotiated},
    ids::BindToken, moment::Moment,
};

fn twice(h: Handshake<Negotiated>, n: &ResolvedNamespace, a: &VerifiedAck, t: BindToken, now: Moment) {
    let _ = h.bind(n, a, &Consent::NotNeeded, t.clone(), now);
    let _ = h.bind(n, a, &Consent::NotNeeded, t, now);
}

fn main() {}
