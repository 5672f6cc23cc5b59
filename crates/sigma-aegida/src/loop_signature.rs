//! Loop signature: how often the same stretch of context follows upon itself (`SRIP-06 §6`).

use serde::{Deserialize, Serialize};
use sigma_types::{Hash256, Measured, Missing, Unit};
use unicode_normalization::UnicodeNormalization;

/// One segment of the context that a model was given, without its wording.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ContextSegment {
    /// Hash of the text with case, spacing and composition evened out.
    pub hash: Hash256,
    /// Cosine to the segment before it, where vectors are at hand.
    pub like_previous: Measured<Unit>,
}

impl ContextSegment {
    /// The segment of a text: two texts that differ in case or spacing only are the same segment.
    pub fn of(text: &str) -> Self {
        let mut folded = String::with_capacity(text.len());
        for word in text.split_whitespace() {
            if !folded.is_empty() {
                folded.push(' ');
            }
            folded.extend(word.chars().flat_map(char::to_lowercase).nfc());
        }
        Self {
            hash: Hash256::of(folded.as_bytes()),
            like_previous: Measured::Missing(Missing::NoEmbedding),
        }
    }

    /// Adds the cosine to the segment before.
    #[must_use]
    pub fn like_previous(self, cosine: Unit) -> Self {
        Self {
            like_previous: Measured::Value(cosine),
            ..self
        }
    }
}

/// What repeats in a context.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoopSignature {
    /// Length of the longest run of the same segment; 1 where nothing repeats, 0 without context.
    pub longest: u32,
    /// Positions of the segments that only repeat the one before, in runs longer than allowed.
    pub redundant: Vec<u32>,
}

impl LoopSignature {
    /// Reads the signature off a context. `allowed` is the longest run that may stand, `same` the
    /// cosine from which neighbours count as the same.
    pub fn read(segments: &[ContextSegment], allowed: u32, same: f64) -> Self {
        let mut signature = Self::default();
        let mut start = 0;
        for at in 1..=segments.len() {
            if at < segments.len() && repeats(&segments[at - 1], &segments[at], same) {
                continue;
            }
            let run = (at - start) as u32;
            signature.longest = signature.longest.max(run);
            if run > allowed {
                signature
                    .redundant
                    .extend((start + 1..at).map(|index| index as u32));
            }
            start = at;
        }
        signature
    }

    /// The signature of the same context without the redundant segments.
    pub(crate) fn pruned(&self, allowed: u32) -> u32 {
        if self.redundant.is_empty() {
            self.longest
        } else {
            allowed.max(1).min(self.longest)
        }
    }
}

fn repeats(before: &ContextSegment, segment: &ContextSegment, same: f64) -> bool {
    before.hash == segment.hash
        || segment
            .like_previous
            .value()
            .is_some_and(|cosine| cosine.get() >= same)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(texts: &[&str]) -> LoopSignature {
        let segments: Vec<_> = texts.iter().map(|text| ContextSegment::of(text)).collect();
        LoopSignature::read(&segments, 2, 0.95)
    }

    #[test]
    fn three_of_a_kind_are_one_too_many() {
        assert_eq!(read(&[]).longest, 0);
        assert_eq!(read(&["a", "b"]).longest, 1);
        assert_eq!(
            read(&["a", "a", "b"]),
            LoopSignature {
                longest: 2,
                redundant: vec![]
            }
        );
        assert_eq!(
            read(&["b", "a", "a", "a"]),
            LoopSignature {
                longest: 3,
                redundant: vec![2, 3]
            }
        );
        assert_eq!(read(&["a", "b", "a", "b", "a"]).longest, 1);
    }

    #[test]
    fn case_spacing_and_composition_do_not_make_a_difference() {
        assert_eq!(
            read(&["Caf\u{e9}  noir", "cafe\u{301} NOIR\n", " café noir"]).longest,
            3
        );
    }

    #[test]
    fn near_repeats_count_from_the_limit_on() {
        let cosine = |c: f64| {
            let of = |text: &str| ContextSegment::of(text).like_previous(Unit::new(c).unwrap());
            LoopSignature::read(&[of("a"), of("b"), of("c")], 2, 0.95).longest
        };
        assert_eq!(cosine(0.95), 3);
        assert_eq!(cosine(0.949), 1);
    }

    proptest! {
        #[test]
        fn pruning_what_is_redundant_ends_every_long_run(
            context in proptest::collection::vec(0u8..3, 0..60),
        ) {
            let segments: Vec<_> =
                context.iter().map(|n| ContextSegment::of(&n.to_string())).collect();
            let signature = LoopSignature::read(&segments, 2, 0.95);
            let kept: Vec<_> = segments
                .iter()
                .enumerate()
                .filter(|(at, _)| !signature.redundant.contains(&(*at as u32)))
                .map(|(_, segment)| *segment)
                .collect();
            let after = LoopSignature::read(&kept, 2, 0.95);
            prop_assert!(after.longest <= 2);
            prop_assert!(signature.pruned(2) >= after.longest);
        }
    }
}
