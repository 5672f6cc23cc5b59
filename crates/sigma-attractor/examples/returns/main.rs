//! Measures whether a subject that was left is found again, and how often one is found that never
//! was.
//!
//! `cargo run --release -p sigma-attractor --example returns -- [FILE]...`
//!
//! Takes dialogues by threes from labelled files (those of `topic-shift/` in `SIGMA_DATA` without
//! arguments). `A B A`: the beginning of the first, of the second, and the rest of the first; the
//! return counts as found if, within four utterances of the rest, an attractor of the first part is
//! active again. `A B C`: the third dialogue instead; any return then is a false one.
#![allow(clippy::print_stdout)]

#[allow(dead_code)]
#[path = "../inputs/data.rs"]
mod data;

use data::Dialogue;
use sigma_attractor::{Registry, Rules, Turn};
use sigma_text::{BundledEmbedder, Utterance};
use sigma_types::{AttractorId, Cycle, Hash256, Speaker, Timestamp};
use std::{collections::BTreeSet, env, error::Error, path::PathBuf};

const PART: usize = 6;
const WITHIN: usize = 4;

fn main() -> Result<(), Box<dyn Error>> {
    let mut files: Vec<PathBuf> = env::args().skip(1).map(PathBuf::from).collect();
    if files.is_empty() {
        let dir = PathBuf::from(env::var_os("SIGMA_DATA").ok_or("usage: returns FILE...")?);
        let sets = ["tiage-train", "superdialseg-dev"];
        files = sets
            .map(|set| dir.join("topic-shift").join(set).with_extension("json"))
            .into();
    }
    let embedder = BundledEmbedder::new();
    println!(
        "{:<20} {:>8} {:>8} {:>8} {:>8}",
        "set", "nearness", "margin", "found", "false"
    );
    for file in &files {
        let dialogues: Vec<Dialogue> = data::load(file, &embedder)?
            .into_iter()
            .filter(|d| d.utterances.len() >= 2 * PART)
            .collect();
        for nearness in [0.25, 0.3, 0.35, 0.4, 0.45, 0.5] {
            for margin in [0.0, 0.05, 0.1, 0.15] {
                let mut rules = Rules::default();
                rules.subject.return_nearness = nearness;
                rules.subject.return_margin = margin;
                let (found, wrong) = shares(&dialogues, &rules);
                let set = file.file_stem().unwrap_or_default().to_string_lossy();
                println!("{set:<20} {nearness:>8.2} {margin:>8.2} {found:>8.3} {wrong:>8.3}");
            }
        }
    }
    Ok(())
}

fn shares(dialogues: &[Dialogue], rules: &Rules) -> (f64, f64) {
    let (mut found, mut wrong, mut all) = (0, 0, 0);
    for three in dialogues.chunks_exact(3) {
        let (a, b, c) = (
            &three[0].utterances,
            &three[1].utterances,
            &three[2].utterances,
        );
        all += 1;
        found += usize::from(returns(&a[..PART], &b[..PART], &a[PART..], rules));
        wrong += usize::from(returns(&a[..PART], &b[..PART], &c[..PART], rules));
    }
    let share = |n: usize| n as f64 / all.max(1) as f64;
    (share(found), share(wrong))
}

type Said = [(Speaker, Utterance)];

fn returns(first: &Said, second: &Said, third: &Said, rules: &Rules) -> bool {
    let mut registry = Registry::new(Hash256::ZERO, *rules);
    let mut cycle = 0;
    let mut say = |registry: &mut Registry, said: &Said| -> BTreeSet<AttractorId> {
        let mut active = BTreeSet::new();
        for (speaker, utterance) in said {
            cycle += 1;
            let at = Timestamp::EPOCH;
            let turn = Turn {
                cycle: Cycle(cycle),
                at,
                speaker: *speaker,
                utterance,
            };
            active.extend(registry.take_up(&turn).active);
        }
        active
    };
    let left = say(&mut registry, first);
    let between = say(&mut registry, second);
    let last = registry.active().map(|a| a.id);
    let again = say(&mut registry, &third[..third.len().min(WITHIN)]);
    let back = |id: &AttractorId| left.contains(id) && !between.contains(id) && Some(*id) != last;
    again.iter().any(back)
}
