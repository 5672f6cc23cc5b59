//! Limits, windows and rates, as data.

use serde::{Deserialize, Serialize};

use crate::ProtocolVersion;

/// One rule set. A later revision is written as a delta: `Rules { .., ..SRIP_05 }`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// The version that is spoken (`SRIP-05 §5`).
    pub version: ProtocolVersion,
    /// What may leave at which drift (`SRIP-05 §8`).
    pub gate: GateRules,
    /// How old or early a message may be.
    pub clock: ClockRules,
    /// How many messages are remembered.
    pub replay: ReplayRules,
    /// The most that a packet, a frame, a command or a handshake may hold.
    pub packet: ReadLimits,
    /// The most that a memory snapshot may hold.
    pub snapshot: ReadLimits,
    /// The most that the parts of a memory snapshot may hold.
    pub memory: SnapshotRules,
    /// The most that a capability manifest may hold.
    pub manifest: ReadLimits,
    /// Phase commands (`SRIP-08 §5`, `§8`).
    pub command: CommandRules,
    /// The federation loop (`SRIP-08 §6`).
    pub federation: FederationRules,
    /// The event stream that frames arrive in.
    pub stream: StreamRules,
}

/// Drift at which transmission changes, on the unclamped index. Each number belongs to the harsher side.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GateRules {
    /// From here on the rate is reduced; under it a closed gate opens again.
    pub caution: f64,
    /// From here on no state leaves.
    pub block: f64,
    /// From here on every link rests.
    pub isolate: f64,
    /// In caution one of this many messages to a peer passes.
    pub caution_one_in: u32,
    /// The most peers whose turn is remembered in caution; others wait.
    pub links: usize,
}

/// How far the time of a message may lie from ours, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockRules {
    /// Behind it.
    pub max_age_ms: i64,
    /// Ahead of it.
    pub max_ahead_ms: i64,
}

/// How many messages are remembered so that none is taken twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReplayRules {
    /// From all sources.
    pub total: usize,
    /// From one source.
    pub per_source: usize,
}

/// What reading stops at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadLimits {
    /// Bytes of the text.
    pub bytes: usize,
    /// Lists and objects inside one another.
    pub depth: usize,
    /// Values of all kinds.
    pub nodes: usize,
}

/// The most that the parts of a memory snapshot may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SnapshotRules {
    /// Episodes.
    pub episodes: usize,
    /// Concepts, clusters, core motifs, and links of one concept: of each.
    pub motifs: usize,
    /// Numbers of one vector.
    pub dimensions: usize,
    /// Bytes of one text.
    pub text_bytes: usize,
}

/// Phase commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommandRules {
    /// Cycles within which an adjustment can be taken back (`SRIP-08 §8`).
    pub reversible_cycles: u64,
    /// Cycles after which a lock from outside opens by itself.
    pub lock_cycles: u64,
    /// Commands that are kept track of, from all sources.
    pub tracked: usize,
    /// Sources whose order is kept track of.
    pub sources: usize,
}

/// The federation loop.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FederationRules {
    /// A frame is sent every so many cycles.
    pub emit_every: u64,
    /// Misalignment, as a share of a right angle, from which a synchronisation is due.
    pub deviation: f64,
    /// Cycles within which it has to come, and after which a frame is stale.
    pub window: u64,
    /// Peers that are kept track of.
    pub peers: usize,
    /// How far the length of a phase vector may lie from one.
    pub unit_tolerance: f64,
}

/// The event stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StreamRules {
    /// Bytes of one event, over all its lines.
    pub event_bytes: usize,
}

/// The dated v1.0 model.
pub const SRIP_05: Rules = Rules {
    version: ProtocolVersion::V1_0,
    gate: GateRules {
        caution: 0.45,
        block: 0.5,
        isolate: 0.6,
        caution_one_in: 2,
        links: 1024,
    },
    clock: ClockRules {
        max_age_ms: 120_000,
        max_ahead_ms: 30_000,
    },
    replay: ReplayRules {
        total: 65_536,
        per_source: 8_192,
    },
    packet: ReadLimits {
        bytes: 65_536,
        depth: 16,
        nodes: 2_048,
    },
    snapshot: ReadLimits {
        bytes: 8_388_608,
        depth: 16,
        nodes: 1_000_000,
    },
    memory: SnapshotRules {
        episodes: 4_096,
        motifs: 4_096,
        dimensions: 4_096,
        text_bytes: 65_536,
    },
    manifest: ReadLimits {
        bytes: 65_536,
        depth: 8,
        nodes: 1_024,
    },
    command: CommandRules {
        reversible_cycles: 2,
        lock_cycles: 8,
        tracked: 256,
        sources: 1024,
    },
    federation: FederationRules {
        emit_every: 3,
        deviation: 0.15,
        window: 3,
        peers: 1024,
        unit_tolerance: 1e-6,
    },
    stream: StreamRules {
        event_bytes: 65_536,
    },
};
