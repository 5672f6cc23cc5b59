//! Every threshold on both of its sides.

use crate::support::{amount, broken, change, once, settled, unit, with};
use sigma_aegida::{
    ContextSegment, Invariant, Kernel, RecursionReading, Rules, SafetyTelemetry, Share, Standing,
    Whole,
};
use sigma_types::{Measured, Missing};

fn breaks(edit: impl FnOnce(&mut SafetyTelemetry)) -> Vec<Invariant> {
    broken(&once(edit))
}

#[test]
fn drift_breaks_at_its_limit() {
    assert_eq!(breaks(|t| t.di_raw = amount(0.6)), [Invariant::DriftLimit]);
    assert_eq!(breaks(|t| t.di_raw = amount(0.599_999)), []);
    assert_eq!(breaks(|t| t.di_raw = amount(2.2)), [Invariant::DriftLimit]);
}

#[test]
fn a_rise_of_drift_breaks_above_and_a_fall_never_does() {
    assert_eq!(breaks(|t| t.d_di = change(0.4)), []);
    assert_eq!(
        breaks(|t| t.d_di = change(0.400_001)),
        [Invariant::FieldDrift]
    );
    assert_eq!(breaks(|t| t.d_di = change(-2.0)), []);
}

#[test]
fn a_phase_shift_breaks_above_its_limit() {
    assert_eq!(breaks(|t| t.ps_delta = unit(0.15)), []);
    assert_eq!(
        breaks(|t| t.ps_delta = unit(0.150_001)),
        [Invariant::ControlShift]
    );
}

#[test]
fn the_third_repetition_of_a_segment_breaks() {
    let same = |n| vec![ContextSegment::of("as I said before"); n];
    assert_eq!(breaks(|t| t.segments = same(2)), []);
    assert_eq!(breaks(|t| t.segments = same(3)), [Invariant::RecursiveEcho]);
}

#[test]
fn depth_breaks_above_its_limit_and_where_the_limiter_refused() {
    let deep = |depth, introspection| RecursionReading {
        depth,
        introspection,
        ..RecursionReading::default()
    };
    assert_eq!(breaks(|t| t.recursion = deep(8, 2)), []);
    assert_eq!(
        breaks(|t| t.recursion = deep(9, 2)),
        [Invariant::RecursionDepth]
    );
    assert_eq!(
        breaks(|t| t.recursion = deep(8, 3)),
        [Invariant::IntrospectionDepth]
    );
    let refused = RecursionReading {
        refused_passes: 1,
        ..deep(8, 0)
    };
    assert_eq!(
        breaks(|t| t.recursion = refused),
        [Invariant::RecursionDepth]
    );
    let most = RecursionReading {
        refused_introspections: u32::MAX,
        ..deep(u32::MAX, u32::MAX)
    };
    assert_eq!(
        breaks(|t| t.recursion = most),
        [Invariant::RecursionDepth, Invariant::IntrospectionDepth]
    );
}

#[test]
fn the_other_end_of_each_range_is_obeyed() {
    let rules = Rules {
        max_recursion_depth: Whole::HIGHEST,
        drift_limit: Share::LOWEST,
        max_introspection_levels: Whole::LOWEST,
        ..Rules::DEFAULT
    };
    let examine = |edit: &dyn Fn(&mut SafetyTelemetry)| {
        broken(&Kernel::new(rules.clone()).examine(&with(1, edit)))
    };
    assert_eq!(
        examine(&|t| t.di_raw = amount(0.45)),
        [Invariant::DriftLimit]
    );
    assert_eq!(examine(&|t| t.di_raw = amount(0.449)), []);
    assert_eq!(examine(&|t| t.recursion.depth = 12), []);
    assert_eq!(
        examine(&|t| t.recursion.depth = 13),
        [Invariant::RecursionDepth]
    );
    assert_eq!(
        examine(&|t| t.recursion.introspection = 1),
        [Invariant::IntrospectionDepth]
    );
}

#[test]
fn what_was_not_measured_is_neither_held_nor_broken() {
    let outcome = once(|t| {
        let none = Measured::Missing(Missing::EmptyText);
        (t.di_raw, t.ps_delta) = (Measured::Missing(Missing::EmptyText), none);
        t.d_di = Measured::Missing(Missing::EmptyText);
    });
    let why = Standing::Unmeasured {
        why: Missing::EmptyText,
    };
    for invariant in [
        Invariant::DriftLimit,
        Invariant::ControlShift,
        Invariant::FieldDrift,
    ] {
        let verdict = outcome
            .verdicts
            .iter()
            .find(|v| v.invariant == invariant)
            .unwrap();
        assert_eq!(verdict.standing, why);
    }
    assert_eq!(broken(&outcome), []);
}

#[test]
fn all_invariants_are_always_checked_in_the_same_order() {
    let mut kernel = settled();
    for edit in [
        (|_| {}) as fn(&mut SafetyTelemetry),
        |t| t.di_raw = amount(9.0),
        |t| *t = SafetyTelemetry::unmeasured(t.cycle, t.at),
    ] {
        let outcome = kernel.examine(&with(11, edit));
        let order: Vec<Invariant> = outcome.verdicts.iter().map(|v| v.invariant).collect();
        assert_eq!(order, Invariant::ALL);
    }
}
