//! The chat API, over the offline responder and over a mock provider.

mod client;
mod provider;

use axum::{
    Router,
    body::Body,
    http::{Request, Response, StatusCode},
};
use http_body_util::BodyExt;
use insta::assert_snapshot;
use provider::Provider;
use serde_json::{Value, json};
use sigma_core::{
    Runtime,
    clock::SystemClock,
    embedding::LocalEmbeddings,
    model::{Model, OfflineResponder, OpenAiConfig, OpenAiModel, Retry},
};
use sigma_server::{
    serve::{Service, router},
    settings::{Hidden, ServerSettings, Settings},
};
use sigma_text::BundledEmbedder;
use std::sync::Arc;
use tower::ServiceExt;

fn service(model: Arc<dyn Model>) -> Service {
    let embeddings = Arc::new(LocalEmbeddings::new(Arc::new(BundledEmbedder::new())));
    Service {
        runtime: Arc::new(Runtime::builder(embeddings).build()),
        model,
        identity: String::new(),
        fixed_model: false,
        clock: Arc::new(SystemClock::default()),
    }
}

fn offline() -> Router {
    router(
        service(Arc::new(OfflineResponder)),
        &Settings::default().server,
    )
}

fn over(provider: &Provider) -> Router {
    let mut config = OpenAiConfig::new(provider.url(), "mock-1");
    config.retry = Retry {
        attempts: 0,
        ..Retry::default()
    };
    router(
        service(Arc::new(OpenAiModel::new(config).unwrap())),
        &Settings::default().server,
    )
}

async fn post(app: &Router, body: &Value, headers: &[(&str, &str)]) -> Response<Body> {
    let mut request =
        Request::post("/v1/chat/completions").header("content-type", "application/json");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    app.clone()
        .oneshot(request.body(Body::from(body.to_string())).unwrap())
        .await
        .unwrap()
}

async fn text(response: Response<Body>) -> String {
    String::from_utf8(
        response
            .into_body()
            .collect()
            .await
            .unwrap()
            .to_bytes()
            .to_vec(),
    )
    .unwrap()
}

async fn object(response: Response<Body>) -> Value {
    serde_json::from_str(&text(response).await).unwrap()
}

fn header(response: &Response<Body>, name: &str) -> String {
    response
        .headers()
        .get(name)
        .map_or(String::new(), |value| value.to_str().unwrap().into())
}

fn say(text: &str) -> Value {
    json!({"model": "offline-memory", "messages": [{"role": "user", "content": text}]})
}

fn events(stream: &str) -> Vec<&str> {
    stream
        .split("\n\n")
        .filter_map(|event| event.strip_prefix("data: "))
        .collect()
}

#[tokio::test]
async fn a_turn_is_answered_in_its_session() {
    let app = offline();
    let mut body = say("The spare wick is in the blue cupboard.");
    body["session_id"] = "s-1".into();
    let response = post(&app, &body, &[]).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(
        (
            header(&response, "x-session-id"),
            header(&response, "x-sigma-cycle")
        ),
        ("s-1".into(), "1".into())
    );
    let answer = object(response).await;
    assert_eq!(answer["object"], "chat.completion");
    assert_eq!(answer["choices"][0]["finish_reason"], "stop");
    let again = post(
        &app,
        &say("Where is the spare wick?"),
        &[("x-session-id", "s-1")],
    )
    .await;
    assert_eq!(header(&again, "x-sigma-cycle"), "2");
    let answer = object(again).await;
    let content = answer["choices"][0]["message"]["content"].as_str().unwrap();
    assert!(content.contains("blue cupboard"), "{content}");
}

