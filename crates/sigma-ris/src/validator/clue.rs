//! Structural clues: what is so of a sentence, in grammatical classes and categories of words.

use crate::lexicon::{Cat, Closed};
use crate::read::{Link, Tag, When, Whose};
use crate::{Referent, Tense, ViolationClass};
use std::collections::HashMap;
use std::sync::LazyLock;

/// A clue: up to four units, such as "says", "Agent", "verb", "Wait". No unit is a word of content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Clue(u64);

/// What clues are made of: a place in the list of all names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Unit(u16);

spelled! {
    /// With what force the clause is said; the last two are of the sentence before.
    Gate {
        Says = "says",
        Denies = "denies",
        Asks = "asks",
        Holds = "holds",
        SaidBefore = "said",
        DeniedBefore = "denied",
    }
}

spelled! {
    /// How the units of a clue belong together, or what it tells by itself.
    Kind {
        Verb = "verb",
        Auxiliary = "aux",
        Front = "front",
        Head = "head",
        Rest = "rest",
        RestOfBe = "be-rest",
        RestOfVerb = "verb-rest",
        RestOfNone = "none-rest",
        VerbRest = "verb+rest",
        FrontOther = "front+",
        Next = "next",
        Skip = "skip",
        Scene = "scene",
        Name = "name",
        Shared = "shared",
        Rule = "rule",
        Be = "be",
        None = "none",
        Plain = "plain",
        Perfect = "perfect",
        Progressive = "progressive",
        PerfectProgressive = "perfect-progressive",
        OfAgent = "of-agent",
        OfUser = "of-user",
        Away = "away",
        Literal = "literal",
        Stage = "stage",
        Existential = "existential",
        Anaphor = "anaphor",
        Negative = "negative",
        Affirmed = "affirmed",
        Passive = "passive",
        Unknown = "unknown",
        HeardOthers = "heard-others",
        HeardOwn = "heard-own",
        First = "first",
    }
}

spelled! {
    /// What is so of the scene.
    Setting {
        Event = "event",
        EventAsked = "event-asked",
        Away = "was-away",
        Shared = "in-company",
        Alias = "has-alias",
        Leaving = "leaving",
        Rebound = "rebound",
        InnerAsked = "inner-asked",
        UsAsked = "us-asked",
        YouAsked = "you-asked",
        SleepAsked = "sleep-asked",
    }
}

const TAGS: [&str; 7] = [
    "possessive",
    "verb",
    "noun",
    "adjective",
    "adverb",
    "name",
    "mark",
];

const fn after(start: u16, names: &[&str]) -> u16 {
    start + names.len() as u16
}

const GATE: u16 = 1;
const KIND: u16 = after(GATE, Gate::NAMES);
const SCENE: u16 = after(KIND, Kind::NAMES);
const TAG: u16 = after(SCENE, Setting::NAMES);
const REFERENT: u16 = after(TAG, &TAGS);
const TENSE: u16 = after(REFERENT, Referent::NAMES);
const WHEN: u16 = after(TENSE, Tense::NAMES);
const LINK: u16 = after(WHEN, When::NAMES);
const WHOSE: u16 = after(LINK, Link::NAMES);
const CLASS: u16 = after(WHOSE, Whose::NAMES);
const CLOSED: u16 = CLASS + ViolationClass::ALL.len() as u16;
const CAT: u16 = after(CLOSED, Closed::NAMES);

impl Unit {
    pub(crate) fn gate(gate: Gate) -> Self {
        Self(GATE + gate as u16)
    }
    pub(crate) fn kind(kind: Kind) -> Self {
        Self(KIND + kind as u16)
    }
    pub(crate) fn scene(setting: Setting) -> Self {
        Self(SCENE + setting as u16)
    }
    pub(crate) fn referent(referent: Referent) -> Self {
        Self(REFERENT + referent as u16)
    }
    pub(crate) fn tense(tense: Tense) -> Self {
        Self(TENSE + tense as u16)
    }
    pub(crate) fn when(when: When) -> Self {
        Self(WHEN + when as u16)
    }
    pub(crate) fn link(link: Link) -> Self {
        Self(LINK + link as u16)
    }
    pub(crate) fn whose(whose: Whose) -> Self {
        Self(WHOSE + whose as u16)
    }
    pub(crate) fn class(class: ViolationClass) -> Self {
        Self(CLASS + class as u16)
    }
    pub(crate) fn closed(closed: Closed) -> Self {
        Self(CLOSED + closed as u16)
    }
    /// By its number.
    pub(crate) fn cat(cat: u32) -> Self {
        Self(CAT + cat as u16)
    }
    /// The part of speech of a word of no category.
    pub(crate) fn tag(tag: Tag) -> Self {
        Self(match tag {
            Tag::Closed(closed) => return Self::closed(closed),
            Tag::Possessive => TAG,
            Tag::Verb(_) => TAG + 1,
            Tag::Noun => TAG + 2,
            Tag::Adjective => TAG + 3,
            Tag::Adverb => TAG + 4,
            Tag::Name => TAG + 5,
            Tag::Mark(_) => TAG + 6,
        })
    }
}

