//! How far relational identity is stabilized.

use serde::{Deserialize, Serialize};
use sigma_ris::Mode;

/// How far relational identity is stabilized (`SRIP-13 §XII`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RisSettings {
    /// `off`, `shadow` or `enforce`, where neither the session nor its agent has a mode of its own.
    pub mode: Mode,
}

impl Default for RisSettings {
    /// Shadow before enforcement.
    fn default() -> Self {
        Self { mode: Mode::Shadow }
    }
}
