//! Points in time, always passed in: no crate below the runtime reads a clock.

use jiff::{Timestamp as Instant, Unit as TimeUnit};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A point in time with millisecond precision, written in RFC 3339 UTC (`2026-11-20T09:30:00.000Z`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Timestamp(i64);

/// A text or number is not a point in time that RFC 3339 can write.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an RFC 3339 time: {0}")]
pub struct TimestampError(String);

impl Timestamp {
    /// 1970-01-01T00:00:00Z.
    pub const EPOCH: Self = Self(0);

    /// Milliseconds since 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    /// [`TimestampError`] outside the years -9999 to 9999.
    pub fn from_millis(millis: i64) -> Result<Self, TimestampError> {
        Instant::from_millisecond(millis)
            .map(|_| Self(millis))
            .map_err(|error| TimestampError(error.to_string()))
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let instant = Instant::from_millisecond(self.0).map_err(|_| fmt::Error)?;
        write!(f, "{instant:.3}")
    }
}

impl FromStr for Timestamp {
    type Err = TimestampError;
    fn from_str(text: &str) -> Result<Self, TimestampError> {
        let instant: Instant = text
            .parse()
            .map_err(|error: jiff::Error| TimestampError(error.to_string()))?;
        let rounded = instant
            .round(TimeUnit::Millisecond)
            .map_err(|error| TimestampError(error.to_string()))?;
        Ok(Self(rounded.as_millisecond()))
    }
}

impl TryFrom<String> for Timestamp {
    type Error = TimestampError;
    fn try_from(text: String) -> Result<Self, TimestampError> {
        text.parse()
    }
}

impl From<Timestamp> for String {
    fn from(time: Timestamp) -> Self {
        time.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_writes_milliseconds_and_reads_offsets() {
        let time: Timestamp = "2026-11-20T10:30:00.1234+01:00".parse().unwrap();
        assert_eq!(time.to_string(), "2026-11-20T09:30:00.123Z");
        assert_eq!(Timestamp::EPOCH.to_string(), "1970-01-01T00:00:00.000Z");
        assert!("yesterday".parse::<Timestamp>().is_err());
        assert!(Timestamp::from_millis(i64::MAX).is_err());
    }
}
