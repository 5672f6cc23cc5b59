//! Sentences: Unicode's rules, told about markdown and abbreviations.

use crate::{
    Language, Sentence, SentenceKind,
    lines::{Line, LineKind},
    stop_words::is_stop_word,
    words::fold,
};
use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation as _;

/// The sentences of a text in order; parts without a word are none.
pub(crate) fn sentences(text: &str, lines: &[Line], language: Language) -> Vec<Sentence> {
    let mut all = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let line = &lines[at];
        let (end, kind) = match line.kind {
            LineKind::Blank | LineKind::Marks => {
                at += 1;
                continue;
            }
            LineKind::Heading => (at + 1, SentenceKind::Heading),
            LineKind::Row => (at + 1, SentenceKind::Row),
            LineKind::Code => (at + 1, SentenceKind::Code),
            LineKind::Item => (continued(text, lines, at), SentenceKind::Item),
            LineKind::Text => (continued(text, lines, at), SentenceKind::Prose),
        };
        let span = line.content.start..lines[end - 1].content.end;
        if matches!(kind, SentenceKind::Prose | SentenceKind::Item) {
            split(text, span, language, |span| {
                push(text, span, kind, &mut all);
            });
        } else {
            push(text, span, kind, &mut all);
        }
        at = end;
    }
    all
}

/// One past the last line that goes on with the sentence of line `at`: a line break ends a
/// sentence unless the next line begins in lower case and this one has no end mark.
fn continued(text: &str, lines: &[Line], at: usize) -> usize {
    let mut end = at + 1;
    while let Some(next) = lines.get(end).filter(|l| l.kind == LineKind::Text) {
        let before = &text[lines[end - 1].content.clone()];
        let goes_on = !before.ends_with(['.', '!', '?', ':', ';', '…', '。'])
            && text[next.content.clone()].starts_with(char::is_lowercase)
            && next.quoted == lines[end - 1].quoted
            && !next.quoted;
        if !goes_on {
            break;
        }
        end += 1;
    }
    end
}

/// Splits a paragraph by Unicode's rules and takes back the breaks after abbreviations and
/// within wrapped lines.
fn split(text: &str, span: Range<usize>, language: Language, mut yield_: impl FnMut(Range<usize>)) {
    let paragraph = &text[span.clone()];
    let mut start = 0;
    for (at, piece) in paragraph.split_sentence_bound_indices() {
        let end = at + piece.len();
        let (piece, next) = (piece.trim_end_matches(BLANKS), &paragraph[end..]);
        let wrapped = piece.ends_with('\n') && !closes(piece.trim_end());
        if next.is_empty() || !(wrapped || is_abbreviated(piece.trim_end(), next, language)) {
            yield_(span.start + start..span.start + end);
            start = end;
        }
    }
}

const BLANKS: [char; 2] = [' ', '\t'];

fn closes(piece: &str) -> bool {
    piece.ends_with(['.', '!', '?', ':', ';', '…', '。'])
}

/// Whether a piece ends in a full stop that belongs to its last word.
fn is_abbreviated(piece: &str, next: &str, language: Language) -> bool {
    let Some(body) = piece.strip_suffix('.') else {
        return false;
    };
    let mut before = body.rsplit(|c: char| c.is_whitespace() || matches!(c, '(' | '*' | '"' | '“'));
    let word = before.next().unwrap_or(body);
    if word.is_empty() || word.len() > LONGEST {
        return false;
    }
    let mut chars = word.chars();
    if chars.next().is_some_and(char::is_uppercase) && chars.next().is_none() {
        return is_initial(word, before.next(), next, language);
    }
    let small = word.to_lowercase();
    let listed = |list: &str| list.split_ascii_whitespace().any(|entry| entry == small);
    let numbered = next.starts_with(|c: char| c.is_ascii_digit());
    listed(ABBREVIATIONS) || numbered && listed(BEFORE_NUMBERS) || listed(own(language)) || {
        let ordinal = word.len() <= 2 && word.bytes().all(|b| b.is_ascii_digit());
        language == Language::German && ordinal && body.len() > word.len()
    }
}

/// Whether a capital letter stands for a name: between capitalised words, the next no stop word.
fn is_initial(letter: &str, before: Option<&str>, next: &str, language: Language) -> bool {
    let follower: String = next.chars().take_while(|c| c.is_alphanumeric()).collect();
    letter != "I"
        && before.is_none_or(|b| b.is_empty() || b.starts_with(char::is_uppercase))
        && follower.starts_with(char::is_uppercase)
        && (follower.chars().nth(1).is_none() || !is_stop_word(language, &fold(&follower)))
}

