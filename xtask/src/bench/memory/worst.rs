//! Questions whose evidence was not found, and why: by numbers, without the words of the data.

use serde::Serialize;
use sigma_memory::{Evidence, Recalled};

use super::evidence::category;
use super::locomo::Question;
use super::remember::Remembered;

/// One question that recall failed.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Case {
    pub(super) conversation: String,
    /// Place in the file's list of questions, from 0.
    pub(super) question: usize,
    pub(super) category: String,
    /// Share of its evidence among the turns looked at.
    pub(super) found: f64,
    /// Rank, from 1, of the evidence that stands furthest behind; `None` if it is never recalled.
    pub(super) rank: Option<usize>,
    pub(super) reason: String,
}

/// How many are told.
pub(super) const TOLD: usize = 10;

/// Explains why the evidence of a question stands behind.
pub(super) fn case(
    conversation: &str,
    question: &Question,
    found: &[usize],
    remembered: &Remembered,
) -> Case {
    let (all, _) = remembered.ask(&question.text, remembered.memory.len());
    let place = |turn: &usize| {
        all.iter()
            .position(|r| r.provenance.frame.0 as usize == *turn)
    };
    let missed = question.evidence.iter().filter(|e| !found.contains(e));
    let last = missed.map(place).max_by_key(|p| p.unwrap_or(usize::MAX));
    let rank = last.flatten();
    let hits = question.evidence.iter().filter(|e| found.contains(e));
    Case {
        conversation: conversation.to_owned(),
        question: question.index,
        category: category(question.category),
        found: hits.count() as f64 / question.evidence.len() as f64,
        rank: rank.map(|at| at + 1),
        reason: rank.map_or_else(
            || "never recalled: it repeats another turn".to_owned(),
            |at| reason(&all[at], &all[found.len().saturating_sub(1).min(at)]),
        ),
    }
}

/// What a missed turn lacks beside the last of those that were found.
fn reason(missed: &Recalled, last: &Recalled) -> String {
    let share = |item: &Recalled, kind: Evidence| {
        let own = item.reasons.iter().find(|r| r.evidence == kind);
        own.map_or((0.0, 0.0), |r| (r.share, r.contribution))
    };
    let words = missed
        .reasons
        .iter()
        .find(|r| r.evidence == Evidence::Lexical);
    let lexical = match words.map(|r| r.on.len()).unwrap_or_default() {
        0 => "shares no content word with the question".to_owned(),
        1 => "shares one content word with the question".to_owned(),
        n => format!("shares {n} content words with the question"),
    };
    let near = share(missed, Evidence::Semantic).0;
    let gap = Evidence::ALL
        .iter()
        .map(|kind| (*kind, share(last, *kind).1 - share(missed, *kind).1))
        .max_by(|a, b| a.1.total_cmp(&b.1));
    let behind = gap.map_or_else(String::new, |(kind, by)| {
        let name = format!("{kind:?}").to_lowercase();
        format!(", falls behind by {name} most ({by:.2})")
    });
    format!("{lexical}, cosine {near:.2}{behind}")
}

/// The worst of all: what was found least of, then what stands furthest behind.
pub(super) fn ten(mut cases: Vec<Case>) -> Vec<Case> {
    cases.sort_by(|a, b| {
        let far = |c: &Case| c.rank.unwrap_or(usize::MAX);
        a.found.total_cmp(&b.found).then(far(b).cmp(&far(a)))
    });
    cases.truncate(TOLD);
    cases
}
