//! Which form a file has.

use crate::import::{
    document::{Document, Node},
    error::ImportError,
};
use std::{fmt, str::FromStr};

/// The forms that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Format {
    /// `{identity, cycles: [{cycle, user_input, response}]}`.
    Transcript,
    /// Messages with `role` and `content`.
    OpenAi,
    /// `conversations` with `from` and `value`.
    ShareGpt,
    /// ChatGPT's `conversations.json`.
    ChatGpt,
}

impl Format {
    /// All of them, in the order in which they are tried.
    pub const ALL: [Self; 4] = [
        Self::Transcript,
        Self::ChatGpt,
        Self::ShareGpt,
        Self::OpenAi,
    ];

    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Transcript => "transcript",
            Self::OpenAi => "openai",
            Self::ShareGpt => "sharegpt",
            Self::ChatGpt => "chatgpt",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Transcript => "a transcript",
            Self::OpenAi => "OpenAI messages",
            Self::ShareGpt => "ShareGPT",
            Self::ChatGpt => "a ChatGPT export",
        })
    }
}

/// A form that was told, or is to be found out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FormatChoice {
    /// Find it out from the first record.
    #[default]
    Auto,
    /// Read it as this one.
    Known(Format),
}

/// Not the name of a form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not one of auto, transcript, openai, sharegpt, chatgpt")]
pub struct UnknownFormat;

impl FromStr for FormatChoice {
    type Err = UnknownFormat;

    fn from_str(text: &str) -> Result<Self, UnknownFormat> {
        if text == "auto" {
            return Ok(Self::Auto);
        }
        let known = Format::ALL.into_iter().find(|format| format.name() == text);
        known.map(Self::Known).ok_or(UnknownFormat)
    }
}

/// The form told, or the first whose marks the first record bears.
pub(crate) fn choose(document: &Document<'_>, choice: FormatChoice) -> Result<Format, ImportError> {
    if let FormatChoice::Known(format) = choice {
        return Ok(format);
    }
    let Some(root) = document.roots().next() else {
        unreachable!("a parsed document has a record")
    };
    let sample = first_object(root).unwrap_or(root);
    let has = |keys: &[&str]| keys.iter().any(|key| sample.field(key).is_some());
    let format = if has(&["cycles", "user_input"]) {
        Format::Transcript
    } else if has(&["mapping"]) {
        Format::ChatGpt
    } else if has(&["conversations", "conversation", "from"]) {
        Format::ShareGpt
    } else if has(&["role", "messages", "choices", "request", "response", "body"]) {
        Format::OpenAi
    } else if root.is_list() && root.items()?.len() == 0 {
        return Err(ImportError::NoDialogue {
            file: root.place().file,
            format: Format::OpenAi,
        });
    } else {
        return Err(ImportError::UnknownForm {
            place: sample.place(),
        });
    };
    Ok(format)
}

/// The object itself, or the first element of a list (of lists) of them.
fn first_object<'a, 'b>(node: Node<'a, 'b>) -> Option<Node<'a, 'b>> {
    if node.is_object() {
        return Some(node);
    }
    let first = node.items().ok()?.next()?;
    if first.is_object() {
        Some(first)
    } else {
        first.items().ok()?.next().filter(|n| n.is_object())
    }
}
