//! Logistic weights of clues where only the whole case is labelled: its strongest sentences decide.

use std::fmt::Write as _;

use sigma_ris::ViolationClass;

use super::cases::{Case, Table};
use super::minimise::minimise;
use crate::bench::parallel::parallel;

/// Weights nearer to nothing than this, in hundredths, are left out: the table is half as long, and on cases
/// judged by it nothing changes beyond chance.
const LEAST: i16 = 5;
/// A weight of one in the table.
const ONE: f64 = 100.0;

/// The bound of each class, in hundredths.
pub(crate) type Bounds = [i16; ViolationClass::ALL.len()];

/// The weights of each class.
pub(crate) struct Fitted {
    names: Vec<String>,
    /// By class: one a clue, and the bias last.
    weights: Vec<Vec<f64>>,
}

/// Fits on the cases that are wanted; `ridge` is the penalty on a squared weight.
pub(crate) fn fitted(
    table: &Table,
    cases: &[Case],
    ridge: f64,
    wanted: &(dyn Fn(&Case) -> bool + Sync),
) -> Fitted {
    let weights = parallel(&ViolationClass::ALL, |class| {
        let chosen: Vec<usize> = (0..cases.len())
            .filter(|at| wanted(&cases[*at]) && cases[*at].knows(*class))
            .collect();
        let labels: Vec<bool> = chosen
            .iter()
            .map(|at| cases[*at].expected().contains(class))
            .collect();
        minimise(table.clues() + 1, |weights, slope| {
            loss(table, &chosen, &labels, ridge, weights, slope)
        })
    });
    Fitted {
        names: (0..table.clues())
            .map(|at| table.name(at).to_owned())
            .collect(),
        weights,
    }
}

/// The loss of all cases and its slope. A case's log odds are the soft maximum of its sentences'.
fn loss(
    table: &Table,
    chosen: &[usize],
    labels: &[bool],
    ridge: f64,
    weights: &[f64],
    slope: &mut [f64],
) -> f64 {
    let bias = weights.len() - 1;
    let mut sum = 0.0;
    for (at, w) in weights[..bias].iter().enumerate() {
        sum += 0.5 * ridge * w * w;
        slope[at] = ridge * w;
    }
    slope[bias] = 0.0;
    let mut odds: Vec<f64> = Vec::new();
    for (case, label) in chosen.iter().zip(labels) {
        odds.clear();
        odds.extend(
            table.case(*case).map(|clues| {
                weights[bias] + clues.iter().map(|c| weights[*c as usize]).sum::<f64>()
            }),
        );
        if odds.is_empty() {
            continue;
        }
        let top = odds.iter().copied().fold(f64::MIN, f64::max);
        let whole: f64 = odds.iter().map(|o| (o - top).exp()).sum();
        let all = top + whole.ln();
        let chance = 1.0 / (1.0 + (-all).exp());
        let target = f64::from(u8::from(*label));
        // log(1 + e^x), whichever way does not overflow
        sum += all.max(0.0) + (-all.abs()).exp().ln_1p() - target * all;
        for (clues, o) in table.case(*case).zip(&odds) {
            let share = (chance - target) * (o - top).exp() / whole;
            slope[bias] += share;
            for clue in clues {
                slope[*clue as usize] += share;
            }
        }
    }
    sum
}

impl Fitted {
    /// The table as `sigma-ris` reads it.
    pub(crate) fn table(&self, bound: Bounds, floor: i16, about: &str) -> String {
        let mut out = about.to_owned();
        let mut line = |name: &str, numbers: [i16; 4]| {
            let _ = writeln!(
                out,
                "{name}\t{}\t{}\t{}\t{}",
                numbers[0], numbers[1], numbers[2], numbers[3]
            );
        };
        let at = |place: usize| {
            let mut numbers = [0; ViolationClass::ALL.len()];
            for (number, weights) in numbers.iter_mut().zip(&self.weights) {
                *number = (weights[place] * ONE).round() as i16;
            }
            numbers
        };
        let telling = |number: i16| if number.abs() < LEAST { 0 } else { number };
        line("bias", at(self.names.len()));
        line("bound", bound);
        line("floor", [floor; 4]);
        for (place, name) in self.names.iter().enumerate() {
            let numbers = at(place).map(telling);
            if numbers != [0; 4] {
                line(name, numbers);
            }
        }
        out
    }
}
