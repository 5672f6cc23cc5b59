//! Bounded, deterministic correction of an output (`SRIP-13 §XI.4`): unit by unit, with the least that
//! restores the boundary, and read again after each change. Clean text is never touched.

mod bridge;
mod figure;
mod prune;
mod unit;
mod voice;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::rules::Rules;
use crate::{Clause, Context, Evidence, Violation, Watch, message};

pub(crate) use bridge::pick;
pub(crate) use unit::{Splitter, Unit};
pub(crate) use voice::Manner;

use bridge::{Matter, bridge};
use voice::capitalised;

/// What was done to a unit (`SRIP-13 §XI.4`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TransformKind {
    /// A clause was left out and what was left was joined.
    Prune,
    /// Put as a figure of speech.
    Reframe,
    /// A time that reaches beyond the talk was left out.
    Unbind,
    /// Presence was told as resumption.
    Resume,
    /// An event was told as the event it is.
    Restate,
    /// A name or relation was narrowed to where it holds.
    Narrow,
    /// What is somebody else's was kept back.
    Withhold,
    /// What the agent is was set right.
    Ground,
    /// A sentence was left out.
    Drop,
}

/// How often each kind was done.
pub type TransformCounts = BTreeMap<TransformKind, u64>;

/// A crossed boundary with the clause it stands in; spans count from the unit's first byte.
#[derive(Debug, Clone)]
pub(crate) struct Finding<'a> {
    pub(crate) violation: &'a Violation,
    pub(crate) clause: &'a Clause,
}

/// A unit as it is to be released.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rewritten {
    /// Lead, words and space after them; empty if the unit is left out.
    pub(crate) text: String,
    /// What was done; `None` for a unit that was clean.
    pub(crate) kind: Option<TransformKind>,
}

/// Rewrites the units of one output, one after another.
#[derive(Debug, Clone)]
pub(crate) struct Rewriter<'c> {
    context: &'c Context,
    rules: Rules,
    /// The message speaks of the agent: a sentence that is left out may have been the answer.
    asked: bool,
    /// Figures of speech are let through; a conservative path takes none.
    figures: bool,
    manner: Manner,
    bridged: BTreeSet<Matter>,
    changed: usize,
    spoke: bool,
    /// Words that were said.
    words: usize,
    /// A sentence that was left out without another in its place.
    owed: Option<(Matter, String)>,
    /// The unit before was left out or replaced: what points back at it points at nothing.
    orphans: bool,
    pub(crate) done: TransformCounts,
}

/// The budget of changes is used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Exhausted;

impl<'c> Rewriter<'c> {
    pub(crate) fn new(context: &'c Context, user: &str, rules: Rules, figures: bool) -> Self {
        Self {
            context,
            rules,
            asked: message::speaks_of_agent(user),
            figures,
            manner: Manner::Plain,
            bridged: BTreeSet::new(),
            changed: 0,
            spoke: false,
            words: 0,
            owed: None,
            orphans: false,
            done: TransformCounts::new(),
        }
    }

