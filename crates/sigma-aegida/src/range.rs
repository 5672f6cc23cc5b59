//! Limits that can only hold a value of their range.

use serde::{Deserialize, Serialize};

/// A limit lay outside the range that the standard leaves for it.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error("{value} is not in {lowest}..={highest}")]
pub struct LimitError {
    /// The rejected value.
    pub value: f64,
    /// The least allowed value.
    pub lowest: f64,
    /// The greatest allowed value.
    pub highest: f64,
}

/// A whole number in `LOWEST..=HIGHEST`.
///
/// ```
/// use sigma_aegida::Whole;
/// assert!(Whole::<8, 12>::new(9).is_ok());
/// assert!(Whole::<8, 12>::new(13).is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct Whole<const LOWEST: u32, const HIGHEST: u32>(u32);

impl<const LOWEST: u32, const HIGHEST: u32> Whole<LOWEST, HIGHEST> {
    /// The least allowed value.
    pub const LOWEST: Self = Self(LOWEST);
    /// The greatest allowed value.
    pub const HIGHEST: Self = Self(HIGHEST);

    /// Accepts `LOWEST..=HIGHEST`.
    ///
    /// # Errors
    /// [`LimitError`] outside the range.
    pub const fn new(value: u32) -> Result<Self, LimitError> {
        if value >= LOWEST && value <= HIGHEST {
            Ok(Self(value))
        } else {
            Err(LimitError {
                value: value as f64,
                lowest: LOWEST as f64,
                highest: HIGHEST as f64,
            })
        }
    }

    /// The plain number.
    pub const fn get(self) -> u32 {
        self.0
    }
}

impl<const LOWEST: u32, const HIGHEST: u32> TryFrom<u32> for Whole<LOWEST, HIGHEST> {
    type Error = LimitError;
    fn try_from(value: u32) -> Result<Self, LimitError> {
        Self::new(value)
    }
}

impl<const LOWEST: u32, const HIGHEST: u32> From<Whole<LOWEST, HIGHEST>> for u32 {
    fn from(value: Whole<LOWEST, HIGHEST>) -> Self {
        value.0
    }
}

/// A finite number between two bounds, which are given in thousandths.
///
/// ```
/// use sigma_aegida::Share;
/// assert!(Share::<450, 600>::new(0.5).is_ok());
/// assert!(Share::<450, 600>::new(0.61).is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Share<const LOWEST: u32, const HIGHEST: u32>(f64);

impl<const LOWEST: u32, const HIGHEST: u32> Share<LOWEST, HIGHEST> {
    /// The least allowed value.
    pub const LOWEST: Self = Self(LOWEST as f64 / 1000.0);
    /// The greatest allowed value.
    pub const HIGHEST: Self = Self(HIGHEST as f64 / 1000.0);

    /// Accepts numbers from the lowest to the highest, ends included.
    ///
    /// # Errors
    /// [`LimitError`] outside the range and for a NaN.
    pub const fn new(value: f64) -> Result<Self, LimitError> {
        if value >= Self::LOWEST.0 && value <= Self::HIGHEST.0 {
            Ok(Self(value))
        } else {
            Err(LimitError {
                value,
                lowest: Self::LOWEST.0,
                highest: Self::HIGHEST.0,
            })
        }
    }

    /// Writes a constant; a value out of range stops the build.
    pub(crate) const fn constant(value: f64) -> Self {
        assert!(value >= Self::LOWEST.0 && value <= Self::HIGHEST.0);
        Self(value)
    }

    /// The plain number.
    pub const fn get(self) -> f64 {
        self.0
    }
}

impl<const LOWEST: u32, const HIGHEST: u32> TryFrom<f64> for Share<LOWEST, HIGHEST> {
    type Error = LimitError;
    fn try_from(value: f64) -> Result<Self, LimitError> {
        Self::new(value)
    }
}

impl<const LOWEST: u32, const HIGHEST: u32> From<Share<LOWEST, HIGHEST>> for f64 {
    fn from(value: Share<LOWEST, HIGHEST>) -> Self {
        value.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_belong_to_a_range_and_a_nan_does_not() {
        type Drift = Share<450, 600>;
        assert_eq!(Drift::LOWEST.get(), 0.45);
        assert!(Drift::new(0.45).is_ok() && Drift::new(0.6).is_ok());
        for bad in [0.449_999, 0.600_001, f64::NAN, f64::INFINITY, -0.5] {
            assert!(Drift::new(bad).is_err(), "{bad}");
        }
        assert!(Whole::<8, 10>::new(8).is_ok() && Whole::<8, 10>::new(10).is_ok());
        assert!(Whole::<8, 10>::new(7).is_err() && Whole::<8, 10>::new(11).is_err());
    }

    #[test]
    fn a_limit_out_of_range_cannot_be_read_from_json() {
        assert!(serde_json::from_str::<Share<350, 400>>("0.41").is_err());
        assert!(serde_json::from_str::<Whole<8, 12>>("7").is_err());
        assert_eq!(
            serde_json::from_str::<Whole<8, 12>>("12").unwrap(),
            Whole::HIGHEST
        );
    }
}
