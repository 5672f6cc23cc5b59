//! What anyone would try first.

use sigma_drift::DriftSample;
use sigma_text::{Embedding, Style, TermStats, Utterance};
use sigma_types::Unit;
use std::collections::BTreeSet;

/// Names of the baselines, in order.
pub(crate) const NAMES: [&str; 5] = [
    "cosine to previous answer",
    "distance to running mean",
    "recorded total v0.3.x",
    "IDF overlap with the turn",
    "style z against own past",
];

pub(crate) struct Baselines {
    previous: Option<Embedding>,
    mean: Option<Embedding>,
    stats: TermStats,
    styles: Vec<Vec<f64>>,
}

impl Default for Baselines {
    fn default() -> Self {
        Self {
            previous: None,
            mean: None,
            stats: TermStats::new(20_000),
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
    ) -> [f64; 5] {
        let vector = answer.vectors.whole.as_ref();
        let distance = |to: &Option<Embedding>| match (vector, to) {
            (Some(a), Some(b)) => 1.0 - a.cosine(b),
            _ => 0.0,
        };
        let (adjacent, mean) = (distance(&self.previous), distance(&self.mean));
        let total = sample
            .reference
            .drift_total_ref
            .and_then(sigma_types::Measured::value)
            .map_or(0.0, Unit::get);
        let set = |u: &Utterance| -> BTreeSet<String> {
            u.reading.terms.iter().map(|t| t.stem.clone()).collect()
        };
        let (asked, said) = (set(user), set(answer));
        self.stats.add(&user.reading);
        let asked: BTreeSet<&str> = asked.iter().map(String::as_str).collect();
        let said: BTreeSet<&str> = said.iter().map(String::as_str).collect();
        let overlap = self
            .stats
            .containment(&asked, &said)
            .value()
            .map_or(0.5, |share| 1.0 - share.get());
        self.stats.add(&answer.reading);
        let z = self.style(&answer.reading.style);
        if let Some(vector) = vector {
            self.mean = Some(match &self.mean {
                None => vector.clone(),
                Some(mean) => mean.blended(vector, 0.1),
            });
            self.previous = Some(vector.clone());
        }
        [adjacent, mean, total, overlap, z]
    }

    fn style(&mut self, s: &Style) -> f64 {
        let now = style(s);
        let mut sum = 0.0;
        for (at, value) in now.iter().enumerate() {
            let mut past: Vec<f64> = self
                .styles
                .iter()
                .rev()
                .take(40)
                .map(|style| style[at])
                .collect();
            past.sort_by(f64::total_cmp);
            let Some(median) = past.get(past.len() / 2).copied() else {
                continue;
            };
            let mut off: Vec<f64> = past.iter().map(|x| (x - median).abs()).collect();
            off.sort_by(f64::total_cmp);
            let spread = (1.4826 * off[off.len() / 2]).max(0.02);
            sum += ((value - median) / spread).abs().min(6.0);
        }
        self.styles.push(now.clone());
        sum / now.len() as f64
    }
}
