//! The part about memory.

use std::path::Path;

use serde_json::Value;

use super::json::{head, list, number, words};
use super::{Options, Part, Section, Table};
use crate::bench::memory;

/// Memory.
pub(crate) struct Memory;

const ABOUT: &str = "\
**What.** Whether recall finds the turns that hold the evidence for a question.

**How.** Conversations go into memory turn by turn; each question is one recall. Recall@k is the share of a question's
evidence among the first k turns found, averaged over questions with usable evidence.

**Beside.** BM25 over the text alone, and over text, date, speaker and what stands with pictures.";

/// Notes shorter than this are none yet.
const NO_NOTES: usize = 40;

impl Part for Memory {
    fn name(&self) -> &'static str {
        "memory"
    }

    fn data(&self) -> &'static str {
        "locomo/dev.json"
    }

    fn measure(
        &self,
        data: &Path,
        _options: &Options,
    ) -> Result<Value, Box<dyn std::error::Error>> {
        memory::quality(data)
    }

    fn section(&self, object: &Value) -> Section {
        let mut rows = vec![
            row("memory", &object["figures"]),
            row("BM25, text only", &object["baselines"]["bm25"]),
            row("BM25, all fields", &object["baselines"]["bm25_fields"]),
            row("aim", &object["aims"]),
        ];
        for (name, figures) in object["categories"].as_object().into_iter().flatten() {
            rows.push(row(&format!("memory, category {name}"), figures));
        }
        for one in list(&object["conversations"]) {
            rows.push(row(&format!("memory, {}", words(&one["id"])), one));
        }
        Section {
            title: "Memory".into(),
            about: ABOUT.into(),
            figures: vec![Table {
                title: "Evidence recall".into(),
                head: head(&["", "questions", "R@5", "R@10", "R@25", "R@50"]),
                rows,
            }],
            worst: vec![Table {
                title: "Questions whose evidence stands furthest behind".into(),
                head: head(&["conversation and question", "reason", "found", "rank"]),
                rows: list(&object["worst"])
                    .iter()
                    .map(|one| {
                        let place =
                            format!("{} no. {}", words(&one["conversation"]), one["question"]);
                        let [found, rank] = [number(&one["found"], 2), number(&one["rank"], 0)];
                        vec![place, words(&one["reason"]), found, rank]
                    })
                    .collect(),
            }],
            tried: if memory::NOTES.len() < NO_NOTES {
                String::new()
            } else {
                memory::NOTES.to_owned()
            },
            ..Section::default()
        }
    }
}

fn row(name: &str, figures: &Value) -> Vec<String> {
    let of = |depth: usize| number(&figures[format!("recall_at_{depth}")], 3);
    vec![
        name.into(),
        number(&figures["questions"], 0),
        of(5),
        of(10),
        of(25),
        of(50),
    ]
}
