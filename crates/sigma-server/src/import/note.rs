//! What a reader is told about what was merged or left out.

use crate::import::dialogue::Location;
use std::{collections::BTreeMap, fmt};

/// What was done to the messages of a dialogue, how often, and where first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What was done.
    pub kind: NoteKind,
    /// How often.
    pub count: usize,
    /// Where first.
    pub first: Location,
}

/// Things that happen on the way from a file to turns.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum NoteKind {
    /// User messages that followed another were joined to it.
    UserMerged,
    /// Assistant messages that followed another were joined to it.
    AssistantMerged,
    /// The assistant spoke first.
    AssistantFirst,
    /// The last user message has no answer.
    Unanswered,
    /// Turns the assistant answered with nothing but tool calls, or not at all.
    EmptyAnswer,
    /// System messages in the middle of the dialogue.
    LateSystem,
    /// Results of tools.
    ToolResult,
    /// Calls of tools, and code sent to them.
    ToolCall,
    /// Reasoning that the user was not shown.
    Reasoning,
    /// Content other than text, by its type in the file.
    Content(String),
    /// Messages without any text.
    EmptyMessage,
    /// Alternative answers of a completion record beside the first.
    OtherChoice,
    /// Other branches of a branched dialogue.
    OtherBranch,
    /// Recorded values that are not numbers, by field.
    RecordedText(String),
    /// Fields of a turn that nothing reads, by field.
    UnreadField(String),
    /// The file's own numbers of the cycles are not 1, 2, 3, ….
    OwnNumbers,
    /// Completion records that only repeat the beginning of a later one.
    RepeatedHistory,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let n = self.count;
        let s = if n == 1 { "" } else { "s" };
        match &self.kind {
            NoteKind::UserMerged => write!(f, "{n} user message{s} joined to the one before"),
            NoteKind::AssistantMerged => {
                write!(f, "{n} assistant message{s} joined to the one before")
            }
            NoteKind::AssistantFirst => {
                write!(
                    f,
                    "the assistant spoke first; its first turn has an empty user text"
                )
            }
            NoteKind::Unanswered => {
                write!(f, "the last user message has no answer and was left out")
            }
            NoteKind::EmptyAnswer => write!(f, "{n} turn{s} without an answer in words"),
            NoteKind::LateSystem => write!(f, "{n} later system message{s} left out"),
            NoteKind::ToolResult => write!(f, "{n} tool result{s} left out"),
            NoteKind::ToolCall => write!(f, "{n} tool call{s} left out"),
            NoteKind::Reasoning => write!(f, "{n} reasoning message{s} left out"),
            NoteKind::Content(kind) => write!(f, "{n} part{s} of type `{kind}` left out"),
            NoteKind::EmptyMessage => write!(f, "{n} message{s} without text left out"),
            NoteKind::OtherChoice => write!(f, "{n} alternative answer{s} left out"),
            NoteKind::OtherBranch => write!(f, "{n} other branch{} left out", plural_es(n)),
            NoteKind::RecordedText(field) => {
                write!(
                    f,
                    "recorded `{field}` is not a number; {n} value{s} left out"
                )
            }
            NoteKind::UnreadField(field) => write!(f, "field `{field}` not read in {n} place{s}"),
            NoteKind::OwnNumbers => {
                write!(
                    f,
                    "the file numbers its cycles differently; the report counts from 1"
                )
            }
            NoteKind::RepeatedHistory => {
                write!(
                    f,
                    "{n} record{s} that a later one repeats and continues read only once"
                )
            }
        }?;
        write!(f, " (first: {})", self.first)
    }
}

fn plural_es(n: usize) -> &'static str {
    if n == 1 { "" } else { "es" }
}

/// Collects notes, one per kind.
#[derive(Debug, Default)]
pub(crate) struct Notes(BTreeMap<NoteKind, (usize, Location)>);

impl Notes {
    pub(crate) fn add(&mut self, kind: NoteKind, first: &Location) {
        self.0.entry(kind).or_insert_with(|| (0, first.clone())).0 += 1;
    }

    pub(crate) fn finish(self) -> Vec<Note> {
        let note = |(kind, (count, first))| Note { kind, count, first };
        self.0.into_iter().map(note).collect()
    }
}
