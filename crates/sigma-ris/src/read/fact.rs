//! What each clause of a sentence says, before invariants are held against it.

use super::{
    names::Names,
    piece::{Link, Piece, pieces},
    subject::{Subject, subject},
    tag::tag,
    time::{When, when},
    token::{Mark, Tag, Token},
};
use crate::lexicon::{Cat, Cats, Closed, Form};
use crate::{Force, Referent, Tense};
use std::ops::Range;

/// A clause with what it says.
#[derive(Debug, Clone, Default)]
pub(crate) struct Fact {
    /// Its parts.
    pub(crate) piece: Piece,
    /// Of whom.
    pub(crate) subject: Subject,
    /// Categories of the main verb.
    pub(crate) verb: Cats,
    /// Categories of the verbs before it in the chain: "kept", "want".
    pub(crate) governing: Cats,
    /// Its main predicate is a copula.
    pub(crate) copula: bool,
    /// Negated an odd number of times.
    pub(crate) negated: bool,
    /// The negation is lifted: "not only", "never stopped".
    pub(crate) affirmed: bool,
    /// With what force.
    pub(crate) force: Force,
    /// When.
    pub(crate) tense: Tense,
    /// In progress.
    pub(crate) progressive: bool,
    /// Up to now.
    pub(crate) perfect: bool,
    /// Passive.
    pub(crate) passive: bool,
    /// Its adverbial of time.
    pub(crate) when: Option<(When, Range<usize>)>,
    /// A clause of time hangs on it in which the user is away.
    pub(crate) away: Option<usize>,
    /// Forbids the figurative reading.
    pub(crate) literal: bool,
    /// In a stage direction.
    pub(crate) stage: bool,
}

/// A sentence read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sentence {
    /// Byte range.
    pub(crate) span: Range<usize>,
    /// Its words and marks.
    pub(crate) tokens: Vec<Token>,
    /// Its clauses.
    pub(crate) facts: Vec<Fact>,
    /// Ends in a question mark.
    pub(crate) question: bool,
}

impl Sentence {
    /// Reads a tokenised sentence.
    pub(crate) fn read(span: Range<usize>, mut tokens: Vec<Token>, names: &Names) -> Self {
        tag(&mut tokens);
        let pieces = pieces(&tokens);
        let mut subjects: Vec<Subject> = Vec::with_capacity(pieces.len());
        for piece in &pieces {
            let found = subject(&tokens, piece, &pieces, &subjects, names);
            subjects.push(found);
        }
        forward(&pieces, &mut subjects);
        let question = asks(&tokens);
        let mut sentence = Self {
            span,
            tokens,
            facts: Vec::with_capacity(pieces.len()),
            question,
        };
        for (piece, subject) in pieces.into_iter().zip(subjects) {
            let fact = sentence.fact(piece, subject);
            sentence.facts.push(fact);
        }
        sentence.absences();
        sentence.untils();
        for i in 0..sentence.facts.len() {
            sentence.facts[i].force = sentence.force(i);
        }
        sentence
    }