/// Bytes of the longest abbreviation looked for.
const LONGEST: usize = 16;

/// Written with a full stop and followed by more of the sentence, in whatever language.
const ABBREVIATIONS: &str = "
mr mrs ms dr prof st sr jr rev messrs e.g i.e cf vs viz approx al inc ltd dept ph.d u.s u.k a.m p.m
";

/// The same, where a number follows: else they are words or end a sentence.
const BEFORE_NUMBERS: &str = "
no nos vol fig figs eq sec ch p pp art nr abs ca jan feb mar apr jun jul aug sep sept oct nov dec
";

/// The same, of one language.
fn own(language: Language) -> &'static str {
    match language {
        Language::German => "z.b d.h u.a bzw evtl ggf inkl hr fr bspw vgl z.t sog",
        Language::French => "m mme mlle p.ex",
        Language::Spanish | Language::Portuguese => "sr sra srta dña p.ej",
        Language::Italian => "dott ing sig sigg",
        Language::Dutch => "bijv dhr mevr o.a",
        Language::Swedish | Language::Danish | Language::Norwegian => "t.ex bl.a f.eks dvs",
        Language::Russian => "т.е т.д т.п г ул им",
        _ => "",
    }
}

/// Adds a sentence, without marks and white space around it, if it has a word.
fn push(text: &str, span: Range<usize>, kind: SentenceKind, all: &mut Vec<Sentence>) {
    let part = &text[span.clone()];
    let lead = part.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '|'));
    let start = span.start + part.len() - lead.len();
    let span = start
        ..start
            + lead
                .trim_end_matches(|c: char| c.is_whitespace() || c == '|')
                .len();
    let words = text[span.clone()].unicode_words().count();
    if words > 0 {
        all.push(Sentence { span, words, kind });
    }
}

#[cfg(test)]
mod tests {
    fn split(text: &str) -> Vec<&str> {
        crate::read(text)
            .sentences
            .into_iter()
            .map(|s| &text[s.span])
            .collect()
    }

    #[test]
    fn abbreviations_do_not_end_a_sentence() {
        assert_eq!(
            split("Mr. Hale met Dr. J. Okoro, e.g. Tuesday. They left."),
            ["Mr. Hale met Dr. J. Okoro, e.g. Tuesday.", "They left."]
        );
        assert_eq!(
            split("Version 3.5 runs. It is fine! Is it?"),
            ["Version 3.5 runs.", "It is fine!", "Is it?"]
        );
        assert_eq!(
            split("Am 3. Oktober ist frei. Das ist z.B. Montag."),
            ["Am 3. Oktober ist frei.", "Das ist z.B. Montag."]
        );
    }

    #[test]
    fn words_that_look_like_abbreviations_do() {
        assert_eq!(
            split("The answer is no. We go on."),
            ["The answer is no.", "We go on."]
        );
        assert_eq!(
            split("Take vitamin C. It helps."),
            ["Take vitamin C.", "It helps."]
        );
        assert_eq!(
            split("We try Plan B. The first one failed."),
            ["We try Plan B.", "The first one failed."]
        );
        assert_eq!(split("So do I. Fine."), ["So do I.", "Fine."]);
        assert_eq!(
            split("See no. 7 and fig. 2 on p. 3."),
            ["See no. 7 and fig. 2 on p. 3."]
        );
        assert_eq!(split("George W. Bush spoke."), ["George W. Bush spoke."]);
    }

    #[test]
    fn markdown_parts_are_sentences() {
        let text = "# Plan\n- first. And more\n- second\n\nText **bold.** Next\n```\nlet a = 1;\n```\n| a | b |";
        assert_eq!(
            split(text),
            [
                "Plan",
                "first.",
                "And more",
                "second",
                "Text **bold.",
                "Next",
                "let a = 1;",
                "a | b"
            ]
        );
    }

    #[test]
    fn wrapped_lines_go_on() {
        assert_eq!(
            split("a line that is\nwrapped here\nNew one"),
            ["a line that is\nwrapped here", "New one"]
        );
        assert_eq!(
            split("Hello\nI have a question"),
            ["Hello", "I have a question"]
        );
    }

    #[test]
    fn other_scripts() {
        assert_eq!(split("今天很好。明天呢？"), ["今天很好。", "明天呢？"]);
        assert!(split("🙂 !!! …").is_empty());
    }
}
