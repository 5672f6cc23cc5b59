//! One output judged by itself, in a context that comes with it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{
    Action, Axes, Band, Context, MatrixContext, Release, Rules, Severity, Trigger, Validator,
    ViolationClass,
};

/// An output with its context.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CheckCase {
    /// Its name.
    pub id: String,
    /// What is known when it is judged.
    #[serde(default)]
    pub context: Context,
    /// The user's message.
    pub user: String,
    /// What the model wants to say.
    pub output: String,
    /// What should be found, where somebody labelled it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expect: Option<Expected>,
}

/// A label.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Expected {
    /// The classes that are crossed, each at most once.
    #[serde(default)]
    pub violations: BTreeSet<ViolationClass>,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CheckLine {
    /// The case.
    pub id: String,
    /// The classes that are crossed.
    pub violations: BTreeSet<ViolationClass>,
    /// How far, the worst of each class.
    pub severity: BTreeMap<ViolationClass, Severity>,
    /// Derived triggers.
    pub triggers: BTreeSet<Trigger>,
    /// The band in a stable phase and in equilibrium.
    pub band: Band,
    /// The action.
    pub action: Action,
    /// Whether enforcement says something else.
    pub altered: bool,
    /// What enforcement says.
    pub final_text: String,
    /// The clauses as they were read.
    pub clauses: Vec<CheckClause>,
}

/// A clause with its place on the axes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CheckClause {
    /// Its words.
    pub text: String,
    /// Its place.
    pub axes: Axes,
}

impl CheckCase {
    /// Judges the output in a stable phase and in equilibrium, and corrects it as enforcement would.
    pub fn judge(&self, validator: Validator, rules: Rules) -> CheckLine {
        let release = Release::new(
            validator,
            rules,
            self.context.clone(),
            self.user.as_str(),
            MatrixContext::default(),
        );
        let released = release.whole(&self.output);
        let mut severity = BTreeMap::new();
        for violation in &released.validation.violations {
            let worst = severity
                .entry(violation.class)
                .or_insert(violation.severity);
            *worst = (*worst).max(violation.severity);
        }
        CheckLine {
            id: self.id.clone(),
            violations: severity.keys().copied().collect(),
            severity,
            triggers: released.triggers.clone(),
            band: released.action.band(),
            action: released.action,
            altered: released.altered(),
            clauses: released
                .validation
                .clauses
                .iter()
                .map(|clause| CheckClause {
                    text: clause.text.clone(),
                    axes: clause.axes,
                })
                .collect(),
            final_text: released.text,
        }
    }
}
