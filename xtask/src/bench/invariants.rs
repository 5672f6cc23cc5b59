//! The memory invariants over recorded dialogues (`SRIP-04 §7`), and what a forced recovery does to them.

mod forced;
mod replay;

use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;
use serde_json::json;
use sigma_memory::{Invariants, SRIP_04};
use sigma_types::{Measured, Unit};

use crate::{Outcome, Verdict};
use forced::Forced;

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Transcripts, `{identity, cycles: [{user_input, response}]}`: a folder of JSON files, or one file
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Print one JSON object instead of a table
    #[arg(long)]
    json: bool,
}

/// Cycles of the loop that is planted before the second of two forced recoveries.
const LOOP: usize = 40;

/// The four guaranteed invariants by name, with their limits.
const BOUNDS: [(&str, f64, Side); 4] = [
    ("ci", SRIP_04.invariants.ci_min, Side::AtLeast),
    ("ri", SRIP_04.invariants.ri_min, Side::AtLeast),
    ("er", SRIP_04.invariants.er_max, Side::AtMost),
    ("cc", SRIP_04.invariants.cc_min, Side::AtLeast),
];

#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
enum Side {
    AtLeast,
    AtMost,
}

impl Side {
    fn holds(self, value: f64, limit: f64) -> bool {
        match self {
            Self::AtLeast => value >= limit,
            Self::AtMost => value <= limit,
        }
    }
}

fn values(invariants: &Invariants) -> [Option<f64>; 4] {
    [invariants.ci, invariants.ri, invariants.er, invariants.cc]
        .map(|m: Measured<Unit>| m.value().map(Unit::get))
}

/// One invariant over the cycles of a dialogue; values lie in `0..=1`.
#[derive(Debug, Clone, Serialize)]
struct Held {
    name: &'static str,
    limit: f64,
    bound: Side,
    /// Cycles after which it could be measured.
    measured: usize,
    /// Share of those that keep to the limit; null where none was measured.
    holds: Option<f64>,
    mean: Option<f64>,
    worst: Option<f64>,
}

impl Held {
    fn over(cycles: &[Invariants]) -> Vec<Self> {
        let held = |(at, (name, limit, bound)): (usize, (&'static str, f64, Side))| {
            let seen: Vec<f64> = cycles.iter().filter_map(|i| values(i)[at]).collect();
            let n = seen.len() as f64;
            let share = |sum: f64| (n > 0.0).then(|| (sum / n * 1e4).round() / 1e4);
            let kept = seen.iter().filter(|v| bound.holds(**v, limit)).count();
            let worse = |a: f64, b: f64| match bound {
                Side::AtLeast => a.min(b),
                Side::AtMost => a.max(b),
            };
            Self {
                name,
                limit,
                bound,
                measured: seen.len(),
                holds: share(kept as f64),
                mean: share(seen.iter().sum()),
                worst: seen.iter().copied().reduce(worse),
            }
        };
        BOUNDS.into_iter().enumerate().map(held).collect()
    }
}

/// One dialogue.
#[derive(Debug, Serialize)]
struct Dialogue {
    name: String,
    cycles: usize,
    /// Recoveries that the runtime carried out by itself.
    recoveries: usize,
    invariants: Vec<Held>,
    /// A recovery forced at the middle; null for a dialogue that is too short.
    forced: Option<Forced>,
    /// The same where the model was caught in a loop before.
    forced_after_a_loop: Option<Forced>,
    #[serde(skip)]
    all: Vec<Invariants>,
}

pub(crate) fn run(options: &Options) -> Outcome {
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let mut dialogues = Vec::new();
    for path in files(&options.data)? {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let transcript = replay::Transcript::read(&path)?;
        let seen = runtime.block_on(replay::replay(&transcript))?;
        let caught = transcript.caught_in_a_loop(LOOP);
        let caught = runtime.block_on(replay::replay(&caught))?;
        dialogues.push(Dialogue {
            name: name.into_owned(),
            cycles: seen.invariants.len(),
            recoveries: seen.recoveries,
            invariants: Held::over(&seen.invariants),
            forced: forced::force(&seen.frames)?,
            forced_after_a_loop: forced::force(&caught.frames)?,
            all: seen.invariants,
        });
    }
    print(&dialogues, options.json)?;
    Ok(Verdict::Holds)
}

/// The JSON files of a folder in order, or the one file.
fn files(data: &Path) -> Result<Vec<PathBuf>, Box<dyn std::error::Error>> {
    if data.is_file() {
        return Ok(vec![data.to_owned()]);
    }
    let entries = std::fs::read_dir(data)
        .map_err(|error| format!("cannot read the folder {}: {error}", data.display()))?;
    let mut paths = entries
        .map(|entry| entry.map(|e| e.path()))
        .collect::<Result<Vec<_>, _>>()?;
    paths.retain(|path| path.extension().is_some_and(|e| e == "json"));
    paths.sort();
    if paths.is_empty() {
        return Err(format!("{} holds no .json file", data.display()).into());
    }
    Ok(paths)
}

#[expect(
    clippy::print_stdout,
    reason = "the figures are what the command is for"
)]
fn print(dialogues: &[Dialogue], json: bool) -> Result<(), serde_json::Error> {
    let all: Vec<Invariants> = dialogues.iter().flat_map(|d| d.all.clone()).collect();
    let all = Held::over(&all);
    if json {
        let object = json!({ "name": "invariants", "all": all, "dialogues": dialogues });
        println!("{}", serde_json::to_string(&object)?);
        return Ok(());
    }
    println!(
        "{:28} {:>6} {:>4}  {}",
        "",
        "cycles",
        "rec.",
        BOUNDS
            .map(|(name, ..)| format!("{name}: holds mean worst   "))
            .concat()
    );
    let columns = |held: &[Held]| {
        let column = |h: &Held| {
            let holds = h
                .holds
                .map_or_else(|| "     -".to_owned(), |v| format!("{:5.1}%", 100.0 * v));
            format!("  {holds}  {}  {}   ", shown(h.mean), shown(h.worst))
        };
        held.iter().map(column).collect::<String>()
    };
    for d in dialogues {
        println!(
            "{:28} {:6} {:4}  {}",
            d.name,
            d.cycles,
            d.recoveries,
            columns(&d.invariants)
        );
    }
    let cycles: usize = dialogues.iter().map(|d| d.cycles).sum();
    println!("{:28} {cycles:6} {:4}  {}", "all", "", columns(&all));
    println!("\na recovery forced at the middle, and the same without it");
    print_forced(dialogues, |d| d.forced.as_ref());
    println!("\nthe same after {LOOP} cycles in which the model said one thing again and again");
    print_forced(dialogues, |d| d.forced_after_a_loop.as_ref());
    Ok(())
}

fn shown(value: Option<f64>) -> String {
    value.map_or_else(|| "   -".to_owned(), |v| format!("{v:4.2}"))
}

#[expect(
    clippy::print_stdout,
    reason = "the figures are what the command is for"
)]
fn print_forced(dialogues: &[Dialogue], of: impl Fn(&Dialogue) -> Option<&Forced>) {
    for (d, forced) in dialogues.iter().filter_map(|d| Some((d, of(d)?))) {
        println!(
            "{:28} at cycle {}, {} of {} frames pruned",
            d.name, forced.cycle, forced.pruned, forced.frames
        );
        for point in &forced.points {
            let row = |v: [Option<f64>; 4]| v.map(|v| format!(" {}", shown(v))).concat();
            println!(
                "  {:24} ci ri er cc:{}   without:{}",
                point.when,
                row(point.with),
                row(point.without)
            );
        }
    }
}
