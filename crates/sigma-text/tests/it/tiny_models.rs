//! Loading of local models, on models small enough to be written here.

use safetensors::{Dtype, tensor::TensorView};
use sigma_text::{EmbedError, Embedder as _, LoadError, LocalEmbedder, ModelFiles};
use std::collections::BTreeMap;

const WORDS: [&str; 6] = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "red", "blue"];

fn tokenizer() -> Vec<u8> {
    let vocabulary: BTreeMap<&str, usize> =
        WORDS.iter().enumerate().map(|(id, w)| (*w, id)).collect();
    let special = |id: usize| {
        serde_json::json!({"id": id, "content": WORDS[id], "special": true, "single_word": false,
            "lstrip": false, "rstrip": false, "normalized": false})
    };
    let part = |name: &str| serde_json::json!({"SpecialToken": {"id": name, "type_id": 0}});
    let sequence = serde_json::json!({"Sequence": {"id": "A", "type_id": 0}});
    let json = serde_json::json!({
        "version": "1.0",
        "truncation": null,
        "padding": {"strategy": {"Fixed": 16}, "direction": "Right", "pad_to_multiple_of": null,
            "pad_id": 0, "pad_type_id": 0, "pad_token": "[PAD]"},
        "added_tokens": (0..4).map(special).collect::<Vec<_>>(),
        "normalizer": {"type": "Lowercase"},
        "pre_tokenizer": {"type": "Whitespace"},
        "post_processor": {"type": "TemplateProcessing",
            "single": [part("[CLS]"), sequence, part("[SEP]")], "pair": [],
            "special_tokens": {
                "[CLS]": {"id": "[CLS]", "ids": [2], "tokens": ["[CLS]"]},
                "[SEP]": {"id": "[SEP]", "ids": [3], "tokens": ["[SEP]"]}}},
        "decoder": null,
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
            "max_input_chars_per_word": 100, "vocab": vocabulary}
    });
    serde_json::to_vec(&json).unwrap()
}

/// A file of tensors: names, shapes and f32 numbers.
fn weights(tensors: &[(&str, Vec<usize>, Vec<f32>)]) -> Vec<u8> {
    let bytes: Vec<Vec<u8>> = tensors
        .iter()
        .map(|(_, _, n)| n.iter().flat_map(|x| x.to_le_bytes()).collect())
        .collect();
    let views = tensors.iter().zip(&bytes).map(|((name, shape, _), bytes)| {
        (
            *name,
            TensorView::new(Dtype::F32, shape.clone(), bytes).unwrap(),
        )
    });
    safetensors::serialize(views, None).unwrap()
}

fn load(weights: &[u8], config: &str) -> Result<LocalEmbedder, LoadError> {
    LocalEmbedder::from_files(&ModelFiles {
        weights,
        tokenizer: &tokenizer(),
        config: config.as_bytes(),
        limits: None,
        pooling: None,
    })
}

fn rows() -> Vec<f32> {
    vec![9.0, 9.0, 9.0, 9.0, 9.0, 9.0, 9.0, 9.0, 3.0, 0.0, 0.0, 4.0]
}

const STATIC: &str = r#"{"model_type": "model2vec", "normalize": true}"#;

#[test]
fn model2vec_is_the_mean_of_rows() {
    let model = load(&weights(&[("embeddings", vec![6, 2], rows())]), STATIC).unwrap();
    assert_eq!(model.info().dimensions, 2);
    assert!(model.info().id.0.starts_with("model2vec-"));
    let vector = model.embed("Red blue green").unwrap();
    assert!(
        (vector.as_slice()[0] - 0.6).abs() < 1e-6,
        "{vector:?}: the unknown word counts nothing"
    );
    assert!(matches!(model.embed("green"), Err(EmbedError::Empty)));
    assert!(matches!(model.embed(" \n"), Err(EmbedError::Empty)));
    assert!(model.embed(&"red ".repeat(300_000)).is_ok());
}

#[test]
fn model2vec_weights_tokens() {
    let file = weights(&[
        ("embeddings", vec![6, 2], rows()),
        ("weights", vec![6], vec![0.0, 0.0, 0.0, 0.0, 4.0, 3.0]),
    ]);
    let vector = load(&file, STATIC).unwrap().embed("red blue").unwrap();
    assert!((vector.as_slice()[0] - 0.5_f32.sqrt()).abs() < 1e-6);
}

const BERT: &str = r#"{"model_type": "bert", "_name_or_path": "tiny", "hidden_size": 4,
    "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 8,
    "max_position_embeddings": 8, "layer_norm_eps": 1e-12, "hidden_act": "gelu"}"#;