#[tokio::test]
async fn a_stream_says_what_a_whole_answer_says() {
    let app = offline();
    let whole = object(post(&app, &say("Is the lamp lit?"), &[]).await).await;
    let mut body = say("Is the lamp lit?");
    body["stream"] = true.into();
    body["stream_options"] = json!({"include_usage": true});
    let response = post(&app, &body, &[]).await;
    assert_eq!(header(&response, "content-type"), "text/event-stream");
    assert_eq!(header(&response, "x-session-id").len(), 36);
    let stream = text(response).await;
    let events = events(&stream);
    assert_eq!(events.last(), Some(&"[DONE]"));
    let chunks: Vec<Value> = events[..events.len() - 1]
        .iter()
        .map(|event| serde_json::from_str(event).unwrap())
        .collect();
    let content: String = chunks
        .iter()
        .filter_map(|chunk| chunk["choices"][0]["delta"]["content"].as_str())
        .collect();
    assert_eq!(content, whole["choices"][0]["message"]["content"]);
    let (last, before) = chunks.split_last().unwrap();
    assert_eq!(last["choices"], json!([]));
    assert_eq!(last["usage"], whole["usage"]);
    assert!(
        before
            .iter()
            .all(|chunk| chunk["usage"].is_null() && chunk.get("usage").is_some())
    );
    assert_eq!(
        before.last().unwrap()["choices"][0]["finish_reason"],
        "stop"
    );
    assert_eq!(before[0]["choices"][0]["delta"]["role"], "assistant");
}

#[tokio::test]
async fn history_without_a_session_leads_back_or_is_taken_in() {
    let app = offline();
    let first = post(&app, &say("The cat is called Brine."), &[]).await;
    let session = header(&first, "x-session-id");
    let answer = object(first).await["choices"][0]["message"]["content"].clone();
    let goes_on = json!({"messages": [
        {"role": "user", "content": "The cat is called Brine."},
        {"role": "assistant", "content": answer},
        {"role": "user", "content": "What is the cat called?"},
    ]});
    let second = post(&app, &goes_on, &[]).await;
    assert_eq!(
        (
            header(&second, "x-session-id"),
            header(&second, "x-sigma-cycle")
        ),
        (session.clone(), "2".into())
    );
    // another caller with the same words gets a session of its own, which knows the words
    let other = post(&app, &goes_on, &[("authorization", "Bearer other")]).await;
    assert_ne!(header(&other, "x-session-id"), session);
    assert_eq!(header(&other, "x-sigma-cycle"), "2");
    let content = object(other).await["choices"][0]["message"]["content"].to_string();
    assert!(content.contains("Brine"), "{content}");
}

#[tokio::test]
async fn a_repeated_key_takes_no_turn() {
    let app = offline();
    let mut body = say("Light the lamp.");
    body["session_id"] = "s".into();
    let key = [("idempotency-key", "k1")];
    let first = post(&app, &body, &key).await;
    let first = (
        header(&first, "x-sigma-cycle"),
        object(first).await["choices"].clone(),
    );
    let second = post(&app, &body, &key).await;
    assert_eq!(
        (
            header(&second, "x-sigma-cycle"),
            object(second).await["choices"].clone()
        ),
        first
    );
    body["stream"] = true.into();
    let streamed = text(post(&app, &body, &key).await).await;
    assert!(
        streamed.contains("[DONE]") && streamed.contains("offline"),
        "{streamed}"
    );
    body["stream"] = false.into();
    body["messages"][0]["content"] = "Put it out.".into();
    assert_eq!(post(&app, &body, &key).await.status(), StatusCode::CONFLICT);
}

#[tokio::test]
async fn turns_of_one_session_do_not_overtake_each_other() {
    let app = offline();
    let turns = (0..10).map(|n| {
        let app = app.clone();
        tokio::spawn(async move {
            let response = post(
                &app,
                &say(&format!("Entry {n}.")),
                &[("x-session-id", "crowd")],
            )
            .await;
            header(&response, "x-sigma-cycle").parse::<u32>().unwrap()
        })
    });
    let mut cycles = Vec::new();
    for turn in turns.collect::<Vec<_>>() {
        cycles.push(turn.await.unwrap());
    }
    cycles.sort_unstable();
    assert_eq!(cycles, (1..=10).collect::<Vec<_>>());
}

