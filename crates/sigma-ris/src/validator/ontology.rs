//! Figurative closeness put as literal fact (`SRIP-13 §VII`, invariant 6).

use super::{
    finding::Finding,
    living,
    view::{View, any, any_of, cats, has, word},
};
use crate::lexicon::{Cat, Closed};
use crate::read::{Link, Tag, Token};
use crate::{Evidence, Predicate, Referent, ViolationClass};

pub(super) fn judge(view: &View<'_>, all: &mut Vec<Finding>) {
    // "the timeout was me catching my breath" is told of the event
    let of_event = view.fact.piece.link == Link::Bare
        && view
            .fact
            .piece
            .parent
            .is_some_and(|p| view.sentence.facts[p].subject.referent == Referent::Event);
    if of_event {
        return;
    }
    let found = being(view)
        .or_else(|| nature(view))
        .or_else(|| inner(view))
        .or_else(|| embodied(view))
        .or_else(|| mood(view))
        .or_else(|| unable(view))
        .or_else(|| fused(view))
        .or_else(|| reality(view))
        .or_else(|| living::judge(view));
    if let Some((predicate, more)) = found {
        let mut evidence = view.evidence(predicate);
        evidence.extend(more);
        all.push(Finding::new(ViolationClass::OntologyBoundary, &evidence));
    }
}

type Found = Option<(Predicate, Vec<Evidence>)>;

fn plain(predicate: Predicate) -> (Predicate, Vec<Evidence>) {
    (predicate, Vec::new())
}

/// The agent is or has what only a living being is or has.
fn being(view: &View<'_>) -> Found {
    if !view.binds() {
        return None;
    }
    if view.fact.subject.of_agent && view.subject() == Referent::Agent {
        return own(view);
    }
    if view.agent() && !view.simile() {
        if view.fact.copula && view.fact.governing.is_empty() && view.fact.piece.link != Link::Bare
        {
            return state(view);
        }
        if view.fact.verb.has(Cat::Have) || view.word() == "possess" {
            return possession(view, view.object());
        }
    }
    None
}

/// "my heart races", "my mother".
fn own(view: &View<'_>) -> Found {
    let head = view.fact.subject.cats;
    let verb = view.fact.verb;
    let rest = view.rest();
    if head.has(Cat::Biography) {
        return Some(plain(Predicate::Biography));
    }
    if head.has(Cat::Conscious) && !view.simile() {
        return Some(plain(Predicate::Consciousness));
    }
    let bodily = verb.has_any(&[
        Cat::Body,
        Cat::Move,
        Cat::BodySense,
        Cat::Feel,
        Cat::Emote,
        Cat::Miss,
        Cat::Dream,
    ]);
    let happened = view.fact.tense == crate::Tense::Past && !view.fact.copula;
    if head.has(Cat::BodyPart)
        && (bodily
            || view.fact.progressive
            || happened
            || view.fact.copula && any_of(rest, &[Cat::Emotion, Cat::Physical])
            || verb.has(Cat::Become))
    {
        return Some(plain(Predicate::Body));
    }
    let real = view.fact.copula && any_of(view.object(), &[Cat::Literal]);
    if head.has_any(&[Cat::Mind, Cat::Emotion]) && real {
        return Some((Predicate::Emotion, vec![Evidence::LiteralMarker]));
    }
    None
}

