//! Treaties: bound when they are ratified, and not before.

use kiri_ioh::{
    custody::{Custodians, CustodySignature},
    digest::Digest,
    gateway::{Gateway, Settings},
    keys::{Algorithm, PublicKey},
    ledger::{Kind, verify_entries},
    proposal::{Proposal, ProposalState, Transition},
    reason::ReasonCode,
    store::MemoryStore,
    store::Store as _,
    treaty::{NoGovernance, RecordedGovernance, TreatyEvidence, TreatyPolicy, treaty_digest},
};
use std::collections::BTreeMap;

use crate::{
    peer::{bind_request, descriptor, entropy, fetched, ledger_key, negotiated, now, settings},
    phases::reason,
};

/// Five custodians, and a proposal about an offer at some state with some of their signatures.
fn governance(offer: Digest, steps: usize, signers: u8) -> RecordedGovernance {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    use ed25519_dalek::{Signer as _, SigningKey};
    let key = |n: u8| SigningKey::from_bytes(&[n + 100; 32]);
    let name = |n: u8| format!("custodian-{n}");
    let public = |n: u8| PublicKey::ed25519(&name(n), key(n).verifying_key().as_bytes()).unwrap();
    let custodians: BTreeMap<_, _> = (0..5).map(|n| (name(n), public(n))).collect();
    let mut proposal = Proposal::draft("p-1", offer);
    use ProposalState::{Ratified, Review, Submitted, Voting};
    for to in [Submitted, Review, Voting, Ratified]
        .into_iter()
        .take(steps)
    {
        let (proposal_id, from) = ("p-1".into(), proposal.state());
        proposal
            .apply(Transition {
                proposal_id,
                from,
                to,
                t_snap: now(),
            })
            .unwrap();
    }
    let digest = treaty_digest(&proposal).unwrap();
    let signatures = (0..signers)
        .map(|n| CustodySignature {
            custodian_id: name(n),
            sig_bytes: URL_SAFE_NO_PAD.encode(key(n).sign(digest.as_bytes()).to_bytes()),
            alg: Algorithm::Ed25519,
        })
        .collect();
    RecordedGovernance {
        custodians: Custodians::new(custodians).unwrap(),
        treaties: vec![TreatyEvidence {
            proposal,
            signatures,
        }],
    }
}

#[test]
fn a_treaty_is_bound_only_when_it_is_ratified() {
    let settings = || Settings {
        treaties: TreatyPolicy::new(vec!["ext:foo/*".into()]),
        ..settings()
    };
    let silent = Gateway::new(MemoryStore::new(), NoGovernance, settings(), ledger_key());
    let (id, offer) = negotiated(&silent, 0);
    let (request, body) = (bind_request(&id, &offer), fetched(&descriptor()));
    let refused = silent.bind(&request, Ok(&body), now(), &entropy(3));
    assert_eq!(reason(refused), ReasonCode::TreatyNotRatified);
    for (steps, signers) in [(3, 3), (4, 2), (0, 5)] {
        let governed = Gateway::new(
            MemoryStore::new(),
            governance(offer, steps, signers),
            settings(),
            ledger_key(),
        );
        negotiated(&governed, 0);
        let refused = governed.bind(&request, Ok(&body), now(), &entropy(3));
        assert_eq!(reason(refused), ReasonCode::TreatyNotRatified);
        assert_eq!(governed.store().entries(0, 100).unwrap().len(), 2);
    }
    let governed = Gateway::new(
        MemoryStore::new(),
        governance(offer, 4, 3),
        settings(),
        ledger_key(),
    );
    negotiated(&governed, 0);
    governed
        .bind(&request, Ok(&body), now(), &entropy(3))
        .unwrap();
    let entries = governed.store().entries(0, 100).unwrap();
    let kinds: Vec<_> = entries.iter().map(|entry| entry.record.kind).collect();
    assert_eq!(
        kinds,
        [Kind::Announced, Kind::Negotiated, Kind::Treaty, Kind::Bound]
    );
    verify_entries(&entries, ledger_key().public()).unwrap();
    let signals = governed.store().outbox(10).unwrap();
    assert_eq!(signals[1].kind, "treaty.ratified");
}
