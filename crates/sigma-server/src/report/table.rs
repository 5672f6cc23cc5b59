//! The report in a terminal: a line of drift, a summary and the cycles that matter.

use crate::{
    import::excerpt,
    report::{BANDS, Moment, Report, Row, Summary, band_of, moments, spark::spark},
};
use comfy_table::{
    Attribute, Cell, CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, Table, Width,
    presets,
};
use std::io::{self, Write};

/// Moments shown unless all are asked for.
const MOST_MOMENTS: usize = 24;
/// Top of the scale of the line of drift.
const SPARK_TOP: f64 = 0.8;

/// How to write for the reader's terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Columns of the terminal.
    pub width: usize,
    /// Whether colours are wanted.
    pub colour: bool,
    /// Every cycle, not only those that matter.
    pub all: bool,
}

/// Writes a report for people.
///
/// # Errors
/// What the writer says.
pub fn write_table(out: &mut impl Write, report: &Report, look: Look) -> io::Result<()> {
    let summary = Summary::of(report);
    write_head(out, report, &summary, look)?;
    let shown = if look.all {
        let every = |at| Moment {
            at,
            reasons: Vec::new(),
        };
        let mut all: Vec<_> = (0..report.rows.len()).map(every).collect();
        for moment in moments(report, usize::MAX) {
            let at = moment.at;
            all[at] = moment;
        }
        all
    } else {
        moments(report, MOST_MOMENTS)
    };
    if shown.is_empty() {
        let nothing = if report.rows.is_empty() {
            "There is no answered turn to measure."
        } else {
            "Nothing stands out: no drift, one subject."
        };
        return writeln!(out, "\n{nothing}");
    }
    writeln!(out)?;
    for line in table(report, &shown, look).to_string().lines() {
        writeln!(out, "{}", line.trim_end())?;
    }
    let all = moments(report, usize::MAX).len();
    if !look.all && all > shown.len() {
        writeln!(
            out,
            "{} of {all} moments shown; --all shows every cycle.",
            shown.len()
        )?;
    }
    Ok(())
}

fn write_head(
    out: &mut impl Write,
    report: &Report,
    summary: &Summary,
    look: Look,
) -> io::Result<()> {
    let about = &report.about;
    let title = excerpt(&about.title, look.width.max(20));
    writeln!(out, "{}", paint(&title, "1", look.colour))?;
    writeln!(
        out,
        "{} · {} · {}",
        about.file,
        plural(summary.cycles, "cycle"),
        about.measured_with
    )?;
    if about.identity.is_none() {
        writeln!(
            out,
            "No identity given: drift from it is not measured (--identity TEXT)."
        )?;
    }
    for note in &about.notes {
        writeln!(out, "note: {note}")?;
    }
    let values: Vec<_> = report
        .rows
        .iter()
        .map(|row| row.drift.di_raw.value())
        .collect();
    let cells = spark(&values, look.width.saturating_sub(1), SPARK_TOP);
    writeln!(out)?;
    for cell in cells {
        let code = cell.value.map_or("2", |value| BAND_COLOURS[band_of(value)]);
        write!(out, "{}", paint(&cell.glyph.to_string(), code, look.colour))?;
    }
    writeln!(out)?;
    write_summary(out, summary, look)
}

fn write_summary(out: &mut impl Write, summary: &Summary, look: Look) -> io::Result<()> {
    if let (Some(mean), Some(median), Some(p95), Some((highest, cycle))) =
        (summary.mean, summary.median, summary.p95, summary.highest)
    {
        writeln!(
            out,
            "drift     mean {mean:.3} · median {median:.3} · p95 {p95:.3} · highest {highest:.3} at cycle {cycle}"
        )?;
    } else {
        writeln!(out, "drift     could not be measured in any cycle")?;
    }
    write!(out, "bands    ")?;
    for (at, share) in summary
        .bands
        .iter()
        .enumerate()
        .filter(|(_, share)| share.cycles > 0)
    {
        let text = format!("{} {}", share.band, share.cycles);
        write!(out, " {}", paint(&text, BAND_COLOURS[at], look.colour))?;
    }
    let unmeasured = summary.cycles - summary.measured;
    if unmeasured > 0 {
        write!(out, " not measured {unmeasured}")?;
    }
    writeln!(out)?;
    write!(
        out,
        "posture   {}",
        plural(summary.posture_changes, "change")
    )?;
    if let Some((first, last)) = summary.longest_drift {
        write!(out, "; longest away from nominal: cycles {first} to {last}")?;
    }
    writeln!(out)?;
    let (subjects, alarms) = (summary.subjects, summary.alarms);
    let returns = plural(summary.returns, "return");
    writeln!(
        out,
        "subjects  {subjects}, with {returns} · cycles with an alarm: {alarms}"
    )
}

