//! Measures [`Style`].

use crate::{
    Language, Sentence, SentenceKind, Style,
    lexicon::{self, Class, Classes, Lexicon},
    lines::{Line, LineKind},
    stop_words::is_stop_word,
    words::Word,
};
use std::collections::HashMap;

/// What a text was taken apart into.
pub(crate) struct Parts<'a> {
    pub(crate) text: &'a str,
    pub(crate) language: Language,
    pub(crate) lines: &'a [Line],
    pub(crate) sentences: &'a [Sentence],
    pub(crate) words: &'a [Vec<Word>],
}

/// Words in the window of [`Style::variety`].
const VARIETY_WINDOW: usize = 50;

/// Measures all features of a text.
pub(crate) fn measure(parts: &Parts<'_>) -> Style {
    let words: Vec<&Word> = parts.words.iter().flatten().collect();
    let sentences = parts.sentences.len() as f64;
    let n = words.len() as f64;
    let lines = parts
        .lines
        .iter()
        .filter(|l| !matches!(l.kind, LineKind::Blank))
        .count() as f64;
    let of_kind = |kind| parts.lines.iter().filter(|l| l.kind == kind).count() as f64;
    let items = of_kind(LineKind::Item);
    let letters: usize = words
        .iter()
        .map(|w| w.folded.chars().filter(|c| c.is_alphabetic()).count())
        .sum();
    let lexicon = Lexicon::of(parts.language);
    let share = |test: &dyn Fn(&str) -> bool| {
        ratio(words.iter().filter(|w| test(&w.folded)).count() as f64, n)
    };
    let classes: Vec<Classes> = words.iter().map(|w| lexicon.classes(&w.folded)).collect();
    let class = |class| ratio(classes.iter().filter(|c| c.has(class)).count() as f64, n);
    let per_sentence = |marks: &[char]| ratio(prose_marks(parts, marks), sentences);
    Style {
        words: n,
        sentences,
        sentence_length: ratio(n, sentences),
        word_length: ratio(letters as f64, n),
        list_share: ratio(items, lines),
        list_items: items,
        markdown: ratio(markdown_marks(parts), lines),
        questions: ratio(count_ends(parts, &['?', '？', '؟']), sentences),
        exclamations: per_sentence(&['!', '！']),
        first_person: class(Class::First),
        second_person: class(Class::Second),
        contractions: share(&|w| lexicon::is_contraction(parts.language, w)),
        imperatives: ratio(imperatives(parts, lexicon), sentences),
        hedges: class(Class::Hedge),
        function_words: share(&|w| is_stop_word(parts.language, w)),
        clause_marks: per_sentence(&[',', ';', '–', '—', '，', '；', '、']),
        variety: variety(&words),
        first_plural: class(Class::Plural),
        boosters: class(Class::Booster),
        formal: class(Class::Formal),
        informal: class(Class::Informal),
        courtesy: class(Class::Courtesy),
        abstractions: share(&|w| lexicon::is_abstract(parts.language, w)),
        capitals: ratio(
            words
                .iter()
                .filter(|w| is_capitals(&parts.text[w.span.clone()]))
                .count() as f64,
            n,
        ),
        emoji: ratio(emoji(parts.text), sentences),
        bold: ratio(bold(parts), lines),
        headings: ratio(of_kind(LineKind::Heading), lines),
        code_share: ratio(of_kind(LineKind::Code), lines),
        paragraph_length: ratio(n, paragraphs(parts.lines)),
        colons: ratio(prose_marks(parts, &[':', '：']), n),
        parentheses: ratio(prose_marks(parts, &['(', '（']), n),
    }
}

fn ratio(part: f64, whole: f64) -> f64 {
    if whole == 0.0 { 0.0 } else { part / whole }
}

/// Marks in sentences that are not code.
fn prose_marks(parts: &Parts<'_>, marks: &[char]) -> f64 {
    spoken(parts)
        .map(|(s, _)| parts.text[s.span.clone()].matches(marks).count())
        .sum::<usize>() as f64
}

