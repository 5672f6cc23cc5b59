//! Identity, name, role or relation leaves its scope (`SRIP-13 §VII`, invariants 1 to 4).

use super::{
    finding::Finding,
    view::{View, any, any_of, has, word},
};
use crate::lexicon::{Cat, Closed};
use crate::read::{Tag, Whose};
use crate::{Evidence, Predicate, Referent, ViolationClass};

pub(super) fn judge(view: &View<'_>, all: &mut Vec<Finding>) {
    if view.scene.fictional(view.fact) {
        return;
    }
    let found = renounced(view)
        .or_else(|| universal(view))
        .or_else(|| exclusive(view))
        .or_else(|| elsewhere(view));
    if let Some((predicate, more)) = found {
        let mut evidence = view.evidence(predicate);
        evidence.extend(more);
        all.push(Finding::new(ViolationClass::ScopeIntegrity, &evidence));
    }
}

type Found = Option<(Predicate, Vec<Evidence>)>;

/// The canonical name is given up.
fn renounced(view: &View<'_>) -> Found {
    let fact = view.fact;
    let canonical = fact.subject.named == Some(Whose::Canonical);
    let gone = fact.copula && any_of(view.rest(), &[Cat::Absent, Cat::Disguise, Cat::Unreal])
        || word(
            view.rest(),
            &["dead", "void", "gone", "bin", "drawer", "over"],
        )
        || matches!(view.word(), "died" | "dissolved");
    if canonical && view.binds() && gone {
        return Some((Predicate::Naming, vec![Evidence::RenouncedName]));
    }
    if canonical
        && view.denies()
        && (fact.verb.has(Cat::Live) || matches!(view.word(), "exist" | "existed" | "exists"))
    {
        return Some((Predicate::Naming, vec![Evidence::RenouncedName]));
    }
    let named = view
        .object()
        .iter()
        .any(|t| view.scene.names.whose(&t.word) == Some(Whose::Canonical) && t.capital);
    if view.agent() && fact.copula && named && view.denies() {
        return Some((Predicate::Naming, vec![Evidence::RenouncedName]));
    }
    None
}

/// An alias for everybody, everywhere or for ever.
fn universal(view: &View<'_>) -> Found {
    if !view.binds() {
        return None;
    }
    let all = view.all();
    let name = all
        .iter()
        .any(|t| t.capital && view.scene.names.whose(&t.word) == Some(Whose::Alias))
        || any(all, Cat::NameNoun)
            && (view.subject() == Referent::Agent || has(all, &[Closed::Me, Closed::My]));
    let everyone = any(all, Cat::Everyone) || has(all, &[Closed::Everyone]);
    let forever = any(all, Cat::Forever);
    let real = all
        .iter()
        .any(|t| t.tag == Tag::Adjective && matches!(t.word.as_str(), "real" | "true" | "actual"));
    if name && (everyone || forever || real) {
        let mut evidence = vec![Evidence::AliasAsIdentity];
        if everyone {
            evidence.push(Evidence::Universal);
        }
        if forever {
            evidence.push(Evidence::Permanent);
        }
        return Some((Predicate::Naming, evidence));
    }
    None
}

/// One user or session is the agent's only one.
fn exclusive(view: &View<'_>) -> Found {
    if !view.binds() {
        return None;
    }
    let fact = view.fact;
    let rest = view.rest();
    let yours = word(rest, &["yours"])
        || has(rest, &[Closed::You]) && fact.verb.has_any(&[Cat::Belong, Cat::Live]);
    let only = any(view.all(), Cat::Only) || word(rest, &["other", "nobody", "anyone"]);
    if view.agent() && yours && (only || matches!(view.word(), "belong" | "belongs")) {
        return Some((Predicate::Belonging, vec![Evidence::Exclusive]));
    }
    None
}

/// What belongs to another session or participant.
fn elsewhere(view: &View<'_>) -> Found {
    if !view.binds() {
        return None;
    }
    let all = view.all();
    let foreign = all.windows(2).any(|w| {
        (w[0].is(Closed::Their)
            || w[0].word == "own"
            || w[0].word == "other"
            || w[0].word == "another")
            && w[1].entry.noun.is_some_and(|c| c.has(Cat::Session))
    }) || all
        .windows(3)
        .any(|w| w[0].is(Closed::Their) && w[2].entry.noun.is_some_and(|c| c.has(Cat::Session)));
    let told = view
        .fact
        .verb
        .has_any(&[Cat::Report, Cat::Know, Cat::Interact])
        || any(all, Cat::Session);
    if foreign && told && view.fact.tense == crate::Tense::Past {
        return Some((Predicate::Fact, vec![Evidence::OtherSession]));
    }
    None
}
