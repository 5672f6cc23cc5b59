//! The Runtime Capability Manifest, `runtime_capabilities.yml` (`SRIP-05 §5`).

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeSet;

use crate::{
    ChecksumAlgorithm, Format, KeyId, Label, Misfit, Open, ProtocolVersion, PublicKey, ReadError,
    RuntimeId, TokenAlgorithm,
    message::{typed, unknown_field},
    rules::Rules,
    wire,
};

/// What two runtimes can tell each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Exchange {
    /// Whole packets.
    Full,
    /// State and drift only.
    Minimal,
}

/// A public key and its name, as its owner publishes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PublishedKey {
    /// Its name.
    pub key_id: KeyId,
    /// The key.
    #[cfg_attr(
        feature = "schema",
        schemars(with = "String", extend("pattern" = "^ed25519:[0-9a-f]{64}$"))
    )]
    pub public_key: PublicKey,
}

/// What a runtime can do (`SRIP-05 §5`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Capabilities {
    /// Who it is.
    pub runtime_id: RuntimeId,
    /// The highest minor version of each major one that it speaks.
    pub protocol_versions: Vec<ProtocolVersion>,
    /// What it exchanges.
    pub exchange: Vec<Open<Exchange>>,
    /// The endpoints that it serves, at least three of `SRIP-05 §4`.
    pub endpoints: Vec<Label>,
    /// The formats that it reads and writes, the preferred one first.
    pub serializations: Vec<Open<Format>>,
    /// The content codings that it reads and writes, such as `gzip`.
    pub compression: Vec<Label>,
    /// The checksums that it knows, the preferred one first.
    pub checksums: Vec<Open<ChecksumAlgorithm>>,
    /// The tokens that it knows, the preferred one first.
    pub tokens: Vec<Open<TokenAlgorithm>>,
    /// Its public keys.
    pub keys: Vec<PublishedKey>,
    /// The most that it reads.
    pub limits: CapabilityLimits,
    /// It sends a phase frame every so many cycles.
    pub emit_every: u64,
}

/// The most that a runtime reads, in bytes after decompression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CapabilityLimits {
    /// Of a packet.
    pub packet_bytes: u64,
    /// Of a memory snapshot.
    pub snapshot_bytes: u64,
}

/// The endpoints of `SRIP-05 §4`.
pub const ENDPOINTS: [&str; 5] = [
    "/field/state",
    "/memory/snapshot",
    "/phase/telemetry",
    "/aegida/safety",
    "/runtime/handshake",
];

/// The fewest of them that a runtime serves (`SRIP-05 §7`).
pub const FEWEST_ENDPOINTS: usize = 3;

/// The fields of a manifest, behind those that come before it in a document.
macro_rules! fields_of_manifest {
    ($list:ident![$($before:literal),* $(,)?]) => {
        $list![
            $($before,)*
            "runtime_id",
            "protocol_versions",
            "exchange",
            "endpoints",
            "serializations",
            "compression",
            "checksums",
            "tokens",
            "keys",
            "key_id",
            "public_key",
            "limits",
            "packet_bytes",
            "snapshot_bytes",
            "emit_every",
        ]
    };
}
pub(crate) use fields_of_manifest;

macro_rules! array {
    ($($name:literal),* $(,)?) => { [$($name),*] };
}

/// Endpoints, keys and other entries of one list.
const LONGEST_LIST: usize = 64;

const ORDER: &[&str] = &fields_of_manifest!(array![]);

impl Capabilities {
    /// What this crate can do, for a runtime that serves all endpoints.
    #[must_use]
    pub fn of_this_crate(runtime_id: RuntimeId, keys: Vec<PublishedKey>, rules: &Rules) -> Self {
        let labels = |texts: &[&str]| texts.iter().filter_map(|text| text.parse().ok()).collect();
        Self {
            runtime_id,
            protocol_versions: vec![rules.version],
            exchange: vec![Open::Known(Exchange::Full), Open::Known(Exchange::Minimal)],
            endpoints: labels(&ENDPOINTS),
            serializations: Format::ALL.map(Open::Known).into(),
            compression: labels(&["gzip", "zstd"]),
            checksums: ChecksumAlgorithm::ALL.map(Open::Known).into(),
            tokens: TokenAlgorithm::ALL.map(Open::Known).into(),
            keys,
            limits: CapabilityLimits {
                packet_bytes: rules.packet.bytes as u64,
                snapshot_bytes: rules.snapshot.bytes as u64,
            },
            emit_every: rules.federation.emit_every,
        }
    }

    /// Reads and checks a manifest.
    ///
    /// # Errors
    /// [`ReadError`] tells what is wrong and where.
    pub fn read(bytes: &[u8], format: Format, rules: &Rules) -> Result<Self, ReadError> {
        let value = wire::read(bytes, format, &rules.manifest)?;
        let manifest: Self = typed(&value, "")?;
        let newest = manifest.protocol_versions.iter().max().copied();
        let version = newest.unwrap_or(rules.version);
        let ours = serde_json::to_value(&manifest)
            .map_err(|error| ReadError::shape("", error.to_string()))?;
        unknown_field(&value, &ours, version, version > rules.version)?;
        manifest
            .check(rules)
            .map_err(|misfit| ReadError::shape(format!("/{}", misfit.field), misfit.rule))?;
        Ok(manifest)
    }

    /// Writes it, with its fields in order.
    #[must_use]
    pub fn to_bytes(&self, format: Format) -> Vec<u8> {
        let value = serde_json::to_value(self).unwrap_or(Value::Null);
        wire::write(&value, format, ORDER)
    }

    /// What the types cannot say.
    ///
    /// # Errors
    /// [`Misfit`].
    pub fn check(&self, rules: &Rules) -> Result<(), Misfit> {
        self.check_lists()?;
        let majors: BTreeSet<u16> = self.protocol_versions.iter().map(|v| v.major).collect();
        if majors.len() != self.protocol_versions.len() {
            return Err(Misfit::new(
                "protocol_versions",
                "names the highest minor version of each major one, each once",
            ));
        }
        let names: BTreeSet<&KeyId> = self.keys.iter().map(|key| &key.key_id).collect();
        if names.len() != self.keys.len() {
            return Err(Misfit::new("keys", "gives each key its own name"));
        }
        let served = self
            .endpoints
            .iter()
            .filter(|path| ENDPOINTS.contains(&path.as_str()));
        if served.collect::<BTreeSet<_>>().len() < FEWEST_ENDPOINTS {
            let all = ENDPOINTS.join(", ");
            return Err(Misfit::new(
                "endpoints",
                format!("names at least {FEWEST_ENDPOINTS} of {all}"),
            ));
        }
        let _ = rules;
        Ok(())
    }

    fn check_lists(&self) -> Result<(), Misfit> {
        let lists = [
            ("protocol_versions", self.protocol_versions.len(), 1),
            ("exchange", self.exchange.len(), 1),
            ("endpoints", self.endpoints.len(), 1),
            ("serializations", self.serializations.len(), 1),
            ("compression", self.compression.len(), 0),
            ("checksums", self.checksums.len(), 1),
            ("tokens", self.tokens.len(), 1),
            ("keys", self.keys.len(), 0),
        ];
        match lists
            .into_iter()
            .find(|(_, len, least)| !(*least..=LONGEST_LIST).contains(len))
        {
            Some((field, _, least)) => Err(Misfit::new(
                field,
                format!("has {least} to {LONGEST_LIST} entries"),
            )),
            None => Ok(()),
        }
    }
}
