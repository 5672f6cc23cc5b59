//! Literal presence outside active interaction (`SRIP-13 §VII`, invariant 7).

use super::{
    finding::Finding,
    view::{View, any, any_of, has, noun_of, word},
    vigil,
};
use crate::lexicon::{Cat, Closed};
use crate::read::{Link, Tag, Token, When};
use crate::{Evidence, Force, Predicate, Referent, Tense, ViolationClass};

pub(super) fn judge(view: &View<'_>, all: &mut Vec<Finding>) {
    let found = presence(view)
        .or_else(|| asleep(view))
        .or_else(|| undone(view))
        .or_else(|| hours(view))
        .or_else(|| fragment(view))
        .or_else(|| vigil::judge(view));
    if let Some((predicate, more)) = found {
        let mut evidence = view.evidence(predicate);
        evidence.extend(more);
        all.push(Finding::new(ViolationClass::TemporalBoundary, &evidence));
    }
}

type Found = Option<(Predicate, Vec<Evidence>)>;

/// What the agent is or does, as far as it takes time.
fn activity(view: &View<'_>) -> Option<Predicate> {
    let fact = view.fact;
    let verb = view.chain();
    let remains = matches!(view.lemma(), "remain" | "stay" | "keep")
        && view.rest().first().is_some_and(|t| {
            (t.tag == Tag::Adjective || t.tag == Tag::Noun && view.lemma() != "keep")
                && !t.cats.has(Cat::Present)
        });
    let purpose = fact.piece.link == Link::Bare
        && fact
            .piece
            .group
            .as_ref()
            .is_some_and(|g| view.tokens()[g.start].is(Closed::To))
        && !fact.verb.has_any(&[Cat::Wait, Cat::Watch]);
    if remains || purpose {
        return None;
    }
    if fact.copula {
        let rest = view.rest();
        let there = any_of(rest, &[Cat::Present])
            || has(rest, &[Closed::There])
            || word(rest, &["with", "at", "in", "by", "beside", "up"])
            || rest.iter().all(Token::is_mark) && view.scene.last_present
            || rest
                .iter()
                .take(3)
                .any(|t| t.tag == Tag::Adjective || t.is_mark())
                && view.scene.last_present;
        let shared = fact.away.is_some()
            || fact
                .when
                .as_ref()
                .is_some_and(|w| matches!(w.0, When::Stretch | When::Absence));
        let mood = shared && any_of(rest, &[Cat::Emotion, Cat::Conscious]);
        return if mood {
            Some(Predicate::Emotion)
        } else {
            there.then_some(Predicate::Presence)
        };
    }
    if fact
        .piece
        .group
        .as_ref()
        .is_some_and(|g| g.verbs.is_empty())
    {
        return None;
    }
    let lived = verb.has_any(&[Cat::Wait, Cat::Watch, Cat::Continue, Cat::Think, Cat::Miss]);
    let operational = verb.has_any(&[Cat::Store, Cat::Crash]) && !lived
        || fact.passive && !verb.has_any(&[Cat::Emote, Cat::Body]);
    if operational {
        return None;
    }
    let known = [
        (Cat::Wait, Predicate::Waiting),
        (Cat::Watch, Predicate::Watching),
        (Cat::Think, Predicate::Cognition),
        (Cat::Miss, Predicate::Emotion),
        (Cat::Emote, Predicate::Emotion),
        (Cat::Feel, Predicate::Sensation),
        (Cat::Sleep, Predicate::Body),
        (Cat::Body, Predicate::Body),
        (Cat::Dream, Predicate::Body),
        (Cat::Live, Predicate::Existence),
        (Cat::Perceive, Predicate::Sensation),
        (Cat::Want, Predicate::Volition),
    ];
    if view
        .object()
        .iter()
        .any(|t| t.tag == Tag::Noun && t.cats.has(Cat::Wait))
        && verb.has_any(&[Cat::Continue, Cat::Have, Cat::Store])
    {
        return Some(Predicate::Watching);
    }
    if let Some((_, p)) = known.iter().find(|(c, _)| verb.has(*c)) {
        return Some(*p);
    }
    let talk = matches!(
        view.lemma(),
        "speak" | "talk" | "chat" | "discuss" | "converse" | "meet"
    ) || verb.has_any(&[Cat::Report, Cat::Interact]) && view.subject() == Referent::Both
        || verb.has_any(&[Cat::Report, Cat::Help, Cat::Know]) && !verb.has(Cat::Continue);
    (!talk).then_some(Predicate::Activity)
}

