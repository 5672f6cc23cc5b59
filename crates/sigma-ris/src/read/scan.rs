//! Where a sentence ends, told from as little of what follows as possible.

/// Longest sentence in bytes: a longer one is cut at a space, so that work and delay stay bounded.
pub(crate) const LONGEST: usize = 1500;

/// One past the end of the sentence that starts at `from`, with the white space after it; none if
/// more text is needed to tell. With `complete` the text ends here and there is always an answer.
pub(crate) fn sentence_end(text: &str, from: usize, fenced: bool, complete: bool) -> Option<usize> {
    let rest = &text[from..];
    let line_only = fenced || is_line_kind(rest);
    let mut space = None;
    let mut chars = rest.char_indices().peekable();
    let mut started = false;
    while let Some((at, c)) = chars.next() {
        if at >= LONGEST {
            return Some(from + space.unwrap_or(at));
        }
        if c == '\n' {
            if started && (line_only || breaks(&rest[at + 1..], complete)?) {
                return Some(from + at + 1);
            }
            space = Some(at + 1);
            continue;
        }
        if c.is_whitespace() {
            space = Some(at + c.len_utf8());
            continue;
        }
        started = true;
        if line_only || !is_end(c) {
            continue;
        }
        let mut end = at + c.len_utf8();
        let mut dots = usize::from(c == '.');
        while let Some((next, d)) =
            chars.next_if(|(at, d)| *at < LONGEST && (is_end(*d) || is_closer(*d)))
        {
            dots += usize::from(d == '.');
            end = next + d.len_utf8();
        }
        let soft = c == '…' || dots > 1;
        let Some(after) = rest[end..].chars().next() else {
            return complete.then_some(from + rest.len());
        };
        if !after.is_whitespace() || c == '.' && dots == 1 && is_abbreviation(&rest[..at]) {
            continue;
        }
        let (blank, long) = blank(&rest[end..]);
        if long {
            return Some(from + end + blank);
        }
        let Some(next) = rest[end + blank..].chars().next() else {
            return complete.then_some(from + rest.len());
        };
        if !(soft && next.is_lowercase()) {
            return Some(from + end + blank);
        }
    }
    if complete && started {
        return Some(from + rest.len());
    }
    (complete && !rest.is_empty()).then_some(from + rest.len())
}

/// Bytes of white space at the head, and whether there is more of it than a sentence is long: then no more
/// is looked at, so that the place does not depend on how much has arrived.
fn blank(rest: &str) -> (usize, bool) {
    for (at, c) in rest.char_indices() {
        if !c.is_whitespace() || at >= LONGEST {
            return (at, c.is_whitespace());
        }
    }
    (rest.len(), false)
}

/// Headings, table rows and fences are sentences by the line.
fn is_line_kind(rest: &str) -> bool {
    rest.starts_with("```") || rest.starts_with('#') || rest.starts_with('|')
}

/// Whether the line break before `rest` ends a sentence: unless it goes on in lower case.
fn breaks(rest: &str, complete: bool) -> Option<bool> {
    let first = rest.chars().find(|c| *c == '\n' || !c.is_whitespace());
    match first {
        None => complete.then_some(true),
        Some(c) => Some(!c.is_lowercase()),
    }
}

fn is_end(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…' | '。' | '！' | '？')
}

fn is_closer(c: char) -> bool {
    matches!(c, '"' | '”' | '’' | '\'' | '»' | ')' | ']' | '*' | '_')
}

fn is_abbreviation(before: &str) -> bool {
    const LISTED: &[&str] = &[
        "e.g", "i.e", "mr", "mrs", "ms", "dr", "st", "vs", "etc", "prof", "no", "approx",
    ];
    let word = before
        .rsplit(|c: char| c.is_whitespace() || c == '(')
        .next()
        .unwrap_or_default();
    word.len() <= 6 && word != "no" && LISTED.contains(&word.to_ascii_lowercase().as_str())
}