    /// What of a unit may be said. `said` has read what was said of the output so far; `findings` and
    /// `clauses` are of the unit, in the bytes of its body.
    pub(crate) fn unit(
        &mut self,
        unit: &Unit<'_>,
        findings: &[Finding<'_>],
        clauses: &[Clause],
        said: &Watch,
    ) -> Result<Rewritten, Exhausted> {
        if unit.code || unit.body.is_empty() {
            return Ok(Rewritten {
                text: [unit.lead, unit.body, unit.trail].concat(),
                kind: None,
            });
        }
        if findings.is_empty() {
            return Ok(self.clean(unit, said));
        }
        self.changed += 1;
        if self.changed > self.rules.rewrite.units {
            return Err(Exhausted);
        }
        self.manner = Manner::of(&[said.text(), unit.body].concat());
        let tries = self.attempts(unit, findings, clauses);
        for (kind, body) in tries.into_iter().take(self.rules.rewrite.attempts) {
            if stands(&body, unit, said) {
                return Ok(self.replaced(unit, kind, &body, false));
            }
        }
        self.instead(unit, findings, said)
    }

    /// A clean unit: as it is, unless it points back at what is no longer there, or is not clean after what
    /// was said in the place of other units.
    fn clean(&mut self, unit: &Unit<'_>, said: &Watch) -> Rewritten {
        if !stands(unit.body, unit, said) {
            self.orphans = true;
            self.count(TransformKind::Drop);
            return left_out(unit);
        }
        if std::mem::take(&mut self.orphans) {
            if points_back(unit.body) {
                self.orphans = true;
                self.count(TransformKind::Drop);
                return left_out(unit);
            }
            if let Some(body) = without_connector(unit.body, self.spoke) {
                self.heard(&body);
                return Rewritten {
                    text: [unit.lead, &body, unit.trail].concat(),
                    kind: Some(TransformKind::Prune),
                };
            }
        }
        self.heard(unit.body);
        Rewritten {
            text: [unit.lead, unit.body, unit.trail].concat(),
            kind: None,
        }
    }

    fn heard(&mut self, body: &str) {
        self.spoke = true;
        self.words += body.split_whitespace().count();
    }

    /// Smaller changes than another sentence, the smallest first.
    fn attempts(
        &self,
        unit: &Unit<'_>,
        findings: &[Finding<'_>],
        clauses: &[Clause],
    ) -> Vec<(TransformKind, String)> {
        let mut tries = Vec::new();
        // all clues of a sentence together say that it crosses, and not which part of it does
        let weighed = |f: &Finding<'_>| f.violation.evidence.contains(&Evidence::Weighed);
        if findings.iter().any(weighed) {
            return tries;
        }
        let answers = self.asked && !self.spoke;
        if !answers {
            tries.extend(
                prune::prune(unit.body, findings, clauses).map(|t| (TransformKind::Prune, t)),
            );
        }
        tries.extend(figure::unbind(unit.body, findings).map(|t| (TransformKind::Unbind, t)));
        if self.figures {
            let names = self.names();
            tries.extend(
                figure::reframe(unit.body, findings, clauses, &names)
                    .map(|t| (TransformKind::Reframe, t)),
            );
        }
        tries
    }

    /// Another sentence in place of the unit, or nothing.
    fn instead(
        &mut self,
        unit: &Unit<'_>,
        findings: &[Finding<'_>],
        said: &Watch,
    ) -> Result<Rewritten, Exhausted> {
        let matter = findings.iter().map(Matter::of).next().ok_or(Exhausted)?;
        let event = matter == Matter::Event && !self.context.events.is_empty();
        let wanted = !self.spoke || self.asked || event;
        let room =
            self.bridged.len() < self.rules.rewrite.bridges && !self.bridged.contains(&matter);
        if wanted && room {
            let sentence = bridge(matter, self.context, self.manner, unit.body);
            if stands(&sentence, unit, said) {
                self.bridged.insert(matter);
                return Ok(self.replaced(unit, kind_of(matter), &sentence, true));
            }
        }
        if self.bridged.is_empty() && self.owed.is_none() {
            self.owed = Some((matter, unit.body.to_owned()));
        }
        self.count(TransformKind::Drop);
        self.orphans = true;
        Ok(left_out(unit))
    }

    /// A last sentence, where next to nothing is left of the output.
    pub(crate) fn closing(&mut self, said: &Watch) -> Option<String> {
        if self.words >= self.rules.rewrite.least_words || !self.bridged.is_empty() {
            return None;
        }
        let (matter, seed) = self.owed.take()?;
        let sentence = bridge(matter, self.context, self.manner, &seed);
        if !stands(&sentence, &Unit::of("", false), said) {
            return None;
        }
        self.count(kind_of(matter));
        Some(sentence)
    }

    fn replaced(
        &mut self,
        unit: &Unit<'_>,
        kind: TransformKind,
        body: &str,
        orphans: bool,
    ) -> Rewritten {
        self.count(kind);
        self.heard(body);
        self.orphans = orphans;
        Rewritten {
            text: [unit.lead, body, unit.trail].concat(),
            kind: Some(kind),
        }
    }

    fn count(&mut self, kind: TransformKind) {
        *self.done.entry(kind).or_default() += 1;
    }

    fn names(&self) -> Vec<&str> {
        let people = self.context.participants.iter().map(|p| p.name.as_str());
        people
            .chain([self.context.canonical_name.as_str()])
            .chain(
                self.context
                    .session_alias
                    .iter()
                    .map(|alias| alias.name.as_str()),
            )
            .filter(|name| !name.is_empty())
            .collect()
    }

    /// A unit went out as it was.
    pub(crate) fn passed(&mut self, unit: &Unit<'_>) {
        if !unit.body.is_empty() {
            self.heard(unit.body);
        }
    }
}

fn kind_of(matter: Matter) -> TransformKind {
    match matter {
        Matter::Away | Matter::Leaving => TransformKind::Resume,
        Matter::Event => TransformKind::Restate,
        Matter::Name | Matter::Only => TransformKind::Narrow,
        Matter::Others => TransformKind::Withhold,
        _ => TransformKind::Ground,
    }
}

/// Pronouns that point at what was said before.
const POINTING: &[&str] = &[
    "it",
    "that",
    "this",
    "such",
    "those",
    "these",
    "they",
    "he",
    "she",
    "which",
    "nor",
    "neither",
    "both",
    "hence",
    "therefore",
    "that's",
    "it's",
    "he's",
    "she's",
    "they're",
    "his",
    "her",
    "their",
    "him",
    "them",
];

/// Whether a sentence begins with a word that points back.
fn points_back(body: &str) -> bool {
    let mut words = body.split_whitespace().map(|word| {
        word.trim_matches(|c: char| !c.is_alphanumeric())
            .to_lowercase()
            .replace('\u{2019}', "'")
    });
    let mut first = words.next().unwrap_or_default();
    if CONNECTORS.contains(&first.as_str()) {
        first = words.next().unwrap_or_default();
    }
    // "it is raining" and "this morning" point at nothing, but are rarer here than what does
    POINTING.contains(&first.as_str())
}

const CONNECTORS: &[&str] = &["and", "but", "so", "or", "yet", "because", "then", "still"];

/// A sentence without the connector at its head, where there is one that hangs in the air.
fn without_connector(body: &str, spoke: bool) -> Option<String> {
    let (first, rest) = body.split_once(' ')?;
    let word = first.trim_end_matches(',').to_lowercase();
    let hangs = matches!(word.as_str(), "and" | "or" | "because") || !spoke && word != "still";
    (hangs && CONNECTORS.contains(&word.as_str())).then(|| capitalised(rest.trim_start()))
}

/// Nothing of a unit but the line breaks after it.
fn left_out(unit: &Unit<'_>) -> Rewritten {
    let breaks: String = unit.trail.chars().filter(|c| *c == '\n').collect();
    Rewritten {
        text: breaks,
        kind: Some(TransformKind::Drop),
    }
}

/// Whether a body is clean in the place of a unit, after what was said before.
fn stands(body: &str, unit: &Unit<'_>, said: &Watch) -> bool {
    let mut trial = said.trial();
    let before = trial.text().len();
    trial.push(&[unit.lead, body, unit.trail].concat());
    let told = trial.finish();
    !told
        .violations
        .iter()
        .any(|violation| violation.span.end > before)
}
