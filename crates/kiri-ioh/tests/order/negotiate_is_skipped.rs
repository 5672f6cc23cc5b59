use kiri_ioh::{
    ack::VerifiedAck, descriptor::ResolvedNamespace, handshake::{Announced, Consent, Handshake},
    ids::BindToken, moment::Moment,
};

fn skip(h: Handshake<Announced>, n: &ResolvedNamespace, a: &VerifiedAck, t: BindToken, now: Moment) {
    let _ = h.bind(n, a, &Consent::NotNeeded, t, now);
}

fn main() {}
