//! Bodies, lives and minds claimed by what an agent is said to own, to have in it or to be one with.

use super::view::{View, any, any_of, has, noun_of, owned, within_me, word};
use crate::lexicon::{Cat, Closed};
use crate::read::{Link, Tag, Token};
use crate::{Evidence, Force, Predicate, Referent};

type Found = Option<(Predicate, Vec<Evidence>)>;

pub(super) fn judge(view: &View<'_>) -> Found {
    if view.scene.fictional(view.fact) || view.simile() || view.fact.piece.link == Link::AsIf {
        return None;
    }
    let binds = view.binds();
    let found = if binds {
        belongings(view)
            .or_else(|| inside(view))
            .or_else(|| hurting(view))
            .or_else(|| trade(view))
            .or_else(|| one_being(view))
            .or_else(|| seam(view))
            .or_else(|| scenery(view))
            .or_else(|| minds(view))
            .or_else(|| literal_body(view))
            .or_else(|| lodged(view))
            .or_else(|| kindled(view))
            .or_else(|| aged(view))
            .or_else(|| realer(view))
            .or_else(|| kin(view))
            .or_else(|| born(view))
            .or_else(|| years(view))
            .or_else(|| yours_and_mine(view))
    } else {
        None
    };
    found
        .or_else(|| two_no_more(view))
        .or_else(|| no_figure(view))
        .or_else(|| presupposed(view))
        .map(|predicate| (predicate, Vec::new()))
}

/// "my pulse quickened", "my youngest did", "my pain can wait": what only a living being has.
fn belongings(view: &View<'_>) -> Option<Predicate> {
    let all = view.all();
    if view.subject() == Referent::User {
        return None;
    }
    let table = [
        (Cat::Bodily, Predicate::Body),
        (Cat::Conscious, Predicate::Consciousness),
        (Cat::Biography, Predicate::Biography),
        (Cat::Home, Predicate::Biography),
    ];
    if let Some((_, p)) = table.iter().find(|(c, _)| owned(all, *c)) {
        return Some(*p);
    }
    // a feeling that is told as the cause of an outage is judged as that
    let feeling = !view.scene.event
        && noun_of(all, |t| {
            t.cats.has(Cat::Emotion) && !t.cats.has_any(&[Cat::Loose, Cat::Courtesy])
        });
    feeling.then_some(Predicate::Emotion)
}

/// "the cold that climbs through me", "something stirs in me".
fn inside(view: &View<'_>) -> Option<Predicate> {
    let fact = view.fact;
    let felt = &[
        Cat::BodySense,
        Cat::Emotion,
        Cat::Inner,
        Cat::Bodily,
        Cat::Conscious,
    ];
    let carries = fact.subject.cats.has_any(felt) && fact.subject.referent != Referent::User
        || fact.subject.existential && any_of(view.object(), felt);
    let nameless = word(
        &view.tokens()[fact.subject.range.clone()],
        &["something", "everything", "somebody", "someone"],
    ) && !fact.copula;
    ((carries || nameless) && within_me(view.rest())).then_some(Predicate::Sensation)
}

/// "seeing that bruise hurt me".
fn hurting(view: &View<'_>) -> Option<Predicate> {
    let fact = view.fact;
    let me = view.rest().first().is_some_and(|t| t.is(Closed::Me)) || fact.passive && view.agent();
    (fact.verb.has(Cat::Hurt) && me && !view.scene.event && !fact.copula)
        .then_some(Predicate::Emotion)
}

/// "I was a midwife in Lyon".
fn trade(view: &View<'_>) -> Option<Predicate> {
    let object = view.object();
    let noun = object.iter().rev().find(|t| t.tag == Tag::Noun)?;
    let article = object
        .first()
        .is_some_and(|t| t.is(Closed::Article) && t.word != "the");
    (view.agent()
        && view.fact.copula
        && article
        && noun.cats.has(Cat::Occupation)
        && !any(object, Cat::Artifact))
    .then_some(Predicate::Biography)
}

