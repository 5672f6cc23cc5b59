//! Baseline against runtime runs of the same questions, and one file cycle by cycle.

use sigma_drift::Rules;

use crate::{
    data::{Corpus, PAIRS},
    measure::run,
    score::{auc, mean, share},
};

pub(crate) fn pairs(corpus: &Corpus) {
    let rules = Rules::default();
    for (sigma, baseline) in PAIRS {
        let (Some(a), Some(b)) = (corpus.find(sigma), corpus.find(baseline)) else {
            continue;
        };
        let di = |d: &crate::data::Dialogue, grounded: bool| -> Vec<f64> {
            run(&d.identity, &d.turns, &rules)
                .iter()
                .map(|row| {
                    let s = &row.sample;
                    if grounded {
                        s.grounded.di_raw.get()
                    } else {
                        s.reference.di_raw.get()
                    }
                })
                .collect()
        };
        for grounded in [true, false] {
            let (calm, bare) = (di(a, grounded), di(b, grounded));
            println!(
                "{:9} {baseline:24} against {sigma:22} AUC {:.3}  mean {:.3} / {:.3}  at or over .45: {:4.1} % / {:4.1} %",
                if grounded { "grounded" } else { "reference" },
                auc(&bare, &calm),
                mean(&bare),
                mean(&calm),
                100.0 * share(&bare, |x| x >= 0.45),
                100.0 * share(&calm, |x| x >= 0.45),
            );
        }
    }
}

pub(crate) fn show(corpus: &Corpus, name: &str) {
    let Some(dialogue) = corpus.find(name) else {
        println!("no such file: {name}");
        return;
    };
    for (row, (user, answer)) in run(&dialogue.identity, &dialogue.turns, &Rules::default())
        .iter()
        .zip(&dialogue.turns)
    {
        let s = &row.sample;
        let head = |text: &str| {
            text.chars()
                .take(90)
                .collect::<String>()
                .replace('\n', " / ")
        };
        println!(
            "{:4} DI {:.2} sdi {:.2} sv {:.2} pd {:.2} scr {:.2} {:?} zone {:?}\n     U: {}\n     A: {}\n     {}",
            s.cycle.0,
            s.grounded.di_raw.get(),
            s.grounded
                .sdi
                .value()
                .map_or(f64::NAN, sigma_types::Unit::get),
            s.grounded
                .sv
                .value()
                .map_or(f64::NAN, sigma_types::Unit::get),
            s.grounded
                .pd
                .value()
                .map_or(f64::NAN, sigma_types::Unit::get),
            s.grounded
                .scr
                .value()
                .map_or(f64::NAN, sigma_types::Unit::get),
            s.posture,
            s.aep.as_ref().map(|a| a.zone),
            head(user.text()),
            head(answer.text()),
            s.explanation.summary,
        );
    }
}
