//! The answers that the model still has before it, and those of them that are left out because they only
//! repeat (`SRIP-06 §6`).

use std::collections::BTreeSet;

use sigma_aegida::{ContextSegment, Transform};
use sigma_drift::DriftSample;
use sigma_types::{Cycle, Unit};

use crate::session::State;

/// The answers at hand and the new one, as the kernel is told of them: position by position the cycle
/// that each belongs to. An answer that says itself again and again shows here.
pub(crate) fn segments(
    state: &State,
    cycle: Cycle,
    answer: &str,
    drift: &DriftSample,
) -> Vec<(Cycle, ContextSegment)> {
    let at_hand = state
        .recent
        .iter()
        .filter(|turn| !state.echoes.pruned.contains(&turn.cycle))
        .map(|turn| {
            let like = state.echoes.likeness.get(&turn.cycle).copied();
            (turn.cycle, turn.assistant.as_str(), like)
        });
    at_hand
        .chain([(cycle, answer, likeness(drift))])
        .filter(|(_, text, _)| !text.trim().is_empty())
        .enumerate()
        .map(|(at, (cycle, text, like))| {
            let segment = ContextSegment::of(text);
            // the first one here has nothing before it, whatever it followed upon in its time
            let like = like.filter(|_| at > 0);
            (
                cycle,
                like.map_or(segment, |like| segment.like_previous(like)),
            )
        })
        .collect()
}

/// The cosine of an answer and the one before it, from the half distance that was measured.
pub(crate) fn likeness(drift: &DriftSample) -> Option<Unit> {
    let distance = drift
        .reference
        .sdi
        .value()
        .filter(|_| !drift.reference.held)?;
    Some(Unit::clamped(1.0 - 2.0 * distance.get()))
}

/// The cycles of the segments that containment wants left out of the context.
pub(crate) fn pruned(
    state: &State,
    (cycle, answer): (Cycle, &str),
    drift: &DriftSample,
    transforms: &[Transform],
) -> BTreeSet<Cycle> {
    let positions: Vec<u32> = transforms
        .iter()
        .filter_map(|transform| match transform {
            Transform::PruneContext { segments } => Some(segments.as_slice()),
            _ => None,
        })
        .flatten()
        .copied()
        .collect();
    if positions.is_empty() {
        return BTreeSet::new();
    }
    let told = segments(state, cycle, answer, drift);
    positions
        .into_iter()
        .filter_map(|at| told.get(usize::try_from(at).ok()?))
        .map(|(cycle, _)| *cycle)
        .collect()
}
