//! Which motifs the timeline shows.

use crate::report::{Report, Texts};
use serde::Serialize;
use std::collections::BTreeMap;

/// Motifs on the timeline.
const SHOWN: usize = 16;
/// Motifs that are looked for in the texts, those that are longest among the strongest.
const CANDIDATES: usize = 48;

/// A motif over time.
#[derive(Serialize)]
pub(crate) struct MotifTrack<'a> {
    name: &'a str,
    /// Positions of the cycles in which it is among the strongest.
    at: Vec<usize>,
    /// Positions of the cycles in which it is said.
    said: Vec<usize>,
}

/// The motifs that are said most, in the order in which they appear.
pub(crate) fn motifs(report: &Report) -> Vec<MotifTrack<'_>> {
    let mut at: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, row) in report.rows.iter().enumerate() {
        for motif in row.motifs.iter().filter(|motif| !motif.is_empty()) {
            at.entry(motif).or_default().push(index);
        }
    }
    let mut tracks: Vec<_> = at
        .into_iter()
        .map(|(name, at)| MotifTrack {
            name,
            at,
            said: Vec::new(),
        })
        .collect();
    tracks.sort_by(|a, b| b.at.len().cmp(&a.at.len()).then(a.name.cmp(b.name)));
    tracks.truncate(CANDIDATES);
    let wanted: Vec<_> = tracks
        .iter()
        .map(|track| track.name.to_lowercase())
        .collect();
    for (index, Texts { user, assistant }) in report.texts.iter().enumerate() {
        let (user, assistant) = (user.to_lowercase(), assistant.to_lowercase());
        for (track, wanted) in tracks.iter_mut().zip(&wanted) {
            if user.contains(wanted) || assistant.contains(wanted) {
                track.said.push(index);
            }
        }
    }
    tracks.sort_by(|a, b| b.said.len().cmp(&a.said.len()).then(a.name.cmp(b.name)));
    tracks.truncate(SHOWN);
    tracks.sort_by_key(|track| track.at[0]);
    tracks
}
