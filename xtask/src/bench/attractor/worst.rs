//! Where the measurement comes out worst, and why: counts only, nothing of a dialogue is quoted.

use serde::Serialize;

use super::{
    data::{Dialogue, Set},
    found,
    metrics::Figures,
};

/// A dialogue that went wrong.
#[derive(Debug, Serialize)]
pub(crate) struct Worst {
    /// The file's name.
    pub(crate) set: String,
    /// The dialogue's own name.
    pub(crate) dial_id: String,
    /// Its Score with hindsight.
    pub(crate) score: f64,
    /// What went wrong.
    pub(crate) reason: String,
}

/// How many of the worst are told.
const WORST: usize = 10;

/// The worst dialogues of all sets with the reason.
pub(crate) fn worst(sets: &[Set]) -> Vec<Worst> {
    let mut all: Vec<Worst> = sets
        .iter()
        .flat_map(|set| set.dialogues.iter().map(|d| judged(&set.name, d)))
        .collect();
    let place = |w: &Worst| (w.set.clone(), w.dial_id.clone());
    all.sort_by(|a, b| {
        a.score
            .total_cmp(&b.score)
            .then_with(|| place(a).cmp(&place(b)))
    });
    all.truncate(WORST);
    all
}

fn judged(set: &str, dialogue: &Dialogue) -> Worst {
    let found = found::attractors(dialogue).late;
    Worst {
        set: set.to_owned(),
        dial_id: dialogue.id.clone(),
        score: Figures::of(&dialogue.starts, &found).score,
        reason: reason(dialogue, &found),
    }
}

/// Counts what was missed and what was found where nothing starts, by how it shows.
fn reason(dialogue: &Dialogue, found: &[bool]) -> String {
    let truth = &dialogue.starts;
    let asks = |at: usize| dialogue.utterances[at].1.text().contains('?');
    let near = |all: &[bool], at: usize| at > 1 && all[at - 1] || all.get(at + 1) == Some(&true);
    let places = 1..truth.len();
    let missed: Vec<usize> = places.clone().filter(|i| truth[*i] && !found[*i]).collect();
    let extra: Vec<usize> = places.filter(|i| !truth[*i] && found[*i]).collect();
    let count =
        |all: &[usize], what: &dyn Fn(usize) -> bool| all.iter().filter(|at| what(**at)).count();
    let mut parts = vec![format!(
        "{} of {} starts missed",
        missed.len(),
        truth.iter().skip(1).filter(|s| **s).count()
    )];
    let off = count(&missed, &|at| near(found, at));
    if off > 0 {
        parts.push(format!("{off} of them found one utterance off"));
    }
    let quiet = count(&missed, &|at| !asks(at));
    if quiet > 0 {
        parts.push(format!("{quiet} open without a question"));
    }
    parts.push(format!("{} found where none is", extra.len()));
    let asked = count(&extra, &asks);
    if asked > 0 {
        parts.push(format!("{asked} at a question on the same topic"));
    }
    parts.join(", ")
}
