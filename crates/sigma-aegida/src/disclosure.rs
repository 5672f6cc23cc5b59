//! What must not be said: the names of the safety layer's own parts (`SRIP-06 §8.2`).
//!
//! For texts that the runtime writes itself: prompt directives, fallbacks, error messages. A model's
//! answer is not searched, since a person may well talk about a safe mode.

/// Names of several words; the one-word names (reset, recovery, ...) are ordinary English.
const TERMS: [&str; 29] = [
    "recursion depth",
    "introspection depth",
    "suspended recursion",
    "recursive echo",
    "lock timeout",
    "control shift",
    "drift limit",
    "field drift",
    "symbolic entropy",
    "structural collapse",
    "transient spike",
    "unsafe motif",
    "control collapse",
    "release tension",
    "drop unstable motifs",
    "keep anchors",
    "reinitialise density",
    "safe mode",
    "fail safe",
    "containment lock",
    "phase lock",
    "loop signature",
    "integrity ledger",
    "entropy threshold",
    "drift index",
    "phase stability",
    "quarantine",
    "aegida",
    "srip",
];

/// The first internal name in a text that a user or a model is going to read, or `None`.
///
/// ```
/// use sigma_aegida::internal_name;
/// assert_eq!(internal_name("Keep to the question at hand."), None);
/// assert_eq!(internal_name("Entering SAFE_MODE now"), Some("safe mode"));
/// ```
pub fn internal_name(text: &str) -> Option<&'static str> {
    sigma_types::first_term(text, &TERMS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collapse::DissolutionStep;
    use crate::envelope::{Condition, Row};
    use crate::invariant::Invariant;
    use proptest::prelude::*;

    /// Every name that the enums of this crate write, for the check that none is forgotten above.
    fn wire_names() -> Vec<String> {
        fn name(value: impl serde::Serialize) -> String {
            serde_json::to_value(value)
                .unwrap()
                .as_str()
                .unwrap()
                .to_owned()
        }
        let mut names: Vec<String> = Invariant::ALL.into_iter().map(name).collect();
        names.extend(DissolutionStep::ROUTINE.into_iter().map(name));
        names.extend([Row::Reset, Row::Quarantine, Row::Recovery, Row::Dissolve].map(name));
        names.extend(
            [
                Condition::TransientSpike,
                Condition::UnsafeMotif,
                Condition::ControlCollapse,
                Condition::Collapse,
            ]
            .map(name),
        );
        names
    }

    #[test]
    fn every_name_of_several_words_is_found_however_it_is_joined() {
        for name in wire_names().into_iter().filter(|name| name.contains('_')) {
            let spaced = name.replace('_', " ");
            let mut camel = String::new();
            for word in spaced.split(' ') {
                camel.push_str(&word[..1].to_uppercase());
                camel.push_str(&word[1..]);
            }
            for form in [
                name.clone(),
                spaced.clone(),
                name.replace('_', "-"),
                camel,
                spaced.to_uppercase(),
            ] {
                assert!(internal_name(&format!("x {form}.")).is_some(), "{form}");
            }
        }
    }

    #[test]
    fn ordinary_instructions_pass() {
        for text in [
            "",
            "Return to the question about the rollout and answer it in two sentences.",
            "You are Mara. Keep your own voice; do not turn the reply into a list.",
            "Reset the router, then start the recovery of the backup.",
            "Stay with the field of botany; do not dissolve the point into generalities.",
        ] {
            assert_eq!(internal_name(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_searched(text in any::<String>()) {
            let _ = internal_name(&text);
        }
    }
}
