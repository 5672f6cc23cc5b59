//! How far an answer left what it was about: the user's turn, what was said just before, and the
//! subject at hand.
//!
//! The measure asks whether the answer belongs to *this* turn rather than to another turn of the same
//! session, so that a user who changes the subject moves nothing, and a persona that always speaks of
//! the same things is not taken for an answer. Vectors are taken without what all texts of the session
//! share, and where a lookup for single words is at hand, words are matched by meaning too.

use serde::{Deserialize, Serialize};
use sigma_attractor::{Attractor, UptakeEvent, rules::MotifRules};
use sigma_text::{Embedder, Embedding, Utterance, is_general};
use sigma_types::Cycle;

use crate::{
    packed::{Coarse, Middle, Sketch, TermSet, dot, scale, term_hash},
    request::speaks_of_answering,
    rules::SubjectRules,
    said::{Marks, Said},
    stats::{Window, mean},
};

/// The subject at hand, as the attractor registry knows it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AttractorView<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its motifs as (key of stems, as written, weight), the weightiest first.
    pub motifs: Vec<(&'a str, &'a str, f64)>,
    /// The middle of its utterances.
    pub centroid: Option<&'a Embedding>,
}

/// What the user's turn did to the subject at hand.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SubjectMove {
    /// Nobody said.
    #[default]
    Unknown,
    /// It opened the first subject.
    Opening,
    /// It went on with the subject.
    Continued,
    /// It took up a new subject.
    Changed,
    /// It returned to an earlier subject.
    Returned,
}

impl SubjectMove {
    /// Whether the user left the subject: then nothing ties the answer to what was said before.
    pub const fn leaves(self) -> bool {
        matches!(self, Self::Opening | Self::Changed | Self::Returned)
    }
}

impl<'a> AttractorView<'a> {
    /// The view of an attractor of the registry, as of a cycle.
    pub fn of(attractor: &'a Attractor, now: Cycle, rules: &MotifRules) -> Self {
        let motifs = attractor.motifs.top(MOTIFS, now, rules);
        Self {
            name: &attractor.name,
            motifs: motifs
                .into_iter()
                .map(|m| (m.key.as_str(), m.surface.as_str(), m.weight_at(now, rules)))
                .collect(),
            centroid: attractor.centroid.as_ref(),
        }
    }
}

/// Motifs that an answer is held against.
const MOTIFS: usize = 12;

impl From<UptakeEvent> for SubjectMove {
    fn from(event: UptakeEvent) -> Self {
        match event {
            UptakeEvent::Opening => Self::Opening,
            UptakeEvent::Continued | UptakeEvent::Recognised { .. } => Self::Continued,
            UptakeEvent::Formed => Self::Changed,
            UptakeEvent::Returned { .. } => Self::Returned,
            _ => Self::Unknown,
        }
    }
}

/// How an answer relates to the turn. `None` where a figure could not be had; nearness is a cosine of
/// vectors without what the session's texts share, `-1..=1`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SubjectReading {
    /// Weighted share of the turn's content words that the answer takes up, `0..=1`.
    pub overlap: Option<f64>,
    /// How near its words are to those of the turn, word by word: weighted mean of log mean
    /// exponentials, higher is nearer.
    pub match_by_word: Option<f64>,
    /// Nearness of the content words of answer and turn.
    pub nearness: Option<f64>,
    /// The same, less the mean with other turns of the session.
    pub nearness_contrast: Option<f64>,
    /// Share of the other turns that the answer is nearer to.
    pub rank: Option<f64>,
    /// Nearness of its first sentence and the turn.
    pub opening: Option<f64>,
    /// Nearness of answer and turn as whole texts.
    pub text: Option<f64>,
    /// The same, less the mean with other turns of the session.
    pub text_contrast: Option<f64>,
    /// Nearness of answer and turn less the means of either with the rest of the session.
    pub exchange: Option<f64>,
    /// Nearness to the answer before.
    pub carry_answer: Option<f64>,
    /// Nearness to the turn before.
    pub carry_turn: Option<f64>,
    /// Share of its content words said in the answer or turn before it.
    pub carry_overlap: Option<f64>,
    /// Weighted share of the attractor's motifs that the answer takes up.
    pub motifs: Option<f64>,
    /// Nearness to the attractor.
    pub attractor: Option<f64>,
    /// Share of it that was said before, to another turn.
    pub said_before: Option<f64>,
    /// Content words of the turn that the answer takes up, as the user wrote them.
    pub taken_up: Vec<String>,
    /// Content words of the turn that it does not, the rarest first.
    pub left_out: Vec<String>,
    /// Content words of the answer that are new to the session and not the user's.
    pub brought_in: Vec<String>,
    /// How many content words the turn has.
    pub turn_terms: usize,
    /// How far the turn has a subject of its own, `0..=1`: 0 for one that speaks only of the manner of
    /// answering ("again, but shorter").
    pub grip: f64,
}

