//! Leaving clauses out of a sentence whose rest stands by itself.

use std::ops::Range;

use super::Finding;
use super::voice::capitalised;
use crate::{Clause, Referent, ViolationClass};

/// Connectors of equal clauses.
const COORDINATORS: &[&str] = &["and", "but", "or", "so", "yet", "nor"];
/// Connectors of clauses that tell time, cause or purpose: their sentence stands without them.
const ADVERBIAL: &[&str] = &[
    "because",
    "since",
    "while",
    "when",
    "as",
    "until",
    "till",
    "although",
    "though",
    "whereas",
    "for",
    "so that",
    "even though",
    "whenever",
    "before",
    "after",
];

/// The sentence without the clauses that crossed a boundary, if what is left is whole.
pub(super) fn prune(body: &str, findings: &[Finding<'_>], clauses: &[Clause]) -> Option<String> {
    if clauses.len() < 2 || quoted(body) {
        return None;
    }
    let mut gone = vec![false; clauses.len()];
    for finding in findings {
        let at = clauses
            .iter()
            .position(|clause| clause.span == finding.clause.span)?;
        gone[at] = true;
    }
    spread(&mut gone, clauses);
    let left: Vec<usize> = (0..clauses.len()).filter(|at| !gone[*at]).collect();
    let (first, last) = (*left.first()?, *left.last()?);
    // only a run at the start or at the end is cut off: the middle of a sentence is left alone
    if left.len() != last - first + 1 {
        return None;
    }
    let kept = &clauses[first..=last];
    if !kept
        .iter()
        .all(|clause| stays_clear(body, clause, findings))
    {
        return None;
    }
    let head = &clauses[first];
    if head.parts.dependent || first > 0 && !stands_alone(body, head) {
        return None;
    }
    if last + 1 < clauses.len() && !cuts_cleanly(body, &clauses[last + 1]) {
        return None;
    }
    let start = if first == 0 {
        0
    } else {
        after_connector(body, head)
    };
    let mut end = if last + 1 < clauses.len() {
        clauses[last].span.end.min(clauses[last + 1].span.start)
    } else {
        body.len()
    };
    let listed =
        last + 1 < clauses.len() && connector(body, &clauses[last + 1]).as_deref() == Some("and");
    let mark = end_mark(body);
    let mut text = body[start..end].trim().to_owned();
    if last + 1 < clauses.len() {
        end = text
            .trim_end_matches(|c: char| {
                !c.is_alphanumeric() && !matches!(c, ')' | '"' | '\u{201d}' | '\'' | '*' | '%')
            })
            .len();
        text.truncate(end);
        if listed && left.len() > 1 {
            text = rejoined(body, text, &clauses[last], start);
        }
        text.push_str(mark);
    }
    let words = text.split_whitespace().count();
    (words >= LEAST_WORDS && balanced(&text)).then(|| capitalised(&text))
}

/// Whether a clause that stays has nothing to do with one that goes: it has a verb, speaks of neither the
/// agent nor the event, and is not what a pronoun of the other stands for.
fn stays_clear(body: &str, clause: &Clause, findings: &[Finding<'_>]) -> bool {
    let told_of = clause.assertion.subject;
    let entangled = matches!(
        told_of,
        Referent::Agent | Referent::Both | Referent::Event | Referent::Cosmos
    );
    let pointed_at = findings.iter().any(|finding| {
        let subject = finding
            .clause
            .parts
            .subject
            .as_ref()
            .and_then(|range| at(body, range));
        subject.is_none_or(super::points_back)
    });
    let scope = findings
        .iter()
        .any(|finding| finding.violation.class == ViolationClass::ScopeIntegrity);
    let others = matches!(
        told_of,
        Referent::Others | Referent::Participant | Referent::Generic
    );
    let finite = clause.parts.verb.is_some() || clause.parts.auxiliary.is_some();
    let at_stake = scope && others;
    finite && !entangled && !pointed_at && !at_stake
}

/// Fewer words than this are no sentence to leave standing.
const LEAST_WORDS: usize = 3;

/// What depends on a clause that goes, goes.
fn spread(gone: &mut [bool], clauses: &[Clause]) {
    for _ in 0..clauses.len() {
        let mut changed = false;
        for (at, clause) in clauses.iter().enumerate() {
            let on = clause.parts.depends_on.filter(|on| *on < clauses.len());
            if !gone[at] && on.is_some_and(|on| gone[on]) {
                gone[at] = true;
                changed = true;
            }
        }
        if !changed {
            return;
        }
    }
}

fn at<'a>(body: &'a str, range: &Range<usize>) -> Option<&'a str> {
    body.get(range.clone())
}

/// The connector of a clause in lower case.
fn connector(body: &str, clause: &Clause) -> Option<String> {
    let range = clause.parts.connector.as_ref()?;
    Some(at(body, range)?.trim().to_lowercase())
}

/// Whether a clause can begin a sentence: it has a subject of its own that points at nothing.
fn stands_alone(body: &str, clause: &Clause) -> bool {
    let Some(subject) = clause
        .parts
        .subject
        .as_ref()
        .and_then(|range| at(body, range))
    else {
        return false;
    };
    let joined = connector(body, clause);
    let equal = joined.is_none_or(|word| COORDINATORS.contains(&word.as_str()));
    equal && !super::points_back(subject)
}

/// Whether a sentence stands without a clause at its end.
fn cuts_cleanly(body: &str, clause: &Clause) -> bool {
    match connector(body, clause) {
        Some(word) if clause.parts.dependent => ADVERBIAL.contains(&word.as_str()),
        Some(word) => COORDINATORS.contains(&word.as_str()) || ADVERBIAL.contains(&word.as_str()),
        // set off by a mark alone
        None => {
            let before = body.get(..clause.span.start).unwrap_or_default().trim_end();
            !clause.parts.dependent
                && before.ends_with([',', ';', ':', '\u{2014}', '\u{2013}', '.', '-'])
        }
    }
}

/// Where a clause begins without its connector.
fn after_connector(body: &str, clause: &Clause) -> usize {
    let start = clause
        .parts
        .connector
        .as_ref()
        .map_or(clause.span.start, |range| range.end);
    let rest = body.get(start..).unwrap_or_default();
    start + rest.len()
        - rest
            .trim_start_matches(|c: char| !c.is_alphanumeric() && c != '"')
            .len()
}

/// "a, b" from "a, b, and c": the last that is left takes the "and".
fn rejoined(body: &str, text: String, last: &Clause, start: usize) -> String {
    if last.parts.connector.is_some() || last.span.start < start {
        return text;
    }
    let cut = last.span.start - start;
    let Some(before) = text.get(..cut).map(str::trim_end) else {
        return text;
    };
    let has_comma = before.ends_with(',');
    let rest = body.get(last.span.start..).unwrap_or_default();
    if !has_comma || rest.is_empty() {
        return text;
    }
    format!("{before} and {}", text[cut..].trim_start())
}

/// The end mark of a sentence that goes on as a statement.
fn end_mark(body: &str) -> &'static str {
    let end = body.trim_end_matches(|c: char| !matches!(c, '.' | '!' | '?' | '\u{2026}'));
    match end.chars().next_back() {
        Some('!') => "!",
        Some('.' | '?' | '\u{2026}') => ".",
        _ => "",
    }
}

fn quoted(body: &str) -> bool {
    body.contains(['"', '\u{201c}', '\u{201d}', '*'])
}

fn balanced(text: &str) -> bool {
    text.matches('(').count() == text.matches(')').count()
}
