//! Measures how the subjects of annotated dialogues are followed: `cargo run --release -p sigma-attractor
//! --example subjects -- FILE... [--show]`.
//!
//! Takes dialogues whose cycles carry notes (`spec-fixtures/demo/README.md`: `opens S`, `returns S`). A cycle's
//! attractor is the one that is active when it closes, merges followed. Printed for each dialogue: how many
//! subjects there are and how many attractors were made of them; B-cubed precision (cycles of one attractor
//! are of one subject), recall (cycles of one subject are in one attractor) and their harmonic mean; how many
//! of the user's changes were seen, and how many changes were seen where there was none; how many returns led
//! back to an attractor of their own subject. `one` puts all in one attractor, `each` every cycle in its own.
#![allow(clippy::print_stdout)]

use serde_json::Value;
use sigma_attractor::{Change, Registry, Rules, Turn};
use sigma_text::{BundledEmbedder, Utterance};
use sigma_types::{AttractorId, Cycle, Hash256, Measured, NonNegative, Speaker, Timestamp, Unit};
use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    error::Error,
    fs,
};

struct Labelled {
    title: String,
    /// User's words, answer, subject, whether the user changes it, whether this is a return.
    cycles: Vec<(String, String, String, bool, bool)>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let (files, flags): (Vec<String>, Vec<String>) =
        env::args().skip(1).partition(|a| !a.starts_with("--"));
    if files.is_empty() {
        return Err("usage: subjects FILE... [--show]".into());
    }
    println!(
        "{:<28} {:>8} {:>10} {:>6} {:>6} {:>6} {:>9} {:>6} {:>9}",
        "dialogue", "subjects", "attractors", "P", "R", "F1", "changes", "false", "returns"
    );
    for file in &files {
        let labelled = load(&fs::read_to_string(file)?)?;
        let followed = follow(
            &labelled,
            &Rules::default(),
            flags.iter().any(|f| f == "--show"),
        );
        print(&labelled, &labelled.title, &followed);
        let n = labelled.cycles.len();
        print(&labelled, "  one", &vec![0; n]);
        print(&labelled, "  each", &(0..n).collect::<Vec<_>>());
    }
    Ok(())
}

fn load(text: &str) -> Result<Labelled, Box<dyn Error>> {
    let file: Value = serde_json::from_str(text)?;
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    let mut subject = String::new();
    let mut cycles = Vec::new();
    for cycle in file["cycles"].as_array().ok_or("a dialogue has cycles")? {
        let (mut changes, mut returns) = (false, false);
        for clause in text(&cycle["note"]).split("; ") {
            let Some((word, rest)) = clause.split_once(' ') else {
                continue;
            };
            if word == "opens" || word == "returns" {
                changes = true;
                returns = word == "returns";
                rest.split(" (")
                    .next()
                    .unwrap_or(rest)
                    .clone_into(&mut subject);
            }
        }
        let said = (text(&cycle["user_input"]), text(&cycle["response"]));
        cycles.push((said.0, said.1, subject.clone(), changes, returns));
    }
    let title = text(&file["title"]);
    Ok(Labelled { title, cycles })
}

