//! Versions of the protocol (`SRIP-05 §5`).

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A text is not a version, or a version is not spoken here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VersionError {
    /// Not two whole numbers with a point between.
    #[error("a protocol version is written as major.minor, such as \"1.0\"")]
    Malformed,
    /// A major version that is not spoken here (`SRIP-05 §5`).
    #[error("protocol version {got} is not spoken here; {supported} is")]
    UnsupportedMajor {
        /// The version of the peer.
        got: ProtocolVersion,
        /// Ours.
        supported: ProtocolVersion,
    },
}

/// `major.minor`, each at most 65535 and written without leading zeros.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ProtocolVersion {
    /// Differs where two versions do not understand each other.
    pub major: u16,
    /// Differs where one knows more than the other.
    pub minor: u16,
}

impl ProtocolVersion {
    /// The version of the seed.
    pub const V1_0: Self = Self { major: 1, minor: 0 };

    /// Whether a message of this version can be read where `self` is spoken (`SRIP-05 §5`).
    #[must_use]
    pub const fn reads(self, other: Self) -> bool {
        self.major == other.major
    }

    /// Whether `other` may hold fields and words that this version does not know.
    #[must_use]
    pub const fn is_exceeded_by(self, other: Self) -> bool {
        self.major == other.major && other.minor > self.minor
    }

    /// The version to speak with a peer: the lower of two with one major number.
    ///
    /// # Errors
    /// [`VersionError::UnsupportedMajor`].
    pub fn agreed(self, peer: Self) -> Result<Self, VersionError> {
        if self.reads(peer) {
            Ok(self.min(peer))
        } else {
            Err(VersionError::UnsupportedMajor {
                got: peer,
                supported: self,
            })
        }
    }
}

impl fmt::Display for ProtocolVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

impl FromStr for ProtocolVersion {
    type Err = VersionError;
    fn from_str(text: &str) -> Result<Self, VersionError> {
        let number = |text: &str| -> Option<u16> {
            let plain = text.bytes().all(|b| b.is_ascii_digit());
            let short = text == "0" || !text.starts_with('0');
            (plain && short).then(|| text.parse().ok()).flatten()
        };
        let (major, minor) = text.split_once('.').ok_or(VersionError::Malformed)?;
        match (number(major), number(minor)) {
            (Some(major), Some(minor)) => Ok(Self { major, minor }),
            _ => Err(VersionError::Malformed),
        }
    }
}

impl TryFrom<String> for ProtocolVersion {
    type Error = VersionError;
    fn try_from(text: String) -> Result<Self, VersionError> {
        text.parse()
    }
}

impl From<ProtocolVersion> for String {
    fn from(version: ProtocolVersion) -> Self {
        version.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minor_versions_understand_each_other_and_major_ones_do_not() {
        let v = |text: &str| text.parse::<ProtocolVersion>().unwrap();
        assert_eq!(v("1.0").agreed(v("1.7")), Ok(v("1.0")));
        assert_eq!(v("1.7").agreed(v("1.2")), Ok(v("1.2")));
        assert!(matches!(
            v("1.0").agreed(v("2.0")),
            Err(VersionError::UnsupportedMajor { .. })
        ));
        assert!(v("1.0").is_exceeded_by(v("1.1")) && !v("1.1").is_exceeded_by(v("1.1")));
    }

    #[test]
    fn only_one_way_of_writing_is_read() {
        for wrong in [
            "", "1", "1.", ".0", "01.0", "1.00", "1.0.0", "+1.0", "1.-0", "1.65536", " 1.0",
            "1.0 ", "１.0", "v1.0",
        ] {
            assert_eq!(
                wrong.parse::<ProtocolVersion>(),
                Err(VersionError::Malformed),
                "{wrong:?}"
            );
        }
        assert_eq!(
            "1.10".parse::<ProtocolVersion>().unwrap().to_string(),
            "1.10"
        );
    }
}
