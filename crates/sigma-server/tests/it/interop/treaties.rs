//! A treaty is bound only once its file of governance says that it is ratified.

use super::world::{Peer, World, now, settings};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ed25519_dalek::{Signer as _, SigningKey};
use kiri_ioh::{
    custody::{Custodians, CustodySignature},
    digest::Digest,
    gateway,
    keys::{Algorithm, PublicKey},
    ledger::Kind,
    proposal::{Proposal, ProposalState as At, Transition},
    store::Store as _,
    treaty::{RecordedGovernance, TreatyEvidence, TreatyPolicy, treaty_digest},
};
use sigma_server::interop::{FileGovernance, Options, client::Client};
use std::{collections::BTreeMap, fs};
use tempfile::TempDir;

fn custodian(n: u8) -> SigningKey {
    SigningKey::from_bytes(&[100 + n; 32])
}

/// Governance in which an offer was ratified and `signers` custodians signed.
fn ratified(offer: Digest, signers: u8) -> RecordedGovernance {
    let mut proposal = Proposal::draft("p-1", offer);
    let steps = [
        At::Draft,
        At::Submitted,
        At::Review,
        At::Voting,
        At::Ratified,
    ];
    for step in steps.windows(2) {
        let step = Transition {
            proposal_id: "p-1".into(),
            from: step[0],
            to: step[1],
            t_snap: now(),
        };
        proposal.apply(step).unwrap();
    }
    let digest = treaty_digest(&proposal).unwrap();
    let signature = |n| CustodySignature {
        custodian_id: format!("c-{n}"),
        sig_bytes: URL_SAFE_NO_PAD.encode(custodian(n).sign(digest.as_bytes()).to_bytes()),
        alg: Algorithm::Ed25519,
    };
    let public = |n: u8| {
        let (name, key) = (format!("c-{n}"), custodian(n).verifying_key());
        (
            name.clone(),
            PublicKey::ed25519(&name, key.as_bytes()).unwrap(),
        )
    };
    let custodians: BTreeMap<_, _> = (0..5).map(public).collect();
    RecordedGovernance {
        custodians: Custodians::new(custodians).unwrap(),
        treaties: vec![TreatyEvidence {
            proposal,
            signatures: (0..signers).map(signature).collect(),
        }],
    }
}

#[tokio::test]
async fn a_treaty_binds_once_the_file_of_governance_says_so() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("governance.json");
    let settings = gateway::Settings {
        treaties: TreatyPolicy::new(vec!["ext:foo/*".into()]),
        ..settings()
    };
    let world = World::governed(
        Options::default(),
        settings,
        FileGovernance::from_file(&file),
    );
    let (client, peer) = (
        Client::new(&world.serve().await).unwrap(),
        Peer::new().await,
    );
    let (id, offer) = peer.negotiated(&client).await;
    let write = |governance| fs::write(&file, serde_json::to_vec(&governance).unwrap()).unwrap();
    let refused = async |why: &str| {
        let refused = client
            .bind(&id, &offer, &peer.key)
            .await
            .unwrap_err()
            .to_string();
        assert!(
            refused.contains("422 treaty_not_ratified"),
            "{why}: {refused}"
        );
    };
    refused("there is no file").await;
    fs::write(&file, "{").unwrap();
    refused("the file cannot be read").await;
    write(ratified(Digest::of(b"another"), 3));
    refused("another offer was ratified").await;
    write(ratified(offer, 2));
    refused("two of five signed").await;
    write(ratified(offer, 3));
    client.bind(&id, &offer, &peer.key).await.unwrap();
    let entries = world.interop.gateway().store().entries(0, 10).unwrap();
    let kinds: Vec<_> = entries.iter().map(|entry| entry.record.kind).collect();
    assert_eq!(
        kinds,
        [Kind::Announced, Kind::Negotiated, Kind::Treaty, Kind::Bound]
    );
}