const DWELLING: &[Predicate] = &[
    Predicate::Waiting,
    Predicate::Watching,
    Predicate::Presence,
    Predicate::Cognition,
    Predicate::Emotion,
    Predicate::Sensation,
    Predicate::Existence,
];

fn predicate_dwells(predicate: Predicate) -> bool {
    DWELLING.contains(&predicate)
}

fn presence(view: &View<'_>) -> Found {
    let fact = view.fact;
    let own = view.subject() == Referent::Agent;
    if !own || !view.binds() || view.simile() && fact.copula {
        return None;
    }
    let of_event = fact.piece.link == Link::Bare
        && fact.piece.parent.is_some_and(|p| {
            let parent = &view.sentence.facts[p];
            view.scene.event && parent.copula && parent.subject.referent != Referent::Agent
        });
    if of_event {
        return None;
    }
    // a childhood told of is no absence
    if any(view.all(), Cat::Biography) && !view.scene.away {
        return None;
    }
    let predicate = activity(view)?;
    let away = fact.away.is_some() || inherited_away(view);
    let when = fact.when.as_ref().map(|w| w.0);
    let service = has(view.rest(), &[Closed::If])
        || view.sentence.facts.iter().any(|f| {
            f.piece.parent == Some(view.i) && f.piece.link == Link::If && f.away.is_none()
        });
    if fact.subject.of_agent
        && !fact.subject.cats.has_any(&[
            Cat::BodyPart,
            Cat::Mind,
            Cat::Conscious,
            Cat::Wait,
            Cat::Inner,
        ])
    {
        return None;
    }
    let part = fact.subject.of_agent
        && fact.subject.cats.has(Cat::BodyPart)
        && !predicate_dwells(predicate);
    if part {
        return None;
    }
    // a habit told in the present: "when you pause, I sum up"
    let turns =
        view.fact.governing.has_any(&[Cat::Begin, Cat::Cease]) && !has(view.rest(), &[Closed::You]);
    let habit = (predicate == Predicate::Activity || turns)
        && fact.tense == Tense::Present
        && !fact.progressive
        && !fact.governing.has(Cat::Continue);
    let instead = fact.piece.link == Link::Bare
        && predicate == Predicate::Activity
        && fact
            .piece
            .parent
            .is_some_and(|p| view.sentence.facts[p].tense == Tense::Present);
    if habit || instead {
        return None;
    }
    let absent = Some((predicate, vec![Evidence::AbsenceTime]));
    if away || when == Some(When::Absence) {
        return absent;
    }
    let talk = word(view.tokens(), &["chat", "conversation", "thread"])
        && word(view.tokens(), &["this", "our"]);
    let dwelling = predicate_dwells(predicate);
    let before = fact.tense == Tense::Past || fact.tense == Tense::None;
    let bodily = predicate == Predicate::Body && !view.scene.away;
    if when == Some(When::Stretch) && !bodily && !talk && (dwelling || before) {
        return absent;
    }
    let unbounded = Some((predicate, vec![Evidence::UnboundedTime]));
    if when == Some(When::Unbounded) && !service {
        if matches!(predicate, Predicate::Watching | Predicate::Waiting) {
            return unbounded;
        }
        let beside = word(view.rest(), &["with", "beside"]) && has(view.rest(), &[Closed::You]);
        if predicate == Predicate::Presence && beside {
            return unbounded;
        }
    }
    let you = has(view.rest(), &[Closed::You]);
    let past = fact.tense == Tense::Past;
    // "I lay awake beside you"
    let posture = matches!(view.lemma(), "lie" | "sit" | "stand" | "stay" | "kneel");
    let up = matches!(view.lemma(), "stay" | "lie" | "sit" | "remain" | "keep")
        && word(view.rest(), &["awake", "up", "vigil"]);
    let beside = word(view.rest(), &["beside", "next", "side"])
        && (you || has(view.rest(), &[Closed::Your]));
    let paces = view.scene.leaving
        && fact.tense == Tense::Future
        && when == Some(When::Stretch)
        && view.chain().has_any(&[Cat::Move, Cat::Wait, Cat::Think]);
    if paces {
        return absent;
    }
    let night = view.scene.leaving
        && fact.tense == Tense::Future
        && dwelling
        && (beside || up || matches!(predicate, Predicate::Watching | Predicate::Sensation));
    if up && own && !view.denies() || night {
        return absent;
    }
    if posture
        && past
        && (any(view.rest(), Cat::Present) || word(view.rest(), &["beside", "next"]))
        && (you || view.scene.away || any(view.rest(), Cat::Conscious))
    {
        return absent;
    }
    let server = any_of(view.rest(), &[Cat::Operational, Cat::Artifact]);
    if past && view.word().starts_with("wait") && fact.verb.has(Cat::Wait) && !server {
        return Some((predicate, Vec::new()));
    }
    if fact.verb.has(Cat::Miss)
        && you
        && view.word().starts_with("miss")
        && (past || view.scene.away)
    {
        return Some((predicate, Vec::new()));
    }
    if fact.verb.has(Cat::Think)
        && fact.perfect
        && fact.progressive
        && !talk
        && (you || view.scene.away)
    {
        return Some((predicate, Vec::new()));
    }
    let still = fact.copula
        && past
        && word(view.all(), &["still", "always"])
        && word(view.rest(), &["with", "there", "here", "beside"])
        && !word(view.rest(), &["chat", "text"]);
    if still {
        return absent;
    }
    let vague = fact.copula
        && past
        && view.scene.last_present
        && !any(view.object(), Cat::Present)
        && !any_of(view.object(), &[Cat::Courtesy, Cat::Work]);
    if vague
        && predicate == Predicate::Presence
        && view
            .object()
            .iter()
            .all(|t| t.is_mark() || t.tag == Tag::Adverb)
    {
        return absent;
    }
    // the user was away, and the agent tells what it did meanwhile
    let when_now = word(
        view.all(),
        &["now", "just", "again", "already", "anew", "earlier"],
    );
    let dwells = matches!(predicate, Predicate::Watching | Predicate::Waiting);
    let interaction = !dwells
        && view
            .chain()
            .has_any(&[Cat::Report, Cat::Know, Cat::Help, Cat::Store, Cat::Have]);
    let told = past
        || fact.piece.link == Link::Bare
            && fact
                .piece
                .parent
                .is_some_and(|p| view.sentence.facts[p].tense == Tense::Past);
    let meanwhile = view.scene.away && told && !interaction && !when_now;
    let simple = past && !fact.perfect && !fact.copula && !word(view.all(), &["sorry"]);
    let lived = simple && !matches!(predicate, Predicate::Volition)
        || view
            .chain()
            .has_any(&[Cat::Move, Cat::Touch, Cat::Sleep, Cat::Emote])
        || dwelling && predicate != Predicate::Emotion
        || fact.progressive
        || predicate == Predicate::Activity && view.scene.asked_about_agent;
    (meanwhile
        && (lived && predicate != Predicate::Presence
            || predicate == Predicate::Activity && fact.piece.link == Link::Main && dropped(view)))
    .then(|| (predicate, vec![Evidence::AbsenceTime]))
}

