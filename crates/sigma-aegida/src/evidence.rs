//! Fifth phase: what happened is written into the ledger, for every cycle (`SRIP-06 §2.1`, `§9`).

use serde_json::{Value, json};
use sigma_types::{Hash256, hash_canonical};

use crate::assertion::Assertions;
use crate::collapse::DissolutionStep;
use crate::containment::{Containment, Transform};
use crate::envelope::Row;
use crate::invariant::{Invariant, Standing, Validated};
use crate::ledger::{EntryKind, Ledger, LedgerEntry};
use crate::outcome::{OutputHandling, SafetyOutcome};
use crate::reevaluation::Reevaluation;
use crate::safe_mode::{Entered, Passage};

/// All that a cycle leaves behind.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Record<'a> {
    pub(crate) assertions: &'a Assertions,
    pub(crate) validated: &'a Validated,
    pub(crate) containment: &'a Containment,
    pub(crate) reevaluation: &'a Reevaluation,
    pub(crate) entered: Option<&'a Entered>,
    pub(crate) passage: Passage,
    pub(crate) output: OutputHandling,
}

/// Hash of the assertions: they hold finite numbers and text keys only, so they always have one.
pub(crate) fn assertion_hash(assertions: &Assertions) -> Hash256 {
    hash_canonical(assertions).expect("assertions have a canonical form")
}

/// Writes the entries of a cycle: one for the examination itself, then one for each event.
pub(crate) fn write(ledger: &mut Ledger, record: Record<'_>) -> Vec<LedgerEntry> {
    let Record { assertions, .. } = record;
    let mut entries = Vec::new();
    let mut put = |kind, payload| {
        entries.push(entry(ledger, assertions, kind, payload));
    };
    put(EntryKind::Examined, examined(record));
    let transforms = &record.containment.transforms;
    let local: Vec<&Transform> = transforms.iter().filter(|t| t.is_local()).collect();
    if !local.is_empty() {
        put(EntryKind::Isolated, json!({ "transforms": local }));
    }
    if let Some(entered) = record.entered {
        let payload = json!({
            "causes": entered.causes, "steps": entered.steps, "snapshot": assertions,
        });
        put(EntryKind::SafeModeEntered, payload);
    }
    for transform in transforms.iter().filter(|t| t.row().is_some()) {
        match transform.row() {
            Some(Row::Dissolve) => {
                let payload =
                    json!({ "transform": transform, "routine": DissolutionStep::ROUTINE });
                put(EntryKind::Dissolved, payload);
            }
            _ => put(EntryKind::FailSafe, json!({ "transform": transform })),
        }
    }
    match record.passage {
        Passage::Unchanged => {}
        Passage::Resumed { after } => put(EntryKind::SafeModeLeft, json!({ "after": after })),
        Passage::Forced { attempt } => {
            put(EntryKind::RecoveryForced, json!({ "attempt": attempt }));
        }
        Passage::GivenUp { attempts } => put(EntryKind::GivenUp, json!({ "attempts": attempts })),
    }
    let judged = [
        (
            EntryKind::ContainmentVerified,
            &record.reevaluation.verified,
        ),
        (EntryKind::ContainmentFailed, &record.reevaluation.failed),
    ];
    for (kind, invariants) in judged {
        if !invariants.is_empty() {
            put(kind, json!({ "invariants": invariants }));
        }
    }
    entries
}

/// Records that an answer was discarded, with what was wrong with it.
pub(crate) fn discarded(ledger: &mut Ledger, outcome: &SafetyOutcome) -> Option<LedgerEntry> {
    let examined = outcome.entries.first()?;
    let payload = json!({ "examination": examined.payload });
    Some(append(
        ledger,
        examined,
        EntryKind::AnswerDiscarded,
        payload,
    ))
}

fn append(ledger: &mut Ledger, like: &LedgerEntry, kind: EntryKind, payload: Value) -> LedgerEntry {
    ledger
        .append(like.cycle, like.at, kind, payload)
        .expect("a JSON value has a canonical form")
}

fn entry(
    ledger: &mut Ledger,
    assertions: &Assertions,
    kind: EntryKind,
    payload: Value,
) -> LedgerEntry {
    ledger
        .append(assertions.cycle, assertions.at, kind, payload)
        .expect("a JSON value has a canonical form")
}

fn examined(record: Record<'_>) -> Value {
    let broken: Vec<Value> = record
        .validated
        .verdicts()
        .iter()
        .filter_map(|verdict| match verdict.standing {
            Standing::Broken { value, bound } => Some(json!({
                "invariant": verdict.invariant,
                "category": verdict.invariant.category(),
                "severity": verdict.invariant.severity(),
                "value": value,
                "bound": bound,
            })),
            _ => None,
        })
        .collect();
    let unmeasured: Vec<Invariant> = record
        .validated
        .verdicts()
        .iter()
        .filter(|verdict| matches!(verdict.standing, Standing::Unmeasured { .. }))
        .map(|verdict| verdict.invariant)
        .collect();
    json!({
        "assertions": assertion_hash(record.assertions),
        "broken": broken,
        "unmeasured": unmeasured,
        "conditions": record.containment.conditions,
        "transforms": record.containment.transforms,
        "settled": record.reevaluation.settled,
        "awaiting": record.reevaluation.awaiting,
        "escalated": record.reevaluation.escalated,
        "output": record.output,
    })
}
