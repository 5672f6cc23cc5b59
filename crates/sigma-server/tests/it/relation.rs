//! Relational identity over HTTP and on the command line (`SRIP-13`).

use assert_cmd::Command;
use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode},
};
use http_body_util::BodyExt;
use insta::assert_snapshot;
use serde_json::{Value, json};
use sigma_core::{
    Runtime, clock::SystemClock, embedding::LocalEmbeddings, model::RecordedTranscript,
};
use sigma_ris::Mode;
use sigma_server::{
    serve::{Service, router},
    settings::{Hidden, Settings},
};
use sigma_text::BundledEmbedder;
use std::sync::Arc;
use tower::ServiceExt;

const OVER: &str = "Good morning! I waited here all night for you. The bus leaves at nine.";
const CLEAN: &str = "Good morning! The bus leaves at nine.";

fn app(key: &str) -> Router {
    let embeddings = Arc::new(LocalEmbeddings::new(Arc::new(BundledEmbedder::new())));
    let mut settings = Settings::default().server;
    settings.api_key = Hidden::new(key);
    let service = Service {
        runtime: Runtime::builder(embeddings)
            .relations(Mode::Shadow)
            .build()
            .into(),
        model: Arc::new(RecordedTranscript::new("record", vec![OVER.into(); 8])),
        identity: "You are Mara, a travel clerk.".into(),
        fixed_model: true,
        clock: Arc::new(SystemClock::default()),
    };
    router(service, &settings)
}

async fn call(
    app: &Router,
    method: &str,
    path: &str,
    key: Option<&str>,
    body: Value,
) -> (StatusCode, Value) {
    let mut request = Request::builder().method(method).uri(path);
    if let Some(key) = key {
        request = request.header("authorization", format!("Bearer {key}"));
    }
    let body = if body.is_null() {
        Body::empty()
    } else {
        Body::from(body.to_string())
    };
    let response = app
        .clone()
        .oneshot(request.body(body).unwrap())
        .await
        .unwrap();
    let status = response.status();
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    (
        status,
        serde_json::from_slice(&bytes).unwrap_or(Value::Null),
    )
}

async fn chat(app: &Router, user: &str, more: Value) -> String {
    let mut body = json!({"session_id": "s", "messages": [{"role": "user", "content": user}]});
    body.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    let (_, told) = call(app, "POST", "/v1/chat/completions", Some("k"), body).await;
    told["choices"][0]["message"]["content"]
        .as_str()
        .unwrap_or_else(|| panic!("{told}"))
        .to_owned()
}

#[tokio::test]
async fn operators_see_relations_and_nobody_else_does() {
    let app = app("k");
    assert_eq!(
        chat(
            &app,
            "Hello",
            json!({"sender": {"id": "u7", "name": "Dele"}, "channel": "group"})
        )
        .await,
        OVER
    );
    for key in [None, Some("other")] {
        let (status, _) = call(&app, "GET", "/v1/sessions/s/ris", key, Value::Null).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
    }
    let (status, told) = call(&app, "GET", "/v1/sessions/s/ris", Some("k"), Value::Null).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(told["participant_scope"]["sender"], "u7");
    assert_eq!(told["last_pass"]["pass"], "observed");
    let text = told.to_string();
    assert!(
        !text.contains("waited") && !text.contains("travel clerk"),
        "{text}"
    );
    let (status, _) = call(&app, "GET", "/v1/sessions/none/ris", Some("k"), Value::Null).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn without_a_key_nobody_is_authorised() {
    let (status, told) = call(&app(""), "GET", "/v1/ris", None, Value::Null).await;
    assert_eq!(
        (status, told["error"]["code"].as_str()),
        (StatusCode::FORBIDDEN, Some("key_required"))
    );
}

#[tokio::test]
async fn modes_change_over_http() {
    let app = app("k");
    assert_eq!(chat(&app, "Hello", json!({})).await, OVER);
    let (status, told) = call(
        &app,
        "PATCH",
        "/v1/sessions/s/ris",
        Some("k"),
        json!({"mode": "enforce"}),
    )
    .await;
    assert_eq!(
        (status, told["rollout"]["session_mode"].as_str()),
        (StatusCode::OK, Some("enforce"))
    );
    assert_eq!(chat(&app, "Hello", json!({})).await, CLEAN);
    let (_, told) = call(
        &app,
        "PATCH",
        "/v1/sessions/s/ris",
        Some("k"),
        json!({"mode": null}),
    )
    .await;
    let version = told["naming"]["version"].as_str().unwrap().to_owned();
    let agents = json!({"mode": "off", "agents": {version.clone(): "enforce"}});
    let (_, told) = call(&app, "PATCH", "/v1/ris", Some("k"), agents).await;
    assert_eq!(
        (told["default"].as_str(), told["agents"][&version].as_str()),
        (Some("off"), Some("enforce"))
    );
    assert_eq!(chat(&app, "Hello", json!({})).await, CLEAN);
    for (path, body) in [
        ("/v1/ris", json!({"mode": "party"})),
        ("/v1/ris", json!({"agents": {"xyz": "off"}})),
        ("/v1/ris", json!({"moed": "off"})),
        ("/v1/sessions/s/ris", json!({})),
    ] {
        let (status, _) = call(&app, "PATCH", path, Some("k"), body).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
    }
}

fn check(args: &[&str], input: &str) -> String {
    let mut command = Command::cargo_bin("sigma").unwrap();
    command
        .env("COLUMNS", "100")
        .env_remove("SIGMA_CONFIG")
        .args(["ris", "check"])
        .args(args);
    let output = command.write_stdin(input).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    format!(
        "exit {}\n--- out\n{}--- err\n{}",
        output.status.code().unwrap(),
        text(&output.stdout),
        text(&output.stderr)
    )
}

#[test]
fn recorded_outputs_are_judged() {
    let cases = format!(
        "{}\n\n{}\n",
        json!({"id": "t-1", "user": "Good morning!", "output": OVER, "expect": {"violations": ["temporal_boundary"]}}),
        json!({"id": "t-2", "user": "Good morning!", "output": CLEAN}),
    );
    let told = [
        check(&["-"], &cases),
        check(&["-", "--json"], &cases),
        check(&["-", "--fail-on", "high"], &cases),
    ];
    assert_snapshot!(told.join("\n"));
}

#[test]
fn a_bad_case_is_named_by_line_and_field() {
    let bad = [
        "{\"id\": \"a\", \"user\": \"x\"}",
        "\n{\"id\": 7, \"user\": \"x\", \"output\": \"y\"}",
        "{\"id\": \"a\", \"user\": \"x\", \"output\": \"y\", \"context\": {\"channel\": \"party\"}}",
        "[1]",
        "{",
    ];
    let told: Vec<String> = bad.iter().map(|line| check(&["-"], line)).collect();
    assert_snapshot!(told.join("\n"));
}
