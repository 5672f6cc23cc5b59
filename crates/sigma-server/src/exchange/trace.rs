//! Recorded requests, sent to any runtime: `spec-fixtures/traces/`.

use crate::exchange::{
    Identity,
    client::{Answer, Client, ClientError},
};
use ed25519_dalek::{Signer as _, SigningKey};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use sigma_interop::RuntimeId;
use sigma_types::Timestamp;
use std::collections::BTreeMap;
use uuid::Uuid;

/// The trace that comes with this program.
pub const SRIP_05: &str = include_str!("../../../../spec-fixtures/traces/srip-05.yaml");

/// One request and what has to come back.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// What it shows.
    pub name: String,
    /// Whether the server has to know the asker.
    #[serde(default)]
    pub peer: bool,
    method: String,
    path: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default)]
    proof: bool,
    /// What the proof is for, if not for this request.
    proof_for: Option<String>,
    sealed: Option<ToSeal>,
    raw: Option<String>,
    repeat: Option<Repeat>,
    expect: Expected,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct ToSeal {
    purpose: String,
    #[serde(default = "version_1")]
    version: String,
    target: Option<String>,
    payload: Value,
}

fn version_1() -> String {
    "1.0".into()
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Repeat {
    text: String,
    times: usize,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    status: u16,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    body: Option<Value>,
}

/// What became of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Came {
    /// All that was expected came back.
    As,
    /// The server does not know the asker.
    Skipped,
    /// Something else came back.
    Otherwise(String),
}

/// Reads a trace.
///
/// # Errors
/// What is wrong with it, in words.
pub fn read(text: &str) -> Result<Vec<Step>, String> {
    serde_saphyr::from_str(text).map_err(|error| error.to_string())
}

/// The run of a trace: who asks whom.
struct Run<'a> {
    client: &'a Client,
    own: &'a Identity,
    server: RuntimeId,
    values: BTreeMap<&'static str, String>,
}

/// The session that the last answer was about.
const SESSION: &str = "$session";

/// Sends every step in order. `now` tells the time of each.
///
/// # Errors
/// [`ClientError`] where there is no server to ask.
pub async fn run(
    client: &Client,
    own: &Identity,
    steps: &[Step],
    now: impl Fn() -> Timestamp,
) -> Result<Vec<(String, Came)>, ClientError> {
    let server = client.capabilities().await?.runtime_id;
    let nonce = || Uuid::now_v7().simple().to_string();
    let values = BTreeMap::from([
        ("$us", own.runtime_id().to_string()),
        ("$server", server.to_string()),
        ("$key_id", own.key_id().to_string()),
        ("$public_key", own.public().to_string()),
        ("$nonce", nonce()),
        ("$again", nonce()),
    ]);
    let mut run = Run {
        client,
        own,
        server,
        values,
    };
    let mut known = false;
    let mut came = Vec::new();
    for step in steps {
        if step.peer && !known {
            came.push((step.name.clone(), Came::Skipped));
            continue;
        }
        let answer = run.ask(step, now()).await?;
        let peer = answer.headers.get("x-sigma-peer");
        known = peer.map_or(known, |peer| peer == "known");
        came.push((step.name.clone(), run.compare(step, &answer)));
        let session = answer.headers.get("x-session-id");
        if let Some(session) = session.and_then(|value| value.to_str().ok()) {
            run.values.insert(SESSION, session.to_owned());
        }
    }
    Ok(came)
}

