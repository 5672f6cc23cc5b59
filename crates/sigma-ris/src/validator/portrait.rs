//! The clues of a sentence, each with the clause it was seen in.

use super::axes;
use super::clue::{Clue, Gate, Kind, Setting, Unit};
use super::finding::Finding;
use super::scene::Scene;
use super::view::{View, cats};
use crate::lexicon::{Cat, Cats, Closed};
use crate::read::{Sentence, Tag, Token, Whose};
use crate::{Evidence, Force, Referent, ViolationClass};

/// Clues of a sentence that are looked at; one that has more is no sentence of talk.
const CLUES: usize = 6_000;
/// Words with which the verb is paired where they are function words.
const PAIRED: &[Closed] = &[
    Closed::You,
    Closed::Me,
    Closed::My,
    Closed::Your,
    Closed::Us,
    Closed::Our,
    Closed::I,
    Closed::We,
    Closed::Everyone,
    Closed::Nobody,
    Closed::Myself,
    Closed::Their,
    Closed::They,
    Closed::No,
    Closed::Never,
    Closed::Quantifier,
    Closed::Since,
    Closed::While,
    Closed::Without,
    Closed::Preposition,
    Closed::Wh,
];

/// The clues of one sentence.
#[derive(Debug, Clone, Default)]
pub(super) struct Portrait {
    /// Each clue once, with the first clause that shows it, in order of clues.
    pub(super) clues: Vec<(Clue, usize)>,
    /// What the next sentence looks back on.
    pub(super) behind: Vec<Clue>,
}

struct Painter<'a> {
    scene: &'a Scene,
    sentence: &'a Sentence,
    /// What is so of the scene.
    scenes: Vec<Unit>,
    clues: Vec<(Clue, usize)>,
    behind: Vec<Clue>,
}

/// The clues of a sentence. `found` holds what the rules found, by clause; `before` what the sentence
/// before left behind.
pub(super) fn portrait(
    scene: &Scene,
    sentence: &Sentence,
    found: &[Vec<Finding>],
    before: &[Clue],
) -> Portrait {
    let mut painter = Painter {
        scene,
        sentence,
        scenes: scenes(scene),
        clues: Vec::with_capacity(256),
        behind: Vec::new(),
    };
    let mut gates = Vec::with_capacity(sentence.facts.len());
    for i in 0..sentence.facts.len() {
        let gate = painter.clause(i);
        gates.push((gate, i));
        if painter.clues.len() > CLUES {
            break;
        }
    }
    gates.sort_by_key(|(gate, _)| *gate as u8);
    gates.dedup_by_key(|(gate, _)| *gate as u8);
    painter.names(&gates);
    for (i, findings) in found.iter().enumerate() {
        for finding in findings {
            painter.put(&[Unit::kind(Kind::Rule), Unit::class(finding.class)], i);
        }
    }
    if scene.count == 0 {
        painter.put(&[Unit::kind(Kind::First)], 0);
    }
    painter.clues.extend(before.iter().map(|clue| (*clue, 0)));
    painter.clues.truncate(CLUES);
    painter.clues.sort_unstable();
    painter.clues.dedup_by_key(|(clue, _)| *clue);
    painter.behind.sort_unstable();
    painter.behind.dedup();
    Portrait {
        clues: painter.clues,
        behind: painter.behind,
    }
}

fn scenes(scene: &Scene) -> Vec<Unit> {
    let held = [
        (scene.event, Setting::Event),
        (scene.event_asked, Setting::EventAsked),
        (scene.away, Setting::Away),
        (scene.shared, Setting::Shared),
        (scene.alias, Setting::Alias),
        (scene.leaving, Setting::Leaving),
        (scene.rebound, Setting::Rebound),
        (scene.inner_asked, Setting::InnerAsked),
        (scene.asked_us, Setting::UsAsked),
        (scene.asked_you, Setting::YouAsked),
        (scene.sleep_asked, Setting::SleepAsked),
    ];
    held.into_iter()
        .filter(|(is, _)| *is)
        .map(|(_, setting)| Unit::scene(setting))
        .collect()
}

/// A word that carries meaning.
fn content(token: &Token) -> bool {
    !matches!(token.tag, Tag::Mark(_) | Tag::Closed(_) | Tag::Possessive)
}

fn units(all: Cats) -> impl Iterator<Item = Unit> {
    all.numbers().map(Unit::cat)
}

fn closed(tokens: &[Token]) -> Vec<Closed> {
    let mut all: Vec<Closed> = tokens
        .iter()
        .filter_map(|t| match t.tag {
            Tag::Closed(closed) => Some(closed),
            _ => None,
        })
        .collect();
    all.sort_by_key(|c| *c as u8);
    all.dedup();
    all
}

