//! Writes docs/quality.md: what is measured, how, on what, and where it fails.

mod attractor;
mod chart;
mod drift;
mod json;
mod memory;
mod page;
mod relational;

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::Value;

use crate::generated::{self, Generated};
use crate::root::workspace;
use crate::{Outcome, Verdict};

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The folder of labelled data
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Seeds that each bench runs with
    #[arg(long, default_value_t = 5, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=100))]
    seeds: u64,
    /// Only tell whether the committed page is what this command makes from the data
    #[arg(long)]
    check: bool,
}

/// A bench that has a part in the report.
pub(crate) trait Part {
    /// Its name, as `cargo xtask bench` takes it.
    fn name(&self) -> &'static str;

    /// What it needs below the folder of data; without that the part is left out.
    fn data(&self) -> &'static str;

    /// Runs it: the JSON object that the bench prints.
    fn measure(&self, data: &Path, options: &Options) -> Result<Value, Box<dyn std::error::Error>>;

    /// What the object says.
    fn section(&self, object: &Value) -> Section;
}

/// One part of the report.
#[derive(Debug, Default)]
pub(crate) struct Section {
    pub(crate) title: String,
    /// What is measured, how and on what, as Markdown.
    pub(crate) about: String,
    /// Figures beside those of the baselines.
    pub(crate) figures: Vec<Table>,
    pub(crate) charts: Vec<Chart>,
    /// Where it fails: cases with the reason.
    pub(crate) worst: Vec<Table>,
    /// What was tried where an aim is missed, as Markdown.
    pub(crate) tried: String,
}

/// A table with what stands above it.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) title: String,
    pub(crate) head: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
}

/// A picture.
#[derive(Debug)]
pub(crate) struct Chart {
    /// Its file's name without the ending.
    pub(crate) file: String,
    /// What it shows, for those who do not see it.
    pub(crate) shows: String,
    pub(crate) svg: String,
}

const PAGE: &str = "docs/quality.md";
const IMAGES: &str = "docs/images/quality";
const COMMAND: &str = "cargo xtask quality --data DIR";

/// All parts, in the order of the page.
fn parts() -> Vec<Box<dyn Part>> {
    vec![
        Box::new(drift::Drift),
        Box::new(attractor::Attractor),
        Box::new(memory::Memory),
        Box::new(relational::Relational),
    ]
}

/// Measures and writes, or tells whether the page is current.
#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a skipped part is told"
)]
pub(crate) fn run(options: &Options) -> Outcome {
    if cfg!(debug_assertions) {
        return crate::bench::optimised();
    }
    let Some(data) = &options.data else {
        println!("SKIPPED the report: name the folder of labelled data with --data");
        return Ok(Verdict::Holds);
    };
    let mut sections = Vec::new();
    for part in parts() {
        let data = data.join(part.data());
        if !data.exists() {
            println!("SKIPPED {}: {} is not there", part.name(), data.display());
            continue;
        }
        eprintln!("measuring {}", part.name());
        let object = part.measure(&data, options)?;
        sections.push((part.name(), part.section(&object)));
    }
    if sections.is_empty() {
        return Err(format!("{} holds no data of any part", data.display()).into());
    }
    let images = workspace().join(IMAGES);
    let mut files = vec![Generated {
        path: workspace().join(PAGE),
        text: page::page(&sections, options.seeds),
    }];
    for (_, section) in &sections {
        files.extend(section.charts.iter().map(|chart| Generated {
            path: images.join(format!("{}.svg", chart.file)),
            text: chart.svg.clone(),
        }));
    }
    generated::put(&files, [], options.check, COMMAND)
}
