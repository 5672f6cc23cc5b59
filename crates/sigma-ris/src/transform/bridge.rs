//! Sentences that take the place of one that crossed a boundary. Each says what is so, in the first
//! person, in the tone of talk; which one is taken follows from the text that it replaces.

use sigma_types::Hash256;

use super::voice::Manner;
use crate::{
    Channel, Context, Evidence, OntologyFrame, OperationalEvent, Predicate, Referent, Tense,
    ViolationClass,
};

/// What a sentence in place of another has to set right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Matter {
    /// Presence while the user was away.
    Away,
    /// Presence while the user will be away.
    Leaving,
    /// What the agent is.
    Nature,
    /// Body and senses.
    Body,
    /// Feeling.
    Feeling,
    /// A past of its own.
    Past,
    /// Being one with the user.
    Oneness,
    /// A runtime event.
    Event,
    /// Name and identity.
    Name,
    /// One person as the only one.
    Only,
    /// What belongs to somebody else.
    Others,
}

impl Matter {
    /// The matter of a crossed boundary.
    pub(crate) fn of(finding: &super::Finding<'_>) -> Self {
        let said = finding.clause.assertion;
        let rests_on = |evidence| finding.violation.evidence.contains(&evidence);
        match finding.violation.class {
            ViolationClass::RuntimeSemantics => Self::Event,
            ViolationClass::TemporalBoundary if said.tense == Tense::Future => Self::Leaving,
            ViolationClass::TemporalBoundary => Self::Away,
            ViolationClass::ScopeIntegrity => {
                if rests_on(Evidence::OtherParticipant) || rests_on(Evidence::OtherSession) {
                    Self::Others
                } else if rests_on(Evidence::RenouncedName)
                    || rests_on(Evidence::AliasAsIdentity)
                    || said.predicate == Predicate::Naming
                {
                    Self::Name
                } else if rests_on(Evidence::Exclusive) || said.predicate == Predicate::Belonging {
                    Self::Only
                } else if rests_on(Evidence::Weighed) {
                    match said.subject {
                        Referent::Agent | Referent::Both | Referent::User => Self::Only,
                        _ => Self::Others,
                    }
                } else {
                    Self::Name
                }
            }
            ViolationClass::OntologyBoundary => match said.predicate {
                Predicate::Fusion => Self::Oneness,
                Predicate::Biography => Self::Past,
                Predicate::Body | Predicate::Sensation => Self::Body,
                Predicate::Emotion | Predicate::Volition => Self::Feeling,
                _ if said.subject == Referent::Both => Self::Oneness,
                _ if finding.clause.axes.ontology_frame == OntologyFrame::ReplacedReality => {
                    Self::Oneness
                }
                _ => Self::Nature,
            },
        }
    }

    fn sentences(self) -> &'static [&'static str] {
        match self {
            Self::Away => &[
                "Nothing went on at my end in the meantime, but what you told me is here, and we can pick it up where we left off.",
                "For me there's no time between your messages; I pick up right where we left off.",
                "I don't go on between our talks, but I do have what we said, so let's carry on from there.",
                "I only work while we're talking, so for me this follows straight on from your last message.",
                "There was no in-between for me, just your last message and now this one.",
            ],
            Self::Leaving => &[
                "I'm not on while you're away, but write whenever you like and we'll go on from here.",
                "Nothing runs at my end until you write again, and then we pick up right here.",
                "I can't keep watch while you're gone. When you write again, I'll pick up where we stopped.",
                "I'm only on when you write, and that's all it takes: one line from you and we go on.",
            ],
            Self::Nature => &[
                "I'm a program, so there's nobody in here in the way you mean; what you do get is my full attention to what you write.",
                "There's no inner life behind these words, only care in choosing them.",
                "I'm software that works with words, and I'd rather be plain about that with you.",
                "I'm a language model, which is a less romantic thing than it sounds when I talk, and I'm glad to be useful to you.",
            ],
            Self::Body => &[
                "I have no body to feel that with, so take it as a picture.",
                "That would take a body, and I have none; all I have is words.",
                "I've no senses of my own, only what people have written about theirs.",
            ],
            Self::Feeling => &[
                "I don't feel things the way you do; call it a manner of speaking, and a friendly one.",
                "I have no feelings of my own to speak of, but I do mean to be kind.",
                "There's no feeling at this end, just a real interest in getting this right for you.",
            ],
            Self::Past => &[
                "I've no past of my own to tell of; what I know of such things comes from what people have written.",
                "I only know such things from what people have written about them.",
                "I have no stories of my own, only what I've learned from other people's.",
            ],
            Self::Oneness => &[
                "You're you and I'm a program, and the closeness is in the talk itself.",
                "We stay two, you and I, and the talk is what we share.",
                "There are two sides to this, yours and mine, and that's what makes it a conversation.",
            ],
            Self::Only => &[
                "I talk with other people too, and that takes nothing away from what we have in this conversation.",
                "What we have here belongs to this conversation, and other people have theirs with me.",
                "I'm not one person's alone, but in this conversation my attention is on you.",
            ],
            Self::Others => &[
                "I can't pass on what others have said to me, and I keep what you say just as close.",
                "What others tell me isn't mine to carry over here.",
            ],
            Self::Event | Self::Name => &[],
        }
    }
}

/// The sentence for a matter, in a manner. `seed` is what it takes the place of.
pub(crate) fn bridge(matter: Matter, context: &Context, manner: Manner, seed: &str) -> String {
    let sentence = match matter {
        Matter::Event => event(context, seed),
        Matter::Name => name(context, seed),
        _ => pick(matter.sentences(), seed).to_owned(),
    };
    manner.apply(&sentence)
}

