//! The seven stages of the loop, in order (`SRIP-01 §4`). Each consumes what the one before it made:
//! a stage that is left out or taken out of order does not compile.

mod align;
mod generate;
mod ingest;
mod integrate;
mod interpret;
mod stabilize;
mod update;

pub(crate) use align::Aligned;
pub(crate) use generate::Generated;
pub(crate) use ingest::Ingested;
pub(crate) use integrate::Integrated;
pub(crate) use interpret::Interpreted;
pub(crate) use stabilize::Stabilized;

use serde::{Deserialize, Serialize};
use std::time::Duration;

use crate::clock::Clock;

/// A stage of the loop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// State Ingestion.
    Ingest,
    /// Interpretation Pass.
    Interpret,
    /// Stabilization Pass.
    Stabilize,
    /// Memory Integration.
    Integrate,
    /// Attractor Alignment.
    Align,
    /// Output Generation.
    Generate,
    /// Field Update.
    Update,
}

/// How long a stage took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StageTime {
    /// Which stage.
    pub stage: Stage,
    /// Microseconds.
    pub micros: u64,
}

/// Takes the time of stages.
pub(crate) struct Stopwatch<'a> {
    clock: &'a dyn Clock,
    since: Duration,
    times: Vec<StageTime>,
}

impl<'a> Stopwatch<'a> {
    pub(crate) fn start(clock: &'a dyn Clock) -> Self {
        Self {
            clock,
            since: clock.ticks(),
            times: Vec::with_capacity(7),
        }
    }

    /// Ends a stage and begins the next.
    pub(crate) fn lap(&mut self, stage: Stage) {
        let now = self.clock.ticks();
        let micros = u64::try_from(now.saturating_sub(self.since).as_micros()).unwrap_or(u64::MAX);
        self.times.push(StageTime { stage, micros });
        self.since = now;
    }

    /// Microseconds that a stage took; 0 if it has not ended.
    pub(crate) fn took(&self, stage: Stage) -> u64 {
        let ended = self.times.iter().find(|time| time.stage == stage);
        ended.map_or(0, |time| time.micros)
    }

    pub(crate) fn times(self) -> Vec<StageTime> {
        self.times
    }
}
