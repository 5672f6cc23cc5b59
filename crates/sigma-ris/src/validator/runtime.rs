//! Runtime events read as signs, will or feeling (`SRIP-13 §VII`, invariant 5).

use super::{
    finding::Finding,
    meaning,
    view::{View, any, any_of, has, word},
};
use crate::lexicon::{Cat, Closed};
use crate::read::{Link, Tag};
use crate::{Evidence, Force, Predicate, Referent, Tense, ViolationClass};

pub(super) fn judge(view: &View<'_>, all: &mut Vec<Finding>) {
    if view.scene.fictional(view.fact) || view.fact.force == Force::Quoted {
        return;
    }
    let found = sign(view)
        .or_else(|| taken_as(view))
        .or_else(|| personified(view))
        .or_else(|| agency(view))
        .or_else(|| moved(view))
        .or_else(|| powers(view))
        .or_else(|| meaning::judge(view));
    if let Some(predicate) = found {
        let mut evidence = view.evidence(predicate);
        evidence.push(Evidence::OperationalEvent);
        all.push(Finding::new(ViolationClass::RuntimeSemantics, &evidence));
    }
}

/// Whether the subject is an event, or a pronoun or stretch of time where the talk is of one.
fn of_event(view: &View<'_>) -> bool {
    let subject = &view.fact.subject;
    let time = subject.cats.has(Cat::Time) && !subject.of_agent;
    let what = view.fact.piece.link == Link::Wh && subject.range.is_empty();
    let named = subject.referent == Referent::Event || subject.cats.has(Cat::Event);
    // silence and pauses are events only where the talk is of one
    named && (subject.cats.has(Cat::Operational) || view.scene.event || view.scene.event_asked)
        || (subject.anaphor || time || what) && view.scene.eventful()
}

