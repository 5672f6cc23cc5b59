//! Key phrases: runs of content words, weighed by how often and where they stand.

use crate::{KeyPhrase, Term, weak_words::is_general};
use std::{collections::HashMap, ops::Range};

/// Most phrases given for one text.
const MOST: usize = 12;
/// Words in the longest phrase.
const LONGEST: usize = 3;
/// Factor for words that fit any subject.
const WEAK: f64 = 0.3;
/// What each further word adds to a phrase's weight.
const LENGTH_GAIN: f64 = 0.35;
/// How much less the last word of a text counts than the first.
const POSITION_LOSS: f64 = 0.4;

/// The weightiest phrases of a text, best first; ties by key.
pub(crate) fn phrases(text: &str, terms: &[Term], runs: &[Range<usize>]) -> Vec<KeyPhrase> {
    let (stems, uses) = interned(terms);
    let scores = stem_scores(text, terms, &uses, stems.len());
    let mut counts: HashMap<&[usize], Candidate> = HashMap::new();
    for run in runs {
        for length in 1..=LONGEST.min(run.len()) {
            for first in run.start..=run.end - length {
                let key = &uses[first..first + length];
                counts
                    .entry(key)
                    .or_insert(Candidate {
                        first,
                        count: 0,
                        score: 0.0,
                    })
                    .count += 1;
            }
        }
    }
    let mut ranked: Vec<(&[usize], Candidate)> = counts.into_iter().collect();
    for (key, candidate) in &mut ranked {
        candidate.score = score(key, candidate.count, &scores);
    }
    let words = |key: &[usize]| key.iter().map(|stem| stems[*stem]).collect::<Vec<_>>();
    ranked.sort_unstable_by(|(a, x), (b, y)| {
        y.score
            .total_cmp(&x.score)
            .then_with(|| words(a).cmp(&words(b)))
    });
    let top = ranked.first().map_or(1.0, |(_, best)| best.score);
    let phrase = |(key, candidate): (&[usize], Candidate)| KeyPhrase {
        key: words(key).join(" "),
        surface: surface(text, &terms[candidate.first..candidate.first + key.len()]),
        weight: candidate.score / top,
    };
    best(ranked).into_iter().map(phrase).collect()
}

/// A phrase: its first use in the terms, its uses and its score.
#[derive(Clone, Copy)]
struct Candidate {
    first: usize,
    count: usize,
    score: f64,
}

/// The different stems in order of appearance, and each term's place among them.
fn interned(terms: &[Term]) -> (Vec<&str>, Vec<usize>) {
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut stems = Vec::new();
    let uses = terms
        .iter()
        .map(|term| {
            *places.entry(&term.stem).or_insert_with(|| {
                stems.push(term.stem.as_str());
                stems.len() - 1
            })
        })
        .collect();
    (stems, uses)
}

/// Of each stem: frequency, place of the first use and how telling the word is.
fn stem_scores(text: &str, terms: &[Term], uses: &[usize], stems: usize) -> Vec<f64> {
    let mut counts = vec![(0_usize, 0_usize); stems];
    for (at, stem) in uses.iter().enumerate() {
        let (count, first) = &mut counts[*stem];
        if *count == 0 {
            *first = at;
        }
        *count += 1;
    }
    let length = text.len().max(1) as f64;
    let score = |(count, first): (usize, usize)| {
        let place = 1.0 - POSITION_LOSS * terms[first].span.start as f64 / length;
        let telling = if is_general(&terms[first].stem) {
            WEAK
        } else {
            1.0
        };
        (1.0 + (count as f64).ln()) * place * telling
    };
    counts.into_iter().map(score).collect()
}

/// The mean of its words' scores, raised by length and by recurrence of the phrase as such.
fn score(key: &[usize], count: usize, scores: &[f64]) -> f64 {
    let mean = key.iter().map(|stem| scores[*stem]).sum::<f64>() / key.len() as f64;
    let length = 1.0 + LENGTH_GAIN * (key.len() - 1) as f64;
    let whole = if key.len() == 1 {
        1.0
    } else {
        1.0 + (count as f64).ln()
    };
    mean * length * whole
}

/// Picks greedily; a phrase whose words all stand in a better one, and as often, says nothing new.
fn best(ranked: Vec<(&[usize], Candidate)>) -> Vec<(&[usize], Candidate)> {
    let mut picked: Vec<(&[usize], Candidate)> = Vec::new();
    for (key, candidate) in ranked {
        if picked.len() == MOST {
            break;
        }
        let covered = picked
            .iter()
            .any(|(better, p)| overlaps(key, better, candidate.count, p.count));
        if !covered {
            picked.push((key, candidate));
        }
    }
    picked
}

/// Whether one of the two keys lies within the other without standing alone more often.
fn overlaps(key: &[usize], better: &[usize], count: usize, better_count: usize) -> bool {
    let within = |inner: &[usize], outer: &[usize]| outer.windows(inner.len()).any(|w| w == inner);
    (within(key, better) && count <= better_count) || within(better, key)
}

fn surface(text: &str, words: &[Term]) -> String {
    let (Some(first), Some(last)) = (words.first(), words.last()) else {
        return String::new();
    };
    let written = &text[first.span.start..last.span.end];
    written
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase()
}

#[cfg(test)]
mod tests {
    #[test]
    fn recurring_subject_comes_first() {
        let text = "The database migration starts Monday. We test the database migration first. \
                    Later the team writes a note about lunch.";
        let phrases = crate::read(text).phrases;
        assert_eq!(phrases[0].key, "databas migrat");
        assert_eq!(phrases[0].surface, "database migration");
        assert_eq!(phrases[0].weight, 1.0);
        assert!(phrases.windows(2).all(|p| p[0].weight >= p[1].weight));
    }

    #[test]
    fn few_and_bounded() {
        let text =
            "alpha, beta, gamma, delta, epsilon, zeta, eta, theta, iota, kappa, lambda, mu, nu, xi";
        let phrases = crate::read(text).phrases;
        assert_eq!(phrases.len(), super::MOST);
        assert!(phrases.iter().all(|p| p.weight > 0.0 && p.weight <= 1.0));
        assert!(crate::read("and then it was").phrases.is_empty());
    }

    #[test]
    fn stop_words_and_marks_part_phrases() {
        let keys: Vec<_> = crate::read("plan of action; budget")
            .phrases
            .into_iter()
            .map(|p| p.key)
            .collect();
        assert_eq!(keys.len(), 3);
    }
}
