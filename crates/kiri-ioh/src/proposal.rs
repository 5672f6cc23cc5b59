//! GPL-01: the life of a proposal, as far as a treaty depends on it.

use serde::{Deserialize, Serialize};

use crate::{digest::Digest, moment::Moment};

/// Where a proposal stands (GPL-01). The document names eight, so the list is exhaustive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum ProposalState {
    /// Being written.
    Draft,
    /// Handed in.
    Submitted,
    /// Under review.
    Review,
    /// Being voted on.
    Voting,
    /// Accepted.
    Ratified,
    /// Turned down. Final.
    Rejected,
    /// Replaced by an amendment. Final.
    Superseded,
    /// Taken back. Final.
    Withdrawn,
}

impl ProposalState {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Draft,
        Self::Submitted,
        Self::Review,
        Self::Voting,
        Self::Ratified,
        Self::Rejected,
        Self::Superseded,
        Self::Withdrawn,
    ];

    /// Whether a proposal may go from here to there.
    #[must_use]
    pub const fn leads_to(self, to: Self) -> bool {
        matches!(
            (self, to),
            (Self::Draft, Self::Submitted | Self::Withdrawn)
                | (Self::Submitted, Self::Review | Self::Withdrawn)
                | (Self::Review, Self::Voting | Self::Withdrawn)
                | (Self::Voting, Self::Ratified | Self::Rejected)
                | (Self::Ratified, Self::Superseded)
        )
    }
}

/// One step of a proposal. All four members identify it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transition {
    /// The proposal.
    pub proposal_id: String,
    /// From where.
    pub from: ProposalState,
    /// To where.
    pub to: ProposalState,
    /// The moment to which the step belongs.
    pub t_snap: Moment,
}

/// A proposal to ratify one binding offer, with every step that it took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Proposal {
    id: String,
    offer: Digest,
    history: Vec<Transition>,
}

/// What applying a step did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applied {
    /// The proposal stands elsewhere now.
    Moved,
    /// The very same step had been taken: nothing happened.
    Replayed,
}

/// A step cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TransitionError {
    /// It belongs to another proposal.
    #[error("the step belongs to another proposal")]
    Other,
    /// Another step was already taken from this state.
    #[error("another step was taken from this state")]
    Conflict,
    /// The proposal has not reached the state.
    #[error("the proposal is not in this state")]
    Elsewhere,
    /// No step leads from the one state to the other.
    #[error("no such step exists")]
    Forbidden,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    proposal_id: String,
    binding_offer_hash: Digest,
    history: Vec<Transition>,
}

impl Proposal {
    /// A draft about an offer.
    #[must_use]
    pub fn draft(id: &str, offer: Digest) -> Self {
        Self {
            id: id.to_owned(),
            offer,
            history: Vec::new(),
        }
    }

    /// Its name.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The offer that it is about.
    #[must_use]
    pub const fn offer(&self) -> &Digest {
        &self.offer
    }

    /// Where it stands.
    #[must_use]
    pub fn state(&self) -> ProposalState {
        self.history
            .last()
            .map_or(ProposalState::Draft, |step| step.to)
    }

    /// Takes a step. A repeated step does nothing; another step from a state that was left is refused.
    ///
    /// # Errors
    /// [`TransitionError`]; the proposal is as it was.
    pub fn apply(&mut self, step: Transition) -> Result<Applied, TransitionError> {
        if step.proposal_id != self.id {
            return Err(TransitionError::Other);
        }
        // No state can be entered twice, so what was taken from it is one step.
        if let Some(taken) = self.history.iter().find(|taken| taken.from == step.from) {
            return if *taken == step {
                Ok(Applied::Replayed)
            } else {
                Err(TransitionError::Conflict)
            };
        }
        if step.from != self.state() {
            return Err(TransitionError::Elsewhere);
        }
        if !step.from.leads_to(step.to) {
            return Err(TransitionError::Forbidden);
        }
        self.history.push(step);
        Ok(Applied::Moved)
    }
}

impl TryFrom<Written> for Proposal {
    type Error = TransitionError;
    fn try_from(written: Written) -> Result<Self, TransitionError> {
        let mut proposal = Self::draft(&written.proposal_id, written.binding_offer_hash);
        for step in written.history {
            proposal.apply(step)?;
        }
        Ok(proposal)
    }
}

impl From<Proposal> for Written {
    fn from(proposal: Proposal) -> Self {
        Self {
            proposal_id: proposal.id,
            binding_offer_hash: proposal.offer,
            history: proposal.history,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ProposalState::{
        Draft, Ratified, Rejected, Review, Submitted, Superseded, Voting, Withdrawn,
    };

    fn step(from: ProposalState, to: ProposalState) -> Transition {
        Transition {
            proposal_id: "p".into(),
            from,
            to,
            t_snap: Moment::EPOCH,
        }
    }

    fn at(state: ProposalState) -> Proposal {
        let path: &[ProposalState] = match state {
            Draft => &[],
            Submitted => &[Submitted],
            Review => &[Submitted, Review],
            Voting => &[Submitted, Review, Voting],
            Ratified => &[Submitted, Review, Voting, Ratified],
            Rejected => &[Submitted, Review, Voting, Rejected],
            Superseded => &[Submitted, Review, Voting, Ratified, Superseded],
            Withdrawn => &[Withdrawn],
        };
        let mut proposal = Proposal::draft("p", Digest::ZERO);
        for to in path {
            let from = proposal.state();
            assert_eq!(proposal.apply(step(from, *to)), Ok(Applied::Moved));
        }
        proposal
    }

    #[test]
    fn nine_steps_exist_and_no_others() {
        let mut allowed = 0;
        for from in ProposalState::ALL {
            for to in ProposalState::ALL {
                let mut proposal = at(from);
                let moved = proposal.apply(step(from, to)) == Ok(Applied::Moved);
                assert_eq!(moved, from.leads_to(to), "{from:?} {to:?}");
                assert_eq!(proposal.state(), if moved { to } else { from });
                allowed += usize::from(moved);
            }
        }
        assert_eq!(allowed, 9);
    }

    #[test]
    fn a_repeated_step_does_nothing_and_a_different_one_is_refused() {
        let mut proposal = at(Voting);
        let before = proposal.clone();
        assert_eq!(
            proposal.apply(step(Draft, Submitted)),
            Ok(Applied::Replayed)
        );
        assert_eq!(
            proposal.apply(step(Draft, Withdrawn)),
            Err(TransitionError::Conflict)
        );
        let later = Transition {
            t_snap: Moment::EPOCH.after(1),
            ..step(Draft, Submitted)
        };
        assert_eq!(proposal.apply(later), Err(TransitionError::Conflict));
        let other = Transition {
            proposal_id: "q".into(),
            ..step(Voting, Ratified)
        };
        assert_eq!(proposal.apply(other), Err(TransitionError::Other));
        assert_eq!(
            proposal.apply(step(Ratified, Superseded)),
            Err(TransitionError::Elsewhere)
        );
        assert_eq!(proposal, before);
    }

    #[test]
    fn a_written_history_is_walked_again() {
        let text = serde_json::to_string(&at(Ratified)).unwrap();
        assert_eq!(
            serde_json::from_str::<Proposal>(&text).unwrap(),
            at(Ratified)
        );
        let skipped = text.replace(r#""to":"REVIEW""#, r#""to":"RATIFIED""#);
        assert!(serde_json::from_str::<Proposal>(&skipped).is_err());
    }
}