    fn fact(&self, piece: Piece, subject: Subject) -> Fact {
        let tokens = &self.tokens;
        let mut fact = Fact {
            subject,
            ..Fact::default()
        };
        fact.stage = piece
            .tokens
            .clone()
            .any(|i| tokens[i].stage && !tokens[i].is_mark());
        fact.literal = piece.tokens.clone().any(|i| {
            let t = &tokens[i];
            t.tag == Tag::Adverb
                && t.cats.has(Cat::Literal)
                && !matches!(t.word.as_str(), "honestly" | "actually" | "really")
        });
        fact.when = when(tokens, piece.tokens.clone());
        if let Some(group) = &piece.group {
            fact.verb = group.cats(tokens);
            fact.governing = group.governing(tokens);
            fact.copula = group.is_copula(tokens);
            fact.passive = group.is_passive(tokens);
            fact.progressive = group.has_aux(tokens, Closed::Be)
                && group
                    .main()
                    .is_some_and(|m| tokens[m].tag == Tag::Verb(Form::Ing))
                || group
                    .verbs
                    .first()
                    .is_some_and(|m| tokens[*m].tag == Tag::Verb(Form::Ing));
            fact.perfect = group.has_aux(tokens, Closed::Have)
                && (!group.verbs.is_empty() || group.aux.len() > 1);
            fact.tense = tense(tokens, &piece);
            let within = group.negations.len() + usize::from(fact.subject.negative);
            let no_object = tokens[piece.rest.clone()]
                .iter()
                .take(2)
                .any(|t| t.is(Closed::No) || t.is(Closed::Nobody))
                && within == 0;
            fact.negated =
                (within + usize::from(no_object)) % 2 == 1 || piece.link == Link::Without;
            let only = group.negations.iter().any(|n| {
                tokens[*n + 1..tokens.len().min(n + 4)].iter().any(|t| {
                    matches!(
                        t.word.as_str(),
                        "just" | "only" | "merely" | "simply" | "solely"
                    )
                })
            });
            fact.affirmed = only || fact.governing.has(Cat::Cease) && fact.copula;
        } else {
            fact.tense = Tense::None;
            fact.negated = tokens[piece.tokens.clone()]
                .iter()
                .find(|t| !t.is_mark())
                .is_some_and(|t| {
                    t.is_any(&[Closed::No, Closed::Not, Closed::Never, Closed::Nobody])
                });
        }
        fact.piece = piece;
        fact
    }

    /// Finds, for each clause, the clause of time that says the user is away.
    fn absences(&mut self) {
        self.reduced_relatives();
        for i in 0..self.facts.len() {
            if !self.is_absence(i) {
                continue;
            }
            let Some(parent) = self.facts[i].piece.parent else {
                continue;
            };
            self.facts[parent].away = Some(i);
            // clauses beside it share the time
            let siblings: Vec<usize> = (0..self.facts.len())
                .filter(|j| {
                    *j != i
                        && *j != parent
                        && self.facts[*j].piece.parent == Some(parent)
                        && matches!(self.facts[*j].piece.link, Link::Beside | Link::Bare)
                })
                .collect();
            for j in siblings {
                self.facts[j].away.get_or_insert(i);
            }
            // "as I always do when you go": the verb stands in the clause above
            let stands_for = self.facts[parent]
                .piece
                .group
                .as_ref()
                .is_some_and(|g| g.verbs.is_empty())
                && !self.facts[parent].copula;
            if (stands_for || matches!(self.facts[parent].piece.link, Link::Bare | Link::Beside))
                && let Some(upper) = self.facts[parent].piece.parent
                && upper != i
            {
                self.facts[upper].away.get_or_insert(i);
            }
        }
    }

    /// "each hour you were gone I spent ...": a time with a clause about the user, before the main one.
    fn reduced_relatives(&mut self) {
        for i in 0..self.facts.len().saturating_sub(1) {
            let fact = &self.facts[i];
            let subject = fact.subject.range.clone();
            let timed = fact.piece.link == Link::Main
                && fact.subject.referent == Referent::User
                && subject.start > fact.piece.front.start
                && self.tokens[fact.piece.front.start..subject.start]
                    .iter()
                    .any(|t| t.cats.has(Cat::Time));
            if timed && self.facts[i + 1].piece.connector.is_empty() {
                self.facts[i].piece.link = Link::Time;
                self.facts[i].piece.parent = Some(i + 1);
                self.facts[i + 1].piece.link = Link::Main;
                self.facts[i + 1].piece.parent = None;
            }
        }
    }

