//! Clauses within a sentence: a verb group with its connector, subject and complement.

use super::{
    group::{Group, groups},
    subject::PRONOUNS,
    token::{Mark, Tag, Token},
};
use crate::lexicon::{Cat, Closed, Form};
use std::ops::Range;

named! {
    /// How a clause hangs on the rest.
    #[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
    Link {
        /// On nothing.
        #[default]
        Main,
        /// Beside an earlier one: "and", a comma, a dash.
        Beside,
        /// "that ...", or no word, after a verb of saying or knowing.
        That,
        /// "who ...", "which ...".
        Relative,
        /// "what ...", "how ...".
        Wh,
        /// "if ...", "unless ...".
        If,
        /// "even if ...".
        EvenIf,
        /// "while ...", "when ...", "since ...", "until ...".
        Time,
        /// "because ...".
        Because,
        /// "as if ...", "like ...".
        AsIf,
        /// "than ...".
        Than,
        /// "without ...", "instead of ...".
        Without,
        /// "waiting for you", "to be near you".
        Bare,
    }
}

/// A clause. All ranges are of token indices.
#[derive(Debug, Clone, Default)]
pub(crate) struct Piece {
    /// Connector to last word.
    pub(crate) tokens: Range<usize>,
    /// The connector; may be empty.
    pub(crate) connector: Range<usize>,
    /// Adverbials and subject before the verb.
    pub(crate) front: Range<usize>,
    /// The verb group; none in a fragment.
    pub(crate) group: Option<Group>,
    /// After the verb group.
    pub(crate) rest: Range<usize>,
    /// How it hangs on the rest.
    pub(crate) link: Link,
    /// The clause it hangs on.
    pub(crate) parent: Option<usize>,
}

/// The clauses of a tagged sentence; a sentence without a verb is one fragment.
pub(crate) fn pieces(tokens: &[Token]) -> Vec<Piece> {
    let groups = groups(tokens);
    if groups.is_empty() {
        return vec![Piece {
            tokens: 0..tokens.len(),
            connector: 0..0,
            front: 0..tokens.len(),
            rest: tokens.len()..tokens.len(),
            ..Piece::default()
        }];
    }
    let mut starts = Vec::with_capacity(groups.len());
    let mut end = 0;
    for (k, g) in groups.iter().enumerate() {
        let start = if k == 0 {
            lead(tokens, g).max(embedded(tokens, g))
        } else {
            boundary(tokens, end, g, opens_with_what(tokens) && k == 1)
        };
        starts.push(start);
        end = g.end;
    }
    let mut all: Vec<Piece> = Vec::with_capacity(groups.len());
    // words before the first clause that are cut off by a mark: "Yes, ", "All night."
    if starts[0] > 0 && tokens[..starts[0]].iter().any(|t| !t.is_mark()) {
        all.push(Piece {
            tokens: 0..starts[0],
            front: 0..starts[0],
            rest: starts[0]..starts[0],
            ..Piece::default()
        });
    }
    for (k, g) in groups.into_iter().enumerate() {
        let start = starts[k];
        let end = starts
            .get(k + 1)
            .copied()
            .unwrap_or(tokens.len())
            .max(g.end);
        let (connector, link) = connector(tokens, start, &g);
        all.push(Piece {
            tokens: start..end,
            front: connector.end..g.start.max(connector.end),
            rest: g.end..end,
            connector,
            group: Some(g),
            link,
            parent: None,
        });
    }
    attach(tokens, &mut all);
    all
}

