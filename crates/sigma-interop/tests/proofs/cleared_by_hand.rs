use sigma_interop::{Cleared, SigmaPacket};

fn by_hand(packet: SigmaPacket) -> Cleared<SigmaPacket> {
    Cleared(packet)
}

fn main() {}