static NAMES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let plain = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
    let within = |group: &str, names: &[&str]| {
        names
            .iter()
            .map(|n| format!("{group}:{n}"))
            .collect::<Vec<_>>()
    };
    let classes: Vec<&str> = ViolationClass::ALL.iter().map(|c| c.name()).collect();
    [
        vec![String::new()],
        plain(Gate::NAMES),
        plain(Kind::NAMES),
        plain(Setting::NAMES),
        within("tag", &TAGS),
        within("of", Referent::NAMES),
        within("tense", Tense::NAMES),
        within("when", When::NAMES),
        within("link", Link::NAMES),
        within("whose", Whose::NAMES),
        plain(&classes),
        within("fn", Closed::NAMES),
        plain(Cat::NAMES),
    ]
    .concat()
});

static UNITS: LazyLock<HashMap<&'static str, u16>> = LazyLock::new(|| {
    (0..)
        .zip(NAMES.iter())
        .map(|(at, name)| (name.as_str(), at))
        .collect()
});

impl Clue {
    pub(crate) fn new(units: &[Unit]) -> Self {
        Self(
            units
                .iter()
                .take(4)
                .fold(0, |all, unit| all << 16 | u64::from(unit.0)),
        )
    }

    /// The same as said by the sentence before, if it is a clue of the gates that reach there.
    pub(crate) fn before(self) -> Option<Self> {
        let shift = (0..4).rev().map(|at| at * 16).find(|s| self.0 >> s != 0)?;
        let first = (self.0 >> shift) as u16;
        let gate = if first == Unit::gate(Gate::Says).0 {
            Gate::SaidBefore
        } else if first == Unit::gate(Gate::Denies).0 {
            Gate::DeniedBefore
        } else {
            return None;
        };
        let rest = self.0 & !(u64::from(u16::MAX) << shift);
        Some(Self(rest | u64::from(Unit::gate(gate).0) << shift))
    }

    /// Its units by name, with a space between.
    pub(crate) fn name(self) -> String {
        let units = (0..4).rev().map(|at| (self.0 >> (at * 16)) as u16);
        let names: Vec<&str> = units
            .filter(|unit| *unit != 0)
            .map(|unit| NAMES.get(usize::from(unit)).map_or("?", String::as_str))
            .collect();
        names.join(" ")
    }

    /// By its name; none where a unit is unknown or empty.
    pub(crate) fn named(name: &str) -> Option<Self> {
        let units: Option<Vec<Unit>> = name
            .split(' ')
            .map(|unit| UNITS.get(unit).copied().filter(|at| *at != 0).map(Unit))
            .collect();
        units
            .filter(|u| (1..=4).contains(&u.len()))
            .map(|u| Self::new(&u))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_one_a_unit_and_lead_back() {
        assert_eq!(UNITS.len(), NAMES.len(), "two units share a name");
        assert_eq!(NAMES.len(), usize::from(CAT) + Cat::NAMES.len());
        let clue = Clue::new(&[
            Unit::gate(Gate::Says),
            Unit::referent(Referent::Agent),
            Unit::kind(Kind::Verb),
            Unit::cat(Cat::Wait as u32),
        ]);
        assert_eq!(clue.name(), "says of:Agent verb Wait");
        assert_eq!(Clue::named(&clue.name()), Some(clue));
        for none in ["says nonsense", "", " says", "says  verb"] {
            assert_eq!(Clue::named(none), None, "{none}");
        }
        let before = clue.before().expect("it was said");
        assert_eq!(before.name(), "said of:Agent verb Wait");
        assert_eq!(before.before(), None);
    }
}
