//! Writes what each cycle was measured as, one JSON line a cycle, for fitting elsewhere.

use crate::{
    data::Corpus,
    measure::run,
    plant::{Dice, Kind, Label, plant},
    report::{LENGTHS, plans},
};
use serde_json::json;
use sigma_drift::Rules;

pub(crate) fn dump(corpus: &Corpus, seed: u64, seeds: u64) {
    let rules = Rules::default();
    let write = |name: &str, group: &str, planted: &crate::plant::Planted| {
        let rows = run(&planted.identity, &planted.turns, &rules);
        for (at, (label, row)) in planted.labels.iter().zip(&rows).enumerate().skip(5) {
            let label = match label {
                Label::Clean => "clean".to_owned(),
                Label::After => "after".to_owned(),
                Label::Planted(kind, offset) => format!("{kind:?} {offset}"),
            };
            let s = &row.sample.grounded;
            println!(
                "{}",
                json!({"host": planted.name, "group": group, "run": name, "at": at, "label": label, "x": row.clues,
                    "z": row.shifts, "grip": row.grip, "scr": s.scr, "di": s.di_raw, "b": row.baselines})
            );
        }
    };
    for seed in seed..seed + seeds {
        for (at, (host, donor, kind)) in plans(corpus).into_iter().enumerate() {
            for length in LENGTHS {
                let mut dice = Dice::new(seed * 1000 + at as u64 * 10 + length as u64);
                let planted = plant(host, donor, kind, length, &mut dice);
                write(&format!("{seed}/{at}/{length}"), &planted.name, &planted);
            }
        }
    }
    let others = &corpus.others;
    for (at, (model, host)) in others.iter().enumerate() {
        for (kind, step) in [(Kind::Topic, 1), (Kind::Persona, 7)] {
            let found = (0..others.len())
                .map(|i| &others[(at + step + i) % others.len()])
                .find(|(m, _)| m != model);
            let Some((_, other)) = found else { continue };
            let donor = if kind == Kind::Topic { host } else { other };
            let mut dice = Dice::new(seed * 31 + at as u64);
            let planted = plant(host, donor, kind, 1, &mut dice);
            write(&format!("other/{at}/{kind:?}"), "others", &planted);
        }
    }
}
