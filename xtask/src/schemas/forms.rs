//! Forms that are read leniently and so have no type of their own: only their schema is used.
#![expect(dead_code, reason = "the fields are there for the schema")]

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};
use sigma_types::Timestamp;

/// What `sigma replay` reads in our own form: a transcript or a list of them.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
pub(super) enum TranscriptFile {
    /// One dialogue.
    One(Transcript),
    /// Several.
    Several(Vec<Transcript>),
}

/// One dialogue.
#[derive(Serialize, JsonSchema)]
pub(super) struct Transcript {
    /// Who the assistant is to be: name, role, voice, constraints.
    #[serde(skip_serializing_if = "Option::is_none")]
    identity: Option<String>,
    /// What the dialogue is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    /// What the dialogue is found by.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    /// Its cycles in order.
    cycles: Vec<TranscriptCycle>,
}

/// One question with its answer. Fields that begin with `recorded_` hold numbers, or objects of
/// numbers, which are shown beside what is measured.
#[derive(Serialize, JsonSchema)]
pub(super) struct TranscriptCycle {
    /// Its number, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    cycle: Option<u64>,
    /// What the person wrote.
    user_input: String,
    /// What the assistant answered.
    response: String,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<Timestamp>,
}

/// A line that `cargo xtask conformance --command` writes.
#[derive(Serialize, JsonSchema)]
pub(super) struct Question {
    /// The case.
    id: String,
    /// The operation.
    op: String,
    /// The state and the input.
    given: Map<String, Value>,
    /// The operation and its arguments.
    when: Map<String, Value>,
}

/// A line that it reads: one of `then`, `unsupported` and `error`.
#[derive(Serialize, JsonSchema)]
pub(super) struct Answer {
    /// The case that was asked.
    id: String,
    /// What comes out.
    #[serde(skip_serializing_if = "Option::is_none")]
    then: Option<Value>,
    /// Whether the operation is not known.
    #[serde(default)]
    unsupported: bool,
    /// Why it could not be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}
