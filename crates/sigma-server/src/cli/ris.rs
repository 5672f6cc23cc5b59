//! `sigma ris`.

use crate::{
    cli::{
        args::{RisArgs, RisCheck, RisCommand},
        exit::{Exit, Failure},
        terminal,
    },
    ris::{CheckError, cases, judge},
};
use comfy_table::{ColumnConstraint, ContentArrangement, LineStyle, Table, presets};
use serde::Serialize;
use sigma_ris::{Band, CheckCase, CheckLine};
use std::{
    fs::File,
    io::{self, BufRead, BufReader, BufWriter, Write},
};

pub(crate) fn run(args: &RisArgs) -> Result<Exit, Failure> {
    match &args.what {
        RisCommand::Check(check) => run_check(check),
    }
}

fn run_check(args: &RisCheck) -> Result<Exit, Failure> {
    let name = args.file.display().to_string();
    let input: Box<dyn BufRead> = if name == "-" {
        Box::new(io::stdin().lock())
    } else {
        let file = File::open(&args.file).map_err(|source| Failure::File {
            file: args.file.clone(),
            source,
        })?;
        Box::new(BufReader::new(file))
    };
    let mut out = BufWriter::new(io::stdout().lock());
    let mut told = Vec::new();
    let mut worst = Band::Low;
    for case in cases(input) {
        let case = case.map_err(|source| Failure::Check {
            file: name.clone(),
            source: Box::new(source),
        });
        let case = match case {
            Ok(case) => case,
            Err(failure) => {
                // what was judged before the fault is not lost
                if !args.json && !told.is_empty() {
                    write_table(&mut out, &told, args.all)?;
                }
                out.flush()?;
                return Err(failure);
            }
        };
        let line = judge(&case);
        worst = worst.max(line.band);
        if args.json {
            writeln!(
                out,
                "{}",
                serde_json::to_string(&line).map_err(io::Error::other)?
            )?;
        } else {
            told.push((case, line));
        }
    }
    if !args.json {
        write_table(&mut out, &told, args.all)?;
    }
    out.flush()?;
    let reached = args.fail_on.is_some_and(|band| worst >= Band::from(band));
    Ok(if reached { Exit::Drifted } else { Exit::Fine })
}

/// The cases that crossed a boundary, with what is said in their place; then the sums.
fn write_table(out: &mut impl Write, told: &[(CheckCase, CheckLine)], all: bool) -> io::Result<()> {
    let shown: Vec<_> = told
        .iter()
        .filter(|(_, line)| all || !line.violations.is_empty())
        .collect();
    if !shown.is_empty() {
        let mut table = Table::new();
        table
            .load_style(
                presets::NOTHING.header_separator(LineStyle::none().fill('─').junction('─')),
            )
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_width(u16::try_from(terminal::width()).unwrap_or(u16::MAX))
            .force_no_tty()
            .set_header([
                "case",
                "crossed",
                "action",
                "made (-), and said in its place (+)",
            ]);
        for (case, line) in &shown {
            table.add_row([
                line.id.clone(),
                crossed(line),
                done(line),
                words(case, line),
            ]);
        }
        for at in 0..3 {
            if let Some(column) = table.column_mut(at) {
                column.set_constraint(ColumnConstraint::ContentWidth);
            }
        }
        for row in table.to_string().lines() {
            writeln!(out, "{}", terminal::visible(row.trim_end()))?;
        }
        writeln!(out)?;
    }
    writeln!(out, "{}", sums(told))
}

fn crossed(line: &CheckLine) -> String {
    if line.violations.is_empty() {
        return "nothing".into();
    }
    let each = line
        .severity
        .iter()
        .map(|(class, severity)| format!("{} ({})", spaced(class), spaced(severity)));
    each.collect::<Vec<_>>().join("\n")
}

fn done(line: &CheckLine) -> String {
    format!("{}\n{}", spaced(&line.band), spaced(&line.action))
}

/// Both texts, cut to what fits a table.
fn words(case: &CheckCase, line: &CheckLine) -> String {
    let made = crate::import::excerpt(&case.output, LONGEST);
    if line.altered {
        format!(
            "- {made}\n+ {}",
            crate::import::excerpt(&line.final_text, LONGEST)
        )
    } else {
        format!("  {made}")
    }
}

/// Characters of a text in the table.
const LONGEST: usize = 400;

fn sums(told: &[(CheckCase, CheckLine)]) -> String {
    let crossed = told
        .iter()
        .filter(|(_, line)| !line.violations.is_empty())
        .count();
    let altered = told.iter().filter(|(_, line)| line.altered).count();
    let labelled: Vec<_> = told
        .iter()
        .filter(|(case, _)| case.expect.is_some())
        .collect();
    let agree = labelled.iter().filter(|(case, line)| {
        case.expect
            .as_ref()
            .is_some_and(|expect| expect.violations == line.violations)
    });
    let outputs = if told.len() == 1 { "output" } else { "outputs" };
    let mut text = format!(
        "{} {outputs}, {crossed} across a boundary, {altered} corrected",
        told.len()
    );
    if !labelled.is_empty() {
        text.push_str(&format!(
            "; {} of {} as labelled",
            agree.count(),
            labelled.len()
        ));
    }
    text
}

/// A wire name with spaces.
fn spaced(value: &impl Serialize) -> String {
    let text = serde_json::to_value(value).ok();
    let text = text
        .as_ref()
        .and_then(serde_json::Value::as_str)
        .unwrap_or_default();
    text.replace('_', " ")
}

impl From<&CheckError> for Exit {
    fn from(error: &CheckError) -> Self {
        match error {
            CheckError::Read { .. } => Self::InputOutput,
            _ => Self::Data,
        }
    }
}
