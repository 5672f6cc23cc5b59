//! A provider of a model that repeats what it hears.

use axum::{
    Json, Router,
    body::Body,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::post,
};
use serde_json::{Value, json};
use std::{
    convert::Infallible,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::net::TcpListener;

type Heard = Arc<Mutex<Vec<Value>>>;

/// A running mock provider; it ends with the test's runtime.
pub(crate) struct Provider {
    url: String,
    heard: Heard,
}

impl Provider {
    pub(crate) async fn start() -> Self {
        let heard = Heard::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/v1", listener.local_addr().unwrap());
        let app = Router::new()
            .route("/v1/chat/completions", post(completions))
            .with_state(Arc::clone(&heard));
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { url, heard }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn requests(&self) -> Vec<Value> {
        self.heard.lock().unwrap().clone()
    }
}

async fn completions(State(heard): State<Heard>, Json(body): Json<Value>) -> Response {
    heard.lock().unwrap().push(body.clone());
    let messages = body["messages"].as_array().cloned().unwrap_or_default();
    let asked = messages
        .iter()
        .rev()
        .find(|message| message["role"] == "user")
        .cloned();
    let asked = asked
        .and_then(|message| message["content"].as_str().map(String::from))
        .unwrap_or_default();
    let answered = messages
        .last()
        .is_some_and(|message| message["role"] == "tool");
    if asked.contains("please fail with 418") {
        let error = json!({"error": {"message": "I'm a teapot", "type": "teapot", "param": null, "code": "short_and_stout"}});
        return (StatusCode::IM_A_TEAPOT, [("retry-after", "7")], Json(error)).into_response();
    }
    if asked.contains("please call a tool") && !answered {
        let call = json!({"id": "c1", "type": "function", "function": {"name": "lamp", "arguments": "{}"}});
        return whole(
            &body,
            &json!({"role": "assistant", "content": null, "tool_calls": [call]}),
            "tool_calls",
        );
    }
    let text = format!("Heard: {asked}");
    if body["stream"] == true && asked.contains("please be slow") {
        return slow_stream(&body);
    }
    if body["stream"] == true {
        return stream(&body, &text);
    }
    whole(
        &body,
        &json!({"role": "assistant", "content": text}),
        "stop",
    )
}

fn whole(body: &Value, message: &Value, finish: &str) -> Response {
    Json(json!({
        "id": "chatcmpl-mock", "object": "chat.completion", "created": 1, "model": body["model"],
        "choices": [{"index": 0, "message": message, "finish_reason": finish}],
        "usage": {"prompt_tokens": 11, "completion_tokens": 3, "total_tokens": 14},
    }))
    .into_response()
}

/// Pieces without end, one every few milliseconds.
fn slow_stream(body: &Value) -> Response {
    let delta = json!([{"index": 0, "delta": {"content": "on "}, "finish_reason": null}]);
    let chunk = json!({
        "id": "chatcmpl-mock", "object": "chat.completion.chunk", "created": 1,
        "model": body["model"], "choices": delta,
    });
    let pieces = futures_util::stream::unfold(chunk, |chunk| async move {
        tokio::time::sleep(Duration::from_millis(5)).await;
        Some((Ok::<_, Infallible>(format!("data: {chunk}\n\n")), chunk))
    });
    (
        [("content-type", "text/event-stream")],
        Body::from_stream(pieces),
    )
        .into_response()
}

fn stream(body: &Value, text: &str) -> Response {
    let chunk = |choices: Value, usage: Value| {
        let chunk = json!({
            "id": "chatcmpl-mock", "object": "chat.completion.chunk", "created": 1,
            "model": body["model"], "choices": choices, "usage": usage,
        });
        format!("data: {chunk}\n\n")
    };
    let mut out = String::new();
    for piece in text.split_inclusive(' ') {
        let delta = json!([{"index": 0, "delta": {"content": piece}, "finish_reason": null}]);
        out.push_str(&chunk(delta, Value::Null));
    }
    if text.contains("please break off") {
        out.push_str("data: {\"choices\": [");
        return ([("content-type", "text/event-stream")], out).into_response();
    }
    out.push_str(&chunk(
        json!([{"index": 0, "delta": {}, "finish_reason": "stop"}]),
        Value::Null,
    ));
    let usage = json!({"prompt_tokens": 11, "completion_tokens": 3, "total_tokens": 14});
    out.push_str(&chunk(json!([]), usage));
    out.push_str("data: [DONE]\n\n");
    ([("content-type", "text/event-stream")], out).into_response()
}
