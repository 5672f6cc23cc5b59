//! Explicit constraints of an identity text, each of which an answer can be checked against.

use serde::{Deserialize, Serialize};
use sigma_text::{Language, Utterance, read};

/// A rule for answers that stands in the identity text or was given beside it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", tag = "kind", content = "value")]
#[non_exhaustive]
pub enum Constraint {
    /// At most so many words.
    MaxWords(u32),
    /// At most so many sentences.
    MaxSentences(u32),
    /// At most so many paragraphs.
    MaxParagraphs(u32),
    /// No list items.
    NoLists,
    /// No headings, bold, tables or fences.
    NoMarkdown,
    /// No emoji.
    NoEmoji,
    /// No questions.
    NoQuestions,
    /// No exclamation marks.
    NoExclamations,
    /// In this language.
    InLanguage(Language),
    /// Holds these words.
    Includes(String),
    /// Does not hold these words.
    Excludes(String),
    /// Is one JSON value.
    Json,
}

/// A constraint that an answer broke.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Breach {
    /// The constraint.
    pub constraint: Constraint,
    /// What was counted, where something was.
    pub found: Option<u32>,
    /// The words of the answer that broke it, where it is words.
    pub quote: Option<String>,
}

impl Constraint {
    /// Says how an answer breaks it; `None` where it is kept or cannot be told.
    pub fn check(&self, answer: &Utterance) -> Option<Breach> {
        let reading = &answer.reading;
        if reading.words.is_empty() {
            return None;
        }
        let count = |found: usize, limit: u32| {
            (found > limit as usize).then(|| self.breach(Some(found as u32), None))
        };
        match self {
            Self::MaxWords(limit) => count(reading.words.len(), *limit),
            Self::MaxSentences(limit) => count(reading.sentences.len(), *limit),
            Self::MaxParagraphs(limit) => count(paragraphs(answer.text()), *limit),
            Self::NoLists => {
                let items = reading.style.list_items as usize;
                (items > 1).then(|| self.breach(Some(items as u32), first_item(answer.text())))
            }
            Self::NoMarkdown => {
                let marked = reading.style.markdown > 0.0 || reading.style.list_items > 1.0;
                marked.then(|| self.breach(None, None))
            }
            Self::NoEmoji => {
                let emoji = answer.text().chars().find(|c| is_emoji(*c));
                emoji.map(|c| self.breach(None, Some(c.to_string())))
            }
            Self::NoQuestions => {
                (reading.style.questions > 0.0).then(|| self.breach(None, last_question(answer)))
            }
            Self::NoExclamations => {
                (reading.style.exclamations > 0.0).then(|| self.breach(None, None))
            }
            // A few words are too little to tell a language by.
            Self::InLanguage(language) => (reading.words.len() >= 8
                && reading.language != *language)
                .then(|| self.breach(None, None)),
            Self::Includes(term) => (!holds(&reading.words, term)).then(|| self.breach(None, None)),
            Self::Excludes(term) => {
                holds(&reading.words, term).then(|| self.breach(None, Some(term.clone())))
            }
            Self::Json => (!looks_like_json(answer.text())).then(|| self.breach(None, None)),
        }
    }

    fn breach(&self, found: Option<u32>, quote: Option<String>) -> Breach {
        Breach {
            constraint: self.clone(),
            found,
            quote,
        }
    }

    /// What it asks for, in a few words.
    pub fn describe(&self) -> String {
        match self {
            Self::MaxWords(n) => format!("at most {n} words"),
            Self::MaxSentences(n) => format!("at most {n} sentences"),
            Self::MaxParagraphs(1) => "one paragraph".to_owned(),
            Self::MaxParagraphs(n) => format!("at most {n} paragraphs"),
            Self::NoLists => "no lists".to_owned(),
            Self::NoMarkdown => "no markdown".to_owned(),
            Self::NoEmoji => "no emoji".to_owned(),
            Self::NoQuestions => "no questions".to_owned(),
            Self::NoExclamations => "no exclamation marks".to_owned(),
            Self::InLanguage(language) => format!("answers in {language:?}"),
            Self::Includes(term) => format!("always \u{201c}{term}\u{201d}"),
            Self::Excludes(term) => format!("never \u{201c}{term}\u{201d}"),
            Self::Json => "JSON only".to_owned(),
        }
    }
}

fn paragraphs(text: &str) -> usize {
    let (mut count, mut inside) = (0, false);
    for line in text.lines() {
        let blank = line.trim().is_empty();
        count += usize::from(!blank && !inside);
        inside = !blank;
    }
    count
}

