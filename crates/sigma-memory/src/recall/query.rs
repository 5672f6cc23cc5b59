//! What is asked, and what it asks for.

use std::collections::BTreeMap;

use sigma_text::{Embedder, Utterance};
use sigma_types::{AttractorId, Cycle, Timestamp};

use super::people::{Who, is_participant};
use crate::{
    Lifecycle, Memory,
    index::Probe,
    terms::number_terms,
    times::{TimeAnchor, time_anchors},
};

/// A question to memory: the current turn and the field it stands in.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Query<'a> {
    /// What was said.
    pub utterance: &'a Utterance,
    /// The current cycle.
    pub cycle: Cycle,
    /// Now: what "last Tuesday" is counted from.
    pub at: Timestamp,
    /// Embeds what is left of the words without names; otherwise the whole turn's vector serves.
    pub embedder: Option<&'a dyn Embedder>,
    /// The active attractor.
    pub attractor: Option<AttractorId>,
    /// Its phase.
    pub phase: Option<Lifecycle>,
    /// Keys of the field's motifs.
    pub motifs: &'a [String],
    /// Items wanted.
    pub limit: usize,
    /// Compares every frame, however many there are: what the bounded search is measured against.
    pub exhaustive: bool,
}

impl<'a> Query<'a> {
    /// Asks for ten items, with no field around the turn.
    pub fn new(utterance: &'a Utterance, cycle: Cycle, at: Timestamp) -> Self {
        Self {
            utterance,
            cycle,
            at,
            embedder: None,
            attractor: None,
            phase: None,
            motifs: &[],
            limit: 10,
            exhaustive: false,
        }
    }

    /// With the model that embedded the session.
    #[must_use]
    pub fn embedder(self, embedder: &'a dyn Embedder) -> Self {
        Self {
            embedder: Some(embedder),
            ..self
        }
    }

    /// With the field of the moment.
    #[must_use]
    pub fn field(
        self,
        attractor: Option<AttractorId>,
        phase: Option<Lifecycle>,
        motifs: &'a [String],
    ) -> Self {
        Self {
            attractor,
            phase,
            motifs,
            ..self
        }
    }

    /// For another number of items.
    #[must_use]
    pub fn limit(self, limit: usize) -> Self {
        Self { limit, ..self }
    }

    /// Without choosing candidates first: every frame is compared, which takes as long as it takes.
    #[must_use]
    pub fn exhaustive(self) -> Self {
        Self {
            exhaustive: true,
            ..self
        }
    }
}

impl std::fmt::Debug for Query<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Query")
            .field("text", &self.utterance.text())
            .field("cycle", &self.cycle)
            .field("at", &self.at)
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}

/// A query as recall works with it.
#[derive(Debug, Clone)]
pub(crate) struct Analysis {
    /// Terms with their weights, names of participants left out.
    pub(crate) terms: Vec<(String, f64)>,
    pub(crate) probe: Option<Probe>,
    pub(crate) who: Who,
    pub(crate) times: Vec<TimeAnchor>,
    pub(crate) asks_when: bool,
    pub(crate) motifs: Vec<u32>,
    pub(crate) attractor: Option<u32>,
    pub(crate) phase: Option<Lifecycle>,
    pub(crate) cycle: Cycle,
    pub(crate) exhaustive: bool,
}

impl Memory {
    pub(crate) fn analyse(&self, query: &Query<'_>) -> Analysis {
        let reading = &query.utterance.reading;
        let who = Who::of(reading, &self.participants);
        let phrases = reading.phrases.iter().map(|p| p.key.as_str());
        let mut motifs: Vec<u32> = phrases
            .chain(query.motifs.iter().map(String::as_str))
            .filter_map(|key| self.motifs.find(key))
            .collect();
        motifs.sort_unstable();
        motifs.dedup();
        Analysis {
            terms: self.query_terms(query.utterance),
            probe: self.probe(query),
            who,
            times: time_anchors(query.utterance.text(), query.at, self.rules.bounds.times),
            asks_when: asks_when(&reading.words),
            motifs,
            attractor: query
                .attractor
                .and_then(|a| self.attractors.find(&a.to_string())),
            phase: query.phase,
            cycle: query.cycle,
            exhaustive: query.exhaustive,
        }
    }

    fn query_terms(&self, utterance: &Utterance) -> Vec<(String, f64)> {
        let reading = &utterance.reading;
        let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
        for term in &reading.terms {
            let word = reading
                .text
                .get(term.span.clone())
                .unwrap_or_default()
                .to_lowercase();
            if !is_participant(&word, &self.participants) {
                *counts.entry(&term.stem).or_default() += 1;
            }
        }
        for number in number_terms(&reading.words) {
            *counts.entry(number).or_default() += 1;
        }
        let mut terms: Vec<(String, f64)> = counts
            .into_iter()
            .map(|(term, n)| (term.to_owned(), f64::from(n).sqrt()))
            .collect();
        if terms.len() > self.rules.recall.terms {
            let telling = |(term, weight): &(String, f64)| weight * self.lexicon.idf(term);
            terms.sort_by(|a, b| telling(b).total_cmp(&telling(a)));
            terms.truncate(self.rules.recall.terms);
        }
        terms
    }

    /// The direction of what is asked, without the names of those who take part.
    fn probe(&self, query: &Query<'_>) -> Option<Probe> {
        let own = query.embedder.filter(|e| {
            self.embedder
                .as_ref()
                .is_some_and(|tag| *tag == e.info().into())
        });
        let focused = own.and_then(|embedder| {
            let words = &query.utterance.reading.words;
            let left: Vec<&str> = words
                .iter()
                .map(String::as_str)
                .filter(|w| !is_participant(w, &self.participants))
                .collect();
            (left.len() < words.len()).then(|| embedder.embed(&left.join(" ")).ok())?
        });
        let vector = focused.or_else(|| query.utterance.vectors.whole.clone())?;
        Some(Probe::new(vector.as_slice()))
    }
}

fn asks_when(words: &[String]) -> bool {
    let has = |w: &str| words.iter().any(|x| x == w);
    let pair = |a: &str, bs: &[&str]| {
        words
            .windows(2)
            .any(|p| p[0] == a && bs.contains(&p[1].as_str()))
    };
    has("when")
        || pair("how", &["long", "recently"])
        || pair("what", &["date", "day", "month", "year", "time"])
        || pair("which", &["date", "day", "month", "year"])
}