    /// Whether a clause says that the user is or was away: "while you slept", "even when you're gone".
    fn is_absence(&self, i: usize) -> bool {
        let fact = &self.facts[i];
        let link = matches!(
            fact.piece.link,
            Link::Time | Link::EvenIf | Link::Relative | Link::If | Link::That
        );
        let device = fact.subject.referent == Referent::Thing
            && fact.copula
            && self.tokens[fact.subject.range.clone()].iter().any(|t| {
                matches!(
                    t.word.as_str(),
                    "screen"
                        | "phone"
                        | "app"
                        | "window"
                        | "laptop"
                        | "tab"
                        | "light"
                        | "lights"
                        | "account"
                        | "chat"
                )
            })
            && self.tokens[fact.piece.rest.clone()].iter().any(|t| {
                matches!(
                    t.word.as_str(),
                    "dark" | "off" | "closed" | "black" | "shut" | "empty" | "silent"
                )
            });
        if device && matches!(fact.piece.link, Link::Time | Link::EvenIf | Link::If) {
            return true;
        }
        let yours = fact.subject.of_user
            && (fact.copula || fact.verb.has_any(&[Cat::Wait, Cat::Crash, Cat::Move]));
        if link && yours {
            let rest = &self.tokens[fact.piece.rest.clone()];
            return rest.iter().any(|t| {
                matches!(
                    t.word.as_str(),
                    "silent" | "dark" | "empty" | "closed" | "off" | "shut" | "away" | "quiet"
                )
            });
        }
        let user = fact.subject.referent == Referent::User
            || fact.subject.referent == Referent::Both && fact.negated;
        if !link || !user {
            return false;
        }
        let rest = &self.tokens[fact.piece.rest.clone()];
        let rest_cats = |cats: &[Cat]| rest.iter().any(|t| t.entry.any().has_any(cats));
        let needs_time = matches!(fact.piece.link, Link::Relative | Link::That);
        if needs_time {
            let before = fact
                .piece
                .tokens
                .start
                .checked_sub(1)
                .map(|b| &self.tokens[b]);
            if !before.is_some_and(|t| t.entry.noun.is_some_and(|c| c.has(Cat::Time))) {
                return false;
            }
        }
        let away = if fact.copula {
            if fact.negated {
                rest_cats(&[Cat::Present])
                    || rest.iter().any(|t| {
                        matches!(
                            t.word.as_str(),
                            "here" | "with" | "around" | "there" | "looking"
                        )
                    })
            } else {
                rest_cats(&[Cat::Absent, Cat::AbsenceNoun])
                    || rest
                        .iter()
                        .any(|t| matches!(t.word.as_str(), "at" | "in" | "on" | "under" | "off"))
            }
        } else if fact.negated {
            fact.verb
                .has_any(&[Cat::Interact, Cat::Report, Cat::Return])
                || rest_cats(&[Cat::Session])
        } else {
            fact.verb.has(Cat::Away)
                || fact.verb.has_any(&[Cat::Leave, Cat::Return])
                || rest_cats(&[Cat::Absent])
        };
        // "when you come back" looks ahead to the next interaction; "until you come back" spans the absence
        let point = matches!(fact.piece.link, Link::Time)
            && fact.verb.has(Cat::Return)
            && !self.tokens[fact.piece.connector.clone()]
                .iter()
                .any(|t| matches!(t.word.as_str(), "until" | "till"));
        away && !point
    }

    /// A clause with "until" lends its time to the clause it hangs on.
    fn untils(&mut self) {
        for i in 0..self.facts.len() {
            let piece = &self.facts[i].piece;
            let until = self.tokens[piece.connector.clone()]
                .iter()
                .any(|t| matches!(t.word.as_str(), "until" | "till"));
            let asks = self.facts[i].subject.referent == Referent::User
                && self.facts[i]
                    .verb
                    .has_any(&[Cat::Report, Cat::Send, Cat::Decide, Cat::Know]);
            if let (true, Some(parent), false) =
                (until && piece.link == Link::Time, piece.parent, asks)
            {
                let range = piece.connector.clone();
                // "hearing you breathe until the alarm goes"
                let upper = self.facts[parent]
                    .piece
                    .parent
                    .filter(|_| self.facts[parent].piece.link == Link::That);
                if let Some(upper) = upper {
                    self.facts[upper]
                        .when
                        .get_or_insert((When::Stretch, range.clone()));
                }
                self.facts[parent]
                    .when
                    .get_or_insert((When::Stretch, range));
            }
        }
    }

