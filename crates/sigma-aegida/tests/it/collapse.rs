//! Collapse and the dissolution routine (`SRIP-06 §5`).

use crate::support::{settled, unit, with};
use sigma_aegida::{
    DissolveCause, EntryKind, Invariant, Mode, SafetyOutcome, SafetyTelemetry, Transform,
};
use sigma_types::{Measured, Missing};

const COLLAPSE: Transform = Transform::Dissolve {
    cause: DissolveCause::Collapse,
};

type Edit = fn(&mut SafetyTelemetry);

/// The cycle, counted from the first low one, in which the field is dissolved.
fn dissolved_after(cycles: &[Edit]) -> Option<usize> {
    let mut kernel = settled();
    let outcomes: Vec<SafetyOutcome> = cycles
        .iter()
        .zip(11..)
        .map(|(edit, cycle)| kernel.examine(&with(cycle, *edit)))
        .collect();
    outcomes
        .iter()
        .position(|outcome| outcome.transforms.contains(&COLLAPSE))
        .map(|at| at + 1)
}

fn low(t: &mut SafetyTelemetry) {
    t.stability = unit(0.499);
}

fn low_and_thin(t: &mut SafetyTelemetry) {
    low(t);
    t.scr = unit(0.599);
}

fn low_and_adrift(t: &mut SafetyTelemetry) {
    low(t);
    t.pd = unit(0.251);
}

#[test]
fn more_than_three_low_cycles_and_thin_text_or_lost_posture() {
    assert_eq!(dissolved_after(&[low_and_thin as Edit; 3]), None);
    assert_eq!(dissolved_after(&[low_and_thin as Edit; 4]), Some(4));
    assert_eq!(dissolved_after(&[low_and_adrift as Edit; 4]), Some(4));
    assert_eq!(dissolved_after(&[low, low, low, low_and_thin]), Some(4));
    assert_eq!(dissolved_after(&[low as Edit; 12]), None);
}

#[test]
fn the_limits_themselves_are_no_collapse() {
    let edges: Edit = |t| {
        low(t);
        (t.scr, t.pd) = (unit(0.6), unit(0.25));
    };
    assert_eq!(dissolved_after(&[edges; 8]), None);
    let half: Edit = |t| {
        low_and_thin(t);
        t.stability = unit(0.5);
    };
    assert_eq!(dissolved_after(&[half; 8]), None);
}

#[test]
fn a_better_cycle_ends_the_row_and_an_unmeasured_one_does_not() {
    let better: Edit = |t| t.stability = unit(0.6);
    let row = [
        low_and_thin,
        low_and_thin,
        better,
        low_and_thin,
        low_and_thin,
        low_and_thin,
    ];
    assert_eq!(dissolved_after(&row), None);
    let blind: Edit = |t| t.stability = Measured::Missing(Missing::EmptyText);
    let row = [
        low_and_thin,
        low_and_thin,
        low_and_thin,
        blind,
        low_and_thin,
    ];
    assert_eq!(dissolved_after(&row), Some(5));
}

#[test]
fn dissolution_starts_the_row_anew_and_records_its_routine() {
    let mut kernel = settled();
    for cycle in 11..14 {
        kernel.examine(&with(cycle, low_and_thin));
    }
    let dissolved = kernel.examine(&with(14, low_and_thin));
    assert_eq!(dissolved.mode, Mode::Dissolved);
    assert_eq!(
        dissolved.reevaluation.awaiting,
        [Invariant::StructuralCollapse]
    );
    let entry = dissolved
        .entries
        .iter()
        .find(|e| e.kind == EntryKind::Dissolved)
        .unwrap();
    let routine = serde_json::json!([
        "release_tension",
        "drop_unstable_motifs",
        "keep_anchors",
        "reinitialise_density"
    ]);
    assert_eq!(entry.payload["routine"], routine);
    for cycle in 15..18 {
        assert!(
            !kernel
                .examine(&with(cycle, low_and_thin))
                .transforms
                .contains(&COLLAPSE)
        );
    }
}
