//! The guard of routes that are not the handshake's own.

use kiri_ioh::{
    gateway::{Gateway, SCHEMA_VERSION_HEADER, Settings},
    ids::BindToken,
    message::Unsigned,
    reason::ReasonCode,
    registry::Reserved,
    store::MemoryStore,
    treaty::NoGovernance,
};
use serde_json::json;

use crate::{
    peer::{SEED, Sent, bound, entropy, envelope, gateway, ledger_key, now, settings},
    phases::{is_conflict, reason},
};

#[test]
fn a_guarded_route_takes_a_signed_versioned_request_once() {
    let reserved = Reserved {
        prefixes: vec!["acme".into()],
        ..Reserved::default()
    };
    let settings = Settings {
        reserved,
        ..settings()
    };
    let gateway = Gateway::new(MemoryStore::new(), NoGovernance, settings, ledger_key());
    let (_, token) = bound(&gateway, 0);
    let version = [(SCHEMA_VERSION_HEADER, "2.1.0")];
    let sent = |more: &[(&str, &str)], nonce: &str| {
        Sent::with(
            &token,
            &json!({"messages": []}),
            more,
            (&SEED, nonce),
            now(),
        )
    };
    let guarded = gateway
        .guard(&sent(&version, "a").request(), now())
        .unwrap();
    assert_eq!(
        guarded.ledger_entry,
        format!("kiri:interop/{token}#message-1")
    );
    assert!(is_conflict(
        gateway.guard(&sent(&version, "a").request(), now())
    ));
    gateway
        .guard(&sent(&version, "b").request(), now())
        .unwrap();
    let refused = |sent: &Sent| reason(gateway.guard(&sent.request(), now()));
    assert_eq!(
        refused(&sent(&[(SCHEMA_VERSION_HEADER, "3")], "c")),
        ReasonCode::NoTranslation
    );
    assert_eq!(
        refused(&sent(&[(SCHEMA_VERSION_HEADER, "")], "c")),
        ReasonCode::SchemaVersionMissing
    );
    assert_eq!(refused(&sent(&version, "")), ReasonCode::SignatureInvalid);
    assert_eq!(refused(&sent(&[], "c")), ReasonCode::SchemaVersionMissing);
    for ours in ["kiri:system/governance", "KIRI:x", "acme:m"] {
        assert_eq!(
            refused(&sent(&version, ours)),
            ReasonCode::IdentifierRewrite
        );
    }
    let mut added = sent(&[], "d");
    added
        .headers
        .push((SCHEMA_VERSION_HEADER.into(), "2.1.0".into()));
    assert_eq!(refused(&added), ReasonCode::SignatureInvalid);
}

#[test]
fn a_guarded_body_is_read_for_those_alone_who_signed_its_head() {
    let gateway = gateway();
    let (_, token) = bound(&gateway, 0);
    let body = json!({"messages": []});
    let version = [(SCHEMA_VERSION_HEADER, "2.1.0")];
    let sent = |seed| Sent::with(&token, &body, &version, (seed, "a"), now());
    let said = |sent: &Sent, at| reason(gateway.admit(&sent.request(), at));
    let mut own = sent(&SEED);
    let stale = now().after(3_600_000);
    assert_eq!(said(&own, stale), ReasonCode::SignatureInvalid);
    assert_eq!(said(&sent(&[9; 32]), now()), ReasonCode::SignatureInvalid);
    own.body.clear();
    gateway.admit(&own.request(), now()).unwrap();
    let other = gateway.guard(&own.request(), now());
    assert_eq!(reason(other), ReasonCode::SignatureInvalid);
    own.headers.retain(|(name, _)| name != "signature-input");
    assert_eq!(said(&own, now()), ReasonCode::SignatureInvalid);
    let nobody = BindToken::from_entropy(&entropy(99));
    let stranger = Sent::with(&nobody, &body, &version, (&SEED, "a"), now());
    assert_eq!(said(&stranger, now()), ReasonCode::BindingUnknown);
}

#[test]
fn unsigned_requests_pass_only_where_that_was_chosen() {
    let unsigned = Some(Unsigned::accept_that_anybody_can_speak_for_a_bound_system());
    let settings = Settings {
        unsigned,
        ..settings()
    };
    let gateway = Gateway::new(MemoryStore::new(), NoGovernance, settings, ledger_key());
    let (_, token) = bound(&gateway, 0);
    let mut sent = Sent::signed(&token, &envelope("m", ""), &SEED, now());
    sent.headers.truncate(1);
    gateway.operate(&sent.request(), now()).unwrap();
}
