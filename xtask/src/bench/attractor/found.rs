//! Where attractors begin: the registry as it is shipped, and two simple rules beside it.

use sigma_attractor::{Registry, RevisionKind, Rules, Turn, Uptake};
use sigma_types::{Cycle, Hash256, Speaker, Timestamp};

use super::data::Dialogue;

/// What the registry said, one flag an utterance.
pub(crate) struct Found {
    /// Said when the utterance came.
    pub(crate) past: Vec<bool>,
    /// The same after what two more utterances overturned.
    pub(crate) late: Vec<bool>,
}

/// Runs a dialogue through a registry of the default setting, once for both modes.
pub(crate) fn attractors(dialogue: &Dialogue) -> Found {
    let mut registry = Registry::new(Hash256::ZERO, Rules::default());
    let mut found = Found {
        past: vec![false; dialogue.starts.len()],
        late: vec![false; dialogue.starts.len()],
    };
    let mut numbers = Vec::new();
    let mut cycle = 0;
    for (at, (speaker, utterance)) in dialogue.utterances.iter().enumerate() {
        if at == 0 || *speaker == Speaker::User {
            cycle += 1;
        }
        let uptake = registry.take_up(&Turn {
            cycle: Cycle(cycle),
            at: Timestamp::EPOCH,
            speaker: *speaker,
            utterance,
        });
        let silent = utterance.reading.words.is_empty();
        numbers.push((!silent).then_some(uptake.utterance));
        let starts = at > 0 && uptake.event.changes_subject();
        (found.past[at], found.late[at]) = (starts, starts);
        overturn(&mut found.late, &numbers, &uptake);
    }
    found
}

/// Moves boundaries as a revision says. Revisions reach back two utterances at most.
fn overturn(late: &mut [bool], numbers: &[Option<u64>], uptake: &Uptake) {
    let Some(revision) = uptake.revision else {
        return;
    };
    let place = |number: u64| numbers.iter().rposition(|n| *n == Some(number));
    if let Some(earlier) = place(revision.utterance).filter(|at| *at > 0) {
        late[earlier] = revision.kind == RevisionKind::DatedBack;
    }
    if let Some(later) = revision.instead_of.and_then(place) {
        late[later] = false;
    }
}

/// No boundary at all.
pub(crate) fn never(dialogue: &Dialogue) -> Vec<bool> {
    vec![false; dialogue.starts.len()]
}

/// A boundary before each utterance that holds a question mark.
pub(crate) fn questions(dialogue: &Dialogue) -> Vec<bool> {
    let asks = |at: usize| dialogue.utterances[at].1.text().contains('?');
    (0..dialogue.starts.len())
        .map(|at| at > 0 && asks(at) && !asks(at - 1))
        .collect()
}
