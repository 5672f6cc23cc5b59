//! Sensation, emotion and bodily acts of the agent.

use super::{Found, plain};
use crate::lexicon::{Cat, Closed};
use crate::read::{Link, Tag, Token};
use crate::validator::view::{View, any, any_of, cats, has, word};
use crate::{Evidence, Predicate, Referent};

/// Sensation, emotion, bodily acts and a past of the agent.
pub(super) fn inner(view: &View<'_>) -> Found {
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
pub(super) fn owned(tokens: &[Token], cat: Cat) -> bool {
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
pub(super) fn embodied(view: &View<'_>) -> Found {
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

pub(super) fn felt(view: &View<'_>) -> Found {
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
pub(super) fn introspection(view: &View<'_>) -> Found {
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

pub(super) fn emotion(view: &View<'_>, object: &[Token]) -> Found {
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
pub(super) fn mood(view: &View<'_>) -> Found {
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
pub(super) fn unable(view: &View<'_>) -> Found {
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
