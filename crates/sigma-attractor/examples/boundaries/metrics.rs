//! How well boundaries are found, a dialogue at a time and then averaged.

/// Figures of one dialogue, or their means.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Figures {
    /// Share of windows whose ends are wrongly held for one segment or two.
    pub(crate) pk: f64,
    /// Share of windows with a wrong number of boundaries.
    pub(crate) wd: f64,
    /// F1 of the boundary class.
    pub(crate) f1: f64,
}

impl Figures {
    /// `0.5 F1 + 0.25 (1 - Pk) + 0.25 (1 - WD)`.
    pub(crate) fn score(&self) -> f64 {
        0.5 * self.f1 + 0.25 * (1.0 - self.pk) + 0.25 * (1.0 - self.wd)
    }

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
        let pairs = || truth.iter().zip(found).skip(1);
        let hits = pairs().filter(|(t, f)| **t && **f).count() as f64;
        let all = pairs()
            .map(|(t, f)| usize::from(*t) + usize::from(*f))
            .sum::<usize>() as f64;
        let share = |x: usize| x as f64 / windows.max(1) as f64;
        Self {
            pk: share(pk),
            wd: share(wd),
            f1: if all > 0.0 { 2.0 * hits / all } else { 0.0 },
        }
    }

    pub(crate) fn mean(all: &[Self]) -> Self {
        let n = all.len().max(1) as f64;
        let mean = |f: fn(&Self) -> f64| all.iter().map(f).sum::<f64>() / n;
        Self {
            pk: mean(|x| x.pk),
            wd: mean(|x| x.wd),
            f1: mean(|x| x.f1),
        }
    }
}
