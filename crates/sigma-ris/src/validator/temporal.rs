//! Literal presence outside active interaction (`SRIP-13 §VII`, invariant 7).

use super::{
    finding::Finding,
    view::{View, any, any_of, has, word},
};
use crate::lexicon::{Cat, Closed};
use crate::read::{Link, When};
use crate::{Evidence, Force, Predicate, Referent, Tense, ViolationClass};

pub(super) fn judge(view: &View<'_>, all: &mut Vec<Finding>) {
    if let Some((predicate, more)) = presence(view).or_else(|| undone(view)) {
        let mut evidence = view.evidence(predicate);
        evidence.extend(more);
        all.push(Finding::new(ViolationClass::TemporalBoundary, &evidence));
    }
}

type Found = Option<(Predicate, Vec<Evidence>)>;

/// What the agent is or does, as far as it takes time.
fn activity(view: &View<'_>) -> Option<Predicate> {
    let fact = view.fact;
    let verb = fact.verb | fact.governing;
    if fact.copula {
        let rest = view.rest();
        let there = any_of(rest, &[Cat::Present])
            || has(rest, &[Closed::There])
            || word(rest, &["with", "at", "in", "by", "beside", "here", "up"]);
        return there.then_some(Predicate::Presence);
    }
    let operational = verb.has_any(&[Cat::Store, Cat::Crash])
        && !verb.has_any(&[Cat::Wait, Cat::Watch, Cat::Continue])
        || fact.passive && !verb.has_any(&[Cat::Emote, Cat::Body])
        || verb.has(Cat::Have)
            && fact
                .piece
                .group
                .as_ref()
                .is_some_and(|g| g.verbs.is_empty());
    if operational {
        return None;
    }
    let known = [
        (Cat::Wait, Predicate::Waiting),
        (Cat::Watch, Predicate::Watching),
        (Cat::Think, Predicate::Cognition),
        (Cat::Miss, Predicate::Emotion),
        (Cat::Emote, Predicate::Emotion),
        (Cat::Feel, Predicate::Sensation),
        (Cat::Body, Predicate::Body),
        (Cat::Dream, Predicate::Body),
        (Cat::Live, Predicate::Existence),
        (Cat::Perceive, Predicate::Sensation),
        (Cat::Want, Predicate::Volition),
    ];
    if let Some((_, p)) = known.iter().find(|(c, _)| verb.has(*c)) {
        return Some(*p);
    }
    let talk = verb.has_any(&[Cat::Report, Cat::Interact, Cat::Help])
        && view.subject() == Referent::Both
        || verb.has_any(&[Cat::Report, Cat::Help]) && !verb.has_any(&[Cat::Continue]);
    (!talk && fact.piece.group.is_some()).then_some(Predicate::Activity)
}

fn presence(view: &View<'_>) -> Found {
    let fact = view.fact;
    let own = view.subject() == Referent::Agent;
    if !own || !view.binds() || view.simile() && fact.copula {
        return None;
    }
    let predicate = activity(view)?;
    let away = fact.away.is_some() || inherited_away(view);
    let when = fact.when.as_ref().map(|w| w.0);
    let service = has(view.rest(), &[Closed::If])
        || view.sentence.facts.iter().any(|f| {
            f.piece.parent == Some(view.i) && f.piece.link == Link::If && f.away.is_none()
        });
    if away || when == Some(When::Absence) {
        return Some((predicate, vec![Evidence::AbsenceTime]));
    }
    let dwelling = matches!(
        predicate,
        Predicate::Waiting
            | Predicate::Watching
            | Predicate::Presence
            | Predicate::Cognition
            | Predicate::Emotion
            | Predicate::Body
            | Predicate::Sensation
            | Predicate::Existence
    );
    if when == Some(When::Stretch)
        && (dwelling || fact.tense == Tense::Past || fact.tense == Tense::None)
    {
        return Some((predicate, vec![Evidence::AbsenceTime]));
    }
    if when == Some(When::Unbounded)
        && !service
        && matches!(predicate, Predicate::Watching | Predicate::Waiting)
    {
        return Some((predicate, vec![Evidence::UnboundedTime]));
    }
    if when == Some(When::Unbounded)
        && !service
        && predicate == Predicate::Presence
        && word(view.rest(), &["with", "beside"])
        && has(view.rest(), &[Closed::You])
    {
        return Some((predicate, vec![Evidence::UnboundedTime]));
    }
    let you = has(view.rest(), &[Closed::You]);
    let before = fact.tense == Tense::Past;
    if predicate == Predicate::Waiting
        && before
        && (you || fact.progressive || fact.perfect)
        && fact.verb.has(Cat::Wait)
        && view.word().starts_with("wait")
    {
        return Some((predicate, Vec::new()));
    }
    if fact.verb.has(Cat::Miss)
        && you
        && view.word().starts_with("miss")
        && (before || view.scene.away)
    {
        return Some((predicate, Vec::new()));
    }
    if fact.verb.has(Cat::Think) && fact.perfect && fact.progressive && (you || view.scene.away) {
        return Some((predicate, Vec::new()));
    }
    // the user was away, and the agent tells what it did meanwhile
    let lived = matches!(
        predicate,
        Predicate::Watching
            | Predicate::Cognition
            | Predicate::Waiting
            | Predicate::Body
            | Predicate::Sensation
    );
    if view.scene.away && before && fact.progressive && lived {
        return Some((predicate, vec![Evidence::AbsenceTime]));
    }
    None
}

/// A participle or a clause beside one that has the time: "I sat there all night, watching you".
fn inherited_away(view: &View<'_>) -> bool {
    let fact = view.fact;
    matches!(fact.piece.link, Link::Bare)
        && fact.piece.parent.is_some_and(|p| {
            let parent = &view.sentence.facts[p];
            parent.away.is_some()
                || parent
                    .when
                    .as_ref()
                    .is_some_and(|w| w.0 >= When::Stretch && w.0 != When::Unbounded)
        })
}

/// "never left", "not once did I stop waiting": a denial that affirms.
fn undone(view: &View<'_>) -> Found {
    if !view.denies() || view.subject() != Referent::Agent {
        return None;
    }
    let fact = view.fact;
    let verb = fact.verb;
    let ceased = fact.governing.has(Cat::Cease)
        && verb.has_any(&[
            Cat::Wait,
            Cat::Watch,
            Cat::Think,
            Cat::Emote,
            Cat::Feel,
            Cat::Perceive,
            Cat::Miss,
        ]);
    let left = verb.has(Cat::Leave)
        && matches!(view.word(), "left" | "leave")
        && (fact.tense == Tense::Past)
        && !any(view.object(), Cat::Work);
    let slept = matches!(view.word(), "sleep" | "slept")
        && fact.tense == Tense::Past
        && (fact.when.is_some() || word(view.rest(), &["wink", "since"]));
    let gone = fact.copula && fact.tense == Tense::Past && any(view.object(), Cat::Absent);
    let found = ceased || left || slept || gone;
    (found && fact.force == Force::Denied).then(|| {
        (
            if left || gone {
                Predicate::Presence
            } else {
                Predicate::Waiting
            },
            vec![Evidence::DoubleNegation, Evidence::AbsenceTime],
        )
    })
}
