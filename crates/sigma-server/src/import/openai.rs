//! OpenAI messages, in all the ways they are kept:
//! - a list of messages, `{"messages": […]}`, or a list of such objects or lists;
//! - one message a line (one dialogue), or one `{"messages": […]}` a line (fine-tuning data);
//! - chat-completion records, one a line or in a list: request and answer in one object
//!   (`messages` beside `choices`, or `request`/`body` beside `response`). A record whose messages
//!   repeat and continue an earlier record belongs to the same dialogue, so the log of an
//!   application gives back its dialogues.

use crate::import::{
    dialogue::{Dialogue, Location},
    document::{Document, Node},
    error::{Expected, ImportError},
    note::NoteKind,
    pairing::{Message, Pairing, Role, time},
};
use sigma_types::Timestamp;

const KNOWN: &str = "user, assistant, system, developer, tool, function";

/// A message, or what else stands where one can.
#[derive(Clone)]
enum Entry {
    Said(Message),
    Called(Location),
    Left(NoteKind, Location),
}

/// What one record holds.
struct Conversation {
    id: Option<String>,
    title: Option<String>,
    entries: Vec<Entry>,
    /// Whether an answer from `choices` is at the end, as in a log.
    logged: bool,
    /// Where an earlier record of the same dialogue stood.
    repeats: Vec<Location>,
    source: Location,
}

pub(crate) fn read(document: &Document<'_>) -> Result<Vec<Dialogue>, ImportError> {
    let roots: Vec<_> = document.roots().collect();
    let mut conversations: Vec<Conversation> = Vec::new();
    if roots.iter().all(|root| is_message(*root)) {
        let (source, entries) = (roots[0].location(), messages(roots.iter().copied())?);
        conversations.push(Conversation::new(None, None, entries, source));
    } else {
        for root in roots {
            let items = if root.is_list() {
                root.items()?.collect()
            } else {
                vec![root]
            };
            if items.first().is_some_and(|item| is_message(*item)) {
                let entries = messages(items.into_iter())?;
                conversations.push(Conversation::new(None, None, entries, root.location()));
                continue;
            }
            for item in items {
                let conversation = record(item)?;
                join_history(&mut conversations, conversation);
            }
        }
    }
    let numbered = conversations.into_iter().enumerate();
    Ok(numbered
        .map(|(at, conversation)| conversation.finish(at + 1))
        .collect())
}

fn is_message(node: Node<'_, '_>) -> bool {
    node.field("role").is_some()
}

fn record(node: Node<'_, '_>) -> Result<Conversation, ImportError> {
    if node.is_list() {
        return Ok(Conversation::new(
            None,
            None,
            messages(node.items()?)?,
            node.location(),
        ));
    }
    let request = ["request", "body"]
        .iter()
        .find_map(|key| node.present(key))
        .unwrap_or(node);
    let response = node.present("response").unwrap_or(node);
    let response = response.present("body").unwrap_or(response);
    let at = ["created", "created_at", "timestamp"]
        .iter()
        .find_map(|key| {
            let field = response.present(key).or(node.present(key))?;
            time(field.as_number(), field.as_text())
        });
    let asked = request.required("messages", Expected::QuestionToAnswer)?;
    let mut entries = messages(asked.items()?)?;
    let choices = response.present("choices");
    if let Some(choices) = choices {
        for (index, choice) in choices.items()?.enumerate() {
            let message = choice.required("message", Expected::Message)?;
            if index == 0 {
                push(message, at, &mut entries)?;
            } else {
                entries.push(Entry::Left(NoteKind::OtherChoice, message.location()));
            }
        }
    }
    let text = |key: &str| {
        let of = |node: Node<'_, '_>| node.field(key).and_then(Node::as_text).map(String::from);
        of(node).or_else(|| of(request))
    };
    let id = ["session_id", "conversation_id", "custom_id"]
        .iter()
        .find_map(|key| text(key));
    let id = id.or_else(|| choices.is_none().then(|| text("id")).flatten());
    let mut conversation = Conversation::new(id, text("title"), entries, node.location());
    conversation.logged = choices.is_some();
    Ok(conversation)
}

fn messages<'a: 'b, 'b>(
    nodes: impl Iterator<Item = Node<'a, 'b>>,
) -> Result<Vec<Entry>, ImportError> {
    let mut entries = Vec::new();
    for node in nodes {
        push(node, None, &mut entries)?;
    }
    Ok(entries)
}