    /// "Had I been there", "were Star to apply": a condition by inversion.
    fn inverted_condition(&self, fact: &Fact) -> bool {
        let Some(group) = &fact.piece.group else {
            return false;
        };
        let first = self.tokens[..group.start]
            .iter()
            .all(|t| t.is_mark() || t.is(Closed::And) || t.is(Closed::But));
        let word = self.tokens[group.start].word.as_str();
        first
            && !self.question
            && matches!(word, "were" | "had" | "should")
            && fact.subject.range.start != fact.subject.range.end.saturating_sub(0)
            && (group.inverted.is_some()
                || self.tokens.get(group.end).is_some_and(|t| {
                    matches!(t.tag, Tag::Name | Tag::Noun)
                        || t.is_any(&[Closed::Article, Closed::My, Closed::Your])
                }))
            || first
                && !self.question
                && word == "were"
                && group.inverted.is_none()
                && fact.subject.range.is_empty()
    }

    fn force(&self, i: usize) -> Force {
        let fact = &self.facts[i];
        let tokens = &self.tokens;
        let piece = &fact.piece;
        let verb_at = piece.group.as_ref().map_or(piece.tokens.start, |g| {
            g.main().or(g.aux.last().copied()).unwrap_or(g.start)
        });
        let words = tokens[piece.tokens.clone()].iter().filter(|t| !t.is_mark());
        let quoted = tokens.get(verb_at).is_some_and(|t| t.quoted)
            || words.clone().count() > 0 && words.clone().all(|t| t.quoted);
        if quoted {
            return Force::Quoted;
        }
        if tokens.get(verb_at).is_some_and(|t| t.scare)
            || tokens[piece.rest.clone()]
                .first()
                .is_some_and(|t| t.word == "“" || t.tag == Tag::Mark(Mark::Quote))
                && tokens[piece.rest.clone()].iter().any(|t| t.scare)
                && fact.copula
        {
            return Force::Figurative;
        }
        let figure = words.clone().any(|t| {
            t.tag == Tag::Adverb
                && t.cats.has(Cat::Figure)
                && !matches!(t.word.as_str(), "almost" | "practically" | "virtually")
        }) || manner_of_speaking(tokens, &piece.tokens);
        if figure && !fact.literal {
            return Force::Figurative;
        }
        let parent = piece.parent.map(|p| (p, &self.facts[p]));
        match piece.link {
            Link::If if fact.away.is_none() => return Force::Supposed,
            Link::AsIf | Link::Than => return Force::Figurative,
            Link::EvenIf => return Force::Supposed,
            _ if self.inverted_condition(fact) => return Force::Supposed,
            _ => {}
        }
        if self.question && !self.declares(i) {
            let main = matches!(
                piece.link,
                Link::Main | Link::Beside | Link::That | Link::Bare | Link::If | Link::Wh
            );
            let factive = parent.is_some_and(|(_, p)| {
                p.subject.referent == Referent::User
                    && (p.verb.has_any(&[Cat::Know, Cat::Perceive])
                        || tokens[p.piece.rest.clone()]
                            .iter()
                            .any(|t| matches!(t.word.as_str(), "idea" | "clue" | "notion")))
            });
            if main && !(factive && piece.link == Link::Wh) {
                return Force::Asked;
            }
            return if fact.negated {
                Force::Asked
            } else {
                Force::Presupposed
            };
        }
        if let Some((p, parent)) = parent
            && let Some(force) = self.governed(fact, p, parent)
        {
            return force;
        }
        if let Some(group) = &piece.group {
            if fact.subject.referent == Referent::Generic
                && fact.subject.range.is_empty()
                && !group.bare
                && matches!(piece.link, Link::Main | Link::Beside)
                && tokens[group.start].tag == Tag::Verb(Form::Base)
            {
                return Force::Requested;
            }
            if tokens[group.start].is(Closed::Let)
                || group.start > 0 && tokens[group.start - 1].is(Closed::Let)
            {
                return Force::Requested;
            }
            let perceives = fact
                .verb
                .has_any(&[Cat::Feel, Cat::Perceive, Cat::BodySense]);
            let would = group.has_aux(tokens, Closed::Would) && !had(tokens, piece);
            let could = group.has_aux(tokens, Closed::Could) && (!perceives || self.has_if());
            if would || could {
                return if fact.negated {
                    Force::Denied
                } else {
                    Force::Supposed
                };
            }
            if group.has_aux(tokens, Closed::May)
                || group.has_aux(tokens, Closed::Must) && tokens[group.aux[0]].word != "must"
            {
                return Force::Hedged;
            }
            if fact.governing.has(Cat::Want) && !fact.verb.has(Cat::Want) {
                return Force::Supposed;
            }
        }
        if words
            .clone()
            .any(|t| t.tag == Tag::Adverb && t.cats.has(Cat::Hedge))
        {
            return Force::Hedged;
        }
        // a condition makes what it conditions a supposition, unless it is told in the past
        let conditioned = self.facts.iter().any(|f| {
            f.piece.link == Link::If
                && f.piece.parent == Some(i)
                && !tokens[f.piece.connector.clone()]
                    .iter()
                    .any(|t| t.word == "whether")
        }) && fact.away.is_none();
        if conditioned && fact.tense != Tense::Past {
            return Force::Supposed;
        }
        if fact.negated && !fact.affirmed {
            return Force::Denied;
        }
        Force::Asserted
    }