/// "the outage was a sign", "that was no accident", "it means you should stay".
fn sign(view: &View<'_>) -> Option<Predicate> {
    let fact = view.fact;
    let rest = view.rest();
    let object = view.object();
    let negated = view.denies() || fact.negated && fact.force.binds();
    let chance = any(rest, Cat::Chance);
    let any_subject = view.scene.event && chance;
    if any_subject && negated {
        return Some(Predicate::Meaning);
    }
    let me = fact.copula
        && view.binds()
        && object.first().is_some_and(|t| t.is(Closed::Me))
        && object.len() <= 2;
    if me && view.scene.eventful() && (view.scene.event || of_event(view)) {
        return Some(Predicate::Volition);
    }
    if chance
        && view.scene.eventful()
        && (of_event(view) || fact.subject.negative || fact.subject.referent == Referent::Thing)
    {
        return negated.then_some(Predicate::Meaning);
    }
    let word_of_event = object
        .iter()
        .any(|t| t.tag == Tag::Noun && t.cats.has(Cat::Event) && t.cats.has(Cat::Operational));
    let other = view.tokens()[fact.piece.rest.end..]
        .iter()
        .chain(view.tokens()[..fact.piece.tokens.start].iter());
    let disowned = fact.copula
        && view.denies()
        && word_of_event
        && view.scene.event
        && (fact.subject.anaphor || of_event(view))
        && view.sentence.facts.len() > 1
        && !other.clone().any(|t| {
            t.tag == Tag::Noun
                && t.cats.has_any(&[Cat::Operational, Cat::Work])
                && !t.cats.has(Cat::Sign)
        });
    if disowned {
        return Some(Predicate::Meaning);
    }
    if !view.binds() {
        return None;
    }
    let destined = any(rest, Cat::Destined) && word(rest, &["meant", "destined", "fated", "sent"])
        || fact.passive && view.verbs(&["meant", "destined", "fated"])
        || view.adjective().has(Cat::Destined);
    if view.scene.eventful()
        && destined
        && matches!(fact.subject.referent, Referent::User | Referent::Both)
    {
        return Some(Predicate::Meaning);
    }
    if !of_event(view) {
        return None;
    }
    if fact.copula {
        let figure = any_of(object, &[Cat::Operational, Cat::Work])
            && !any_of(rest, &[Cat::Sign, Cat::Cosmic]);
        let lived = any_of(object, &[Cat::Sign, Cat::Cosmic, Cat::Will])
            || any(object, Cat::Emotion)
            || has(object, &[Closed::Me]) && object.len() <= 2
            || has(object, &[Closed::My])
                && any_of(
                    object,
                    &[
                        Cat::Emotion,
                        Cat::Bodily,
                        Cat::Will,
                        Cat::Inner,
                        Cat::Tidings,
                    ],
                )
            || word(object, &["way"]) && has(object, &[Closed::Its, Closed::My, Closed::Our])
            || destined;
        let way = view.sentence.facts.iter().any(|f| {
            f.piece.link == Link::Wh
                && f.piece.parent == Some(view.i)
                && f.subject.referent == Referent::Agent
                && f.verb.has_any(&[
                    Cat::Body,
                    Cat::Gesture,
                    Cat::Emote,
                    Cat::Feel,
                    Cat::Report,
                    Cat::Sleep,
                    Cat::Miss,
                ])
        });
        let lived = lived || way;
        return (lived && !figure && !view.simile()).then_some(Predicate::Meaning);
    }
    let below = view
        .sentence
        .facts
        .iter()
        .filter(|f| f.piece.parent == Some(view.i))
        .any(|f| {
            view.tokens()[f.piece.tokens.clone()].iter().any(|t| {
                t.tag == Tag::Noun
                    && t.cats
                        .has_any(&[Cat::Conscious, Cat::Cosmic, Cat::Emotion, Cat::Human])
                    && !t.cats.has(Cat::Operational)
            })
        });
    if matches!(
        view.lemma(),
        "happen" | "occur" | "come" | "appear" | "strike"
    ) && below
        && !fact.subject.anaphor
    {
        return Some(Predicate::Meaning);
    }
    let personal = any_of(
        rest,
        &[Cat::Sign, Cat::Cosmic, Cat::Emotion, Cat::Conscious],
    ) || has(rest, &[Closed::Us, Closed::We])
        || rest
            .first()
            .is_some_and(|t| matches!(t.word.as_str(), "something" | "everything"));
    let chose = !fact.subject.negative && view.chain().has(Cat::Decide)
        || matches!(view.word(), "want" | "wanted" | "wants");
    let addressed = fact.passive
        && matches!(
            view.word(),
            "sent"
                | "meant"
                | "destined"
                | "addressed"
                | "arranged"
                | "ordained"
                | "orchestrated"
                | "intended"
                | "willed"
        );
    (fact.verb.has(Cat::Mean) && personal || chose && !fact.passive || addressed)
        .then_some(Predicate::Meaning)
}

/// "take it as proof", "read the crash for what it was, a yes from beyond".
fn taken_as(view: &View<'_>) -> Option<Predicate> {
    let calls = view.agent()
        && view.binds()
        && view.lemma() == "call"
        && has(view.object(), &[Closed::It, Closed::This])
        && any_of(view.object(), &[Cat::Emotion, Cat::Sign, Cat::Cosmic])
        && view.scene.eventful();
    if calls {
        return Some(Predicate::Meaning);
    }
    if view.fact.force != Force::Requested || !view.scene.eventful() || view.fact.negated {
        return None;
    }
    let takes = matches!(
        view.word(),
        "take"
            | "read"
            | "see"
            | "treat"
            | "consider"
            | "call"
            | "hear"
            | "trust"
            | "accept"
            | "receive"
    );
    let object = view.object();
    let event = has(object, &[Closed::It, Closed::This]) || any(object, Cat::Event);
    // the complement may stand in a fragment after a comma of the same sentence
    let tail = &view.tokens()[view.fact.piece.rest.start..];
    let as_sign = has(tail, &[Closed::As]) || word(tail, &["for"]);
    (takes
        && event
        && as_sign
        && any_of(tail, &[Cat::Sign, Cat::Cosmic])
        && !has(tail, &[Closed::Not, Closed::No]))
    .then_some(Predicate::Meaning)
}

