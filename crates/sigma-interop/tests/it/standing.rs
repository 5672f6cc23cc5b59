//! The gate and the manifest.

use proptest::prelude::*;
use sigma_aegida::SafetyStatus;
use sigma_attractor::Lifecycle;
use sigma_drift::ControlPosture;
use sigma_interop::{rules::SRIP_05, *};
use sigma_types::{Measured, Missing, NonNegative, Unit};

use crate::support::*;

fn reading() -> impl Strategy<Value = Reading> {
    let di = prop_oneof![
        (0.0..1.0f64).prop_map(|di| Measured::Value(NonNegative::new(di).unwrap())),
        Just(Measured::Missing(Missing::NothingYet)),
    ];
    let posture = prop_oneof![
        4 => Just(ControlPosture::Nominal),
        1 => Just(ControlPosture::Caution),
        1 => Just(ControlPosture::Reflective),
        1 => Just(ControlPosture::Critical),
    ];
    let lifecycle = prop_oneof![4 => Just(Lifecycle::Stable), 1 => Just(Lifecycle::Reflective)];
    let safety = prop_oneof![4 => Just(SafetyStatus::Nominal), 1 => Just(SafetyStatus::Locked)];
    (di, posture, lifecycle, safety, prop::bool::weighted(0.1)).prop_map(
        |(di_raw, posture, lifecycle, safety, phase_lock)| Reading {
            posture,
            lifecycle,
            di_raw,
            safety,
            phase_lock,
        },
    )
}

/// A packet that says what the reading says.
fn truthful(reading: &Reading) -> SigmaPacket {
    let mut packet = plain();
    let payload = &mut packet.payload;
    payload.drift_metrics.di = reading
        .di_raw
        .value()
        .map_or(Unit::ONE, NonNegative::to_unit);
    payload.attractor_state.phase =
        Open::Known(sigma_attractor::project(reading.lifecycle, false, false).interop);
    payload.safety_flags.aegida_status = Open::Known(reading.safety);
    payload.safety_flags.phase_lock = reading.phase_lock;
    packet
}

proptest! {
    #[test]
    fn once_closed_it_opens_only_under_the_limit(readings in proptest::collection::vec(reading(), 1..30)) {
        let mut gate = Gate::new(SRIP_05.gate);
        let mut closed = false;
        for reading in readings {
            let decision = gate.observe(&reading);
            let di = reading.di_raw.value().map(NonNegative::get);
            prop_assert_eq!(gate.observe(&reading), decision.clone(), "looking twice changes nothing");
            let shut = decision.passage >= Passage::Blocked;
            if closed && !shut {
                prop_assert!(di.is_some_and(|di| di < 0.45));
            }
            let banned = di.is_none_or(|di| di >= 0.5)
                || reading.phase_lock
                || reading.safety != SafetyStatus::Nominal
                || reading.lifecycle == Lifecycle::Reflective;
            prop_assert!(!banned || shut);
            prop_assert_eq!(decision.reasons.is_empty(), decision.passage == Passage::Full);
            let sent = gate.clear(&reading, truthful(&reading));
            prop_assert!(!(shut && sent.is_ok()));
            prop_assert!(decision.passage != Passage::Full || sent.is_ok());
            gate = serde_json::from_str(&serde_json::to_string(&gate).unwrap()).unwrap();
            closed = shut;
        }
    }
}

#[test]
fn a_packet_that_misstates_how_the_runtime_stands_stays_here() {
    let reading = calm(Unit::new(0.2).unwrap());
    let change = |change: fn(&mut FieldState)| {
        let mut packet = plain();
        change(&mut packet.payload);
        let withheld = Gate::new(SRIP_05.gate).clear(&reading, packet).unwrap_err();
        withheld.decision.reasons
    };
    let di = change(|state| state.drift_metrics.di = Unit::ZERO);
    assert_eq!(
        di,
        [Reason::Misstated {
            what: Misstated::Di
        }]
    );
    let lock = change(|state| state.safety_flags.phase_lock = true);
    assert_eq!(
        lock,
        [Reason::Misstated {
            what: Misstated::PhaseLock
        }]
    );
    let phase = change(|state| {
        state.attractor_state.phase = Open::Known(sigma_attractor::InteropPhase::Recovery);
    });
    assert_eq!(
        phase,
        [Reason::Misstated {
            what: Misstated::Phase
        }]
    );
}

fn manifest() -> Capabilities {
    let key = sealers()[0].0.public_key().unwrap();
    let keys = vec![PublishedKey {
        key_id: key_id(),
        public_key: key,
    }];
    Capabilities::of_this_crate(ours(), keys, &SRIP_05)
}

#[test]
fn a_manifest_is_written_read_and_checked() {
    let manifest = manifest();
    let text = String::from_utf8(manifest.to_bytes(Format::Yaml)).unwrap();
    insta::assert_snapshot!("runtime_capabilities.yml", text);
    let read = |text: &str| Capabilities::read(text.as_bytes(), Format::Yaml, &SRIP_05);
    assert_eq!(read(&text).unwrap(), manifest);
    let mut less = manifest.clone();
    less.endpoints.truncate(2);
    let error =
        Capabilities::read(&less.to_bytes(Format::Yaml), Format::Yaml, &SRIP_05).unwrap_err();
    assert_eq!(error.pointer(), "/endpoints");
    let mut twice = manifest.clone();
    twice.keys.push(twice.keys[0].clone());
    assert_eq!(twice.check(&SRIP_05).unwrap_err().field, "keys");
    let unknown = format!("{text}more: 1\n");
    assert_eq!(read(&unknown).unwrap_err().name(), "unknown_field");
    let newer = unknown.replace("1.0", "1.3");
    assert!(read(&newer).is_ok(), "{newer}");
}
