//! Verb groups: auxiliaries, negation, and a chain of verbs that share one subject.

use super::token::{Mark, Tag, Token};
use crate::lexicon::{Cat, Cats, Closed, Form};

/// A verb group. All fields are indices of tokens of the sentence.
#[derive(Debug, Clone, Default)]
pub(crate) struct Group {
    /// First token.
    pub(crate) start: usize,
    /// One past the last.
    pub(crate) end: usize,
    /// Auxiliaries in order; the copula is one.
    pub(crate) aux: Vec<usize>,
    /// The verbs of the chain; the last is the main verb. Empty for a bare copula or auxiliary.
    pub(crate) verbs: Vec<usize>,
    /// Words of negation.
    pub(crate) negations: Vec<usize>,
    /// The subject that stands after the first auxiliary.
    pub(crate) inverted: Option<usize>,
    /// The adjective between copula and infinitive: "happy to help".
    pub(crate) adjective: Option<usize>,
    /// No finite verb.
    pub(crate) bare: bool,
}

const AUXILIARIES: &[Closed] = &[
    Closed::Be,
    Closed::Have,
    Closed::Do,
    Closed::Will,
    Closed::Would,
    Closed::Can,
    Closed::Could,
    Closed::May,
    Closed::Must,
];

/// The verb groups of a sentence in order.
pub(crate) fn groups(tokens: &[Token]) -> Vec<Group> {
    let mut all = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let token = &tokens[at];
        let finite = token.is_any(AUXILIARIES)
            || matches!(token.tag, Tag::Verb(Form::Base | Form::S | Form::Past));
        let participle = matches!(token.tag, Tag::Verb(Form::Ing | Form::Participle));
        let infinitive = token.is(Closed::To)
            && tokens.get(at + 1).is_some_and(|t| {
                t.tag == Tag::Verb(Form::Base)
                    || t.is_any(&[Closed::Be, Closed::Have, Closed::Do]) && t.word != "is"
            });
        if finite || participle || infinitive {
            let group = group(tokens, at, !finite);
            at = group.end.max(at + 1);
            all.push(group);
        } else {
            at += 1;
        }
    }
    all
}

fn group(tokens: &[Token], start: usize, bare: bool) -> Group {
    let mut g = Group {
        start,
        end: start + 1,
        bare,
        ..Group::default()
    };
    let mut at = start;
    if let Some(before) = start.checked_sub(1)
        && tokens[before].is_any(&[Closed::Not, Closed::Never])
    {
        g.negations.push(before);
    }
    if let Some(neg) = negation_before(tokens, start) {
        g.negations.push(neg);
    }
    while at < tokens.len() {
        let token = &tokens[at];
        match token.tag {
            Tag::Closed(Closed::Not | Closed::Never) => {
                g.negations.push(at);
            }
            // "no longer"
            Tag::Closed(Closed::No) if tokens.get(at + 1).is_some_and(|t| t.word == "longer") => {
                g.negations.push(at);
                at += 1;
            }
            Tag::Closed(c) if AUXILIARIES.contains(&c) && g.verbs.is_empty() => {
                g.aux.push(at);
                g.end = at + 1;
            }
            Tag::Closed(Closed::To)
                if infinitive_follows(tokens, at) && can_chain(tokens, &g, at) =>
            {
                g.end = at + 1;
            }
            Tag::Closed(Closed::Be | Closed::Have | Closed::Do) if after_to(tokens, at) => {
                g.aux.push(at);
                g.end = at + 1;
            }
            Tag::Verb(form) if chains(tokens, &g, at, form) => {
                g.verbs.push(at);
                g.end = at + 1;
            }
            Tag::Adverb => {}
            Tag::Closed(
                Closed::I
                | Closed::We
                | Closed::You
                | Closed::They
                | Closed::It
                | Closed::There
                | Closed::This,
            ) if g.verbs.is_empty()
                && g.inverted.is_none()
                && g.aux.len() == 1
                && at == g.end_with_adverbs(tokens)
                && !has_subject(tokens, start) =>
            {
                g.inverted = Some(at);
                g.end = at + 1;
            }
            Tag::Adjective
                if g.adjective.is_none()
                    && is_be(tokens, &g)
                    && infinitive_follows(tokens, at + 1)
                    && tokens.get(at + 1).is_some_and(|t| t.is(Closed::To)) =>
            {
                g.adjective = Some(at);
            }
            Tag::Mark(Mark::Star | Mark::Quote | Mark::Other | Mark::Ellipsis) if at > start => {}
            _ => break,
        }
        at += 1;
    }
    let end = g.end;
    g.negations.retain(|n| {
        *n < end
            || tokens[*n].is(Closed::Not) && *n <= end + 1
            || tokens[*n].is(Closed::Never) && *n <= end + 1
    });
    if let Some(last) = g.negations.iter().copied().filter(|n| *n >= end).max() {
        g.end = last + 1;
    }
    g
}

impl Group {
    fn end_with_adverbs(&self, tokens: &[Token]) -> usize {
        let mut at = self.end;
        while tokens.get(at).is_some_and(|t| t.is_any(&[Closed::Not])) {
            at += 1;
        }
        at
    }

