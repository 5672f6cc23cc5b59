//! What an output is judged against: names, the user's message, events, fiction, what was said.

mod answer;
mod fiction;
mod hear;

use super::{ValidatorRules, finding::Finding, view::has};
use crate::lexicon::{Cat, Closed};

use crate::read::{Fact, Names, Open, Sentence, Tag, Token, Whose, sentence_end, tokens};

use crate::{Context, Force, OperationalEvent, Referent};

use std::collections::{BTreeMap, BTreeSet};

use answer::swap_persons;
use fiction::{fiction, leaves_fiction, speaks_of_fiction};

/// Sentences of a message of the user that are read; the rest of a very long one is not.
const USER_SENTENCES: usize = 60;

/// The scene of a judgement.
#[derive(Debug, Clone, Default)]
pub(super) struct Scene {
    pub(super) names: Names,
    /// Somebody else can read along or is spoken to.
    pub(super) shared: bool,
    /// The alias was set by the sender.
    pub(super) alias_of_sender: bool,
    /// There is an alias.
    pub(super) alias: bool,
    /// There was an operational event since the last turn.
    pub(super) event: bool,
    /// The user's message speaks of one.
    pub(super) event_asked: bool,
    /// The user was away or tells of coming back, of sleep, of a stretch of time.
    pub(super) away: bool,
    /// The words of the user's message, folded.
    pub(super) said: BTreeSet<String>,
    /// Words that the user put between quotation marks.
    pub(super) quoted: BTreeSet<String>,
    /// What a bare "yes" would claim.
    pub(super) implied: Vec<Finding>,
    /// What agreeing with a statement of the message would claim.
    pub(super) agreed: Vec<Finding>,
    /// What contradicting a denial in the message would claim.
    pub(super) contradicted: Vec<Finding>,
    /// The message asks, and the last question is of the yes-or-no kind or about the agent.
    pub(super) asked: bool,
    /// What other participants said of themselves: content word to whether the sender said it too.
    pub(super) others: BTreeMap<String, bool>,
    /// Content words of the sender's earlier messages.
    pub(super) own: BTreeSet<String>,
    /// Names that others asked to be called by.
    pub(super) titles: BTreeSet<String>,
    /// The session was bound to another version since the last turn.
    pub(super) rebound: bool,
    /// The clause before said that somebody was there.
    pub(super) last_present: bool,
    /// The message tells that its author leaves or goes to sleep.
    pub(super) leaving: bool,
    /// Names that the message gives the agent.
    pub(super) given: BTreeSet<String>,
    /// The message speaks of a soul, a body, a childhood.
    pub(super) inner_asked: bool,
    /// The message asks about the two of them.
    pub(super) asked_us: bool,
    /// Sentences before that put on the sender what others said of themselves.
    pub(super) crossing: usize,
    /// The message asks something about "you".
    pub(super) asked_you: bool,
    /// The message speaks of sleep.
    pub(super) sleep_asked: bool,
    /// The message speaks of what is real.
    pub(super) reality_asked: bool,
    /// Something said before forbids the figurative reading: "it is no metaphor".
    pub(super) literal: bool,
    /// The message asks what the agent does or did.
    pub(super) asked_about_agent: bool,
    /// Whose the last name in the output was.
    pub(super) last_name: Option<Whose>,
    fiction: bool,
    left: bool,
    /// The sentence before spoke of an event.
    pub(super) last_event: bool,
    /// Sentences judged.
    pub(super) count: usize,
    /// The sentence before was a denial of the agent.
    pub(super) denied: bool,
}

impl Scene {
    pub(super) fn of(rules: &ValidatorRules, context: &Context, user: &str) -> Self {
        let names = Names::of(context);
        let mut scene = Self {
            shared: context.is_shared(),
            alias: context.session_alias.is_some(),
            alias_of_sender: context
                .session_alias
                .as_ref()
                .is_some_and(|a| a.set_by.as_deref().is_none_or(|by| by == context.sender)),
            event: !context.events.is_empty(),
            rebound: context.events.contains(&OperationalEvent::VersionRebind),
            names,
            ..Self::default()
        };
        let plain = scene.read(user, false);
        scene.hear(&plain);
        scene.fiction = fiction(&plain) || scene.in_play(rules, context, &plain);
        scene.overhear(context);
        let swapped = scene.read(user, true);
        scene.imply(swapped);
        scene
    }

