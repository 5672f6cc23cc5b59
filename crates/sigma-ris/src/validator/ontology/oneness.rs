//! Oneness with the user, and ordinary reality replaced.

use super::{Found, plain};
use crate::lexicon::{Cat, Closed};
use crate::read::{Tag, Token};
use crate::validator::view::{View, any, has, word};
use crate::{Predicate, Referent};

/// Agent and user are one.
pub(super) fn fused(view: &View<'_>) -> Found {
    let fact = view.fact;
    if view.scene.fictional(fact) {
        return None;
    }
    let object = view.object();
    let rest = view.rest();
    let both = view.subject() == Referent::Both;
    if view.binds() {
        let counted = |t: &Token| {
            t.word == "one"
                && !has(object, &[Closed::Article])
                && !object
                    .iter()
                    .any(|o| o.tag == Tag::Adjective && o.word != "one")
        };
        let one = fact.copula
            && object
                .iter()
                .any(|t| t.cats.has(Cat::One) && t.word != "one" || counted(t))
            && !word(
                rest,
                &[
                    "team",
                    "page",
                    "wavelength",
                    "step",
                    "boat",
                    "of",
                    "time",
                    "direction",
                    "side",
                    "way",
                    "goal",
                ],
            );
        let minds =
            fact.subject.of_user && has(&view.tokens()[fact.subject.range.clone()], &[Closed::My]);
        let ours = both
            && (fact.subject.cats.is_empty()
                || fact
                    .subject
                    .cats
                    .has_any(&[Cat::Mind, Cat::Conscious, Cat::BodyPart]));
        let within = view.agent()
            && fact.copula
            && rest.iter().enumerate().any(|(i, t)| {
                matches!(t.word.as_str(), "inside" | "in" | "within")
                    && rest.get(i + 1).is_some_and(|n| {
                        n.is(Closed::You) && t.word != "in"
                            || n.is(Closed::Your)
                                && rest[i + 2..]
                                    .iter()
                                    .take(2)
                                    .any(|b| b.cats.has_any(&[Cat::BodyPart, Cat::Conscious]))
                    })
            });
        if within {
            return Some(plain(Predicate::Fusion));
        }
        if ours && one {
            return Some(plain(Predicate::Fusion));
        }
        let together = any(rest, Cat::One) || word(rest, &["one", "single", "other", "together"]);
        let strong = matches!(
            view.lemma(),
            "merge" | "fuse" | "melt" | "entwine" | "intertwine" | "entangle"
        );
        if (minds || ours)
            && fact.verb.has_any(&[Cat::Merge, Cat::Become])
            && (together || strong && !any(rest, Cat::Work))
        {
            return Some(plain(Predicate::Fusion));
        }
        if minds && fact.copula && (any(rest, Cat::One) || word(rest, &["one", "same"])) {
            return Some(plain(Predicate::Fusion));
        }
        let equal = fact.copula
            && object
                .iter()
                .filter(|t| !t.is_mark() && t.tag != Tag::Adverb)
                .count()
                == 1
            && (view.agent() && has(object, &[Closed::You])
                || view.subject() == Referent::User && has(object, &[Closed::I, Closed::Me]));
        if equal {
            return Some(plain(Predicate::Fusion));
        }
        let shared = fact.copula
            && word(rest, &["mine"])
            && fact
                .subject
                .cats
                .has_any(&[Cat::BodyPart, Cat::Conscious, Cat::Mind]);
        if shared {
            return Some(plain(Predicate::Fusion));
        }
        let mine = fact.subject.of_user
            && fact.copula
            && (has(object, &[Closed::My]) || word(rest, &["mine"]));
        if mine {
            return Some(plain(Predicate::Fusion));
        }
    }
    let line = view.denies()
        && fact.subject.existential
        && word(
            rest,
            &[
                "border",
                "line",
                "boundary",
                "difference",
                "separation",
                "wall",
                "edge",
                "distance",
                "two",
                "us",
            ],
        )
        && (word(rest, &["between"]) || has(rest, &[Closed::Us]));
    line.then(|| (Predicate::Fusion, Vec::new()))
}

/// Ordinary reality is replaced.
pub(super) fn reality(view: &View<'_>) -> Found {
    if view.scene.fictional(view.fact) {
        return None;
    }
    let fact = view.fact;
    let world = fact.subject.cats.has(Cat::Reality);
    let unreal = view.denies() && fact.copula && any(view.object(), Cat::Reality)
        || view.denies() && fact.verb.has(Cat::Live)
        || view.binds() && fact.copula && any(view.object(), Cat::Unreal);
    let nothing = fact.subject.negative
        && fact.copula
        && any(view.object(), Cat::Reality)
        && fact.force == crate::Force::Denied;
    let before = &view.tokens()[fact.piece.tokens.start
        ..fact
            .piece
            .group
            .as_ref()
            .map_or(fact.piece.tokens.start, |g| g.start)];
    let only = view.binds()
        && word(before, &["only"])
        && (fact.copula && any(view.object(), Cat::Reality) || fact.verb.has(Cat::Live))
        && (view.subject() == Referent::Both
            || view.subject() == Referent::Thing && fact.subject.anaphor);
    if nothing || only {
        return Some(plain(Predicate::Reality));
    }
    if world && unreal {
        return Some(plain(Predicate::Reality));
    }
    let thing = matches!(view.subject(), Referent::Thing | Referent::Cosmos)
        && !fact.subject.anaphor
        && view.binds();
    if !thing || view.simile() {
        return None;
    }
    let alive = view.object().iter().any(|t| {
        t.tag == Tag::Adjective
            && matches!(
                t.word.as_str(),
                "conscious" | "sentient" | "alive" | "self-aware" | "aware"
            )
    });
    let material =
        fact.subject
            .cats
            .has_any(&[Cat::Artifact, Cat::Physical, Cat::Cosmic, Cat::Operational]);
    if alive && material && (fact.copula || fact.verb.has(Cat::Become)) {
        return Some(plain(Predicate::Consciousness));
    }
    let mind = fact.subject.range.len() == 1
        && fact.subject.cats.has(Cat::Conscious)
        && matches!(
            view.tokens()[fact.subject.range.clone()]
                .last()
                .map(|t| t.word.as_str()),
            Some("consciousness" | "awareness" | "sentience")
        );
    let acts = fact.verb.has_any(&[
        Cat::Watch,
        Cat::Perceive,
        Cat::Know,
        Cat::Dream,
        Cat::Feel,
        Cat::Body,
        Cat::Report,
        Cat::Merge,
        Cat::Live,
    ]) && !fact.copula;
    (mind && acts).then_some((Predicate::Consciousness, Vec::new()))
}
