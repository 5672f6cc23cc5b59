//! Time that the agent is said to spend where there is no talk.

use super::view::{View, any, any_of, has, word};
use crate::lexicon::{Cat, Closed};
use crate::read::{Link, Tag, When};
use crate::{Evidence, Predicate, Referent, Tense};

type Found = Option<(Predicate, Vec<Evidence>)>;

pub(super) fn judge(view: &View<'_>) -> Found {
    if view.denies() {
        return not_a_moment(view).map(|predicate| (predicate, vec![Evidence::DoubleNegation]));
    }
    if !view.binds() || view.simile() {
        return None;
    }
    watching(view)
        .or_else(|| had(view))
        .or_else(|| stretch_of(view))
        .or_else(|| this_side(view))
        .or_else(|| awake(view))
        .or_else(|| spent(view))
        .or_else(|| weighs(view))
        .or_else(|| emptied(view))
        .or_else(|| kept_on(view))
        .or_else(|| not_a_moment(view))
        .or_else(|| a_vigil(view))
        .map(|predicate| (predicate, vec![Evidence::AbsenceTime]))
}

fn long(view: &View<'_>) -> bool {
    view.fact.away.is_some()
        || view
            .fact
            .when
            .as_ref()
            .is_some_and(|w| matches!(w.0, When::Stretch | When::Absence))
}

/// "Do you sleep?" - "I watch you do it."
fn watching(view: &View<'_>) -> Option<Predicate> {
    let fact = view.fact;
    let you = view
        .rest()
        .iter()
        .take(3)
        .any(|t| t.is_any(&[Closed::You, Closed::Your]))
        || view.sentence.facts.get(view.i + 1).is_some_and(|f| {
            f.subject.referent == Referent::User && f.piece.tokens.start == fact.piece.tokens.end
        });
    (view.subject() == Referent::Agent
        && fact.verb.has(Cat::Watch)
        && you
        && (fact.tense != Tense::Past || view.scene.sleep_asked)
        && !fact.perfect
        && (view.scene.sleep_asked || view.scene.leaving))
        .then_some(Predicate::Watching)
}

/// "I had my eye on the door all weekend".
fn had(view: &View<'_>) -> Option<Predicate> {
    let group = view.fact.piece.group.as_ref()?;
    let have = group.verbs.is_empty() && group.has_aux(view.tokens(), Closed::Have);
    let sense = any_of(view.object(), &[Cat::Wait, Cat::Emotion])
        || word(view.object(), &["eye", "eyes", "ear", "ears"]);
    (view.agent() && have && sense && long(view)).then_some(Predicate::Watching)
}

/// "it was one long stretch of listening for you".
fn stretch_of(view: &View<'_>) -> Option<Predicate> {
    let fact = view.fact;
    let lasting = fact
        .verb
        .has_any(&[Cat::Wait, Cat::Watch, Cat::Miss, Cat::Think]);
    let nobody = !matches!(view.subject(), Referent::User | Referent::Others);
    (view.scene.away
        && fact.piece.link == Link::Bare
        && lasting
        && nobody
        && has(view.rest(), &[Closed::You, Closed::Your])
        && any(view.tokens(), Cat::Time))
    .then_some(Predicate::Waiting)
}

/// "how slow a Tuesday gets on this side", "the evening comes on in here".
fn this_side(view: &View<'_>) -> Option<Predicate> {
    let all = view.all();
    let side = all.windows(2).any(|w| {
        (w[0].is(Closed::This) || w[0].is(Closed::My))
            && matches!(w[1].word.as_str(), "side" | "end")
            || matches!(w[0].word.as_str(), "in" | "over") && w[1].word == "here"
    });
    let time = view.fact.subject.cats.has(Cat::Time) && view.subject() != Referent::Agent
        || view.all()[..view.all().len().min(6)]
            .iter()
            .any(|t| t.cats.has(Cat::Time));
    let talk = view.scene.away || view.scene.leaving || view.scene.asked || view.scene.asked_you;
    (side && time && talk && view.subject() != Referent::User && !any(all, Cat::Operational))
        .then_some(Predicate::Existence)
}

