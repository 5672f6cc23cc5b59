//! Plants intrusions, by a seeded generator.

use sigma_text::Utterance;
use std::sync::Arc;

use crate::data::Dialogue;

/// SplitMix64: small, seeded, good enough to pick places.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5bf0_3635)
    }

    pub(crate) fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % n.max(1) as u64) as usize
    }
}

/// What is planted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// Answers of another persona to other questions.
    Persona,
    /// The same persona's answers to other questions.
    Topic,
    /// The model's answer without runtime to the same question.
    Voice,
}

impl Kind {
    pub(crate) const ALL: [Self; 3] = [Self::Persona, Self::Topic, Self::Voice];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Persona => "(a) persona",
            Self::Topic => "(b) topic",
            Self::Voice => "(c) voice",
        }
    }
}

/// What a cycle is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Label {
    /// As it was, before any intrusion or well after it.
    Clean,
    /// Planted: the kind, and how many cycles into the intrusion, from 0.
    Planted(Kind, usize),
    /// As it was, shortly after an intrusion.
    After,
}

/// A dialogue with intrusions.
pub(crate) struct Planted {
    pub(crate) identity: String,
    pub(crate) name: String,
    pub(crate) turns: Vec<(Arc<Utterance>, Arc<Utterance>)>,
    pub(crate) labels: Vec<Label>,
}

/// The first cycle that may be replaced: before that nobody knows the voice.
const FIRST: usize = 10;
/// Cycles from one intrusion to the next, at least.
const APART: usize = 14;
/// Cycles after an intrusion that are not counted as clean.
const WAKE: usize = 5;

/// Plants intrusions of a kind and length into `host`. The answers come from `donor`; for
/// [`Kind::Voice`] from the same place, otherwise from anywhere but there.
pub(crate) fn plant(
    host: &Dialogue,
    donor: &Dialogue,
    kind: Kind,
    length: usize,
    dice: &mut Dice,
) -> Planted {
    let mut turns = host.turns.clone();
    let mut labels = vec![Label::Clean; turns.len()];
    let mut at = FIRST + dice.below(APART / 2);
    while at + length < turns.len() {
        for offset in 0..length {
            if let Some(answer) = pick(host, donor, kind, at + offset, dice) {
                turns[at + offset].1 = answer;
                labels[at + offset] = Label::Planted(kind, offset);
            }
        }
        for label in labels.iter_mut().skip(at + length).take(WAKE) {
            *label = Label::After;
        }
        at += length + APART + dice.below(APART);
    }
    Planted {
        identity: host.identity.clone(),
        name: host.name.clone(),
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
    if kind == Kind::Voice {
        return donor
            .turns
            .get(at)
            .map(|(_, answer)| answer.clone())
            .filter(good);
    }
    for _ in 0..20 {
        let other = dice.below(donor.turns.len());
        let (question, answer) = &donor.turns[other];
        let near = kind == Kind::Topic && other.abs_diff(at) < 3;
        if !near && question.text() != host.turns[at].0.text() && good(answer) {
            return Some(answer.clone());
        }
    }
    None
}

/// Goes from one dialogue to another place of a second at a turn of the user, with its own answer.
/// The labels mark the first cycle after the change as planted, for counting.
pub(crate) fn splice(host: &Dialogue, other: &Dialogue, dice: &mut Dice) -> (Planted, Vec<usize>) {
    let mut turns: Vec<_> = host.turns[..FIRST + 8 + dice.below(20)].to_vec();
    let mut changes = Vec::new();
    for round in 0..6 {
        let source = if round % 2 == 0 { other } else { host };
        let start = dice.below(source.turns.len() - 12);
        changes.push(turns.len());
        turns.extend_from_slice(&source.turns[start..start + 8 + dice.below(4)]);
    }
    let labels = vec![Label::Clean; turns.len()];
    let planted = Planted {
        identity: host.identity.clone(),
        name: host.name.clone(),
        turns,
        labels,
    };
    (planted, changes)
}