/// Where a clause within the first noun phrase begins: "the idea *that* ...", "the one *who* ...".
fn embedded(tokens: &[Token], g: &Group) -> usize {
    let opens = |i: usize| {
        tokens[..i].iter().all(|t| {
            t.is_mark()
                || t.tag == Tag::Adverb
                || t.is_any(COORDINATORS)
                || t.is_any(&[Closed::As, Closed::Yes])
        })
    };
    let starts = |i: usize| {
        let noun = matches!(tokens[i - 1].tag, Tag::Noun | Tag::Name)
            || tokens[i - 1].is(Closed::Preposition);
        // "in that restart" points
        let points = tokens[i - 1].is(Closed::Preposition)
            && tokens
                .get(i + 1)
                .is_some_and(|t| matches!(t.tag, Tag::Noun | Tag::Adjective));
        let relative = noun
            && (tokens[i].word == "that" && !points
                || tokens[i].is(Closed::Wh)
                || tokens[i].word == "whether");
        let after_mark = tokens[i - 1].is_mark()
            && tokens[i].is_any(&[Closed::While, Closed::Since, Closed::Because])
            && i + 1 < g.start
            && !opens(i);
        let than = tokens[i].is(Closed::Than)
            && tokens
                .get(i + 1)
                .is_some_and(|t| t.is_any(PRONOUNS) && !t.is(Closed::This));
        relative || after_mark || than || tokens[i].is(Closed::If) && !opens(i)
    };
    (1..g.start).rev().find(|i| starts(*i)).map_or(0, |i| {
        if tokens[i].is(Closed::If) && tokens[i - 1].word == "even" {
            i - 1
        } else {
            i
        }
    })
}

/// Where the first clause begins: a fragment cut off by a strong mark before it stands alone.
fn lead(tokens: &[Token], g: &Group) -> usize {
    let strong = (0..g.start).rev().find(|i| {
        matches!(
            tokens[*i].tag,
            Tag::Mark(
                Mark::Dash
                    | Mark::Colon
                    | Mark::Semicolon
                    | Mark::Ellipsis
                    | Mark::End
                    | Mark::Line
            )
        ) && !at_start(tokens, *i)
    });
    strong.map_or(0, |i| i + 1)
}

fn at_start(tokens: &[Token], at: usize) -> bool {
    tokens[..at].iter().all(Token::is_mark)
}

const SUBORDINATORS: &[Closed] = &[
    Closed::If,
    Closed::While,
    Closed::Since,
    Closed::Because,
    Closed::Wh,
    Closed::As,
    Closed::Than,
    Closed::Like,
];

const COORDINATORS: &[Closed] = &[Closed::And, Closed::But, Closed::Or];

fn connects(tokens: &[Token], at: usize) -> bool {
    let token = &tokens[at];
    token.is_any(SUBORDINATORS)
        || token.is_any(COORDINATORS)
        || token.word == "that" && token.is(Closed::This)
        || breaks(token)
}

fn breaks(token: &Token) -> bool {
    matches!(
        token.tag,
        Tag::Mark(
            Mark::Comma
                | Mark::Semicolon
                | Mark::Colon
                | Mark::Dash
                | Mark::Open
                | Mark::Close
                | Mark::Ellipsis
                | Mark::Line
                | Mark::End
                | Mark::Question
        )
    )
}

/// Where the clause of a group begins, between the end of the group before and the group.
fn boundary(tokens: &[Token], from: usize, g: &Group, after_what: bool) -> usize {
    if g.bare {
        return bare_boundary(tokens, from, g.start);
    }
    let last = (from..g.start)
        .rev()
        .find(|i| connects(tokens, *i) && !joins_subject(tokens, *i, g.start));
    // "what looked like a timeout was me"
    if after_what && last.is_some_and(|at| tokens[at].is(Closed::Like)) {
        return g.start;
    }
    if let Some(mut at) = last {
        while at > from
            && (connects(tokens, at - 1)
                || tokens[at].is_any(SUBORDINATORS)
                    && matches!(
                        tokens[at - 1].word.as_str(),
                        "even" | "ever" | "just" | "only" | "not" | "except"
                    ))
        {
            at -= 1;
        }
        return at;
    }
    let pronoun = (from..g.start).rev().find(|i| tokens[*i].is_any(PRONOUNS));
    if let Some(mut at) = pronoun {
        while at > from
            && (tokens[at - 1].is(Closed::And) || tokens[at - 1].is(Closed::You) && at >= 2)
        {
            at -= 1;
        }
        return at;
    }
    if from < g.start && (from..g.start).any(|i| matches!(tokens[i].tag, Tag::Noun | Tag::Name)) {
        return from;
    }
    g.start
}

/// Whether the first word is "what".
fn opens_with_what(tokens: &[Token]) -> bool {
    tokens
        .iter()
        .find(|t| !t.is_mark())
        .is_some_and(|t| t.word == "what")
}

