//! Numbers with a range.

use serde::{Deserialize, Serialize};

/// A number was not finite or lay outside its range.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error("{value} is not a finite number in {range}")]
pub struct OutOfRange {
    /// The rejected number.
    pub value: f64,
    /// The range that was asked for, written as an interval.
    pub range: &'static str,
}

/// A finite number in `0..=1`: scores, shares and clamped indices.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Unit(f64);

impl Unit {
    /// The lower end.
    pub const ZERO: Self = Self(0.0);
    /// The upper end.
    pub const ONE: Self = Self(1.0);

    /// Accepts `0.0..=1.0`.
    ///
    /// # Errors
    /// [`OutOfRange`] for a NaN, an infinity or a number outside the range.
    pub fn new(value: f64) -> Result<Self, OutOfRange> {
        if (0.0..=1.0).contains(&value) {
            Ok(Self(value + 0.0))
        } else {
            Err(OutOfRange {
                value,
                range: "0..=1",
            })
        }
    }

    /// Moves `value` into the range. A NaN becomes one, so that a broken measurement of drift never
    /// reads as calm.
    ///
    /// Use [`Unit::new`] wherever the value may come from outside.
    #[must_use]
    pub fn clamped(value: f64) -> Self {
        if value.is_nan() {
            Self::ONE
        } else {
            Self(value.clamp(0.0, 1.0) + 0.0)
        }
    }

    /// The plain number.
    #[must_use]
    pub const fn get(self) -> f64 {
        self.0
    }

    /// `1 - self`.
    #[must_use]
    pub fn complement(self) -> Self {
        Self(1.0 - self.0)
    }
}

impl TryFrom<f64> for Unit {
    type Error = OutOfRange;
    fn try_from(value: f64) -> Result<Self, OutOfRange> {
        Self::new(value)
    }
}

impl From<Unit> for f64 {
    fn from(value: Unit) -> Self {
        value.0
    }
}

/// A finite number that is not negative, such as an unclamped drift index.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct NonNegative(f64);

impl NonNegative {
    /// Zero.
    pub const ZERO: Self = Self(0.0);

    /// Accepts any finite number from zero upwards.
    ///
    /// # Errors
    /// [`OutOfRange`] for a NaN, an infinity or a negative number.
    pub fn new(value: f64) -> Result<Self, OutOfRange> {
        if value.is_finite() && value >= 0.0 {
            Ok(Self(value + 0.0))
        } else {
            Err(OutOfRange {
                value,
                range: "0..",
            })
        }
    }

    /// The plain number.
    #[must_use]
    pub const fn get(self) -> f64 {
        self.0
    }

    /// The value cut off at one.
    #[must_use]
    pub fn to_unit(self) -> Unit {
        Unit::clamped(self.0)
    }
}

impl TryFrom<f64> for NonNegative {
    type Error = OutOfRange;
    fn try_from(value: f64) -> Result<Self, OutOfRange> {
        Self::new(value)
    }
}

impl From<NonNegative> for f64 {
    fn from(value: NonNegative) -> Self {
        value.0
    }
}

impl From<Unit> for NonNegative {
    fn from(value: Unit) -> Self {
        Self(value.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_ends_belong_to_the_range_and_a_nan_does_not() {
        assert!(Unit::new(0.0).is_ok() && Unit::new(1.0).is_ok());
        assert!(Unit::new(f64::NAN).is_err() && Unit::new(1.0 + f64::EPSILON).is_err());
        assert_eq!(Unit::clamped(f64::NAN), Unit::ONE);
        assert!(Unit::new(-0.0).is_ok_and(|u| u.get().is_sign_positive()));
    }

    proptest! {
        #[test]
        fn clamping_always_yields_a_valid_unit(x in any::<f64>()) {
            prop_assert!(Unit::new(Unit::clamped(x).get()).is_ok());
        }

        #[test]
        fn a_unit_survives_json(x in 0.0f64..=1.0) {
            let u = Unit::new(x).unwrap();
            let text = serde_json::to_string(&u).unwrap();
            prop_assert_eq!(serde_json::from_str::<Unit>(&text).unwrap(), u);
        }
    }
}
