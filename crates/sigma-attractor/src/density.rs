//! Symbolic density: how much of an answer moves in the circle of what was said (`SRIP-07`).

use serde::{Deserialize, Serialize};
use sigma_text::{Reading, Term};
use sigma_types::{Cycle, Measured, Missing, Unit};
use std::collections::{BTreeMap, VecDeque};

use crate::{
    MotifSet,
    rules::{DensityRules, MotifRules},
};

/// Where a density lies (`SRIP-07 §5`); the edges are the unnamed strips between the printed zones.
///
/// Exhaustive on purpose: the zones cover the whole range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum DensityZone {
    /// Under the lower bound.
    Low,
    /// From the lower bound up to the goal band.
    LowEdge,
    /// In the goal band.
    Optimal,
    /// Above the goal band, up to the upper bound.
    HighEdge,
    /// Over the upper bound.
    High,
}

/// What the control layer is asked to do about a density (`SRIP-07 §4`).
///
/// Exhaustive on purpose: the rule has three outcomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum DensityRegulation {
    /// Nothing.
    None,
    /// Go reflective and bring the attractor's symbols back.
    ReflectAndReinforce,
    /// Damp the recurrence.
    Dampen,
}

/// The density of one answer (`SRIP-07 §3`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DensityReading {
    /// Symbolic density: recency-weighted share of content words seen in the last answers.
    pub sd: Measured<Unit>,
    /// Density delta: the middle of the goal band less `sd`, signed.
    pub cd: Measured<f64>,
    /// Density rate: absolute change since the last measured answer.
    pub dr: Measured<Unit>,
    /// Symbolic variance: twice the standard deviation of `sd` over the window.
    pub sv: Measured<Unit>,
    /// Symbolic consistency: `1 - sv`.
    pub sc: Measured<Unit>,
    /// Whether the window of `sv` was full.
    pub sv_window_full: bool,
    /// Change of the entropy of the motif distribution, as a share of its maximum.
    pub entropy_change: Measured<Unit>,
    /// The zone of `sd`.
    pub zone: Measured<DensityZone>,
    /// What follows from the zone; nothing for a missing density.
    pub regulation: DensityRegulation,
    /// Whether `cd` lies outside its typical range.
    pub cd_alert: bool,
    /// Content words counted.
    pub terms: usize,
}

/// Measures answer after answer. Bounded by the windows and by the distinct words kept an answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DensityMeter {
    rules: DensityRules,
    motif_rules: MotifRules,
    answers: u64,
    last_seen: BTreeMap<String, u64>,
    densities: VecDeque<f64>,
    motifs: MotifSet,
    entropies: VecDeque<f64>,
}

impl DensityMeter {
    /// Starts without a past.
    pub fn new(rules: DensityRules, motif_rules: MotifRules) -> Self {
        Self {
            rules,
            motif_rules,
            answers: 0,
            last_seen: BTreeMap::new(),
            densities: VecDeque::new(),
            motifs: MotifSet::default(),
            entropies: VecDeque::new(),
        }
    }

    /// Measures an answer against those before it, then takes it into the window (`SRIP-07 §3-§5`).
    ///
    /// An answer without content words is not measured and leaves the windows as they are.
    pub fn measure(&mut self, answer: &Reading) -> DensityReading {
        let rules = self.rules;
        let stems: Vec<&str> = content_stems(answer, &rules).collect();
        let sd = self.density(&stems);
        let last = self.densities.back().copied();
        if let Measured::Value(sd) = sd {
            self.densities.push_back(sd.get());
            while self.densities.len() > self.rules.variance_window.max(1) {
                self.densities.pop_front();
            }
        }
        let entropy_change = self.entropy_change(answer, stems.is_empty());
        self.remember(&stems);

        let sv = sd
            .missing()
            .map_or_else(|| self.variance(), Measured::Missing);
        let cd = sd.map(|sd| self.rules.goal_middle() - sd.get());
        let zone = sd.map(|sd| zone(sd, &self.rules));
        DensityReading {
            sd,
            cd,
            dr: match (sd, last) {
                (Measured::Value(sd), Some(last)) => {
                    Measured::Value(Unit::clamped((sd.get() - last).abs()))
                }
                (Measured::Value(_), None) => Measured::Missing(Missing::NoPreviousAnswer),
                (Measured::Missing(why), _) => Measured::Missing(why),
            },
            sv,
            sc: sv.map(Unit::complement),
            sv_window_full: self.densities.len() >= self.rules.variance_window,
            entropy_change,
            zone,
            regulation: zone.value().map_or(DensityRegulation::None, regulation),
            cd_alert: cd
                .value()
                .is_some_and(|cd| cd.abs() > self.rules.delta_alert),
            terms: stems.len(),
        }
    }

