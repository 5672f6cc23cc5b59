//! Canonical JSON and hashes.

use serde::Deserialize;
use serde_json::{Value, json};
use sigma_types::{canonical_json, hash_canonical};

use super::{Input, OpError, refused};

#[derive(Deserialize)]
struct Given {
    value: Value,
}

pub(super) fn json(input: &Input<'_>) -> Result<Value, OpError> {
    let given: Given = input.given()?;
    let bytes = canonical_json(&given.value).map_err(refused)?;
    Ok(json!({"text": String::from_utf8(bytes).map_err(refused)?}))
}

pub(super) fn hash(input: &Input<'_>) -> Result<Value, OpError> {
    let given: Given = input.given()?;
    Ok(json!({"hash": hash_canonical(&given.value).map_err(refused)?}))
}