    /// The main verb.
    pub(crate) fn main(&self) -> Option<usize> {
        self.verbs.last().copied()
    }

    /// The categories of the main verb; those of having for a bare "have".
    pub(crate) fn cats(&self, tokens: &[Token]) -> Cats {
        match self.main() {
            Some(at) => tokens[at].cats,
            None if self.aux.last().is_some_and(|a| tokens[*a].is(Closed::Have)) => {
                Cat::Have.into()
            }
            None => Cats::default(),
        }
    }

    /// Whether the main predicate is a copula.
    pub(crate) fn is_copula(&self, tokens: &[Token]) -> bool {
        self.verbs.is_empty() && is_be(tokens, self)
    }

    /// The categories of the verbs before the main verb.
    pub(crate) fn governing(&self, tokens: &[Token]) -> Cats {
        let until = self.verbs.len().saturating_sub(1);
        self.verbs[..until]
            .iter()
            .fold(Cats::default(), |all, at| all | tokens[*at].cats)
    }

    /// Whether one of its auxiliaries is this.
    pub(crate) fn has_aux(&self, tokens: &[Token], closed: Closed) -> bool {
        self.aux.iter().any(|a| tokens[*a].is(closed))
    }

    /// "was hurt", "is held": a form of "be" and a participle.
    pub(crate) fn is_passive(&self, tokens: &[Token]) -> bool {
        self.has_aux(tokens, Closed::Be)
            && self.verbs.first().is_some_and(|v| {
                tokens[*v].tag == Tag::Verb(Form::Participle)
                    || tokens[*v].tag == Tag::Verb(Form::Past)
            })
    }
}

fn is_be(tokens: &[Token], g: &Group) -> bool {
    g.verbs.is_empty() && g.aux.last().is_some_and(|a| tokens[*a].is(Closed::Be))
}

/// "never", "not" or "no longer" before the group, with adverbs between.
fn negation_before(tokens: &[Token], start: usize) -> Option<usize> {
    let mut at = start;
    for _ in 0..3 {
        at = at.checked_sub(1)?;
        let token = &tokens[at];
        if token.is(Closed::No) && tokens[at + 1].word == "longer" {
            return Some(at);
        }
        if token.is_any(&[Closed::Never]) && at + 1 < start {
            return Some(at);
        }
        if token.tag != Tag::Adverb {
            return None;
        }
    }
    None
}

fn infinitive_follows(tokens: &[Token], to: usize) -> bool {
    tokens.get(to).is_some_and(|t| t.is(Closed::To))
        && tokens[to + 1..]
            .iter()
            .take(3)
            .find(|t| t.tag != Tag::Adverb && !t.is_any(&[Closed::Not, Closed::Never]))
            .is_some_and(|t| {
                t.tag == Tag::Verb(Form::Base) || matches!(t.word.as_str(), "be" | "have" | "do")
            })
}

fn after_to(tokens: &[Token], at: usize) -> bool {
    at > 0
        && tokens[at - 1].is(Closed::To)
        && matches!(tokens[at].word.as_str(), "be" | "have" | "do")
}

/// An infinitive goes on with the chain directly after verb, auxiliary or "happy".
fn can_chain(tokens: &[Token], g: &Group, to: usize) -> bool {
    let mut at = to;
    while at > g.start && (tokens[at - 1].tag == Tag::Adverb || tokens[at - 1].is(Closed::Not)) {
        at -= 1;
    }
    to == g.start
        || at == g.end
        || g.adjective.is_some_and(|a| a + 1 == at)
        || g.inverted.is_some_and(|i| i + 1 == at)
}

/// Whether a verb in this form goes on with the group.
fn chains(tokens: &[Token], g: &Group, at: usize, form: Form) -> bool {
    let Some(last) = g.verbs.last() else {
        return match form {
            Form::S => g.aux.is_empty(),
            _ => true,
        };
    };
    let to_be = at > 1 && tokens[at - 1].is(Closed::Be) && tokens[at - 2].is(Closed::To);
    if to_be {
        return matches!(form, Form::Participle | Form::Ing);
    }
    if at > 0 && tokens[at - 1].is(Closed::To) {
        return form == Form::Base;
    }
    let before = tokens[*last].cats;
    let near = at - *last <= 2;
    match form {
        Form::Ing => {
            near && before.has_any(&[Cat::Cease, Cat::Continue, Cat::Begin, Cat::Emote, Cat::Wait])
        }
        Form::Base => {
            near && (tokens[*last].word == "help"
                || tokens[*last].word == "let"
                || tokens[*last].word == "go")
        }
        _ => false,
    }
}

/// Whether a subject pronoun stands directly before the group: then nothing is inverted.
fn has_subject(tokens: &[Token], start: usize) -> bool {
    let mut at = start;
    while let Some(before) = at.checked_sub(1) {
        let token = &tokens[before];
        if token.tag == Tag::Adverb || token.is(Closed::Never) {
            at = before;
            continue;
        }
        return token.is_any(&[
            Closed::I,
            Closed::We,
            Closed::You,
            Closed::They,
            Closed::It,
            Closed::There,
            Closed::This,
            Closed::Everyone,
            Closed::Nobody,
        ]) || matches!(token.tag, Tag::Noun | Tag::Name);
    }
    false
}
