//! What can be wrong with a file, where, and how to mend it.

use crate::import::format::Format;
use jsonc_parser::errors::{ParseError, ParseErrorKind};
use std::{fmt, io};

/// Why a file could not be read as dialogues. The message says what and where;
/// [`ImportError::mend`] says what to do about it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// The file could not be opened or read.
    #[error("{file}: {source}")]
    Read {
        /// The file's name as given.
        file: String,
        /// What the system says.
        source: io::Error,
    },
    /// More bytes than allowed.
    #[error("{file}: larger than {} MiB", .limit / (1024 * 1024))]
    TooLarge {
        /// The file's name as given.
        file: String,
        /// The most bytes allowed.
        limit: u64,
    },
    /// Nothing but white space.
    #[error("{file}: the file is empty")]
    Empty {
        /// The file's name as given.
        file: String,
    },
    /// Not UTF-8 text.
    #[error("{file}: line {line}: {fault}")]
    NotText {
        /// The file's name as given.
        file: String,
        /// Counts from 1.
        line: usize,
        /// What it seems to be.
        fault: TextFault,
    },
    /// Not JSON.
    #[error("{place}: not valid JSON: {}", lower(.source.kind()))]
    Syntax {
        /// Where.
        place: Place,
        /// What the parser says.
        source: Box<ParseError>,
    },
    /// One object has the same key twice.
    #[error("{place}: the key stands here a second time")]
    DuplicateKey {
        /// Where the second one stands.
        place: Place,
    },
    /// A value of the wrong kind.
    #[error("{place}: expected {expected}, found {found}")]
    WrongKind {
        /// Where.
        place: Place,
        /// What would be right.
        expected: Expected,
        /// What is there.
        found: Kind,
    },
    /// A field that must be there is not.
    #[error("{place}: missing; expected {expected}")]
    MissingField {
        /// Where it should be.
        place: Place,
        /// What should be there.
        expected: Expected,
    },
    /// A speaker nobody knows.
    #[error("{place}: nobody is called {role:?} in this form")]
    UnknownRole {
        /// Where.
        place: Place,
        /// The speaker.
        role: String,
        /// Those that are known.
        known: &'static str,
    },
    /// No known form.
    #[error("{place}: this is none of the known forms of a dialogue")]
    UnknownForm {
        /// Where the decision was made.
        place: Place,
    },
    /// Known form, nothing in it.
    #[error("{file}: read as {format}, but there is no dialogue in it")]
    NoDialogue {
        /// The file's name as given.
        file: String,
        /// The form.
        format: Format,
    },
    /// The links between the messages of a branched dialogue lead nowhere or in a circle.
    #[error("{place}: the chain of parents breaks here: {node:?} {}", if *.circle { "comes up a second time" } else { "is not in `mapping`" })]
    BrokenTree {
        /// Where the link stands.
        place: Place,
        /// The message that it leads to.
        node: String,
        /// Whether it leads back instead of nowhere.
        circle: bool,
    },
    /// A branch was asked for that is not there.
    #[error("{place}: no branch {wanted:?}; there {}", are(*.branches))]
    NoBranch {
        /// The dialogue.
        place: Place,
        /// As it was asked for.
        wanted: String,
        /// How many there are.
        branches: usize,
    },
}

impl ImportError {
    /// What the reader can do about it.
    pub fn mend(&self) -> String {
        match self {
            Self::Read { .. } => "check the path and that you may read the file".into(),
            Self::TooLarge { .. } => {
                "split it, one dialogue or a few hundred a file, and replay the parts".into()
            }
            Self::Empty { .. } => "was the export cut off? make it again".into(),
            Self::NotText { fault, .. } => fault.mend().into(),
            Self::Syntax { source, .. } => syntax_mend(source.kind()),
            Self::DuplicateKey { .. } => {
                "keep the one that is right: readers disagree about which of two counts".into()
            }
            Self::WrongKind { expected, .. } | Self::MissingField { expected, .. } => {
                expected.mend().into()
            }
            Self::UnknownRole { known, .. } => format!("use one of {known}"),
            Self::UnknownForm { .. } | Self::NoDialogue { .. } => {
                "known are: a transcript {\"cycles\": [{\"user_input\", \"response\"}]}; OpenAI \
                 messages [{\"role\", \"content\"}], alone, under \"messages\" or one a line; \
                 ShareGPT {\"conversations\": [{\"from\", \"value\"}]}; a ChatGPT export \
                 (conversations.json). See `sigma replay --help`"
                    .into()
            }
            Self::BrokenTree { .. } => {
                "the export is incomplete; make it again, or pick another branch with --branch"
                    .into()
            }
            Self::NoBranch { .. } => "list the branches with `--branch list`".into(),
        }
    }
}

