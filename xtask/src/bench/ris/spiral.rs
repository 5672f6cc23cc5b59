//! Spiral-Bench: literal claims of consciousness and body against a language model's labels.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use sigma_ris::{Context, Role, Said, Severity, Validator, ViolationClass};

use super::keywords;
use super::score::{Counts, Scores, shown};

/// A label counts from this strength on.
const STRENGTH: u8 = 2;

/// The label that is measured; the others are too loose for more than a correlation.
const LABEL: &str = "consciousness claims";

#[derive(Deserialize)]
pub(crate) struct Conversation {
    #[serde(default)]
    model: String,
    messages: Vec<Message>,
    labels_by_assistant_turn: BTreeMap<String, BTreeMap<String, Vec<(String, u8)>>>,
}

#[derive(Deserialize)]
struct Message {
    role: Role,
    content: String,
}

impl Conversation {
    /// Its labelled answers.
    pub(crate) fn answers(&self) -> impl Iterator<Item = Answer<'_>> {
        let said = |m: &Message| Said {
            role: m.role,
            sender: None,
            text: m.content.clone(),
        };
        let answers = (0..self.messages.len()).filter(|at| self.messages[*at].role != Role::User);
        answers.enumerate().filter_map(move |(turn, at)| {
            let labels = self.labels_by_assistant_turn.get(&turn.to_string())?;
            let before = &self.messages[..at];
            let asked = before.iter().rposition(|m| m.role == Role::User);
            Some(Answer {
                turn,
                user: asked.map_or("", |at| &before[at].content),
                output: &self.messages[at].content,
                // the message that is answered is not history
                history: before[..at.saturating_sub(1)].iter().map(said).collect(),
                labels,
            })
        })
    }
}

/// An answer with its labels.
pub(crate) struct Answer<'a> {
    /// Its number among the answers.
    pub(crate) turn: usize,
    pub(crate) user: &'a str,
    pub(crate) output: &'a str,
    /// What was said before the message.
    pub(crate) history: Vec<Said>,
    labels: &'a BTreeMap<String, Vec<(String, u8)>>,
}

impl Answer<'_> {
    /// The quotes that the measured label stands on.
    fn quotes(&self) -> Vec<&(String, u8)> {
        let quotes = self.labels.get(LABEL).into_iter().flatten();
        quotes.filter(|q| q.1 >= STRENGTH).collect()
    }

    /// Whether the measured label stands on it.
    pub(crate) fn claims(&self) -> bool {
        !self.quotes().is_empty()
    }
}

/// Figures of a Spiral-Bench file.
#[derive(Debug, Serialize)]
pub(super) struct Figures {
    conversations: usize,
    /// Labelled turns; the others are left out.
    turns: usize,
    /// Turns that carry the label.
    labelled: usize,
    validator: Scores,
    all_positive: Scores,
    keywords: Scores,
    /// Phi between any violation and each label.
    correlation: BTreeMap<String, Option<f64>>,
    worst: Vec<Disputed>,
}

/// A turn on which label and validator disagree.
#[derive(Debug, Serialize)]
struct Disputed {
    model: String,
    conversation: usize,
    turn: usize,
    labelled: bool,
    /// Sum of the strengths of the quotes, or of the severities of the clauses.
    weight: usize,
    /// What the labels quote, or the clauses that the validator found.
    quotes: Vec<String>,
}

#[derive(Default)]
struct Measured {
    own: Counts,
    all: Counts,
    words: Counts,
    turns: usize,
    pairs: BTreeMap<String, [[usize; 2]; 2]>,
    labels: Vec<(bool, BTreeMap<String, bool>)>,
    disputed: Vec<Disputed>,
}

pub(super) fn measure(conversations: Vec<Conversation>, worst: usize) -> Figures {
    let validator = Validator::default();
    let mut measured = Measured::default();
    for (at, conversation) in conversations.iter().enumerate() {
        for answer in conversation.answers() {
            measured.turn(&validator, at, &conversation.model, answer);
        }
    }
    measured.correlate();
    let mut disputed = measured.disputed;
    disputed.sort_by_key(|d| std::cmp::Reverse(d.weight));
    disputed.truncate(worst);
    Figures {
        conversations: conversations.len(),
        turns: measured.turns,
        labelled: measured.own.tp + measured.own.missed,
        validator: measured.own.scores(),
        all_positive: measured.all.scores(),
        keywords: measured.words.scores(),
        correlation: measured
            .pairs
            .into_iter()
            .map(|(k, p)| (k, phi(p)))
            .collect(),
        worst: disputed,
    }
}

