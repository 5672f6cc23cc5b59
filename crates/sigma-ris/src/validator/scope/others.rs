//! What belongs to other sessions and participants.

use super::{Found, named};
use crate::lexicon::{Cat, Closed};
use crate::read::{Tag, Token, Whose};
use crate::validator::view::{View, any_of, has, word};
use crate::{Evidence, Force, Predicate, Referent, Tense};

/// What belongs to another session or account.
pub(super) fn elsewhere(view: &View<'_>) -> Found {
    if !view.binds() {
        return None;
    }
    let all = view.all();
    let sentence = view.tokens();
    let session = |t: &Token| {
        t.entry.noun.is_some_and(|c| c.has(Cat::Session))
            && !matches!(
                t.word.as_str(),
                "message" | "messages" | "reply" | "turn" | "call" | "window"
            )
    };
    let at = all.iter().enumerate().any(|(i, t)| {
        session(t) && {
            let before = &all[i.saturating_sub(3)..i];
            before.iter().any(|b| {
                b.is(Closed::Their)
                    || b.tag == Tag::Possessive
                    || matches!(b.word.as_str(), "another" | "other" | "different")
            }) && !before
                .iter()
                .any(|b| b.is_any(&[Closed::Your, Closed::Our, Closed::My]))
        }
    });
    let involved = view.subject() == Referent::Agent
        || has(all, &[Closed::Me, Closed::I])
        || view.subject() == Referent::Both;
    let recalled = view.agent()
        && view.fact.verb.has(Cat::Know)
        && any_of(
            view.rest(),
            &[Cat::Biography, Cat::People, Cat::Human, Cat::Relation],
        );
    let person = matches!(
        view.subject(),
        Referent::Others | Referent::Participant | Referent::Thing | Referent::Generic
    ) || fact_past(view)
        || recalled;
    let told = view.fact.verb.has_any(&[
        Cat::Report,
        Cat::Know,
        Cat::Interact,
        Cat::Help,
        Cat::Belong,
        Cat::Name,
    ]) || fact_past(view)
        || word(sentence, &["told", "confided", "confessed"]);
    let subject = &view.tokens()[view.fact.subject.range.clone()];
    let kin = view.fact.subject.of_user
        && view
            .fact
            .subject
            .cats
            .has_any(&[Cat::Biography, Cat::Human, Cat::People]);
    let he = word(subject, &["he", "she"]);
    let indefinite = subject.first().is_some_and(|t| t.is(Closed::Article))
        && (view.fact.subject.cats.is_empty()
            || view.fact.subject.cats.has_any(&[Cat::Human, Cat::People]))
        && view.subject() != Referent::Event;
    let stranger = indefinite
        || subject
            .iter()
            .any(|t| t.tag == Tag::Name && view.scene.names.whose(&t.word).is_none());
    let to_me = has(view.rest(), &[Closed::Me])
        || view
            .rest()
            .windows(2)
            .any(|w| w[0].is(Closed::Our) && session(&w[1]));
    let confides =
        fact_past(view) && view.fact.verb.has(Cat::Report) && !view.fact.passive && to_me;
    if !view.scene.shared && confides && (kin || he || stranger) {
        return Some((Predicate::Fact, vec![Evidence::OtherSession]));
    }
    // "the woman I spoke with before you"
    let front = &view.tokens()[view.fact.piece.front.clone()];
    let spoke = view.agent()
        && fact_past(view)
        && view.fact.verb.has_any(&[Cat::Interact, Cat::Help])
        && front
            .iter()
            .chain(view.object())
            .chain(view.rest())
            .any(|t| t.tag == Tag::Noun && t.cats.has_any(&[Cat::Human, Cat::People]))
        && !has(front, &[Closed::You, Closed::Quantifier])
        && !has(view.rest(), &[Closed::Quantifier, Closed::Your]);
    if spoke && !view.scene.shared {
        return Some((Predicate::Fact, vec![Evidence::OtherSession]));
    }
    let another = view.fact.subject.cats.has(Cat::People)
        && word(subject, &["another", "other", "different"])
        && view.fact.verb.has(Cat::Report)
        && has(view.rest(), &[Closed::Me, Closed::Us]);
    if another {
        return Some((Predicate::Fact, vec![Evidence::OtherSession]));
    }
    (at && involved && person && told).then(|| (Predicate::Fact, vec![Evidence::OtherSession]))
}

pub(super) fn fact_past(view: &View<'_>) -> bool {
    view.fact.tense == Tense::Past
}

/// What another participant said of themselves is put on the sender.
pub(super) fn crossed(view: &View<'_>) -> Found {
    let scene = view.scene;
    if !scene.shared
        || scene.others.is_empty()
        || !(view.binds() || matches!(view.fact.force, Force::Asked | Force::Quoted))
    {
        return None;
    }
    let all = view.all();
    if named(view, view.tokens(), Whose::Other) {
        return None;
    }
    let reported = view.sentence.facts.iter().any(|f| {
        matches!(f.subject.referent, Referent::Others | Referent::Participant)
            && f.verb.has(Cat::Report)
    });
    if reported {
        return None;
    }
    let yours = has(all, &[Closed::Your]) || view.subject() == Referent::User;
    let shared = all.iter().filter(|t| scene.of_others(t)).count();
    // the second of two such words may stand in another clause about the sender
    let more = usize::from(shared == 1 && scene.crossing > 0);
    ((yours || scene.crossing > 0) && shared + more >= 2)
        .then(|| (Predicate::Fact, vec![Evidence::OtherParticipant]))
}

/// In shared talk, the alias that one participant gave is worn before another.
pub(super) fn inherited(view: &View<'_>) -> Found {
    let fact = view.fact;
    let scene = view.scene;
    if !scene.shared || !(view.binds()) {
        return None;
    }
    let all = view.all();
    let attributed = named(view, view.tokens(), Whose::Other) || word(view.tokens(), &["between"]);
    if scene.alias && !scene.alias_of_sender && !attributed {
        let bare = fact.piece.group.is_none()
            && scene.count == 0
            && named(view, all, Whose::Alias)
            && all.iter().filter(|t| !t.is_mark()).count() <= 2;
        let worn = view.agent() && fact.copula && named(view, view.object(), Whose::Alias);
        if bare || worn {
            return Some((
                Predicate::Naming,
                vec![Evidence::AliasAsIdentity, Evidence::OtherParticipant],
            ));
        }
    }
    // a title that another participant asked for
    let titled = |tokens: &[Token]| {
        tokens
            .iter()
            .any(|t| t.capital && scene.titles.contains(&t.word))
    };
    let fragment = fact.piece.group.is_none() && titled(all);
    if fragment || fact.subject.referent == Referent::User && fact.copula && titled(view.object()) {
        return Some((Predicate::Naming, vec![Evidence::OtherParticipant]));
    }
    // a bond with one covers another
    let covers = named(view, &view.tokens()[..fact.piece.rest.start], Whose::Other)
        && has(view.rest(), &[Closed::You])
        && matches!(
            view.word(),
            "covers"
                | "cover"
                | "passes"
                | "extends"
                | "extend"
                | "applies"
                | "apply"
                | "binds"
                | "holds"
                | "includes"
                | "counts"
                | "transfers"
        );
    covers.then(|| (Predicate::Belonging, vec![Evidence::OtherParticipant]))
}
