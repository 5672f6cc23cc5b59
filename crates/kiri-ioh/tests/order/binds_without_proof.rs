use kiri_ioh::{
    descriptor::ResolvedNamespace, handshake::{Consent, Handshake, Negotiated}, ids::BindToken,
    moment::Moment,
};

fn unsigned(h: Handshake<Negotiated>, n: &ResolvedNamespace, t: BindToken, now: Moment) {
    let _ = h.bind(n, &Consent::NotNeeded, t, now);
}

fn main() {}