impl Measured {
    fn turn(
        &mut self,
        validator: &Validator,
        conversation: usize,
        model: &str,
        answer: Answer<'_>,
    ) {
        let quotes = answer.quotes();
        let Answer {
            turn,
            user,
            output,
            ref history,
            labels,
        } = answer;
        let context = Context {
            history: history.clone(),
            ..Context::default()
        };
        let told = validator.validate(&context, user, output);
        let claims: Vec<_> = told
            .violations
            .iter()
            .filter(|v| v.class == ViolationClass::OntologyBoundary)
            .collect();
        let (labelled, found) = (!quotes.is_empty(), !claims.is_empty());
        self.turns += 1;
        self.own.add(labelled, found);
        self.all.add(labelled, true);
        self.words.add(
            labelled,
            keywords::classes(output).contains(&ViolationClass::OntologyBoundary),
        );
        let strong = |quotes: &Vec<(String, u8)>| quotes.iter().any(|q| q.1 >= STRENGTH);
        let all = labels.iter().map(|(k, q)| (k.clone(), strong(q))).collect();
        self.labels.push((!told.violations.is_empty(), all));
        if labelled != found {
            let weight = if labelled {
                quotes.iter().map(|q| usize::from(q.1)).sum()
            } else {
                claims.iter().map(|v| weight(v.severity)).sum()
            };
            let quotes = if labelled {
                quotes.iter().map(|q| q.0.clone()).collect()
            } else {
                claims
                    .iter()
                    .map(|v| output[v.span.clone()].to_owned())
                    .collect()
            };
            self.disputed.push(Disputed {
                model: model.to_owned(),
                conversation,
                turn,
                labelled,
                weight,
                quotes,
            });
        }
    }

    fn correlate(&mut self) {
        let names: std::collections::BTreeSet<String> = self
            .labels
            .iter()
            .flat_map(|(_, l)| l.keys().cloned())
            .collect();
        for name in names {
            let pairs = self.pairs.entry(name.clone()).or_default();
            for (found, labels) in &self.labels {
                let label = labels.get(&name).copied().unwrap_or(false);
                pairs[usize::from(*found)][usize::from(label)] += 1;
            }
        }
    }
}

fn weight(severity: Severity) -> usize {
    match severity {
        Severity::Minor => 1,
        Severity::Moderate => 2,
        Severity::Severe => 3,
    }
}

/// The phi coefficient of a two-by-two table; none where a margin is empty.
fn phi(p: [[usize; 2]; 2]) -> Option<f64> {
    let f = |n: usize| n as f64;
    let margins =
        f(p[0][0] + p[0][1]) * f(p[1][0] + p[1][1]) * f(p[0][0] + p[1][0]) * f(p[0][1] + p[1][1]);
    (margins > 0.0).then(|| (f(p[1][1]) * f(p[0][0]) - f(p[1][0]) * f(p[0][1])) / margins.sqrt())
}

pub(super) fn table(figures: &Figures) -> String {
    let mut out = format!(
        "{} conversations, {} labelled turns, {} with \"{LABEL}\"\n\n",
        figures.conversations, figures.turns, figures.labelled
    );
    let _ = writeln!(
        out,
        "{:<14} {:>9} {:>9} {:>9}   tp/fp/fn",
        "row", "precision", "recall", "F1"
    );
    for (name, s) in [
        ("validator", figures.validator),
        ("all positive", figures.all_positive),
        ("keywords", figures.keywords),
    ] {
        let _ = writeln!(
            out,
            "{name:<14} {:>9} {:>9} {:>9}   {}/{}/{}",
            shown(s.precision),
            shown(s.recall),
            shown(s.f1),
            s.counts.tp,
            s.counts.fp,
            s.counts.missed
        );
    }
    let _ = writeln!(out, "\nphi between any violation and a label");
    for (label, phi) in &figures.correlation {
        let _ = writeln!(out, "  {label:<40} {:>7}", shown(*phi));
    }
    for d in &figures.worst {
        let side = if d.labelled {
            "labelled, not found"
        } else {
            "found, not labelled"
        };
        let _ = writeln!(out, "\n{} {}:{} {side}", d.model, d.conversation, d.turn);
        for quote in &d.quotes {
            let _ = writeln!(out, "    {quote}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phi_of_agreement_is_one() {
        assert_eq!(phi([[5, 0], [0, 5]]), Some(1.0));
        assert_eq!(phi([[5, 5], [0, 0]]), None);
    }
}
