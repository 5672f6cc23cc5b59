//! The guard before other routes.

use super::world::{Peer, Raw, World, json_type, now, raw, serve};
use kiri_ioh::{
    gateway::SCHEMA_VERSION_HEADER,
    ids::BindToken,
    message::{self, BIND_HEADER, Request},
};
use serde_json::json;
use sigma_core::{
    Runtime, clock::SystemClock, embedding::LocalEmbeddings, model::OfflineResponder,
};
use sigma_server::{
    interop::{ENTRY_HEADER, Options, Origin, client::Client},
    serve::{Service, router_with},
    settings::Settings,
};
use sigma_text::BundledEmbedder;
use std::sync::Arc;

const CHAT: &str = "/v1/chat/completions";

async fn server(world: &World) -> String {
    let embeddings = Arc::new(LocalEmbeddings::new(Arc::new(BundledEmbedder::new())));
    let service = Service {
        runtime: Arc::new(Runtime::builder(embeddings).build()),
        model: Arc::new(OfflineResponder),
        identity: String::new(),
        fixed_model: false,
        clock: Arc::new(SystemClock::default()),
    };
    serve(router_with(
        service,
        &Settings::default().server,
        Some(&world.interop),
    ))
    .await
}

/// A signed request to the chat API.
struct Signed {
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Signed {
    /// Signed for the server at `url`.
    fn new(url: &str, peer: &Peer, token: &BindToken, nonce: &str) -> Self {
        let (scheme, authority) = url.split_once("://").unwrap();
        let body = json!({"messages": [{"role": "user", "content": "Is the lamp lit?"}]});
        let body = body.to_string().into_bytes();
        let mut headers = vec![
            json_type(),
            (BIND_HEADER.to_owned(), token.to_string()),
            (SCHEMA_VERSION_HEADER.to_owned(), "2.1.0".to_owned()),
            ("content-digest".to_owned(), message::content_digest(&body)),
        ];
        let request = Request {
            method: "POST",
            scheme,
            authority,
            path: CHAT,
            query: None,
            headers: &headers,
            body: &body,
        };
        let key = (peer.key.kid(), peer.key.seed());
        let (input, signature) =
            message::sign(&request, &[SCHEMA_VERSION_HEADER], key, now(), nonce).unwrap();
        headers.push(("signature-input".to_owned(), input));
        headers.push(("signature".to_owned(), signature));
        Self { headers, body }
    }

    async fn send(&self, url: &str) -> Raw {
        raw(url, "POST", CHAT, &self.headers, &self.body).await
    }

    fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(header, _)| header != name);
        self
    }
}

#[tokio::test]
async fn a_request_that_claims_to_be_bound_has_to_show_it() {
    let world = World::new(Options::default());
    let (url, peer) = (server(&world).await, Peer::new().await);
    let client = Client::new(&url).unwrap();
    let token = peer.bound(&client).await;
    let size = || world.interop.gateway().store().head().unwrap().size;
    assert_eq!(size(), 3);

    let signed = Signed::new(&url, &peer, &token, "n-1");
    let passed = signed.send(&url).await;
    assert_eq!(passed.status, 200, "{}", passed.body);
    let entry = passed.header(ENTRY_HEADER).unwrap();
    assert_eq!(entry, format!("kiri:interop/{token}#message-1"));
    client
        .entry(entry)
        .await
        .unwrap()
        .verify(&client.key().await.unwrap())
        .unwrap();
    assert_eq!(signed.send(&url).await.status, 409, "a nonce is used once");

    let twisted = |name: &str, value: &str| {
        let mut signed = Signed::new(&url, &peer, &token, "n-2").without(name);
        signed.headers.push((name.to_owned(), value.to_owned()));
        signed
    };
    for (name, value, said) in [
        ("signature", "sig1=:AAAA:", "the signature does not verify"),
        (
            "signature-input",
            "none",
            "must hold one signature of the pinned key",
        ),
    ] {
        let answer = twisted(name, value).send(&url).await;
        assert_eq!(answer.body["reason_code"], "signature_invalid");
        let detail = answer.body["detail"].as_str().unwrap();
        assert!(detail.contains(said), "{name}: {detail}");
    }

    let refused = async |request: Signed, reason: &str| {
        let answer = request.send(&url).await;
        assert_eq!(
            (answer.status, answer.body["reason_code"].as_str()),
            (422, Some(reason))
        );
        assert_eq!(answer.body["phase"], "operate");
    };
    let fresh = |nonce| Signed::new(&url, &peer, &token, nonce);
    refused(fresh("n-2").without("signature"), "signature_invalid").await;
    refused(
        fresh("n-2").without(SCHEMA_VERSION_HEADER),
        "signature_invalid",
    )
    .await;
    let mut other = fresh("n-2");
    other.body[0] = b' ';
    let detail = other.send(&url).await.body["detail"].to_string();
    assert!(
        detail.contains("`content-digest` does not fit the body"),
        "{detail}"
    );
    refused(other, "signature_invalid").await;
    refused(
        Signed::new(&url, &Peer::new().await, &token, "n-2"),
        "signature_invalid",
    )
    .await;
    let mut twice = fresh("n-2");
    twice
        .headers
        .push((BIND_HEADER.to_owned(), token.to_string()));
    refused(twice, "binding_unknown").await;
    let nobody = BindToken::from_entropy(&[9; 20]);
    refused(Signed::new(&url, &peer, &nobody, "n-2"), "binding_unknown").await;
    assert_eq!(size(), 4, "what is refused leaves no entry");

    client
        .dissolve(&token, "done", &peer.key, now())
        .await
        .unwrap();
    refused(fresh("n-3"), "binding_sealed").await;
    let plain = fresh("n-3").without(BIND_HEADER);
    assert_eq!(
        plain.send(&url).await.status,
        200,
        "who claims nothing passes as before"
    );
}

#[tokio::test]
async fn signatures_cover_the_address_that_peers_know() {
    let public = Origin {
        scheme: "https".into(),
        authority: "kiri.example".into(),
    };
    let world = World::new(Options {
        public: Some(public),
        ..Options::default()
    });
    let (url, peer) = (server(&world).await, Peer::new().await);
    let token = peer.bound(&Client::new(&url).unwrap()).await;
    let inner = Signed::new(&url, &peer, &token, "n-1").send(&url).await;
    assert_eq!(inner.body["reason_code"], "signature_invalid");
    let outer = Signed::new("https://kiri.example", &peer, &token, "n-1");
    assert_eq!(outer.send(&url).await.status, 200);
}
