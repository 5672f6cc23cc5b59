//! Candidates, their evidence, and the best of them.

use super::{
    Analysis,
    evidence::{Shares, weights},
    semantic::Closeness,
    when,
};
use crate::{Memory, index::Match};

/// A frame with its evidence.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scored {
    pub(crate) frame: u32,
    pub(crate) score: f32,
    pub(crate) shares: Shares,
}

/// The `limit` best live frames, the best first; the newer one of two equals.
pub(crate) fn rank(memory: &Memory, analysis: &Analysis, limit: usize) -> Vec<Scored> {
    if limit == 0 || memory.is_empty() {
        return Vec::new();
    }
    let lexical = memory.lexicon.search(
        &analysis.terms,
        &memory.rules.recall,
        &memory.marks,
        analysis.exhaustive,
    );
    let candidates = candidates(memory, analysis, &lexical);
    let closeness = Closeness::measure(memory, analysis.probe.as_ref(), candidates);
    let scorer = Scorer {
        memory,
        analysis,
        weights: weights(&memory.rules.recall.weights),
        lexical: &lexical,
        closeness: &closeness,
    };
    let mut scored: Vec<Scored> = closeness
        .frames()
        .iter()
        .filter(|frame| memory.marks.mark(**frame).is_live())
        .map(|frame| scorer.score(*frame))
        .collect();
    memory.lexicon.put_back(lexical);
    let wanted = limit.saturating_mul(2);
    let order = |a: &Scored, b: &Scored| b.score.total_cmp(&a.score).then(b.frame.cmp(&a.frame));
    if scored.len() > wanted {
        scored.select_nth_unstable_by(wanted - 1, order);
        scored.truncate(wanted);
    }
    scored.sort_unstable_by(order);
    without_repeats(memory, scored, limit)
}

/// Of frames that say the same only the best stays: a repeat would take the place of another.
fn without_repeats(memory: &Memory, scored: Vec<Scored>, limit: usize) -> Vec<Scored> {
    let said = |frame: u32| memory.marks.mark(frame).duplicate_of.unwrap_or(frame);
    let mut kept: Vec<Scored> = Vec::with_capacity(limit.min(scored.len()));
    for one in scored {
        if kept.len() == limit {
            break;
        }
        if kept
            .iter()
            .all(|other| said(other.frame) != said(one.frame))
        {
            kept.push(one);
        }
    }
    kept
}

/// Frames worth scoring, sorted: all of a short memory; of a long one those that words, sketches or
/// the time asked about point to, and the newest.
fn candidates(memory: &Memory, analysis: &Analysis, lexical: &Match) -> Vec<u32> {
    let rules = &memory.rules.recall;
    let all = memory.marks.len() as u32;
    if analysis.exhaustive || memory.marks.len() <= rules.exact {
        return (0..all).collect();
    }
    let mut found = lexical.best(rules.lexical, &rules.weights);
    if let Some(probe) = &analysis.probe {
        found.extend(memory.rows.nearest_sketches(probe, rules.shortlist));
    }
    found.extend(memory.said_on(&analysis.times, rules.lexical));
    found.extend(all.saturating_sub(RECENT)..all);
    found.sort_unstable();
    found.dedup();
    found
}

/// Newest frames that are always looked at.
const RECENT: u32 = 64;

struct Scorer<'a> {
    memory: &'a Memory,
    analysis: &'a Analysis,
    weights: Shares,
    lexical: &'a Match,
    closeness: &'a Closeness,
}

impl Scorer<'_> {
    fn score(&self, frame: u32) -> Scored {
        let shares = self.shares(frame);
        let score = shares
            .iter()
            .zip(self.weights)
            .map(|(share, weight)| share * weight)
            .sum();
        Scored {
            frame,
            score,
            shares,
        }
    }

    fn shares(&self, frame: u32) -> Shares {
        let (memory, analysis) = (self.memory, self.analysis);
        let mark = memory.marks.mark(frame);
        let told = memory.marks.times(frame);
        let yes = |b: bool| f32::from(u8::from(b));
        let shared = memory
            .marks
            .motifs(frame)
            .iter()
            .filter(|m| analysis.motifs.contains(m));
        let age = analysis.cycle.since(mark.cycle) as f64 / memory.rules.recall.half_life;
        let hit = self.lexical.of(frame);
        let before = frame
            .checked_sub(1)
            .filter(|before| memory.marks.same_sitting(*before, frame));
        [
            hit.own,
            self.closeness.of(frame),
            yes(mark.tells),
            analysis.who.share(mark),
            when::share(&analysis.times, mark.at, told),
            yes(analysis.asks_when && !told.is_empty()),
            (shared.count() as f32 / 2.0).min(1.0),
            yes(analysis.attractor == Some(mark.attractor)),
            yes(analysis.phase.is_some() && analysis.phase == mark.phase),
            mark.density,
            (-age).exp2() as f32,
            hit.context.min(1.0),
            before.map_or(0.0, |before| self.asked(before)),
        ]
    }

    /// How close a frame is to the query if it asks something.
    fn asked(&self, frame: u32) -> f32 {
        if self.memory.marks.mark(frame).asks {
            let probe = self.analysis.probe.as_ref();
            let measured = self.closeness.measured(frame);
            measured.unwrap_or_else(|| Closeness::one(self.memory, probe, frame))
        } else {
            0.0
        }
    }
}
