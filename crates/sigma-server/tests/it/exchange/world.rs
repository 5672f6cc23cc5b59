//! Runtimes as processes of their own, and plain requests to them.

use axum::{Json, Router, routing::post};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::{HeaderMap, Request, StatusCode, client::conn::http1};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use sigma_server::exchange::{Identity, proof};
use std::{
    collections::BTreeMap,
    io::{self, BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Duration,
};
use tempfile::TempDir;
use tokio::{
    net::{TcpListener, TcpStream},
    time::{sleep, timeout},
};

/// Turns after which every figure of a packet is measured, and what answers without a model is no drift.
pub(super) const ENOUGH: usize = 26;

/// How long anything may take here: none of it is a measurement.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);

/// A runtime: its folder, and the server while it runs.
pub(super) struct Runtime {
    folder: TempDir,
    child: Option<Child>,
    pub(super) url: String,
}

impl Drop for Runtime {
    fn drop(&mut self) {
        self.stop();
    }
}

fn clean(command: &mut Command) -> &mut Command {
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("SIGMA_")) {
        command.env_remove(name);
    }
    command
}

impl Runtime {
    pub(super) fn start() -> Self {
        Self::start_with(&[], &[])
    }

    /// Starts a runtime in a folder of its own.
    pub(super) fn start_with(args: &[&str], environment: &[(&str, &str)]) -> Self {
        let mut runtime = Self {
            folder: TempDir::new().unwrap(),
            child: None,
            url: String::new(),
        };
        runtime.go_on(args, environment);
        runtime
    }

    /// Starts the server in the same folder again.
    pub(super) fn go_on(&mut self, args: &[&str], environment: &[(&str, &str)]) {
        self.stop();
        let mut command = Command::new(env!("CARGO_BIN_EXE_sigma"));
        let mut child = clean(&mut command)
            .args(["serve", "--bind", "127.0.0.1:0", "--store", "sigma.db"])
            .args(args)
            .env("SIGMA_EXCHANGE_DANGEROUSLY_ALLOW_LOOPBACK", "true")
            .env("SIGMA_EXCHANGE_REQUESTS_PER_MINUTE", "0")
            .env("SIGMA_EXCHANGE_PEER_REQUESTS_PER_MINUTE", "0")
            .envs(environment.iter().copied())
            .current_dir(self.folder.path())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        self.child = Some(child);
        self.url.clear();
        let mut said = String::new();
        while !said.contains("/field/state") {
            let mut line = String::new();
            assert_ne!(stderr.read_line(&mut line).unwrap(), 0, "it ended: {said}");
            let mut words = line.split_whitespace();
            let url = words.find_map(|word| word.strip_suffix("/v1"));
            self.url.push_str(url.unwrap_or_default());
            said += &line;
        }
        std::thread::spawn(move || io::copy(&mut stderr, &mut io::sink()));
    }

    pub(super) fn stop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Its UUID and key.
    pub(super) fn identity(&self) -> Identity {
        Identity::open_or_make(&self.folder().join("sigma.exchange.key.json")).unwrap()
    }

    /// Runs a command in its folder: the exit code, and all that was said.
    pub(super) fn sigma(&self, args: &[&str]) -> (Option<i32>, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sigma"));
        let output = clean(&mut command)
            .args(args)
            .current_dir(self.folder.path())
            .output()
            .unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(said).unwrap())
    }

    /// As [`Runtime::sigma`], of which only the output matters, for it has to end well.
    pub(super) fn told(&self, args: &[&str]) -> String {
        let (code, said) = self.sigma(args);
        assert_eq!(code, Some(0), "sigma {args:?}: {said}");
        said
    }

    /// Makes two runtimes known to each other.
    pub(super) fn befriend(&self, other: &Self, grants: &str) {
        for (one, other) in [(self, other), (other, self), (self, other)] {
            one.told(&[
                "peer",
                "handshake",
                &other.url,
                "--trust",
                "--grant",
                grants,
            ]);
        }
    }

    /// A session with a few calm turns.
    pub(super) async fn calm(&self, session: &str, turns: usize) {
        let dialogue = Recorded::harbour();
        for (user, _) in dialogue.turns.iter().take(turns) {
            self.say(session, &dialogue.identity, user).await;
        }
    }

    /// One turn; on return its cycle is told to listeners, which happens after the answer.
    pub(super) async fn say(&self, session: &str, identity: &str, user: &str) -> Got {
        let before = self.cycles_told().await;
        let body = json!({
            "session_id": session,
            "messages": [
                {"role": "system", "content": identity},
                {"role": "user", "content": user},
            ],
        });
        let got = self
            .send("POST", "/v1/chat/completions", &[], json_bytes(&body))
            .await;
        assert_eq!(got.status, StatusCode::OK, "{}", got.text());
        let told = async {
            while self.cycles_told().await <= before {
                sleep(Duration::from_millis(5)).await;
            }
        };
        timeout(PATIENCE, told).await.expect("the cycle is told");
        got
    }

    async fn cycles_told(&self) -> u64 {
        self.figure("sigma_phase_cycles_total").await
    }

    /// A figure of `/metrics/phase`.
    pub(super) async fn figure(&self, name: &str) -> u64 {
        let figures = self.ask(&self.identity(), "/metrics/phase").await.text();
        let of_name = |line: &str| line.strip_prefix(name)?.strip_prefix(' ')?.parse().ok();
        let found = figures.lines().find_map(of_name);
        found.unwrap_or_else(|| panic!("no {name} in {figures}"))
    }

    /// A recorded dialogue up to a turn, taken in as a new session.
    pub(super) async fn take_in(&self, session: &str, dialogue: &Recorded, turns: usize) {
        let mut messages = vec![json!({"role": "system", "content": dialogue.identity})];
        for (user, answer) in dialogue.turns.iter().take(turns) {
            messages.push(json!({"role": "user", "content": user}));
            messages.push(json!({"role": "assistant", "content": answer}));
        }
        let (last, _) = &dialogue.turns[turns];
        messages.push(json!({"role": "user", "content": last}));
        let body = json!({"session_id": session, "messages": messages});
        let got = self
            .send("POST", "/v1/chat/completions", &[], json_bytes(&body))
            .await;
        assert_eq!(got.status, StatusCode::OK, "{}", got.text());
    }

    /// A request with these headers.
    pub(super) async fn send(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Got {
        send(&self.url, method, target, headers, body.into()).await
    }

    /// A request with a proof of who asks.
    pub(super) async fn ask(&self, as_whom: &Identity, target: &str) -> Got {
        self.ask_with(as_whom, target, &[]).await
    }

    pub(super) async fn ask_with(
        &self,
        as_whom: &Identity,
        target: &str,
        headers: &[(&str, &str)],
    ) -> Got {
        let bearer = self.bearer(as_whom, target);
        let mut all = vec![("authorization", bearer.as_str())];
        all.extend_from_slice(headers);
        self.send("GET", target, &all, Bytes::new()).await
    }

    pub(super) fn bearer(&self, as_whom: &Identity, target: &str) -> String {
        let us = self.identity().runtime_id();
        let token = proof::token(as_whom, us, "GET", target, super::now()).unwrap();
        format!("Bearer {token}")
    }
}