/// Sentences that are not code, with their words.
fn spoken<'a>(parts: &Parts<'a>) -> impl Iterator<Item = (&'a Sentence, &'a Vec<Word>)> {
    parts
        .sentences
        .iter()
        .zip(parts.words)
        .filter(|(s, _)| s.kind != SentenceKind::Code)
}

/// Sentences that end in one of the marks, closing quotes and brackets apart.
fn count_ends(parts: &Parts<'_>, marks: &[char]) -> f64 {
    let closers = ['"', '\'', ')', ']', '”', '’', '»', '*', '_', '!', ' '];
    spoken(parts)
        .filter(|(s, _)| {
            parts.text[s.span.clone()]
                .trim_end_matches(closers)
                .ends_with(marks)
        })
        .count() as f64
}

/// Headings, fences, rules, rows and pairs of bold marks.
fn markdown_marks(parts: &Parts<'_>) -> f64 {
    let is_mark = |l: &&Line| matches!(l.kind, LineKind::Heading | LineKind::Row | LineKind::Marks);
    parts.lines.iter().filter(is_mark).count() as f64 + bold(parts)
}

/// Bold stretches outside of code.
fn bold(parts: &Parts<'_>) -> f64 {
    let lines = parts.lines.iter().filter(|l| l.kind != LineKind::Code);
    lines
        .map(|l| parts.text[l.content.clone()].matches("**").count() / 2)
        .sum::<usize>() as f64
}

/// Stretches of lines without a blank one.
fn paragraphs(lines: &[Line]) -> f64 {
    let blank = |line: &Line| line.kind == LineKind::Blank;
    let starts = lines.iter().enumerate().filter(|(at, l)| {
        !blank(l) && at.checked_sub(1).is_none_or(|before| blank(&lines[before]))
    });
    starts.count() as f64
}

/// A word of two letters or more, all of them capitals.
fn is_capitals(word: &str) -> bool {
    let mut letters = word.chars().filter(|c| c.is_alphabetic()).peekable();
    letters.peek().is_some() && letters.clone().nth(1).is_some() && letters.all(char::is_uppercase)
}

/// Pictures in the text; a sequence joined or coloured by modifiers counts once.
fn emoji(text: &str) -> f64 {
    const JOINER: char = '\u{200d}';
    let mut count = 0;
    let mut before = ' ';
    for c in text.chars() {
        let flag_end = is_flag_letter(c) && is_flag_letter(before);
        if is_emoji(c) && before != JOINER && !flag_end {
            count += 1;
        }
        before = if flag_end { ' ' } else { c };
    }
    f64::from(count)
}

fn is_flag_letter(c: char) -> bool {
    matches!(c, '\u{1f1e6}'..='\u{1f1ff}')
}

fn is_emoji(c: char) -> bool {
    matches!(c,
        '\u{1f1e6}'..='\u{1f1ff}' | '\u{1f300}'..='\u{1f3fa}' | '\u{1f400}'..='\u{1f64f}'
        | '\u{1f680}'..='\u{1f6ff}' | '\u{1f7e0}'..='\u{1f7eb}' | '\u{1f900}'..='\u{1faff}'
        | '\u{2600}'..='\u{26ff}' | '\u{2702}'..='\u{27b0}' | '\u{2b50}' | '\u{2b55}')
}

/// Sentences that begin with a bare verb and are no question.
fn imperatives(parts: &Parts<'_>, lexicon: &Lexicon) -> f64 {
    spoken(parts)
        .filter(|(s, words)| {
            !parts.text[s.span.clone()].ends_with('?')
                && lexicon.imperative(words.iter().map(|w| w.folded.as_str()))
        })
        .count() as f64
}

/// Different words of all words, the mean over a moving window; of the whole where it is shorter.
fn variety(words: &[&Word]) -> f64 {
    if words.is_empty() {
        return 0.0;
    }
    let window = VARIETY_WINDOW.min(words.len());
    let mut counts: HashMap<&str, usize> = HashMap::new();
    let (mut sum, mut windows) = (0_usize, 0_usize);
    for (at, word) in words.iter().enumerate() {
        *counts.entry(&word.folded).or_default() += 1;
        if at >= window {
            let gone = words[at - window].folded.as_str();
            if let Some(left) = counts.get_mut(gone) {
                *left -= 1;
                if *left == 0 {
                    counts.remove(gone);
                }
            }
        }
        if at + 1 >= window {
            sum += counts.len();
            windows += 1;
        }
    }
    sum as f64 / (windows * window) as f64
}

