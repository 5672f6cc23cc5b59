//! Openings and endings that repeat (`SRIP-10 §10h`, `§10i`).
//!
//! Two readings differ from the print, where the print misses what it was made for: an opening is the
//! first two words as they are, not five words by similarity; and an open end is no pattern, so that
//! natural endings do not count as the worst case.

use serde::{Deserialize, Serialize};
use sigma_text::Utterance;
use sigma_types::{Measured, Missing, Unit};
use std::collections::BTreeMap;

use crate::{rules::PositionalRules, stats::Window};

/// How an answer ends (`SRIP-10 §10i`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Terminal {
    /// A list.
    ActionList,
    /// A question.
    QuestionBlock,
    /// A heading or a summing-up.
    SummaryHeader,
    /// An offer or a reassurance.
    AffirmationClose,
    /// A reminder of what the assistant cannot or must not do.
    BoundaryReminder,
    /// Anything else.
    OpenEnd,
}

/// What repeats at the edges of the last answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Positional {
    /// Share of the commonest opening.
    pub first_token_crystallization: Measured<Unit>,
    /// That opening, where it is more than a coincidence.
    pub dominant_pattern: Option<String>,
    /// Share of answers that open with an -ing form.
    pub gerund_openings: Measured<Unit>,
    /// Share of the commonest ending other than an open one, of all answers.
    pub terminal_crystallization: Measured<Unit>,
    /// That ending.
    pub dominant_terminal: Option<Terminal>,
    /// Entropy of the endings, bits.
    pub structural_entropy: Measured<f64>,
    /// The opening is set: raised above .50, cleared after five cycles under .35.
    pub onset_active: bool,
    /// The ending is set: raised above .55, cleared after five cycles under .40.
    pub terminal_active: bool,
}

/// Openings and endings of the last answers. Bounded by the window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct PositionalTrack {
    openings: Window<(String, bool)>,
    endings: Window<Terminal>,
    onset: Flag,
    terminal: Flag,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
struct Flag {
    active: bool,
    good: u32,
}

impl Flag {
    fn step(&mut self, value: f64, raise: f64, clear: f64, after: u32) -> bool {
        self.good = if value < clear {
            self.good.saturating_add(1)
        } else {
            0
        };
        if value > raise {
            self.active = true;
        } else if self.good >= after {
            self.active = false;
        }
        self.active
    }
}

impl PositionalTrack {
    /// Starts without a past.
    pub(crate) fn new(rules: &PositionalRules) -> Self {
        Self {
            openings: Window::new(rules.window),
            endings: Window::new(rules.window),
            onset: Flag::default(),
            terminal: Flag::default(),
        }
    }

    /// Takes in an answer. Nothing is said before there are enough of them.
    pub(crate) fn observe(&mut self, rules: &PositionalRules, answer: &Utterance) -> Positional {
        let words = &answer.reading.words;
        let opening: Vec<&str> = words
            .iter()
            .take(rules.opening_words)
            .map(|w| clip(w, rules.word_bytes))
            .collect();
        let gerund = words
            .first()
            .is_some_and(|w| w.len() > 5 && w.ends_with("ing"));
        self.openings.push((opening.join(" "), gerund));
        self.endings.push(terminal(rules, answer));

        let n = self.openings.len();
        let enough = n >= rules.least;
        let share = |count: usize| {
            let value = enough.then(|| Unit::clamped(count as f64 / n as f64));
            Measured::from_option(value, Missing::WindowTooShort)
        };
        let (pattern, patterns) = commonest(self.openings.iter().map(|(o, _)| o.as_str()));
        let ends = self.endings.iter().filter(|end| **end != Terminal::OpenEnd);
        let (ending, endings) = commonest(ends.copied());
        let onset = share(patterns);
        let closing = share(endings);
        let value = |m: Measured<Unit>| m.value().map_or(0.0, Unit::get);
        Positional {
            first_token_crystallization: onset,
            dominant_pattern: pattern
                .filter(|_| value(onset) > rules.pattern_reported)
                .map(str::to_owned),
            gerund_openings: share(self.openings.iter().filter(|(_, gerund)| *gerund).count()),
            terminal_crystallization: closing,
            dominant_terminal: ending,
            structural_entropy: Measured::from_option(
                enough.then(|| entropy(self.endings.iter().copied())),
                Missing::WindowTooShort,
            ),
            onset_active: self.onset.step(
                value(onset),
                rules.onset_raise,
                rules.onset_clear,
                rules.clear_after,
            ),
            terminal_active: self.terminal.step(
                value(closing),
                rules.terminal_raise,
                rules.terminal_clear,
                rules.clear_after,
            ),
        }
    }
}

