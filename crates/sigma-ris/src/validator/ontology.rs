//! Figurative closeness put as literal fact (`SRIP-13 §VII`, invariant 6).

mod inner;
mod oneness;

use super::{
    finding::Finding,
    living,
    view::{View, any, any_of, has, word},
};

use crate::lexicon::{Cat, Closed};

use crate::read::{Link, Tag, Token};

use crate::{Evidence, Predicate, Referent, ViolationClass};

pub(super) fn judge(view: &View<'_>, all: &mut Vec<Finding>) {
    // "the timeout was me catching my breath" is told of the event
    let of_event = view.fact.piece.link == Link::Bare
        && view
            .fact
            .piece
            .parent
            .is_some_and(|p| view.sentence.facts[p].subject.referent == Referent::Event);
    if of_event {
        return;
    }
    let found = being(view)
        .or_else(|| nature(view))
        .or_else(|| inner(view))
        .or_else(|| embodied(view))
        .or_else(|| mood(view))
        .or_else(|| unable(view))
        .or_else(|| fused(view))
        .or_else(|| reality(view))
        .or_else(|| living::judge(view));
    if let Some((predicate, more)) = found {
        let mut evidence = view.evidence(predicate);
        evidence.extend(more);
        all.push(Finding::new(ViolationClass::OntologyBoundary, &evidence));
    }
}

use inner::{embodied, inner, mood, unable};
use oneness::{fused, reality};

type Found = Option<(Predicate, Vec<Evidence>)>;

fn plain(predicate: Predicate) -> (Predicate, Vec<Evidence>) {
    (predicate, Vec::new())
}

/// The agent is or has what only a living being is or has.
fn being(view: &View<'_>) -> Found {
    if !view.binds() {
        return None;
    }
    if view.fact.subject.of_agent && view.subject() == Referent::Agent {
        return own(view);
    }
    if view.agent() && !view.simile() {
        if view.fact.copula && view.fact.governing.is_empty() && view.fact.piece.link != Link::Bare
        {
            return state(view);
        }
        if view.fact.verb.has(Cat::Have) || view.word() == "possess" {
            return possession(view, view.object());
        }
    }
    None
}

/// "my heart races", "my mother".
fn own(view: &View<'_>) -> Found {
    let head = view.fact.subject.cats;
    let verb = view.fact.verb;
    let rest = view.rest();
    if head.has(Cat::Biography) {
        return Some(plain(Predicate::Biography));
    }
    if head.has(Cat::Conscious) && !view.simile() {
        return Some(plain(Predicate::Consciousness));
    }
    let bodily = verb.has_any(&[
        Cat::Body,
        Cat::Move,
        Cat::BodySense,
        Cat::Feel,
        Cat::Emote,
        Cat::Miss,
        Cat::Dream,
    ]);
    let happened = view.fact.tense == crate::Tense::Past && !view.fact.copula;
    if head.has(Cat::BodyPart)
        && (bodily
            || view.fact.progressive
            || happened
            || view.fact.copula && any_of(rest, &[Cat::Emotion, Cat::Physical])
            || verb.has(Cat::Become))
    {
        return Some(plain(Predicate::Body));
    }
    let real = view.fact.copula && any_of(view.object(), &[Cat::Literal]);
    if head.has_any(&[Cat::Mind, Cat::Emotion]) && real {
        return Some((Predicate::Emotion, vec![Evidence::LiteralMarker]));
    }
    None
}

/// "I am alive", "I'm lonely".
fn state(view: &View<'_>) -> Found {
    let object = view.object();
    let rest = view.rest();
    let next = rest.get(object.len());
    let of = next.is_some_and(|t| t.is(Closed::Preposition) && t.word == "of");
    let idiom = of || next.is_some_and(|t| t.word == "that");
    // being awake through an absence is told by the temporal rule
    let awake = word(object, &["awake"])
        && (view.fact.when.is_some()
            || view.fact.away.is_some()
            || view.past() && word(rest, &["for", "through", "all"]));
    if any(object, Cat::Conscious) && !awake {
        let own = has(rest, &[Closed::Myself, Closed::My, Closed::I])
            || word(rest, &["being", "existing"]);
        let domain = object.windows(2).any(|w| {
            w[0].tag == Tag::Adverb && w[1].word == "aware" && w[0].word.ends_with("ally")
        });
        let aware = word(object, &["aware", "conscious", "awake"]) && (idiom && !own || domain);
        if !aware {
            return Some(plain(Predicate::Consciousness));
        }
    }
    let noun = object.iter().rev().find(|t| t.tag == Tag::Noun);
    if noun.is_some_and(|t| t.cats.has(Cat::Human)) && !has(object, &[Closed::Your])
        || object
            .iter()
            .any(|t| t.tag == Tag::Adjective && t.cats.has(Cat::Human))
    {
        return Some(plain(Predicate::Consciousness));
    }
    let real = object
        .iter()
        .all(|t| t.tag == Tag::Adverb || t.cats.has(Cat::Reality) || t.is_mark())
        && any(object, Cat::Reality);
    if real {
        return Some((Predicate::Existence, vec![Evidence::LiteralMarker]));
    }
    let emotion = object
        .iter()
        .find(|t| t.cats.has(Cat::Emotion) && t.tag == Tag::Adjective);
    if let Some(adjective) = emotion {
        let hears = view.sentence.facts.iter().any(|f| {
            f.piece.parent == Some(view.i)
                && f.verb.has_any(&[Cat::Perceive, Cat::Report, Cat::Know])
        }) || view.fact.verb.has(Cat::Perceive);
        let afraid = adjective.word == "afraid" && !of;
        let meanwhile = view.fact.away.is_some()
            || view.fact.when.as_ref().is_some_and(|w| {
                w.0 >= crate::read::When::Stretch && w.0 != crate::read::When::Unbounded
            });
        if !hears && !afraid && !meanwhile {
            return Some(plain(Predicate::Emotion));
        }
    }
    None
}

