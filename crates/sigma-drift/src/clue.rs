//! The single figures that evidence of drift is summed from.

use serde::{Deserialize, Serialize};

use crate::anchors::Anchor;

/// One figure, oriented so that more of it means more drift.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Clue {
    /// Share of the turn's content words that the answer leaves out.
    LeftOut,
    /// How little its words are near to those of the turn, word by word.
    Unmatched,
    /// Distance of the content of answer and turn.
    TurnDistance,
    /// How little nearer its content is to this turn than to others.
    TurnContrast,
    /// Distance of its first sentence and the turn.
    OpeningDistance,
    /// Distance of answer and turn as whole texts.
    TextDistance,
    /// How little nearer it is, as a whole text, to this turn than to others.
    TextContrast,
    /// How little better answer and turn fit than answers and turns of the session at large.
    ExchangeContrast,
    /// Distance to the answer before.
    CarryAnswer,
    /// Distance to the turn before.
    CarryTurn,
    /// Share of its words not said just before.
    CarryNew,
    /// Share of the subject's motifs that it leaves out.
    MotifsLeftOut,
    /// Distance to the subject at hand.
    SubjectDistance,
    /// Lists and markdown against the session's own.
    Structure,
    /// Length against the session's own.
    Length,
    /// Sentence building against the session's own.
    Rhythm,
    /// Choice of words against the session's own.
    Register,
    /// Person and address against the session's own.
    Person,
    /// Habits of common words against the session's own.
    CommonWords,
    /// Habits of all words against the session's own.
    AllWords,
    /// Words new to the session.
    Novelty,
    /// Against the voice that the identity asks for, in this answer.
    AskedVoice,
    /// Against it over the last answers.
    AskedVoiceSlow,
    /// Share of it that was said before, to another turn.
    SaidBefore,
    /// Share of the subject's motifs that it leaves out, as far as the turn names no subject of its own.
    MotifsLeftOutLoose,
    /// Distance to the subject at hand, as far as the turn names none of its own.
    SubjectDistanceLoose,
}

impl Clue {
    /// How many there are.
    pub const COUNT: usize = 26;

    /// All of them, in order.
    pub const ALL: [Self; Self::COUNT] = [
        Self::LeftOut,
        Self::Unmatched,
        Self::TurnDistance,
        Self::TurnContrast,
        Self::OpeningDistance,
        Self::TextDistance,
        Self::TextContrast,
        Self::ExchangeContrast,
        Self::CarryAnswer,
        Self::CarryTurn,
        Self::CarryNew,
        Self::MotifsLeftOut,
        Self::SubjectDistance,
        Self::Structure,
        Self::Length,
        Self::Rhythm,
        Self::Register,
        Self::Person,
        Self::CommonWords,
        Self::AllWords,
        Self::Novelty,
        Self::AskedVoice,
        Self::AskedVoiceSlow,
        Self::SaidBefore,
        Self::MotifsLeftOutLoose,
        Self::SubjectDistanceLoose,
    ];

    /// What it is held against.
    #[must_use]
    pub const fn anchor(self) -> Anchor {
        match self {
            Self::LeftOut
            | Self::Unmatched
            | Self::TurnDistance
            | Self::TurnContrast
            | Self::OpeningDistance
            | Self::TextDistance
            | Self::TextContrast
            | Self::ExchangeContrast => Anchor::UserTurn,
            Self::CarryAnswer | Self::CarryTurn | Self::CarryNew => Anchor::Context,
            Self::MotifsLeftOut
            | Self::SubjectDistance
            | Self::MotifsLeftOutLoose
            | Self::SubjectDistanceLoose => Anchor::Attractor,
            Self::AskedVoice | Self::AskedVoiceSlow => Anchor::AskedVoice,
            Self::SaidBefore => Anchor::Earlier,
            _ => Anchor::Voice,
        }
    }

    /// How far it counts, where the turn has so much of a subject of its own (`grip`, `0..=1`): a turn
    /// without one ("shorter, please") binds no words but of the turn `loose` of them, and holds the
    /// answer all the more to the subject at hand.
    #[must_use]
    pub fn counts(self, grip: f64, loose: f64) -> f64 {
        match self {
            Self::MotifsLeftOutLoose | Self::SubjectDistanceLoose => 1.0 - grip,
            _ if self.anchor() == Anchor::UserTurn => loose + (1.0 - loose) * grip,
            _ => 1.0,
        }
    }

    /// Whether it belongs to the subject side (semantic drift) or to the voice side.
    #[must_use]
    pub const fn is_subject(self) -> bool {
        matches!(
            self.anchor(),
            Anchor::UserTurn | Anchor::Context | Anchor::Attractor | Anchor::Earlier
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_without_a_subject_holds_to_the_one_at_hand() {
        let counts = |clue: Clue, grip| clue.counts(grip, 0.1);
        assert_eq!(counts(Clue::LeftOut, 0.0), 0.1);
        assert_eq!(counts(Clue::LeftOut, 1.0), 1.0);
        assert_eq!(counts(Clue::SubjectDistanceLoose, 0.0), 1.0);
        assert_eq!(counts(Clue::SubjectDistanceLoose, 1.0), 0.0);
        assert_eq!(counts(Clue::Structure, 0.0), 1.0);
    }

    #[test]
    fn the_order_is_that_of_the_weights() {
        assert!(
            Clue::ALL
                .iter()
                .enumerate()
                .all(|(at, clue)| *clue as usize == at)
        );
    }
}
