//! Reads recorded dialogues from the forms people have them in.
//!
//! | form | recognised by | file |
//! |---|---|---|
//! | transcript | `cycles` with `user_input` and `response` | `transcript.rs` |
//! | OpenAI messages | `role` and `content`, in an array, under `messages`, or one a line | `openai.rs` |
//! | ShareGPT | `conversations` with `from` and `value` | `sharegpt.rs` |
//! | ChatGPT export | `mapping` | `chatgpt.rs` |
//!
//! Every form becomes [`Dialogue`]s: pairs of what the user said and what the assistant answered.
//! What a form holds that a pair cannot carry is left out and told in [`Dialogue::notes`], with the
//! number of occurrences and the place of the first one.
//!
//! # What happens to what does not fit a pair
//! - Several messages of one speaker in a row become one, joined by an empty line.
//! - System and developer messages before the first word of the dialogue are its identity; later
//!   ones are left out.
//! - An assistant that speaks first answers an empty user text.
//! - A last user message that nobody answered is left out.
//! - A user message answered by nothing but tool calls gets an empty answer.
//! - Tool calls, tool results, code sent to a tool, hidden reasoning, pictures and sounds are left
//!   out; the transcription of a sound is text and stays.

use crate::import::document::Document;
use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

mod chatgpt;
mod dialogue;
mod document;
mod encoding;
mod error;
mod format;
mod note;
mod openai;
mod pairing;
mod sharegpt;
mod transcript;

pub(crate) use dialogue::excerpt;
pub use dialogue::{Branch, BranchChoice, Dialogue, Location, Turn};
pub use error::{Expected, ImportError, Kind, Place, TextFault};
pub use format::{Format, FormatChoice};
pub use note::{Note, NoteKind};
pub(crate) use pairing::pair_messages;

/// The most bytes a file may have: 256 MiB.
pub const MAX_BYTES: u64 = 256 * 1024 * 1024;

/// What to read and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// The form, or find it out.
    pub format: FormatChoice,
    /// Which branch of a branched dialogue.
    pub branch: BranchChoice,
    /// The most bytes read before giving up; [`MAX_BYTES`] unless told.
    pub max_bytes: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            format: FormatChoice::default(),
            branch: BranchChoice::default(),
            max_bytes: MAX_BYTES,
        }
    }
}

/// Everything one file holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Imported {
    /// The form that was read.
    pub format: Format,
    /// The dialogues in the order of the file; at least one.
    pub dialogues: Vec<Dialogue>,
}

/// Reads the dialogues of a file, or of standard input when the path is `-`.
///
/// # Errors
/// [`ImportError`] names the file, the line, the field and how to mend it.
pub fn read_file(path: &Path, options: &Options) -> Result<Imported, ImportError> {
    let name = path.display().to_string();
    let bytes = if name == "-" {
        limited(io::stdin().lock(), options.max_bytes)
    } else {
        File::open(path).and_then(|file| limited(file, options.max_bytes))
    };
    let bytes = bytes.map_err(|source| ImportError::Read {
        file: name.clone(),
        source,
    })?;
    read(
        if name == "-" { "standard input" } else { &name },
        &bytes,
        options,
    )
}

/// Reads the dialogues in `bytes`; `name` is the file's name for error messages.
///
/// # Errors
/// See [`read_file`].
pub fn read(name: &str, bytes: &[u8], options: &Options) -> Result<Imported, ImportError> {
    if bytes.len() as u64 > options.max_bytes {
        return Err(ImportError::TooLarge {
            file: name.into(),
            limit: options.max_bytes,
        });
    }
    let text = encoding::text(name, bytes)?;
    let document = Document::parse(name, text)?;
    let format = format::choose(&document, options.format)?;
    let dialogues = match format {
        Format::Transcript => transcript::read(&document),
        Format::OpenAi => openai::read(&document),
        Format::ShareGpt => sharegpt::read(&document),
        Format::ChatGpt => chatgpt::read(&document, &options.branch),
    }?;
    if dialogues.is_empty() {
        return Err(ImportError::NoDialogue {
            file: name.into(),
            format,
        });
    }
    Ok(Imported { format, dialogues })
}

fn limited(source: impl Read, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    // one byte more than allowed, so that the caller can tell "just fits" from "too large"
    source
        .take(limit.saturating_add(1))
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}
