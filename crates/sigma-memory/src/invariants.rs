//! The invariants that memory guarantees (`SRIP-04 §7`), one a file.

pub mod cc;
pub mod ci;
pub mod er;
pub mod re;
pub mod ri;

use serde::{Deserialize, Serialize};
use sigma_types::{Measured, Unit};

use crate::{Memory, rules::InvariantRules};

/// The four guaranteed invariants, as they stand after the last committed cycle.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Invariants {
    /// Contextual integrity.
    pub ci: Measured<Unit>,
    /// Retention of core motifs; travels as `retention_index` (`SRIP-05 §3`).
    pub ri: Measured<Unit>,
    /// Entropy: the share of noise.
    pub er: Measured<Unit>,
    /// Control carry-over.
    pub cc: Measured<Unit>,
}

/// Which invariant does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Breach {
    /// CI lies below its limit.
    ContextualIntegrity,
    /// RI lies below its limit.
    Retention,
    /// ER lies over its limit.
    Entropy,
    /// CC lies below its limit.
    CarryOver,
}

impl Invariants {
    /// The invariants that were measured and do not hold.
    pub fn breaches(&self, rules: &InvariantRules) -> Vec<Breach> {
        let below = |m: Measured<Unit>, limit: f64| m.value().is_some_and(|u| u.get() < limit);
        let over = |m: Measured<Unit>, limit: f64| m.value().is_some_and(|u| u.get() > limit);
        [
            (below(self.ci, rules.ci_min), Breach::ContextualIntegrity),
            (below(self.ri, rules.ri_min), Breach::Retention),
            (over(self.er, rules.er_max), Breach::Entropy),
            (below(self.cc, rules.cc_min), Breach::CarryOver),
        ]
        .into_iter()
        .filter_map(|(broken, breach)| broken.then_some(breach))
        .collect()
    }

    /// True where Rule 9.1 applies: `ER > 0.3`.
    pub fn demands_recovery(&self, rules: &InvariantRules) -> bool {
        self.breaches(rules).contains(&Breach::Entropy)
    }
}

impl Memory {
    /// Measures the invariants (`SRIP-04 §7`).
    pub fn invariants(&self) -> Invariants {
        Invariants {
            ci: ci::measure(self),
            ri: ri::measure(self),
            er: er::measure(self),
            cc: cc::measure(self),
        }
    }
}
