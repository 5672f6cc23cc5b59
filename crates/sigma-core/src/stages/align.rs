//! Stage 5, Attractor Alignment: cues that keep the answer with its subject (`SRIP-01 §4`).

use sigma_attractor::{Attractor, Lifecycle, UptakeEvent};

use super::{Integrated, Stage};

/// The turn with cues of the active attractor.
pub(crate) struct Aligned<'a> {
    pub(crate) before: Integrated<'a>,
    pub(crate) cues: Vec<String>,
}

impl<'a> Integrated<'a> {
    pub(crate) fn align(mut self) -> Aligned<'a> {
        let interpreted = &self.before.before;
        let state = &interpreted.base.state;
        let cues = state
            .registry
            .active()
            .map(|attractor| {
                cues(attractor, interpreted.uptake.event, |key| {
                    state.containment.cut_off(key)
                })
            })
            .unwrap_or_default();
        self.before.before.base.watch.lap(Stage::Align);
        Aligned { before: self, cues }
    }
}

/// Motifs named in a cue.
const MOTIFS: usize = 6;

fn cues(attractor: &Attractor, event: UptakeEvent, cut_off: impl Fn(&str) -> bool) -> Vec<String> {
    let motifs: Vec<&str> = attractor
        .motifs
        .iter()
        .filter(|motif| !cut_off(&motif.key))
        .take(MOTIFS)
        .map(|motif| motif.surface.as_str())
        .collect();
    // an attractor that comes apart is not to be held together by its words
    if motifs.is_empty() || attractor.lifecycle_state == Lifecycle::Fragmenting {
        return Vec::new();
    }
    let mut cues = vec![format!("the subject at hand: {}", motifs.join(", "))];
    if let UptakeEvent::Returned { from_cycle } = event {
        cues.push(format!(
            "the user returns to what was left at turn {from_cycle}"
        ));
    }
    cues
}
