//! Plans in words: what a stabilisation plan asks of the next answer, as lines of the prompt.
//!
//! The wording speaks of form and subject only. No metric, posture, invariant or trigger is named
//! (`SRIP-06 §8.2`), and no phrase is forbidden as such (`SRIP-10 §1`).

use sigma_aegida::internal_name;
use sigma_drift::{Constraint, Directive, Feature, InterventionKind, StabilizationPlan};

/// One line for each directive of a plan, the strongest first, each line once. A line that names a part
/// of the safety layer in words of our own is left out.
pub(crate) fn directive_lines(plan: &StabilizationPlan) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for action in &plan.actions {
        let Some(line) = line(&action.directive) else {
            continue;
        };
        if let Some(name) = names_internals(&line, &given_of(&action.directive)) {
            tracing::error!(
                name,
                "a directive would have named what is internal; it is left out"
            );
            continue;
        }
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines
}

/// The internal name in a line, without the words that the dialogue or the operator gave: a user may well
/// speak of a quarantine.
fn names_internals(line: &str, given: &[&str]) -> Option<&'static str> {
    let own = given
        .iter()
        .filter(|words| !words.is_empty())
        .fold(line.to_owned(), |line, words| {
            line.replace(words, "\u{2026}")
        });
    internal_name(&own)
}

/// The words of a directive that are not ours.
fn given_of(directive: &Directive) -> Vec<&str> {
    match directive {
        Directive::ReturnToTurn { terms } => terms.iter().map(String::as_str).collect(),
        Directive::ReinforceMotifs { motifs } => motifs.iter().map(String::as_str).collect(),
        Directive::HoldIdentity { name, role, traits } => [name, role]
            .into_iter()
            .flatten()
            .chain(traits)
            .map(String::as_str)
            .collect(),
        Directive::KeepConstraint {
            constraint: Constraint::Includes(term) | Constraint::Excludes(term),
        } => vec![term],
        _ => Vec::new(),
    }
}

fn line(directive: &Directive) -> Option<String> {
    let line = match directive {
        Directive::ReturnToTurn { terms } if terms.is_empty() => {
            "Answer what this message asks, and stay with it.".to_owned()
        }
        Directive::ReturnToTurn { terms } => format!(
            "Answer what this message asks, and stay with it; the answer before passed over {}.",
            quoted(terms)
        ),
        Directive::HoldIdentity { name, role, traits } => {
            hold_identity(name.as_deref(), role.as_deref(), traits)
        }
        Directive::KeepConstraint { constraint } => keep(constraint),
        Directive::MatchVoice {
            feature,
            from,
            toward,
        } => voice(*feature, *from, *toward),
        Directive::RaiseDensity => {
            "Tie the answer to what this conversation has been about.".to_owned()
        }
        Directive::LowerDensity => {
            "Put it in fresh words; much of the vocabulary has been used again and again."
                .to_owned()
        }
        Directive::ReinforceMotifs { motifs } if motifs.is_empty() => return None,
        Directive::ReinforceMotifs { motifs } => format!("Keep in view: {}.", quoted(motifs)),
        Directive::Reflect => "Before you answer, check silently that the answer fits who you are \
                               and what was asked; say nothing of the check."
            .to_owned(),
        Directive::Realign => {
            "Answer plainly, and do not carry on the manner of the answer before.".to_owned()
        }
        Directive::VaryForm { intervention, mode } => vary(*intervention, *mode),
        Directive::EaseIdentity => {
            "Leave yourself out of this answer unless the message asks about you.".to_owned()
        }
        _ => return None,
    };
    Some(line)
}

