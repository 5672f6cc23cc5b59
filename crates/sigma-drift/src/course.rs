//! How the last answers went against something: since when it has been the rule rather than the exception.

use serde::{Deserialize, Serialize};
use sigma_types::Cycle;

use crate::{rules::CourseRules, stats::Window};

/// How the last answers went against something.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Course {
    /// Smoothed degree, `0..=1`.
    pub level: f64,
    /// Answers of the last window that went against it.
    pub against: usize,
    /// Answers in the window.
    pub window: usize,
    /// Since when it has been the rule rather than the exception.
    pub since: Option<Cycle>,
}

/// The same as kept from cycle to cycle. Bounded by its window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct CourseTrack {
    level: f64,
    recent: Window<(Cycle, bool)>,
    since: Option<Cycle>,
}

impl CourseTrack {
    /// Starts without a past.
    pub(crate) fn new(rules: &CourseRules) -> Self {
        Self {
            level: 0.0,
            recent: Window::new(rules.window),
            since: None,
        }
    }

    /// Takes in an answer that went against it to this degree, `0..=1`.
    pub(crate) fn observe(&mut self, rules: &CourseRules, cycle: Cycle, degree: f64) -> Course {
        self.level += rules.smoothing * (degree - self.level);
        self.recent.push((cycle, degree >= rules.counts));
        let count = self.recent.iter().filter(|(_, against)| *against).count();
        if count >= rules.on && self.since.is_none() {
            self.since = self
                .recent
                .iter()
                .find(|(_, against)| *against)
                .map(|(cycle, _)| *cycle);
        } else if count <= rules.off {
            self.since = None;
        }
        Course {
            level: self.level.clamp(0.0, 1.0),
            against: count,
            window: self.recent.len(),
            since: self.since,
        }
    }
}
