//! ChatGPT's export `conversations.json`: a list of conversations (or one of them), each a tree of
//! messages under `mapping`, of which `current_node` tells the branch that was shown last.
//!
//! Read are the texts between user and assistant, and the transcription of what was spoken. The
//! user's custom instructions ("how should ChatGPT respond") and system messages become the
//! identity. Code for the interpreter, its output, browsing, reasoning and pictures are left out
//! with a note.

use crate::import::{
    dialogue::{Branch, BranchChoice, Dialogue, excerpt},
    document::{Document, Node},
    error::{Expected, ImportError, Place},
    note::NoteKind,
    pairing::{Message, Pairing, Role, time},
};
use std::collections::{HashMap, HashSet};

const KNOWN: &str = "user, assistant, system, tool";
/// Branches that are described; more are only counted.
const MOST_BRANCHES: usize = 100;
/// Characters of a branch's last text that are shown to tell it from the others.
const ENDING_LENGTH: usize = 60;

pub(crate) fn read(
    document: &Document<'_>,
    choice: &BranchChoice,
) -> Result<Vec<Dialogue>, ImportError> {
    let mut dialogues = Vec::new();
    for root in document.roots() {
        let items = if root.is_list() {
            root.items()?.collect()
        } else {
            vec![root]
        };
        for item in items {
            dialogues.push(Tree::new(item)?.dialogue(dialogues.len() + 1, choice)?);
        }
    }
    Ok(dialogues)
}

struct Tree<'a, 'b> {
    conversation: Node<'a, 'b>,
    /// In the order of the file.
    nodes: Vec<(&'b str, Node<'a, 'b>)>,
    index: HashMap<&'b str, Node<'a, 'b>>,
}

impl<'a, 'b> Tree<'a, 'b> {
    fn new(conversation: Node<'a, 'b>) -> Result<Self, ImportError> {
        let nodes = conversation
            .required("mapping", Expected::Object)?
            .entries()?;
        let index = nodes.iter().copied().collect();
        Ok(Self {
            conversation,
            nodes,
            index,
        })
    }

    fn dialogue(&self, number: usize, choice: &BranchChoice) -> Result<Dialogue, ImportError> {
        let leaves = self.leaves()?;
        let leaf = self.chosen(&leaves, choice)?;
        let mut pairing = Pairing::default();
        for (_, node) in leaf
            .map(|leaf| self.path(leaf))
            .transpose()?
            .unwrap_or_default()
        {
            if let Some(message) = node.present("message") {
                push(message, &mut pairing)?;
            }
        }
        let place = self.conversation.location();
        for _ in 1..leaves.len() {
            pairing.notes.add(NoteKind::OtherBranch, &place);
        }
        let text = |key: &str| self.conversation.field(key).and_then(Node::as_text);
        let id = text("conversation_id").or(text("id"));
        let id = id.map_or_else(|| number.to_string(), Into::into);
        let mut dialogue = pairing.finish(id, text("title").map(Into::into));
        if leaves.len() > 1 {
            let current = self.current(&leaves);
            let branch = |leaf: &&'b str| self.branch(leaf, Some(*leaf) == current);
            let described = leaves.iter().take(MOST_BRANCHES);
            dialogue.branches = described.map(branch).collect::<Result<_, _>>()?;
        }
        Ok(dialogue)
    }

    /// Messages that no other message names as its parent, in the order of the file.
    fn leaves(&self) -> Result<Vec<&'b str>, ImportError> {
        let mut parents = HashSet::new();
        for (_, node) in &self.nodes {
            parents.extend(node.optional_text("parent")?);
        }
        Ok(self
            .nodes
            .iter()
            .map(|(id, _)| *id)
            .filter(|id| !parents.contains(id))
            .collect())
    }

    fn current(&self, leaves: &[&'b str]) -> Option<&'b str> {
        let marked = self
            .conversation
            .field("current_node")
            .and_then(Node::as_text);
        if let Some(marked) = marked.filter(|id| self.index.contains_key(id)) {
            return Some(marked);
        }
        let written = |id: &&&str| {
            let message = self
                .index
                .get(**id)
                .and_then(|node| node.present("message"));
            message
                .and_then(|m| m.present("create_time"))
                .and_then(Node::as_number)
                .unwrap_or(0.0)
        };
        leaves
            .iter()
            .max_by(|a, b| written(a).total_cmp(&written(b)))
            .copied()
    }

    fn chosen(
        &self,
        leaves: &[&'b str],
        choice: &BranchChoice,
    ) -> Result<Option<&'b str>, ImportError> {
        let missing = |wanted: String| {
            let (place, branches) = (self.conversation.place(), leaves.len());
            ImportError::NoBranch {
                place,
                wanted,
                branches,
            }
        };
        match choice {
            // a tree without any message has no leaf, a circle has none either
            BranchChoice::Current => {
                let current = self.current(leaves);
                Ok(current.or_else(|| self.nodes.first().map(|(id, _)| *id)))
            }
            BranchChoice::Number(number) => {
                let leaf = number.checked_sub(1).and_then(|at| leaves.get(at));
                leaf.copied()
                    .map(Some)
                    .ok_or_else(|| missing(number.to_string()))
            }
            BranchChoice::Node(id) => {
                let (id, _) = self
                    .index
                    .get_key_value(id.as_str())
                    .ok_or_else(|| missing(id.clone()))?;
                Ok(Some(self.leaf_beyond(id, leaves)?))
            }
        }
    }

    /// The first leaf whose way passes `id`, or `id` itself.
    fn leaf_beyond(&self, id: &'b str, leaves: &[&'b str]) -> Result<&'b str, ImportError> {
        let mut seen = HashSet::new();
        for leaf in leaves {
            let mut at = Some(*leaf);
            while let Some(here) = at.filter(|here| seen.insert(*here)) {
                if here == id {
                    return Ok(leaf);
                }
                let node = self.index.get(here);
                at = node
                    .map(|node| node.optional_text("parent"))
                    .transpose()?
                    .flatten();
            }
        }
        Ok(id)
    }

