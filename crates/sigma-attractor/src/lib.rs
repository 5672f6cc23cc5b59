#![doc = include_str!("../README.md")]

mod attractor;
mod causal;
mod density;
mod dissolve;
mod gist;
mod kind;
mod lifecycle;
mod merge;
mod motif;
mod phase;
mod profile;
mod projection;
mod registry;
pub mod rules;
mod subject;
mod telemetry;
#[cfg(test)]
mod testing;

pub use attractor::Attractor;
pub use causal::{CausalChain, CausalRecord, ChainError, Change, DissolutionCause};
pub use density::{DensityMeter, DensityReading, DensityRegulation, DensityZone, regulation, zone};
pub use dissolve::Dissolution;
pub use kind::{AttractorKind, Leaning};
pub use lifecycle::{Lifecycle, LifecycleInputs, Transition, Trigger, next};
pub use merge::{MotifVectors, overlap};
pub use motif::{Motif, MotifSet};
pub use phase::{PhaseAxis, PhaseReading, PhaseTrack};
pub use projection::{
    InteropPhase, MacroPosture, Projection, RecallPhase, RelationalPhase, project,
};
pub use registry::{
    LifecycleChange, Merge, Readings, Registry, RegistryEntry, Revision, RevisionKind, Settlement,
    Turn, Uptake, UptakeEvent,
};
pub use rules::Rules;
pub use subject::{
    Evidence, HINDSIGHT_INPUTS, Hindsight, Inputs, Judgement, LOOKAHEAD, Reason, SubjectModelId,
    SubjectTracker, grams,
};
pub use telemetry::{FrameContext, PhaseTelemetryFrame, SafetyStatus};
