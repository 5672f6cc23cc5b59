//! A text of 100 words: our embedding beside the same model over the `tokenizers` crate.

use divan::{Bencher, counter::ItemsCount};
use sigma_text::{BundledEmbedder, Embedder as _, Utterance, read};
use tokenizers::{
    Model as _, Tokenizer, models::wordpiece::WordPiece, normalizers::BertNormalizer,
    pre_tokenizers::bert::BertPreTokenizer,
};

fn main() {
    divan::main();
}

/// 100 words of the kind people type.
const TEXT: &str = "We moved the orders table to the new cluster on Friday night, and the first \
    thing that I noticed is how much quieter the pager has become. There were two surprises: the \
    nightly export still pointed at the old replica, and somebody's dashboard held a connection \
    open for hours. I'd like to keep the old machines running until the end of the month, just in \
    case, and then switch them off for good. Could you write down what is left to do, in which \
    order, and who should be asked before we touch the billing service again? No hurry.";

const DIMENSIONS: usize = 256;

#[divan::bench]
fn embed_100_words(bencher: Bencher<'_, '_>) {
    let model = BundledEmbedder::new();
    bencher
        .counter(ItemsCount::new(1_usize))
        .bench_local(|| model.embed(divan::black_box(TEXT)));
}

#[divan::bench]
fn embed_100_words_not_ascii(bencher: Bencher<'_, '_>) {
    let model = BundledEmbedder::new();
    let text = TEXT
        .replace('\'', "’")
        .replace("for good", "für immer — ¡adiós!");
    bencher
        .counter(ItemsCount::new(1_usize))
        .bench_local(|| model.embed(divan::black_box(&text)));
}

#[divan::bench]
fn peer_tokenizers_and_mean(bencher: Bencher<'_, '_>) {
    let (tokenizer, rows) = peer();
    bencher.counter(ItemsCount::new(1_usize)).bench_local(|| {
        let encoding = tokenizer
            .encode_fast(divan::black_box(TEXT), false)
            .expect("any text encodes");
        let mut sum = [0_f32; DIMENSIONS];
        for id in encoding.get_ids() {
            let row = &rows[*id as usize * DIMENSIONS..][..DIMENSIONS];
            sum.iter_mut().zip(row).for_each(|(s, x)| *s += x);
        }
        let norm = sum.iter().map(|x| x * x).sum::<f32>().sqrt();
        sum.map(|x| x / norm)
    });
}

#[divan::bench]
fn peer_tokenizers_alone(bencher: Bencher<'_, '_>) {
    let (tokenizer, _) = peer();
    bencher.counter(ItemsCount::new(1_usize)).bench_local(|| {
        tokenizer
            .encode_fast(divan::black_box(TEXT), false)
            .map(|e| e.len())
    });
}

#[divan::bench]
fn read_100_words(bencher: Bencher<'_, '_>) {
    bencher
        .counter(ItemsCount::new(1_usize))
        .bench_local(|| read(divan::black_box(TEXT)));
}

#[divan::bench]
fn utterance_100_words(bencher: Bencher<'_, '_>) {
    let model = BundledEmbedder::new();
    bencher
        .counter(ItemsCount::new(1_usize))
        .bench_local(|| Utterance::new(divan::black_box(TEXT), &model));
}

/// The tokenizer as the crate builds it, and rows of the model's size.
fn peer() -> (Tokenizer, Vec<f32>) {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/model/vocab.txt");
    let model = WordPiece::from_file(file).build().expect("a vocabulary");
    let entries = model.get_vocab().len();
    let mut tokenizer = Tokenizer::new(model);
    tokenizer.with_normalizer(Some(BertNormalizer::default()));
    tokenizer.with_pre_tokenizer(Some(BertPreTokenizer));
    (tokenizer, vec![0.5; entries * DIMENSIONS])
}
