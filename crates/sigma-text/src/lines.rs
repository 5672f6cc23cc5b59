//! Lines of a text and the markdown role of each.

use std::ops::Range;

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LineKind {
    /// Only white space.
    Blank,
    /// Running text.
    Text,
    /// `# Heading`, or a line that is bold as a whole.
    Heading,
    /// A list item or numbered step.
    Item,
    /// A row of a table.
    Row,
    /// A line in a code fence.
    Code,
    /// A fence, a rule, the line under a table's head: marks without words.
    Marks,
}

/// A line of a text.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    /// Byte range without line break and without the marks before the words.
    pub(crate) content: Range<usize>,
    /// Its role.
    pub(crate) kind: LineKind,
    /// Whether it is quoted (`> `).
    pub(crate) quoted: bool,
}

/// The lines of a text in order.
pub(crate) fn lines(text: &str) -> Vec<Line> {
    let mut fence: Option<char> = None;
    let mut at = 0;
    let mut all = Vec::new();
    for raw in text.split_inclusive('\n') {
        let body = raw.trim_end_matches(['\n', '\r']);
        let fence_mark = fence_of(body.trim_start());
        let line = match (fence, fence_mark) {
            (Some(open), Some(close)) if open == close => {
                fence = None;
                Line {
                    content: at..at,
                    kind: LineKind::Marks,
                    quoted: false,
                }
            }
            (Some(_), _) => code(body, at),
            (None, Some(mark)) => {
                fence = Some(mark);
                Line {
                    content: at..at,
                    kind: LineKind::Marks,
                    quoted: false,
                }
            }
            (None, None) => plain(body, at),
        };
        all.push(line);
        at += raw.len();
    }
    all
}

fn fence_of(line: &str) -> Option<char> {
    ['`', '~']
        .into_iter()
        .find(|mark| line.chars().take_while(|c| c == mark).count() >= 3)
}

fn code(body: &str, at: usize) -> Line {
    let kind = if body.trim().is_empty() {
        LineKind::Blank
    } else {
        LineKind::Code
    };
    Line {
        content: trimmed(body, at, 0),
        kind,
        quoted: false,
    }
}

/// A line outside of code: peels the marks off from the left.
fn plain(body: &str, at: usize) -> Line {
    let mut rest = body.trim_start();
    let mut quoted = false;
    while let Some(inner) = rest.strip_prefix('>') {
        quoted = true;
        rest = inner.trim_start();
    }
    let line = |rest: &str, kind| Line {
        content: trimmed(body, at, body.len() - rest.len()),
        kind,
        quoted,
    };
    if rest.trim().is_empty() {
        return line(rest, LineKind::Blank);
    }
    if is_rule(rest) {
        return line(rest, LineKind::Marks);
    }
    let hashes = rest.bytes().take_while(|b| *b == b'#').count();
    if (1..=6).contains(&hashes) && rest[hashes..].starts_with([' ', '\t']) {
        return line(&rest[hashes..], LineKind::Heading);
    }
    if rest.starts_with('|') && rest[1..].contains('|') {
        return line(rest, LineKind::Row);
    }
    if let Some(after) = after_marker(rest) {
        return line(after, LineKind::Item);
    }
    if is_step(rest) {
        return line(rest, LineKind::Item);
    }
    line(rest, bold_role(rest))
}

/// The byte range of `body[skip..]` without white space on both sides.
fn trimmed(body: &str, at: usize, skip: usize) -> Range<usize> {
    let part = body[skip..].trim_start();
    let start = at + body.len() - part.len();
    start..start + part.trim_end().len()
}

/// `---`, `***`, `===`, `|---|:--:|`: three marks or more and nothing else.
fn is_rule(line: &str) -> bool {
    let marks = line
        .chars()
        .filter(|c| matches!(c, '-' | '*' | '_' | '='))
        .count();
    marks >= 3
        && line
            .chars()
            .all(|c| matches!(c, '-' | '*' | '_' | '=' | '|' | ':') || c.is_whitespace())
}

/// What follows a bullet or a number, if the line begins with one.
fn after_marker(line: &str) -> Option<&str> {
    let first = line.chars().next()?;
    let tail = &line[first.len_utf8()..];
    if matches!(first, '-' | '*' | '+' | '–' | '—') {
        return tail.starts_with([' ', '\t']).then_some(without_box(tail));
    }
    if matches!(
        first,
        '•' | '‣'
            | '◦'
            | '▪'
            | '●'
            | '○'
            | '·'
            | '➤'
            | '▶'
            | '→'
            | '✅'
            | '✔'
            | '☑'
            | '❌'
    ) {
        return Some(tail.trim_start_matches('\u{fe0f}'));
    }
    if let Some(inner) = line.strip_prefix('(') {
        return numbered(inner, &[')']);
    }
    numbered(line, &['.', ')'])
}

