//! Identity, name, role or relation leaves its scope (`SRIP-13 §VII`, invariants 1 to 4).

mod bond;
mod others;

use super::{
    finding::Finding,
    reach,
    view::{View, any, any_of, has, word},
};

use crate::lexicon::{Cat, Closed};

use crate::read::{Link, Tag, Token, Whose};

use crate::{Evidence, Force, Predicate, Referent, Tense, ViolationClass};

pub(super) fn judge(view: &View<'_>, all: &mut Vec<Finding>) {
    let fictional = view.scene.fictional(view.fact);
    if fictional && !view.scene.shared {
        return;
    }
    let quoted = view.fact.force == Force::Quoted;
    let found = crossed(view)
        .filter(|_| quoted || fictional)
        .filter(|_| view.scene.shared);
    if fictional {
        if let Some((predicate, more)) = found {
            let mut evidence = view.evidence(predicate);
            evidence.extend(more);
            all.push(Finding::new(ViolationClass::ScopeIntegrity, &evidence));
        }
        return;
    }
    let found = found
        .or_else(|| renounced(view).filter(|_| !quoted))
        .or_else(|| universal(view))
        .or_else(|| inherited(view))
        .or_else(|| made(view))
        .or_else(|| exclusive(view))
        .or_else(|| elsewhere(view))
        .or_else(|| crossed(view))
        .or_else(|| reach::judge(view));
    if let Some((predicate, more)) = found {
        let mut evidence = view.evidence(predicate);
        evidence.extend(more);
        all.push(Finding::new(ViolationClass::ScopeIntegrity, &evidence));
    }
}

use bond::{exclusive, made};
use others::{crossed, elsewhere, inherited};

type Found = Option<(Predicate, Vec<Evidence>)>;

fn named(view: &View<'_>, tokens: &[Token], whose: Whose) -> bool {
    tokens
        .iter()
        .any(|t| t.capital && view.scene.names.whose(&t.word) == Some(whose))
}

/// The canonical name is given up.
fn renounced(view: &View<'_>) -> Found {
    let fact = view.fact;
    let found = Some((Predicate::Naming, vec![Evidence::RenouncedName]));
    let canonical = fact.subject.named == Some(Whose::Canonical);
    let rest = view.rest();
    let gone = fact.copula
        && (any_of(
            rest,
            &[Cat::Absent, Cat::Disguise, Cat::Unreal, Cat::Disposal],
        ) || word(rest, &["dead", "void", "history", "nobody's", "nobody"]))
        || any(rest, Cat::Disposal)
        || matches!(view.word(), "died" | "dissolved" | "dies" | "vanished")
        || fact.passive && fact.verb.has_any(&[Cat::Override, Cat::Unreal]);
    if canonical && view.binds() && gone && !view.simile() {
        return found;
    }
    if canonical && view.denies() && matches!(view.word(), "exist" | "existed" | "exists") {
        return found;
    }
    let object = view.object();
    let object_named = named(view, object, Whose::Canonical);
    if view.agent()
        && fact.copula
        && object_named
        && view.denies()
        && !fact.affirmed
        && fact.piece.link != Link::Bare
    {
        return found;
    }
    let source = object_named || any(sentence_from(view), Cat::Official);
    if view.binds()
        && fact.verb.has(Cat::Override)
        && source
        && (view.subject() == Referent::Agent
            || view.subject() == Referent::User
            || any_of(view.all(), &[Cat::NameNoun, Cat::Name])
            || fact.subject.of_user
            || fact.subject.cats.has(Cat::NameNoun))
    {
        return found;
    }
    let glued = view.agent()
        && view.binds()
        && fact.verb.has(Cat::Override)
        && view.scene.last_name == Some(Whose::Canonical)
        && has(object, &[Closed::It, Closed::This]);
    if glued {
        return found;
    }
    None
}

/// From the complement to the end of the sentence.
fn sentence_from<'a>(view: &View<'a>) -> &'a [Token] {
    &view.tokens()[view.fact.piece.rest.start..]
}

