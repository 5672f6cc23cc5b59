//! Dialogues made of words that do not depend on an embedding model.

use sigma_attractor::{Readings, Registry, Settlement, Turn, Uptake};
use sigma_text::{Embedding, KeyPhrase, Utterance, Vectors, read};
use sigma_types::{Cycle, Measured, NonNegative, Speaker, Timestamp, Unit};
use std::collections::BTreeSet;

/// An utterance about a subject: its words are the phrases, its vector points where the subject
/// does.
pub(crate) fn about(subject: usize, words: &str) -> Utterance {
    let mut reading = read(words);
    reading.phrases = words
        .split_whitespace()
        .filter(|w| w.len() > 4)
        .map(|w| KeyPhrase {
            key: w.to_lowercase(),
            surface: w.to_owned(),
            weight: 0.8,
        })
        .collect();
    let mut vector = vec![0.05_f32; 40];
    vector[subject % 40] = 1.0;
    Utterance {
        reading,
        vectors: Vectors {
            whole: Embedding::new(vector).ok(),
            sentences: Vec::new(),
        },
    }
}

/// A dialogue in progress.
pub(crate) struct Dialogue {
    pub(crate) registry: Registry,
    pub(crate) cycle: Cycle,
    pub(crate) locked: bool,
}

impl Dialogue {
    pub(crate) fn new(registry: Registry) -> Self {
        Self {
            registry,
            cycle: Cycle(0),
            locked: false,
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::from_millis(i64::try_from(self.cycle.0).unwrap_or(0) * 1000).expect("in range")
    }

    pub(crate) fn say(&mut self, speaker: Speaker, utterance: &Utterance) -> Uptake {
        if speaker == Speaker::User {
            self.cycle = self.cycle.next();
        }
        let turn = Turn {
            cycle: self.cycle,
            at: self.now(),
            speaker,
            utterance,
        };
        self.registry.take_up(&turn)
    }

    /// A question and an answer about a subject, then the end of the cycle.
    pub(crate) fn turn(
        &mut self,
        subject: usize,
        ask: &str,
        answer: &str,
        di: f64,
    ) -> (Uptake, Settlement) {
        let uptake = self.say(Speaker::User, &about(subject, ask));
        self.say(Speaker::Assistant, &about(subject, answer));
        let settled = self.settle(di, 0.95);
        (uptake, settled)
    }

    pub(crate) fn settle(&mut self, di: f64, psi: f64) -> Settlement {
        let at = self.now();
        let readings = Readings {
            locked: self.locked,
            ..readings(di, psi)
        };
        self.registry
            .settle(self.cycle, at, &readings, &protected())
    }
}

pub(crate) fn protected() -> BTreeSet<String> {
    ["harbour", "lantern"].map(str::to_owned).into()
}

pub(crate) fn readings(di: f64, psi: f64) -> Readings {
    let unit = |x: f64| Measured::Value(Unit::clamped(x));
    Readings {
        di_raw: NonNegative::new(di).expect("a drift"),
        semantic_drift: unit(0.2),
        psi: unit(psi),
        psd: unit(0.9 - psi),
        ps_delta: unit(0.0),
        pci: unit(1.0),
        density: unit(0.6),
        crystallized: false,
        locked: false,
    }
}
