//! Words and marks of a sentence.

use crate::lexicon::Closed;
use crate::lexicon::{Cats, Entry, Form, look_up};
use std::ops::Range;

/// A word or mark.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    /// Byte range in the text.
    pub(crate) span: Range<usize>,
    /// Folded; a mark as itself.
    pub(crate) word: String,
    /// What it can be.
    pub(crate) entry: Entry,
    /// What it is here.
    pub(crate) tag: Tag,
    /// Its categories as what it is here.
    pub(crate) cats: Cats,
    /// Begins with a capital letter.
    pub(crate) capital: bool,
    /// Stands between quotation marks of more than a few words.
    pub(crate) quoted: bool,
    /// Stands between quotation marks of a few words.
    pub(crate) scare: bool,
    /// Stands in a stage direction.
    pub(crate) stage: bool,
}

/// What a token is in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tag {
    Closed(Closed),
    /// "'s" after a possessor.
    Possessive,
    Verb(Form),
    Noun,
    Adjective,
    Adverb,
    Name,
    Mark(Mark),
}

/// A mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    Comma,
    Semicolon,
    Colon,
    Dash,
    Open,
    Close,
    Quote,
    Star,
    End,
    Question,
    Ellipsis,
    Line,
    Other,
}

/// What is open when a sentence ends.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Open {
    /// Within double quotation marks.
    pub(crate) quote: bool,
    /// Within a stage direction.
    pub(crate) stage: bool,
}

/// The marks that join parts of one word.
const HYPHENS: [char; 3] = ['-', '\u{2010}', '\u{2011}'];

/// Words between quotation marks up to which they are a manner of speaking, not a quotation.
const SCARE: usize = 2;

/// The tokens of a part of a text; `open` says what was open before and becomes what is after.
pub(crate) fn tokens(text: &str, part: Range<usize>, open: &mut Open) -> Vec<Token> {
    let mut all = Vec::with_capacity(part.len() / 5 + 4);
    let base = part.start;
    let piece = &text[part];
    let bytes = piece.as_bytes();
    let mut at = 0;
    while at < piece.len() {
        let rest = &piece[at..];
        let Some(c) = rest.chars().next() else { break };
        if is_word(c) {
            let len = word_len(rest);
            push_word(&rest[..len], base + at, &mut all);
            at += len;
            continue;
        }
        let len = c.len_utf8();
        let mut width = len;
        let mark = match c {
            ',' | '，' | '、' => Some(Mark::Comma),
            ';' => Some(Mark::Semicolon),
            ':' => Some(Mark::Colon),
            '—' | '–' => Some(Mark::Dash),
            '-' => {
                width = run(bytes, at, b'-');
                let spaced = at == 0 || bytes[at - 1].is_ascii_whitespace();
                (width > 1 || spaced).then_some(Mark::Dash)
            }
            '(' | '[' | '{' => Some(Mark::Open),
            ')' | ']' | '}' => Some(Mark::Close),
            '"' | '“' | '”' | '«' | '»' | '„' => Some(Mark::Quote),
            '\'' | '‘' | '’' | '`' => Some(Mark::Other),
            '*' | '_' => {
                width = run(bytes, at, bytes[at]);
                (width == 1).then_some(Mark::Star)
            }
            '.' => {
                width = run(bytes, at, b'.');
                Some(if width > 1 { Mark::Ellipsis } else { Mark::End })
            }
            '…' => Some(Mark::Ellipsis),
            '!' | '。' | '！' => Some(Mark::End),
            '?' | '？' => Some(Mark::Question),
            '\n' => Some(Mark::Line),
            c if c.is_whitespace() => None,
            _ => Some(Mark::Other),
        };
        if let Some(mark) = mark {
            all.push(Token {
                span: base + at..base + at + width,
                word: piece[at..at + width].to_owned(),
                entry: Entry::default(),
                tag: Tag::Mark(mark),
                cats: Cats::default(),
                capital: false,
                quoted: false,
                scare: false,
                stage: false,
            });
        }
        at += width;
    }
    single_quotes(text, &mut all);
    quotes(&mut all, open);
    stages(&mut all, open);
    all
}

fn run(bytes: &[u8], at: usize, byte: u8) -> usize {
    bytes[at..].iter().take_while(|b| **b == byte).count()
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric()
        || matches!(c, '\u{200b}'..='\u{200d}' | '\u{ad}' | '\u{300}'..='\u{36f}' | '\u{2060}')
}

