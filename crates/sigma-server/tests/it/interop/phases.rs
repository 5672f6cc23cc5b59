//! The five phases and the ledger, as a peer sees them.

use super::world::{Peer, World, announcement, envelope, json_type, ledger_key, now, raw};
use kiri_ioh::{
    keys::PublicKey,
    ledger::{Kind, verify_export},
};
use serde_json::{Value, json};
use sigma_server::interop::{
    Options,
    client::{Client, ClientError, Exchange, rebuild_offer},
};
use std::fs;

/// What a refused call was answered with.
fn refused<T: std::fmt::Debug>(result: Result<T, ClientError>) -> Exchange {
    match result {
        Err(ClientError::Refused(exchange)) => *exchange,
        other => panic!("not refused: {other:?}"),
    }
}

fn reason<T: std::fmt::Debug>(result: Result<T, ClientError>) -> String {
    let exchange = refused(result);
    assert_eq!(exchange.status, 422, "{exchange:?}");
    exchange.received["reason_code"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn five_steps_over_http_leave_five_entries_that_anybody_can_check() {
    let world = World::new(Options::default());
    let (url, peer) = (world.serve().await, Peer::new().await);
    let client = Client::new(&url).unwrap();
    let opened = client.announce(&peer.announcement).await.unwrap();
    let fields = |value: &Value| {
        value
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect::<Vec<_>>()
    };
    assert_eq!(
        fields(&opened.exchange.received),
        ["expires_at", "negotiation_id"]
    );
    let (opened, id) = (opened.answer.clone(), opened.answer.negotiation_id);
    let offered = client.negotiate(&id).await.unwrap().answer;
    let registry = client.registry().await.unwrap().answer;
    let descriptor =
        sigma_server::interop::client::descriptor(&peer.announcement, &peer.key).unwrap();
    let own = rebuild_offer(
        &peer.announcement,
        &opened,
        &offered,
        &registry,
        descriptor.to_string().as_bytes(),
    );
    assert_eq!(own.unwrap(), offered.binding_offer_hash);
    let bound = client
        .bind(&id, &offered.binding_offer_hash, &peer.key)
        .await
        .unwrap()
        .answer;
    let token = &bound.bind_token;
    assert_eq!(bound.ledger_entry, format!("kiri:interop/{token}"));
    let message = client
        .operate(token, &envelope("m-1"), &peer.key, now())
        .await
        .unwrap()
        .answer;
    assert_eq!(
        message.translations[0].to_string(),
        "ext:foo/v2 → kiri:agent.v1"
    );
    let sealed = client
        .dissolve(token, "done", &peer.key, now())
        .await
        .unwrap()
        .answer;
    assert_eq!(sealed.ledger_entry, format!("kiri:interop/{token}#sealed"));

    let key = client.key().await.unwrap();
    assert_eq!(key, *ledger_key().public());
    for (seq, entry) in [
        format!("kiri:interop/{id}"),
        format!("kiri:interop/{id}#negotiated"),
        bound.ledger_entry,
        message.ledger_entry,
        sealed.ledger_entry,
    ]
    .iter()
    .enumerate()
    {
        let proven = client.entry(entry).await.unwrap();
        proven.verify(&key).unwrap();
        assert_eq!(
            (proven.entry.record.seq, proven.checkpoint.size),
            (seq as u64, 5)
        );
    }
    let page = raw(&url, "GET", "/api/public/ledger?from=1&limit=2", &[], b"")
        .await
        .body;
    assert_eq!((&page["size"], &page["next"]), (&json!(5), &json!(3)));
    assert_eq!(
        page["entries"][0]["record"]["kind"],
        json!(Kind::Negotiated)
    );
    let page = raw(&url, "GET", "/api/public/ledger?from=3", &[], b"")
        .await
        .body;
    assert_eq!(page["next"], Value::Null);
}

#[tokio::test]
async fn an_export_is_whole_and_one_flipped_bit_of_it_is_named() {
    let world = World::new(Options::default());
    let (url, peer) = (world.serve().await, Peer::new().await);
    peer.bound(&Client::new(&url).unwrap()).await;
    let file = raw(&url, "GET", "/api/public/ledger/export", &[], b"").await;
    assert_eq!(file.header("content-type"), Some("application/x-ndjson"));
    let Value::String(file) = file.body else {
        panic!("one line only");
    };
    let folder = world.folder.path();
    let (export, key) = (folder.join("ledger.jsonl"), folder.join("key.json"));
    fs::write(&export, &file).unwrap();
    let keys = raw(&url, "GET", "/api/public/ledger/key", &[], b"")
        .await
        .body;
    fs::write(&key, keys.to_string()).unwrap();
    let trusted: PublicKey = serde_json::from_value(keys["keys"][0].clone()).unwrap();
    assert_eq!(verify_export(file.as_bytes(), &trusted).unwrap().1.size, 3);

    let verify = || {
        let mut sigma = std::process::Command::new(env!("CARGO_BIN_EXE_sigma"));
        sigma
            .args(["ledger", "verify"])
            .arg(&export)
            .arg("--key")
            .arg(&key);
        let output = sigma.current_dir(folder).output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(said).unwrap())
    };
    let (code, said) = verify();
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.starts_with("whole: 3 entries of 1 handshakes"),
        "{said}"
    );
    let mut flipped = file.into_bytes();
    let place = flipped
        .windows(8)
        .position(|w| w == b"ops@foo.")
        .or_else(|| flipped.windows(11).position(|w| w == b"\"negotiated"));
    flipped[place.unwrap() + 3] ^= 1;
    fs::write(&export, &flipped).unwrap();
    let (code, said) = verify();
    assert_eq!(code, Some(65), "{said}");
    assert!(said.contains("entry 1"), "{said}");
}

