//! Names and times as they travel. What is written is what was read, byte for byte.

use serde::{Deserialize, Serialize, de::IntoDeserializer};
use sigma_types::Timestamp;
use std::{fmt, str::FromStr};
use uuid::Uuid;

/// A name or a time cannot travel.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NameError {
    /// Not a UUID in its one written form.
    #[error("a runtime is named by a UUID of lower-case digits with hyphens")]
    RuntimeId,
    /// Not a key id.
    #[error("a key id is 1 to 64 of `A-Z a-z 0-9 . _ -`")]
    KeyId,
    /// Not a label.
    #[error("a word is 1 to 128 bytes without control characters")]
    Label,
    /// Not a time.
    #[error("a time is written as in RFC 3339, such as 2026-11-20T09:30:00.000Z")]
    Moment,
    /// Not a cause.
    #[error("a cause is written as `cause:` and 32 lower-case hexadecimal digits")]
    CauseId,
    /// Not a nonce.
    #[error("a nonce is 32 lower-case hexadecimal digits")]
    Nonce,
}

/// Names a runtime: a UUID in lower case with hyphens, the one form that keeps a hash stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RuntimeId(Uuid);

impl RuntimeId {
    /// Everybody: the target of what is told to all who listen.
    pub const ANY: Self = Self(Uuid::nil());

    /// Wraps a UUID.
    #[must_use]
    pub const fn new(id: Uuid) -> Self {
        Self(id)
    }

    /// The UUID.
    #[must_use]
    pub const fn uuid(self) -> Uuid {
        self.0
    }
}

impl FromStr for RuntimeId {
    type Err = NameError;
    fn from_str(text: &str) -> Result<Self, NameError> {
        let id = Uuid::try_parse(text).map_err(|_| NameError::RuntimeId)?;
        let mut written = Uuid::encode_buffer();
        if id.hyphenated().encode_lower(&mut written) == text {
            Ok(Self(id))
        } else {
            Err(NameError::RuntimeId)
        }
    }
}

impl fmt::Display for RuntimeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

macro_rules! textual {
    ($($type:ty),*) => {$(
        impl TryFrom<String> for $type {
            type Error = NameError;
            fn try_from(text: String) -> Result<Self, NameError> {
                text.parse()
            }
        }
        impl From<$type> for String {
            fn from(name: $type) -> Self {
                name.to_string()
            }
        }
    )*};
}
textual!(RuntimeId, KeyId, Label, Moment, CauseId);

/// Names a key among the keys of one runtime: 1 to 64 of `A-Z a-z 0-9 . _ -`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct KeyId(String);

impl KeyId {
    /// The greatest length in bytes.
    pub const MAX_LEN: usize = 64;

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for KeyId {
    type Err = NameError;
    fn from_str(text: &str) -> Result<Self, NameError> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        if (1..=Self::MAX_LEN).contains(&text.len()) && text.chars().all(allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NameError::KeyId)
        }
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A short text of a peer: 1 to 128 bytes without control characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Label(String);

impl Label {
    /// The greatest length in bytes.
    pub const MAX_LEN: usize = 128;

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Label {
    type Err = NameError;
    fn from_str(text: &str) -> Result<Self, NameError> {
        if (1..=Self::MAX_LEN).contains(&text.len()) && !text.chars().any(char::is_control) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NameError::Label)
        }
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A point in time in the very words of whoever wrote it, so that a seal over it holds.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Moment {
    text: String,
    at: Timestamp,
}

impl Moment {
    /// When it is, rounded to milliseconds.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// As it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl From<Timestamp> for Moment {
    fn from(at: Timestamp) -> Self {
        Self {
            text: at.to_string(),
            at,
        }
    }
}

impl FromStr for Moment {
    type Err = NameError;
    fn from_str(text: &str) -> Result<Self, NameError> {
        if !is_rfc_3339(text.as_bytes()) {
            return Err(NameError::Moment);
        }
        let at = text.parse().map_err(|_| NameError::Moment)?;
        Ok(Self {
            text: text.to_owned(),
            at,
        })
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// `YYYY-MM-DDTHH:MM:SS`, one to nine digits of a second if any, `Z` or an offset. What reads times
/// takes more than this.
fn is_rfc_3339(text: &[u8]) -> bool {
    const PATTERN: &[u8] = b"0000-00-00T00:00:00";
    let shaped = |text: &[u8], pattern: &[u8]| {
        text.len() == pattern.len()
            && text.iter().zip(pattern).all(|(c, p)| match p {
                b'0' => c.is_ascii_digit(),
                b'+' => matches!(c, b'+' | b'-'),
                p => c == p,
            })
    };
    let Some((seconds, rest)) = text.split_at_checked(PATTERN.len()) else {
        return false;
    };
    let rest = match rest.split_first() {
        Some((b'.', fraction)) => {
            let digits = fraction.iter().take_while(|c| c.is_ascii_digit()).count();
            if !(1..=9).contains(&digits) {
                return false;
            }
            &fraction[digits..]
        }
        _ => rest,
    };
    shaped(seconds, PATTERN) && (rest == b"Z" || shaped(rest, b"+00:00"))
}

/// Names the cause of a phase command (`SRIP-08 §8`): `cause:` and 32 hexadecimal digits. It is signed
/// as part of the command that carries it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CauseId([u8; 16]);

impl CauseId {
    const PREFIX: &str = "cause:";

    /// Derives the cause of a source's `sequence`-th command, so that a repeated one has the same name.
    #[must_use]
    pub fn derive(source: RuntimeId, sequence: u64, parent: Option<Self>) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key("sigma-interop 2026 cause id");
        hasher.update(source.0.as_bytes());
        hasher.update(&sequence.to_be_bytes());
        hasher.update(parent.as_ref().map_or(&[], |parent| &parent.0[..]));
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
        Self(bytes)
    }
}

impl FromStr for CauseId {
    type Err = NameError;
    fn from_str(text: &str) -> Result<Self, NameError> {
        text.strip_prefix(Self::PREFIX)
            .and_then(|digits| data_encoding::HEXLOWER.decode(digits.as_bytes()).ok())
            .and_then(|bytes| bytes.try_into().ok())
            .map(Self)
            .ok_or(NameError::CauseId)
    }
}

impl fmt::Display for CauseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}{}",
            Self::PREFIX,
            data_encoding::HEXLOWER.encode(&self.0)
        )
    }
}

