//! IOH-01 and NUR-01: offers, signatures, descriptors, treaties, the ledger, and whole handshakes.

mod walk;

use kiri_ioh::{
    ack,
    address::{Address, Reach},
    custody::{Custodians, CustodySignature},
    descriptor::{self, Fetched, Unfetched},
    digest::Digest,
    ids::{SchemaId, SchemaVersion},
    json,
    keys::{KeySet, PublicKey},
    ledger::verify_export,
    message::{self, Freshness, Request},
    moment::Moment,
    offer::BindingOffer,
    proposal::{Applied, Proposal, Transition},
    registry::{Registry, Reserved, Resolution},
    translation::Translations,
};
use serde::Deserialize;
use serde_json::{Value, json as value};

use super::{Input, OpError, refused};

pub(super) use walk::walk;

pub(super) fn offer(input: &Input<'_>) -> Result<Value, OpError> {
    let offer: BindingOffer = input.given()?;
    let text = String::from_utf8(json::canonical(&offer).map_err(refused)?).map_err(refused)?;
    Ok(value!({"canonical": text, "hash": offer.hash().map_err(refused)?}))
}

pub(super) fn address(input: &Input<'_>) -> Result<Value, OpError> {
    #[derive(Deserialize)]
    struct Given {
        uri: String,
        #[serde(default)]
        resolves_to: Vec<core::net::IpAddr>,
        #[serde(default)]
        loopback: bool,
    }
    let given: Given = input.given()?;
    let reach = if given.loopback {
        Reach::Loopback
    } else {
        Reach::Public
    };
    let asked = Address::parse(&given.uri, reach)
        .is_ok_and(|address| given.resolves_to.iter().all(|ip| address.may_connect(*ip)));
    Ok(value!({"asked": asked}))
}

pub(super) fn descriptor(input: &Input<'_>) -> Result<Value, OpError> {
    #[derive(Deserialize)]
    struct Given {
        schema_id: SchemaId,
        version: SchemaVersion,
        namespace_uri: String,
        answer: Option<Answer>,
        #[serde(default)]
        registered: Vec<(String, String)>,
    }
    #[derive(Deserialize)]
    struct Answer {
        status: u16,
        content_type: Option<String>,
        body: String,
    }
    let given: Given = input.given()?;
    let fetched = given.answer.map(|answer| Fetched {
        status: answer.status,
        content_type: answer.content_type,
        body: answer.body.into_bytes(),
    });
    let mut registry = Registry::reserved();
    for (prefix, base) in &given.registered {
        registry = registry.with(prefix, base).map_err(refused)?;
    }
    let Given {
        schema_id,
        version,
        namespace_uri,
        ..
    } = given;
    let fetched = fetched.as_ref().ok_or(Unfetched);
    Ok(
        match descriptor::resolve(
            &schema_id,
            &version,
            &namespace_uri,
            fetched,
            &registry,
            &Reserved::default(),
        ) {
            Ok(proof) => value!({"resolved": true, "descriptor_digest": proof.digest()}),
            Err(reason) => {
                value!({"resolved": false, "reason_code": reason, "invariant": reason.invariant()})
            }
        },
    )
}

pub(super) fn acknowledgement(input: &Input<'_>) -> Result<Value, OpError> {
    #[derive(Deserialize)]
    struct Given {
        ack_signature: String,
        binding_offer_hash: Digest,
        jwks: Value,
    }
    let given: Given = input.given()?;
    let keys = KeySet::parse(&given.jwks).map_err(refused)?;
    let kid = ack::verify(&given.ack_signature, &given.binding_offer_hash, &keys)
        .ok()
        .map(|ack| ack.key().kid().to_owned());
    Ok(value!({"verified": kid.is_some(), "kid": kid}))
}

pub(super) fn signature(input: &Input<'_>) -> Result<Value, OpError> {
    #[derive(Deserialize)]
    struct Given {
        method: String,
        scheme: String,
        authority: String,
        path: String,
        query: Option<String>,
        headers: Vec<(String, String)>,
        body: String,
        key: PublicKey,
        now: Moment,
    }
    let given: Given = input.given()?;
    let request = Request {
        method: &given.method,
        scheme: &given.scheme,
        authority: &given.authority,
        path: &given.path,
        query: given.query.as_deref(),
        headers: &given.headers,
        body: given.body.as_bytes(),
    };
    let verified = message::verify(&request, &given.key, &[], given.now, Freshness::STANDARD);
    Ok(value!({"verified": verified.is_ok()}))
}

pub(super) fn translations(input: &Input<'_>) -> Result<Value, OpError> {
    #[derive(Deserialize)]
    struct Given {
        rows: Translations,
        schema_id: SchemaId,
    }
    let given: Given = input.given()?;
    Ok(value!({"supported_translations": given.rows.of(&given.schema_id)}))
}

pub(super) fn proposal(input: &Input<'_>) -> Result<Value, OpError> {
    #[derive(Deserialize)]
    struct Given {
        proposal_id: String,
        binding_offer_hash: Digest,
        steps: Vec<Transition>,
    }
    let given: Given = input.given()?;
    let mut proposal = Proposal::draft(&given.proposal_id, given.binding_offer_hash);
    let mut outcomes = Vec::new();
    for step in given.steps {
        outcomes.push(match proposal.apply(step) {
            Ok(Applied::Moved) => "moved",
            Ok(Applied::Replayed) => "replayed",
            Err(_) => "refused",
        });
        proposal = input.between(proposal)?;
    }
    Ok(value!({"outcomes": outcomes, "state": proposal.state()}))
}

pub(super) fn custody(input: &Input<'_>) -> Result<Value, OpError> {
    #[derive(Deserialize)]
    struct Given {
        custodians: Custodians,
        digest: Digest,
        signatures: Vec<CustodySignature>,
    }
    let given: Given = input.given()?;
    Ok(
        match given.custodians.verify(given.digest, &given.signatures) {
            Ok(proof) => value!({"quorum": true, "signers": proof.signers().len()}),
            Err(short) => value!({"quorum": false, "signers": short.found}),
        },
    )
}

pub(super) fn ledger(input: &Input<'_>) -> Result<Value, OpError> {
    #[derive(Deserialize)]
    struct Given {
        export: String,
        key: PublicKey,
    }
    let given: Given = input.given()?;
    Ok(match verify_export(given.export.as_bytes(), &given.key) {
        Ok((_, checkpoint)) => value!({"whole": true, "size": checkpoint.size}),
        Err(broken) => value!({"whole": false, "seq": broken.seq}),
    })
}

pub(super) fn registry(input: &Input<'_>) -> Result<Value, OpError> {
    #[derive(Deserialize)]
    struct Given {
        document: Value,
        #[serde(default)]
        after: Option<Registry>,
    }
    let given: Given = input.given()?;
    let read: Option<Registry> = serde_json::from_value(given.document).ok();
    let accepted = read.and_then(|registry| match given.after {
        Some(before) => before.succeeded_by(registry).ok(),
        None => Some(registry),
    });
    Ok(value!({"accepted": accepted.is_some()}))
}

pub(super) fn resolve(input: &Input<'_>) -> Result<Value, OpError> {
    #[derive(Deserialize)]
    struct Given {
        id: String,
        document: Registry,
    }
    let given: Given = input.given()?;
    Ok(match given.document.resolve(&given.id) {
        Resolution::Address(address) => value!({"address": address}),
        Resolution::Opaque(id) => value!({"opaque": id}),
    })
}
