//! `cargo xtask conformance`: the fixtures as named cases, against our crates or another program.

mod baseline;
mod citations;
mod compare;
mod evidence;
mod external;
mod ops;
mod report;
mod runner;

use clap::Args;
use std::path::Path;

use crate::{Outcome, Verdict, root, spec::Spec};
use baseline::Baseline;
use report::Report;
use runner::Subject;

/// How to run the cases.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Only the cases whose id contains this text
    #[arg(long)]
    filter: Option<String>,
    /// List the cases and run none
    #[arg(long)]
    list: bool,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
    /// Check another implementation: a command that answers on standard output what it is asked on
    /// standard input (see spec-fixtures/README.md)
    #[arg(long, value_name = "CMD")]
    command: Option<String>,
}

pub(crate) fn run(options: &Options) -> Outcome {
    let root = root::workspace();
    let mut spec = Spec::load(&root)?;
    let ours_and_whole = options.filter.is_none() && options.command.is_none();
    let findings = if ours_and_whole {
        bookkeeping(&root, &spec)?
    } else {
        Vec::new()
    };
    if let Some(filter) = &options.filter {
        spec.cases.retain(|case| case.id.contains(filter.as_str()));
    }
    if options.list {
        report::list(&spec.cases);
        return Ok(Verdict::Holds);
    }
    // The baseline speaks of our own crates only.
    let (mut subject, baseline): (Box<dyn Subject>, _) = match &options.command {
        Some(command) => (
            Box::new(external::Program::start(command)?),
            Baseline::default(),
        ),
        None => (Box::new(ops::Crates), Baseline::load(&root)?),
    };
    let mut report = Report::new(options.json, spec.cases.len());
    for case in &spec.cases {
        let result = runner::check(case, subject.as_mut());
        report.case(case, baseline.judge(&case.id, result));
    }
    if ours_and_whole {
        report.findings(baseline.leftovers(&spec.cases));
    }
    report.findings(findings);
    Ok(if report.finish() {
        Verdict::Holds
    } else {
        Verdict::Broken
    })
}

/// What is wrong with the requirements, fixtures and citations themselves.
fn bookkeeping(root: &Path, spec: &Spec) -> Result<Vec<String>, Box<dyn std::error::Error>> {
    let tests = evidence::tests(root)?;
    let mut findings = evidence::check(spec, &tests);
    findings.extend(citations::check(root, spec)?);
    Ok(findings)
}
