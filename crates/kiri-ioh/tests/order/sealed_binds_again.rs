use kiri_ioh::{
    ack::VerifiedAck, descriptor::ResolvedNamespace, handshake::{Consent, Handshake, Sealed},
    ids::BindToken, moment::Moment,
};

fn revive(h: Handshake<Sealed>, n: &ResolvedNamespace, a: &VerifiedAck, t: BindToken, now: Moment) {
    let _ = h.bind(n, a, &Consent::NotNeeded, t, now);
}

fn main() {}