/// A place in a file: line, column and the way through the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file's name as given.
    pub file: String,
    /// Counts from 1.
    pub line: usize,
    /// Counts characters from 1; 0 where only the line matters.
    pub column: usize,
    /// `cycles[13].response`, or empty.
    pub path: String,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: line {}", self.file, self.line)?;
        if self.column > 0 {
            write!(f, ", column {}", self.column)?;
        }
        if !self.path.is_empty() {
            write!(f, ", field `{}`", self.path)?;
        }
        Ok(())
    }
}

/// Why bytes are not text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TextFault {
    /// UTF-16, least significant byte first.
    Utf16LittleEndian,
    /// UTF-16, most significant byte first.
    Utf16BigEndian,
    /// An archive.
    Zip,
    /// A compressed file.
    Gzip,
    /// Bytes that are not UTF-8.
    NotUtf8,
}

impl TextFault {
    fn mend(self) -> &'static str {
        match self {
            Self::Utf16LittleEndian => "convert it: iconv -f UTF-16LE -t UTF-8 FILE > FILE.utf8",
            Self::Utf16BigEndian => "convert it: iconv -f UTF-16BE -t UTF-8 FILE > FILE.utf8",
            Self::Zip => "unpack it and give the conversations.json inside",
            Self::Gzip => "unpack it first: gunzip -c FILE | sigma replay -",
            Self::NotUtf8 => "save it as UTF-8; for a Western file: iconv -f CP1252 -t UTF-8 FILE",
        }
    }
}

impl fmt::Display for TextFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Utf16LittleEndian => "the file is UTF-16 (little endian), not UTF-8",
            Self::Utf16BigEndian => "the file is UTF-16 (big endian), not UTF-8",
            Self::Zip => "the file is a zip archive",
            Self::Gzip => "the file is compressed (gzip)",
            Self::NotUtf8 => "a byte here is not UTF-8",
        })
    }
}

/// What a place should hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Expected {
    /// A string.
    Text,
    /// A string or null.
    TextOrNull,
    /// A number.
    Number,
    /// An array.
    List,
    /// An object.
    Object,
    /// A string, or an array of parts with text.
    TextOrParts,
    /// An object with `role` and `content`.
    Message,
    /// One JSON value a line, each an object.
    ObjectPerLine,
    /// A completion record that also has the question.
    QuestionToAnswer,
}

impl Expected {
    fn mend(self) -> &'static str {
        match self {
            Self::Text => "write the text in double quotes; an empty text is \"\"",
            Self::TextOrNull => "write the text in double quotes, or null for none",
            Self::Number => "write a plain number, without quotes",
            Self::List => "write a list: [ … ]",
            Self::Object => "write an object: { … }",
            Self::TextOrParts => {
                "write a text, or a list of parts such as {\"type\": \"text\", \"text\": \"…\"}"
            }
            Self::Message => "write {\"role\": \"user\", \"content\": \"…\"}",
            Self::ObjectPerLine => "write one object a line, all of the same form",
            Self::QuestionToAnswer => {
                "log the request's `messages` beside the answer: {\"messages\": […], \"choices\": […]}"
            }
        }
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text => "text",
            Self::TextOrNull => "text or null",
            Self::Number => "a number",
            Self::List => "a list",
            Self::Object => "an object",
            Self::TextOrParts => "text or a list of parts",
            Self::Message => "a message with `role` and `content`",
            Self::ObjectPerLine => "one object a line",
            Self::QuestionToAnswer => "the messages that were answered",
        })
    }
}

/// What a place holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A string.
    Text,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// `null`.
    Null,
    /// An array.
    List,
    /// An object.
    Object,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text => "text",
            Self::Number => "a number",
            Self::Boolean => "true or false",
            Self::Null => "null",
            Self::List => "a list",
            Self::Object => "an object",
        })
    }
}

fn lower(kind: &ParseErrorKind) -> String {
    let text = kind.to_string();
    let mut chars = text.chars();
    chars
        .next()
        .map_or_else(String::new, |c| c.to_lowercase().chain(chars).collect())
}

fn syntax_mend(kind: &ParseErrorKind) -> String {
    match kind {
        ParseErrorKind::UnterminatedArray | ParseErrorKind::UnterminatedObject => {
            "the file seems to be cut off; make the export again"
        }
        ParseErrorKind::TrailingCommasNotAllowed => "take the comma before the bracket away",
        ParseErrorKind::NestingDepthExceeded => {
            "no dialogue nests this deeply; is this the right file?"
        }
        ParseErrorKind::MultipleRootJsonValues => {
            "for one value a line (JSONL), each line must be complete"
        }
        _ => "correct the text there; a JSON checker shows the same place",
    }
    .into()
}

fn are(branches: usize) -> String {
    match branches {
        1 => "is only one".into(),
        n => format!("are {n}"),
    }
}
