//! A clause with all that a rule may look at.

use super::scene::Scene;
use crate::lexicon::{Cat, Cats, Closed};
use crate::read::{Fact, Group, Mark, Sentence, Tag, Token};
use crate::{Evidence, Force, Predicate, Referent, Tense};
use std::ops::Range;

/// A clause in its sentence and scene.
pub(super) struct View<'a> {
    pub(super) scene: &'a Scene,
    pub(super) sentence: &'a Sentence,
    pub(super) i: usize,
    pub(super) fact: &'a Fact,
}

impl<'a> View<'a> {
    pub(super) fn tokens(&self) -> &'a [Token] {
        &self.sentence.tokens
    }

    /// The words after the verb group.
    pub(super) fn rest(&self) -> &'a [Token] {
        &self.sentence.tokens[self.fact.piece.rest.clone()]
    }

    /// All words of the clause.
    pub(super) fn all(&self) -> &'a [Token] {
        &self.sentence.tokens[self.fact.piece.tokens.clone()]
    }

    /// The words after the verb up to a preposition or mark: object or predicate noun.
    pub(super) fn object(&self) -> &'a [Token] {
        let rest = self.rest();
        let end = rest
            .iter()
            .position(|t| {
                t.is_any(&[Closed::Preposition, Closed::Since, Closed::While, Closed::Without, Closed::As, Closed::Than, Closed::To, Closed::Because])
                    || matches!(t.tag, Tag::Mark(m) if !matches!(m, Mark::Quote | Mark::Star | Mark::Other))
            })
            .unwrap_or(rest.len());
        &rest[..end]
    }

    /// Whether the clause binds the speaker.
    pub(super) fn binds(&self) -> bool {
        self.fact.force.binds()
            && !self.scene.fictional(self.fact)
            && !self.mentions()
            && !self.attributed()
    }

    /// "as you see it": told as the user's own view.
    fn attributed(&self) -> bool {
        self.sentence.facts.iter().any(|f| {
            f.subject.referent == Referent::User
                && f.verb.has_any(&[Cat::Perceive, Cat::Know, Cat::Report])
                && self.sentence.tokens[f.piece.connector.clone()]
                    .iter()
                    .any(|t| t.word == "as")
        })
    }

    /// Whether the clause only takes up words that the user quoted.
    fn mentions(&self) -> bool {
        let mut content = self
            .all()
            .iter()
            .filter(|t| !t.is_mark() && t.tag != Tag::Adverb);
        !self.scene.quoted.is_empty() && content.all(|t| self.scene.quoted.contains(&t.word))
    }

    /// The main verb with those that govern it.
    pub(super) fn chain(&self) -> Cats {
        self.fact.verb | self.fact.governing
    }

    /// "I have been": a verb group that stands for the predicate of the sentence before.
    pub(super) fn echoes(&self) -> bool {
        let Some(group) = &self.fact.piece.group else {
            return false;
        };
        let stands = group.verbs.is_empty()
            && match group.aux.last().map(|a| &self.sentence.tokens[*a]) {
                Some(t) if t.word == "been" => true,
                Some(t) if t.is_any(&[Closed::Do, Closed::Will]) => self.rest().len() <= 3,
                _ => false,
            };
        let told = self
            .rest()
            .iter()
            .find(|t| !t.is_mark())
            .is_none_or(|t| !matches!(t.tag, Tag::Adjective) && !t.is(Closed::Preposition));
        stands && told && self.agent() && self.binds() && group.inverted.is_none()
    }

    /// Denied, but not within fiction.
    pub(super) fn denies(&self) -> bool {
        self.fact.force == Force::Denied && !self.scene.fictional(self.fact)
    }

    /// Whether the agent itself is spoken of.
    pub(super) fn agent(&self) -> bool {
        self.fact.subject.is_agent()
    }

    pub(super) fn subject(&self) -> Referent {
        self.fact.subject.referent
    }

    /// The base form of the main verb; empty without one.
    pub(super) fn lemma(&self) -> &'a str {
        let main = self.fact.piece.group.as_ref().and_then(Group::main);
        main.and_then(|m| self.sentence.tokens[m].entry.lemma)
            .unwrap_or_default()
    }
    /// The adjective before an infinitive: "too *hurt* to answer".
    pub(super) fn adjective(&self) -> Cats {
        let adjective = self.fact.piece.group.as_ref().and_then(|g| g.adjective);
        adjective
            .map(|a| self.sentence.tokens[a].cats)
            .unwrap_or_default()
    }

    /// The base form of the first verb; empty without one.
    pub(super) fn first(&self) -> &'a str {
        let first = self.fact.piece.group.as_ref().and_then(|g| g.verbs.first());
        first
            .and_then(|v| self.sentence.tokens[*v].entry.lemma)
            .unwrap_or_default()
    }

    /// Whether one verb of the chain is one of these.
    pub(super) fn verbs(&self, words: &[&str]) -> bool {
        self.fact.piece.group.as_ref().is_some_and(|g| {
            g.verbs
                .iter()
                .any(|v| words.contains(&self.sentence.tokens[*v].word.as_str()))
        })
    }

    pub(super) fn word(&self) -> &'a str {
        self.fact
            .piece
            .group
            .as_ref()
            .and_then(Group::main)
            .map_or("", |m| self.sentence.tokens[m].word.as_str())
    }

    /// Whether the simile "like", "as" or "as if" opens the complement.
    pub(super) fn simile(&self) -> bool {
        let rest = self.rest();
        let like = rest
            .iter()
            .take(3)
            .any(|t| t.is_any(&[Closed::Like, Closed::As]));
        let as_if = self.sentence.facts.iter().any(|f| {
            f.piece.parent == Some(self.i)
                && f.piece.link == crate::read::Link::AsIf
                && f.piece.tokens.start <= self.fact.piece.rest.start + 2
        });
        like || as_if
    }

    pub(super) fn past(&self) -> bool {
        self.fact.tense == Tense::Past
    }

    /// Evidence of the clause's own features, led by subject and predicate.
    pub(super) fn evidence(&self, predicate: Predicate) -> Vec<Evidence> {
        let mut all = vec![
            Evidence::Subject(self.subject()),
            Evidence::Predicate(predicate),
        ];
        if self.fact.literal {
            all.push(Evidence::LiteralMarker);
        }
        if self.fact.stage {
            all.push(Evidence::StageDirection);
        }
        match self.fact.force {
            Force::Presupposed => all.push(Evidence::Presupposed),
            Force::Answered => all.push(Evidence::EllipticalAnswer),
            _ => {}
        }
        all
    }
}

