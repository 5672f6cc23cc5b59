//! Vectors as they are kept: eight bits a component, with the name of the model that made them.

use serde::{Deserialize, Serialize};
use sigma_text::{EmbedderId, EmbedderInfo, Embedding};
use sigma_types::Hash256;

/// Which model made a vector. Vectors of different models are never compared.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EmbedderTag {
    /// The model's name.
    pub id: EmbedderId,
    /// Hash of its weights and vocabulary.
    pub weights: Hash256,
}

impl From<&EmbedderInfo> for EmbedderTag {
    fn from(info: &EmbedderInfo) -> Self {
        Self {
            id: info.id.clone(),
            weights: info.weights_hash,
        }
    }
}

/// The direction of an [`Embedding`], eight bits a component; in JSON, hexadecimal digits.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "String", into = "String")]
pub struct Codes(Box<[i8]>);

/// A text does not stand for a vector.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("vector codes are pairs of hexadecimal digits")]
pub struct CodesError;

impl Codes {
    /// Quantises a vector: its greatest component becomes 127.
    pub fn of(vector: &Embedding) -> Self {
        Self::of_slice(vector.as_slice())
    }

    pub(crate) fn of_slice(values: &[f32]) -> Self {
        let peak = values.iter().fold(0.0f32, |m, x| m.max(x.abs()));
        let scale = if peak > 0.0 && peak.is_finite() {
            127.0 / peak
        } else {
            0.0
        };
        Self(
            values
                .iter()
                .map(|x| (x * scale).round().clamp(-127.0, 127.0) as i8)
                .collect(),
        )
    }

    /// The components, `-127..=127`.
    pub fn as_slice(&self) -> &[i8] {
        &self.0
    }

    /// The number of components.
    pub fn dimensions(&self) -> usize {
        self.0.len()
    }

    /// The unit vector, or `None` if all components are zero.
    pub fn embedding(&self) -> Option<Embedding> {
        Embedding::new(self.0.iter().map(|c| f32::from(*c)).collect::<Vec<_>>()).ok()
    }

    /// Cosine of the angle between the two; 0 where the dimensions differ.
    pub fn cosine(&self, other: &Self) -> f64 {
        if self.0.len() != other.0.len() {
            return 0.0;
        }
        f64::from(dot(&self.0, &other.0) as f32 * inverse_norm(&self.0) * inverse_norm(&other.0))
            .clamp(-1.0, 1.0)
    }
}

impl std::fmt::Debug for Codes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Codes({} components)", self.0.len())
    }
}

impl From<Codes> for String {
    fn from(codes: Codes) -> Self {
        let digit = |n: u8| char::from_digit(u32::from(n), 16).unwrap_or('0');
        codes
            .0
            .iter()
            .flat_map(|c| {
                let byte = c.cast_unsigned();
                [digit(byte >> 4), digit(byte & 15)]
            })
            .collect()
    }
}

impl TryFrom<String> for Codes {
    type Error = CodesError;
    fn try_from(text: String) -> Result<Self, CodesError> {
        let (pairs, rest) = text.as_bytes().as_chunks::<2>();
        if !rest.is_empty() {
            return Err(CodesError);
        }
        let digit = |c: u8| char::from(c).to_digit(16).ok_or(CodesError);
        pairs
            .iter()
            .map(|[high, low]| Ok((digit(*high)? * 16 + digit(*low)?) as u8))
            .map(|byte| byte.map(u8::cast_signed))
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

/// Dot product of two code rows; the shorter one decides the length.
#[expect(
    clippy::inline_always,
    reason = "it runs in code made for the processor"
)]
#[inline(always)]
pub(crate) fn dot(a: &[i8], b: &[i8]) -> i32 {
    a.iter()
        .zip(b)
        .map(|(x, y)| i32::from(i16::from(*x) * i16::from(*y)))
        .sum()
}

/// `1 / |codes|`, or 0 for a vector without length.
pub(crate) fn inverse_norm(codes: &[i8]) -> f32 {
    let square = dot(codes, codes);
    if square > 0 {
        1.0 / (square as f32).sqrt()
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn quantising_keeps_the_direction(values in prop::collection::vec(-1.0f32..1.0, 16..300)) {
            prop_assume!(values.iter().any(|x| x.abs() > 0.1));
            let vector = Embedding::new(values).unwrap();
            let back = Codes::of(&vector).embedding().unwrap();
            prop_assert!(vector.cosine(&back) > 0.999);
        }

        #[test]
        fn codes_survive_json(bytes in prop::collection::vec(any::<i8>(), 0..64)) {
            let codes = Codes(bytes.into());
            let text = serde_json::to_string(&codes).unwrap();
            prop_assert_eq!(serde_json::from_str::<Codes>(&text).unwrap(), codes);
        }
    }

    #[test]
    fn a_text_that_is_no_vector_is_refused() {
        for text in ["\"0\"", "\"zz\"", "\"\u{e9}\u{e9}\"", "7"] {
            assert!(serde_json::from_str::<Codes>(text).is_err(), "{text}");
        }
    }
}
