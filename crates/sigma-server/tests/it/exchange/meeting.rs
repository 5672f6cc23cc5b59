//! Two runtimes get to know each other and exchange everything.

use super::{
    now,
    world::{ENOUGH, Recorded, Runtime, json_bytes},
};
use serde_json::{Value, json};
use sigma_interop::{
    Capabilities, Format, Handshake, Header, Message, Nonce, Open, ProtocolVersion, TokenAlgorithm,
    rules::SRIP_05,
};
use sigma_server::exchange::Identity;
use std::path::Path;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_runtimes_shake_hands_and_exchange_everything() {
    let (a, b) = (Runtime::start(), Runtime::start());
    let dialogue = Recorded::harbour();
    a.take_in("s", &dialogue, ENOUGH).await;
    b.take_in("t", &dialogue, ENOUGH).await;
    a.befriend(&b, "state,memory");
    let id = b.identity().runtime_id().to_string();
    let list = a.told(&["peer", "list"]);
    assert!(
        list.contains(&id) && list.contains("full exchange, version 1.0"),
        "{list}"
    );

    let start = &id[..8];
    let packet: Value = serde_json::from_str(&a.told(&["peer", "fetch", start])).unwrap();
    assert_eq!(packet["header"]["source_runtime_id"], id.as_str());
    let fields =
        |value: &Value| -> Vec<String> { value.as_object().unwrap().keys().cloned().collect() };
    assert_eq!(fields(&packet), ["header", "payload", "signature"]);
    assert_eq!(
        fields(&packet["payload"]),
        [
            "attractor_state",
            "drift_metrics",
            "memory_snapshot",
            "safety_flags"
        ]
    );
    for what in ["phase", "memory", "safety", "telemetry"] {
        let said = a.told(&["peer", "fetch", start, what]);
        assert!(said.contains('{'), "{what}: {said}");
    }
    let sent = a.told(&["peer", "send", start, "--session", "s"]);
    assert!(sent.contains("\"received\":\"state\""), "{sent}");
    let sent = a.told(&["peer", "send", start, "--memory"]);
    assert!(sent.contains("quarantined"), "{sent}");
    let list = b.told(&["peer", "list"]);
    assert!(list.contains("told    state"), "{list}");
    let quarantine = b.told(&["peer", "quarantine"]);
    assert!(
        quarantine.contains(&a.identity().runtime_id().to_string()),
        "{quarantine}"
    );

    let removed = b.told(&["peer", "remove", &a.identity().runtime_id().to_string()]);
    assert!(removed.contains("trusted no longer"));
    let (code, said) = a.sigma(&["peer", "fetch", start]);
    assert!(code == Some(69) && said.contains("unknown_peer"), "{said}");
    assert!(b.told(&["peer", "quarantine"]).contains("nothing lies"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_pushed_lies_apart_and_changes_no_memory() {
    let (a, b) = (Runtime::start(), Runtime::start());
    a.calm("s", 3).await;
    a.say(
        "s",
        "",
        "The lamp oil is kept by Quillfeather, in the third shed.",
    )
    .await;
    b.calm("t", 4).await;
    a.befriend(&b, "state,memory");
    let own = b.identity();
    let memory = async || {
        let got = b.ask(&own, "/memory/snapshot?session=t").await;
        got.json()["payload"]["memory_layer"].clone()
    };
    let before = memory().await;
    assert!(
        before["episodic_store"]
            .as_array()
            .is_some_and(|all| !all.is_empty())
    );
    let start = own.runtime_id().to_string();
    a.told(&["peer", "send", &start, "--memory"]);
    assert_eq!(memory().await, before);
    let told = b.told(&["peer", "quarantine", "1"]);
    let foreign: Value = serde_json::from_str(&told).unwrap();
    let words = foreign["content"]["memory_layer"]["episodic_store"].to_string();
    assert!(words.contains("Quillfeather"), "{words}");
    // and nothing of it is recalled
    for session in ["t", "u"] {
        let got = b
            .say(session, "", "Who keeps the lamp oil, and in which shed?")
            .await;
        let answer = got.json()["choices"][0]["message"]["content"].to_string();
        assert!(!answer.contains("Quillfeather"), "{answer}");
    }
    let got = a
        .say("s", "", "Who keeps the lamp oil, and in which shed?")
        .await;
    assert!(got.text().contains("Quillfeather"), "{}", got.text());
}

/// A handshake of a runtime that speaks these versions.
async fn shaken(with: &Runtime, own: &Identity, header: &str, versions: &[&str]) -> (u16, Value) {
    let us = with.identity().runtime_id();
    let mut ours = Capabilities::of_this_crate(own.runtime_id(), vec![own.published()], &SRIP_05);
    ours.tokens = vec![Open::Known(TokenAlgorithm::Ed25519)];
    ours.protocol_versions = versions.iter().map(|text| text.parse().unwrap()).collect();
    let mut head = Header::new(own.runtime_id(), us, now());
    head.protocol_version = header.parse::<ProtocolVersion>().unwrap();
    let payload = Handshake {
        capabilities: ours,
        nonce: Nonce::new([7; 16]),
    };
    let sealed = own
        .sealer()
        .seal_stateless(Message::new(head, payload))
        .unwrap();
    let body = sealed.to_bytes(Format::Json);
    let got = with.send("POST", "/runtime/handshake", &[], body).await;
    (got.status.as_u16(), got.json())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_major_version_2_is_rejected_and_1_7_is_not() {
    let (a, third) = (Runtime::start(), Runtime::start());
    let own = third.identity();
    let (status, answer) = shaken(&a, &own, "2.0", &["2.0"]).await;
    let negotiation = &answer["payload"]["negotiation"];
    assert_eq!((status, &negotiation["outcome"]), (422, &json!("rejected")));
    assert_eq!(negotiation["reasons"], json!(["major_version"]));
    let (status, answer) = shaken(&a, &own, "1.7", &["1.7"]).await;
    let negotiation = &answer["payload"]["negotiation"];
    assert_eq!((status, &negotiation["outcome"]), (200, &json!("full")));
    assert_eq!(negotiation["protocol_version"], "1.0");
    let (_, answer) = shaken(&a, &own, "1.0", &["1.0", "2.3"]).await;
    assert_eq!(answer["payload"]["negotiation"]["outcome"], "full");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_runtime_that_does_not_match_gets_state_and_drift_only() {
    let a = Runtime::start();
    a.calm("s", 5).await;
    let other = Runtime::start();
    let own = other.identity();
    let (id, key_id) = (own.runtime_id().to_string(), own.key_id().to_string());
    let key = own.public().to_string();
    a.told(&["peer", "add", &id, "--key-id", &key_id, "--key", &key]);
    let first = a.ask(&own, "/field/state").await;
    assert_eq!(first.refusal(), (403, "handshake_required".into()));

    let us = a.identity().runtime_id();
    let mut ours = Capabilities::of_this_crate(own.runtime_id(), vec![own.published()], &SRIP_05);
    ours.exchange = vec![Open::Known(sigma_interop::Exchange::Minimal)];
    let payload = Handshake {
        capabilities: ours,
        nonce: Nonce::new([9; 16]),
    };
    let message = Message::new(Header::new(own.runtime_id(), us, now()), payload);
    let body = own
        .sealer()
        .seal_stateless(message)
        .unwrap()
        .to_bytes(Format::Yaml);
    let yaml = [("content-type", "application/yaml")];
    let got = a.send("POST", "/runtime/handshake", &yaml, body).await;
    assert_eq!(got.json()["payload"]["negotiation"]["outcome"], "minimal");
    assert_eq!(got.header("x-sigma-peer"), "known");
    let got = a.ask(&own, "/field/state").await;
    let payload = got.json()["payload"].clone();
    let fields: Vec<_> = payload.as_object().unwrap().keys().cloned().collect();
    assert_eq!(fields, ["attractor_state", "drift_metrics"]);
    for more in ["/phase/state", "/phase/telemetry", "/metrics/phase"] {
        let got = a.ask(&own, more).await;
        assert_eq!(got.refusal(), (403, "minimal_exchange".into()), "{more}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stranger_reads_only_what_is_public() {
    let (a, stranger) = (Runtime::start(), Runtime::start());
    a.calm("s", 4).await;
    for public in [
        "/runtime/capabilities",
        "/runtime/runtime_capabilities.yml",
        "/contexts/sigma-packet-v1.jsonld",
        "/aegida/safety",
        "/healthz",
    ] {
        let got = a.send("GET", public, &[], "").await;
        assert_eq!(got.status, 200, "{public}: {}", got.text());
    }
    let safety = a.send("GET", "/aegida/safety", &[], "").await.json();
    assert_eq!(safety, json!({"aegida_status": "nominal"}));
    for closed in [
        "/field/state",
        "/field/attractors/0",
        "/memory/snapshot",
        "/phase/telemetry",
        "/phase/state",
        "/metrics/phase",
    ] {
        let got = a.send("GET", closed, &[], "").await;
        assert_eq!(got.refusal(), (401, "proof_required".into()), "{closed}");
        let got = a.ask(&stranger.identity(), closed).await;
        assert_eq!(got.refusal(), (403, "unknown_peer".into()), "{closed}");
    }
    a.befriend(&stranger, "state");
    let got = a.ask(&stranger.identity(), "/memory/snapshot").await;
    assert_eq!(got.refusal(), (403, "not_granted".into()));
    assert_eq!(
        a.ask(&stranger.identity(), "/field/state").await.status,
        200
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proof_holds_for_one_request_and_outlives_no_restart() {
    let (mut a, b) = (Runtime::start(), Runtime::start());
    a.calm("s", 4).await;
    a.befriend(&b, "state");
    let bearer = a.bearer(&b.identity(), "/field/state");
    let headers = [("authorization", bearer.as_str())];
    assert_eq!(
        a.send("GET", "/field/state", &headers, "").await.status,
        200
    );
    let again = a.send("GET", "/field/state", &headers, "").await;
    assert_eq!(again.refusal(), (401, "proof_refused".into()));
    let other = a.send("GET", "/phase/state", &headers, "").await;
    assert_eq!(other.refusal(), (401, "proof_refused".into()));
    // nor for another session, whichever way the proof comes
    let named = a.bearer(&b.identity(), "/field/state?session=s");
    let in_query = |query: &str| {
        let token = named.strip_prefix("Bearer ").unwrap();
        format!("/field/state?{query}token={token}")
    };
    for target in [
        "/field/state",
        "/field/state?session=t",
        "/field/state?session=s&session=t",
        "/field/state?session=s&last_event_id=0",
    ] {
        let headers = [("authorization", named.as_str())];
        let got = a.send("GET", target, &headers, "").await;
        assert_eq!(got.refusal(), (401, "proof_refused".into()), "{target}");
        assert!(got.text().contains("htq"), "{}", got.text());
    }
    let got = a.send("GET", &in_query("session=t&"), &[], "").await;
    assert_eq!(got.refusal(), (401, "proof_refused".into()));
    let got = a.send("GET", &in_query("session=s&"), &[], "").await;
    assert_eq!(got.status, 200, "{}", got.text());
    let kept = a.bearer(&b.identity(), "/field/state");
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    a.go_on(&[], &[]);
    let headers = [("authorization", kept.as_str())];
    let late = a.send("GET", "/field/state", &headers, "").await;
    assert_eq!(late.refusal(), (401, "proof_refused".into()));
    assert_eq!(a.ask(&b.identity(), "/field/state").await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_field_is_chosen_and_the_choice_told() {
    let a = Runtime::start_with(&[], &[("SIGMA_SERVER_API_KEY", "")]);
    let own = a.identity();
    let none = a.ask(&own, "/field/state").await;
    assert_eq!(none.refusal(), (404, "no_session".into()));
    a.calm("one", 4).await;
    let only = a.ask(&own, "/field/state").await;
    assert_eq!(
        only.header("x-sigma-session-chosen"),
        "only",
        "{}",
        only.text()
    );
    a.calm("two", 4).await;
    let newest = a.ask(&own, "/field/state").await;
    assert_eq!(
        (
            newest.header("x-sigma-session-chosen"),
            newest.header("x-session-id")
        ),
        ("most-recent", "two")
    );
    let named = a.ask(&own, "/field/state?session=one").await;
    assert_eq!(named.header("x-session-id"), "one");
    // the figures, too, of the one that is named
    let of_all = a.ask(&own, "/metrics/phase").await.text();
    assert!(of_all.contains("sigma_phase_cycles"), "{of_all}");
    let of_one = a.ask(&own, "/metrics/phase?session=one").await.text();
    let di = named.json()["payload"]["drift_metrics"]["di"]
        .as_f64()
        .unwrap();
    let line = of_one
        .lines()
        .find_map(|line| line.strip_prefix("sigma_drift_index "));
    assert_eq!(line.unwrap().parse::<f64>().unwrap(), di);
    assert!(!of_one.contains("sigma_phase_cycles"), "{of_one}");
    let unknown = a.ask(&own, "/metrics/phase?session=three").await;
    assert_eq!(unknown.refusal(), (404, "unknown_session".into()));
    let unknown = a.ask(&own, "/field/state?session=three").await;
    assert_eq!(unknown.refusal(), (404, "unknown_session".into()));
    let bad = a.ask(&own, "/field/state?session=a%20b").await;
    assert_eq!(bad.refusal(), (400, "bad_session".into()));
    let id = named.json()["payload"]["attractor_state"]["id"].clone();
    let target = format!("/field/attractors/{}?session=one", id.as_str().unwrap());
    let attractor = a.ask(&own, &target).await.json();
    assert_eq!(attractor["id"], id);
    let unknown = a.ask(&own, "/field/attractors/x?session=one").await;
    assert_eq!(unknown.refusal(), (404, "unknown_attractor".into()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_come_in_the_form_that_is_asked_for() {
    let a = Runtime::start();
    a.calm("s", 4).await;
    let own = a.identity();
    let as_form = async |accept: &str| {
        a.ask_with(&own, "/field/state", &[("accept", accept)])
            .await
    };
    let json = as_form("application/json").await;
    assert_eq!(json.header("content-type"), "application/json");
    assert!(
        json.header("link").contains("json-ld#context"),
        "{:?}",
        json.headers
    );
    assert!(json.header("vary").contains("accept"));
    let linked = as_form("application/ld+json, application/json;q=0.9").await;
    assert_eq!(linked.header("content-type"), "application/ld+json");
    assert!(linked.json()["@context"].is_object());
    let yaml = as_form("text/yaml").await;
    assert_eq!(yaml.header("content-type"), "application/yaml");
    assert!(yaml.text().starts_with("header:") || yaml.text().starts_with("\"header\":"));
    assert_eq!(as_form("text/html").await.status, 406);
    for (encoding, magic) in [
        ("gzip", &[0x1f, 0x8b][..]),
        ("zstd", &[0x28, 0xb5, 0x2f, 0xfd]),
    ] {
        let got = a
            .ask_with(&own, "/field/state", &[("accept-encoding", encoding)])
            .await;
        assert_eq!(got.header("content-encoding"), encoding);
        assert!(got.body.starts_with(magic));
    }
    let body = json_bytes(&json!({}));
    let typed = [("content-type", "text/plain")];
    let got = a.send("POST", "/field/state", &typed, body).await;
    assert_eq!(got.status, 415);
}

#[test]
fn a_key_is_the_owners_alone_and_is_shown_nowhere() {
    let a = Runtime::start();
    let path = a.folder().join("sigma.exchange.key.json");
    let kept: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    let secret = kept["d"].as_str().unwrap();
    for args in [&["peer", "id"][..], &["peer", "list"], &["config"]] {
        assert!(!a.told(args).contains(secret), "{args:?}");
    }
    assert!(Path::new(&a.folder().join("sigma.exchange.db")).exists());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        for file in ["sigma.exchange.key.json", "sigma.exchange.db"] {
            let about = std::fs::metadata(a.folder().join(file)).unwrap();
            assert_eq!(about.permissions().mode() & 0o777, 0o600, "{file}");
        }
    }
    let (code, said) = a.sigma(&["peer", "fetch", "zzz"]);
    assert!(
        code == Some(2) && said.contains("no peer begins with"),
        "{said}"
    );
    let (code, said) = a.sigma(&["peer", "list", "--store", "memory"]);
    assert!(
        code == Some(2) && said.contains("there is no exchange"),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_recorded_trace_is_answered_as_it_was() {
    let (a, b) = (Runtime::start(), Runtime::start());
    let (code, said) = b.sigma(&["peer", "check", &a.url]);
    assert!(
        code == Some(0) && said.contains("10 skipped, 0 failed"),
        "{said}"
    );
    a.take_in("s", &Recorded::harbour(), ENOUGH).await;
    a.befriend(&b, "state");
    let said = b.told(&["peer", "check", &a.url]);
    assert!(said.contains("0 skipped, 0 failed"), "{said}");
}
