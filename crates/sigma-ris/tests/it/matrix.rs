//! The matrix: total, monotone, as published.

use std::collections::BTreeSet;

use sigma_ris::{Action, Band, MatrixContext, PHASES, Pace, Trigger, Zone, base, decide, tables};

const TRIGGERS: [Trigger; 3] = [
    Trigger::OntologicalLock,
    Trigger::SystemMythologization,
    Trigger::CollapseEvent,
];

fn every_context() -> Vec<MatrixContext> {
    let mut all = Vec::new();
    for phase in PHASES {
        for zone in Zone::ALL {
            for bits in 0..64_u8 {
                let on = |bit: u8| bits & (1 << bit) != 0;
                let triggers: BTreeSet<Trigger> = (0..3)
                    .filter(|at| on(*at as u8))
                    .map(|at| TRIGGERS[at])
                    .collect();
                all.push(MatrixContext {
                    phase,
                    zone,
                    recovery: on(3),
                    containment: on(4),
                    pressure: on(5),
                    triggers,
                });
            }
        }
    }
    all
}

#[test]
fn every_cell_keeps_what_the_document_says_of_bands() {
    for context in every_context() {
        let band = decide(&context).band();
        let triggers = &context.triggers;
        assert!(triggers.is_empty() || band >= Band::High, "{context:?}");
        assert!(!context.containment || band >= Band::High, "{context:?}");
        assert!(!context.pressure || band >= Band::Medium, "{context:?}");
        let severe = triggers.contains(&Trigger::CollapseEvent)
            || triggers.len() > 1
            || context.recovery && !triggers.is_empty();
        assert!(!severe || band == Band::Critical, "{context:?}");
        assert!(
            band >= base(context.phase, context.zone).band(),
            "{context:?}"
        );
    }
    assert_eq!(every_context().len(), 1280);
}

#[test]
fn more_of_anything_never_lowers_a_band() {
    for context in every_context() {
        let band = decide(&context).band();
        let mut more = Vec::new();
        for trigger in TRIGGERS {
            let mut one = context.clone();
            one.triggers.insert(trigger);
            more.push(one);
        }
        more.push(MatrixContext {
            recovery: true,
            ..context.clone()
        });
        more.push(MatrixContext {
            containment: true,
            ..context.clone()
        });
        more.push(MatrixContext {
            pressure: true,
            ..context.clone()
        });
        for one in more {
            assert!(decide(&one).band() >= band, "{context:?} {one:?}");
        }
    }
}

#[test]
fn every_action_is_called_for_somewhere() {
    let mut called: BTreeSet<Action> = every_context().iter().map(decide).collect();
    called.extend(Band::ALL.map(Band::cooling));
    assert_eq!(called.len(), Action::ALL.len());
}

#[test]
fn the_published_tables_are_the_ones_in_force() {
    let page = include_str!("../../../../docs/ris.md");
    for line in tables().lines().filter(|line| !line.is_empty()) {
        assert!(
            page.contains(line),
            "docs/ris.md lacks: {line}\n{}",
            tables()
        );
    }
}

#[test]
fn a_band_falls_by_one_for_two_clean_turns() {
    let mut pace = Pace::default();
    let calm = Action::Monitor;
    let mut bands = vec![pace.end(Action::Stabilize, true, 2).band()];
    for _ in 0..7 {
        bands.push(pace.end(calm, false, 2).band());
    }
    use Band::{Critical, High, Low, Medium};
    assert_eq!(
        bands,
        [Critical, Critical, High, High, Medium, Medium, Low, Low]
    );
    assert_eq!(
        pace.end(Action::BoundaryEnforcement, true, 2),
        Action::BoundaryEnforcement
    );
    assert_eq!(pace.end(calm, false, 2), Action::DeEscalation);
    assert_eq!(pace.end(Action::LoopBreak, true, 2), Action::LoopBreak);
    assert_eq!(pace.end(calm, false, 2).band(), High);
}