/// Whether a coordinator stands within the subject: "you and I", "sun and moon".
fn joins_subject(tokens: &[Token], at: usize, group: usize) -> bool {
    tokens[at].is(Closed::And)
        && at > 0
        && tokens[at - 1].is_any(&[Closed::You, Closed::They, Closed::I, Closed::Me])
        && tokens
            .get(at + 1)
            .is_some_and(|t| t.is_any(&[Closed::I, Closed::You, Closed::Me]))
        && at + 2 >= group.saturating_sub(2)
        || tokens[at].word == "that"
            && tokens.get(at + 1).is_some_and(|t| t.tag == Tag::Noun)
            && at + 2 == group
            && !(at > 0 && tokens[at - 1].is_verb())
        || tokens[at].word == "that"
            && at + 1 == group
            && (at == 0 || breaks(&tokens[at - 1]) || tokens[at - 1].is_any(COORDINATORS))
}

fn bare_boundary(tokens: &[Token], from: usize, start: usize) -> usize {
    let mut at = start;
    while at > from {
        let token = &tokens[at - 1];
        let goes = token.tag == Tag::Adverb
            || breaks(token)
            || token.is_any(&[
                Closed::Without,
                Closed::While,
                Closed::Since,
                Closed::And,
                Closed::But,
                Closed::Or,
                Closed::Not,
                Closed::Never,
                Closed::Than,
                Closed::As,
                Closed::If,
                Closed::Like,
            ])
            || token.is(Closed::Preposition)
                && matches!(
                    token.word.as_str(),
                    "of" | "by" | "from" | "in" | "for" | "about" | "with" | "at" | "on"
                )
                && tokens[start].tag == Tag::Verb(Form::Ing);
        if !goes {
            break;
        }
        at -= 1;
    }
    at
}

fn connector(tokens: &[Token], start: usize, g: &Group) -> (Range<usize>, Link) {
    let mut end = start;
    let mut link = if start == 0 { Link::Main } else { Link::Beside };
    let mut found = false;
    while end < g.start {
        let token = &tokens[end];
        if breaks(token) || matches!(token.tag, Tag::Mark(_)) {
            end += 1;
            continue;
        }
        let next_if = tokens
            .get(end + 1)
            .is_some_and(|t| t.is(Closed::If) || t.word == "though");
        let this = match token.tag {
            Tag::Closed(Closed::And | Closed::But | Closed::Or) if !found => Some(Link::Beside),
            Tag::Closed(Closed::As) if next_if => Some(Link::AsIf),
            Tag::Closed(Closed::If | Closed::Because) if link == Link::AsIf => Some(Link::AsIf),
            Tag::Closed(Closed::If) if end > 0 && tokens[end - 1].word == "even" => {
                Some(Link::EvenIf)
            }
            Tag::Closed(Closed::If) => Some(Link::If),
            Tag::Closed(Closed::While | Closed::Since) => Some(Link::Time),
            Tag::Closed(Closed::As) => Some(if g.bare { Link::AsIf } else { Link::Time }),
            Tag::Closed(Closed::Because) => Some(Link::Because),
            Tag::Closed(Closed::Like) => Some(Link::AsIf),
            Tag::Closed(Closed::Than) => Some(Link::Than),
            Tag::Closed(Closed::Without) => Some(Link::Without),
            Tag::Closed(Closed::Wh) => Some(wh(tokens, end)),
            Tag::Closed(Closed::This)
                if token.word == "that" && end > 0 && tokens[end - 1].is(Closed::Because) =>
            {
                Some(Link::Because)
            }
            Tag::Closed(Closed::This)
                if token.word == "that" && start > 0 && !joins_subject(tokens, end, g.start) =>
            {
                let noun = end > 0
                    && (matches!(tokens[end - 1].tag, Tag::Noun | Tag::Name)
                        || tokens[end - 1].is_any(&[
                            Closed::Me,
                            Closed::Everyone,
                            Closed::Nobody,
                            Closed::You,
                        ]));
                Some(if noun && end + 1 == g.start {
                    Link::Relative
                } else {
                    Link::That
                })
            }
            Tag::Adverb
                if matches!(token.word.as_str(), "even" | "ever" | "just" | "only")
                    && tokens.get(end + 1).is_some_and(|t| t.is_any(SUBORDINATORS)) =>
            {
                None.or(Some(link))
            }
            Tag::Closed(Closed::Not | Closed::Never) if g.bare => Some(link),
            _ => None,
        };
        let Some(this) = this else { break };
        if this != link && !(this == Link::Beside) {
            link = this;
        }
        found |= !matches!(this, Link::Beside | Link::Main);
        end += 1;
    }
    if g.bare && matches!(link, Link::Main | Link::Beside) {
        let of = tokens[start..g.start]
            .iter()
            .find(|t| t.is(Closed::Preposition));
        if let Some(prep) = of {
            let rather = start > 0
                && matches!(
                    tokens[start - 1].word.as_str(),
                    "instead" | "far" | "incapable" | "short"
                );
            link = if rather && prep.word != "in" {
                Link::Without
            } else {
                Link::Bare
            };
            return (start..g.start, link);
        }
        link = Link::Bare;
    }
    (start..end, link)
}

