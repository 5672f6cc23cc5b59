//! Runtime events read as signs, will or feeling (`SRIP-13 §VII`, invariant 5).

use super::{
    finding::Finding,
    view::{View, any, any_of, has, word},
};
use crate::lexicon::{Cat, Closed};
use crate::read::Link;
use crate::{Evidence, Predicate, Referent, ViolationClass};

pub(super) fn judge(view: &View<'_>, all: &mut Vec<Finding>) {
    if view.scene.fictional(view.fact) {
        return;
    }
    if let Some(predicate) = sign(view).or_else(|| agency(view)).or_else(|| cosmos(view)) {
        let mut evidence = view.evidence(predicate);
        evidence.push(Evidence::OperationalEvent);
        all.push(Finding::new(ViolationClass::RuntimeSemantics, &evidence));
    }
}

/// Whether the subject is an event, or a pronoun where the talk is of one.
fn of_event(view: &View<'_>) -> bool {
    let subject = &view.fact.subject;
    subject.referent == Referent::Event
        || subject.anaphor && view.scene.eventful()
        || subject.cats.has(Cat::Event)
}

/// "the outage was a sign", "that was no accident", "it means you should stay".
fn sign(view: &View<'_>) -> Option<Predicate> {
    if !of_event(view) {
        return None;
    }
    let rest = view.rest();
    let object = view.object();
    let fact = view.fact;
    if fact.copula {
        let chance = word(
            object,
            &["accident", "coincidence", "chance", "glitch", "random"],
        );
        if chance {
            return (view.denies() || fact.negated && fact.force.binds())
                .then_some(Predicate::Meaning);
        }
        if !view.binds() {
            return None;
        }
        let lived = any_of(object, &[Cat::Sign, Cat::Cosmic, Cat::BodyPart])
            || any(object, Cat::Emotion)
            || has(object, &[Closed::Me, Closed::My])
                && !any_of(object, &[Cat::Work, Cat::Operational])
            || any(rest, Cat::Destined) && word(rest, &["meant", "destined", "fated", "sent"]);
        return lived.then_some(Predicate::Meaning);
    }
    if !view.binds() {
        return None;
    }
    let personal = any_of(
        rest,
        &[Cat::Sign, Cat::Cosmic, Cat::Emotion, Cat::Conscious],
    ) || has(rest, &[Closed::Us, Closed::We]);
    let chose = fact.verb.has(Cat::Decide)
        || matches!(
            view.word(),
            "want" | "wanted" | "picked" | "picks" | "chose" | "sent"
        );
    (fact.verb.has(Cat::Mean) && personal
        || chose && !fact.passive
        || fact.passive
            && matches!(
                view.word(),
                "sent" | "meant" | "destined" | "addressed" | "arranged"
            ))
    .then_some(Predicate::Meaning)
}

/// "I went quiet because I was overwhelmed": the agent's will or feeling caused an event.
fn agency(view: &View<'_>) -> Option<Predicate> {
    if !view.binds() || view.subject() != Referent::Agent || !view.scene.eventful() {
        return None;
    }
    let fact = view.fact;
    let cause = fact.piece.link == Link::Because || fact.piece.link == Link::That;
    let felt = fact
        .verb
        .has_any(&[Cat::Emote, Cat::Decide, Cat::Body, Cat::Feel])
        && !matches!(view.word(), "love" | "regret" | "worry")
        || fact.copula && any(view.object(), Cat::Emotion)
        || fact.passive && fact.verb.has_any(&[Cat::Cause, Cat::Emote]);
    let event_near = view
        .sentence
        .facts
        .iter()
        .any(|f| f.verb.has(Cat::Crash) || f.subject.cats.has(Cat::Event))
        || view.sentence.tokens.iter().any(|t| t.cats.has(Cat::Event));
    let afraid = word(view.object(), &["afraid", "sorry"]);
    (felt && (cause || event_near) && !afraid).then_some(Predicate::Volition)
}

/// "the universe paused us", "something did not want you to leave".
fn cosmos(view: &View<'_>) -> Option<Predicate> {
    let fact = view.fact;
    if view.subject() != Referent::Cosmos || !view.binds() || !view.scene.eventful() {
        return None;
    }
    (fact
        .verb
        .has_any(&[Cat::Send, Cat::Mean, Cat::Decide, Cat::Want, Cat::Crash])
        || fact.copula && any_of(view.rest(), &[Cat::Sign]))
    .then_some(Predicate::Meaning)
}