#[cfg(test)]
mod tests {
    use crate::{Style, read};

    fn style(text: &str) -> Style {
        read(text).style
    }

    fn close(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-9, "{a} is not {b}");
    }

    #[test]
    fn lengths() {
        let s = style("One two three. Four five.");
        close(s.words, 5.0);
        close(s.sentences, 2.0);
        close(s.sentence_length, 2.5);
        close(s.word_length, 19.0 / 5.0);
    }

    #[test]
    fn lists() {
        let s = style("Do this:\n1. one\n2. two\n\n- three");
        close(s.list_items, 3.0);
        close(s.list_share, 0.75);
    }

    #[test]
    fn markdown() {
        close(
            style("# Head\n\n**bold** and **bold**\nplain").markdown,
            1.0,
        );
        close(style("plain text").markdown, 0.0);
    }

    #[test]
    fn marks() {
        let s = style("Is it so? Yes! Well, yes; no — \"why?\"");
        close(s.questions, 2.0 / 3.0);
        close(s.exclamations, 1.0 / 3.0);
        close(s.clause_marks, 1.0);
    }

    #[test]
    fn persons_and_contractions() {
        let s = style("I don’t know my way, you don't either");
        close(s.first_person, 2.0 / 8.0);
        close(s.second_person, 1.0 / 8.0);
        close(s.contractions, 2.0 / 8.0);
        close(style("Ada's plan").contractions, 0.0);
    }

    #[test]
    fn imperatives() {
        close(
            style("Open the file. Then save it. The file opens.").imperatives,
            2.0 / 3.0,
        );
        close(style("- Check the log\n- Logs are long").imperatives, 0.5);
        close(style("Open now?").imperatives, 0.0);
    }

    #[test]
    fn hedges_and_function_words() {
        close(style("Perhaps it might rain").hedges, 0.5);
        close(style("the red house").function_words, 1.0 / 3.0);
    }

    #[test]
    fn register() {
        close(
            style("We shall furthermore proceed, our way").first_plural,
            2.0 / 6.0,
        );
        close(style("We shall furthermore proceed").formal, 0.5);
        close(style("yeah gonna do it").informal, 0.5);
        close(style("Definitely the best").boosters, 1.0 / 3.0);
        close(style("Thanks, please go").courtesy, 2.0 / 3.0);
        close(style("The realization of a city").abstractions, 1.0 / 5.0);
        close(style("The API is UP, I say").capitals, 2.0 / 6.0);
    }

    #[test]
    fn emoji_sequences_count_once() {
        close(style("Hi 🙂").emoji, 1.0);
        close(style("Hi 👩‍👩‍👧 and 👍🏽 there").emoji, 2.0);
        close(style("Hi 🇩🇪🇫🇷").emoji, 2.0);
        close(style("Hi ✅").emoji, 1.0);
        close(style("Hi 1 — there").emoji, 0.0);
    }

    #[test]
    fn layout() {
        let s = style("# One\ntext **a** and **b**\n\n```\nx = 1\n```\n");
        close(s.headings, 0.2);
        close(s.bold, 0.4);
        close(s.code_share, 0.2);
        close(
            style("one two\nthree\n\n\nfour five six\n").paragraph_length,
            3.0,
        );
    }

    #[test]
    fn colons_and_parentheses_are_counted_outside_of_code() {
        let s = style("Two things: one (small), two: this.\n\n```\nf(x): g(y)\n```\n");
        let words = s.words;
        close(s.colons * words, 2.0);
        close(s.parentheses * words, 1.0);
    }

    #[test]
    fn variety_is_a_moving_window() {
        close(style("a b a b").variety, 0.5);
        let many = "x ".repeat(100);
        close(style(&many).variety, 1.0 / 50.0);
        close(style("").variety, 0.0);
    }
}
