//! The handshake: which version, which exchange, which seals (`SRIP-05 §4`, `§5`).

use serde::{Deserialize, Serialize};
use sigma_types::Timestamp;
use std::fmt;

use crate::{
    Capabilities, ChecksumAlgorithm, Discloses, Exchange, Format, Message, Misfit, NameError, Open,
    ProtocolVersion, RuntimeId, TokenAlgorithm,
    capabilities::fields_of_manifest,
    message::{Payload, SealedPayload, order},
    rules::Rules,
    seal::Stateless,
};

/// 16 bytes that the asker drew at random and that the answer repeats: 32 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Nonce([u8; 16]);

impl Nonce {
    /// Takes 16 bytes that the caller drew.
    #[must_use]
    pub const fn new(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }
}

impl TryFrom<String> for Nonce {
    type Error = NameError;
    fn try_from(text: String) -> Result<Self, NameError> {
        let bytes = data_encoding::HEXLOWER.decode(text.as_bytes());
        let bytes = bytes.ok().and_then(|bytes| bytes.try_into().ok());
        bytes.map(Self).ok_or(NameError::Nonce)
    }
}

impl From<Nonce> for String {
    fn from(nonce: Nonce) -> Self {
        nonce.to_string()
    }
}

impl fmt::Display for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&data_encoding::HEXLOWER.encode(&self.0))
    }
}

/// What a runtime that wants to exchange says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Handshake {
    /// Its manifest.
    pub capabilities: Capabilities,
    /// Drawn for this handshake.
    pub nonce: Nonce,
}

/// The answer: what was settled, and the manifest of whoever answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HandshakeReply {
    /// What was settled.
    pub negotiation: Negotiation,
    /// The manifest of whoever answers.
    pub capabilities: Capabilities,
    /// The nonce of the handshake.
    pub nonce: Nonce,
}

/// A handshake with its header.
pub type HandshakeRequest = Message<Handshake>;
/// Its answer with its header.
pub type HandshakeAnswer = Message<HandshakeReply>;

/// How two runtimes exchange from now on (`SRIP-05 §5`).
///
/// Exhaustive on purpose: there is nothing between.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Whole packets.
    Full,
    /// State and drift only.
    Minimal,
    /// Not at all.
    Rejected,
}

/// Why an outcome is less than full.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Mismatch {
    /// No major version is spoken by both.
    MajorVersion,
    /// No checksum is known to both.
    Checksum,
    /// No token is known to both.
    Token,
    /// No format is known to both.
    Serialization,
    /// One of them does not exchange whole packets.
    FullExchange,
    /// One of them does not exchange state and drift either.
    MinimalExchange,
    /// The manifest is that of another runtime than the header names.
    RuntimeId,
}

/// What two manifests come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Negotiation {
    /// How far they match.
    pub outcome: Outcome,
    /// Why no further.
    pub reasons: Vec<Mismatch>,
    /// The version to speak; none where rejected.
    pub protocol_version: Option<ProtocolVersion>,
    /// The checksum to use.
    pub checksum: Option<ChecksumAlgorithm>,
    /// The token to use.
    pub token: Option<TokenAlgorithm>,
    /// The format to write.
    pub serialization: Option<Format>,
}

/// A negotiation as it is logged (`SRIP-05 §7`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NegotiationRecord {
    /// When.
    pub at: Timestamp,
    /// With whom.
    pub peer: RuntimeId,
    /// The versions that we speak.
    pub ours: Vec<ProtocolVersion>,
    /// The versions that the peer speaks.
    pub theirs: Vec<ProtocolVersion>,
    /// What came of it.
    pub negotiation: Negotiation,
}

