//! What a word of an identity text ("direct", "formal", "playful") asks of the form of answers.

use serde::{Deserialize, Serialize};
use sigma_text::Style;

use crate::feature::Feature;

/// A trait of voice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TraitKind {
    /// To the point, in running words.
    Direct,
    /// Few words.
    Concise,
    /// Many words.
    Detailed,
    /// No contractions, no exclamations.
    Formal,
    /// Contractions are welcome.
    Casual,
    /// Courteous.
    Polite,
    /// Turned to the user.
    Warm,
    /// Not solemn.
    Playful,
    /// Images rather than lists.
    Poetic,
    /// Exact; structure is welcome.
    Technical,
    /// No exclamations.
    Calm,
    /// Exclamations are welcome.
    Enthusiastic,
    /// No hedging.
    Confident,
    /// Short words and sentences.
    Plain,
    /// Asks back.
    Socratic,
}

/// On which side of a bound a feature should stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// At or under it.
    Under,
    /// At or over it.
    Over,
}

/// What a trait expects of a feature.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Expectation {
    /// The feature.
    pub feature: Feature,
    /// Which side of the bound is asked for.
    pub side: Side,
    /// The bound, as the feature is read.
    pub bound: f64,
    /// The distance from the bound that counts as wholly against it.
    pub scale: f64,
    /// How much the trait has to say about the feature, `0..=1`.
    pub weight: f64,
}

impl Expectation {
    /// How far a style goes against it, `0..=weight`.
    #[must_use]
    pub fn against(&self, style: &Style) -> f64 {
        let value = self.feature.raw(style);
        let over = match self.side {
            Side::Under => value - self.bound,
            Side::Over => self.bound - value,
        };
        (over / self.scale).clamp(0.0, 1.0) * self.weight
    }
}

const fn under(feature: Feature, bound: f64, scale: f64, weight: f64) -> Expectation {
    Expectation {
        feature,
        side: Side::Under,
        bound,
        scale,
        weight,
    }
}

const fn over(feature: Feature, bound: f64, scale: f64, weight: f64) -> Expectation {
    Expectation {
        feature,
        side: Side::Over,
        bound,
        scale,
        weight,
    }
}

impl TraitKind {
    /// What it expects.
    #[must_use]
    pub const fn expectations(self) -> &'static [Expectation] {
        use Feature::{
            Contractions, Exclamations, FunctionWords, Hedges, Length, ListShare, Markdown,
            Questions, SentenceLength, WordLength,
        };
        match self {
            Self::Direct => {
                &const {
                    [
                        under(ListShare, 0.15, 0.35, 1.0),
                        under(Markdown, 0.2, 0.6, 0.5),
                        under(Hedges, 0.03, 0.05, 0.5),
                        under(Length, 180.0, 200.0, 0.6),
                    ]
                }
            }
            Self::Concise => {
                &const {
                    [
                        under(Length, 90.0, 110.0, 1.0),
                        under(ListShare, 0.25, 0.5, 0.4),
                        under(SentenceLength, 28.0, 20.0, 0.3),
                    ]
                }
            }
            Self::Detailed => &const { [over(Length, 60.0, 50.0, 0.7)] },
            Self::Formal => {
                &const {
                    [
                        under(Contractions, 0.02, 0.05, 0.6),
                        under(Exclamations, 0.1, 0.4, 0.7),
                    ]
                }
            }
            Self::Casual => {
                &const {
                    [
                        over(Contractions, 0.005, 0.02, 0.4),
                        under(WordLength, 5.2, 1.0, 0.4),
                    ]
                }
            }
            Self::Polite => &const { [under(Exclamations, 0.4, 0.6, 0.3)] },
            Self::Warm => &const { [under(ListShare, 0.4, 0.5, 0.4)] },
            Self::Playful => {
                &const {
                    [
                        under(ListShare, 0.3, 0.5, 0.4),
                        under(WordLength, 5.3, 1.0, 0.3),
                    ]
                }
            }
            Self::Poetic => {
                &const {
                    [
                        under(ListShare, 0.05, 0.3, 1.0),
                        under(Markdown, 0.3, 0.6, 0.5),
                    ]
                }
            }
            Self::Technical => &const { [under(Exclamations, 0.2, 0.5, 0.4)] },
            Self::Calm => &const { [under(Exclamations, 0.1, 0.4, 0.8)] },
            Self::Enthusiastic => &const { [over(Exclamations, 0.05, 0.1, 0.5)] },
            Self::Confident => &const { [under(Hedges, 0.02, 0.04, 0.8)] },
            Self::Plain => {
                &const {
                    [
                        under(SentenceLength, 22.0, 14.0, 0.7),
                        under(WordLength, 4.9, 0.8, 0.7),
                        over(FunctionWords, 0.38, 0.1, 0.3),
                    ]
                }
            }
            Self::Socratic => &const { [over(Questions, 0.05, 0.1, 0.7)] },
        }
    }

    /// The trait that a folded word names.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Some(match word {
            "direct" | "directly" | "straightforward" | "blunt" | "bluntly" | "frank"
            | "frankly" | "candid" | "to-the-point" | "matter-of-fact" | "no-nonsense" => {
                Self::Direct
            }
            "concise" | "concisely" | "brief" | "briefly" | "short" | "terse" | "succinct"
            | "succinctly" | "laconic" | "crisp" | "compact" => Self::Concise,
            "detailed" | "thorough" | "thoroughly" | "comprehensive" | "exhaustive"
            | "elaborate" | "in-depth" => Self::Detailed,
            "formal" | "formally" | "professional" | "professionally" | "dignified"
            | "ceremonious" | "butler" | "proper" => Self::Formal,
            "casual" | "casually" | "informal" | "relaxed" | "laid-back" | "chatty"
            | "conversational" | "colloquial" => Self::Casual,
            "polite" | "politely" | "courteous" | "courteously" | "respectful" | "respectfully"
            | "gracious" => Self::Polite,
            "warm" | "warmly" | "friendly" | "kind" | "kindly" | "empathetic" | "caring"
            | "gentle" | "supportive" | "compassionate" => Self::Warm,
            "playful" | "witty" | "humorous" | "funny" | "ironic" | "sarcastic" | "cheeky"
            | "whimsical" => Self::Playful,
            "poetic" | "metaphorical" | "lyrical" | "literary" | "reflective" | "contemplative"
            | "philosophical" | "mystical" => Self::Poetic,
            "technical" | "precise" | "precisely" | "analytical" | "rigorous" | "exact"
            | "scientific" | "clinical" => Self::Technical,
            "calm" | "calmly" | "composed" | "measured" | "serene" | "patient" | "stoic" => {
                Self::Calm
            }
            "enthusiastic" | "energetic" | "upbeat" | "excited" | "cheerful" => Self::Enthusiastic,
            "confident" | "confidently" | "assertive" | "decisive" | "authoritative" => {
                Self::Confident
            }
            "plain" | "plainly" | "simple" | "simply" | "accessible" | "clear-spoken" => {
                Self::Plain
            }
            "socratic" | "inquisitive" | "curious" | "questioning" => Self::Socratic,
            _ => return None,
        })
    }
}