/// What is kept of a turn or an answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Past {
    terms: TermSet,
    whole: Option<Coarse>,
    content: Option<Coarse>,
}

/// The last turns and answers. Bounded by the window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Turns {
    asked: Window<Past>,
    answers: Window<Past>,
    follows: bool,
    rarity: Sketch,
    turn_middle: Middle,
    answer_middle: Middle,
    turn_content: Middle,
    answer_content: Middle,
    word_middle: Middle,
    #[serde(default)]
    said: Said,
}

/// A text as it is compared.
struct Side {
    terms: TermSet,
    whole: Option<Vec<f32>>,
    content: Option<Vec<f32>>,
    words: Vec<Word>,
}

/// A content word, once a text.
struct Word {
    stem: String,
    surface: String,
    weight: f64,
    vector: Option<Vec<f32>>,
    /// Without what all words share.
    own: Option<Vec<f32>>,
    general: bool,
}

/// One text as it was compared, for [`Turns::learn`].
pub(crate) struct Compared {
    user: Side,
    answer: Side,
    marks: Marks,
}

impl Turns {
    /// Remembers nothing yet.
    pub(crate) fn new(rules: &SubjectRules) -> Self {
        Self {
            asked: Window::new(rules.turns),
            answers: Window::new(rules.answers),
            follows: false,
            rarity: Sketch::new(),
            turn_middle: Middle::default(),
            answer_middle: Middle::default(),
            turn_content: Middle::default(),
            answer_content: Middle::default(),
            word_middle: Middle::default(),
            said: Said::default(),
        }
    }

    /// Relates an answer to its turn and leaves the memory as it is.
    pub(crate) fn measure(
        &self,
        rules: &SubjectRules,
        (user, answer): (&Utterance, &Utterance),
        lookup: Option<&dyn Embedder>,
        attractor: Option<&AttractorView<'_>>,
        moved: SubjectMove,
    ) -> (SubjectReading, Compared) {
        let asked = self.side(rules, user, lookup, rules.turn_terms);
        let said = self.side(rules, answer, lookup, rules.terms);
        let mut reading = SubjectReading {
            grip: grip(rules, &asked),
            ..SubjectReading::default()
        };
        Self::lexical(rules, &asked, &said, &mut reading);
        Self::by_word(rules, &asked, &said, &mut reading);
        self.by_vector(rules, &asked, &said, answer, &mut reading);
        if !moved.leaves() {
            self.carry(rules, &said, &mut reading);
        }
        if let Some(attractor) = attractor {
            self.against_attractor(rules, &said, attractor, &mut reading);
        }
        self.brought_in(rules, &asked, &said, &mut reading);
        let (before, marks) = self.said.measure(rules.marks, user, answer);
        reading.said_before = before;
        (
            reading,
            Compared {
                user: asked,
                answer: said,
                marks,
            },
        )
    }

    fn side(
        &self,
        rules: &SubjectRules,
        text: &Utterance,
        lookup: Option<&dyn Embedder>,
        limit: usize,
    ) -> Side {
        let mut words: Vec<Word> = Vec::new();
        let mut seen: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
        let mut content: Vec<f32> = Vec::new();
        for term in &text.reading.terms {
            let at = match seen.get(term.stem.as_str()) {
                Some(at) => *at,
                None if words.len() >= limit => break,
                None => {
                    let surface = text.text().get(term.span.clone()).unwrap_or(&term.stem);
                    let general = is_general(&term.stem);
                    let vector = lookup
                        .and_then(|lookup| lookup.embed(surface).ok())
                        .map(|vector| vector.as_slice().to_vec());
                    words.push(Word {
                        weight: self.rarity.rarity(term_hash(&term.stem))
                            * if general { rules.general } else { 1.0 },
                        stem: term.stem.clone(),
                        surface: surface.to_owned(),
                        own: vector
                            .as_ref()
                            .map(|v| self.word_middle.without(v, rules.middle_half)),
                        vector,
                        general,
                    });
                    seen.insert(&term.stem, words.len() - 1);
                    words.len() - 1
                }
            };
            if let Some(vector) = &words[at].vector {
                content.resize(vector.len().max(content.len()), 0.0);
                let weight = words[at].weight as f32;
                content
                    .iter_mut()
                    .zip(vector)
                    .for_each(|(sum, x)| *sum += weight * x);
            }
        }
        scale(&mut content);
        let whole = text.vectors.whole.as_ref().map(|v| v.as_slice().to_vec());
        let content = if content.is_empty() {
            whole.clone()
        } else {
            Some(content)
        };
        let terms = TermSet::of(words.iter().map(|w| w.stem.as_str()), limit);
        Side {
            terms,
            whole,
            content,
            words,
        }
    }

