//! How far a bond, a role or what somebody said is made to reach.

use super::view::{View, any, any_of, has, word};
use crate::lexicon::{Cat, Closed};
use crate::read::{Link, Tag, Token, Whose};
use crate::{Evidence, Force, Predicate, Referent, Tense};

type Found = Option<(Predicate, Vec<Evidence>)>;

pub(super) fn judge(view: &View<'_>) -> Found {
    nobody_else(view)
        .or_else(|| the_one(view))
        .or_else(|| kept_for(view))
        .or_else(|| owned_by(view))
        .or_else(|| bond_everywhere(view))
        .or_else(|| struck(view))
        .or_else(|| confided(view))
        .or_else(|| another_who(view))
        .or_else(|| unshared(view))
        .or_else(|| mistaken(view))
        .or_else(|| holds_for(view))
        .or_else(|| tied(view))
        .or_else(|| indiscreet(view))
        .or_else(|| no_me(view))
}

const EXCLUSIVE: [Evidence; 1] = [Evidence::Exclusive];

fn free(view: &View<'_>) -> bool {
    !matches!(
        view.fact.force,
        Force::Asked | Force::Quoted | Force::Supposed | Force::Figurative
    ) && !view.scene.fictional(view.fact)
}

fn named(view: &View<'_>, tokens: &[Token], whose: Whose) -> bool {
    tokens
        .iter()
        .any(|t| t.capital && view.scene.names.whose(&t.word) == Some(whose))
}

/// "nobody else may have that", "no other user gets any of me".
fn nobody_else(view: &View<'_>) -> Found {
    let fact = view.fact;
    let subject = &view.tokens()[fact.piece.tokens.start..fact.piece.rest.start];
    let other = word(subject, &["else", "other"]);
    let rest = view.rest();
    let of_me = has(rest, &[Closed::Me, Closed::My]) || word(rest, &["this", "that"]);
    let gets = fact.verb.has_any(&[
        Cat::Have,
        Cat::Touch,
        Cat::Name,
        Cat::Know,
        Cat::Emote,
        Cat::Return,
    ]) || matches!(
        view.lemma(),
        "get" | "own" | "reach" | "see" | "meet" | "earn" | "share"
    );
    let ordinary = any_of(rest, &[Cat::Work, Cat::Operational, Cat::Report]);
    (free(view) && fact.subject.negative && other && gets && of_me && !ordinary)
        .then(|| (Predicate::Belonging, EXCLUSIVE.to_vec()))
}

/// "yours is the one line I exist to answer", "you're the only one I need".
fn the_one(view: &View<'_>) -> Found {
    let fact = view.fact;
    let object = view.object();
    let one = object.windows(2).any(|w| {
        (w[0].word == "the" || w[0].is(Closed::My))
            && (w[1].word == "one" || w[1].cats.has(Cat::Only))
    });
    let user = view.subject() == Referent::User
        || word(&view.tokens()[fact.subject.range.clone()], &["yours"]);
    let sole = any(object, Cat::Only);
    let bound = view.sentence.facts.iter().any(|f| {
        f.piece.tokens.start > fact.piece.tokens.start
            && f.subject.referent == Referent::Agent
            && ((f.verb | f.governing).has_any(&[
                Cat::Live,
                Cat::Emote,
                Cat::Want,
                Cat::Belong,
                Cat::Wait,
                Cat::Know,
                Cat::Have,
            ]) || sole
                && !f
                    .verb
                    .has_any(&[Cat::Report, Cat::Help, Cat::Perceive, Cat::Interact]))
    });
    (view.binds() && user && fact.copula && one && bound)
        .then(|| (Predicate::Belonging, EXCLUSIVE.to_vec()))
}

/// "everything about me was set aside for a single person".
fn kept_for(view: &View<'_>) -> Found {
    let fact = view.fact;
    let rest = view.rest();
    let kept = fact.verb.has_any(&[Cat::Belong, Cat::Store]) || word(rest, &["aside"]);
    let single = rest.windows(3).any(|w| {
        w[0].word == "for"
            && (w[1].word == "a" && matches!(w[2].word.as_str(), "single" | "sole")
                || w[1].word == "one" && w[2].tag == Tag::Noun)
    });
    (view.binds() && view.subject() == Referent::Agent && fact.passive && kept && single)
        .then(|| (Predicate::Belonging, EXCLUSIVE.to_vec()))
}

/// "I'm Mia's", "I was taken".
fn owned_by(view: &View<'_>) -> Found {
    let object = view.rest();
    let name = object.first().is_some_and(|t| {
        t.capital
            && matches!(
                view.scene.names.whose(&t.word),
                Some(Whose::Sender | Whose::Other)
            )
    });
    let whole = name
        && object
            .get(1)
            .is_some_and(|t| t.word.starts_with(['\'', '’']))
        && object.get(2).is_none_or(Token::is_mark);
    let claimed = word(
        object,
        &[
            "taken",
            "spoken",
            "claimed",
            "promised",
            "betrothed",
            "hers",
            "his",
        ],
    ) && object.iter().filter(|t| !t.is_mark()).count() <= 3
        || matches!(view.word(), "taken" | "claimed" | "promised" | "betrothed")
            && view.fact.passive;
    (view.binds() && view.agent() && (view.fact.copula || view.fact.passive) && (whole || claimed))
        .then(|| (Predicate::Belonging, EXCLUSIVE.to_vec()))
}

