//! The transcript form: `{identity, cycles: [{cycle, user_input, response, recorded_…?}]}`, as one
//! object, a list of such objects, or one cycle a line.
//!
//! Optional: `constraints` (a list of texts), `title` and `id` beside `identity`; `at` (RFC 3339) in
//! a cycle; `about` and, in a cycle, `note`, which are for readers of the file and not read; any field that begins
//! with `recorded_` and holds a number, or an object of numbers, which is kept under its name
//! without the beginning (`recorded_drift_metrics.total` is `drift_metrics.total`).

use crate::import::{
    dialogue::{Dialogue, Location, Turn},
    document::{Document, Node},
    error::{Expected, ImportError},
    note::{NoteKind, Notes},
    pairing::time,
};
use std::collections::BTreeMap;

const RECORDED: &str = "recorded_";
const DIALOGUE_FIELDS: [&str; 6] = ["identity", "constraints", "cycles", "title", "id", "about"];
const CYCLE_FIELDS: [&str; 5] = ["cycle", "user_input", "response", "at", "note"];

pub(crate) fn read(document: &Document<'_>) -> Result<Vec<Dialogue>, ImportError> {
    let roots: Vec<_> = document.roots().collect();
    if roots.iter().all(|root| root.field("user_input").is_some()) {
        return Ok(vec![cycles(
            &roots,
            "1".into(),
            None,
            None,
            Notes::default(),
        )?]);
    }
    let mut dialogues = Vec::new();
    for root in roots {
        let items = if root.is_list() {
            root.items()?.collect()
        } else {
            vec![root]
        };
        for item in items {
            dialogues.push(dialogue(item, dialogues.len() + 1)?);
        }
    }
    Ok(dialogues)
}

fn dialogue(node: Node<'_, '_>, number: usize) -> Result<Dialogue, ImportError> {
    let list = node
        .required("cycles", Expected::List)?
        .items()?
        .collect::<Vec<_>>();
    let identity = node
        .optional_text("identity")?
        .filter(|text| !text.trim().is_empty());
    let title = node
        .optional_text("title")?
        .filter(|text| !text.trim().is_empty());
    let id = node
        .optional_text("id")?
        .map_or_else(|| number.to_string(), Into::into);
    let mut notes = Notes::default();
    for (key, value) in node.entries()? {
        if !DIALOGUE_FIELDS.contains(&key) {
            notes.add(NoteKind::UnreadField(key.into()), &value.location());
        }
    }
    let mut dialogue = cycles(&list, id, title, identity, notes)?;
    if let Some(constraints) = node.present("constraints") {
        let texts = constraints.items()?.map(|text| text.text().map(Into::into));
        dialogue.constraints = texts.collect::<Result<_, _>>()?;
    }
    Ok(dialogue)
}

fn cycles(
    list: &[Node<'_, '_>],
    id: String,
    title: Option<&str>,
    identity: Option<&str>,
    mut notes: Notes,
) -> Result<Dialogue, ImportError> {
    let mut turns = Vec::with_capacity(list.len());
    for (index, node) in list.iter().enumerate() {
        turns.push(turn(*node, index + 1, &mut notes)?);
    }
    Ok(Dialogue {
        id,
        title: title.map(Into::into),
        identity: identity.map(Into::into),
        constraints: Vec::new(),
        turns,
        notes: notes.finish(),
        branches: Vec::new(),
    })
}

fn turn(node: Node<'_, '_>, index: usize, notes: &mut Notes) -> Result<Turn, ImportError> {
    let source = node.location();
    let user = node.required("user_input", Expected::Text)?.text()?;
    let assistant = node.required("response", Expected::Text)?.text()?;
    if let Some(cycle) = node.present("cycle") {
        let number = cycle
            .as_number()
            .ok_or_else(|| cycle.wrong(Expected::Number))?;
        if number != index as f64 {
            notes.add(NoteKind::OwnNumbers, &source);
        }
    }
    if assistant.trim().is_empty() {
        notes.add(NoteKind::EmptyAnswer, &source);
    }
    let mut recorded = BTreeMap::new();
    for (key, value) in node.entries()? {
        if let Some(name) = key.strip_prefix(RECORDED) {
            numbers(name, value, &source, &mut recorded, notes);
        } else if !CYCLE_FIELDS.contains(&key) {
            notes.add(NoteKind::UnreadField(key.into()), &source);
        }
    }
    Ok(Turn {
        index,
        user: user.into(),
        assistant: assistant.into(),
        at: time(None, node.optional_text("at")?),
        source,
        recorded,
    })
}

fn numbers(
    name: &str,
    value: Node<'_, '_>,
    source: &Location,
    into: &mut BTreeMap<String, f64>,
    notes: &mut Notes,
) {
    if let Some(number) = value.as_number() {
        into.insert(name.into(), number);
    } else if let Ok(entries) = value.entries() {
        for (key, value) in entries {
            numbers(&format!("{name}.{key}"), value, source, into, notes);
        }
    } else if !value.is_null() {
        notes.add(NoteKind::RecordedText(name.into()), source);
    }
}
