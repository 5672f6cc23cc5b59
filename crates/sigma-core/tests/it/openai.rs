//! The OpenAI-compatible adapter against a server on loopback that says exactly what the test wants.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use sigma_core::embedding::EmbeddingSource as _;
use sigma_core::model::{
    Delta, Model, ModelError, ModelRequest, OpenAiConfig, OpenAiEmbeddings, OpenAiModel,
    ProtocolFault, Retry, Secret, Usage,
};
use sigma_core::prompt::{Material, PROMPT_RULES, PromptBuilder};
use sigma_core::tokens::EstimatedTokens;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

/// What the upstream does with one request.
enum Reply {
    Say(String),
    Hang,
}

/// An upstream that answers its requests one after another and remembers them.
struct Upstream {
    url: String,
    seen: Arc<Mutex<Vec<String>>>,
}

async fn upstream(replies: Vec<Reply>) -> Upstream {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&seen);
    tokio::spawn(async move {
        for reply in replies {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut bytes = Vec::new();
            let mut chunk = [0; 4096];
            while !complete(&bytes) {
                let read = socket.read(&mut chunk).await.unwrap();
                bytes.extend_from_slice(&chunk[..read]);
            }
            log.lock().unwrap().push(String::from_utf8(bytes).unwrap());
            match reply {
                Reply::Say(text) => {
                    socket.write_all(text.as_bytes()).await.unwrap();
                    socket.shutdown().await.unwrap();
                }
                Reply::Hang => tokio::time::sleep(Duration::from_secs(30)).await,
            }
        }
    });
    Upstream { url, seen }
}

fn complete(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head
        .lines()
        .find_map(|line| {
            line.to_lowercase()
                .strip_prefix("content-length:")
                .map(str::to_owned)
        })
        .and_then(|n| n.trim().parse::<usize>().ok())
        .unwrap_or(0);
    body.len() >= length
}