#[tokio::test]
async fn each_fault_has_its_status_and_says_where() {
    let world = World::new(Options::default());
    let url = world.serve().await;
    let at = async |method: &str, path: &str, media: &str, body: &str| {
        let path = format!("/api/public/{path}");
        let headers = [("content-type".to_owned(), media.to_owned())];
        let answer = raw(&url, method, &path, &headers, body.as_bytes()).await;
        if answer.status >= 400 && answer.status != 404 && answer.status != 405 {
            assert_eq!(
                answer.header("content-type"),
                Some("application/problem+json")
            );
            assert_eq!(answer.body["status"], answer.status);
            for member in [
                "type",
                "title",
                "detail",
                "reason_code",
                "phase",
                "invariant",
            ] {
                assert!(
                    answer.body.get(member).is_some(),
                    "{member}: {}",
                    answer.body
                );
            }
        }
        (answer.status, answer.body["phase"].clone())
    };
    let json = "application/json; charset=utf-8";
    let whole = json!(announcement("https://foo.example/ns")).to_string();
    assert_eq!(at("POST", "handshake/announce", json, &whole).await.0, 200);
    let twice = whole.replacen('{', "{\"version\":\"2.1.0\",", 1);
    let announce = json!("announce");
    assert_eq!(
        at("POST", "handshake/announce", json, &twice).await,
        (400, announce.clone())
    );
    let more = whole.replacen('{', "{\"more\":1,", 1);
    assert_eq!(
        at("POST", "handshake/announce", json, &more).await,
        (400, announce.clone())
    );
    let other = whole.replace("\"contact\"", "\"contacts\"");
    let path = "/api/public/handshake/announce";
    let answer = raw(&url, "POST", path, &[json_type()], other.as_bytes()).await;
    let detail = answer.body["detail"].as_str().unwrap();
    assert!(
        detail.contains("the field `contact` is missing"),
        "{detail}"
    );
    let long = format!("{whole}{}", " ".repeat(64 * 1024));
    assert_eq!(
        at("POST", "handshake/announce", json, &long).await,
        (413, announce.clone())
    );
    assert_eq!(
        at("POST", "handshake/announce", "text/plain", &whole)
            .await
            .0,
        415
    );
    assert_eq!(at("GET", "handshake/announce", json, "").await.0, 405);
    assert_eq!(at("POST", "handshake/nowhere", json, "{}").await.0, 404);
    assert_eq!(at("GET", "ledger?from=x", json, "").await.0, 400);
    assert_eq!(at("GET", "ledger/proof?seq=9", json, "").await.0, 404);
    assert_eq!(at("GET", "ledger/proof", json, "").await.0, 400);
    let inner = whole.replace("foo.example/ns", "0x7f.1/ns");
    assert_eq!(
        at("POST", "handshake/announce", json, &inner).await,
        (422, announce.clone())
    );
    let unversioned = whole.replace("\"2.1.0\"", "\"\"");
    assert_eq!(
        at("POST", "handshake/announce", json, &unversioned).await,
        (422, announce)
    );
    let registry = raw(&url, "GET", "/api/public/registry", &[], b"").await;
    assert_eq!(
        registry.header("cache-control"),
        Some("public, max-age=300")
    );
    assert_eq!(registry.header("content-type"), Some("application/json"));
    assert_eq!(registry.body["registry_version"], "1.0.0");
}

