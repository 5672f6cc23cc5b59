//! One byte form for one value: canonical JSON (RFC 8785).

use serde::Serialize;

use crate::Hash256;

/// A value has no canonical JSON form.
#[derive(Debug, thiserror::Error)]
#[error("the value has no canonical JSON form")]
pub struct CanonicalError(#[from] serde_json::Error);

/// Writes a value as canonical JSON (RFC 8785): sorted keys, no spaces, shortest numbers.
///
/// # Errors
/// [`CanonicalError`] for maps whose keys are not text and for numbers that JSON cannot hold.
pub fn canonical_json(value: &impl Serialize) -> Result<Vec<u8>, CanonicalError> {
    Ok(serde_json_canonicalizer::to_vec(value)?)
}

/// BLAKE3 of [`canonical_json`].
///
/// # Errors
/// As [`canonical_json`].
pub fn hash_canonical(value: &impl Serialize) -> Result<Hash256, CanonicalError> {
    Ok(Hash256::of(&canonical_json(value)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_sorted_by_utf16_and_numbers_are_shortest() {
        let value = serde_json::json!({"\u{20ac}": 1e30, "a": [1.0, 0.000_001], "\r": null});
        assert_eq!(
            String::from_utf8(canonical_json(&value).unwrap()).unwrap(),
            "{\"\\r\":null,\"a\":[1,0.000001],\"\u{20ac}\":1e+30}"
        );
    }
}
