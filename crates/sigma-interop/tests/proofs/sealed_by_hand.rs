use sigma_interop::{Sealed, SigmaPacket, Verified, seal::Signature};

fn sealed(message: SigmaPacket, signature: Signature) -> Sealed<SigmaPacket> {
    Sealed { message, signature }
}

fn written_without_a_seal(message: SigmaPacket) -> Vec<u8> {
    message.to_bytes(sigma_interop::Format::Json)
}

fn verified(text: &str) -> Verified<SigmaPacket> {
    serde_json::from_str(text).unwrap()
}

fn main() {}
