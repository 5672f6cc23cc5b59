//! What `/why`, `/memory` and `/state` tell of the last turn.

use crate::{cli::terminal, import::excerpt, measure};
use serde::Serialize;
use sigma_core::CycleReport;
use sigma_memory::Reason;
use sigma_types::Speaker;
use std::io::{self, Write};

const NOTHING_YET: &str = "nothing was said yet";

pub(crate) fn why(out: &mut impl Write, last: Option<&CycleReport>) -> io::Result<()> {
    let Some(last) = last else {
        return writeln!(out, "{NOTHING_YET}");
    };
    writeln!(
        out,
        "{}",
        terminal::visible(&last.drift.explanation.summary)
    )?;
    for part in &last.drift.explanation.parts {
        writeln!(
            out,
            "  {} ({}, {:+.2})",
            terminal::visible(&part.text),
            name(&part.anchor),
            part.push
        )?;
    }
    if !last.directives.is_empty() {
        writeln!(out, "before this answer the model was told:")?;
        for line in &last.directives {
            writeln!(out, "  {}", terminal::visible(line))?;
        }
    }
    let row = measure::row(last);
    if !row.alarms.is_empty() {
        writeln!(out, "alarms: {}", row.alarms.join(", ").replace('_', " "))?;
    }
    Ok(())
}

pub(crate) fn memory(out: &mut impl Write, last: Option<&CycleReport>) -> io::Result<()> {
    let Some(last) = last else {
        return writeln!(out, "{NOTHING_YET}");
    };
    if last.recalled.is_empty() {
        return writeln!(
            out,
            "nothing older was recalled for turn {}; the latest turns stand in the prompt as they were",
            last.cycle
        );
    }
    for item in &last.recalled {
        let who = match item.speaker {
            Speaker::User => "you",
            Speaker::Assistant => "it",
        };
        let shown = if item.shown {
            "in the prompt"
        } else {
            "left out of the prompt"
        };
        let summary = excerpt(&item.summary, 90);
        writeln!(
            out,
            "turn {:>4} {who:<3} {:.3} {shown}: {summary}",
            item.cycle, item.score
        )?;
        let reasons: Vec<_> = item.reasons.iter().map(reason).collect();
        writeln!(out, "               because of {}", reasons.join(", "))?;
    }
    Ok(())
}

pub(crate) fn state(out: &mut impl Write, last: Option<&CycleReport>) -> io::Result<()> {
    let Some(last) = last else {
        return writeln!(out, "{NOTHING_YET}");
    };
    let row = measure::row(last);
    let number = |value: Option<f64>| value.map_or("–".to_owned(), |value| format!("{value:.3}"));
    let drift = row.drift;
    writeln!(out, "turn      {} of session {}", last.cycle, last.session)?;
    writeln!(
        out,
        "drift     DI {} = SDI {} + SV {} + PD {}, over three times SCR {}",
        number(drift.di_raw.value()),
        number(drift.sdi.value()),
        number(drift.sv.value()),
        number(drift.pd.value()),
        number(drift.scr.value())
    )?;
    writeln!(out, "posture   {}", row.posture.replace('_', " "))?;
    if let (Some(attractor), Some(lifecycle)) = (&row.attractor, &row.lifecycle) {
        writeln!(
            out,
            "subject   {} ({lifecycle})",
            excerpt(&attractor.name, 80)
        )?;
    }
    writeln!(
        out,
        "phase     PSI {}, zone {}",
        number(row.psi.value()),
        row.zone.as_deref().unwrap_or("–")
    )?;
    writeln!(out, "motifs    {}", excerpt(&row.motifs.join(", "), 100))?;
    writeln!(
        out,
        "prompt    {} of {} tokens",
        last.prompt.tokens, last.prompt.budget
    )?;
    writeln!(
        out,
        "safety    {}",
        name(&last.safety.status).replace('_', " ")
    )
}

/// `lexical +0.42 (wick, cupboard)`
fn reason(reason: &Reason) -> String {
    let on = excerpt(&reason.on.join(", "), 40);
    let on = if on.is_empty() {
        on
    } else {
        format!(" ({on})")
    };
    format!("{} {:+.2}{on}", name(&reason.evidence), reason.contribution)
}

/// The name that a value has on the wire.
pub(crate) fn name(value: &impl Serialize) -> String {
    measure::wire_name(value)
}
