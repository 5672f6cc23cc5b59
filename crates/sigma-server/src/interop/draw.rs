//! Random bytes for names and salts.

use crate::interop::fault::Fault;
use kiri_ioh::ids::Entropy;

/// 160 bits of the machine's randomness.
pub(crate) fn entropy() -> Result<Entropy, Fault> {
    let mut bytes = Entropy::default();
    getrandom::fill(&mut bytes).map_err(|error| Fault::internal(&error))?;
    Ok(bytes)
}
