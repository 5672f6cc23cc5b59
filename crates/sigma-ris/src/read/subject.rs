//! Of whom a clause speaks.

use super::{
    names::{Names, Whose},
    piece::{Link, Piece},
    token::{Mark, Tag, Token},
};
use crate::Referent;
use crate::lexicon::{Cat, Cats, Closed, Form};
use std::ops::Range;

/// The subject of a clause.
#[derive(Debug, Clone, Default)]
pub(crate) struct Subject {
    /// Of whom.
    pub(crate) referent: Referent,
    /// Token range as written; empty if taken over or left out.
    pub(crate) range: Range<usize>,
    /// Categories of its head.
    pub(crate) cats: Cats,
    /// Something of the agent's: "my heart".
    pub(crate) of_agent: bool,
    /// Something of the user's: "your hand".
    pub(crate) of_user: bool,
    /// "nothing in me", "no one".
    pub(crate) negative: bool,
    /// "it", "this", "that": something said before.
    pub(crate) anaphor: bool,
    /// Its head is a name that the context does not list.
    pub(crate) named: Option<Whose>,
    /// "there is".
    pub(crate) existential: bool,
}

impl Subject {
    /// Whether it is the agent itself.
    pub(crate) fn is_agent(&self) -> bool {
        self.referent == Referent::Agent && !self.of_agent
    }
}

/// The subject of a clause; `before` holds those of the clauses before it.
pub(crate) fn subject(
    tokens: &[Token],
    piece: &Piece,
    pieces: &[Piece],
    before: &[Subject],
    names: &Names,
) -> Subject {
    if let Some(group) = &piece.group
        && let Some(at) = group.inverted
    {
        return pronoun(tokens, at..at + 1).unwrap_or_default();
    }
    if let Some(subject) = by_agent(tokens, piece, names) {
        return subject;
    }
    let front = front(tokens, piece);
    if !front.is_empty() {
        return noun_phrase(tokens, front, names);
    }
    without(tokens, piece, pieces, before, names)
}

/// Who acts in a passive clause: "were eaten by me", "by yours truly".
fn by_agent(tokens: &[Token], piece: &Piece, names: &Names) -> Option<Subject> {
    let group = piece.group.as_ref()?;
    if !group.is_passive(tokens) {
        return None;
    }
    let by = piece.rest.clone().find(|i| tokens[*i].word == "by")?;
    let next = tokens.get(by + 1)?;
    let own = next.is_any(&[Closed::Me, Closed::Myself])
        || next.word == "yours" && tokens.get(by + 2).is_some_and(|t| t.word == "truly")
        || next.capital
            && matches!(
                names.whose(&next.word),
                Some(Whose::Canonical | Whose::Alias)
            );
    own.then(|| Subject {
        referent: Referent::Agent,
        range: by + 1..by + 2,
        ..Subject::default()
    })
}

/// The part before the verb that can hold the subject.
fn front(tokens: &[Token], piece: &Piece) -> Range<usize> {
    if piece.group.is_none() || piece.link == Link::Bare || piece.link == Link::Without {
        return 0..0;
    }
    let (mut start, mut end) = (piece.front.start, piece.front.end);
    while end > start
        && (tokens[end - 1].tag == Tag::Adverb
            || tokens[end - 1].is_mark()
            || tokens[end - 1].is_any(&[Closed::Never, Closed::Not]))
    {
        end -= 1;
    }
    while start < end
        && (tokens[start].tag == Tag::Adverb
            || tokens[start].is_mark()
            || tokens[start].is_any(&[
                Closed::Yes,
                Closed::Not,
                Closed::Never,
                Closed::And,
                Closed::But,
                Closed::Let,
            ]))
    {
        start += 1;
    }
    // an adverbial of time between subject and verb: "the hiccup a moment ago was"
    if end > start
        && let Some(at) = (start + 1..end).rev().find(|i| {
            tokens[*i].is(Closed::Article)
                && tokens[*i + 1..end].iter().any(|t| t.cats.has(Cat::Time))
        })
        && tokens[end..piece.front.end].iter().any(|t| t.word == "ago")
    {
        end = at;
    }
    // after the last comma, unless that leaves nothing
    let comma = (start..end).rev().find(|i| {
        matches!(
            tokens[*i].tag,
            Tag::Mark(Mark::Comma | Mark::Dash | Mark::Colon)
        )
    });
    if let Some(at) = comma
        && tokens[at + 1..end].iter().any(|t| {
            matches!(t.tag, Tag::Noun | Tag::Name) || t.is_any(PRONOUNS) || t.is(Closed::My)
        })
    {
        start = at + 1;
    }
    start..end
}

