//! From a request to a turn of a session.

use crate::{
    import::pair_messages,
    serve::{
        Fault, Shared,
        authorize::bearer,
        continuity,
        request::{ChatRequest, session_id},
    },
};
use axum::http::HeaderMap;
use sigma_core::{
    CycleReport, Identity, Turn, TurnInput,
    model::{DeltaSender, Message, ModelAnswer, RecordedTranscript, Role},
    store::IdempotencyKey,
};
use sigma_types::{Hash256, SessionId};
use std::sync::Arc;
use uuid::Uuid;

/// Turns of a client's history that a new session takes in; earlier ones are left out.
const MOST_HISTORY: usize = 400;

/// A request that knows its session.
pub(crate) struct Prepared {
    pub(crate) session: SessionId,
    pub(crate) input: TurnInput,
    /// What the dialogue will be remembered by; `None` where the caller names its session.
    history: Option<Vec<(&'static str, String)>>,
    /// History for a session that the server does not know.
    earlier: Vec<Message>,
    caller: String,
    identity: Option<String>,
}

/// What a turn came to.
pub(crate) struct Outcome {
    pub(crate) answer: ModelAnswer,
    /// Absent while tools are asked for.
    pub(crate) report: Option<Arc<CycleReport>>,
}

impl Prepared {
    pub(crate) fn new(
        shared: &Shared,
        headers: &HeaderMap,
        mut request: ChatRequest,
    ) -> Result<Self, Fault> {
        let named = match (request.session.take(), header(headers, "x-session-id")?) {
            (Some(session), _) => Some(session),
            (None, Some(id)) => Some(session_id("x-session-id", id.to_owned())?),
            (None, None) => None,
        };
        let caller = caller(headers, &request);
        let identity = request.identity.clone();
        let mut history = None;
        let session = if let Some(session) = named {
            session
        } else {
            let said = said(&request.history);
            let known = continuity_key(&caller, identity.as_deref(), &said)
                .filter(|_| !said.is_empty())
                .and_then(|key| shared.continuity.take(key));
            history = Some(said);
            match known {
                Some(session) => session,
                None => session_id("session_id", Uuid::now_v7().to_string())?,
            }
        };
        let mut input = TurnInput::new(session.clone(), request.user);
        let default = &shared.service.identity;
        let fallback = || (!default.is_empty()).then(|| default.clone());
        input.identity = identity.clone().or_else(fallback).map(Identity::new);
        request.speaker.apply(&mut input);
        input.tail = request.tail;
        input.passthrough = request.passthrough;
        if let Some(key) = header(headers, "idempotency-key")? {
            let key = IdempotencyKey::new(key)
                .map_err(|error| Fault::invalid("idempotency-key", format!("{error}.")))?;
            input.key = Some(key);
        }
        if let Some(model) = request.model.filter(|_| !shared.service.fixed_model) {
            input.passthrough.insert("model".into(), model.into());
        }
        Ok(Self {
            session,
            input,
            history,
            earlier: request.history,
            caller,
            identity,
        })
    }

    /// Takes the turn, after the history that the session does not know.
    pub(crate) async fn take(
        self,
        shared: &Shared,
        deltas: Option<&DeltaSender>,
    ) -> Result<Outcome, Fault> {
        let service = &shared.service;
        let known = service.runtime.view(&self.session, |_| ()).await?.is_some();
        if !known && !self.earlier.is_empty() {
            Box::pin(take_in(shared, &self.input, &self.earlier)).await?;
        }
        let user = self.input.user.clone();
        let turn = service.runtime.turn(self.input, &*service.model, deltas);
        let turn = Box::pin(turn).await?;
        let outcome = match turn {
            Turn::Answered { answer, report } => Outcome {
                answer,
                report: Some(report),
            },
            Turn::Repeated { report } => Outcome {
                answer: recorded(&report),
                report: Some(report),
            },
            Turn::ToolCalls { answer } => {
                return Ok(Outcome {
                    answer,
                    report: None,
                });
            }
            _ => return Err(Fault::internal()),
        };
        if let Some(mut said) = self.history {
            said.push(("user", user));
            said.push(("assistant", outcome.answer.text.clone()));
            if let Some(key) = continuity_key(&self.caller, self.identity.as_deref(), &said) {
                shared.continuity.put(key, self.session);
            }
        }
        Ok(outcome)
    }
}

/// Takes the turns of a history through the loop, with the answers that were given then.
async fn take_in(shared: &Shared, turn: &TurnInput, earlier: &[Message]) -> Result<(), Fault> {
    let said = earlier.iter().filter_map(|message| match message.role {
        Role::User => Some((true, message.content.as_str())),
        Role::Assistant => Some((false, message.content.as_str())),
        _ => None,
    });
    let mut pairs = pair_messages(said);
    // a question that was never asked or answered teaches nothing
    pairs.retain(|(user, answer)| !user.trim().is_empty() && !answer.trim().is_empty());
    let skipped = pairs.len().saturating_sub(MOST_HISTORY);
    let pairs = pairs.split_off(skipped);
    let answers = pairs.iter().map(|(_, answer)| answer.clone()).collect();
    let model = RecordedTranscript::new("history", answers);
    for (user, _) in pairs {
        let mut input = TurnInput::new(turn.session.clone(), user);
        input.identity.clone_from(&turn.identity);
        Box::pin(shared.service.runtime.turn(input, &model, None)).await?;
    }
    Ok(())
}

fn recorded(report: &CycleReport) -> ModelAnswer {
    let mut answer = ModelAnswer::text(report.answer.as_str(), report.model.name.as_str());
    answer.finish_reason.clone_from(&report.model.finish_reason);
    answer.usage = report.model.usage;
    answer
}

/// Who asks, as far as that can be told: the key and the `user` field.
fn caller(headers: &HeaderMap, request: &ChatRequest) -> String {
    let key = bearer(headers).map(|token| Hash256::of(token.as_bytes()).to_string());
    let user = request
        .passthrough
        .get("user")
        .and_then(|user| user.as_str());
    format!("{}|{}", key.unwrap_or_default(), user.unwrap_or_default())
}

fn said(history: &[Message]) -> Vec<(&'static str, String)> {
    let role = |role| match role {
        Role::User => Some("user"),
        Role::Assistant => Some("assistant"),
        _ => None,
    };
    let text = |message: &Message| Some((role(message.role)?, message.content.clone()));
    history
        .iter()
        .filter_map(text)
        .filter(|(_, text)| !text.trim().is_empty())
        .collect()
}

fn continuity_key(
    caller: &str,
    identity: Option<&str>,
    said: &[(&'static str, String)],
) -> Option<Hash256> {
    let said: Vec<_> = said
        .iter()
        .map(|(role, text)| (*role, text.as_str()))
        .collect();
    continuity::key(caller, identity, &said)
}

fn header<'a>(headers: &'a HeaderMap, name: &'static str) -> Result<Option<&'a str>, Fault> {
    let Some(value) = headers.get(name) else {
        return Ok(None);
    };
    let text = value.to_str();
    text.map(Some)
        .map_err(|_| Fault::invalid(name, "The header must be plain ASCII."))
}
