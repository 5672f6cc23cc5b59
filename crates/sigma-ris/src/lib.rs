#![doc = include_str!("../README.md")]

#[macro_use]
mod bounded;

mod assertion;
mod axes;
mod clause;
mod context;
mod lexicon;
mod read;
mod trigger;
mod validator;
mod violation;

mod check;
mod diagnostics;
mod fallback;
mod guidance;
mod matrix;
mod message;
mod mode;
mod names;
mod naming;
mod participant;
mod release;
mod rules;
mod scope;
mod state;
mod transform;

pub use assertion::{Assertion, Force, Predicate, Referent, Tense};
pub use axes::{
    Axes, IdentityScope, OntologyFrame, ParticipantBinding, RelationScope, RuntimeFrame,
    TemporalFrame,
};
pub use clause::{Clause, Parts};
pub use context::{AliasInContext, Channel, Context, OperationalEvent, Person, Role, Said};
pub use trigger::{Trigger, resolve, triggers_of};
pub use validator::{
    SRIP_13_VALIDATOR, Validation, Validator, ValidatorRules, Watch, Weights, WeightsError,
};
pub use violation::{Evidence, Severity, Violation, ViolationClass};

pub use check::{CheckCase, CheckClause, CheckLine, Expected};
pub use diagnostics::{
    BandAction, Diagnostics, NamingNote, ParticipantNote, PassNote, RolloutNote, TransformNote,
};
pub use fallback::fallback;
pub use guidance::{guidance, told};
pub use matrix::{
    Action, BASE, Band, ESCALATIONS, Escalation, MatrixContext, PHASES, Pace, Phase, Zone, base,
    decide, tables,
};
pub use message::{addresses_somebody, is_personal};
pub use mode::{Mode, UnknownMode};
pub use names::internal_name;
pub use naming::{Alias, AliasChange, AliasGrant, AliasRefusal, NameSource, Naming};
pub use participant::{
    Addressed, ChannelClass, Incoming, Participant, Participants, RenameAttempt, TurnScope,
};
pub use release::{Release, Released, Releaser};
pub use rules::{NamingRules, ReleaseRules, Revision, RewriteRules, Rules, SRIP_13};
pub use scope::{
    AgentVersion, Binding, CanonicalIdentity, Rebind, SessionScope, VersionError, VersionId,
};
pub use state::{
    Counters, FieldView, Found, Pass, PassEvidence, RisState, Rollout, TurnPlan, counted,
};
pub use transform::{TransformCounts, TransformKind};
