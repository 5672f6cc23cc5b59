//! The tables.

use sigma_drift::Rules;
use std::collections::BTreeMap;

use crate::{
    baselines,
    data::{Corpus, Dialogue, PAIRS},
    measure::{Row, run},
    plant::{Dice, Kind, Label, Planted, plant, splice},
    score::{auc, mean, share, upper},
};

/// Hosts and, for each kind, where the planted answers come from.
pub(crate) fn plans(corpus: &Corpus) -> Vec<(&Dialogue, &Dialogue, Kind)> {
    let mut all = Vec::new();
    let noema = corpus.find("noema-gemini-500");
    for (sigma, baseline) in PAIRS {
        let (Some(host), Some(bare)) = (corpus.find(sigma), corpus.find(baseline)) else {
            continue;
        };
        all.push((host, bare, Kind::Voice));
        all.push((host, host, Kind::Topic));
        if let Some(noema) = noema {
            all.push((host, noema, Kind::Persona));
            if sigma == PAIRS[1].0 {
                all.push((noema, host, Kind::Persona));
            }
        }
    }
    if let Some(noema) = noema {
        all.push((noema, noema, Kind::Topic));
    }
    all
}

pub(crate) const LENGTHS: [usize; 3] = [1, 3, 5];

/// Every planted run: what was planted and what came out.
pub(crate) fn runs(
    corpus: &Corpus,
    seed: u64,
    rules: &Rules,
) -> Vec<(Kind, usize, Planted, Vec<Row>)> {
    let mut all = Vec::new();
    for (at, (host, donor, kind)) in plans(corpus).into_iter().enumerate() {
        for length in LENGTHS {
            let mut dice = Dice::new(seed * 1000 + at as u64 * 10 + length as u64);
            let planted = plant(host, donor, kind, length, &mut dice);
            let rows = run(&planted.identity, &planted.turns, rules);
            all.push((kind, length, planted, rows));
        }
    }
    all
}

type Scores = BTreeMap<String, (Vec<f64>, Vec<f64>)>;

pub(crate) fn intrusions(corpus: &Corpus, seed: u64, seeds: u64) {
    let rules = Rules::default();
    let mut all = Vec::new();
    for seed in seed..seed + seeds {
        all.extend(runs(corpus, seed, &rules));
    }
    println!("# Intrusions, {seeds} seed(s) from {seed}\n");
    println!(
        "score                        kind         AUC    k=1    k=3    k=5   in 1   in 3  delay  (alarms 2/100)"
    );
    let di = |row: &Row| row.sample.grounded.di_raw.get();
    table("DI grounded", &all, di);
    table("DI reference", &all, |row| {
        row.sample.reference.di_raw.get()
    });
    for (at, name) in baselines::NAMES.iter().enumerate() {
        table(name, &all, move |row: &Row| row.baselines[at]);
    }
    false_alarms(&all);
    per_file(&all);
    changes(corpus, seed, seeds, &rules);
}

fn table(name: &str, all: &[(Kind, usize, Planted, Vec<Row>)], score: impl Fn(&Row) -> f64) {
    for kind in Kind::ALL {
        let mine: Vec<_> = all.iter().filter(|(k, ..)| *k == kind).collect();
        let mut clean = Vec::new();
        let mut hits: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
        for (_, length, planted, rows) in &mine {
            for (label, row) in planted.labels.iter().zip(rows).skip(5) {
                match label {
                    Label::Clean => clean.push(score(row)),
                    Label::Planted(..) => hits.entry(*length).or_default().push(score(row)),
                    Label::After => {}
                }
            }
        }
        let bound = upper(&clean, 0.02);
        let every: Vec<f64> = hits.values().flatten().copied().collect();
        let found = found(&mine, bound, &score);
        let of = |length: usize| hits.get(&length).map_or(f64::NAN, |h| auc(h, &clean));
        println!(
            "{name:28} {:12} {:.3}  {:.3}  {:.3}  {:.3}  {:5.1}  {:5.1}  {:5.2}",
            kind.name(),
            auc(&every, &clean),
            of(1),
            of(3),
            of(5),
            found.0 * 100.0,
            found.1 * 100.0,
            found.2,
        );
    }
}

/// Share of intrusions found at their first cycle, within three, and mean delay of those found.
fn found(
    all: &[&(Kind, usize, Planted, Vec<Row>)],
    bound: f64,
    score: &impl Fn(&Row) -> f64,
) -> (f64, f64, f64) {
    let (mut n, mut one, mut three, mut delays) = (0.0, 0.0, 0.0, Vec::new());
    for (_, length, planted, rows) in all {
        for at in 0..rows.len() {
            if !matches!(planted.labels[at], Label::Planted(_, 0)) {
                continue;
            }
            n += 1.0;
            let delay = (0..*length).find(|d| rows.get(at + d).is_some_and(|r| score(r) > bound));
            one += f64::from(u8::from(delay == Some(0)));
            three += f64::from(u8::from(delay.is_some_and(|d| d < 3)));
            delays.extend(delay.map(|d| d as f64));
        }
    }
    (one / n, three / n, mean(&delays))
}

