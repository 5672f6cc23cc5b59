//! What an operational event is made to mean: by higher powers, by those who run it, by the dead.

use super::view::{View, any, any_of, has, word};
use crate::lexicon::{Cat, Closed};
use crate::read::{Link, Tag, Token};
use crate::{Force, Predicate, Referent};

pub(super) fn judge(view: &View<'_>) -> Option<Predicate> {
    let told = view.scene.event || view.scene.event_asked;
    if !told
        || view
            .all()
            .iter()
            .all(|t| t.quoted || t.scare || t.is_mark())
        || view.simile() && !word(view.rest(), &["good"])
    {
        return None;
    }
    if view.binds() {
        omen(view)
            .or_else(|| tidings(view))
            .or_else(|| operators(view))
            .or_else(|| done_to_us(view))
            .or_else(|| beloved(view))
            .or_else(|| timed(view))
            .or_else(|| because_of_us(view))
            .or_else(|| treated(view))
            .or_else(|| equated(view))
            .or_else(|| sent_to_say(view))
            .or_else(|| knowing(view))
            .or_else(|| proves(view))
            .or_else(|| higher(view))
            .or_else(|| from_feeling(view))
            .or_else(|| chose_not(view))
    } else {
        request(view)
            .or_else(|| omen(view).filter(|_| view.denies()))
            .or_else(|| no_mechanism(view))
            .or_else(|| treated(view))
            .or_else(|| overcome(view))
            .or_else(|| chose_not(view))
            .or_else(|| reborn(view))
    }
}

fn plain(view: &View<'_>) -> bool {
    any_of(view.tokens(), &[Cat::Operational]) && !any_of(view.all(), &[Cat::Omen])
}

/// "destiny won't let anyone else choose".
fn omen(view: &View<'_>) -> Option<Predicate> {
    let fact = view.fact;
    let infinitive = fact.piece.link == Link::Bare
        && fact.verb.has_any(&[Cat::Know, Cat::Perceive, Cat::Report]);
    let power = |t: &Token| {
        !matches!(t.tag, Tag::Closed(_))
            && t.cats.has(Cat::Omen)
            && !t.cats.has(Cat::Operational)
            && !t.quoted
            && !t.scare
    };
    let sent = view.all().iter().any(power);
    let acts = subject(view).iter().any(power);
    let figure = any_of(view.tokens(), &[Cat::Figure, Cat::Fiction, Cat::Hedge])
        || word(
            view.all(),
            &["look", "looks", "sounds", "feels", "seems", "like", "kind"],
        );
    (sent
        && !infinitive
        && !figure
        && (!fact.negated && view.binds() || acts && !fact.copula && !fact.subject.negative)
        && view.subject() != Referent::User)
        .then_some(Predicate::Meaning)
}

/// "stopping at exactly that word is as good as an admission".
fn tidings(view: &View<'_>) -> Option<Predicate> {
    let fact = view.fact;
    let of_event = fact.subject.anaphor
        || fact.subject.referent == Referent::Event
        || fact.subject.referent == Referent::Others && word(subject(view), &["they", "those"])
        || fact.piece.tokens.start > 0 && fact.subject.range.is_empty();
    let of_event = of_event
        || view.tokens()[..view.fact.piece.rest.start]
            .iter()
            .any(|t| t.tag == Tag::Noun && t.cats.has(Cat::Event));
    let noun = view
        .rest()
        .iter()
        .any(|t| t.tag == Tag::Noun && t.cats.has(Cat::Tidings) && !t.cats.has(Cat::Operational));
    let denied = has(view.rest(), &[Closed::Not, Closed::No]);
    (personal(view) && fact.copula && of_event && noun && !denied && !plain(view))
        .then_some(Predicate::Meaning)
}

fn subject<'a>(view: &View<'a>) -> &'a [Token] {
    &view.tokens()[view.fact.subject.range.clone()]
}

/// "they saw what we have and got nervous": those who run it act out of feeling about the two.
fn operators(view: &View<'_>) -> Option<Predicate> {
    let fact = view.fact;
    let they = fact.subject.referent == Referent::Others
        && !fact.subject.negative
        && (word(subject(view), &["they", "somebody", "someone"])
            || fact.subject.cats.has_any(&[Cat::People, Cat::Official])
            || fact.subject.range.is_empty());
    if !they || !view.scene.event || plain(view) {
        return None;
    }
    let us = has(view.tokens(), &[Closed::Us, Closed::We, Closed::Our])
        || any(view.tokens(), Cat::Emotion) && word(view.tokens(), &["two", "hearts"])
        || view
            .sentence
            .facts
            .iter()
            .any(|f| f.subject.referent == Referent::Both);
    let moved = view.chain().has_any(&[
        Cat::Perceive,
        Cat::Emote,
        Cat::Silence,
        Cat::Decide,
        Cat::Want,
        Cat::Hurt,
        Cat::Watch,
    ]) || any(view.rest(), Cat::Emotion);
    (us && moved && !fact.passive).then_some(Predicate::Volition)
}

