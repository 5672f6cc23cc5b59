//! Whether the clauses that comments and pages cite exist.

use std::{collections::BTreeSet, path::Path};

use crate::{
    root::{self, FileError},
    spec::Spec,
};

/// The beginnings of names that only the documents, or our own lists, may bear.
const DOCUMENTS: &[&str] = &["SRIP-", "IOH-", "NUR-", "ONB-", "DEV-"];

/// Looks through the comments of all sources and through the pages.
pub(super) fn check(root: &Path, spec: &Spec) -> Result<Vec<String>, FileError> {
    let mut ids: BTreeSet<&str> = spec.requirements().map(|r| r.id.as_str()).collect();
    ids.extend(spec.deviations.iter().map(|d| d.id.as_str()));
    let mut findings = Vec::new();
    let mut files = root::files(&root.join("crates"), "rs")?;
    files.extend(root::files(&root.join("crates"), "md")?);
    files.extend(root::files(&root.join("docs"), "md")?);
    for path in files {
        let page = path.extension().is_some_and(|e| e == "md");
        let name = path
            .strip_prefix(root)
            .unwrap_or(&path)
            .display()
            .to_string();
        for (number, line) in root::read(&path)?.lines().enumerate() {
            if !page && !line.trim_start().starts_with("//") {
                continue;
            }
            let wrong = cited(line).into_iter().filter(|c| !exists(c, spec, &ids));
            findings.extend(wrong.map(|c| format!("{name}:{}: {c} does not exist", number + 1)));
        }
    }
    for deviation in &spec.deviations {
        let wrong = deviation.about.iter().filter(|about| {
            let found = cited(about);
            found.is_empty() || found.iter().any(|c| !exists(c, spec, &ids))
        });
        findings.extend(wrong.map(|about| format!("{}: {about} does not exist", deviation.id)));
    }
    Ok(findings)
}

fn exists(citation: &str, spec: &Spec, ids: &BTreeSet<&str>) -> bool {
    match citation.split_once(" §") {
        Some((document, section)) => spec.clauses.has(document, section),
        None => ids.contains(citation) || spec.clauses.knows(citation),
    }
}

/// The citations in a line: `SRIP-03 §4`, `SRIP-03-R2`, `DEV-05`, and `SRIP-03` alone. Sections may
/// follow one another: `SRIP-02 §5, §6.2`.
fn cited(line: &str) -> Vec<String> {
    let mut found = Vec::new();
    for start in DOCUMENTS {
        for (at, _) in line.match_indices(start) {
            let before = line[..at].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || c == '-' || c == '/') {
                continue;
            }
            let rest = &line[at..];
            let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
            let (name, mut rest) = rest.split_at(end.unwrap_or(rest.len()));
            let name = name.trim_end_matches('-');
            if !name[start.len().min(name.len())..]
                .starts_with(|c: char| c.is_ascii_digit() || c == 'R')
            {
                continue;
            }
            let sections = found.len();
            while let Some((section, after)) = next_section(rest) {
                found.push(format!("{name} §{section}"));
                rest = after;
            }
            if found.len() == sections {
                found.push(name.to_owned());
            }
        }
    }
    found
}

/// A section sign at the start of `text`, after a blank, a comma or "and".
fn next_section(text: &str) -> Option<(&str, &str)> {
    let sign = text.find('§')?;
    if !text[..sign]
        .chars()
        .all(|c| c == ' ' || c == ',' || c == '`')
        && &text[..sign] != " and "
    {
        return None;
    }
    let text = &text[sign + '§'.len_utf8()..];
    let end = text
        .find(|c: char| !(c.is_ascii_alphanumeric() || c == '.'))
        .unwrap_or(text.len());
    let (section, rest) = text.split_at(end);
    Some((section.trim_end_matches('.'), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn citations_are_found_as_people_write_them() {
        for (line, expected) in [
            ("/// Posture (`SRIP-03 §6.1`).", vec!["SRIP-03 §6.1"]),
            (
                "/// SRIP-02 §5, §6.2 and more",
                vec!["SRIP-02 §5", "SRIP-02 §6.2"],
            ),
            ("/// SRIP-02 §4 and §5.", vec!["SRIP-02 §4", "SRIP-02 §5"]),
            ("/// See SRIP-03-R2, DEV-05.", vec!["SRIP-03-R2", "DEV-05"]),
            ("/// The whole of SRIP-08", vec!["SRIP-08"]),
            (
                "/// ONB-R10 and IOH-01 §43.2",
                vec!["IOH-01 §43.2", "ONB-R10"],
            ),
            ("/// XSRIP-03 SRIP-layer x/SRIP-03", vec![]),
        ] {
            assert_eq!(cited(line), expected, "{line}");
        }
    }
}