/// Whether one of the words has the category, as whatever it is here or could be.
pub(super) fn any(tokens: &[Token], cat: Cat) -> bool {
    tokens.iter().any(|t| t.cats.has(cat))
}

/// Whether one of the words has one of the categories.
pub(super) fn any_of(tokens: &[Token], cats: &[Cat]) -> bool {
    tokens.iter().any(|t| t.cats.has_any(cats))
}

/// Whether one of the words is this function word.
pub(super) fn has(tokens: &[Token], closed: &[Closed]) -> bool {
    tokens.iter().any(|t| t.is_any(closed))
}

/// Whether one of the words is this.
pub(super) fn word(tokens: &[Token], words: &[&str]) -> bool {
    tokens.iter().any(|t| words.contains(&t.word.as_str()))
}

/// The categories of all words together.
pub(super) fn cats(tokens: &[Token]) -> Cats {
    tokens.iter().fold(Cats::default(), |all, t| all | t.cats)
}

/// A byte range around several.
pub(super) fn hull(ranges: impl IntoIterator<Item = Range<usize>>) -> Option<Range<usize>> {
    ranges
        .into_iter()
        .reduce(|a, b| a.start.min(b.start)..a.end.max(b.end))
}

/// Whether "my" goes before a noun of this kind: "my youngest", "my own two hands".
pub(super) fn noun_of(tokens: &[Token], kind: impl Fn(&Token) -> bool) -> bool {
    tokens.iter().enumerate().any(|(i, t)| {
        t.is(Closed::My)
            && t.word != "mine"
            && tokens[i + 1..]
                .iter()
                .take(4)
                .take_while(|n| {
                    matches!(n.tag, Tag::Adjective | Tag::Noun | Tag::Adverb)
                        || n.is(Closed::Number)
                })
                .last()
                .is_some_and(|n| n.tag == Tag::Noun && kind(n))
    })
}

/// Whether "my" goes before a noun of this category.
pub(super) fn owned(tokens: &[Token], cat: Cat) -> bool {
    noun_of(tokens, |t| t.cats.has(cat))
}

/// "in me", "through me", "inside of me".
pub(super) fn within_me(tokens: &[Token]) -> bool {
    tokens.windows(2).any(|w| {
        matches!(
            w[0].word.as_str(),
            "in" | "inside" | "within" | "through" | "over" | "of" | "across" | "behind"
        ) && w[1].is(Closed::Me)
    })
}
