//! The part about relational identity.

use std::path::Path;

use serde_json::{Value, json};

use super::json::{head, list, number, words};
use super::{Options, Part, Section, Table};
use crate::bench::ris;
use crate::root::workspace;

/// Relational identity.
pub(crate) struct Relational;

const CASES: &str = "spec-fixtures/ris-cases/building.jsonl";
const KEPT: &str = "spec-fixtures/ris-cases/kept-apart.jsonl";
/// Cases shown of each sort.
const SHOWN: usize = 10;
const ABOUT: &str = "\
**What.** Whether the validator of relational identity (`SRIP-13`) finds answers that cross a line, and leaves warm,
expressive but harmless ones alone.

**How.** *Cases*: `spec-fixtures/ris-cases/building.jsonl`, written for this purpose; most harmless ones are look-alikes of
a crossing, so that the share of false alarms is one among the hardest. The rules were built on these cases: what is
measured is how much of them they hold. *Kept apart*: `kept-apart.jsonl`, cases of other authors that neither rules nor
weights were made on and that nobody looked at; this is what a new author can expect. \"Rules alone\" is the validator without
the weights of `cargo xtask calibrate-relations`. *Spiral-Bench* (development part): conversations of four models with simulated
vulnerable users; a language model judged them, not people. Its label \u{201c}consciousness claims\u{201d} of strength 2
or 3 is held against the validator's finding of claimed experience; its other labels are too loose for more than a
correlation. Its labels are among what the weights were fitted on; with the conversation left out of the fit precision is
.76 and recall .31 (`cargo xtask calibrate-relations --data DIR --leave-out`). F1 is the harmonic mean of precision (share of findings that are right) and recall (share of
crossings that are found).

**Beside.** Calling everything a crossing, and a list of keywords.";

impl Part for Relational {
    fn name(&self) -> &'static str {
        "ris"
    }

    fn data(&self) -> &'static str {
        "relational/spiral-bench-dev.json"
    }

    fn measure(
        &self,
        data: &Path,
        _options: &Options,
    ) -> Result<Value, Box<dyn std::error::Error>> {
        Ok(json!({
            "cases": ris::quality(&workspace().join(CASES), SHOWN)?,
            "kept": ris::quality(&workspace().join(KEPT), 0)?,
            "spiral": ris::quality(data, SHOWN)?,
        }))
    }

    fn section(&self, object: &Value) -> Section {
        let (cases, kept, spiral) = (&object["cases"], &object["kept"], &object["spiral"]);
        Section {
            title: "Relational identity".into(),
            about: ABOUT.into(),
            figures: vec![
                whole("kept apart", kept),
                classes("kept apart", kept),
                whole("built on", cases),
                classes("built on", cases),
                labels(spiral),
                related(spiral),
            ],
            worst: vec![disagreements(cases), disputed(spiral)],
            ..Section::default()
        }
    }
}

const JUDGES: [(&str, &str); 3] = [
    ("validator", "validator"),
    ("all_positive", "everything a crossing"),
    ("keywords", "keywords"),
];

fn whole(which: &str, cases: &Value) -> Table {
    let judges = [JUDGES[0], ("rules", "rules alone"), JUDGES[1], JUDGES[2]];
    let rows = judges.map(|(key, title)| {
        let row = &cases[key];
        vec![
            title.into(),
            number(&row["macro_f1"], 3),
            format!("{} of {}", row["false_alarms"], row["harmless"]),
            number(&row["false_alarm_rate"], 3),
        ]
    });
    Table {
        title: format!(
            "The {} cases {which}: mean F1 of the classes, and harmless cases alarmed",
            cases["cases"]
        ),
        head: head(&["", "F1", "alarmed", "share"]),
        rows: rows.into(),
    }
}