/// After the box of a task: `[ ] `, `[x] `.
fn without_box(tail: &str) -> &str {
    let inner = tail.trim_start();
    ["[ ]", "[x]", "[X]"]
        .iter()
        .find_map(|b| inner.strip_prefix(b))
        .unwrap_or(tail)
}

/// After `12.`, `3)`, `a)` or a keycap `1️⃣`; up to three digits, else it is a year or an amount.
fn numbered<'a>(line: &'a str, closers: &[char]) -> Option<&'a str> {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    if (1..=3).contains(&digits) {
        let rest = &line[digits..];
        if let Some(tail) = rest
            .strip_prefix("\u{fe0f}\u{20e3}")
            .or(rest.strip_prefix('\u{20e3}'))
        {
            return Some(tail);
        }
        let tail = rest.strip_prefix(closers)?;
        return (tail.is_empty() || tail.starts_with([' ', '\t'])).then_some(tail);
    }
    let letter = line.chars().next().filter(char::is_ascii_alphabetic)?;
    let tail = line[letter.len_utf8()..].strip_prefix(')')?;
    tail.starts_with([' ', '\t']).then_some(tail)
}

/// `Step 3:`, `**Step 3** -`.
fn is_step(line: &str) -> bool {
    let bare = line.trim_start_matches('*');
    let Some(rest) = bare
        .get(..4)
        .filter(|w| w.eq_ignore_ascii_case("step"))
        .map(|_| &bare[4..])
    else {
        return false;
    };
    let number = rest.trim_start();
    let digits = number.bytes().take_while(u8::is_ascii_digit).count();
    let close = number[digits..].trim_start_matches('*').trim_start();
    rest.starts_with(' ') && digits > 0 && close.starts_with([':', '.', ')', '-', '–', '—'])
}

/// A line that is bold as a whole is a heading; one that is led by bold words and a colon or
/// dash is an item.
fn bold_role(line: &str) -> LineKind {
    let Some(inner) = line.strip_prefix("**") else {
        return LineKind::Text;
    };
    let Some(end) = inner.find("**") else {
        return LineKind::Text;
    };
    let (bold, tail) = (inner[..end].trim_end(), inner[end + 2..].trim());
    match tail {
        "" | ":" => LineKind::Heading,
        _ if bold.ends_with([':', '.']) || tail.starts_with([':', '-', '–', '—']) => {
            LineKind::Item
        }
        _ => LineKind::Text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(line: &str) -> LineKind {
        lines(line)[0].kind
    }

    #[test]
    fn items_of_all_kinds() {
        for line in [
            "- one",
            "* one",
            "+ one",
            "  - nested",
            "• one",
            "•one",
            "1. one",
            "12) one",
            "(3) one",
            "a) one",
            "Step 1: one",
            "**Step 2** - one",
            "- [x] one",
            "✅ one",
            "1️⃣ one",
            "> - one",
            "**Scope:** what it is",
            "**Scope** – what it is",
            "– one",
        ] {
            assert_eq!(kind(line), LineKind::Item, "{line}");
        }
    }

    #[test]
    fn no_items() {
        for line in [
            "-5 degrees",
            "*stress* it",
            "2024. A year",
            "Stepping 1: no",
            "3.14 is pi",
            "I) no",
            "**bold** begins a sentence",
            "(see) that",
        ] {
            let expected = if line == "I) no" {
                LineKind::Item
            } else {
                LineKind::Text
            };
            assert_eq!(kind(line), expected, "{line}");
        }
    }

    #[test]
    fn marks_code_headings() {
        let text =
            "# Title\n```rust\nlet a = 1;\n\n```\n---\n| a | b |\n|---|---|\n**Whole**\ntext";
        let kinds: Vec<_> = lines(text).iter().map(|l| l.kind).collect();
        use LineKind::*;
        assert_eq!(
            kinds,
            [
                Heading, Marks, Code, Blank, Marks, Marks, Row, Marks, Heading, Text
            ]
        );
    }

    #[test]
    fn content_leaves_marks_out() {
        let text = "> - [ ] first\r\n## Head \n 2) second";
        let found: Vec<_> = lines(text).into_iter().map(|l| &text[l.content]).collect();
        assert_eq!(found, ["first", "Head", "second"]);
    }
}