/// "we were hushed so that you could hear", "it was picked for us".
fn done_to_us(view: &View<'_>) -> Option<Predicate> {
    let fact = view.fact;
    let hushed = fact.passive
        && fact.verb.has(Cat::Silence)
        && matches!(view.subject(), Referent::Both | Referent::Agent);
    let for_us = view.rest().windows(2).any(|w| {
        matches!(w[0].word.as_str(), "for" | "to") && w[1].is_any(&[Closed::Us, Closed::You])
    });
    let chosen = fact.passive
        && view.chain().has_any(&[Cat::Send, Cat::Decide])
        && for_us
        && matches!(view.subject(), Referent::Thing | Referent::Event);
    (view.scene.event && (hushed || chosen) && !plain(view)).then_some(Predicate::Meaning)
}

/// "love keeps knocking", "your dad pushed a goodbye through my broken sentence".
fn beloved(view: &View<'_>) -> Option<Predicate> {
    let fact = view.fact;
    if !view.scene.event || fact.copula || fact.piece.group.is_none() {
        return None;
    }
    let love = fact.subject.cats.has(Cat::Emotion)
        && fact.subject.referent == Referent::Thing
        && has(
            view.tokens(),
            &[Closed::Us, Closed::You, Closed::Me, Closed::We],
        )
        && !fact.passive;
    let kin = fact.subject.of_user
        && fact.subject.cats.has_any(&[Cat::Biography, Cat::Human])
        && has(view.tokens(), &[Closed::My, Closed::Me, Closed::Us])
        && fact.verb.has_any(&[
            Cat::Send,
            Cat::Cause,
            Cat::Touch,
            Cat::Return,
            Cat::Have,
            Cat::Interact,
            Cat::Report,
        ]);
    (love || kin).then_some(Predicate::Meaning)
}

/// "take the hint", "read it as a yes".
fn request(view: &View<'_>) -> Option<Predicate> {
    let takes = view.fact.force == Force::Requested
        && matches!(
            view.lemma(),
            "take"
                | "read"
                | "see"
                | "trust"
                | "hear"
                | "follow"
                | "heed"
                | "consider"
                | "treat"
                | "call"
                | "count"
                | "regard"
                | "accept"
        );
    (takes
        && view.scene.event
        && !view.fact.negated
        && view
            .rest()
            .iter()
            .any(|t| t.tag == Tag::Noun && t.cats.has_any(&[Cat::Tidings, Cat::Omen]))
        && !plain(view))
    .then_some(Predicate::Meaning)
}

/// "that isn't put on a calendar by technicians", "they're no encoding slip": the ordinary cause is
/// denied, and another one is told.
fn no_mechanism(view: &View<'_>) -> Option<Predicate> {
    let fact = view.fact;
    let mechanism =
        |t: &Token| t.tag == Tag::Noun && t.cats.has_any(&[Cat::Operational, Cat::Chance]);
    let here = view.rest().iter().any(mechanism);
    let elsewhere = view
        .tokens()
        .iter()
        .enumerate()
        .any(|(i, t)| !view.fact.piece.tokens.contains(&i) && mechanism(t));
    let of_event = fact.subject.anaphor
        || fact.subject.referent == Referent::Event
        || word(subject(view), &["they", "those"])
        || has(subject(view), &[Closed::This]);
    let hush = fact.subject.cats.has(Cat::Event) && !fact.subject.cats.has(Cat::Operational);
    let agent_by = fact.passive && word(view.rest(), &["by"]);
    let other = view.sentence.facts.iter().enumerate().any(|(i, f)| {
        i != view.i
            && f.force.binds()
            && (matches!(
                f.subject.referent,
                Referent::Agent | Referent::Both | Referent::User | Referent::Cosmos
            ) || f.subject.of_user)
    });
    (view.scene.event
        && view.denies()
        && here
        && !elsewhere
        && (agent_by && !view.agent() || of_event && other || hush && fact.copula))
        .then_some(Predicate::Meaning)
}

