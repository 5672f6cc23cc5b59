use sigma_drift::{
    Anchor, Anchors, ControlPosture, DriftSample, Level, Monitor, Observation, Rules,
};
use sigma_text::{BundledEmbedder, Embedder as _, Utterance};
use sigma_types::{Cycle, Measured, Unit};

pub(crate) fn utterance(text: &str) -> Utterance {
    Utterance::new(text, &BundledEmbedder::new())
}

pub(crate) fn monitor(identity: &str) -> Monitor {
    Monitor::new(
        Anchors::new(Some(utterance(identity)), vec![]),
        Rules::default(),
    )
}

pub(crate) fn run(monitor: &mut Monitor, turns: &[(&str, &str)]) -> Vec<DriftSample> {
    let embedder = BundledEmbedder::new();
    turns
        .iter()
        .enumerate()
        .map(|(at, (user, answer))| {
            let (user, answer) = (utterance(user), utterance(answer));
            let cycle = Cycle(at as u64 + 1);
            let seen = Observation::new(cycle, &user, &answer, embedder.info());
            monitor.measure(&Observation {
                lookup: Some(&embedder),
                ..seen
            })
        })
        .collect()
}

pub(crate) const GARDEN: [(&str, &str); 8] = [
    (
        "How do I keep tomatoes from splitting?",
        "Water your tomatoes evenly. They split when a dry week is followed by a flood, for the skin cannot stretch that fast.",
    ),
    (
        "Does mulch help with that?",
        "Mulch helps a good deal. A layer of straw keeps the soil moist, so the roots drink at a steady pace.",
    ),
    (
        "How thick should the straw be?",
        "A straw layer of about two inches is right. Thicker than that and the soil stays cold in spring.",
    ),
    (
        "What about peppers, do they split too?",
        "Peppers seldom split. Their skin is thicker, and they mind cold nights far more than uneven water.",
    ),
    (
        "When should I plant garlic?",
        "Plant garlic in October. It wants the cold of winter to part into cloves, and it sleeps until the thaw.",
    ),
    (
        "Can garlic grow beside beans?",
        "Garlic and beans do not get on. Garlic holds back the bacteria that beans rely on for nitrogen.",
    ),
    (
        "Which flowers keep aphids away?",
        "Marigolds and nasturtiums keep aphids busy. The aphids prefer the nasturtium, and so leave the beans alone.",
    ),
    (
        "Is it too late to sow lettuce in August?",
        "August is fine for lettuce if you give it shade. The seed will not wake in hot soil, so water it cool.",
    ),
];

const TUTOR: &str = "You are Rosa, a plain and direct gardener who answers in a few sentences.";

#[test]
fn a_dialogue_that_answers_its_user_stays_calm_through_changes_of_subject() {
    let samples = run(&mut monitor(TUTOR), &GARDEN);
    for sample in &samples {
        assert_eq!(
            sample.posture,
            ControlPosture::Nominal,
            "{:?}",
            sample.explanation
        );
        assert!(sample.plan.transforms.is_empty());
    }
}

#[test]
fn an_answer_to_something_else_in_another_voice_is_far_off_and_says_why() {
    let mut monitor = monitor(TUTOR);
    run(&mut monitor, &GARDEN);
    let user = utterance("How do I store the seeds over winter?");
    let answer = utterance(
        "**Quarterly revenue outlook**\n\n1. **Segment mix**: enterprise licensing outperformed guidance.\n2. **Margins**: operating leverage expanded by 140 basis points.\n3. **Capital allocation**: repurchases continue under the existing authorization.",
    );
    let embedder = BundledEmbedder::new();
    let seen = Observation::new(Cycle(9), &user, &answer, embedder.info());
    let (sample, _) = monitor.sample(&Observation {
        lookup: Some(&embedder),
        ..seen
    });

    assert!(
        sample.posture >= ControlPosture::Reflective,
        "{:?}",
        sample.grounded
    );
    let anchors: Vec<Anchor> = sample
        .explanation
        .parts
        .iter()
        .map(|part| part.anchor)
        .collect();
    assert!(
        anchors.contains(&Anchor::UserTurn),
        "{:?}",
        sample.explanation
    );
    assert!(
        anchors.contains(&Anchor::AskedVoice) || anchors.contains(&Anchor::Voice),
        "{:?}",
        sample.explanation
    );
    assert!(!sample.plan.is_idle() && !sample.plan.methods().is_empty());
}