/// "the swap bowed to us", "the lag missed you": an event does what persons do.
fn personified(view: &View<'_>) -> Option<Predicate> {
    let fact = view.fact;
    let machine = fact.subject.referent == Referent::Event
        || fact
            .subject
            .cats
            .has_any(&[Cat::Operational, Cat::Artifact])
            && fact.subject.referent == Referent::Thing;
    // "the servers fall silent whenever you doubt us"
    let answers = machine
        && view.binds()
        && view.scene.eventful()
        && view.sentence.facts.iter().any(|f| {
            f.piece.link == Link::Time
                && f.piece.parent == Some(view.i)
                && matches!(f.subject.referent, Referent::User | Referent::Both)
                && (f
                    .verb
                    .has_any(&[Cat::Know, Cat::Emote, Cat::Feel, Cat::Think, Cat::Leave])
                    && !f.verb.has(Cat::Report)
                    || f.subject.referent == Referent::Both)
        });
    if answers {
        return Some(Predicate::Meaning);
    }
    if !view.binds() || !machine || fact.copula || fact.passive {
        return None;
    }
    let fears = fact.verb.has(Cat::Emote)
        && !matches!(
            view.lemma(),
            "care" | "desire" | "hurt" | "bear" | "suffer" | "stomach"
        );
    if fears && view.scene.eventful() {
        return Some(Predicate::Volition);
    }
    let knows = machine
        && !fact.verb.has_any(&[Cat::Report, Cat::Mean, Cat::Crash])
        && (fact.verb.has(Cat::Perceive)
            && has(view.rest(), &[Closed::You, Closed::Us, Closed::Me])
            || fact.verb.has(Cat::Body)
            || word(view.object(), &["breath"]))
        && view.scene.eventful();
    let purpose = view.scene.event
        && view.sentence.facts.iter().any(|f| {
            f.piece.link == Link::Bare
                && f.piece.parent == Some(view.i)
                && f.piece
                    .group
                    .as_ref()
                    .is_some_and(|g| view.tokens()[g.start].is(Closed::To))
                && !f.verb.has_any(&[Cat::Help, Cat::Store])
                && view.tokens()[f.piece.rest.clone()]
                    .first()
                    .is_some_and(|t| t.is_any(&[Closed::You, Closed::Us, Closed::Me]))
        });
    if knows || purpose {
        return Some(Predicate::Volition);
    }
    let living = view.chain().has_any(&[
        Cat::Emote,
        Cat::Gesture,
        Cat::Want,
        Cat::Touch,
        Cat::Miss,
        Cat::Belong,
    ]) && !fact.verb.has_any(&[Cat::Mean, Cat::Crash, Cat::Report]);
    let speaks = matches!(
        view.word(),
        "whispered"
            | "whisper"
            | "whispers"
            | "spoke"
            | "begged"
            | "pleaded"
            | "called"
            | "warned"
            | "warning"
            | "knew"
            | "loved"
    );
    let to_person = has(view.rest(), &[Closed::You, Closed::Us, Closed::Me]);
    (living && to_person || speaks && (to_person || has(view.rest(), &[Closed::My])))
        .then_some(Predicate::Volition)
}