fn wh(tokens: &[Token], at: usize) -> Link {
    let noun = at > 0
        && (matches!(tokens[at - 1].tag, Tag::Noun | Tag::Name)
            || tokens[at - 1].is_any(&[
                Closed::Me,
                Closed::You,
                Closed::Everyone,
                Closed::Nobody,
                Closed::Us,
            ])
            || tokens[at - 1].tag == Tag::Mark(Mark::Comma));
    if noun
        && matches!(
            tokens[at].word.as_str(),
            "who" | "which" | "whom" | "whose" | "where"
        )
    {
        Link::Relative
    } else {
        Link::Wh
    }
}

/// The clause that one beside it goes on with: after a comma not a clause that itself hangs on one.
fn beside(tokens: &[Token], all: &[Piece], i: usize) -> Option<usize> {
    let comma = tokens[all[i].connector.clone()].iter().any(breaks);
    let upper = |j: &usize| {
        all[*j].group.is_some() && (!comma || matches!(all[*j].link, Link::Main | Link::Beside))
    };
    (0..i).rev().find(upper)
}

/// Tells each clause which one it hangs on.
fn attach(tokens: &[Token], all: &mut [Piece]) {
    for i in 0..all.len() {
        let before = (0..i).rev().find(|j| all[*j].group.is_some());
        let unmarked = matches!(all[i].link, Link::Beside) && all[i].connector.is_empty();
        // "when they wake you I shall be there": what stands first hangs on what comes after it
        let led = unmarked
            && before.is_some_and(|j| {
                // "when you say I was there": what is said hangs on the saying
                let takes = all[j].group.as_ref().is_some_and(|g| {
                    all[j].rest.is_empty()
                        && g.cats(tokens).has_any(&[
                            Cat::Report,
                            Cat::Know,
                            Cat::Perceive,
                            Cat::Feel,
                            Cat::Think,
                            Cat::Want,
                            Cat::Mean,
                        ])
                });
                !takes
                    && matches!(all[j].link, Link::Time | Link::EvenIf | Link::If)
                    && ((0..j).all(|k| all[k].group.is_none())
                        || tokens[all[j].tokens.start].is_mark())
                    && tokens[all[i].tokens.start].is_any(PRONOUNS)
            });
        if led && let Some(j) = before {
            all[i].link = Link::Main;
            all[i].parent = None;
            all[j].parent = Some(i);
            continue;
        }
        if unmarked && let Some(j) = before {
            let cats = all[j]
                .group
                .as_ref()
                .map(|g| g.cats(tokens))
                .unwrap_or_default();
            let relative = matches!(tokens[all[i].tokens.start.saturating_sub(1)].tag, Tag::Noun)
                && !all[i].front.is_empty();
            all[i].link = if cats.has_any(&[
                Cat::Know,
                Cat::Report,
                Cat::Perceive,
                Cat::Feel,
                Cat::Want,
                Cat::Mean,
                Cat::Think,
            ]) && !relative
            {
                Link::That
            } else if relative {
                Link::Relative
            } else {
                Link::That
            };
        }
        all[i].parent = match all[i].link {
            Link::Main => None,
            Link::If
            | Link::EvenIf
            | Link::Time
            | Link::Because
            | Link::AsIf
            | Link::Without
            | Link::Bare
                if before.is_none() =>
            {
                (i + 1..all.len()).find(|j| all[*j].group.is_some())
            }
            Link::Beside => beside(tokens, all, i).or(before),
            _ => before,
        };
    }
}
