//! The page as Markdown.

use std::fmt::Write as _;

use super::{COMMAND, Section, Table};

/// The whole page.
pub(crate) fn page(sections: &[(&str, Section)], seeds: u64) -> String {
    let mut text = format!(
        "# How well it works\n\n\
         Written by `{COMMAND}` (mean and spread over {seeds} seeds); do not edit. Each part is one command, \
         `cargo xtask bench NAME --data DIR`, that anybody can run on data of their own.\n\n\
         All figures are taken on development data, the same that weights were fitted on unless a line says \
         otherwise. Cases are named by file and cycle; their words stay in the data, whose licences forbid copies.\n"
    );
    for (name, section) in sections {
        let _ = write!(
            text,
            "\n## {}\n\n`cargo xtask bench {name} --data DIR`\n\n",
            section.title
        );
        text.push_str(section.about.trim());
        text.push('\n');
        section.figures.iter().for_each(|one| table(&mut text, one));
        for chart in &section.charts {
            let _ = write!(
                text,
                "\n![{}](images/quality/{}.svg)\n",
                chart.shows, chart.file
            );
        }
        if !section.worst.is_empty() {
            text.push_str("\n### Where it fails\n");
        }
        section.worst.iter().for_each(|one| table(&mut text, one));
        if !section.tried.is_empty() {
            let _ = write!(
                text,
                "\n### Aims missed, and what was tried\n\n{}\n",
                section.tried.trim()
            );
        }
    }
    text
}

fn table(text: &mut String, table: &Table) {
    let _ = write!(text, "\n{}\n\n", table.title);
    let line = |cells: &[String]| {
        let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
        format!("| {} |\n", cells.join(" | "))
    };
    text.push_str(&line(&table.head));
    let rule: Vec<String> = table
        .head
        .iter()
        .enumerate()
        .map(|(at, _)| if at == 0 { "---" } else { "---:" }.to_owned())
        .collect();
    text.push_str(&line(&rule));
    table.rows.iter().for_each(|row| text.push_str(&line(row)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_its_tables_and_no_broken_cells() {
        let section = Section {
            title: "Drift".into(),
            figures: vec![Table {
                title: "Figures".into(),
                head: vec!["a".into(), "b".into()],
                rows: vec![vec!["x|y".into(), "1".into()]],
            }],
            ..Section::default()
        };
        let page = page(&[("drift", section)], 5);
        assert!(page.contains("| x\\|y | 1 |") && page.contains("## Drift"));
        assert!(!page.contains("Where it fails"));
    }
}