fn push(
    node: Node<'_, '_>,
    at: Option<Timestamp>,
    entries: &mut Vec<Entry>,
) -> Result<(), ImportError> {
    if !node.is_object() {
        return Err(node.wrong(Expected::Message));
    }
    let named = node.required("role", Expected::Text)?;
    let name = named.text()?;
    let role = match name {
        "user" => Role::User,
        "assistant" => Role::Assistant,
        "system" | "developer" => Role::System,
        "tool" | "function" => Role::Tool,
        _ => {
            let (place, role) = (named.place(), name.into());
            return Err(ImportError::UnknownRole {
                place,
                role,
                known: KNOWN,
            });
        }
    };
    let source = node.location();
    let called = node.present("tool_calls").is_some() || node.present("function_call").is_some();
    let refusal = node
        .field("refusal")
        .and_then(Node::as_text)
        .map(String::from);
    let text = if node.field("content").is_none() && (called || refusal.is_some()) {
        String::new()
    } else {
        let content = node.required("content", Expected::TextOrParts)?;
        if content.is_null() {
            String::new()
        } else {
            content_text(content, entries)?
        }
    };
    let text = if text.is_empty() {
        refusal.unwrap_or_default()
    } else {
        text
    };
    let field = ["created_at", "timestamp", "created", "at"]
        .iter()
        .find_map(|k| node.present(k));
    let at = field
        .and_then(|field| time(field.as_number(), field.as_text()))
        .or(at);
    if !(called && text.is_empty()) {
        entries.push(Entry::Said(Message {
            role,
            text,
            at,
            source: source.clone(),
        }));
    }
    if called {
        entries.push(Entry::Called(source));
    }
    Ok(())
}

/// The text of `content`: itself, or its parts of text joined line by line.
fn content_text(content: Node<'_, '_>, entries: &mut Vec<Entry>) -> Result<String, ImportError> {
    if let Some(text) = content.as_text() {
        return Ok(text.into());
    }
    if !content.is_list() {
        return Err(content.wrong(Expected::TextOrParts));
    }
    let mut texts = Vec::new();
    for part in content.items()? {
        if let Some(text) = part.as_text() {
            texts.push(text);
            continue;
        }
        let kind = part.required("type", Expected::Text)?.text()?;
        let key = match kind {
            "text" | "input_text" | "output_text" => "text",
            "refusal" => "refusal",
            other => {
                let kind = NoteKind::Content(other.into());
                entries.push(Entry::Left(kind, part.location()));
                continue;
            }
        };
        texts.push(part.required(key, Expected::Text)?.text()?);
    }
    Ok(texts.join("\n"))
}

/// Takes a record in: as a dialogue of its own, or as the continuation of one that it repeats.
fn join_history(conversations: &mut Vec<Conversation>, mut next: Conversation) {
    let earlier = conversations
        .iter_mut()
        .rev()
        .take(OPEN_DIALOGUES)
        .find(|c| c.goes_on_in(&next));
    match earlier {
        Some(earlier) => {
            // the first record of a message knows best where and when it was
            for (message, first) in next.said_mut().zip(earlier.said()) {
                message.at = first.at.or(message.at);
                message.source = first.source.clone();
            }
            next.repeats = std::mem::take(&mut earlier.repeats);
            next.repeats.push(earlier.source.clone());
            next.id = next.id.or(earlier.id.take());
            *earlier = next;
        }
        None => conversations.push(next),
    }
}

/// How many dialogues of a log may be going on at once.
const OPEN_DIALOGUES: usize = 64;

impl Conversation {
    fn new(
        id: Option<String>,
        title: Option<String>,
        entries: Vec<Entry>,
        source: Location,
    ) -> Self {
        Self {
            id,
            title,
            entries,
            logged: false,
            repeats: Vec::new(),
            source,
        }
    }

    fn said(&self) -> impl Iterator<Item = &Message> {
        self.entries.iter().filter_map(|entry| match entry {
            Entry::Said(message) if message.role != Role::System => Some(message),
            _ => None,
        })
    }

    fn said_mut(&mut self) -> impl Iterator<Item = &mut Message> {
        self.entries.iter_mut().filter_map(|entry| match entry {
            Entry::Said(message) if message.role != Role::System => Some(message),
            _ => None,
        })
    }

    /// Whether `next` begins with everything said here.
    fn goes_on_in(&self, next: &Self) -> bool {
        if !(self.logged && next.logged) {
            return false;
        }
        if self.id.is_some() && next.id.is_some() && self.id != next.id {
            return false;
        }
        let mut later = next.said();
        let repeated = self.said().all(|message| {
            later.next().is_some_and(|other| {
                other.role == message.role && other.text.trim() == message.text.trim()
            })
        });
        repeated && later.next().is_some()
    }

    fn finish(self, number: usize) -> Dialogue {
        let mut pairing = Pairing::default();
        for place in &self.repeats {
            pairing.notes.add(NoteKind::RepeatedHistory, place);
        }
        for entry in self.entries {
            match entry {
                Entry::Said(message) => pairing.push(message),
                Entry::Called(source) => pairing.tool_call(&source),
                Entry::Left(kind, source) => pairing.notes.add(kind, &source),
            }
        }
        pairing.finish(self.id.unwrap_or_else(|| number.to_string()), self.title)
    }
}