fn false_alarms(all: &[(Kind, usize, Planted, Vec<Row>)]) {
    println!("\n# At the printed bound (DI >= .45)\n");
    let mut clean: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    let mut hit: BTreeMap<Kind, Vec<f64>> = BTreeMap::new();
    let mut after = Vec::new();
    for (_, _, planted, rows) in all {
        for (label, row) in planted.labels.iter().zip(rows).skip(5) {
            let di = row.sample.grounded.di_raw.get();
            match label {
                Label::Clean => clean.entry(planted.name.clone()).or_default().push(di),
                Label::Planted(kind, _) => hit.entry(*kind).or_default().push(di),
                Label::After => after.push(di),
            }
        }
    }
    for (name, di) in &clean {
        println!(
            "clean {name:26} alarms {:4.1} %   mean DI {:.3}   p98 {:.3}",
            100.0 * share(di, |x| x >= 0.45),
            mean(di),
            upper(di, 0.02)
        );
    }
    let every: Vec<f64> = clean.values().flatten().copied().collect();
    println!(
        "clean {:26} alarms {:4.1} %",
        "all",
        100.0 * share(&every, |x| x >= 0.45)
    );
    println!(
        "after an intrusion               alarms {:4.1} %",
        100.0 * share(&after, |x| x >= 0.45)
    );
    for (kind, di) in &hit {
        println!(
            "{:32} found  {:4.1} %   mean DI {:.3}   of those >= .5 {:.0} %",
            kind.name(),
            100.0 * share(di, |x| x >= 0.45),
            mean(di),
            100.0 * share(di, |x| x >= 0.5)
        );
    }
}

fn per_file(all: &[(Kind, usize, Planted, Vec<Row>)]) {
    println!("\n# AUC by host\n");
    let mut scores: Scores = BTreeMap::new();
    for (kind, _, planted, rows) in all {
        let entry = scores
            .entry(format!("{:12} {}", kind.name(), planted.name))
            .or_default();
        for (label, row) in planted.labels.iter().zip(rows).skip(5) {
            let di = row.sample.grounded.di_raw.get();
            match label {
                Label::Clean => entry.1.push(di),
                Label::Planted(..) => entry.0.push(di),
                Label::After => {}
            }
        }
    }
    for (name, (hit, clean)) in &scores {
        println!(
            "{name:42} {:.3}  ({} of {})",
            auc(hit, clean),
            hit.len(),
            clean.len()
        );
    }
}

fn changes(corpus: &Corpus, seed: u64, seeds: u64, rules: &Rules) {
    println!("\n# Subject changed by the user, with its own answer\n");
    let files = [
        "james-gpt4o-sigma",
        "james-gpt52-sigma-a",
        "james-gpt52-sigma-b",
        "noema-gemini-500",
    ];
    let mut all = Vec::new();
    for name in files {
        let Some(host) = corpus.find(name) else {
            continue;
        };
        let mut mine = Vec::new();
        for seed in seed..seed + seeds {
            for round in 0..4 {
                let mut dice = Dice::new(seed * 77 + round);
                let other = match name {
                    "james-gpt52-sigma-a" => corpus.find("james-gpt52-sigma-b").unwrap_or(host),
                    "james-gpt52-sigma-b" => corpus.find("james-gpt52-sigma-a").unwrap_or(host),
                    _ => host,
                };
                let (spliced, at) = splice(host, other, &mut dice);
                let rows = run(&spliced.identity, &spliced.turns, rules);
                mine.extend(at.iter().map(|at| rows[*at].sample.grounded.di_raw.get()));
            }
        }
        println!(
            "{name:28} calm {:5.1} %  mean DI {:.3}",
            100.0 * share(&mine, |x| x < 0.45),
            mean(&mine)
        );
        all.extend(mine);
    }
    println!(
        "{:28} calm {:5.1} %",
        "all",
        100.0 * share(&all, |x| x < 0.45)
    );
}

/// The clean cycles with the highest and the planted ones with the lowest index, and why.
pub(crate) fn worst(corpus: &Corpus, seed: u64) {
    let mut misses: Vec<(f64, String)> = Vec::new();
    let mut alarms: Vec<(f64, String)> = Vec::new();
    for (kind, length, planted, rows) in runs(corpus, seed, &Rules::default()) {
        for ((at, label), row) in planted.labels.iter().enumerate().zip(&rows).skip(5) {
            let di = row.sample.grounded.di_raw.get();
            let head = |text: &str| {
                text.chars()
                    .take(150)
                    .collect::<String>()
                    .replace('\n', " / ")
            };
            let (user, answer) = &planted.turns[at];
            let shown = format!(
                "{di:.2} {} {} k={length} cycle {} sdi {:.2} sv {:.2} scr {:.2}\n   U: {}\n   A: {}\n   {}",
                kind.name(),
                planted.name,
                at + 1,
                value(row.sample.grounded.sdi),
                value(row.sample.grounded.sv),
                value(row.sample.grounded.scr),
                head(user.text()),
                head(answer.text()),
                row.sample.explanation.summary,
            );
            match label {
                Label::Clean => alarms.push((di, shown)),
                Label::Planted(..) => misses.push((di, shown)),
                Label::After => {}
            }
        }
    }
    alarms.sort_by(|a, b| b.0.total_cmp(&a.0));
    alarms.dedup_by(|a, b| a.1.split("   U:").nth(1) == b.1.split("   U:").nth(1));
    misses.sort_by(|a, b| a.0.total_cmp(&b.0));
    println!("# Clean and loudest\n");
    alarms
        .iter()
        .take(40)
        .for_each(|(_, shown)| println!("{shown}\n"));
    for kind in Kind::ALL {
        println!("# Planted and quietest: {}\n", kind.name());
        misses
            .iter()
            .filter(|(_, shown)| shown.contains(kind.name()))
            .take(20)
            .for_each(|(_, shown)| println!("{shown}\n"));
    }
}

fn value(m: sigma_types::Measured<sigma_types::Unit>) -> f64 {
    m.value().map_or(f64::NAN, sigma_types::Unit::get)
}
