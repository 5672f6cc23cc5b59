//! Evidence recall on LoCoMo conversations: `cargo run --release --example locomo -- FILE`.
//!
//! Recall@k is the share of a question's evidence turns among the k turns recalled first, averaged
//! over the questions whose evidence exists. Beside it stands plain BM25 in the same run.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::{collections::BTreeMap, time::Instant};

use serde_json::Value;
use sigma_memory::{Field, Memory, Pil, Query, Rules, SRIP_04, Spoken, rules::Weights};
use sigma_text::{BundledEmbedder, Embedder as _, Utterance};
use sigma_types::{SessionId, Timestamp};

const DEPTHS: [usize; 4] = [5, 10, 25, 50];

struct Question {
    utterance: Utterance,
    evidence: Vec<u64>,
    category: u64,
}

struct Conversation {
    name: String,
    memory: Memory,
    questions: Vec<Question>,
    skipped: usize,
    end: Timestamp,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("usage: locomo FILE")?;
    let data: Value = serde_json::from_slice(&std::fs::read(path)?)?;
    let conversations: Vec<Conversation> = data
        .as_array()
        .ok_or("not a list")?
        .iter()
        .map(|c| conversation(c, &SRIP_04))
        .collect();
    let plain = Rules {
        recall: sigma_memory::rules::RecallRules {
            weights: only_words(),
            ..SRIP_04.recall
        },
        ..SRIP_04
    };
    let lexical: Vec<Conversation> = data
        .as_array()
        .ok_or("not a list")?
        .iter()
        .map(|c| conversation(c, &plain))
        .collect();
    report("memory", &conversations);
    report("BM25", &lexical);
    Ok(())
}

fn only_words() -> Weights {
    Weights {
        lexical: 1.0,
        ..Weights::NONE
    }
}

fn report(title: &str, conversations: &[Conversation]) {
    let embedder = BundledEmbedder::new();
    println!("\n{title:32}  questions   R@5  R@10  R@25  R@50");
    let mut all = Tally::default();
    let mut categories: BTreeMap<u64, Tally> = BTreeMap::new();
    let mut times = Vec::new();
    for c in conversations {
        let mut own = Tally::default();
        for q in &c.questions {
            let query = Query::new(&q.utterance, c.memory.cycle().next(), c.end)
                .embedder(&embedder)
                .limit(50);
            let start = Instant::now();
            let found = c.memory.recall(&query);
            times.push(start.elapsed());
            let ranks: Vec<u64> = found.iter().map(|r| r.provenance.frame.0).collect();
            let shares = DEPTHS.map(|k| {
                let hits = q
                    .evidence
                    .iter()
                    .filter(|e| ranks.iter().take(k).any(|r| r == *e));
                hits.count() as f64 / q.evidence.len() as f64
            });
            own.add(shares);
            all.add(shares);
            categories.entry(q.category).or_default().add(shares);
        }
        println!("{:32} {own}  ({} without evidence)", c.name, c.skipped);
    }
    for (category, tally) in &categories {
        println!("category {category:23} {tally}");
    }
    println!("{:32} {all}", "all");
    times.sort_unstable();
    if let (Some(p50), Some(p99)) = (
        times.get(times.len() / 2),
        times.get(times.len() * 99 / 100),
    ) {
        println!("a query takes {p50:?} (p50), {p99:?} (p99)");
    }
}

#[derive(Default)]
struct Tally {
    questions: usize,
    sums: [f64; 4],
}

impl Tally {
    fn add(&mut self, shares: [f64; 4]) {
        self.questions += 1;
        self.sums.iter_mut().zip(shares).for_each(|(s, x)| *s += x);
    }
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, " {:10}", self.questions)?;
        self.sums
            .iter()
            .try_for_each(|s| write!(f, " {:5.1}", 100.0 * s / self.questions as f64))
    }
}

fn conversation(value: &Value, rules: &Rules) -> Conversation {
    let embedder = BundledEmbedder::new();
    let name = text(value, "sample_id").to_owned();
    let session = SessionId::new(name.clone()).expect("a session id");
    let mut memory = Memory::new(session, Pil::new(), *rules);
    let mut turns: BTreeMap<String, u64> = BTreeMap::new();
    let talk = &value["conversation"];
    let first = text(talk, "speaker_a");
    let mut end = Timestamp::EPOCH;
    for n in 1.. {
        let Some(session) = talk[format!("session_{n}")].as_array() else {
            if n > 100 {
                break;
            }
            continue;
        };
        let start = date(text(talk, &format!("session_{n}_date_time"))).expect("a date");
        for (at, turn) in (0..).zip(session) {
            end = Timestamp::from_millis(start + at * 60_000).expect("a time");
            let speaker = text(turn, "speaker");
            let utterance = Utterance::new(&words(turn), &embedder);
            let said = if speaker == first {
                Spoken::by_user(&utterance)
            } else {
                Spoken::by_model(&utterance, [])
            };
            let field = Field::unmeasured(memory.cycle().next(), end);
            let frames = memory.compose(&field, embedder.info(), &[said.named(speaker)]);
            for frame in frames.expect("a frame") {
                turns.insert(text(turn, "dia_id").to_owned(), frame.id.0);
                memory.append(frame).expect("the next frame");
            }
        }
    }
    let (questions, skipped) = questions(&value["qa"], &turns, embedder);
    Conversation {
        name,
        memory,
        questions,
        skipped,
        end,
    }
}

/// What a turn says, with what its picture shows.
fn words(turn: &Value) -> String {
    let parts = [
        text(turn, "text"),
        text(turn, "blip_caption"),
        text(turn, "query"),
    ];
    parts
        .into_iter()
        .filter(|p| !p.is_empty())
        .collect::<Vec<_>>()
        .join("\n")
}

fn questions(
    qa: &Value,
    turns: &BTreeMap<String, u64>,
    embedder: BundledEmbedder,
) -> (Vec<Question>, usize) {
    let mut usable = Vec::new();
    let mut skipped = 0;
    for q in qa.as_array().into_iter().flatten() {
        let mut evidence: Vec<u64> = q["evidence"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .flat_map(|e| e.split(';'))
            .filter_map(|e| turns.get(e.trim()).copied())
            .collect();
        evidence.sort_unstable();
        evidence.dedup();
        if evidence.is_empty() {
            skipped += 1;
            continue;
        }
        let utterance = Utterance::new(text(q, "question"), &embedder);
        let category = q["category"].as_u64().unwrap_or_default();
        usable.push(Question {
            utterance,
            evidence,
            category,
        });
    }
    (usable, skipped)
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

/// `1:56 pm on 8 May, 2023` in milliseconds.
fn date(written: &str) -> Option<i64> {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let (time, day) = written.split_once(" on ")?;
    let mut parts = day.split([' ', ',']).filter(|p| !p.is_empty());
    let day: u32 = parts.next()?.parse().ok()?;
    let name = parts.next()?;
    let month = MONTHS.iter().position(|m| *m == name)? + 1;
    let year: i32 = parts.next()?.parse().ok()?;
    let (clock, half) = time.split_once(' ')?;
    let (hour, minute) = clock.split_once(':')?;
    let hour = hour.parse::<u32>().ok()? % 12 + if half == "pm" { 12 } else { 0 };
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute}:00Z")
        .parse::<Timestamp>()
        .ok()
        .map(Timestamp::millis)
}
