//! How a reading runtime shows who it is: a signed token for one method, one path, one query and one minute.
//!
//! The token is a JSON Web Signature (RFC 7515) of Ed25519 in compact form, with an explicit type
//! (RFC 8725, section 3.11) and the claims `htm` and `htu` of RFC 9449. There `htu` is without the query,
//! so that one has a claim of its own, `htq`.

use crate::exchange::Identity;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};
use sigma_interop::RuntimeId;
use sigma_types::Timestamp;
use url::form_urlencoded;

/// `typ` of the token.
const TYPE: &str = "sigma-proof+jwt";
/// The one algorithm.
const ALGORITHM: &str = "EdDSA";
/// The pair of a query that brings a token.
pub(crate) const TOKEN: &str = "token";
/// The longest token that is looked at, in bytes.
const LONGEST: usize = 2048;
/// The longest nonce, in bytes.
const LONGEST_NONCE: usize = 128;
/// Seconds that a token holds at most.
pub(crate) const LIFETIME: i64 = 60;
/// Seconds by which the asker's clock may be off.
const SKEW: i64 = 30;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    alg: String,
    typ: String,
    kid: String,
}

/// What a token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Claims {
    /// Who asks.
    pub(crate) iss: RuntimeId,
    /// Who is asked.
    pub(crate) aud: RuntimeId,
    /// The method.
    pub(crate) htm: String,
    /// The path, without query.
    pub(crate) htu: String,
    /// The query as it is sent, without `?` and without the pair `token`; none where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) htq: Option<String>,
    /// When it was made, in seconds since 1970.
    pub(crate) iat: i64,
    /// Until when it holds.
    pub(crate) exp: i64,
    /// What makes it unique.
    pub(crate) jti: String,
}

/// A token shows nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ProofError {
    #[error(
        "it is not a compact EdDSA signature of type {TYPE} with the claims iss, aud, htm, htu, htq, iat, exp and jti"
    )]
    Form,
    #[error("it is for another runtime, method or path")]
    Elsewhere,
    #[error(
        "it is for another query: its claim htq is the query as it is sent, without the pair `token`"
    )]
    Query,
    #[error(
        "it is older or newer than it may be: make it when you ask, for {LIFETIME} seconds at most"
    )]
    Stale,
    #[error("its signature is not of the key that is known of this runtime")]
    Signature,
}

/// A token as it came; nothing of it is shown yet.
#[derive(Debug)]
pub(crate) struct Unproven<'a> {
    kid: String,
    claims: Claims,
    signed: &'a str,
    signature: Signature,
}

/// What a token is asked to show.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) us: RuntimeId,
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    /// What a proof binds of the query.
    pub(crate) query: &'a str,
    pub(crate) now: Timestamp,
}

impl<'a> Unproven<'a> {
    /// Reads a token.
    pub(crate) fn read(token: &'a str) -> Result<Self, ProofError> {
        if token.len() > LONGEST {
            return Err(ProofError::Form);
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(ProofError::Form)?;
        let (head, claims) = signed.split_once('.').ok_or(ProofError::Form)?;
        let bytes = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| ProofError::Form);
        // a name that stands twice is refused
        let head: Head = kiri_ioh::json::parse_as(&bytes(head)?).map_err(|_| ProofError::Form)?;
        let claims: Claims =
            kiri_ioh::json::parse_as(&bytes(claims)?).map_err(|_| ProofError::Form)?;
        let unique = (1..=LONGEST_NONCE).contains(&claims.jti.len());
        if head.alg != ALGORITHM || head.typ != TYPE || !unique {
            return Err(ProofError::Form);
        }
        let signature = Signature::from_slice(&bytes(signature)?).map_err(|_| ProofError::Form)?;
        Ok(Self {
            kid: head.kid,
            claims,
            signed,
            signature,
        })
    }

    /// Who says to ask. Nothing shows it yet.
    pub(crate) fn claimed(&self) -> RuntimeId {
        self.claims.iss
    }

