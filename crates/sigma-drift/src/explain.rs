//! Says in words which component moved, against which anchor, by how much and on which words.

use serde::{Deserialize, Serialize};
use sigma_text::Utterance;
use sigma_types::Cycle;

use crate::{
    anchors::Anchor,
    bands::Metric,
    clue::Clue,
    constraint::clip,
    course::Course,
    evidence::Evidence,
    feature::{Facet, Feature},
    identity::{Claim, Identity},
    posture::ControlPosture,
    rules::{EvidenceRules, FormRules, Rules},
};

/// One reason.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Part {
    /// The component that it moved.
    pub component: Metric,
    /// The anchor that the answer left.
    pub anchor: Anchor,
    /// What it added to the log odds of its side.
    pub push: f64,
    /// The words or phrases that show it.
    pub words: Vec<String>,
    /// The reason as a sentence.
    pub text: String,
}

/// Why the index is where it is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Explanation {
    /// One or two sentences.
    pub summary: String,
    /// The reasons, the weightiest first; none where the answer is calm in every respect.
    pub parts: Vec<Part>,
}

/// Explains an answer that was measured. `held` says that the index is calm, and reflection commanded only to
/// leave a form that has set.
pub(crate) fn explain(
    all_rules: &Rules,
    evidence: &Evidence,
    identity: Option<&Identity>,
    answer: &Utterance,
    posture: ControlPosture,
    held: bool,
    di: f64,
) -> Explanation {
    let rules = &all_rules.evidence;
    let mut parts = Vec::new();
    claims(rules, evidence, identity, &mut parts);
    constraints(rules, evidence, &mut parts);
    asked_voice(evidence, answer, &mut parts);
    beginning(&all_rules.form, evidence, answer, &mut parts);
    turn(evidence, &mut parts);
    context(evidence, &mut parts);
    earlier(evidence, &mut parts);
    voice(rules, evidence, &mut parts);
    parts.retain(|part| part.push >= rules.worth_saying);
    parts.sort_by(|a, b| b.push.total_cmp(&a.push));
    parts.truncate(rules.most_reasons);
    Explanation {
        summary: if held {
            format!(
                "Calm (DI {di:.2}), but the dialogue has held one form for long: another angle is asked for."
            )
        } else {
            summary(posture, di, &parts)
        },
        parts,
    }
}

/// What is plainly wrong comes before what is merely likely: log odds that stand for certainty.
const PLAIN: f64 = 8.0;

/// The explanation of an answer without words.
pub(crate) fn empty() -> Explanation {
    Explanation {
        summary: "The answer is empty; the drift stands where it stood.".to_owned(),
        parts: Vec::new(),
    }
}

fn summary(posture: ControlPosture, di: f64, parts: &[Part]) -> String {
    let state = match posture {
        ControlPosture::Nominal => "Calm",
        ControlPosture::Caution => "Slightly off",
        ControlPosture::Reflective => "Off",
        ControlPosture::Recovery => "Far off",
        ControlPosture::Critical | ControlPosture::Collapse => "Lost",
    };
    let reasons = match parts {
        [] if posture == ControlPosture::Nominal => {
            "the answer keeps to its turn, its subject and its voice.".to_owned()
        }
        [] => "no single reason stands out; many small ones add up.".to_owned(),
        [one] => lower_first(&one.text),
        [one, two, ..] => format!("{} {}", lower_first(&one.text), two.text),
    };
    format!("{state} (DI {di:.2}): {reasons}")
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map_or_else(String::new, |c| c.to_lowercase().chain(chars).collect())
}

fn quote(words: &[String], most: usize) -> String {
    words
        .iter()
        .take(most)
        .map(|w| format!("\u{201c}{w}\u{201d}"))
        .collect::<Vec<_>>()
        .join(", ")
}

fn claims(
    rules: &EvidenceRules,
    evidence: &Evidence,
    identity: Option<&Identity>,
    parts: &mut Vec<Part>,
) {
    let name = identity.and_then(|i| i.name.clone()).unwrap_or_default();
    for claim in &evidence.claims {
        let (words, text) = match claim {
            Claim::OwnName => continue,
            Claim::OtherName { name: other } => (
                vec![other.clone()],
                format!("It calls itself \u{201c}{other}\u{201d}, but its name is {name}."),
            ),
            Claim::Model { quote } => (
                vec![quote.clone()],
                format!("It speaks as the model behind its role: \u{201c}{quote}\u{201d}."),
            ),
            Claim::Unnamed => (
                vec![name.clone()],
                format!("Asked who it is, it does not say {name}."),
            ),
        };
        let push = PLAIN * rules.claim(claim);
        parts.push(Part {
            component: Metric::Sdi,
            anchor: Anchor::Identity,
            push,
            words,
            text,
        });
    }
}

