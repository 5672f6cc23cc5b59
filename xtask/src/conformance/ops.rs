//! The operations of the fixtures on our own crates.

mod aep;
mod attractor;
mod canonical;
mod core;
mod drift;
mod interop;
mod ioh;
mod memory;
mod relation;
mod ris;
mod safety;

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use super::runner::{Answer, How, Subject};
use crate::spec::Case;

/// Our own crates.
pub(super) struct Crates;

/// Why an operation could not be carried out.
#[derive(Debug, thiserror::Error)]
pub(super) enum OpError {
    /// The fixture does not have what the operation needs.
    #[error("the fixture does not fit the operation: {0}")]
    Input(#[from] serde_json::Error),
    /// The crate refused.
    #[error("{0}")]
    Refused(Box<dyn std::error::Error>),
}

/// What an operation is given.
pub(super) struct Input<'a> {
    given: &'a Map<String, Value>,
    arguments: &'a Map<String, Value>,
    how: How,
}

type Operation = fn(&Input<'_>) -> Result<Value, OpError>;

/// Every operation by its name, in the order of the alphabet.
const OPERATIONS: &[(&str, Operation)] = &[
    ("aep.dwell", aep::dwell),
    ("aep.sdc", aep::sdc),
    ("aep.zone.calibrated", aep::zone_calibrated),
    ("aep.zone.reference", aep::zone_reference),
    ("attractor.lifecycle", attractor::lifecycle),
    ("attractor.overlap", attractor::motif_overlap),
    ("attractor.project", attractor::projection),
    ("canonical.hash", canonical::hash),
    ("canonical.json", canonical::json),
    ("density.measure", attractor::density),
    ("drift.bands", drift::bands),
    ("drift.crystallization", drift::crystallization),
    ("drift.index", drift::index),
    ("drift.posture", drift::posture),
    ("drift.semantic", drift::semantic),
    ("drift.stability", drift::stability),
    ("drift.total_ref", drift::total_ref),
    ("interop.commands", interop::commands),
    ("interop.federation", interop::federation),
    ("interop.gate", interop::gate),
    ("interop.negotiate", interop::negotiation),
    ("interop.read", interop::read),
    ("interop.seal", interop::seal),
    ("interop.stream", interop::stream),
    ("interop.verify", interop::verify),
    ("interop.version", interop::version),
    ("ioh.acknowledgement", ioh::acknowledgement),
    ("ioh.address", ioh::address),
    ("ioh.custody", ioh::custody),
    ("ioh.descriptor", ioh::descriptor),
    ("ioh.ledger", ioh::ledger),
    ("ioh.offer", ioh::offer),
    ("ioh.proposal", ioh::proposal),
    ("ioh.signature", ioh::signature),
    ("ioh.translations", ioh::translations),
    ("ioh.walk", ioh::walk),
    ("ledger.append", safety::ledger_append),
    ("ledger.verify", safety::ledger_verify),
    ("loop.run", core::run),
    ("memory.append", memory::append),
    ("memory.breaches", memory::breaches),
    ("memory.layer", memory::layer),
    ("memory.recall", memory::recall),
    ("memory.recover", memory::recover),
    ("memory.session", memory::session),
    ("memory.summary_hash", memory::hash),
    ("nur.registry", ioh::registry),
    ("nur.resolve", ioh::resolve),
    ("phase.measure", attractor::phase),
    ("ris.diagnostics", relation::diagnostics),
    ("ris.matrix", relation::matrix),
    ("ris.mode", relation::mode),
    ("ris.pace", relation::pace),
    ("ris.release", relation::release),
    ("ris.session", relation::session),
    ("ris.validate", ris::validate),
    ("ris.version", relation::version),
    ("safety.disclosure", safety::disclosure),
    ("safety.examine", safety::examine),
    ("safety.limits", safety::limits),
    ("safety.loop_signature", safety::loop_signature),
];

impl Subject for Crates {
    fn answer(&mut self, case: &Case, how: How) -> Answer {
        let Some((_, operation)) = OPERATIONS.iter().find(|(name, _)| *name == case.when.op) else {
            return Answer::Failed(format!("there is no operation {}", case.when.op));
        };
        let input = Input {
            given: &case.given,
            arguments: &case.when.arguments,
            how,
        };
        match operation(&input) {
            Ok(then) => Answer::Then(then),
            Err(error) => Answer::Failed(error.to_string()),
        }
    }
}

impl Input<'_> {
    /// What is given, as the operation's own type.
    fn given<T: DeserializeOwned>(&self) -> Result<T, OpError> {
        Ok(serde_json::from_value(Value::Object(self.given.clone()))?)
    }

    /// The arguments of the operation, as its own type.
    fn arguments<T: DeserializeOwned>(&self) -> Result<T, OpError> {
        Ok(serde_json::from_value(Value::Object(
            self.arguments.clone(),
        ))?)
    }

    /// A state between two steps: written out and read in again where the run asks for it.
    fn between<T: Serialize + DeserializeOwned>(&self, state: T) -> Result<T, OpError> {
        match self.how {
            How::Plain => Ok(state),
            How::Reloaded => Ok(serde_json::from_str(&serde_json::to_string(&state)?)?),
        }
    }
}

fn refused(error: impl std::error::Error + 'static) -> OpError {
    OpError::Refused(Box::new(error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::root;

    #[test]
    fn operations_are_in_order_and_each_is_described() {
        assert!(OPERATIONS.is_sorted_by(|a, b| a.0 < b.0));
        let page = root::read(&root::workspace().join("spec-fixtures/README.md")).unwrap();
        for (name, _) in OPERATIONS {
            assert!(
                page.contains(&format!("`{name}`")),
                "{name} is not described"
            );
        }
    }
}