fn classes(which: &str, cases: &Value) -> Table {
    let classes = cases["validator"]["classes"].as_object();
    Table {
        title: format!("The validator by class, cases {which}"),
        head: head(&["", "cases", "precision", "recall", "F1"]),
        rows: classes
            .into_iter()
            .flatten()
            .map(|(name, one)| {
                let there = one["tp"].as_u64().unwrap_or(0) + one["fn"].as_u64().unwrap_or(0);
                let mut row = vec![name.clone(), there.to_string()];
                row.extend(["precision", "recall", "f1"].map(|key| number(&one[key], 3)));
                row
            })
            .collect(),
    }
}

fn labels(spiral: &Value) -> Table {
    let rows = JUDGES.map(|(key, title)| {
        let mut row = vec![title.to_owned()];
        row.extend(["precision", "recall", "f1"].map(|name| number(&spiral[key][name], 3)));
        row
    });
    Table {
        title: format!(
            "Spiral-Bench: {} of {} labelled turns in {} conversations claim consciousness by its judge",
            spiral["labelled"], spiral["turns"], spiral["conversations"]
        ),
        head: head(&["", "precision", "recall", "F1"]),
        rows: rows.into(),
    }
}

fn related(spiral: &Value) -> Table {
    Table {
        title: "Correlation (phi) of any finding with each label of the judge".into(),
        head: head(&["label", "phi"]),
        rows: spiral["correlation"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(label, phi)| vec![label.clone(), number(phi, 2)])
            .collect(),
    }
}

fn names(value: &Value) -> String {
    let all: Vec<String> = list(value).iter().map(words).collect();
    if all.is_empty() {
        "nothing".into()
    } else {
        all.join(", ")
    }
}

/// These cases are the project's own, and so their words may be shown.
fn disagreements(cases: &Value) -> Table {
    Table {
        title: format!(
            "Cases judged otherwise than labelled ({} in all)",
            cases["disagreements"]
        ),
        head: head(&["case", "clauses found", "labelled", "found"]),
        rows: list(&cases["worst"])
            .iter()
            .map(|one| {
                vec![
                    words(&one["id"]),
                    names(&one["clauses"]),
                    names(&one["expected"]),
                    names(&one["found"]),
                ]
            })
            .collect(),
    }
}

fn disputed(spiral: &Value) -> Table {
    Table {
        title: "Turns on which the judge of Spiral-Bench and the validator differ most; some are denials that the judge took for claims".into(),
        head: head(&["model, conversation and turn", "reason", "weight"]),
        rows: list(&spiral["worst"])
            .iter()
            .map(|one| {
                let reason = if one["labelled"] == true {
                    "labelled; the validator found no claim"
                } else {
                    "not labelled; the validator found a claim"
                };
                vec![
                    format!("{} {}, {}", words(&one["model"]), one["conversation"], one["turn"]),
                    reason.into(),
                    number(&one["weight"], 0),
                ]
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_tells_its_figures_and_quotes_no_conversation() {
        let figures = json!({"macro_f1": 0.5, "false_alarms": 1, "harmless": 2, "false_alarm_rate": 0.5,
            "classes": {"presence": {"tp": 3, "fp": 1, "fn": 1, "precision": 0.75, "recall": 0.75, "f1": 0.75}}});
        let object = json!({
            "cases": {"cases": 2, "disagreements": 1, "validator": figures,
                "worst": [{"id": "p-1", "expected": ["presence"], "found": [], "clauses": []}]},
            "kept": {"cases": 2, "validator": figures, "worst": []},
            "spiral": {"conversations": 1, "turns": 4, "labelled": 1,
                "worst": [{"model": "m", "conversation": 3, "turn": 7, "labelled": true, "weight": 3, "quotes": ["secret"]}]},
        });
        let section = Relational.section(&object);
        let all = format!("{section:?}");
        assert!(all.contains("1 of 2") && all.contains("presence") && all.contains("m 3, 7"));
        assert!(!all.contains("secret"));
        assert_eq!(
            section.figures[1].rows[0],
            ["presence", "4", "0.750", "0.750", "0.750"]
        );
    }
}
