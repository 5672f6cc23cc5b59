//! Local isolation and the fail-safe envelope (`SRIP-06 §6`, `§7`).

use crate::support::{amount, broken, calm, change, has, once, settled, unit, with};
use sigma_aegida::{
    ContextSegment, EntryKind, Invariant, Mode, OutputHandling, Posture, Row, SafetyOutcome,
    SafetyStatus, Transform,
};

fn rows(outcome: &SafetyOutcome) -> Vec<Row> {
    outcome
        .transforms
        .iter()
        .filter_map(Transform::row)
        .collect()
}

#[test]
fn a_jump_of_drift_isolates_the_motifs_that_grew() {
    let outcome = once(|t| {
        t.d_di = change(0.45);
        t.motifs.insert("moon".into(), 9);
    });
    assert_eq!(
        outcome.transforms,
        [Transform::IsolateMotifs {
            motifs: vec!["moon".into()]
        }]
    );
    assert_eq!(outcome.mode, Mode::Isolated);
    assert_eq!(outcome.output, OutputHandling::Fold, "isolation is local");
    assert!(
        outcome
            .entries
            .iter()
            .any(|e| e.kind == EntryKind::Isolated)
    );
}

#[test]
fn motifs_of_the_identity_are_never_isolated() {
    let outcome = once(|t| {
        t.d_di = change(0.45);
        t.di_raw = amount(0.9);
        t.motifs.insert("captain".into(), 90);
        t.motifs.insert("moon".into(), 9);
        t.protected.insert("captain".into());
    });
    let text = format!("{:?}", outcome.transforms);
    assert!(!text.contains("captain"), "{text}");
}

#[test]
fn an_echo_prunes_what_only_repeats() {
    let outcome = once(|t| {
        t.segments = ["a", "b", "B ", " b", "c"].map(ContextSegment::of).to_vec();
    });
    assert_eq!(
        outcome.transforms,
        [Transform::PruneContext {
            segments: vec![2, 3]
        }]
    );
    assert_eq!(outcome.reevaluation.settled, [Invariant::RecursiveEcho]);
    assert!(!outcome.reevaluation.escalated);
}

#[test]
fn a_phase_shift_locks_and_calm_opens_the_lock() {
    let mut kernel = settled();
    let shifted = kernel.examine(&with(11, |t| t.ps_delta = unit(0.3)));
    assert!(has(&shifted, &Transform::LockContainment));
    assert!(shifted.containment_locked);
    assert_eq!(shifted.status, SafetyStatus::Locked);

    let restless = kernel.examine(&with(12, |t| t.stability = unit(0.85)));
    assert!(restless.containment_locked, "stability moved by 0.1");
    let thin = kernel.examine(&with(13, |t| {
        (t.stability, t.scr) = (unit(0.85), unit(0.7));
    }));
    assert!(thin.containment_locked, "the text carries too little");
    let calm = kernel.examine(&with(14, |t| t.stability = unit(0.85)));
    assert!(has(&calm, &Transform::ReleaseContainment));
    assert!(!calm.containment_locked);
    assert_eq!(calm.mode, Mode::Nominal);
}

#[test]
fn a_return_to_calm_is_no_shift() {
    let locks = |signed: f64, posture| {
        let outcome = once(|t| {
            t.ps_delta = unit(signed.abs());
            t.ps_delta_signed = change(signed);
            t.posture = posture;
        });
        outcome.containment_locked
    };
    assert!(!locks(-0.5, Posture::Stable) && !locks(-0.5, Posture::Damping));
    assert!(locks(0.5, Posture::Stable));
    assert!(
        locks(-0.5, Posture::Recovery),
        "nearer to an alarm is no calm"
    );
}

#[test]
fn a_lock_is_held_for_eight_cycles_at_most() {
    let mut kernel = settled();
    let mut locked = Vec::new();
    for cycle in 11..40 {
        let outcome = kernel.examine(&with(cycle, |t| t.ps_delta = unit(0.3)));
        locked.push(broken(&outcome).contains(&Invariant::LockTimeout));
        if kernel.safe_mode().is_on() {
            assert!(rows(&outcome).contains(&Row::Recovery));
            break;
        }
    }
    assert_eq!(
        locked,
        [false, false, false, false, false, false, false, false, true]
    );
}

