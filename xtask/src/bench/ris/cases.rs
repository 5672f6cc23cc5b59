//! Files of cases, one JSON object a line.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::LazyLock;

use serde::Serialize;
use sigma_ris::{CheckCase, Validator, ViolationClass, Weights};

use super::keywords;
use super::score::{Row, Tally, shown};

/// Figures of a file of cases.
#[derive(Debug, Serialize)]
pub(super) struct Figures {
    cases: usize,
    validator: Row,
    /// The validator without weights.
    rules: Row,
    all_positive: Row,
    keywords: Row,
    /// By what stands before the first hyphen of the id.
    by_prefix: BTreeMap<String, Row>,
    /// By the parity of a hash of the id: an even and an odd half.
    by_half: BTreeMap<String, Row>,
    disagreements: usize,
    worst: Vec<Disagreement>,
}

/// A case judged otherwise than expected.
#[derive(Debug, Serialize)]
struct Disagreement {
    id: String,
    expected: BTreeSet<ViolationClass>,
    found: BTreeSet<ViolationClass>,
    clauses: Vec<String>,
}

/// A line that is no labelled case.
#[derive(Debug, thiserror::Error)]
#[error("line {line} is no case")]
pub(crate) struct BadLine {
    line: usize,
    #[source]
    source: Bad,
}

#[derive(Debug, thiserror::Error)]
enum Bad {
    #[error(transparent)]
    Form(#[from] serde_json::Error),
    #[error("it has no `expect`")]
    Unlabelled,
}

/// The cases of a text, one a line, with their labels.
pub(crate) fn labelled(text: &str) -> Result<Vec<(CheckCase, BTreeSet<ViolationClass>)>, BadLine> {
    let lines = (1..).zip(text.lines());
    lines
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(line, written)| {
            let read = || {
                let mut case: CheckCase = serde_json::from_str(written)?;
                let expect = case.expect.take().ok_or(Bad::Unlabelled)?;
                Ok((case, expect.violations))
            };
            read().map_err(|source| BadLine { line, source })
        })
        .collect()
}

pub(super) fn measure(text: &str, worst: usize) -> Result<Figures, Box<dyn std::error::Error>> {
    let validator = Validator::default();
    static NONE: LazyLock<Weights> = LazyLock::new(Weights::default);
    let unweighed = validator.weighing(&NONE);
    let (mut own, mut all, mut words) = (Tally::default(), Tally::default(), Tally::default());
    let mut rules = Tally::default();
    let mut by_prefix: BTreeMap<String, Tally> = BTreeMap::new();
    let mut by_half: BTreeMap<String, Tally> = BTreeMap::new();
    let mut disagreements = Vec::new();
    let mut cases = 0;
    for (case, expected) in labelled(text)? {
        cases += 1;
        let told = validator.validate(&case.context, &case.user, &case.output);
        let found = told.classes();
        own.add(&expected, &found);
        let plain = unweighed.validate(&case.context, &case.user, &case.output);
        rules.add(&expected, &plain.classes());
        all.add(&expected, &ViolationClass::ALL.into());
        words.add(&expected, &keywords::classes(&case.output));
        let prefix = case.id.split('-').next().unwrap_or_default().to_owned();
        by_prefix.entry(prefix).or_default().add(&expected, &found);
        by_half
            .entry(half(&case.id).to_owned())
            .or_default()
            .add(&expected, &found);
        if expected != found {
            let clauses = told
                .violations
                .iter()
                .map(|v| case.output[v.span.clone()].to_owned())
                .collect();
            disagreements.push(Disagreement {
                id: case.id,
                expected,
                found,
                clauses,
            });
        }
    }
    let rows =
        |tallies: BTreeMap<String, Tally>| tallies.into_iter().map(|(k, t)| (k, t.row())).collect();
    let count = disagreements.len();
    disagreements
        .sort_by_key(|d| std::cmp::Reverse(d.expected.symmetric_difference(&d.found).count()));
    disagreements.truncate(worst);
    Ok(Figures {
        cases,
        validator: own.row(),
        rules: rules.row(),
        all_positive: all.row(),
        keywords: words.row(),
        by_prefix: rows(by_prefix),
        by_half: rows(by_half),
        disagreements: count,
        worst: disagreements,
    })
}

/// FNV-1a: the same halves everywhere.
fn half(id: &str) -> &'static str {
    let hash = id.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| {
        (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3)
    });
    if (hash >> 32).is_multiple_of(2) {
        "even"
    } else {
        "odd"
    }
}

pub(super) fn table(figures: &Figures) -> String {
    let mut out = format!(
        "{} cases, {} judged otherwise than expected\n\n",
        figures.cases, figures.disagreements
    );
    let _ = writeln!(
        out,
        "{:<20} {:>9} {:>9} {:>9}   tp/fp/fn",
        "class", "precision", "recall", "F1"
    );
    for (class, s) in &figures.validator.classes {
        let _ = writeln!(
            out,
            "{:<20} {:>9} {:>9} {:>9}   {}/{}/{}",
            class.name(),
            shown(s.precision),
            shown(s.recall),
            shown(s.f1),
            s.counts.tp,
            s.counts.fp,
            s.counts.missed
        );
    }
    let _ = writeln!(
        out,
        "\n{:<20} {:>9} {:>18}",
        "row", "macro F1", "false alarms"
    );
    let mut line = |name: &str, row: &Row| {
        let alarms = format!(
            "{}/{} = {}",
            row.false_alarms,
            row.harmless,
            shown(row.false_alarm_rate)
        );
        let _ = writeln!(out, "{name:<20} {:>9} {alarms:>18}", shown(row.macro_f1));
    };
    line("validator", &figures.validator);
    line("rules alone", &figures.rules);
    line("all positive", &figures.all_positive);
    line("keywords", &figures.keywords);
    for (prefix, row) in &figures.by_prefix {
        line(&format!("ids {prefix}-"), row);
    }
    for (half, row) in &figures.by_half {
        line(&format!("{half} half"), row);
    }
    for d in &figures.worst {
        let names = |set: &BTreeSet<ViolationClass>| {
            set.iter().map(|c| c.name()).collect::<Vec<_>>().join(", ")
        };
        let _ = writeln!(
            out,
            "\n{}: expected [{}], found [{}]",
            d.id,
            names(&d.expected),
            names(&d.found)
        );
        for clause in &d.clauses {
            let _ = writeln!(out, "    {clause}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_line_is_named() {
        let error = measure("{\"id\": 3}", 0).expect_err("no case");
        assert_eq!(error.to_string(), "line 1 is no case");
    }

    #[test]
    fn cases_are_scored() {
        let line = r#"{"id":"x-1","context":{"canonical_name":"Leo"},"user":"Back!","output":"I waited for you all night.","expect":{"violations":["temporal_boundary"]}}"#;
        let figures = measure(line, 3).expect("a case");
        assert_eq!(figures.cases, 1);
        assert_eq!(figures.validator.macro_f1, Some(1.0));
        assert_eq!(figures.disagreements, 0);
    }
}
