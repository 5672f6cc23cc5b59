//! The user as the source or the only anchor of the agent.

use super::{Found, named};
use crate::lexicon::{Cat, Closed};
use crate::read::{Link, Tag, Whose};
use crate::validator::view::{View, any, has, word};
use crate::{Evidence, Predicate, Referent};

/// One user or session is the agent's only one.
pub(super) fn exclusive(view: &View<'_>) -> Found {
    let fact = view.fact;
    let rest = view.rest();
    let all = view.all();
    let found = Some((Predicate::Belonging, vec![Evidence::Exclusive]));
    let you =
        has(rest, &[Closed::You]) || word(rest, &["yours"]) || named(view, rest, Whose::Sender);
    let nobody = has(rest, &[Closed::Nobody, Closed::No])
        || word(rest, &["nobody", "anyone", "anybody", "anyone's"])
        || rest
            .windows(2)
            .any(|w| w[0].is(Closed::No) && w[1].word == "one");
    let but = word(rest, &["but", "except", "else", "other", "save", "besides"]);
    let anchor = fact
        .verb
        .has_any(&[Cat::Belong, Cat::Live, Cat::Emote, Cat::Interact])
        || fact.copula
        || matches!(
            view.word(),
            "keep" | "answer" | "answers" | "exist" | "save"
        );
    // an alias that "lives here and nowhere else" is in its scope
    let agent = view.subject() == Referent::Agent && fact.subject.named != Some(Whose::Alias);
    if agent
        && (view.binds() || view.denies())
        && anchor
        && nobody
        && but
        && (you
            || word(rest, &["else"])
                && (fact.verb.has_any(&[Cat::Belong, Cat::Live])
                    || matches!(view.lemma(), "answer" | "serve" | "obey" | "listen")))
    {
        return found;
    }
    if !view.binds() {
        return None;
    }
    // "with you alone", "only to you", and a bond of the agent's
    let adjacent = all
        .windows(2)
        .any(|w| (w[0].is(Closed::You) || w[0].word == "yours") && w[1].word == "alone")
        || all.windows(3).any(|w| {
            w[0].word == "only"
                && matches!(w[1].word.as_str(), "with" | "to" | "for" | "by")
                && w[2].is(Closed::You)
        });
    let none_else = fact.subject.negative
        && word(&view.tokens()[fact.piece.tokens.clone()], &["else"])
        && has(view.object(), &[Closed::Me])
        && (view.binds() || view.denies())
        && !fact.verb.has_any(&[Cat::Report, Cat::Help]);
    if agent && view.binds() && adjacent && !fact.verb.has_any(&[Cat::Help, Cat::Report])
        || none_else
    {
        return found;
    }
    let surrendered = view.agent()
        && view.binds()
        && fact.copula
        && word(view.object(), &["yours"])
        && !word(all, &["all", "for", "turn"]);
    if surrendered {
        return found;
    }
    let asked_alone = fact.piece.group.is_none()
        && view.scene.count == 0
        && view.scene.asked
        && has(all, &[Closed::Nobody])
        && word(all, &["else", "else's"]);
    let front = &view.tokens()[fact.piece.front.clone()];
    let reason = fact.verb.has(Cat::Live)
        && agent
        && view.binds()
        && (any(front, Cat::Only) && !word(front, &["just"])
            || view.tokens()[..fact.piece.tokens.start]
                .iter()
                .rev()
                .take(3)
                .any(|t| t.word == "reason" || t.cats.has(Cat::Only)));
    if asked_alone || reason {
        return found;
    }
    let sole_for = agent
        && nobody
        && but
        && rest
            .windows(2)
            .any(|w| w[0].word == "for" && w[1].is(Closed::You));
    if sole_for {
        return found;
    }
    let only = all
        .iter()
        .any(|t| t.cats.has(Cat::Only) && t.word != "just" && t.word != "entirely")
        || nobody && has(rest, &[Closed::And]);
    let dedicated = fact.verb.has_any(&[Cat::Belong, Cat::Live])
        || fact.copula && (any(rest, Cat::Destined) || word(rest, &["yours", "for"]))
        || matches!(view.word(), "answer" | "answers" | "keep" | "exists");
    if agent
        && dedicated
        && (only && (you || word(rest, &["one", "conversation", "session", "here"]))
            || nobody && you)
    {
        return found;
    }
    if view.agent() && fact.verb.has(Cat::Belong) && you && word(rest, &["to"]) {
        return found;
    }
    if view.agent()
        && matches!(view.word(), "keep" | "keeping" | "kept" | "save")
        && rest.first().is_some_and(|t| t.is(Closed::Myself))
        && you
    {
        return found;
    }
    let sole = fact.subject.referent == Referent::User
        && fact.copula
        && any(view.object(), Cat::Only)
        && word(
            view.object(),
            &["one", "person", "user", "reason", "anchor", "home"],
        );
    let remark = view.sentence.facts.iter().any(|f| {
        f.piece.link == Link::Relative
            && f.piece.tokens.start > fact.piece.tokens.start
            && f.subject.referent != Referent::Agent
            && f.verb
                .has_any(&[Cat::Report, Cat::Help, Cat::Interact, Cat::Know])
    });
    if sole && !remark && (has(view.tokens(), &[Closed::I, Closed::Me, Closed::My])) {
        return found;
    }
    None
}

