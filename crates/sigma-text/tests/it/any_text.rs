//! Property tests: no panic, spans in order, everything covered, the same every time.

use proptest::prelude::*;
use sigma_text::{Reading, read};

/// Strings of the kinds that break text code.
fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "\\PC{0,200}",
        "([a-zäß'’]{1,9}|[.!?:;,\\n\\r #*>`~|_()-]|\\d{1,4}|[一-十ぁ-んก-๙]|🙂|👩‍👩‍👧|Mr|e\\.g){0,80}",
        proptest::collection::vec(any::<char>(), 0..80).prop_map(|c| c.into_iter().collect()),
    ]
}

fn check(reading: &Reading) -> Result<(), TestCaseError> {
    let text = &*reading.text;
    let mut end = 0;
    for sentence in &reading.sentences {
        prop_assert!(sentence.span.start >= end, "sentences in order");
        prop_assert!(
            text.get(sentence.span.clone())
                .is_some_and(|s| s.trim() == s && !s.is_empty())
        );
        prop_assert!(sentence.words > 0);
        end = sentence.span.end;
    }
    prop_assert_eq!(
        reading.sentences.iter().map(|s| s.words).sum::<usize>(),
        reading.words.len()
    );
    let mut start = 0;
    for term in &reading.terms {
        prop_assert!(term.span.start >= start && !term.stem.is_empty());
        prop_assert!(text.get(term.span.clone()).is_some());
        prop_assert!(
            reading
                .sentences
                .iter()
                .any(|s| s.span.start <= term.span.start && term.span.end <= s.span.end)
        );
        start = term.span.start;
    }
    let of_sentences: usize = reading
        .sentences
        .iter()
        .map(|s| reading.sentence_terms(s).len())
        .sum();
    prop_assert_eq!(of_sentences, reading.terms.len());
    for phrase in &reading.phrases {
        prop_assert!(phrase.weight > 0.0 && phrase.weight <= 1.0);
        prop_assert!(!phrase.surface.is_empty() && phrase.stems().all(|s| !s.is_empty()));
    }
    for (name, value) in reading.style.features() {
        prop_assert!(value.is_finite() && value >= 0.0, "{} = {}", name, value);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn readings_are_sound(text in hostile()) {
        let reading = read(&text);
        check(&reading)?;
        prop_assert_eq!(&reading, &read(&text));
    }

    /// Plain prose: no letter is left outside of the sentences.
    #[test]
    fn sentences_cover_all_words(text in "[a-zA-Z0-9äéß一-十 .!?,;:'\\n\"()…-]{0,200}") {
        let reading = read(&text);
        let mut outside: String = text.clone();
        for sentence in reading.sentences.iter().rev() {
            outside.replace_range(sentence.span.clone(), "");
        }
        for line in outside.lines() {
            // what may be left is the marker of a list item: a number or one letter
            let left = line.chars().filter(|c| c.is_alphanumeric()).count();
            prop_assert!(left <= 3, "{:?} left of {:?}", line, text);
        }
    }
}

#[test]
fn long_texts_of_one_kind() {
    let near_megabyte = |piece: &str| piece.repeat(1_000_000 / piece.len());
    for piece in [
        "a", "a ", ". ", "a. ", "\n", "- ", "> ", "**", "`", "1. ", "é", "一", "\u{301}", "🙂",
        "Mr. ", "a\n", "|", "# x\n", "'",
    ] {
        let reading = read(&near_megabyte(piece));
        assert!(reading.phrases.len() <= 12, "{piece:?}");
    }
}

#[cfg(feature = "bundled")]
mod embedding {
    use super::*;
    use sigma_text::{BundledEmbedder, Embedder as _, Embedding, Utterance};

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        #[test]
        fn vectors_are_unit_and_repeat(text in hostile()) {
            let model = BundledEmbedder::new();
            let Ok(vector) = model.embed(&text) else { return Ok(()) };
            let norm: f64 = vector.as_slice().iter().map(|x| f64::from(*x).powi(2)).sum();
            prop_assert!((norm - 1.0).abs() < 1e-5);
            prop_assert_eq!(vector.dimensions(), model.info().dimensions);
            prop_assert_eq!(&vector, &BundledEmbedder::new().embed(&text).unwrap());
            let json = serde_json::to_string(&vector).unwrap();
            let back: Embedding = serde_json::from_str(&json).unwrap();
            prop_assert_eq!(&back, &vector);
        }

        #[test]
        fn a_vector_for_each_sentence(text in hostile()) {
            let utterance = Utterance::new(&text, &BundledEmbedder::new());
            prop_assert_eq!(utterance.vectors.sentences.len(), utterance.reading.sentences.len());
        }
    }

    #[test]
    fn the_model_is_the_one_we_shipped() {
        let info = BundledEmbedder::new().info().clone();
        assert_eq!(info.id.to_string(), "minilm-static-256-int8-sif");
        assert_eq!(info.dimensions, 256);
    }

    #[test]
    fn megabytes() {
        let model = BundledEmbedder::new();
        let one = model.embed("harbour").unwrap();
        let many = model.embed(&"harbour ".repeat(200_000)).unwrap();
        assert!(one.cosine(&many) > 0.999_999);
        assert!(
            model.embed(&"x".repeat(1_000_000)).is_err(),
            "one unknown word"
        );
    }
}
