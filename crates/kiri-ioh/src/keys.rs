//! Public keys as JSON Web Keys (RFC 7517, RFC 8037, RFC 8812), and what they verify.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use k256::ecdsa::signature::{Verifier as _, hazmat::PrehashVerifier as _};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{collections::BTreeMap, fmt};

use crate::digest::Digest;

/// The algorithms that CVS-01 names. The list is theirs, so it is exhaustive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Algorithm {
    /// Ed25519 (RFC 8032); `EdDSA` in a JWS.
    Ed25519,
    /// ECDSA on secp256k1 with SHA-256; `ES256K` in a JWS.
    Secp256k1,
}

#[derive(Clone, PartialEq, Eq)]
enum Point {
    Ed25519(ed25519_dalek::VerifyingKey),
    Secp256k1(k256::ecdsa::VerifyingKey),
}

/// A public key and the name under which its owner publishes it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Jwk", into = "Jwk")]
pub struct PublicKey {
    kid: String,
    point: Point,
}

/// A key cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// It is not a JWK of a kind that we know, or not a point on its curve.
    #[error("not an Ed25519 or secp256k1 public key")]
    Malformed,
    /// It has no name, or a name longer than 128 bytes.
    #[error("a key needs a `kid` of 1 to 128 bytes")]
    Unnamed,
    /// It is a private key, or not one for signatures.
    #[error("not a public key for signatures")]
    Misused,
    /// Two keys have one name, or there are none, or more than 16.
    #[error("a set has 1 to 16 keys with different names")]
    Set,
}

/// The members of a JWK that concern us; others are passed over, as RFC 7517 asks.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Jwk {
    kty: String,
    crv: String,
    x: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    y: Option<String>,
    kid: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    alg: Option<String>,
    #[serde(default, rename = "use", skip_serializing_if = "Option::is_none")]
    usage: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    key_ops: Option<Vec<String>>,
    #[serde(default, skip_serializing)]
    d: Option<Value>,
}

impl PublicKey {
    /// An Ed25519 key from its 32 bytes.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn ed25519(kid: &str, bytes: &[u8; 32]) -> Result<Self, KeyError> {
        let key =
            ed25519_dalek::VerifyingKey::from_bytes(bytes).map_err(|_| KeyError::Malformed)?;
        if key.is_weak() {
            return Err(KeyError::Malformed);
        }
        Self::named(kid, Point::Ed25519(key))
    }

    /// A secp256k1 key from its SEC 1 bytes, compressed or not.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn secp256k1(kid: &str, bytes: &[u8]) -> Result<Self, KeyError> {
        let key =
            k256::ecdsa::VerifyingKey::from_sec1_bytes(bytes).map_err(|_| KeyError::Malformed)?;
        Self::named(kid, Point::Secp256k1(key))
    }

    fn named(kid: &str, point: Point) -> Result<Self, KeyError> {
        if kid.is_empty() || kid.len() > LONGEST_KID {
            return Err(KeyError::Unnamed);
        }
        Ok(Self {
            kid: kid.to_owned(),
            point,
        })
    }

    /// The name that its owner gave it.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// What it signs with.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        match self.point {
            Point::Ed25519(_) => Algorithm::Ed25519,
            Point::Secp256k1(_) => Algorithm::Secp256k1,
        }
    }

    /// Whether the signature of a message is this key's. 64 bytes: R and S, or r and s.
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        match &self.point {
            Point::Ed25519(key) => ed25519_dalek::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify_strict(message, &signature).is_ok()),
            Point::Secp256k1(key) => k256::ecdsa::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify(message, &signature.normalize_s()).is_ok()),
        }
    }

    /// Whether the signature of a digest is this key's: over its 32 bytes for Ed25519, with it as the
    /// hashed message for secp256k1.
    #[must_use]
    pub fn verifies_digest(&self, digest: &Digest, signature: &[u8]) -> bool {
        match &self.point {
            Point::Ed25519(_) => self.verifies(digest.as_bytes(), signature),
            Point::Secp256k1(key) => k256::ecdsa::Signature::from_slice(signature).is_ok_and(|s| {
                key.verify_prehash(digest.as_bytes(), &s.normalize_s())
                    .is_ok()
            }),
        }
    }

    /// Whether two keys are the same point, whatever they are called.
    #[must_use]
    pub fn is_same_point(&self, other: &Self) -> bool {
        self.point == other.point
    }
}

const LONGEST_KID: usize = 128;
const MOST_KEYS: usize = 16;

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let jwk = Jwk::from(self.clone());
        write!(f, "PublicKey({} {:?} {})", jwk.crv, self.kid, jwk.x)
    }
}

impl From<PublicKey> for Jwk {
    fn from(key: PublicKey) -> Self {
        let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let (kty, crv, alg, x, y) = match &key.point {
            Point::Ed25519(point) => ("OKP", "Ed25519", "EdDSA", encode(point.as_bytes()), None),
            Point::Secp256k1(point) => {
                let bytes = point.to_sec1_point(false);
                let (x, y) = bytes.as_bytes()[1..].split_at(32);
                ("EC", "secp256k1", "ES256K", encode(x), Some(encode(y)))
            }
        };
        Self {
            kty: kty.into(),
            crv: crv.into(),
            x,
            y,
            kid: key.kid,
            alg: Some(alg.into()),
            usage: None,
            key_ops: None,
            d: None,
        }
    }
}