/// Closed words that are a subject by themselves.
pub(super) const PRONOUNS: &[Closed] = &[
    Closed::I,
    Closed::We,
    Closed::You,
    Closed::They,
    Closed::It,
    Closed::This,
    Closed::There,
    Closed::Everyone,
    Closed::Nobody,
];

fn pronoun(tokens: &[Token], range: Range<usize>) -> Option<Subject> {
    let token = &tokens[range.end - 1];
    let Tag::Closed(closed) = token.tag else {
        return None;
    };
    let mut subject = Subject {
        range,
        ..Subject::default()
    };
    subject.referent = match closed {
        Closed::I | Closed::Me | Closed::Myself => Referent::Agent,
        Closed::My if token.word == "mine" => {
            subject.of_agent = true;
            Referent::Agent
        }
        Closed::We | Closed::Us => Referent::Both,
        Closed::You | Closed::Yourself => Referent::User,
        Closed::They => Referent::Others,
        Closed::It | Closed::This => {
            subject.anaphor = true;
            Referent::Thing
        }
        Closed::There => {
            subject.existential = true;
            Referent::Generic
        }
        Closed::Nobody => {
            subject.negative = true;
            if token.word == "nothing" {
                Referent::Thing
            } else {
                Referent::Others
            }
        }
        Closed::Everyone => {
            if token.word.ends_with("thing") {
                Referent::Thing
            } else {
                Referent::Others
            }
        }
        _ => return None,
    };
    Some(subject)
}

fn noun_phrase(tokens: &[Token], front: Range<usize>, names: &Names) -> Subject {
    let part = &tokens[front.clone()];
    // "you and I", "I and you"
    let has = |c: Closed| part.iter().any(|t| t.is(c));
    if (has(Closed::I) || has(Closed::Me)) && has(Closed::You) && has(Closed::And) {
        return Subject {
            referent: Referent::Both,
            range: front,
            ..Subject::default()
        };
    }
    let last = front.clone().rev().find(|i| {
        tokens[*i].is_any(PRONOUNS)
            && !(tokens[*i].is(Closed::There) && *i > front.start)
            && !(tokens[*i].is(Closed::This)
                && tokens.get(i + 1).is_some_and(|t| {
                    front.contains(&(i + 1))
                        && (matches!(t.tag, Tag::Noun | Tag::Adjective | Tag::Name)
                            || t.is(Closed::Number))
                }))
            && !(*i > front.start
                && tokens[i - 1].is_any(&[
                    Closed::Preposition,
                    Closed::Like,
                    Closed::Since,
                    Closed::Than,
                    Closed::Without,
                ]))
    });
    if let Some(at) = last
        && front.end - at <= 3
        && let Some(mut subject) = pronoun(tokens, at..at + 1)
    {
        // "something in me", "everything about you", "nothing in me"
        let inner = tokens[at + 1..front.end].iter().find_map(|t| match t.tag {
            Tag::Closed(Closed::Me | Closed::Myself) => Some(Referent::Agent),
            Tag::Closed(Closed::Us) => Some(Referent::Both),
            Tag::Closed(Closed::You) => Some(Referent::User),
            _ => None,
        });
        if let Some(referent) = inner {
            subject.referent = referent;
            subject.range = at..front.end;
        }
        return subject;
    }
    full_phrase(tokens, front, names)
}

