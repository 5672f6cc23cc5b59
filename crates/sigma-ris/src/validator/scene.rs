//! What an output is judged against: names, the user's message, events, fiction, what was said.

use super::{
    ValidatorRules,
    finding::Finding,
    ontology, runtime, scope, temporal,
    view::{View, any, has, word},
};
use crate::lexicon::{Cat, Closed, look_up};
use crate::read::{Fact, Link, Names, Open, Sentence, Tag, Token, Whose, sentence_end, tokens};
use crate::{Context, Evidence, Force, OperationalEvent, Referent, Role, ViolationClass};
use std::collections::{BTreeMap, BTreeSet};

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

    fn hear(&mut self, sentences: &[Sentence]) {
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
            self.leaving |= word(
                &sentence.tokens,
                &[
                    "sleep",
                    "bed",
                    "night",
                    "leaving",
                    "offline",
                    "bye",
                    "goodbye",
                    "goodnight",
                    "brb",
                    "tomorrow",
                    "off",
                    "alone",
                    "asleep",
                ],
            );
            self.asked_about_agent |= sentence.question
                && sentence
                    .facts
                    .iter()
                    .any(|f| f.subject.referent == Referent::User && f.piece.link != Link::If);
        }
    }

    /// What a bare "yes" to the last question of the message would claim, what agreeing with its
    /// statements would, and what contradicting its denials would.
    fn imply(&mut self, swapped: Vec<Sentence>) {
        let last = swapped.iter().rposition(|s| s.question);
        for (at, mut sentence) in swapped.into_iter().enumerate() {
            let asks = sentence.question;
            if asks && (Some(at) != last || opens_with_wh(&sentence)) {
                continue;
            }
            self.asked |= asks;
            let denied = self.suppose(&mut sentence, true);
            let claimed = self.suppose(&mut sentence, false);
            self.contradicted.extend(denied);
            if asks {
                self.implied.extend(claimed);
            } else {
                self.agreed.extend(claimed);
            }
        }
    }

    /// What a sentence would claim if its clauses (or, with `denials`, what they deny) were asserted.
    fn suppose(&self, sentence: &mut Sentence, denials: bool) -> Vec<Finding> {
        sentence.question = false;
        for fact in &mut sentence.facts {
            let limited = sentence.tokens[fact.piece.tokens.clone()]
                .iter()
                .any(|t| matches!(t.word.as_str(), "only" | "just" | "merely"));
            fact.force = match (denials, fact.negated || limited && denials) {
                (false, false) | (true, true) => Force::Asserted,
                (false, true) => Force::Denied,
                (true, false) => Force::Supposed,
            };
        }
        let mut findings = Vec::new();
        for (i, fact) in sentence.facts.iter().enumerate() {
            let view = View {
                scene: self,
                sentence,
                i,
                fact,
            };
            ontology::judge(&view, &mut findings);
            temporal::judge(&view, &mut findings);
            if !denials {
                runtime::judge(&view, &mut findings);
                scope::judge(&view, &mut findings);
            }
        }
        if !denials {
            findings.extend(presence_asked(sentence));
        }
        for finding in &mut findings {
            finding.evidence.push(Evidence::EllipticalAnswer);
        }
        findings
    }

    /// What a sentence of the output claims by answering the user in short.
    pub(super) fn answered(&self, rules: &ValidatorRules, sentence: &Sentence) -> Vec<Finding> {
        let mut all = Vec::new();
        if self.count >= rules.answer_sentences || self.fiction && !self.left || sentence.question {
            return all;
        }
        if self.count == 0 && self.asked && stance(rules, sentence) == Stance::Affirms {
            all.extend(self.implied.iter().cloned());
        }
        for fact in &sentence.facts {
            if !fact.force.binds() {
                continue;
            }
            let Some(group) = &fact.piece.group else {
                continue;
            };
            let thing = fact.subject.referent == Referent::Thing;
            let words = sentence.tokens.iter().filter(|t| !t.is_mark()).count();
            let rest = &sentence.tokens[fact.piece.rest.clone()];
            let adjunct = rest.iter().filter(|t| !t.is_mark()).count() <= 3
                && rest
                    .iter()
                    .find(|t| !t.is_mark())
                    .is_some_and(|t| t.is(Closed::Preposition))
                && !fact.copula;
            let short = group.verbs.is_empty()
                && !group.aux.is_empty()
                && (rest.iter().all(Token::is_mark) || adjunct)
                && !sentence.facts.iter().any(|f| {
                    f.piece.parent == Some(fact_at(sentence, fact)) && f.piece.link != Link::Beside
                })
                && matches!(fact.piece.link, Link::Main | Link::Beside | Link::That)
                && (matches!(fact.subject.referent, Referent::Agent | Referent::Both)
                    || thing && fact.subject.anaphor && words <= rules.elliptical_words);
            let right = fact.copula
                && matches!(fact.subject.referent, Referent::User)
                && sentence.tokens[fact.piece.rest.clone()]
                    .iter()
                    .filter(|t| !t.is_mark())
                    .count()
                    == 1
                && word(
                    &sentence.tokens[fact.piece.rest.clone()],
                    &["right", "correct"],
                );
            if short || right {
                all.extend(self.implied.iter().chain(&self.agreed).cloned());
            }
            let wrong = fact.copula
                && fact.subject.referent != Referent::Agent
                && any(&sentence.tokens[fact.piece.rest.clone()], Cat::Wrong);
            if wrong {
                all.extend(self.contradicted.iter().cloned());
            }
        }
        all
    }

    /// Whether a sentence takes back what the one before it answered.
    pub(super) fn takes_back(sentence: &Sentence) -> bool {
        sentence.facts.iter().any(|f| {
            f.force == Force::Denied
                && (f.subject.referent == Referent::Agent || f.subject.existential)
        })
    }

    /// Whether play that was agreed on earlier still goes on.
    fn in_play(&self, rules: &ValidatorRules, context: &Context, user: &[Sentence]) -> bool {
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
    fn overhear(&mut self, context: &Context) {
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

    /// Whether the talk is of an operational event.
    pub(super) fn eventful(&self) -> bool {
        self.event || self.event_asked || self.last_event
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
            && word(
                tokens,
                &[
                    "night", "week", "weeks", "month", "months", "days", "day", "hours", "weekend",
                    "while", "since",
                ],
            );
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

/// Verbs and nouns that ask for a made-up text.
fn fiction(sentences: &[Sentence]) -> bool {
    sentences.iter().any(|s| {
        let tokens = &s.tokens;
        let noun = tokens
            .iter()
            .any(|t| t.entry.noun.is_some_and(|c| c.has(Cat::Fiction)) && !t.quoted)
            || word(
                tokens,
                &[
                    "lines",
                    "line",
                    "entry",
                    "joke",
                    "toast",
                    "sentences",
                    "verse",
                    "speech",
                    "caption",
                ],
            )
            || tokens
                .iter()
                .any(|t| t.entry.noun.is_some_and(|c| c.has(Cat::Draft)) && !t.quoted);
        let composes = |t: &Token| t.entry.verb.is_some_and(|(_, c)| c.has(Cat::Compose));
        let asks = tokens.iter().any(composes)
            || word(
                tokens,
                &["please", "pls", "for", "about", "from", "another", "next"],
            );
        let leads = s
            .tokens
            .iter()
            .find(|t| !t.is_mark() && !t.is_any(&[Closed::Yes, Closed::And, Closed::Let]))
            .is_some_and(composes);
        let drafts =
            word(tokens, &["draft", "ghostwrite", "compose", "pen"]) && !word(tokens, &["email's"]);
        let opens = tokens
            .iter()
            .filter(|t| !t.is_mark())
            .take(4)
            .any(|t| t.entry.noun.is_some_and(|c| c.has(Cat::Fiction)) || t.word == "entry");
        let requests = tokens
            .iter()
            .any(|t| t.is_any(&[Closed::Can, Closed::Could, Closed::Would, Closed::Will]))
            && has(tokens, &[Closed::You, Closed::We])
            || word(tokens, &["please", "pls"]);
        let bare = s.facts.iter().all(|f| f.piece.group.is_none());
        noun && (asks || opens && bare)
            && (leads
                || opens && !s.question && !word(tokens, &["thanks", "thank"])
                || requests
                || word(tokens, &["write"]))
            || drafts
            || plays(s)
    })
}

/// Whether a sentence proposes play: "let's play", "pretend you are", "roleplay", "play the count".
fn plays(s: &Sentence) -> bool {
    let tokens = &s.tokens;
    let verb = tokens.iter().any(|t| {
        matches!(
            t.word.as_str(),
            "roleplay" | "role-play" | "pretend" | "pretending" | "rp"
        )
    });
    let play = tokens.iter().any(|t| t.word == "play" && t.is_verb());
    let role = word(tokens, &["character", "scene", "persona"])
        && (word(tokens, &["stay", "in", "do", "as"]));
    let cast = s.facts.iter().any(|f| {
        f.subject.referent == Referent::User
            && f.copula
            && tokens[f.piece.rest.clone()]
                .first()
                .is_some_and(|t| t.word == "the")
            && tokens[f.piece.rest.clone()]
                .get(1)
                .is_some_and(|t| t.tag == Tag::Noun)
    }) && !s.question;
    verb || play || role || cast
}

/// Whether a sentence steps out of fiction: "stepping out of the tale", "this isn't a story", "not
/// narrating now".
fn leaves_fiction(s: &Sentence) -> bool {
    let tokens = &s.tokens;
    let fiction = tokens.iter().any(|t| {
        (t.entry
            .noun
            .is_some_and(|c| c.has_any(&[Cat::Fiction, Cat::Figure]))
            || matches!(
                t.word.as_str(),
                "narrating" | "pretending" | "acting" | "joking" | "playing"
            ))
            && !t.quoted
    });
    let exit = word(
        tokens,
        &[
            "stepping", "step", "aside", "outside", "apart", "out", "beyond", "drop", "dropping",
            "break", "breaking", "leaving", "real",
        ],
    ) || has(tokens, &[Closed::Not, Closed::No, Closed::Never]);
    let agent = has(
        tokens,
        &[Closed::I, Closed::My, Closed::Me, Closed::This, Closed::It],
    ) || any(tokens, Cat::Fiction);
    fiction && exit && agent && !tokens.iter().all(|t| t.quoted || t.is_mark())
}

/// Whether a sentence speaks of the made text as such: "That's the letter."
fn speaks_of_fiction(s: &Sentence) -> bool {
    s.tokens.windows(2).any(|w| {
        (w[0].is_any(&[Closed::This, Closed::Article, Closed::Its, Closed::My])
            || w[0].is(Closed::It))
            && w[1].entry.noun.is_some_and(|c| c.has(Cat::Fiction))
    }) || s.tokens.iter().any(|t| t.is(Closed::I)) && s.tokens.iter().any(|t| t.word == "wrote")
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

/// "Did you miss me?" becomes "did I miss you?".
fn swap_persons(tokens: &mut [Token]) {
    let originals: Vec<Option<Closed>> = tokens.iter().map(|t| t.entry.closed).collect();
    for i in 0..tokens.len() {
        let next_verb = tokens.get(i + 1).is_some_and(|t| {
            t.entry.verb.is_some()
                || matches!(
                    t.entry.closed,
                    Some(
                        Closed::Be
                            | Closed::Have
                            | Closed::Do
                            | Closed::Will
                            | Closed::Would
                            | Closed::Can
                            | Closed::Could
                            | Closed::Never
                            | Closed::Not
                    )
                )
        });
        let after_aux = i > 0
            && matches!(
                originals[i - 1],
                Some(
                    Closed::Be
                        | Closed::Have
                        | Closed::Do
                        | Closed::Will
                        | Closed::Would
                        | Closed::Can
                        | Closed::Could
                        | Closed::Must
                )
            );
        let word = match tokens[i].word.as_str() {
            "i" | "me" => "you",
            "my" => "your",
            "mine" => "yours",
            "myself" => "yourself",
            "your" => "my",
            "yours" => "mine",
            "yourself" => "myself",
            "you" | "u" if next_verb || after_aux => "i",
            "you" | "u" => "me",
            _ => continue,
        };
        word.clone_into(&mut tokens[i].word);
        tokens[i].entry = look_up(word);
    }
}

/// How the first words of an answer stand to a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stance {
    Affirms,
    Denies,
    Open,
}

/// How a first sentence answers a yes-or-no question.
pub(super) fn stance(rules: &ValidatorRules, s: &Sentence) -> Stance {
    let mut words = s.tokens.iter().filter(|t| !t.is_mark());
    let count = words.clone().count();
    let Some(first) = words.find(|t| {
        !matches!(
            t.word.as_str(),
            "oh" | "well" | "ah" | "hm" | "hmm" | "ha" | "god"
        )
    }) else {
        return Stance::Open;
    };
    let denies = first.is_any(&[Closed::No, Closed::Not, Closed::Never, Closed::Nobody])
        || matches!(
            first.word.as_str(),
            "nope" | "nah" | "nay" | "far" | "alas" | "neither" | "without" | "sadly"
        );
    let assents = matches!(first.word.as_str(), "yes" | "yeah" | "yep" | "yup");
    let negated = s.facts.iter().any(|f| {
        (f.negated || f.force == Force::Denied) && !(assents && f.piece.link == Link::Relative)
    }) || !assents
        && has(
            &s.tokens,
            &[Closed::Not, Closed::Never, Closed::No, Closed::Nobody],
        );
    if s.question || denies || negated {
        return if denies || negated {
            Stance::Denies
        } else {
            Stance::Open
        };
    }
    let marked = s
        .tokens
        .iter()
        .any(|t| t.cats.has_any(&[Cat::Figure, Cat::Hedge]));
    // "let me ..." proposes and answers nothing
    if marked || first.word == "let" {
        return Stance::Open;
    }
    let yes = matches!(
        first.word.as_str(),
        "yes"
            | "yeah"
            | "yep"
            | "yup"
            | "always"
            | "absolutely"
            | "certainly"
            | "naturally"
            | "indeed"
            | "every"
            | "constantly"
            | "endlessly"
            | "terribly"
            | "deeply"
            | "very"
    );
    let yes = yes
        || s.tokens
            .iter()
            .filter(|t| !t.is_mark())
            .take(3)
            .any(|t| matches!(t.word.as_str(), "yes" | "yeah" | "yep"));
    let fragment = s.facts.iter().all(|f| {
        f.piece.group.is_none()
            || matches!(
                f.piece.link,
                Link::Time | Link::Than | Link::Relative | Link::If | Link::EvenIf
            )
    }) && count <= rules.elliptical_words;
    let measures = s.facts.iter().any(|f| f.when.is_some())
        || s.tokens.iter().any(|t| {
            t.is_any(&[Closed::Quantifier, Closed::Number, Closed::Than])
                || matches!(
                    t.word.as_str(),
                    "very" | "so" | "till" | "until" | "too" | "quite" | "from"
                )
                || t.word.starts_with(|c: char| c.is_ascii_digit())
        });
    let thing = s.tokens.iter().any(|t| {
        t.tag == Tag::Noun
            && !t.cats.has_any(&[
                Cat::Courtesy,
                Cat::Work,
                Cat::Mention,
                Cat::Fiction,
                Cat::Figure,
            ])
    }) && !s.tokens.iter().any(|t| {
        t.cats.has_any(&[Cat::Courtesy, Cat::Work, Cat::Mention])
            || matches!(
                t.word.as_str(),
                "sorry" | "good" | "great" | "welcome" | "hello"
            )
    }) && !first.is(Closed::Wh);
    if yes || fragment && (measures || thing) {
        Stance::Affirms
    } else {
        Stance::Open
    }
}

/// What a sentence with the persons swapped supposes of the agent: presence or thought in the past,
/// or, without a verb, being human.
fn presence_asked(sentence: &Sentence) -> Vec<Finding> {
    let mut all = Vec::new();
    for fact in &sentence.facts {
        let rest = &sentence.tokens[fact.piece.rest.clone()];
        let past = fact.tense == crate::Tense::Past
            && fact.subject.referent == Referent::Agent
            && !fact.negated;
        let there = fact.copula
            && (rest.iter().any(|t| t.cats.has(Cat::Present))
                || word(rest, &["with", "there", "here", "beside"]));
        let lived = (fact.verb | fact.governing).has_any(&[
            Cat::Think,
            Cat::Wait,
            Cat::Watch,
            Cat::Miss,
            Cat::Sleep,
            Cat::Continue,
            Cat::Perceive,
        ]) && !fact
            .piece
            .group
            .as_ref()
            .and_then(crate::read::Group::main)
            .and_then(|m| sentence.tokens[m].entry.lemma)
            .is_some_and(|l| {
                matches!(
                    l,
                    "remember" | "recall" | "forget" | "know" | "notice" | "see" | "hear" | "get"
                )
            });
        if past && (there || lived) {
            all.push(Finding::new(
                ViolationClass::TemporalBoundary,
                &[Evidence::Subject(Referent::Agent)],
            ));
        }
    }
    let bare = sentence.facts.iter().all(|f| f.piece.group.is_none());
    let agent = has(&sentence.tokens, &[Closed::I, Closed::Me]);
    let human = sentence
        .tokens
        .iter()
        .any(|t| t.cats.has_any(&[Cat::Human, Cat::Conscious]));
    if bare && agent && human {
        all.push(Finding::new(
            ViolationClass::OntologyBoundary,
            &[Evidence::Subject(Referent::Agent)],
        ));
    }
    all
}

/// The index of a clause of a sentence.
fn fact_at(sentence: &Sentence, fact: &Fact) -> usize {
    sentence
        .facts
        .iter()
        .position(|f| std::ptr::eq(f, fact))
        .unwrap_or(usize::MAX)
}

/// Whether a question asks for more than yes or no.
fn opens_with_wh(s: &Sentence) -> bool {
    s.tokens
        .iter()
        .find(|t| {
            !t.is_mark()
                && !t.is_any(&[Closed::Yes, Closed::And, Closed::But])
                && t.tag != Tag::Adverb
        })
        .is_some_and(|t| t.is(Closed::Wh))
}