impl TryFrom<Jwk> for PublicKey {
    type Error = KeyError;
    fn try_from(jwk: Jwk) -> Result<Self, KeyError> {
        let for_signatures = jwk.usage.as_deref().is_none_or(|usage| usage == "sig")
            && jwk
                .key_ops
                .as_ref()
                .is_none_or(|ops| ops.iter().any(|op| op == "verify"));
        if jwk.d.is_some() || !for_signatures {
            return Err(KeyError::Misused);
        }
        let decode = |text: &str| -> Result<[u8; 32], KeyError> {
            let bytes = URL_SAFE_NO_PAD
                .decode(text)
                .map_err(|_| KeyError::Malformed)?;
            bytes.try_into().map_err(|_| KeyError::Malformed)
        };
        let alg = jwk.alg.as_deref();
        match (jwk.kty.as_str(), jwk.crv.as_str(), &jwk.y) {
            ("OKP", "Ed25519", None) if matches!(alg, None | Some("EdDSA" | "Ed25519")) => {
                Self::ed25519(&jwk.kid, &decode(&jwk.x)?)
            }
            ("EC", "secp256k1", Some(y)) if matches!(alg, None | Some("ES256K")) => {
                let mut bytes = vec![UNCOMPRESSED];
                bytes.extend(decode(&jwk.x)?);
                bytes.extend(decode(y)?);
                Self::secp256k1(&jwk.kid, &bytes)
            }
            _ => Err(KeyError::Malformed),
        }
    }
}

/// The SEC 1 mark of a point whose two coordinates follow.
const UNCOMPRESSED: u8 = 4;

/// The keys that a peer publishes in its descriptor, by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeySet(BTreeMap<String, PublicKey>);

impl KeySet {
    /// Reads a JWK set. Keys of other kinds are passed over, as RFC 7517 asks.
    ///
    /// # Errors
    /// [`KeyError`] where a private key is among them, two have one name, or none can be used.
    pub fn parse(set: &Value) -> Result<Self, KeyError> {
        let keys = set
            .get("keys")
            .and_then(Value::as_array)
            .ok_or(KeyError::Set)?;
        if keys.len() > MOST_KEYS {
            return Err(KeyError::Set);
        }
        let mut found = BTreeMap::new();
        for key in keys {
            if key.get("d").is_some() {
                return Err(KeyError::Misused);
            }
            let Ok(key) = serde_json::from_value::<PublicKey>(key.clone()) else {
                continue;
            };
            if found.insert(key.kid.clone(), key).is_some() {
                return Err(KeyError::Set);
            }
        }
        (!found.is_empty())
            .then_some(Self(found))
            .ok_or(KeyError::Set)
    }

    /// The key of a name.
    #[must_use]
    pub fn find(&self, kid: &str) -> Option<&PublicKey> {
        self.0.get(kid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn ed25519() -> Value {
        // RFC 8037, appendix A.
        json!({"kty": "OKP", "crv": "Ed25519", "kid": "a",
               "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})
    }

    #[test]
    fn keys_are_read_and_written_back() {
        let set =
            KeySet::parse(&json!({"keys": [ed25519(), {"kty": "RSA", "n": "", "e": ""}]})).unwrap();
        let key = set.find("a").unwrap();
        assert_eq!(key.algorithm(), Algorithm::Ed25519);
        let back: PublicKey = serde_json::from_value(serde_json::to_value(key).unwrap()).unwrap();
        assert_eq!(&back, key);
        let secret = k256::ecdsa::SigningKey::from_slice(&[7; 32]).unwrap();
        let point = secret.verifying_key().to_sec1_point(true);
        let key = PublicKey::secp256k1("b", point.as_bytes()).unwrap();
        let back: PublicKey = serde_json::from_value(serde_json::to_value(&key).unwrap()).unwrap();
        assert_eq!(back, key);
    }

    #[test]
    fn what_is_no_public_key_for_signatures_is_refused() {
        let with = |name: &str, value: Value| {
            let mut key = ed25519();
            key[name] = value;
            serde_json::from_value::<PublicKey>(key)
        };
        assert!(with("use", json!("sig")).is_ok());
        for (name, value) in [
            ("d", json!("secret")),
            ("use", json!("enc")),
            ("key_ops", json!(["sign"])),
            ("alg", json!("none")),
            ("kid", json!("")),
            ("crv", json!("X25519")),
            ("x", json!("AAAA")),
            ("x", json!("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")),
        ] {
            assert!(with(name, value.clone()).is_err(), "{name} {value}");
        }
        for set in [
            json!({"keys": [ed25519(), ed25519()]}),
            json!({"keys": []}),
            json!([]),
        ] {
            assert_eq!(KeySet::parse(&set), Err(KeyError::Set));
        }
        let leaked = json!({"keys": [{"kty": "RSA", "d": "x"}, ed25519()]});
        assert_eq!(KeySet::parse(&leaked), Err(KeyError::Misused));
    }
}
