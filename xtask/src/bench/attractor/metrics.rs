//! How well boundaries are found, a dialogue at a time and then averaged.

use serde::Serialize;

/// Figures of one dialogue, or their means. All `0..=1`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub(crate) struct Figures {
    /// `0.5 F1 + 0.25 (1 - Pk) + 0.25 (1 - WD)`.
    pub(crate) score: f64,
    /// Share of windows whose ends are wrongly held for one segment or two.
    pub(crate) pk: f64,
    /// Share of windows with a wrong number of boundaries.
    pub(crate) wd: f64,
    /// F1 of the boundary class; 0 where there is no boundary and none was found.
    pub(crate) f1: f64,
}

impl Figures {
    /// `k = max(2, round(n / segments / 2))`, halves to even. The first utterance is no boundary.
    pub(crate) fn of(truth: &[bool], found: &[bool]) -> Self {
        let n = truth.len();
        let segments = 1 + truth.iter().skip(1).filter(|s| **s).count();
        let k = ((n as f64 / segments as f64 / 2.0).round_ties_even() as usize).max(2);
        let count = |all: &[bool], i: usize| all[i + 1..=i + k].iter().filter(|s| **s).count();
        let windows = n.saturating_sub(k);
        let (mut pk, mut wd) = (0, 0);
        for i in 0..windows {
            let (t, f) = (count(truth, i), count(found, i));
            pk += usize::from((t > 0) != (f > 0));
            wd += usize::from(t != f);
        }
        let share = |x: usize| x as f64 / windows.max(1) as f64;
        Self::new(share(pk), share(wd), f1(truth, found))
    }

    pub(crate) fn mean(all: &[Self]) -> Self {
        let n = all.len().max(1) as f64;
        let mean = |f: fn(&Self) -> f64| all.iter().map(f).sum::<f64>() / n;
        Self::new(mean(|x| x.pk), mean(|x| x.wd), mean(|x| x.f1))
    }

    pub(crate) fn new(pk: f64, wd: f64, f1: f64) -> Self {
        let score = 0.5 * f1 + 0.25 * (1.0 - pk) + 0.25 * (1.0 - wd);
        Self { score, pk, wd, f1 }
    }
}

fn f1(truth: &[bool], found: &[bool]) -> f64 {
    let pairs = || truth.iter().zip(found).skip(1);
    let hits = pairs().filter(|(t, f)| **t && **f).count();
    let all: usize = pairs()
        .map(|(t, f)| usize::from(*t) + usize::from(*f))
        .sum();
    if all > 0 {
        2.0 * hits as f64 / all as f64
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn marks(text: &str) -> Vec<bool> {
        text.chars().map(|c| c == '1').collect()
    }

    #[test]
    fn figures_by_hand() {
        // n 8, 2 segments: k 2, six windows; a boundary found one late
        let f = Figures::of(&marks("00001000"), &marks("00000100"));
        assert_eq!((f.pk, f.wd, f.f1), (2.0 / 6.0, 2.0 / 6.0, 0.0));
        // two found where one is: the window that holds both counts for WD alone
        let f = Figures::of(&marks("00001000"), &marks("00001100"));
        assert_eq!((f.pk, f.wd, f.f1), (1.0 / 6.0, 2.0 / 6.0, 2.0 / 3.0));
        // halves to even: 10 / 2 / 2 is 2.5, so k is 2 and there are eight windows
        let f = Figures::of(&marks("0000010000"), &marks("0000000000"));
        assert_eq!((f.pk, f.wd), (2.0 / 8.0, 2.0 / 8.0));
    }

    #[test]
    fn the_first_utterance_is_no_boundary() {
        let found = Figures::of(&marks("0010"), &marks("1010"));
        assert_eq!(found.score, 1.0);
    }

    proptest! {
        #[test]
        fn figures_stay_in_range_and_truth_is_perfect(
            pairs in prop::collection::vec((any::<bool>(), any::<bool>()), 1..40)
        ) {
            let (truth, found): (Vec<bool>, Vec<bool>) = pairs.into_iter().unzip();
            let f = Figures::of(&truth, &found);
            for x in [f.score, f.pk, f.wd, f.f1] {
                prop_assert!((0.0..=1.0).contains(&x));
            }
            prop_assert!(f.pk <= f.wd);
            let own = Figures::of(&truth, &truth);
            prop_assert_eq!((own.pk, own.wd), (0.0, 0.0));
        }
    }
}