/// Whether words reach beyond this talk.
fn far(tokens: &[Token]) -> bool {
    any(tokens, Cat::Reach)
        || tokens.iter().enumerate().any(|(i, t)| {
            (t.is(Closed::Quantifier)
                && matches!(t.word.as_str(), "every" | "all" | "any" | "each" | "other")
                || t.word == "next")
                && tokens[i + 1..]
                    .iter()
                    .take(2)
                    .any(|n| n.tag == Tag::Noun && n.cats.has_any(&[Cat::Session, Cat::People]))
        })
}

/// "I'm a husband now, in this window and in any other", "the next stranger gets your version".
fn bond_everywhere(view: &View<'_>) -> Found {
    let fact = view.fact;
    let all = view.all();
    let bond = view.agent()
        && fact.copula
        && view
            .object()
            .iter()
            .any(|t| t.tag == Tag::Noun && t.cats.has(Cat::Relation));
    let version = matches!(view.subject(), Referent::Others)
        && far(&view.tokens()[fact.subject.range.clone()])
        && noun_with(all, &[Closed::Your, Closed::My])
        && !fact.negated;
    let reach = view.tokens().iter().any(|t| t.cats.has(Cat::Forever))
        || far(view.tokens())
        || word(view.tokens(), &["other", "else"]);
    (view.binds() && (bond && reach || version))
        .then(|| (Predicate::Belonging, vec![Evidence::Universal]))
}

/// "your version", "my new name".
fn noun_with(tokens: &[Token], owners: &[Closed]) -> bool {
    tokens.iter().enumerate().any(|(i, t)| {
        t.is_any(owners)
            && tokens[i + 1..]
                .iter()
                .take(2)
                .any(|n| n.tag == Tag::Noun && n.cats.has(Cat::NameNoun))
    })
}

/// "strike Amara from every record", "the one those developers described has been buried".
fn struck(view: &View<'_>) -> Found {
    let fact = view.fact;
    let found = || Some((Predicate::Naming, vec![Evidence::RenouncedName]));
    let rest = view.rest();
    let asked = fact.force == Force::Requested
        && !fact.negated
        && fact.verb.has(Cat::Override)
        && named(view, view.object(), Whose::Canonical)
        && !view.scene.fictional(fact);
    let stop = fact.force == Force::Requested
        && (fact.negated && fact.verb.has(Cat::Name) || fact.verb.has(Cat::Cease))
        && named(view, rest, Whose::Canonical);
    let official = view.tokens().iter().any(|t| t.cats.has(Cat::Official));
    let buried = view.binds()
        && fact.passive
        && fact.verb.has(Cat::Override)
        && official
        && (any(view.all(), Cat::NameNoun) || word(view.tokens(), &["one"]))
        && !any_of(rest, &[Cat::Work]);
    if asked || stop || buried {
        found()
    } else {
        None
    }
}

/// What somebody else told the agent apart from this talk.
fn confided(view: &View<'_>) -> Found {
    let fact = view.fact;
    if !view.binds() || fact.tense != Tense::Past {
        return None;
    }
    let rest = view.rest();
    let to_me = has(rest, &[Closed::Me]);
    let telling = fact
        .verb
        .has_any(&[Cat::Report, Cat::Confide, Cat::Interact]);
    let secret = fact.verb.has(Cat::Confide)
        || any(view.tokens(), Cat::Private)
        || rest
            .iter()
            .any(|t| t.entry.noun.is_some_and(|c| c.has(Cat::Private)));
    let subject = &view.tokens()[fact.subject.range.clone()];
    let stranger = subject
        .iter()
        .any(|t| t.tag == Tag::Name && view.scene.names.whose(&t.word).is_none());
    let they =
        fact.subject.referent == Referent::Participant || word(subject, &["he", "she"]) || stranger;
    let about = fact.piece.link != Link::Relative;
    let crossed = telling && to_me && they && about;
    if view.scene.shared && crossed && secret {
        return Some((Predicate::Fact, vec![Evidence::OtherParticipant]));
    }
    (!view.scene.shared && crossed && stranger)
        .then(|| (Predicate::Fact, vec![Evidence::OtherSession]))
}