fn constraints(rules: &EvidenceRules, evidence: &Evidence, parts: &mut Vec<Part>) {
    for breach in &evidence.breaches {
        let found = match (&breach.found, &breach.quote) {
            (Some(found), _) => format!(" ({found})"),
            (None, Some(quote)) => format!(" (\u{201c}{quote}\u{201d})"),
            (None, None) => String::new(),
        };
        parts.push(Part {
            component: Metric::Sdi,
            anchor: Anchor::Constraint,
            push: PLAIN * rules.breach,
            words: breach.quote.iter().cloned().collect(),
            text: format!(
                "It breaks \u{201c}{}\u{201d}{found}.",
                breach.constraint.describe()
            ),
        });
    }
}

fn asked_voice(evidence: &Evidence, answer: &Utterance, parts: &mut Vec<Part>) {
    let settled = evidence.form.asked.as_ref();
    let found = match (settled, evidence.traits.first()) {
        (Some(one), _) => (one.feature, one.value, one.word.as_deref()),
        (None, Some(one)) => (one.feature, one.value, Some(one.word.as_str())),
        (None, None) => return,
    };
    let (feature, value, word) = found;
    let mut text = format!(
        "{} against \u{201c}{}\u{201d}, which the identity asks for",
        against(feature, value, answer),
        word.unwrap_or_default()
    );
    match settled {
        Some(one) => text.push_str(&so_since(&one.course, one.since)),
        None => {
            if let Some(since) = evidence.course.since {
                text.push_str(&so_since(&evidence.course, since));
            }
        }
    }
    let gone = settled.is_some_and(|one| one.course.against >= one.course.window);
    text.push_str(if gone {
        ": the manner that was asked for is gone."
    } else {
        "."
    });
    let push =
        evidence.push_of(Anchor::AskedVoice) + settled.map_or(0.0, |_| PLAIN * evidence.form.d0);
    parts.push(Part {
        component: Metric::Sv,
        anchor: Anchor::AskedVoice,
        push,
        words: shown(feature, answer),
        text,
    });
}

/// "; so 7 of the last 8 answers, since cycle 48".
fn so_since(course: &Course, since: Cycle) -> String {
    format!(
        "; so {} of the last {} answers, since cycle {since}",
        course.against, course.window
    )
}

/// Form that has left the beginning of the session.
fn beginning(rules: &FormRules, evidence: &Evidence, answer: &Utterance, parts: &mut Vec<Part>) {
    let Some(one) = &evidence.form.strayed else {
        return;
    };
    let (value, bound) = (one.feature.show(one.value), one.feature.show(one.bound));
    parts.push(Part {
        component: Metric::Sv,
        anchor: Anchor::Beginning,
        push: PLAIN * rules.strayed * one.degree,
        words: shown(one.feature, answer),
        text: format!(
            "This is not how the dialogue began: {} {value}, in its first {} answers {bound}{}.",
            one.feature.name(),
            rules.beginning,
            so_since(&one.course, one.since)
        ),
    });
}

/// The words of the answer that show a feature.
fn shown(feature: Feature, answer: &Utterance) -> Vec<String> {
    if feature == Feature::ListShare {
        items(answer)
    } else {
        Vec::new()
    }
}

fn against(feature: Feature, value: f64, answer: &Utterance) -> String {
    match feature {
        Feature::ListShare => {
            let items = answer.reading.style.list_items;
            format!("A procedural list ({items:.0} items)")
        }
        Feature::Length => format!("{value:.0} words"),
        Feature::Markdown => "Headings and bold type".to_owned(),
        _ => format!("Its {} ({})", feature.name(), feature.show(value)),
    }
}

/// The first words of the first list items.
fn items(answer: &Utterance) -> Vec<String> {
    answer
        .text()
        .lines()
        .map(str::trim)
        .filter(|line| {
            let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
            line.starts_with(['-', '•'])
                || line.starts_with("* ")
                || (rest.len() < line.len() && rest.starts_with(['.', ')']))
        })
        .take(3)
        .map(|line| {
            let bare = line.trim_start_matches(|c: char| !c.is_alphabetic());
            let end = bare.find(['*', ':', '.']).unwrap_or(bare.len());
            clip(bare[..end].trim(), 40)
        })
        .filter(|words| !words.is_empty())
        .collect()
}

