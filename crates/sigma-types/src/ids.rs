//! Identifiers.

use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

use crate::Hash256;

/// An identifier was malformed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IdError {
    /// Nothing between the quotes.
    #[error("a session id must not be empty")]
    Empty,
    /// More than [`SessionId::MAX_LEN`] bytes.
    #[error("a session id has at most {max} bytes, this one has {len}", max = SessionId::MAX_LEN)]
    TooLong {
        /// Bytes given.
        len: usize,
    },
    /// A character outside the allowed set.
    #[error(
        "a session id is made of ASCII letters, digits, '-', '_', '.' and ':', and character {at} is {found:?}"
    )]
    Character {
        /// Position in characters, from zero.
        at: usize,
        /// The character.
        found: char,
    },
}

/// Names one session. 1 to 128 characters of `A-Z a-z 0-9 - _ . :`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SessionId(String);

impl SessionId {
    /// The greatest length in bytes.
    pub const MAX_LEN: usize = 128;

    /// Checks and wraps an id.
    ///
    /// # Errors
    /// [`IdError`] says which rule was broken and where.
    pub fn new(text: impl Into<String>) -> Result<Self, IdError> {
        let text = text.into();
        if text.is_empty() {
            return Err(IdError::Empty);
        }
        if text.len() > Self::MAX_LEN {
            return Err(IdError::TooLong { len: text.len() });
        }
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':');
        match text.chars().enumerate().find(|(_, c)| !allowed(*c)) {
            Some((at, found)) => Err(IdError::Character { at, found }),
            None => Ok(Self(text)),
        }
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for SessionId {
    type Error = IdError;
    fn try_from(text: String) -> Result<Self, IdError> {
        Self::new(text)
    }
}

impl From<SessionId> for String {
    fn from(id: SessionId) -> Self {
        id.0
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The number of a cycle in its session, from 1; 0 stands for "before the first".
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Cycle(pub u64);

impl Cycle {
    /// The cycle after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }

    /// Cycles from `earlier` to this one; zero if `earlier` lies ahead.
    #[must_use]
    pub const fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

impl fmt::Display for Cycle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Names one attractor (`SRIP-02 §4` asks for a UUID).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AttractorId(pub Uuid);

impl AttractorId {
    /// Derives an id from what makes the attractor unique, so that the same dialogue gives the same
    /// ids. The result is a version 8 UUID.
    #[must_use]
    pub fn derive(seed: Hash256, origin: Cycle, ordinal: u64) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key("sigma-types 2026 attractor id");
        hasher.update(seed.as_bytes());
        hasher.update(&origin.0.to_be_bytes());
        hasher.update(&ordinal.to_be_bytes());
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
        Self(uuid::Builder::from_custom_bytes(bytes).into_uuid())
    }
}

impl fmt::Display for AttractorId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_id_says_what_is_wrong_with_it() {
        assert!(SessionId::new("team-7:alpha_1.2").is_ok());
        assert_eq!(SessionId::new(""), Err(IdError::Empty));
        assert_eq!(
            SessionId::new("a/b"),
            Err(IdError::Character { at: 1, found: '/' })
        );
        assert_eq!(
            SessionId::new("a".repeat(129)),
            Err(IdError::TooLong { len: 129 })
        );
        assert!(SessionId::new("a".repeat(128)).is_ok());
    }

    #[test]
    fn attractor_ids_are_stable_and_distinct() {
        let seed = Hash256::of(b"session");
        let a = AttractorId::derive(seed, Cycle(3), 0);
        assert_eq!(a, AttractorId::derive(seed, Cycle(3), 0));
        assert_ne!(a, AttractorId::derive(seed, Cycle(3), 1));
        assert_ne!(a, AttractorId::derive(Hash256::of(b"other"), Cycle(3), 0));
        assert_eq!(a.0.get_version_num(), 8);
    }
}