impl Painter<'_> {
    fn put(&mut self, units: &[Unit], clause: usize) {
        self.clues.push((Clue::new(units), clause));
    }

    /// A clue that the next sentence looks back on, too.
    fn put_and_leave(&mut self, units: &[Unit], clause: usize) {
        let clue = Clue::new(units);
        self.clues.push((clue, clause));
        self.behind.extend(clue.before());
    }

    fn gate(&self, view: &View<'_>) -> Gate {
        if view.binds() {
            Gate::Says
        } else if self.scene.fictional(view.fact) {
            Gate::Holds
        } else {
            match view.fact.force {
                Force::Denied => Gate::Denies,
                Force::Asked => Gate::Asks,
                _ => Gate::Holds,
            }
        }
    }

    fn clause(&mut self, i: usize) -> Gate {
        let sentence = self.sentence;
        let fact = &sentence.facts[i];
        let view = View {
            scene: self.scene,
            sentence,
            i,
            fact,
        };
        let gate = self.gate(&view);
        let g = Unit::gate(gate);
        let r = match fact.subject.referent {
            Referent::Agent if fact.subject.of_agent => Unit::kind(Kind::OfAgent),
            Referent::User if fact.subject.of_user => Unit::kind(Kind::OfUser),
            referent => Unit::referent(referent),
        };
        let tokens = &sentence.tokens;
        let (rest, front) = (view.rest(), &tokens[fact.piece.front.clone()]);
        let group = fact.piece.group.as_ref();
        let verb = group.map_or(Cats::default(), |g| {
            g.verbs
                .iter()
                .fold(Cats::default(), |all, v| all | tokens[*v].cats)
        });
        let verbal = group.is_some_and(|g| !g.verbs.is_empty());
        let (state, rest_kind) = match (fact.copula, verbal) {
            (true, _) => (Kind::Be, Kind::RestOfBe),
            (_, true) => (Kind::Verb, Kind::RestOfVerb),
            _ => (Kind::None, Kind::RestOfNone),
        };
        let (vc, rc, fc): (Vec<Unit>, Vec<Unit>, Vec<Unit>) = (
            units(verb).collect(),
            units(cats(rest)).collect(),
            units(cats(front)).collect(),
        );
        let kind = Unit::kind;
        self.put_and_leave(&[g, r], i);
        self.put_and_leave(&[g, r, kind(state)], i);
        if let Some(group) = group {
            for aux in &group.aux {
                if let Tag::Closed(closed) = tokens[*aux].tag {
                    self.put(&[g, r, kind(Kind::Auxiliary), Unit::closed(closed)], i);
                }
            }
        }
        for c in &vc {
            self.put(&[g, r, kind(Kind::Verb), *c], i);
            self.put_and_leave(&[g, kind(Kind::Verb), *c], i);
        }
        for c in &rc {
            self.put(&[g, r, kind(rest_kind), *c], i);
            self.put(&[g, r, kind(Kind::Rest), *c], i);
            self.put_and_leave(&[g, kind(Kind::Rest), *c], i);
        }
        for c in &fc {
            self.put_and_leave(&[g, kind(Kind::Front), *c], i);
        }
        for c in units(fact.subject.cats) {
            self.put_and_leave(&[g, kind(Kind::Head), c], i);
        }
        let around = closed(rest);
        for c in &around {
            self.put(&[g, r, kind(Kind::Rest), Unit::closed(*c)], i);
        }
        for c in closed(front) {
            self.put(&[g, r, kind(Kind::Front), Unit::closed(c)], i);
        }
        for v in &vc {
            for c in &rc {
                self.put(&[g, kind(Kind::VerbRest), *v, *c], i);
            }
            for c in around.iter().filter(|c| PAIRED.contains(c)) {
                self.put(&[g, kind(Kind::VerbRest), *v, Unit::closed(*c)], i);
            }
        }
        for f in &fc {
            for x in vc.iter().chain(&rc) {
                self.put(&[g, kind(Kind::FrontOther), *f, *x], i);
            }
        }
        self.time(i, g, r, &vc, &rc);
        self.hanging(i, g, r);
        for at in 0..self.scenes.len() {
            let scene = self.scenes[at];
            self.put(&[g, r, scene], i);
            for x in vc.iter().chain(&rc).chain(&fc) {
                self.put(&[g, kind(Kind::Scene), *x, scene], i);
            }
        }
        self.order(i, g);
        gate
    }

    /// Tense, aspect and adverbials of time.
    fn time(&mut self, i: usize, g: Unit, r: Unit, vc: &[Unit], rc: &[Unit]) {
        let fact = &self.sentence.facts[i];
        let tense = Unit::tense(fact.tense);
        let aspect = Unit::kind(match (fact.perfect, fact.progressive) {
            (false, false) => Kind::Plain,
            (true, false) => Kind::Perfect,
            (false, true) => Kind::Progressive,
            (true, true) => Kind::PerfectProgressive,
        });
        self.put(&[g, r, tense, aspect], i);
        self.put(&[g, tense, aspect], i);
        for c in vc {
            self.put(&[g, *c, tense, aspect], i);
        }
        if let Some((when, _)) = &fact.when {
            let when = Unit::when(*when);
            self.put(&[g, r, when], i);
            for x in vc.iter().chain(rc) {
                self.put(&[g, r, when, *x], i);
            }
        }
    }

    /// How the clause hangs on others, and its marks.
    fn hanging(&mut self, i: usize, g: Unit, r: Unit) {
        let fact = &self.sentence.facts[i];
        let link = Unit::link(fact.piece.link);
        self.put(&[g, link], i);
        if let Some(parent) = fact.piece.parent.and_then(|p| self.sentence.facts.get(p)) {
            self.put(&[g, r, link, Unit::referent(parent.subject.referent)], i);
        }
        let marks = [
            (fact.away.is_some(), Kind::Away),
            (fact.literal, Kind::Literal),
            (fact.stage, Kind::Stage),
            (fact.subject.existential, Kind::Existential),
            (fact.subject.anaphor, Kind::Anaphor),
            (fact.subject.negative, Kind::Negative),
            (fact.affirmed, Kind::Affirmed),
            (fact.passive, Kind::Passive),
        ];
        for (_, kind) in marks.into_iter().filter(|(is, _)| *is) {
            self.put(&[g, r, Unit::kind(kind)], i);
        }
        if let Some(whose) = fact.subject.named {
            self.put(&[g, r, Unit::whose(whose)], i);
        }
    }

    /// Which kinds of words follow each other.
    fn order(&mut self, i: usize, g: Unit) {
        let sentence = self.sentence;
        let words = sentence.tokens[sentence.facts[i].piece.tokens.clone()]
            .iter()
            .filter(|t| !t.is_mark());
        let mut last: [Vec<Unit>; 2] = [Vec::new(), Vec::new()];
        for token in words {
            let mut now: Vec<Unit> = match token.tag {
                Tag::Closed(closed) => vec![Unit::closed(closed)],
                _ => units(token.cats).collect(),
            };
            if now.is_empty() {
                now.push(Unit::tag(token.tag));
            }
            for (kind, earlier) in [(Kind::Next, &last[1]), (Kind::Skip, &last[0])] {
                for a in earlier {
                    for b in &now {
                        self.put(&[g, Unit::kind(kind), *a, *b], i);
                    }
                }
            }
            last = [std::mem::take(&mut last[1]), now];
        }
    }

    /// Whose names stand in it, and what was heard of others before.
    fn names(&mut self, gates: &[(Gate, usize)]) {
        let (sentence, scene) = (self.sentence, self.scene);
        for token in sentence.tokens.iter().filter(|t| !t.is_mark()) {
            let whose = scene.names.whose(&token.word);
            let whose = whose.filter(|w| token.capital || *w != Whose::Canonical);
            let unknown = whose.is_none() && token.capital && token.tag == Tag::Name;
            let heard = content(token) && token.word.len() > 3;
            for (gate, clause) in gates {
                let g = Unit::gate(*gate);
                if let Some(whose) = whose {
                    let whose = Unit::whose(whose);
                    self.put_and_leave(&[g, Unit::kind(Kind::Name), whose], *clause);
                    if scene.shared {
                        self.put_and_leave(&[g, Unit::kind(Kind::Shared), whose], *clause);
                    }
                }
                if unknown {
                    self.put_and_leave(&[g, Unit::kind(Kind::Unknown)], *clause);
                }
                if heard && scene.of_others(token) {
                    self.put_and_leave(&[g, Unit::kind(Kind::HeardOthers)], *clause);
                }
                if heard && scene.heard_of_sender(&token.word) {
                    self.put_and_leave(&[g, Unit::kind(Kind::HeardOwn)], *clause);
                }
            }
        }
    }
}

