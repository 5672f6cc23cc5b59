//! `cargo xtask matrix`: the requirements as a page.

use clap::Args;
use std::fmt::Write as _;

use crate::{
    Outcome,
    generated::{self, Generated},
    root,
    spec::{Deviation, Document, Level, Requirement, Spec, Status},
};

/// How to write the page.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Only say whether the page is up to date
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(options: &Options) -> Outcome {
    let root = root::workspace();
    let spec = Spec::load(&root)?;
    let page = Generated {
        path: root.join("docs/requirements.md"),
        text: page(&spec),
    };
    generated::put(&[page], [], options.check, "cargo xtask matrix")
}

const OPENING: &str = "\
# Requirements

<!-- Made by `cargo xtask matrix` from spec-fixtures/. Do not edit. -->

What the documents ask for, in our own words, and what shows that it is met. The ids are ours; the
documents and sections beside them are not. Evidence is a file of cases in `spec-fixtures/`, which
`cargo xtask conformance` runs, or the name of a test.

Self-declared SRS-Partial against the public specification layer of the Sigma Runtime Standard as
published on 2026-07-01 (repository commit 184069e), document by document in the edition named below. An
independent implementation, not certified, endorsed or reviewed by, or affiliated with, the authors
of the documents. Requirements are re-worded and in places decided by us, see the
[deviations](#deviations). Based on the Sigma Runtime Standard public specification layer, Sigma
Stratum Research Group, <https://sigmastratum.org>, CC BY 4.0.

Not implemented: SRIP-09, SRIP-11, SRIP-12 and SRIP-14 to SRIP-25. SRIP-08 is implemented as its dated v1.0
model, which is no criterion any more. Of SRIP-10 only the evidence is implemented.
";

fn page(spec: &Spec) -> String {
    let mut page = OPENING.to_owned();
    page.push_str(&summary(&spec.documents));
    for document in &spec.documents {
        page.push_str(&section(document));
    }
    page.push_str("\n## Deviations\n");
    for deviation in &spec.deviations {
        page.push_str(&decision(deviation));
    }
    page
}

fn summary(documents: &[Document]) -> String {
    let mut text = "\n| document | edition | standing | met | partial | open |\n\
                    |---|---|---|--:|--:|--:|\n"
        .to_owned();
    let mut total = [0; 3];
    for document in documents {
        let counts = [Status::Met, Status::Partial, Status::Open].map(|status| {
            document
                .requirements
                .iter()
                .filter(|r| r.status == status)
                .count()
        });
        total
            .iter_mut()
            .zip(counts)
            .for_each(|(sum, count)| *sum += count);
        let name = &document.name;
        let _ = writeln!(
            text,
            "| [{name}](#{}) {} | {} | {} | {} | {} | {} |",
            name.to_lowercase(),
            document.title,
            document.edition,
            document.standing,
            counts[0],
            counts[1],
            counts[2]
        );
    }
    let [met, partial, open] = total;
    let _ = writeln!(text, "| all | | | {met} | {partial} | {open} |");
    text
}

fn section(document: &Document) -> String {
    let mut text = format!(
        "\n## {}\n\n{}. {}.\n\n| id | § | level | asks | status | evidence | deviations |\n\
         |---|---|---|---|---|---|---|\n",
        document.name, document.title, document.edition
    );
    document
        .requirements
        .iter()
        .for_each(|requirement| text.push_str(&row(requirement)));
    text
}

fn row(requirement: &Requirement) -> String {
    let level = match requirement.level {
        Level::Required => format!("**{}**", requirement.level.word()),
        other => other.word().to_owned(),
    };
    let evidence: Vec<_> = requirement
        .evidence
        .iter()
        .map(|one| format!("`{one}`"))
        .collect();
    let deviations: Vec<_> = requirement
        .deviations
        .iter()
        .map(|id| format!("[{id}](#{})", id.to_lowercase()))
        .collect();
    let status = match &requirement.note {
        Some(note) => format!("{}: {}", requirement.status.word(), cell(note)),
        None => requirement.status.word().to_owned(),
    };
    format!(
        "| {} | {} | {level} | {} | {status} | {} | {} |\n",
        requirement.id,
        requirement.section.join(", "),
        cell(&requirement.text),
        evidence.join("<br>"),
        deviations.join(" ")
    )
}

/// Text that cannot leave its cell.
fn cell(text: &str) -> String {
    text.trim().replace('|', "\\|").replace('\n', " ")
}

fn decision(deviation: &Deviation) -> String {
    format!(
        "\n### {}\n\n{} ({}). {} **{}** {}\n",
        deviation.id,
        deviation.about.join(", "),
        deviation.kind.word(),
        deviation.conflict.trim(),
        deviation.choice.trim(),
        deviation.why.trim()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_keeps_its_cells() {
        let requirement: Requirement = serde_json::from_value(serde_json::json!({
            "id": "X-R1", "section": ["1", "2"], "level": "required", "text": "a | b\nc",
            "status": "partial", "evidence": ["x/y"], "deviations": ["DEV-01"], "note": "no d"
        }))
        .unwrap();
        assert_eq!(
            row(&requirement),
            "| X-R1 | 1, 2 | **required** | a \\| b c | partial: no d | `x/y` | [DEV-01](#dev-01) |\n"
        );
    }
}