    /// Shows that the holder of a key asks for just this.
    pub(crate) fn verify(
        self,
        (kid, key): (&str, &[u8; 32]),
        asked: Asked<'_>,
    ) -> Result<Claims, ProofError> {
        let key = VerifyingKey::from_bytes(key).map_err(|_| ProofError::Signature)?;
        let verified = key.verify_strict(self.signed.as_bytes(), &self.signature);
        if self.kid != kid || verified.is_err() {
            return Err(ProofError::Signature);
        }
        let claims = self.claims;
        if claims.aud != asked.us || claims.htm != asked.method || claims.htu != asked.path {
            return Err(ProofError::Elsewhere);
        }
        if claims.htq.as_deref().unwrap_or_default() != asked.query {
            return Err(ProofError::Query);
        }
        let now = asked.now.millis().div_euclid(1000);
        let age = now.saturating_sub(claims.iat);
        let held = claims.exp.saturating_sub(claims.iat);
        let fresh = (-SKEW..=LIFETIME + SKEW).contains(&age)
            && (0..=LIFETIME).contains(&held)
            && now <= claims.exp.saturating_add(SKEW);
        fresh.then_some(claims).ok_or(ProofError::Stale)
    }
}

/// Until when a token could be shown again, in milliseconds since 1970.
pub(crate) fn forgotten_after(claims: &Claims) -> i64 {
    (claims.exp.saturating_add(SKEW + 1)).saturating_mul(1000)
}

/// What a proof binds of a query: all of it as it is sent, without the pair that brings the proof itself.
pub(crate) fn bound(query: &str) -> String {
    let other = |pair: &&str| {
        let mut names = form_urlencoded::parse(pair.as_bytes());
        names.next().is_none_or(|(name, _)| name != TOKEN)
    };
    let pairs: Vec<_> = query.split('&').filter(other).collect();
    pairs.join("&")
}

/// A token for one request that is made now. `target` is the path with its query.
///
/// # Errors
/// What is to be said has no form in JSON.
pub fn token(
    own: &Identity,
    peer: RuntimeId,
    method: &str,
    target: &str,
    now: Timestamp,
) -> Result<String, serde_json::Error> {
    make(&Claims::now(own, peer, method, target, now), own.signing())
}

