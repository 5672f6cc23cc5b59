//! Safe mode in the life of a dialogue (`SRIP-06 §4`).

use crate::support::{amount, calm, has, settled, unit, with};
use sigma_aegida::{
    DissolveCause, EntryKind, Kernel, Mode, OutputHandling, Passage, Posture, RecursionPermit,
    SafeMode, SafetyStatus, Transform,
};

#[test]
fn a_breach_freezes_locks_records_purges_and_recovers() {
    let mut kernel = settled();
    let outcome = kernel.examine(&with(11, |t| t.di_raw = amount(0.65)));
    assert_eq!(outcome.output, OutputHandling::Regenerate);
    assert_eq!(outcome.posture, Some(Posture::Recovery));
    assert_eq!(outcome.recursion, RecursionPermit::Suspended);
    assert_eq!(outcome.status, SafetyStatus::RecenterPending);
    assert!(outcome.containment_locked && outcome.convergence_suspended);
    assert_eq!(
        outcome.transforms,
        [
            Transform::LockPosture,
            Transform::PurgeVolatile,
            Transform::Reset
        ]
    );
    let entry = outcome
        .entries
        .iter()
        .find(|e| e.kind == EntryKind::SafeModeEntered)
        .unwrap();
    let steps: Vec<_> = entry.payload["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step["step"].as_str().unwrap())
        .collect();
    assert_eq!(
        steps,
        [
            "outputs_frozen",
            "posture_locked",
            "snapshot_taken",
            "volatile_purged",
            "recovery_begun"
        ]
    );
    assert_eq!(entry.payload["snapshot"]["drift"]["di_raw"], 0.65);
}

#[test]
fn three_calm_answers_lead_out_although_psi_is_still_low() {
    let mut kernel = settled();
    kernel.examine(&with(11, |t| {
        (t.di_raw, t.prs, t.psi) = (amount(0.8), unit(0.0), unit(0.6));
    }));
    let mut on = Vec::new();
    for (cycle, prs) in [(12, 0.75), (13, 1.0), (14, 1.0)] {
        let outcome = kernel.examine(&with(cycle, |t| (t.prs, t.psi) = (unit(prs), unit(0.85))));
        on.push(matches!(outcome.mode, Mode::SafeMode(_)));
    }
    assert_eq!(on, [true, true, false]);
}

#[test]
fn a_kernel_stored_before_resonance_was_kept_still_opens() {
    let mut stored = serde_json::to_value(settled()).unwrap();
    let kernel = stored.as_object_mut().unwrap();
    kernel.remove("resonance").unwrap();
    let rules = kernel["rules"].as_object_mut().unwrap();
    for (group, name) in [
        ("resume", "answers"),
        ("resume", "equilibrium"),
        ("isolation", "calming_shift"),
    ] {
        rules[group].as_object_mut().unwrap().remove(name).unwrap();
    }
    let opened: Kernel = serde_json::from_value(stored).unwrap();
    assert_eq!(opened.rules(), settled().rules());
}

#[test]
fn a_steady_phase_leads_out_and_suspends_convergence_for_five_cycles() {
    let mut kernel = settled();
    kernel.examine(&with(11, |t| t.di_raw = amount(0.65)));
    let unsteady = kernel.examine(&with(12, |t| t.psi = unit(0.9)));
    assert_eq!(
        unsteady.output,
        OutputHandling::PassMarked,
        "frozen until safe mode is left"
    );
    assert_eq!(
        unsteady.mode,
        Mode::SafeMode(SafeMode::Recovering {
            attempt: 1,
            dwell: 1
        })
    );
    let out = kernel.examine(&calm(13));
    assert_eq!(out.passage, Passage::Resumed { after: 2 });
    assert_eq!(out.output, OutputHandling::Fold);
    assert_eq!(out.posture, None);
    assert_eq!(out.recursion, RecursionPermit::Bounded);
    assert!(has(&out, &Transform::ReleasePosture) && has(&out, &Transform::ReleaseMotifs));
    let mut suspended = vec![out.convergence_suspended];
    for cycle in 14..20 {
        suspended.push(kernel.examine(&calm(cycle)).convergence_suspended);
    }
    assert_eq!(suspended, [true, true, true, true, true, false, false]);
}

#[test]
fn stability_held_down_by_penalties_does_not_hold_the_runtime_in_safe_mode() {
    let mut kernel = settled();
    kernel.examine(&with(11, |t| t.di_raw = amount(0.65)));
    let out = kernel.examine(&with(12, |t| t.stability = unit(0.8)));
    assert_eq!(out.passage, Passage::Resumed { after: 1 });
}

#[test]
fn an_answer_over_the_limit_during_recovery_is_passed_on_and_kept_out() {
    let mut kernel = settled();
    kernel.examine(&with(11, |t| t.di_raw = amount(0.65)));
    let again = kernel.examine(&with(12, |t| t.di_raw = amount(0.65)));
    assert_eq!(again.output, OutputHandling::PassMarked);
    assert!(!again.output.folds() && again.output.marks());
    assert_eq!(again.passage, Passage::Unchanged);
    assert_eq!(again.transforms, [], "the attempt under way governs");
}

#[test]
fn recovery_is_forced_after_eight_cycles_and_given_up_after_two_attempts() {
    let mut kernel = settled();
    kernel.examine(&with(11, |t| t.di_raw = amount(0.65)));
    let mut seen = Vec::new();
    for cycle in 12..=27 {
        let outcome = kernel.examine(&with(cycle, |t| t.psi = unit(0.7)));
        if outcome.passage != Passage::Unchanged {
            seen.push((cycle, outcome.passage, outcome.transforms));
        }
    }
    assert_eq!(seen.len(), 2);
    assert_eq!((seen[0].0, seen[0].1), (19, Passage::Forced { attempt: 2 }));
    assert_eq!(seen[0].2, [Transform::Recovery { forced: true }]);
    assert_eq!(
        (seen[1].0, seen[1].1),
        (27, Passage::GivenUp { attempts: 2 })
    );
    assert_eq!(
        seen[1].2[0],
        Transform::Dissolve {
            cause: DissolveCause::FailedRecovery
        }
    );
    assert!(!kernel.safe_mode().is_on());
}

#[test]
fn a_breach_during_the_cooldown_leads_in_again() {
    let mut kernel = settled();
    kernel.examine(&with(11, |t| t.di_raw = amount(0.65)));
    kernel.examine(&calm(12));
    let again = kernel.examine(&with(13, |t| t.di_raw = amount(0.65)));
    assert_eq!(
        again.mode,
        Mode::SafeMode(SafeMode::Recovering {
            attempt: 1,
            dwell: 0
        })
    );
}

#[test]
fn an_answer_that_was_replaced_leaves_evidence_and_no_safe_mode() {
    let kernel = settled();
    let bad = kernel
        .clone()
        .examine(&with(11, |t| t.di_raw = amount(0.65)));
    assert_eq!(bad.output, OutputHandling::Regenerate);

    let mut retried = kernel.clone();
    let note = retried.note_discarded(&bad).unwrap();
    let good = retried.examine(&with(11, |t| t.recursion.depth = 2));
    assert_eq!(good.output, OutputHandling::Fold);
    assert_eq!(note.kind, EntryKind::AnswerDiscarded);
    assert_eq!(
        note.payload["examination"]["broken"][0]["invariant"],
        "drift_limit"
    );
    let entries = [vec![note], good.entries].concat();
    assert_eq!(
        kernel.ledger().verify_to(&entries, retried.ledger()),
        Ok(())
    );
}
