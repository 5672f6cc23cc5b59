//! What holds for every telemetry.

use crate::support::{amount, change, unit};
use proptest::prelude::*;
use sigma_aegida::{
    ContextSegment, Kernel, Ledger, OutputHandling, Posture, RecursionReading, SafetyTelemetry,
    Transform,
};
use sigma_types::{Cycle, Hash256, Measured, Missing, Timestamp, Unit};

fn score() -> impl Strategy<Value = Measured<Unit>> {
    prop_oneof![
        6 => (0.0f64..=1.0).prop_map(unit),
        1 => Just(Measured::Missing(Missing::EmptyText)),
    ]
}

fn posture() -> impl Strategy<Value = Posture> {
    prop_oneof![
        Just(Posture::Stable),
        Just(Posture::Reflective),
        Just(Posture::Damping),
        Just(Posture::Recovery),
        Just(Posture::Critical),
    ]
}

prop_compose! {
    fn telemetry()(
        scores in (score(), score(), score(), score(), score(), score(), score(), score()),
        di in prop_oneof![6 => (0.0f64..3.0).prop_map(amount),
            1 => Just(Measured::Missing(Missing::NoEmbedding))],
        rise in (-3.0f64..3.0).prop_map(change),
        posture in posture(),
        deep in (0u32..14, 0u32..5, 0u32..3, 0u32..3),
        segments in proptest::collection::vec("[ab]{0,2}", 0..8),
        motifs in proptest::collection::btree_map("[a-f]{0,2}|\\PC{0,8}", any::<u64>(), 0..80),
        protected in proptest::collection::btree_set("[a-f]{0,2}", 0..4),
        cycle in any::<u64>(),
        millis in 0i64..2_000_000_000_000,
    ) -> SafetyTelemetry {
        let (scr, sdi, sv, pd, psi, psd, ps_delta, stability) = scores;
        let (depth, introspection, refused_passes, refused_introspections) = deep;
        SafetyTelemetry {
            cycle: Cycle(cycle),
            at: Timestamp::from_millis(millis).unwrap(),
            di_raw: di, d_di: rise, scr, sdi, sv, pd, psi, psd, prs: psi, ps_delta, stability, posture,
            recursion: RecursionReading {
                depth, introspection, refused_passes, refused_introspections,
            },
            segments: segments.iter().map(|s| ContextSegment::of(s)).collect(),
            motifs, protected,
            ps_delta_signed: Measured::Missing(Missing::NothingYet),
        }
    }
}

fn cuts_off(transform: &Transform, motif: &String) -> bool {
    match transform {
        Transform::IsolateMotifs { motifs } | Transform::Quarantine { motifs } => {
            motifs.contains(motif)
        }
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_dialogue_is_examined_alike_bounded_and_with_whole_evidence(
        cycles in proptest::collection::vec(telemetry(), 1..40),
    ) {
        let mut kernel = Kernel::default();
        let mut entries = Vec::new();
        let mut in_safe_mode = 0;
        for telemetry in &cycles {
            let stored = serde_json::to_string(&kernel).unwrap();
            let mut twin: Kernel = serde_json::from_str(&stored).unwrap();
            prop_assert_eq!(&twin, &kernel, "state survives storage");

            let outcome = kernel.examine(telemetry);
            prop_assert_eq!(&twin.examine(telemetry), &outcome, "the same input, the same outcome");
            prop_assert_eq!(&twin, &kernel);

            let over = outcome.output == OutputHandling::Regenerate
                || outcome.output == OutputHandling::PassMarked;
            prop_assert!(!over || outcome.posture.is_some() || !kernel.safe_mode().is_on());
            for protected in &telemetry.protected {
                let spared = !outcome.transforms.iter().any(|t| cuts_off(t, protected));
                prop_assert!(spared, "the identity is never cut off");
            }
            in_safe_mode = if kernel.safe_mode().is_on() { in_safe_mode + 1 } else { 0 };
            prop_assert!(in_safe_mode <= 16, "safe mode ends");
            entries.extend(outcome.entries);
        }
        prop_assert_eq!(Ledger::new(Hash256::ZERO).verify_to(&entries, kernel.ledger()), Ok(()));
        let size = serde_json::to_string(&kernel).unwrap().len();
        prop_assert!(size < 12_000, "state is bounded: {}", size);
    }
}

#[test]
fn a_huge_field_is_examined_and_not_kept() {
    let mut kernel = Kernel::default();
    let mut telemetry = crate::support::calm(1);
    telemetry.motifs = (0..100_000).map(|n| (format!("motif {n}"), n)).collect();
    telemetry.motifs.insert("x".repeat(1_000_000), u64::MAX);
    telemetry.segments = vec![ContextSegment::of(&"\u{202e}🙂 ".repeat(50_000)); 1_000];
    kernel.examine(&telemetry);
    assert!(serde_json::to_string(&kernel).unwrap().len() < 12_000);
}