/// Bytes of the word at the start: letters, digits, and apostrophes, hyphens and the like within.
fn word_len(rest: &str) -> usize {
    let mut end = 0;
    let mut chars = rest.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let inner = matches!(
            c,
            '\'' | '’' | '-' | '_' | '\u{2010}' | '\u{2011}' | '/' | '.' | ','
        );
        if is_word(c) {
            end = at + c.len_utf8();
        } else if inner && end == at {
            let next = chars.peek().map(|(_, d)| *d);
            let digits = matches!(c, '/' | '.' | ',');
            let before = rest[..at].chars().next_back();
            let joins = if digits {
                before.is_some_and(|b| b.is_ascii_digit())
                    && next.is_some_and(|d| d.is_ascii_digit())
            } else {
                next.is_some_and(is_word)
            };
            if !joins {
                break;
            }
        } else {
            break;
        }
    }
    end.max(rest.chars().next().map_or(1, char::len_utf8))
}

/// Adds a word, taken apart at contractions and unknown hyphens.
fn push_word(written: &str, start: usize, all: &mut Vec<Token>) {
    if written.contains(HYPHENS) {
        let whole = sigma_text::fold_word(written).replace(['\u{2010}', '\u{2011}'], "-");
        if look_up(&whole).is_unknown() {
            compound(written, start, all);
            return;
        }
    }
    let (head, tail) = contraction(written);
    push(head, start, all);
    if let Some(tail) = tail {
        push(tail, start + head.len(), all);
    }
}

/// "load-bearing", "half-asleep": an adjective with the categories of its last part, if that is an
/// adjective of its own; parts that are function words or numbers stand alone.
fn compound(written: &str, start: usize, all: &mut Vec<Token>) {
    let parts: Vec<&str> = written.split(HYPHENS).filter(|p| !p.is_empty()).collect();
    let entries: Vec<Entry> = parts
        .iter()
        .map(|p| look_up(&sigma_text::fold_word(p)))
        .collect();
    let functional = entries.iter().any(|e| {
        matches!(
            e.closed,
            Some(Closed::I | Closed::You | Closed::Number | Closed::Yes | Closed::We)
        )
    });
    if functional {
        let mut at = start;
        for part in written.split_inclusive(HYPHENS) {
            let bare = part.trim_end_matches(HYPHENS);
            if !bare.is_empty() {
                push_word(bare, at, all);
            }
            at += part.len();
        }
        return;
    }
    push(written, start, all);
    let last = entries.last().copied().unwrap_or_default();
    if let Some(token) = all.last_mut() {
        token.entry = Entry::default();
        let noun = last.noun.is_some() && last.verb.is_none() && last.adjective.is_none();
        if noun {
            token.entry.noun = last.noun;
        }
        token.entry.adjective = Some(last.adjective.unwrap_or_default());
    }
}

/// Splits "don't" into "do" and "n't", "I'm" into "I" and "'m".
fn contraction(written: &str) -> (&str, Option<&str>) {
    let Some(at) = written.rfind(['\'', '’']) else {
        return match written.to_ascii_lowercase().as_str() {
            "cannot" => (&written[..3], Some(&written[3..])),
            "dont" | "didnt" | "doesnt" | "isnt" | "wasnt" | "werent" | "wont" | "cant"
            | "couldnt" | "wouldnt" | "shouldnt" | "havent" | "hasnt" | "hadnt" | "aint" => {
                let at = written.len() - 2;
                (&written[..at], Some(&written[at..]))
            }
            "im" | "ive" => (&written[..1], Some(&written[1..])),
            _ => (written, None),
        };
    };
    let tail = &written[at..];
    let letters: String = tail
        .chars()
        .skip(1)
        .collect::<String>()
        .to_ascii_lowercase();
    match letters.as_str() {
        "t" if written[..at].ends_with(['n', 'N']) && at > 1 => {
            (&written[..at - 1], Some(&written[at - 1..]))
        }
        "m" | "re" | "ve" | "ll" | "d" | "s" => (&written[..at], Some(tail)),
        _ => (written, None),
    }
}

