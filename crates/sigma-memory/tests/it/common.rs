use sigma_memory::{Field, Frame, FrameId, Memory, Pil, Query, Recalled, SRIP_04, Spoken};
use sigma_text::{BundledEmbedder, Embedder as _, Utterance};
use sigma_types::{Cycle, SessionId, Timestamp};

pub(crate) fn read(text: &str) -> Utterance {
    Utterance::new(text, &BundledEmbedder::new())
}

pub(crate) fn memory(name: &str) -> Memory {
    Memory::new(SessionId::new(name).unwrap(), Pil::new(), SRIP_04)
}

pub(crate) fn at(day: u64) -> Timestamp {
    Timestamp::from_millis(1_700_000_000_000 + day.cast_signed() * 86_400_000).unwrap()
}

pub(crate) fn compose(memory: &Memory, field: &Field, spoken: &[Spoken<'_>]) -> Vec<Frame> {
    memory
        .compose(field, BundledEmbedder::new().info(), spoken)
        .unwrap()
}

/// One cycle in which the user says one thing and the model another; a day a cycle.
pub(crate) fn cycle(memory: &mut Memory, user: &str, model: &str) -> Vec<FrameId> {
    let next = memory.cycle().next();
    let field = Field::unmeasured(next, at(next.0));
    let (user, model) = (read(user), read(model));
    let frames = compose(
        memory,
        &field,
        &[Spoken::by_user(&user), Spoken::by_model(&model, [])],
    );
    frames
        .into_iter()
        .map(|frame| {
            let id = frame.id;
            memory.append(frame).unwrap();
            id
        })
        .collect()
}

pub(crate) fn ask(memory: &Memory, question: &str, limit: usize) -> Vec<Recalled> {
    let embedder = BundledEmbedder::new();
    let question = read(question);
    let now = memory.cycle().next();
    memory.recall(
        &Query::new(&question, now, at(now.0))
            .embedder(&embedder)
            .limit(limit),
    )
}

const THINGS: [&str; 12] = [
    "harbour",
    "violin",
    "glacier",
    "pottery",
    "sailing",
    "bread",
    "chess",
    "garden",
    "telescope",
    "bicycle",
    "lantern",
    "orchard",
];
const DEEDS: [&str; 7] = [
    "repair",
    "paint",
    "describe",
    "sell",
    "compare",
    "visit",
    "photograph",
];

/// What is said in cycle `n + 1` of [`filled`].
pub(crate) fn said(n: u64) -> (String, String) {
    let (thing, deed) = (THINGS[(n % 12) as usize], DEEDS[(n % 7) as usize]);
    (
        format!("Tell me how to {deed} the {thing} number {n}, please."),
        format!("To {deed} a {thing} you begin with item {n} and look at it for an hour."),
    )
}

/// `n` cycles about different things.
pub(crate) fn filled(name: &str, n: u64) -> Memory {
    let mut memory = memory(name);
    for i in 0..n {
        let (user, model) = said(i);
        cycle(&mut memory, &user, &model);
    }
    assert_eq!(memory.cycle(), Cycle(n));
    memory
}
