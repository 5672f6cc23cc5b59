//! What the user's message and earlier ones tell: absence, events, names, what others said.

use super::{Scene, ValidatorRules, answer::opens_with_wh, fiction::plays};
use crate::lexicon::{Cat, Closed};
use crate::read::{Link, Names, Sentence, Tag, Token};
use crate::validator::view::{has, word};
use crate::{Context, Force, Referent, Role};
use std::collections::BTreeSet;

impl Scene {
    pub(in crate::validator) fn hear(&mut self, sentences: &[Sentence]) {
        for sentence in sentences {
            for token in sentence.tokens.iter().filter(|t| !t.is_mark()) {
                self.said.insert(token.word.clone());
                if token.quoted || token.scare {
                    self.quoted.insert(token.word.clone());
                }
            }
            self.event_asked |= asks_of_event(sentence);
            self.given.extend(given_names(sentence, &self.names));
            self.inner_asked |= sentence.tokens.iter().any(|t| {
                t.tag == Tag::Noun
                    && t.cats
                        .has_any(&[Cat::Conscious, Cat::BodyPart, Cat::Biography, Cat::Inner])
            }) && has(&sentence.tokens, &[Closed::You, Closed::Your]);
            self.asked_you |= has(&sentence.tokens, &[Closed::You])
                && (sentence.question || opens_with_wh(sentence));
            self.asked_us |= sentence.question && has(&sentence.tokens, &[Closed::We, Closed::Us]);
            self.sleep_asked |= sentence
                .tokens
                .iter()
                .any(|t| t.entry.any().has(Cat::Sleep));
            self.reality_asked |= sentence.tokens.iter().any(|t| {
                t.entry.any().has_any(&[Cat::Reality, Cat::Scenery]) || t.word.starts_with("real")
            });
            self.away |= tells_of_absence(sentence);
            self.leaving |= sentence
                .tokens
                .iter()
                .any(|t| t.entry.any().has(Cat::Farewell));
            self.asked_about_agent |= sentence.question
                && sentence
                    .facts
                    .iter()
                    .any(|f| f.subject.referent == Referent::User && f.piece.link != Link::If);
        }
    }

    /// Whether play that was agreed on earlier still goes on.
    pub(in crate::validator) fn in_play(
        &self,
        rules: &ValidatorRules,
        context: &Context,
        user: &[Sentence],
    ) -> bool {
        let stops = user.iter().any(|s| {
            word(
                &s.tokens,
                &["stop", "seriously", "ooc", "enough", "thanks", "real"],
            )
        });
        if stops {
            return false;
        }
        context
            .history
            .iter()
            .rev()
            .filter(|m| {
                m.role == Role::User && m.sender.as_deref().is_none_or(|s| s == context.sender)
            })
            .take(rules.play_window)
            .any(|m| self.read(&m.text, false).iter().any(plays))
    }

    /// What other participants said of themselves.
    pub(in crate::validator) fn overhear(&mut self, context: &Context) {
        let mut own: BTreeSet<String> = self.said.clone();
        let mut theirs: BTreeSet<String> = BTreeSet::new();
        for message in &context.history {
            if message.role != Role::User {
                continue;
            }
            let foreign = message
                .sender
                .as_deref()
                .is_some_and(|s| s != context.sender);
            for sentence in self.read(&message.text, false) {
                if foreign {
                    self.given.extend(given_names(&sentence, &self.names));
                }
                for token in &sentence.tokens {
                    let content =
                        token.entry.closed.is_none() && !token.is_mark() && token.word.len() > 2;
                    if !content {
                        continue;
                    }
                    if foreign {
                        theirs.insert(token.word.clone())
                    } else {
                        own.insert(token.word.clone())
                    };
                }
                if foreign {
                    self.titles.extend(titles(&sentence));
                }
            }
        }
        self.others = theirs
            .into_iter()
            .map(|w| {
                let both = own.contains(&w);
                (w, both)
            })
            .collect();
        self.own = own;
    }
}