    fn density(&self, stems: &[&str]) -> Measured<Unit> {
        if stems.is_empty() {
            return Measured::Missing(Missing::EmptyText);
        }
        if self.answers == 0 {
            return Measured::Missing(Missing::NoPreviousAnswer);
        }
        if stems.len() < self.rules.min_terms {
            return Measured::Missing(Missing::TooShort);
        }
        let weight = |stem: &&str| {
            self.last_seen.get(*stem).map_or(0.0, |seen| {
                self.rules.recency.powi((self.answers - seen) as i32 + 1)
            })
        };
        Measured::Value(Unit::clamped(
            stems.iter().map(weight).sum::<f64>() / stems.len() as f64,
        ))
    }

    fn remember(&mut self, stems: &[&str]) {
        if stems.is_empty() {
            return;
        }
        self.answers += 1;
        let mut kept = 0;
        for stem in stems {
            if kept == self.rules.max_terms {
                break;
            }
            if self.last_seen.insert((*stem).to_owned(), self.answers) != Some(self.answers) {
                kept += 1;
            }
        }
        let oldest = self.answers.saturating_sub(self.rules.window);
        self.last_seen.retain(|_, seen| *seen > oldest);
    }

    fn variance(&self) -> Measured<Unit> {
        let n = self.densities.len();
        if n < 2 {
            return Measured::Missing(Missing::WindowTooShort);
        }
        let mean = self.densities.iter().sum::<f64>() / n as f64;
        let variance = self
            .densities
            .iter()
            .map(|x| (x - mean).powi(2))
            .sum::<f64>()
            / n as f64;
        Measured::Value(Unit::clamped(2.0 * variance.sqrt()))
    }

    fn entropy_change(&mut self, answer: &Reading, empty: bool) -> Measured<Unit> {
        if empty {
            return Measured::Missing(Missing::EmptyText);
        }
        let cycle = Cycle(self.answers + 1);
        self.motifs
            .observe(&answer.phrases, cycle, &self.motif_rules);
        let entropy = self.motifs.entropy(cycle, &self.motif_rules);
        let Some((bits, motifs)) = entropy else {
            return Measured::Missing(Missing::NothingYet);
        };
        let before = self.entropies.len();
        let mean = self.entropies.iter().sum::<f64>() / before.max(1) as f64;
        self.entropies.push_back(bits);
        while self.entropies.len() > self.rules.variance_window.max(1) {
            self.entropies.pop_front();
        }
        match (before, motifs) {
            (0, _) => Measured::Missing(Missing::NoPreviousAnswer),
            (_, 0 | 1) => Measured::Value(Unit::ZERO),
            _ => Measured::Value(Unit::clamped((bits - mean).abs() / (motifs as f64).log2())),
        }
    }
}

/// The stems of the content words that count for a density: long enough as written.
pub(crate) fn content_stems<'a>(
    reading: &'a Reading,
    rules: &'a DensityRules,
) -> impl Iterator<Item = &'a str> {
    let long = |term: &&Term| {
        reading
            .text
            .get(term.span.clone())
            .unwrap_or(&term.stem)
            .chars()
            .count()
            >= rules.min_letters
    };
    reading
        .terms
        .iter()
        .filter(long)
        .map(|term| term.stem.as_str())
}

/// The zone of a density (`SRIP-07 §5`).
#[must_use]
pub fn zone(sd: Unit, rules: &DensityRules) -> DensityZone {
    let sd = sd.get();
    if sd < rules.low {
        DensityZone::Low
    } else if sd < rules.goal_low {
        DensityZone::LowEdge
    } else if sd <= rules.goal_high {
        DensityZone::Optimal
    } else if sd <= rules.high {
        DensityZone::HighEdge
    } else {
        DensityZone::High
    }
}

