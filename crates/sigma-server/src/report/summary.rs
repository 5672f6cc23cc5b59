//! A dialogue in a few numbers.

use crate::report::{BANDS, Report, Row, Subject, band_of};
use serde::Serialize;
use std::collections::BTreeSet;

/// A dialogue in a few numbers. Drift is the unclamped composite index of the deciding profile.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary {
    /// Cycles.
    pub cycles: usize,
    /// Cycles whose drift could be measured.
    pub measured: usize,
    /// Mean drift, if anything was measured.
    pub mean: Option<f64>,
    /// Median drift.
    pub median: Option<f64>,
    /// 95th percentile of drift (nearest rank).
    pub p95: Option<f64>,
    /// Highest drift and its cycle.
    pub highest: Option<(f64, u64)>,
    /// How many measured cycles lie in each band, in the order of [`BANDS`].
    pub bands: Vec<BandShare>,
    /// Times the posture changed.
    pub posture_changes: usize,
    /// The longest run of cycles outside the nominal posture: first and last cycle.
    pub longest_drift: Option<(u64, u64)>,
    /// Subjects taken up.
    pub subjects: usize,
    /// Returns to an earlier subject.
    pub returns: usize,
    /// Cycles with an alarm.
    pub alarms: usize,
}

/// Cycles of a band.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BandShare {
    /// The band.
    pub band: &'static str,
    /// Cycles in it.
    pub cycles: usize,
}

impl Summary {
    /// Sums up a report.
    pub fn of(report: &Report) -> Self {
        let rows = &report.rows;
        let measured = |row: &Row| row.drift.di_raw.value().map(|di| (di, row.cycle));
        let mut drift: Vec<_> = rows.iter().filter_map(measured).collect();
        let mean = mean(&drift);
        let highest = drift
            .iter()
            .copied()
            .reduce(|a, b| if b.0 > a.0 { b } else { a });
        let in_band = |band| drift.iter().filter(|(di, _)| band_of(*di) == band).count();
        let bands = BANDS.iter().enumerate();
        let bands = bands
            .map(|(at, (band, _))| BandShare {
                band,
                cycles: in_band(at),
            })
            .collect();
        drift.sort_by(|a, b| a.0.total_cmp(&b.0));
        let rank = |share: f64| {
            let at = (share * drift.len() as f64).ceil() as usize;
            drift.get(at.max(1) - 1).map(|(di, _)| *di)
        };
        let subjects: BTreeSet<_> = rows
            .iter()
            .filter_map(|row| row.attractor.as_ref())
            .map(|a| &a.id)
            .collect();
        let returned = |row: &&Row| matches!(row.subject, Subject::Returned { .. });
        Self {
            cycles: rows.len(),
            measured: drift.len(),
            mean,
            median: rank(0.5),
            p95: rank(0.95),
            highest,
            bands,
            posture_changes: rows
                .windows(2)
                .filter(|w| w[0].posture != w[1].posture)
                .count(),
            longest_drift: longest_drift(rows),
            subjects: subjects.len(),
            returns: rows.iter().filter(returned).count(),
            alarms: rows.iter().filter(|row| !row.alarms.is_empty()).count(),
        }
    }
}

fn mean(drift: &[(f64, u64)]) -> Option<f64> {
    let sum: f64 = drift.iter().map(|(di, _)| di).sum();
    (!drift.is_empty()).then(|| sum / drift.len() as f64)
}

fn longest_drift(rows: &[Row]) -> Option<(u64, u64)> {
    rows.chunk_by(|a, b| (a.posture == BANDS[0].0) == (b.posture == BANDS[0].0))
        .filter(|run| run[0].posture != BANDS[0].0)
        .map(|run| (run.len(), run[0].cycle, run[run.len() - 1].cycle))
        .reduce(|a, b| if b.0 > a.0 { b } else { a })
        .map(|(_, first, last)| (first, last))
}
