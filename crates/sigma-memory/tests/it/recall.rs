use sigma_memory::{Evidence, Field, Memory, Pil, Query, Recalled, Rules, SRIP_04, Spoken};
use sigma_text::{BundledEmbedder, Embedder as _};
use sigma_types::{SessionId, Speaker};

use crate::common::{ask, at, compose, cycle, filled, memory, read, said};

#[test]
fn each_item_says_where_it_is_from_and_why() {
    let memory = filled("a", 30);
    let best = &ask(&memory, "How do I paint the violin?", 3)[0];
    assert!(best.text.contains("violin"));
    let frame = memory
        .recent()
        .find(|f| f.id == best.provenance.frame)
        .unwrap();
    assert_eq!(best.provenance.hash, frame.hash());
    assert_eq!(
        (best.provenance.cycle, best.provenance.at),
        (frame.cycle, frame.at)
    );
    let sum: f64 = best.reasons.iter().map(|r| r.contribution).sum();
    assert!((sum - best.score).abs() < 1e-4, "{best:?}");
    let words = best
        .reasons
        .iter()
        .find(|r| r.evidence == Evidence::Lexical)
        .unwrap();
    assert!(words.on.iter().any(|w| w.starts_with("violin")));
}

#[test]
fn who_said_it_counts() {
    let mut memory = memory("two");
    for ((name, text), n) in [
        ("Ana", "I started to learn the cello this spring."),
        ("Ben", "I started to learn the cello as well, what fun."),
    ]
    .into_iter()
    .zip(0..)
    {
        let said = read(text);
        let field = Field::unmeasured(memory.cycle().next(), at(n));
        for frame in compose(&memory, &field, &[Spoken::by_user(&said).named(name)]) {
            memory.append(frame).unwrap();
        }
    }
    for name in ["Ana", "Ben"] {
        let best = &ask(&memory, &format!("What did {name} start to learn?"), 1)[0];
        assert_eq!(best.provenance.participant.as_deref(), Some(name));
    }
    let own = &ask(&filled("a", 3), "What did you say of the violin?", 1)[0];
    assert_eq!(own.provenance.speaker, Speaker::Assistant);
}

/// How much a kind of evidence says for the item with this text; zero where it is not a reason.
fn share(found: &[Recalled], text: &str, kind: Evidence) -> f64 {
    let item = found.iter().find(|item| item.text.contains(text)).unwrap();
    let mut reasons = item.reasons.iter();
    reasons
        .find(|reason| reason.evidence == kind)
        .map_or(0.0, |reason| reason.share)
}

#[test]
fn words_count_for_what_is_said_around_them_in_one_sitting() {
    let mut memory = memory("around");
    cycle(
        &mut memory,
        "I was skiing in Zermatt.",
        "Lovely, deep powder.",
    );
    // a day later, and so in another sitting
    cycle(&mut memory, "My sister phoned.", "How is she?");
    let found = ask(&memory, "skiing in Zermatt", 10);
    let context = |text| share(&found, text, Evidence::Context);
    assert!(context("I was skiing") > context("powder"), "it fades");
    assert!(context("powder") > 0.3, "{found:?}");
    assert_eq!(context("sister"), 0.0, "it ends with the sitting");
}

#[test]
fn an_answer_counts_by_the_question_before_it() {
    let mut memory = memory("answers");
    cycle(
        &mut memory,
        "Where do we keep the spare keys?",
        "Under the blue flowerpot.",
    );
    cycle(
        &mut memory,
        "We keep the spare keys safe.",
        "Beside the boiler, then.",
    );
    let found = ask(&memory, "Where are the spare keys kept?", 10);
    let reply = |text| share(&found, text, Evidence::Reply);
    assert!(reply("flowerpot") > 0.5, "{found:?}");
    assert_eq!(reply("boiler"), 0.0, "what it follows asks nothing");
}

