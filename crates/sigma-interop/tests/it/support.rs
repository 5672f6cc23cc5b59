//! Two runtimes, their keys, and packets between them.

use proptest::prelude::*;
use sigma_aegida::SafetyStatus;
use sigma_attractor::{AttractorKind, InteropPhase, Lifecycle};
use sigma_drift::ControlPosture;
use sigma_interop::{rules::SRIP_05, *};
use sigma_types::{Measured, NonNegative, Timestamp, Unit};

pub(crate) const NOW: &str = "2026-11-20T09:30:00.000Z";

pub(crate) fn ours() -> RuntimeId {
    "0b8f4c1e-6c1d-4c58-9d0e-7a3b5f2e9a10".parse().unwrap()
}

pub(crate) fn theirs() -> RuntimeId {
    "5d2a9f60-1e7b-4a39-8c44-2f0e6b7d1c22".parse().unwrap()
}

pub(crate) fn now() -> Timestamp {
    NOW.parse().unwrap()
}

pub(crate) fn calm(di: Unit) -> Reading {
    Reading {
        posture: ControlPosture::Nominal,
        lifecycle: Lifecycle::Stable,
        di_raw: Measured::Value(NonNegative::from(di)),
        safety: SafetyStatus::Nominal,
        phase_lock: false,
    }
}

pub(crate) fn secret() -> SharedSecret {
    SharedSecret::new(std::array::from_fn(|at| at as u8)).unwrap()
}

pub(crate) fn key_id() -> KeyId {
    "2026-11".parse().unwrap()
}

/// A sealer of each kind, and the key that the other side has.
pub(crate) fn sealers() -> Vec<(Sealer, PeerKey)> {
    let signing = Sealer::ed25519(ours(), key_id(), &[7; 32]);
    let public = signing.public_key().unwrap();
    vec![
        (signing, PeerKey::Ed25519(public)),
        (
            Sealer::blake3_keyed(ours(), key_id(), secret()),
            PeerKey::Blake3Keyed(secret()),
        ),
        (
            Sealer::hmac_sha_256(ours(), key_id(), secret()),
            PeerKey::HmacSha256(secret()),
        ),
    ]
}

pub(crate) fn ring(key: PeerKey) -> Keyring {
    let mut keys = Keyring::new();
    keys.trust(ours(), key_id(), key);
    keys
}

pub(crate) fn state(figures: [f64; 7]) -> FieldState {
    let unit = |x| Unit::new(x).unwrap();
    let [stability, scr, sdi, sv, pd, di, retention] = figures.map(unit);
    FieldState {
        attractor_state: AttractorState {
            id: "9c5e0f0e-0d3f-8a51-b1f2-6f6f3f0a7c11".parse().unwrap(),
            kind: Open::Known(AttractorKind::Generative),
            stability,
            phase: Open::Known(InteropPhase::Stable),
            scr,
        },
        drift_metrics: DriftMetrics { sdi, sv, pd, di },
        memory_snapshot: MemoryReference {
            summary_hash: "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"
                .parse()
                .unwrap(),
            retention_index: retention,
        },
        safety_flags: SafetyFlags {
            aegida_status: Open::Known(SafetyStatus::Nominal),
            phase_lock: false,
            recenter_active: false,
        },
    }
}

pub(crate) fn packet(figures: [f64; 7]) -> SigmaPacket {
    SigmaPacket::new(Header::new(ours(), theirs(), now()), state(figures))
}

pub(crate) fn plain() -> SigmaPacket {
    packet([0.94, 0.8, 0.1, 0.125, 1e-7, 0.2, 1.0])
}

pub(crate) fn sealed(sealer: &Sealer, packet: SigmaPacket) -> Sealed<SigmaPacket> {
    let reading = calm(packet.payload.drift_metrics.di);
    let cleared = Gate::new(SRIP_05.gate).clear(&reading, packet).unwrap();
    sealer.seal(cleared).unwrap()
}

pub(crate) fn taken(
    text: &[u8],
    format: Format,
    keys: &Keyring,
) -> Result<Verified<SigmaPacket>, String> {
    let read = Unverified::<SigmaPacket>::read(text, format, &SRIP_05)
        .map_err(|error| format!("{}: {error}", error.name()))?;
    Verifier::new(theirs(), keys, SRIP_05.clock)
        .verify(read, now(), &mut ReplayCache::new(SRIP_05.replay))
        .map_err(|error| format!("{}: {error}", error.name()))
}

/// Figures that are hard to write: the ends, the tiny, the long.
pub(crate) fn figures() -> impl Strategy<Value = [f64; 7]> {
    let unit = prop_oneof![
        0.0..=1.0f64,
        Just(0.0),
        Just(-0.0),
        Just(1.0),
        Just(1e-7),
        Just(5e-324),
        Just(f64::MIN_POSITIVE),
        Just(0.1 + 0.2),
        Just(1.0 - f64::EPSILON / 2.0),
        any::<u64>().prop_map(|bits| f64::from_bits(bits % 0x3ff0_0000_0000_0001)),
    ];
    let drift = (0.0..0.45f64).boxed();
    (proptest::collection::vec(unit, 6), drift).prop_map(|(units, di)| {
        [
            units[0], units[1], units[2], units[3], units[4], di, units[5],
        ]
    })
}