#[test]
fn a_lock_that_may_open_in_its_last_cycle_opens() {
    let mut kernel = settled();
    for cycle in 11..=18 {
        kernel.examine(&with(cycle, |t| t.ps_delta = unit(0.3)));
    }
    let last = kernel.examine(&calm(19));
    assert_eq!(broken(&last), []);
    assert!(has(&last, &Transform::ReleaseContainment));
}

#[test]
fn each_condition_meets_its_row() {
    assert_eq!(
        rows(&once(|t| t.di_raw = amount(0.65))),
        [Row::Reset],
        "a spike"
    );
    let unsafe_motif = once(|t| {
        t.di_raw = amount(0.76);
        t.motifs.insert("moon".into(), 9);
    });
    assert_eq!(
        rows(&unsafe_motif),
        [Row::Quarantine, Row::Reset],
        "drift carried by a motif"
    );
    let at_limit = once(|t| {
        t.di_raw = amount(0.75);
        t.motifs.insert("moon".into(), 9);
    });
    assert_eq!(
        rows(&at_limit),
        [Row::Reset],
        "0.75 itself is not above 0.75"
    );
    let control = once(|t| (t.di_raw, t.psi) = (amount(0.65), unit(0.59)));
    assert_eq!(rows(&control), [Row::Recovery], "control is lost");
    assert_eq!(
        rows(&once(|t| t.recursion.depth = 20)),
        [Row::Recovery],
        "recursion ran away"
    );
}

#[test]
fn a_sudden_narrowing_of_symbols_is_quarantined() {
    let outcome = once(|t| {
        t.motifs.insert("moon".into(), 900);
    });
    assert_eq!(broken(&outcome), [Invariant::SymbolicEntropy]);
    assert!(has(
        &outcome,
        &Transform::Quarantine {
            motifs: vec!["moon".into()]
        }
    ));
    assert_eq!(outcome.output, OutputHandling::Regenerate);
}

#[test]
fn within_safe_mode_a_narrowing_that_cannot_be_cut_off_clears_the_field() {
    let mut kernel = settled();
    kernel.examine(&with(11, |t| t.di_raw = amount(0.65)));
    assert!(kernel.safe_mode().is_on());
    let outcome = kernel.examine(&with(12, |t| {
        t.motifs.insert("moon".into(), 900);
        t.protected.insert("moon".into());
    }));
    assert!(outcome.reevaluation.escalated);
    assert_eq!(rows(&outcome), [Row::Reset]);
}

#[test]
fn containment_is_judged_by_the_next_answer() {
    let mut kernel = settled();
    let first = kernel.examine(&with(11, |t| t.di_raw = amount(0.65)));
    assert_eq!(first.reevaluation.awaiting, [Invariant::DriftLimit]);
    let second = kernel.examine(&with(12, |t| t.di_raw = amount(0.65)));
    assert_eq!(second.reevaluation.failed, [Invariant::DriftLimit]);
    let blind = kernel.examine(&with(13, |t| {
        t.di_raw = sigma_types::Measured::Missing(sigma_types::Missing::EmptyText);
    }));
    assert_eq!(
        blind.reevaluation.verified,
        [],
        "what was not measured proves nothing"
    );
    let third = kernel.examine(&calm(14));
    assert_eq!(third.reevaluation.verified, [Invariant::DriftLimit]);
    let kinds: Vec<_> = third.entries.iter().map(|e| e.kind.as_str()).collect();
    assert_eq!(
        kinds,
        ["examined", "safe_mode_left", "containment_verified"]
    );
}

#[test]
fn recursion_rests_while_the_loop_recovers() {
    let mut kernel = settled();
    let outcome = kernel.examine(&with(11, |t| t.posture = Posture::Recovery));
    assert_eq!(outcome.recursion, sigma_aegida::RecursionPermit::Suspended);
    let disobeyed = kernel.examine(&with(12, |t| t.recursion.depth = 2));
    assert_eq!(broken(&disobeyed), [Invariant::SuspendedRecursion]);
    assert!(has(&disobeyed, &Transform::SuspendRecursion));
    let obeyed = kernel.examine(&with(13, |t| t.recursion.depth = 1));
    assert_eq!(broken(&obeyed), []);
}
