use sigma_interop::{Format, SigmaPacket};

fn written_without_a_seal(message: SigmaPacket) -> Vec<u8> {
    message.to_bytes(Format::Json)
}

fn main() {}