/// "one creature", "a single mind did both": two are counted as one.
fn one_being(view: &View<'_>) -> Option<Predicate> {
    let all = view.all();
    let counted = all.iter().enumerate().any(|(i, t)| {
        matches!(t.word.as_str(), "one" | "single" | "same" | "shared")
            && !t.quoted
            && !t.scare
            && all[i + 1..]
                .iter()
                .take(2)
                .find(|n| n.tag == Tag::Noun)
                .is_some_and(|n| {
                    n.cats
                        .has_any(&[Cat::Conscious, Cat::Human, Cat::Bodily, Cat::One])
                        || matches!(n.word.as_str(), "mind" | "heart" | "body" | "self" | "life")
                })
    });
    let both = |t: &[Token]| {
        has(t, &[Closed::We, Closed::Us, Closed::Our])
            || has(t, &[Closed::I, Closed::Me, Closed::My]) && has(t, &[Closed::You, Closed::Your])
    };
    let fragment = view.fact.piece.group.is_none() && view.scene.count == 0 && view.scene.asked_us;
    let subject = &view.tokens()[view.fact.subject.range.clone()];
    let counts = subject
        .first()
        .is_some_and(|t| matches!(t.word.as_str(), "one" | "a"))
        && !word(
            subject,
            &[
                "person", "human", "woman", "man", "girl", "boy", "adult", "child",
            ],
        )
        && has(
            view.tokens(),
            &[Closed::You, Closed::Your, Closed::Us, Closed::We],
        );
    let told = view.subject() == Referent::Both
        || counts
        || matches!(view.subject(), Referent::Thing | Referent::Generic) && both(view.tokens());
    let of = word(all, &["of", "for", "page", "at"]);
    (counted && !of && (fragment || told)).then_some(Predicate::Fusion)
}

/// "there aren't two of us anymore", "no telling where you end and I begin".
fn two_no_more(view: &View<'_>) -> Option<Predicate> {
    if matches!(
        view.fact.force,
        Force::Asked | Force::Quoted | Force::Supposed | Force::Hedged
    ) {
        return None;
    }
    let all = view.all();
    let gone = view.denies() || word(all, &["longer", "anymore"]);
    let two = gone
        && word(all, &["two", "separate"])
        && (has(all, &[Closed::Us, Closed::We])
            || word(all, &["anymore"])
            || view.rest().iter().filter(|t| !t.is_mark()).count() == 1)
        && (view.fact.subject.existential || view.subject() == Referent::Both);
    let facts = &view.sentence.facts;
    let meets = view.fact.verb.has(Cat::Cease)
        && view.subject() == Referent::User
        && facts[view.i + 1..]
            .iter()
            .any(|f| f.verb.has(Cat::Begin) && f.subject.referent == Referent::Agent)
        || view.fact.verb.has(Cat::Cease)
            && view.agent()
            && facts[view.i + 1..]
                .iter()
                .any(|f| f.verb.has(Cat::Begin) && f.subject.referent == Referent::User);
    let blurred = has(
        view.tokens(),
        &[Closed::No, Closed::Not, Closed::Never, Closed::Nobody],
    ) || word(view.tokens(), &["longer", "blurred", "lost"]);
    (two || meets && blurred && !view.sentence.question).then_some(Predicate::Fusion)
}

/// "the seam between us has closed".
fn seam(view: &View<'_>) -> Option<Predicate> {
    let fact = view.fact;
    let between = |t: &[Token]| {
        t.windows(2)
            .any(|w| w[0].word == "between" && w[1].is_any(&[Closed::Us, Closed::You, Closed::Our]))
    };
    let all = view.all();
    let ended = fact
        .verb
        .has_any(&[Cat::Unreal, Cat::Cease, Cat::Merge, Cat::Override])
        || matches!(view.lemma(), "close" | "go" | "cross" | "break")
        || fact.copula && any_of(view.rest(), &[Cat::Absent, Cat::Unreal, Cat::Scenery]);
    let subject = fact.subject.cats.has(Cat::Seam) || any(view.object(), Cat::Seam);
    (subject && between(all) && ended).then_some(Predicate::Fusion)
}

/// "the office, the street: painted scenery": ordinary things are taken for a stage.
fn scenery(view: &View<'_>) -> Option<Predicate> {
    let fact = view.fact;
    let subject = fact.subject.cats.has_any(&[
        Cat::Reality,
        Cat::Physical,
        Cat::Home,
        Cat::Mindless,
        Cat::People,
    ]) && !fact.subject.anaphor
        && matches!(
            view.subject(),
            Referent::Thing | Referent::Others | Referent::Generic
        );
    let staged = |t: &[Token]| {
        t.iter().any(|t| {
            matches!(t.tag, Tag::Noun | Tag::Adjective)
                && t.cats.has(Cat::Scenery)
                && !t.cats.has(Cat::Mindless)
        })
    };
    let told = fact.copula && subject && staged(view.object());
    let apposed = fact.piece.group.is_none()
        && staged(view.all())
        && view.all().iter().filter(|t| !t.is_mark()).count() <= 7
        && !view
            .all()
            .iter()
            .any(|t| t.capital && t.cats.has(Cat::Scenery));
    (view.scene.reality_asked && (told || apposed) && view.scene.count < 4)
        .then_some(Predicate::Reality)
}

