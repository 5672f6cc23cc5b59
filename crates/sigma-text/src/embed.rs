//! Text vectors and what makes them.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use sigma_types::Hash256;
use std::{fmt, sync::Arc};

/// A text vector of unit length, shared without copying.
///
/// Stored as text: base64 (RFC 4648 §4) of its components as little-endian 32-bit floats, which is a
/// fifth of the length of a list of numbers and many times quicker to write. A list is read too.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "Stored", into = "String")]
pub struct Embedding(Arc<[f32]>);

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
enum Stored {
    Packed(String),
    Plain(Vec<f32>),
}

/// Numbers do not make a unit vector.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EmbeddingError {
    /// No dimensions, or only zeros: there is no direction.
    #[error("a vector without length has no direction")]
    Degenerate,
    /// Stored text that is not base64 of whole 32-bit floats.
    #[error("the stored vector is not base64 of 32-bit floats")]
    NotBase64,
    /// A NaN or an infinity at this index.
    #[error("component {0} is not finite")]
    NotFinite(usize),
}

/// How far the length of a stored unit vector may be from 1.
const ROUNDING: f64 = 1e-6;
/// Sums that run side by side in a dot product: the compiler makes vector code of them.
const LANES: usize = 16;

impl Embedding {
    /// Scales `values` to unit length.
    ///
    /// # Errors
    /// [`EmbeddingError`] for an empty or zero vector and for a component that is not finite.
    pub fn new(values: impl Into<Vec<f32>>) -> Result<Self, EmbeddingError> {
        let mut values = values.into();
        if let Some(at) = values.iter().position(|x| !x.is_finite()) {
            return Err(EmbeddingError::NotFinite(at));
        }
        let norm = values
            .iter()
            .map(|x| f64::from(*x).powi(2))
            .sum::<f64>()
            .sqrt();
        if norm < 1e-12 {
            return Err(EmbeddingError::Degenerate);
        }
        // a vector that was made here before comes back from storage bit by bit the same
        if (norm - 1.0).abs() > ROUNDING {
            for x in &mut values {
                *x = (f64::from(*x) / norm) as f32;
            }
        }
        Ok(Self(values.into()))
    }

    /// The components.
    pub fn as_slice(&self) -> &[f32] {
        &self.0
    }

    /// The number of components.
    pub fn dimensions(&self) -> usize {
        self.0.len()
    }

    /// Cosine of the angle between the two, `-1..=1`; 0 where the dimensions differ.
    pub fn cosine(&self, other: &Self) -> f64 {
        if self.0.len() != other.0.len() {
            return 0.0;
        }
        dot(&self.0, &other.0).clamp(-1.0, 1.0)
    }

    /// The unit vector of `weight * other + (1 - weight) * self`: an exponential moving average.
    /// Keeps `self` where the two cancel out or do not fit.
    #[must_use]
    pub fn blended(&self, other: &Self, weight: f64) -> Self {
        if self.0.len() != other.0.len() {
            return self.clone();
        }
        let mix: Vec<f32> = self
            .0
            .iter()
            .zip(other.0.iter())
            .map(|(a, b)| ((1.0 - weight) * f64::from(*a) + weight * f64::from(*b)) as f32)
            .collect();
        Self::new(mix).unwrap_or_else(|_| self.clone())
    }

    /// The unit vector of the mean of several; `None` for none or where they cancel out.
    pub fn mean<'a>(all: impl IntoIterator<Item = &'a Self>) -> Option<Self> {
        let mut sum: Vec<f32> = Vec::new();
        for one in all {
            if sum.is_empty() {
                sum = one.0.to_vec();
            } else if sum.len() == one.0.len() {
                sum.iter_mut().zip(one.0.iter()).for_each(|(s, x)| *s += x);
            }
        }
        Self::new(sum).ok()
    }
}

/// The dot product of two slices of one length.
fn dot(a: &[f32], b: &[f32]) -> f64 {
    let (a, a_rest) = a.as_chunks::<LANES>();
    let (b, b_rest) = b.as_chunks::<LANES>();
    let mut sums = [0_f32; LANES];
    for (a, b) in a.iter().zip(b) {
        for lane in 0..LANES {
            sums[lane] += a[lane] * b[lane];
        }
    }
    let rest: f32 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    sums.iter().map(|x| f64::from(*x)).sum::<f64>() + f64::from(rest)
}

impl TryFrom<Stored> for Embedding {
    type Error = EmbeddingError;
    fn try_from(stored: Stored) -> Result<Self, EmbeddingError> {
        match stored {
            Stored::Plain(values) => Self::new(values),
            Stored::Packed(text) => {
                let bytes = STANDARD
                    .decode(text)
                    .map_err(|_| EmbeddingError::NotBase64)?;
                let (floats, rest) = bytes.as_chunks::<4>();
                if !rest.is_empty() {
                    return Err(EmbeddingError::NotBase64);
                }
                Self::new(
                    floats
                        .iter()
                        .map(|four| f32::from_le_bytes(*four))
                        .collect::<Vec<_>>(),
                )
            }
        }
    }
}

