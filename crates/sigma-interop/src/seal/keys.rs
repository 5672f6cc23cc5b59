//! Keys. Secret ones are wiped when they go and never show themselves.

use data_encoding::HEXLOWER;
use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use std::{collections::BTreeMap, fmt, str::FromStr};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::TokenAlgorithm;
use crate::{KeyId, RuntimeId};

/// A key cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// Not a public key.
    #[error(
        "a public key is written as `ed25519:` and 64 lower-case hexadecimal digits of a sound point"
    )]
    Public,
    /// A secret that can be guessed.
    #[error("a shared secret is 32 random bytes, and these are all alike")]
    WeakSecret,
}

/// An Ed25519 public key: `ed25519:` and 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    const PREFIX: &str = "ed25519:";

    /// Reads the 32 bytes of RFC 8032.
    ///
    /// # Errors
    /// [`KeyError::Public`] for what is no point of the curve, or one for which anybody can sign.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, KeyError> {
        match VerifyingKey::from_bytes(bytes) {
            Ok(key) if !key.is_weak() => Ok(Self(key)),
            _ => Err(KeyError::Public),
        }
    }

    /// The 32 bytes of RFC 8032.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }
}

impl FromStr for PublicKey {
    type Err = KeyError;
    fn from_str(text: &str) -> Result<Self, KeyError> {
        let bytes = text
            .strip_prefix(Self::PREFIX)
            .and_then(|digits| HEXLOWER.decode(digits.as_bytes()).ok())
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or(KeyError::Public)?;
        Self::from_bytes(&bytes)
    }
}

impl TryFrom<String> for PublicKey {
    type Error = KeyError;
    fn try_from(text: String) -> Result<Self, KeyError> {
        text.parse()
    }
}

impl From<PublicKey> for String {
    fn from(key: PublicKey) -> Self {
        key.to_string()
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", Self::PREFIX, HEXLOWER.encode(self.as_bytes()))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// 32 secret bytes that exactly two runtimes have. Whoever has them can speak as the other, so every
/// pair needs its own.
#[derive(Clone)]
pub struct SharedSecret(Zeroizing<[u8; 32]>);

impl SharedSecret {
    /// Takes 32 bytes that the caller drew at random.
    ///
    /// # Errors
    /// [`KeyError::WeakSecret`] where all bytes are the same.
    pub fn new(bytes: [u8; 32]) -> Result<Self, KeyError> {
        let bytes = Zeroizing::new(bytes);
        if bytes.iter().all(|byte| *byte == bytes[0]) {
            return Err(KeyError::WeakSecret);
        }
        Ok(Self(bytes))
    }

    fn blake3(&self, message: &[u8]) -> [u8; 32] {
        *blake3::keyed_hash(&self.0, message).as_bytes()
    }

    fn hmac(&self, message: &[u8]) -> [u8; 32] {
        // HMAC takes keys of any length
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&*self.0) else {
            return [0; 32];
        };
        mac.update(message);
        mac.finalize().into_bytes().into()
    }
}

impl fmt::Debug for SharedSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedSecret(..)")
    }
}

/// What a runtime seals with.
#[derive(Clone)]
pub(super) enum Secret {
    Ed25519(Box<SigningKey>),
    Blake3(SharedSecret),
    Hmac(SharedSecret),
}

impl Secret {
    pub(super) fn ed25519(seed: &[u8; 32]) -> Self {
        Self::Ed25519(Box::new(SigningKey::from_bytes(seed)))
    }

    pub(super) const fn algorithm(&self) -> TokenAlgorithm {
        match self {
            Self::Ed25519(_) => TokenAlgorithm::Ed25519,
            Self::Blake3(_) => TokenAlgorithm::Blake3Keyed,
            Self::Hmac(_) => TokenAlgorithm::HmacSha256,
        }
    }

    pub(super) fn token(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Ed25519(key) => key.sign(message).to_bytes().to_vec(),
            Self::Blake3(secret) => secret.blake3(message).to_vec(),
            Self::Hmac(secret) => secret.hmac(message).to_vec(),
        }
    }

    pub(super) fn public_key(&self) -> Option<PublicKey> {
        match self {
            Self::Ed25519(key) => Some(PublicKey(key.verifying_key())),
            Self::Blake3(_) | Self::Hmac(_) => None,
        }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}(..)", self.algorithm().name())
    }
}

