//! An outside system, as the tests play it.

use ed25519_dalek::SigningKey;
use kiri_ioh::{
    ack,
    descriptor::Fetched,
    digest::Digest,
    gateway::{Gateway, Settings},
    ids::{BindToken, Entropy, NegotiationId},
    keys::PublicKey,
    ledger::LedgerKey,
    message::{self, Request},
    moment::Moment,
    store::{MemoryStore, Store},
    translation::{Row, Translations},
    treaty::{Governance, NoGovernance},
    wire::{AnnounceRequest, BindRequest, NegotiateRequest},
};
use serde_json::{Value, json};

pub(crate) const SEED: [u8; 32] = [2; 32];
pub(crate) const KID: &str = "foo-1";

pub(crate) fn now() -> Moment {
    "2026-11-20T10:00:00Z".parse().unwrap()
}

/// Different random bytes for every number.
pub(crate) fn entropy(n: u64) -> Entropy {
    let mut bytes = [0; 20];
    bytes[..8].copy_from_slice(&n.to_be_bytes());
    bytes
}

pub(crate) fn ledger_key() -> LedgerKey {
    LedgerKey::from_seed("runtime-1", &[1; 32]).unwrap()
}

pub(crate) fn settings() -> Settings {
    let rows = vec![Row {
        from: "ext:*".into(),
        to: "kiri:agent.v1".parse().unwrap(),
    }];
    Settings {
        translations: Translations::new(rows),
        ..Settings::default()
    }
}

pub(crate) fn gateway() -> Gateway<MemoryStore, NoGovernance> {
    Gateway::new(MemoryStore::new(), NoGovernance, settings(), ledger_key())
}

pub(crate) fn announcement() -> AnnounceRequest {
    AnnounceRequest {
        schema_id: "ext:foo/v2".parse().unwrap(),
        namespace_uri: "https://foo.example/ns".into(),
        version: "2.1.0".parse().unwrap(),
        contact: "ops@foo.example".into(),
    }
}

pub(crate) fn public_key() -> PublicKey {
    let public = SigningKey::from_bytes(&SEED).verifying_key();
    PublicKey::ed25519(KID, public.as_bytes()).unwrap()
}

pub(crate) fn descriptor() -> Value {
    json!({"@context": "https://schema.org", "@id": "ext:foo/v2", "version": "2.1.0",
           "jwks": {"keys": [public_key()]}})
}

pub(crate) fn fetched(descriptor: &Value) -> Fetched {
    Fetched {
        status: 200,
        content_type: Some("application/ld+json".into()),
        body: descriptor.to_string().into_bytes(),
    }
}

pub(crate) fn negotiate_request(id: &NegotiationId) -> NegotiateRequest {
    NegotiateRequest {
        negotiation_id: id.clone(),
    }
}

pub(crate) fn bind_request(id: &NegotiationId, offer: &Digest) -> BindRequest {
    BindRequest {
        negotiation_id: id.clone(),
        ack_signature: ack::acknowledge(offer, KID, &SEED),
    }
}

/// A signed request, ready to be looked at.
#[derive(Clone)]
pub(crate) struct Sent {
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Sent {
    pub(crate) fn signed(token: &BindToken, body: &Value, seed: &[u8; 32], at: Moment) -> Self {
        Self::with(token, body, &[], (seed, "n-1"), at)
    }

    pub(crate) fn with(
        token: &BindToken,
        body: &Value,
        more: &[(&str, &str)],
        (seed, nonce): (&[u8; 32], &str),
        at: Moment,
    ) -> Self {
        let body = body.to_string().into_bytes();
        let mut headers = vec![
            (message::BIND_HEADER.to_owned(), token.to_string()),
            ("content-digest".to_owned(), message::content_digest(&body)),
        ];
        headers.extend(more.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())));
        let also: Vec<&str> = more.iter().map(|(name, _)| *name).collect();
        let mut sent = Self {
            path: "/x".into(),
            headers,
            body,
        };
        let (input, signature) =
            message::sign(&sent.request(), &also, (KID, seed), at, nonce).unwrap();
        sent.headers.push(("signature-input".into(), input));
        sent.headers.push(("signature".into(), signature));
        sent
    }

    pub(crate) fn request(&self) -> Request<'_> {
        Request {
            method: "POST",
            scheme: "https",
            authority: "kiri.example",
            path: &self.path,
            query: None,
            headers: &self.headers,
            body: &self.body,
        }
    }
}

pub(crate) fn envelope(id: &str, payload: &str) -> Value {
    json!({"schema_id": "ext:foo/v2", "version": "2.1.0", "id": id, "payload": payload})
}

pub(crate) fn dissolution(token: &BindToken, reason: &str) -> Value {
    json!({"bind_token": token, "reason": reason})
}

/// Walks up to NEGOTIATE.
pub(crate) fn negotiated<S: Store, G: Governance>(
    gateway: &Gateway<S, G>,
    n: u64,
) -> (NegotiationId, Digest) {
    let announced = gateway
        .announce(&announcement(), now(), &entropy(n), &entropy(n + 1))
        .unwrap();
    let id = announced.negotiation_id;
    let offered = gateway
        .negotiate(&negotiate_request(&id), Ok(&fetched(&descriptor())), now())
        .unwrap();
    (id, offered.binding_offer_hash)
}

/// Walks up to BIND.
pub(crate) fn bound<S: Store, G: Governance>(
    gateway: &Gateway<S, G>,
    n: u64,
) -> (NegotiationId, BindToken) {
    let (id, offer) = negotiated(gateway, n);
    let request = bind_request(&id, &offer);
    let fetched = fetched(&descriptor());
    let bound = gateway
        .bind(&request, Ok(&fetched), now(), &entropy(n + 2))
        .unwrap();
    (id, bound.bind_token)
}
