//! Rollout modes (`SRIP-13 §XII`).

use serde::{Deserialize, Serialize};

/// What the layer may do. Closed: the document lists these three.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Nothing is computed and nothing is done.
    Off,
    /// State and evidence are computed; what is said stays as it is.
    #[default]
    Shadow,
    /// Outputs are corrected.
    Enforce,
}

/// A mode by no known name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no mode; there are off, shadow and enforce")]
pub struct UnknownMode(pub String);

impl Mode {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Off, Self::Shadow, Self::Enforce];

    /// As serialised.
    pub fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Shadow => "shadow",
            Self::Enforce => "enforce",
        }
    }

    /// Whether outputs are read at all.
    pub fn observes(self) -> bool {
        self != Self::Off
    }

    /// The mode in force: the session's own, else the agent's, else the default.
    ///
    /// ```
    /// use sigma_ris::Mode;
    /// assert_eq!(Mode::in_force(None, Some(Mode::Enforce), Mode::Shadow), Mode::Enforce);
    /// assert_eq!(Mode::in_force(Some(Mode::Off), Some(Mode::Enforce), Mode::Shadow), Mode::Off);
    /// ```
    pub fn in_force(session: Option<Self>, agent: Option<Self>, default: Self) -> Self {
        session.or(agent).unwrap_or(default)
    }
}

impl std::fmt::Display for Mode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl std::str::FromStr for Mode {
    type Err = UnknownMode;
    fn from_str(text: &str) -> Result<Self, UnknownMode> {
        Self::ALL
            .into_iter()
            .find(|mode| mode.name() == text)
            .ok_or_else(|| UnknownMode(text.into()))
    }
}
