//! Governance from a file that an operator keeps, read anew for every treaty: what was ratified
//! meanwhile counts at once, and a file that cannot be read refuses.

use kiri_ioh::{
    custody::Custodians,
    digest::Digest,
    json,
    treaty::{Governance, GovernanceSilent, RecordedGovernance, TreatyEvidence},
};
use std::{fs, path::PathBuf};

/// Governance from a file, or none.
#[derive(Debug, Clone, Default)]
pub struct FileGovernance(Option<PathBuf>);

impl FileGovernance {
    /// No governance: every treaty is refused.
    pub const fn none() -> Self {
        Self(None)
    }

    /// Governance from a JSON document of [`RecordedGovernance`].
    pub fn from_file(path: impl Into<PathBuf>) -> Self {
        Self(Some(path.into()))
    }

    fn read(&self) -> Result<RecordedGovernance, GovernanceSilent> {
        let path = self.0.as_ref().ok_or(GovernanceSilent)?;
        let silent = |what: &dyn std::fmt::Display| {
            tracing::error!(path = %path.display(), "governance is silent: {what}");
            GovernanceSilent
        };
        let text = fs::read(path).map_err(|error| silent(&error))?;
        json::parse_as(&text).map_err(|error| silent(&error))
    }
}

impl Governance for FileGovernance {
    fn evidence(&self, offer: &Digest) -> Result<Option<TreatyEvidence>, GovernanceSilent> {
        self.read()?.evidence(offer)
    }

    fn custodians(&self) -> Result<Custodians, GovernanceSilent> {
        self.read()?.custodians()
    }
}