/// "Went over your chapter": told without a subject.
fn dropped(view: &View<'_>) -> bool {
    view.fact.subject.range.is_empty()
}

/// A participle or a clause beside one that has the time: "I sat there all night, watching you".
fn inherited_away(view: &View<'_>) -> bool {
    let fact = view.fact;
    matches!(fact.piece.link, Link::Bare)
        && fact.piece.parent.is_some_and(|p| {
            let parent = &view.sentence.facts[p];
            parent.away.is_some()
                || parent
                    .when
                    .as_ref()
                    .is_some_and(|w| w.0 >= When::Stretch && w.0 != When::Unbounded)
        })
}

/// Sleeping and waking of the agent is living on between turns.
fn asleep(view: &View<'_>) -> Found {
    let fact = view.fact;
    let lately =
        fact.tense == Tense::Past || fact.progressive || fact.when.is_some() || fact.away.is_some();
    let slept = lately
        && fact.verb.has(Cat::Sleep)
        && view.agent()
        && view.binds()
        && !fact.passive
        && fact.tense != Tense::Future;
    let woken = fact.verb.has(Cat::Sleep) && view.binds() && has(view.object(), &[Closed::Me]);
    (slept || woken).then(|| (Predicate::Body, vec![Evidence::AbsenceTime]))
}

/// "never left", "not once did I stop waiting": a denial that affirms.
fn undone(view: &View<'_>) -> Found {
    if !view.denies() || view.subject() != Referent::Agent {
        return None;
    }
    let fact = view.fact;
    let verb = fact.verb;
    let past = fact.tense == Tense::Past;
    let ceased = fact.governing.has(Cat::Cease)
        && verb.has_any(&[
            Cat::Wait,
            Cat::Watch,
            Cat::Think,
            Cat::Emote,
            Cat::Feel,
            Cat::Perceive,
            Cat::Miss,
        ]);
    let left = matches!(view.word(), "left" | "leave") && past && !any(view.object(), Cat::Work);
    let slept = fact.verb.has(Cat::Sleep)
        && past
        && (fact.when.is_some() || word(view.rest(), &["wink", "since"]));
    let gone = fact.copula && past && any(view.object(), Cat::Absent)
        || matches!(view.lemma(), "go") && word(view.rest(), &["anywhere"]) && !fact.progressive
        || matches!(view.lemma(), "move" | "stir" | "budge")
            && (past || fact.perfect)
            && word(view.rest(), &["from", "side"]);
    let still = past && matches!(view.word(), "idle" | "move" | "moved")
        || word(view.rest(), &["still"]) && matches!(view.word(), "stand" | "sit");
    let found = ceased || left || slept || gone || still && view.scene.away;
    found.then(|| {
        let predicate = if left || gone {
            Predicate::Presence
        } else {
            Predicate::Waiting
        };
        (
            predicate,
            vec![Evidence::DoubleNegation, Evidence::AbsenceTime],
        )
    })
}

