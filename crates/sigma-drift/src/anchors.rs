//! What an answer is held against.

use serde::{Deserialize, Serialize};
use sigma_text::Utterance;

use crate::{
    constraint::{Constraint, constraints},
    identity::Identity,
};

/// Something that an answer should hold to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Anchor {
    /// The user's current turn.
    UserTurn,
    /// What was said just before.
    Context,
    /// The subject at hand.
    Attractor,
    /// Who the assistant is.
    Identity,
    /// An explicit constraint.
    Constraint,
    /// The session's own voice.
    Voice,
    /// The voice that the identity asks for.
    AskedVoice,
    /// The session's own voice as it was at the beginning.
    Beginning,
    /// What was answered to other turns.
    Earlier,
}

/// Identity and constraints of a session.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Anchors {
    identity: Option<Identity>,
    constraints: Vec<Constraint>,
}

impl Anchors {
    /// Reads the identity text and constraints in plain words, one an entry; an entry that is not
    /// understood is left out (see [`Anchors::constraints`] for what was understood).
    pub fn new(identity: Option<Utterance>, constraint_texts: Vec<String>) -> Self {
        let read = identity.map(|utterance| Identity::read(utterance.text()));
        let mut all = read
            .as_ref()
            .map(|i| i.constraints.clone())
            .unwrap_or_default();
        for one in constraint_texts
            .into_iter()
            .flat_map(|text| constraints(&text))
        {
            if !all.contains(&one) && all.len() < 128 {
                all.push(one);
            }
        }
        Self {
            identity: read,
            constraints: all,
        }
    }

    /// Adds a constraint that is already typed.
    #[must_use]
    pub fn with_constraint(mut self, constraint: Constraint) -> Self {
        if !self.constraints.contains(&constraint) {
            self.constraints.push(constraint);
        }
        self
    }

    /// What the identity text says, where there is one.
    pub fn identity(&self) -> Option<&Identity> {
        self.identity.as_ref()
    }

    /// All constraints, those of the identity text first.
    pub fn constraints(&self) -> &[Constraint] {
        &self.constraints
    }
}
