//! What was measured with single embedders, as data.

use crate::{Calibration, EmbedderId};
use sigma_types::Hash256;

/// The figures of one embedder. Written by `cargo xtask calibrate`.
struct Measured {
    embedder: &'static str,
    weights_hash: &'static str,
    unrelated_mean: f64,
    unrelated_sd: f64,
    answer_mean: f64,
    answer_sd: f64,
    duplicate: f64,
    provenance: &'static str,
}

const ALL: &[Measured] = &include!("calibration/all.in");

impl Calibration {
    /// What was measured with an embedder; `None` where nobody did, or with other weights.
    #[must_use]
    pub fn of(embedder: &EmbedderId, weights_hash: &Hash256) -> Option<Self> {
        let hash = weights_hash.to_string();
        ALL.iter()
            .find(|one| one.embedder == embedder.0 && one.weights_hash == hash)
            .map(|one| Self {
                unrelated_mean: one.unrelated_mean,
                unrelated_sd: one.unrelated_sd,
                answer_mean: one.answer_mean,
                answer_sd: one.answer_sd,
                duplicate: one.duplicate,
                provenance: one.provenance.to_owned(),
            })
    }
}