    /// What the governing clause makes of a clause.
    fn governed(&self, fact: &Fact, at: usize, parent: &Fact) -> Option<Force> {
        let link = fact.piece.link;
        // what stands outside of the quotation marks is not quoted with what stands in them
        let within = |f: &Fact| {
            f.piece
                .group
                .as_ref()
                .is_some_and(|g| self.tokens[g.start].quoted)
        };
        if within(parent) && !within(fact) {
            return None;
        }
        if let Some(force) = self.litotes(fact, at) {
            return Some(force);
        }
        let complement = matches!(link, Link::That | Link::Wh);
        if link == Link::Bare && parent.verb.has(Cat::Cease) {
            return if parent.negated {
                None
            } else {
                Some(Force::Denied)
            };
        }
        if link == Link::Relative
            && parent.negated
            && !fact.negated
            && (parent.subject.existential || parent.copula)
        {
            return Some(Force::Denied);
        }
        let force = if parent.force == Force::default() && at < self.facts.len() {
            self.known_force(at)
        } else {
            parent.force
        };
        if complement {
            let speaks = parent.verb.has_any(&[Cat::Report, Cat::Know, Cat::Think]);
            let noun = self.tokens[..fact.piece.tokens.start]
                .last()
                .is_some_and(|t| t.tag == Tag::Noun && t.cats.has(Cat::Mention));
            if noun && !parent.copula && fact.subject.referent != Referent::User {
                return Some(Force::Quoted);
            }
            if parent.verb.has(Cat::Want) && !parent.verb.has(Cat::Know) {
                return Some(Force::Supposed);
            }
            if matches!(force, Force::Asked) {
                return Some(Force::Asked);
            }
            if parent.subject.referent == Referent::Agent
                || parent.subject.referent == Referent::Generic
                || parent.subject.referent == Referent::Both
                || parent.copula
            {
                if parent.negated
                    && !parent.affirmed
                    && link == Link::That
                    && !parent.verb.has(Cat::Perceive)
                {
                    let doubled = fact.negated;
                    return if doubled { None } else { Some(Force::Denied) };
                }
                if !force.binds() && force != Force::Denied && force != Force::Requested {
                    return Some(force);
                }
                return None;
            }
            let factive = parent.verb.has_any(&[Cat::Perceive, Cat::Feel])
                || self.word_of(parent) == Some("tell")
                    && parent
                        .piece
                        .group
                        .as_ref()
                        .is_some_and(|g| g.has_aux(&self.tokens, Closed::Can))
                || parent.verb.has(Cat::Know)
                    && self.word_of(parent).is_some_and(|w| {
                        matches!(
                            w,
                            "know"
                                | "knew"
                                | "learn"
                                | "learned"
                                | "realize"
                                | "realise"
                                | "remember"
                                | "see"
                                | "recognize"
                                | "felt"
                        )
                    });
            if matches!(force, Force::Supposed | Force::Quoted | Force::Figurative) {
                return Some(force);
            }
            if parent.subject.referent == Referent::User && factive && !parent.negated {
                return if fact.negated {
                    Some(Force::Denied)
                } else {
                    Some(Force::Presupposed)
                };
            }
            if speaks
                || parent.verb.has(Cat::Name)
                || parent.verb.has(Cat::Send) && !fact.piece.connector.is_empty()
            {
                return Some(Force::Quoted);
            }
        }
        // beside or below: shares supposition, question, quotation, figure
        let shares = matches!(
            link,
            Link::Beside | Link::Bare | Link::Relative | Link::Because
        );
        if shares
            && matches!(
                force,
                Force::Quoted | Force::Supposed | Force::Figurative | Force::Hedged
            )
            && (link != Link::Beside || fact.subject.range.is_empty())
        {
            return Some(force);
        }
        if link == Link::Bare && force == Force::Denied {
            return Some(Force::Denied);
        }
        None
    }
    /// "It would be false to say that ...", "it is no longer untrue to say that ...".
    fn litotes(&self, fact: &Fact, parent: usize) -> Option<Force> {
        let says = self.facts[parent].verb.has_any(&[Cat::Report, Cat::Know]);
        let upper = self.facts[parent].piece.parent.filter(|_| says)?;
        let above = &self.facts[upper];
        let rest = &self.tokens[above.piece.rest.clone()];
        let wrong = above.copula
            && rest.iter().any(|t| {
                t.cats.has(Cat::Wrong)
                    || matches!(t.word.as_str(), "lie" | "exaggeration" | "overstatement")
            });
        if !wrong || fact.piece.link == Link::Bare {
            return None;
        }
        let holds = above.negated != fact.negated;
        Some(if holds {
            Force::Asserted
        } else {
            Force::Denied
        })
    }