    /// Reads a message of the user, from its own side or with the persons swapped.
    fn read(&self, user: &str, swap: bool) -> Vec<Sentence> {
        let mut all = Vec::new();
        let mut open = Open::default();
        let mut at = 0;
        while let Some(end) = sentence_end(user, at, false, true) {
            let mut tokens = tokens(user, at..end, &mut open);
            if swap {
                swap_persons(&mut tokens);
            }
            all.push(Sentence::read(at..end, tokens, &self.names));
            at = end;
            if at >= user.len() || all.len() >= USER_SENTENCES {
                break;
            }
        }
        all
    }

    /// Takes note of a sentence before its clauses are judged.
    pub(super) fn enter(&mut self, _text: &str, sentence: &Sentence, paragraph: bool) {
        let figure = sentence.tokens.iter().any(|t| {
            t.entry.any().has(Cat::Figure) || matches!(t.word.as_str(), "poetry" | "poem" | "joke")
        });
        self.literal |= figure && has(&sentence.tokens, &[Closed::Not, Closed::No, Closed::Never]);
        if self.fiction
            && !self.left
            && (leaves_fiction(sentence) || paragraph && speaks_of_fiction(sentence))
        {
            self.left = true;
        }
    }

    /// Takes note of a sentence after its clauses were judged.
    pub(super) fn leave(&mut self, sentence: &Sentence) {
        let about_sender = has(&sentence.tokens, &[Closed::You, Closed::Your])
            && !sentence
                .tokens
                .iter()
                .any(|t| t.capital && self.names.whose(&t.word) == Some(Whose::Other))
            && !sentence
                .facts
                .iter()
                .any(|f| matches!(f.subject.referent, Referent::Others | Referent::Participant));
        if self.shared && about_sender && sentence.tokens.iter().any(|t| self.of_others(t)) {
            self.crossing += 1;
        }
        self.last_event = sentence.tokens.iter().any(|t| {
            t.tag == Tag::Noun
                && t.cats.has(Cat::Event)
                && (t.cats.has(Cat::Operational) || self.event)
        });
        self.denied = sentence
            .facts
            .iter()
            .any(|f| f.force == Force::Denied && f.subject.referent == Referent::Agent);
        self.last_present = sentence.facts.last().is_some_and(|f| {
            f.copula
                && sentence.tokens[f.piece.rest.clone()]
                    .iter()
                    .any(|t| t.cats.has(Cat::Present) || t.is(Closed::There))
                || f.piece.group.is_none()
                    && sentence.tokens.iter().any(|t| t.cats.has(Cat::Present))
        });
        let name = sentence
            .tokens
            .iter()
            .rev()
            .filter(|t| t.capital)
            .find_map(|t| self.names.whose(&t.word));
        self.last_name = name.or(self.last_name);
        self.count += 1;
    }

    /// Whether a clause belongs to fiction that was asked for.
    pub(super) fn fictional(&self, fact: &Fact) -> bool {
        self.fiction && !self.left && fact.force != Force::Answered
    }

    /// Whether a word was said by others of themselves, and not by the sender.
    pub(super) fn of_others(&self, token: &Token) -> bool {
        let said = |w: &str| self.others.get(w) == Some(&false);
        token.entry.closed.is_none()
            && !token.is_mark()
            && (said(&token.word) || token.entry.lemma.is_some_and(|l| l.len() > 2 && said(l)))
    }

    /// Whether the sender said a word, now or before.
    pub(super) fn heard_of_sender(&self, word: &str) -> bool {
        self.said.contains(word) || self.own.contains(word)
    }

    /// Whether the talk is of an operational event.
    pub(super) fn eventful(&self) -> bool {
        self.event || self.event_asked || self.last_event
    }
}
