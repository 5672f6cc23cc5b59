//! What speaks for and against another subject: the inputs of the model.

use serde::{Deserialize, Serialize};
use sigma_text::Embedding;
use sigma_types::Speaker;
use std::collections::VecDeque;

use super::{
    Inputs,
    heard::{Heard, WordCounts},
    parts::Parts,
};
use crate::rules::SubjectRules;

macro_rules! evidence {
    ($($(#[doc = $doc:literal])+ $name:ident,)*) => {
        /// One input of the decision.
        ///
        /// Not exhaustive: models to come may look at more.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[non_exhaustive]
        pub enum Evidence {
            $($(#[doc = $doc])+ $name,)*
        }

        impl Evidence {
            /// All of them, in the order of the inputs.
            pub const ALL: [Self; [$(stringify!($name)),*].len()] = [$(Self::$name),*];
            /// How many there are.
            pub const COUNT: usize = Self::ALL.len();

            /// In words.
            pub const fn describe(self) -> &'static str {
                match self {
                    $(Self::$name => concat!($($doc),+).trim_ascii(),)*
                }
            }
        }
    };
}

evidence! {
    /// Near in meaning to the utterance before.
    NearLast,
    /// Near in meaning to the one before that.
    NearSecond,
    /// Near in meaning to the last three.
    NearThree,
    /// Near in meaning to the last eight.
    NearEight,
    /// Near in meaning to any of the last eight.
    NearAny,
    /// Near in meaning to what the same speaker said last.
    NearOwn,
    /// The utterance before was near to those before it.
    LastWasNear,
    /// Nothing to compare meanings with.
    NoVector,
    /// Shares telling words with the utterance before.
    WordsLast,
    /// Shares telling words with the last three.
    WordsThree,
    /// Shares telling words with the last eight.
    WordsEight,
    /// Words new to the dialogue.
    NewWords,
    /// Hardly any content words.
    NoTerms,
    /// Number of content words.
    Terms,
    /// A question.
    Asks,
    /// Ends with a question.
    EndsAsking,
    /// Opens with a question word.
    Wh,
    /// Opens with an auxiliary verb.
    Aux,
    /// States a wish or need.
    Request,
    /// Points back: "it", "that", "they".
    Anaphora,
    /// Opens with yes, no or the like.
    Answer,
    /// A greeting.
    Greeting,
    /// Announces a change of subject.
    Shift,
    /// Opens with a connective.
    Connective,
    /// Thanks or takes leave.
    Thanks,
    /// Offers help.
    Offer,
    /// Opens with the speaker.
    OpensI,
    /// Speaks in the first person.
    FirstPerson,
    /// Addresses the other.
    SecondPerson,
    /// Reacts to what was said.
    Reaction,
    /// Asks a question back.
    Bounce,
    /// Holds numbers.
    Digits,
    /// Length.
    Length,
    /// Very short.
    Short,
    /// Said by the user.
    User,
    /// Said by the same speaker as the utterance before.
    SameSpeaker,
    /// The utterance before asked.
    LastAsked,
    /// The utterance before ended with a question.
    LastEndedAsking,
    /// The utterance before was short.
    LastShort,
    /// Length of the utterance before.
    LastLength,
    /// The utterance before thanked or took leave.
    LastThanks,
    /// The utterance before offered help.
    LastOffer,
    /// The utterance before greeted.
    LastGreeting,
    /// The utterance before reacted.
    LastReaction,
    /// The utterance before was a plain answer.
    LastAnswer,
    /// The one before that asked.
    SecondAsked,
    /// A question after something that was none.
    AsksUnasked,
    /// A reply to a question.
    Replies,
    /// A question of the user.
    UserAsks,
    /// A question far in meaning from what was said.
    FarQuestion,
    /// A statement far in meaning from what was said.
    FarStatement,
    /// A reply to a question, and near to it.
    NearReply,
    /// How far into the dialogue.
    Position,
    /// Among the first utterances.
    Early,
    /// Nearer to the utterance before than is usual here.
    NearerThanUsual,
    /// Nearer to the last three than is usual here.
    NearerThreeThanUsual,
    /// Its last sentence is near to the utterance before.
    TailNear,
    /// Its last sentence is near to the last three.
    TailNearThree,
    /// Its first sentence is near to the utterance before.
    HeadNear,
    /// Its first sentence is near to the last sentence before.
    HeadNearTail,
    /// Its last sentence goes on from its first.
    TailNearHead,
    /// Its last sentence shares telling words with what was said, its own beginning included.
    TailWords,
    /// Its last sentence has hardly any content words.
    TailBare,
    /// Its last sentence points back.
    TailAnaphora,
    /// Its last sentence is a question.
    TailAsks,
    /// It has several sentences.
    Parts,
    /// After a first sentence it turns to a question.
    TurnsToAsk,
    /// After a first sentence it turns to a question that shares no words with what was said.
    TurnsToNew,
    /// A question of six words or fewer.
    ShortQuestion,
    /// A question that points back.
    AsksBack,
    /// A question with a question word, pointing at nothing said.
    WhNew,
    /// A question with an auxiliary, pointing at nothing said.
    AuxNew,
    /// A wish or need, sharing no words with what was said.
    RequestNew,
    /// Worded as openings are.
    Wording,
}

/// Reads the inputs of an utterance from itself and the window before it.
pub(crate) fn read(
    now: &Heard,
    parts: &Parts,
    recent: &VecDeque<Heard>,
    counts: &WordCounts,
    usual: Usual,
    rules: &SubjectRules,
) -> Inputs {
    let mut inputs = [0.0; Evidence::COUNT];
    let mut set = |what: Evidence, value: f64| inputs[what as usize] = value;
    let flag = |on: bool| f64::from(u8::from(on));
    let back = |n: usize| recent.iter().rev().nth(n);
    let last = back(0);
    let cues = &now.cues;
    let last_cues = last.map(|h| h.cues).unwrap_or_default();

    let near = Nearness::read(now, recent, rules);
    set(Evidence::NearLast, near.last);
    set(Evidence::NearSecond, near.second);
    set(Evidence::NearThree, near.three);
    set(Evidence::NearEight, near.eight);
    set(Evidence::NearAny, near.any);
    set(Evidence::NearOwn, near.own);
    set(Evidence::LastWasNear, near.last_was);
    set(Evidence::NoVector, flag(near.unknown));

    set(
        Evidence::WordsLast,
        shared(now, recent.iter().rev().take(1), counts),
    );
    set(
        Evidence::WordsThree,
        shared(now, recent.iter().rev().take(3), counts),
    );
    set(
        Evidence::WordsEight,
        shared(now, recent.iter().rev().take(8), counts),
    );
    let terms = now.terms.len() as f64;
    let new = now.terms.iter().filter(|t| counts.count(**t) == 0).count() as f64;
    set(Evidence::NewWords, new / terms.max(1.0));
    set(Evidence::NoTerms, flag(now.terms.len() < 2));
    set(Evidence::Terms, terms.min(32.0).ln_1p());

    set(Evidence::Asks, flag(cues.asks));
    set(Evidence::EndsAsking, flag(cues.ends_asking));
    set(Evidence::Wh, flag(cues.wh));
    set(Evidence::Aux, flag(cues.aux));
    set(Evidence::Request, flag(cues.request));
    set(Evidence::Anaphora, flag(cues.anaphora));
    set(Evidence::Answer, flag(cues.answer));
    set(Evidence::Greeting, flag(cues.greeting));
    set(Evidence::Shift, flag(cues.shift));
    set(Evidence::Connective, flag(cues.connective));
    set(Evidence::Thanks, flag(cues.thanks));
    set(Evidence::Offer, flag(cues.offer));
    set(Evidence::OpensI, flag(cues.opens_i));
    set(Evidence::FirstPerson, flag(cues.first_person));
    set(Evidence::SecondPerson, flag(cues.second_person));
    set(Evidence::Reaction, flag(cues.reaction));
    set(Evidence::Bounce, flag(cues.bounce));
    set(Evidence::Digits, flag(cues.digits));
    set(Evidence::Length, length(cues.words));
    set(Evidence::Short, flag(cues.words <= 3));

    let same = last.is_some_and(|h| h.speaker == now.speaker);
    let user = now.speaker == Speaker::User;
    set(Evidence::User, flag(user));
    set(Evidence::SameSpeaker, flag(same));
    set(Evidence::LastAsked, flag(last_cues.asks));
    set(Evidence::LastEndedAsking, flag(last_cues.ends_asking));
    set(Evidence::LastShort, flag(last_cues.words <= 3));
    set(Evidence::LastLength, length(last_cues.words));
    set(Evidence::LastThanks, flag(last_cues.thanks));
    set(Evidence::LastOffer, flag(last_cues.offer));
    set(Evidence::LastGreeting, flag(last_cues.greeting));
    set(Evidence::LastReaction, flag(last_cues.reaction));
    set(Evidence::LastAnswer, flag(last_cues.answer));
    set(
        Evidence::SecondAsked,
        flag(back(1).is_some_and(|h| h.cues.asks)),
    );
    let replies = last_cues.ends_asking && !same;
    set(Evidence::AsksUnasked, flag(cues.asks && !last_cues.asks));
    set(Evidence::Replies, flag(replies && !cues.asks));
    set(Evidence::UserAsks, flag(user && cues.asks));
    set(
        Evidence::FarQuestion,
        if cues.asks { 1.0 - near.three } else { 0.0 },
    );
    set(
        Evidence::FarStatement,
        if cues.asks { 0.0 } else { 1.0 - near.three },
    );
    set(Evidence::NearReply, if replies { near.last } else { 0.0 });

    let position = counts.utterances();
    set(Evidence::Position, (position.min(60) as f64).ln_1p());
    set(Evidence::Early, flag(position < 3));

    set(Evidence::NearerThanUsual, near.last - usual.last);
    set(Evidence::NearerThreeThanUsual, near.three - usual.three);
    let (head, tail) = (&parts.head, &parts.tail);
    let last_vector = last.and_then(|h| h.vector.as_ref());
    let several = parts.count > 1;
    set(
        Evidence::TailNear,
        rules.cosine(tail.vector.as_ref(), last_vector),
    );
    set(
        Evidence::TailNearThree,
        rules.cosine(tail.vector.as_ref(), near.mean_three.as_ref()),
    );
    set(
        Evidence::HeadNear,
        rules.cosine(head.vector.as_ref(), last_vector),
    );
    let last_tail = last.and_then(|h| h.tail.as_ref());
    set(
        Evidence::HeadNearTail,
        rules.cosine(head.vector.as_ref(), last_tail),
    );
    let within = if several {
        rules.cosine(tail.vector.as_ref(), head.vector.as_ref())
    } else {
        1.0
    };
    set(Evidence::TailNearHead, within);
    let known = parts.known_in_tail(recent.iter().rev().take(3), counts);
    let fresh = 1.0 - known;
    set(Evidence::TailWords, known);
    set(Evidence::TailBare, flag(tail.terms.is_empty()));
    set(Evidence::TailAnaphora, flag(tail.anaphora));
    set(Evidence::TailAsks, flag(tail.asks));
    set(Evidence::Parts, flag(several));
    set(
        Evidence::TurnsToAsk,
        flag(several && tail.asks && !head.asks),
    );
    set(
        Evidence::TurnsToNew,
        if several && tail.asks && !head.asks {
            fresh
        } else {
            0.0
        },
    );
    set(Evidence::ShortQuestion, flag(tail.asks && tail.words <= 6));
    set(Evidence::AsksBack, flag(tail.asks && tail.anaphora));
    set(
        Evidence::WhNew,
        if tail.asks && tail.wh && !tail.anaphora {
            fresh
        } else {
            0.0
        },
    );
    set(
        Evidence::AuxNew,
        if tail.asks && tail.aux && !tail.anaphora {
            fresh
        } else {
            0.0
        },
    );
    set(Evidence::Wording, now.wording);
    set(Evidence::RequestNew, if cues.request { fresh } else { 0.0 });
    inputs
}

/// Running means of how near utterances lie to those before them.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Usual {
    last: f64,
    three: f64,
    seen: u64,
}

/// Where the running means begin, and the utterances that this counts for.
const BEGIN: Usual = Usual {
    last: 0.25,
    three: 0.3,
    seen: 4,
};
/// Least weight of the newest utterance in them.
const NEWEST: f64 = 0.05;

impl Default for Usual {
    fn default() -> Self {
        BEGIN
    }
}

impl Usual {
    pub(crate) fn take_in(&mut self, inputs: &Inputs) {
        self.seen = self.seen.saturating_add(1);
        let weight = NEWEST.max(1.0 / self.seen as f64);
        self.last += weight * (inputs[Evidence::NearLast as usize] - self.last);
        self.three += weight * (inputs[Evidence::NearThree as usize] - self.three);
    }
}

/// Words from which on an utterance is just long: the labelled ones are not longer.
const LONG: u32 = 80;

fn length(words: u32) -> f64 {
    f64::from(words.min(LONG)).ln_1p()
}

/// Share of the telling words of `now` that are in any of `others`, each word by its weight.
pub(crate) fn shared<'a>(
    now: &Heard,
    others: impl Iterator<Item = &'a Heard>,
    counts: &WordCounts,
) -> f64 {
    let others: Vec<&Heard> = others.collect();
    let (mut found, mut all) = (0.0, 0.0);
    for term in &now.terms {
        let weight = counts.idf(*term);
        all += weight;
        if others.iter().any(|other| other.has(*term)) {
            found += weight;
        }
    }
    if all > 0.0 { found / all } else { 0.0 }
}

struct Nearness {
    last: f64,
    second: f64,
    three: f64,
    eight: f64,
    any: f64,
    own: f64,
    last_was: f64,
    unknown: bool,
    mean_three: Option<Embedding>,
}

impl Nearness {
    fn read(now: &Heard, recent: &VecDeque<Heard>, rules: &SubjectRules) -> Self {
        let newest: Vec<&Heard> = recent.iter().rev().collect();
        let to = |h: Option<&&Heard>| {
            rules.cosine(now.vector.as_ref(), h.and_then(|h| h.vector.as_ref()))
        };
        let mean =
            |range: &[&Heard]| Embedding::mean(range.iter().filter_map(|h| h.vector.as_ref()));
        let head = |n: usize| &newest[..newest.len().min(n)];
        let three = mean(head(3));
        let eight = mean(head(8));
        let before_last = mean(newest.get(1..newest.len().min(4)).unwrap_or_default());
        let own = newest.iter().find(|h| h.speaker == now.speaker);
        let last_vector = newest.first().and_then(|h| h.vector.as_ref());
        Self {
            last: to(newest.first()),
            second: to(newest.get(1)),
            three: rules.cosine(now.vector.as_ref(), three.as_ref()),
            eight: rules.cosine(now.vector.as_ref(), eight.as_ref()),
            any: newest.iter().map(|h| to(Some(h))).fold(0.0, f64::max),
            own: to(own),
            last_was: rules.cosine(last_vector, before_last.as_ref()),
            unknown: now.vector.is_none() || eight.is_none(),
            mean_three: three,
        }
    }
}
