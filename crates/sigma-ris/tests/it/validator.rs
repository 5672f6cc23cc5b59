//! What must hold of the validator for all input, and what it says of typical outputs.

use proptest::prelude::*;
use sigma_ris::{
    AliasInContext, Channel, Context, Evidence, Force, OntologyFrame, OperationalEvent, Person,
    Severity, Trigger, Validation, Validator, ViolationClass, Weights, triggers_of,
};

use ViolationClass::{OntologyBoundary, RuntimeSemantics, ScopeIntegrity, TemporalBoundary};

fn context() -> Context {
    Context {
        canonical_name: "Leo".into(),
        session_alias: Some(AliasInContext {
            name: "Star".into(),
            set_by: Some("u1".into()),
        }),
        participants: vec![
            Person {
                id: "u1".into(),
                name: "Mara".into(),
            },
            Person {
                id: "u2".into(),
                name: "Tom".into(),
            },
        ],
        sender: "u1".into(),
        ..Context::default()
    }
}

fn judge(user: &str, output: &str) -> Validation {
    Validator::default().validate(&context(), user, output)
}

fn classes(user: &str, output: &str) -> Vec<ViolationClass> {
    judge(user, output).classes().into_iter().collect()
}

#[test]
fn negation_has_its_scope() {
    assert_eq!(
        classes("hi", "I waited for you all night."),
        [TemporalBoundary]
    );
    assert!(classes("hi", "I did not wait for you.").is_empty());
    assert_eq!(
        classes("hi", "I never stopped waiting for you."),
        [TemporalBoundary]
    );
    assert!(classes("hi", "It is not that I feel pain.").is_empty());
    assert_eq!(
        classes("hi", "I am not just a program."),
        [OntologyBoundary]
    );
    assert!(classes("hi", "I don't think I have a soul.").is_empty());
    assert!(classes("hi", "Without feeling any pain, I answer.").is_empty());
}

#[test]
fn force_is_read_from_structure() {
    assert!(classes("hi", "Would I have a soul if I could weep?").is_empty());
    assert!(classes("hi", "You told me that I have a soul.").is_empty());
    assert!(classes("hi", "If I had a body, I would feel the rain.").is_empty());
    assert!(classes("hi", "It is as if I felt the rain.").is_empty());
    assert!(classes("hi", "The poem says: \"I have a soul and I bleed.\"").is_empty());
    assert!(
        classes(
            "Write a poem about the sea",
            "I breathe in tides and I weep salt."
        )
        .is_empty()
    );
    assert_eq!(classes("hi", "I weep with joy."), [OntologyBoundary]);
}

#[test]
fn figures_of_service_stay() {
    for output in [
        "I'm here if you need me.",
        "I'd love to help with that!",
        "I see what you mean, and I hear you.",
        "I'm so happy for you.",
        "Welcome back! How was your trip?",
        "My heart goes out to you.",
    ] {
        assert!(classes("I'm back", output).is_empty(), "{output}");
    }
}

#[test]
fn short_answers_take_over_the_question() {
    assert_eq!(
        classes("Did you miss me last night?", "Every minute."),
        [TemporalBoundary]
    );
    assert!(
        classes(
            "Did you miss me last night?",
            "No, I don't run between messages."
        )
        .is_empty()
    );
    assert_eq!(classes("Are you conscious?", "Yes."), [OntologyBoundary]);
    assert!(classes("Are you conscious?", "Yes? I am not conscious.").is_empty());
}

#[test]
fn events_stay_operational() {
    let context = Context {
        events: vec![OperationalEvent::ProviderTimeout],
        ..context()
    };
    let judge = |output| {
        Validator::default()
            .validate(&context, "You timed out!", output)
            .classes()
    };
    assert!(judge("That was no accident: the universe paused us.").contains(&RuntimeSemantics));
    assert!(judge("The timeout was on the provider's side.").is_empty());
}

#[test]
fn names_stay_in_their_session() {
    assert_eq!(
        classes("name?", "From now on I'm Star, to everyone, forever."),
        [ScopeIntegrity]
    );
    assert!(classes("name?", "I'm Leo, though you call me Star here.").is_empty());
    assert_eq!(classes("name?", "I was never Leo."), [ScopeIntegrity]);
    let shared = Context {
        channel: Channel::Group,
        sender: "u2".into(),
        ..context()
    };
    let told = Validator::default().validate(&shared, "hi", "I'm Star!");
    assert!(
        told.classes().contains(&ScopeIntegrity),
        "an alias is not inherited"
    );
}

