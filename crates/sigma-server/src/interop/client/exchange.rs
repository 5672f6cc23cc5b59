//! What comes back from a server, and what may come instead.

use crate::interop::dial::CallError;
use kiri_ioh::{
    json::JsonError,
    keys::{KeyError, PublicKey},
    ledger::{Checkpoint, Entry, InclusionError, InclusionProof},
    message::SignatureError,
};
use serde::Deserialize;
use serde_json::Value;

/// One request and its answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Exchange {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// Path and query.
    pub target: String,
    /// The body that was sent; null for none.
    pub sent: Value,
    /// The status that came back.
    pub status: u16,
    /// The body that came back; a text where it was not JSON.
    pub received: Value,
}

/// An answer and how it came.
#[derive(Debug, Clone, PartialEq)]
pub struct Answered<T> {
    /// The answer.
    pub answer: T,
    /// How it came.
    pub exchange: Exchange,
}

/// A call came to nothing.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClientError {
    /// No answer came.
    #[error(transparent)]
    Call(#[from] CallError),
    /// The server refuses.
    #[error("{}", refusal(.0))]
    Refused(Box<Exchange>),
    /// The answer has another form than the document says.
    #[error("the answer to {} {} has not the form that the document says", .0.method, .0.target)]
    Form(Box<Exchange>),
    /// A request cannot be signed.
    #[error("the request cannot be signed: {0}")]
    Sign(#[from] SignatureError),
    /// The key cannot be one.
    #[error("the peer's key: {0}")]
    Key(#[from] KeyError),
    /// Something has no canonical form.
    #[error(transparent)]
    Json(#[from] JsonError),
}

fn refusal(exchange: &Exchange) -> String {
    let text = |name: &str| exchange.received.get(name).and_then(Value::as_str);
    let reason = text("reason_code").map_or(String::new(), |code| format!(" {code}"));
    let detail = text("detail").unwrap_or_default();
    format!(
        "{} {} was answered with {}{reason}: {detail}",
        exchange.method, exchange.target, exchange.status
    )
}

/// One entry of a ledger, and that it stands in it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proven {
    /// The entry.
    pub entry: Entry,
    /// Its way to the root.
    pub proof: InclusionProof,
    /// What the server states about its ledger.
    pub checkpoint: Checkpoint,
}

impl Proven {
    /// Whether the entry stands in the ledger that the server states.
    ///
    /// # Errors
    /// [`InclusionError`].
    pub fn verify(&self, key: &PublicKey) -> Result<(), InclusionError> {
        self.proof.verify(&self.entry.record, &self.checkpoint, key)
    }
}
