//! Identity invariants (PIL): what no recovery, reset or dissolution takes away (`SRIP-04 §3.4`).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use sigma_text::Embedding;
use sigma_types::{Cycle, Hash256, hash_canonical};

use crate::{
    rules::Bounds,
    vector::{Codes, EmbedderTag},
};

/// The anchored part of memory. It can be added to and read; nothing in this crate or its interface
/// takes anything out again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pil {
    identity: Option<IdentityVector>,
    core_motifs: BTreeSet<String>,
    constraints: Vec<String>,
    facts: Vec<AnchoredFact>,
}

/// Direction of the identity text in the vector space of one model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentityVector {
    /// The model.
    pub embedder: EmbedderTag,
    /// The direction.
    pub codes: Codes,
}

/// A fact that was anchored, with the cycle that did it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct AnchoredFact {
    /// In one sentence.
    pub text: String,
    /// When it was anchored.
    pub since: Cycle,
}

/// Something could not be anchored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AnchorError {
    /// Nothing but white space.
    #[error("an anchor needs text")]
    Empty,
    /// The text is longer than the rules allow.
    #[error("an anchor has at most {0} characters")]
    TooLong(usize),
    /// As many as the rules allow are anchored already; none is given up for another.
    #[error("at most {0} anchors of this kind fit")]
    Full(usize),
    /// The identity is anchored already: a session keeps the one it began with.
    #[error("the identity is anchored already")]
    IdentitySet,
}

impl Pil {
    /// Nothing anchored yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Anchors the identity's direction.
    ///
    /// # Errors
    /// [`AnchorError::IdentitySet`] if another one is anchored; the same one again is no error.
    pub fn anchor_identity(
        &mut self,
        vector: &Embedding,
        embedder: EmbedderTag,
    ) -> Result<(), AnchorError> {
        let new = IdentityVector {
            embedder,
            codes: Codes::of(vector),
        };
        match &self.identity {
            Some(old) if *old != new => Err(AnchorError::IdentitySet),
            _ => {
                self.identity = Some(new);
                Ok(())
            }
        }
    }

    /// Anchors a core motif by its key.
    ///
    /// # Errors
    /// [`AnchorError`] for an empty or overlong key and where no more fit.
    pub fn anchor_motif(&mut self, key: &str, bounds: &Bounds) -> Result<(), AnchorError> {
        let key = checked(key, bounds)?;
        if self.core_motifs.contains(&key) {
            return Ok(());
        }
        room(self.core_motifs.len(), bounds.core_motifs)?;
        self.core_motifs.insert(key);
        Ok(())
    }

    /// Anchors a constraint on behaviour.
    ///
    /// # Errors
    /// As [`Pil::anchor_motif`].
    pub fn anchor_constraint(&mut self, text: &str, bounds: &Bounds) -> Result<(), AnchorError> {
        let text = checked(text, bounds)?;
        if self.constraints.contains(&text) {
            return Ok(());
        }
        room(self.constraints.len(), bounds.constraints)?;
        self.constraints.push(text);
        Ok(())
    }

    /// Anchors a fact.
    ///
    /// # Errors
    /// As [`Pil::anchor_motif`].
    pub fn anchor_fact(
        &mut self,
        text: &str,
        since: Cycle,
        bounds: &Bounds,
    ) -> Result<(), AnchorError> {
        let text = checked(text, bounds)?;
        if self.facts.iter().any(|fact| fact.text == text) {
            return Ok(());
        }
        room(self.facts.len(), bounds.facts)?;
        self.facts.push(AnchoredFact { text, since });
        Ok(())
    }

    /// The identity's direction, if one is anchored.
    pub fn identity(&self) -> Option<&IdentityVector> {
        self.identity.as_ref()
    }

    /// Keys of the core motifs.
    pub fn core_motifs(&self) -> &BTreeSet<String> {
        &self.core_motifs
    }

    /// Constraints, in the order in which they were anchored.
    pub fn constraints(&self) -> &[String] {
        &self.constraints
    }

    /// Facts, in the order in which they were anchored.
    pub fn facts(&self) -> &[AnchoredFact] {
        &self.facts
    }

    /// Hash of everything anchored.
    pub fn hash(&self) -> Hash256 {
        hash_canonical(self).unwrap_or(Hash256::ZERO)
    }

    /// True if all that `other` holds is held here too.
    pub fn contains(&self, other: &Self) -> bool {
        (other.identity.is_none() || self.identity == other.identity)
            && other.core_motifs.is_subset(&self.core_motifs)
            && other
                .constraints
                .iter()
                .all(|c| self.constraints.contains(c))
            && other.facts.iter().all(|f| self.facts.contains(f))
    }

    /// Takes over what `other` holds beyond this; both were within bounds.
    pub(crate) fn union(&mut self, other: &Self) {
        if self.identity.is_none() {
            self.identity.clone_from(&other.identity);
        }
        self.core_motifs.extend(other.core_motifs.iter().cloned());
        for constraint in &other.constraints {
            if !self.constraints.contains(constraint) {
                self.constraints.push(constraint.clone());
            }
        }
        for fact in &other.facts {
            if !self.facts.contains(fact) {
                self.facts.push(fact.clone());
            }
        }
    }
}

fn checked(text: &str, bounds: &Bounds) -> Result<String, AnchorError> {
    let text = text.trim();
    if text.is_empty() {
        Err(AnchorError::Empty)
    } else if text.chars().count() > bounds.anchor {
        Err(AnchorError::TooLong(bounds.anchor))
    } else {
        Ok(text.to_owned())
    }
}

fn room(held: usize, most: usize) -> Result<(), AnchorError> {
    if held < most {
        Ok(())
    } else {
        Err(AnchorError::Full(most))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::SRIP_04;

    #[test]
    fn what_is_anchored_stays_and_repeats_are_free() {
        let bounds = Bounds {
            core_motifs: 2,
            ..SRIP_04.bounds
        };
        let mut pil = Pil::new();
        for key in ["risk review", "step", "step"] {
            pil.anchor_motif(key, &bounds).unwrap();
        }
        assert_eq!(
            pil.anchor_motif("third", &bounds),
            Err(AnchorError::Full(2))
        );
        assert_eq!(
            pil.anchor_constraint(" \n", &bounds),
            Err(AnchorError::Empty)
        );
        assert_eq!(pil.core_motifs().len(), 2);
    }

    #[test]
    fn the_identity_is_anchored_once() {
        let tag = EmbedderTag {
            id: sigma_text::EmbedderId("m".into()),
            weights: Hash256::ZERO,
        };
        let mut pil = Pil::new();
        let one = Embedding::new([1.0, 0.0]).unwrap();
        pil.anchor_identity(&one, tag.clone()).unwrap();
        pil.anchor_identity(&one, tag.clone()).unwrap();
        let other = Embedding::new([0.0, 1.0]).unwrap();
        assert_eq!(
            pil.anchor_identity(&other, tag),
            Err(AnchorError::IdentitySet)
        );
    }
}