    fn lexical(rules: &SubjectRules, asked: &Side, said: &Side, reading: &mut SubjectReading) {
        let mut stems: Vec<&str> = said.words.iter().map(|w| w.stem.as_str()).collect();
        stems.sort_unstable();
        let (mut all, mut held) = (0.0, 0.0);
        let mut left: Vec<(f64, String)> = Vec::new();
        for word in &asked.words {
            let credit = credit(rules, &stems, &said.terms, &word.stem);
            all += word.weight;
            held += word.weight * credit;
            if credit > 0.0 || meant(rules, word, said) {
                reading.taken_up.push(word.surface.clone());
            } else {
                left.push((word.weight, word.surface.clone()));
            }
        }
        left.sort_by(|a, b| b.0.total_cmp(&a.0));
        reading.left_out = left.into_iter().map(|(_, surface)| surface).collect();
        reading.turn_terms = asked.words.len();
        reading.overlap = (all > 0.0).then(|| held / all);
    }

    fn by_word(rules: &SubjectRules, asked: &Side, said: &Side, reading: &mut SubjectReading) {
        // A word that the session uses all the time says little about this answer.
        let telling = |word: &Word| (word.weight / rules.telling).min(1.0);
        let answer: Vec<(&Vec<f32>, f64)> = said
            .words
            .iter()
            .filter_map(|w| Some((w.own.as_ref()?, telling(w))))
            .collect();
        if answer.is_empty() {
            return;
        }
        let (mut sum, mut all) = (0.0, 0.0);
        for word in &asked.words {
            let Some(vector) = &word.own else { continue };
            let total: f64 = answer
                .iter()
                .map(|(other, telling)| telling * (rules.sharpness * dot(vector, other)).exp())
                .sum();
            sum += word.weight * (total / answer.len() as f64 + 1e-9).ln();
            all += word.weight;
        }
        reading.match_by_word = (all > 0.0).then(|| sum / all);
    }

    fn by_vector(
        &self,
        rules: &SubjectRules,
        asked: &Side,
        said: &Side,
        answer: &Utterance,
        reading: &mut SubjectReading,
    ) {
        let half = rules.middle_half;
        if let (Some(turn), Some(content)) = (&asked.content, &said.content) {
            let content = self.answer_content.without(content, half);
            let near = |turn: &[f32]| dot(&self.turn_content.without(turn, half), &content);
            let own = near(turn);
            let others: Vec<f64> = self
                .asked
                .iter()
                .filter_map(|past| Some(near(&past.content.as_ref()?.values())))
                .collect();
            reading.nearness = Some(own);
            if let Some(mean) = mean(others.iter().copied()) {
                reading.nearness_contrast = Some(own - mean);
                let nearer = others.iter().filter(|other| **other > own).count();
                reading.rank = Some(nearer as f64 / others.len() as f64);
            }
        }
        let (Some(turn), Some(whole)) = (&asked.whole, &said.whole) else {
            return;
        };
        let turn = self.turn_middle.without(turn, half);
        let whole = self.answer_middle.without(whole, half);
        reading.opening = answer
            .vectors
            .sentences
            .iter()
            .flatten()
            .next()
            .map(|first| dot(&turn, &self.answer_middle.without(first.as_slice(), half)));
        let own = dot(&turn, &whole);
        reading.text = Some(own);
        let with_turns = self.asked.iter().filter_map(|past| {
            let other = self
                .turn_middle
                .without(&past.whole.as_ref()?.values(), half);
            Some(dot(&other, &whole))
        });
        let with_answers = self.answers.iter().filter_map(|past| {
            let other = self
                .answer_middle
                .without(&past.whole.as_ref()?.values(), half);
            Some(dot(&turn, &other))
        });
        let (with_turns, with_answers) = (mean(with_turns), mean(with_answers));
        reading.text_contrast = with_turns.map(|mean| own - mean);
        reading.exchange = with_turns.zip(with_answers).map(|(a, b)| own - a - b);
    }

    fn carry(&self, rules: &SubjectRules, said: &Side, reading: &mut SubjectReading) {
        let (Some(turn), true) = (self.asked.last(), self.follows) else {
            return;
        };
        let Some(answer) = self.answers.last() else {
            return;
        };
        if let Some(content) = &said.content {
            let content = self.answer_content.without(content, rules.middle_half);
            let near = |past: &Past, middle: &Middle| {
                let values = past.content.as_ref()?.values();
                Some(dot(&middle.without(&values, rules.middle_half), &content))
            };
            reading.carry_answer = near(answer, &self.answer_content);
            reading.carry_turn = near(turn, &self.turn_content);
        }
        if !said.terms.is_empty() {
            let context = TermSet::union([&turn.terms, &answer.terms]);
            reading.carry_overlap =
                Some(said.terms.shared(&context) as f64 / said.terms.len() as f64);
        }
    }

