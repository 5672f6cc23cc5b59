//! Semantic drift (`SRIP-03 §4`, wire name `sdi`).
//!
//! The reference profile measures how far the answer moved from the answer before it, whoever moved
//! it there. The grounded profile asks instead whether the answer left what it should hold to: the
//! user's turn, the subject at hand, the identity and its constraints (see [`crate::evidence`]).

use sigma_text::Embedding;
use sigma_types::{Measured, Missing, Unit};

use crate::packed::Exact;

/// `(1 - cos) / 2` between two adjacent answers.
///
/// The first answer has drifted from nothing: its value is 0 by definition, which is not the same as
/// not having been measured.
pub(crate) fn adjacent(previous: Previous<'_>, answer: Option<&Embedding>) -> Measured<Unit> {
    match (previous, answer) {
        (Previous::None, _) => Measured::Value(Unit::ZERO),
        (Previous::Unembedded, _) | (_, None) => Measured::Missing(Missing::NoEmbedding),
        (Previous::Answer(before), Some(now)) => Measured::from_option(
            before
                .cosine(now)
                .map(|cos| Unit::clamped(f64::midpoint(1.0, -cos))),
            Missing::NoEmbedding,
        ),
    }
}

/// What stands before an answer.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Previous<'a> {
    /// Nothing: this is the first answer.
    None,
    /// An answer without a vector.
    Unembedded,
    /// An answer.
    Answer(&'a Exact),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vector(values: [f32; 2]) -> Embedding {
        Embedding::new(values.to_vec()).unwrap()
    }

    #[test]
    fn it_spans_zero_to_one() {
        let before = Exact::of(&vector([1.0, 0.0]));
        for (now, want) in [([1.0, 0.0], 0.0), ([0.0, 1.0], 0.5), ([-1.0, 0.0], 1.0)] {
            let got = adjacent(Previous::Answer(&before), Some(&vector(now)));
            assert!((got.value().unwrap().get() - want).abs() < 1e-6);
        }
    }

    #[test]
    fn the_first_answer_is_zero_by_definition_and_a_vectorless_one_is_missing() {
        assert_eq!(adjacent(Previous::None, None), Measured::Value(Unit::ZERO));
        let before = Exact::of(&vector([1.0, 0.0]));
        let missing = Measured::Missing(Missing::NoEmbedding);
        assert_eq!(adjacent(Previous::Answer(&before), None), missing);
        assert_eq!(
            adjacent(Previous::Unembedded, Some(&vector([1.0, 0.0]))),
            missing
        );
    }
}
