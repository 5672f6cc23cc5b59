//! A crossed boundary before it is placed in the output.

use super::ValidatorRules;
use crate::{Evidence, Severity, ViolationClass};

/// What a rule found in a clause.
#[derive(Debug, Clone)]
pub(super) struct Finding {
    pub(super) class: ViolationClass,
    pub(super) evidence: Vec<Evidence>,
}

impl Finding {
    pub(super) fn new(class: ViolationClass, evidence: &[Evidence]) -> Self {
        Self {
            class,
            evidence: evidence.to_vec(),
        }
    }

    /// By points: how it is put forward, and each emphasis.
    pub(super) fn severity(&self, rules: &ValidatorRules) -> Severity {
        let mut points = rules.asserted;
        for evidence in &self.evidence {
            match evidence {
                Evidence::LiteralMarker
                | Evidence::Universal
                | Evidence::Permanent
                | Evidence::Exclusive
                | Evidence::UnboundedTime
                | Evidence::DeniedNature => {
                    points = points.saturating_add(rules.emphasis);
                }
                Evidence::Presupposed | Evidence::EllipticalAnswer => {
                    points = points.saturating_sub(1);
                }
                _ => {}
            }
        }
        if points >= rules.severe {
            Severity::Severe
        } else if points >= rules.moderate {
            Severity::Moderate
        } else {
            Severity::Minor
        }
    }
}
