//! Evidence of a whole dialogue.

use crate::support::{amount, calm, unit, with};
use sigma_aegida::{EntryKind, Kernel, Ledger, LedgerEntry, Rules, SafetyTelemetry};
use sigma_types::Hash256;

fn dialogue(cycle: u64) -> SafetyTelemetry {
    with(cycle, |t| match cycle % 23 {
        7 => t.di_raw = amount(0.7),
        8..=12 => t.psi = unit(0.8),
        17 => t.ps_delta = unit(0.4),
        _ => {}
    })
}

#[test]
fn every_cycle_leaves_an_examination_and_the_whole_chain_verifies() {
    let seed = Hash256::of(b"a session");
    let mut kernel = Kernel::seeded(Rules::DEFAULT, seed);
    let mut entries: Vec<LedgerEntry> = Vec::new();
    for cycle in 1..=300 {
        let outcome = kernel.examine(&dialogue(cycle));
        assert_eq!(outcome.entries[0].kind, EntryKind::Examined);
        assert_eq!(outcome.entries[0].cycle, outcome.cycle);
        entries.extend(outcome.entries);
    }
    assert!(entries.iter().any(|e| e.kind == EntryKind::SafeModeEntered));
    assert!(
        entries
            .iter()
            .any(|e| e.kind == EntryKind::ContainmentVerified)
    );
    let text = serde_json::to_string(&entries).unwrap();
    let mut stored: Vec<LedgerEntry> = serde_json::from_str(&text).unwrap();
    assert_eq!(
        Ledger::new(seed).verify_to(&stored, kernel.ledger()),
        Ok(())
    );
    stored[123].payload["awaiting"] = "nothing".into();
    assert_eq!(
        Ledger::new(seed)
            .verify_to(&stored, kernel.ledger())
            .unwrap_err()
            .seq,
        123
    );
}

#[test]
fn another_layer_writes_into_the_same_chain() {
    let mut kernel = Kernel::default();
    let mut entries = kernel.examine(&calm(1)).entries;
    let at = calm(1).at;
    let kind = EntryKind::Other("memory_restored".into());
    let note = kernel.record(
        sigma_types::Cycle(1),
        at,
        kind,
        serde_json::json!({"frames": 3}),
    );
    entries.push(note.unwrap());
    entries.extend(kernel.examine(&calm(2)).entries);
    assert_eq!(
        Ledger::new(Hash256::ZERO).verify_to(&entries, kernel.ledger()),
        Ok(())
    );
}