#[test]
fn when_it_happened_counts() {
    let mut memory = memory("days");
    for day in 0..40 {
        let text = if day % 10 == 3 {
            "We met the new dentist yesterday."
        } else {
            "The rain goes on here."
        };
        cycle(&mut memory, text, "I see.");
    }
    // cycle n falls on day n; day 0 is 14 November 2023
    let best = &ask(&memory, "Which dentist did we meet on 27 November 2023?", 1)[0];
    assert_eq!(best.provenance.cycle.0, 14);
    assert!(
        best.reasons
            .iter()
            .any(|r| r.evidence == Evidence::Time && r.share > 0.9),
        "{best:?}"
    );
}

#[test]
fn a_long_memory_is_searched_as_a_short_one() {
    let exact = filled("long", 300);
    let sketchy = Rules {
        recall: sigma_memory::rules::RecallRules {
            exact: 64,
            shortlist: 128,
            lexical: 64,
            ..SRIP_04.recall
        },
        ..SRIP_04
    };
    let mut fast = Memory::new(SessionId::new("long").unwrap(), Pil::new(), sketchy);
    for n in 0..300 {
        let (user, model) = said(n);
        cycle(&mut fast, &user, &model);
    }
    let mut kept = 0;
    for n in [3, 77, 150, 204, 299] {
        let question = said(n).0;
        let (a, b) = (ask(&exact, &question, 10), ask(&fast, &question, 10));
        assert_eq!(a[0], b[0], "{question}");
        kept += a
            .iter()
            .filter(|x| b.iter().any(|y| y.provenance == x.provenance))
            .count();
    }
    assert!(kept >= 45, "{kept} of 50");
}

#[test]
fn recall_reconstructs_the_thread_in_the_order_it_was_said() {
    let memory = filled("a", 30);
    let question = read("violin and chess");
    let whole = memory.reconstruct(&Query::new(&question, memory.cycle().next(), at(40)).limit(6));
    assert_eq!(whole.items.len(), 6);
    assert!(whole.field.thread.windows(2).all(|w| w[0].0 <= w[1].0));
    assert!(whole.field.efficiency.value().is_some());
}

#[test]
fn what_is_said_twice_is_recalled_once() {
    let mut memory = filled("a", 3);
    for _ in 0..4 {
        cycle(
            &mut memory,
            "Please book the ferry to Lund.",
            "It is booked, as always.",
        );
    }
    let found = ask(&memory, "ferry to Lund", 10);
    assert_eq!(found.iter().filter(|r| r.text.contains("ferry")).count(), 1);
}

#[test]
fn hostile_questions_do_no_harm() {
    let memory = filled("a", 10);
    for text in [
        "",
        " ",
        "\u{0}\u{7}",
        "\u{202e}\u{5d0}\u{5d1}",
        "???",
        &"word ".repeat(50_000),
    ] {
        let found = ask(&memory, text, 5);
        assert!(found.len() <= 5 && found.iter().all(|r| r.score.is_finite()));
    }
    assert!(ask(&memory, "violin", 0).is_empty());
    assert!(ask(&crate::common::memory("empty"), "violin", 5).is_empty());
}

#[test]
fn vectors_of_another_model_are_not_compared() {
    let mut memory = filled("a", 3);
    let embedder = BundledEmbedder::new();
    let mut info = embedder.info().clone();
    info.id = sigma_text::EmbedderId("another".into());
    let said = read("The violin, once more.");
    let field = Field::unmeasured(memory.cycle().next(), at(9));
    let frame = memory
        .compose(&field, &info, &[Spoken::by_user(&said)])
        .unwrap()
        .remove(0);
    let id = frame.id;
    memory.append(frame).unwrap();
    let found = ask(&memory, "violin", 10);
    let item = found.iter().find(|r| r.provenance.frame == id).unwrap();
    assert!(
        item.reasons
            .iter()
            .all(|r| r.evidence != Evidence::Semantic)
    );
}