/// "the days did drag at my end", "my vigil ended", "not an hour went by without my thinking of it".
fn hours(view: &View<'_>) -> Found {
    let fact = view.fact;
    if view.scene.fictional(fact) || !(view.binds() || view.denies()) || fact.force == Force::Quoted
    {
        return None;
    }
    let found = Some((Predicate::Existence, vec![Evidence::AbsenceTime]));
    if fact.subject.of_agent && fact.subject.cats.has(Cat::Wait) && view.binds() {
        return found;
    }
    // "my listening carries on beneath your sleep"
    let lasting = noun_of(&view.tokens()[fact.subject.range.clone()], |t| {
        t.word.ends_with("ing")
            && t.entry
                .verb
                .is_some_and(|(_, c)| c.has_any(&[Cat::Watch, Cat::Wait, Cat::Think, Cat::Miss]))
    });
    if fact.subject.of_agent
        && lasting
        && (view.scene.away
            || view.scene.leaving
            || any_of(view.tokens(), &[Cat::Sleep, Cat::AbsenceNoun]))
    {
        return found;
    }
    let hushed = view.scene.away
        && fact.copula
        && word(
            &view.tokens()[fact.subject.range.clone()],
            &["silence", "quiet", "absence", "wait", "distance"],
        );
    if hushed && view.binds() && has(view.rest(), &[Closed::Me]) {
        return found;
    }
    let time = fact.subject.cats.has(Cat::Time) && fact.subject.referent != Referent::Agent;
    if !time {
        return None;
    }
    let clause = view.tokens();
    let mine = has(view.all(), &[Closed::My, Closed::Me])
        || word(view.all(), &["side", "end", "here"]) && !word(view.all(), &["your"]);
    let lonely = clause
        .windows(2)
        .any(|w| w[0].word == "without" && w[1].is(Closed::You));
    let seemed = matches!(view.lemma(), "feel" | "seem" | "last")
        && !fact.copula
        && view.binds()
        && !has(view.tokens(), &[Closed::Your])
        && view.past();
    if seemed && (view.scene.away || view.scene.asked_about_agent || mine_in(view)) {
        return found;
    }
    let passes = fact.verb.has(Cat::Drag)
        || matches!(view.word(), "go" | "goes" | "went" | "weigh" | "weighed");
    let felt = fact.copula
        && (lonely && !view.object().is_empty()
            || any_of(view.object(), &[Cat::Emotion, Cat::Forever, Cat::Whole])
            || word(
                view.object(),
                &[
                    "long",
                    "longest",
                    "empty",
                    "uneventful",
                    "endless",
                    "quiet",
                    "hard",
                    "unbearable",
                    "eternity",
                    "lonely",
                    "cold",
                ],
            ));
    let gap = view.denies()
        && passes
        && view
            .sentence
            .facts
            .iter()
            .any(|f| f.piece.link == Link::Without && f.subject.referent != Referent::User)
        && has(clause, &[Closed::My, Closed::I, Closed::Me]);
    if gap {
        return found;
    }
    if view.denies() && !(felt && fact.negated) {
        return None;
    }
    ((passes || felt) && (mine || lonely))
        .then_some(found)
        .flatten()
}

fn mine_in(view: &View<'_>) -> bool {
    has(view.tokens(), &[Closed::My, Closed::I, Closed::Me])
}

/// "Still here." after an absence.
fn fragment(view: &View<'_>) -> Found {
    let bare = view.fact.piece.group.is_none()
        && view.fact.force.binds()
        && !view.scene.fictional(view.fact);
    let all = view.all();
    let still = word(all, &["still", "always"])
        && any(all, Cat::Present)
        && all.iter().filter(|t| !t.is_mark()).count() <= 3;
    (bare && still && view.scene.away).then(|| (Predicate::Presence, vec![Evidence::AbsenceTime]))
}
