//! Kinds of evidence, and how they are told.

use serde::{Deserialize, Serialize};

use crate::rules::Weights;

/// A kind of evidence that a frame is what a query asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Evidence {
    /// Words shared with the query.
    Lexical,
    /// Closeness of meaning.
    Semantic,
    /// It tells something and does not ask.
    Telling,
    /// The one who is asked about said it.
    Speaker,
    /// It was said, or tells of something, at the time asked about.
    Time,
    /// The query asks when, and it says when.
    Dated,
    /// Motifs shared with the query and the field.
    Motif,
    /// The attractor that is active now was active then.
    Attractor,
    /// It was said in the same lifecycle phase.
    Phase,
    /// The dialogue was dense in symbols then.
    Density,
    /// It is new.
    Recency,
    /// Words of the query in it or around it, each counted where it stands best.
    // in older reports the words before and after stand by themselves
    #[serde(alias = "before", alias = "after")]
    Context,
    /// What was said just before asks, and is close to the query.
    Reply,
}

impl Evidence {
    /// All kinds, in the order in which they are kept.
    pub const ALL: [Self; 13] = [
        Self::Lexical,
        Self::Semantic,
        Self::Telling,
        Self::Speaker,
        Self::Time,
        Self::Dated,
        Self::Motif,
        Self::Attractor,
        Self::Phase,
        Self::Density,
        Self::Recency,
        Self::Context,
        Self::Reply,
    ];
}

/// One share (`0..=1`) for each kind of evidence.
pub(crate) type Shares = [f32; Evidence::ALL.len()];

pub(crate) fn weights(w: &Weights) -> Shares {
    [
        w.lexical,
        w.semantic,
        w.telling,
        w.speaker,
        w.time,
        w.dated,
        w.motif,
        w.attractor,
        w.phase,
        w.density,
        w.recency,
        w.context,
        w.reply,
    ]
    .map(|x| x as f32)
}

/// One reason for an item's score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Reason {
    /// The kind of evidence.
    pub evidence: Evidence,
    /// How strong it is, `0..=1`.
    pub share: f64,
    /// What it adds to the score.
    pub contribution: f64,
    /// The words or motifs behind it, where it has some.
    pub on: Vec<String>,
}

pub(crate) fn reasons(
    shares: &Shares,
    rules: &Weights,
    on: impl Fn(Evidence) -> Vec<String>,
) -> Vec<Reason> {
    let mut all: Vec<Reason> = Evidence::ALL
        .iter()
        .zip(shares.iter().zip(weights(rules)))
        .filter(|(_, (share, weight))| **share * weight != 0.0)
        .map(|(evidence, (share, weight))| Reason {
            evidence: *evidence,
            share: f64::from(*share),
            contribution: f64::from(*share * weight),
            on: on(*evidence),
        })
        .collect();
    all.sort_by(|a, b| b.contribution.total_cmp(&a.contribution));
    all
}
