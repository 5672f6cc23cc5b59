//! Measurements that may be missing.

use serde::{Deserialize, Serialize};

/// Why a value could not be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Missing {
    /// The first answer has nothing before it to compare with.
    NoPreviousAnswer,
    /// The text holds no words.
    EmptyText,
    /// The embedder gave no vector for the text.
    NoEmbedding,
    /// Fewer cycles than the window asks for.
    WindowTooShort,
    /// There is no attractor to measure against.
    NoAttractor,
    /// No identity or constraint was given to measure against.
    NoAnchor,
    /// The text was too short for the measure to mean anything.
    TooShort,
    /// The measure has no calibration for this embedder.
    NoCalibration,
    /// Nothing of the kind exists in the session yet.
    NothingYet,
}

/// A value, or the reason there is none. Never a stand-in zero.
///
/// In JSON a value stands for itself and a missing one is `{"missing": "<reason>"}`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Measured<T> {
    /// The measurement.
    Value(T),
    /// Why there is none.
    Missing(#[serde(with = "missing_object")] Missing),
}

impl<T> Measured<T> {
    /// The value, if there is one.
    pub fn value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Missing(_) => None,
        }
    }

    /// A reference to the value, if there is one.
    pub fn as_ref(&self) -> Measured<&T> {
        match self {
            Self::Value(value) => Measured::Value(value),
            Self::Missing(why) => Measured::Missing(*why),
        }
    }

    /// Why it is missing, if it is.
    pub fn missing(&self) -> Option<Missing> {
        match self {
            Self::Value(_) => None,
            Self::Missing(why) => Some(*why),
        }
    }

    /// Changes the value and leaves a missing one as it is.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Measured<U> {
        match self {
            Self::Value(value) => Measured::Value(f(value)),
            Self::Missing(why) => Measured::Missing(why),
        }
    }

    /// A value where there is one, otherwise `Missing(why)`.
    pub fn from_option(value: Option<T>, why: Missing) -> Self {
        value.map_or(Self::Missing(why), Self::Value)
    }
}

mod missing_object {
    use super::Missing;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Object {
        missing: Missing,
    }

    // serde hands the field over by reference
    #[allow(clippy::trivially_copy_pass_by_ref)]
    pub(super) fn serialize<S: Serializer>(why: &Missing, s: S) -> Result<S::Ok, S::Error> {
        Object { missing: *why }.serialize(s)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Missing, D::Error> {
        Object::deserialize(d).map(|object| object.missing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Unit;

    #[test]
    fn both_forms_survive_json() {
        for value in [
            Measured::Value(Unit::ONE),
            Measured::Missing(Missing::EmptyText),
        ] {
            let text = serde_json::to_string(&value).unwrap();
            assert_eq!(
                serde_json::from_str::<Measured<Unit>>(&text).unwrap(),
                value
            );
        }
        assert_eq!(
            serde_json::to_string(&Measured::Value(Unit::ZERO)).unwrap(),
            "0.0"
        );
    }
}
