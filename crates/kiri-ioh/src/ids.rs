//! The identifiers that the handshake hands out, and those that it is given.

use data_encoding::{BASE32_NOPAD, Encoding, Specification};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr, sync::LazyLock};

/// Random bytes for one identifier: 160 bits, passed in (`IOH-01 §43.2`; at least 128 are asked for).
pub type Entropy = [u8; 20];

/// RFC 4648 base32 in lower case, without padding.
static BASE32: LazyLock<Option<Encoding>> = LazyLock::new(|| {
    let mut specification: Specification = BASE32_NOPAD.specification();
    specification.symbols = specification.symbols.to_lowercase();
    specification.encoding().ok()
});

const ID_DIGITS: usize = 32;

fn encode(bytes: &[u8]) -> String {
    BASE32.as_ref().map_or_else(
        || BASE32_NOPAD.encode(bytes).to_lowercase(),
        |base32| base32.encode(bytes),
    )
}

fn is_digits(text: &str) -> bool {
    text.len() == ID_DIGITS && text.bytes().all(|b| matches!(b, b'a'..=b'z' | b'2'..=b'7'))
}

/// A text is not an identifier of the asked kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier of this kind")]
pub struct IdError;

macro_rules! issued {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// What stands before the base32 digits.
            pub const PREFIX: &'static str = $prefix;

            /// The identifier of these random bytes.
            #[must_use]
            pub fn from_entropy(entropy: &Entropy) -> Self {
                Self(format!("{}{}", Self::PREFIX, encode(entropy)))
            }

            /// The identifier as it travels.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                match text.strip_prefix(Self::PREFIX) {
                    Some(digits) if is_digits(digits) => Ok(Self(text.to_owned())),
                    _ => Err(IdError),
                }
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

issued! {
    /// Names one negotiation, from ANNOUNCE to BIND: `ng_` and 32 base32 digits (`IOH-01 §43.2`).
    NegotiationId, "ng_"
}

issued! {
    /// Names one binding: `bnd_` and 32 base32 digits (`IOH-01 §43.2`).
    ///
    /// It stands in a public ledger id, so it is a name and not a secret: what a bound system sends is
    /// authenticated by its signature.
    BindToken, "bnd_"
}

/// The identifier of an external schema, such as `ext:foo/v2`: a prefix, a colon, a path.
///
/// It is kept and compared byte for byte, never normalised (`IOH-01 §43.3`, `anti_absorption`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SchemaId(String);

impl SchemaId {
    /// The longest that is taken, in bytes.
    pub const LONGEST: usize = 256;

    /// The part before the first colon.
    #[must_use]
    pub fn prefix(&self) -> &str {
        self.0.split_once(':').map_or("", |(prefix, _)| prefix)
    }

    /// The part after the first colon.
    #[must_use]
    pub fn path(&self) -> &str {
        self.0.split_once(':').map_or("", |(_, path)| path)
    }

    /// The identifier as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether a text can stand before the colon: a letter, then letters, digits, `.`, `-`, `_`.
#[must_use]
pub fn is_prefix(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|b| b.is_ascii_alphabetic())
        && bytes.all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
}

impl FromStr for SchemaId {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        let (prefix, path) = text.split_once(':').ok_or(IdError)?;
        // Only visible ASCII: two ids that look alike are alike.
        let fits = text.len() <= Self::LONGEST
            && is_prefix(prefix)
            && !path.is_empty()
            && path.bytes().all(|b| b.is_ascii_graphic());
        fits.then(|| Self(text.to_owned())).ok_or(IdError)
    }
}

impl TryFrom<String> for SchemaId {
    type Error = IdError;
    fn try_from(text: String) -> Result<Self, IdError> {
        text.parse()
    }
}

impl From<SchemaId> for String {
    fn from(id: SchemaId) -> Self {
        id.0
    }
}

impl fmt::Display for SchemaId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The explicit version of a schema, such as `2.1.0` (`IOH-01 §43.3`, `schema_versioned`).
///
/// Any visible ASCII text of at most 64 bytes: the peer chooses how it counts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SchemaVersion(String);

impl SchemaVersion {
    /// The longest that is taken, in bytes.
    pub const LONGEST: usize = 64;

    /// The version as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for SchemaVersion {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        let fits =
            (1..=Self::LONGEST).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
        fits.then(|| Self(text.to_owned())).ok_or(IdError)
    }
}

impl TryFrom<String> for SchemaVersion {
    type Error = IdError;
    fn try_from(text: String) -> Result<Self, IdError> {
        text.parse()
    }
}

impl From<SchemaVersion> for String {
    fn from(version: SchemaVersion) -> Self {
        version.0
    }
}

impl fmt::Display for SchemaVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn issued_ids_are_lower_case_base32() {
        let id = NegotiationId::from_entropy(&[0xff; 20]);
        assert_eq!(id.as_str(), format!("ng_{}", "7".repeat(32)));
        assert_eq!(id.as_str().parse(), Ok(id.clone()));
        for wrong in ["", "ng_", "bnd_77777777777777777777777777777777", "ng_0"] {
            assert!(wrong.parse::<NegotiationId>().is_err(), "{wrong}");
        }
        assert!(id.as_str().to_uppercase().parse::<NegotiationId>().is_err());
    }

    #[test]
    fn a_schema_id_is_kept_as_it_is() {
        let id: SchemaId = "ext:foo/v2#A".parse().unwrap();
        assert_eq!(
            (id.prefix(), id.path(), id.as_str()),
            ("ext", "foo/v2#A", "ext:foo/v2#A")
        );
        let long = format!("ext:{}", "a".repeat(300));
        for wrong in [
            "ext",
            ":a",
            "ext:",
            "ext:a b",
            "ext:\u{e9}",
            "1x:a",
            "e\u{2060}xt:a",
            &long,
        ] {
            assert!(wrong.parse::<SchemaId>().is_err(), "{wrong}");
        }
    }
}