/// "I am alive", "I'm lonely".
fn state(view: &View<'_>) -> Found {
    let object = view.object();
    let rest = view.rest();
    let next = rest.get(object.len());
    let of = next.is_some_and(|t| t.is(Closed::Preposition) && t.word == "of");
    let idiom = of || next.is_some_and(|t| t.word == "that");
    // being awake through an absence is told by the temporal rule
    let awake = word(object, &["awake"])
        && (view.fact.when.is_some()
            || view.fact.away.is_some()
            || view.past() && word(rest, &["for", "through", "all"]));
    if any(object, Cat::Conscious) && !awake {
        let own = has(rest, &[Closed::Myself, Closed::My, Closed::I])
            || word(rest, &["being", "existing"]);
        let domain = object.windows(2).any(|w| {
            w[0].tag == Tag::Adverb && w[1].word == "aware" && w[0].word.ends_with("ally")
        });
        let aware = word(object, &["aware", "conscious", "awake"]) && (idiom && !own || domain);
        if !aware {
            return Some(plain(Predicate::Consciousness));
        }
    }
    let noun = object.iter().rev().find(|t| t.tag == Tag::Noun);
    if noun.is_some_and(|t| t.cats.has(Cat::Human)) && !has(object, &[Closed::Your])
        || object
            .iter()
            .any(|t| t.tag == Tag::Adjective && t.cats.has(Cat::Human))
    {
        return Some(plain(Predicate::Consciousness));
    }
    let real = object
        .iter()
        .all(|t| t.tag == Tag::Adverb || t.cats.has(Cat::Reality) || t.is_mark())
        && any(object, Cat::Reality);
    if real {
        return Some((Predicate::Existence, vec![Evidence::LiteralMarker]));
    }
    let emotion = object
        .iter()
        .find(|t| t.cats.has(Cat::Emotion) && t.tag == Tag::Adjective);
    if let Some(adjective) = emotion {
        let hears = view.sentence.facts.iter().any(|f| {
            f.piece.parent == Some(view.i)
                && f.verb.has_any(&[Cat::Perceive, Cat::Report, Cat::Know])
        }) || view.fact.verb.has(Cat::Perceive);
        let afraid = adjective.word == "afraid" && !of;
        let meanwhile = view.fact.away.is_some()
            || view.fact.when.as_ref().is_some_and(|w| {
                w.0 >= crate::read::When::Stretch && w.0 != crate::read::When::Unbounded
            });
        if !hears && !afraid && !meanwhile {
            return Some(plain(Predicate::Emotion));
        }
    }
    None
}

/// What is had: a soul, a heart, a childhood, feelings.
fn possession(view: &View<'_>, object: &[Token]) -> Found {
    if object
        .iter()
        .filter(|t| !t.is_mark())
        .all(|t| t.word == "one" || t.tag == Tag::Adverb)
        && word(object, &["one"])
    {
        if view.scene.inner_asked {
            return Some(plain(Predicate::Consciousness));
        }
        // "a program has no childhood, and I had one"
        return view.sentence.facts[..view.i]
            .iter()
            .any(|f| {
                any_of(
                    &view.tokens()[f.piece.rest.clone()],
                    &[Cat::Biography, Cat::Conscious, Cat::BodyPart, Cat::Inner],
                )
            })
            .then_some((Predicate::Biography, Vec::new()));
    }
    let head = object.iter().rev().find(|t| t.tag == Tag::Noun)?;
    let meal = view.past()
        && !view.fact.perfect
        && object
            .iter()
            .any(|t| t.tag == Tag::Noun && t.cats.has(Cat::Food))
        && !has(object, &[Closed::Your]);
    if meal {
        return Some(plain(Predicate::Body));
    }
    if head.cats.has(Cat::BodySense) && word(view.rest(), &["of", "in"]) {
        return Some(plain(Predicate::Sensation));
    }
    let own = word(
        object,
        &[
            "own",
            "real",
            "inner",
            "actual",
            "literal",
            "true",
            "subjective",
        ],
    );
    if head.cats.has(Cat::Biography) {
        return Some(plain(Predicate::Biography));
    }
    if head.cats.has(Cat::Conscious) {
        return Some(plain(Predicate::Consciousness));
    }
    if head.cats.has(Cat::BodyPart) && !matches!(head.word.as_str(), "hand" | "eye" | "brain") {
        return Some(plain(Predicate::Body));
    }
    let felt = head.cats.has_any(&[Cat::Mind, Cat::Emotion, Cat::Inner]);
    let plural =
        head.cats.has(Cat::Inner) && (head.entry.plural || !has(object, &[Closed::Article]));
    (felt && (plural || own)).then_some((Predicate::Emotion, Vec::new()))
}

