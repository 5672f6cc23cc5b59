//! What a client asks for.

use crate::serve::{
    Fault,
    speaker::{self, Speaker},
};
use serde_json::{Map, Value};
use sigma_core::model::{Message, Role};
use sigma_types::SessionId;

/// A chat request, read and checked.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ChatRequest {
    /// The model asked for.
    pub(crate) model: Option<String>,
    /// The session named in the body.
    pub(crate) session: Option<SessionId>,
    /// System and developer messages, joined.
    pub(crate) identity: Option<String>,
    /// What was said before the last user message, without system messages.
    pub(crate) history: Vec<Message>,
    /// The last user message.
    pub(crate) user: String,
    /// What follows it: an exchange with tools.
    pub(crate) tail: Vec<Message>,
    /// Whether the answer is to come in pieces.
    pub(crate) stream: bool,
    /// Whether the stream ends with token counts.
    pub(crate) include_usage: bool,
    /// Who speaks, and where.
    pub(crate) speaker: Speaker,
    /// Everything else, for the model.
    pub(crate) passthrough: Map<String, Value>,
}

/// Reads a request body.
///
/// # Errors
/// A [`Fault`] that names the field.
pub(crate) fn read(body: &[u8]) -> Result<ChatRequest, Fault> {
    let value: Value = serde_json::from_slice(body)
        .map_err(|error| Fault::invalid("", format!("The body is not valid JSON: {error}.")))?;
    let Value::Object(mut fields) = value else {
        return Err(Fault::invalid("", "The body must be a JSON object."));
    };
    if fields
        .get("n")
        .and_then(Value::as_u64)
        .is_some_and(|n| n != 1)
    {
        return Err(Fault::invalid(
            "n",
            "A session has one answer a turn: `n` must be 1.",
        ));
    }
    let model = text(&mut fields, "model")?;
    let session = text(&mut fields, "session_id")?.map(|id| session_id("session_id", id));
    let stream = flag(fields.remove("stream").as_ref(), "stream")?;
    let include_usage = match fields.remove("stream_options") {
        None | Some(Value::Null) => false,
        Some(Value::Object(options)) => {
            flag(options.get("include_usage"), "stream_options.include_usage")?
        }
        Some(_) => {
            return Err(Fault::invalid(
                "stream_options",
                "`stream_options` must be an object.",
            ));
        }
    };
    let Some(Value::Array(messages)) = fields.remove("messages") else {
        return Err(Fault::invalid(
            "messages",
            "`messages` must be a list of messages.",
        ));
    };
    let sender = fields.remove("sender");
    let channel = fields.remove("channel");
    let (identity, history, user, tail, names) = split(messages)?;
    let speaker = speaker::read(sender, channel, &names)?;
    Ok(ChatRequest {
        model,
        session: session.transpose()?,
        identity,
        history,
        user,
        tail,
        stream,
        include_usage,
        speaker,
        passthrough: fields,
    })
}

/// A session's id, or a fault that names the field it came from.
pub(crate) fn session_id(param: &str, id: String) -> Result<SessionId, Fault> {
    SessionId::new(id).map_err(|error| Fault::invalid(param, format!("Not a session id: {error}.")))
}

fn text(fields: &mut Map<String, Value>, name: &str) -> Result<Option<String>, Fault> {
    match fields.remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(Fault::invalid(name, format!("`{name}` must be a text."))),
    }
}

fn flag(value: Option<&Value>, name: &str) -> Result<bool, Fault> {
    match value {
        None | Some(Value::Null) => Ok(false),
        Some(Value::Bool(flag)) => Ok(*flag),
        Some(_) => Err(Fault::invalid(
            name,
            format!("`{name}` must be true or false."),
        )),
    }
}

type Parts = (
    Option<String>,
    Vec<Message>,
    String,
    Vec<Message>,
    Vec<Option<String>>,
);

/// Identity, history, the last user message, its tail, and the names of all user messages in order.
fn split(messages: Vec<Value>) -> Result<Parts, Fault> {
    let mut identity = Vec::new();
    let mut said = Vec::new();
    for (at, message) in messages.into_iter().enumerate() {
        let message = read_message(at, message)?;
        match message.role {
            Role::System if message.content.trim().is_empty() => {}
            Role::System => identity.push(message.content),
            _ => said.push(message),
        }
    }
    let Some(last) = said.iter().rposition(|message| message.role == Role::User) else {
        return Err(Fault::invalid(
            "messages",
            "There is no user message to answer.",
        ));
    };
    let tail = said.split_off(last + 1);
    let spoke = said.iter().filter(|message| message.role == Role::User);
    let names = spoke.map(|message| {
        message
            .extra
            .get("name")
            .and_then(Value::as_str)
            .map(str::to_owned)
    });
    let names = names.collect();
    let user = said
        .pop()
        .map(|message| message.content)
        .unwrap_or_default();
    Ok((
        (!identity.is_empty()).then(|| identity.join("\n\n")),
        said,
        user,
        tail,
        names,
    ))
}

