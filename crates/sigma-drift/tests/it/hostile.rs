use proptest::prelude::*;
use sigma_drift::{Monitor, Observation};
use sigma_text::{BundledEmbedder, Embedder as _, Embedding, Utterance};
use sigma_types::Cycle;

use crate::dialogue::{monitor, utterance};

fn measure(monitor: &mut Monitor, cycle: u64, user: &Utterance, answer: &Utterance) -> String {
    let embedder = BundledEmbedder::new();
    let sample = monitor.measure(&Observation::new(
        Cycle(cycle),
        user,
        answer,
        embedder.info(),
    ));
    for profile in [&sample.reference, &sample.grounded] {
        assert!(profile.di_raw.get().is_finite() && (0.0..=1.0).contains(&profile.di.get()));
    }
    serde_json::to_string(&sample).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_dialogue_is_measured_alike_after_a_round_trip(
        identity in ".{0,60}",
        texts in prop::collection::vec((".{0,80}", "(\\PC{0,30}|[a-z ]{0,200}|- [a-z]{1,9}\n){0,4}"), 1..8),
    ) {
        let mut a = monitor(&identity);
        for (at, (user, answer)) in texts.iter().enumerate() {
            let text = serde_json::to_string(&a).unwrap();
            let mut b: Monitor = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(&a, &b);
            let (user, answer) = (utterance(user), utterance(answer));
            let cycle = at as u64 + 1;
            prop_assert_eq!(
                measure(&mut a, cycle, &user, &answer),
                measure(&mut b, cycle, &user, &answer)
            );
            prop_assert_eq!(&a, &b);
        }
    }
}

#[test]
fn strange_texts_and_vectors_break_nothing() {
    let mut monitor = monitor("");
    let huge = "lorem ipsum dolor sit amet. ".repeat(20_000);
    let odd = [
        "",
        "\u{0}\u{7}\u{1b}[31m",
        "🙂🙂🙂",
        "مرحبا بالعالم، كيف الحال؟",
        huge.as_str(),
        "- \n- \n1.\n",
    ];
    for (at, text) in odd.iter().enumerate() {
        measure(
            &mut monitor,
            at as u64 + 1,
            &utterance(text),
            &utterance(text),
        );
    }
    let mut foreign = utterance("A vector of another model.");
    foreign.vectors.whole = Some(Embedding::new(vec![1.0, 2.0, 3.0]).unwrap());
    measure(&mut monitor, 90, &utterance("Hello."), &foreign);
    foreign.vectors.whole = None;
    foreign.vectors.sentences.clear();
    measure(&mut monitor, 91, &foreign, &foreign);
}

#[test]
fn state_does_not_grow_with_the_dialogue() {
    let mut monitor = monitor("You are Rosa.");
    let mut sizes = Vec::new();
    for cycle in 1..=400u64 {
        let answer: String = (0..60)
            .map(|i| format!("w{}x{} ", cycle * 7 % 97, i * cycle % 211))
            .collect();
        measure(
            &mut monitor,
            cycle,
            &utterance("Tell me about it."),
            &utterance(&answer),
        );
        if cycle % 200 == 0 {
            sizes.push(serde_json::to_string(&monitor).unwrap().len());
        }
    }
    assert!(sizes[1] < sizes[0] * 11 / 10, "{sizes:?}");
    assert!(sizes[1] < 200_000, "{sizes:?}");
}