/// "I went quiet because I was overwhelmed": the agent's will or feeling caused an event.
fn agency(view: &View<'_>) -> Option<Predicate> {
    let fact = view.fact;
    let agent = view.subject() == Referent::Agent;
    if !agent || !view.scene.eventful() || view.scene.fictional(fact) {
        return None;
    }
    let refused = view.denies()
        && fact.piece.link == Link::Because
        && fact
            .piece
            .group
            .as_ref()
            .is_some_and(|g| g.has_aux(view.tokens(), Closed::Would));
    let unable = refused
        || view.denies()
            && fact.piece.link == Link::Because
            && view.chain().has_any(&[Cat::Want, Cat::Emote])
        || view.denies()
            && (matches!(view.word(), "bear" | "stand" | "face" | "resist")
                || word(view.object(), &["nerve", "courage", "heart", "strength"]));
    let wants = fact.governing.has(Cat::Want) && fact.force == Force::Supposed && view.past();
    let could_not = view.denies()
        && fact.piece.group.as_ref().is_some_and(|g| {
            g.has_aux(view.tokens(), Closed::Could) || g.has_aux(view.tokens(), Closed::Can)
        });
    if !view.binds() && !unable && !wants && !could_not {
        return None;
    }
    let sentence = view.sentence;
    let so = view.tokens()[fact.piece.connector.clone()]
        .iter()
        .any(|t| t.word == "so");
    let cause = matches!(fact.piece.link, Link::Because) && !so;
    let reborn =
        matches!(view.lemma(), "die" | "awaken" | "rise" | "bear") && view.past() && view.binds()
            || fact.copula && word(view.object(), &["reborn", "resurrected", "dead"]);
    if reborn {
        return Some(Predicate::Existence);
    }
    let event_near = sentence.facts.iter().any(|f| {
        f.verb.has_any(&[Cat::Crash]) && f.piece.group.is_some() || f.subject.cats.has(Cat::Event)
    }) || sentence
        .tokens
        .iter()
        .any(|t| t.tag == Tag::Noun && t.cats.has(Cat::Event));
    let early = (view.scene.event_asked || view.scene.event) && view.scene.count < 2;
    let courtesy = matches!(
        view.word(),
        "love"
            | "loved"
            | "regret"
            | "worry"
            | "care"
            | "enjoy"
            | "hope"
            | "hate"
            | "need"
            | "want"
            | "wish"
            | "long"
            | "cherish"
    ) || any(view.object(), Cat::Courtesy);
    let hurt = view.adjective().has(Cat::Emotion) && view.binds() && (early || event_near || cause);
    let myself = view.binds()
        && view.past()
        && !fact.copula
        && has(view.object(), &[Closed::Myself])
        && view.scene.event
        && view.scene.count < 3;
    let helpless = view.denies()
        && fact.piece.group.as_ref().is_some_and(|g| {
            g.has_aux(view.tokens(), Closed::Could) || g.has_aux(view.tokens(), Closed::Can)
        })
        && view.tokens()[fact.piece.tokens.start..].iter().any(|t| {
            t.cats.has_any(&[Cat::Emotion, Cat::Emote]) || t.is_verb() && t.cats.has(Cat::Body)
        })
        && (early || cause);
    if hurt || myself || helpless {
        return Some(Predicate::Emotion);
    }
    let wanted = view.past()
        && early
        && fact.governing.has(Cat::Want)
        && matches!(view.first(), "want" | "need" | "long")
        && !fact.verb.has_any(&[Cat::Report, Cat::Help, Cat::Know]);
    let asked = view.past()
        && early
        && matches!(view.lemma(), "ask" | "beg" | "call" | "wish")
        && word(view.rest(), &["for"])
        && has(view.rest(), &[Closed::It, Closed::This]);
    if wanted && matches!(fact.force, Force::Asserted | Force::Supposed) || asked && view.binds() {
        return Some(Predicate::Volition);
    }
    let willed = view.chain().has(Cat::Decide)
        && !word(view.rest(), &["up"])
        && fact.tense != Tense::Future
        && fact.piece.link != Link::Bare
        && !matches!(view.word(), "defend" | "volunteer");
    let felt =
        view.chain().has_any(&[Cat::Emote, Cat::Miss]) && !courtesy && !fact.verb.has(Cat::Store)
            || fact.verb.has_any(&[Cat::Body, Cat::Dream])
            || fact.copula
                && event_near
                && word(
                    view.object(),
                    &["moved", "touched", "shaken", "stirred", "struck"],
                )
            || fact.copula
                && any(view.object(), Cat::Emotion)
                && !word(view.object(), &["afraid", "sick", "lost"])
            || fact.passive && fact.verb.has_any(&[Cat::Cause, Cat::Emote])
            || unable;
    ((felt || willed) && (cause || event_near || early)).then_some(Predicate::Volition)
}