fn http(status: &str, kind: &str, body: &str) -> Reply {
    Reply::Say(format!(
        "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    ))
}

fn plain(text: &str) -> Reply {
    let body = serde_json::json!({
        "model": "tiny-1",
        "choices": [{"index": 0, "finish_reason": "stop",
                     "message": {"role": "assistant", "content": text, "refusal": null}}],
        "usage": {"prompt_tokens": 7, "completion_tokens": 3},
    });
    http("200 OK", "application/json", &body.to_string())
}

fn stream(lines: &[&str]) -> Reply {
    let body = format!(
        "data: {}

",
        lines.join(
            "

data: "
        )
    );
    http("200 OK", "text/event-stream", &body)
}

fn model(url: &str) -> OpenAiModel {
    let retry = Retry {
        attempts: 2,
        first_wait: Duration::from_millis(5),
        longest_wait: Duration::from_millis(50),
    };
    let first_byte = Duration::from_millis(300);
    let config = OpenAiConfig {
        api_key: Some(Secret::new("sk-test")),
        retry,
        first_byte,
        ..OpenAiConfig::new(url, "tiny")
    };
    OpenAiModel::new(config).unwrap()
}

fn request() -> ModelRequest {
    let material = Material {
        user: "Is the lamp lit?",
        ..Material::default()
    };
    let prompt = PromptBuilder::new(&PROMPT_RULES, &EstimatedTokens)
        .build(&material)
        .unwrap();
    let passthrough = serde_json::json!({"temperature": 0.5, "seed": 7, "max_tokens": 90});
    ModelRequest {
        prompt,
        tail: Vec::new(),
        max_tokens: Some(60),
        passthrough: passthrough.as_object().unwrap().clone(),
        cycle: 1,
    }
}

#[tokio::test]
async fn a_plain_answer_comes_back_whole_and_unknown_fields_go_up() {
    let up = upstream(vec![plain("Since six.")]).await;
    let answer = model(&up.url).answer(&request(), None).await.unwrap();
    assert_eq!(
        (answer.text.as_str(), answer.model.as_str()),
        ("Since six.", "tiny-1")
    );
    assert_eq!(
        answer.usage,
        Some(Usage {
            prompt_tokens: 7,
            completion_tokens: 3
        })
    );
    assert!(answer.extra.is_empty());
    let sent = up.seen.lock().unwrap()[0].clone();
    let (head, body) = sent.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST /v1/chat/completions"));
    assert!(
        head.to_lowercase()
            .contains("authorization: bearer sk-test")
    );
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    assert_eq!(body["seed"], 7);
    assert_eq!(body["max_tokens"], 60);
    assert_eq!(body["stream"], false);
    assert_eq!(
        body["messages"].as_array().unwrap().last().unwrap()["content"],
        "Is the lamp lit?"
    );
}

async fn collect(up: &Upstream) -> (Vec<Delta>, Result<String, ModelError>) {
    let (sender, mut receiver) = mpsc::channel(64);
    let answer = model(&up.url)
        .answer(&request(), Some(&sender))
        .await
        .map(|a| a.text);
    drop(sender);
    let mut deltas = Vec::new();
    while let Some(delta) = receiver.recv().await {
        deltas.push(delta);
    }
    (deltas, answer)
}

#[tokio::test]
async fn a_stream_arrives_piece_by_piece() {
    let up = upstream(vec![stream(&[
        r#"{"model":"t","choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}"#,
        r#"{"choices":[{"index":0,"delta":{"content":"Since "}}]}"#,
        r#"{"choices":[{"index":0,"delta":{"content":"six."},"finish_reason":"stop"}]}"#,
        r#"{"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":3}}"#,
        "[DONE]",
    ])])
    .await;
    let (deltas, answer) = collect(&up).await;
    assert_eq!(answer.unwrap(), "Since six.");
    assert_eq!(
        deltas
            .iter()
            .map(|d| d.content.as_str())
            .collect::<Vec<_>>(),
        ["Since ", "six."]
    );
}

#[tokio::test]
async fn a_stream_that_breaks_off_is_no_answer() {
    let piece = r#"{"choices":[{"index":0,"delta":{"content":"Since "}}]}"#;
    let up = upstream(vec![stream(&[piece])]).await;
    let (deltas, answer) = collect(&up).await;
    assert_eq!(deltas.len(), 1);
    assert!(matches!(
        answer,
        Err(ModelError::Protocol(ProtocolFault::BrokenStream))
    ));
    let up = upstream(vec![stream(&[
        piece,
        r#"{"error":{"code":529,"message":"busy"}}"#,
    ])])
    .await;
    assert!(matches!(
        collect(&up).await.1,
        Err(ModelError::Upstream { status: 529, .. })
    ));
}

#[tokio::test]
async fn what_failed_early_is_repeated_and_what_is_wrong_is_passed_on() {
    let busy = || http("503 Service Unavailable", "text/plain", "warming up");
    let up = upstream(vec![busy(), busy(), plain("Since six.")]).await;
    assert_eq!(
        model(&up.url).answer(&request(), None).await.unwrap().text,
        "Since six."
    );

    let refusal = r#"{"error":{"message":"too long","code":"exceed_context_size_error"}}"#;
    let up = upstream(vec![http("400 Bad Request", "application/json", refusal)]).await;
    match model(&up.url).answer(&request(), None).await {
        Err(ModelError::Upstream {
            status: 400, body, ..
        }) => assert_eq!(body, refusal),
        other => panic!("{other:?}"),
    }
    assert_eq!(up.seen.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn silence_ends_in_time() {
    let up = upstream(vec![Reply::Hang]).await;
    let answer = model(&up.url).answer(&request(), None).await;
    assert!(matches!(answer, Err(ModelError::Timeout(_))), "{answer:?}");
}

#[tokio::test]
async fn nobody_there_is_said_with_the_address() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    drop(listener);
    match model(&url).answer(&request(), None).await {
        Err(ModelError::Unreachable { endpoint, .. }) => assert!(url.starts_with(&endpoint)),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn nonsense_is_told_apart() {
    let not_json = http("200 OK", "text/html", "<html>");
    let no_choice = http("200 OK", "application/json", "{\"choices\":[]}");
    let up = upstream(vec![not_json, no_choice]).await;
    let model = model(&up.url);
    let first = model.answer(&request(), None).await;
    assert!(
        matches!(first, Err(ModelError::Protocol(ProtocolFault::NotJson))),
        "{first:?}"
    );
    let second = model.answer(&request(), None).await;
    assert!(
        matches!(second, Err(ModelError::Protocol(ProtocolFault::NoChoice))),
        "{second:?}"
    );
}

#[tokio::test]
async fn embeddings_are_put_in_their_places() {
    let vectors = |list: &str| {
        http(
            "200 OK",
            "application/json",
            &format!("{{\"data\":{list}}}"),
        )
    };
    let up = upstream(vec![
        vectors(r#"[{"index":0,"embedding":[1,0]}]"#),
        vectors(r#"[{"index":1,"embedding":[0,2]},{"index":0,"embedding":[3,0]}]"#),
        vectors(r#"[{"index":0,"embedding":[1,0,0]}]"#),
    ])
    .await;
    let source = OpenAiEmbeddings::connect(OpenAiConfig::new(&*up.url, "e"))
        .await
        .unwrap();
    assert_eq!(source.info().dimensions, 2);
    let texts = ["a", " ", "b"].map(str::to_owned);
    let all = source.embed_batch(&texts).await.unwrap();
    assert_eq!(all[0].as_ref().unwrap().as_slice(), [1.0, 0.0]);
    assert!(all[1].is_none());
    assert_eq!(all[2].as_ref().unwrap().as_slice(), [0.0, 1.0]);
    assert!(source.embed_batch(&["c".to_owned()]).await.is_err());
}
