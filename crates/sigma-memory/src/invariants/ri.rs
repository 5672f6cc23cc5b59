//! Retention (RI): can what mattered then still be recalled?

use std::collections::BTreeSet;

use sigma_types::{Measured, Missing, Unit};

use crate::Memory;

/// Share of the core motifs of `ri_window` cycles ago that recall still reaches (`SRIP-04 §7`; at
/// least 0.7).
///
/// Core are the motifs of the PIL and the strongest of that cycle. The PIL is part of every recall,
/// so that its motifs are always reached; another is reached if a frame that may be recalled holds
/// all its words.
pub fn measure(memory: &Memory) -> Measured<Unit> {
    let rules = &memory.rules.invariants;
    let Some(then) = memory.trail.back(rules.ri_window) else {
        return Measured::Missing(Missing::WindowTooShort);
    };
    let core: BTreeSet<&str> = then
        .motifs
        .iter()
        .take(rules.ri_motifs)
        .chain(memory.pil.core_motifs())
        .map(String::as_str)
        .collect();
    if core.is_empty() {
        return Measured::Missing(Missing::NothingYet);
    }
    let reached = core.iter().filter(|motif| reaches(memory, motif)).count();
    Measured::Value(Unit::clamped(reached as f64 / core.len() as f64))
}

/// True if recall reaches a motif.
pub fn reaches(memory: &Memory, motif: &str) -> bool {
    let stems: Vec<&str> = motif.split_whitespace().collect();
    memory.pil.core_motifs().contains(motif)
        || memory
            .lexicon
            .any_with_all(&stems, |frame| memory.marks.mark(frame).is_live())
}