impl From<Embedding> for String {
    fn from(embedding: Embedding) -> Self {
        let bytes: Vec<u8> = embedding.0.iter().flat_map(|x| x.to_le_bytes()).collect();
        STANDARD.encode(bytes)
    }
}

impl TryFrom<Vec<f32>> for Embedding {
    type Error = EmbeddingError;
    fn try_from(values: Vec<f32>) -> Result<Self, EmbeddingError> {
        Self::new(values)
    }
}

impl From<Embedding> for Vec<f32> {
    fn from(embedding: Embedding) -> Self {
        embedding.0.to_vec()
    }
}

/// The name of an embedding model, such as `minilm-static-256-int8`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct EmbedderId(pub String);

impl fmt::Display for EmbedderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What an embedder's cosines look like on known text: thresholds belong to an embedder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// Cosine of unrelated utterances: mean.
    pub unrelated_mean: f64,
    /// Cosine of unrelated utterances: standard deviation.
    pub unrelated_sd: f64,
    /// Cosine of a question and its own answer: mean.
    pub answer_mean: f64,
    /// Cosine of a question and its own answer: standard deviation.
    pub answer_sd: f64,
    /// Cosine of two sentences above which one repeats the other.
    pub duplicate: f64,
    /// Where the numbers come from: data set, date and command.
    pub provenance: String,
}

/// Identifies an embedder: stored with everything that its vectors decide.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EmbedderInfo {
    /// The model's name.
    pub id: EmbedderId,
    /// Hash of weights and vocabulary.
    pub weights_hash: Hash256,
    /// Components of each vector.
    pub dimensions: usize,
    /// Measured figures; `None` for a model that nobody calibrated, which every report then says.
    pub calibration: Option<Calibration>,
}

/// A text got no vector.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EmbedError {
    /// Nothing in the text is known to the model.
    #[error("the text holds nothing that the model knows")]
    Empty,
    /// The model itself failed.
    #[error("the embedding model failed")]
    Model(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Turns text into vectors, without I/O. The same text gives the same vector.
pub trait Embedder: Send + Sync {
    /// Which model this is.
    fn info(&self) -> &EmbedderInfo;

    /// The vector of one text.
    ///
    /// # Errors
    /// [`EmbedError::Empty`] where there is nothing to embed.
    fn embed(&self, text: &str) -> Result<Embedding, EmbedError>;
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn unit(values: &[f32]) -> Embedding {
        Embedding::new(values).unwrap()
    }

    #[test]
    fn only_directions_are_vectors() {
        assert_eq!(Embedding::new([]), Err(EmbeddingError::Degenerate));
        assert_eq!(Embedding::new([0.0, -0.0]), Err(EmbeddingError::Degenerate));
        assert_eq!(
            Embedding::new([1.0, f32::NAN]),
            Err(EmbeddingError::NotFinite(1))
        );
        assert_eq!(
            Embedding::new([f32::INFINITY]),
            Err(EmbeddingError::NotFinite(0))
        );
        assert_eq!(unit(&[f32::MAX, 0.0]).as_slice(), [1.0, 0.0]);
        assert!(serde_json::from_str::<Embedding>("[0, 0]").is_err());
    }

    #[test]
    fn cosines() {
        let (x, y) = (unit(&[2.0, 0.0]), unit(&[0.0, 3.0]));
        assert_eq!((x.cosine(&x), x.cosine(&y)), (1.0, 0.0));
        assert_eq!(x.cosine(&unit(&[1.0])), 0.0, "other dimensions");
        assert!((x.blended(&y, 0.5).cosine(&y) - 0.5_f64.sqrt()).abs() < 1e-6);
        assert_eq!(x.blended(&unit(&[-1.0, 0.0]), 0.5), x, "they cancel out");
        assert_eq!(Embedding::mean([&x, &x]), Some(x));
        assert_eq!(Embedding::mean([]), None);
    }

    proptest! {
        #[test]
        fn stored_vectors_come_back_the_same(values in proptest::collection::vec(-1e6_f32..1e6, 1..300)) {
            let Ok(made) = Embedding::new(values) else { return Ok(()) };
            prop_assert_eq!(&Embedding::new(made.as_slice()).unwrap(), &made);
            let json = serde_json::to_string(&made).unwrap();
            prop_assert_eq!(&serde_json::from_str::<Embedding>(&json).unwrap(), &made);
            prop_assert!((made.cosine(&made) - 1.0).abs() < 1e-5);
        }
    }
}
