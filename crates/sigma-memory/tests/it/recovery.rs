use sigma_memory::{Lifecycle, Noise, Pil, RecoveryPermit, SRIP_04, invariants::Breach};
use sigma_types::{Cycle, Hash256, Measured, Missing};

use crate::common::{ask, at, cycle, filled};

fn noisy() -> sigma_memory::Memory {
    let mut memory = filled("a", 8);
    for _ in 0..10 {
        cycle(
            &mut memory,
            "Please repeat the harbour timetable.",
            "The harbour timetable stays the same.",
        );
    }
    memory
}

#[test]
fn calm_dialogue_gives_no_permit() {
    let memory = filled("a", 40);
    let invariants = memory.invariants();
    assert!(
        invariants.breaches(&SRIP_04.invariants).is_empty(),
        "{invariants:?}"
    );
    assert_eq!(RecoveryPermit::by_entropy(&memory, &invariants), None);
    assert_eq!(
        RecoveryPermit::by_lifecycle(&memory, Lifecycle::Stable),
        None
    );
    assert_eq!(RecoveryPermit::by_containment(&memory, Hash256::ZERO), None);
}

#[test]
fn noise_over_the_limit_is_restored_from_the_snapshot_before_stable_operation_resumes() {
    let clean = filled("a", 8);
    let mut memory = noisy();
    let snapshot = clean.snapshot(at(8));
    let invariants = memory.invariants();
    assert!(
        invariants
            .breaches(&SRIP_04.invariants)
            .contains(&Breach::Entropy),
        "{invariants:?}"
    );
    let permit = RecoveryPermit::by_entropy(&memory, &invariants).unwrap();
    let plan = memory.plan_recovery(permit, snapshot, at(30)).unwrap();
    assert!(
        plan.tombstone()
            .pruned
            .iter()
            .all(|p| p.noise == Noise::Duplicate)
    );
    let tombstone = plan.tombstone().clone();
    let recovery = memory.recover(plan).unwrap();
    assert!(recovery.after.er.value().unwrap().get() <= 0.3);
    assert!(recovery.stable().is_some());
    // one of the repeated pair is still there
    let found = ask(&memory, "harbour timetable", 40);
    assert_eq!(
        found
            .iter()
            .filter(|r| r.text.contains("timetable"))
            .count(),
        2
    );
    // and the same from storage
    let frames: Vec<_> = memory.recent().cloned().collect();
    let (loaded, report) = sigma_memory::Memory::load(
        memory.session().clone(),
        Pil::new(),
        SRIP_04,
        frames,
        [tombstone.clone(), tombstone],
    )
    .unwrap();
    assert_eq!((report.tombstones, report.refused), (1, 1));
    assert_eq!(loaded.invariants(), memory.invariants());
    assert_eq!(ask(&loaded, "harbour timetable", 40), found);
}

#[test]
fn recovery_keeps_all_identity_invariants() {
    let mut memory = noisy();
    let mut pil = Pil::new();
    pil.anchor_motif("harbour", &SRIP_04.bounds).unwrap();
    pil.anchor_fact("The user is called Ana.", Cycle(1), &SRIP_04.bounds)
        .unwrap();
    memory.anchor(&pil);
    let snapshot = memory.snapshot(at(30));
    let permit = RecoveryPermit::by_containment(&memory, Hash256::of(b"ledger")).unwrap();
    let plan = memory.plan_recovery(permit, snapshot, at(30)).unwrap();
    memory.recover(plan).unwrap();
    assert!(memory.pil().contains(&pil));
}

#[test]
fn a_snapshot_from_elsewhere_or_damaged_is_refused() {
    let memory = noisy();
    let permit = || RecoveryPermit::by_lifecycle(&memory, Lifecycle::Recovery).unwrap();
    let other = filled("b", 8).snapshot(at(0));
    assert!(memory.plan_recovery(permit(), other, at(30)).is_err());
    let ahead = {
        let mut longer = noisy();
        cycle(&mut longer, "One more.", "Yes.");
        longer.snapshot(at(0))
    };
    assert!(memory.plan_recovery(permit(), ahead, at(30)).is_err());
    let mut damaged = memory.snapshot(at(0));
    damaged.motifs.push("planted".into());
    assert!(memory.plan_recovery(permit(), damaged, at(30)).is_err());
}

#[test]
fn a_permit_is_for_the_cycle_it_was_given_in() {
    let mut memory = noisy();
    let snapshot = memory.snapshot(at(1));
    let permit = RecoveryPermit::by_lifecycle(&memory, Lifecycle::Recovery).unwrap();
    cycle(&mut memory, "Meanwhile life goes on.", "It does.");
    assert!(memory.plan_recovery(permit, snapshot, at(30)).is_err());
}

#[test]
fn what_cannot_be_measured_says_why() {
    let invariants = filled("a", 2).invariants();
    for metric in [invariants.ci, invariants.ri, invariants.er, invariants.cc] {
        assert_eq!(metric, Measured::Missing(Missing::WindowTooShort));
    }
}
