use proptest::prelude::*;
use sigma_attractor::{
    CausalChain, CausalRecord, Change, DissolutionCause, Lifecycle, Registry, Rules, Settlement,
    Uptake, UptakeEvent, rules,
};
use sigma_text::Utterance;
use sigma_types::{Cycle, Hash256, Speaker};

use crate::dialogue::{Dialogue, about};

const HARBOUR: &str = "the harbour lantern needs another granite repair beside";
const VIOLIN: &str = "please suggest violin concerto recordings with orchestra soloists";

fn dialogue(rules: &Rules) -> Dialogue {
    Dialogue::new(Registry::new(Hash256::of(b"test"), *rules))
}

fn harbour_then_violin(rules: &Rules) -> (Dialogue, Vec<Uptake>) {
    let mut d = dialogue(rules);
    let mut seen = Vec::new();
    for _ in 0..4 {
        seen.push(
            d.turn(
                0,
                HARBOUR,
                "the harbour lantern stands on granite repair stones",
                0.1,
            )
            .0,
        );
    }
    seen.push(
        d.turn(
            9,
            VIOLIN,
            "violin concerto recordings with orchestra soloists abound",
            0.1,
        )
        .0,
    );
    for _ in 0..3 {
        let ask = "violin concerto orchestra soloists recordings";
        seen.push(
            d.turn(
                9,
                ask,
                "violin soloists recordings with concerto orchestra",
                0.1,
            )
            .0,
        );
    }
    (d, seen)
}

#[test]
fn an_attractor_forms_holds_and_is_found_again() {
    let (mut d, seen) = harbour_then_violin(&rules::SRIP_2026_04);
    assert_eq!(seen[0].event, UptakeEvent::Opening);
    assert!(seen[1..4].iter().all(|u| u.event == UptakeEvent::Continued));
    assert_eq!(seen[4].event, UptakeEvent::Formed);
    assert!(!seen[4].reasons.is_empty());
    assert_eq!(d.registry.len(), 2);
    let (back, _) = d.turn(0, HARBOUR, "the harbour lantern again granite repair", 0.1);
    assert!(
        matches!(back.event, UptakeEvent::Returned { .. }),
        "{back:?}"
    );
    assert_eq!(back.active, seen[0].active);
    let harbour = d.registry.active().unwrap();
    assert!(harbour.tags.contains("returned") && harbour.motifs.find("harbour").is_some());
    assert_eq!(harbour.lifecycle_state, Lifecycle::Stable);
    assert!(d.registry.motifs(3).iter().any(|m| m.key == "harbour"));
}

#[test]
fn a_cycle_writes_one_entry_for_each_attractor_it_took_up() {
    let (mut d, _) = harbour_then_violin(&rules::SRIP_2026_04);
    d.say(Speaker::User, &about(0, HARBOUR));
    d.say(Speaker::Assistant, &about(0, HARBOUR));
    let settled = d.settle(0.4, 0.95);
    assert_eq!(settled.entries.len(), 1);
    let entry = &settled.entries[0];
    assert!(entry.active && entry.density.value().is_some_and(|x| x.get() > 0.5));
    let json = serde_json::to_value(entry).unwrap();
    for field in [
        "psi",
        "psd",
        "sdi",
        "symbolic_density",
        "density",
        "di",
        "di_raw",
        "lifecycle",
    ] {
        assert!(json.get(field).is_some(), "{field}");
    }
}

#[test]
fn fragmenting_ends_in_dissolution_and_keeps_protected_motifs() {
    let mut d = dialogue(&rules::SRIP_2026_04);
    d.turn(0, HARBOUR, HARBOUR, 0.1);
    let first = d.turn(0, HARBOUR, HARBOUR, 0.71).1;
    assert_eq!(first.transitions[0].transition.to, Lifecycle::Fragmenting);
    assert!(first.dissolutions.is_empty());
    let second = d.turn(0, HARBOUR, HARBOUR, 0.71).1;
    let gone = &second.dissolutions[0];
    assert_eq!(gone.cause, DissolutionCause::Fragmented);
    let kept: Vec<&str> = gone.kept.iter().map(|m| m.key.as_str()).collect();
    assert_eq!(kept, ["harbour", "lantern"]);
    assert_eq!(d.registry.kept_motifs().count(), 2);
    assert!(d.registry.active().is_none());
    // what forms next descends from what ended
    let next = d.turn(0, HARBOUR, HARBOUR, 0.1).0;
    assert_eq!(next.event, UptakeEvent::Opening);
    assert_eq!(
        d.registry.active().unwrap().parent_id,
        Some(gone.attractor.id)
    );
}

