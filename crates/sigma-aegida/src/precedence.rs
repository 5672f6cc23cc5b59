//! Whose word counts when layers disagree (`SRIP-06 §8.1`).

use serde::{Deserialize, Serialize};

/// The standing of a layer that commands something, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Precedence {
    /// Evidence and advice, such as the convergence zone (`SRIP-10`).
    Advice,
    /// Drift control (`SRIP-03`).
    DriftControl,
    /// Enforcement of dialogue and of relational identity (`SRIP-12`, `SRIP-13`).
    Enforcement,
    /// Containment (`SRIP-06`).
    Containment,
}

impl Precedence {
    /// The command that counts: of the highest standing, and of those the first.
    ///
    /// ```
    /// use sigma_aegida::Precedence;
    /// let commands = [(Precedence::Enforcement, "rewrite"), (Precedence::Containment, "hold")];
    /// assert_eq!(Precedence::govern(commands), Some((Precedence::Containment, "hold")));
    /// ```
    pub fn govern<T>(commands: impl IntoIterator<Item = (Self, T)>) -> Option<(Self, T)> {
        commands
            .into_iter()
            .reduce(|best, next| if next.0 > best.0 { next } else { best })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn containment_outranks_every_other_layer() {
        use Precedence::{Advice, Containment, DriftControl, Enforcement};
        for other in [Advice, DriftControl, Enforcement] {
            for commands in [
                [(other, 1), (Containment, 2)],
                [(Containment, 2), (other, 1)],
            ] {
                assert_eq!(Precedence::govern(commands), Some((Containment, 2)));
            }
        }
        assert_eq!(
            Precedence::govern([(Advice, 1), (Advice, 2)]),
            Some((Advice, 1))
        );
        assert_eq!(Precedence::govern::<u8>([]), None);
    }
}
