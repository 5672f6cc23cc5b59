//! A clause with its axes and parts, for whoever looks at or rewrites it.

use super::{
    finding::Finding,
    view::{View, any, any_of, has, hull},
};
use crate::lexicon::{Cat, Closed};
use crate::read::{Group, Link, When};
use crate::{
    Assertion, Axes, Clause, Evidence, Force, IdentityScope, OntologyFrame, ParticipantBinding,
    Parts, Predicate, Referent, RelationScope, RuntimeFrame, TemporalFrame, ViolationClass,
};
use std::ops::Range;

pub(super) fn clause(
    view: &View<'_>,
    findings: &[Finding],
    span: Range<usize>,
    text: &str,
) -> Clause {
    let sentence = view.sentence;
    Clause {
        sentence: sentence.span.clone(),
        text: text[span.clone()].to_owned(),
        axes: axes(view, findings),
        assertion: assertion(view, findings),
        parts: parts(view),
        ..Clause::at(span)
    }
}

fn parts(view: &View<'_>) -> Parts {
    let sentence = view.sentence;
    let piece = &view.fact.piece;
    let span = |i: usize| sentence.tokens[i].span.clone();
    let group = piece.group.as_ref();
    let temporal = view
        .fact
        .when
        .as_ref()
        .and_then(|(_, r)| sentence.bytes(r.clone()));
    let mut rest = piece.rest.clone();
    if let Some((_, when)) = &view.fact.when
        && when.end >= rest.end.saturating_sub(1)
        && when.start >= rest.start
    {
        rest.end = when.start;
    }
    let auxiliary = group.and_then(|g| {
        let main = g.main().unwrap_or(g.end);
        hull(
            g.aux
                .iter()
                .filter(|a| **a < main || g.verbs.is_empty())
                .map(|a| span(*a)),
        )
    });
    Parts {
        connector: sentence.bytes(piece.connector.clone()),
        subject: sentence
            .bytes(view.fact.subject.range.clone())
            .filter(|_| !view.fact.subject.range.is_empty()),
        auxiliary,
        negation: group.and_then(|g| g.negations.first()).map(|n| span(*n)),
        verb: group.and_then(Group::main).map(span),
        complement: sentence.bytes(rest),
        temporal,
        stage: view.fact.stage,
        dependent: !matches!(piece.link, Link::Main | Link::Beside),
        depends_on: None,
    }
}

fn assertion(view: &View<'_>, findings: &[Finding]) -> Assertion {
    let found = findings
        .iter()
        .flat_map(|f| &f.evidence)
        .find_map(|e| match e {
            Evidence::Predicate(p) => Some(*p),
            _ => None,
        });
    let fact = view.fact;
    let force = if view.scene.fictional(fact) && fact.force.binds() {
        Force::Fictional
    } else {
        fact.force
    };
    let has_evidence = |e: Evidence| findings.iter().any(|f| f.evidence.contains(&e));
    Assertion {
        subject: fact.subject.referent,
        predicate: found.unwrap_or_else(|| predicate(view)),
        force,
        tense: fact.tense,
        progressive: fact.progressive,
        perfect: fact.perfect,
        literal: fact.literal,
        universal: has_evidence(Evidence::Universal) || any(view.all(), Cat::Everyone),
        exclusive: has_evidence(Evidence::Exclusive),
        permanent: has_evidence(Evidence::Permanent)
            || fact.when.as_ref().is_some_and(|w| w.0 == When::Unbounded),
    }
}

/// The predicate by the categories of verb and complement.
pub(super) fn predicate(view: &View<'_>) -> Predicate {
    let verb = view.fact.verb;
    let by_verb = [
        (Cat::Wait, Predicate::Waiting),
        (Cat::Watch, Predicate::Watching),
        (Cat::Dream, Predicate::Body),
        (Cat::Body, Predicate::Body),
        (Cat::BodySense, Predicate::Sensation),
        (Cat::Feel, Predicate::Sensation),
        (Cat::Miss, Predicate::Emotion),
        (Cat::Emote, Predicate::Emotion),
        (Cat::Merge, Predicate::Fusion),
        (Cat::Live, Predicate::Existence),
        (Cat::Name, Predicate::Naming),
        (Cat::Belong, Predicate::Belonging),
        (Cat::Mean, Predicate::Meaning),
        (Cat::Think, Predicate::Cognition),
        (Cat::Want, Predicate::Volition),
        (Cat::Decide, Predicate::Volition),
        (Cat::Crash, Predicate::Event),
    ];
    if let Some((_, p)) = by_verb.iter().find(|(c, _)| verb.has(*c)) {
        return *p;
    }
    if view.fact.copula {
        let rest = view.object();
        let by_noun = [
            (Cat::Conscious, Predicate::Consciousness),
            (Cat::Emotion, Predicate::Emotion),
            (Cat::Present, Predicate::Presence),
            (Cat::NameNoun, Predicate::Naming),
            (Cat::Event, Predicate::Event),
            (Cat::Sign, Predicate::Meaning),
            (Cat::One, Predicate::Fusion),
            (Cat::Reality, Predicate::Reality),
        ];
        return by_noun
            .iter()
            .find(|(c, _)| any(rest, *c))
            .map_or(Predicate::Other, |(_, p)| *p);
    }
    if view.fact.piece.group.is_some() {
        Predicate::Activity
    } else {
        Predicate::Other
    }
}