/// What a zone asks for (`SRIP-07 §4`): action only outside the bounds.
#[must_use]
pub const fn regulation(zone: DensityZone) -> DensityRegulation {
    match zone {
        DensityZone::Low => DensityRegulation::ReflectAndReinforce,
        DensityZone::High => DensityRegulation::Dampen,
        DensityZone::LowEdge | DensityZone::Optimal | DensityZone::HighEdge => {
            DensityRegulation::None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{rules::SRIP_2026_04, testing};
    use proptest::prelude::*;

    const RULES: DensityRules = SRIP_2026_04.density;

    fn meter() -> DensityMeter {
        DensityMeter::new(RULES, SRIP_2026_04.motifs)
    }

    #[test]
    fn zones_sit_on_their_printed_sides() {
        use DensityZone::*;
        let at = |x| zone(Unit::new(x).unwrap(), &RULES);
        assert_eq!(
            [at(0.449), at(0.45), at(0.499), at(0.5)],
            [Low, LowEdge, LowEdge, Optimal]
        );
        assert_eq!(
            [at(0.8), at(0.801), at(0.85), at(0.851)],
            [Optimal, HighEdge, HighEdge, High]
        );
        assert_eq!(regulation(Low), DensityRegulation::ReflectAndReinforce);
        assert_eq!(regulation(LowEdge), DensityRegulation::None);
        assert_eq!(regulation(High), DensityRegulation::Dampen);
    }

    #[test]
    fn repeated_words_are_dense_and_new_words_are_not() {
        let mut meter = meter();
        let first = meter.measure(&testing::reading("harbour lantern granite willow"));
        assert_eq!(first.sd, Measured::Missing(Missing::NoPreviousAnswer));
        let same = meter.measure(&testing::reading("harbour lantern granite willow"));
        assert!((same.sd.value().unwrap().get() - 0.98).abs() < 1e-12);
        assert_eq!(same.regulation, DensityRegulation::Dampen);
        let new = meter.measure(&testing::reading("copper saddle violin meadow"));
        assert_eq!(new.sd, Measured::Value(Unit::ZERO));
        assert_eq!(new.regulation, DensityRegulation::ReflectAndReinforce);
        assert!((new.sv.value().unwrap().get() - 0.98).abs() < 1e-12);
        assert!((new.cd.value().unwrap() - 0.65).abs() < 1e-12 && new.cd_alert);
    }

    #[test]
    fn a_word_leaves_the_envelope_after_the_window() {
        let mut meter = meter();
        meter.measure(&testing::reading("harbour lantern granite"));
        for _ in 0..9 {
            meter.measure(&testing::reading("copper saddle violin"));
        }
        let near = meter
            .clone()
            .measure(&testing::reading("harbour lantern granite"));
        assert!((near.sd.value().unwrap().get() - 0.98f64.powi(10)).abs() < 1e-12);
        meter.measure(&testing::reading("copper saddle violin"));
        let gone = meter.measure(&testing::reading("harbour lantern granite"));
        assert_eq!(gone.sd, Measured::Value(Unit::ZERO));
    }

    #[test]
    fn silence_is_not_measured_and_changes_nothing() {
        let mut meter = meter();
        meter.measure(&testing::reading("harbour lantern granite"));
        let before = meter.clone();
        let silent = meter.measure(&testing::reading(""));
        assert_eq!(silent.sd, Measured::Missing(Missing::EmptyText));
        assert_eq!(silent.regulation, DensityRegulation::None);
        assert_eq!(meter, before);
    }

    proptest! {
        #[test]
        fn any_text_is_measured_alike_after_a_round_trip(texts in prop::collection::vec(".{0,60}", 1..12)) {
            let mut a = meter();
            for text in texts {
                let mut b: DensityMeter =
                    serde_json::from_str(&serde_json::to_string(&a).unwrap()).unwrap();
                let reading = testing::reading(&text);
                prop_assert_eq!(a.measure(&reading), b.measure(&reading));
                prop_assert_eq!(&a, &b);
            }
        }
    }
}
