//! L-BFGS (Nocedal and Wright, Numerical Optimization, ch. 7.2) for a smooth convex loss.

use std::collections::VecDeque;

/// Steps at most.
const STEPS: usize = 150;
/// Pairs that the curvature is kept in.
const MEMORY: usize = 8;
/// Less gain than this share of the loss ends the search.
const GAIN: f64 = 1e-6;
/// Halvings of a step.
const HALVINGS: usize = 30;

/// Where the loss is least. `loss` writes the slope into its second argument.
pub(super) fn minimise(dimensions: usize, loss: impl Fn(&[f64], &mut [f64]) -> f64) -> Vec<f64> {
    let mut at = vec![0.0; dimensions];
    let mut slope = vec![0.0; dimensions];
    let mut value = loss(&at, &mut slope);
    let mut memory: VecDeque<(Vec<f64>, Vec<f64>, f64)> = VecDeque::new();
    for _ in 0..STEPS {
        let way = direction(&slope, &memory);
        let steep = dot(&way, &slope);
        if steep >= 0.0 {
            break;
        }
        let mut length = if memory.is_empty() {
            1.0 / dot(&slope, &slope).sqrt().max(1.0)
        } else {
            1.0
        };
        let mut next = at.clone();
        let mut next_slope = vec![0.0; dimensions];
        let mut next_value = f64::INFINITY;
        for _ in 0..HALVINGS {
            for ((n, a), w) in next.iter_mut().zip(&at).zip(&way) {
                *n = a + length * w;
            }
            next_value = loss(&next, &mut next_slope);
            if next_value <= value + 1e-4 * length * steep {
                break;
            }
            length *= 0.5;
        }
        if next_value > value {
            break;
        }
        let moved: Vec<f64> = next.iter().zip(&at).map(|(n, a)| n - a).collect();
        let turned: Vec<f64> = next_slope.iter().zip(&slope).map(|(n, s)| n - s).collect();
        let curve = dot(&moved, &turned);
        if curve > 1e-12 {
            if memory.len() == MEMORY {
                memory.pop_front();
            }
            memory.push_back((moved, turned, curve));
        }
        let gained = value - next_value;
        (at, slope, value) = (next, next_slope, next_value);
        if gained < GAIN * value.abs().max(1.0) {
            break;
        }
    }
    at
}

fn direction(slope: &[f64], memory: &VecDeque<(Vec<f64>, Vec<f64>, f64)>) -> Vec<f64> {
    let mut way: Vec<f64> = slope.iter().map(|s| -s).collect();
    let mut steps = Vec::with_capacity(memory.len());
    for (moved, turned, curve) in memory.iter().rev() {
        let step = dot(moved, &way) / curve;
        add(&mut way, turned, -step);
        steps.push(step);
    }
    if let Some((_, turned, curve)) = memory.back() {
        let scale = curve / dot(turned, turned);
        way.iter_mut().for_each(|w| *w *= scale);
    }
    for ((moved, turned, curve), step) in memory.iter().zip(steps.into_iter().rev()) {
        let back = dot(turned, &way) / curve;
        add(&mut way, moved, step - back);
    }
    way
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn add(to: &mut [f64], what: &[f64], times: f64) {
    for (t, w) in to.iter_mut().zip(what) {
        *t += times * w;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_bottom_of_a_bowl() {
        let found = minimise(3, |x, slope| {
            let middle = [1.0, -2.0, 0.5];
            let steep = [1.0, 30.0, 0.2];
            let mut sum = 0.0;
            for i in 0..3 {
                slope[i] = 2.0 * steep[i] * (x[i] - middle[i]);
                sum += steep[i] * (x[i] - middle[i]).powi(2);
            }
            sum
        });
        for (found, middle) in found.iter().zip([1.0, -2.0, 0.5]) {
            assert!((found - middle).abs() < 0.05, "{found} for {middle}");
        }
    }
}