/// Holds two manifests against each other. What we prefer goes first.
///
/// Versions without a common major number, and runtimes without a common checksum, token or format,
/// are rejected: nothing between them could be verified. Otherwise whole packets are exchanged where
/// both do that, and else state and drift (`SRIP-05 §5`).
#[must_use]
pub fn negotiate(ours: &Capabilities, peer: RuntimeId, theirs: &Capabilities) -> Negotiation {
    let version = version(&ours.protocol_versions, &theirs.protocol_versions);
    let checksum = common(&ours.checksums, &theirs.checksums);
    let token = common(&ours.tokens, &theirs.tokens);
    let serialization = common(&ours.serializations, &theirs.serializations);
    let both = |what: Exchange| {
        let what = Open::Known(what);
        ours.exchange.contains(&what) && theirs.exchange.contains(&what)
    };
    let mut reasons = Vec::new();
    let fatal = [
        (theirs.runtime_id != peer, Mismatch::RuntimeId),
        (version.is_none(), Mismatch::MajorVersion),
        (checksum.is_none(), Mismatch::Checksum),
        (token.is_none(), Mismatch::Token),
        (serialization.is_none(), Mismatch::Serialization),
    ];
    reasons.extend(fatal.iter().filter(|(is, _)| *is).map(|(_, why)| *why));
    let mut outcome = if reasons.is_empty() {
        Outcome::Full
    } else {
        Outcome::Rejected
    };
    if !both(Exchange::Full) {
        reasons.push(Mismatch::FullExchange);
        outcome = outcome.max(Outcome::Minimal);
        if !both(Exchange::Minimal) {
            reasons.push(Mismatch::MinimalExchange);
            outcome = Outcome::Rejected;
        }
    }
    let settled = outcome != Outcome::Rejected;
    Negotiation {
        outcome,
        reasons,
        protocol_version: version.filter(|_| settled),
        checksum: checksum.filter(|_| settled),
        token: token.filter(|_| settled),
        serialization: serialization.filter(|_| settled),
    }
}

/// The highest common major version, with the lower of the two minor ones.
fn version(ours: &[ProtocolVersion], theirs: &[ProtocolVersion]) -> Option<ProtocolVersion> {
    let agreed = |our: &ProtocolVersion| {
        let with = |their: &ProtocolVersion| our.agreed(*their).ok();
        theirs.iter().find_map(with)
    };
    ours.iter().filter_map(agreed).max()
}

fn common<T: Copy + PartialEq>(ours: &[Open<T>], theirs: &[Open<T>]) -> Option<T> {
    let known = |word: &&Open<T>| theirs.contains(word);
    ours.iter().filter(known).find_map(Open::known).copied()
}

impl Negotiation {
    /// The line of the log.
    #[must_use]
    pub fn record(
        &self,
        at: Timestamp,
        peer: RuntimeId,
        ours: &Capabilities,
        theirs: &Capabilities,
    ) -> NegotiationRecord {
        NegotiationRecord {
            at,
            peer,
            ours: ours.protocol_versions.clone(),
            theirs: theirs.protocol_versions.clone(),
            negotiation: self.clone(),
        }
    }
}

impl SealedPayload for Handshake {}
impl Payload for Handshake {
    const PURPOSE: &'static str = "sigma-interop/handshake/v1";
    const DISCLOSES: Discloses = Discloses::Nothing;
    // whoever asks first may not know yet who answers
    const BROADCAST: bool = true;
    const ANY_MAJOR: bool = true;
    const ORDER: &'static [&'static str] = fields_of_manifest!(order!["capabilities", "nonce"]);

    fn check(&self, rules: &Rules) -> Result<(), Misfit> {
        below("capabilities", self.capabilities.check(rules))
    }
}
impl Stateless for Handshake {}

impl SealedPayload for HandshakeReply {}
impl Payload for HandshakeReply {
    const PURPOSE: &'static str = "sigma-interop/handshake-answer/v1";
    const DISCLOSES: Discloses = Discloses::Nothing;
    const ANY_MAJOR: bool = true;
    const ORDER: &'static [&'static str] = fields_of_manifest!(order![
        "negotiation",
        "outcome",
        "reasons",
        "protocol_version",
        "checksum",
        "token",
        "serialization",
        "capabilities",
        "nonce",
    ]);

    fn check(&self, rules: &Rules) -> Result<(), Misfit> {
        below("capabilities", self.capabilities.check(rules))
    }
}
impl Stateless for HandshakeReply {}

fn below(field: &str, checked: Result<(), Misfit>) -> Result<(), Misfit> {
    checked.map_err(|misfit| Misfit::new(format!("{field}/{}", misfit.field), misfit.rule))
}
