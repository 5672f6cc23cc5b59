//! Writes what each cycle was measured as, one JSON object a line, for looking at it elsewhere.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use serde_json::json;

use super::corpus::Corpus;
use super::measure::{Row, Setting};
use super::plant::Label;
use super::runs::seed_runs;

/// Writes the runs of some seeds.
pub(crate) fn dump(
    corpus: &Corpus,
    seed: u64,
    seeds: u64,
    setting: Setting<'_>,
    path: &Path,
) -> std::io::Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    for seed in seed..seed + seeds {
        let runs = seed_runs(corpus, seed, &|_| setting);
        for (n, run) in runs.planted.iter().enumerate() {
            let p = &run.planted;
            for ((row, label), said) in run.rows.iter().zip(&p.labels).zip(&p.said_before) {
                let label = match label {
                    Label::Clean => "clean".to_owned(),
                    Label::After => "after".to_owned(),
                    Label::Early => "early".to_owned(),
                    Label::Planted(offset) => format!("planted {offset}"),
                };
                let head = json!({"run": format!("{seed}/{n}"), "seed": seed, "host": p.host, "donor": p.donor,
                    "kind": p.kind, "k": p.length, "label": label, "said": said});
                line(&mut out, head, row)?;
            }
        }
        for (n, run) in runs.spliced.iter().enumerate() {
            for (at, row) in run.rows.iter().enumerate() {
                let changed = run.spliced.changes.contains(&at);
                let head = json!({"run": format!("{seed}/s{n}"), "seed": seed, "host": run.spliced.host,
                    "kind": "splice", "k": 0, "label": if changed { "changed" } else { "kept" }});
                line(&mut out, head, row)?;
            }
        }
    }
    out.flush()
}

fn line(
    out: &mut impl std::io::Write,
    mut head: serde_json::Value,
    row: &Row,
) -> std::io::Result<()> {
    head["cycle"] = json!(row.cycle);
    head["di"] = json!(row.di);
    head["x"] = json!(row.clues);
    head["z"] = json!(row.shifts);
    head["leaves"] = json!(row.leaves);
    head["grip"] = json!(row.grip);
    head["c"] = json!(row.components);
    head["b"] = json!(row.baselines);
    head["words"] = json!(row.words);
    head["turn_words"] = json!(row.turn_words);
    writeln!(out, "{head}")
}