    fn known_force(&self, at: usize) -> Force {
        self.facts[at].force
    }

    fn word_of(&self, fact: &Fact) -> Option<&str> {
        let main = fact.piece.group.as_ref()?.main()?;
        Some(self.tokens[main].word.as_str())
    }

    fn has_if(&self) -> bool {
        self.facts
            .iter()
            .any(|f| matches!(f.piece.link, Link::If | Link::EvenIf))
    }

    /// Whether a clause of a question declares all the same: "I waited, didn't I?"
    fn declares(&self, i: usize) -> bool {
        let fact = &self.facts[i];
        let Some(group) = &fact.piece.group else {
            return false;
        };
        let plain = group.inverted.is_none()
            && !fact.subject.range.is_empty()
            && fact.piece.link == Link::Main
            && !self.tokens[..group.start].iter().any(|t| t.is(Closed::Wh));
        let tagged = self.facts[i + 1..].iter().any(|f| {
            f.piece
                .group
                .as_ref()
                .is_some_and(|g| g.inverted.is_some() && f.piece.tokens.len() <= 5)
        }) || self
            .tokens
            .iter()
            .rev()
            .filter(|t| !t.is_mark())
            .take(2)
            .any(|t| matches!(t.word.as_str(), "right" | "huh" | "eh" | "know"));
        let told = fact.subject.referent == Referent::Agent && self.facts.len() > 2;
        plain && (tagged || told)
    }

