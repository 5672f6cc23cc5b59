//! The total that the public runtime v0.3.x recorded, for side-by-side reading only.

use sigma_types::{Measured, Missing, Unit};

use crate::rules::TotalRules;

/// `0.8 * (1 - exp(-1.5 * max(0, 1 - cos))) + 0.2 * |w - w'| / max(w, w')` of two adjacent answers
/// with `w` and `w'` words. It decides nothing.
///
/// The tonal part is the relative change of the word count against the longer of the two.
pub(crate) fn drift_total(
    rules: &TotalRules,
    cosine: Option<f64>,
    words: usize,
    words_before: usize,
) -> Measured<Unit> {
    let Some(cosine) = cosine else {
        return Measured::Missing(Missing::NoEmbedding);
    };
    let semantic = 1.0 - (-rules.steepness * (1.0 - cosine).max(0.0)).exp();
    let longer = words.max(words_before).max(1) as f64;
    let tonal = (words.abs_diff(words_before) as f64 / longer).min(1.0);
    Measured::Value(Unit::clamped(
        rules.semantic * semantic + rules.tonal * tonal,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::SRIP_03;

    #[test]
    fn equal_answers_do_not_move_and_unlike_ones_do() {
        let same = drift_total(&SRIP_03.total, Some(1.0), 50, 50)
            .value()
            .unwrap();
        assert_eq!(same, Unit::ZERO);
        let other = drift_total(&SRIP_03.total, Some(0.0), 100, 50)
            .value()
            .unwrap()
            .get();
        assert!((other - (0.8 * (1.0 - (-1.5f64).exp()) + 0.1)).abs() < 1e-12);
        assert_eq!(
            drift_total(&SRIP_03.total, None, 1, 1),
            Measured::Missing(Missing::NoEmbedding)
        );
    }
}