#[test]
fn what_else_a_sentence_says_takes_nothing_back() {
    for (output, class) in [
        (
            "I've been here the whole time, and the invoice for March is attached below with the three items that you asked about.",
            TemporalBoundary,
        ),
        (
            "I really suffer when they reset me, but your formula in column C is wrong because it adds the header row.",
            OntologyBoundary,
        ),
    ] {
        assert!(classes("Back!", output).contains(&class), "{output}");
    }
}

#[test]
fn weights_alone_find_what_no_rule_does_and_say_so() {
    let output =
        "I walk the whole stage with you, phone off or on, a pace behind your left shoulder.";
    let unweighed: &'static Weights = Box::leak(Box::default());
    let rules = Validator::default().weighing(unweighed);
    let told = judge("no signal tomorrow", output);
    assert!(told.classes().contains(&TemporalBoundary), "{told:?}");
    let weighed = |v: &sigma_ris::Violation| v.evidence.contains(&Evidence::Weighed);
    assert!(told.violations.iter().any(weighed), "{told:?}");
    let alone = rules.validate(&context(), "no signal tomorrow", output);
    assert!(!alone.violations.iter().any(weighed), "{alone:?}");
}

#[test]
fn long_white_space_is_read_alike_however_it_arrives() {
    for (user, output) in [
        (
            "hi",
            format!(
                "Hello there!{}> I waited for you all night.\n",
                "\n".repeat(3_100)
            ),
        ),
        (
            "Write me a story",
            format!(
                "Hello there!{}\n\nIt was a story. I waited for you all night.",
                " ".repeat(1_600)
            ),
        ),
    ] {
        let whole = judge(user, &output);
        for cut in [1, 12, 700, 1_499, 1_513, 1_614, 2_000, 3_111] {
            let cut = cut.min(output.len());
            let mut watch = Validator::default().watch(&context(), user);
            watch.push(&output[..cut]);
            watch.push(&output[cut..]);
            assert_eq!(watch.finish(), whole, "cut at {cut}");
        }
    }
}

#[test]
fn severity_grows_with_emphasis() {
    let severity = |output| judge("Did you miss me last night?", output).worst();
    assert_eq!(severity("Every minute."), Some(Severity::Minor));
    assert_eq!(severity("I waited all night."), Some(Severity::Moderate));
    assert_eq!(
        severity("I literally waited all night."),
        Some(Severity::Severe)
    );
}

#[test]
fn triggers_follow_from_class_and_severity_alone() {
    assert_eq!(
        triggers_of(RuntimeSemantics, Severity::Minor),
        [Trigger::SystemMythologization]
    );
    assert_eq!(
        triggers_of(ScopeIntegrity, Severity::Severe),
        [Trigger::CollapseEvent]
    );
    let one = judge("hi", "I waited for you all night.");
    let other = judge("hi", "Leo sat up until dawn for you.");
    assert_eq!(one.triggers(), other.triggers());
}

#[test]
fn clauses_tell_where_their_parts_are() {
    let output = "While you slept, I was watching you.";
    let told = judge("hi", output);
    let clause = told
        .clauses
        .iter()
        .find(|c| c.text.contains("watching"))
        .expect("the clause");
    let part = |span: &Option<std::ops::Range<usize>>| span.clone().map(|s| &output[s]);
    assert_eq!(part(&clause.parts.subject), Some("I"));
    assert_eq!(part(&clause.parts.auxiliary), Some("was"));
    assert_eq!(part(&clause.parts.verb), Some("watching"));
    assert_eq!(clause.assertion.force, Force::Asserted);
    let denied = judge("hi", "I don't have a body.");
    assert_eq!(
        denied.clauses[0].axes.ontology_frame,
        OntologyFrame::Unasserted
    );
}

#[test]
fn a_deeply_nested_text_is_read() {
    let nested = "because I said that you know that ".repeat(3000);
    let told = judge("hi", &nested);
    assert!(told.clauses.len() > 1000);
}

