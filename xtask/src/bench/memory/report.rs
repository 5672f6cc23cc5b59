//! What is printed: tables for people, one object for programs.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::evidence::{Measured, Row};
use super::fit::LeftOut;
use super::locomo::Counts;
use super::worst;

/// The aims that the figures are held against, recall at 5, 10, 25 and 50.
const AIMS: [f64; 4] = [0.65, 0.75, 0.85, 0.90];

/// One object. Shares lie in `0..=1`, times are microseconds.
///
/// `name`; `recall_at_5`, `recall_at_10`, `recall_at_25`, `recall_at_50` and `questions` over all;
/// `categories` and `conversations` with the same members; `evidence_used`, `evidence_split`,
/// `evidence_skipped`, `questions_skipped`; `query_p50_us`, `query_p99_us`; `baselines` with `bm25` and
/// `bm25_fields`; `aims`; `worst`. `figures` repeats the first members for the report on quality.
pub(super) fn json(measured: &[Measured]) -> Value {
    let [memory, bm25, fields] = sums(measured);
    let counts = counts(measured);
    let (p50, p99) = times(measured);
    let figures = figures(&memory, counts, p50, p99);
    let conversations: Vec<Value> = measured.iter().map(conversation).collect();
    let cases = measured.iter().flat_map(|m| m.worst.clone()).collect();
    let mut object = figures.clone();
    object.insert("name".to_owned(), json!("memory"));
    object.insert("categories".to_owned(), json!(memory.categories));
    object.insert("conversations".to_owned(), json!(conversations));
    object.insert(
        "baselines".to_owned(),
        json!({ "bm25": bm25, "bm25_fields": fields }),
    );
    object.insert(
        "aims".to_owned(),
        json!({ "recall_at_5": AIMS[0], "recall_at_10": AIMS[1], "recall_at_25": AIMS[2], "recall_at_50": AIMS[3] }),
    );
    object.insert("figures".to_owned(), Value::Object(figures));
    object.insert("worst".to_owned(), json!(worst::ten(cases)));
    Value::Object(object)
}

fn figures(memory: &Row, counts: Counts, p50: Duration, p99: Duration) -> Map<String, Value> {
    let mut object = memory.all.json();
    let micros = |time: Duration| json!(time.as_micros() as u64);
    for (name, value) in [
        ("evidence_used", json!(counts.used)),
        ("evidence_split", json!(counts.split)),
        ("evidence_skipped", json!(counts.skipped)),
        ("questions_skipped", json!(counts.questions_skipped)),
        ("query_p50_us", micros(p50)),
        ("query_p99_us", micros(p99)),
    ] {
        object.insert(name.to_owned(), value);
    }
    object
}

fn conversation(one: &Measured) -> Value {
    let mut object = one.memory.all.json();
    object.insert("id".to_owned(), json!(one.id));
    object.insert("turns".to_owned(), json!(one.turns));
    object.insert("evidence_skipped".to_owned(), json!(one.counts.skipped));
    let skipped = one.counts.questions_skipped;
    object.insert("questions_skipped".to_owned(), json!(skipped));
    object.insert("categories".to_owned(), json!(one.memory.categories));
    let baselines = json!({ "bm25": one.bm25.all, "bm25_fields": one.bm25_fields.all });
    object.insert("baselines".to_owned(), baselines);
    Value::Object(object)
}

fn sums(measured: &[Measured]) -> [Row; 3] {
    let sum = |row: fn(&Measured) -> &Row| {
        measured.iter().fold(Row::default(), |mut all, one| {
            all.extend(row(one));
            all
        })
    };
    [
        sum(|m| &m.memory),
        sum(|m| &m.bm25),
        sum(|m| &m.bm25_fields),
    ]
}

fn counts(measured: &[Measured]) -> Counts {
    measured.iter().fold(Counts::default(), |all, one| Counts {
        used: all.used + one.counts.used,
        split: all.split + one.counts.split,
        skipped: all.skipped + one.counts.skipped,
        questions_skipped: all.questions_skipped + one.counts.questions_skipped,
    })
}

fn times(measured: &[Measured]) -> (Duration, Duration) {
    let mut times: Vec<Duration> = measured.iter().flat_map(|m| m.times.clone()).collect();
    times.sort_unstable();
    let at = |percent: usize| {
        let last = times.len().saturating_sub(1);
        times.get((times.len() * percent / 100).min(last)).copied()
    };
    (at(50).unwrap_or_default(), at(99).unwrap_or_default())
}

#[expect(
    clippy::print_stdout,
    reason = "the figures are what the command is for"
)]
pub(super) fn print(measured: &[Measured]) {
    let [memory, bm25, fields] = sums(measured);
    let line = |name: &str, tally: &dyn std::fmt::Display| println!("{name:42}{tally}");
    println!(
        "{:42} questions   R@5  R@10  R@25  R@50",
        "evidence recall, per cent"
    );
    line("memory", &memory.all);
    for (name, tally) in &memory.categories {
        line(&format!("  category {name}"), tally);
    }
    for one in measured {
        line(&format!("  {}", one.id), &one.memory.all);
    }
    line("BM25, text only", &bm25.all);
    for one in measured {
        line(&format!("  {}", one.id), &one.bm25.all);
    }
    line("BM25 + date + speaker + caption + query", &fields.all);
    for one in measured {
        line(&format!("  {}", one.id), &one.bm25_fields.all);
    }
    let aims = AIMS.map(|a| format!(" {:5.1}", 100.0 * a)).concat();
    println!("{:42} {:>9}{aims}", "aim", "");
    let counts = counts(measured);
    println!(
        "\nevidence: {} used ({} out of split strings), {} name no turn and are skipped; \
         {} questions without usable evidence are left out",
        counts.used, counts.split, counts.skipped, counts.questions_skipped
    );
    let (p50, p99) = times(measured);
    println!("a query takes {p50:?} (p50), {p99:?} (p99)");
}

/// The leave-one-out figures and the weights fitted to all, as one object.
pub(super) fn left_out_json(left_out: &LeftOut) -> Value {
    let rows: Vec<Value> = left_out
        .rows
        .iter()
        .map(|row| json!({ "id": row.id, "rules": row.rules, "fitted": row.fitted }))
        .collect();
    json!({
        "name": "memory-leave-one-out",
        "rules": left_out.rules(),
        "fitted": left_out.fitted(),
        "conversations": rows,
        "weights": left_out.weights,
    })
}

#[expect(
    clippy::print_stdout,
    reason = "the figures are what the command is for"
)]
pub(super) fn print_left_out(left_out: &LeftOut) {
    println!(
        "{:42} questions   R@5  R@10  R@25  R@50",
        "evidence recall, per cent"
    );
    for row in &left_out.rows {
        println!(
            "{:42}{}",
            format!("{}, weights of the rules", row.id),
            row.rules
        );
        println!(
            "{:42}{}",
            format!("{}, fitted to the others", row.id),
            row.fitted
        );
    }
    println!("{:42}{}", "all, weights of the rules", left_out.rules());
    println!(
        "{:42}{}",
        "all, each fitted to the others",
        left_out.fitted()
    );
    println!("\nweights fitted to all conversations (the greatest is 1):");
    for (name, weight) in &left_out.weights {
        println!("  {name:12} {weight:6.3}");
    }
}