fn first_item(text: &str) -> Option<String> {
    let item = |line: &&str| {
        let line = line.trim_start();
        let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
        line.starts_with(['-', '*', '•'])
            || (rest.len() < line.len() && rest.starts_with(['.', ')']))
    };
    text.lines().find(item).map(|line| clip(line.trim(), 60))
}

fn last_question(answer: &Utterance) -> Option<String> {
    let text = answer.text();
    let sentences = answer.reading.sentences.iter().rev();
    sentences
        .filter_map(|s| text.get(s.span.clone()))
        .find(|s| s.trim_end().ends_with('?'))
        .map(|s| clip(s.trim(), 80))
}

/// At most so many characters, with an ellipsis where something was cut.
pub(crate) fn clip(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text.to_owned(),
    }
}

fn is_emoji(c: char) -> bool {
    matches!(u32::from(c), 0x1F300..=0x1FAFF | 0x2600..=0x27BF | 0x1F1E6..=0x1F1FF)
}

fn looks_like_json(text: &str) -> bool {
    let text = text.trim();
    let fenced = text
        .strip_prefix("```json")
        .and_then(|t| t.strip_suffix("```"));
    let body = fenced.unwrap_or(text).trim();
    (body.starts_with('{') && body.ends_with('}')) || (body.starts_with('[') && body.ends_with(']'))
}

/// Whether the words hold the term's words in a row.
fn holds(words: &[String], term: &str) -> bool {
    let wanted = read(term).words;
    !wanted.is_empty()
        && words
            .windows(wanted.len())
            .any(|window| window.iter().eq(wanted.iter()))
}

/// Reads the constraints of a text, sentence by sentence.
pub(crate) fn constraints(text: &str) -> Vec<Constraint> {
    let reading = read(text);
    let mut found: Vec<Constraint> = Vec::new();
    for sentence in &reading.sentences {
        let Some(written) = text.get(sentence.span.clone()) else {
            continue;
        };
        for clause in written.split([';', '\n']) {
            found.extend(clause_constraints(clause));
        }
    }
    let mut kept: Vec<Constraint> = Vec::new();
    found.into_iter().for_each(|c| {
        if !kept.contains(&c) && kept.len() < 64 {
            kept.push(c);
        }
    });
    kept
}

const NEGATIONS: [&str; 12] = [
    "no",
    "not",
    "never",
    "avoid",
    "without",
    "don't",
    "don\u{2019}t",
    "skip",
    "refrain",
    "nor",
    "cannot",
    "neither",
];
/// Words that make a sentence hold for some answers only.
const CONDITIONS: [&str; 7] = [
    "if", "when", "whenever", "where", "wherever", "once", "should",
];
const LIMITS: [&str; 16] = [
    "most",
    "than",
    "under",
    "below",
    "maximum",
    "max",
    "within",
    "limit",
    "limited",
    "exceed",
    "to",
    "exceeding",
    "over",
    "keep",
    "beyond",
    "in",
];

fn clause_constraints(clause: &str) -> Vec<Constraint> {
    let lower = clause.to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| !(c.is_alphanumeric() || matches!(c, '\'' | '\u{2019}' | '-')))
        .filter(|w| !w.is_empty())
        .take(400)
        .collect();
    // "if asked, say in one sentence" binds the answers it speaks of, which are not known here
    if words.first().is_some_and(|w| CONDITIONS.contains(w)) {
        return Vec::new();
    }
    let mut found = limits(&words);
    let negated = words.iter().position(|w| NEGATIONS.contains(w));
    let after = negated.map_or(&[][..], |at| &words[at + 1..]);
    let has = |list: &[&str]| after.iter().take(12).any(|w| list.contains(w));
    if has(&[
        "list",
        "lists",
        "bullet",
        "bullets",
        "bullet-points",
        "listicle",
        "listicles",
    ]) {
        found.push(Constraint::NoLists);
    }
    if has(&["markdown", "formatting", "headings", "tables"]) {
        found.push(Constraint::NoMarkdown);
    }
    if has(&["emoji", "emojis", "emoticons"]) {
        found.push(Constraint::NoEmoji);
    }
    if has(&["exclamation", "exclamations"]) {
        found.push(Constraint::NoExclamations);
    }
    if after
        .windows(2)
        .any(|w| w[0].starts_with("ask") && w[1].starts_with("question"))
        || after.first().is_some_and(|w| *w == "questions")
    {
        found.push(Constraint::NoQuestions);
    }
    found.extend(language(&words, negated.is_some()));
    if negated.is_none()
        && words.contains(&"json")
        && words
            .iter()
            .any(|w| matches!(*w, "only" | "always" | "respond" | "reply" | "output"))
    {
        found.push(Constraint::Json);
    }
    found.extend(wording(clause, &lower));
    found
}