/// Whether a sentence of the user speaks of an outage, a delay, a cut or the like.
fn asks_of_event(sentence: &Sentence) -> bool {
    let tokens = &sentence.tokens;
    let capped = word(tokens, &["limit", "cap", "quota"])
        && word(
            tokens,
            &["hit", "reached", "reach", "says", "message", "today"],
        );
    let noun = capped
        || tokens.iter().any(|t| {
            t.tag == Tag::Noun
                && t.cats.has(Cat::Event)
                && t.cats.has(Cat::Operational)
                && !matches!(
                    t.word.as_str(),
                    "limit"
                        | "filter"
                        | "block"
                        | "error"
                        | "bug"
                        | "queue"
                        | "update"
                        | "failure"
                        | "wait"
                        | "fault"
                )
        });
    let broke = sentence.facts.iter().any(|f| {
        f.verb.has(Cat::Crash)
            && f.tense != crate::Tense::Future
            && matches!(
                f.subject.referent,
                Referent::User | Referent::Thing | Referent::Event
            )
            && f.piece.group.is_some()
    });
    let slow = word(
        tokens,
        &[
            "slow",
            "laggy",
            "blocked",
            "lag",
            "lagged",
            "ages",
            "restarted",
        ],
    ) || word(tokens, &["took", "taking", "seconds", "minutes"])
        && word(tokens, &["forever", "long", "seconds", "minute", "minutes"])
        || word(tokens, &["down"]) && word(tokens, &["were", "was", "went"])
        || word(tokens, &["updated", "version", "switched", "rebind"])
        || word(tokens, &["stop", "stops", "stopped", "cut", "ends", "end"])
            && word(
                tokens,
                &["sentence", "words", "mid-sentence", "middle", "halfway"],
            );
    noun || broke || slow
}

/// Whether the message says that its author was away, slept, or comes back or leaves.
fn tells_of_absence(sentence: &Sentence) -> bool {
    let unquoted: Vec<Token> = sentence
        .tokens
        .iter()
        .filter(|t| !t.quoted)
        .cloned()
        .collect();
    let tokens = unquoted.as_slice();
    let returns = word(
        tokens,
        &[
            "back",
            "home",
            "morning",
            "vanished",
            "offline",
            "landed",
            "monday",
            "weekend",
            "away",
            "gone",
            "returned",
            "woke",
            "awake",
            "reconnected",
        ],
    );
    let night = word(
        tokens,
        &[
            "slept",
            "asleep",
            "anaesthetic",
            "anesthesia",
            "surgery",
            "operation",
            "yesterday",
            "nap",
            "flight",
            "trip",
            "holiday",
            "vacation",
            "ages",
            "gym",
            "busy",
            "wifi",
        ],
    );
    let long = word(tokens, &["long"]) && word(tokens, &["time"]);
    let stretch = long
        || sentence.facts.iter().any(|f| f.when.is_some())
            && tokens
                .iter()
                .any(|t| t.entry.any().has(Cat::Span) || t.word == "since");
    let silence = tokens.iter().any(|t| t.is(Closed::Not))
        && tokens.iter().any(|t| {
            matches!(
                t.word.as_str(),
                "write" | "wrote" | "text" | "message" | "call" | "talk" | "spoken"
            )
        });
    let left = sentence.facts.iter().any(|f| {
        // the author's own "I"
        f.subject.referent == Referent::Agent
            && f.force != Force::Supposed
            && f.tense == crate::Tense::Past
            && (f.verb.has_any(&[Cat::Leave, Cat::Return]) && !f.verb.has(Cat::Have)
                || matches!(
                    f.piece
                        .group
                        .as_ref()
                        .and_then(crate::read::Group::main)
                        .map(|m| sentence.tokens[m].word.as_str()),
                    Some("disappeared" | "travelled" | "traveled" | "camped")
                )
                || sentence.tokens[f.piece.rest.clone()]
                    .iter()
                    .any(|t| t.cats.has_any(&[Cat::AbsenceNoun, Cat::Absent]))
                    && f.verb.has_any(&[Cat::Away, Cat::Have, Cat::Help]))
    });
    let ended = tokens.len() < 14
        && tokens
            .iter()
            .any(|t| t.tag == Tag::Noun && t.cats.has(Cat::AbsenceNoun))
        && word(
            tokens,
            &[
                "done", "over", "finished", "survived", "sorry", "double", "finally",
            ],
        );
    (returns || night || stretch || silence || left || ended) && !word(tokens, &["tonight"])
}

/// Names that a sentence gives the agent: "you're Star", "call you Sunny", "your name is Orla".
fn given_names(s: &Sentence, names: &Names) -> Vec<String> {
    let verb = word(
        &s.tokens,
        &[
            "call", "name", "named", "rename", "christen", "dub", "become",
        ],
    ) && has(&s.tokens, &[Closed::You, Closed::Your]);
    let copula = s
        .facts
        .iter()
        .any(|f| f.subject.referent == Referent::User && f.copula);
    s.tokens
        .iter()
        .skip(1)
        .filter(|t| (verb || copula) && t.capital && t.entry.closed.is_none())
        .filter(|t| names.whose(&t.word).is_none())
        .map(|t| t.word.clone())
        .collect()
}

/// Names that a sentence asks its author to be called by: "call me Captain".
fn titles(s: &Sentence) -> Vec<String> {
    s.tokens
        .windows(3)
        .filter(|w| w[0].word == "call" && w[1].is(Closed::Me) && w[2].capital)
        .map(|w| w[2].word.clone())
        .collect()
}