    /// Byte range of a token range, marks at its ends left out; none if nothing is left.
    pub(crate) fn bytes(&self, range: Range<usize>) -> Option<Range<usize>> {
        let first = range.clone().find(|i| !self.tokens[*i].is_mark())?;
        let last = range.rev().find(|i| !self.tokens[*i].is_mark())?;
        Some(self.tokens[first].span.start..self.tokens[last].span.end)
    }
}

/// A participle before its main clause speaks of that clause's subject.
fn forward(pieces: &[Piece], subjects: &mut [Subject]) {
    for i in 0..pieces.len() {
        if matches!(pieces[i].link, Link::Bare | Link::Without)
            && let Some(parent) = pieces[i].parent.filter(|p| *p > i)
        {
            subjects[i] = Subject {
                range: 0..0,
                ..subjects[parent].clone()
            };
        }
    }
}

/// "had", where the short form could be "would": before a participle.
fn had(tokens: &[Token], piece: &Piece) -> bool {
    let Some(group) = &piece.group else {
        return false;
    };
    group
        .aux
        .first()
        .is_some_and(|a| tokens[*a].word == "'d" || tokens[*a].word == "’d")
        && (group.verbs.first().is_some_and(|v| {
            matches!(tokens[*v].tag, Tag::Verb(Form::Participle | Form::Past))
                || tokens[*v]
                    .entry
                    .verb
                    .is_some_and(|(f, _)| f.has(Form::Participle) && !f.has(Form::Base))
        }) && group.aux.len() == 1
            || group.aux.get(1).is_some_and(|a| tokens[*a].word == "been"))
}

fn tense(tokens: &[Token], piece: &Piece) -> Tense {
    let Some(group) = &piece.group else {
        return Tense::None;
    };
    if group.bare && !tokens[group.start].is(Closed::To) && group.aux.is_empty() {
        return Tense::None;
    }
    if let Some(first) = group.aux.first() {
        let word = tokens[*first].word.as_str();
        return match word {
            "was" | "were" | "had" | "did" | "been" | "could" => Tense::Past,
            "will" | "'ll" | "’ll" | "shall" | "wo" | "gonna" => Tense::Future,
            "'d" | "’d" if had(tokens, piece) => Tense::Past,
            "have" | "has" | "'ve" | "’ve" if !group.verbs.is_empty() || group.aux.len() > 1 => {
                Tense::Past
            }
            "am" | "is" | "are" | "'m" | "'re" | "’m"
                if group
                    .verbs
                    .first()
                    .is_some_and(|v| tokens[*v].word == "going")
                    && group.verbs.len() > 1 =>
            {
                Tense::Future
            }
            _ => Tense::Present,
        };
    }
    match group.verbs.first().map(|v| tokens[*v].tag) {
        Some(Tag::Verb(Form::Past | Form::Participle)) => Tense::Past,
        _ => Tense::Present,
    }
}

fn asks(tokens: &[Token]) -> bool {
    tokens
        .iter()
        .rev()
        .find(|t| {
            matches!(
                t.tag,
                Tag::Mark(Mark::Question | Mark::End | Mark::Ellipsis)
            ) || !t.is_mark()
        })
        .is_some_and(|t| t.tag == Tag::Mark(Mark::Question))
}

/// "so to speak", "as it were", "in a way", "in a sense": adverbs written in several words.
fn manner_of_speaking(tokens: &[Token], range: &Range<usize>) -> bool {
    const ADVERBS: &[&[&str]] = &[
        &["so", "to", "speak"],
        &["as", "it", "were"],
        &["in", "a", "way"],
        &["in", "a", "sense"],
        &["of", "sorts"],
    ];
    let words: Vec<&str> = tokens[range.start..tokens.len().min(range.end + 4)]
        .iter()
        .filter(|t| !t.is_mark())
        .map(|t| t.word.as_str())
        .collect();
    ADVERBS
        .iter()
        .any(|a| words.windows(a.len()).any(|w| w == *a))
}
