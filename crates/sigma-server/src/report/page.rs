//! The report as one page that needs nothing else: no network, no other file.
//!
//! Transcripts are hostile. Their text enters the page only as JSON in a block that no browser
//! runs, with everything escaped that could end it, and the script puts it on the page only as
//! text. A content security policy allows the page's own script and style by hash and nothing else.

mod motifs;

use crate::{
    import::excerpt,
    report::{About, BANDS, Report, Row, Subject, Summary, moments},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use motifs::{MotifTrack, motifs};
use serde::Serialize;
use sha2::{Digest, Sha256};
use sigma_types::{Measured, Missing};
use std::{
    collections::BTreeMap,
    io::{self, Write},
};

const BODY: &str = include_str!("page/page.html");
const STYLE: &str = include_str!("page/page.css");
const SCRIPT: &str = include_str!("page/page.js");

/// Bytes of dialogue text that a page may carry.
const TEXT_BUDGET: usize = 24 * 1024 * 1024;
/// Characters of a text that are always kept.
const LEAST_TEXT: usize = 400;
/// Moments on the page.
const MOST_MOMENTS: usize = 400;

/// Writes the page.
///
/// # Errors
/// What the writer says.
pub fn write_page(out: &mut impl Write, report: &Report) -> io::Result<()> {
    let data = serde_json::to_string(&Data::of(report))?;
    let policy = format!(
        "default-src 'none'; script-src '{}'; style-src '{}'; base-uri 'none'; form-action 'none'",
        hash(SCRIPT),
        hash(STYLE)
    );
    write!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n<title>{}</title>\n<style>{STYLE}</style>\n\
         </head>\n{BODY}<script type=\"application/json\" id=\"data\">",
        escape_html(&excerpt(&report.about.title, 120)),
    )?;
    write_escaped(out, &data)?;
    write!(
        out,
        "</script>\n<script>{SCRIPT}</script>\n</body>\n</html>\n"
    )
}

fn hash(text: &str) -> String {
    format!(
        "sha256-{}",
        STANDARD.encode(Sha256::digest(text.as_bytes()))
    )
}

fn escape_html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// JSON that can stand inside a `script` element: these characters occur only inside its strings.
fn write_escaped(out: &mut impl Write, json: &str) -> io::Result<()> {
    let special = ['<', '>', '&', '\u{2028}', '\u{2029}'];
    let mut rest = json;
    while let Some(at) = rest.find(special) {
        out.write_all(&rest.as_bytes()[..at])?;
        let Some(c) = rest[at..].chars().next() else {
            break;
        };
        write!(out, "\\u{:04x}", c as u32)?;
        rest = &rest[at + c.len_utf8()..];
    }
    out.write_all(rest.as_bytes())
}