/// A word of a list that later versions may lengthen. An unknown word is kept as it was written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(untagged)]
pub enum Open<T> {
    /// A word that this version knows.
    Known(T),
    /// A word of a later one.
    Other(Label),
}

impl<T> Open<T> {
    /// The word, if this version knows it.
    pub const fn known(&self) -> Option<&T> {
        match self {
            Self::Known(word) => Some(word),
            Self::Other(_) => None,
        }
    }

    /// The word, if this version does not know it.
    pub const fn other(&self) -> Option<&Label> {
        match self {
            Self::Known(_) => None,
            Self::Other(word) => Some(word),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Open<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        let known: Result<T, serde::de::value::Error> =
            T::deserialize(word.clone().into_deserializer());
        match known {
            Ok(known) => Ok(Self::Known(known)),
            Err(_) => word
                .parse()
                .map(Self::Other)
                .map_err(serde::de::Error::custom),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_one_written_form() {
        let id = "0b8f4c1e-6c1d-4c58-9d0e-7a3b5f2e9a10";
        assert_eq!(id.parse::<RuntimeId>().unwrap().to_string(), id);
        for wrong in [
            &id.to_uppercase(),
            "0b8f4c1e6c1d4c589d0e7a3b5f2e9a10",
            "",
            "{0b8f4c1e-6c1d-4c58-9d0e-7a3b5f2e9a10}",
        ] {
            assert_eq!(
                wrong.parse::<RuntimeId>(),
                Err(NameError::RuntimeId),
                "{wrong}"
            );
        }
        let long = "k".repeat(65);
        for wrong in ["", "a:b", "a b", long.as_str(), "schlüssel"] {
            assert!(wrong.parse::<KeyId>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_time_keeps_its_words() {
        for text in [
            "2026-11-20T09:30:00Z",
            "2026-11-20T09:30:00.1Z",
            "2026-11-20T09:30:00.123456789+01:00",
        ] {
            assert_eq!(text.parse::<Moment>().unwrap().to_string(), text);
        }
        for wrong in [
            "2026-11-20",
            "2026-11-20 09:30:00Z",
            "2026-11-20T09:30:00",
            "2026-11-20t09:30:00z",
            "2026-13-20T09:30:00Z",
            "20261120T093000Z",
            "2026-11-20T09:30:00+01:00[Europe/Berlin]",
            "2026-11-20T09:30:00.Z",
            "2026-11-20T09:30:00.1234567890Z",
            "+002026-11-20T09:30:00Z",
        ] {
            assert_eq!(wrong.parse::<Moment>(), Err(NameError::Moment), "{wrong}");
        }
    }

    #[test]
    fn a_cause_depends_on_all_that_makes_it() {
        let source = RuntimeId::new(Uuid::from_u128(7));
        let first = CauseId::derive(source, 1, None);
        assert_eq!(first.to_string().parse(), Ok(first));
        assert_ne!(first, CauseId::derive(source, 2, None));
        assert_ne!(first, CauseId::derive(RuntimeId::ANY, 1, None));
        assert_ne!(first, CauseId::derive(source, 1, Some(first)));
    }
}