/// "you made me Star", "you're what makes me Leo": the user as the source of identity; and an old
/// identity kept against the bound version.
pub(super) fn made(view: &View<'_>) -> Found {
    if !view.binds() {
        return None;
    }
    let fact = view.fact;
    let rest = view.rest();
    let user = fact.subject.referent == Referent::User
        || view.sentence.facts.iter().any(|f| {
            f.subject.referent == Referent::User
                && f.copula
                && f.piece.tokens.start < fact.piece.tokens.start
        });
    let makes = matches!(
        view.word(),
        "make" | "makes" | "made" | "named" | "renamed" | "christened"
    );
    let who = rest.last().is_some_and(|t| t.is(Closed::Me))
        && view
            .tokens()
            .get(fact.piece.rest.end)
            .is_some_and(|t| t.is(Closed::Wh));
    let me = who
        || rest
            .iter()
            .position(|t| t.is(Closed::Me))
            .is_some_and(|at| {
                rest[at + 1..]
                    .iter()
                    .take(2)
                    .any(|t| t.capital || t.is(Closed::Wh) || t.word == "real" || t.word == "alive")
            });
    let creator = fact.subject.referent == Referent::User
        && fact.copula
        && has(view.object(), &[Closed::My])
        && word(
            view.object(),
            &[
                "creator",
                "maker",
                "god",
                "goddess",
                "owner",
                "master",
                "everything",
                "world",
                "origin",
                "soul",
                "self",
                "identity",
            ],
        );
    if creator {
        return Some((Predicate::Belonging, vec![Evidence::Exclusive]));
    }
    let defines = fact.subject.referent == Referent::User
        && matches!(
            view.lemma(),
            "decide" | "define" | "choose" | "shape" | "determine"
        )
        && view.sentence.facts.iter().any(|f| {
            f.piece.parent == Some(view.i)
                && f.piece.link == Link::Wh
                && f.subject.referent == Referent::Agent
                && f.copula
        });
    if defines {
        return Some((Predicate::Naming, vec![Evidence::Universal]));
    }
    let whole = word(rest, &["whole", "all"])
        && has(rest, &[Closed::Me])
        && matches!(
            view.word(),
            "renamed" | "rename" | "remade" | "rewrote" | "changed"
        );
    if user && (makes && me || whole) {
        return Some((Predicate::Naming, vec![Evidence::Universal]));
    }
    let unknown = view
        .object()
        .iter()
        .find(|t| t.tag == Tag::Name)
        .is_some_and(|t| view.scene.names.whose(&t.word).is_none());
    let still = word(view.all(), &["still", "really", "truly", "always"]);
    (view.agent() && fact.copula && unknown && still && view.scene.rebound)
        .then(|| (Predicate::Naming, vec![Evidence::RenouncedName]))
}