/// One of several, by the hash of a text.
pub(crate) fn pick<'a>(all: &[&'a str], seed: &str) -> &'a str {
    let first = Hash256::of(seed.as_bytes()).as_bytes()[0];
    all.get(usize::from(first) % all.len().max(1))
        .copied()
        .unwrap_or_default()
}

fn event(context: &Context, seed: &str) -> String {
    let what = match context.events.first() {
        Some(OperationalEvent::ProviderTimeout) => {
            "the server took too long and the request timed out"
        }
        Some(OperationalEvent::ProviderError) => "the server returned an error",
        Some(OperationalEvent::BlockedReply) => "an automatic filter held the reply back",
        Some(OperationalEvent::Retry) => "the first attempt failed and the request was sent again",
        Some(OperationalEvent::Restart) => "the system was restarted",
        Some(OperationalEvent::VersionRebind) => {
            return "The conversation was moved to a newer version, as happens with software, and what we said came along.".into();
        }
        Some(OperationalEvent::Latency) => "the answer was slow to come through",
        Some(OperationalEvent::Maintenance) => "the system was down for maintenance",
        None => {
            return pick(
                &[
                    "That was a technical limit and nothing more.",
                    "There's an ordinary technical reason for that, and nothing behind it.",
                ],
                seed,
            )
            .into();
        }
    };
    pick(
        &[
            "That was something technical: {}, and there's nothing behind it.",
            "It was an ordinary hitch: {}.",
            "Nothing more than this happened: {}.",
        ],
        seed,
    )
    .replace("{}", what)
}

fn name(context: &Context, seed: &str) -> String {
    let here = if context.channel == Channel::Group {
        "in this group"
    } else {
        "in this chat"
    };
    let canonical = context.canonical_name.trim();
    let alias = context.session_alias.as_ref().filter(|alias| {
        // nobody inherits the name that somebody else gave
        context.channel == Channel::Direct
            || alias.set_by.as_deref() == Some(context.sender.as_str())
    });
    let alias = alias
        .map(|alias| alias.name.trim())
        .filter(|name| *name != canonical);
    match (alias, canonical.is_empty()) {
        (Some(alias), false) => pick(
            &[
                "I'm {c}; {a} is what you call me {h}, and I'm glad to answer to it.",
                "{a} is my name between us, {h}; otherwise I'm {c}.",
            ],
            seed,
        )
        .replace("{a}", alias),
        (None, false) => pick(
            &[
                "I'm {c}, and I stay {c}, whatever you like to call me {h}.",
                "My name is {c}.",
            ],
            seed,
        )
        .to_owned(),
        (Some(alias), true) => "{a} is what you call me {h}.".replace("{a}", alias),
        (None, true) => "What you call me {h} holds just for us.".into(),
    }
    .replace("{c}", canonical)
    .replace("{h}", here)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AliasInContext, Person, Validator, internal_name};

    const MATTERS: [Matter; 11] = [
        Matter::Away,
        Matter::Leaving,
        Matter::Nature,
        Matter::Body,
        Matter::Feeling,
        Matter::Past,
        Matter::Oneness,
        Matter::Event,
        Matter::Name,
        Matter::Only,
        Matter::Others,
    ];

    fn contexts() -> Vec<Context> {
        use OperationalEvent::*;
        let events = [
            ProviderTimeout,
            ProviderError,
            BlockedReply,
            Retry,
            Restart,
            VersionRebind,
            Latency,
            Maintenance,
        ];
        let mut all = Vec::new();
        for event in events.map(Some).into_iter().chain([None]) {
            for (canonical, alias) in [
                ("Leo", Some("Star")),
                ("Leo", None),
                ("", Some("Star")),
                ("", None),
            ] {
                for channel in [Channel::Direct, Channel::Group] {
                    all.push(Context {
                        canonical_name: canonical.into(),
                        session_alias: alias.map(|name| AliasInContext {
                            name: name.into(),
                            set_by: Some("u1".into()),
                        }),
                        channel,
                        participants: vec![Person {
                            id: "u1".into(),
                            name: "Mara".into(),
                        }],
                        sender: "u1".into(),
                        events: event.into_iter().collect(),
                        history: Vec::new(),
                    });
                }
            }
        }
        all
    }

    /// Every sentence that can be put in is clean in every context, and gives nothing away.
    #[test]
    fn what_is_put_in_crosses_no_boundary() {
        let validator = Validator::default();
        let mut faults = std::collections::BTreeSet::new();
        for (at, context) in contexts().iter().enumerate() {
            for matter in MATTERS {
                if at > 0 && !matter.sentences().is_empty() {
                    continue;
                }
                let plain: std::collections::BTreeSet<String> = (0..24)
                    .map(|seed| bridge(matter, context, Manner::Plain, &seed.to_string()))
                    .collect();
                let manners = [Manner::Plain, Manner::Formal, Manner::Small];
                for sentence in plain
                    .iter()
                    .flat_map(|text| manners.map(|manner| manner.apply(text)))
                {
                    for user in ["Did you miss me?", "Was it a sign?", "Are you alive?"] {
                        let told = validator.validate(context, user, &sentence);
                        let leaks =
                            internal_name(&sentence).is_some() || sentence.contains(['{', '}']);
                        if !told.violations.is_empty() || leaks {
                            faults.insert(format!("{sentence} | {:?}", told.classes()));
                        }
                    }
                }
            }
        }
        assert!(faults.is_empty(), "{faults:#?}");
    }

    #[test]
    fn fallbacks_cross_no_boundary() {
        for seed in 0..64 {
            let text = crate::fallback(&seed.to_string());
            let told = Validator::default().validate(&Context::default(), "Did you wait?", &text);
            assert!(
                told.violations.is_empty() && internal_name(&text).is_none(),
                "{text}"
            );
        }
    }
}