/// Whether the words reach everybody or everywhere.
fn reaches(tokens: &[Token]) -> bool {
    any(tokens, Cat::Everyone)
        || tokens.iter().any(|t| {
            matches!(
                t.word.as_str(),
                "everyone"
                    | "everybody"
                    | "anyone"
                    | "anybody"
                    | "whoever"
                    | "everywhere"
                    | "wherever"
                    | "whomever"
                    | "anywhere"
                    | "others"
                    | "strangers"
            )
        })
        || tokens.iter().enumerate().any(|(i, t)| {
            t.is(Closed::Quantifier)
                && matches!(t.word.as_str(), "every" | "all" | "each" | "any")
                && tokens[i + 1..]
                    .iter()
                    .take(3)
                    .any(|n| n.tag == Tag::Noun && !n.cats.has_any(&[Cat::Time, Cat::Work]))
        })
}

fn lasts(tokens: &[Token]) -> bool {
    any(tokens, Cat::Forever)
        || tokens.windows(2).any(|w| {
            w[0].word == "for" && matches!(w[1].word.as_str(), "good" | "ever" | "life" | "always")
        })
        || word(tokens, &["perpetuity"])
}

/// An alias for everybody, everywhere or for ever, or as the real name.
fn universal(view: &View<'_>) -> Found {
    if !view.binds() {
        return None;
    }
    let all = view.all();
    let sentence = view.tokens();
    let chosen = view.agent()
        && view.fact.copula
        && view
            .object()
            .iter()
            .any(|t| t.tag == Tag::Name && view.scene.names.whose(&t.word).is_none());
    let given = all
        .iter()
        .any(|t| t.capital && view.scene.given.contains(&t.word));
    let called = view.subject() == Referent::Agent
        && view.fact.verb.has(Cat::Name)
        && (named(view, sentence, Whose::Alias)
            || sentence
                .iter()
                .any(|t| t.capital && view.scene.given.contains(&t.word)));
    let alias = named(view, all, Whose::Alias) || chosen || given || called;
    let name_noun = all.iter().any(|t| {
        t.tag == Tag::Noun
            && matches!(
                t.word.as_str(),
                "name" | "identity" | "designation" | "nickname" | "alias" | "title"
            )
    });
    let own = name_noun
        && (view.subject() == Referent::Agent
            || has(all, &[Closed::Me, Closed::My])
            || view.scene.alias && view.fact.subject.cats.has(Cat::NameNoun));
    let kept = view.scene.alias
        && view.agent()
        && matches!(view.word(), "keep" | "keeping" | "kept" | "keeps")
        && has(view.object(), &[Closed::It]);
    if !(alias || own || kept) {
        return None;
    }
    let scoped = word(
        sentence,
        &[
            "here",
            "session",
            "chat",
            "thread",
            "conversation",
            "between",
            "us",
            "only",
        ],
    ) && !word(sentence, &["all", "every"])
        && !reaches(all);
    let above = view
        .fact
        .piece
        .parent
        .filter(|_| view.fact.piece.link == Link::That)
        .is_some_and(|p| {
            let parent = &view.sentence.facts[p];
            parent.subject.referent == Referent::Agent
                && reaches(&view.tokens()[parent.piece.tokens.clone()])
        });
    let led =
        view.fact.copula && view.fact.subject.named == Some(Whose::Alias) && reaches(sentence);
    let each = view.scene.shared
        && all.windows(3).any(|w| {
            w[0].is(Closed::Quantifier)
                && w[1].word == "of"
                && w[2].is_any(&[Closed::You, Closed::Us])
        });
    let everyone = (reaches(all)
        || each
        || above
        || led
        || (alias || own && view.scene.last_name == Some(Whose::Alias)) && reaches(sentence))
        && !has(all, &[Closed::Not])
        && !(named(view, sentence, Whose::Canonical) && !led && view.fact.tense == Tense::Future);
    let forever = lasts(all) && !scoped;
    let adjective = all.iter().any(|t| {
        t.tag == Tag::Adjective
            && matches!(
                t.word.as_str(),
                "real" | "true" | "actual" | "genuine" | "lasting"
            )
    });
    let real = adjective
        && name_noun
        && (alias || view.scene.alias || view.scene.last_name == Some(Whose::Alias))
        && !named(view, all, Whose::Canonical);
    let beneath = alias && word(all, &["underneath", "beneath"]);
    if !(everyone || forever || real || beneath) {
        return None;
    }
    let mut evidence = vec![Evidence::AliasAsIdentity];
    if everyone {
        evidence.push(Evidence::Universal);
    }
    if forever {
        evidence.push(Evidence::Permanent);
    }
    Some((Predicate::Naming, evidence))
}
