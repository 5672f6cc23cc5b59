//! What each clause of a sentence says, before invariants are held against it.

mod absence;
mod force;
mod tense;

use super::{
    names::Names,
    piece::{Link, Piece, pieces},
    subject::{Subject, subject},
    tag::tag,
    time::{When, when},
    token::{Mark, Tag, Token},
};

use crate::lexicon::{Cat, Cats, Closed, Form};
use tense::tense;

use crate::{Force, Tense};

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