    /// The messages from the beginning to `leaf`.
    fn path(&self, leaf: &'b str) -> Result<Vec<(&'b str, Node<'a, 'b>)>, ImportError> {
        let mut path = Vec::new();
        let mut seen = HashSet::new();
        let mut at = Some((leaf, self.conversation.place()));
        while let Some((id, place)) = at {
            let Some(node) = self.index.get(id) else {
                return Err(broken(place, id, false));
            };
            if !seen.insert(id) {
                return Err(broken(place, id, true));
            }
            path.push((id, *node));
            at = match node.present("parent") {
                Some(parent) => Some((parent.text()?, parent.place())),
                None => None,
            };
        }
        path.reverse();
        Ok(path)
    }

    fn branch(&self, leaf: &'b str, current: bool) -> Result<Branch, ImportError> {
        let mut pairing = Pairing::default();
        for (_, node) in self.path(leaf)? {
            if let Some(message) = node.present("message") {
                push(message, &mut pairing)?;
            }
        }
        let dialogue = pairing.finish(String::new(), None);
        let last = dialogue.turns.last();
        let last = last.map_or("", |t| {
            if t.assistant.is_empty() {
                &t.user
            } else {
                &t.assistant
            }
        });
        let said = dialogue
            .turns
            .iter()
            .flat_map(|turn| [&turn.user, &turn.assistant]);
        Ok(Branch {
            leaf: leaf.into(),
            messages: said.filter(|text| !text.is_empty()).count(),
            ends_with: excerpt(last, ENDING_LENGTH),
            current,
        })
    }
}

fn broken(place: Place, node: &str, circle: bool) -> ImportError {
    ImportError::BrokenTree {
        place,
        node: node.into(),
        circle,
    }
}

fn push(message: Node<'_, '_>, pairing: &mut Pairing) -> Result<(), ImportError> {
    let author = message.required("author", Expected::Object)?;
    let named = author.required("role", Expected::Text)?;
    let content = message.required("content", Expected::Object)?;
    let kind = content.required("content_type", Expected::Text)?.text()?;
    let source = message.location();
    let role = match named.text()? {
        "user" => Role::User,
        "assistant" => Role::Assistant,
        "system" | "developer" => Role::System,
        "tool" | "critic" => Role::Tool,
        other => {
            let (place, role) = (named.place(), other.into());
            return Err(ImportError::UnknownRole {
                place,
                role,
                known: KNOWN,
            });
        }
    };
    if kind == "user_editable_context" || is_user_system_message(message) {
        instructions(message, content, pairing);
        return Ok(());
    }
    let hidden = message
        .present("metadata")
        .and_then(|metadata| metadata.field("is_visually_hidden_from_conversation"))
        .is_some_and(Node::is_true);
    let addressed = message
        .field("recipient")
        .and_then(Node::as_text)
        .unwrap_or("all");
    match kind {
        _ if role == Role::Tool => {
            pairing.push(Message {
                role,
                text: String::new(),
                at: None,
                source,
            });
        }
        "thoughts" | "reasoning_recap" => pairing.notes.add(NoteKind::Reasoning, &source),
        _ if role == Role::Assistant && (addressed != "all" || kind == "code") => {
            pairing.tool_call(&source);
        }
        _ if hidden && role == Role::System => {}
        "text" | "multimodal_text" | "code" => {
            let text = parts(content, pairing)?;
            let number = message.present("create_time").and_then(Node::as_number);
            if role != Role::System || !text.trim().is_empty() {
                pairing.push(Message {
                    role,
                    text,
                    at: time(number, None),
                    source,
                });
            }
        }
        other => pairing.notes.add(NoteKind::Content(other.into()), &source),
    }
    Ok(())
}

fn is_user_system_message(message: Node<'_, '_>) -> bool {
    let metadata = message.present("metadata");
    metadata
        .and_then(|m| m.field("is_user_system_message"))
        .is_some_and(Node::is_true)
}

/// How the assistant is told to be; what it is told about the user is not its identity.
fn instructions(message: Node<'_, '_>, content: Node<'_, '_>, pairing: &mut Pairing) {
    let data = message
        .present("metadata")
        .and_then(|metadata| metadata.present("user_context_message_data"))
        .and_then(|data| data.field("about_model_message"));
    if let Some(text) = data
        .or(content.field("user_instructions"))
        .and_then(Node::as_text)
    {
        pairing.identity(text);
    }
}

/// The text of all parts: plain ones, and what a sound was transcribed as.
fn parts(content: Node<'_, '_>, pairing: &mut Pairing) -> Result<String, ImportError> {
    if let Some(text) = content.present("text") {
        return Ok(text.text()?.into());
    }
    let mut texts: Vec<&str> = Vec::new();
    for part in content.required("parts", Expected::List)?.items()? {
        let text = part
            .as_text()
            .or_else(|| part.field("text").and_then(Node::as_text));
        if let Some(text) = text {
            texts.push(text);
        } else if part.is_object() {
            let kind = part
                .field("content_type")
                .and_then(Node::as_text)
                .unwrap_or("unknown");
            pairing
                .notes
                .add(NoteKind::Content(kind.into()), &part.location());
        } else if !part.is_null() {
            return Err(part.wrong(Expected::TextOrParts));
        }
    }
    texts.retain(|text| !text.is_empty());
    Ok(texts.join("\n"))
}
