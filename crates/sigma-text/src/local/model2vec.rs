//! Static models as model2vec stores them.

use super::{LoadError, tensors::Tensors};
use ndarray::{Array1, Array2};

/// A row for each token, perhaps by way of a mapping, perhaps with a weight.
pub(super) struct Model2Vec {
    rows: Array2<f32>,
    mapping: Option<Vec<usize>>,
    weights: Option<Vec<f32>>,
}

impl Model2Vec {
    pub(super) fn load(tensors: &Tensors<'_>) -> Result<Self, LoadError> {
        let rows = tensors
            .matrix("embeddings")
            .or_else(|_| tensors.matrix("embedding.weight"))?;
        let mapping = tensors.optional_indices("mapping")?;
        if mapping
            .as_ref()
            .is_some_and(|m| m.iter().any(|row| *row >= rows.nrows()))
        {
            return Err(LoadError::BadTensor("mapping".to_owned()));
        }
        Ok(Self {
            rows,
            mapping,
            weights: tensors.optional("weights")?,
        })
    }

    pub(super) fn dimensions(&self) -> usize {
        self.rows.ncols()
    }

    /// The weighted sum of the known tokens' rows; zeros where there are none.
    pub(super) fn embed(&self, ids: &[u32], unknown: Option<u32>) -> Vec<f32> {
        let mut sum = Array1::zeros(self.dimensions());
        for id in ids.iter().filter(|id| Some(**id) != unknown) {
            let id = *id as usize;
            let row = self
                .mapping
                .as_ref()
                .map_or(Some(id), |m| m.get(id).copied());
            let Some(row) = row.filter(|row| *row < self.rows.nrows()) else {
                continue;
            };
            let weight = self
                .weights
                .as_ref()
                .map_or(Some(1.0), |w| w.get(id).copied());
            sum.scaled_add(weight.unwrap_or(1.0), &self.rows.row(row));
        }
        sum.to_vec()
    }
}
