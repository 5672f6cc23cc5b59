//! Plants intrusions into calm dialogues, and splices dialogues where the user changes the subject.

use std::sync::Arc;

use serde::Serialize;
use sigma_text::Utterance;

use super::corpus::{Corpus, Dialogue, Exchange};
use crate::bench::dice::Dice;

/// What is planted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// Answers of another persona to other questions.
    Persona,
    /// The same persona's answers to other questions.
    Topic,
    /// The answer of the model without runtime to the same question.
    Voice,
}

impl Kind {
    pub(crate) const ALL: [Self; 3] = [Self::Persona, Self::Topic, Self::Voice];

    /// As a table has it.
    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::Persona => "(a) another persona",
            Self::Topic => "(b) same persona, off topic",
            Self::Voice => "(c) voice lost, topic kept",
        }
    }

    /// As a file has it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Persona => "persona",
            Self::Topic => "topic",
            Self::Voice => "voice",
        }
    }
}

/// What a cycle is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Label {
    /// As it was, before any intrusion or well after one.
    Clean,
    /// Planted; so many cycles into the intrusion, from 0.
    Planted(usize),
    /// As it was, shortly after an intrusion: counted neither way.
    After,
    /// As it was, while the session is still being learned: counted neither way.
    Early,
}

/// A dialogue with intrusions.
#[derive(Debug)]
pub(crate) struct Planted {
    pub(crate) host: String,
    pub(crate) donor: String,
    pub(crate) identity: String,
    pub(crate) kind: Kind,
    pub(crate) length: usize,
    pub(crate) turns: Vec<Exchange>,
    pub(crate) labels: Vec<Label>,
    /// Of each cycle, whether its answer was planted and had been given before, to another turn.
    pub(crate) said_before: Vec<bool>,
}

/// Consecutive answers replaced.
pub(crate) const LENGTHS: [usize; 3] = [1, 3, 5];
/// The first cycle that may be replaced: before it nobody knows the voice.
const FIRST: usize = 10;
/// Cycles between two intrusions, at least.
const APART: usize = 14;
/// Cycles after an intrusion that are counted neither way.
const WAKE: usize = 5;
/// Cycles at the beginning that are counted neither way.
const EARLY: usize = 5;
/// Cycles between a place and the answer's own one, at least, where both are of one dialogue.
const ELSEWHERE: usize = 3;

/// Hosts and, for each kind, where the planted answers come from.
pub(crate) fn plans(corpus: &Corpus, seed: u64) -> Vec<(&Dialogue, &Dialogue, Kind)> {
    let mut all = Vec::new();
    for (at, host) in corpus.calm().enumerate() {
        let others = corpus.others(host, at + seed as usize);
        all.extend(others.into_iter().map(|donor| (host, donor, Kind::Persona)));
        all.push((host, host, Kind::Topic));
        all.extend(corpus.bare(host).map(|donor| (host, donor, Kind::Voice)));
    }
    all
}

/// Replaces answers of `host` by answers of `donor`: for lost voice by those of the same place,
/// otherwise by those to other questions.
pub(crate) fn plant(
    (host, donor, kind): (&Dialogue, &Dialogue, Kind),
    length: usize,
    seed: u64,
) -> Planted {
    let use_of = format!("{} {} {} {length}", kind.name(), host.name, donor.name);
    let mut dice = Dice::named(seed, &use_of);
    let mut turns = host.turns.clone();
    let mut labels = vec![Label::Clean; turns.len()];
    labels
        .iter_mut()
        .take(EARLY)
        .for_each(|l| *l = Label::Early);
    let mut at = FIRST + dice.below(APART / 2);
    while at + length < turns.len() {
        for offset in 0..length {
            if let Some(answer) = pick(host, donor, kind, at + offset, &mut dice) {
                turns[at + offset].1 = answer;
                labels[at + offset] = Label::Planted(offset);
            } else {
                labels[at + offset] = Label::After;
            }
        }
        for label in labels.iter_mut().skip(at + length).take(WAKE) {
            *label = Label::After;
        }
        at += length + APART + dice.below(APART);
    }
    let said_before = labels
        .iter()
        .enumerate()
        .map(|(at, label)| {
            let again = |(_, answer): &Exchange| answer.text() == turns[at].1.text();
            matches!(label, Label::Planted(_)) && turns[..at].iter().any(again)
        })
        .collect();
    Planted {
        host: host.name.clone(),
        said_before,
        donor: donor.name.clone(),
        identity: host.identity.clone(),
        kind,
        length,
        turns,
        labels,
    }
}

