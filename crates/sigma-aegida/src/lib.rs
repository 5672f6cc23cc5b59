#![doc = include_str!("../README.md")]

mod assertion;
mod collapse;
mod containment;
mod disclosure;
mod entropy;
mod envelope;
mod evidence;
mod invariant;
mod kernel;
mod ledger;
mod lock;
mod loop_signature;
mod outcome;
mod precedence;
mod range;
mod recursion;
mod reevaluation;
mod rules;
pub mod safe_mode;
mod telemetry;

pub use assertion::{
    Assertions, Category, ControlAssertion, DriftAssertion, RecoveryAssertion, RecursionAssertion,
    SymbolAssertion,
};
pub use collapse::{CollapseWatch, DissolutionStep};
pub use containment::{DissolveCause, Transform};
pub use disclosure::internal_name;
pub use entropy::EntropyMeter;
pub use envelope::{Condition, Effect, Row};
pub use invariant::{Invariant, Severity, Standing, Validated, Verdict, validate};
pub use kernel::Kernel;
pub use ledger::{BrokenLedger, EntryKind, Fault, Ledger, LedgerEntry};
pub use lock::Lock;
pub use loop_signature::{ContextSegment, LoopSignature};
pub use outcome::{Mode, OutputHandling, SafetyOutcome, SafetyStatus};
pub use precedence::Precedence;
pub use range::{LimitError, Share, Whole};
pub use recursion::{
    EnterError, Level, LevelGuard, RecursionLimiter, RecursionPermit, RecursionReading,
};
pub use reevaluation::Reevaluation;
pub use rules::{
    CollapseRules, EntropyRules, EnvelopeRules, IsolationRules, ResumeRules, Revision, Rules,
    Threshold, UnlockRules,
};
pub use safe_mode::{Passage, SafeMode};
pub use telemetry::{Change, Posture, SafetyTelemetry};
