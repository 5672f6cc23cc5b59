//! How far an answer left the session's own voice: each feature against the session's own past by
//! median and median absolute deviation, and its words against the session's habits.

use serde::{Deserialize, Serialize};
use sigma_text::Utterance;
use sigma_types::{Measured, Missing};
use std::collections::BTreeSet;

use crate::{
    feature::{Facet, Feature},
    habits::Habits,
    rules::VoiceRules,
    stats::{Window, middling, robust},
};

/// A feature that differs from what is usual.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct FeatureShift {
    /// The feature.
    pub feature: Feature,
    /// Its value in the answer, as read.
    pub value: f64,
    /// What it usually is in this session.
    pub usual: f64,
    /// The difference in robust standard deviations, signed.
    pub z: f64,
}

/// How an answer compares with the session's voice. All figures are higher the farther it is.
#[derive(Debug, Clone, PartialEq)]
pub struct VoiceReading {
    /// Each feature, in the order of [`Feature::ALL`].
    pub shifts: Vec<FeatureShift>,
    /// How much less its common words are spread as in this session than is usual, in robust standard
    /// deviations.
    pub common_words: Option<f64>,
    /// The same of all its words.
    pub all_words: Option<f64>,
    /// How many more of its content words are new to the session's answers than usual, in robust
    /// standard deviations.
    pub novelty: Option<f64>,
    /// Answers that the comparison rests on.
    pub learned: usize,
}

impl VoiceReading {
    /// A facet's differences as far as they count, each cut off at `limit` and weighed.
    pub fn facet(&self, facet: Facet, limit: f64, weights: &[f64; Feature::COUNT]) -> f64 {
        self.shifts
            .iter()
            .filter(|shift| shift.feature.facet() == facet)
            .map(|shift| weights[shift.feature as usize] * shift.feature.off(shift.z).min(limit))
            .sum()
    }
}

/// The session's voice as its calm answers have it. Bounded by its window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Voice {
    styles: Window<Vec<f32>>,
    habits: Habits,
    common: Window<f32>,
    all: Window<f32>,
    newness: Window<f32>,
    lengths: Window<f32>,
}

/// What one answer was measured as; handed back to [`Voice::learn`] where the answer was calm.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct VoiceSample {
    style: Vec<f32>,
    common: Option<f64>,
    all: Option<f64>,
    newness: Option<f64>,
}

impl Voice {
    /// Knows no voice yet.
    pub(crate) fn new(rules: &VoiceRules) -> Self {
        let window = || Window::new(rules.window);
        Self {
            styles: Window::new(rules.window),
            habits: Habits::default(),
            common: window(),
            all: window(),
            newness: window(),
            lengths: window(),
        }
    }

    /// The usual length of an answer in words, once there are a few.
    pub(crate) fn usual_words(&self) -> Option<f64> {
        let lengths: Vec<f64> = self.lengths.iter().map(|x| f64::from(*x)).collect();
        (lengths.len() >= 3)
            .then(|| robust(&lengths))?
            .map(|(median, _)| median)
    }

    /// Compares an answer with the voice so far and leaves the voice as it is.
    pub(crate) fn measure(
        &self,
        rules: &VoiceRules,
        user: &Utterance,
        answer: &Utterance,
    ) -> (Measured<VoiceReading>, VoiceSample) {
        let style = &answer.reading.style;
        // The user's own words in the answer are not this voice's choice.
        let given: BTreeSet<&str> = user
            .reading
            .words
            .iter()
            .take(rules.given_words)
            .map(String::as_str)
            .collect();
        let likeness = self.habits.likeness(rules, &answer.reading.words, &given);
        let sample = VoiceSample {
            style: Feature::ALL
                .map(|feature| feature.scaled(style) as f32)
                .to_vec(),
            common: likeness.map(|likeness| likeness.common),
            all: likeness.map(|likeness| likeness.all),
            newness: self.newness(answer, &given),
        };
        if self.styles.len() < rules.least {
            return (Measured::Missing(Missing::WindowTooShort), sample);
        }
        let words = answer.reading.words.len() as f64;
        let shifts = Feature::ALL
            .into_iter()
            .enumerate()
            .map(|(at, feature)| {
                let past: Vec<f64> = self
                    .styles
                    .iter()
                    .filter_map(|style| style.get(at))
                    .map(|x| f64::from(*x))
                    .collect();
                let (usual, spread) = middling(&past, rules.spread_share).unwrap_or((0.0, 0.0));
                let spread = spread.max(rules.floors[at]) * rules.coarseness(feature, words);
                let z = (f64::from(sample.style[at]) - usual) / spread;
                FeatureShift {
                    feature,
                    value: feature.raw(style),
                    usual: feature.unscaled(usual),
                    z: z * rules.trust(past.len()),
                }
            })
            .collect();
        let coarse = rules.coarse(words);
        // Newness is bad when high, likeness when low.
        let against = |value: Option<f64>, past: &Window<f32>, floor: f64, sign: f64| {
            let past: Vec<f64> = past.iter().map(|x| f64::from(*x)).collect();
            let (usual, spread) = (past.len() >= rules.least).then(|| robust(&past))??;
            let z = sign * (value? - usual) / (spread.max(floor) * coarse);
            Some(z * rules.trust(past.len()))
        };
        let reading = VoiceReading {
            shifts,
            common_words: against(sample.common, &self.common, rules.common_floor, -1.0),
            all_words: against(sample.all, &self.all, rules.all_floor, -1.0),
            novelty: against(sample.newness, &self.newness, rules.newness_floor, 1.0),
            learned: self.styles.len(),
        };
        (Measured::Value(reading), sample)
    }

    fn newness(&self, answer: &Utterance, given: &BTreeSet<&str>) -> Option<f64> {
        let terms = &answer.reading.terms;
        if terms.is_empty() || self.styles.len() == 0 {
            return None;
        }
        let (mut own, mut new) = (0.0, 0.0);
        for surface in terms
            .iter()
            .filter_map(|term| answer.text().get(term.span.clone()))
        {
            let word = surface.to_lowercase();
            if !given.contains(word.as_str()) {
                own += 1.0;
                new += if self.habits.knows(&word) { 0.0 } else { 1.0 };
            }
        }
        (own > 0.0).then(|| new / own)
    }

    /// Takes a calm answer into the voice.
    pub(crate) fn learn(&mut self, answer: &Utterance, sample: VoiceSample) {
        self.lengths.push(answer.reading.words.len() as f32);
        self.styles.push(sample.style);
        self.habits.learn(&answer.reading.words);
        for (value, window) in [
            (sample.common, &mut self.common),
            (sample.all, &mut self.all),
            (sample.newness, &mut self.newness),
        ] {
            if let Some(value) = value {
                window.push(value as f32);
            }
        }
    }
}