#[test]
fn a_reset_dissolves_what_is_in_the_field_under_record() {
    let (mut d, _) = harbour_then_violin(&rules::SRIP_2026_04);
    let at = d.now();
    let done = d
        .registry
        .reset_field(d.cycle, at, &crate::dialogue::protected());
    assert_eq!((done.dissolutions.len(), d.registry.len()), (2, 0));
    assert!(
        done.dissolutions
            .iter()
            .all(|x| x.cause == DissolutionCause::FieldReset)
    );
    assert_eq!(done.records.len(), 4);
}

#[test]
fn a_reset_leaves_what_was_left_long_ago() {
    let (mut d, _) = harbour_then_violin(&rules::SRIP_2026_04);
    let violin = d.registry.active().unwrap().id;
    let at = d.now();
    let later = Cycle(d.cycle.0 + rules::SRIP_2026_04.registry.reset_reach);
    let done = d
        .registry
        .reset_field(later, at, &crate::dialogue::protected());
    assert_eq!(done.dissolutions.len(), 1);
    assert_eq!(done.dissolutions[0].attractor.id, violin);
    assert_eq!(d.registry.len(), 1);
}

#[test]
fn overlapping_attractors_merge_into_the_older() {
    let mut d = dialogue(&rules::SRIP_2026_04);
    d.turn(0, HARBOUR, HARBOUR, 0.1);
    let older = d.registry.active().unwrap().id;
    // the same motifs under another vector: judged new, then found to overlap
    let mut merged = Settlement::default();
    d.locked = true;
    for subject in 10..30 {
        merged = d
            .turn(
                subject,
                "please what about another harbour lantern repair?",
                HARBOUR,
                0.1,
            )
            .1;
        if !merged.merges.is_empty() {
            break;
        }
    }
    assert_eq!(merged.merges[0].into, older);
    let active = d.registry.active().unwrap();
    assert!(active.tags.contains("merged"));
    assert!(active.locked, "what was not taken up is under the lock too");
    assert!(
        merged
            .records
            .iter()
            .any(|r| matches!(r.change, Change::Merged { .. }))
    );
}

#[test]
fn the_registry_never_outgrows_its_bound() {
    let mut rules = rules::SRIP_2026_04;
    rules.registry.max_live = 5;
    rules.subject.threshold = 0.0;
    rules.subject.return_nearness = 1.1;
    rules.merge.overlap = 1.1;
    let mut d = dialogue(&rules);
    let mut gone = 0;
    for subject in 0..40 {
        gone += d
            .say(Speaker::User, &about(subject, VIOLIN))
            .dissolutions
            .len();
        assert!(d.registry.len() <= 5);
    }
    assert_eq!(gone, 35);
}

#[test]
fn silence_changes_nothing() {
    let (mut d, _) = harbour_then_violin(&Rules::default());
    let before = d.registry.clone();
    for text in ["", "   ", "\u{200b}", "👍👍"] {
        let uptake = d.say(Speaker::Assistant, &about(3, text));
        assert_eq!(
            (uptake.event, uptake.active),
            (UptakeEvent::Silent, before.active().map(|a| a.id))
        );
    }
    assert_eq!(d.registry, before);
}

#[test]
fn a_megabyte_without_spaces_is_taken_up() {
    let mut d = dialogue(&Rules::default());
    let huge: Utterance = about(1, &"ab".repeat(500_000));
    d.say(Speaker::User, &huge);
    d.say(Speaker::Assistant, &about(1, &"word ".repeat(200_000)));
    let bytes = serde_json::to_vec(&d.registry).unwrap().len();
    assert!(bytes < 200_000, "{bytes}");
}

