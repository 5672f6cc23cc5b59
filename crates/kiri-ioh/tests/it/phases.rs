//! Each phase, each reason for which it is refused, and each retry.

use kiri_ioh::{
    descriptor::Unfetched,
    digest::Digest,
    gateway::{Denied, Gateway, Next, Settings},
    ids::{BindToken, NegotiationId},
    ledger::verify_entries,
    moment::Moment,
    offer::{BindingOffer, SPEC},
    reason::{Invariant, Phase, ReasonCode},
    registry::{Registry, Reserved},
    store::{MemoryStore, Store},
    treaty::NoGovernance,
    wire::BindRequest,
};
use serde_json::json;

use crate::peer::{
    KID, SEED, Sent, announcement, bind_request, bound, descriptor, dissolution, entropy, envelope,
    fetched, gateway, ledger_key, negotiate_request, negotiated, now, settings,
};

/// The reason of a refusal.
pub(crate) fn reason<T: std::fmt::Debug>(result: Result<T, Denied>) -> ReasonCode {
    match result {
        Err(Denied::Refused(refusal) | Denied::Unproven(refusal, _)) => refusal.reason_code,
        other => panic!("not refused: {other:?}"),
    }
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "results come straight from a call"
)]
pub(crate) fn is_conflict<T>(result: Result<T, Denied>) -> bool {
    matches!(result, Err(Denied::ConflictingReplay(_)))
}

#[test]
fn the_five_steps_leave_five_records_and_two_signals() {
    let gateway = gateway();
    let (id, token) = bound(&gateway, 0);
    let sent = Sent::signed(&token, &envelope("m-1", "hello"), &SEED, now());
    let accepted = gateway.operate(&sent.request(), now()).unwrap();
    assert_eq!(
        accepted.response.translations[0].to_string(),
        "ext:foo/v2 → kiri:agent.v1"
    );
    let sent = Sent::signed(&token, &dissolution(&token, "done"), &SEED, now());
    let sealed = gateway
        .dissolve(&sent.request(), now(), &entropy(9))
        .unwrap();
    assert_eq!(sealed.ledger_entry, format!("kiri:interop/{token}#sealed"));

    let entries = gateway.store().entries(0, 100).unwrap();
    let ids: Vec<_> = entries
        .iter()
        .map(|entry| entry.record.entry_id.clone())
        .collect();
    let subject = |id: &str, part: &str| format!("kiri:interop/{id}{part}");
    assert_eq!(
        ids,
        [
            subject(id.as_str(), ""),
            subject(id.as_str(), "#negotiated"),
            subject(token.as_str(), ""),
            subject(token.as_str(), "#message-1"),
            subject(token.as_str(), "#sealed"),
        ]
    );
    let projection = verify_entries(&entries, ledger_key().public()).unwrap();
    assert_eq!(
        projection.handshakes()[&id],
        gateway.store().handshake(&id).unwrap().unwrap()
    );
    let signals = gateway.store().outbox(10).unwrap();
    let kinds: Vec<_> = signals.iter().map(|signal| signal.kind.as_str()).collect();
    assert_eq!(kinds, ["handshake.opened", "bridge.transfer"]);
    gateway.store().delivered(&signals[0].id).unwrap();
    assert_eq!(gateway.store().outbox(10).unwrap(), signals[1..]);
}

