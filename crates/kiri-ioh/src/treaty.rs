//! Treaties: bindings that need a ratified counter-signature (`IOH-01`, runtime flows).

use serde::{Deserialize, Serialize};

use crate::{
    custody::{Custodians, CustodyProof, CustodySignature},
    digest::Digest,
    ids::SchemaId,
    proposal::{Proposal, ProposalState},
};

/// Which bindings are treaties: a server-side policy by schema.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TreatyPolicy(Vec<String>);

impl TreatyPolicy {
    /// Treaties are the schemas listed: exact names, or starts with a trailing `*`.
    #[must_use]
    pub const fn new(schemas: Vec<String>) -> Self {
        Self(schemas)
    }

    /// Whether binding this schema is a treaty. Letters are compared in whatever case: who is asked for a
    /// treaty does not get round it by writing the name otherwise.
    #[must_use]
    pub fn asks_for(&self, schema: &SchemaId) -> bool {
        let schema = schema.as_str();
        self.0.iter().any(|row| match row.strip_suffix('*') {
            Some(start) => schema
                .get(..start.len())
                .is_some_and(|begun| begun.eq_ignore_ascii_case(start)),
            None => schema.eq_ignore_ascii_case(row),
        })
    }
}

/// What governance holds about an offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TreatyEvidence {
    /// The proposal that contains the offer.
    pub proposal: Proposal,
    /// The custodians' signatures of [`treaty_digest`].
    pub signatures: Vec<CustodySignature>,
}

/// Governance gave no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("governance gave no answer")]
pub struct GovernanceSilent;

/// Governance (`kiri:system/governance`), wherever it runs. No answer is a refusal.
pub trait Governance {
    /// What is held about an offer; `None` where nothing was proposed.
    ///
    /// # Errors
    /// [`GovernanceSilent`] where it cannot be asked.
    fn evidence(&self, offer: &Digest) -> Result<Option<TreatyEvidence>, GovernanceSilent>;

    /// The custodians that count.
    ///
    /// # Errors
    /// [`GovernanceSilent`] where they are not known.
    fn custodians(&self) -> Result<Custodians, GovernanceSilent>;
}

/// No governance: every treaty is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct NoGovernance;

impl Governance for NoGovernance {
    fn evidence(&self, _: &Digest) -> Result<Option<TreatyEvidence>, GovernanceSilent> {
        Err(GovernanceSilent)
    }

    fn custodians(&self) -> Result<Custodians, GovernanceSilent> {
        Err(GovernanceSilent)
    }
}

/// Governance from a document that an operator keeps: proposals with their signatures, and custodians.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordedGovernance {
    /// The five custodians.
    pub custodians: Custodians,
    /// What has been proposed.
    pub treaties: Vec<TreatyEvidence>,
}

impl Governance for RecordedGovernance {
    fn evidence(&self, offer: &Digest) -> Result<Option<TreatyEvidence>, GovernanceSilent> {
        Ok(self
            .treaties
            .iter()
            .find(|held| held.proposal.offer() == offer)
            .cloned())
    }

    fn custodians(&self) -> Result<Custodians, GovernanceSilent> {
        Ok(self.custodians.clone())
    }
}

/// Proof that a treaty about an offer is ratified and counter-signed. Only [`ratify`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RatifiedTreaty {
    proposal: String,
    offer: Digest,
    custody: CustodyProof,
}

/// A treaty is not ratified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the treaty is not ratified")]
pub struct NotRatified;

/// What custodians sign: SHA-256 over the canonical JSON of the proposal's name and its offer.
#[must_use]
pub fn treaty_digest(proposal: &Proposal) -> Option<Digest> {
    let signed = serde_json::json!({
        "proposal_id": proposal.id(),
        "binding_offer_hash": proposal.offer(),
    });
    Digest::of_canonical(&signed).ok()
}

/// Asks governance whether an offer is ratified. Whatever is missing, unknown or silent refuses.
///
/// # Errors
/// [`NotRatified`].
pub fn ratify(governance: &dyn Governance, offer: &Digest) -> Result<RatifiedTreaty, NotRatified> {
    let evidence = governance
        .evidence(offer)
        .ok()
        .flatten()
        .ok_or(NotRatified)?;
    let custodians = governance.custodians().map_err(|_| NotRatified)?;
    let TreatyEvidence {
        proposal,
        signatures,
    } = evidence;
    if proposal.offer() != offer || proposal.state() != ProposalState::Ratified {
        return Err(NotRatified);
    }
    let digest = treaty_digest(&proposal).ok_or(NotRatified)?;
    let custody = custodians
        .verify(digest, &signatures)
        .map_err(|_| NotRatified)?;
    Ok(RatifiedTreaty {
        proposal: proposal.id().to_owned(),
        offer: *offer,
        custody,
    })
}

impl RatifiedTreaty {
    /// The proposal that was ratified.
    #[must_use]
    pub fn proposal(&self) -> &str {
        &self.proposal
    }

    /// The offer that it is about.
    #[must_use]
    pub const fn offer(&self) -> &Digest {
        &self.offer
    }

    /// Who counter-signed.
    #[must_use]
    pub const fn custody(&self) -> &CustodyProof {
        &self.custody
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::{
        custody::tests::{custodians, signature},
        moment::Moment,
        proposal::Transition,
    };

    pub(crate) fn evidence(offer: Digest, up_to: usize, signers: &[u8]) -> RecordedGovernance {
        let mut proposal = Proposal::draft("p1", offer);
        let path = [
            ProposalState::Submitted,
            ProposalState::Review,
            ProposalState::Voting,
            ProposalState::Ratified,
            ProposalState::Superseded,
        ];
        for to in &path[..up_to] {
            let step = Transition {
                proposal_id: "p1".into(),
                from: proposal.state(),
                to: *to,
                t_snap: Moment::EPOCH,
            };
            proposal.apply(step).unwrap();
        }
        let digest = treaty_digest(&proposal).unwrap();
        let signatures = signers.iter().map(|n| signature(*n, &digest)).collect();
        RecordedGovernance {
            custodians: custodians(),
            treaties: vec![TreatyEvidence {
                proposal,
                signatures,
            }],
        }
    }

    #[test]
    fn only_a_ratified_and_countersigned_offer_passes() {
        let offer = Digest::of(b"offer");
        let treaty = ratify(&evidence(offer, 4, &[0, 2, 4]), &offer).unwrap();
        assert_eq!(
            (treaty.proposal(), treaty.custody().signers().len()),
            ("p1", 3)
        );
        for up_to in [0, 1, 2, 3, 5] {
            assert_eq!(
                ratify(&evidence(offer, up_to, &[0, 2, 4]), &offer),
                Err(NotRatified)
            );
        }
        assert_eq!(
            ratify(&evidence(offer, 4, &[0, 2]), &offer),
            Err(NotRatified)
        );
        assert_eq!(
            ratify(&evidence(offer, 4, &[0, 2, 4]), &Digest::ZERO),
            Err(NotRatified)
        );
        assert_eq!(ratify(&NoGovernance, &offer), Err(NotRatified));
    }

    #[test]
    fn the_policy_names_schemas() {
        let policy = TreatyPolicy::new(vec!["ext:foo/v2".into(), "state:*".into()]);
        for (id, treaty) in [
            ("ext:foo/v2", true),
            ("ext:foo/v22", false),
            ("state:x", true),
        ] {
            assert_eq!(policy.asks_for(&id.parse().unwrap()), treaty, "{id}");
        }
    }
}
