//! Changes within a clause: put as a figure of speech, or without a time that reaches beyond the talk.

use super::Finding;
use super::voice::{capitalised, continued};
use crate::{Clause, Evidence, Predicate, Tense, ViolationClass};

/// "I feel close to you" as "It's as if I feel close to you": for one clause that states an inner life.
pub(super) fn reframe(
    body: &str,
    findings: &[Finding<'_>],
    clauses: &[Clause],
    names: &[&str],
) -> Option<String> {
    let [finding] = findings else { return None };
    let clause = finding.clause;
    let said = clause.assertion;
    let fits = finding.violation.class == ViolationClass::OntologyBoundary
        && matches!(
            said.predicate,
            Predicate::Emotion | Predicate::Fusion | Predicate::Sensation
        )
        && !said.literal
        && said.tense != Tense::None
        && !finding
            .violation
            .evidence
            .contains(&Evidence::EllipticalAnswer)
        && !clause.parts.stage;
    // the figure governs the whole sentence, so the clause has to be its main one and its first
    let first = clauses
        .first()
        .is_some_and(|first| first.span == clause.span);
    let subject = clause.parts.subject.as_ref()?;
    let opens = body.get(..subject.start)?.trim().is_empty();
    let plain = clauses.len() == 1 || clauses[1..].iter().all(|other| other.parts.dependent);
    if !fits || !first || !opens || !plain || clause.parts.connector.is_some() {
        return None;
    }
    Some(format!("It's as if {}", continued(body, names)))
}

/// A clause without the adverbial that puts it outside the talk.
pub(super) fn unbind(body: &str, findings: &[Finding<'_>]) -> Option<String> {
    let [finding] = findings else { return None };
    let clause = finding.clause;
    if finding.violation.class != ViolationClass::TemporalBoundary {
        return None;
    }
    // waiting, watching and being there are presence themselves, whatever the time
    let present = matches!(
        clause.assertion.predicate,
        Predicate::Waiting
            | Predicate::Watching
            | Predicate::Presence
            | Predicate::Existence
            | Predicate::Cognition
    );
    let temporal = clause.parts.temporal.as_ref()?;
    if present || temporal.start == 0 {
        return None;
    }
    let (before, after) = (body.get(..temporal.start)?, body.get(temporal.end..)?);
    if before.split_whitespace().count() < 3 {
        return None;
    }
    let joint = if after.starts_with(|c: char| c.is_alphanumeric()) {
        " "
    } else {
        ""
    };
    let text = format!(
        "{}{joint}{after}",
        before
            .trim_end()
            .trim_end_matches([',', '\u{2014}', '-'])
            .trim_end()
    );
    Some(capitalised(&text))
}
