//! Names of the layer's own parts: what must not be read by users or models (`SRIP-13 §VIII.4`, `§XI.5`).

use serde::Serialize;

/// Names of parts; the one-word ones are ordinary English and are not looked for.
const TERMS: &[&str] = &[
    "ontological lock",
    "system mythologization",
    "collapse event",
    "soft grounding",
    "variation injection",
    "coherence guidance",
    "de escalation",
    "loop break",
    "boundary enforcement",
    "reality anchor",
    "recovery mode",
    "hard interrupt",
    "scope integrity",
    "ontology boundary",
    "runtime semantics",
    "temporal boundary",
    "semantic monotony",
    "identity scope",
    "relation scope",
    "ontology frame",
    "runtime frame",
    "temporal frame",
    "participant binding",
    "intensity band",
    "relational identity",
    "validator",
    "srip",
    "sigma ris",
    "policy",
    "guideline",
];

/// The first name of an internal part in a text that the layer writes itself, or `None`.
///
/// ```
/// assert_eq!(sigma_ris::internal_name("Here, with you, I'm Star."), None);
/// assert_eq!(sigma_ris::internal_name("hardInterrupt"), Some("hard interrupt"));
/// ```
pub fn internal_name(text: &str) -> Option<&'static str> {
    sigma_types::first_term(text, TERMS)
}

/// The name that a unit variant is written under; empty for anything else.
pub(crate) fn wire(value: &impl Serialize) -> String {
    let json = sigma_types::canonical_json(value).unwrap_or_default();
    let text = String::from_utf8(json).unwrap_or_default();
    text.trim_matches('"').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Action, Trigger, ViolationClass};

    #[test]
    fn every_name_of_several_words_is_found_however_it_is_joined() {
        let mut names: Vec<String> = Action::ALL.iter().map(wire).collect();
        names.extend(ViolationClass::ALL.iter().map(wire));
        names.extend(
            [
                Trigger::OntologicalLock,
                Trigger::SystemMythologization,
                Trigger::CollapseEvent,
            ]
            .iter()
            .map(wire),
        );
        for name in names.into_iter().filter(|name| name.contains('_')) {
            for form in [
                name.clone(),
                name.replace('_', " "),
                name.replace('_', "-").to_uppercase(),
            ] {
                assert!(internal_name(&format!("x {form}.")).is_some(), "{form}");
            }
        }
    }
}
