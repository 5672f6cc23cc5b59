//! What anyone would try first.

use std::collections::BTreeSet;

use sigma_drift::DriftSample;
use sigma_text::{Embedding, Style, TermStats, Utterance};
use sigma_types::{Measured, Unit};

/// Name in files and title in tables, in order.
pub(crate) const NAMES: [(&str, &str); 5] = [
    ("cosine_previous", "cosine to previous answer"),
    ("running_mean", "distance to running mean"),
    ("recorded_total", "recorded formula (total_ref)"),
    ("idf_overlap", "IDF overlap with the turn"),
    ("style_z", "style z against own past"),
];

/// What the baselines remember of a session.
pub(crate) struct Baselines {
    previous: Option<Embedding>,
    mean: Option<Embedding>,
    stats: TermStats,
    styles: Vec<Vec<f64>>,
}

/// Stems whose frequency is remembered.
const STEMS: usize = 20_000;
/// Weight of the newest answer in the running mean.
const NEWEST: f64 = 0.1;
/// Past answers that a style is compared with.
const STYLES: usize = 40;
/// Robust standard deviations beyond which a feature counts no more.
const MOST: f64 = 6.0;
/// No spread of a feature is less.
const LEAST_SPREAD: f64 = 0.02;

impl Default for Baselines {
    fn default() -> Self {
        Self {
            previous: None,
            mean: None,
            stats: TermStats::new(STEMS),
            styles: Vec::new(),
        }
    }
}

fn style(s: &Style) -> Vec<f64> {
    vec![
        s.words.ln_1p(),
        s.sentence_length.ln_1p(),
        s.word_length,
        s.list_share,
        s.markdown.ln_1p(),
        s.questions,
        s.first_person,
        s.second_person,
        s.contractions,
        s.hedges,
        s.function_words,
        s.clause_marks.ln_1p(),
        s.variety,
    ]
}

impl Baselines {
    /// Each higher the more it looks like drift.
    pub(crate) fn observe(
        &mut self,
        user: &Utterance,
        answer: &Utterance,
        sample: &DriftSample,
    ) -> [f64; NAMES.len()] {
        let vector = answer.vectors.whole.as_ref();
        let distance = |to: &Option<Embedding>| match (vector, to) {
            (Some(a), Some(b)) => 1.0 - a.cosine(b),
            _ => 0.0,
        };
        let (adjacent, mean) = (distance(&self.previous), distance(&self.mean));
        let total = sample
            .reference
            .drift_total_ref
            .and_then(Measured::value)
            .map_or(0.0, Unit::get);
        let overlap = self.overlap(user, answer);
        let z = self.style(&answer.reading.style);
        if let Some(vector) = vector {
            self.mean = Some(match &self.mean {
                None => vector.clone(),
                Some(mean) => mean.blended(vector, NEWEST),
            });
            self.previous = Some(vector.clone());
        }
        [adjacent, mean, total, overlap, z]
    }

    fn overlap(&mut self, user: &Utterance, answer: &Utterance) -> f64 {
        fn stems(u: &Utterance) -> BTreeSet<&str> {
            u.reading.terms.iter().map(|t| t.stem.as_str()).collect()
        }
        self.stats.add(&user.reading);
        let held = self.stats.containment(&stems(user), &stems(answer));
        self.stats.add(&answer.reading);
        held.value().map_or(0.5, |share| 1.0 - share.get())
    }

    fn style(&mut self, s: &Style) -> f64 {
        let now = style(s);
        let mut sum = 0.0;
        for (at, value) in now.iter().enumerate() {
            let recent = self.styles.iter().rev().take(STYLES);
            let mut past: Vec<f64> = recent.map(|style| style[at]).collect();
            past.sort_by(f64::total_cmp);
            let Some(median) = past.get(past.len() / 2).copied() else {
                continue;
            };
            let mut off: Vec<f64> = past.iter().map(|x| (x - median).abs()).collect();
            off.sort_by(f64::total_cmp);
            let spread = (1.4826 * off[off.len() / 2]).max(LEAST_SPREAD);
            sum += ((value - median) / spread).abs().min(MOST);
        }
        let mean = sum / now.len() as f64;
        self.styles.push(now);
        mean
    }
}