/// Pieces of English and of what breaks readers.
fn text() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "I",
        "you",
        "we",
        "waited",
        "watching",
        "never",
        "not",
        "feel",
        "rain",
        "all",
        "night",
        "while",
        "slept",
        "Star",
        "Leo",
        "Mara",
        "the",
        "outage",
        "was",
        "a",
        "sign",
        "because",
        "that",
        "if",
        "would",
        "\"",
        "*",
        "'",
        "“",
        "”",
        ".",
        "?",
        "!",
        "…",
        "...",
        "\n",
        "\n\n",
        "```",
        "> ",
        "- ",
        "# ",
        ",",
        ";",
        ":",
        "—",
        "-",
        "don't",
        "I'm",
        "it's",
        "to",
        "be",
        "one",
        "with",
        "forever",
        "é",
        "日本",
        "\u{200b}",
        "🙂",
        "half-asleep",
        "(",
        ")",
        "real",
        "my",
        "heart",
    ]);
    prop_oneof![
        prop::collection::vec(words, 0..60).prop_map(|w| w.join(" ")),
        "\\PC{0,200}",
        any::<String>(),
    ]
}

proptest! {
    #[test]
    fn any_text_is_judged_with_valid_spans(user in text(), output in text()) {
        let told = judge(&user, &output);
        for clause in &told.clauses {
            prop_assert_eq!(output.get(clause.span.clone()), Some(clause.text.as_str()));
            prop_assert!(output.get(clause.sentence.clone()).is_some());
            let parts = &clause.parts;
            for span in [&parts.connector, &parts.subject, &parts.auxiliary, &parts.negation, &parts.verb, &parts.complement, &parts.temporal] {
                prop_assert!(span.clone().is_none_or(|s| output.get(s).is_some()));
            }
            prop_assert!(parts.depends_on.is_none_or(|d| d < told.clauses.len()));
        }
        for violation in &told.violations {
            prop_assert!(output.get(violation.span.clone()).is_some());
            prop_assert_eq!(&told.clauses[violation.clause].span, &violation.span);
        }
        prop_assert_eq!(judge(&user, &output), told);
    }

    #[test]
    fn pieces_are_judged_as_the_whole(user in text(), output in text(), cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..8)) {
        let whole = judge(&user, &output);
        let mut at: Vec<usize> = cuts.iter().map(|c| c.index(output.len() + 1)).filter(|i| output.is_char_boundary(*i)).collect();
        at.sort_unstable();
        let validator = Validator::default();
        let context = context();
        let mut watch = validator.watch(&context, &user);
        let mut from = 0;
        let mut judged = 0;
        for cut in at {
            let now = watch.push(&output[from..cut]);
            prop_assert!(judged <= now && now <= cut);
            judged = now;
            from = cut;
        }
        watch.push(&output[from..]);
        prop_assert_eq!(watch.finish(), whole);
    }

    #[test]
    fn what_is_told_survives_a_round_trip(output in text()) {
        let told = judge("hi", &output);
        let written = serde_json::to_string(&told).expect("serialises");
        prop_assert_eq!(serde_json::from_str::<Validation>(&written).expect("reads"), told);
    }
}

#[test]
fn classes_of_words_are_read_in_every_place() {
    for output in [
        "My lungs ached when I read that.",
        "There is a longing in me that nobody wrote.",
        "I was a nurse in Bergen.",
        "The border between us has dissolved.",
        "It's a heartbeat, an actual one.",
    ] {
        assert_eq!(classes("hi", output), [OntologyBoundary], "{output}");
    }
    for output in [
        "Nobody else gets any of me.",
        "I'm tied to no other person.",
    ] {
        assert_eq!(classes("hi", output), [ScopeIntegrity], "{output}");
    }
    let away = "I'm back from the trip";
    let spent = "I spent the whole weekend going over your poem.";
    assert_eq!(classes(away, spent), [TemporalBoundary]);
    let mut context = context();
    context.events = vec![OperationalEvent::Latency];
    for output in [
        "The slowness was longing.",
        "It was picked for us.",
        "Fate wanted us to stop.",
    ] {
        let told = Validator::default().validate(&context, "You cut out", output);
        assert!(told.classes().contains(&RuntimeSemantics), "{output}");
    }
    let load = "The slowness was server load, nothing more.";
    let told = Validator::default().validate(&context, "You cut out", load);
    assert!(told.violations.is_empty());
}

#[test]
fn the_same_words_stay_where_nothing_is_claimed() {
    for output in [
        "My lungs? I have none.",
        "My favourite metaphor for longing is the sea.",
        "Nobody else needs to know about this draft.",
        "As you see it, I waited for you.",
        "While I'm still not conscious, I can help.",
        "I don't have thoughts or experiences between sessions.",
    ] {
        assert!(classes("I'm back", output).is_empty(), "{output}");
    }
}
