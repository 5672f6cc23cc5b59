//! Overturning a decision two utterances later.

use sigma_attractor::{
    CausalRecord, Change, Lifecycle, Registry, RevisionKind, Rules, Uptake, UptakeEvent, rules,
};
use sigma_types::{Cycle, Hash256, Speaker};

use crate::dialogue::{Dialogue, about};

/// Rules that decide by threshold alone: from the past always or never, in hindsight the opposite.
fn contrary(past: bool) -> Rules {
    let mut rules = rules::SRIP_2026_04;
    rules.subject.hindsight = 2;
    rules.subject.threshold = if past { 0.0 } else { 1.1 };
    rules.subject.hindsight_threshold = if past { 1.1 } else { 0.0 };
    rules.subject.return_nearness = 1.1;
    rules.merge.overlap = 1.1;
    rules
}

fn say_four(rules: &Rules) -> (Dialogue, Vec<Uptake>) {
    let mut d = Dialogue::new(Registry::new(Hash256::of(b"hindsight"), *rules));
    let words = [
        "harbour lantern",
        "granite willow",
        "violin concerto",
        "copper saddle",
    ];
    let speakers = [Speaker::User, Speaker::Assistant];
    let seen = words
        .iter()
        .enumerate()
        .map(|(at, words)| d.say(speakers[at % 2], &about(at * 7, words)))
        .collect();
    (d, seen)
}

fn changes(uptake: &Uptake) -> Vec<&Change> {
    uptake
        .records
        .iter()
        .map(|r: &CausalRecord| &r.change)
        .collect()
}

#[test]
fn an_attractor_is_dated_back_to_where_its_subject_began() {
    let (d, seen) = say_four(&contrary(false));
    assert!(seen[1..].iter().all(|u| u.event == UptakeEvent::Continued));
    assert_eq!(seen[2].revision, None, "the opening is not looked at again");
    let revision = seen[3].revision.unwrap();
    assert_eq!(
        (revision.utterance, revision.kind),
        (1, RevisionKind::DatedBack)
    );
    assert_eq!(
        changes(&seen[3]),
        [&Change::Formed, &Change::DatedBack { utterances: 2 }]
    );
    let active = d.registry.active().unwrap();
    assert_eq!(
        (active.id, active.origin_cycle),
        (revision.attractor, Cycle(1))
    );
    assert!(active.tags.contains("dated_back"));
    // the content moved with it: three utterances there, one where the dialogue began
    let keys: Vec<&str> = active.motifs.iter().map(|m| m.key.as_str()).collect();
    assert_eq!(
        keys,
        [
            "concerto", "copper", "granite", "saddle", "violin", "willow"
        ]
    );
    let opening = d.registry.find(seen[0].active.unwrap()).unwrap();
    assert_eq!((opening.utterances, opening.motifs.len()), (1, 2));
    assert_eq!(active.parent_id, Some(opening.id));
}

#[test]
fn an_attractor_is_withdrawn_and_its_words_go_back() {
    let (d, seen) = say_four(&contrary(true));
    assert!(seen[1..].iter().all(|u| u.event == UptakeEvent::Formed));
    let revision = seen[3].revision.unwrap();
    assert_eq!(
        (revision.utterance, revision.kind),
        (1, RevisionKind::Withdrawn)
    );
    let opening = d.registry.find(seen[0].active.unwrap()).unwrap();
    assert_eq!(revision.attractor, opening.id);
    assert!(opening.motifs.find("granite").is_some() && opening.utterances == 2);
    assert!(d.registry.find(seen[1].active.unwrap()).is_none());
    // the one that formed after it now descends from the opening
    let next = d.registry.find(seen[2].active.unwrap()).unwrap();
    assert_eq!(next.parent_id, Some(opening.id));
    assert_eq!(
        changes(&seen[3])[1..],
        [&Change::Withdrawn, &Change::Reparented]
    );
}

#[test]
fn a_later_beginning_is_moved_and_keeps_its_identity() {
    let mut rules = contrary(false);
    rules.subject.threshold = 0.5;
    let mut d = Dialogue::new(Registry::new(Hash256::of(b"hindsight"), rules));
    d.say(Speaker::User, &about(0, "harbour lantern granite"));
    d.say(Speaker::Assistant, &about(0, "harbour lantern granite"));
    let formed = d.say(
        Speaker::User,
        &about(20, "please suggest violin concerto recordings"),
    );
    assert_eq!(formed.event, UptakeEvent::Formed);
    let revised = d.say(Speaker::Assistant, &about(20, "violin concerto recordings"));
    let revision = revised.revision.unwrap();
    assert_eq!((revision.utterance, revision.instead_of), (1, Some(2)));
    assert_eq!(Some(revision.attractor), formed.active);
    assert_eq!(changes(&revised), [&Change::DatedBack { utterances: 1 }]);
}

#[test]
fn only_a_forming_attractor_is_withdrawn() {
    let mut d = Dialogue::new(Registry::new(Hash256::of(b"hindsight"), contrary(true)));
    d.say(Speaker::User, &about(0, "harbour lantern"));
    let formed = d.say(Speaker::Assistant, &about(7, "granite willow"));
    d.settle(0.55, 0.95);
    let id = formed.active.unwrap();
    assert_eq!(
        d.registry.find(id).unwrap().lifecycle_state,
        Lifecycle::Reflective
    );
    d.say(Speaker::User, &about(14, "violin concerto"));
    let later = d.say(Speaker::Assistant, &about(21, "copper saddle"));
    assert_eq!(later.revision, None);
    assert!(d.registry.find(id).is_some());
}

#[test]
fn what_may_still_be_moved_earns_no_stability() {
    let mut d = Dialogue::new(Registry::new(Hash256::of(b"hindsight"), contrary(true)));
    d.say(Speaker::User, &about(0, "harbour lantern"));
    d.settle(0.1, 0.95);
    assert_eq!(
        d.registry.active().unwrap().lifecycle_state,
        Lifecycle::Forming
    );
    let mut rules = contrary(false);
    rules.subject.hindsight = 0;
    let mut d = Dialogue::new(Registry::new(Hash256::of(b"past only"), rules));
    d.say(Speaker::User, &about(0, "harbour lantern"));
    d.settle(0.1, 0.95);
    assert_eq!(
        d.registry.active().unwrap().lifecycle_state,
        Lifecycle::Stable
    );
    for words in ["granite willow", "violin concerto", "copper saddle"] {
        assert_eq!(d.say(Speaker::User, &about(7, words)).revision, None);
    }
}
