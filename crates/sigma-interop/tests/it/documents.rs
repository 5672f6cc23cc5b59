//! Frames, snapshots, commands, events and handshakes in their envelopes.

use serde_json::{Value, json};
use sigma_attractor::{PhaseAxis, PhaseTelemetryFrame, SafetyStatus};
use sigma_interop::{rules::SRIP_05, *};
use sigma_memory::MemoryLayer;
use sigma_types::{Cycle, Measured, Missing, SessionId, Unit};

use crate::support::*;

fn verify<P: Payload>(text: &[u8], format: Format) -> Verified<Message<P>> {
    let (_, key) = sealers().remove(0);
    let keys = ring(key);
    let read = Unverified::<Message<P>>::read(text, format, &SRIP_05).unwrap();
    Verifier::new(theirs(), &keys, SRIP_05.clock)
        .verify(read, now(), &mut ReplayCache::new(SRIP_05.replay))
        .unwrap()
}

/// Seals a payload, takes it in on the other side in both formats, and compares.
fn travels<P: Payload + PartialEq + std::fmt::Debug>(target: RuntimeId, payload: &P) -> Value {
    let (sealer, _) = sealers().remove(0);
    let message = Message::new(Header::new(ours(), target, now()), payload.clone());
    let cleared = Gate::new(SRIP_05.gate)
        .clear(&calm(Unit::ZERO), message)
        .unwrap();
    let sealed = sealer.seal(cleared).unwrap();
    for format in [Format::Json, Format::Yaml] {
        let text = sealed.to_bytes(format);
        let verified = verify::<P>(&text, format);
        assert_eq!(&verified.message().payload, payload);
        assert!(
            verified.to_bytes(format) == text,
            "{}",
            String::from_utf8_lossy(&text)
        );
    }
    serde_json::from_slice(&sealed.to_bytes(Format::Json)).unwrap()
}

fn refused<P: Payload>(value: &Value) -> (&'static str, String) {
    let read = Unverified::<Message<P>>::read(value.to_string().as_bytes(), Format::Json, &SRIP_05);
    let error = read.err().unwrap();
    (error.name(), error.pointer().to_owned())
}

fn report() -> PhaseReport {
    PhaseReport {
        sequence: 12,
        frame: PhaseTelemetryFrame {
            runtime_id: ours().uuid(),
            timestamp: now(),
            phase_vector: [0.6, 0.8, 0.0],
            phase_expected: [1.0, 0.0, 0.0],
            phase_state: PhaseAxis::Reflective,
            psi: Unit::ONE,
            psd: Unit::new(0.1).unwrap(),
            drift_index: Unit::ZERO,
            scr: Measured::Missing(Missing::TooShort),
            symbolic_density: Measured::Value(Unit::ONE),
            recursion_depth: 2,
            safety_status: SafetyStatus::Nominal,
        },
    }
}

#[test]
fn a_frame_travels_in_an_envelope_and_must_be_a_unit_vector() {
    travels(RuntimeId::ANY, &report());
    let mut value = travels(theirs(), &report());
    value["payload"]["frame"]["phase_vector"] = json!([0.6, 0.7, 0.0]);
    assert_eq!(
        refused::<PhaseReport>(&value),
        ("shape", "/payload/frame/phase_vector".into())
    );
    value["payload"]["frame"]["phase_vector"] = json!([-0.6, 0.8, 0.0]);
    assert_eq!(
        refused::<PhaseReport>(&value),
        ("shape", "/payload/frame/phase_vector".into())
    );
    value["payload"]["frame"]["more"] = json!(1);
    assert_eq!(
        refused::<PhaseReport>(&value),
        ("unknown_field", "/payload/frame/more".into())
    );
}

#[test]
fn only_what_is_for_everybody_goes_to_everybody() {
    let mut packet = plain();
    packet.header.target_runtime_id = RuntimeId::ANY;
    let (sealer, _) = sealers().remove(0);
    let cleared = Gate::new(SRIP_05.gate).clear(&calm(packet.payload.drift_metrics.di), packet);
    assert!(sealer.seal(cleared.unwrap()).is_err());
}

fn share() -> MemoryShare {
    let layer: MemoryLayer = serde_json::from_value(json!({
        "episodic_store": [
            {"cycle_id": 3, "state_vector": [0.1, -0.2, 1e-7], "drift_index": null, "summary": "Berths.\nThe crane."},
        ],
        "semantic_map": {"concepts": {"crane": ["berth"], "größe/~": []}, "embeddings": {"crane": [0.3, 0.1234]}},
        "symbolic_motifs": {"clusters": ["crane", "berth"], "density_scores": [1.0, 0.5]},
        "pil_invariants": {"identity_vector": [0.7, 0.7], "core_motifs": ["harbour"]},
    }))
    .unwrap();
    MemoryShare {
        cycle: Cycle(3),
        embedder: None,
        memory_layer: layer,
    }
}

