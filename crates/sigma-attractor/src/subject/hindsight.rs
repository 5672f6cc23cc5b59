//! What two more utterances tell about an earlier one.

use sigma_text::Embedding;
use std::collections::VecDeque;

use super::{
    Evidence, cohesion,
    evidence::shared,
    heard::{Heard, WordCounts},
};
use crate::{profile::Mean, rules::SubjectRules};

/// Utterances that hindsight waits for.
pub const LOOKAHEAD: usize = 2;

const BLOCKS: usize = 12;
/// What the past alone said of the utterance, of the next two, the greater of those, and of the one before.
const ODDS: usize = LOOKAHEAD + 3;

/// Log-odds where there is nothing before to judge by.
pub(crate) const USUAL_ODDS: f64 = -1.5;

/// Inputs of hindsight: those of the utterance and of the two after it, how the two sides of it hang together,
/// what the past alone said, and how the sides hang together once what all of the dialogue has in common is
/// taken out.
pub const HINDSIGHT_INPUTS: usize =
    Evidence::COUNT * (LOOKAHEAD + 1) + BLOCKS + ODDS + cohesion::COUNT;

/// The inputs about the utterance that lies `LOOKAHEAD` before the latest.
pub(crate) fn read(
    recent: &VecDeque<Heard>,
    counts: &WordCounts,
    common: &Mean,
    rules: &SubjectRules,
) -> Option<[f64; HINDSIGHT_INPUTS]> {
    let at = recent
        .len()
        .checked_sub(LOOKAHEAD + 1)
        .filter(|at| *at > 0)?;
    let mut inputs = [0.0; HINDSIGHT_INPUTS];
    for (slot, heard) in recent.iter().skip(at).enumerate() {
        let from = slot * Evidence::COUNT;
        for (to, value) in inputs[from..from + Evidence::COUNT]
            .iter_mut()
            .zip(&heard.inputs)
        {
            *to = *value;
        }
    }
    let all: Vec<&Heard> = recent.iter().collect();
    let (before, after) = all.split_at(at);
    let near = before
        .get(before.len().saturating_sub(3)..)
        .unwrap_or_default();
    let sides = blocks(near, after, counts, rules);
    let tail = sides
        .into_iter()
        .chain(odds(before, after))
        .chain(cohesion::read(before, after, common));
    for (to, value) in inputs[Evidence::COUNT * (LOOKAHEAD + 1)..]
        .iter_mut()
        .zip(tail)
    {
        *to = value;
    }
    Some(inputs)
}

fn odds(before: &[&Heard], after: &[&Heard]) -> [f64; ODDS] {
    let of = |h: Option<&&Heard>| h.map_or(USUAL_ODDS, |h| h.odds);
    let (own, next, second) = (of(after.first()), of(after.get(1)), of(after.get(2)));
    [own, next, second, next.max(second), of(before.last())]
}

fn blocks(
    before: &[&Heard],
    after: &[&Heard],
    counts: &WordCounts,
    rules: &SubjectRules,
) -> [f64; BLOCKS] {
    let vector = |h: &&Heard| h.vector.clone();
    let mean = |side: &[&Heard]| Embedding::mean(side.iter().filter_map(|h| h.vector.as_ref()));
    let (past, future) = (mean(before), mean(after));
    let last = before.last().and_then(vector);
    let of = |n: usize| after.get(n).and_then(vector);
    let cos = |a: &Option<Embedding>, b: &Option<Embedding>| rules.cosine(a.as_ref(), b.as_ref());
    let follow = |from: usize| {
        let rest: f64 = after[from..]
            .iter()
            .map(|h| shared(h, before.iter().copied(), counts))
            .sum();
        rest / (after.len() - from).max(1) as f64
    };
    let within = shared(after[1], after[..1].iter().copied(), counts)
        + shared(after[2], after[..2].iter().copied(), counts);
    let across = cos(&past, &future);
    let inside = (cos(&of(0), &of(1)) + cos(&of(1), &of(2)) + cos(&of(0), &of(2))) / 3.0;
    [
        across,
        inside,
        inside - across,
        cos(&of(0), &of(1)) - cos(&of(0), &last),
        cos(&of(1), &last),
        cos(&of(2), &last),
        cos(&mean(&after[1..]), &past),
        cos(&mean(&after[1..]), &of(0)),
        follow(0),
        follow(1),
        within,
        within - follow(1),
    ]
}