/// Makes a token.
pub(crate) fn make(
    claims: &Claims,
    (kid, seed): (&str, &[u8; 32]),
) -> Result<String, serde_json::Error> {
    let head = Head {
        alg: ALGORITHM.into(),
        typ: TYPE.into(),
        kid: kid.to_owned(),
    };
    let text = |bytes: Vec<u8>| URL_SAFE_NO_PAD.encode(bytes);
    let signed = format!(
        "{}.{}",
        text(serde_json::to_vec(&head)?),
        text(serde_json::to_vec(claims)?)
    );
    let signature = SigningKey::from_bytes(seed).sign(signed.as_bytes());
    Ok(format!("{signed}.{}", text(signature.to_bytes().to_vec())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    const SEED: [u8; 32] = [7; 32];

    fn us() -> RuntimeId {
        RuntimeId::new(Uuid::from_u128(1))
    }

    fn claims() -> Claims {
        Claims {
            iss: RuntimeId::new(Uuid::from_u128(2)),
            aud: us(),
            htm: "GET".into(),
            htu: "/field/state".into(),
            htq: None,
            iat: 1000,
            exp: 1060,
            jti: "n-1".into(),
        }
    }

    fn key() -> [u8; 32] {
        SigningKey::from_bytes(&SEED).verifying_key().to_bytes()
    }

    fn asked(now: i64) -> Asked<'static> {
        Asked {
            us: us(),
            method: "GET",
            path: "/field/state",
            query: "",
            now: Timestamp::from_millis(now * 1000).unwrap(),
        }
    }

    fn verified(claims: &Claims, now: i64) -> Result<Claims, ProofError> {
        let token = make(claims, ("k", &SEED)).unwrap();
        Unproven::read(&token)?.verify(("k", &key()), asked(now))
    }

    #[test]
    fn a_token_shows_who_asks_for_just_this() {
        assert_eq!(verified(&claims(), 1030), Ok(claims()));
        type Change = fn(&mut Claims);
        let elsewhere: [Change; 3] = [
            |c| c.aud = RuntimeId::ANY,
            |c| c.htm = "POST".into(),
            |c| c.htu = "/memory/snapshot".into(),
        ];
        for change in elsewhere {
            let mut other = claims();
            change(&mut other);
            assert_eq!(verified(&other, 1030), Err(ProofError::Elsewhere));
        }
        for now in [0, 969, 1091, 200_000_000_000] {
            assert_eq!(verified(&claims(), now), Err(ProofError::Stale), "{now}");
        }
        for (iat, exp) in [(1000, 1061), (1000, 999), (-(1 << 50), 1 << 50)] {
            let other = Claims {
                iat,
                exp,
                ..claims()
            };
            assert_eq!(verified(&other, 1000), Err(ProofError::Stale));
        }
    }

    #[test]
    fn a_token_is_for_one_query() {
        let with = |htq: Option<&str>, query| {
            let claims = Claims {
                htq: htq.map(str::to_owned),
                ..claims()
            };
            let token = make(&claims, ("k", &SEED)).unwrap();
            let asked = Asked {
                query,
                ..asked(1030)
            };
            let read = Unproven::read(&token).unwrap();
            read.verify(("k", &key()), asked).map(drop)
        };
        assert_eq!(with(None, ""), Ok(()));
        assert_eq!(with(Some(""), ""), Ok(()));
        assert_eq!(with(Some("session=a"), "session=a"), Ok(()));
        for (htq, query) in [
            (None, "session=a"),
            (Some("session=a"), ""),
            (Some("session=a"), "session=b"),
            (Some("session=a"), "session=%61"),
            (Some("session=a"), "session=a&last_event_id=1"),
        ] {
            assert_eq!(with(htq, query), Err(ProofError::Query), "{htq:?} {query}");
        }
    }

    #[test]
    fn the_pair_that_brings_the_token_is_not_bound() {
        for (query, kept) in [
            ("", ""),
            ("token=x", ""),
            ("session=a&token=x", "session=a"),
            ("token=x&session=a", "session=a"),
            ("a=1&t%6Fken=x&b=%20", "a=1&b=%20"),
            ("token", ""),
            ("tokens=x&session=a+b", "tokens=x&session=a+b"),
        ] {
            assert_eq!(bound(query), kept, "{query}");
        }
    }

    #[test]
    fn another_key_and_another_form_are_refused() {
        let token = make(&claims(), ("k", &SEED)).unwrap();
        let read = || Unproven::read(&token).unwrap();
        assert_eq!(
            read().verify(("other", &key()), asked(1030)),
            Err(ProofError::Signature)
        );
        let other = SigningKey::from_bytes(&[8; 32]).verifying_key().to_bytes();
        assert_eq!(
            read().verify(("k", &other), asked(1030)),
            Err(ProofError::Signature)
        );
        let parts: Vec<_> = token.split('.').collect();
        let none = URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"sigma-proof+jwt","kid":"k"}"#);
        let plain = URL_SAFE_NO_PAD.encode(r#"{"alg":"EdDSA","typ":"JWT","kid":"k"}"#);
        for wrong in [
            format!("{none}.{}.", parts[1]),
            format!("{plain}.{}.{}", parts[1], parts[2]),
            format!("{}.{}", parts[0], parts[1]),
            format!("{token}."),
            "x".repeat(LONGEST + 1),
            String::new(),
        ] {
            assert!(
                matches!(Unproven::read(&wrong), Err(ProofError::Form)),
                "{wrong}"
            );
        }
    }

    proptest! {
        #[test]
        fn no_changed_token_is_taken(at in any::<prop::sample::Index>(), to in "[A-Za-z0-9_.-]") {
            let token = make(&claims(), ("k", &SEED)).unwrap();
            let at = at.index(token.len());
            let mut changed = token.clone();
            changed.replace_range(at..=at, &to);
            prop_assume!(changed != token);
            let taken = Unproven::read(&changed)
                .and_then(|read| read.verify(("k", &key()), asked(1030)));
            prop_assert!(taken.is_err());
        }

        #[test]
        fn nothing_that_comes_brings_it_down(text in ".{0,300}") {
            let _ = Unproven::read(&text);
        }
    }
}
