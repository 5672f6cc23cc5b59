//! Verifying, in one fixed order: what is cheap and public first, what costs or remembers last.

use sigma_types::{Hash256, Timestamp};
use subtle::ConstantTimeEq as _;

use super::{
    ChecksumAlgorithm, Keyring, PeerKey, ReplayCache, ReplayRefusal, Verified,
    algorithm::{BadToken, Token},
    keys::Found,
    token_message,
};
use crate::{
    KeyId, Message, Moment, Payload, RuntimeId, TokenAlgorithm, Unverified, rules::ClockRules,
};

/// Whose matter a refusal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Fault {
    /// The sender has to write it otherwise.
    Sender,
    /// It is not what the sender wrote, or comes from somebody else.
    Transit,
    /// The operator of this runtime has to grant or renew trust.
    Operator,
    /// This runtime cannot take it now.
    Receiver,
}

/// A message is not what it claims, or is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// It is meant for another runtime.
    #[error("the message is for {target}, and this is {me}")]
    WrongTarget {
        /// Whom it is for.
        target: RuntimeId,
        /// Who we are.
        me: RuntimeId,
    },
    /// It is older than the window, or than this runtime's memory.
    #[error("the message is of {at}, {by_ms} ms too old; send it anew with the time of now")]
    TooOld {
        /// Its time.
        at: Moment,
        /// By how much.
        by_ms: i64,
    },
    /// Its time lies ahead.
    #[error("the message is of {at}, {by_ms} ms too far ahead; set the clock that wrote it")]
    TooEarly {
        /// Its time.
        at: Moment,
        /// By how much.
        by_ms: i64,
    },
    /// A checksum that is not known here.
    #[error("checksum: no algorithm `{name}` is known here; blake3 and sha-256 are")]
    UnknownChecksum {
        /// What it names.
        name: String,
    },
    /// A token that is not known here.
    #[error(
        "integrity_token: no algorithm `{name}` is known here; ed25519, blake3-keyed and hmac-sha-256 are"
    )]
    UnknownToken {
        /// What it names.
        name: String,
    },
    /// A token that is not `algorithm:key id:digits`.
    #[error(
        "integrity_token: written as algorithm:key id:digits, lower-case hexadecimal, of the right length"
    )]
    MalformedToken,
    /// A key that the source does not have, as far as this runtime knows.
    #[error("no key {key_id} of {owner} is trusted here")]
    UnknownKey {
        /// The source.
        owner: RuntimeId,
        /// What its key is called.
        key_id: KeyId,
    },
    /// A key that is trusted no longer.
    #[error("key {key_id} of {owner} was revoked")]
    RevokedKey {
        /// The source.
        owner: RuntimeId,
        /// What its key is called.
        key_id: KeyId,
    },
    /// A key of another algorithm.
    #[error("key {key_id} is one for {expected:?}, and the token is one of {found:?}")]
    WrongAlgorithm {
        /// What the key is called.
        key_id: KeyId,
        /// What it is for.
        expected: TokenAlgorithm,
        /// What the token names.
        found: TokenAlgorithm,
    },
    /// The checksum is not that of the content.
    #[error("checksum: not that of header and payload")]
    ChecksumMismatch,
    /// The token is not that of the source.
    #[error("integrity_token: not one of this key over this message")]
    TokenMismatch,
    /// It was taken before, or there is no room to remember it.
    #[error(transparent)]
    Replay(#[from] ReplayRefusal),
}

impl VerifyError {
    /// Whose matter it is.
    #[must_use]
    pub const fn fault(&self) -> Fault {
        match self {
            Self::WrongTarget { .. }
            | Self::TooOld { .. }
            | Self::TooEarly { .. }
            | Self::UnknownChecksum { .. }
            | Self::UnknownToken { .. }
            | Self::MalformedToken
            | Self::WrongAlgorithm { .. } => Fault::Sender,
            Self::ChecksumMismatch | Self::TokenMismatch | Self::Replay(ReplayRefusal::Seen) => {
                Fault::Transit
            }
            Self::UnknownKey { .. } | Self::RevokedKey { .. } => Fault::Operator,
            Self::Replay(_) => Fault::Receiver,
        }
    }

    /// A short fixed name, for logs and problem types.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::WrongTarget { .. } => "wrong_target",
            Self::TooOld { .. } => "too_old",
            Self::TooEarly { .. } => "too_early",
            Self::UnknownChecksum { .. } => "unknown_checksum",
            Self::UnknownToken { .. } => "unknown_token",
            Self::MalformedToken => "malformed_token",
            Self::UnknownKey { .. } => "unknown_key",
            Self::RevokedKey { .. } => "revoked_key",
            Self::WrongAlgorithm { .. } => "wrong_algorithm",
            Self::ChecksumMismatch => "checksum_mismatch",
            Self::TokenMismatch => "token_mismatch",
            Self::Replay(ReplayRefusal::Seen) => "replayed",
            Self::Replay(ReplayRefusal::SourceFull { .. }) => "source_full",
            Self::Replay(ReplayRefusal::Full { .. }) => "replay_full",
        }
    }
}

