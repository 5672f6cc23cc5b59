//! ShareGPT: `{id?, conversations: [{from, value}]}`, alone, in a list, or one a line.

use crate::import::{
    dialogue::Dialogue,
    document::{Document, Node},
    error::{Expected, ImportError},
    pairing::{Message, Pairing, Role},
};

const KNOWN: &str = "human, user, gpt, chatgpt, assistant, bot, model, bing, bard, system, tool, \
                     function, function_response, observation, function_call";

pub(crate) fn read(document: &Document<'_>) -> Result<Vec<Dialogue>, ImportError> {
    let mut dialogues = Vec::new();
    for root in document.roots() {
        let items = if root.is_list() {
            root.items()?.collect()
        } else {
            vec![root]
        };
        // a bare list of messages, without the object around it
        if items
            .first()
            .is_some_and(|item| item.field("from").is_some())
        {
            dialogues.push(dialogue(root, &items, dialogues.len() + 1)?);
            continue;
        }
        for item in items {
            let list = match item.field("conversation") {
                Some(list) => list,
                None => item.required("conversations", Expected::List)?,
            };
            let messages = list.items()?.collect::<Vec<_>>();
            dialogues.push(dialogue(item, &messages, dialogues.len() + 1)?);
        }
    }
    Ok(dialogues)
}

fn dialogue(
    node: Node<'_, '_>,
    messages: &[Node<'_, '_>],
    number: usize,
) -> Result<Dialogue, ImportError> {
    let mut pairing = Pairing::default();
    for message in messages {
        push(*message, &mut pairing)?;
    }
    let (id, title) = if node.is_list() {
        (None, None)
    } else {
        if let Some(system) = node.optional_text("system")? {
            pairing.identity(system);
        }
        (
            node.field("id").and_then(Node::as_text),
            node.optional_text("title")?,
        )
    };
    let id = id.map_or_else(|| number.to_string(), Into::into);
    Ok(pairing.finish(id, title.map(Into::into)))
}

fn push(node: Node<'_, '_>, pairing: &mut Pairing) -> Result<(), ImportError> {
    let from = node.required("from", Expected::Text)?;
    let name = from.text()?;
    let role = match name.to_ascii_lowercase().as_str() {
        "human" | "user" => Role::User,
        "gpt" | "chatgpt" | "assistant" | "bot" | "model" | "bing" | "bard" => Role::Assistant,
        "system" => Role::System,
        "tool" | "function" | "function_response" | "observation" => Role::Tool,
        "function_call" => {
            pairing.tool_call(&node.location());
            return Ok(());
        }
        _ => {
            let (place, role) = (from.place(), name.into());
            return Err(ImportError::UnknownRole {
                place,
                role,
                known: KNOWN,
            });
        }
    };
    let text = node.required("value", Expected::Text)?.text()?.into();
    pairing.push(Message {
        role,
        text,
        at: None,
        source: node.location(),
    });
    Ok(())
}