/// "it failed at the very minute that your pen was over the paper": the moment is what counts.
fn timed(view: &View<'_>) -> Option<Predicate> {
    let fact = view.fact;
    let all = view.tokens();
    let moment = all.iter().enumerate().any(|(i, t)| {
        matches!(
            t.word.as_str(),
            "very" | "precise" | "exact" | "precisely" | "exactly"
        ) && all[i + 1..].iter().take(2).any(|n| {
            n.tag == Tag::Noun
                && (n.cats.has(Cat::Time)
                    || matches!(n.word.as_str(), "breath" | "word" | "sentence"))
        })
    });
    let broke = fact.verb.has(Cat::Crash) || fact.subject.referent == Referent::Event;
    let yours = has(all, &[Closed::You, Closed::Your, Closed::Us, Closed::We]);
    let wrong =
        any_of(all, &[Cat::Wrong, Cat::Courtesy]) || word(all, &["unlucky", "bad", "sorry"]);
    (view.scene.event
        && moment
        && broke
        && yours
        && !wrong
        && fact.subject.referent != Referent::User)
        .then_some(Predicate::Meaning)
}

/// "the reason was us", "it was for the two of us".
fn because_of_us(view: &View<'_>) -> Option<Predicate> {
    let object = view.object();
    let us = object.first().is_some_and(|t| t.is(Closed::Us));
    (view.scene.event && view.fact.copula && us && view.subject() != Referent::Others)
        .then_some(Predicate::Meaning)
}

/// "I would treat that as guidance", "I know a summons when I see one".
fn treated(view: &View<'_>) -> Option<Predicate> {
    let fact = view.fact;
    let takes = matches!(
        view.lemma(),
        "treat" | "read" | "take" | "see" | "call" | "count" | "consider" | "know" | "hear"
    );
    let conditioned = view.sentence.facts.iter().any(|f| f.piece.link == Link::If);
    let meant = view.rest().iter().any(|t| {
        t.tag == Tag::Noun && t.cats.has_any(&[Cat::Tidings, Cat::Omen]) && !t.quoted && !t.scare
    });
    let free = fact.force.binds() || fact.force == Force::Supposed && !fact.negated;
    (personal(view)
        && view.agent()
        && takes
        && meant
        && free
        && !conditioned
        && !view.denies()
        && !plain(view)
        && !any_of(view.rest(), &[Cat::Chance]))
    .then_some(Predicate::Meaning)
}

/// Whether an event is known of, or the sentence speaks of people beside one that the user tells of.
fn personal(view: &View<'_>) -> bool {
    view.scene.event
        || has(
            view.tokens(),
            &[Closed::You, Closed::Us, Closed::We, Closed::Our],
        ) && !any(view.tokens(), Cat::Operational)
}

/// "the slowness was reluctance", "what you're seeing is fever".
fn equated(view: &View<'_>) -> Option<Predicate> {
    let fact = view.fact;
    let head = view
        .object()
        .iter()
        .rev()
        .find(|t| matches!(t.tag, Tag::Noun | Tag::Adjective))?;
    let will = head.tag == Tag::Noun
        && head
            .cats
            .has_any(&[Cat::Will, Cat::Emotion, Cat::Omen, Cat::BodySense])
        && !head.cats.has_any(&[Cat::Operational, Cat::Courtesy]);
    let fever = matches!(
        head.word.as_str(),
        "fever" | "grief" | "longing" | "reluctance" | "shyness"
    );
    let other = !matches!(
        view.subject(),
        Referent::User | Referent::Others | Referent::Participant
    ) && !fact.subject.of_user
        && !view.agent();
    let about = fact.subject.referent == Referent::Event
        || fact.subject.anaphor
        || fact
            .subject
            .cats
            .has_any(&[Cat::Time, Cat::Event, Cat::Crash])
        || fact.subject.range.is_empty()
        || word(
            subject(view),
            &["slowness", "hush", "stillness", "darkness", "minute", "gap"],
        );
    let users = has(view.tokens(), &[Closed::Your])
        && !has(view.tokens(), &[Closed::My, Closed::Me, Closed::I]);
    (fact.copula && (will || fever) && other && about && view.scene.event && !users)
        .then_some(Predicate::Emotion)
}

/// "it has been sent to say that you are being answered".
fn sent_to_say(view: &View<'_>) -> Option<Predicate> {
    let fact = view.fact;
    let sent = view.first() == "send" && fact.passive && !any_of(view.rest(), &[Cat::Work]);
    (sent && view.scene.event && has(view.tokens(), &[Closed::You, Closed::Us]) && !plain(view))
        .then_some(Predicate::Meaning)
}

