//! Semantic compression, the stabilising denominator (`SRIP-03 §4`, `SRIP-07 §3`).

use sigma_text::Utterance;
use sigma_types::{Measured, Missing, Unit};

use crate::redundancy::Redundancy;

/// `0.5 MATTR_50 + 0.5 (1 - tautology)`: half how varied the words are (moving-average type-token
/// ratio over 50 words), half how much of the answer says something new.
///
/// Without sentence vectors the variety stands alone; without words there is nothing to measure.
pub(crate) fn compression(answer: &Utterance, redundancy: &Redundancy) -> Measured<Unit> {
    if answer.reading.words.is_empty() {
        return Measured::Missing(Missing::EmptyText);
    }
    let variety = answer.reading.style.variety;
    let score = redundancy
        .tautology()
        .map_or(variety, |t| f64::midpoint(variety, 1.0 - t));
    Measured::Value(Unit::clamped(score))
}