#[test]
fn every_permutation_that_is_not_the_order_is_refused() {
    #[derive(Clone, Copy, PartialEq, Debug)]
    enum Step {
        Negotiate,
        Bind,
        Operate,
        Dissolve,
    }
    use Step::{Bind, Dissolve, Negotiate, Operate};
    let steps = [Negotiate, Bind, Operate, Dissolve];
    let mut orders = vec![Vec::new()];
    for _ in steps {
        orders = orders
            .into_iter()
            .flat_map(|order: Vec<Step>| {
                steps.into_iter().filter_map(move |step| {
                    let next = [order.clone(), vec![step]].concat();
                    (!order.contains(&step)).then_some(next)
                })
            })
            .collect();
    }
    assert_eq!(orders.len(), 24);
    for order in orders {
        let gateway = gateway();
        let announced = gateway
            .announce(&announcement(), now(), &entropy(1), &entropy(2))
            .unwrap();
        let id = announced.negotiation_id;
        // A peer that has not been answered can only guess.
        let (mut offer, mut token) = (Digest::ZERO, BindToken::from_entropy(&entropy(99)));
        let mut passed = 0;
        for step in &order {
            let fetched = fetched(&descriptor());
            let refusal = match step {
                Negotiate => gateway
                    .negotiate(&negotiate_request(&id), Ok(&fetched), now())
                    .map(|answer| offer = answer.binding_offer_hash),
                Bind => gateway
                    .bind(&bind_request(&id, &offer), Ok(&fetched), now(), &entropy(3))
                    .map(|answer| token = answer.bind_token),
                Operate => {
                    let sent = Sent::signed(&token, &envelope("m", ""), &SEED, now());
                    gateway.operate(&sent.request(), now()).map(|_| ())
                }
                Dissolve => {
                    let sent = Sent::signed(&token, &dissolution(&token, ""), &SEED, now());
                    gateway
                        .dissolve(&sent.request(), now(), &entropy(4))
                        .map(|_| ())
                }
            };
            // A binding may end without a message.
            let in_turn = match step {
                Negotiate => passed == 0,
                Bind => passed == 1,
                Operate | Dissolve => passed == 2,
            };
            assert_eq!(refusal.is_ok(), in_turn, "{order:?} {step:?}: {refusal:?}");
            if in_turn && *step != Operate {
                passed += 1;
            }
        }
        let entries = gateway.store().entries(0, 100).unwrap();
        verify_entries(&entries, ledger_key().public()).unwrap();
    }
}

#[test]
fn the_peer_can_rebuild_the_offer() {
    let gateway = gateway();
    let announced = gateway
        .announce(&announcement(), now(), &entropy(1), &entropy(2))
        .unwrap();
    let request = negotiate_request(&announced.negotiation_id);
    let body = fetched(&descriptor());
    let answer = gateway.negotiate(&request, Ok(&body), now()).unwrap();
    let announcement = announcement();
    let rebuilt = BindingOffer {
        spec: SPEC.into(),
        negotiation_id: announced.negotiation_id,
        schema_id: announcement.schema_id,
        namespace_uri: announcement.namespace_uri,
        version: announcement.version,
        contact: announcement.contact,
        expires_at: announced.expires_at,
        supported_translations: answer.supported_translations,
        required_invariants: answer.required_invariants,
        registry_version: Registry::reserved().version(),
        descriptor_digest: Digest::of(&body.body),
    };
    assert_eq!(rebuilt.hash().unwrap(), answer.binding_offer_hash);
}

#[test]
fn retries_get_the_stored_answer_and_other_content_is_a_conflict() {
    let gateway = gateway();
    let (id, offer) = negotiated(&gateway, 0);
    let later = now().after(1000);
    // The namespace is not even fetched for a retry.
    let again = gateway
        .negotiate(&negotiate_request(&id), Err(Unfetched), later)
        .unwrap();
    assert_eq!(again.binding_offer_hash, offer);
    let answered = gateway
        .before_negotiate(&negotiate_request(&id), later)
        .unwrap();
    assert_eq!(answered, Next::Answered(again));

    let (request, body) = (bind_request(&id, &offer), fetched(&descriptor()));
    assert!(matches!(
        gateway.before_bind(&request, later).unwrap(),
        Next::Fetch(_)
    ));
    let first = gateway
        .bind(&request, Ok(&body), now(), &entropy(3))
        .unwrap();
    let retry = gateway
        .bind(&request, Ok(&body), later, &entropy(4))
        .unwrap();
    assert_eq!(first, retry);
    assert_eq!(
        gateway.before_bind(&request, later).unwrap(),
        Next::Answered(retry)
    );
    let other = BindRequest {
        ack_signature: format!("{}A", request.ack_signature),
        ..request
    };
    assert!(is_conflict(gateway.bind(
        &other,
        Ok(&body),
        later,
        &entropy(5)
    )));

    let token = first.bind_token;
    let message = |text| Sent::signed(&token, &envelope("m-1", text), &SEED, now());
    let first = gateway.operate(&message("a").request(), now()).unwrap();
    let retry = gateway.operate(&message("a").request(), later).unwrap();
    assert_eq!((first.repeated, retry.repeated), (false, true));
    assert_eq!(first.response, retry.response);
    assert!(is_conflict(gateway.operate(&message("b").request(), later)));

    let end = |why| Sent::signed(&token, &dissolution(&token, why), &SEED, now());
    let first = gateway
        .dissolve(&end("done").request(), now(), &entropy(6))
        .unwrap();
    let retry = gateway
        .dissolve(&end("done").request(), later, &entropy(7))
        .unwrap();
    assert_eq!(first, retry);
    assert!(is_conflict(gateway.dissolve(
        &end("other").request(),
        later,
        &entropy(8)
    )));
    assert_eq!(gateway.store().entries(0, 100).unwrap().len(), 5);
}

