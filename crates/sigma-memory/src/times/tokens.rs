//! Words and numbers of a text, as the time grammar wants them.

/// A word in lower case, or the digits of a number with its ordinal ending cut off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) word: String,
    pub(super) number: Option<u32>,
    /// The word began with a capital letter.
    pub(super) capital: bool,
    /// The word begins a sentence, so that its capital says nothing.
    pub(super) opens: bool,
    /// A hyphen, slash or nothing joins it to the token before.
    pub(super) joined: bool,
}

/// Characters of a text that are looked at: anchors of a longer one stand near its start.
const LOOKED_AT: usize = 20_000;

pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut all: Vec<Token> = Vec::new();
    let mut opens = true;
    let mut joined = false;
    let mut end = text.len().min(LOOKED_AT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let mut chars = text[..end].chars().peekable();
    while let Some(c) = chars.next() {
        if !c.is_alphanumeric() {
            opens |= matches!(c, '.' | '!' | '?' | '\n');
            joined = matches!(c, '-' | '/');
            continue;
        }
        let mut word = String::from(c);
        let digits = c.is_ascii_digit();
        while let Some(next) =
            chars.next_if(|n| n.is_alphanumeric() && (!digits || n.is_ascii_digit()))
        {
            word.push(next);
        }
        if digits {
            skip_ordinal(&mut chars);
        } else {
            skip_possessive(&mut chars);
        }
        let capital = c.is_uppercase();
        let number = if digits { word.parse().ok() } else { None };
        all.push(Token {
            word: word.to_lowercase(),
            number,
            capital,
            opens,
            joined,
        });
        opens = false;
        joined = false;
    }
    all
}

type Chars<'a> = std::iter::Peekable<std::str::Chars<'a>>;

fn skip_ordinal(chars: &mut Chars<'_>) {
    let mut ahead = chars.clone();
    let ending: String = ahead.by_ref().take(2).collect::<String>().to_lowercase();
    let whole = ahead.peek().is_none_or(|c| !c.is_alphanumeric());
    if whole && matches!(ending.as_str(), "st" | "nd" | "rd" | "th") {
        *chars = ahead;
    }
}

fn skip_possessive(chars: &mut Chars<'_>) {
    let mut ahead = chars.clone();
    if matches!(ahead.next(), Some('\'' | '\u{2019}'))
        && matches!(ahead.next(), Some('s' | 'S'))
        && ahead.peek().is_none_or(|c| !c.is_alphanumeric())
    {
        *chars = ahead;
    }
}
