//! Seals hold for what was sealed and for nothing else.

use proptest::prelude::*;
use sigma_interop::{rules::SRIP_05, *};
use sigma_types::Timestamp;

use crate::support::*;

#[test]
fn every_algorithm_in_every_format_is_taken_once() {
    for (sealer, key) in sealers() {
        for checksum in ChecksumAlgorithm::ALL {
            let sealed = sealed(&sealer.clone().with_checksum(checksum), plain());
            let keys = ring(key.clone());
            for format in Format::ALL {
                let text = sealed.to_bytes(format);
                let verified = taken(&text, format, &keys).unwrap();
                assert_eq!(verified.message(), sealed.message());
                assert!(
                    verified.to_bytes(format) == text,
                    "{}",
                    String::from_utf8_lossy(&text)
                );
                assert_eq!(
                    verified.to_bytes(Format::Json),
                    sealed.to_bytes(Format::Json)
                );
            }
        }
    }
}

/// A document with one thing changed, sealed again by the same key.
fn resealed(change: impl FnOnce(&mut Header)) -> (Vec<u8>, Keyring) {
    let (sealer, key) = sealers().remove(0);
    let mut packet = plain();
    change(&mut packet.header);
    (sealed(&sealer, packet).to_bytes(Format::Json), ring(key))
}

fn refusal(text: &[u8], keys: &Keyring) -> String {
    let error = taken(text, Format::Json, keys).unwrap_err();
    error.split(':').next().unwrap_or_default().to_owned()
}

#[test]
fn the_window_includes_its_ends() {
    let at = |millis: i64| {
        let time = Timestamp::from_millis(now().millis() + millis).unwrap();
        let (text, keys) = resealed(|header| header.timestamp = time.into());
        taken(&text, Format::Json, &keys).map(|_| ())
    };
    assert_eq!(at(-120_000), Ok(()));
    assert_eq!(at(30_000), Ok(()));
    assert!(at(-120_001).unwrap_err().starts_with("too_old"));
    assert!(at(30_001).unwrap_err().starts_with("too_early"));
}

#[test]
fn each_thing_that_does_not_hold_has_its_own_name() {
    let (text, keys) = resealed(|header| header.target_runtime_id = ours());
    assert_eq!(refusal(&text, &keys), "wrong_target");

    let (text, mut keys) = resealed(|_| {});
    assert_eq!(refusal(&text, &Keyring::new()), "unknown_key");
    assert!(keys.revoke(ours(), &key_id()));
    assert_eq!(refusal(&text, &keys), "revoked_key");
    keys.trust(ours(), key_id(), PeerKey::HmacSha256(secret()));
    assert_eq!(
        refusal(&text, &keys),
        "revoked_key",
        "a revoked name stays revoked"
    );
    assert_eq!(
        refusal(&text, &ring(PeerKey::HmacSha256(secret()))),
        "wrong_algorithm"
    );
    let other = Sealer::ed25519(ours(), key_id(), &[8; 32])
        .public_key()
        .unwrap();
    assert_eq!(
        refusal(&text, &ring(PeerKey::Ed25519(other))),
        "token_mismatch"
    );

    let (text, keys) = resealed(|_| {});
    let text = String::from_utf8(text).unwrap();
    let with = |from: &str, to: &str| refusal(text.replace(from, to).as_bytes(), &keys);
    assert_eq!(with("\"blake3:", "\"md5:"), "unknown_checksum");
    assert_eq!(with("\"blake3:", "\"sha-256:"), "checksum_mismatch");
    assert_eq!(with("\"ed25519:", "\"none:"), "unknown_token");
    assert_eq!(with("\"ed25519:", "\"hmac-sha-256:"), "malformed_token");
    assert_eq!(with(":2026-11:", ":2026-12:"), "unknown_key");
    assert_eq!(with(":2026-11:", ":20:26:"), "malformed_token");
    assert_eq!(with("\"scr\":0.8", "\"scr\":0.9"), "checksum_mismatch");
}

#[test]
fn a_key_vouches_for_its_owner_alone() {
    // the peer's own key, under somebody else's name
    let (sealer, key) = sealers().remove(0);
    let text = sealed(&sealer, plain()).to_bytes(Format::Json);
    let mut keys = Keyring::new();
    keys.trust(theirs(), key_id(), key);
    assert_eq!(refusal(&text, &keys), "unknown_key");
    // and a sealer does not speak for others
    let foreign = Sealer::ed25519(theirs(), key_id(), &[7; 32]);
    let cleared = Gate::new(SRIP_05.gate).clear(&calm(plain().payload.drift_metrics.di), plain());
    assert!(foreign.seal(cleared.unwrap()).is_err());
}

