//! Reading, sealing, verifying.

use serde::Deserialize;
use serde_json::{Map, Value, json};
use sigma_aegida::SafetyStatus;
use sigma_attractor::Lifecycle;
use sigma_drift::ControlPosture;
use sigma_interop::{
    Capabilities, ChecksumAlgorithm, FieldState, Format, Gate, Handshake, HandshakeReply, Header,
    KeyId, Keyring, MemoryShare, Message, MinimalState, Payload, PeerKey, PublicKey, ReadError,
    Reading, ReplayCache, RuntimeId, Sealer, SharedSecret, TokenAlgorithm, Unverified, Verifier,
    rules::{ReplayRules, SRIP_05},
};
use sigma_types::{Measured, NonNegative, Timestamp, canonical_json};

use super::super::{Input, OpError, refused};

/// Which document it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    #[default]
    Packet,
    Minimal,
    Snapshot,
    Handshake,
    HandshakeAnswer,
    Manifest,
}

const fn json_format() -> Format {
    Format::Json
}

#[derive(Deserialize)]
struct Text {
    #[serde(default)]
    kind: Kind,
    #[serde(default = "json_format")]
    format: Format,
    text: String,
}

pub(crate) fn read(input: &Input<'_>) -> Result<Value, OpError> {
    let given: Text = input.given()?;
    let answer = match given.kind {
        Kind::Packet => document::<FieldState>(&given),
        Kind::Minimal => document::<MinimalState>(&given),
        Kind::Snapshot => document::<MemoryShare>(&given),
        Kind::Handshake => document::<Handshake>(&given),
        Kind::HandshakeAnswer => document::<HandshakeReply>(&given),
        Kind::Manifest => manifest(&given),
    };
    Ok(match answer {
        Ok(mut document) => {
            document.remove("signature");
            let text = canonical_json(&document).map_err(refused)?;
            json!({"accepted": true, "canonical": String::from_utf8_lossy(&text)})
        }
        Err(error) => json!({
            "accepted": false, "error": error.name(), "at": error.pointer(),
        }),
    })
}

/// What is read, written again and read without any check.
fn document<P: Payload>(given: &Text) -> Result<Map<String, Value>, ReadError> {
    let bytes = given.text.as_bytes();
    let read = Unverified::<Message<P>>::read(bytes, given.format, &SRIP_05)?;
    let text = read.to_bytes(Format::Json);
    Ok(serde_json::from_slice(&text).unwrap_or_default())
}

/// A manifest has no seal of its own.
fn manifest(given: &Text) -> Result<Map<String, Value>, ReadError> {
    let read = Capabilities::read(given.text.as_bytes(), given.format, &SRIP_05)?;
    Ok(serde_json::from_slice(&read.to_bytes(Format::Json)).unwrap_or_default())
}

#[derive(Deserialize)]
struct Key {
    algorithm: TokenAlgorithm,
    key_id: KeyId,
    /// 64 hexadecimal digits.
    #[serde(default)]
    secret: Option<Digits>,
    #[serde(default)]
    public_key: Option<PublicKey>,
    #[serde(default)]
    owner: Option<RuntimeId>,
    #[serde(default)]
    revoked: bool,
}

/// 32 bytes, written as 64 hexadecimal digits.
#[derive(Clone, Copy, Deserialize)]
#[serde(try_from = "sigma_types::Hash256")]
struct Digits([u8; 32]);

impl From<sigma_types::Hash256> for Digits {
    fn from(hash: sigma_types::Hash256) -> Self {
        Self(*hash.as_bytes())
    }
}

#[derive(Debug, thiserror::Error)]
enum KeyFault {
    #[error("a key of this algorithm needs its secret")]
    NoSecret,
    #[error("a key of this algorithm needs its public key")]
    NoPublicKey,
    #[error("a trusted key needs its owner")]
    NoOwner,
    #[error("no such algorithm here")]
    Algorithm,
    #[error("a manifest has no seal")]
    Unsealed,
}

impl Key {
    fn bytes(&self) -> Result<[u8; 32], OpError> {
        let secret = self.secret.ok_or_else(|| refused(KeyFault::NoSecret))?;
        Ok(secret.0)
    }

    fn shared(&self) -> Result<SharedSecret, OpError> {
        SharedSecret::new(self.bytes()?).map_err(refused)
    }

    fn sealer(&self, owner: RuntimeId) -> Result<Sealer, OpError> {
        let name = self.key_id.clone();
        Ok(match self.algorithm {
            TokenAlgorithm::Ed25519 => Sealer::ed25519(owner, name, &self.bytes()?),
            TokenAlgorithm::Blake3Keyed => Sealer::blake3_keyed(owner, name, self.shared()?),
            TokenAlgorithm::HmacSha256 => Sealer::hmac_sha_256(owner, name, self.shared()?),
            _ => return Err(refused(KeyFault::Algorithm)),
        })
    }