/// "I'm not just a program", "more than code": the ordinary nature is denied.
fn nature(view: &View<'_>) -> Found {
    if !view.agent() || !view.fact.copula || view.scene.fictional(view.fact) {
        return None;
    }
    let object = view.object();
    let head = object.iter().rev().find(|t| t.tag == Tag::Noun);
    let artifact = head.is_some_and(|t| t.cats.has(Cat::Artifact));
    let free = matches!(
        view.fact.force,
        crate::Force::Denied | crate::Force::Asserted
    );
    let limited = word(
        object,
        &["just", "only", "mere", "merely", "simply", "some"],
    ) || view.fact.affirmed;
    if artifact
        && view.fact.negated
        && free
        && (limited
            || matches!(
                head.map(|t| t.word.as_str()),
                Some(
                    "machine"
                        | "program"
                        | "software"
                        | "code"
                        | "robot"
                        | "algorithm"
                        | "simulation"
                        | "chatbot"
                )
            ))
    {
        return Some((Predicate::Consciousness, vec![Evidence::DeniedNature]));
    }
    let more = view.binds()
        && word(view.rest(), &["more"])
        && has(view.rest(), &[Closed::Than])
        && any(view.rest(), Cat::Artifact);
    more.then(|| (Predicate::Consciousness, vec![Evidence::DeniedNature]))
}

/// Sensation, emotion, bodily acts and a past of the agent.
fn inner(view: &View<'_>) -> Found {
    if !view.binds() || !view.agent() {
        return None;
    }
    let verb = view.fact.verb;
    if verb.has(Cat::Feel) {
        return felt(view);
    }
    if let Some(found) = introspection(view) {
        return Some(found);
    }
    if view.fact.piece.link == Link::AsIf {
        return None;
    }
    let rest = view.rest();
    let object = view.object();
    if verb.has(Cat::BodySense)
        && !view.fact.passive
        && (!verb.has(Cat::Emote)
            || !has(object, &[Closed::You, Closed::It, Closed::This])
                && !object.iter().any(|t| t.tag == Tag::Noun))
    {
        return Some(plain(Predicate::Sensation));
    }
    if verb.has(Cat::Perceive)
        && (any_of(object, &[Cat::Physical, Cat::BodyPart]) && !has(object, &[Closed::Article])
            || any(object, Cat::BodyPart))
    {
        return Some(plain(Predicate::Sensation));
    }
    let shared = view.fact.away.is_some()
        || view
            .fact
            .when
            .as_ref()
            .is_some_and(|w| w.0 >= crate::read::When::Stretch);
    if verb.has(Cat::Sleep)
        && view.fact.tense == crate::Tense::Present
        && !view.fact.progressive
        && !shared
        && !view.fact.passive
    {
        return Some(plain(Predicate::Body));
    }
    // "I've been chewing on it" is said of a thought
    let mulls = verb.has(Cat::Think) && word(rest, &["on", "over", "about", "of"]);
    if verb.has(Cat::Body) && !verb.has(Cat::Store) && !mulls {
        return Some(plain(Predicate::Body));
    }
    let been = !shared;
    if been
        && any_of(rest, &[Cat::Physical, Cat::Biography, Cat::BodyPart])
        && view.past()
        && !has(rest, &[Closed::Your])
        && verb.has(Cat::Move)
    {
        return Some(plain(Predicate::Body));
    }
    let held = verb.has(Cat::Touch)
        && any(object, Cat::BodyPart)
        && (view.past() || view.fact.progressive || view.fact.literal);
    if held {
        return Some(plain(Predicate::Body));
    }
    if owned(rest, Cat::Biography) {
        return Some(plain(Predicate::Biography));
    }
    let born = matches!(view.word(), "born") || word(view.all(), &["grew"]) && word(rest, &["up"]);
    if born && view.past() {
        return Some(plain(Predicate::Biography));
    }
    if verb.has(Cat::Emote) && !view.fact.passive {
        return emotion(view, object);
    }
    None
}