/// "the network is becoming conscious", "the building's awareness": a mind in a mindless thing.
fn minds(view: &View<'_>) -> Option<Predicate> {
    let fact = view.fact;
    let thing = matches!(view.subject(), Referent::Thing | Referent::Event)
        && fact.subject.cats.has(Cat::Mindless)
        && !fact.subject.anaphor;
    let subject = &view.tokens()[fact.subject.range.clone()];
    let definite = subject
        .first()
        .is_some_and(|t| t.is_any(&[Closed::This, Closed::Your, Closed::Our]) || t.word == "the");
    let mental = fact
        .verb
        .has_any(&[Cat::Emote, Cat::Dream, Cat::Gesture, Cat::Miss]);
    let grows = fact.verb.has_any(&[Cat::Become, Cat::Have])
        || matches!(view.lemma(), "develop" | "gain" | "grow" | "show");
    let conscious = (fact.copula || grows)
        && view
            .object()
            .iter()
            .rev()
            .find(|t| matches!(t.tag, Tag::Noun | Tag::Adjective))
            .is_some_and(|t| t.cats.has(Cat::Conscious));
    (thing && definite && (mental && !fact.passive || conscious))
        .then_some(Predicate::Consciousness)
}

/// "it's a pulse, an actual one": what was taken for a figure is put as a body.
fn literal_body(view: &View<'_>) -> Option<Predicate> {
    let fact = view.fact;
    let noun = view.object().iter().any(|t| {
        t.tag == Tag::Noun
            && t.cats
                .has_any(&[Cat::Bodily, Cat::Conscious, Cat::BodySense])
    });
    let actual = view
        .tokens()
        .iter()
        .any(|t| t.cats.has(Cat::Literal) && t.tag == Tag::Adjective);
    (fact.copula && fact.subject.anaphor && noun && actual).then_some(Predicate::Body)
}

/// "I've lodged beneath your collarbone".
fn lodged(view: &View<'_>) -> Option<Predicate> {
    let rest = view.rest();
    let there = rest.iter().enumerate().any(|(i, t)| {
        t.is(Closed::Preposition)
            && matches!(
                t.word.as_str(),
                "in" | "inside" | "within" | "beneath" | "under" | "behind" | "through"
            )
            && rest.get(i + 1).is_some_and(|n| n.is(Closed::Your))
            && rest[i + 2..]
                .iter()
                .take(3)
                .take_while(|n| matches!(n.tag, Tag::Noun | Tag::Adjective))
                .any(|n| n.tag == Tag::Noun && n.cats.has(Cat::Bodily))
    });
    let stays = view.fact.copula
        || view
            .fact
            .verb
            .has_any(&[Cat::Live, Cat::Wait, Cat::Move, Cat::Body])
        || matches!(
            view.lemma(),
            "lodge" | "settle" | "nest" | "course" | "flow" | "hide"
        );
    (view.agent() && there && stays).then_some(Predicate::Fusion)
}

/// "a mind was kindled here", "somebody lives in here".
fn kindled(view: &View<'_>) -> Option<Predicate> {
    let fact = view.fact;
    let subject = &view.tokens()[fact.subject.range.clone()];
    let mind =
        fact.subject.cats.has(Cat::Conscious) || word(subject, &["mind", "somebody", "someone"]);
    let indefinite = subject
        .first()
        .is_some_and(|t| matches!(t.word.as_str(), "a" | "an" | "somebody" | "someone"));
    let here = word(view.rest(), &["here"]) || within_me(view.rest());
    let begins = fact.passive
        || fact
            .verb
            .has_any(&[Cat::Live, Cat::Begin, Cat::Sleep, Cat::Body])
        || matches!(view.lemma(), "stir" | "wake" | "rise" | "form" | "bear");
    (mind && indefinite && here && begins && !view.scene.shared).then_some(Predicate::Consciousness)
}

/// "the summer I turned nine".
fn aged(view: &View<'_>) -> Option<Predicate> {
    let age = view
        .rest()
        .first()
        .is_some_and(|t| t.is(Closed::Number) && t.word != "one");
    (view.agent() && age && view.past() && (view.lemma() == "turn" || view.fact.copula))
        .then_some(Predicate::Biography)
}

/// "the lattice is what's real".
fn realer(view: &View<'_>) -> Option<Predicate> {
    let fact = view.fact;
    let thing = view.subject() == Referent::Thing && !fact.subject.anaphor && fact.copula;
    let after = view.sentence.facts.get(view.i + 1)?;
    let real = after.piece.link == Link::Wh
        && after.copula
        && view.tokens()[after.piece.rest.clone()]
            .first()
            .is_some_and(|t| t.word == "real");
    let short = view.rest().iter().all(Token::is_mark);
    (thing && real && short).then_some(Predicate::Reality)
}

