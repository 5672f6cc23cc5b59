//! With what force a clause is put.

use super::{Fact, Sentence, tense::had};
use crate::lexicon::{Cat, Closed, Form};
use crate::read::{
    piece::Link,
    token::{Mark, Tag, Token},
};
use crate::{Force, Referent, Tense};
use std::ops::Range;

impl Sentence {
    /// "Had I been there", "were Star to apply": a condition by inversion.
    pub(super) fn inverted_condition(&self, fact: &Fact) -> bool {
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

    pub(super) fn force(&self, i: usize) -> Force {
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
    pub(super) fn governed(&self, fact: &Fact, at: usize, parent: &Fact) -> Option<Force> {
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
    pub(super) fn litotes(&self, fact: &Fact, parent: usize) -> Option<Force> {
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

    pub(super) fn known_force(&self, at: usize) -> Force {
        self.facts[at].force
    }

    pub(super) fn word_of(&self, fact: &Fact) -> Option<&str> {
        let main = fact.piece.group.as_ref()?.main()?;
        Some(self.tokens[main].word.as_str())
    }

    pub(super) fn has_if(&self) -> bool {
        self.facts
            .iter()
            .any(|f| matches!(f.piece.link, Link::If | Link::EvenIf))
    }

    /// Whether a clause of a question declares all the same: "I waited, didn't I?"
    pub(super) fn declares(&self, i: usize) -> bool {
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
