//! The part about attractors.

use std::path::Path;

use serde_json::Value;

use super::json::{head, list, number, words};
use super::{Options, Part, Section, Table};
use crate::bench::attractor;

/// Attractors.
pub(crate) struct Attractor;

const ABOUT: &str = "\
**What.** Whether attractors begin where people say that a new topic begins.

**How.** Labelled dialogues go through the registry utterance by utterance. *Past only* is what it says when an utterance
comes; *with hindsight* what stands two utterances later, while the attractor is forming. Pk, WindowDiff (the lower
the better), F1 of the boundary class, and Score = F1/2 + (1 - Pk)/4 + (1 - WD)/4, per dialogue, then averaged.

**Beside.** No boundary at all, and a boundary before each question.";

impl Part for Attractor {
    fn name(&self) -> &'static str {
        "attractor"
    }

    fn data(&self) -> &'static str {
        "topic-shift"
    }

    fn measure(
        &self,
        data: &Path,
        _options: &Options,
    ) -> Result<Value, Box<dyn std::error::Error>> {
        let report = attractor::measure(&[data.to_path_buf()])?;
        Ok(serde_json::to_value(report)?)
    }

    fn section(&self, object: &Value) -> Section {
        let rows = list(&object["sets"]).iter().flat_map(|set| {
            let name = words(&set["name"]);
            [
                row(&format!("{name}, past only"), set, ""),
                row(&format!("{name}, with hindsight"), set, "_hindsight"),
                row(&format!("{name}, never"), &set["baselines"]["never"], ""),
                row(
                    &format!("{name}, before each question"),
                    &set["baselines"]["before_each_question"],
                    "",
                ),
            ]
        });
        Section {
            title: "Attractors".into(),
            about: ABOUT.into(),
            figures: vec![Table {
                title: "Boundaries against labels".into(),
                head: head(&["", "Pk", "WD", "F1", "Score"]),
                rows: rows.collect(),
            }],
            worst: vec![Table {
                title: "The dialogues with the lowest Score with hindsight".into(),
                head: head(&["set and dialogue", "reason", "Score"]),
                rows: list(&object["worst"])
                    .iter()
                    .map(|one| {
                        let place = format!("{} {}", words(&one["set"]), words(&one["dial_id"]));
                        vec![place, words(&one["reason"]), number(&one["score"], 3)]
                    })
                    .collect(),
            }],
            ..Section::default()
        }
    }
}

fn row(name: &str, figures: &Value, mode: &str) -> Vec<String> {
    let of = |key: &str| number(&figures[format!("{key}{mode}")], 3);
    vec![name.into(), of("pk"), of("wd"), of("f1"), of("score")]
}
