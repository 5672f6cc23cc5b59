//! Time expressions in text, resolved to days: the contextual anchor of a frame (`SRIP-04 §6`).
//!
//! English expressions and ISO dates are read. A relative one ("last Tuesday") is resolved against
//! the time at which it was said.

mod calendar;
mod grammar;
mod tokens;

use serde::{Deserialize, Serialize};
use sigma_types::Timestamp;

pub(crate) use calendar::Days;

/// A run of days, both ends included, counted from 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DaySpan {
    /// First day.
    pub from: i32,
    /// Last day; not before `from`.
    pub to: i32,
}

impl DaySpan {
    /// One day.
    pub const fn day(day: i32) -> Self {
        Self { from: day, to: day }
    }

    /// The day that a point in time falls on, in UTC.
    pub fn of(at: Timestamp) -> Self {
        Self::day(at.millis().div_euclid(86_400_000) as i32)
    }

    /// Days in the span, at least 1.
    pub fn len(self) -> u32 {
        self.to.abs_diff(self.from).saturating_add(1)
    }

    /// Never: a span holds at least one day.
    pub const fn is_empty(self) -> bool {
        false
    }

    /// Days between the two spans; 0 where they touch or overlap.
    pub fn distance(self, other: Self) -> u32 {
        if other.from > self.to {
            other.from.abs_diff(self.to)
        } else if self.from > other.to {
            self.from.abs_diff(other.to)
        } else {
            0
        }
    }
}

/// A time expression as it stands in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TimeAnchor {
    /// The days that are meant.
    pub span: DaySpan,
    /// True where the expression names its date itself ("May 3, 2023") and does not lean on the time
    /// at which it was said.
    pub absolute: bool,
}

/// Finds up to `limit` time expressions, in order. `at` is when the text was said.
pub fn time_anchors(text: &str, at: Timestamp, limit: usize) -> Vec<TimeAnchor> {
    let Some(today) = Days::from_timestamp(at) else {
        return Vec::new();
    };
    let tokens = tokens::tokens(text);
    let mut found = Vec::new();
    let mut rest = tokens.as_slice();
    while !rest.is_empty() && found.len() < limit {
        match grammar::expression(rest, today) {
            Some((anchor, used)) => {
                found.push(anchor);
                rest = &rest[used.clamp(1, rest.len())..];
            }
            None => rest = &rest[1..],
        }
    }
    found
}

#[cfg(test)]
mod tests;
