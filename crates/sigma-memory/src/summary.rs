//! One-line extractive summaries, the hash that stands for them, and their near-duplicate id.

use serde::Serialize;
use sigma_text::{Embedding, Utterance};
use sigma_types::{AttractorId, Cycle, Hash256, Measured, Missing, Unit, hash_canonical};
use unicode_normalization::UnicodeNormalization as _;

use crate::{Lifecycle, field::six};

/// A one-line summary of an utterance: its most telling sentence, as it was said.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// The sentence, white space folded, cut at a word.
    pub text: String,
    /// The sentence's own vector.
    pub vector: Option<Embedding>,
    /// How close it stays to the whole (`RE`): cosine of the two vectors, from 0 up.
    pub fidelity: Measured<Unit>,
}

/// Summarises an utterance in at most `limit` characters.
///
/// The sentence with the most content wins: its closeness to the whole, plus the share of the
/// utterance's different terms that it holds, plus the weight of its key phrases. A question counts
/// for less than a statement: it tells less.
pub fn summarise(utterance: &Utterance, limit: usize) -> Summary {
    let text = utterance.text();
    let sentences = &utterance.reading.sentences;
    let whole = utterance.vectors.whole.as_ref();
    let best = (0..sentences.len())
        .map(|at| (at, telling(utterance, at)))
        .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
    let Some((at, _)) = best else {
        let fidelity = Measured::Missing(Missing::EmptyText);
        return Summary {
            text: folded(text, limit),
            vector: whole.cloned(),
            fidelity,
        };
    };
    let sentence = text.get(sentences[at].span.clone()).unwrap_or(text);
    let vector = utterance.vectors.sentences.get(at).cloned().flatten();
    let fidelity = match (whole, &vector) {
        (Some(whole), Some(own)) => Measured::Value(Unit::clamped(six(whole.cosine(own)))),
        _ => Measured::Missing(Missing::NoEmbedding),
    };
    Summary {
        text: folded(sentence, limit),
        vector,
        fidelity,
    }
}

fn telling(utterance: &Utterance, at: usize) -> f64 {
    let reading = &utterance.reading;
    let span = &reading.sentences[at].span;
    let inside = |s: &std::ops::Range<usize>| s.start >= span.start && s.end <= span.end;
    let mut stems: Vec<&str> = reading
        .terms
        .iter()
        .filter(|t| inside(&t.span))
        .map(|t| t.stem.as_str())
        .collect();
    stems.sort_unstable();
    stems.dedup();
    let share = stems.len() as f64 / reading.terms.len().max(1) as f64;
    let close = match (
        &utterance.vectors.whole,
        utterance.vectors.sentences.get(at),
    ) {
        (Some(whole), Some(Some(own))) => whole.cosine(own).max(0.0),
        _ => 0.0,
    };
    let asks = reading
        .text
        .get(span.clone())
        .is_some_and(|s| s.trim_end().ends_with('?'));
    (close + share) * if asks { 0.7 } else { 1.0 }
}

/// White space and control characters folded to single blanks, cut at a word within `limit`.
fn folded(text: &str, limit: usize) -> String {
    let mut line = String::new();
    let mut length = 0;
    for word in text
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|w| !w.is_empty())
    {
        let more = word.chars().count() + usize::from(!line.is_empty());
        if length + more > limit {
            if line.is_empty() {
                line.extend(word.chars().take(limit.saturating_sub(1)));
            }
            line.push('\u{2026}');
            break;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
        length += more;
    }
    line
}

/// What a summary hash is made of (`SRIP-05 §3` `memory_snapshot.summary_hash`): never the words
/// that were said, only the summary and where it stands.
#[derive(Debug, Clone, Copy)]
pub struct SummaryOf<'a> {
    /// The rule set.
    pub schema: &'a str,
    /// The cycle.
    pub cycle: Cycle,
    /// Lifecycle phase.
    pub phase: Option<Lifecycle>,
    /// The active attractor.
    pub attractor: Option<AttractorId>,
    /// The summary.
    pub summary: &'a str,
    /// Keys of the core motifs, in any order.
    pub core_motifs: &'a [String],
    /// Composite drift.
    pub drift: Option<f64>,
    /// The summary hash of the frame before.
    pub parent: Hash256,
}

