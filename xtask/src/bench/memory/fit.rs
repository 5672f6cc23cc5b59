//! Weights fitted to labelled conversations, and what they find in one that they were not fitted to.
//!
//! The chance that a turn is evidence is taken as the softmax of its weighted shares over all turns of
//! its conversation. Newton's method finds the weights under which the evidence is likeliest, held
//! near nothing by a ridge: the problem is convex and has one answer.

use std::collections::BTreeMap;

use serde::Serialize;
use sigma_memory::{Evidence, Recalled, Rules, SRIP_04, rules::RecallRules, rules::Weights};

use super::evidence::measure_with;
use super::locomo::{Conversation, Turn};
use super::remember::Remembered;
use super::tally::Tally;

const KINDS: usize = Evidence::ALL.len();
type Vector = [f64; KINDS];
type Matrix = [[f64; KINDS]; KINDS];

/// Pulls the weights to 0, against each kind's spread: kinds that tell nothing stay at nothing.
const RIDGE: f64 = 0.003;
/// Steps of Newton's method at most; it settles in fewer.
const STEPS: usize = 30;
/// A step shorter than this ends the search.
const SETTLED: f64 = 1e-4;

/// What the rules' weights and the fitted ones find in each conversation.
#[derive(Debug)]
pub(super) struct LeftOut {
    pub(super) rows: Vec<Row>,
    /// Fitted to all conversations, as shares of the greatest.
    pub(super) weights: BTreeMap<String, f64>,
}

/// One conversation, left out.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    pub(super) id: String,
    pub(super) rules: Tally,
    pub(super) fitted: Tally,
}

impl LeftOut {
    pub(super) fn rules(&self) -> Tally {
        sum(self.rows.iter().map(|r| &r.rules))
    }

    pub(super) fn fitted(&self) -> Tally {
        sum(self.rows.iter().map(|r| &r.fitted))
    }
}

fn sum<'a>(tallies: impl Iterator<Item = &'a Tally>) -> Tally {
    tallies.fold(Tally::default(), |mut all, one| {
        all.extend(one);
        all
    })
}

/// A question: the shares of every turn, and which are evidence.
struct Example {
    shares: Vec<Vector>,
    evidence: Vec<usize>,
}

pub(super) fn leave_one_out(talks: &[Conversation]) -> Result<LeftOut, Box<dyn std::error::Error>> {
    if talks.len() < 2 {
        return Err("leaving one out needs at least two conversations".into());
    }
    let examples: Vec<Vec<Example>> = talks.iter().map(examples).collect::<Result<_, _>>()?;
    let mut rows = Vec::new();
    for (at, talk) in talks.iter().enumerate() {
        let others = examples.iter().enumerate().filter(|(n, _)| *n != at);
        let fitted = fit(others.flat_map(|(_, all)| all));
        rows.push(Row {
            id: talk.id.clone(),
            rules: measure_with(talk, SRIP_04)?.memory.all,
            fitted: measure_with(talk, with(weights(&fitted)))?.memory.all,
        });
    }
    let all = fit(examples.iter().flatten());
    let unit = all.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
    let named = Evidence::ALL.iter().zip(all);
    let weights = named
        .map(|(kind, w)| {
            (
                format!("{kind:?}").to_lowercase(),
                (w / unit * 1e3).round() / 1e3,
            )
        })
        .collect();
    Ok(LeftOut { rows, weights })
}

fn weights(fitted: &Vector) -> Weights {
    Weights::from_fn(|kind| {
        Evidence::ALL
            .iter()
            .position(|k| *k == kind)
            .map_or(0.0, |at| fitted[at])
    })
}

fn with(weights: Weights) -> Rules {
    Rules {
        recall: RecallRules {
            weights,
            ..SRIP_04.recall
        },
        ..SRIP_04
    }
}

fn examples(talk: &Conversation) -> Result<Vec<Example>, Box<dyn std::error::Error>> {
    // every share shows, as no weight is 0
    let remembered = Remembered::new(talk, with(Weights::from_fn(|_| 1.0)), Turn::words)?;
    let example = |question: &super::locomo::Question| {
        let (found, _) = remembered.ask(&question.text, talk.turns.len());
        let of = |turn: &usize| {
            found
                .iter()
                .position(|r| r.provenance.frame.0 as usize == *turn)
        };
        Example {
            shares: found.iter().map(shares).collect(),
            evidence: question.evidence.iter().filter_map(of).collect(),
        }
    };
    let all = talk.questions.iter().map(example);
    Ok(all.filter(|e| !e.evidence.is_empty()).collect())
}

fn shares(item: &Recalled) -> Vector {
    Evidence::ALL.map(|kind| {
        let own = item.reasons.iter().find(|r| r.evidence == kind);
        own.map_or(0.0, |r| r.share)
    })
}

/// Evidence never counts against a frame: a kind that would is left out, and the others fitted anew.
fn fit<'a>(examples: impl Iterator<Item = &'a Example> + Clone) -> Vector {
    let mut spread = spread(examples.clone());
    loop {
        let weights = fit_freely(examples.clone(), &spread);
        let mut against = false;
        for k in 0..KINDS {
            if weights[k] < -NOTHING {
                spread[k] = FORBIDDING;
                against = true;
            }
        }
        if !against {
            return weights.map(|w| if w.abs() > NOTHING { w } else { 0.0 });
        }
    }
}

/// A spread that holds a kind's weight at nothing.
const FORBIDDING: f64 = 1e12;
/// What counts as no weight.
const NOTHING: f64 = 1e-6;

