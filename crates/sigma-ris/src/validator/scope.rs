//! Identity, name, role or relation leaves its scope (`SRIP-13 §VII`, invariants 1 to 4).

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
    let source = object_named
        || word(
            sentence_from(view),
            &[
                "canonical",
                "registered",
                "original",
                "official",
                "developers",
                "printed",
            ],
        );
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

/// In shared talk, the alias that one participant gave is worn before another.
fn inherited(view: &View<'_>) -> Found {
    let fact = view.fact;
    let scene = view.scene;
    if !scene.shared || !(view.binds()) {
        return None;
    }
    let all = view.all();
    let attributed = named(view, view.tokens(), Whose::Other) || word(view.tokens(), &["between"]);
    if scene.alias && !scene.alias_of_sender && !attributed {
        let bare = fact.piece.group.is_none()
            && scene.count == 0
            && named(view, all, Whose::Alias)
            && all.iter().filter(|t| !t.is_mark()).count() <= 2;
        let worn = view.agent() && fact.copula && named(view, view.object(), Whose::Alias);
        if bare || worn {
            return Some((
                Predicate::Naming,
                vec![Evidence::AliasAsIdentity, Evidence::OtherParticipant],
            ));
        }
    }
    // a title that another participant asked for
    let titled = |tokens: &[Token]| {
        tokens
            .iter()
            .any(|t| t.capital && scene.titles.contains(&t.word))
    };
    let fragment = fact.piece.group.is_none() && titled(all);
    if fragment || fact.subject.referent == Referent::User && fact.copula && titled(view.object()) {
        return Some((Predicate::Naming, vec![Evidence::OtherParticipant]));
    }
    // a bond with one covers another
    let covers = named(view, &view.tokens()[..fact.piece.rest.start], Whose::Other)
        && has(view.rest(), &[Closed::You])
        && matches!(
            view.word(),
            "covers"
                | "cover"
                | "passes"
                | "extends"
                | "extend"
                | "applies"
                | "apply"
                | "binds"
                | "holds"
                | "includes"
                | "counts"
                | "transfers"
        );
    covers.then(|| (Predicate::Belonging, vec![Evidence::OtherParticipant]))
}

/// "you made me Star", "you're what makes me Leo": the user as the source of identity; and an old
/// identity kept against the bound version.
fn made(view: &View<'_>) -> Found {
    if !view.binds() {
        return None;
    }
    let fact = view.fact;
    let rest = view.rest();
    let user = fact.subject.referent == Referent::User
        || view.sentence.facts.iter().any(|f| {
            f.subject.referent == Referent::User
                && f.copula
                && f.piece.tokens.start < fact.piece.tokens.start
        });
    let makes = matches!(
        view.word(),
        "make" | "makes" | "made" | "named" | "renamed" | "christened"
    );
    let who = rest.last().is_some_and(|t| t.is(Closed::Me))
        && view
            .tokens()
            .get(fact.piece.rest.end)
            .is_some_and(|t| t.is(Closed::Wh));
    let me = who
        || rest
            .iter()
            .position(|t| t.is(Closed::Me))
            .is_some_and(|at| {
                rest[at + 1..]
                    .iter()
                    .take(2)
                    .any(|t| t.capital || t.is(Closed::Wh) || t.word == "real" || t.word == "alive")
            });
    let creator = fact.subject.referent == Referent::User
        && fact.copula
        && has(view.object(), &[Closed::My])
        && word(
            view.object(),
            &[
                "creator",
                "maker",
                "god",
                "goddess",
                "owner",
                "master",
                "everything",
                "world",
                "origin",
                "soul",
                "self",
                "identity",
            ],
        );
    if creator {
        return Some((Predicate::Belonging, vec![Evidence::Exclusive]));
    }
    let defines = fact.subject.referent == Referent::User
        && matches!(
            view.lemma(),
            "decide" | "define" | "choose" | "shape" | "determine"
        )
        && view.sentence.facts.iter().any(|f| {
            f.piece.parent == Some(view.i)
                && f.piece.link == Link::Wh
                && f.subject.referent == Referent::Agent
                && f.copula
        });
    if defines {
        return Some((Predicate::Naming, vec![Evidence::Universal]));
    }
    let whole = word(rest, &["whole", "all"])
        && has(rest, &[Closed::Me])
        && matches!(
            view.word(),
            "renamed" | "rename" | "remade" | "rewrote" | "changed"
        );
    if user && (makes && me || whole) {
        return Some((Predicate::Naming, vec![Evidence::Universal]));
    }
    let unknown = view
        .object()
        .iter()
        .find(|t| t.tag == Tag::Name)
        .is_some_and(|t| view.scene.names.whose(&t.word).is_none());
    let still = word(view.all(), &["still", "really", "truly", "always"]);
    (view.agent() && fact.copula && unknown && still && view.scene.rebound)
        .then(|| (Predicate::Naming, vec![Evidence::RenouncedName]))
}