/// Numbers without meaning, the same every time.
fn bert() -> Vec<(&'static str, Vec<usize>, Vec<f32>)> {
    let shapes: [(&str, &[usize]); 21] = [
        ("embeddings.word_embeddings.weight", &[6, 4]),
        ("embeddings.position_embeddings.weight", &[8, 4]),
        ("embeddings.token_type_embeddings.weight", &[2, 4]),
        ("embeddings.LayerNorm.weight", &[4]),
        ("embeddings.LayerNorm.bias", &[4]),
        ("encoder.layer.0.attention.self.query.weight", &[4, 4]),
        ("encoder.layer.0.attention.self.query.bias", &[4]),
        ("encoder.layer.0.attention.self.key.weight", &[4, 4]),
        ("encoder.layer.0.attention.self.key.bias", &[4]),
        ("encoder.layer.0.attention.self.value.weight", &[4, 4]),
        ("encoder.layer.0.attention.self.value.bias", &[4]),
        ("encoder.layer.0.attention.output.dense.weight", &[4, 4]),
        ("encoder.layer.0.attention.output.dense.bias", &[4]),
        ("encoder.layer.0.attention.output.LayerNorm.weight", &[4]),
        ("encoder.layer.0.attention.output.LayerNorm.bias", &[4]),
        ("encoder.layer.0.intermediate.dense.weight", &[8, 4]),
        ("encoder.layer.0.intermediate.dense.bias", &[8]),
        ("encoder.layer.0.output.dense.weight", &[4, 8]),
        ("encoder.layer.0.output.dense.bias", &[4]),
        ("encoder.layer.0.output.LayerNorm.weight", &[4]),
        ("encoder.layer.0.output.LayerNorm.bias", &[4]),
    ];
    let number = |at: usize| ((at * 7919 + 13) % 101) as f32 / 50.0 - 1.0;
    let filled = |(tensor, (name, shape)): (usize, (&'static str, &[usize]))| {
        let count = shape.iter().product::<usize>();
        (
            name,
            shape.to_vec(),
            (0..count).map(|at| number(at + 31 * tensor)).collect(),
        )
    };
    shapes.into_iter().enumerate().map(filled).collect()
}

#[test]
fn bert_reads_order_and_stops_at_its_limit() {
    let model = load(&weights(&bert()), BERT).unwrap();
    assert_eq!(
        (model.info().dimensions, model.info().id.0.as_str()),
        (4, "tiny")
    );
    let of = |text: &str| model.embed(text).unwrap();
    assert!(
        of("red blue").cosine(&of("blue red")) < 0.999_9,
        "order matters"
    );
    assert_eq!(of("RED blue"), of("red  blue"));
    let (long, longer) = ("red ".repeat(6), "red ".repeat(1000));
    assert_eq!(of(&long), of(&longer), "eight positions, two of them marks");
    assert_ne!(of("red"), of(&long));
}

#[test]
fn pooling_may_take_the_first_token() {
    let (file, tokenizer) = (weights(&bert()), tokenizer());
    let with = |pooling: &'static str| {
        LocalEmbedder::from_files(&ModelFiles {
            weights: &file,
            tokenizer: &tokenizer,
            config: BERT.as_bytes(),
            limits: Some(br#"{"max_seq_length": 4}"#),
            pooling: Some(pooling.as_bytes()),
        })
    };
    let mean = with(r#"{"pooling_mode_mean_tokens": true}"#).unwrap();
    let first = with(r#"{"pooling_mode_cls_token": true}"#).unwrap();
    assert_ne!(mean.embed("red").unwrap(), first.embed("red").unwrap());
    assert_eq!(
        mean.embed("red red").unwrap(),
        mean.embed("red red blue").unwrap()
    );
    assert!(matches!(
        with(r#"{"pooling_mode_max_tokens": true}"#),
        Err(LoadError::Unsupported(_))
    ));
}

#[test]
fn a_limit_of_nothing_still_reads_a_word() {
    let (file, tokenizer) = (weights(&bert()), tokenizer());
    let model = LocalEmbedder::from_files(&ModelFiles {
        weights: &file,
        tokenizer: &tokenizer,
        config: BERT.as_bytes(),
        limits: Some(br#"{"max_seq_length": 0}"#),
        pooling: None,
    });
    assert!(model.unwrap().embed("red blue").is_ok());
}

#[test]
fn damaged_models_are_refused() {
    let good = weights(&bert());
    assert!(matches!(load(b"", BERT), Err(LoadError::Weights(_))));
    assert!(matches!(
        load(&good[..good.len() / 2], BERT),
        Err(LoadError::Weights(_))
    ));
    assert!(matches!(
        load(&good, "{"),
        Err(LoadError::Config {
            file: "config.json",
            ..
        })
    ));
    assert!(matches!(
        load(&good, r#"{"model_type": "gpt2"}"#),
        Err(LoadError::UnknownType(_))
    ));
    assert!(matches!(
        load(&good, STATIC),
        Err(LoadError::MissingTensor(_))
    ));
    for (change, to) in [
        ("\"gelu\"", "\"relu\""),
        ("heads\": 2", "heads\": 3"),
        ("heads\": 2", "heads\": 0"),
    ] {
        assert!(
            matches!(
                load(&good, &BERT.replace(change, to)),
                Err(LoadError::Unsupported(_))
            ),
            "{to}"
        );
    }
    let wide = BERT.replace("\"intermediate_size\": 8", "\"intermediate_size\": 9");
    assert!(matches!(load(&good, &wide), Err(LoadError::BadTensor(_))));
    let deep = BERT.replace("layers\": 1", "layers\": 2");
    assert!(matches!(
        load(&good, &deep),
        Err(LoadError::MissingTensor(_))
    ));
    let nowhere = std::path::Path::new("no such directory");
    assert!(matches!(
        LocalEmbedder::open(nowhere),
        Err(LoadError::File {
            file: "model.safetensors",
            ..
        })
    ));
}

#[test]
fn weights_that_are_no_numbers_give_no_vector() {
    let mut tensors = bert();
    tensors[0].2[16] = f32::NAN;
    let model = load(&weights(&tensors), BERT).unwrap();
    assert!(matches!(model.embed("red"), Err(EmbedError::Model(_))));
}
