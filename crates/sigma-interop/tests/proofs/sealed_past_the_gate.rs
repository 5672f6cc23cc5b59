use sigma_interop::{MinimalExchange, PhaseFrame, Sealer, SigmaPacket};

fn not_cleared(sealer: &Sealer, packet: SigmaPacket) {
    let _ = sealer.seal(packet);
}

fn as_if_stateless(sealer: &Sealer, packet: SigmaPacket, minimal: MinimalExchange, frame: PhaseFrame) {
    let _ = sealer.seal_stateless(packet);
    let _ = sealer.seal_stateless(minimal);
    let _ = sealer.seal_stateless(frame);
}

fn main() {}