pub(super) fn json_bytes(value: &Value) -> Bytes {
    value.to_string().into()
}

/// What came back.
#[derive(Debug)]
pub(super) struct Got {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Got {
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{}", self.text()))
    }

    /// Status and reason of a refusal.
    pub(super) fn refusal(&self) -> (u16, String) {
        let reason = self.json()["reason_code"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        (self.status.as_u16(), reason)
    }

    pub(super) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
}

pub(super) async fn send(
    url: &str,
    method: &str,
    target: &str,
    headers: &[(&str, &str)],
    body: Bytes,
) -> Got {
    let authority = url.strip_prefix("http://").unwrap();
    let stream = TcpStream::connect(authority).await.unwrap();
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    let mut request = Request::builder()
        .method(method)
        .uri(target)
        .header("host", authority)
        .header("connection", "close");
    if !headers.iter().any(|(name, _)| *name == "content-type") && !body.is_empty() {
        request = request.header("content-type", "application/json");
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Full::new(body)).unwrap();
    let (head, body) = sender.send_request(request).await.unwrap().into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    Got {
        status: head.status,
        headers: head.headers,
        body,
    }
}

/// A dialogue with its answers.
pub(super) struct Recorded {
    pub(super) identity: String,
    pub(super) turns: Vec<(String, String)>,
}

impl Recorded {
    /// The dialogue of the demo: calm up to turn 39, then talked off its persona, called back at 48.
    pub(super) fn harbour() -> Self {
        let path =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../../spec-fixtures/demo/harbour.json");
        let text = std::fs::read_to_string(path).unwrap();
        let whole: Value = serde_json::from_str(&text).unwrap();
        let constraints = whole["constraints"].as_array().unwrap().iter();
        let constraints: Vec<_> = constraints.filter_map(Value::as_str).collect();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let turns = whole["cycles"].as_array().unwrap().iter();
        Self {
            identity: format!("{} {}", text(&whole["identity"]), constraints.join(" ")),
            turns: turns
                .map(|turn| (text(&turn["user_input"]), text(&turn["response"])))
                .collect(),
        }
    }

    /// A provider that gives the recorded answers; its URL up to `/v1`.
    pub(super) async fn provider(&self) -> String {
        let answers: BTreeMap<_, _> = self.turns.iter().cloned().collect();
        let answers = Arc::new(answers);
        let app = Router::new().route(
            "/v1/chat/completions",
            post(async move |Json(request): Json<Value>| {
                let messages = request["messages"].as_array().unwrap();
                let user = messages
                    .iter()
                    .rev()
                    .find(|message| message["role"] == "user");
                let user = user.unwrap()["content"].as_str().unwrap();
                let answer = answers
                    .get(user)
                    .cloned()
                    .unwrap_or_else(|| "It is silent.".into());
                Json(json!({
                    "id": "x", "object": "chat.completion", "created": 0, "model": "recorded",
                    "choices": [{"index": 0, "finish_reason": "stop",
                        "message": {"role": "assistant", "content": answer}}],
                    "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
                }))
            }),
        );
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/v1", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, app).await });
        url
    }
}
