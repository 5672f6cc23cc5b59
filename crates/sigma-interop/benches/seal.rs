//! Sealing and verifying a packet beside the primitives alone, in one run: canonical JSON, BLAKE3 and
//! Ed25519 over the same bytes. What lies between the two is what this crate costs.
//!
//!     cargo bench -p sigma-interop

use std::hint::black_box;

use divan::Bencher;
use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::json;
use sigma_aegida::SafetyStatus;
use sigma_attractor::Lifecycle;
use sigma_drift::ControlPosture;
use sigma_interop::{
    FieldState, Format, Gate, Header, Keyring, PeerKey, Reading, ReplayCache, RuntimeId, Sealer,
    SigmaPacket, Unverified, Verifier, rules::SRIP_05,
};
use sigma_types::{Measured, NonNegative, Timestamp, canonical_json};
use uuid::Uuid;

const SEED: [u8; 32] = [7; 32];
const US: RuntimeId = RuntimeId::new(Uuid::from_u128(7));
const THEM: RuntimeId = RuntimeId::new(Uuid::from_u128(8));
/// As long as what a token is over.
const SIGNED: usize = 256;

fn main() {
    divan::main();
}

fn state() -> FieldState {
    let state = json!({
        "attractor_state": {
            "id": "9c5e0f0e-0d3f-8a51-b1f2-6f6f3f0a7c11", "type": "generative", "stability": 0.94,
            "phase": "stable", "scr": 0.8123,
        },
        "drift_metrics": {"sdi": 0.1034, "sv": 0.125, "pd": 0.0712, "di": 0.1231},
        "memory_snapshot": {
            "summary_hash": "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262",
            "retention_index": 0.97,
        },
        "safety_flags": {
            "aegida_status": "nominal", "phase_lock": false, "recenter_active": false,
        },
    });
    serde_json::from_value(state).expect("a state")
}

fn packet() -> SigmaPacket {
    SigmaPacket::new(Header::new(US, THEM, Timestamp::EPOCH), state())
}

fn reading() -> Reading {
    Reading {
        posture: ControlPosture::Nominal,
        lifecycle: Lifecycle::Stable,
        di_raw: Measured::Value(NonNegative::new(0.1231).expect("a number")),
        safety: SafetyStatus::Nominal,
        phase_lock: false,
    }
}

fn sealer() -> Sealer {
    Sealer::ed25519(US, "2026-11".parse().expect("a name"), &SEED)
}

fn text() -> Vec<u8> {
    let cleared = Gate::new(SRIP_05.gate).clear(&reading(), packet());
    let sealed = sealer().seal(cleared.expect("calm")).expect("ours");
    sealed.to_bytes(Format::Json)
}

fn read(text: &[u8]) -> Unverified<SigmaPacket> {
    Unverified::read(text, Format::Json, &SRIP_05).expect("a packet")
}

#[divan::bench_group(name = "1 sealing")]
mod sealing {
    use super::*;

    #[divan::bench(name = "primitives: JCS, BLAKE3, Ed25519")]
    fn primitives(bencher: Bencher<'_, '_>) {
        let (packet, key) = (packet(), SigningKey::from_bytes(&SEED));
        let message = [b'x'; SIGNED];
        bencher.bench_local(|| {
            let canonical = canonical_json(black_box(&packet)).expect("canonical");
            let hash = blake3::hash(&canonical);
            (hash, key.sign(black_box(&message)))
        });
    }

    #[divan::bench(name = "seal")]
    fn seal(bencher: Bencher<'_, '_>) {
        let sealer = sealer();
        let cleared = || {
            let cleared = Gate::new(SRIP_05.gate).clear(&reading(), packet());
            cleared.expect("calm")
        };
        bencher
            .with_inputs(cleared)
            .bench_local_values(|cleared| sealer.seal(cleared));
    }
}

#[divan::bench_group(name = "2 verifying")]
mod verifying {
    use super::*;

    #[divan::bench(name = "primitives: JCS, BLAKE3, Ed25519")]
    fn primitives(bencher: Bencher<'_, '_>) {
        let key = SigningKey::from_bytes(&SEED);
        let message = [b'x'; SIGNED];
        let signature = key.sign(&message);
        let public = key.verifying_key();
        let received: serde_json::Value = serde_json::to_value(packet()).expect("a value");
        bencher.bench_local(|| {
            let canonical = canonical_json(black_box(&received)).expect("canonical");
            let hash = blake3::hash(&canonical);
            (hash, public.verify_strict(black_box(&message), &signature))
        });
    }

    #[divan::bench(name = "verify, with target, clock, key and replay")]
    fn verify(bencher: Bencher<'_, '_>) {
        let mut keys = Keyring::new();
        let public = sealer().public_key().expect("public");
        keys.trust(US, sealer().key_id().clone(), PeerKey::Ed25519(public));
        let verifier = Verifier::new(THEM, &keys, SRIP_05.clock);
        let text = text();
        bencher
            .with_inputs(|| (read(&text), ReplayCache::new(SRIP_05.replay)))
            .bench_local_values(|(read, mut replays)| {
                verifier.verify(read, Timestamp::EPOCH, &mut replays)
            });
    }
}

#[divan::bench_group(name = "3 text")]
mod reading_and_writing {
    use super::{Bencher, Format, black_box, read, text};

    #[divan::bench(name = "read JSON")]
    fn read_json(bencher: Bencher<'_, '_>) {
        let text = text();
        bencher.bench_local(|| read(black_box(&text)));
    }

    #[divan::bench(name = "write JSON")]
    fn write_json(bencher: Bencher<'_, '_>) {
        let read = read(&text());
        bencher.bench_local(|| black_box(&read).to_bytes(Format::Json));
    }
}