#[test]
fn a_seal_for_one_purpose_is_none_for_another() {
    let (sealer, key) = sealers().remove(0);
    let minimal =
        MinimalExchange::new(Header::new(ours(), theirs(), now()), plain().payload.into());
    let reading = calm(minimal.payload.drift_metrics.di);
    let cleared = Gate::new(SRIP_05.gate).clear(&reading, minimal).unwrap();
    let text = sealer.seal(cleared).unwrap().to_bytes(Format::Json);
    assert!(Unverified::<SigmaPacket>::read(&text, Format::Json, &SRIP_05).is_err());
    let read = Unverified::<MinimalExchange>::read(&text, Format::Json, &SRIP_05).unwrap();
    let keys = ring(key);
    let verifier = Verifier::new(theirs(), &keys, SRIP_05.clock);
    assert!(
        verifier
            .verify(read, now(), &mut ReplayCache::new(SRIP_05.replay))
            .is_ok()
    );
}

/// Verifies packets that differ in their time, in order, against one memory.
fn series(cache: &mut ReplayCache, steps: &[(i64, i64)]) -> Vec<&'static str> {
    let (sealer, key) = sealers().remove(1);
    let keys = ring(key);
    let verifier = Verifier::new(theirs(), &keys, SRIP_05.clock);
    let at = |millis: i64| Timestamp::from_millis(now().millis() + millis).unwrap();
    let mut told = Vec::new();
    for (dated, arrives) in steps {
        let mut packet = plain();
        packet.header.timestamp = at(*dated).into();
        let text = sealed(&sealer, packet).to_bytes(Format::Json);
        let read = Unverified::<SigmaPacket>::read(&text, Format::Json, &SRIP_05).unwrap();
        let verified = verifier.verify(read, at(*arrives), cache);
        told.push(verified.map_or_else(|error| error.name(), |_| "verified"));
        *cache = serde_json::from_str(&serde_json::to_string(cache).unwrap()).unwrap();
    }
    told
}

#[test]
fn a_full_memory_refuses_and_forgets_nothing_it_needs() {
    let rules = rules::ReplayRules {
        total: 3,
        per_source: 2,
    };
    let mut cache = ReplayCache::new(rules);
    let told = series(
        &mut cache,
        &[
            (0, 0),
            (1, 1),
            (2, 2),
            (0, 3),
            (120_003, 120_000),
            (120_003, 120_001),
        ],
    );
    assert_eq!(
        told,
        [
            "verified",
            "verified",
            "source_full",
            "replayed",
            "source_full",
            "verified"
        ]
    );
}

#[test]
fn a_clock_that_is_set_back_reopens_nothing() {
    let mut cache = ReplayCache::new(SRIP_05.replay);
    let told = series(&mut cache, &[(0, 0), (200_000, 200_000), (0, 0)]);
    assert_eq!(told, ["verified", "verified", "too_old"]);
    let mut cache = ReplayCache::restarted(SRIP_05.replay, now());
    assert_eq!(
        series(&mut cache, &[(-1, 0), (0, 0)]),
        ["too_old", "verified"]
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn numbers_survive_bit_for_bit(figures in figures()) {
        let (sealer, key) = sealers().remove(1);
        let sealed = sealed(&sealer, packet(figures));
        let keys = ring(key);
        let json = sealed.to_bytes(Format::Json);
        for format in Format::ALL {
            let text = sealed.to_bytes(format);
            let verified = taken(&text, format, &keys).unwrap();
            prop_assert_eq!(verified.message(), sealed.message());
            let bits = |drift: &DriftMetrics| [drift.sdi, drift.sv, drift.pd, drift.di].map(|x| x.get().to_bits());
            prop_assert_eq!(
                bits(&verified.message().payload.drift_metrics),
                bits(&sealed.message().payload.drift_metrics)
            );
            prop_assert_eq!(verified.to_bytes(Format::Json), json.clone());
        }
    }

    #[test]
    fn one_byte_changed_is_refused(which in 0usize..3, at in any::<prop::sample::Index>(), byte in any::<u8>(), format in 0usize..2) {
        let (sealer, key) = sealers().remove(which);
        let sealed = sealed(&sealer, plain());
        let format = [Format::Json, Format::Yaml][format];
        let mut text = sealed.to_bytes(format);
        let at = at.index(text.len());
        prop_assume!(text[at] != byte);
        text[at] = byte;
        // other bytes may still be the same document: a blank, another quote, a comment
        if let Ok(verified) = taken(&text, format, &ring(key)) {
            prop_assert_eq!(verified.message(), sealed.message());
            prop_assert_eq!(verified.to_bytes(format), sealed.to_bytes(format));
            prop_assert!(!byte.is_ascii_alphanumeric(), "{}", String::from_utf8_lossy(&text));
        }
    }

    #[test]
    fn any_bytes_are_read_without_harm(bytes in proptest::collection::vec(any::<u8>(), 0..200), format in 0usize..3) {
        let _ = Unverified::<SigmaPacket>::read(&bytes, Format::ALL[format], &SRIP_05);
    }
}
