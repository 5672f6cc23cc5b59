//! What the answers of a session said, as marks of their runs of words: enough to tell an answer that
//! was given before, to another turn, however long ago.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use sigma_text::Utterance;

use crate::packed::{decode, encode, term_hash};

/// Words in a run.
const RUN: usize = 5;
/// One run in so many leaves a mark.
const SAMPLED: u32 = 8;
/// Bits of one field of marks.
const BITS: usize = 32_768;
/// Marks after which a field is full and the older one is dropped.
const FULL: u32 = 4000;
/// Told from runs of answers.
const TURN: u32 = 0x5bd1_e995;
/// Words by which a turn asks for what was said.
const BACK: [&str; 12] = [
    "again",
    "before",
    "earlier",
    "last",
    "previous",
    "previously",
    "recall",
    "recap",
    "remember",
    "remind",
    "repeat",
    "said",
];

/// Marks in constant space: two fields, of which the older one is dropped when the newer is full.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Said {
    new: Field,
    old: Field,
    marks: u32,
}

impl Default for Said {
    fn default() -> Self {
        Self {
            new: Field::empty(),
            old: Field::empty(),
            marks: 0,
        }
    }
}

/// The marks of a turn and its answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Marks {
    turn: u32,
    answer: Vec<u32>,
}

impl Said {
    /// The share of the answer that was said before, `0..=1`. `None` where the answer is too short to
    /// tell, the same turn was answered before, or the turn asks for what was said.
    pub(crate) fn measure(
        &self,
        least: usize,
        user: &Utterance,
        answer: &Utterance,
    ) -> (Option<f64>, Marks) {
        let words = &user.reading.words;
        let marks = Marks {
            turn: run(words) ^ TURN,
            answer: answer
                .reading
                .words
                .windows(RUN)
                .map(run)
                .filter(|hash| hash.is_multiple_of(SAMPLED))
                .collect(),
        };
        let back = || words.iter().any(|word| BACK.contains(&word.as_str()));
        if marks.answer.len() < least.max(1) || self.knows(marks.turn) || back() {
            return (None, marks);
        }
        let known = marks
            .answer
            .iter()
            .filter(|mark| self.knows(**mark))
            .count();
        (Some(known as f64 / marks.answer.len() as f64), marks)
    }

    fn knows(&self, mark: u32) -> bool {
        self.new.holds(mark) || self.old.holds(mark)
    }

    /// Keeps the marks of a calm answer and its turn.
    pub(crate) fn learn(&mut self, marks: &Marks) {
        for mark in marks.answer.iter().chain([&marks.turn]) {
            if self.marks >= FULL {
                self.old = std::mem::replace(&mut self.new, Field::empty());
                self.marks = 0;
            }
            self.marks += 1;
            self.new.set(*mark);
        }
    }
}

/// A stable hash of a run of words.
fn run(words: &[String]) -> u32 {
    let hash = words.iter().fold(0x9e37_79b9_u32, |hash, word| {
        (hash.rotate_left(5) ^ term_hash(word)).wrapping_mul(0x85eb_ca6b)
    });
    hash ^ (hash >> 15)
}

/// Two bits a mark: never forgets one, seldom takes one for another.
#[derive(Debug, Clone, PartialEq)]
struct Field(Vec<u8>);

impl Field {
    fn empty() -> Self {
        Self(vec![0; BITS / 8])
    }

    fn places(mark: u32) -> [usize; 2] {
        let other = mark.wrapping_mul(0xc2b2_ae35).rotate_left(13);
        [(mark / SAMPLED) as usize % BITS, other as usize % BITS]
    }

    fn set(&mut self, mark: u32) {
        for place in Self::places(mark) {
            self.0[place / 8] |= 1 << (place % 8);
        }
    }

    fn holds(&self, mark: u32) -> bool {
        Self::places(mark)
            .iter()
            .all(|place| self.0[place / 8] & (1 << (place % 8)) != 0)
    }
}

impl Serialize for Field {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode(&String::deserialize(deserializer)?)
            .filter(|bytes| bytes.len() == BITS / 8)
            .map(Self)
            .ok_or_else(|| D::Error::custom("not a field of marks"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sigma_text::{Vectors, read};

    fn text(text: &str) -> Utterance {
        Utterance {
            reading: read(text),
            vectors: Vectors::default(),
        }
    }

    fn words(seed: u32, n: u32) -> String {
        let mixed = |x: u32| (x ^ (x >> 16)).wrapping_mul(0x45d9_f3b3);
        let word = |at: u32| format!("w{}", mixed(mixed(seed * 7919 + at)) % 5000);
        (0..n).map(word).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn an_answer_given_before_is_known_and_a_new_one_is_not() {
        let mut said = Said::default();
        for n in 0..200 {
            let (_, marks) = said.measure(3, &text(&format!("turn {n}")), &text(&words(n, 120)));
            said.learn(&marks);
        }
        let share = |turn: &str, n| said.measure(3, &text(turn), &text(&words(n, 120))).0;
        assert_eq!(share("another turn", 20), Some(1.0));
        assert!(share("another turn", 900).unwrap() < 0.5);
        assert_eq!(share("turn 20", 20), None, "the same turn");
        assert_eq!(share("say it again", 20), None);
        assert_eq!(said.measure(3, &text("x"), &text("too short")).0, None);
    }

    #[test]
    fn it_forgets_what_is_long_ago_and_stays_as_large() {
        let mut said = Said::default();
        let size = serde_json::to_string(&said).unwrap().len();
        for n in 0..2000 {
            let (_, marks) = said.measure(3, &text("turn"), &text(&words(n, 120)));
            said.learn(&marks);
        }
        let share = |n| {
            said.measure(3, &text("other"), &text(&words(n, 120)))
                .0
                .unwrap()
        };
        assert_eq!(share(1990), 1.0);
        assert!(share(20) < 0.6);
        let written = serde_json::to_string(&said).unwrap();
        assert!(written.len() < size + 8);
        assert_eq!(serde_json::from_str::<Said>(&written).unwrap(), said);
    }
}
