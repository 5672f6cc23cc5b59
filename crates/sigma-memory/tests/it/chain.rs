use proptest::prelude::*;
use sigma_memory::{
    AppendError, Appended, Field, Frame, InMemoryFrames, Memory, MemoryStore as _, Pil, SRIP_04,
    Spoken, Stored,
};
use sigma_types::{Cycle, Hash256, SessionId};

use crate::common::{ask, at, compose, cycle, filled, memory, read};

#[test]
fn the_same_frame_twice_is_the_same_as_once() {
    let mut memory = memory("a");
    let said = read("The keel is oak.");
    let frame = compose(
        &memory,
        &Field::unmeasured(Cycle(1), at(0)),
        &[Spoken::by_user(&said)],
    )
    .remove(0);
    assert_eq!(memory.append(frame.clone()), Ok(Appended::New));
    let head = memory.head();
    assert_eq!(memory.append(frame), Ok(Appended::AlreadyThere));
    assert_eq!((memory.len(), memory.head()), (1, head));
}

#[test]
fn another_frame_at_the_same_place_is_refused() {
    let mut memory = memory("a");
    let field = Field::unmeasured(Cycle(1), at(0));
    let (one, other) = (read("The keel is oak."), read("The keel is pine."));
    let first = compose(&memory, &field, &[Spoken::by_user(&one)]).remove(0);
    let second = compose(&memory, &field, &[Spoken::by_user(&other)]).remove(0);
    memory.append(first).unwrap();
    assert!(matches!(
        memory.append(second),
        Err(AppendError::Occupied(_))
    ));
    assert_eq!(ask(&memory, "keel", 5).len(), 1);
}

#[test]
fn frames_of_another_session_do_not_fit() {
    let (ours, mut theirs) = (memory("ours"), memory("theirs"));
    let said = read("My number is 4711.");
    let frame = compose(
        &ours,
        &Field::unmeasured(Cycle(1), at(0)),
        &[Spoken::by_user(&said)],
    )
    .remove(0);
    assert!(matches!(
        theirs.append(frame),
        Err(AppendError::OtherParent(_))
    ));
    assert!(theirs.is_empty() && ask(&theirs, "my number", 5).is_empty());
}

#[test]
fn a_changed_frame_is_refused_and_on_loading_becomes_an_orphan() {
    let memory = filled("a", 4);
    let mut stored: Vec<Frame> = memory.recent().cloned().collect();
    let text = serde_json::to_string(&stored[2])
        .unwrap()
        .replace("glacier", "casino");
    let text = if text.contains("casino") {
        text
    } else {
        text.replace("violin", "casino")
    };
    stored[2] = serde_json::from_str(&text).unwrap();
    assert!(!stored[2].is_intact());
    let session = SessionId::new("a").unwrap();
    let (loaded, report) = Memory::load(session, Pil::new(), SRIP_04, stored.clone(), []).unwrap();
    assert_eq!(report.orphans, [stored[2].id]);
    assert!(
        ask(&loaded, "casino", 8)
            .iter()
            .all(|r| r.provenance.frame != stored[2].id)
    );
}

#[test]
fn a_missing_frame_is_told() {
    let memory = filled("a", 3);
    let stored = memory
        .recent()
        .cloned()
        .enumerate()
        .filter(|(i, _)| *i != 1)
        .map(|(_, f)| f);
    let session = SessionId::new("a").unwrap();
    assert!(Memory::load(session, Pil::new(), SRIP_04, stored, []).is_err());
}

#[test]
fn what_is_loaded_recalls_as_what_was_kept() {
    let memory = filled("a", 20);
    let mut store = InMemoryFrames::default();
    let frames: Vec<Frame> = memory.recent().cloned().collect();
    let json = serde_json::to_vec(&frames).unwrap();
    let back: Vec<Frame> = serde_json::from_slice(&json).unwrap();
    assert_eq!(back, frames);
    for pair in back.chunks(2) {
        let new = Stored {
            frames: pair.to_vec(),
            ..Stored::default()
        };
        store.append(memory.session(), new.clone()).unwrap();
        store.append(memory.session(), new).unwrap();
    }
    let stored = store.read(memory.session()).unwrap();
    let (loaded, report) = Memory::load(
        memory.session().clone(),
        Pil::new(),
        SRIP_04,
        stored.frames,
        stored.tombstones,
    )
    .unwrap();
    assert_eq!((report.frames, report.orphans.len()), (40, 0));
    assert_eq!(loaded.head(), memory.head());
    for question in [
        "How do I paint the violin?",
        "lantern",
        "item 13",
        "what did you say of bread",
    ] {
        assert_eq!(
            ask(&loaded, question, 7),
            ask(&memory, question, 7),
            "{question}"
        );
    }
    assert_eq!(loaded.invariants(), memory.invariants());
    assert_eq!(loaded.layer(), memory.layer());
    assert_eq!(loaded.snapshot(at(99)), memory.snapshot(at(99)));
}

#[test]
fn the_same_dialogue_gives_the_same_hashes() {
    assert_eq!(filled("a", 9).head(), filled("a", 9).head());
    assert_ne!(filled("a", 9).head(), filled("b", 9).head());
    assert_ne!(filled("a", 9).head(), Hash256::ZERO);
}

#[test]
fn a_snapshot_survives_json_bit_for_bit() {
    for n in [0, 1, 3, 7, 40] {
        let memory = filled("a", n);
        let snapshot = memory.snapshot(at(0));
        let text = serde_json::to_string(&snapshot).unwrap();
        let back: sigma_memory::Snapshot = serde_json::from_str(&text).unwrap();
        assert_eq!(back, snapshot);
        let permit =
            sigma_memory::RecoveryPermit::by_containment(&memory, Hash256::of(b"x")).unwrap();
        assert!(memory.plan_recovery(permit, back, at(1)).is_ok());
    }
}

#[test]
fn layers_and_snapshot_do_not_grow_with_the_dialogue() {
    let size = |n| {
        serde_json::to_vec(&filled("a", n).snapshot(at(0)))
            .unwrap()
            .len()
    };
    let (short, long) = (size(70), size(140));
    assert!(long < short + short / 10, "{short} {long}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn any_words_are_kept_and_come_back_bit_for_bit(
        texts in prop::collection::vec("\\PC{0,60}|(no |yes |7 |\u{202e}|[\u{0}-\u{1f}]|last May ){0,20}", 1..6),
    ) {
        let mut memory = memory("any");
        for text in &texts {
            cycle(&mut memory, text, "Well, then.");
        }
        let frames: Vec<Frame> = memory.recent().cloned().collect();
        let back: Vec<Frame> = serde_json::from_slice(&serde_json::to_vec(&frames).unwrap()).unwrap();
        prop_assert!(back.iter().all(Frame::is_intact));
        prop_assert_eq!(&back, &frames);
        let found = ask(&memory, &texts.join(" "), 50);
        prop_assert!(found.len() <= frames.len());
        prop_assert!(found.iter().all(|r| r.score.is_finite()));
        prop_assert!(found.windows(2).all(|w| w[0].score >= w[1].score));
    }
}