/// What the script draws, one array a column.
#[derive(Serialize)]
struct Data<'a> {
    about: &'a About,
    summary: Summary,
    bands: [(&'static str, f64); 6],
    cycle: Vec<u64>,
    di_raw: Vec<Option<f64>>,
    sdi: Vec<Option<f64>>,
    sv: Vec<Option<f64>>,
    pd: Vec<Option<f64>>,
    scr: Vec<Option<f64>>,
    psi: Vec<Option<f64>>,
    density: Vec<Option<f64>>,
    reference_di_raw: Vec<Option<f64>>,
    names: Names<'a>,
    posture: Vec<i64>,
    lifecycle: Vec<i64>,
    zone: Vec<i64>,
    attractors: Vec<&'a str>,
    attractor: Vec<i64>,
    motifs: Vec<MotifTrack<'a>>,
    subject: Vec<(usize, &'static str)>,
    explanation: Vec<&'a str>,
    because: BTreeMap<usize, Vec<&'a str>>,
    steering: BTreeMap<usize, &'a [String]>,
    missing: BTreeMap<usize, BTreeMap<String, Missing>>,
    moments: Vec<Marked>,
    user: Vec<String>,
    assistant: Vec<String>,
}

#[derive(Serialize)]
struct Names<'a> {
    posture: Vec<&'a str>,
    lifecycle: Vec<&'a str>,
    zone: Vec<&'a str>,
}

#[derive(Serialize)]
struct Marked {
    at: usize,
    reasons: Vec<String>,
}

impl<'a> Data<'a> {
    fn of(report: &'a Report) -> Self {
        let rows = &report.rows;
        let column = |of: fn(&Row) -> Measured<f64>| {
            rows.iter()
                .map(|row| of(row).value().map(|v| (v * 1e4).round() / 1e4))
                .collect()
        };
        let (postures, posture) = indexed(rows.iter().map(|row| Some(row.posture.as_str())));
        let (lifecycles, lifecycle) = indexed(rows.iter().map(|row| row.lifecycle.as_deref()));
        let (zones, zone) = indexed(rows.iter().map(|row| row.zone.as_deref()));
        let attractor = |row: &'a Row| row.attractor.as_ref();
        let (ids, attractor_at) =
            indexed(rows.iter().map(|row| attractor(row).map(|a| a.id.as_str())));
        let mut attractors = vec![""; ids.len()];
        for (row, at) in rows.iter().zip(&attractor_at) {
            if let (Some(attractor), Ok(at)) = (attractor(row), usize::try_from(*at)) {
                attractors[at] = &attractor.name;
            }
        }
        let limit = text_limit(report);
        let marked = |m: crate::report::Moment| Marked {
            at: m.at,
            reasons: m.reasons.iter().map(ToString::to_string).collect(),
        };
        let missing = rows.iter().map(Row::missing).enumerate();
        Self {
            about: &report.about,
            summary: Summary::of(report),
            bands: BANDS,
            cycle: rows.iter().map(|row| row.cycle).collect(),
            di_raw: column(|row| row.drift.di_raw),
            sdi: column(|row| row.drift.sdi),
            sv: column(|row| row.drift.sv),
            pd: column(|row| row.drift.pd),
            scr: column(|row| row.drift.scr),
            psi: column(|row| row.psi),
            density: column(|row| row.density),
            reference_di_raw: column(|row| row.reference.components.di_raw),
            names: Names {
                posture: postures,
                lifecycle: lifecycles,
                zone: zones,
            },
            posture,
            lifecycle,
            zone,
            attractors,
            attractor: attractor_at,
            motifs: motifs(report),
            subject: rows.iter().enumerate().filter_map(subject).collect(),
            explanation: rows.iter().map(|row| row.explanation.as_str()).collect(),
            because: sparse(
                rows.iter()
                    .map(|row| row.because.iter().map(|c| c.text.as_str()).collect()),
            ),
            steering: sparse(rows.iter().map(|row| row.steering.as_slice())),
            missing: missing.filter(|(_, missing)| !missing.is_empty()).collect(),
            moments: moments(report, MOST_MOMENTS)
                .into_iter()
                .map(marked)
                .collect(),
            user: report
                .texts
                .iter()
                .map(|texts| shortened(&texts.user, limit))
                .collect(),
            assistant: report
                .texts
                .iter()
                .map(|texts| shortened(&texts.assistant, limit))
                .collect(),
        }
    }
}

/// The entries that hold anything, by position.
fn sparse<T: AsRef<[U]>, U>(all: impl Iterator<Item = T>) -> BTreeMap<usize, T> {
    all.enumerate()
        .filter(|(_, entry)| !entry.as_ref().is_empty())
        .collect()
}

fn subject((at, row): (usize, &Row)) -> Option<(usize, &'static str)> {
    match row.subject {
        Subject::Formed => Some((at, "formed")),
        Subject::Returned { .. } => Some((at, "returned")),
        Subject::Opening | Subject::Continued => None,
    }
}

/// The distinct names in the order in which they appear, and each row's index; -1 for none.
fn indexed<'a>(names: impl Iterator<Item = Option<&'a str>>) -> (Vec<&'a str>, Vec<i64>) {
    let mut known = Vec::new();
    let mut index: BTreeMap<&str, i64> = BTreeMap::new();
    let rows = names.map(|name| {
        name.map_or(-1, |name| {
            *index.entry(name).or_insert_with(|| {
                known.push(name);
                i64::try_from(known.len()).map_or(-1, |len| len - 1)
            })
        })
    });
    let rows = rows.collect();
    (known, rows)
}

/// How many characters of each text fit into the page's budget.
fn text_limit(report: &Report) -> usize {
    let texts = report
        .texts
        .iter()
        .flat_map(|texts| [&texts.user, &texts.assistant]);
    if texts.clone().map(String::len).sum::<usize>() <= TEXT_BUDGET {
        return usize::MAX;
    }
    (TEXT_BUDGET / texts.count().max(1)).max(LEAST_TEXT)
}

fn shortened(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        None => text.into(),
        Some((end, _)) => {
            let more = text[end..].chars().count();
            format!("{}… ({more} more characters)", &text[..end])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_cannot_end_its_block() {
        let mut out = Vec::new();
        let json = serde_json::to_string("</script><!--&\u{2028}\u{2029}é\u{1F600}").unwrap();
        write_escaped(&mut out, &json).unwrap();
        let out = String::from_utf8(out).unwrap();
        assert!(
            !out.contains(['<', '>', '&', '\u{2028}', '\u{2029}']),
            "{out}"
        );
        assert_eq!(
            serde_json::from_str::<String>(&out).unwrap(),
            "</script><!--&\u{2028}\u{2029}é\u{1F600}"
        );
    }

    #[test]
    fn long_texts_say_how_much_is_left_out() {
        assert_eq!(shortened("äöü", 3), "äöü");
        assert_eq!(shortened("äöüß", 3), "äöü… (1 more characters)");
    }
}
