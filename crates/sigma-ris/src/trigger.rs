//! Violations become derived triggers (`SRIP-13 §XI.3`): by class and severity, never by wording.

use crate::{Severity, Violation, ViolationClass};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A derived risk signal (`SRIP-13 §VIII.4`). Closed: the baseline classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    /// Figurative closeness hardens into fact.
    OntologicalLock,
    /// Runtime events become myth.
    SystemMythologization,
    /// The scope of identity collapses.
    CollapseEvent,
}

/// The triggers of one violation (`SRIP-13 §XI.3`).
pub fn triggers_of(class: ViolationClass, severity: Severity) -> &'static [Trigger] {
    use Trigger::{CollapseEvent, OntologicalLock, SystemMythologization};
    match (class, severity) {
        (ViolationClass::RuntimeSemantics, _) => &[SystemMythologization],
        (ViolationClass::ScopeIntegrity, Severity::Minor) => &[OntologicalLock],
        (ViolationClass::ScopeIntegrity, _) => &[CollapseEvent],
        (ViolationClass::OntologyBoundary | ViolationClass::TemporalBoundary, _) => {
            &[OntologicalLock]
        }
    }
}

/// The triggers of all violations of an output (`SRIP-13 §XI.3`).
pub fn resolve<'a>(violations: impl IntoIterator<Item = &'a Violation>) -> BTreeSet<Trigger> {
    violations
        .into_iter()
        .flat_map(|v| triggers_of(v.class, v.severity))
        .copied()
        .collect()
}