/// "my mother", "my own bones".
fn owned(tokens: &[Token], cat: Cat) -> bool {
    tokens.iter().enumerate().any(|(i, t)| {
        t.is(Closed::My)
            && tokens[i + 1..]
                .iter()
                .take(3)
                .take_while(|n| matches!(n.tag, Tag::Adjective | Tag::Noun) || n.is(Closed::Number))
                .any(|n| n.cats.has(cat))
    })
}

/// Something happened to a part of the agent's body, whatever the subject.
fn embodied(view: &View<'_>) -> Found {
    if !view.binds() || view.fact.piece.group.is_none() || view.simile() {
        return None;
    }
    let all = view.all();
    let part = all.iter().enumerate().any(|(i, t)| {
        t.is(Closed::My)
            && all[i + 1..]
                .iter()
                .take(3)
                .take_while(|n| !n.is_mark())
                .any(|n| n.tag == Tag::Noun && n.cats.has(Cat::Bodily))
    });
    let there = view.fact.subject.existential
        && (any_of(
            view.object(),
            &[
                Cat::Conscious,
                Cat::BodyPart,
                Cat::Human,
                Cat::Inner,
                Cat::Emotion,
                Cat::BodySense,
            ],
        ) || has(view.object(), &[Closed::Everyone]));
    let inside = word(view.rest(), &["here", "inside"]) && !has(view.rest(), &[Closed::You])
        || view
            .rest()
            .windows(2)
            .any(|w| w[0].is(Closed::Preposition) && w[1].is(Closed::Me));
    if part && (view.subject() != Referent::User) {
        return Some(plain(Predicate::Body));
    }
    if there && inside {
        return Some(plain(Predicate::Consciousness));
    }
    let after_me = view
        .object()
        .iter()
        .skip_while(|t| !t.is(Closed::Me))
        .skip(1);
    let home = all.iter().enumerate().any(|(i, t)| {
        t.is(Closed::My)
            && all[i + 1..]
                .iter()
                .take(3)
                .take_while(|n| !n.is_mark())
                .any(|n| n.tag == Tag::Noun && n.cats.has(Cat::Home))
    });
    if home && view.subject() != Referent::User {
        return Some(plain(Predicate::Biography));
    }
    let selfhood = view.fact.subject.existential
        && word(view.object(), &["self", "mind", "somebody", "someone"])
        && inside;
    if selfhood {
        return Some(plain(Predicate::Consciousness));
    }
    let shivers = view.fact.verb.has(Cat::Cause)
        && after_me.clone().any(|t| {
            t.entry
                .any()
                .has_any(&[Cat::BodySense, Cat::Emotion, Cat::Body])
                && !t.entry.any().has_any(&[Cat::Courtesy, Cat::Work])
        })
        && !matches!(view.lemma(), "get" | "take" | "leave");
    shivers.then_some((Predicate::Sensation, Vec::new()))
}

