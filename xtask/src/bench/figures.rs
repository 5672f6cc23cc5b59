//! Figures of a detector and of samples.

use serde::Serialize;

/// Area under the ROC curve of two samples of scores; ties count half. `None` where either is empty.
pub(crate) fn auc(positive: &[f64], negative: &[f64]) -> Option<f64> {
    if positive.is_empty() || negative.is_empty() {
        return None;
    }
    let mut below = negative.to_vec();
    below.sort_by(f64::total_cmp);
    let wins: f64 = positive
        .iter()
        .map(|x| {
            let less = below.partition_point(|y| y < x);
            let no_more = below.partition_point(|y| y <= x);
            f64::midpoint(less as f64, no_more as f64)
        })
        .sum();
    Some(wins / (positive.len() as f64 * negative.len() as f64))
}

/// The score that no more than `share` of the sample exceeds; infinite for none.
pub(crate) fn bound(sample: &[f64], share: f64) -> f64 {
    let mut all = sample.to_vec();
    all.sort_by(f64::total_cmp);
    let allowed = (all.len() as f64 * share).floor() as usize;
    all.len()
        .checked_sub(allowed + 1)
        .and_then(|at| all.get(at).copied())
        .unwrap_or(f64::INFINITY)
}

/// Arithmetic mean; `None` for none.
pub(crate) fn mean(sample: &[f64]) -> Option<f64> {
    (!sample.is_empty()).then(|| sample.iter().sum::<f64>() / sample.len() as f64)
}

/// The share of a sample for which something holds; `None` for none.
pub(crate) fn share(sample: &[f64], holds: impl Fn(f64) -> bool) -> Option<f64> {
    let n = sample.iter().filter(|x| holds(**x)).count();
    (!sample.is_empty()).then(|| n as f64 / sample.len() as f64)
}

/// A figure over several seeds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(crate) struct Figure {
    /// Mean over the seeds.
    pub(crate) mean: f64,
    /// Standard deviation over the seeds; 0 for one seed.
    pub(crate) sd: f64,
}

impl Figure {
    /// Of one figure a seed; `None` for none.
    pub(crate) fn of(seeds: impl IntoIterator<Item = Option<f64>>) -> Option<Self> {
        let all: Vec<f64> = seeds.into_iter().flatten().collect();
        let middle = mean(&all)?;
        let square: f64 = all.iter().map(|x| (x - middle).powi(2)).sum();
        let sd = (square / (all.len() as f64 - 1.0).max(1.0)).sqrt();
        Some(Self { mean: middle, sd })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_area_counts_pairs() {
        assert_eq!(auc(&[2.0, 3.0], &[0.0, 1.0]), Some(1.0));
        assert_eq!(auc(&[1.0], &[1.0]), Some(0.5));
        assert_eq!(auc(&[0.0, 2.0], &[1.0]), Some(0.5));
        assert_eq!(auc(&[], &[1.0]), None);
    }

    #[test]
    fn no_more_than_the_share_exceeds_the_bound() {
        let sample: Vec<f64> = (0..100).map(f64::from).collect();
        let limit = bound(&sample, 0.02);
        assert_eq!(sample.iter().filter(|x| **x > limit).count(), 2);
        assert_eq!(bound(&sample[..10], 0.02), 9.0);
        assert_eq!(bound(&[], 0.02), f64::INFINITY);
    }

    #[test]
    fn one_seed_has_no_spread() {
        let one = Figure::of([Some(0.5)]).unwrap();
        assert_eq!((one.mean, one.sd), (0.5, 0.0));
        let two = Figure::of([Some(0.0), None, Some(2.0)]).unwrap();
        assert_eq!((two.mean, two.sd), (1.0, 2.0_f64.sqrt()));
        assert_eq!(Figure::of([None]), None);
    }
}
