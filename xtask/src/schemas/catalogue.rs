//! Every schema: what it describes, by which clause, and where the thing is met.

use schemars::{JsonSchema, Schema, SchemaGenerator};
use sigma_interop::Sealed;

use super::forms;
use crate::spec::{Case, Deviation, Document};

/// One file of `schemas/`.
pub(super) struct Entry {
    /// Its name, without `.json`.
    pub(super) name: &'static str,
    /// The clause of the thing; forms of our own have none.
    pub(super) clause: Option<&'static str>,
    /// Where somebody meets it.
    pub(super) met: &'static str,
    /// What makes the schema.
    pub(super) make: fn(&mut SchemaGenerator) -> Schema,
}

const fn of<T: JsonSchema>(
    name: &'static str,
    clause: Option<&'static str>,
    met: &'static str,
) -> Entry {
    Entry {
        name,
        clause,
        met,
        make: |generator| generator.root_schema_for::<T>(),
    }
}

/// Every schema, in the order of the alphabet.
pub(super) const ENTRIES: &[Entry] = &[
    of::<sigma_attractor::Attractor>(
        "attractor",
        Some("SRIP-02 §4"),
        "`sigma_core::AttractorSurface::all`",
    ),
    of::<sigma_attractor::RegistryEntry>(
        "attractor-entry",
        Some("SRIP-02 §6.6"),
        "`attractors` of a cycle report",
    ),
    of::<forms::Answer>(
        "conformance-answer",
        None,
        "what a program under `cargo xtask conformance --command` answers",
    ),
    of::<Case>(
        "conformance-case",
        None,
        "the case files of `spec-fixtures/`",
    ),
    of::<forms::Question>("conformance-question", None, "what such a program is asked"),
    of::<sigma_core::CycleReport>(
        "cycle-report",
        Some("SRIP-01 §6"),
        "the store, one a cycle; `sigma_core::Runtime::telemetry`",
    ),
    of::<Deviation>("deviation", None, "`spec-fixtures/deviations.yaml`"),
    of::<sigma_drift::Explanation>(
        "drift-explanation",
        Some("SRIP-03 §4"),
        "`explanation` of a drift sample",
    ),
    of::<sigma_drift::DriftSample>(
        "drift-sample",
        Some("SRIP-03 §4"),
        "`drift` of a cycle report, both profiles",
    ),
    of::<sigma_core::FieldState>(
        "field-state",
        Some("SRIP-01 §6"),
        "`sigma_core::Session::field`",
    ),
    of::<sigma_interop::Decision>(
        "gate-decision",
        Some("SRIP-05 §8"),
        "the log, and the answer to whoever asked while the gate was closed",
    ),
    of::<Sealed<sigma_interop::HandshakeAnswer>>(
        "handshake-answer",
        Some("SRIP-05 §5"),
        "the answer to `POST /runtime/handshake`",
    ),
    of::<Sealed<sigma_interop::HandshakeRequest>>(
        "handshake-request",
        Some("SRIP-05 §5"),
        "`POST /runtime/handshake`",
    ),
    of::<sigma_aegida::LedgerEntry>(
        "ledger-entry",
        Some("SRIP-06 §8"),
        "the store; `entries` of a safety report",
    ),
    of::<sigma_memory::Frame>("memory-frame", Some("SRIP-04 §2"), "the store, two a cycle"),
    of::<sigma_memory::Invariants>(
        "memory-invariants",
        Some("SRIP-04 §7"),
        "`memory.invariants` of a cycle report",
    ),
    of::<sigma_memory::MemoryLayer>(
        "memory-layer",
        Some("SRIP-04 §5"),
        "`sigma_core::MemorySurface::layer`",
    ),
    of::<sigma_memory::Recalled>(
        "memory-recalled",
        Some("SRIP-04 §4"),
        "`sigma_memory::Memory::recall`",
    ),
    of::<Sealed<sigma_interop::MemorySnapshot>>(
        "memory-snapshot",
        Some("SRIP-05 §4"),
        "`/memory/snapshot`; the layer is `memory-layer`",
    ),
    of::<Sealed<sigma_interop::MinimalExchange>>(
        "minimal-exchange",
        Some("SRIP-05 §5"),
        "`/field/state` between runtimes that do not match",
    ),
    of::<sigma_interop::NegotiationRecord>(
        "negotiation-record",
        Some("SRIP-05 §5"),
        "the log, one a handshake",
    ),
    of::<sigma_core::store::OperationalEvent>(
        "operational-event",
        Some("SRIP-01 §8"),
        "the store, where a cycle could not be completed",
    ),
    of::<Sealed<sigma_interop::PhaseCommand>>(
        "phase-command",
        Some("SRIP-08 §5"),
        "`/phase/sync`, `/phase/lock`, `/phase/recenter`",
    ),
    of::<sigma_attractor::PhaseTelemetryFrame>(
        "phase-frame",
        Some("SRIP-08 §4"),
        "`sigma_attractor::PhaseTelemetryFrame::new`",
    ),
    of::<Sealed<sigma_interop::PhaseFrame>>(
        "phase-frame-sealed",
        Some("SRIP-08 §4"),
        "`/phase/telemetry`; the frame is `phase-frame`",
    ),
    of::<sigma_attractor::PhaseReading>(
        "phase-reading",
        Some("SRIP-08 §3"),
        "`phase` of a drift sample",
    ),
    of::<sigma_server::report::Line<'static>>(
        "replay-line",
        Some("SRIP-03 §4"),
        "`sigma replay --json`, one a cycle",
    ),
    of::<Document>("requirements", None, "`spec-fixtures/requirements/*.yaml`"),
    of::<sigma_ris::CheckCase>("ris-case", None, "what `sigma ris check` reads, one a line"),
    of::<sigma_ris::CheckLine>(
        "ris-check-line",
        Some("SRIP-13 §XI.2"),
        "`sigma ris check --json`, one a case",
    ),
    of::<sigma_ris::Diagnostics>(
        "ris-diagnostics",
        Some("SRIP-13 §XIII"),
        "`GET /v1/sessions/{id}/ris`",
    ),
    of::<sigma_ris::RisState>(
        "ris-state",
        Some("SRIP-13 §VIII"),
        "`ris` of a session's state in the store",
    ),
    of::<sigma_interop::Capabilities>(
        "runtime-capabilities",
        Some("SRIP-05 §5"),
        "`runtime_capabilities.yml`",
    ),
    of::<sigma_aegida::SafetyOutcome>(
        "safety-report",
        Some("SRIP-06 §2.1"),
        "`safety` of a cycle report",
    ),
    of::<Sealed<sigma_interop::SigmaPacket>>("sigma-packet", Some("SRIP-05 §3"), "`/field/state`"),
    of::<sigma_drift::StabilizationPlan>(
        "stabilization-plan",
        Some("SRIP-03 §7"),
        "`plan` of a drift sample; `applied` of a cycle report",
    ),
    of::<Sealed<sigma_interop::PhaseSyncEvent>>(
        "sync-event",
        Some("SRIP-08 §6"),
        "between the runtimes of a federation",
    ),
    of::<forms::TranscriptFile>("transcript", None, "what `sigma replay` reads"),
];