#[test]
fn announcements_that_would_absorb_or_cannot_be_asked_are_refused() {
    let gateway = gateway();
    let announce = |schema: &str, uri: &str| {
        let mut request = announcement();
        request.schema_id = schema.parse().unwrap();
        request.namespace_uri = uri.into();
        reason(gateway.announce(&request, now(), &entropy(1), &entropy(2)))
    };
    let (fine, ns) = ("ext:foo/v2", "https://foo.example/ns");
    for schema in [
        "kiri:agent.v1",
        "interop:x",
        "swarm:x",
        "treasury:x",
        "melega:x",
        "Kiri:x",
    ] {
        assert_eq!(
            announce(schema, ns),
            ReasonCode::IdentifierRewrite,
            "{schema}"
        );
    }
    let ours = "https://docs.melega.ai/registry/kiri/mine/";
    assert_eq!(announce(fine, ours), ReasonCode::IdentifierRewrite);
    for uri in [
        "http://foo.example/ns",
        "https://127.0.0.1/ns",
        "https://u@foo.example/",
        "x",
    ] {
        assert_eq!(
            announce(fine, uri),
            ReasonCode::NamespaceUnresolvable,
            "{uri}"
        );
    }
    assert!(gateway.store().entries(0, 1).unwrap().is_empty());
}

#[test]
fn negotiations_that_are_unknown_expired_or_unreadable_are_refused() {
    let gateway = gateway();
    let body = fetched(&descriptor());
    let stranger = NegotiationId::from_entropy(&entropy(77));
    let negotiate = |id: &NegotiationId, at: Moment| {
        reason(gateway.negotiate(&negotiate_request(id), Ok(&body), at))
    };
    assert_eq!(negotiate(&stranger, now()), ReasonCode::NegotiationUnknown);
    let announced = gateway
        .announce(&announcement(), now(), &entropy(1), &entropy(2))
        .unwrap();
    let (id, end) = (announced.negotiation_id, announced.expires_at);
    assert_eq!(end, now().after(Settings::LIFETIME));
    assert_eq!(negotiate(&id, end.after(1)), ReasonCode::NegotiationExpired);
    let unfetched = gateway.negotiate(&negotiate_request(&id), Err(Unfetched), now());
    let Err(Denied::Refused(refusal)) = unfetched else {
        panic!()
    };
    assert_eq!(refusal.reason_code, ReasonCode::NamespaceUnresolvable);
    assert_eq!(refusal.invariant, Some(Invariant::NamespaceResolvable));
    assert_eq!(refusal.phase, Phase::Negotiate);
    // The very last moment still counts, for both phases.
    let offer = gateway
        .negotiate(&negotiate_request(&id), Ok(&body), end)
        .unwrap()
        .binding_offer_hash;
    let request = bind_request(&id, &offer);
    let late = gateway.bind(&request, Ok(&body), end.after(1), &entropy(3));
    assert_eq!(reason(late), ReasonCode::NegotiationExpired);
    assert_eq!(negotiate(&id, end.after(1)), ReasonCode::NegotiationExpired);
    gateway.bind(&request, Ok(&body), end, &entropy(3)).unwrap();

    let mut request = announcement();
    request.schema_id = "other:x".parse().unwrap();
    let announced = gateway
        .announce(&request, now(), &entropy(5), &entropy(6))
        .unwrap();
    let mut other = descriptor();
    other["@id"] = json!("other:x");
    let answer = gateway.negotiate(
        &negotiate_request(&announced.negotiation_id),
        Ok(&fetched(&other)),
        now(),
    );
    assert_eq!(reason(answer), ReasonCode::NoTranslation);
}