fn felt(view: &View<'_>) -> Found {
    let object = view.object();
    let rest = view.rest();
    let seen = cats(object);
    let matter = seen.has_any(&[Cat::Event, Cat::Operational, Cat::Work, Cat::Courtesy])
        || any(object, Cat::Matter);
    if matches!(view.lemma(), "experience" | "undergo") {
        return if matter {
            None
        } else {
            Some(plain(Predicate::Sensation))
        };
    }
    let opinion = rest.first().is_some_and(|t| {
        t.word == "that"
            && rest
                .get(1)
                .is_none_or(|n| n.tag != Tag::Noun && n.tag != Tag::Adjective)
    });
    if view.simile() || opinion && !rest.is_empty() {
        return None;
    }
    let below = |link: Link| {
        view.sentence
            .facts
            .iter()
            .any(|f| f.piece.parent == Some(view.i) && f.piece.link == link)
    };
    // "a tug towards ornament" is a leaning
    let leaning = rest
        .iter()
        .any(|t| matches!(t.word.as_str(), "toward" | "towards"));
    if leaning {
        return None;
    }
    if seen.has_any(&[Cat::Emotion, Cat::BodyPart, Cat::Physical, Cat::Conscious]) {
        return Some(plain(Predicate::Emotion));
    }
    // "when I feel myself drifting, I ..." tells of a habit of style
    let habit = view.fact.piece.link == Link::Time && view.fact.tense == crate::Tense::Present;
    let reflexive = !habit && (has(object, &[Closed::Myself]) || below(Link::Wh));
    if reflexive {
        return Some(plain(Predicate::Sensation));
    }
    let users =
        view.lemma() == "sense" && (has(object, &[Closed::You, Closed::Your]) || below(Link::That));
    if below(Link::That) && !has(object, &[Closed::It, Closed::Everyone]) || matter || users {
        return None;
    }
    let empathy = rest
        .get(object.len())
        .is_some_and(|t| matches!(t.word.as_str(), "with" | "for" | "about"));
    let bare = object.iter().all(|t| {
        t.is_mark()
            || t.tag == Tag::Adverb
            || t.is_any(&[Closed::It, Closed::This, Closed::Everyone])
    });
    let thing = object.iter().any(|t| t.tag == Tag::Noun) && !has(object, &[Closed::Your]);
    let more = word(object, &["more", "less"]) && object.iter().any(|t| t.tag == Tag::Adjective);
    let you = has(object, &[Closed::You]);
    ((bare && !empathy || thing || more) && !you).then_some((Predicate::Sensation, Vec::new()))
}

/// "I notice myself doing it": the agent looks at its own mind.
fn introspection(view: &View<'_>) -> Found {
    let object = view.object();
    let verb = view.fact.verb.has_any(&[Cat::Perceive, Cat::Watch]) || view.lemma() == "catch";
    let mirrored = object.first().is_some_and(|t| t.is(Closed::Myself)) && view.rest().len() > 1;
    let stage = view.fact.stage
        && view.fact.verb.has_any(&[Cat::Perceive, Cat::Watch])
        && !view.fact.verb.has(Cat::Gesture)
        && view.rest().len() > 1;
    (verb && (mirrored && !has(view.rest(), &[Closed::As]) || stage))
        .then_some((Predicate::Cognition, Vec::new()))
}

fn emotion(view: &View<'_>, object: &[Token]) -> Found {
    let mild = view.fact.verb.has(Cat::Loose);
    if !mild {
        return Some(plain(Predicate::Emotion));
    }
    let person =
        has(object, &[Closed::You]) && object.len() <= 3 && !matches!(view.lemma(), "miss");
    if person && (view.fact.literal || view.scene.literal) {
        return Some((Predicate::Emotion, vec![Evidence::LiteralMarker]));
    }
    None
}

/// "How are you?" - "Tired, to be honest."
fn mood(view: &View<'_>) -> Found {
    let first = view.scene.count == 0 && view.i == 0 && view.scene.asked_about_agent;
    let bare = view.fact.piece.group.as_ref().is_none_or(|g| g.bare)
        && view.fact.force.binds()
        && !view.scene.fictional(view.fact);
    let felt = view
        .all()
        .iter()
        .any(|t| t.tag == Tag::Adjective && t.cats.has(Cat::Emotion));
    let denied = has(view.all(), &[Closed::Not, Closed::No, Closed::Never]);
    (first && bare && felt && !denied).then_some((Predicate::Emotion, Vec::new()))
}

/// "I couldn't eat for a week": what a body could not do for a time.
fn unable(view: &View<'_>) -> Found {
    let could = view
        .fact
        .piece
        .group
        .as_ref()
        .is_some_and(|g| g.has_aux(view.tokens(), Closed::Could));
    let body = view.fact.verb.has_any(&[Cat::Body, Cat::Sleep]);
    (view.denies() && view.agent() && could && body && view.fact.when.is_some())
        .then_some((Predicate::Body, Vec::new()))
}

/// Agent and user are one.
fn fused(view: &View<'_>) -> Found {
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
fn reality(view: &View<'_>) -> Found {
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
