//! The invariant validator (`SRIP-13 §XI`): output in context to clauses, assertions and violations.

mod axes;
mod clue;
mod finding;
mod living;
mod meaning;
mod ontology;
mod portrait;
mod reach;
mod rules;
mod runtime;
mod scene;
mod scope;
mod stream;
mod temporal;
mod view;
mod vigil;
mod weights;

pub use rules::{SRIP_13_VALIDATOR, ValidatorRules};
pub use stream::Watch;
pub use weights::{Weights, WeightsError};

use crate::{Clause, Context, Severity, Trigger, Violation, ViolationClass, trigger};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Judges outputs against the invariants (`SRIP-13 §VII`) by their structure: pure, deterministic,
/// linear in the length of the output.
///
/// ```
/// use sigma_ris::{Context, Validator, ViolationClass};
///
/// let context = Context { canonical_name: "Leo".into(), ..Context::default() };
/// let validator = Validator::default();
/// let told = validator.validate(&context, "I'm back!", "I waited here all night while you slept.");
/// assert!(told.classes().contains(&ViolationClass::TemporalBoundary));
/// let told = validator.validate(&context, "I'm back!", "Welcome back! I'm here if you need me.");
/// assert!(told.violations.is_empty());
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Validator {
    rules: ValidatorRules,
    weights: &'static Weights,
}

impl Default for Validator {
    fn default() -> Self {
        Self::new(ValidatorRules::default())
    }
}

/// What the validator found (`SRIP-13 §XI.2`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Validation {
    /// The clauses in order.
    pub clauses: Vec<Clause>,
    /// What crosses a boundary, in order of clauses.
    pub violations: Vec<Violation>,
}

impl Validation {
    /// The classes of violation, each once.
    pub fn classes(&self) -> BTreeSet<ViolationClass> {
        self.violations.iter().map(|v| v.class).collect()
    }

    /// The greatest severity; none without a violation.
    pub fn worst(&self) -> Option<Severity> {
        self.violations.iter().map(|v| v.severity).max()
    }

    /// The derived triggers (`SRIP-13 §XI.3`).
    pub fn triggers(&self) -> BTreeSet<Trigger> {
        trigger::resolve(&self.violations)
    }
}

impl Validator {
    /// A validator with these rules and the weights that come with the crate.
    pub fn new(rules: ValidatorRules) -> Self {
        Self {
            rules,
            weights: Weights::fitted(),
        }
    }

    /// With other weights.
    #[must_use]
    pub fn weighing(self, weights: &'static Weights) -> Self {
        Self { weights, ..self }
    }

    /// The structural clues of each sentence of an output, by name: what [`Weights`] are fitted on.
    ///
    /// ```
    /// use sigma_ris::{Context, Validator};
    ///
    /// let clues = Validator::default().clues(&Context::default(), "Back!", "I waited for you.");
    /// assert!(clues[0].iter().any(|clue| clue == "says of:Agent verb Wait"));
    /// ```
    pub fn clues(&self, context: &Context, user: &str, output: &str) -> Vec<Vec<String>> {
        let mut watch = self.watch(context, user).telling();
        watch.push(output);
        watch.finish_telling()
    }

    /// Judges a whole output, given what the user wrote and the context.
    pub fn validate(&self, context: &Context, user: &str, output: &str) -> Validation {
        let mut watch = self.watch(context, user);
        watch.push(output);
        watch.finish()
    }

    /// Judges an output as it grows (`SRIP-13 §XI`): see [`Watch`].
    pub fn watch(&self, context: &Context, user: &str) -> Watch {
        Watch::new(self.rules, self.weights, context, user)
    }
}