/// The attractor of each cycle, numbered.
fn follow(labelled: &Labelled, rules: &Rules, show: bool) -> Vec<usize> {
    let embedder = BundledEmbedder::new();
    let mut registry = Registry::new(Hash256::ZERO, *rules);
    let mut into: BTreeMap<AttractorId, AttractorId> = BTreeMap::new();
    let mut active = Vec::new();
    for (cycle, (user, answer, subject, changes, _)) in (1..).zip(&labelled.cycles) {
        let mut events = Vec::new();
        for (speaker, text) in [(Speaker::User, user), (Speaker::Assistant, answer)] {
            let utterance = Utterance::new(text, &embedder);
            let turn = Turn {
                cycle: Cycle(cycle),
                at: Timestamp::EPOCH,
                speaker,
                utterance: &utterance,
            };
            let uptake = registry.take_up(&turn);
            for record in &uptake.records {
                if let Change::Merged { into: to } = &record.change {
                    into.insert(record.attractor, *to);
                }
            }
            let revised = uptake.revision.map(|r| (r.utterance, r.kind));
            events.push(format!(
                "{:?} {:.2} {revised:?}",
                uptake.event,
                uptake.boundary.get()
            ));
        }
        let settled = registry.settle(Cycle(cycle), Timestamp::EPOCH, &calm(), &BTreeSet::new());
        for merge in &settled.merges {
            into.insert(merge.from, merge.into);
        }
        let now = registry.active().map(|a| a.id);
        if show {
            let name = registry.active().map_or("", |a| a.name.as_str());
            let id = now.map_or(String::new(), |id| id.to_string()[..6].to_owned());
            println!(
                "{cycle:>3} {}{subject:<14} {id} {name:<32} {}",
                if *changes { '*' } else { ' ' },
                events.join(" / ")
            );
        }
        active.push(now);
    }
    let mut numbers: BTreeMap<Option<AttractorId>, usize> = BTreeMap::new();
    let resolve = |mut id: AttractorId| {
        while let Some(next) = into.get(&id) {
            id = *next;
        }
        id
    };
    active
        .into_iter()
        .map(|id| {
            let next = numbers.len();
            *numbers.entry(id.map(resolve)).or_insert(next)
        })
        .collect()
}

fn calm() -> sigma_attractor::Readings {
    let unit = |v| Measured::Value(Unit::clamped(v));
    sigma_attractor::Readings {
        di_raw: NonNegative::ZERO,
        semantic_drift: unit(0.1),
        psi: unit(0.95),
        psd: unit(0.0),
        ps_delta: unit(0.0),
        pci: unit(1.0),
        density: unit(0.5),
        crystallized: false,
        locked: false,
    }
}

fn print(labelled: &Labelled, title: &str, found: &[usize]) {
    let subjects: Vec<&str> = labelled.cycles.iter().map(|c| c.2.as_str()).collect();
    let (precision, recall) = b_cubed(&subjects, found);
    let f1 = 2.0 * precision * recall / (precision + recall);
    let (mut seen, mut changes, mut wrong, mut back, mut returns) = (0, 0, 0, 0, 0);
    for at in 1..found.len() {
        let moved = found[at] != found[at - 1];
        let (_, _, subject, change, again) = &labelled.cycles[at];
        changes += usize::from(*change);
        seen += usize::from(*change && moved);
        wrong += usize::from(!change && moved);
        if *again {
            returns += 1;
            // most cycles that this attractor had before were of this subject
            let before: Vec<&str> = (0..at)
                .filter(|b| found[*b] == found[at])
                .map(|b| subjects[b])
                .collect();
            let own = before.iter().filter(|s| *s == subject).count();
            back += usize::from(moved && 2 * own > before.len());
        }
    }
    let count = |n: &[usize]| n.iter().collect::<BTreeSet<_>>().len();
    println!(
        "{:<28} {:>8} {:>10} {precision:>6.3} {recall:>6.3} {f1:>6.3} {:>9} {wrong:>6} {:>9}",
        title.chars().take(28).collect::<String>(),
        subjects.iter().collect::<BTreeSet<_>>().len(),
        count(found),
        format!("{seen}/{changes}"),
        format!("{back}/{returns}"),
    );
}

/// Mean over cycles: the share of its attractor that is of its subject, and of its subject that is in its
/// attractor.
fn b_cubed(subjects: &[&str], found: &[usize]) -> (f64, f64) {
    let n = subjects.len();
    let (mut precision, mut recall) = (0.0, 0.0);
    for at in 0..n {
        let (mut both, mut here, mut same) = (0.0, 0.0, 0.0);
        for other in 0..n {
            let (a, b) = (found[other] == found[at], subjects[other] == subjects[at]);
            here += f64::from(u8::from(a));
            same += f64::from(u8::from(b));
            both += f64::from(u8::from(a && b));
        }
        precision += both / here;
        recall += both / same;
    }
    (precision / n as f64, recall / n as f64)
}