#[tokio::test]
async fn order_retries_and_sealing_hold_over_http() {
    let world = World::new(Options::default());
    let (url, peer) = (world.serve().await, Peer::new().await);
    let client = Client::new(&url).unwrap();
    let id = client
        .announce(&peer.announcement)
        .await
        .unwrap()
        .answer
        .negotiation_id;
    let early = client
        .bind(&id, &kiri_ioh::digest::Digest::ZERO, &peer.key)
        .await;
    assert_eq!(reason(early), "phase_out_of_order");
    let offered = client.negotiate(&id).await.unwrap();
    assert_eq!(
        client.negotiate(&id).await.unwrap(),
        offered,
        "a retry is answered the same"
    );
    let offer = offered.answer.binding_offer_hash;
    let stranger = Peer::new().await;
    assert_eq!(
        reason(client.bind(&id, &offer, &stranger.key).await),
        "signature_invalid"
    );
    let bound = client.bind(&id, &offer, &peer.key).await.unwrap();
    assert_eq!(client.bind(&id, &offer, &peer.key).await.unwrap(), bound);
    let conflict = refused(client.bind(&id, &offer, &stranger.key).await);
    assert_eq!(
        (conflict.status, &conflict.received["phase"]),
        (409, &json!("bind"))
    );
    assert_eq!(reason(client.negotiate(&id).await), "phase_out_of_order");
    let token = bound.answer.bind_token;
    let forged = client
        .operate(&token, &envelope("m"), &stranger.key, now())
        .await;
    assert_eq!(reason(forged), "signature_invalid");
    let first = client
        .operate(&token, &envelope("m"), &peer.key, now())
        .await
        .unwrap()
        .answer;
    let again = client
        .operate(&token, &envelope("m"), &peer.key, now())
        .await
        .unwrap()
        .answer;
    assert_eq!(first, again);
    client
        .dissolve(&token, "done", &peer.key, now())
        .await
        .unwrap();
    let late = client
        .operate(&token, &envelope("n"), &peer.key, now())
        .await;
    assert_eq!(reason(late), "binding_sealed");
    assert_eq!(
        reason(client.bind(&id, &offer, &peer.key).await),
        "binding_sealed"
    );
    world
        .interop
        .gateway()
        .store()
        .audit(ledger_key().public())
        .unwrap();
}

#[tokio::test]
async fn a_namespace_that_cannot_be_asked_is_refused_and_leaves_nothing() {
    let world = World::new(Options::default());
    let client = Client::new(&world.serve().await).unwrap();
    let closed = announcement("http://127.0.0.1:1/ns");
    let id = client
        .announce(&closed)
        .await
        .unwrap()
        .answer
        .negotiation_id;
    let exchange = refused(client.negotiate(&id).await);
    let problem = &exchange.received;
    assert_eq!(problem["reason_code"], "namespace_unresolvable");
    assert_eq!(problem["invariant"], "namespace_resolvable");
    assert!(
        !problem.to_string().contains("refused\\|127.0.0.1"),
        "{problem}"
    );
    assert_eq!(world.interop.gateway().store().head().unwrap().size, 1);
}

#[tokio::test]
async fn who_asks_too_often_is_told_when_to_come_back() {
    let world = World::new(Options {
        requests_per_minute: 1,
        ..Options::default()
    });
    let url = world.serve().await;
    let registry = raw(&url, "GET", "/api/public/registry", &[], b"").await;
    assert_eq!(registry.status, 200);
    let told = raw(
        &url,
        "POST",
        "/api/public/handshake/announce",
        &[json_type()],
        b"{}",
    )
    .await;
    assert_eq!(told.status, 429);
    assert!(told.header("retry-after").unwrap().parse::<u64>().unwrap() > 0);

    let world = World::new(Options {
        fetches_per_minute: 1,
        ..Options::default()
    });
    let (client, peer) = (
        Client::new(&world.serve().await).unwrap(),
        Peer::new().await,
    );
    let (id, offer) = peer.negotiated(&client).await;
    let exchange = refused(client.bind(&id, &offer, &peer.key).await);
    assert_eq!(
        (exchange.status, &exchange.received["phase"]),
        (429, &json!("bind"))
    );
}