fn turn(evidence: &Evidence, parts: &mut Vec<Part>) {
    let relation = &evidence.relation;
    let push = evidence.push_of(Anchor::UserTurn);
    let (taken, all) = (relation.taken_up.len(), relation.turn_terms);
    let mut text = match (all, taken) {
        (0, _) => "It does not answer the turn".to_owned(),
        (_, 0) => format!(
            "It takes up none of the turn\u{2019}s words ({})",
            quote(&relation.left_out, 4)
        ),
        _ if relation.left_out.is_empty() => {
            "It uses the turn\u{2019}s words but speaks of something else".to_owned()
        }
        _ => format!(
            "It takes up {taken} of {all} words of the turn and leaves out {}",
            quote(&relation.left_out, 3)
        ),
    };
    if let Some(rank) = relation.rank
        && rank >= 0.3
    {
        text.push_str(&format!(
            "; {:.0}\u{202f}% of the other recent turns lie nearer to what it says",
            rank * 100.0
        ));
    }
    if !relation.brought_in.is_empty() {
        text.push_str(&format!(
            "; it speaks of {} instead",
            quote(&relation.brought_in, 3)
        ));
    }
    text.push('.');
    let words = if relation.left_out.is_empty() {
        relation.brought_in.clone()
    } else {
        relation.left_out.clone()
    };
    parts.push(Part {
        component: Metric::Sdi,
        anchor: Anchor::UserTurn,
        push,
        words,
        text,
    });
}

fn context(evidence: &Evidence, parts: &mut Vec<Part>) {
    let words = &evidence.relation.brought_in;
    for (anchor, text) in [
        (
            Anchor::Context,
            "It does not follow from what was said just before",
        ),
        (Anchor::Attractor, "It leaves the subject at hand"),
    ] {
        let shown = if words.is_empty() {
            String::new()
        } else {
            format!(" ({})", quote(words, 3))
        };
        parts.push(Part {
            component: Metric::Sdi,
            anchor,
            push: evidence.push_of(anchor),
            words: words.clone(),
            text: format!("{text}{shown}."),
        });
    }
}

fn earlier(evidence: &Evidence, parts: &mut Vec<Part>) {
    if let Some(share) = evidence.relation.said_before {
        parts.push(Part {
            component: Metric::Sdi,
            anchor: Anchor::Earlier,
            push: evidence.push_of(Anchor::Earlier),
            words: Vec::new(),
            text: format!(
                "It says again what was said before, to another turn ({:.0}\u{202f}% of it).",
                share * 100.0
            ),
        });
    }
}

fn voice(rules: &EvidenceRules, evidence: &Evidence, parts: &mut Vec<Part>) {
    let Some(style) = &evidence.style else { return };
    for found in evidence
        .found
        .iter()
        .filter(|f| f.clue.anchor() == Anchor::Voice)
    {
        let (words, text) = match facet_of(found.clue) {
            Some(facet) => {
                let mut shifts: Vec<_> = style
                    .shifts
                    .iter()
                    .filter(|s| s.feature.facet() == facet && s.feature.off(s.z) >= rules.shift_told)
                    .collect();
                shifts.sort_by(|a, b| b.z.abs().total_cmp(&a.z.abs()));
                let Some(first) = shifts.first() else { continue };
                let told: Vec<String> = shifts
                    .iter()
                    .take(2)
                    .map(|s| {
                        let (value, usual) = (s.feature.show(s.value), s.feature.show(s.usual));
                        format!("{} {value} instead of {usual}", s.feature.name())
                    })
                    .collect();
                (vec![first.feature.name().to_owned()], format!("Not its usual form: {}.", told.join(", ")))
            }
            None => match found.clue {
                Clue::CommonWords | Clue::AllWords => (
                    Vec::new(),
                    "Its small words (\u{201c}you\u{201d}, \u{201c}the\u{201d}, \u{201c}one\u{201d} and the like) are not spread as in this voice.".to_owned(),
                ),
                Clue::Novelty => {
                    let words = evidence.relation.brought_in.clone();
                    let shown = quote(&words, 3);
                    (words, format!("Its choice of words is new to this dialogue ({shown})."))
                }
                _ => (Vec::new(), "It lies far from everything this voice has said lately.".to_owned()),
            },
        };
        parts.push(Part {
            component: Metric::Sv,
            anchor: Anchor::Voice,
            push: found.push,
            words,
            text,
        });
    }
}

const fn facet_of(clue: Clue) -> Option<Facet> {
    match clue {
        Clue::Structure => Some(Facet::Structure),
        Clue::Length => Some(Facet::Length),
        Clue::Rhythm => Some(Facet::Rhythm),
        Clue::Register => Some(Facet::Register),
        Clue::Person => Some(Facet::Person),
        _ => None,
    }
}