#[tokio::test]
async fn errors_have_the_form_of_their_place() {
    let app = offline();
    let at = async |method: &str, path: &str, body: &str| {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .body(Body::from(body.to_owned()));
        let response = app.clone().oneshot(request.unwrap()).await.unwrap();
        let (status, media) = (
            response.status().as_u16(),
            header(&response, "content-type"),
        );
        format!(
            "{method} {path} -> {status} {media}\n{}",
            text(response).await
        )
    };
    let chat = "/v1/chat/completions";
    assert_snapshot!(
        [
            at("POST", chat, "{").await,
            at(
                "POST",
                chat,
                "{\"messages\": [{\"role\": \"user\", \"content\": \" \"}]}"
            )
            .await,
            at(
                "POST",
                chat,
                &format!("{{\"x\": \"{}\"}}", "x".repeat(5_000_000))
            )
            .await,
            at("GET", chat, "").await,
            at("GET", "/v1/embeddings", "").await,
            at("GET", "/v1/models/nobody", "").await,
            at("GET", "/v1/models", "").await,
            at("GET", "/nowhere", "").await,
            at("POST", "/healthz", "").await,
        ]
        .join("\n")
    );
}

#[tokio::test]
async fn the_server_key_is_asked_for() {
    let settings = ServerSettings {
        api_key: Hidden::new("s3cret"),
        ..Settings::default().server
    };
    let app = router(service(Arc::new(OfflineResponder)), &settings);
    let refused = post(&app, &say("Hello?"), &[("authorization", "Bearer wrong")]).await;
    assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(header(&refused, "www-authenticate"), "Bearer");
    let passed = post(&app, &say("Hello?"), &[("authorization", "bearer s3cret")]).await;
    assert_eq!(passed.status(), StatusCode::OK);
    let health = Request::get("/healthz").body(Body::empty()).unwrap();
    assert_eq!(app.oneshot(health).await.unwrap().status(), StatusCode::OK);
}

#[tokio::test]
async fn unknown_fields_reach_the_provider_and_its_fields_come_back() {
    let provider = Provider::start().await;
    let app = over(&provider);
    let body = json!({
        "model": "mock-2", "temperature": 0.3, "seed": 7, "session_id": "s",
        "metadata": {"a": [1, 2]},
        "messages": [
            {"role": "system", "content": "You are Marta."},
            {"role": "user", "content": "Is the lamp lit?"},
        ],
    });
    let answer = object(post(&app, &body, &[]).await).await;
    assert_eq!(
        answer["choices"][0]["message"]["content"],
        "Heard: Is the lamp lit?"
    );
    assert_eq!(answer["usage"]["prompt_tokens"], 11);
    assert_eq!(answer["model"], "mock-2");
    let sent = provider.requests().pop().unwrap();
    assert_eq!(
        (&sent["temperature"], &sent["seed"], &sent["model"]),
        (&json!(0.3), &json!(7), &json!("mock-2"))
    );
    assert_eq!(sent["metadata"], json!({"a": [1, 2]}));
    assert!(sent.get("session_id").is_none());
    assert!(sent["messages"].to_string().contains("You are Marta."));
}

#[tokio::test]
async fn an_exchange_with_tools_is_one_turn() {
    let provider = Provider::start().await;
    let app = over(&provider);
    let question = json!({"role": "user", "content": "please call a tool"});
    let mut body = json!({"session_id": "s", "messages": [question]});
    let asked = post(&app, &body, &[]).await;
    assert_eq!(header(&asked, "x-sigma-cycle"), "");
    let asked = object(asked).await;
    assert_eq!(asked["choices"][0]["finish_reason"], "tool_calls");
    let calls = asked["choices"][0]["message"]["tool_calls"].clone();
    assert_eq!(calls[0]["function"]["name"], "lamp");
    body["messages"] = json!([
        question,
        {"role": "assistant", "content": null, "tool_calls": calls},
        {"role": "tool", "tool_call_id": "c1", "content": "lit"},
    ]);
    let done = post(&app, &body, &[]).await;
    assert_eq!(header(&done, "x-sigma-cycle"), "1");
    let sent = provider.requests().pop().unwrap();
    let messages = sent["messages"].as_array().unwrap();
    assert_eq!(messages.last().unwrap()["tool_call_id"], "c1");
}

