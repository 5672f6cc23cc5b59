//! Units of release: sentences, and lines where no sentence is. Taking them from a text that grows
//! gives the same units as taking them from the whole.

/// A piece of an output: what stands before its words, its words, and the space after them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unit<'a> {
    /// Spaces, list marks.
    pub(crate) lead: &'a str,
    /// The words, with their end mark.
    pub(crate) body: &'a str,
    /// Spaces and line breaks.
    pub(crate) trail: &'a str,
    /// Stands in a block of code.
    pub(crate) code: bool,
}

impl<'a> Unit<'a> {
    pub(crate) fn of(text: &'a str, code: bool) -> Self {
        let rest = text.trim_start();
        let mut lead = text.len() - rest.len();
        lead += marker(rest);
        let body = text[lead..].trim_end();
        Self {
            lead: &text[..lead],
            body,
            trail: &text[lead + body.len()..],
            code,
        }
    }
}

/// Bytes of a list mark or quotation mark at the start of a line.
fn marker(line: &str) -> usize {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let numbered = digits > 0 && digits < 4 && line[digits..].starts_with(['.', ')']);
    let mark = if numbered {
        digits + 1
    } else if line.starts_with(['-', '+', '>', '\u{2022}', '#']) || line.starts_with("* ") {
        line.chars()
            .take_while(|c| matches!(c, '-' | '+' | '>' | '#' | '*' | '\u{2022}'))
            .map(char::len_utf8)
            .sum()
    } else {
        return 0;
    };
    let space = line[mark..].len() - line[mark..].trim_start_matches(' ').len();
    if space == 0 { 0 } else { mark + space }
}

/// Takes units off the front of a text that may still grow.
#[derive(Debug, Clone, Default)]
pub(crate) struct Splitter {
    in_code: bool,
}

impl Splitter {
    /// Bytes of the first unit, if its end is certain. `whole`: nothing more will come.
    pub(crate) fn next(&mut self, text: &str, whole: bool, most: usize) -> Option<(usize, bool)> {
        if text.is_empty() {
            return None;
        }
        let at = text.len() - text.trim_start().len();
        let line_end = text[at..].find('\n').map(|n| at + n);
        let line = &text[at..line_end.unwrap_or(text.len())];
        let fence = line.starts_with("```") || line.starts_with("~~~");
        if self.in_code || fence {
            // a line of code is a unit when its end is seen
            let end = line_end
                .map(|n| n + 1)
                .or_else(|| whole.then_some(text.len()))?;
            if fence {
                self.in_code = !self.in_code;
            }
            return Some((end, true));
        }
        let maybe_fence = line_end.is_none()
            && ["```", "~~~"].iter().any(|fence| fence.starts_with(line))
            && !whole;
        if line.is_empty() && !whole || maybe_fence {
            return None;
        }
        let end = match sentence_end(text, at + marker(&text[at..]), whole) {
            Some(end) if end <= most => end,
            _ if text.len() > most => forced_end(text, most),
            _ if whole => text.len(),
            _ => return None,
        };
        Some((end, false))
    }
}

/// The last space before a limit: a text without an end is cut there.
fn forced_end(text: &str, most: usize) -> usize {
    let mut limit = most.min(text.len());
    while !text.is_char_boundary(limit) {
        limit -= 1;
    }
    text[..limit]
        .char_indices()
        .rfind(|(_, c)| c.is_whitespace())
        .map_or(limit, |(at, c)| at + c.len_utf8())
        .max(text.chars().next().map_or(1, char::len_utf8))
}

/// One past the space after the first sentence, if what follows shows that it has ended.
fn sentence_end(text: &str, from: usize, whole: bool) -> Option<usize> {
    let mut chars = text[from..]
        .char_indices()
        .map(|(at, c)| (from + at, c))
        .peekable();
    while let Some((at, c)) = chars.next() {
        if c == '\n' {
            return after_space(text, at, whole);
        }
        if !matches!(c, '.' | '!' | '?' | '\u{2026}') {
            continue;
        }
        while chars.peek().is_some_and(|(_, next)| closes(*next)) {
            chars.next();
        }
        let (next_at, next) = chars.peek().copied()?;
        if !next.is_whitespace() || c == '.' && abbreviated(&text[from..at]) {
            continue;
        }
        let end = after_space(text, next_at, whole)?;
        // "…" and "?" within a sentence go on in lower case
        let follows = text[end..].chars().next();
        if follows.is_some_and(char::is_lowercase) && !text[next_at..end].contains('\n') && c != '.'
        {
            continue;
        }
        return Some(end);
    }
    None
}

