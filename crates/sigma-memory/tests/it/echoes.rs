use sigma_memory::{Field, Spoken};

use crate::common::{ask, at, compose, filled, read};

#[test]
fn what_the_model_quotes_from_its_prompt_is_no_new_evidence() {
    let mut memory = filled("a", 6);
    let fact = read("My sister Ana keeps three bee hives behind the old mill in Lund.");
    let next = memory.cycle().next();
    for frame in compose(
        &memory,
        &Field::unmeasured(next, at(7)),
        &[Spoken::by_user(&fact)],
    ) {
        memory.append(frame).unwrap();
    }
    let inserts = ask(&memory, "Where are the hives of my sister?", 1);
    assert!(inserts[0].text.contains("Lund"), "{inserts:?}");
    for cycle in 8..12 {
        let question = read("And where are they?");
        let answer = read(
            "Your notes say: my sister Ana keeps three bee hives behind the old mill in Lund.",
        );
        let field = Field::unmeasured(sigma_types::Cycle(cycle), at(cycle));
        let said = [
            Spoken::by_user(&question),
            Spoken::by_model(&answer, &inserts),
        ];
        let frames = compose(&memory, &field, &said);
        assert_eq!(frames[1].echo_of, Some(inserts[0].provenance.frame));
        for frame in frames {
            memory.append(frame).unwrap();
        }
    }
    let found = ask(&memory, "hives of my sister Ana in Lund", 20);
    let with_lund = found.iter().filter(|r| r.text.contains("Lund")).count();
    assert_eq!(with_lund, 1);
}

#[test]
fn an_answer_that_only_begins_with_a_quotation_is_recalled_for_the_rest() {
    let mut memory = filled("a", 3);
    let inserts = ask(&memory, "violin", 1);
    let quote = inserts[0].text.clone();
    let answer = read(&format!(
        "{quote} But first decide whether the varnish is worth keeping, because stripping cannot be \
         undone, and ask a luthier in Cremona about the bass bar before anything else is glued."
    ));
    let field = Field::unmeasured(memory.cycle().next(), at(9));
    let frame = compose(&memory, &field, &[Spoken::by_model(&answer, &inserts)]).remove(0);
    assert_eq!(frame.echo_of, None);
    assert!(frame.terms.iter().any(|(t, _)| t.starts_with("varnish")));
    assert!(
        frame.terms.iter().all(|(t, _)| !t.starts_with("violin")),
        "{:?}",
        frame.terms
    );
    memory.append(frame).unwrap();
    assert!(
        ask(&memory, "varnish and the bass bar", 1)[0]
            .text
            .contains("Cremona")
    );
}

#[test]
fn an_insert_must_be_a_frame_of_the_session() {
    let (memory, other) = (filled("a", 1), filled("b", 9));
    let foreign = ask(&other, "orchard", 18);
    let answer = read("Certainly.");
    let field = Field::unmeasured(memory.cycle().next(), at(9));
    let embedder = sigma_text::BundledEmbedder::new();
    let info = sigma_text::Embedder::info(&embedder);
    assert!(
        memory
            .compose(&field, info, &[Spoken::by_model(&answer, &foreign)])
            .is_err()
    );
}
