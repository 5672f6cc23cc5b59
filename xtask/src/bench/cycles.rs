//! What a cycle costs as the dialogue grows.

use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Args;
use serde::{Deserialize, Serialize};
use sigma_core::embedding::LocalEmbeddings;
use sigma_core::model::RecordedTranscript;
use sigma_core::store::ForgetfulStore;
use sigma_core::{Identity, Runtime, Turn, TurnInput};
use sigma_text::BundledEmbedder;
use sigma_types::SessionId;

use crate::root::workspace;
use crate::{Outcome, Verdict};

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Cycles to run; the last window is measured at this many
    #[arg(long, default_value_t = 50_000)]
    cycles: usize,
    /// Print one JSON object instead of a table
    #[arg(long)]
    json: bool,
}

/// Cycles on either side of a point whose times are looked at; the median is told.
const WINDOW: usize = 20;

#[derive(Deserialize)]
struct Demo {
    identity: String,
    cycles: Vec<DemoCycle>,
}

#[derive(Deserialize)]
struct DemoCycle {
    user_input: String,
    response: String,
}

#[derive(Debug, Serialize)]
struct Figures {
    first_500_seconds: f64,
    points: Vec<Point>,
    bytes_per_frame: f64,
}

#[derive(Debug, Serialize)]
struct Point {
    cycle: usize,
    median_micros: u64,
    prompt_tokens_max: usize,
    slowest_stage: String,
}

pub(crate) fn run(options: &Options) -> Outcome {
    let demo: Demo = serde_json::from_slice(&std::fs::read(
        workspace().join("spec-fixtures/demo/harbour.json"),
    )?)?;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let figures = runtime.block_on(measure(&demo, options.cycles))?;
    print(&figures, options.json)?;
    Ok(Verdict::Holds)
}

struct Sample {
    time: Duration,
    tokens: usize,
    stages: Vec<(String, u64)>,
}

async fn measure(demo: &Demo, cycles: usize) -> Result<Figures, Box<dyn std::error::Error>> {
    let turns = Synthetic::new(demo);
    let model = RecordedTranscript::new("record", (0..cycles).map(|n| turns.answer(n)).collect());
    let embeddings = LocalEmbeddings::new(Arc::new(BundledEmbedder::new()));
    let runtime = Runtime::builder(Arc::new(embeddings))
        .store(Arc::new(ForgetfulStore))
        .build();
    let session = SessionId::new("bench")?;
    let mut samples = Vec::with_capacity(cycles);
    for n in 0..cycles {
        let mut input = TurnInput::new(session.clone(), turns.user(n));
        input.identity = Some(Identity::new(&*demo.identity));
        let start = Instant::now();
        let Turn::Answered { report, .. } = runtime.turn(input, &model, None).await? else {
            return Err("a recorded turn was not answered".into());
        };
        samples.push(Sample {
            time: start.elapsed(),
            tokens: report.prompt.tokens,
            stages: report
                .stages
                .iter()
                .map(|s| (format!("{:?}", s.stage), s.micros))
                .collect(),
        });
    }
    let bytes = runtime
        .view(&session, |s| {
            (s.memory().footprint().bytes(), s.memory().frames())
        })
        .await?
        .ok_or("the session is gone")?;
    let points = [50, 500, 5_000, 50_000, cycles];
    let mut points: Vec<usize> = points.into_iter().filter(|at| *at <= cycles).collect();
    points.dedup();
    Ok(Figures {
        first_500_seconds: samples.iter().take(500).map(|s| s.time.as_secs_f64()).sum(),
        points: points.into_iter().map(|at| point(&samples, at)).collect(),
        bytes_per_frame: bytes.0 as f64 / bytes.1.max(1) as f64,
    })
}

fn point(samples: &[Sample], at: usize) -> Point {
    let window = &samples[at.saturating_sub(2 * WINDOW)..at.min(samples.len())];
    let mut times: Vec<_> = window.iter().map(|s| s.time.as_micros() as u64).collect();
    times.sort_unstable();
    let stages = window[0].stages.iter().enumerate().map(|(n, (name, _))| {
        let mut micros: Vec<_> = window.iter().map(|s| s.stages[n].1).collect();
        micros.sort_unstable();
        (micros[micros.len() / 2], name.clone())
    });
    let slowest = stages.max().unwrap_or_default();
    Point {
        cycle: at,
        median_micros: times[times.len() / 2],
        prompt_tokens_max: window.iter().map(|s| s.tokens).max().unwrap_or(0),
        slowest_stage: format!("{} {} us", slowest.1.to_lowercase(), slowest.0),
    }
}

#[expect(
    clippy::print_stdout,
    reason = "the figures are what the command is for"
)]
fn print(figures: &Figures, json: bool) -> Result<(), serde_json::Error> {
    if json {
        println!("{}", serde_json::to_string(figures)?);
        return Ok(());
    }
    println!("first 500 cycles: {:.2} s", figures.first_500_seconds);
    println!(
        "{:>8} {:>14} {:>8} {:>14}  slowest stage",
        "cycle", "median", "to 50", "prompt tokens"
    );
    let base = figures.points.first().map_or(1, |p| p.median_micros.max(1));
    for p in &figures.points {
        println!(
            "{:>8} {:>11} us {:>7.2}x {:>14}  {}",
            p.cycle,
            p.median_micros,
            p.median_micros as f64 / base as f64,
            p.prompt_tokens_max,
            p.slowest_stage
        );
    }
    println!("memory: {:.0} bytes a frame", figures.bytes_per_frame);
    Ok(())
}

/// A dialogue of any length out of the demo's sentences: the same kind of talk, never the same turn.
struct Synthetic<'a> {
    demo: &'a Demo,
    sentences: Vec<&'a str>,
}

impl<'a> Synthetic<'a> {
    fn new(demo: &'a Demo) -> Self {
        let sentences = demo
            .cycles
            .iter()
            .flat_map(|c| c.response.split_inclusive(". "))
            .collect();
        Self { demo, sentences }
    }

    fn user(&self, n: usize) -> String {
        let turn = &self.demo.cycles[n % self.demo.cycles.len()];
        format!(
            "{} Concerning berth {}.",
            turn.user_input,
            n / self.demo.cycles.len()
        )
    }

    fn answer(&self, n: usize) -> String {
        let turn = &self.demo.cycles[n % self.demo.cycles.len()];
        if n < self.demo.cycles.len() {
            return turn.response.clone();
        }
        let other = self.sentences[n.wrapping_mul(2_654_435_761) % self.sentences.len()];
        format!("{} {other} That is entry {n}.", turn.response)
    }
}