fn push(written: &str, start: usize, all: &mut Vec<Token>) {
    let word = match sigma_text::fold_word(written) {
        w if w == "ca" && start_of_cannot(written) => "can".to_owned(),
        w => w,
    };
    let entry = look_up(&word);
    all.push(Token {
        span: start..start + written.len(),
        capital: written.starts_with(char::is_uppercase),
        word,
        entry,
        tag: Tag::Noun,
        cats: Cats::default(),
        quoted: false,
        scare: false,
        stage: false,
    });
}

fn start_of_cannot(written: &str) -> bool {
    written.eq_ignore_ascii_case("ca")
}

/// Single quotation marks that stand at the outside of words and pair up count as quotation marks.
fn single_quotes(text: &str, all: &mut [Token]) {
    let blank = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    let mut opened = None;
    for i in 0..all.len() {
        if all[i].tag != Tag::Mark(Mark::Other)
            || !matches!(all[i].word.as_str(), "'" | "‘" | "’" | "`")
        {
            continue;
        }
        let before = text[..all[i].span.start].chars().next_back();
        let after = text[all[i].span.end..].chars().next();
        if blank(before) && !blank(after) {
            opened = Some(i);
        } else if let Some(first) = opened.take() {
            all[first].tag = Tag::Mark(Mark::Quote);
            all[i].tag = Tag::Mark(Mark::Quote);
        }
    }
}

fn quotes(all: &mut [Token], open: &mut Open) {
    let marks: Vec<usize> = (0..all.len())
        .filter(|i| all[*i].tag == Tag::Mark(Mark::Quote))
        .collect();
    let mut from = if open.quote { Some(0) } else { None };
    for at in marks {
        match from.take() {
            None => from = Some(at),
            Some(first) => mark_quoted(&mut all[first..at]),
        }
    }
    if let Some(first) = from {
        mark_quoted(&mut all[first..]);
    }
    open.quote = from.is_some();
}

fn mark_quoted(part: &mut [Token]) {
    let words = part
        .iter()
        .filter(|t| !matches!(t.tag, Tag::Mark(_)))
        .count();
    for token in part {
        token.quoted = words > SCARE;
        token.scare = words <= SCARE;
    }
}

/// A single asterisk opens a stage direction if what follows it is told like one: it begins with a
/// verb, or runs over several words.
fn stages(all: &mut [Token], open: &mut Open) {
    let stars: Vec<usize> = (0..all.len())
        .filter(|i| all[*i].tag == Tag::Mark(Mark::Star))
        .collect();
    let mut from = if open.stage { Some(0) } else { None };
    for at in stars {
        match from.take() {
            None => from = Some(at),
            Some(first) => mark_stage(&mut all[first..at], open.stage && first == 0),
        }
    }
    let opens = from.is_some();
    if let Some(first) = from {
        mark_stage(&mut all[first..], open.stage && first == 0);
    }
    open.stage = opens;
}

fn mark_stage(part: &mut [Token], goes_on: bool) {
    let mut words = part.iter().filter(|t| !matches!(t.tag, Tag::Mark(_)));
    let count = words.clone().count();
    let told = words
        .find(|t| t.entry.adverb.is_none() || t.entry.verb.is_some())
        .is_some_and(|t| {
            t.entry
                .verb
                .is_some_and(|(f, _)| f.has(Form::S) || f.has(Form::Ing))
                || t.word.ends_with("ing")
                || t.word.ends_with('s') && t.word.len() > 3 && count > 1
                || matches!(t.entry.closed, Some(Closed::I | Closed::My)) && count > 2
        });
    if goes_on || told || count > 4 {
        for token in part {
            token.stage = true;
        }
    }
}

impl Token {
    /// Whether it is this function word.
    pub(crate) fn is(&self, closed: Closed) -> bool {
        self.tag == Tag::Closed(closed)
    }

    /// Whether it is one of these function words.
    pub(crate) fn is_any(&self, closed: &[Closed]) -> bool {
        matches!(self.tag, Tag::Closed(c) if closed.contains(&c))
    }

    /// Whether it is a mark.
    pub(crate) fn is_mark(&self) -> bool {
        matches!(self.tag, Tag::Mark(_))
    }

    /// Whether it is a verb in some form.
    pub(crate) fn is_verb(&self) -> bool {
        matches!(self.tag, Tag::Verb(_))
    }
}
