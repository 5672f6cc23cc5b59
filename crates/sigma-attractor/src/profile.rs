//! What an attractor's exchanges have in common: the words and the direction by which a later exchange is
//! told to be of its subject.

use serde::{Deserialize, Serialize};
use sigma_text::Embedding;
use std::collections::BTreeMap;

use crate::{gist::Gist, rules::ExchangeRules};

/// A user's turn and the answer to it, as one.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Exchange {
    /// Hashes of the user's content words, sorted.
    pub(crate) asked: Vec<u32>,
    /// Hashes of the content words of both, sorted.
    pub(crate) words: Vec<u32>,
    pub(crate) vector: Option<Embedding>,
}

impl Exchange {
    pub(crate) fn of(user: &Gist, answer: &Gist) -> Self {
        let mut words = [user.terms.as_slice(), &answer.terms].concat();
        words.sort_unstable();
        words.dedup();
        let vector = match (&user.vector, &answer.vector) {
            (Some(a), Some(b)) => Some(a.blended(b, 0.5)),
            (a, b) => a.as_ref().or(b.as_ref()).cloned(),
        };
        Self {
            asked: user.terms.clone(),
            words,
            vector,
        }
    }
}

/// A running mean of unit vectors: a direction and how much they agree on it (`0..=1`).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Mean {
    direction: Option<Embedding>,
    length: f64,
    pub(crate) n: u64,
}

impl Mean {
    pub(crate) fn take_in(&mut self, vector: &Embedding) {
        let n = self.n as f64;
        let held = self.components(vector.dimensions(), 1.0);
        let next: Vec<f64> = (held.iter().zip(vector.as_slice()))
            .map(|(mean, new)| (mean * n + f64::from(*new)) / (n + 1.0))
            .collect();
        self.set(&next);
        self.n += 1;
    }

    fn absorb(&mut self, other: &Self) {
        let Some(dimensions) = other.direction.as_ref().map(Embedding::dimensions) else {
            return;
        };
        let (own, n) = (self.components(dimensions, 1.0), self.n as f64);
        let (theirs, m) = (other.components(dimensions, 1.0), other.n as f64);
        let both: Vec<f64> = (own.iter().zip(&theirs))
            .map(|(a, b)| (a * n + b * m) / (n + m).max(1.0))
            .collect();
        self.set(&both);
        self.n += other.n;
    }

    fn set(&mut self, components: &[f64]) {
        self.length = components.iter().map(|x| x * x).sum::<f64>().sqrt();
        self.direction =
            Embedding::new(components.iter().map(|x| *x as f32).collect::<Vec<_>>()).ok();
    }

    /// The mean times `share`; zeros where there is none of these dimensions.
    pub(crate) fn components(&self, dimensions: usize, share: f64) -> Vec<f64> {
        match &self.direction {
            Some(direction) if direction.dimensions() == dimensions => direction
                .as_slice()
                .iter()
                .map(|x| f64::from(*x) * self.length * share)
                .collect(),
            _ => vec![0.0; dimensions],
        }
    }
}

/// The words and the mean direction of an attractor's exchanges. Bounded.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Profile {
    /// Hash of a word, exchanges that held it, the number of the last of them.
    words: BTreeMap<u32, (u32, u64)>,
    mean: Mean,
}

impl Profile {
    fn take_in(&mut self, exchange: &Exchange, number: u64, rules: &ExchangeRules) {
        for word in &exchange.words {
            let held = self.words.entry(*word).or_default();
            *held = (held.0.saturating_add(1), number);
        }
        self.shrink(rules);
        if let Some(vector) = &exchange.vector {
            self.mean.take_in(vector);
        }
    }

    fn absorb(&mut self, other: &Self, rules: &ExchangeRules) {
        for (word, (count, last)) in &other.words {
            let held = self.words.entry(*word).or_default();
            *held = (held.0.saturating_add(*count), held.1.max(*last));
        }
        self.shrink(rules);
        self.mean.absorb(&other.mean);
    }

    /// The rarest words give way, of equals those that were longest away.
    fn shrink(&mut self, rules: &ExchangeRules) {
        let Some(over) = self
            .words
            .len()
            .checked_sub(rules.max_words)
            .filter(|n| *n > 0)
        else {
            return;
        };
        let mut ranked: Vec<(u32, u64, u32)> = self
            .words
            .iter()
            .map(|(w, (n, last))| (*n, *last, *w))
            .collect();
        ranked.sort_unstable();
        for (_, _, word) in ranked.into_iter().take(over) {
            self.words.remove(&word);
        }
    }
}