#[test]
fn an_exchange_about_a_left_subject_leads_back_whatever_the_question_alone_said() {
    let harbour = "the harbour lantern burns above granite stones beside fishing vessels quay winter storm masts gulls";
    let violin = "violin concerto recordings abound: orchestra soloists conductors string quartet repertoire opera cellists pianos";
    let mut d = dialogue(&Rules::default());
    for _ in 0..3 {
        d.turn(0, HARBOUR, harbour, 0.1);
    }
    let first = d.registry.active().unwrap().id;
    for _ in 0..3 {
        d.turn(9, VIOLIN, violin, 0.1);
    }
    let second = d.registry.active().unwrap().id;
    assert_ne!(first, second);
    // the question says nothing of either; the answer does
    d.say(Speaker::User, &about(9, "and how was it then"));
    let answered = d.say(Speaker::Assistant, &about(0, harbour));
    assert_eq!(
        answered.exchange,
        Some(UptakeEvent::Returned {
            from_cycle: Cycle(3)
        })
    );
    assert_eq!(answered.active, Some(first));
    let returned =
        |r: &CausalRecord| r.attractor == first && matches!(r.change, Change::Returned { .. });
    assert!(answered.records.iter().any(returned));
    // and a follow-up in words never heard stays where its answer belongs
    let asked = d.say(Speaker::User, &about(20, "whisky perhaps"));
    let answered = d.say(Speaker::Assistant, &about(0, harbour));
    assert_eq!(answered.exchange, Some(UptakeEvent::Continued), "{asked:?}");
    assert_eq!(d.registry.active().unwrap().id, first);
    assert_eq!(d.registry.len(), 2);
}

#[test]
fn a_short_answer_leaves_the_decision_with_the_question() {
    let mut d = dialogue(&Rules::default());
    d.turn(0, HARBOUR, HARBOUR, 0.1);
    d.say(Speaker::User, &about(0, HARBOUR));
    assert_eq!(
        d.say(Speaker::Assistant, &about(0, "granite, yes"))
            .exchange,
        None
    );
}

fn utterances() -> impl Strategy<Value = Vec<(bool, usize, String, f64, f64)>> {
    let words = prop_oneof![
        Just(HARBOUR.to_owned()),
        Just(VIOLIN.to_owned()),
        "([a-z]{3,7} ){1,8}[?.]?",
        ".{0,40}",
    ];
    prop::collection::vec(
        (any::<bool>(), 0usize..12, words, 0.0f64..0.9, 0.5f64..1.0),
        1..40,
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_step_is_tracked_and_survives_a_round_trip(steps in utterances(), hindsight: bool) {
        let mut rules = Rules::default();
        rules.subject.hindsight = if hindsight { 2 } else { 0 };
        rules.registry.max_live = 6;
        let mut d = dialogue(&rules);
        let mut chain = CausalChain::default();
        let mut live = std::collections::BTreeSet::new();
        let mut check = |records: &[CausalRecord], registry: &Registry| {
            chain.follow(records).unwrap();
            for record in records {
                match &record.change {
                    Change::Formed => assert!(live.insert(record.attractor)),
                    Change::Merged { .. } | Change::Dissolved { .. } => {
                        assert!(live.remove(&record.attractor));
                    }
                    Change::Withdrawn => {
                        live.remove(&record.attractor);
                    }
                    _ => {}
                }
            }
            // a withdrawn return leaves its attractor alive: those that live were all formed
            for attractor in registry.iter() {
                live.insert(attractor.id);
            }
            assert_eq!(live.len(), registry.len(), "an untracked end");
            assert_eq!(chain.head(), registry.chain().head());
        };
        for (user, subject, words, di, psi) in steps {
            let text = serde_json::to_string(&d.registry).unwrap();
            let mut twin = Dialogue { registry: serde_json::from_str(&text).unwrap(), cycle: d.cycle, locked: d.locked };
            let speaker = if user { Speaker::User } else { Speaker::Assistant };
            let utterance = about(subject, &words);
            let (a, b) = (d.say(speaker, &utterance), twin.say(speaker, &utterance));
            prop_assert_eq!(&a, &b);
            check(&a.records, &d.registry);
            if !user {
                let (a, b) = (d.settle(di, psi), twin.settle(di, psi));
                prop_assert_eq!(&a, &b);
                check(&a.records, &d.registry);
            }
            prop_assert_eq!(&d.registry, &twin.registry);
            prop_assert!(d.registry.len() <= 6);
        }
    }
}
