//! Who this runtime is to others: a UUID, and the key that speaks for it.

use crate::{
    assemble::MEMORY,
    interop::{KeyFile, KeyFileError},
    settings::Settings,
};
use ed25519_dalek::SigningKey;
use sigma_interop::{KeyId, NameError, PublicKey, PublishedKey, RuntimeId, Sealer, seal::KeyError};
use std::path::{Path, PathBuf};
use uuid::{Builder, Uuid};

/// The setting that turns the exchange off.
const OFF: &str = "off";

/// A runtime's UUID and key.
#[derive(Debug, Clone)]
pub struct Identity {
    runtime_id: RuntimeId,
    key_id: KeyId,
    public: PublicKey,
    file: KeyFile,
}

/// There is no identity to be had.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IdentityError {
    /// The key file cannot be used.
    #[error(transparent)]
    File(#[from] KeyFileError),
    /// The key's name cannot be one.
    #[error("the key file: {0}")]
    Name(#[from] NameError),
    /// The key is none.
    #[error("the key file: {0}")]
    Key(#[from] KeyError),
}

impl Identity {
    /// The identity in a key file, which is made if there is none.
    ///
    /// # Errors
    /// [`IdentityError`].
    pub fn open_or_make(path: &Path) -> Result<Self, IdentityError> {
        Self::of(KeyFile::open_or_make(path, "sigma")?)
    }

    /// The identity of a key. The UUID follows from the key, so that no other key can take it over.
    ///
    /// # Errors
    /// [`IdentityError`].
    pub fn of(file: KeyFile) -> Result<Self, IdentityError> {
        let key = SigningKey::from_bytes(file.seed()).verifying_key();
        let public = PublicKey::from_bytes(key.as_bytes())?;
        Ok(Self {
            runtime_id: RuntimeId::new(derived(&public)),
            key_id: file.kid().parse()?,
            public,
            file,
        })
    }

    /// The UUID.
    pub const fn runtime_id(&self) -> RuntimeId {
        self.runtime_id
    }

    /// The key's name.
    pub const fn key_id(&self) -> &KeyId {
        &self.key_id
    }

    /// The public key.
    pub const fn public(&self) -> PublicKey {
        self.public
    }

    /// The key as it is published.
    pub fn published(&self) -> PublishedKey {
        PublishedKey {
            key_id: self.key_id.clone(),
            public_key: self.public,
        }
    }

    /// What seals in its name.
    pub fn sealer(&self) -> Sealer {
        Sealer::ed25519(self.runtime_id, self.key_id.clone(), self.file.seed())
    }

    pub(crate) fn signing(&self) -> (&str, &[u8; 32]) {
        (self.file.kid(), self.file.seed())
    }
}

/// A UUID of version 8 from the hash of a public key.
fn derived(public: &PublicKey) -> Uuid {
    let mut hasher = blake3::Hasher::new_derive_key("sigma-server 2026 runtime id");
    hasher.update(public.as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    Builder::from_custom_bytes(bytes).into_uuid()
}

/// Where peers are kept; `None` where there is no exchange: it is turned off, or sessions end with the
/// process and no file is named.
pub fn store_path(settings: &Settings) -> Option<PathBuf> {
    match settings.exchange.store.as_str() {
        OFF => None,
        "" if settings.store.path == MEMORY => None,
        "" => Some(Path::new(&settings.store.path).with_extension("exchange.db")),
        path => Some(path.into()),
    }
}

/// Where the key is kept.
pub fn key_path(settings: &Settings, store: &Path) -> PathBuf {
    match settings.exchange.key.as_str() {
        "" => store.with_extension("key.json"),
        path => path.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_uuid_follows_from_the_key() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key.json");
        let first = Identity::open_or_make(&path).unwrap();
        let again = Identity::open_or_make(&path).unwrap();
        assert_eq!(first.runtime_id(), again.runtime_id());
        let other = Identity::open_or_make(&folder.path().join("other.json")).unwrap();
        assert_ne!(first.runtime_id(), other.runtime_id());
        assert_eq!(first.runtime_id().uuid().get_version_num(), 8);
        assert_eq!(first.sealer().public_key(), Some(first.public()));
    }

    #[test]
    fn peers_lie_beside_the_sessions() {
        let mut settings = Settings::default();
        let path = store_path(&settings).unwrap();
        assert_eq!(path, PathBuf::from("sigma.exchange.db"));
        assert_eq!(
            key_path(&settings, &path),
            PathBuf::from("sigma.exchange.key.json")
        );
        settings.store.path = MEMORY.into();
        assert_eq!(store_path(&settings), None);
        settings.exchange.store = "x.db".into();
        assert_eq!(store_path(&settings), Some("x.db".into()));
        settings.exchange.store = OFF.into();
        assert_eq!(store_path(&settings), None);
    }
}