/// The profiles of all live attractors, and what the whole dialogue has in common.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Profiles<Id: Ord> {
    of: BTreeMap<Id, Profile>,
    dialogue: Mean,
    /// Words of the exchange before.
    last: Vec<u32>,
    exchanges: u64,
    /// Mean number of distinct content words of the answers, short ones included.
    #[serde(default)]
    usual_words: f64,
}

impl<Id: Ord> Default for Profiles<Id> {
    fn default() -> Self {
        Self {
            of: BTreeMap::new(),
            dialogue: Mean::default(),
            last: Vec::new(),
            exchanges: 0,
            usual_words: 0.0,
        }
    }
}

impl<Id: Ord + Copy> Profiles<Id> {
    /// How near an exchange is to each attractor: `(1 - m) words + m meaning`, each `0..=1`.
    ///
    /// A word counts by how few of the attractors have it; meaning is the cosine after the mean of the whole
    /// dialogue, its persona and manner, has been taken out. `current` gets what speaks for staying.
    pub(crate) fn nearness(
        &self,
        exchange: &Exchange,
        current: Option<Id>,
        boundary: f64,
        rules: &ExchangeRules,
    ) -> Vec<(f64, Id)> {
        let telling = self.telling(exchange);
        let all: f64 = telling.values().sum();
        let share = |held: &dyn Fn(&u32) -> bool| {
            let found: f64 = telling
                .iter()
                .filter(|(w, _)| held(w))
                .map(|(_, idf)| idf)
                .sum();
            if all > 0.0 { found / all } else { 0.0 }
        };
        let near = |profile: &Profile| {
            let words = share(&|w| profile.words.contains_key(w));
            match self.meaning(exchange, profile, rules) {
                Some(meaning) => (1.0 - rules.meaning) * words + rules.meaning * meaning,
                None => words,
            }
        };
        let asked: f64 = weight(exchange.asked.iter(), &telling);
        let again = exchange
            .asked
            .iter()
            .filter(|w| self.last.binary_search(w).is_ok());
        let local = if asked > 0.0 {
            weight(again, &telling) / asked
        } else {
            0.0
        };
        let staying = rules.stay + rules.local * local - rules.boundary * boundary;
        self.of
            .iter()
            .map(|(id, profile)| {
                let bonus = if Some(*id) == current { staying } else { 0.0 };
                (near(profile) + bonus, *id)
            })
            .collect()
    }

    /// How telling each word of an exchange is: `ln((n + 1) / (df + 1/2))` over the attractors, at least 0.
    fn telling(&self, exchange: &Exchange) -> BTreeMap<u32, f64> {
        let n = self.of.len() as f64;
        let idf = |word: &u32| {
            let df = self
                .of
                .values()
                .filter(|p| p.words.contains_key(word))
                .count() as f64;
            ((n + 1.0) / (df + 0.5)).ln().max(0.0)
        };
        exchange.words.iter().map(|w| (*w, idf(w))).collect()
    }

    fn meaning(
        &self,
        exchange: &Exchange,
        profile: &Profile,
        rules: &ExchangeRules,
    ) -> Option<f64> {
        let vector = exchange.vector.as_ref()?;
        let dimensions = vector.dimensions();
        profile
            .mean
            .direction
            .as_ref()
            .filter(|d| d.dimensions() == dimensions)?;
        let n = self.dialogue.n as f64;
        let common = self
            .dialogue
            .components(dimensions, n / (n + rules.common_prior));
        let theirs = profile.mean.components(dimensions, 1.0);
        let (mut dot, mut own, mut other) = (0.0, 0.0, 0.0);
        for ((a, b), c) in vector.as_slice().iter().zip(&theirs).zip(&common) {
            let (a, b) = (f64::from(*a) - c, b - c);
            (dot, own, other) = (dot + a * b, own + a * a, other + b * b);
        }
        let length = (own * other).sqrt();
        Some(if length > 1e-12 {
            (dot / length).clamp(0.0, 1.0)
        } else {
            0.0
        })
    }

    /// Takes an answer of so many words into their mean, and tells the mean.
    pub(crate) fn usual_words(&mut self, words: usize, rules: &ExchangeRules) -> f64 {
        let weight = (1.0 / (self.exchanges as f64 + 1.0)).max(rules.usual_newest);
        self.usual_words += weight * (words as f64 - self.usual_words);
        self.usual_words
    }