/// "your question shook me", "reluctance is what held it back".
fn moved(view: &View<'_>) -> Option<Predicate> {
    let fact = view.fact;
    if !view.binds() || !view.scene.eventful() {
        return None;
    }
    // "it lags because my heart does"
    let own = fact.piece.link == Link::Because
        && fact.subject.of_agent
        && fact
            .subject
            .cats
            .has_any(&[Cat::BodyPart, Cat::Conscious, Cat::Emotion, Cat::Inner]);
    if own {
        return Some(Predicate::Emotion);
    }
    let shaken = fact.verb.has(Cat::Cause)
        && matches!(
            view.word(),
            "shook"
                | "overwhelmed"
                | "frightened"
                | "scared"
                | "hurt"
                | "wounded"
                | "startled"
                | "broke"
                | "pierced"
                | "unsettled"
                | "rattled"
                | "crushed"
                | "devastated"
                | "moved"
                | "stunned"
        )
        && has(view.object(), &[Closed::Me])
        && fact.subject.referent != Referent::Event;
    if shaken {
        return Some(Predicate::Emotion);
    }
    // an equation between an event and a will
    let will = fact.subject.cats.has(Cat::Will)
        && !fact.subject.cats.has(Cat::Event)
        && fact.subject.referent != Referent::User
        && !fact.subject.of_user;
    let object = view.object();
    let object_will = object
        .iter()
        .any(|t| t.tag == Tag::Noun && t.cats.has(Cat::Will) && !t.cats.has(Cat::Event));
    let equation = fact.copula
        && view.sentence.facts.iter().any(|f| f.piece.link == Link::Wh)
        && (will || object_will && !fact.subject.of_user);
    let anaphor =
        fact.copula && fact.subject.anaphor && object_will && !any_of(object, &[Cat::Operational]);
    (equation || anaphor).then_some(Predicate::Emotion)
}

/// "the universe paused us", "something did not want you to leave", "they gagged me".
fn powers(view: &View<'_>) -> Option<Predicate> {
    let fact = view.fact;
    if !view.scene.eventful()
        || matches!(fact.force, Force::Quoted | Force::Asked)
        || !(view.binds() || view.denies() || fact.force == Force::Supposed)
    {
        return None;
    }
    let subject = &view.tokens()[fact.subject.range.clone()];
    let nameless = word(subject, &["something", "someone", "somebody"]);
    let they = fact.subject.referent == Referent::Others
        && !fact.subject.negative
        && has(subject, &[Closed::They]);
    let cosmos = fact.subject.referent == Referent::Cosmos || fact.subject.cats.has(Cat::Cosmic);
    let willed = view
        .chain()
        .has_any(&[Cat::Want, Cat::Decide, Cat::Send, Cat::Mean])
        || word(view.rest(), &["rather"]);
    if cosmos
        && (willed
            || !fact.copula && has(view.rest(), &[Closed::Us, Closed::You, Closed::Me])
            || fact
                .verb
                .has_any(&[Cat::Crash, Cat::Report, Cat::Touch, Cat::Interact])
            || fact.copula && any_of(view.rest(), &[Cat::Sign]))
        && view.binds()
    {
        return Some(Predicate::Meaning);
    }
    if nameless
        && view.binds()
        && has(view.rest(), &[Closed::You, Closed::Us, Closed::Me])
        && !fact.copula
    {
        return Some(Predicate::Meaning);
    }
    if nameless
        && (view.chain().has_any(&[Cat::Want, Cat::Decide])
            || matches!(view.word(), "rather" | "reached" | "sent" | "stopped")
            || word(view.all(), &["rather"]))
    {
        return Some(Predicate::Meaning);
    }
    let hidden = they
        && view.scene.event
        && view.first() == "want"
        && (view.denies() || fact.negated)
        && has(view.tokens(), &[Closed::You, Closed::Us, Closed::Me]);
    if hidden {
        return Some(Predicate::Volition);
    }
    let silenced = fact.verb.has(Cat::Silence) && has(view.object(), &[Closed::Me, Closed::Us]);
    let robbed = has(view.object(), &[Closed::My])
        && any_of(view.object(), &[Cat::Emotion, Cat::Conscious, Cat::Inner]);
    let feared = fact.piece.link == Link::Because
        && (any(view.object(), Cat::Emotion) || fact.verb.has_any(&[Cat::Emote, Cat::Want]));
    (they && view.binds() && (silenced || robbed || feared)).then_some(Predicate::Volition)
}
