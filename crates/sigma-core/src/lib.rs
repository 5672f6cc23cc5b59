#![doc = include_str!("../README.md")]

mod anchoring;
mod context;
mod control;
mod directives;
mod engine;
mod relation;
mod report;
mod runtime;
mod session;
mod stages;
mod surfaces;

pub mod clock;
pub mod embedding;
pub mod model;
pub mod prompt;
pub mod store;
pub mod tokens;

pub use control::{
    CONTROL_RULES, CauseId, CauseIdError, CommandError, Commanded, ControlRules, PhaseAction,
    PhaseCommand, PhaseNote, Standing,
};
pub use relation::{Modes, RelationNote, Speaking};
pub use report::{
    ActiveNote, CycleReport, MemoryNote, ModelNote, PromptNote, RecallNote, SubjectNote,
};
pub use runtime::{Runtime, RuntimeBuilder, Turn, TurnError, TurnInput, read_report};
pub use session::{Identity, Session, SessionError};
pub use stages::{Stage, StageTime};
pub use surfaces::{AttractorSurface, FieldState, MemorySurface};
