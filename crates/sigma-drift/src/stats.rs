//! Windows and robust statistics.

use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// The last `limit` values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Window<T> {
    limit: usize,
    items: VecDeque<T>,
}

impl<T> Window<T> {
    /// An empty window for at least one value.
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            limit: limit.max(1),
            items: VecDeque::new(),
        }
    }

    /// Adds a value and drops the oldest where the window is full.
    pub(crate) fn push(&mut self, item: T) {
        while self.items.len() >= self.limit.max(1) {
            self.items.pop_front();
        }
        self.items.push_back(item);
    }

    /// Values held.
    pub(crate) fn len(&self) -> usize {
        self.items.len()
    }

    /// From the oldest to the newest.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &T> + ExactSizeIterator {
        self.items.iter()
    }

    /// The newest.
    pub(crate) fn last(&self) -> Option<&T> {
        self.items.back()
    }
}

/// The middle value; `None` for none. NaNs are left out.
pub(crate) fn median(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    let mut all: Vec<f64> = values.into_iter().filter(|x| !x.is_nan()).collect();
    let middle = all.len() / 2;
    if all.is_empty() {
        return None;
    }
    let even = all.len().is_multiple_of(2);
    let (below, upper, _) = all.select_nth_unstable_by(middle, f64::total_cmp);
    if even {
        let lower = below.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        return Some(f64::midpoint(lower, *upper));
    }
    Some(*upper)
}

/// Median and the spread that the median absolute deviation says a normal variable would have.
pub(crate) fn robust(values: &[f64]) -> Option<(f64, f64)> {
    let centre = median(values.iter().copied())?;
    let mad = median(values.iter().map(|x| (x - centre).abs()))?;
    Some((centre, 1.4826 * mad))
}

/// The middle and the spread of a feature that may be zero most of the time: the robust spread, but no
/// less than a share of the root mean square distance from the middle, so that what happens now and
/// then is not taken for what never happens.
pub(crate) fn middling(values: &[f64], share: f64) -> Option<(f64, f64)> {
    let (centre, spread) = robust(values)?;
    let square = mean(values.iter().map(|x| (x - centre).powi(2)))?;
    Some((centre, spread.max(share * square.sqrt())))
}

/// Arithmetic mean; `None` for none.
pub(crate) fn mean(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    let (sum, n) = values
        .into_iter()
        .fold((0.0, 0u32), |(sum, n), x| (sum + x, n + 1));
    (n > 0).then(|| sum / f64::from(n))
}

/// The logistic function.
pub(crate) fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_or_between_the_two() {
        assert_eq!(median([3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median([4.0, 1.0, 2.0, 3.0]), Some(2.5));
        assert_eq!(median([f64::NAN, 7.0]), Some(7.0));
        assert_eq!(median([]), None);
    }

    #[test]
    fn a_window_forgets_the_oldest() {
        let mut window = Window::new(2);
        (0..5).for_each(|i| window.push(i));
        assert_eq!(window.iter().copied().collect::<Vec<_>>(), [3, 4]);
    }
}