fn plural(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

fn table(report: &Report, shown: &[Moment], look: Look) -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING.header_separator(LineStyle::none().fill('─').junction('─')))
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(u16::try_from(look.width).unwrap_or(u16::MAX));
    if look.colour {
        table.enforce_styling();
    } else {
        table.force_no_tty();
    }
    let wide = look.width >= WIDE;
    let mut header = vec!["cycle", "DI", "SDI", "SV", "PD", "SCR"];
    if !wide {
        header.truncate(2);
    }
    header.extend(["posture", "subject", "what happened"]);
    let columns = header.len();
    table.set_header(header);
    for moment in shown {
        table.add_row(cells(&report.rows[moment.at], moment, wide, look.colour));
    }
    for at in 0..columns - 2 {
        if let Some(column) = table.column_mut(at) {
            column.set_constraint(ColumnConstraint::ContentWidth);
            if at < columns - 3 {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
    }
    if let Some(column) = table.column_mut(columns - 2) {
        column.set_constraint(ColumnConstraint::UpperBoundary(Width::Percentage(20)));
    }
    table
}

/// From this many columns on, the components are shown.
const WIDE: usize = 120;

/// Characters of a reason.
const LONGEST_WHY: usize = 180;

fn cells(row: &Row, moment: &Moment, wide: bool, colour: bool) -> Vec<Cell> {
    let number = |value: Option<f64>| value.map_or("–".into(), |value| format!("{value:.2}"));
    let drift = row.drift;
    let band = drift.di_raw.value().map_or(0, band_of);
    let mut cells = vec![
        Cell::new(row.cycle),
        coloured(Cell::new(number(drift.di_raw.value())), band, colour),
    ];
    if wide {
        for value in [drift.sdi, drift.sv, drift.pd, drift.scr] {
            cells.push(Cell::new(number(value.value())));
        }
    }
    cells.push(Cell::new(row.posture.replace('_', " ")));
    let attractor = row
        .attractor
        .as_ref()
        .map_or("", |attractor| &attractor.name);
    cells.push(Cell::new(excerpt(attractor, 40)));
    let reasons: Vec<_> = moment.reasons.iter().map(ToString::to_string).collect();
    let mut happened = reasons.join(", ");
    let why = row
        .because
        .first()
        .map_or(row.explanation.as_str(), |cause| &cause.text);
    if band > 0 && !why.is_empty() {
        if !happened.is_empty() {
            happened.push_str(". ");
        }
        happened.push_str(&excerpt(why, LONGEST_WHY));
    }
    cells.push(Cell::new(happened));
    cells
}

/// SGR codes of the bands, from calm to collapse.
const BAND_COLOURS: [&str; 6] = ["32", "33", "33;1", "31", "31;1", "35;1"];

fn paint(text: &str, code: &str, colour: bool) -> String {
    if colour {
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    } else {
        text.into()
    }
}

fn coloured(cell: Cell, band: usize, colour: bool) -> Cell {
    use comfy_table::Color::{Green, Magenta, Red, Yellow};
    if !colour {
        return cell;
    }
    let hue = [Green, Yellow, Yellow, Red, Red, Magenta][band.min(BANDS.len() - 1)];
    let cell = cell.fg(hue);
    if matches!(band, 2 | 4 | 5) {
        cell.add_attribute(Attribute::Bold)
    } else {
        cell
    }
}