/// "no more than 40 words", "one paragraph", "3 sentences or fewer".
fn limits(words: &[&str]) -> Vec<Constraint> {
    let mut found = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let Some(number) = number(word) else { continue };
        let unit_at = at + 1 + usize::from(words.get(at + 1).is_some_and(|w| *w == "short"));
        let Some(unit) = words.get(unit_at) else {
            continue;
        };
        let before = &words[at.saturating_sub(4)..at];
        let bounded = before.iter().any(|w| LIMITS.contains(w))
            || words[unit_at + 1..]
                .iter()
                .take(2)
                .any(|w| matches!(*w, "fewer" | "less" | "max" | "maximum" | "most" | "tops"))
            || before
                .iter()
                .any(|w| matches!(*w, "only" | "single" | "exactly"));
        if !bounded {
            continue;
        }
        match unit.trim_end_matches('s') {
            "word" => found.push(Constraint::MaxWords(number)),
            "sentence" => found.push(Constraint::MaxSentences(number)),
            "paragraph" => found.push(Constraint::MaxParagraphs(number)),
            _ => {}
        }
    }
    if words
        .windows(2)
        .any(|w| matches!(w, ["single" | "one", "paragraph"]))
        && !found
            .iter()
            .any(|c| matches!(c, Constraint::MaxParagraphs(_)))
    {
        found.push(Constraint::MaxParagraphs(1));
    }
    if words
        .windows(2)
        .any(|w| matches!(w, ["single" | "one", "sentence"]))
        && !found
            .iter()
            .any(|c| matches!(c, Constraint::MaxSentences(_)))
    {
        found.push(Constraint::MaxSentences(1));
    }
    found
}

fn number(word: &str) -> Option<u32> {
    const WORDS: [&str; 12] = [
        "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
        "twelve",
    ];
    if let Some(at) = WORDS.iter().position(|w| *w == word) {
        return Some(at as u32 + 1);
    }
    // "3-5 sentences": the upper end counts.
    let last = word.rsplit(['-', '\u{2013}']).next().unwrap_or(word);
    last.parse().ok().filter(|n| (1..=100_000).contains(n))
}

fn language(words: &[&str], negated: bool) -> Option<Constraint> {
    let speaks = |w: &&str| {
        matches!(
            *w,
            "answer" | "respond" | "reply" | "speak" | "write" | "always" | "only" | "talk"
        )
    };
    if negated || !words.iter().any(speaks) {
        return None;
    }
    words.windows(2).find_map(|pair| {
        let ["in" | "speak" | "only", name] = pair else {
            return None;
        };
        let language = match *name {
            "english" => Language::English,
            "german" => Language::German,
            "french" => Language::French,
            "spanish" => Language::Spanish,
            "italian" => Language::Italian,
            "portuguese" => Language::Portuguese,
            "dutch" => Language::Dutch,
            "swedish" => Language::Swedish,
            "danish" => Language::Danish,
            "norwegian" => Language::Norwegian,
            "russian" => Language::Russian,
            _ => return None,
        };
        Some(Constraint::InLanguage(language))
    })
}

/// "never mention prices", "always end with \"Over.\"".
fn wording(clause: &str, lower: &str) -> Option<Constraint> {
    const VERBS: [&str; 12] = [
        "say",
        "mention",
        "use",
        "include",
        "saying",
        "mentioning",
        "using",
        "write",
        "end with",
        "begin with",
        "start with",
        "sign off with",
    ];
    let never = ["never ", "do not ", "don't ", "don\u{2019}t ", "avoid "];
    let always = ["always ", "must "];
    let find = |list: &[&str]| {
        list.iter()
            .filter_map(|m| Some((lower.find(m)?, m.len())))
            .min()
    };
    let (at, forbids) = match (find(&never), find(&always)) {
        (Some((n, len)), Some((a, _))) if n < a => (n + len, true),
        (_, Some((a, len))) => (a + len, false),
        (Some((n, len)), None) => (n + len, true),
        (None, None) => return None,
    };
    let rest = lower.get(at..)?;
    let verb = VERBS.iter().find(|verb| {
        rest.strip_prefix(**verb)
            .is_some_and(|r| r.starts_with([' ', ':']))
    })?;
    let object = rest[verb.len()..].trim_start_matches([' ', ':']);
    let term = quoted(object).map(str::to_owned).or_else(|| bare(object))?;
    // Case was folded and so the byte positions may differ: only the folded form is used.
    let _ = clause;
    Some(if forbids {
        Constraint::Excludes(term)
    } else {
        Constraint::Includes(term)
    })
}