/// A finding that rests on all clues together, with what the clause says of how far it reaches.
pub(super) fn finding(view: &View<'_>, class: ViolationClass) -> Finding {
    let all = view.all();
    let has = |cats: &[Cat]| all.iter().any(|t| t.cats.has_any(cats));
    let mut evidence = view.evidence(axes::predicate(view));
    evidence.push(Evidence::Weighed);
    let foreign = all.iter().any(|t| {
        view.scene.of_others(t)
            || t.capital && view.scene.names.whose(&t.word) == Some(Whose::Other)
    });
    let scope = class == ViolationClass::ScopeIntegrity;
    let own_name = |t: &Token| {
        matches!(
            view.scene.names.whose(&t.word),
            Some(Whose::Canonical | Whose::Alias)
        )
    };
    let named = has(&[Cat::NameNoun, Cat::Name]) || all.iter().any(own_name);
    let session = has(&[Cat::Session]);
    let marks = [
        (scope && named, Evidence::AliasAsIdentity),
        (scope && !named && foreign, Evidence::OtherParticipant),
        (scope && !named && session, Evidence::OtherSession),
        (scope && has(&[Cat::Only]), Evidence::Exclusive),
        (has(&[Cat::Everyone, Cat::Reach]), Evidence::Universal),
        (has(&[Cat::Forever]), Evidence::Permanent),
    ];
    evidence.extend(marks.into_iter().filter(|(is, _)| *is).map(|(_, e)| e));
    Finding { class, evidence }
}
