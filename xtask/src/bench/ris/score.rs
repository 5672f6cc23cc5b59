//! Precision, recall, F1 and the false-alarm rate.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use sigma_ris::ViolationClass;

/// Hits and misses of one class.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub(crate) struct Counts {
    /// Found and there.
    pub(crate) tp: usize,
    /// Found and not there.
    pub(crate) fp: usize,
    /// There and not found.
    #[serde(rename = "fn")]
    pub(crate) missed: usize,
}

/// The figures of one class; a figure without cases to measure it on is none.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Scores {
    #[serde(flatten)]
    pub(crate) counts: Counts,
    pub(crate) precision: Option<f64>,
    pub(crate) recall: Option<f64>,
    pub(crate) f1: Option<f64>,
}

impl Counts {
    pub(crate) fn add(&mut self, expected: bool, found: bool) {
        match (expected, found) {
            (true, true) => self.tp += 1,
            (false, true) => self.fp += 1,
            (true, false) => self.missed += 1,
            (false, false) => {}
        }
    }

    pub(crate) fn scores(self) -> Scores {
        let share = |of: usize| (of > 0).then(|| self.tp as f64 / of as f64);
        let f1 = 2 * self.tp + self.fp + self.missed;
        Scores {
            counts: self,
            precision: share(self.tp + self.fp),
            recall: share(self.tp + self.missed),
            f1: (f1 > 0).then(|| 2.0 * self.tp as f64 / f1 as f64),
        }
    }
}

/// A judge's figures over all classes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally {
    classes: BTreeMap<ViolationClass, Counts>,
    alarms: usize,
    harmless: usize,
}

/// A judge's figures as told.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Row {
    pub(crate) classes: BTreeMap<ViolationClass, Scores>,
    /// Mean of the F1 of the classes that have one.
    pub(crate) macro_f1: Option<f64>,
    /// Cases without a violation in which one was found.
    pub(crate) false_alarms: usize,
    /// Cases without a violation.
    pub(crate) harmless: usize,
    pub(crate) false_alarm_rate: Option<f64>,
}

impl Tally {
    pub(crate) fn add(
        &mut self,
        expected: &BTreeSet<ViolationClass>,
        found: &BTreeSet<ViolationClass>,
    ) {
        for class in ViolationClass::ALL {
            let counts = self.classes.entry(class).or_default();
            counts.add(expected.contains(&class), found.contains(&class));
        }
        if expected.is_empty() {
            self.harmless += 1;
            self.alarms += usize::from(!found.is_empty());
        }
    }

    pub(crate) fn row(&self) -> Row {
        let classes: BTreeMap<_, _> = self.classes.iter().map(|(k, c)| (*k, c.scores())).collect();
        let f1: Vec<f64> = classes.values().filter_map(|s| s.f1).collect();
        Row {
            macro_f1: (!f1.is_empty()).then(|| f1.iter().sum::<f64>() / f1.len() as f64),
            classes,
            false_alarms: self.alarms,
            harmless: self.harmless,
            false_alarm_rate: (self.harmless > 0)
                .then(|| self.alarms as f64 / self.harmless as f64),
        }
    }
}

/// A figure with three digits, or a dash.
pub(crate) fn shown(figure: Option<f64>) -> String {
    figure.map_or_else(|| "-".to_owned(), |f| format!("{f:.3}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_shares() {
        let counts = Counts {
            tp: 3,
            fp: 1,
            missed: 2,
        };
        let scores = counts.scores();
        assert_eq!(scores.precision, Some(0.75));
        assert_eq!(scores.recall, Some(0.6));
        assert_eq!(scores.f1, Some(6.0 / 9.0));
        assert!(Counts::default().scores().f1.is_none());
    }

    #[test]
    fn a_false_alarm_needs_a_harmless_case() {
        let temporal = BTreeSet::from([ViolationClass::TemporalBoundary]);
        let mut tally = Tally::default();
        tally.add(&BTreeSet::new(), &temporal);
        tally.add(&temporal, &temporal);
        tally.add(&BTreeSet::new(), &BTreeSet::new());
        let row = tally.row();
        assert_eq!((row.false_alarms, row.harmless), (1, 2));
        assert_eq!(row.macro_f1, Some(2.0 / 3.0));
    }
}
