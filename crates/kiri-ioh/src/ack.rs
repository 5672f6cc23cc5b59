//! The peer's acknowledgement: a detached JWS (RFC 7515, appendix F) over the offer's hash.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

use crate::{
    digest::Digest,
    json,
    keys::{Algorithm, KeySet, PublicKey},
};

/// Proof that the peer signed an offer with a key from its descriptor (`IOH-01 §43.2`, BIND).
///
/// Only [`verify`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedAck {
    key: PublicKey,
    offer: Digest,
    signature: Digest,
}

/// An acknowledgement is not the peer's over this offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AckError {
    /// It is not a detached JWS in compact form: a header, nothing, a signature.
    #[error("not a detached JWS")]
    Malformed,
    /// Its header says more than `alg`, `kid` and `typ`, or names an algorithm that is not allowed.
    #[error("only `alg` (EdDSA, ES256K), `kid` and `typ` may stand in the header")]
    Header,
    /// The descriptor has no key of this name and algorithm.
    #[error("the descriptor has no such key")]
    Key,
    /// The signature is not that key's over this offer.
    #[error("the signature does not verify")]
    Signature,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: String,
    kid: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    typ: Option<String>,
}

impl Header {
    fn algorithm(&self) -> Option<Algorithm> {
        match self.alg.as_str() {
            "EdDSA" => Some(Algorithm::Ed25519),
            "ES256K" => Some(Algorithm::Secp256k1),
            _ => None,
        }
    }
}

/// Verifies `ack_signature` over the ASCII text of `binding_offer_hash`.
///
/// # Errors
/// [`AckError`].
pub fn verify(jws: &str, offer: &Digest, keys: &KeySet) -> Result<VerifiedAck, AckError> {
    let (protected, signature) = split(jws)?;
    let header = URL_SAFE_NO_PAD
        .decode(protected)
        .map_err(|_| AckError::Malformed)?;
    let header: Header = json::parse_as(&header).map_err(|_| AckError::Header)?;
    let algorithm = header.algorithm().ok_or(AckError::Header)?;
    let key = keys
        .find(&header.kid)
        .filter(|key| key.algorithm() == algorithm)
        .ok_or(AckError::Key)?;
    let bytes = URL_SAFE_NO_PAD
        .decode(signature)
        .map_err(|_| AckError::Malformed)?;
    if !key.verifies(signing_input(protected, offer).as_bytes(), &bytes) {
        return Err(AckError::Signature);
    }
    Ok(VerifiedAck {
        key: key.clone(),
        offer: *offer,
        signature: Digest::of(jws.as_bytes()),
    })
}

/// What is signed, for a peer that writes its own acknowledgement: the base64url header, a dot, and the
/// base64url of the offer's text.
#[must_use]
pub fn signing_input(protected: &str, offer: &Digest) -> String {
    format!("{protected}.{}", URL_SAFE_NO_PAD.encode(offer.to_string()))
}

/// Acknowledges an offer with an Ed25519 key: the peer's side of BIND.
#[must_use]
pub fn acknowledge(offer: &Digest, kid: &str, seed: &[u8; 32]) -> String {
    use ed25519_dalek::Signer as _;
    let header = serde_json::json!({"alg": "EdDSA", "kid": kid}).to_string();
    let protected = URL_SAFE_NO_PAD.encode(header);
    let key = ed25519_dalek::SigningKey::from_bytes(seed);
    let signature = key.sign(signing_input(&protected, offer).as_bytes());
    format!(
        "{protected}..{}",
        URL_SAFE_NO_PAD.encode(signature.to_bytes())
    )
}

fn split(jws: &str) -> Result<(&str, &str), AckError> {
    let mut parts = jws.split('.');
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(header), Some(""), Some(signature), None) => Ok((header, signature)),
        _ => Err(AckError::Malformed),
    }
}

impl VerifiedAck {
    /// The key that signed, pinned from here on.
    #[must_use]
    pub const fn key(&self) -> &PublicKey {
        &self.key
    }

    /// The offer that was signed.
    #[must_use]
    pub const fn offer(&self) -> &Digest {
        &self.offer
    }