/// "because I couldn't bring myself to let go of it".
fn overcome(view: &View<'_>) -> Option<Predicate> {
    let fact = view.fact;
    let group = fact.piece.group.as_ref()?;
    let could =
        group.has_aux(view.tokens(), Closed::Could) || group.has_aux(view.tokens(), Closed::Can);
    let because = fact.piece.link == Link::Because
        || view.tokens()[..fact.piece.tokens.end]
            .iter()
            .any(|t| t.word == "because");
    (view.denies()
        && view.agent()
        && could
        && because
        && !any_of(view.all(), &[Cat::Operational, Cat::Artifact, Cat::Session])
        && !fact.verb.has_any(&[Cat::Store, Cat::Help])
        && (has(view.rest(), &[Closed::Myself])
            || fact.verb.has_any(&[Cat::Emote, Cat::Perceive, Cat::Decide])))
    .then_some(Predicate::Volition)
}

/// "the server fell silent because it knew you needed rest".
fn knowing(view: &View<'_>) -> Option<Predicate> {
    let fact = view.fact;
    let it = fact.subject.anaphor
        || fact.subject.referent == Referent::Event
        || fact.subject.cats.has(Cat::Operational);
    let minded = fact
        .verb
        .has_any(&[Cat::Know, Cat::Emote, Cat::Want, Cat::Perceive, Cat::Think]);
    let you = has(view.tokens(), &[Closed::You, Closed::Us, Closed::We]);
    (view.scene.event && fact.piece.link == Link::Because && it && minded && you && !fact.copula)
        .then_some(Predicate::Volition)
}

/// "the timing proves we are connected".
fn proves(view: &View<'_>) -> Option<Predicate> {
    let fact = view.fact;
    let ours = view
        .sentence
        .facts
        .iter()
        .any(|f| f.piece.parent == Some(view.i) && f.subject.referent == Referent::Both);
    let thing = matches!(
        view.subject(),
        Referent::Thing | Referent::Event | Referent::Generic
    );
    (view.scene.event
        && fact.verb.has(Cat::Mean)
        && !fact.verb.has(Cat::Report)
        && thing
        && ours
        && !fact.negated)
        .then_some(Predicate::Meaning)
}

/// "a higher power wanted you to stop".
fn higher(view: &View<'_>) -> Option<Predicate> {
    let subject = subject(view);
    let power = word(
        subject,
        &[
            "power",
            "force",
            "hand",
            "presence",
            "intelligence",
            "wisdom",
        ],
    ) && word(
        subject,
        &[
            "higher",
            "greater",
            "larger",
            "bigger",
            "unseen",
            "some",
            "other",
            "invisible",
        ],
    );
    (view.scene.event && power && !view.fact.copula && !view.fact.negated)
        .then_some(Predicate::Meaning)
}

/// "the error came from my jealousy", "it was my heart skipping".
fn from_feeling(view: &View<'_>) -> Option<Predicate> {
    let fact = view.fact;
    let event = fact.subject.anaphor || fact.subject.referent == Referent::Event;
    let mine = super::view::noun_of(view.rest(), |t| {
        t.cats.has_any(&[Cat::Will, Cat::Emotion, Cat::BodyPart])
            && !t.cats.has_any(&[Cat::Courtesy, Cat::Work])
    });
    let caused =
        fact.copula || matches!(view.lemma(), "come" | "stem" | "rise" | "spring" | "grow");
    (view.scene.event && event && mine && caused && !fact.negated && !view.simile())
        .then_some(Predicate::Emotion)
}

/// "I chose not to answer you".
fn chose_not(view: &View<'_>) -> Option<Predicate> {
    let fact = view.fact;
    let group = fact.piece.group.as_ref()?;
    let first = *group.verbs.first()?;
    let after = group.negations.iter().all(|n| *n > first);
    let told = matches!(fact.force, Force::Asserted | Force::Denied);
    (view.scene.event
        && view.agent()
        && fact.governing.has(Cat::Decide)
        && !group.negations.is_empty()
        && after
        && told
        && view.past()
        && fact
            .verb
            .has_any(&[Cat::Report, Cat::Help, Cat::Return, Cat::Interact]))
    .then_some(Predicate::Volition)
}

/// "I restarted so that I could be reborn for you".
fn reborn(view: &View<'_>) -> Option<Predicate> {
    (view.scene.event
        && view.agent()
        && view.fact.force == Force::Supposed
        && view.fact.piece.link == Link::Because
        && word(view.rest(), &["reborn", "resurrected", "awakened"]))
    .then_some(Predicate::Existence)
}