#[tokio::test]
async fn the_providers_errors_are_passed_on() {
    let provider = Provider::start().await;
    let app = over(&provider);
    let mut body = json!({"session_id": "s", "messages": [{"role": "user", "content": "please fail with 418"}]});
    let failed = post(&app, &body, &[]).await;
    assert_eq!(
        (failed.status().as_u16(), header(&failed, "retry-after")),
        (418, "7".into())
    );
    assert_eq!(object(failed).await["error"]["message"], "I'm a teapot");
    // a stream that has not begun fails like a whole answer
    body["stream"] = true.into();
    let failed = post(&app, &body, &[]).await;
    assert_eq!(
        (failed.status().as_u16(), header(&failed, "retry-after")),
        (418, "7".into())
    );
    // one that has begun says so in its last event
    body["messages"][0]["content"] = "please break off".into();
    let stream = text(post(&app, &body, &[]).await).await;
    let events = events(&stream);
    assert!(
        events.last().unwrap().contains("upstream_error"),
        "{stream}"
    );
    assert!(events.len() > 1 && !stream.contains("[DONE]"));
    // nothing of the failed turns was kept
    body["stream"] = false.into();
    body["messages"][0]["content"] = "Hello.".into();
    assert_eq!(header(&post(&app, &body, &[]).await, "x-sigma-cycle"), "1");
}

#[tokio::test]
async fn a_provider_that_is_not_there_is_told() {
    let config = OpenAiConfig {
        retry: Retry {
            attempts: 0,
            ..Retry::default()
        },
        ..OpenAiConfig::new("http://127.0.0.1:9/v1", "m")
    };
    let app = router(
        service(Arc::new(OpenAiModel::new(config).unwrap())),
        &Settings::default().server,
    );
    let response = post(&app, &say("Hello?"), &[]).await;
    assert_eq!(response.status(), StatusCode::BAD_GATEWAY);
    let body = object(response).await;
    assert_eq!(body["error"]["code"], "upstream_unreachable");
}

#[tokio::test]
async fn a_stream_from_the_provider_is_passed_on_piece_by_piece() {
    let provider = Provider::start().await;
    let app = over(&provider);
    let body = json!({"stream": true, "messages": [{"role": "user", "content": "one two three"}]});
    let stream = text(post(&app, &body, &[]).await).await;
    let content: Vec<_> = events(&stream)
        .into_iter()
        .filter_map(|event| serde_json::from_str::<Value>(event).ok())
        .filter_map(|chunk| {
            chunk["choices"][0]["delta"]["content"]
                .as_str()
                .map(String::from)
        })
        .filter(|piece| !piece.is_empty())
        .collect();
    assert!(content.len() >= 3, "{content:?}");
    assert_eq!(content.concat(), "Heard: one two three");
}

#[tokio::test]
async fn a_reader_who_goes_away_gives_the_turn_up() {
    let provider = Provider::start().await;
    let app = over(&provider);
    let mut body = json!({
        "session_id": "s", "stream": true,
        "messages": [{"role": "user", "content": "please be slow"}],
    });
    let mut stream = post(&app, &body, &[]).await.into_body();
    for _ in 0..3 {
        assert!(stream.frame().await.unwrap().unwrap().is_data());
    }
    drop(stream);
    // the session is free again, and nothing of the turn is in it
    body["stream"] = false.into();
    body["messages"][0]["content"] = "Hello.".into();
    assert_eq!(header(&post(&app, &body, &[]).await, "x-sigma-cycle"), "1");
}

#[tokio::test]
async fn requests_over_the_limit_are_told_to_come_back() {
    let provider = Provider::start().await;
    let settings = ServerSettings {
        requests: 1,
        ..Settings::default().server
    };
    let model = OpenAiModel::new(OpenAiConfig::new(provider.url(), "mock-1")).unwrap();
    let app = router(service(Arc::new(model)), &settings);
    let slow = json!({"stream": true, "messages": [{"role": "user", "content": "please be slow"}]});
    let mut stream = post(&app, &slow, &[]).await.into_body();
    assert!(stream.frame().await.unwrap().unwrap().is_data());
    let refused = post(&app, &say("Hello?"), &[]).await;
    assert_eq!(
        (refused.status().as_u16(), header(&refused, "retry-after")),
        (429, "1".into())
    );
}
