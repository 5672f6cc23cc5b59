//! How the two sides of an utterance hang together in meaning.
//!
//! Utterances of one dialogue are all alike to some degree: its words of courtesy, its manner. The mean of the
//! dialogue is taken out first, so that what is left tells its subjects apart, whatever the embedder.

use sigma_text::Embedding;

use super::heard::Heard;
use crate::profile::Mean;

/// How many figures there are.
pub(crate) const COUNT: usize = 12;

/// The mean of the dialogue counts as `n / (n + PRIOR)` after `n` utterances.
const PRIOR: f64 = 5.0;
/// Utterances before that make a side.
const NEAR: usize = 3;

/// Cosines within and across the sides, `-1..=1`, and differences of them; `after` begins with the utterance.
/// A missing vector is near to nothing.
pub(crate) fn read(before: &[&Heard], after: &[&Heard], common: &Mean) -> [f64; COUNT] {
    let all = before.iter().chain(after);
    let dimensions = all
        .filter_map(|h| h.vector.as_ref())
        .map(Embedding::dimensions)
        .next()
        .unwrap_or(0);
    let n = common.n as f64;
    let shared = common.components(dimensions, n / (n + PRIOR));
    let left = |heard: &&Heard| own(heard, &shared);
    let before: Vec<Vec<f64>> = before.iter().map(left).collect();
    let after: Vec<Vec<f64>> = after.iter().map(left).collect();
    let [now, next, second, ..] = after.as_slice() else {
        return [0.0; COUNT];
    };
    let near = &before[before.len().saturating_sub(NEAR)..];
    let (past, far, future) = (sum(near), sum(&before), sum(&after));
    let later = sum(&after[1..]);
    let none = Vec::new();
    let last = before.last().unwrap_or(&none);
    let across = cosine(&past, &future);
    let inside = (cosine(now, next) + cosine(next, second) + cosine(now, second)) / 3.0;
    let goes_on = cosine(now, &later);
    let (next_last, second_last) = (cosine(next, last), cosine(second, last));
    [
        across,
        inside,
        inside - across,
        goes_on,
        goes_on - cosine(now, &past),
        cosine(&later, &past),
        cosine(&later, &far),
        pairs(near, &after),
        next_last,
        second_last,
        next_last.max(second_last),
        cosine(now, next) - cosine(now, last),
    ]
}

/// The vector without what is shared, of length one; empty if there is none.
fn own(heard: &Heard, shared: &[f64]) -> Vec<f64> {
    let vector = heard.vector.as_ref().map_or(&[][..], Embedding::as_slice);
    let left: Vec<f64> = (vector.iter().zip(shared))
        .map(|(x, shared)| f64::from(*x) - shared)
        .collect();
    let length = left.iter().map(|x| x * x).sum::<f64>().sqrt();
    left.into_iter().map(|x| x / length.max(TINY)).collect()
}

fn sum(side: &[Vec<f64>]) -> Vec<f64> {
    let width = side.iter().map(Vec::len).max().unwrap_or(0);
    let mut total = vec![0.0; width];
    for vector in side {
        for (to, x) in total.iter_mut().zip(vector) {
            *to += x;
        }
    }
    total
}

/// Mean cosine of each before with each after.
fn pairs(before: &[Vec<f64>], after: &[Vec<f64>]) -> f64 {
    let all = before
        .iter()
        .flat_map(|a| after.iter().map(|b| cosine(a, b)));
    all.sum::<f64>() / (before.len() * after.len()).max(1) as f64
}

const TINY: f64 = 1e-9;

fn cosine(a: &[f64], b: &[f64]) -> f64 {
    let (mut dot, mut own, mut other) = (0.0, 0.0, 0.0);
    for (a, b) in a.iter().zip(b) {
        (dot, own, other) = (dot + a * b, own + a * a, other + b * b);
    }
    dot / ((own * other).sqrt() + TINY)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::CALIBRATED;
    use sigma_text::{Utterance, Vectors, read as reading};
    use sigma_types::Speaker;

    fn heard(vector: [f32; 3]) -> Heard {
        let utterance = Utterance {
            reading: reading("some words"),
            vectors: Vectors {
                whole: Embedding::new(vector.to_vec()).ok(),
                ..Vectors::default()
            },
        };
        Heard::new(Speaker::User, &utterance, &CALIBRATED.subject)
    }

    #[test]
    fn what_all_have_in_common_does_not_hold_two_sides_together() {
        let (a, b) = (heard([1.0, 0.0, 3.0]), heard([0.0, 1.0, 3.0]));
        let mut common = Mean::default();
        for _ in 0..50 {
            for h in [&a, &b] {
                common.take_in(h.vector.as_ref().unwrap());
            }
        }
        let change = read(&[&a, &a], &[&b, &b, &b], &common);
        let same = read(&[&a, &a], &[&a, &a, &a], &common);
        assert!(change[0] < 0.0 && same[0] > 0.9, "{change:?} {same:?}");
        assert!(change[2] > 1.0 && same[2].abs() < 1e-6);
    }

    #[test]
    fn missing_vectors_are_near_to_nothing() {
        let mut bare = heard([1.0, 0.0, 0.0]);
        bare.vector = None;
        let figures = read(&[&bare], &[&bare, &bare, &bare], &Mean::default());
        assert_eq!(figures, [0.0; COUNT]);
    }
}
