//! Signing keys in files for their owner only.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ed25519_dalek::SigningKey;
use kiri_ioh::keys::{KeyError, PublicKey};
use serde::{Deserialize, Serialize};
use std::{
    fs, io,
    io::Write as _,
    path::{Path, PathBuf},
};
use tempfile::NamedTempFile;

/// An Ed25519 key and its name, as a file holds them: a private JSON Web Key (RFC 8037).
#[derive(Clone)]
pub struct KeyFile {
    kid: String,
    seed: [u8; 32],
}

/// A key file cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeyFileError {
    /// The system refuses.
    #[error("the key file {}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// Others may read it.
    #[error("the key file {} can be read by others: `chmod 600` it, and make a new key if somebody did", path.display())]
    Open {
        /// The file.
        path: PathBuf,
    },
    /// It holds no Ed25519 key of ours.
    #[error("the key file {} holds no private Ed25519 JSON Web Key with `kid`, `x` and `d`", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Jwk {
    kty: String,
    crv: String,
    kid: String,
    x: String,
    d: String,
}

impl KeyFile {
    /// Reads the key, or makes the file with a new one if there is none. Of several that do so at once,
    /// all get the same key.
    ///
    /// # Errors
    /// [`KeyFileError`].
    pub fn open_or_make(path: &Path, prefix: &str) -> Result<Self, KeyFileError> {
        let refused = |source| KeyFileError::Io {
            path: path.to_owned(),
            source,
        };
        match fs::exists(path) {
            Ok(true) => Self::open(path),
            Ok(false) => {
                let key = Self::draw(prefix).map_err(refused)?;
                match key.write_new(path) {
                    Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Self::open(path),
                    written => written.map_err(refused).map(|()| key),
                }
            }
            Err(source) => Err(refused(source)),
        }
    }

    /// Reads the key.
    ///
    /// # Errors
    /// [`KeyFileError`].
    pub fn open(path: &Path) -> Result<Self, KeyFileError> {
        let io = |source| KeyFileError::Io {
            path: path.to_owned(),
            source,
        };
        let malformed = || KeyFileError::Malformed {
            path: path.to_owned(),
        };
        let about = fs::metadata(path).map_err(io)?;
        if others_may_read(&about) {
            return Err(KeyFileError::Open {
                path: path.to_owned(),
            });
        }
        let text = fs::read(path).map_err(io)?;
        let jwk: Jwk = kiri_ioh::json::parse_as(&text).map_err(|_| malformed())?;
        let key = Self::from_jwk(&jwk).ok_or_else(malformed)?;
        let whole = key.public().is_ok() && key.x() == jwk.x;
        whole.then_some(key).ok_or_else(malformed)
    }

    /// A new key under a name of its own that begins with `prefix`.
    ///
    /// # Errors
    /// The machine has no randomness.
    pub fn draw(prefix: &str) -> io::Result<Self> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(io::Error::other)?;
        let mut key = Self {
            kid: String::new(),
            seed,
        };
        key.kid = format!("{prefix}-{}", key.x().chars().take(10).collect::<String>());
        Ok(key)
    }

    /// The name.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The secret.
    pub const fn seed(&self) -> &[u8; 32] {
        &self.seed
    }

    /// What others need to verify.
    ///
    /// # Errors
    /// [`KeyError`] for a name that cannot be one.
    pub fn public(&self) -> Result<PublicKey, KeyError> {
        let key = SigningKey::from_bytes(&self.seed).verifying_key();
        PublicKey::ed25519(&self.kid, key.as_bytes())
    }

    fn x(&self) -> String {
        let key = SigningKey::from_bytes(&self.seed).verifying_key();
        URL_SAFE_NO_PAD.encode(key.as_bytes())
    }

    fn from_jwk(jwk: &Jwk) -> Option<Self> {
        let seed = URL_SAFE_NO_PAD.decode(&jwk.d).ok()?.try_into().ok()?;
        let known = jwk.kty == "OKP" && jwk.crv == "Ed25519";
        known.then(|| Self {
            kid: jwk.kid.clone(),
            seed,
        })
    }

    /// Whole or not at all, and never over another: a link is made to a finished file.
    fn write_new(&self, path: &Path) -> io::Result<()> {
        let jwk = Jwk {
            kty: "OKP".into(),
            crv: "Ed25519".into(),
            kid: self.kid.clone(),
            x: self.x(),
            d: URL_SAFE_NO_PAD.encode(self.seed),
        };
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
            .unwrap_or(Path::new("."));
        // made for the owner only
        let mut file = NamedTempFile::new_in(folder)?;
        writeln!(file, "{}", serde_json::to_string(&jwk)?)?;
        file.as_file().sync_all()?;
        file.persist_noclobber(path).map_err(|error| error.error)?;
        Ok(())
    }
}

impl std::fmt::Debug for KeyFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeyFile({:?})", self.kid)
    }
}

#[cfg(unix)]
fn others_may_read(about: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    about.permissions().mode() & 0o077 != 0
}

#[cfg(not(unix))]
fn others_may_read(_: &fs::Metadata) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_only_for_its_owner() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key.json");
        let keys: Vec<_> = std::thread::scope(|scope| {
            let open = || KeyFile::open_or_make(&path, "runtime").unwrap();
            let all: Vec<_> = (0..8).map(|_| scope.spawn(open)).collect();
            all.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert!(keys.iter().all(|key| key.seed == keys[0].seed));
        assert!(keys[0].kid().starts_with("runtime-") && keys[0].public().is_ok());
        assert!(!format!("{:?}", keys[0]).contains(&URL_SAFE_NO_PAD.encode(keys[0].seed)));
        let others = fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(others, 1, "nothing is left beside it");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!(mode(&path), 0o600);
            fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
            let error = KeyFile::open(&path).unwrap_err();
            assert!(matches!(error, KeyFileError::Open { .. }), "{error}");
        }
    }

    #[test]
    fn what_is_no_key_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key.json");
        let key = KeyFile::draw("k").unwrap();
        key.write_new(&path).unwrap();
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(KeyFile::open(&path).unwrap().seed, key.seed);
        let other = KeyFile::draw("k").unwrap().x();
        for broken in [
            text.replace(&key.x(), &other),
            text.replace("Ed25519", "P-256"),
            "{}".into(),
        ] {
            fs::write(&path, broken).unwrap();
            let error = KeyFile::open(&path).unwrap_err();
            assert!(matches!(error, KeyFileError::Malformed { .. }), "{error}");
        }
    }
}
