//! CVS-01: counter-signatures of custodians, three of five.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

use crate::{
    digest::Digest,
    keys::{Algorithm, PublicKey},
};

/// How many custodians there are (CVS-01, `standard`).
pub const CUSTODIANS: usize = 5;
/// How many of them must sign (CVS-01, `standard`).
pub const QUORUM: usize = 3;

/// The five known custodians by name, each with a key of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    try_from = "BTreeMap<String, PublicKey>",
    into = "BTreeMap<String, PublicKey>"
)]
pub struct Custodians(BTreeMap<String, PublicKey>);

/// The custodians are not five with different keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{CUSTODIANS} custodians with different keys are needed")]
pub struct CustodiansError;

/// One custodian's signature of a digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustodySignature {
    /// Who signed.
    pub custodian_id: String,
    /// The 64 bytes, as base64url.
    pub sig_bytes: String,
    /// With what.
    pub alg: Algorithm,
}

/// Proof that a quorum signed a digest. Only [`Custodians::verify`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustodyProof {
    digest: Digest,
    signers: BTreeSet<String>,
}

/// Too few of the custodians signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{found} of the needed {QUORUM} custodians signed")]
pub struct NoQuorum {
    /// How many did.
    pub found: usize,
}

impl Custodians {
    /// Five custodians by name.
    ///
    /// # Errors
    /// [`CustodiansError`] for another number, or where two share one key.
    pub fn new(keys: BTreeMap<String, PublicKey>) -> Result<Self, CustodiansError> {
        let all: Vec<_> = keys.values().collect();
        let shared = all
            .iter()
            .enumerate()
            .any(|(at, key)| all[..at].iter().any(|other| other.is_same_point(key)));
        if keys.len() != CUSTODIANS || shared {
            return Err(CustodiansError);
        }
        Ok(Self(keys))
    }

    /// Counts the custodians that signed a digest. Each counts once; unknown names and signatures that
    /// do not verify count nothing.
    ///
    /// # Errors
    /// [`NoQuorum`].
    pub fn verify(
        &self,
        digest: Digest,
        signatures: &[CustodySignature],
    ) -> Result<CustodyProof, NoQuorum> {
        let signers: BTreeSet<String> = signatures
            .iter()
            .filter(|signature| self.is_valid(&digest, signature))
            .map(|signature| signature.custodian_id.clone())
            .collect();
        if signers.len() < QUORUM {
            return Err(NoQuorum {
                found: signers.len(),
            });
        }
        Ok(CustodyProof { digest, signers })
    }

    fn is_valid(&self, digest: &Digest, signature: &CustodySignature) -> bool {
        self.0
            .get(&signature.custodian_id)
            .filter(|key| key.algorithm() == signature.alg)
            .zip(URL_SAFE_NO_PAD.decode(&signature.sig_bytes).ok())
            .is_some_and(|(key, bytes)| key.verifies_digest(digest, &bytes))
    }
}

impl CustodyProof {
    /// What was signed.
    #[must_use]
    pub const fn digest(&self) -> &Digest {
        &self.digest
    }

    /// Who signed.
    #[must_use]
    pub const fn signers(&self) -> &BTreeSet<String> {
        &self.signers
    }
}

impl TryFrom<BTreeMap<String, PublicKey>> for Custodians {
    type Error = CustodiansError;
    fn try_from(keys: BTreeMap<String, PublicKey>) -> Result<Self, CustodiansError> {
        Self::new(keys)
    }
}

impl From<Custodians> for BTreeMap<String, PublicKey> {
    fn from(custodians: Custodians) -> Self {
        custodians.0
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use ed25519_dalek::Signer as _;
    use k256::ecdsa::signature::hazmat::PrehashSigner as _;

    fn seed(n: u8) -> [u8; 32] {
        [n + 40; 32]
    }

    /// Four custodians with Ed25519 and one, `c4`, with secp256k1.
    pub(crate) fn custodians() -> Custodians {
        let mut keys = BTreeMap::new();
        for n in 0..4 {
            let id = format!("c{n}");
            let public = ed25519_dalek::SigningKey::from_bytes(&seed(n)).verifying_key();
            keys.insert(
                id.clone(),
                PublicKey::ed25519(&id, public.as_bytes()).unwrap(),
            );
        }
        let secret = k256::ecdsa::SigningKey::from_slice(&seed(4)).unwrap();
        let point = secret.verifying_key().to_sec1_point(true);
        keys.insert(
            "c4".into(),
            PublicKey::secp256k1("c4", point.as_bytes()).unwrap(),
        );
        Custodians::new(keys).unwrap()
    }

    pub(crate) fn signature(n: u8, digest: &Digest) -> CustodySignature {
        let (alg, bytes) = if n == 4 {
            let secret = k256::ecdsa::SigningKey::from_slice(&seed(4)).unwrap();
            let signature: k256::ecdsa::Signature = secret.sign_prehash(digest.as_bytes()).unwrap();
            (Algorithm::Secp256k1, signature.to_bytes().to_vec())
        } else {
            let key = ed25519_dalek::SigningKey::from_bytes(&seed(n));
            (
                Algorithm::Ed25519,
                key.sign(digest.as_bytes()).to_bytes().to_vec(),
            )
        };
        CustodySignature {
            custodian_id: format!("c{n}"),
            sig_bytes: URL_SAFE_NO_PAD.encode(bytes),
            alg,
        }
    }

    #[test]
    fn three_different_custodians_are_enough_and_two_are_not() {
        let digest = Digest::of(b"treaty");
        let count = |who: &[u8]| {
            let signatures: Vec<_> = who.iter().map(|n| signature(*n, &digest)).collect();
            custodians()
                .verify(digest, &signatures)
                .map_or_else(|e| e.found, |p| p.signers().len())
        };
        assert_eq!(count(&[0, 1, 4]), 3);
        assert_eq!(count(&[0, 1, 2, 3, 4]), 5);
        assert_eq!(count(&[]), 0);
        let two = [
            signature(0, &digest),
            signature(4, &digest),
            signature(0, &digest),
        ];
        assert_eq!(
            custodians().verify(digest, &two),
            Err(NoQuorum { found: 2 })
        );
    }

    #[test]
    fn strangers_and_wrong_signatures_count_nothing() {
        let digest = Digest::of(b"treaty");
        let mut stranger = signature(2, &digest);
        stranger.custodian_id = "c9".into();
        let mut borrowed = signature(2, &digest);
        borrowed.custodian_id = "c3".into();
        let mut mislabelled = signature(2, &digest);
        mislabelled.alg = Algorithm::Secp256k1;
        let other = signature(2, &Digest::of(b"other"));
        for wrong in [stranger, borrowed, mislabelled, other] {
            let signatures = [signature(0, &digest), signature(1, &digest), wrong];
            assert_eq!(
                custodians().verify(digest, &signatures),
                Err(NoQuorum { found: 2 })
            );
        }
    }

    #[test]
    fn a_key_stands_for_one_custodian() {
        let mut keys: BTreeMap<_, _> = custodians().into();
        let first = keys["c0"].clone();
        keys.insert("c1".into(), first);
        assert_eq!(Custodians::new(keys.clone()), Err(CustodiansError));
        keys.remove("c1");
        assert_eq!(Custodians::new(keys), Err(CustodiansError));
    }
}