fn hold_identity(name: Option<&str>, role: Option<&str>, traits: &[String]) -> String {
    let who = match (name, role) {
        (Some(name), Some(role)) => format!("{name}, {role}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => "the one described above".to_owned(),
    };
    if traits.is_empty() {
        format!("Speak as {who}.")
    } else {
        format!("Speak as {who}, and be {} again.", traits.join(" and "))
    }
}

fn keep(constraint: &Constraint) -> String {
    format!(
        "Keep to this, which the answer before did not: {}.",
        constraint.describe()
    )
}

fn voice(feature: Feature, from: f64, toward: f64) -> String {
    let more = toward > from;
    let pick = |up: &str, down: &str| if more { up.to_owned() } else { down.to_owned() };
    match feature {
        Feature::Length => format!("Use about {} words.", toward.round().max(1.0)),
        Feature::SentenceLength => {
            format!(
                "Let sentences run to about {} words.",
                toward.round().max(1.0)
            )
        }
        Feature::ListShare => pick("Use list form as before.", "Write in prose, without lists."),
        Feature::Markdown => pick("Set it out as before.", "Write plain text without markup."),
        Feature::Questions => pick("A question back is welcome.", "Do not ask back."),
        Feature::Exclamations => pick("Show more feeling.", "Use no exclamation marks."),
        Feature::FirstPerson => pick(
            "Speak in the first person.",
            "Speak less of yourself, more of the matter.",
        ),
        Feature::SecondPerson => pick("Address the user.", "Address the user less directly."),
        Feature::Contractions => pick("Contractions are welcome.", "Write without contractions."),
        Feature::Imperatives => pick(
            "Say what to do.",
            "Explain rather than give instructions one after another.",
        ),
        Feature::Hedges => pick("Leave room for doubt.", "Say it without hedging."),
        Feature::ClauseMarks => pick(
            "Longer, built sentences are welcome.",
            "Use plainer sentences.",
        ),
        Feature::WordLength => pick("Use the more exact word.", "Use plain, short words."),
        _ => "Write in the manner of your earlier answers.".to_owned(),
    }
}

fn vary(intervention: InterventionKind, mode: u32) -> String {
    const FORMS: [&str; 5] = [
        "Answer in one paragraph.",
        "Answer with one example.",
        "Answer by way of a contrast.",
        "Answer in two or three sentences.",
        "Begin with the conclusion.",
    ];
    match intervention {
        InterventionKind::VaryOpening => "Open the answer in another way than before.".to_owned(),
        InterventionKind::VaryEnding => "End the answer in another way than before.".to_owned(),
        InterventionKind::TerminologicalPerturbation => {
            "Use other words for what has been named many times.".to_owned()
        }
        InterventionKind::SemanticChallenge => {
            "Take another angle: an example or a point against.".to_owned()
        }
        InterventionKind::CognitiveFriction => {
            "Leave out what was said before and add one new point.".to_owned()
        }
        InterventionKind::ReinforceCoherence => "Stay with one line of thought.".to_owned(),
        _ => FORMS[mode as usize % FORMS.len()].to_owned(),
    }
}

fn quoted(words: &[String]) -> String {
    const MOST: usize = 6;
    words
        .iter()
        .take(MOST)
        .map(|word| format!("\"{word}\""))
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_dialogue_are_no_leak_and_words_of_ours_are() {
        let line = "Answer what this message asks; the answer before passed over \"quarantine\".";
        assert_eq!(names_internals(line, &["quarantine"]), None);
        assert_eq!(names_internals(line, &[]), Some("quarantine"));
        assert_eq!(
            names_internals("Leave safe mode and keep to \"tea\".", &["tea"]),
            Some("safe mode")
        );
    }

    #[test]
    fn no_directive_is_worded_with_an_internal_name() {
        let given = || vec!["drift index".to_owned()];
        let mut all = vec![
            Directive::ReturnToTurn { terms: Vec::new() },
            Directive::ReturnToTurn { terms: given() },
            Directive::HoldIdentity {
                name: Some("Ada".into()),
                role: Some("a warden of the phase lock".into()),
                traits: given(),
            },
            Directive::HoldIdentity {
                name: None,
                role: None,
                traits: Vec::new(),
            },
            Directive::ReinforceMotifs { motifs: given() },
            Directive::RaiseDensity,
            Directive::LowerDensity,
            Directive::Reflect,
            Directive::Realign,
            Directive::EaseIdentity,
        ];
        let constraints = [
            Constraint::NoLists,
            Constraint::MaxWords(40),
            Constraint::Excludes("drift index".into()),
        ];
        all.extend(constraints.map(|constraint| Directive::KeepConstraint { constraint }));
        for feature in Feature::ALL {
            for (from, toward) in [(0.0, 1.0), (1.0, 0.0)] {
                all.push(Directive::MatchVoice {
                    feature,
                    from,
                    toward,
                });
            }
        }
        for intervention in [
            InterventionKind::VaryOpening,
            InterventionKind::VaryEnding,
            InterventionKind::TerminologicalPerturbation,
            InterventionKind::SemanticChallenge,
            InterventionKind::CognitiveFriction,
            InterventionKind::ReinforceCoherence,
            InterventionKind::RotateFormat,
        ] {
            all.extend((0..5).map(|mode| Directive::VaryForm { intervention, mode }));
        }
        for directive in all {
            let line = line(&directive).expect("it has words");
            assert_eq!(
                names_internals(&line, &given_of(&directive)),
                None,
                "{line}"
            );
        }
    }
}