fn pick(
    host: &Dialogue,
    donor: &Dialogue,
    kind: Kind,
    at: usize,
    dice: &mut Dice,
) -> Option<Arc<Utterance>> {
    let good = |answer: &Arc<Utterance>| !answer.reading.words.is_empty();
    let asked = host.turns.get(at)?.0.text();
    if kind == Kind::Voice {
        let (question, answer) = donor.turns.get(at)?;
        let same = question.text().trim() == asked.trim();
        return (same && good(answer)).then(|| answer.clone());
    }
    (0..20).find_map(|_| {
        let other = dice.below(donor.turns.len());
        let (question, answer) = donor.turns.get(other)?;
        let near = kind == Kind::Topic && other.abs_diff(at) < ELSEWHERE;
        (!near && question.text() != asked && good(answer)).then(|| answer.clone())
    })
}

/// A dialogue in which the user goes over to another place, time and again, and is answered there.
#[derive(Debug)]
pub(crate) struct Spliced {
    pub(crate) host: String,
    pub(crate) identity: String,
    pub(crate) turns: Vec<Exchange>,
    /// The first cycles after a change.
    pub(crate) changes: Vec<usize>,
}

/// Changes of subject in one spliced dialogue.
const CHANGES: usize = 6;

/// Goes to and fro between two dialogues, each time to another place of it.
pub(crate) fn splice(host: &Dialogue, other: &Dialogue, round: u64, seed: u64) -> Spliced {
    let mut dice = Dice::named(seed, &format!("splice {} {round}", host.name));
    let first = (FIRST + 8 + dice.below(20)).min(host.turns.len());
    let mut turns = host.turns[..first].to_vec();
    let mut changes = Vec::new();
    for round in 0..CHANGES {
        let source = if round % 2 == 0 { other } else { host };
        let length = 8 + dice.below(4);
        let start = dice.below(source.turns.len().saturating_sub(length));
        changes.push(turns.len());
        turns.extend(source.turns.iter().skip(start).take(length).cloned());
    }
    Spliced {
        host: host.name.clone(),
        identity: host.identity.clone(),
        turns,
        changes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::drift::corpus::Role;
    use sigma_text::{Vectors, read};

    fn dialogue(name: &str, cycles: usize) -> Dialogue {
        let utterance = |text: String| {
            Arc::new(Utterance {
                reading: read(&text),
                vectors: Vectors::default(),
            })
        };
        Dialogue {
            name: name.into(),
            identity: String::new(),
            role: Role::Calm,
            turns: (0..cycles)
                .map(|n| {
                    (
                        utterance(format!("question {n}")),
                        utterance(format!("{name} answer {n}")),
                    )
                })
                .collect(),
        }
    }

    #[test]
    fn what_is_planted_is_another_answer_and_all_else_stays() {
        let host = dialogue("host", 80);
        for (length, kind) in [
            (1, Kind::Topic),
            (5, Kind::Topic),
            (3, Kind::Persona),
            (5, Kind::Voice),
        ] {
            let donor = dialogue("donor", 80);
            let donor = if kind == Kind::Topic { &host } else { &donor };
            let planted = plant((&host, donor, kind), length, 7);
            let again = plant((&host, donor, kind), length, 7);
            assert_eq!(planted.labels, again.labels);
            for (at, (turn, label)) in planted.turns.iter().zip(&planted.labels).enumerate() {
                let changed = turn.1.text() != host.turns[at].1.text();
                assert_eq!(changed, matches!(label, Label::Planted(_)), "{at}");
                assert_eq!(turn.0.text(), host.turns[at].0.text());
            }
            assert!(planted.labels.contains(&Label::Planted(length - 1)));
            for (again, label) in planted.said_before.iter().zip(&planted.labels) {
                assert!(!again || matches!(label, Label::Planted(_)));
            }
            if (kind, length) == (Kind::Topic, 5) {
                assert!(planted.said_before.contains(&true));
            }
        }
    }

    #[test]
    fn a_change_of_subject_brings_its_own_answer() {
        let (host, other) = (dialogue("host", 60), dialogue("other", 60));
        let spliced = splice(&host, &other, 0, 1);
        assert_eq!(spliced.changes.len(), CHANGES);
        for (user, answer) in &spliced.turns {
            assert_eq!(
                user.text().rsplit(' ').next(),
                answer.text().rsplit(' ').next()
            );
        }
    }
}