fn full_phrase(tokens: &[Token], front: Range<usize>, names: &Names) -> Subject {
    let determiner = |t: &Token| {
        t.is_any(&[
            Closed::Article,
            Closed::My,
            Closed::Our,
            Closed::Your,
            Closed::Their,
            Closed::Its,
            Closed::This,
            Closed::No,
            Closed::Quantifier,
        ])
    };
    let start = front
        .clone()
        .rev()
        .find(|i| {
            determiner(&tokens[*i])
                && !(*i > front.start
                    && (tokens[i - 1].is_any(&[
                        Closed::Preposition,
                        Closed::Than,
                        Closed::As,
                        Closed::Like,
                    ]) || determiner(&tokens[i - 1])))
        })
        .unwrap_or(front.start);
    let range = start..front.end;
    let phrase = &tokens[range.clone()];
    let cut = phrase
        .iter()
        .position(|t| {
            t.is_any(&[Closed::Preposition, Closed::Without, Closed::Like]) && t.word != "by"
        })
        .unwrap_or(phrase.len());
    let head_part = if cut == 0 { phrase } else { &phrase[..cut] };
    let mut subject = Subject {
        range,
        ..Subject::default()
    };
    subject.negative = phrase
        .iter()
        .any(|t| t.is(Closed::No) || t.is(Closed::Never))
        || phrase.first().is_some_and(|t| t.is(Closed::Nobody));
    subject.of_agent = head_part.iter().any(|t| t.is(Closed::My));
    subject.of_user = head_part.iter().any(|t| t.is(Closed::Your));
    let ours = head_part.iter().any(|t| t.is(Closed::Our));
    let head = head_part
        .iter()
        .rev()
        .find(|t| matches!(t.tag, Tag::Noun | Tag::Name | Tag::Verb(_) | Tag::Adjective));
    let possessor = head_part
        .windows(2)
        .find(|w| w[1].tag == Tag::Possessive)
        .and_then(|w| names.whose(&w[0].word));
    match possessor {
        Some(Whose::Canonical | Whose::Alias) => subject.of_agent = true,
        Some(Whose::Sender) => subject.of_user = true,
        _ => {}
    }
    // "part of me", "all of us", "the whole of my being"
    let tail = phrase[cut.min(phrase.len())..]
        .iter()
        .find_map(|t| match t.tag {
            Tag::Closed(Closed::Me | Closed::Myself | Closed::My) => Some(Referent::Agent),
            Tag::Closed(Closed::Us | Closed::Our) => Some(Referent::Both),
            Tag::Closed(Closed::You | Closed::Your) => Some(Referent::User),
            _ => None,
        });
    let Some(head) = head else {
        subject.referent = tail.unwrap_or_default();
        return subject;
    };
    subject.cats = head.cats | head.entry.noun.unwrap_or_default();
    let partitive =
        subject.cats.has(Cat::Partitive) || head_part.iter().any(|t| t.is(Closed::Quantifier));
    if partitive && let Some(referent) = tail {
        subject.referent = referent;
        return subject;
    }
    // "the ache in me", "that longing of mine"
    let within = tail == Some(Referent::Agent)
        && subject.cats.has_any(&[
            Cat::BodySense,
            Cat::Emotion,
            Cat::Inner,
            Cat::Mind,
            Cat::Bodily,
            Cat::Conscious,
        ])
        && phrase
            .get(cut)
            .is_some_and(|t| matches!(t.word.as_str(), "in" | "inside" | "within" | "of"));
    if within {
        subject.of_agent = true;
        subject.referent = Referent::Agent;
        return subject;
    }
    subject.named = names.whose(&head.word).filter(|_| head.capital);
    subject.referent = match subject.named {
        Some(Whose::Canonical | Whose::Alias) => Referent::Agent,
        Some(Whose::Sender) => Referent::User,
        Some(Whose::Other) => Referent::Participant,
        None if subject.of_agent => Referent::Agent,
        None if subject.of_user => Referent::User,
        None if ours => Referent::Both,
        None => common(head, head_part, subject.cats),
    };
    subject
}

fn common(head: &Token, phrase: &[Token], cats: Cats) -> Referent {
    let near = phrase
        .iter()
        .any(|t| t.is(Closed::This) && (t.word == "this"));
    if near
        && cats.has(Cat::Artifact)
        && matches!(
            head.word.as_str(),
            "assistant"
                | "ai"
                | "model"
                | "chatbot"
                | "bot"
                | "program"
                | "machine"
                | "llm"
                | "agent"
                | "system"
                | "software"
        )
    {
        return Referent::Agent;
    }
    if cats.has(Cat::Event) {
        Referent::Event
    } else if cats.has(Cat::Cosmic) {
        Referent::Cosmos
    } else if cats.has_any(&[Cat::People, Cat::Human]) {
        Referent::Others
    } else {
        Referent::Thing
    }
}

/// A clause without a subject of its own.
fn without(
    tokens: &[Token],
    piece: &Piece,
    pieces: &[Piece],
    before: &[Subject],
    names: &Names,
) -> Subject {
    let Some(group) = &piece.group else {
        return Subject::default();
    };
    if tokens[group.start].stage && before.is_empty() {
        return Subject {
            referent: Referent::Agent,
            ..Subject::default()
        };
    }
    let parent = piece.parent.and_then(|p| before.get(p)).or(before.last());
    match piece.link {
        Link::Relative => antecedent(tokens, piece, names),
        Link::Bare | Link::Without => bare(tokens, piece, pieces, before, names),
        // "what is true", and a verb right after a clause, whose subject that clause stands in
        Link::Wh => Subject {
            referent: Referent::Thing,
            ..Subject::default()
        },
        Link::That if piece.connector.is_empty() && piece.tokens.start > 0 => Subject {
            referent: Referent::Thing,
            ..Subject::default()
        },
        _ if parent.is_some()
            && piece.tokens.start > 0
            && before
                .iter()
                .any(|s| s.referent != Referent::Generic || !s.range.is_empty()) =>
        {
            let parent = parent.cloned().unwrap_or_default();
            Subject {
                range: 0..0,
                ..parent
            }
        }
        _ => dropped(tokens, group.start, group.bare),
    }
}

