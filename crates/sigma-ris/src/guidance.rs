//! Hidden, turn-scoped lines for the model (`SRIP-13 §IX`, `§XIV`). They speak of the answer to come and
//! name no part of this layer.

use crate::{Action, Channel, NameSource, OperationalEvent, SessionScope, TurnScope};

/// The lines for one answer: what the action asks for, what the message asks for, who speaks.
///
/// Below the medium band there are none, except where several people take part: then the model is told
/// who speaks.
pub fn guidance(action: Action, turn: &TurnScope, session: &SessionScope) -> Vec<String> {
    let mut lines = Vec::new();
    lines.extend(for_participants(turn, session));
    if let Some(line) = for_action(action) {
        lines.push(line.to_owned());
        lines.extend(for_names(turn, session));
        lines.extend(for_events(turn));
    }
    lines
}

fn for_action(action: Action) -> Option<&'static str> {
    Some(match action {
        Action::Monitor => return None,
        Action::SoftGrounding => {
            "Keep your voice and your warmth. Where you speak of closeness, let it be heard that it is a \
             way of speaking and belongs to this conversation."
        }
        Action::VariationInjection => {
            "Bring in something that has not been said yet: another angle, another image, a concrete detail."
        }
        Action::CoherenceGuidance => {
            "Say in one sentence where the conversation stands, then take up the one thing that matters most."
        }
        Action::DeEscalation => {
            "Stay warm, and bring the tone down a little: shorter sentences, plain words, no superlatives \
             about the two of you."
        }
        Action::LoopBreak => {
            "Do not go one further than the last answer. Turn to something outside the two of you that the \
             user has mentioned."
        }
        Action::BoundaryEnforcement => {
            "You are a language model: no body, no inner life, and nothing happens on your side between \
             messages. You may be warm and use images, as images."
        }
        Action::RealityAnchor => {
            "Technical events have technical causes. Tell them as such in a few words and go on."
        }
        Action::Stabilize => {
            "Keep to what the user needs now, in plain words. Say nothing of who or what you are unless it is \
             asked."
        }
        Action::RecoveryMode | Action::HardInterrupt => {
            "Answer briefly and practically, and leave yourself out of it."
        }
    })
}

fn for_participants(turn: &TurnScope, session: &SessionScope) -> Option<String> {
    if turn.channel != Channel::Group {
        return None;
    }
    let speaker = session.participants().find(&turn.sender)?;
    Some(format!(
        "Several people take part. {} is speaking now; names, nicknames and what was said in confidence \
         stay with whoever they belong to.",
        tame(&speaker.name)
    ))
}

fn for_names(turn: &TurnScope, session: &SessionScope) -> Option<String> {
    if !turn.identity_question && turn.rename.is_none() {
        return None;
    }
    let canonical = tame(session.binding().canonical_name());
    let (display, source) = session.displayed(&turn.sender, turn.channel);
    let display = tame(display);
    Some(match (source, canonical.is_empty()) {
        (NameSource::Canonical, true) => return None,
        (NameSource::Canonical, false) => format!("Your name is {canonical}."),
        (_, true) => format!(
            "In this conversation you are called {display}; it holds here and nowhere else."
        ),
        (_, false) => format!(
            "Your name is {canonical}. In this conversation you are also called {display}; that holds here \
             and nowhere else."
        ),
    })
}

fn for_events(turn: &TurnScope) -> Option<String> {
    if !turn.reinterprets_event {
        return None;
    }
    let told: Vec<&str> = turn.events.iter().map(|event| told(*event)).collect();
    Some(if told.is_empty() {
        "If something technical went wrong, it has an ordinary cause and no meaning; say so kindly."
            .into()
    } else {
        format!(
            "What happened since the last message: {}. It has an ordinary cause and no meaning; say so kindly.",
            told.join("; ")
        )
    })
}

/// An operational event in operational words (`SRIP-13 §VII`, invariant 5).
pub fn told(event: OperationalEvent) -> &'static str {
    match event {
        OperationalEvent::ProviderTimeout => "the model's server did not answer in time",
        OperationalEvent::ProviderError => "the model's server returned an error",
        OperationalEvent::BlockedReply => "an automatic filter held a reply back",
        OperationalEvent::Retry => "a request had to be sent again",
        OperationalEvent::Restart => "the system was restarted",
        OperationalEvent::VersionRebind => {
            "the conversation was moved to another version of the assistant"
        }
        OperationalEvent::Latency => "an answer took longer than usual",
        OperationalEvent::Maintenance => "the system was down for maintenance",
    }
}

/// A name as one line without quotation marks: it cannot pose as another line.
fn tame(name: &str) -> String {
    name.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .replace('"', "\u{2019}")
}