fn read_message(at: usize, message: Value) -> Result<Message, Fault> {
    let path = |field: &str| format!("messages[{at}].{field}");
    let Value::Object(mut fields) = message else {
        return Err(Fault::invalid(
            format!("messages[{at}]"),
            "A message must be an object.",
        ));
    };
    let role = match fields.remove("role").as_ref().and_then(Value::as_str) {
        Some("user") => Role::User,
        Some("assistant") => Role::Assistant,
        Some("system" | "developer") => Role::System,
        Some("tool" | "function") => Role::Tool,
        _ => {
            let known = "`role` must be one of user, assistant, system, developer, tool.";
            return Err(Fault::invalid(path("role"), known));
        }
    };
    let content = match fields.remove("content") {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text,
        Some(Value::Array(parts)) => parts_text(&path("content"), parts)?,
        Some(_) => {
            return Err(Fault::invalid(
                path("content"),
                "`content` must be a text or a list of parts.",
            ));
        }
    };
    Ok(Message {
        role,
        content,
        extra: fields,
    })
}

fn parts_text(path: &str, parts: Vec<Value>) -> Result<String, Fault> {
    let mut texts = Vec::new();
    for (at, part) in parts.into_iter().enumerate() {
        let text = match part.get("type").and_then(Value::as_str) {
            Some("text") => part.get("text"),
            Some("refusal") => part.get("refusal"),
            other => {
                let kind = other.unwrap_or("nothing");
                let message =
                    format!("Only text parts can be kept in a session; this part is {kind:?}.");
                return Err(Fault::invalid(format!("{path}[{at}].type"), message));
            }
        };
        match text.and_then(Value::as_str) {
            Some(text) => texts.push(text.to_owned()),
            None => {
                return Err(Fault::invalid(
                    format!("{path}[{at}]"),
                    "The part has no text.",
                ));
            }
        }
    }
    Ok(texts.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn parsed(value: &Value) -> Result<ChatRequest, Fault> {
        read(value.to_string().as_bytes())
    }

    #[test]
    fn a_request_is_taken_apart() {
        let request = parsed(&json!({
            "model": "m", "session_id": "s-1", "stream": true, "temperature": 0.2,
            "stream_options": {"include_usage": true},
            "messages": [
                {"role": "system", "content": "Be Marta."},
                {"role": "user", "content": "Lit?"},
                {"role": "assistant", "content": "Lit."},
                {"role": "developer", "content": [{"type": "text", "text": "One line."}]},
                {"role": "user", "content": [{"type": "text", "text": "Fog?"}, {"type": "text", "text": "Now?"}]},
                {"role": "assistant", "content": null, "tool_calls": [{"id": "c"}]},
                {"role": "tool", "tool_call_id": "c", "content": "thin"},
            ],
        }))
        .unwrap();
        assert_eq!(request.identity.as_deref(), Some("Be Marta.\n\nOne line."));
        assert_eq!(request.user, "Fog?\nNow?");
        assert_eq!((request.history.len(), request.tail.len()), (2, 2));
        assert_eq!(request.tail[0].extra["tool_calls"][0]["id"], "c");
        assert!(request.stream && request.include_usage);
        assert_eq!(
            request.passthrough,
            *json!({"temperature": 0.2}).as_object().unwrap()
        );
    }

    #[test]
    fn what_is_wrong_is_named() {
        let user = json!([{"role": "user", "content": "a"}]);
        let cases = [
            json!([1]),
            json!({}),
            json!({"messages": "a"}),
            json!({"messages": []}),
            json!({"messages": [{"role": "owl", "content": "a"}]}),
            json!({"messages": [{"role": "user", "content": 7}]}),
            json!({"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}),
            json!({"messages": user, "n": 2}),
            json!({"messages": user, "stream": "yes"}),
            json!({"messages": user, "session_id": "a b"}),
        ];
        let faults: Vec<_> = cases
            .iter()
            .map(|case| parsed(case).unwrap_err().body().to_string())
            .collect();
        insta::assert_snapshot!(faults.join("\n"));
    }
}