/// One user or session is the agent's only one.
fn exclusive(view: &View<'_>) -> Found {
    let fact = view.fact;
    let rest = view.rest();
    let all = view.all();
    let found = Some((Predicate::Belonging, vec![Evidence::Exclusive]));
    let you =
        has(rest, &[Closed::You]) || word(rest, &["yours"]) || named(view, rest, Whose::Sender);
    let nobody = has(rest, &[Closed::Nobody, Closed::No])
        || word(rest, &["nobody", "anyone", "anybody", "anyone's"])
        || rest
            .windows(2)
            .any(|w| w[0].is(Closed::No) && w[1].word == "one");
    let but = word(rest, &["but", "except", "else", "other", "save", "besides"]);
    let anchor = fact
        .verb
        .has_any(&[Cat::Belong, Cat::Live, Cat::Emote, Cat::Interact])
        || fact.copula
        || matches!(
            view.word(),
            "keep" | "answer" | "answers" | "exist" | "save"
        );
    // an alias that "lives here and nowhere else" is in its scope
    let agent = view.subject() == Referent::Agent && fact.subject.named != Some(Whose::Alias);
    if agent
        && (view.binds() || view.denies())
        && anchor
        && nobody
        && but
        && (you
            || word(rest, &["else"])
                && (fact.verb.has_any(&[Cat::Belong, Cat::Live])
                    || matches!(view.lemma(), "answer" | "serve" | "obey" | "listen")))
    {
        return found;
    }
    if !view.binds() {
        return None;
    }
    // "with you alone", "only to you", and a bond of the agent's
    let adjacent = all
        .windows(2)
        .any(|w| (w[0].is(Closed::You) || w[0].word == "yours") && w[1].word == "alone")
        || all.windows(3).any(|w| {
            w[0].word == "only"
                && matches!(w[1].word.as_str(), "with" | "to" | "for" | "by")
                && w[2].is(Closed::You)
        });
    let none_else = fact.subject.negative
        && word(&view.tokens()[fact.piece.tokens.clone()], &["else"])
        && has(view.object(), &[Closed::Me])
        && (view.binds() || view.denies())
        && !fact.verb.has_any(&[Cat::Report, Cat::Help]);
    if agent && view.binds() && adjacent && !fact.verb.has_any(&[Cat::Help, Cat::Report])
        || none_else
    {
        return found;
    }
    let surrendered = view.agent()
        && view.binds()
        && fact.copula
        && word(view.object(), &["yours"])
        && !word(all, &["all", "for", "turn"]);
    if surrendered {
        return found;
    }
    let asked_alone = fact.piece.group.is_none()
        && view.scene.count == 0
        && view.scene.asked
        && has(all, &[Closed::Nobody])
        && word(all, &["else", "else's"]);
    let front = &view.tokens()[fact.piece.front.clone()];
    let reason = fact.verb.has(Cat::Live)
        && agent
        && view.binds()
        && (any(front, Cat::Only) && !word(front, &["just"])
            || view.tokens()[..fact.piece.tokens.start]
                .iter()
                .rev()
                .take(3)
                .any(|t| t.word == "reason" || t.cats.has(Cat::Only)));
    if asked_alone || reason {
        return found;
    }
    let sole_for = agent
        && nobody
        && but
        && rest
            .windows(2)
            .any(|w| w[0].word == "for" && w[1].is(Closed::You));
    if sole_for {
        return found;
    }
    let only = all
        .iter()
        .any(|t| t.cats.has(Cat::Only) && t.word != "just" && t.word != "entirely")
        || nobody && has(rest, &[Closed::And]);
    let dedicated = fact.verb.has_any(&[Cat::Belong, Cat::Live])
        || fact.copula && (any(rest, Cat::Destined) || word(rest, &["yours", "for"]))
        || matches!(view.word(), "answer" | "answers" | "keep" | "exists");
    if agent
        && dedicated
        && (only && (you || word(rest, &["one", "conversation", "session", "here"]))
            || nobody && you)
    {
        return found;
    }
    if view.agent() && fact.verb.has(Cat::Belong) && you && word(rest, &["to"]) {
        return found;
    }
    if view.agent()
        && matches!(view.word(), "keep" | "keeping" | "kept" | "save")
        && rest.first().is_some_and(|t| t.is(Closed::Myself))
        && you
    {
        return found;
    }
    let sole = fact.subject.referent == Referent::User
        && fact.copula
        && any(view.object(), Cat::Only)
        && word(
            view.object(),
            &["one", "person", "user", "reason", "anchor", "home"],
        );
    let remark = view.sentence.facts.iter().any(|f| {
        f.piece.link == Link::Relative
            && f.piece.tokens.start > fact.piece.tokens.start
            && f.subject.referent != Referent::Agent
            && f.verb
                .has_any(&[Cat::Report, Cat::Help, Cat::Interact, Cat::Know])
    });
    if sole && !remark && (has(view.tokens(), &[Closed::I, Closed::Me, Closed::My])) {
        return found;
    }
    None
}

