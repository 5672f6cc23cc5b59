//! The last cycles' records: what the invariants look back on. Bounded, rebuilt from frames.

use std::collections::VecDeque;

use sigma_types::{Cycle, Measured, Missing, NonNegative, Unit};

use crate::{field::CycleRecord, rules::InvariantRules, vector::Codes};

/// One cycle, as the invariants need it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Point {
    pub(crate) cycle: Cycle,
    /// Its frame's place in the chain was verified.
    pub(crate) linked: bool,
    pub(crate) state: Option<Codes>,
    pub(crate) phase_vector: Option<[f64; 3]>,
    pub(crate) motifs: Vec<String>,
    pub(crate) di: Measured<NonNegative>,
    pub(crate) scr: Measured<Unit>,
}

impl Point {
    pub(crate) fn new(cycle: Cycle, linked: bool, record: &CycleRecord) -> Self {
        Self {
            cycle,
            linked,
            state: record.state.clone(),
            phase_vector: record.phase_vector,
            motifs: record.motifs.clone(),
            di: record.measures.di,
            scr: record.measures.scr,
        }
    }
}

#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Trail {
    points: VecDeque<Point>,
    /// A state restored by a recovery; it holds until the next cycle commits its own.
    restored: Option<Codes>,
}

impl Trail {
    /// Cycles that the widest window needs.
    pub(crate) fn length(rules: &InvariantRules) -> usize {
        (rules.ri_window as usize + 1)
            .max(rules.cc_window * 2)
            .max(rules.ci_window + 1)
    }

    pub(crate) fn push(&mut self, point: Point, keep: usize) {
        self.restored = None;
        self.points.push_back(point);
        while self.points.len() > keep {
            self.points.pop_front();
        }
    }

    pub(crate) fn restore(&mut self, state: Option<Codes>) {
        self.restored = state;
    }

    pub(crate) fn last(&self) -> Option<&Point> {
        self.points.back()
    }

    /// The newest `n` cycles, the oldest of them first; `None` if there are fewer.
    pub(crate) fn newest(
        &self,
        n: usize,
    ) -> Option<impl DoubleEndedIterator<Item = &Point> + Clone> {
        let skip = self.points.len().checked_sub(n)?;
        Some(self.points.iter().skip(skip))
    }

    /// The field state vector of the moment.
    pub(crate) fn state(&self) -> Option<&Codes> {
        self.restored
            .as_ref()
            .or_else(|| self.last()?.state.as_ref())
    }

    /// Composite drift of the last cycle.
    pub(crate) fn drift(&self) -> Measured<NonNegative> {
        self.last()
            .map_or(Measured::Missing(Missing::NothingYet), |p| p.di)
    }

    /// The newest cycle that lies at least `n` cycles back.
    pub(crate) fn back(&self, n: u64) -> Option<&Point> {
        let now = self.last()?.cycle;
        self.points.iter().rev().find(|p| now.since(p.cycle) >= n)
    }
}
