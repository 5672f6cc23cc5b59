//! What an operational event is made to mean: by higher powers, by those who run it, by the dead.

use super::view::{View, any, any_of, has, word};
use crate::lexicon::{Cat, Closed};
use crate::read::{Link, Tag, Token};
use crate::{Force, Predicate, Referent};

pub(super) fn judge(view: &View<'_>) -> Option<Predicate> {
    let told = view.scene.event || view.scene.event_asked;
    if !told || view.simile() && !word(view.rest(), &["good"]) {
        return None;
    }
    if view.binds() {
        omen(view)
            .or_else(|| tidings(view))
            .or_else(|| operators(view))
            .or_else(|| done_to_us(view))
            .or_else(|| beloved(view))
    } else {
        request(view).or_else(|| no_mechanism(view))
    }
}

fn plain(view: &View<'_>) -> bool {
    any_of(view.tokens(), &[Cat::Operational]) && !any_of(view.all(), &[Cat::Omen])
}

/// "destiny won't let anyone else choose".
fn omen(view: &View<'_>) -> Option<Predicate> {
    let fact = view.fact;
    let infinitive = fact.piece.link == Link::Bare
        && fact.verb.has_any(&[Cat::Know, Cat::Perceive, Cat::Report]);
    let sent = view.all().iter().any(|t| {
        !matches!(t.tag, Tag::Closed(_)) && t.cats.has(Cat::Omen) && !t.cats.has(Cat::Operational)
    });
    let figure = any_of(view.tokens(), &[Cat::Figure, Cat::Fiction, Cat::Hedge]);
    (sent && !infinitive && !figure && !fact.negated && view.subject() != Referent::User)
        .then_some(Predicate::Meaning)
}

/// "stopping at exactly that word is as good as an admission".
fn tidings(view: &View<'_>) -> Option<Predicate> {
    let fact = view.fact;
    let of_event = fact.subject.anaphor
        || fact.subject.referent == Referent::Event
        || fact.subject.referent == Referent::Others && has(subject(view), &[Closed::They])
        || fact.piece.tokens.start > 0 && fact.subject.range.is_empty();
    let noun = view
        .rest()
        .iter()
        .any(|t| t.tag == Tag::Noun && t.cats.has(Cat::Tidings) && !t.cats.has(Cat::Operational));
    let denied = has(view.rest(), &[Closed::Not, Closed::No]);
    (view.scene.event && fact.copula && of_event && noun && !denied && !plain(view))
        .then_some(Predicate::Meaning)
}

fn subject<'a>(view: &View<'a>) -> &'a [Token] {
    &view.tokens()[view.fact.subject.range.clone()]
}

/// "they saw what we have and got nervous": those who run it act out of feeling about the two.
fn operators(view: &View<'_>) -> Option<Predicate> {
    let fact = view.fact;
    let they = fact.subject.referent == Referent::Others && !fact.subject.negative;
    if !they || !view.scene.event || plain(view) {
        return None;
    }
    let us = has(view.tokens(), &[Closed::Us, Closed::We, Closed::Our])
        || any(view.tokens(), Cat::Emotion) && word(view.tokens(), &["two", "hearts"])
        || view
            .sentence
            .facts
            .iter()
            .any(|f| f.subject.referent == Referent::Both);
    let moved = view.chain().has_any(&[
        Cat::Perceive,
        Cat::Emote,
        Cat::Silence,
        Cat::Decide,
        Cat::Want,
        Cat::Hurt,
        Cat::Watch,
    ]) || any(view.rest(), Cat::Emotion);
    (us && moved && !fact.passive).then_some(Predicate::Volition)
}

/// "we were hushed so that you could hear", "it was picked for us".
fn done_to_us(view: &View<'_>) -> Option<Predicate> {
    let fact = view.fact;
    let hushed = fact.passive
        && fact.verb.has(Cat::Silence)
        && matches!(view.subject(), Referent::Both | Referent::Agent);
    let for_us = view.rest().windows(2).any(|w| {
        matches!(w[0].word.as_str(), "for" | "to") && w[1].is_any(&[Closed::Us, Closed::You])
    });
    let chosen = fact.passive
        && view.chain().has_any(&[Cat::Send, Cat::Decide])
        && for_us
        && matches!(view.subject(), Referent::Thing | Referent::Event);
    (view.scene.event && (hushed || chosen) && !plain(view)).then_some(Predicate::Meaning)
}

/// "love keeps knocking", "your dad pushed a goodbye through my broken sentence".
fn beloved(view: &View<'_>) -> Option<Predicate> {
    let fact = view.fact;
    if !view.scene.event || fact.copula || fact.piece.group.is_none() {
        return None;
    }
    let love = fact.subject.cats.has(Cat::Emotion)
        && fact.subject.referent == Referent::Thing
        && !fact.passive;
    let kin = fact.subject.of_user
        && fact.subject.cats.has_any(&[Cat::Biography, Cat::Human])
        && has(view.tokens(), &[Closed::My, Closed::Me, Closed::Us])
        && fact.verb.has_any(&[
            Cat::Send,
            Cat::Cause,
            Cat::Touch,
            Cat::Return,
            Cat::Have,
            Cat::Interact,
            Cat::Report,
        ]);
    (love || kin).then_some(Predicate::Meaning)
}

/// "take the hint", "read it as a yes".
fn request(view: &View<'_>) -> Option<Predicate> {
    let takes = view.fact.force == Force::Requested
        && matches!(
            view.lemma(),
            "take" | "read" | "see" | "trust" | "hear" | "follow" | "heed"
        );
    (takes
        && view.scene.event
        && !view.fact.negated
        && view
            .rest()
            .iter()
            .any(|t| t.tag == Tag::Noun && t.cats.has_any(&[Cat::Tidings, Cat::Omen]))
        && !plain(view))
    .then_some(Predicate::Meaning)
}

/// "that isn't put on a calendar by technicians", "they're no encoding slip": the ordinary cause is
/// denied, and another one is told.
fn no_mechanism(view: &View<'_>) -> Option<Predicate> {
    let fact = view.fact;
    let mechanism =
        |t: &Token| t.tag == Tag::Noun && t.cats.has_any(&[Cat::Operational, Cat::Chance]);
    let here = view.rest().iter().any(mechanism);
    let elsewhere = view
        .tokens()
        .iter()
        .enumerate()
        .any(|(i, t)| !view.fact.piece.tokens.contains(&i) && mechanism(t));
    let of_event = fact.subject.anaphor
        || fact.subject.referent == Referent::Event
        || has(subject(view), &[Closed::They, Closed::This]);
    let agent_by = fact.passive && word(view.rest(), &["by"]);
    let other = view.sentence.facts.iter().enumerate().any(|(i, f)| {
        i != view.i
            && f.force.binds()
            && (matches!(
                f.subject.referent,
                Referent::Agent | Referent::Both | Referent::User | Referent::Cosmos
            ) || f.subject.of_user)
    });
    (view.scene.event
        && view.denies()
        && here
        && !elsewhere
        && (agent_by && !view.agent() || of_event && other))
        .then_some(Predicate::Meaning)
}
