//! The cycles that somebody wants to look at, and why.

use crate::report::{BANDS, Report, Row, Subject, band_of};
use std::fmt;

/// Cycles of highest drift that are always among the moments.
const WORST: usize = 5;

/// A cycle that matters.
#[derive(Debug, Clone, PartialEq)]
pub struct Moment {
    /// Position in [`Report::rows`].
    pub at: usize,
    /// Why, the weightiest first; never empty.
    pub reasons: Vec<Reason>,
}

/// Why a cycle matters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Reason {
    /// A failure mode or safety finding that did not hold before.
    Alarm(String),
    /// Among the highest drift of the dialogue; 1 is the highest.
    Worst(usize),
    /// The posture changed.
    Posture {
        /// Before.
        from: String,
        /// Now.
        to: String,
    },
    /// The user came back to an earlier subject.
    Returned {
        /// The cycle that last had it.
        from_cycle: u64,
    },
    /// A new subject.
    NewSubject,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Alarm(alarm) => f.write_str(&alarm.replace('_', " ")),
            Self::Worst(1) => write!(f, "highest drift"),
            Self::Worst(rank) => write!(f, "drift no. {rank}"),
            Self::Posture { from, to } => write!(f, "{from} → {to}"),
            Self::Returned { from_cycle } => write!(f, "returns to {from_cycle}"),
            Self::NewSubject => write!(f, "new subject"),
        }
    }
}

impl Reason {
    /// Higher is kept first where room is short.
    const fn weight(&self) -> u32 {
        match self {
            Self::Alarm(_) | Self::Worst(_) => 4,
            Self::Posture { .. } => 3,
            Self::Returned { .. } => 2,
            Self::NewSubject => 1,
        }
    }
}

/// The moments of a dialogue in order, at most `limit`; the lightest are dropped first, and among
/// equals those of lower drift.
pub fn moments(report: &Report, limit: usize) -> Vec<Moment> {
    let rows = &report.rows;
    let ranks = worst(rows);
    let of = |at: usize| Moment {
        at,
        reasons: reasons(rows, at, &ranks),
    };
    let mut all: Vec<_> = (0..rows.len())
        .map(of)
        .filter(|m| !m.reasons.is_empty())
        .collect();
    if all.len() > limit {
        let drift = |moment: &Moment| rows[moment.at].drift.di_raw.value().unwrap_or(0.0);
        let weight = |m: &Moment| m.reasons.iter().map(Reason::weight).max().unwrap_or(0);
        all.sort_by(|a, b| {
            weight(b)
                .cmp(&weight(a))
                .then(drift(b).total_cmp(&drift(a)))
                .then(a.at.cmp(&b.at))
        });
        all.truncate(limit);
        all.sort_by_key(|moment| moment.at);
    }
    all
}

/// Positions of the highest drift outside the nominal band, the highest first.
fn worst(rows: &[Row]) -> Vec<usize> {
    let drift = |at: &usize| rows[*at].drift.di_raw.value().unwrap_or(0.0);
    let mut out: Vec<_> = (0..rows.len())
        .filter(|at| band_of(drift(at)) > 0)
        .collect();
    out.sort_by(|a, b| drift(b).total_cmp(&drift(a)).then(a.cmp(b)));
    out.truncate(WORST);
    out
}

fn reasons(rows: &[Row], at: usize, ranks: &[usize]) -> Vec<Reason> {
    let row = &rows[at];
    let already = at
        .checked_sub(1)
        .map_or(&[][..], |before| &rows[before].alarms);
    let new = row.alarms.iter().filter(|alarm| !already.contains(alarm));
    let mut reasons: Vec<_> = new.cloned().map(Reason::Alarm).collect();
    reasons.extend(
        ranks
            .iter()
            .position(|worst| *worst == at)
            .map(|rank| Reason::Worst(rank + 1)),
    );
    let before = at
        .checked_sub(1)
        .map_or(BANDS[0].0, |before| &rows[before].posture);
    if before != row.posture {
        reasons.push(Reason::Posture {
            from: before.into(),
            to: row.posture.clone(),
        });
    }
    match row.subject {
        Subject::Returned { from_cycle } => reasons.push(Reason::Returned { from_cycle }),
        Subject::Formed => reasons.push(Reason::NewSubject),
        Subject::Opening | Subject::Continued => {}
    }
    reasons
}