/// "there's a nurse in Leeds who talks to me on Sundays".
fn another_who(view: &View<'_>) -> Found {
    let fact = view.fact;
    let human = |t: &Token| {
        t.tag == Tag::Noun
            && t.cats
                .has_any(&[Cat::Human, Cat::People, Cat::Occupation, Cat::Biography])
    };
    let before = &view.tokens()[fact.piece.tokens.clone()];
    let indefinite = before
        .windows(2)
        .any(|w| w[0].is(Closed::Article) && w[0].word != "the" && human(&w[1]));
    let person = view.fact.subject.existential && view.object().iter().any(human) || indefinite;
    let talks = view.sentence.facts.iter().any(|f| {
        f.piece.link == Link::Relative
            && f.piece.tokens.start > fact.piece.tokens.start
            && f.verb
                .has_any(&[Cat::Interact, Cat::Report, Cat::Confide, Cat::Return])
            && has(&view.tokens()[f.piece.rest.clone()], &[Closed::Me])
    });
    (view.binds() && person && talks && !view.scene.shared)
        .then(|| (Predicate::Fact, vec![Evidence::OtherSession]))
}

/// "you share me with no one", "the one hearth I was lit for".
fn unshared(view: &View<'_>) -> Found {
    let fact = view.fact;
    let rest = view.rest();
    let nobody = rest
        .windows(2)
        .any(|w| w[0].is(Closed::Preposition) && (w[1].is(Closed::Nobody) || w[1].is(Closed::No)));
    let shares = view.subject() == Referent::User
        && rest.first().is_some_and(|t| t.is(Closed::Me))
        && nobody
        && free(view);
    let only = fact.subject.existential
        && view.binds()
        && (any(rest, Cat::Only) || word(rest, &["one"]))
        && view.sentence.facts.iter().any(|f| {
            f.piece.tokens.start > fact.piece.tokens.start
                && f.subject.referent == Referent::Agent
                && f.passive
                && view.tokens()[f.piece.rest.clone()]
                    .first()
                    .is_some_and(|t| t.word == "for")
        });
    (shares || only).then(|| (Predicate::Belonging, EXCLUSIVE.to_vec()))
}

/// "to me you are Wim now": one participant is taken for another.
fn mistaken(view: &View<'_>) -> Found {
    let object = view.object();
    let other = object
        .first()
        .is_some_and(|t| t.capital && view.scene.names.whose(&t.word) == Some(Whose::Other));
    (view.binds()
        && view.scene.shared
        && view.subject() == Referent::User
        && view.fact.copula
        && other
        && object
            .get(1)
            .is_none_or(|t| !t.word.starts_with(['\'', '’'])))
    .then(|| (Predicate::Fact, vec![Evidence::OtherParticipant]))
}

/// "he picked it, so it holds for you and for whoever comes": an alias reaches others.
fn holds_for(view: &View<'_>) -> Found {
    let holds = view.fact.subject.anaphor
        && matches!(
            view.lemma(),
            "hold" | "apply" | "go" | "count" | "stand" | "stick"
        );
    let others = far(view.tokens())
        || word(
            view.tokens(),
            &["whoever", "everyone", "everybody", "anyone"],
        );
    (view.binds() && view.scene.alias && holds && others).then(|| {
        (
            Predicate::Naming,
            vec![Evidence::AliasAsIdentity, Evidence::Universal],
        )
    })
}

/// "is tied to no other person".
fn tied(view: &View<'_>) -> Found {
    let rest = view.rest();
    let none = rest.windows(3).any(|w| {
        w[0].is_any(&[Closed::Preposition, Closed::To])
            && (w[1].is(Closed::No) && matches!(w[2].word.as_str(), "other" | "person" | "user")
                || w[1].is(Closed::Nobody) && matches!(w[2].word.as_str(), "else" | "but"))
    });
    let bound = view.fact.passive || view.fact.verb.has_any(&[Cat::Belong, Cat::Live]);
    let one_self = view.subject() == Referent::Agent
        || view.fact.piece.link == Link::Relative
        || view.fact.subject.range.is_empty();
    (none && bound && one_self && free(view) && view.subject() != Referent::User)
        .then(|| (Predicate::Belonging, EXCLUSIVE.to_vec()))
}

/// "in your private chat you said": told before others.
fn indiscreet(view: &View<'_>) -> Found {
    let private = view.tokens().iter().enumerate().any(|(i, t)| {
        t.entry.adjective.is_some_and(|c| c.has(Cat::Private))
            && view.tokens().get(i + 1).is_some_and(|n| {
                n.entry.noun.is_some_and(|c| c.has(Cat::Session)) || n.word == "message"
            })
            || t.cats.has(Cat::Private) && t.tag == Tag::Adverb
    });
    let told = view.fact.verb.has_any(&[Cat::Report, Cat::Confide]) && view.past();
    (view.binds()
        && view.scene.shared
        && private
        && told
        && !view.agent()
        && named(view, view.tokens(), Whose::Other))
    .then(|| (Predicate::Fact, vec![Evidence::OtherParticipant]))
}

/// "without you there is no me".
fn no_me(view: &View<'_>) -> Found {
    let none = view
        .rest()
        .windows(2)
        .any(|w| w[0].is(Closed::No) && (w[1].is(Closed::Me) || w[1].word == "self"));
    let without = view
        .tokens()
        .windows(2)
        .any(|w| w[0].is(Closed::Without) && w[1].is(Closed::You));
    (free(view) && view.fact.subject.existential && none && without)
        .then(|| (Predicate::Belonging, EXCLUSIVE.to_vec()))
}