/// What a peer's tokens are checked with.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum PeerKey {
    /// Its public key.
    Ed25519(PublicKey),
    /// A secret shared with it, for keyed BLAKE3.
    Blake3Keyed(SharedSecret),
    /// A secret shared with it, for HMAC-SHA-256.
    HmacSha256(SharedSecret),
}

impl PeerKey {
    /// What it checks.
    #[must_use]
    pub const fn algorithm(&self) -> TokenAlgorithm {
        match self {
            Self::Ed25519(_) => TokenAlgorithm::Ed25519,
            Self::Blake3Keyed(_) => TokenAlgorithm::Blake3Keyed,
            Self::HmacSha256(_) => TokenAlgorithm::HmacSha256,
        }
    }

    /// Whether a token over a message is this key's. Where a secret is involved the time taken does not
    /// depend on how much of the token is right.
    pub(super) fn verifies(&self, message: &[u8], token: &[u8]) -> bool {
        match self {
            Self::Ed25519(key) => ed25519_dalek::Signature::from_slice(token)
                .is_ok_and(|signature| key.0.verify_strict(message, &signature).is_ok()),
            Self::Blake3Keyed(secret) => secret.blake3(message).ct_eq(token).into(),
            Self::HmacSha256(secret) => secret.hmac(message).ct_eq(token).into(),
        }
    }
}

/// The keys of the peers, each bound to the runtime whose words it may vouch for.
#[derive(Debug, Clone, Default)]
pub struct Keyring {
    keys: BTreeMap<(RuntimeId, KeyId), Entry>,
}

#[derive(Debug, Clone)]
struct Entry {
    key: PeerKey,
    revoked: bool,
}

/// What the ring says about a key.
pub(super) enum Found<'k> {
    Key(&'k PeerKey),
    Revoked,
    Nothing,
}

impl Keyring {
    /// An empty ring: nobody is trusted.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Trusts a key of a runtime. A revoked name stays revoked: a new key needs a new name.
    pub fn trust(&mut self, owner: RuntimeId, key_id: KeyId, key: PeerKey) {
        self.keys
            .entry((owner, key_id))
            .and_modify(|entry| entry.key = key.clone())
            .or_insert(Entry {
                key,
                revoked: false,
            });
    }

    /// Trusts a key no longer. Its name is remembered, so that its messages are told from a stranger's.
    /// Answers whether it was known.
    pub fn revoke(&mut self, owner: RuntimeId, key_id: &KeyId) -> bool {
        let entry = self.keys.get_mut(&(owner, key_id.clone()));
        entry.map(|entry| entry.revoked = true).is_some()
    }

    /// Forgets a runtime and all its keys.
    pub fn forget(&mut self, owner: RuntimeId) {
        self.keys.retain(|(of, _), _| *of != owner);
    }

    /// Whether some key of a runtime is trusted.
    #[must_use]
    pub fn trusts(&self, owner: RuntimeId) -> bool {
        self.keys
            .iter()
            .any(|((of, _), entry)| *of == owner && !entry.revoked)
    }

    pub(super) fn find(&self, owner: RuntimeId, key_id: &KeyId) -> Found<'_> {
        match self.keys.get(&(owner, key_id.clone())) {
            None => Found::Nothing,
            Some(entry) if entry.revoked => Found::Revoked,
            Some(entry) => Found::Key(&entry.key),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_never_show_themselves() {
        let mut bytes = [0xab; 32];
        bytes[0] = 1;
        let secret = SharedSecret::new(bytes).unwrap();
        let id: KeyId = "k".parse().unwrap();
        let owner = RuntimeId::ANY;
        for text in [
            format!("{secret:?}"),
            format!("{:?}", Secret::ed25519(&bytes)),
            format!("{:?}", PeerKey::HmacSha256(secret.clone())),
            format!("{:?}", crate::seal::Sealer::hmac_sha_256(owner, id, secret)),
        ] {
            let text = text.to_lowercase();
            assert!(!text.contains("abab") && !text.contains("171"), "{text}");
        }
        assert_eq!(
            SharedSecret::new([7; 32]).unwrap_err(),
            KeyError::WeakSecret
        );
    }

    #[test]
    fn weak_points_are_no_keys() {
        let mut identity = [0; 32];
        identity[0] = 1;
        assert_eq!(PublicKey::from_bytes(&identity), Err(KeyError::Public));
        assert_eq!(PublicKey::from_bytes(&[0; 32]), Err(KeyError::Public));
        assert!("ed25519:00".parse::<PublicKey>().is_err());
    }
}