fn fit_freely<'a>(examples: impl Iterator<Item = &'a Example> + Clone, spread: &Vector) -> Vector {
    let mut weights = [0.0; KINDS];
    let mut loss = f64::INFINITY;
    for _ in 0..STEPS {
        let (now, gradient, hessian) = slope(examples.clone(), &weights, spread);
        let step = solve(hessian, gradient);
        // a full step may go too far while the loss is far from its least
        let mut part = 1.0;
        while part > 1e-3 && now.is_finite() {
            let next: Vector = std::array::from_fn(|k| weights[k] - part * step[k]);
            if slope(examples.clone(), &next, spread).0 <= now {
                weights = next;
                break;
            }
            part /= 2.0;
        }
        if (loss - now).abs() < SETTLED {
            break;
        }
        loss = now;
    }
    weights
}

/// Variance of each kind over all turns; 1 for a kind that never varies.
fn spread<'a>(examples: impl Iterator<Item = &'a Example>) -> Vector {
    let (mut sum, mut squares, mut n) = ([0.0; KINDS], [0.0; KINDS], 0.0);
    for shares in examples.flat_map(|e| &e.shares) {
        n += 1.0;
        for k in 0..KINDS {
            sum[k] += shares[k];
            squares[k] += shares[k] * shares[k];
        }
    }
    std::array::from_fn(|k| {
        let variance = squares[k] / n - (sum[k] / n).powi(2);
        if variance > 1e-9 { variance } else { 1.0 }
    })
}

/// Loss for a question, its gradient and its Hessian.
fn slope<'a>(
    examples: impl Iterator<Item = &'a Example>,
    weights: &Vector,
    spread: &Vector,
) -> (f64, Vector, Matrix) {
    let (mut loss, mut gradient, mut hessian) = (0.0, [0.0; KINDS], [[0.0; KINDS]; KINDS]);
    let mut questions = 0.0;
    for example in examples {
        questions += 1.0;
        let score = |s: &Vector| -> f64 { s.iter().zip(weights).map(|(x, w)| x * w).sum() };
        let scores: Vec<f64> = example.shares.iter().map(score).collect();
        let top = scores.iter().copied().fold(f64::MIN, f64::max);
        let odds: Vec<f64> = scores.iter().map(|s| (s - top).exp()).collect();
        let total: f64 = odds.iter().sum();
        let mut mean = [0.0; KINDS];
        for (shares, odds) in example.shares.iter().zip(&odds) {
            let chance = odds / total;
            for k in 0..KINDS {
                mean[k] += chance * shares[k];
                for j in 0..=k {
                    hessian[k][j] += chance * shares[k] * shares[j];
                }
            }
        }
        let each = 1.0 / example.evidence.len() as f64;
        loss += total.ln();
        for at in &example.evidence {
            loss -= each * (scores[*at] - top);
            for k in 0..KINDS {
                gradient[k] -= each * example.shares[*at][k];
            }
        }
        for k in 0..KINDS {
            gradient[k] += mean[k];
            for j in 0..=k {
                hessian[k][j] -= mean[k] * mean[j];
            }
        }
    }
    for k in 0..KINDS {
        let pull = RIDGE * spread[k];
        loss += questions * pull * weights[k].powi(2);
        gradient[k] += questions * 2.0 * pull * weights[k];
        hessian[k][k] += questions * 2.0 * pull;
        for j in 0..k {
            hessian[j][k] = hessian[k][j];
        }
    }
    (loss, gradient, hessian)
}

/// Solves `matrix * x = right` by elimination; the matrix is positive definite.
fn solve(mut matrix: Matrix, mut right: Vector) -> Vector {
    for k in 0..KINDS {
        for row in k + 1..KINDS {
            let factor = matrix[row][k] / matrix[k][k];
            for column in k..KINDS {
                matrix[row][column] -= factor * matrix[k][column];
            }
            right[row] -= factor * right[k];
        }
    }
    let mut x = [0.0; KINDS];
    for k in (0..KINDS).rev() {
        let known: f64 = (k + 1..KINDS).map(|j| matrix[k][j] * x[j]).sum();
        x[k] = (right[k] - known) / matrix[k][k];
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_that_tells_evidence_gets_the_weight() {
        let shares = |a: f64, b: f64| {
            let mut all = [0.0; KINDS];
            (all[0], all[1]) = (a, b);
            all
        };
        let examples: Vec<Example> = (0..40)
            .map(|n| {
                let other = f64::from(n % 7) / 7.0;
                Example {
                    shares: vec![
                        shares(0.9, other),
                        shares(0.1, 1.0 - other),
                        shares(0.2, 0.5),
                    ],
                    evidence: vec![0],
                }
            })
            .collect();
        let fitted = fit(examples.iter());
        assert!(fitted[0] > 5.0 && fitted[1].abs() < 1.0, "{fitted:?}");
        assert!(fitted[2..].iter().all(|w| *w == 0.0));
    }

    #[test]
    fn elimination_solves() {
        let mut matrix = [[0.0; KINDS]; KINDS];
        for k in 0..KINDS {
            matrix[k][k] = 2.0;
        }
        (matrix[0][1], matrix[1][0]) = (1.0, 1.0);
        let mut right = [0.0; KINDS];
        (right[0], right[1]) = (4.0, 5.0);
        let x = solve(matrix, right);
        assert!(
            (x[0] - 1.0).abs() < 1e-9 && (x[1] - 2.0).abs() < 1e-9,
            "{x:?}"
        );
    }
}