#[test]
fn a_snapshot_travels_with_its_decimals() {
    let value = travels(theirs(), &share());
    let vector = &value["payload"]["memory_layer"]["episodic_store"][0]["state_vector"];
    assert_eq!(
        vector,
        &json!([0.1, -0.2, 1e-7]),
        "the shortest decimals, not those of a double"
    );
    let mut long = value.clone();
    long["payload"]["memory_layer"]["pil_invariants"]["identity_vector"] = json!(vec![0.5; 4097]);
    assert_eq!(
        refused::<MemoryShare>(&long),
        (
            "shape",
            "/payload/memory_layer/pil_invariants/identity_vector".into()
        )
    );
    let mut wide = value.clone();
    wide["payload"]["memory_layer"]["pil_invariants"]["identity_vector"] = json!([1.5e39]);
    assert_eq!(
        refused::<MemoryShare>(&wide),
        (
            "number",
            "/payload/memory_layer/pil_invariants/identity_vector/0".into()
        )
    );
    let mut odd = value;
    odd["payload"]["memory_layer"]["episodic_store"][0]["note"] = json!("x");
    assert_eq!(
        refused::<MemoryShare>(&odd),
        (
            "unknown_field",
            "/payload/memory_layer/episodic_store/0/note".into()
        )
    );
}

#[test]
fn a_pushed_snapshot_is_looked_at_and_stays_apart() {
    let text = travels(theirs(), &share()).to_string();
    let pushed = Quarantined::receive(verify(text.as_bytes(), Format::Json), now());
    assert_eq!((pushed.source(), pushed.at()), (ours(), now()));
    assert_eq!(pushed.inspect(), &share());
    assert!(pushed.checksum().starts_with("blake3:"));
    let stored = serde_json::to_string(&pushed).unwrap();
    let again: Quarantined<MemoryShare> = serde_json::from_str(&stored).unwrap();
    assert_eq!(again, pushed);
}

#[test]
fn commands_and_events_travel() {
    let body = CommandBody {
        command: CommandKind::Revert,
        cause_id: CauseId::derive(ours(), 2, None),
        sequence: 2,
        parent: Some(CauseId::derive(ours(), 1, None)),
        reverts: Some(CauseId::derive(ours(), 1, None)),
        reason: Some("too early".parse().unwrap()),
        session: Some(SessionId::new("s-1").unwrap()),
    };
    let mut value = travels(theirs(), &body);
    value["payload"].as_object_mut().unwrap().remove("reverts");
    assert_eq!(
        refused::<CommandBody>(&value),
        ("shape", "/payload/reverts".into())
    );
    travels(
        RuntimeId::ANY,
        &SyncEvent {
            cause_id: CauseId::derive(ours(), 4, None),
            since: Cycle(4),
            cycle: Cycle(5),
            deviation: Unit::new(0.2).unwrap(),
            of: 3,
        },
    );
}

fn handshake(version: &str, manifest: &Value) -> Value {
    json!({
        "header": {
            "protocol_version": version,
            "source_runtime_id": ours(),
            "target_runtime_id": theirs(),
            "timestamp": NOW,
        },
        "payload": {"capabilities": manifest, "nonce": "00112233445566778899aabbccddeeff"},
        "signature": {"checksum": "blake3:00", "integrity_token": "ed25519:a:00"},
    })
}

#[test]
fn another_major_version_is_read_far_enough_to_be_rejected() {
    let ours_ = Capabilities::of_this_crate(theirs(), Vec::new(), &SRIP_05);
    let mut manifest =
        serde_json::to_value(Capabilities::of_this_crate(ours(), Vec::new(), &SRIP_05)).unwrap();
    manifest["protocol_versions"] = json!(["2.0"]);
    manifest["quanta"] = json!([1]);
    let value = handshake("2.0", &manifest);
    let bytes = value.to_string();
    let read =
        Unverified::<HandshakeRequest>::read(bytes.as_bytes(), Format::Json, &SRIP_05).unwrap();
    let claimed = read.claimed();
    let said = negotiate(
        &ours_,
        claimed.header.source_runtime_id,
        &claimed.payload.capabilities,
    );
    assert_eq!(
        (said.outcome, &said.reasons[..]),
        (Outcome::Rejected, &[Mismatch::MajorVersion][..])
    );
    let record = said.record(now(), ours(), &ours_, &claimed.payload.capabilities);
    insta::assert_json_snapshot!("negotiation", record);
    // what is no handshake of ours at all is rejected by its version
    let stranger = handshake("2.0", &json!("none"));
    assert_eq!(refused::<Handshake>(&stranger).0, "unsupported_major");
    manifest["protocol_versions"] = json!(["1.0"]);
    assert_eq!(
        refused::<Handshake>(&handshake("1.0", &manifest)).0,
        "unknown_field"
    );
}
