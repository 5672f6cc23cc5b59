//! Points in time, always passed in: this crate reads no clock.

use jiff::{Timestamp, Unit};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A point in time in milliseconds, written as RFC 3339 UTC (`2026-11-20T09:30:00.000Z`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Moment(i64);

/// Something is not a point in time that RFC 3339 can write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an RFC 3339 time")]
pub struct MomentError;

impl Moment {
    /// 1970-01-01T00:00:00Z.
    pub const EPOCH: Self = Self(0);

    /// Milliseconds since [`Moment::EPOCH`].
    ///
    /// # Errors
    /// [`MomentError`] outside the years -9999 to 9999.
    pub fn from_millis(millis: i64) -> Result<Self, MomentError> {
        Timestamp::from_millisecond(millis)
            .map(|_| Self(millis))
            .map_err(|_| MomentError)
    }

    /// Milliseconds since [`Moment::EPOCH`].
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// This many milliseconds later; the last moment that can be written, where that would be later.
    #[must_use]
    pub fn after(self, millis: u64) -> Self {
        Self(self.0.saturating_add_unsigned(millis).min(LAST))
    }

    /// How far two moments lie apart, in milliseconds.
    #[must_use]
    pub const fn apart(self, other: Self) -> u64 {
        self.0.abs_diff(other.0)
    }
}

/// 9999-12-30T22:00:00Z: the last second that has a form in every time zone.
const LAST: i64 = 253_402_207_200_000;

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let instant = Timestamp::from_millisecond(self.0).map_err(|_| fmt::Error)?;
        write!(f, "{instant:.3}")
    }
}

impl FromStr for Moment {
    type Err = MomentError;
    fn from_str(text: &str) -> Result<Self, MomentError> {
        let instant: Timestamp = text.parse().map_err(|_| MomentError)?;
        let rounded = instant.round(Unit::Millisecond).map_err(|_| MomentError)?;
        Ok(Self(rounded.as_millisecond()))
    }
}

impl TryFrom<String> for Moment {
    type Error = MomentError;
    fn try_from(text: String) -> Result<Self, MomentError> {
        text.parse()
    }
}

impl From<Moment> for String {
    fn from(moment: Moment) -> Self {
        moment.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn milliseconds_are_written_and_offsets_are_read() {
        let moment: Moment = "2026-11-20T10:30:00.1234+01:00".parse().unwrap();
        assert_eq!(moment.to_string(), "2026-11-20T09:30:00.123Z");
        assert_eq!(moment.after(877).to_string(), "2026-11-20T09:30:01.000Z");
        assert!("soon".parse::<Moment>().is_err() && Moment::from_millis(i64::MAX).is_err());
    }

    #[test]
    fn later_stops_at_the_last_moment() {
        let last = Moment::EPOCH.after(u64::MAX);
        assert_eq!(last.after(1), last);
        assert!(last.to_string().starts_with("9999-"));
    }
}