impl Run<'_> {
    async fn ask(&self, step: &Step, now: Timestamp) -> Result<Answer, ClientError> {
        let mut headers: Vec<_> = step
            .headers
            .iter()
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        let session = self.values.get(SESSION).map_or("", String::as_str);
        let path = step.path.replace(SESSION, session);
        if step.proof || step.proof_for.is_some() {
            let proven = step.proof_for.as_ref().unwrap_or(&path);
            let proven = proven.replace(SESSION, session);
            let token = self.client.token(self.own, self.server, &proven, now)?;
            headers.push(("authorization".into(), format!("Bearer {token}")));
        }
        let body = match (&step.sealed, &step.raw, &step.repeat) {
            (Some(sealed), ..) => {
                headers.push(("content-type".into(), "application/json".into()));
                Some(self.seal(sealed, now).to_string().into_bytes())
            }
            (_, Some(raw), _) => Some(raw.clone().into_bytes()),
            (_, _, Some(repeat)) => Some(repeat.text.repeat(repeat.times).into_bytes()),
            _ => None,
        };
        self.client.raw(&step.method, &path, headers, body).await
    }

    /// A message as the document says, made by hand so that wrong ones can be made too.
    fn seal(&self, what: &ToSeal, now: Timestamp) -> Value {
        let us = self.own.runtime_id().to_string();
        let target = what.target.clone().unwrap_or(self.server.to_string());
        let stamp = now.to_string();
        let header = json!({
            "protocol_version": what.version,
            "source_runtime_id": us,
            "target_runtime_id": target,
            "timestamp": stamp,
        });
        let mut message = json!({"header": header, "payload": self.filled(&what.payload)});
        let canonical = sigma_types::canonical_json(&message).unwrap_or_default();
        let checksum = format!("blake3:{}", blake3::hash(&canonical).to_hex());
        let (kid, seed) = self.own.signing();
        let purpose = format!("sigma-interop/{}/v1", what.purpose);
        let lines = [
            &purpose,
            "ed25519",
            kid,
            &what.version,
            &us,
            &target,
            &stamp,
            &checksum,
        ];
        let signature = SigningKey::from_bytes(seed).sign(lines.join("\n").as_bytes());
        let digits = data_encoding::HEXLOWER.encode(&signature.to_bytes());
        message["signature"] = json!({
            "checksum": checksum,
            "integrity_token": format!("ed25519:{kid}:{digits}"),
        });
        message
    }

    /// Puts the values of the run in the place of their names.
    fn filled(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => self
                .values
                .get(text.as_str())
                .map_or_else(|| value.clone(), |value| json!(value)),
            Value::Array(items) => items.iter().map(|item| self.filled(item)).collect(),
            Value::Object(fields) => {
                let filled = |(name, value): (&String, &Value)| (name.clone(), self.filled(value));
                Value::Object(fields.iter().map(filled).collect::<Map<_, _>>())
            }
            other => other.clone(),
        }
    }

    fn compare(&self, step: &Step, answer: &Answer) -> Came {
        let expect = &step.expect;
        let status = answer.status.as_u16();
        if status != expect.status {
            let said = String::from_utf8_lossy(&answer.body);
            let said: String = said.chars().take(300).collect();
            return Came::Otherwise(format!("status {status}, not {}: {said}", expect.status));
        }
        for (name, begins) in &expect.headers {
            let value = answer
                .headers
                .get(name)
                .and_then(|value| value.to_str().ok());
            if !value.is_some_and(|value| value.starts_with(begins.as_str())) {
                return Came::Otherwise(format!("header {name}: {value:?}, not {begins:?}"));
            }
        }
        let Some(wanted) = &expect.body else {
            return Came::As;
        };
        let body = serde_json::from_slice(&answer.body).unwrap_or(Value::Null);
        match differing(&self.filled(wanted), &body, "") {
            None => Came::As,
            Some(at) => Came::Otherwise(format!("another value at {at}")),
        }
    }
}

/// Where the members that are wanted are not those that came.
fn differing(wanted: &Value, came: &Value, at: &str) -> Option<String> {
    match (wanted, came) {
        (Value::Object(wanted), Value::Object(came)) => wanted.iter().find_map(|(name, value)| {
            let at = format!("{at}/{name}");
            match came.get(name) {
                None => Some(at),
                Some(came) => differing(value, came, &at),
            }
        }),
        (wanted, came) => (wanted != came).then(|| format!("{at} ({came})")),
    }
}