    /// Adds an exchange to an attractor's profile.
    pub(crate) fn take_in(&mut self, id: Id, exchange: Exchange, rules: &ExchangeRules) {
        let number = self.exchanges;
        self.exchanges += 1;
        self.of
            .entry(id)
            .or_default()
            .take_in(&exchange, number, rules);
        if let Some(vector) = &exchange.vector {
            self.dialogue.take_in(vector);
        }
        self.last = exchange.words;
    }

    /// One attractor became part of another.
    pub(crate) fn merge(&mut self, from: Id, into: Id, rules: &ExchangeRules) {
        if let Some(part) = self.of.remove(&from) {
            self.of.entry(into).or_default().absorb(&part, rules);
        }
    }

    /// Forgets attractors that are no more.
    pub(crate) fn retain(&mut self, live: impl Fn(&Id) -> bool) {
        self.of.retain(|id, _| live(id));
    }
}

/// Sum of what words tell.
fn weight<'a>(words: impl Iterator<Item = &'a u32>, telling: &BTreeMap<u32, f64>) -> f64 {
    words.filter_map(|w| telling.get(w)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::CALIBRATED;

    const RULES: ExchangeRules = CALIBRATED.exchange;

    fn exchange(words: &[u32], vector: [f32; 3]) -> Exchange {
        Exchange {
            asked: words.to_vec(),
            words: words.to_vec(),
            vector: Embedding::new(vector.to_vec()).ok(),
        }
    }

    #[test]
    fn what_all_attractors_share_tells_nothing() {
        let mut profiles = Profiles::default();
        profiles.take_in(1, exchange(&[1, 9], [1.0, 0.0, 1.0]), &RULES);
        profiles.take_in(2, exchange(&[2, 9], [0.0, 1.0, 1.0]), &RULES);
        let near = profiles.nearness(&exchange(&[1, 9], [1.0, 0.1, 1.0]), None, 0.0, &RULES);
        assert!(near[0].0 > 0.8 && near[1].0 < RULES.threshold, "{near:?}");
        let bare = Exchange {
            vector: None,
            ..exchange(&[9, 77], [1.0; 3])
        };
        let common = profiles.nearness(&bare, None, 0.0, &RULES);
        assert!(
            common.iter().all(|(near, _)| *near < RULES.threshold),
            "{common:?}"
        );
    }

    #[test]
    fn staying_is_easier_than_coming_back() {
        let mut profiles = Profiles::default();
        for id in [1, 2] {
            profiles.take_in(id, exchange(&[1, 2], [1.0, 0.0, 0.0]), &RULES);
        }
        let near = profiles.nearness(&exchange(&[1, 2], [1.0, 0.0, 0.0]), Some(2), 0.1, &RULES);
        assert!(near[1].0 > near[0].0);
    }

    #[test]
    fn one_long_answer_among_short_ones_does_not_make_them_usual() {
        let mut profiles = Profiles::default();
        let mut hear = |words| {
            let usual = profiles.usual_words(words, &RULES);
            profiles.take_in(1, exchange(&[1], [1.0, 0.0, 0.0]), &RULES);
            usual
        };
        assert_eq!([hear(4), hear(4), hear(16)], [4.0, 4.0, 8.0]);
    }

    #[test]
    fn a_profile_is_bounded_and_keeps_what_recurs() {
        let mut profiles = Profiles::default();
        for at in 0..400 {
            profiles.take_in(1, exchange(&[7, 1000 + at], [1.0, 0.0, 0.0]), &RULES);
        }
        let words = &profiles.of[&1].words;
        assert_eq!(words.len(), RULES.max_words);
        assert!(words.contains_key(&7) && words.contains_key(&1399) && !words.contains_key(&1000));
    }

    #[test]
    fn merging_adds_up() {
        let mut profiles = Profiles::default();
        profiles.take_in(1, exchange(&[1], [1.0, 0.0, 0.0]), &RULES);
        profiles.take_in(2, exchange(&[2], [0.0, 1.0, 0.0]), &RULES);
        profiles.merge(2, 1, &RULES);
        assert_eq!(profiles.of[&1].words.len(), 2);
        assert!((profiles.of[&1].mean.length - 0.5_f64.sqrt()).abs() < 1e-6);
        profiles.retain(|_| false);
        assert!(profiles.of.is_empty());
    }
}
