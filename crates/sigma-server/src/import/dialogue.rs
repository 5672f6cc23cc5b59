//! What every form is turned into.

use crate::import::note::Note;
use sigma_types::Timestamp;
use std::{collections::BTreeMap, fmt, str::FromStr};

/// Characters of the first text that make a heading.
const HEADING_LENGTH: usize = 60;

/// One recorded dialogue.
#[derive(Debug, Clone, PartialEq)]
pub struct Dialogue {
    /// The id the file gives it, or its place in the file (`"3"`).
    pub id: String,
    /// The title that the file gives it.
    pub title: Option<String>,
    /// Who the assistant is told to be, where the file says so.
    pub identity: Option<String>,
    /// What the assistant must keep to, one an entry, where the file says so.
    pub constraints: Vec<String>,
    /// The turns in order.
    pub turns: Vec<Turn>,
    /// What was merged or left out.
    pub notes: Vec<Note>,
    /// The branches of a branched dialogue in the order of the file, the first 100; empty when there
    /// is only one.
    pub branches: Vec<Branch>,
}

impl Dialogue {
    /// What people know the dialogue by: its title, or the first words that were said.
    pub fn heading(&self) -> String {
        if let Some(title) = &self.title {
            return title.clone();
        }
        let mut texts = self
            .turns
            .iter()
            .flat_map(|turn| [&turn.user, &turn.assistant]);
        let first = texts.find(|text| !text.trim().is_empty());
        first.map_or_else(|| "untitled".into(), |text| excerpt(text, HEADING_LENGTH))
    }
}

/// What the user said and what the assistant answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Turn {
    /// Counts from 1.
    pub index: usize,
    /// The user's text; empty when the assistant spoke first.
    pub user: String,
    /// The assistant's text; empty when it answered nothing.
    pub assistant: String,
    /// When the answer was given, where the file says so.
    pub at: Option<Timestamp>,
    /// Where in the file the turn begins.
    pub source: Location,
    /// Numbers recorded with the turn (`drift_metrics.total`), for comparison only.
    pub recorded: BTreeMap<String, f64>,
}

/// A place in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// Counts from 1.
    pub line: usize,
    /// The way through the document, `cycles[13]`; empty for the whole of a line.
    pub path: String,
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}", self.line)?;
        if !self.path.is_empty() {
            write!(f, ", `{}`", self.path)?;
        }
        Ok(())
    }
}

/// One way through a branched dialogue, from its beginning to a message without replies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    /// Id of the last message.
    pub leaf: String,
    /// Messages with text on the way.
    pub messages: usize,
    /// Beginning of the last text.
    pub ends_with: String,
    /// Whether the export marks it as the one that is shown.
    pub current: bool,
}

/// Which branch of a branched dialogue to read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum BranchChoice {
    /// The one the export marks as shown; without a mark the one with the latest message.
    #[default]
    Current,
    /// The n-th in the order of the file, from 1.
    Number(usize),
    /// The one that ends with, or passes through, the message of this id.
    Node(String),
}

impl FromStr for BranchChoice {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text.parse() {
            _ if text == "current" => Self::Current,
            Ok(number) => Self::Number(number),
            Err(_) => Self::Node(text.into()),
        })
    }
}

/// White space, and characters that would move or turn what a terminal shows.
fn breaks(c: char) -> bool {
    let turns = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    c.is_whitespace() || c.is_control() || turns
}

/// The beginning of a text on one line, at most `limit` characters.
pub(crate) fn excerpt(text: &str, limit: usize) -> String {
    let mut out = String::new();
    let mut count = 0;
    for word in text.split(breaks).filter(|w| !w.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
            count += 1;
        }
        for c in word.chars() {
            if count + 1 >= limit {
                out.push('…');
                return out;
            }
            out.push(c);
            count += 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_is_one_line_and_short() {
        assert_eq!(excerpt("  a\n\tb\u{7}c ", 10), "a b c");
        assert_eq!(excerpt("\u{1b}[31mred\u{202e}der", 20), "[31mred der");
        assert_eq!(excerpt("abcdefghij", 5), "abcd…");
        assert_eq!(excerpt("\n \u{200b}", 5), "\u{200b}");
    }

    #[test]
    fn a_branch_is_named_by_number_or_id() {
        assert_eq!("current".parse(), Ok(BranchChoice::Current));
        assert_eq!("2".parse(), Ok(BranchChoice::Number(2)));
        assert_eq!("aaa-1".parse(), Ok(BranchChoice::Node("aaa-1".into())));
    }
}
