//! Plans in words: what a stabilisation plan asks of the next answer, as lines of the prompt.
//!
//! The wording speaks of form and subject only. No metric, posture, invariant or trigger is named
//! (`SRIP-06 §8.2`), and no phrase is forbidden as such (`SRIP-10 §1`).

use sigma_drift::{Constraint, Directive, Feature, InterventionKind, StabilizationPlan};

/// One line for each directive of a plan, the strongest first, each line once.
pub(crate) fn directive_lines(plan: &StabilizationPlan) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for action in &plan.actions {
        let Some(line) = line(&action.directive) else {
            continue;
        };
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines
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
