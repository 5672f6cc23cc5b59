//! Logistic regression with weights that are never negative.
//!
//! Every figure is oriented so that more of it means more drift; a negative weight would say that a
//! figure means its opposite, which on so few speakers is chance.

/// What is fitted: a figure a column, so many rows.
pub(crate) struct Table {
    columns: usize,
    rows: Vec<f64>,
    positive: Vec<bool>,
    weights: Vec<f64>,
}

/// The weights of the columns and what is added to all rows.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Fitted {
    pub(crate) weights: Vec<f64>,
    pub(crate) bias: f64,
}

/// Passes over all columns.
const PASSES: usize = 60;
/// No second derivative is less.
const LEAST_CURVE: f64 = 1e-9;

impl Table {
    /// No rows yet.
    pub(crate) fn new(columns: usize) -> Self {
        Self {
            columns,
            rows: Vec::new(),
            positive: Vec::new(),
            weights: Vec::new(),
        }
    }

    /// Adds a row that counts `weight`.
    pub(crate) fn push(&mut self, row: &[f64], positive: bool, weight: f64) {
        self.rows.extend(row.iter().take(self.columns));
        self.positive.push(positive);
        self.weights.push(weight);
    }

    /// Fits by coordinate descent. `ridge` is the penalty on each squared weight in units of the
    /// column's spread, for a whole weight of one for all rows.
    pub(crate) fn fit(&self, ridge: f64) -> Fitted {
        let whole: f64 = self.weights.iter().sum();
        let mut fitted = Fitted {
            weights: vec![0.0; self.columns],
            bias: 0.0,
        };
        if whole <= 0.0 {
            return fitted;
        }
        let penalties: Vec<f64> = (0..self.columns)
            .map(|column| ridge * self.variance(column, whole))
            .collect();
        let mut odds = vec![0.0; self.positive.len()];
        for _ in 0..PASSES {
            let step = self.step(&odds, whole, |_| 1.0, 0.0, 0.0);
            fitted.bias += step;
            odds.iter_mut().for_each(|m| *m += step);
            for (column, penalty) in penalties.iter().enumerate() {
                let now = fitted.weights[column];
                let step = self.step(&odds, whole, |row| self.at(row, column), now, *penalty);
                let next = (now + step).max(0.0);
                if next != now {
                    fitted.weights[column] = next;
                    for (row, m) in odds.iter_mut().enumerate() {
                        *m += (next - now) * self.at(row, column);
                    }
                }
            }
        }
        fitted
    }

    fn at(&self, row: usize, column: usize) -> f64 {
        self.rows[row * self.columns + column]
    }

    fn variance(&self, column: usize, whole: f64) -> f64 {
        let mean = |of: &dyn Fn(f64) -> f64| {
            let sum: f64 = self
                .weights
                .iter()
                .enumerate()
                .map(|(row, weight)| weight * of(self.at(row, column)))
                .sum();
            sum / whole
        };
        let middle = mean(&|x| x);
        mean(&|x| (x - middle).powi(2))
    }

    /// One Newton step along a column.
    fn step(
        &self,
        odds: &[f64],
        whole: f64,
        x: impl Fn(usize) -> f64,
        now: f64,
        penalty: f64,
    ) -> f64 {
        let (mut slope, mut curve) = (penalty * now, penalty);
        for (row, m) in odds.iter().enumerate() {
            let (x, weight) = (x(row), self.weights[row] / whole);
            let p = 1.0 / (1.0 + (-m).exp());
            slope += weight * (p - f64::from(u8::from(self.positive[row]))) * x;
            curve += weight * p * (1.0 - p) * x * x;
        }
        if curve < LEAST_CURVE {
            return 0.0;
        }
        -slope / curve
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_tells_gets_weight_and_what_tells_the_opposite_none() {
        let mut table = Table::new(3);
        for n in 0..400_u32 {
            let positive = n % 2 == 0;
            let noise = f64::from(n * 7919 % 101) / 50.0 - 1.0;
            let told = if positive { 1.0 } else { 0.0 };
            table.push(&[told + noise, -told, noise], positive, 1.0);
        }
        let fitted = table.fit(1e-3);
        assert!(fitted.weights[0] > 1.0, "{fitted:?}");
        assert_eq!(fitted.weights[1], 0.0);
        assert_eq!(Table::new(2).fit(0.1).weights, [0.0, 0.0]);
    }
}