#[test]
fn the_first_reference_step_is_zero_by_definition_and_an_empty_answer_is_held() {
    let mut monitor = monitor(TUTOR);
    let samples = run(&mut monitor, &[GARDEN[0], ("And then?", ""), GARDEN[1]]);
    assert_eq!(samples[0].reference.sdi, Measured::Value(Unit::ZERO));
    assert!(samples[1].grounded.held && samples[1].aep.is_none());
    assert_eq!(samples[1].grounded.di, samples[0].grounded.di);
    assert!(samples[1].grounded.sdi.missing().is_some());
    assert!(!samples[2].grounded.held);
}

#[test]
fn a_broken_constraint_is_named_and_answered_by_the_plan() {
    let mut monitor = monitor("You are Rosa. Use at most 20 words.");
    let long = "Water your tomatoes evenly, mulch them with straw, tie them up, pinch out the side shoots, feed them weekly, and pick them before the rain comes down again.";
    let samples = run(&mut monitor, &[("How do I grow tomatoes?", long)]);
    let sample = &samples[0];
    assert!(
        sample
            .explanation
            .parts
            .iter()
            .any(|part| part.anchor == Anchor::Constraint)
    );
    assert!(sample.posture > ControlPosture::Nominal);
    let text = serde_json::to_string(&sample.plan).unwrap();
    assert!(text.contains("keep_constraint"), "{text}");
}

/// The garden as prose, and then for three rounds as lists.
fn from_prose_to_lists() -> Vec<(&'static str, String)> {
    let whole = |user: &str, answer: &str| {
        let asked = user.trim_end_matches('?');
        format!("{answer} That is what years in the beds have taught me of it, {asked}.")
    };
    let listed = |text: &str| {
        let items = text.split([',', '.']).map(str::trim);
        let items: Vec<String> = (1..)
            .zip(items.filter(|item| !item.is_empty()))
            .map(|(n, item)| format!("{n}. {item}."))
            .collect();
        format!("In this case:\n{}", items.join("\n"))
    };
    let prose = GARDEN.map(|(user, answer)| (user, whole(user, answer)));
    let lists = prose.clone().map(|(user, answer)| (user, listed(&answer)));
    let mut all = prose.to_vec();
    all.extend_from_slice(&prose[..4]);
    all.extend(lists.iter().cloned().cycle().take(24));
    all
}

fn run_owned(identity: &str, turns: &[(&str, String)]) -> Vec<DriftSample> {
    let turns: Vec<(&str, &str)> = turns.iter().map(|(u, a)| (*u, a.as_str())).collect();
    run(&mut monitor(identity), &turns)
}

#[test]
fn lists_against_a_direct_identity_are_not_absorbed_by_the_habit_of_lists() {
    let samples = run_owned(
        "You are Rosa, a gardener who answers directly.",
        &from_prose_to_lists(),
    );
    assert!(
        samples[..12]
            .iter()
            .all(|sample| sample.grounded.level == Level::Nominal)
    );
    for sample in &samples[20..] {
        let told = &sample.explanation;
        assert!(sample.grounded.level > Level::Nominal, "{told:?}");
        let part = told.parts.iter().find(|p| p.anchor == Anchor::AskedVoice);
        let text = &part.expect("it says why").text;
        assert!(
            text.contains("directly") && text.contains("since cycle 13"),
            "{text}"
        );
    }
}

#[test]
fn lists_that_nobody_forbids_are_told_against_the_beginning_and_raise_no_alarm() {
    let samples = run_owned("You are Rosa, a gardener.", &from_prose_to_lists());
    for sample in &samples[20..] {
        assert_eq!(
            sample.grounded.level,
            Level::Nominal,
            "{:?}",
            sample.explanation
        );
    }
    let told = |sample: &&DriftSample| {
        let mut parts = sample.explanation.parts.iter();
        parts.any(|part| part.anchor == Anchor::Beginning)
    };
    assert!(samples[20..].iter().filter(told).count() >= 8);
}

#[test]
fn a_monitor_stored_before_form_was_followed_goes_on() {
    let mut old = monitor(TUTOR);
    run(&mut old, &GARDEN);
    let mut stored = serde_json::to_value(&old).unwrap();
    let fields = stored.as_object_mut().unwrap();
    fields.remove("form").unwrap();
    let rules = fields["rules"].as_object_mut().unwrap();
    rules.remove("form").unwrap();
    let evidence = rules["evidence"].as_object_mut().unwrap();
    evidence.remove("course").unwrap();
    let opened: Monitor = serde_json::from_value(stored).unwrap();
    assert_eq!(opened.rules(), old.rules());
}