/// Verifies what peers say to one runtime.
#[derive(Debug, Clone, Copy)]
pub struct Verifier<'k> {
    me: RuntimeId,
    keys: &'k Keyring,
    clock: ClockRules,
}

impl<'k> Verifier<'k> {
    /// Verifies for a runtime, with the keys that it trusts.
    #[must_use]
    pub const fn new(me: RuntimeId, keys: &'k Keyring, clock: ClockRules) -> Self {
        Self { me, keys, clock }
    }

    /// Verifies a message, in this order: target, time, algorithms, key, checksum, token, replay. Only a
    /// message that holds in all else is remembered.
    ///
    /// # Errors
    /// [`VerifyError`] tells the first thing that does not hold.
    pub fn verify<P: Payload>(
        &self,
        unverified: Unverified<Message<P>>,
        now: Timestamp,
        replays: &mut ReplayCache,
    ) -> Result<Verified<Message<P>>, VerifyError> {
        let header = &unverified.message.header;
        let target = header.target_runtime_id;
        if target != self.me && !(P::BROADCAST && target == RuntimeId::ANY) {
            return Err(VerifyError::WrongTarget {
                target,
                me: self.me,
            });
        }
        let until = self.timely(&header.timestamp, now, replays)?;
        let written = &unverified.signature;
        let checksum = ChecksumAlgorithm::of_text(&written.checksum).ok_or_else(|| {
            VerifyError::UnknownChecksum {
                name: named(&written.checksum),
            }
        })?;
        let token = Token::parse(&written.integrity_token).map_err(|bad| match bad {
            BadToken::Form => VerifyError::MalformedToken,
            BadToken::Algorithm => VerifyError::UnknownToken {
                name: named(&written.integrity_token),
            },
        })?;
        let key = self.key(header.source_runtime_id, &token)?;
        // a parsed value is always canonical
        let canonical = sigma_types::canonical_json(&unverified.received)
            .map_err(|_| VerifyError::ChecksumMismatch)?;
        let computed = checksum.of(&canonical);
        if !bool::from(computed.as_bytes().ct_eq(written.checksum.as_bytes())) {
            return Err(VerifyError::ChecksumMismatch);
        }
        let signed = token_message(
            P::PURPOSE,
            token.algorithm,
            &token.key_id,
            header,
            &written.checksum,
        );
        if !key.verifies(&signed, &token.bytes) {
            return Err(VerifyError::TokenMismatch);
        }
        let id = match checksum {
            ChecksumAlgorithm::Blake3 => identity(P::PURPOSE, &computed),
            ChecksumAlgorithm::Sha256 => {
                identity(P::PURPOSE, &ChecksumAlgorithm::Blake3.of(&canonical))
            }
        };
        replays.remember(header.source_runtime_id, id, until)?;
        Ok(Verified {
            message: unverified.message,
            received: unverified.received,
            signature: unverified.signature,
            key: token.key_id,
            algorithm: token.algorithm,
        })
    }

    /// Until when the message has to be remembered.
    fn timely(
        &self,
        at: &Moment,
        now: Timestamp,
        replays: &mut ReplayCache,
    ) -> Result<i64, VerifyError> {
        let now = replays.advance(now);
        let until = at.at().millis().saturating_add(self.clock.max_age_ms);
        let from = at.at().millis().saturating_sub(self.clock.max_ahead_ms);
        let too_old = (until < now).then(|| now.saturating_sub(until));
        if let Some(by_ms) = too_old.max(replays.before_start(at.at())) {
            return Err(VerifyError::TooOld {
                at: at.clone(),
                by_ms,
            });
        }
        if from > now {
            return Err(VerifyError::TooEarly {
                at: at.clone(),
                by_ms: from.saturating_sub(now),
            });
        }
        Ok(until)
    }

    fn key(&self, owner: RuntimeId, token: &Token) -> Result<&'k PeerKey, VerifyError> {
        let key_id = token.key_id.clone();
        match self.keys.find(owner, &key_id) {
            Found::Nothing => Err(VerifyError::UnknownKey { owner, key_id }),
            Found::Revoked => Err(VerifyError::RevokedKey { owner, key_id }),
            Found::Key(key) if key.algorithm() != token.algorithm => {
                Err(VerifyError::WrongAlgorithm {
                    key_id,
                    expected: key.algorithm(),
                    found: token.algorithm,
                })
            }
            Found::Key(key) => Ok(key),
        }
    }
}

/// What a message is remembered by: its purpose and content, whatever sealed it.
fn identity(purpose: &str, checksum: &str) -> Hash256 {
    let mut hasher = blake3::Hasher::new();
    hasher.update(purpose.as_bytes());
    hasher.update(b"\n");
    hasher.update(checksum.as_bytes());
    Hash256::from_bytes(*hasher.finalize().as_bytes())
}

/// The algorithm that a text names, short enough to be shown.
fn named(text: &str) -> String {
    let name = text.split(':').next().unwrap_or_default();
    name.chars().filter(|c| !c.is_control()).take(32).collect()
}