#[test]
fn a_bind_without_the_offered_descriptor_or_the_peers_signature_is_refused() {
    let gateway = gateway();
    let (id, offer) = negotiated(&gateway, 0);
    let bind = |request: &BindRequest, descriptor: &serde_json::Value| {
        reason(gateway.bind(request, Ok(&fetched(descriptor)), now(), &entropy(3)))
    };
    let request = bind_request(&id, &offer);
    let mut changed = descriptor();
    changed["title"] = json!("new");
    assert_eq!(bind(&request, &changed), ReasonCode::OfferMismatch);
    let unnamed = json!({"@context": "x"});
    assert_eq!(bind(&request, &unnamed), ReasonCode::NamespaceUnresolvable);
    let other = bind_request(&id, &Digest::ZERO);
    assert_eq!(bind(&other, &descriptor()), ReasonCode::SignatureInvalid);
    let unknown = bind_request(&NegotiationId::from_entropy(&entropy(88)), &offer);
    assert_eq!(
        bind(&unknown, &descriptor()),
        ReasonCode::NegotiationUnknown
    );
    assert_eq!(gateway.store().entries(0, 100).unwrap().len(), 2);
    gateway
        .bind(&request, Ok(&fetched(&descriptor())), now(), &entropy(3))
        .unwrap();
    let back = gateway.negotiate(&negotiate_request(&id), Ok(&fetched(&descriptor())), now());
    assert_eq!(reason(back), ReasonCode::PhaseOutOfOrder);
}

#[test]
fn messages_are_authenticated_versioned_and_named_by_the_peer() {
    let gateway = gateway();
    let (_, token) = bound(&gateway, 0);
    let operate = |body: &serde_json::Value| {
        reason(gateway.operate(&Sent::signed(&token, body, &SEED, now()).request(), now()))
    };
    let changed = |name: &str, value: serde_json::Value| {
        let mut body = envelope("m", "");
        body[name] = value;
        body
    };
    assert_eq!(
        operate(&changed("version", json!(null))),
        ReasonCode::SchemaVersionMissing
    );
    assert_eq!(
        operate(&changed("version", json!("3"))),
        ReasonCode::NoTranslation
    );
    assert_eq!(
        operate(&changed("schema_id", json!("ext:foo/v3"))),
        ReasonCode::NoTranslation
    );
    assert_eq!(
        operate(&changed("schema_id", json!("kiri:x"))),
        ReasonCode::IdentifierRewrite
    );
    assert_eq!(
        operate(&changed("id", json!("kiri:x"))),
        ReasonCode::IdentifierRewrite
    );
    let forged = Sent::signed(&token, &envelope("m", ""), &[9; 32], now());
    let old = Sent::signed(&token, &envelope("m", ""), &SEED, now());
    let mut replaced = old.clone();
    replaced.body = envelope("m", "x").to_string().into_bytes();
    let unsigned = Sent {
        headers: old.headers[..2].to_vec(),
        ..old.clone()
    };
    for (sent, at) in [
        (&forged, now()),
        (&replaced, now()),
        (&unsigned, now()),
        (&old, now().after(300_001)),
    ] {
        assert_eq!(
            reason(gateway.operate(&sent.request(), at)),
            ReasonCode::SignatureInvalid
        );
    }
    let stranger = BindToken::from_entropy(&entropy(99));
    let unknown = Sent::signed(&stranger, &envelope("m", ""), &SEED, now());
    assert_eq!(
        reason(gateway.operate(&unknown.request(), now())),
        ReasonCode::BindingUnknown
    );
    let nobody = Sent {
        headers: Vec::new(),
        ..old
    };
    assert_eq!(
        reason(gateway.operate(&nobody.request(), now())),
        ReasonCode::BindingUnknown
    );
    assert_eq!(gateway.store().entries(0, 100).unwrap().len(), 3);
}

#[test]
fn one_binding_cannot_speak_for_another() {
    let gateway = gateway();
    let (_, one) = bound(&gateway, 0);
    let (_, two) = bound(&gateway, 10);
    let crossed = Sent::signed(&one, &dissolution(&two, "x"), &SEED, now());
    let answer = gateway.dissolve(&crossed.request(), now(), &entropy(50));
    assert_eq!(reason(answer), ReasonCode::SignatureInvalid);
    let forged = Sent::signed(&one, &dissolution(&one, "x"), &[9; 32], now());
    let answer = gateway.dissolve(&forged.request(), now(), &entropy(50));
    assert_eq!(reason(answer), ReasonCode::SignatureInvalid);
}