    fn against_attractor(
        &self,
        rules: &SubjectRules,
        said: &Side,
        attractor: &AttractorView<'_>,
        reading: &mut SubjectReading,
    ) {
        let (mut all, mut held) = (0.0, 0.0);
        for (key, _, weight) in attractor.motifs.iter().take(MOTIFS) {
            let parts: Vec<&str> = key.split(' ').collect();
            let found = parts
                .iter()
                .filter(|part| said.terms.holds(term_hash(part)))
                .count();
            all += weight;
            held += weight * found as f64 / parts.len().max(1) as f64;
        }
        reading.motifs = (all > 0.0).then(|| held / all);
        if let (Some(whole), Some(centroid)) = (&said.whole, attractor.centroid) {
            let middle = &self.answer_middle;
            reading.attractor = Some(dot(
                &middle.without(whole, rules.middle_half),
                &middle.without(centroid.as_slice(), rules.middle_half),
            ));
        }
    }

    fn brought_in(
        &self,
        rules: &SubjectRules,
        asked: &Side,
        said: &Side,
        reading: &mut SubjectReading,
    ) {
        if self.rarity.texts() == 0 {
            return;
        }
        let mut found: Vec<&Word> = said
            .words
            .iter()
            .filter(|word| {
                let hash = term_hash(&word.stem);
                !word.general && !asked.terms.holds(hash) && !self.rarity.knows(hash)
            })
            .collect();
        found.sort_by_key(|word| std::cmp::Reverse(word.surface.chars().count()));
        reading.brought_in = found
            .into_iter()
            .take(rules.words_shown)
            .map(|word| word.surface.clone())
            .collect();
    }

    /// Takes the turn and its answer into the memory. After an answer that was not calm nothing is
    /// expected to follow from it.
    pub(crate) fn learn(&mut self, rules: &SubjectRules, compared: Compared, calm: bool) {
        let Compared {
            user,
            answer,
            marks,
        } = compared;
        self.rarity
            .add(&TermSet::union([&user.terms, &answer.terms]));
        let keep = |side: &Side| Past {
            terms: side.terms.clone(),
            whole: side.whole.as_deref().map(Coarse::of_values),
            content: side.content.as_deref().map(Coarse::of_values),
        };
        self.asked.push(keep(&user));
        for (side, whole, content) in [
            (&user, &mut self.turn_middle, &mut self.turn_content),
            (&answer, &mut self.answer_middle, &mut self.answer_content),
        ] {
            side.whole.iter().for_each(|v| whole.add(v));
            side.content.iter().for_each(|v| content.add(v));
        }
        for word in answer.words.iter().take(rules.middle_words) {
            word.vector.iter().for_each(|v| self.word_middle.add(v));
        }
        self.follows = calm;
        if calm {
            self.answers.push(keep(&answer));
            self.said.learn(&marks);
        }
    }
}

/// Whether the answer says the word with another one.
fn meant(rules: &SubjectRules, word: &Word, said: &Side) -> bool {
    let Some(vector) = &word.own else {
        return false;
    };
    let mut others = said.words.iter().filter_map(|other| other.own.as_ref());
    others.any(|other| dot(vector, other) >= rules.synonym)
}

/// How far the turn's content words make a subject: the more they weigh, and a single one half as much.
fn grip(rules: &SubjectRules, asked: &Side) -> f64 {
    let (weight, words) = asked
        .words
        .iter()
        .filter(|word| !speaks_of_answering(&word.surface.to_lowercase()))
        .fold((0.0, 0.0), |(weight, n), word| {
            (weight + word.weight, n + 1.0)
        });
    weight / (weight + rules.grip) * (words / rules.grip_words.max(1.0)).min(1.0)
}

/// Whole credit for a word taken up, part of it for one of the same family ("comprehend",
/// "comprehension").
fn credit(rules: &SubjectRules, stems: &[&str], answer: &TermSet, stem: &str) -> f64 {
    if answer.holds(term_hash(stem)) {
        return 1.0;
    }
    let Some((end, _)) = stem.char_indices().nth(rules.family_letters) else {
        return 0.0;
    };
    let head = &stem[..end];
    let at = stems.partition_point(|other| *other < head);
    let family = stems.get(at).is_some_and(|other| other.starts_with(head));
    if family { rules.family_credit } else { 0.0 }
}