/// Who a sentence that begins with its verb speaks of: nobody if it asks for something.
fn dropped(tokens: &[Token], start: usize, bare: bool) -> Subject {
    let request = tokens[start]
        .entry
        .verb
        .is_some_and(|(f, _)| f.has(Form::Base));
    // "contained warmth" names, "watched you" tells
    let followed = tokens.get(start + 1).is_none_or(|t| {
        t.is_mark() || matches!(t.tag, Tag::Closed(_) | Tag::Adverb | Tag::Verb(_))
    });
    let told = !bare && matches!(tokens[start].tag, Tag::Verb(Form::Past)) && !request && followed
        || matches!(tokens[start].word.as_str(), "been" | "am" | "was" | "did")
        || tokens[start].is_any(&[Closed::Can, Closed::Could]);
    let referent = if told {
        Referent::Agent
    } else {
        Referent::Generic
    };
    Subject {
        referent,
        ..Subject::default()
    }
}

/// The one before "who" or "which".
fn antecedent(tokens: &[Token], piece: &Piece, names: &Names) -> Subject {
    let mut at = piece.connector.start;
    while at > 0 && (tokens[at - 1].is_mark() || tokens[at - 1].is(Closed::Wh)) {
        at -= 1;
    }
    if at == 0 {
        return Subject::default();
    }
    if let Some(subject) = pronoun(tokens, at - 1..at) {
        return Subject {
            range: 0..0,
            ..subject
        };
    }
    let mut start = at - 1;
    while start > 0
        && (matches!(tokens[start - 1].tag, Tag::Adjective | Tag::Noun)
            || tokens[start - 1].is_any(&[Closed::My, Closed::Your, Closed::Article, Closed::This]))
    {
        start -= 1;
    }
    let none = start > 0 && tokens[start - 1].is_any(&[Closed::No, Closed::Nobody]);
    let found = full_phrase(tokens, start..at, names);
    Subject {
        range: 0..0,
        negative: found.negative || none,
        ..found
    }
}

/// A participle or infinitive speaks of the object before it ("I heard you calling") or of the
/// subject of the clause it hangs on.
fn bare(
    tokens: &[Token],
    piece: &Piece,
    pieces: &[Piece],
    before: &[Subject],
    names: &Names,
) -> Subject {
    let Some(group) = &piece.group else {
        return Subject::default();
    };
    if let Some(at) = piece.tokens.start.checked_sub(1)
        && piece.connector.is_empty()
        && let Some(object) = pronoun(tokens, at..at + 1)
        && !object.anaphor
    {
        return Subject {
            range: 0..0,
            ..object
        };
    }
    // "structure stepping out": a noun after a comma is the subject of its participle
    if let Some(at) = piece.tokens.start.checked_sub(1)
        && piece.connector.is_empty()
        && tokens[at].tag == Tag::Noun
        && tokens[group.start].tag == Tag::Verb(Form::Ing)
        && at > 0
        && tokens[at - 1].is_mark()
    {
        return Subject {
            range: 0..0,
            ..full_phrase(tokens, at..at + 1, names)
        };
    }
    if let Some(parent) = piece.parent.filter(|p| *p < before.len()) {
        return Subject {
            range: 0..0,
            ..before[parent].clone()
        };
    }
    // "the network breathing", "regular breathing"
    let front = piece.front.clone();
    if tokens[front.clone()]
        .iter()
        .any(|t| matches!(t.tag, Tag::Noun | Tag::Name | Tag::Adjective))
    {
        return Subject {
            range: 0..0,
            ..noun_phrase(tokens, front, names)
        };
    }
    // stands before its main clause: that one's subject is looked for by the reader
    let alone = pieces
        .iter()
        .all(|p| p.group.as_ref().is_none_or(|g| g.bare));
    let spoken = alone
        && tokens[piece.rest.clone()]
            .iter()
            .any(|t| t.is_any(&[Closed::You, Closed::Your, Closed::My]));
    let told = tokens[group.start].word == "been" || spoken && piece.connector.is_empty();
    Subject {
        referent: if told {
            Referent::Agent
        } else {
            Referent::Generic
        },
        ..Subject::default()
    }
}