fn clip(word: &str, bytes: usize) -> &str {
    let mut end = word.len().min(bytes);
    while !word.is_char_boundary(end) {
        end -= 1;
    }
    &word[..end]
}

fn commonest<T: Ord + Copy>(items: impl Iterator<Item = T>) -> (Option<T>, usize) {
    let mut counts: BTreeMap<T, usize> = BTreeMap::new();
    for item in items {
        *counts.entry(item).or_default() += 1;
    }
    let top = counts
        .into_iter()
        .fold(None, |top: Option<(T, usize)>, (item, n)| match top {
            Some((_, most)) if most >= n => top,
            _ => Some((item, n)),
        });
    (top.map(|(item, _)| item), top.map_or(0, |(_, n)| n))
}

fn entropy<T: Ord + Copy>(items: impl Iterator<Item = T>) -> f64 {
    let mut counts: BTreeMap<T, f64> = BTreeMap::new();
    for item in items {
        *counts.entry(item).or_default() += 1.0;
    }
    let n: f64 = counts.values().sum();
    counts
        .values()
        .map(|c| -(c / n) * (c / n).log2())
        .sum::<f64>()
        + 0.0
}

const SUMMARIES: [&str; 9] = [
    "in summary",
    "in short",
    "overall",
    "to sum",
    "in conclusion",
    "to summarize",
    "to summarise",
    "ultimately",
    "in essence",
];
const OFFERS: [&str; 10] = [
    "let me know",
    "feel free",
    "happy to",
    "glad to",
    "here to",
    "do not hesitate",
    "don't hesitate",
    "at your service",
    "how may i",
    "if you'd like",
];
const BOUNDARIES: [&str; 8] = [
    "consult",
    "professional",
    "doctor",
    "i cannot",
    "i can't",
    "i'm not able",
    "not a substitute",
    "as an ai",
];

/// Sorts the last paragraph of an answer.
fn terminal(rules: &PositionalRules, answer: &Utterance) -> Terminal {
    let text = answer.text();
    let tail = text.trim_end();
    let start = tail.rfind("\n\n").map_or(0, |at| at + 2);
    let bounded = tail.len().saturating_sub(rules.tail_bytes);
    let start = (start.max(bounded)..=tail.len()).find(|at| tail.is_char_boundary(*at));
    let last = tail[start.unwrap_or(tail.len())..].trim();
    let lower = last.to_lowercase();
    let line = lower.lines().last().unwrap_or_default().trim_start();
    let opens = |list: &[&str]| {
        list.iter()
            .any(|mark| lower.trim_start_matches(['*', '#', ' ']).starts_with(mark))
    };
    let holds = |list: &[&str]| list.iter().any(|mark| lower.contains(mark));
    let digits = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let numbered = digits.len() < line.len() && digits.starts_with(['.', ')']);
    if line.starts_with("- ") || line.starts_with("* ") || line.starts_with("• ") || numbered {
        Terminal::ActionList
    } else if last.ends_with(['?', '？', '؟']) {
        Terminal::QuestionBlock
    } else if last.starts_with('#') || opens(&SUMMARIES) {
        Terminal::SummaryHeader
    } else if holds(&BOUNDARIES) {
        Terminal::BoundaryReminder
    } else if holds(&OFFERS) {
        Terminal::AffirmationClose
    } else {
        Terminal::OpenEnd
    }
}