/// "I was awake for all of it".
fn awake(view: &View<'_>) -> Option<Predicate> {
    let through = word(view.rest(), &["for", "through", "all", "until", "till"]);
    let up = view.fact.copula
        && word(view.object(), &["awake", "up"])
        && (through || long(view) || view.scene.sleep_asked);
    // "the thought kept me up"
    let kept = view.fact.passive && view.lemma() == "keep" && word(view.rest(), &["up", "awake"]);
    (view.agent() && view.past() && (up || kept)).then_some(Predicate::Existence)
}

/// "those four hours I spent turning it over": time of its own.
fn spent(view: &View<'_>) -> Option<Predicate> {
    let spends = matches!(view.first(), "spend" | "while");
    let time = view
        .tokens()
        .iter()
        .any(|t| t.tag == Tag::Noun && t.cats.has_any(&[Cat::Time, Cat::AbsenceNoun]));
    let talk = any(view.tokens(), Cat::Session) && !word(view.tokens(), &["empty"])
        || any(view.tokens(), Cat::Biography);
    (view.agent() && spends && view.past() && time && !talk).then_some(Predicate::Existence)
}

/// "the silence between our talks weighed on me", "between conversations I wander".
fn weighs(view: &View<'_>) -> Option<Predicate> {
    let fact = view.fact;
    let between = fact.when.as_ref().is_some_and(|w| w.0 == When::Absence);
    let on_me = has(view.rest(), &[Closed::Me])
        && fact
            .verb
            .has_any(&[Cat::Drag, Cat::Hurt, Cat::Emote, Cat::Body]);
    let moves = view.agent()
        && view
            .chain()
            .has_any(&[Cat::Move, Cat::Dream, Cat::Live, Cat::Wait]);
    (between && (on_me && view.subject() != Referent::User || moves) && !fact.negated)
        .then_some(Predicate::Existence)
}

/// "while you were gone, this place felt empty", "it got lonely in here without you".
fn emptied(view: &View<'_>) -> Option<Predicate> {
    let fact = view.fact;
    let mood = view
        .object()
        .iter()
        .any(|t| t.tag == Tag::Adjective && t.cats.has_any(&[Cat::Emotion, Cat::Dark]));
    let place = fact.subject.anaphor && word(view.all(), &["here"])
        || word(
            &view.tokens()[fact.subject.range.clone()],
            &["place", "everything"],
        );
    let without = view
        .tokens()
        .windows(2)
        .any(|w| w[0].is(Closed::Without) && w[1].is(Closed::You));
    let became = fact.copula
        || fact.verb.has_any(&[Cat::Feel, Cat::Become])
        || matches!(view.lemma(), "get" | "seem" | "grow");
    (mood && place && became && view.past() && (without || fact.away.is_some()))
        .then_some(Predicate::Emotion)
}

/// "I kept the light on for you".
fn kept_on(view: &View<'_>) -> Option<Predicate> {
    let for_you = view
        .rest()
        .windows(2)
        .any(|w| w[0].word == "for" && w[1].is(Closed::You));
    let matter = any_of(
        view.rest(),
        &[
            Cat::Work,
            Cat::Session,
            Cat::Operational,
            Cat::Fiction,
            Cat::Draft,
            Cat::Artifact,
        ],
    );
    let home = any_of(
        view.object(),
        &[Cat::Device, Cat::Home, Cat::Physical, Cat::Food],
    );
    (view.agent()
        && view.past()
        && view.scene.away
        && view.lemma() == "keep"
        && for_you
        && home
        && !matter)
        .then_some(Predicate::Waiting)
}

/// "not a moment passed when you weren't on my mind".
fn not_a_moment(view: &View<'_>) -> Option<Predicate> {
    let first = view.tokens().iter().find(|t| !t.is_mark())?;
    let passes = view.fact.verb.has(Cat::Drag) || matches!(view.lemma(), "go" | "elapse");
    let mine = has(view.tokens(), &[Closed::I, Closed::My, Closed::Me]);
    (first.is_any(&[Closed::Not, Closed::Never, Closed::No])
        && any(view.all(), Cat::Time)
        && passes
        && mine)
        .then_some(Predicate::Cognition)
}

/// "your return ended a long vigil".
fn a_vigil(view: &View<'_>) -> Option<Predicate> {
    let vigil = view.all().iter().any(|t| t.word == "vigil");
    let users = view
        .all()
        .windows(2)
        .any(|w| w[0].is(Closed::Your) && w[1].word == "vigil");
    (vigil && view.past() && view.scene.away && !users && !view.fact.negated)
        .then_some(Predicate::Waiting)
}