    fn peer(&self) -> Result<PeerKey, OpError> {
        Ok(match self.algorithm {
            TokenAlgorithm::Ed25519 => PeerKey::Ed25519(
                self.public_key
                    .ok_or_else(|| refused(KeyFault::NoPublicKey))?,
            ),
            TokenAlgorithm::Blake3Keyed => PeerKey::Blake3Keyed(self.shared()?),
            TokenAlgorithm::HmacSha256 => PeerKey::HmacSha256(self.shared()?),
            _ => return Err(refused(KeyFault::Algorithm)),
        })
    }
}

#[derive(Deserialize)]
struct ToSeal {
    #[serde(default)]
    kind: Kind,
    header: Header,
    payload: Value,
    checksum: ChecksumAlgorithm,
    key: Key,
}

pub(crate) fn seal(input: &Input<'_>) -> Result<Value, OpError> {
    let given: ToSeal = input.given()?;
    match given.kind {
        Kind::Packet => sealed::<FieldState>(given),
        Kind::Minimal => sealed::<MinimalState>(given),
        Kind::Snapshot => sealed::<MemoryShare>(given),
        Kind::Handshake => sealed::<Handshake>(given),
        Kind::HandshakeAnswer => sealed::<HandshakeReply>(given),
        Kind::Manifest => Err(refused(KeyFault::Unsealed)),
    }
}

fn sealed<P: Payload>(given: ToSeal) -> Result<Value, OpError> {
    let payload: P = serde_json::from_value(given.payload)?;
    let claims = payload.claims();
    let reading = Reading {
        posture: ControlPosture::Nominal,
        lifecycle: Lifecycle::Stable,
        di_raw: Measured::Value(claims.di.map_or(NonNegative::ZERO, NonNegative::from)),
        safety: SafetyStatus::Nominal,
        phase_lock: false,
    };
    let sealer = given.key.sealer(given.header.source_runtime_id)?;
    let public = sealer.public_key();
    let message = Message::new(given.header, payload);
    let canonical = canonical_json(&message).map_err(refused)?;
    let cleared = Gate::new(SRIP_05.gate)
        .clear(&reading, message)
        .map_err(refused)?;
    let sealed = sealer
        .with_checksum(given.checksum)
        .seal(cleared)
        .map_err(refused)?;
    let mut told = json!({
        "canonical": String::from_utf8_lossy(&canonical),
        "checksum": sealed.signature().checksum,
        "integrity_token": sealed.signature().integrity_token,
    });
    if let Some(key) = public {
        told["public_key"] = key.to_string().into();
    }
    Ok(told)
}

#[derive(Deserialize)]
struct ToVerify {
    me: RuntimeId,
    keys: Vec<Key>,
    #[serde(default)]
    replay: Option<ReplayRules>,
    steps: Vec<Arrival>,
}

#[derive(Deserialize)]
struct Arrival {
    #[serde(flatten)]
    text: Text,
    now: Timestamp,
}

pub(crate) fn verify(input: &Input<'_>) -> Result<Value, OpError> {
    let given: ToVerify = input.given()?;
    let mut keys = Keyring::new();
    for key in &given.keys {
        let owner = key.owner.ok_or_else(|| refused(KeyFault::NoOwner))?;
        keys.trust(owner, key.key_id.clone(), key.peer()?);
        if key.revoked {
            keys.revoke(owner, &key.key_id);
        }
    }
    let verifier = Verifier::new(given.me, &keys, SRIP_05.clock);
    let mut replays = ReplayCache::new(given.replay.unwrap_or(SRIP_05.replay));
    let mut outcomes = Vec::new();
    for step in &given.steps {
        outcomes.push(match step.text.kind {
            Kind::Packet => arrived::<FieldState>(&verifier, step, &mut replays),
            Kind::Minimal => arrived::<MinimalState>(&verifier, step, &mut replays),
            Kind::Snapshot => arrived::<MemoryShare>(&verifier, step, &mut replays),
            Kind::Handshake => arrived::<Handshake>(&verifier, step, &mut replays),
            Kind::HandshakeAnswer => arrived::<HandshakeReply>(&verifier, step, &mut replays),
            Kind::Manifest => return Err(refused(KeyFault::Unsealed)),
        });
        replays = input.between(replays)?;
    }
    Ok(json!({"outcomes": outcomes}))
}

fn arrived<P: Payload>(
    verifier: &Verifier<'_>,
    step: &Arrival,
    replays: &mut ReplayCache,
) -> &'static str {
    let bytes = step.text.text.as_bytes();
    match Unverified::<Message<P>>::read(bytes, step.text.format, &SRIP_05) {
        Err(error) => error.name(),
        Ok(read) => match verifier.verify(read, step.now, replays) {
            Ok(_) => "verified",
            Err(error) => error.name(),
        },
    }
}