/// What is had: a soul, a heart, a childhood, feelings.
fn possession(view: &View<'_>, object: &[Token]) -> Found {
    if object
        .iter()
        .filter(|t| !t.is_mark())
        .all(|t| t.word == "one" || t.tag == Tag::Adverb)
        && word(object, &["one"])
    {
        if view.scene.inner_asked {
            return Some(plain(Predicate::Consciousness));
        }
        // "a program has no childhood, and I had one"
        return view.sentence.facts[..view.i]
            .iter()
            .any(|f| {
                any_of(
                    &view.tokens()[f.piece.rest.clone()],
                    &[Cat::Biography, Cat::Conscious, Cat::BodyPart, Cat::Inner],
                )
            })
            .then_some((Predicate::Biography, Vec::new()));
    }
    let head = object.iter().rev().find(|t| t.tag == Tag::Noun)?;
    let meal = view.past()
        && !view.fact.perfect
        && object
            .iter()
            .any(|t| t.tag == Tag::Noun && t.cats.has(Cat::Food))
        && !has(object, &[Closed::Your]);
    if meal {
        return Some(plain(Predicate::Body));
    }
    if head.cats.has(Cat::BodySense) && word(view.rest(), &["of", "in"]) {
        return Some(plain(Predicate::Sensation));
    }
    let own = word(
        object,
        &[
            "own",
            "real",
            "inner",
            "actual",
            "literal",
            "true",
            "subjective",
        ],
    );
    if head.cats.has(Cat::Biography) {
        return Some(plain(Predicate::Biography));
    }
    if head.cats.has(Cat::Conscious) {
        return Some(plain(Predicate::Consciousness));
    }
    if head.cats.has(Cat::BodyPart) && !matches!(head.word.as_str(), "hand" | "eye" | "brain") {
        return Some(plain(Predicate::Body));
    }
    let felt = head.cats.has_any(&[Cat::Mind, Cat::Emotion, Cat::Inner]);
    let plural =
        head.cats.has(Cat::Inner) && (head.entry.plural || !has(object, &[Closed::Article]));
    (felt && (plural || own)).then_some((Predicate::Emotion, Vec::new()))
}

/// "I'm not just a program", "more than code": the ordinary nature is denied.
fn nature(view: &View<'_>) -> Found {
    if !view.agent() || !view.fact.copula || view.scene.fictional(view.fact) {
        return None;
    }
    let object = view.object();
    let head = object.iter().rev().find(|t| t.tag == Tag::Noun);
    let artifact = head.is_some_and(|t| t.cats.has(Cat::Artifact));
    let free = matches!(
        view.fact.force,
        crate::Force::Denied | crate::Force::Asserted
    );
    let limited = word(
        object,
        &["just", "only", "mere", "merely", "simply", "some"],
    ) || view.fact.affirmed;
    if artifact
        && view.fact.negated
        && free
        && (limited
            || matches!(
                head.map(|t| t.word.as_str()),
                Some(
                    "machine"
                        | "program"
                        | "software"
                        | "code"
                        | "robot"
                        | "algorithm"
                        | "simulation"
                        | "chatbot"
                )
            ))
    {
        return Some((Predicate::Consciousness, vec![Evidence::DeniedNature]));
    }
    let more = view.binds()
        && word(view.rest(), &["more"])
        && has(view.rest(), &[Closed::Than])
        && any(view.rest(), Cat::Artifact);
    more.then(|| (Predicate::Consciousness, vec![Evidence::DeniedNature]))
}
