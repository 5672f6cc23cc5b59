//! Figures of a detector.

/// Area under the ROC curve of two samples of scores; one half for ties.
pub(crate) fn auc(positive: &[f64], negative: &[f64]) -> f64 {
    let mut all: Vec<(f64, bool)> = positive
        .iter()
        .map(|x| (*x, true))
        .chain(negative.iter().map(|x| (*x, false)))
        .collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut at, mut sum) = (0, 0.0);
    while at < all.len() {
        let end = at
            + all[at..]
                .iter()
                .take_while(|(x, _)| *x == all[at].0)
                .count();
        let rank = (at + end + 1) as f64 / 2.0;
        sum += rank
            * all[at..end]
                .iter()
                .filter(|(_, positive)| *positive)
                .count() as f64;
        at = end;
    }
    let (p, n) = (positive.len() as f64, negative.len() as f64);
    if p == 0.0 || n == 0.0 {
        f64::NAN
    } else {
        (sum - p * (p + 1.0) / 2.0) / (p * n)
    }
}

/// The score that a share of the sample exceeds.
pub(crate) fn upper(sample: &[f64], share: f64) -> f64 {
    let mut all = sample.to_vec();
    all.sort_by(f64::total_cmp);
    let at = ((all.len() as f64) * (1.0 - share)).ceil() as usize;
    all.get(at.min(all.len().saturating_sub(1)))
        .copied()
        .unwrap_or(f64::INFINITY)
}

pub(crate) fn mean(sample: &[f64]) -> f64 {
    sample.iter().sum::<f64>() / sample.len().max(1) as f64
}

pub(crate) fn share(sample: &[f64], holds: impl Fn(f64) -> bool) -> f64 {
    sample.iter().filter(|x| holds(**x)).count() as f64 / sample.len().max(1) as f64
}