/// BLAKE3 over the canonical JSON (RFC 8785) of what [`SummaryOf`] names: the summary in NFC, lower
/// case, white space folded; motifs sorted; drift to four decimals.
pub fn summary_hash(of: &SummaryOf<'_>) -> Hash256 {
    #[derive(Serialize)]
    struct Hashed<'a> {
        schema: &'a str,
        cycle: u64,
        phase: Option<&'static str>,
        attractor_id: Option<AttractorId>,
        summary: String,
        core_motifs: Vec<&'a str>,
        drift: Option<f64>,
        parent_hash: Hash256,
    }
    let lower: String = of.summary.nfc().collect::<String>().to_lowercase();
    let mut core_motifs: Vec<&str> = of.core_motifs.iter().map(String::as_str).collect();
    core_motifs.sort_unstable();
    core_motifs.dedup();
    let hashed = Hashed {
        schema: of.schema,
        cycle: of.cycle.0,
        phase: of.phase.map(Lifecycle::name),
        attractor_id: of.attractor,
        summary: lower.split_whitespace().collect::<Vec<_>>().join(" "),
        core_motifs,
        drift: of
            .drift
            .filter(|d| d.is_finite())
            .map(|d| (d * 1e4).round() / 1e4),
        parent_hash: of.parent,
    };
    // every part has a canonical form: text, integers, finite numbers
    hash_canonical(&hashed).unwrap_or(Hash256::ZERO)
}

/// A 64-bit SimHash (Charikar 2002) of a vector: the angle between two vectors shows in the number
/// of bits that differ. The hyperplanes are fixed, so that two runtimes agree.
pub fn simhash(vector: &Embedding) -> u64 {
    let mut bits = 0;
    for bit in 0..64u64 {
        let side: f64 = vector
            .as_slice()
            .iter()
            .enumerate()
            .map(|(at, x)| {
                if coin(bit, at as u64) {
                    f64::from(*x)
                } else {
                    -f64::from(*x)
                }
            })
            .sum();
        bits |= u64::from(side > 0.0) << bit;
    }
    bits
}

/// A fixed fair coin for each hyperplane and component (SplitMix64 of the pair).
fn coin(plane: u64, at: u64) -> bool {
    let mut z = (plane << 32 | at).wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (z ^ (z >> 31)) & 1 == 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of<'a>(summary: &'a str, motifs: &'a [String]) -> SummaryOf<'a> {
        SummaryOf {
            schema: "s",
            cycle: Cycle(3),
            phase: Some(Lifecycle::Stable),
            attractor: None,
            summary,
            core_motifs: motifs,
            drift: Some(0.123_449),
            parent: Hash256::ZERO,
        }
    }

    #[test]
    fn form_does_not_change_the_hash_and_content_does() {
        let motifs = ["b".to_owned(), "a".to_owned()];
        let turned = ["a".to_owned(), "b".to_owned()];
        let one = summary_hash(&of("Caf\u{e9}  Plan\n", &motifs));
        assert_eq!(one, summary_hash(&of("cafe\u{301} plan", &turned)));
        assert_ne!(one, summary_hash(&of("cafe plan", &motifs)));
        assert_ne!(
            one,
            summary_hash(&SummaryOf {
                drift: None,
                ..of("caf\u{e9} plan", &motifs)
            })
        );
        let near = SummaryOf {
            drift: Some(0.123_401),
            ..of("caf\u{e9} plan", &motifs)
        };
        assert_eq!(one, summary_hash(&near));
    }

    #[test]
    fn a_summary_is_one_line_within_its_limit() {
        assert_eq!(folded("a\tb\r\n c", 10), "a b c");
        assert_eq!(folded("alpha beta gamma", 11), "alpha beta\u{2026}");
        assert_eq!(folded(&"x".repeat(50), 5), "xxxx\u{2026}");
    }

    proptest! {
        #[test]
        fn simhash_tells_near_from_far(values in prop::collection::vec(-1.0f32..1.0, 256)) {
            let near: Vec<f32> = values.iter().enumerate().map(|(i, x)| x + 0.02 * ((i % 3) as f32 - 1.0)).collect();
            let far: Vec<f32> = values.iter().map(|x| -x).collect();
            let hash = |v: Vec<f32>| simhash(&Embedding::new(v).unwrap());
            let own = hash(values.clone());
            prop_assert!((own ^ hash(near)).count_ones() < 16);
            prop_assert!((own ^ hash(far)).count_ones() > 56);
        }
    }
}