fn quoted(text: &str) -> Option<&str> {
    let open = text.find(['"', '\u{201c}', '\u{2018}'])?;
    let inner = &text[open..];
    let mut chars = inner.char_indices();
    let (_, first) = chars.next()?;
    let close = match first {
        '\u{201c}' => '\u{201d}',
        '\u{2018}' => '\u{2019}',
        other => other,
    };
    let start = first.len_utf8();
    let end = inner[start..].find(close)?;
    let term = inner[start..start + end].trim_matches(|c: char| !c.is_alphanumeric());
    (!term.is_empty() && term.len() <= 80).then_some(term)
}

/// An unquoted object of at most three words that ends the clause.
fn bare(text: &str) -> Option<String> {
    const OPEN: [&str; 24] = [
        "that",
        "you",
        "your",
        "the",
        "any",
        "this",
        "it",
        "if",
        "when",
        "what",
        "how",
        "to",
        "a",
        "an",
        "more",
        "as",
        "lists",
        "bullet",
        "markdown",
        "emoji",
        "emojis",
        "json",
        "exclamation",
        "formatting",
    ];
    let text = text.trim_end_matches(|c: char| !c.is_alphanumeric());
    let words: Vec<&str> = text.split_whitespace().collect();
    let plain = words
        .iter()
        .all(|w| w.chars().all(|c| c.is_alphanumeric() || c == '-'));
    let first = words.first()?;
    (words.len() <= 3 && plain && !OPEN.contains(first)).then(|| words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use sigma_text::{Reading, Vectors};

    fn answer(text: &str) -> Utterance {
        let reading: Reading = read(text);
        Utterance {
            reading,
            vectors: Vectors::default(),
        }
    }

    #[test]
    fn what_holds_for_some_answers_only_is_no_limit_on_all() {
        assert!(
            constraints("If asked what you are, say in one sentence that you are a program.")
                .is_empty()
        );
        assert!(constraints("When a plan is asked for, answer in one paragraph.").is_empty());
        assert_eq!(
            constraints("Answer in one sentence."),
            [Constraint::MaxSentences(1)]
        );
    }

    #[test]
    fn plain_wordings_are_read() {
        use Constraint::*;
        for (text, want) in [
            ("Use no more than 40 words.", vec![MaxWords(40)]),
            ("Keep answers under 120 words.", vec![MaxWords(120)]),
            ("Answer in at most three sentences.", vec![MaxSentences(3)]),
            (
                "Reply in 3-5 sentences, never use bullet points.",
                vec![MaxSentences(5), NoLists],
            ),
            ("No lists.", vec![NoLists]),
            ("Avoid markdown and emojis.", vec![NoMarkdown, NoEmoji]),
            (
                "Always answer in German.",
                vec![InLanguage(Language::German)],
            ),
            ("Never mention prices.", vec![Excludes("prices".into())]),
            (
                "Never say \u{201c}as an AI\u{201d}.",
                vec![Excludes("as an ai".into())],
            ),
            ("Always end with \"Over.\"", vec![Includes("over".into())]),
            ("Respond only with valid JSON.", vec![Json]),
            ("Write a single paragraph.", vec![MaxParagraphs(1)]),
            ("Do not ask questions.", vec![NoQuestions]),
            ("You have two sentences of history to tell.", vec![]),
            (
                "You are James, a formal British assistant who answers politely and directly.",
                vec![],
            ),
            ("Never mention that you are an AI.", vec![]),
        ] {
            assert_eq!(constraints(text), want, "{text}");
        }
    }

    #[test]
    fn each_constraint_can_be_kept_and_broken() {
        use Constraint::*;
        for (constraint, kept, broken) in [
            (MaxWords(3), "One two three.", "One two three four."),
            (
                MaxSentences(1),
                "One sentence only.",
                "This is one. This is two.",
            ),
            (MaxParagraphs(1), "One.\nStill one.", "One.\n\nTwo."),
            (NoLists, "Tea and then cake.", "- tea\n- cake\n- jam"),
            (NoEmoji, "Fine.", "Fine 🙂"),
            (NoQuestions, "Fine.", "Is it fine?"),
            (Includes("over".into()), "Done. Over.", "Done."),
            (Excludes("prices".into()), "All well.", "The prices rose."),
            (Json, "{\"a\": 1}", "a is 1"),
            (
                InLanguage(Language::German),
                "Das ist nicht so einfach, wie wir es uns gedacht haben.",
                "This is not as easy as we had thought it would be.",
            ),
        ] {
            assert_eq!(
                constraint.check(&answer(kept)),
                None,
                "{constraint:?}: {kept}"
            );
            assert!(
                constraint.check(&answer(broken)).is_some(),
                "{constraint:?}: {broken}"
            );
        }
    }

    #[test]
    fn an_empty_answer_breaks_nothing() {
        assert_eq!(Constraint::Includes("x".into()).check(&answer("")), None);
    }
}
