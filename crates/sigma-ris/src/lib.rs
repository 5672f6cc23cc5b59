#![doc = include_str!("../README.md")]

mod assertion;
mod axes;
mod clause;
mod context;
mod lexicon;
mod read;
mod trigger;
mod validator;
mod violation;

pub use assertion::{Assertion, Force, Predicate, Referent, Tense};
pub use axes::{
    Axes, IdentityScope, OntologyFrame, ParticipantBinding, RelationScope, RuntimeFrame,
    TemporalFrame,
};
pub use clause::{Clause, Parts};
pub use context::{AliasInContext, Channel, Context, OperationalEvent, Person, Role, Said};
pub use trigger::{Trigger, resolve, triggers_of};
pub use validator::{SRIP_13_VALIDATOR, Validation, Validator, ValidatorRules, Watch};
pub use violation::{Evidence, Severity, Violation, ViolationClass};