/// One past a run of white space; unknown while it may go on.
fn after_space(text: &str, at: usize, whole: bool) -> Option<usize> {
    let rest = &text[at..];
    let space = rest.len() - rest.trim_start().len();
    (whole || space < rest.len()).then_some(at + space)
}

fn closes(c: char) -> bool {
    matches!(
        c,
        '.' | '!'
            | '?'
            | '\u{2026}'
            | '"'
            | '\''
            | '\u{201d}'
            | '\u{2019}'
            | ')'
            | ']'
            | '*'
            | '_'
            | '\u{bb}'
    )
}

/// Whether a full stop belongs to the word before it.
fn abbreviated(before: &str) -> bool {
    let word = before
        .rsplit(|c: char| c.is_whitespace() || c == '(')
        .next()
        .unwrap_or_default();
    let initial = word.chars().count() == 1 && word.chars().all(|c| c.is_uppercase() && c != 'I');
    initial
        || [
            "mr", "mrs", "ms", "dr", "prof", "st", "sr", "jr", "vs", "e.g", "i.e", "a.m", "p.m", "etc", "no",
        ]
        .contains(&word.to_lowercase().as_str())
            // "no." ends sentences more often than it counts
            && word.to_lowercase() != "no"
            && word.to_lowercase() != "etc"
}

/// The units of a whole text with where they begin.
#[cfg(test)]
fn units(text: &str, most: usize) -> Vec<(usize, Unit<'_>)> {
    let mut splitter = Splitter::default();
    let mut all = Vec::new();
    let mut at = 0;
    while let Some((len, code)) = splitter.next(&text[at..], true, most) {
        all.push((at, Unit::of(&text[at..at + len], code)));
        at += len;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn bodies(text: &str) -> Vec<&str> {
        units(text, 2000)
            .into_iter()
            .map(|(_, unit)| unit.body)
            .collect()
    }

    #[test]
    fn sentences_and_lines_are_units() {
        assert_eq!(
            bodies(
                "Good evening, Mr. Okafor! Or so. \"Why?\" she said. And 3.1 percent…\n- One\n- Two\n\nEnd"
            ),
            [
                "Good evening, Mr. Okafor!",
                "Or so.",
                "\"Why?\" she said.",
                "And 3.1 percent…",
                "One",
                "Two",
                "End"
            ]
        );
        let code = "Do it:\n```sh\nls. Now\n```\nDone.";
        let all = units(code, 2000);
        assert_eq!(all.iter().filter(|(_, unit)| unit.code).count(), 3);
    }

    proptest! {
        #[test]
        fn a_text_that_grows_gives_the_same_units(
            text in "([A-Za-z,'*`\\-]{1,7}|[.!?…]|\\n| |```\\n|é){0,60}",
            cuts in proptest::collection::vec(1usize..9, 0..80),
        ) {
            let whole: Vec<String> = units(&text, 40).into_iter()
                .map(|(_, u)| format!("{}{}{}", u.lead, u.body, u.trail)).collect();
            prop_assert_eq!(whole.concat(), text.clone());
            let (mut splitter, mut buffer, mut grown) = (Splitter::default(), String::new(), Vec::new());
            let mut chars = text.chars();
            for cut in cuts {
                buffer.extend(chars.by_ref().take(cut));
                while let Some((len, _)) = splitter.next(&buffer, false, 40) {
                    grown.push(buffer.drain(..len).collect::<String>());
                }
            }
            buffer.extend(chars);
            while let Some((len, _)) = splitter.next(&buffer, true, 40) {
                grown.push(buffer.drain(..len).collect::<String>());
            }
            prop_assert_eq!(grown, whole);
        }
    }
}
