//! The algorithms that seals are made with, by their names on the wire.

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::KeyId;

/// What a checksum is made with (`SRIP-05 §8`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ChecksumAlgorithm {
    /// BLAKE3, 32 bytes.
    Blake3,
    /// SHA-256.
    #[serde(rename = "sha-256")]
    Sha256,
}

impl ChecksumAlgorithm {
    /// All of them, the preferred one first.
    pub const ALL: [Self; 2] = [Self::Blake3, Self::Sha256];

    /// Its name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Blake3 => "blake3",
            Self::Sha256 => "sha-256",
        }
    }

    /// The checksum of some bytes, as it is written.
    #[must_use]
    pub fn of(self, bytes: &[u8]) -> String {
        let mut text = String::with_capacity(72);
        text.push_str(self.name());
        text.push(':');
        match self {
            Self::Blake3 => HEXLOWER.encode_append(blake3::hash(bytes).as_bytes(), &mut text),
            Self::Sha256 => HEXLOWER.encode_append(&Sha256::digest(bytes), &mut text),
        }
        text
    }

    /// The algorithm that a written checksum names.
    pub(super) fn of_text(text: &str) -> Option<Self> {
        let name = text.split_once(':')?.0;
        Self::ALL.into_iter().find(|known| known.name() == name)
    }
}

/// What a token is made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum TokenAlgorithm {
    /// An Ed25519 signature (RFC 8032), 64 bytes.
    Ed25519,
    /// Keyed BLAKE3 with a shared secret, 32 bytes.
    Blake3Keyed,
    /// HMAC-SHA-256 (RFC 2104) with a shared secret, 32 bytes.
    #[serde(rename = "hmac-sha-256")]
    HmacSha256,
}

impl TokenAlgorithm {
    /// All of them, the preferred one first.
    pub const ALL: [Self; 3] = [Self::Ed25519, Self::Blake3Keyed, Self::HmacSha256];

    /// Its name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ed25519 => "ed25519",
            Self::Blake3Keyed => "blake3-keyed",
            Self::HmacSha256 => "hmac-sha-256",
        }
    }

    const fn bytes(self) -> usize {
        match self {
            Self::Ed25519 => 64,
            Self::Blake3Keyed | Self::HmacSha256 => 32,
        }
    }

    pub(super) fn token(self, key_id: &KeyId, bytes: &[u8]) -> String {
        let mut text = String::with_capacity(208);
        text.push_str(self.name());
        text.push(':');
        text.push_str(key_id.as_str());
        text.push(':');
        HEXLOWER.encode_append(bytes, &mut text);
        text
    }
}

/// A token taken apart.
pub(super) struct Token {
    pub(super) algorithm: TokenAlgorithm,
    pub(super) key_id: KeyId,
    pub(super) bytes: Vec<u8>,
}

/// What is wrong with a token's form.
pub(super) enum BadToken {
    Algorithm,
    Form,
}

impl Token {
    pub(super) fn parse(text: &str) -> Result<Self, BadToken> {
        let (name, rest) = text.split_once(':').ok_or(BadToken::Form)?;
        let algorithm = TokenAlgorithm::ALL
            .into_iter()
            .find(|known| known.name() == name)
            .ok_or(BadToken::Algorithm)?;
        let (key_id, digits) = rest.split_once(':').ok_or(BadToken::Form)?;
        if digits.len() != 2 * algorithm.bytes() {
            return Err(BadToken::Form);
        }
        Ok(Self {
            algorithm,
            key_id: key_id.parse().map_err(|_| BadToken::Form)?,
            bytes: HEXLOWER
                .decode(digits.as_bytes())
                .map_err(|_| BadToken::Form)?,
        })
    }
}