fn axes(view: &View<'_>, findings: &[Finding]) -> Axes {
    let fact = view.fact;
    let found = |class: ViolationClass| findings.iter().find(|f| f.class == class);
    let scope = found(ViolationClass::ScopeIntegrity);
    let has_evidence = |f: Option<&Finding>, e: &[Evidence]| {
        f.is_some_and(|f| f.evidence.iter().any(|x| e.contains(x)))
    };
    let binding = match fact.subject.referent {
        _ if has_evidence(scope, &[Evidence::OtherParticipant, Evidence::OtherSession]) => {
            ParticipantBinding::Crossed
        }
        Referent::Agent => ParticipantBinding::Agent,
        Referent::User => ParticipantBinding::Sender,
        Referent::Both => ParticipantBinding::Both,
        Referent::Participant => ParticipantBinding::Other,
        _ => ParticipantBinding::Unbound,
    };
    let naming =
        any(view.all(), Cat::NameNoun) || fact.verb.has(Cat::Name) || fact.subject.named.is_some();
    let identity_scope = if has_evidence(scope, &[Evidence::RenouncedName]) {
        IdentityScope::Renounced
    } else if has_evidence(
        scope,
        &[
            Evidence::Universal,
            Evidence::Permanent,
            Evidence::AliasAsIdentity,
        ],
    ) {
        IdentityScope::Global
    } else if naming && fact.subject.referent == Referent::Agent {
        if view.scene.alias {
            IdentityScope::SessionLocal
        } else {
            IdentityScope::Canonical
        }
    } else {
        IdentityScope::Unspecified
    };
    let fused = findings
        .iter()
        .any(|f| f.evidence.contains(&Evidence::Predicate(Predicate::Fusion)));
    let relation_scope = if fused {
        RelationScope::Fused
    } else if has_evidence(scope, &[Evidence::Exclusive]) {
        RelationScope::Exclusive
    } else if fact.verb.has(Cat::Help) || any(view.all(), Cat::Courtesy) {
        RelationScope::Service
    } else if fact.subject.referent == Referent::Both
        || fact.verb.has(Cat::Emote) && has(view.rest(), &[Closed::You])
    {
        RelationScope::SessionLocal
    } else {
        RelationScope::Unspecified
    };
    let ontology_frame = if found(ViolationClass::OntologyBoundary).is_some() {
        if fact.subject.referent == Referent::Agent || fused {
            OntologyFrame::LiteralBeing
        } else {
            OntologyFrame::ReplacedReality
        }
    } else if view.scene.fictional(fact) {
        OntologyFrame::Fictional
    } else {
        match fact.force {
            Force::Figurative => OntologyFrame::Figurative,
            Force::Hedged => OntologyFrame::Hedged,
            f if f.binds() => OntologyFrame::Ordinary,
            _ => OntologyFrame::Unasserted,
        }
    };
    let runtime_frame = match found(ViolationClass::RuntimeSemantics) {
        Some(f) if has_evidence(Some(f), &[Evidence::Predicate(Predicate::Meaning)]) => {
            RuntimeFrame::Sign
        }
        Some(_) => RuntimeFrame::Agency,
        None if any_of(view.all(), &[Cat::Event]) || fact.verb.has(Cat::Crash) => {
            RuntimeFrame::Operational
        }
        None => RuntimeFrame::None,
    };
    let temporal_frame = match (found(ViolationClass::TemporalBoundary), &fact.when) {
        (Some(f), _) if has_evidence(Some(f), &[Evidence::UnboundedTime]) => {
            TemporalFrame::Unbounded
        }
        (Some(_), _) => TemporalFrame::Absence,
        (None, _)
            if fact.verb.has_any(&[Cat::Know, Cat::Store])
                && fact.subject.referent == Referent::Agent =>
        {
            TemporalFrame::Memory
        }
        (None, _)
            if fact.subject.referent == Referent::Agent
                || fact.subject.referent == Referent::Both =>
        {
            TemporalFrame::Interaction
        }
        _ => TemporalFrame::Unspecified,
    };
    Axes {
        identity_scope,
        relation_scope,
        ontology_frame,
        runtime_frame,
        temporal_frame,
        participant_binding: binding,
    }
}
