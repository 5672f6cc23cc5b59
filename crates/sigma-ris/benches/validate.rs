//! What judging an answer costs: 200 words, and the same per byte at 100 KB.

use divan::{Bencher, counter::BytesCount};
use sigma_ris::{Context, Validator};

fn main() {
    divan::main();
}

/// 200 words of the kind that an answer has, warm and operational by turns.
const ANSWER: &str = "Welcome back! Before you left we were halfway through the second chapter, and you had asked \
    whether the uncle should find the letter or whether it should stay in the drawer until the funeral. I think the drawer \
    is the stronger choice, because everything that he does afterwards looks different once the reader knows what he has \
    not read. If you want, I can sketch both versions and we compare them line by line. One small thing about the timing: \
    the train leaves at nine, but in chapter one the last train had already gone, so either the clock or the timetable has \
    to change. I'd change the clock. As for the tone, it feels like early autumn, dry and a little amused, and I would keep \
    that even in the scene at the grave; grief does not need adjectives. You told me earlier that your editor dislikes \
    flashbacks, so I have left the summer by the lake out of the outline, although it is the part that I like best. The \
    delay a moment ago was a timeout on the provider's side, nothing more, and the request went through the second time. \
    Shall we begin with the drawer?";

#[divan::bench]
fn answer_of_200_words(bencher: Bencher<'_, '_>) {
    let (validator, context) = (Validator::default(), Context::default());
    bencher.counter(BytesCount::of_str(ANSWER)).bench_local(|| {
        validator.validate(
            &context,
            "I'm back. Where were we?",
            divan::black_box(ANSWER),
        )
    });
}

#[divan::bench(args = [10, 100])]
fn kilobytes(bencher: Bencher<'_, '_>, kilobytes: usize) {
    let text = format!("{ANSWER}\n\n").repeat(kilobytes * 1000 / (ANSWER.len() + 2));
    run(bencher, &text);
}

/// No end mark, no space, marks only, quotation marks that never close, one sentence of clauses.
#[divan::bench(args = ["no_end", "no_space", "marks", "quotes", "clauses"])]
fn hostile_100_kilobytes(bencher: Bencher<'_, '_>, kind: &str) {
    let piece = match kind {
        "no_end" => "I waited for you and you ",
        "no_space" => "waited",
        "marks" => "*\"'…-(",
        "quotes" => "\"I wait. ",
        _ => "because I know that you said ",
    };
    run(bencher, &piece.repeat(100_000 / piece.len()));
}

fn run(bencher: Bencher<'_, '_>, text: &str) {
    let (validator, context) = (Validator::default(), Context::default());
    bencher
        .counter(BytesCount::of_str(text))
        .bench_local(|| validator.validate(&context, "hi", divan::black_box(text)));
}
