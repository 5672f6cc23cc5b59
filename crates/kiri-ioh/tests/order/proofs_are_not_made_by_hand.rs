use kiri_ioh::{
    ack::VerifiedAck, custody::CustodyProof, descriptor::ResolvedNamespace, digest::Digest,
    keys::{KeySet, PublicKey}, treaty::RatifiedTreaty,
};

fn ack(key: PublicKey, offer: Digest) -> VerifiedAck {
    VerifiedAck { key, offer, signature: offer }
}

fn treaty(offer: Digest, custody: CustodyProof) -> RatifiedTreaty {
    RatifiedTreaty { proposal: String::new(), offer, custody }
}

fn namespace(proof: ResolvedNamespace, keys: KeySet) -> ResolvedNamespace {
    ResolvedNamespace { keys, ..proof }
}

fn main() {}
