//! What may come instead of an answer.

use crate::interop::dial::CallError;
use hyper::StatusCode;
use serde_json::Value;
use sigma_interop::{ReadError, VerifyError, seal::SealError};

/// A call came to nothing.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClientError {
    /// No answer came.
    #[error(transparent)]
    Call(#[from] CallError),
    /// The server refuses.
    #[error("{method} {target} was answered with {status}{}: {detail}", code(.reason_code.as_deref()))]
    Refused {
        /// The method.
        method: &'static str,
        /// Path and query.
        target: String,
        /// The status.
        status: StatusCode,
        /// The reason's name, where there is one.
        reason_code: Option<String>,
        /// What the server says.
        detail: String,
        /// All that it says.
        body: Box<Value>,
    },
    /// The answer is not of the form of the protocol.
    #[error("the answer: {0}")]
    Read(#[from] ReadError),
    /// The answer is not what it claims.
    #[error("the answer: {0}")]
    Verify(#[from] VerifyError),
    /// The answer is another's.
    #[error("the answer does not belong to this question: {0}")]
    Foreign(&'static str),
    /// Something cannot be sealed.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// A proof cannot be written.
    #[error("no proof can be made: {0}")]
    Proof(#[from] serde_json::Error),
}

fn code(reason: Option<&str>) -> String {
    reason.map_or(String::new(), |code| format!(" {code}"))
}

/// What a server says that refuses.
pub(super) fn refused(
    method: &'static str,
    target: &str,
    status: StatusCode,
    body: &[u8],
) -> ClientError {
    let text = || Value::String(String::from_utf8_lossy(body).into_owned());
    let body = kiri_ioh::json::parse(body).unwrap_or_else(|_| text());
    let member = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
    ClientError::Refused {
        method,
        target: target.split("token=").next().unwrap_or_default().to_owned(),
        status,
        reason_code: member("reason_code"),
        detail: member("detail").unwrap_or_default(),
        body: Box::new(body),
    }
}
