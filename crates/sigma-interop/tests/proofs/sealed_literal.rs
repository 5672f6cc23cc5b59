use sigma_interop::{Sealed, SigmaPacket, Unverified, Verified, seal::Signature};

fn sealed(message: SigmaPacket, signature: Signature) -> Sealed<SigmaPacket> {
    Sealed { message, signature }
}

fn verified(read: Unverified<SigmaPacket>) -> Verified<SigmaPacket> {
    Verified { message: read.claimed().clone() }
}

fn main() {}