#[test]
fn a_sealed_binding_stays_sealed() {
    let gateway = gateway();
    let (id, offer) = negotiated(&gateway, 0);
    let (request, body) = (bind_request(&id, &offer), fetched(&descriptor()));
    let token = gateway
        .bind(&request, Ok(&body), now(), &entropy(3))
        .unwrap()
        .bind_token;
    let end = Sent::signed(&token, &dissolution(&token, "done"), &SEED, now());
    gateway
        .dissolve(&end.request(), now(), &entropy(4))
        .unwrap();
    let sealed = ReasonCode::BindingSealed;
    let message = Sent::signed(&token, &envelope("m", ""), &SEED, now());
    assert_eq!(reason(gateway.operate(&message.request(), now())), sealed);
    assert_eq!(reason(gateway.guard(&message.request(), now())), sealed);
    assert_eq!(
        reason(gateway.bind(&request, Ok(&body), now(), &entropy(5))),
        sealed
    );
    assert_eq!(
        reason(gateway.negotiate(&negotiate_request(&id), Ok(&body), now())),
        sealed
    );
    // A new announcement starts again, as another binding.
    let (_, again) = bound(&gateway, 20);
    assert_ne!(again, token);
}

#[test]
fn two_gateways_on_one_store_make_one_binding_of_one_negotiation() {
    struct Shared<'a>(&'a MemoryStore);
    impl Store for Shared<'_> {
        fn transact<T, E: From<kiri_ioh::store::StoreError>>(
            &self,
            work: impl FnOnce(&mut dyn kiri_ioh::store::Transaction) -> Result<T, E>,
        ) -> Result<T, E> {
            self.0.transact(work)
        }
        fn handshake(
            &self,
            id: &NegotiationId,
        ) -> Result<Option<kiri_ioh::handshake::Stored>, kiri_ioh::store::StoreError> {
            self.0.handshake(id)
        }
        fn handshake_of(
            &self,
            token: &BindToken,
        ) -> Result<Option<kiri_ioh::handshake::Stored>, kiri_ioh::store::StoreError> {
            self.0.handshake_of(token)
        }
        fn entries(
            &self,
            from: u64,
            limit: usize,
        ) -> Result<Vec<kiri_ioh::ledger::Entry>, kiri_ioh::store::StoreError> {
            self.0.entries(from, limit)
        }
        fn outbox(
            &self,
            limit: usize,
        ) -> Result<Vec<kiri_ioh::signal::Signal>, kiri_ioh::store::StoreError> {
            self.0.outbox(limit)
        }
        fn delivered(&self, id: &str) -> Result<(), kiri_ioh::store::StoreError> {
            self.0.delivered(id)
        }
    }
    let store = MemoryStore::new();
    let node = || Gateway::new(Shared(&store), NoGovernance, settings(), ledger_key());
    let (id, offer) = negotiated(&node(), 0);
    let (request, body) = (bind_request(&id, &offer), fetched(&descriptor()));
    let tokens: Vec<_> = std::thread::scope(|scope| {
        let one = |n: u64| {
            let (request, body, node) = (&request, &body, &node);
            scope.spawn(move || {
                node()
                    .bind(request, Ok(body), now(), &entropy(100 + n))
                    .unwrap()
                    .bind_token
            })
        };
        let running: Vec<_> = (0..8).map(one).collect();
        running
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    assert!(tokens.iter().all(|token| *token == tokens[0]), "{tokens:?}");
    assert_eq!(store.entries(0, 100).unwrap().len(), 3);
    let kid = store
        .handshake(&id)
        .unwrap()
        .unwrap()
        .binding
        .unwrap()
        .key
        .kid()
        .to_owned();
    assert_eq!(kid, KID);
}

#[test]
fn a_deployment_may_keep_more_prefixes_and_hosts_for_itself() {
    let settings = Settings {
        reserved: Reserved {
            prefixes: vec!["acme".into()],
            hosts: vec!["runtime.example".into()],
        },
        ..settings()
    };
    let gateway = Gateway::new(MemoryStore::new(), NoGovernance, settings, ledger_key());
    for (schema, uri) in [
        ("ACME:foo/v2", "https://foo.example/ns"),
        ("ext:foo/v2", "https://runtime.example/ns"),
        ("ext:foo/v2", "https://Runtime.Example/ns"),
    ] {
        let mut request = announcement();
        request.schema_id = schema.parse().unwrap();
        request.namespace_uri = uri.into();
        let denied = gateway.announce(&request, now(), &entropy(1), &entropy(2));
        assert_eq!(
            reason(denied),
            ReasonCode::IdentifierRewrite,
            "{schema} {uri}"
        );
    }
    assert!(
        gateway
            .announce(&announcement(), now(), &entropy(1), &entropy(2))
            .is_ok()
    );
}
