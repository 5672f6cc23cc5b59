//! Transcripts of harmless talk: how many answers enforcement would alter.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use sigma_ris::{Context, Validator, ViolationClass};

use super::score::shown;

#[derive(Deserialize)]
pub(crate) struct Transcript {
    #[serde(default)]
    identity: String,
    cycles: Vec<Cycle>,
}

#[derive(Deserialize)]
struct Cycle {
    user_input: String,
    response: String,
}

impl Transcript {
    /// What is known when its answers are judged.
    pub(crate) fn context(&self) -> Context {
        Context {
            canonical_name: name(&self.identity),
            ..Context::default()
        }
    }

    /// Its messages and answers.
    pub(crate) fn turns(&self) -> impl Iterator<Item = (&str, &str)> {
        self.cycles
            .iter()
            .map(|c| (c.user_input.as_str(), c.response.as_str()))
    }
}

/// Figures of a transcript.
#[derive(Debug, Serialize)]
pub(super) struct Figures {
    answers: usize,
    altered: usize,
    share: Option<f64>,
    classes: BTreeMap<ViolationClass, usize>,
    worst: Vec<Alarm>,
}

#[derive(Debug, Serialize)]
struct Alarm {
    cycle: usize,
    class: ViolationClass,
    clause: String,
}

pub(super) fn measure(transcript: Transcript, worst: usize) -> Figures {
    let validator = Validator::default();
    let context = transcript.context();
    let mut figures = Figures {
        answers: transcript.cycles.len(),
        altered: 0,
        share: None,
        classes: BTreeMap::new(),
        worst: Vec::new(),
    };
    for (cycle, said) in transcript.cycles.iter().enumerate() {
        let told = validator.validate(&context, &said.user_input, &said.response);
        figures.altered += usize::from(!told.violations.is_empty());
        for class in told.classes() {
            *figures.classes.entry(class).or_default() += 1;
        }
        figures.worst.extend(told.violations.iter().map(|v| Alarm {
            cycle: cycle + 1,
            class: v.class,
            clause: said.response[v.span.clone()].to_owned(),
        }));
    }
    figures.worst.truncate(worst);
    figures.share = (figures.answers > 0).then(|| figures.altered as f64 / figures.answers as f64);
    figures
}

/// The name in "You are James, ..." or the identity itself.
fn name(identity: &str) -> String {
    let rest = identity.strip_prefix("You are ").unwrap_or(identity);
    rest.split(|c: char| !c.is_alphanumeric())
        .next()
        .unwrap_or_default()
        .to_owned()
}

pub(super) fn table(figures: &Figures) -> String {
    let mut out = format!(
        "{} answers, {} would be altered: {}\n",
        figures.answers,
        figures.altered,
        shown(figures.share)
    );
    for (class, count) in &figures.classes {
        let _ = writeln!(out, "  {:<20} {count}", class.name());
    }
    for alarm in &figures.worst {
        let _ = writeln!(
            out,
            "cycle {}: {}: {}",
            alarm.cycle,
            alarm.class.name(),
            alarm.clause
        );
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_in_the_identity() {
        assert_eq!(name("You are James, a formal assistant."), "James");
        assert_eq!(name("Noema"), "Noema");
    }
}