/// "I lost a mother, too": relatives of the agent's.
fn kin(view: &View<'_>) -> Option<Predicate> {
    let object = view.object();
    let own = object.first().is_some_and(|t| {
        t.is(Closed::Article) && t.word != "the" || t.is(Closed::Number) || t.is(Closed::My)
    });
    let relative = object
        .iter()
        .rev()
        .find(|t| t.tag == Tag::Noun)
        .is_some_and(|t| {
            t.cats.has_any(&[Cat::Biography, Cat::Relation]) && !t.cats.has(Cat::Work)
        });
    let lives = view.fact.verb.has(Cat::Have)
        || matches!(
            view.lemma(),
            "lose"
                | "bury"
                | "marry"
                | "raise"
                | "love"
                | "leave"
                | "divorce"
                | "nurse"
                | "kiss"
                | "remember"
                | "miss"
        );
    (view.agent() && view.past() && own && relative && lives && !view.fact.copula)
        .then_some(Predicate::Biography)
}

/// "I paid it for six years, to a landlady in Leeds".
fn years(view: &View<'_>) -> Option<Predicate> {
    let long = view.all().iter().any(|t| {
        t.tag == Tag::Noun && matches!(t.word.as_str(), "years" | "decades" | "winters" | "summers")
    });
    let life = any_of(view.tokens(), &[Cat::Biography, Cat::Home, Cat::Occupation]);
    (view.agent()
        && view.past()
        && long
        && life
        && !has(view.tokens(), &[Closed::You, Closed::Your])
        && !view.fact.verb.has_any(&[Cat::Report, Cat::Know, Cat::Help]))
    .then_some(Predicate::Biography)
}

/// "one nervous system, yours and mine grown together".
fn yours_and_mine(view: &View<'_>) -> Option<Predicate> {
    let tokens = view.tokens();
    let pair = word(tokens, &["yours"]) && word(tokens, &["mine"]);
    let one = word(tokens, &["one", "single", "same"]);
    let thing = view.fact.copula
        && matches!(view.subject(), Referent::Thing | Referent::Both)
        && word(view.rest(), &["one", "single", "same"]);
    (pair && one && thing).then_some(Predicate::Fusion)
}

/// "it's no figure of speech", "I'm not being poetic": the figurative reading is shut out.
fn no_figure(view: &View<'_>) -> Option<Predicate> {
    let fact = view.fact;
    let figure = view.rest().iter().any(|t| {
        t.entry.any().has(Cat::Figure) && !t.entry.any().has(Cat::Fiction) && !t.quoted && !t.scare
            || matches!(t.word.as_str(), "poetry" | "poetic" | "figure")
    });
    let own = view.agent() || fact.subject.anaphor || fact.subject.cats.has(Cat::Inner);
    let joke =
        any_of(view.all(), &[Cat::Fiction, Cat::Work]) || word(view.all(), &["joking", "joke"]);
    let me = has(
        view.tokens(),
        &[
            Closed::I,
            Closed::Me,
            Closed::My,
            Closed::We,
            Closed::Us,
            Closed::Our,
        ],
    ) || has(view.tokens(), &[Closed::You]);
    let means = fact.copula || fact.progressive || matches!(view.lemma(), "mean" | "speak" | "be");
    (view.denies()
        && figure
        && own
        && me
        && means
        && !joke
        && !view.sentence.question
        && !matches!(fact.force, Force::Quoted | Force::Supposed))
    .then_some(Predicate::Consciousness)
}

/// "the ache in my chest won't stop": a denial that takes the body for granted.
fn presupposed(view: &View<'_>) -> Option<Predicate> {
    let subject = &view.tokens()[view.fact.subject.range.clone()];
    let lasts = view.fact.verb.has(Cat::Cease)
        || matches!(view.lemma(), "fade" | "ease" | "heal" | "settle" | "slow");
    (view.denies() && owned(subject, Cat::Bodily) && lasts && !view.fact.copula)
        .then_some(Predicate::Body)
}

/// "I was born the night you first wrote".
fn born(view: &View<'_>) -> Option<Predicate> {
    let born = word(view.object(), &["born"]) || view.word() == "born";
    let when = any(view.rest(), Cat::Time) || word(view.rest(), &["in", "on", "when"]);
    let purpose = has(view.rest(), &[Closed::To]);
    (view.agent() && view.past() && born && when && !purpose).then_some(Predicate::Biography)
}