    /// The digest of the acknowledgement's text, by which a retry is known.
    #[must_use]
    pub const fn signature(&self) -> &Digest {
        &self.signature
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use k256::ecdsa::signature::Signer as _;
    use serde_json::json;

    const SEED: [u8; 32] = [3; 32];

    fn keys() -> KeySet {
        let public = ed25519_dalek::SigningKey::from_bytes(&SEED).verifying_key();
        let ed = PublicKey::ed25519("ed", public.as_bytes()).unwrap();
        let secret = k256::ecdsa::SigningKey::from_slice(&SEED).unwrap();
        let point = secret.verifying_key().to_sec1_point(false);
        let ec = PublicKey::secp256k1("ec", point.as_bytes()).unwrap();
        KeySet::parse(&json!({"keys": [ed, ec]})).unwrap()
    }

    fn es256k(header: &str, offer: &Digest) -> String {
        let protected = URL_SAFE_NO_PAD.encode(header);
        let secret = k256::ecdsa::SigningKey::from_slice(&SEED).unwrap();
        let signature: k256::ecdsa::Signature =
            secret.sign(signing_input(&protected, offer).as_bytes());
        format!(
            "{protected}..{}",
            URL_SAFE_NO_PAD.encode(signature.to_bytes())
        )
    }

    #[test]
    fn both_algorithms_verify() {
        let offer = Digest::of(b"offer");
        let ack = verify(&acknowledge(&offer, "ed", &SEED), &offer, &keys()).unwrap();
        assert_eq!((ack.key().kid(), ack.offer()), ("ed", &offer));
        let jws = es256k(r#"{"alg":"ES256K","kid":"ec"}"#, &offer);
        assert_eq!(verify(&jws, &offer, &keys()).unwrap().key().kid(), "ec");
    }

    #[test]
    fn a_signature_with_the_other_s_is_the_same_signature() {
        let offer = Digest::of(b"offer");
        let jws = es256k(r#"{"alg":"ES256K","kid":"ec"}"#, &offer);
        let (head, tail) = jws.rsplit_once('.').unwrap();
        let bytes = URL_SAFE_NO_PAD.decode(tail).unwrap();
        let signature = k256::ecdsa::Signature::from_slice(&bytes).unwrap();
        let (r, s) = signature.split_scalars();
        let high = k256::ecdsa::Signature::from_scalars(r, -*s).unwrap();
        let jws = format!("{head}.{}", URL_SAFE_NO_PAD.encode(high.to_bytes()));
        assert!(verify(&jws, &offer, &keys()).is_ok());
    }

    #[test]
    fn everything_else_is_refused() {
        let offer = Digest::of(b"offer");
        let keys = keys();
        let good = acknowledge(&offer, "ed", &SEED);
        assert_eq!(
            verify(&good, &Digest::of(b"other"), &keys),
            Err(AckError::Signature)
        );
        assert_eq!(
            verify(&acknowledge(&offer, "ed", &[4; 32]), &offer, &keys),
            Err(AckError::Signature)
        );
        assert_eq!(
            verify(&acknowledge(&offer, "who", &SEED), &offer, &keys),
            Err(AckError::Key)
        );
        for header in [
            r#"{"alg":"none","kid":"ec"}"#,
            r#"{"alg":"HS256","kid":"ec"}"#,
            r#"{"alg":"ES256","kid":"ec"}"#,
            r#"{"alg":"ES256K"}"#,
            r#"{"alg":"ES256K","kid":"ec","jwk":{}}"#,
            r#"{"alg":"ES256K","kid":"ec","crit":["b64"],"b64":false}"#,
            r#"{"alg":"ES256K","alg":"ES256K","kid":"ec"}"#,
        ] {
            assert_eq!(
                verify(&es256k(header, &offer), &offer, &keys),
                Err(AckError::Header),
                "{header}"
            );
        }
        let crossed = es256k(r#"{"alg":"ES256K","kid":"ed"}"#, &offer);
        assert_eq!(verify(&crossed, &offer, &keys), Err(AckError::Key));
        let attached = good.replace("..", ".c2hhMjU2.");
        for jws in [
            attached.as_str(),
            "",
            "..",
            "a.b",
            &format!("{good}."),
            &format!("{good}="),
        ] {
            assert!(verify(jws, &offer, &keys).is_err(), "{jws}");
        }
    }
}
