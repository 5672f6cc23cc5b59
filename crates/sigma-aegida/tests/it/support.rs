//! Telemetry written briefly.

use sigma_aegida::{
    Change, Invariant, Kernel, SafetyOutcome, SafetyTelemetry, Standing, Transform,
};
use sigma_types::{Cycle, Measured, NonNegative, Timestamp, Unit};

pub(crate) fn unit(x: f64) -> Measured<Unit> {
    Measured::Value(Unit::new(x).unwrap())
}

pub(crate) fn amount(x: f64) -> Measured<NonNegative> {
    Measured::Value(NonNegative::new(x).unwrap())
}

pub(crate) fn change(x: f64) -> Measured<Change> {
    Measured::Value(Change::new(x).unwrap())
}

/// A cycle in which all is well.
pub(crate) fn calm(cycle: u64) -> SafetyTelemetry {
    let at = Timestamp::from_millis(i64::try_from(cycle).unwrap() * 1_000).unwrap();
    SafetyTelemetry {
        di_raw: amount(0.2),
        d_di: change(0.0),
        scr: unit(0.85),
        sdi: unit(0.2),
        sv: unit(0.1),
        pd: unit(0.02),
        psi: unit(0.95),
        psd: unit(0.0),
        ps_delta: unit(0.02),
        stability: unit(0.95),
        motifs: [
            ("budget", 6),
            ("phase", 5),
            ("review", 5),
            ("rollout", 4),
            ("steps", 4),
        ]
        .map(|(key, n)| (key.to_owned(), n))
        .into(),
        ..SafetyTelemetry::unmeasured(Cycle(cycle), at)
    }
}

/// A calm cycle with one thing changed.
pub(crate) fn with(cycle: u64, edit: impl FnOnce(&mut SafetyTelemetry)) -> SafetyTelemetry {
    let mut telemetry = calm(cycle);
    edit(&mut telemetry);
    telemetry
}

/// A kernel that has seen a few calm cycles, the last of which is number 10.
pub(crate) fn settled() -> Kernel {
    let mut kernel = Kernel::default();
    for cycle in 1..=10 {
        kernel.examine(&calm(cycle));
    }
    kernel
}

/// Examines one changed cycle after calm ones.
pub(crate) fn once(edit: impl FnOnce(&mut SafetyTelemetry)) -> SafetyOutcome {
    settled().examine(&with(11, edit))
}

pub(crate) fn broken(outcome: &SafetyOutcome) -> Vec<Invariant> {
    let broken = |v: &&sigma_aegida::Verdict| matches!(v.standing, Standing::Broken { .. });
    outcome
        .verdicts
        .iter()
        .filter(broken)
        .map(|v| v.invariant)
        .collect()
}

pub(crate) fn has(outcome: &SafetyOutcome, transform: &Transform) -> bool {
    outcome.transforms.contains(transform)
}
