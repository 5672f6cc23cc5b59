//! Cases that are known to fail, each with its reason.

use serde::Deserialize;
use std::{collections::BTreeMap, path::Path};

use super::runner::CaseResult;
use crate::{
    root::FileError,
    spec::{self, Case},
};

/// Case id to reason, from `spec-fixtures/expected-failures.yaml`.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent)]
pub(super) struct Baseline(BTreeMap<String, String>);

impl Baseline {
    pub(super) fn load(root: &Path) -> Result<Self, FileError> {
        spec::yaml(&root.join("spec-fixtures/expected-failures.yaml"))
    }

    /// A failure that is expected is skipped with its reason; a pass that was not is a failure.
    pub(super) fn judge(&self, id: &str, result: CaseResult) -> CaseResult {
        match (self.0.get(id), result) {
            (Some(reason), CaseResult::Failed(_)) => {
                CaseResult::Skipped(format!("expected to fail: {reason}"))
            }
            (Some(_), CaseResult::Passed) => CaseResult::Failed(vec![
                "it passes, so its line in expected-failures.yaml has to go".into(),
            ]),
            (_, result) => result,
        }
    }

    /// Entries that name no case.
    pub(super) fn leftovers(&self, cases: &[Case]) -> Vec<String> {
        self.0
            .keys()
            .filter(|id| !cases.iter().any(|case| case.id == **id))
            .map(|id| format!("expected-failures.yaml names {id}, which is no case"))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn baseline() -> Baseline {
        Baseline([("a/b/known".to_owned(), "why".to_owned())].into())
    }

    #[test]
    fn a_known_failure_is_skipped_and_a_healed_one_is_an_error() {
        let failed = CaseResult::Failed(vec!["x".into()]);
        assert_eq!(
            baseline().judge("a/b/known", failed.clone()),
            CaseResult::Skipped("expected to fail: why".into())
        );
        assert!(matches!(
            baseline().judge("a/b/known", CaseResult::Passed),
            CaseResult::Failed(_)
        ));
        assert_eq!(baseline().judge("a/b/other", failed.clone()), failed);
    }

    #[test]
    fn an_entry_without_a_case_is_an_error() {
        assert_eq!(baseline().leftovers(&[]).len(), 1);
    }
}