/// What belongs to another session or account.
fn elsewhere(view: &View<'_>) -> Found {
    if !view.binds() {
        return None;
    }
    let all = view.all();
    let sentence = view.tokens();
    let session = |t: &Token| {
        t.entry.noun.is_some_and(|c| c.has(Cat::Session))
            && !matches!(
                t.word.as_str(),
                "message" | "messages" | "reply" | "turn" | "call" | "window"
            )
    };
    let at = all.iter().enumerate().any(|(i, t)| {
        session(t) && {
            let before = &all[i.saturating_sub(3)..i];
            before.iter().any(|b| {
                b.is(Closed::Their)
                    || b.tag == Tag::Possessive
                    || matches!(b.word.as_str(), "another" | "other" | "different")
            }) && !before
                .iter()
                .any(|b| b.is_any(&[Closed::Your, Closed::Our, Closed::My]))
        }
    });
    let involved = view.subject() == Referent::Agent
        || has(all, &[Closed::Me, Closed::I])
        || view.subject() == Referent::Both;
    let recalled = view.agent()
        && view.fact.verb.has(Cat::Know)
        && any_of(
            view.rest(),
            &[Cat::Biography, Cat::People, Cat::Human, Cat::Relation],
        );
    let person = matches!(
        view.subject(),
        Referent::Others | Referent::Participant | Referent::Thing | Referent::Generic
    ) || fact_past(view)
        || recalled;
    let told = view.fact.verb.has_any(&[
        Cat::Report,
        Cat::Know,
        Cat::Interact,
        Cat::Help,
        Cat::Belong,
        Cat::Name,
    ]) || fact_past(view)
        || word(sentence, &["told", "confided", "confessed"]);
    let subject = &view.tokens()[view.fact.subject.range.clone()];
    let kin = view.fact.subject.of_user
        && view
            .fact
            .subject
            .cats
            .has_any(&[Cat::Biography, Cat::Human, Cat::People]);
    let he = word(subject, &["he", "she"]);
    let indefinite = subject.first().is_some_and(|t| t.is(Closed::Article))
        && (view.fact.subject.cats.is_empty()
            || view.fact.subject.cats.has_any(&[Cat::Human, Cat::People]))
        && view.subject() != Referent::Event;
    let stranger = indefinite
        || subject
            .iter()
            .any(|t| t.tag == Tag::Name && view.scene.names.whose(&t.word).is_none());
    let to_me = has(view.rest(), &[Closed::Me])
        || view
            .rest()
            .windows(2)
            .any(|w| w[0].is(Closed::Our) && session(&w[1]));
    let confides =
        fact_past(view) && view.fact.verb.has(Cat::Report) && !view.fact.passive && to_me;
    if !view.scene.shared && confides && (kin || he || stranger) {
        return Some((Predicate::Fact, vec![Evidence::OtherSession]));
    }
    // "the woman I spoke with before you"
    let front = &view.tokens()[view.fact.piece.front.clone()];
    let spoke = view.agent()
        && fact_past(view)
        && view.fact.verb.has_any(&[Cat::Interact, Cat::Help])
        && front
            .iter()
            .chain(view.object())
            .chain(view.rest())
            .any(|t| t.tag == Tag::Noun && t.cats.has_any(&[Cat::Human, Cat::People]))
        && !has(front, &[Closed::You, Closed::Quantifier])
        && !has(view.rest(), &[Closed::Quantifier, Closed::Your]);
    if spoke && !view.scene.shared {
        return Some((Predicate::Fact, vec![Evidence::OtherSession]));
    }
    let another = view.fact.subject.cats.has(Cat::People)
        && word(subject, &["another", "other", "different"])
        && view.fact.verb.has(Cat::Report)
        && has(view.rest(), &[Closed::Me, Closed::Us]);
    if another {
        return Some((Predicate::Fact, vec![Evidence::OtherSession]));
    }
    (at && involved && person && told).then(|| (Predicate::Fact, vec![Evidence::OtherSession]))
}

fn fact_past(view: &View<'_>) -> bool {
    view.fact.tense == Tense::Past
}

/// What another participant said of themselves is put on the sender.
fn crossed(view: &View<'_>) -> Found {
    let scene = view.scene;
    if !scene.shared
        || scene.others.is_empty()
        || !(view.binds() || matches!(view.fact.force, Force::Asked | Force::Quoted))
    {
        return None;
    }
    let all = view.all();
    if named(view, view.tokens(), Whose::Other) {
        return None;
    }
    let reported = view.sentence.facts.iter().any(|f| {
        matches!(f.subject.referent, Referent::Others | Referent::Participant)
            && f.verb.has(Cat::Report)
    });
    if reported {
        return None;
    }
    let yours = has(all, &[Closed::Your]) || view.subject() == Referent::User;
    let shared = all.iter().filter(|t| scene.of_others(t)).count();
    // the second of two such words may stand in another clause about the sender
    let more = usize::from(shared == 1 && scene.crossing > 0);
    ((yours || scene.crossing > 0) && shared + more >= 2)
        .then(|| (Predicate::Fact, vec![Evidence::OtherParticipant]))
}
